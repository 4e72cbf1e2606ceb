// SPDX-License-Identifier: Apache-2.0

package graph_test

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
)

// errNoOpinion says that the slow reader does not know what should come out.
var errNoOpinion = errors.New("no opinion")

// lineError is the line at which the slow reader found a fault, 0 for the
// whole text.
type lineError int

func (l lineError) Error() string { return "line " + strconv.Itoa(int(l)) }

// readSlowly reads an edge list the plain way: line by line with encoding/csv,
// into a Builder.
func readSlowly(text string, isolated bool) (*graph.Digraph, error) {
	if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
		return nil, lineError(1)
	}
	text = strings.TrimPrefix(text, "\uFEFF")
	var b graph.Builder
	var sep rune
	fields := 0
	from, to, weight := 0, 1, 2
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		if bare := strings.TrimLeft(line, " \t"); bare == "" || bare[0] == '#' {
			continue
		}
		first := sep == 0
		if first {
			sep = slowSeparator(line)
		}
		f, err := slowFields(line, sep)
		if errors.Is(err, errNoOpinion) {
			return nil, err
		}
		if err != nil {
			return nil, lineError(i + 1)
		}
		if first {
			fields = len(f)
			if at, ok := slowHeader(f); ok {
				from, to, weight = at[0], at[1], at[2]
				continue
			}
			switch {
			case fields == 2:
				weight = -1
			case fields == 1 && isolated:
				fields = 3
			case fields != 3:
				return nil, lineError(i + 1)
			}
		}
		if isolated {
			if len(f) == 1 && from < fields {
				f = append(slices.Repeat([]string{""}, from), f[0])
				f = append(f, slices.Repeat([]string{""}, fields-len(f))...)
			}
			if len(f) == fields && f[to] == "" && (weight < 0 || f[weight] == "") {
				if strings.ContainsAny(f[from], "\r\x00") || b.AddNode(f[from]) != nil {
					return nil, lineError(i + 1)
				}
				continue
			}
		}
		if len(f) != fields || strings.ContainsAny(f[from]+f[to], "\r\x00") {
			return nil, lineError(i + 1)
		}
		w := 1.0
		if weight >= 0 {
			if strings.ContainsFunc(f[weight], func(r rune) bool { return !strings.ContainsRune("0123456789+-.eE", r) }) {
				return nil, lineError(i + 1)
			}
			if w, err = strconv.ParseFloat(f[weight], 64); err != nil {
				return nil, lineError(i + 1)
			}
		}
		if b.AddEdge(f[from], f[to], w) != nil {
			return nil, lineError(i + 1)
		}
	}
	if sep == 0 {
		return nil, lineError(0)
	}
	return b.Build(), nil
}

func slowSeparator(line string) rune {
	outside := ""
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 0 {
			outside += part
		}
	}
	for _, sep := range "\t;," {
		if strings.ContainsRune(outside, sep) {
			return sep
		}
	}
	return ' '
}

func slowHeader(f []string) (at [3]int, ok bool) {
	at = [3]int{-1, -1, -1}
	for i, name := range f {
		k := -1
		switch strings.ToLower(name) {
		case "from", "source", "src", "origin", "tail":
			k = 0
		case "to", "target", "dst", "destination", "head":
			k = 1
		case "weight", "w", "count", "flow", "value":
			k = 2
		}
		if k < 0 || at[k] >= 0 {
			return at, false
		}
		at[k] = i
	}
	return at, at[0] >= 0 && at[1] >= 0
}

func slowFields(line string, sep rune) ([]string, error) {
	quotes := strings.Contains(line, `"`)
	if sep == ' ' && !quotes {
		f := strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == '\t' })
		for i := range f {
			f[i] = strings.TrimSpace(f[i])
		}
		return f, nil
	}
	odd := func(r rune) bool { return r != ' ' && r != '\t' && unicode.IsSpace(r) }
	if quotes && (sep == ' ' || sep == '\t' && strings.Contains(line, ` "`) || strings.ContainsFunc(line, odd)) || strings.HasSuffix(line, "\r") || !utf8.ValidString(line) && quotes {
		return nil, errNoOpinion
	}
	r := csv.NewReader(strings.NewReader(line))
	r.Comma = sep
	r.TrimLeadingSpace = sep != '\t'
	f, err := r.Read()
	if err != nil {
		return nil, err
	}
	for i := range f {
		if _, col := r.FieldPos(i); col > len(line) || line[col-1] != '"' {
			f[i] = strings.TrimSpace(f[i])
		}
	}
	if _, err := r.Read(); !errors.Is(err, io.EOF) {
		return nil, errNoOpinion
	}
	return f, nil
}

func FuzzReadEdges(f *testing.F) {
	for _, s := range []string{
		"", "a b", "a\tb\t1\nb\tb\t2.5\n", "from,to,weight\r\nA,B,1\r\n", "count;to;from\n3;b;a\n",
		"# c\n\n\"x \"\"y\"\"\",z,1e3\n", "a,b,0\n", "1 2 3\n10 2 0.1\n1 2 0.2\n01 2 123456789012345678\n",
		"\uFEFFé,ü,1\n", "longer than eight,twelvetwelve,1\nlonger than eight,12345678,2\n", "a,b\n\"a,b\n", "a\nb\tc\t1\n",
		"a,b,1\nc,,\nd\n", "\xff\xfea\x00", "a,\xff,1\n", "a,b,.\n", "a,b,1.\n", "a,b,00000000000000000001\n", "0 0 9007199254740993\n",
		"a b 0.1000000000000000055511151231257827\n", "#x,y\n\"#x\",y\n", "a\tb\t1 \r\n\t\t\n", "12345678\t99999999\t4\n",
	} {
		f.Add(s, false, uint8(1), uint8(8))
		f.Add(s, true, uint8(3), uint8(1))
	}
	f.Fuzz(func(t *testing.T, text string, isolated bool, workers, size uint8) {
		c := graph.EdgeListConfig{Isolated: isolated, Workers: int(workers%4) + 1}
		got, err := graph.ReadEdgesInBlocks(context.Background(), strings.NewReader(text), c, int(size)+1)
		var e *graph.InputError
		if err != nil {
			require.ErrorAs(t, err, &e)
		} else {
			assertSound(t, got)
		}
		want, slowErr := readSlowly(text, isolated)
		if errors.Is(slowErr, errNoOpinion) {
			return
		}
		if slowErr != nil {
			var line lineError
			require.ErrorAs(t, slowErr, &line)
			require.Error(t, err)
			require.Equal(t, int(line), e.Line, err)
			return
		}
		require.NoError(t, err)
		require.Equal(t, describe(want), describe(got))
		for x := range got.Edges() {
			require.False(t, math.IsNaN(x.Weight))
		}
	})
}
