// SPDX-License-Identifier: Apache-2.0

package graph_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
)

func read(text string, c graph.EdgeListConfig) (*graph.Digraph, error) {
	return graph.ReadEdges(context.Background(), strings.NewReader(text), c)
}

func TestReadEdges(t *testing.T) {
	ab := graphtest.Build([]graphtest.Edge{{From: "A", To: "B", Weight: 2}, {From: "B", To: "B", Weight: 0.5}})
	ones := graphtest.Build([]graphtest.Edge{{From: "A", To: "B", Weight: 1}, {From: "B", To: "B", Weight: 1}})
	tests := []struct {
		name string
		text string
		c    graph.EdgeListConfig
		want *graph.Digraph
	}{
		{name: "tabs", text: "A\tB\t2\nB\tB\t0.5\n", want: ab},
		{name: "no line end at the end", text: "A\tB\t2\nB\tB\t.5", want: ab},
		{name: "CRLF", text: "A\tB\t2\r\nB\tB\t5e-1\r\n", want: ab},
		{name: "byte order mark", text: "\uFEFFA,B,2\nB,B,0.5\n", want: ab},
		{name: "semicolons", text: "A;B;2\nB;B;0.5\n", want: ab},
		{name: "spaces", text: "  A   B  2  \nB B 0.5\n", want: ab},
		{name: "spaces and tabs", text: "  A   B \t2  \nB\tB 0.5\n", c: graph.EdgeListConfig{Comma: ' '}, want: ab},
		{name: "white space around fields", text: "A , B , 2\n B,B,0.5\u00a0\n", want: ab},
		{name: "blank lines and comments", text: "# flows\n\n  \nA,B,2\n # and\nB,B,0.5\n\n", want: ab},
		{name: "header", text: "from,to,weight\nA,B,2\nB,B,0.5\n", want: ab},
		{name: "header in another order", text: "Count;Destination;Origin\n2;B;A\n0.5;B;B\n", want: ab},
		{name: "header only", text: "source\ttarget\n", want: graphtest.Build(nil)},
		{name: "no weights", text: "A B\nB B\n", want: ones},
		{name: "no weights, header", text: "src\tdst\nA\tB\nB\tB\n", want: ones},
		{name: "quotes", text: "\"A\",\"B\",\"2\"\n\"B\", \"B\",0.5\n", want: ab},
		{name: "repeats add up", text: "A,B,0.5\nB,B,0.5\nA,B,1.5\n", want: ab},
		{name: "plus sign and zeros", text: "A,B,+2\nB,B,00000000000000000000.5\n", want: ab},
		{
			name: "columns by name", text: "year,a,b,amount\n2020,A,B,2\n2021,B,B,0.5\n",
			c: graph.EdgeListConfig{From: "a", To: "b", Weight: "amount"}, want: ab,
		},
		{
			name: "names taken as keys", text: "from,to\n", c: graph.EdgeListConfig{Header: graph.HeaderAbsent},
			want: graphtest.Build([]graphtest.Edge{{From: "from", To: "to", Weight: 1}}),
		},
		{
			name: "names but a number", text: "from,to,1\n",
			want: graphtest.Build([]graphtest.Edge{{From: "from", To: "to", Weight: 1}}),
		},
		{
			name: "isolated nodes", text: "A,B,2\nC,,\nB,B,0.5\nD\n", c: graph.EdgeListConfig{Isolated: true},
			want: graphtest.Build([]graphtest.Edge{{From: "A", To: "B", Weight: 2}, {From: "B", To: "B", Weight: 0.5}}, "C", "D"),
		},
		{
			name: "odd keys", text: "\"a\"\"b\",\"#x, y\",1\n\" z \",Fryslân,2\nlonger than eight bytes,é,3\n",
			want: graphtest.Build([]graphtest.Edge{
				{From: `a"b`, To: "#x, y", Weight: 1},
				{From: " z ", To: "Fryslân", Weight: 2},
				{From: "longer than eight bytes", To: "é", Weight: 3},
			}),
		},
		{
			name: "numbers are texts", text: "7,07,1\n007,7.0,2\n0,00,3\n12345678,123456789,4\n",
			want: graphtest.Build([]graphtest.Edge{
				{From: "7", To: "07", Weight: 1},
				{From: "007", To: "7.0", Weight: 2},
				{From: "0", To: "00", Weight: 3},
				{From: "12345678", To: "123456789", Weight: 4},
			}),
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for workers := range 4 {
				tt.c.Workers = workers
				g, err := read(tt.text, tt.c)
				require.NoError(t, err)
				assert.Equal(t, describe(tt.want), describe(g))
				g, err = graph.ReadEdges(t.Context(), iotest.OneByteReader(strings.NewReader(tt.text)), tt.c)
				require.NoError(t, err)
				assert.Equal(t, describe(tt.want), describe(g))
			}
		})
	}
}

func TestReadEdgesRefuses(t *testing.T) {
	const number = "a number above 0, written like 12 or 0.5"
	const above = "a number above 0; leave out what does not flow"
	tests := []struct {
		name string
		text string
		c    graph.EdgeListConfig
		want graph.InputError
	}{
		{name: "empty", text: "", want: graph.InputError{Want: "lines of source, target and weight, but there are none"}},
		{name: "comments only", text: "# a\n\n#b", want: graph.InputError{Want: "lines of source, target and weight, but there are none"}},
		{name: "one field", text: "A\n", want: graph.InputError{Line: 1, Want: "2 or 3 fields (source, target and weight), found 1"}},
		{name: "four fields", text: "A,B,1,2\n", want: graph.InputError{Line: 1, Want: "2 or 3 fields (source, target and weight), found 4"}},
		{name: "too few fields", text: "A,B,1\nA,B\n", want: graph.InputError{Line: 2, Want: "3 fields, found 2"}},
		{name: "too many fields", text: "A,B\nA,B,1\n", want: graph.InputError{Line: 2, Want: "2 fields, found 3"}},
		{name: "empty source", text: "A,B,1\n,B,1\n", want: graph.InputError{Line: 2, Column: 1, Field: "from", Want: "a key that is not empty"}},
		{name: "empty target", text: "A,B,1\nA,,1\n", want: graph.InputError{Line: 2, Column: 3, Field: "to", Want: "a key that is not empty"}},
		{name: "no node rows", text: "A,B,1\nC,,\n", want: graph.InputError{Line: 2, Column: 3, Field: "to", Want: "a key that is not empty"}},
		{name: "empty weight", text: "A,B,1\nA,B,\n", want: graph.InputError{Line: 2, Column: 5, Field: "weight", Want: number}},
		{name: "zero weight", text: "A,B,1\nA,B,0\n", want: graph.InputError{Line: 2, Column: 5, Field: "weight", Value: "0", Want: above}},
		{name: "rounds to zero", text: "A,B,1e-400\n", want: graph.InputError{Line: 1, Column: 5, Field: "weight", Value: "1e-400", Want: above}},
		{name: "negative weight", text: "A,B,-1\n", want: graph.InputError{Line: 1, Column: 5, Field: "weight", Value: "-1", Want: above}},
		{name: "NaN", text: "A,B,NaN\n", want: graph.InputError{Line: 1, Column: 5, Field: "weight", Value: "NaN", Want: number}},
		{name: "infinite", text: "A,B,Inf\n", want: graph.InputError{Line: 1, Column: 5, Field: "weight", Value: "Inf", Want: number}},
		{name: "hexadecimal", text: "A,B,0x10\n", want: graph.InputError{Line: 1, Column: 5, Field: "weight", Value: "0x10", Want: number}},
		{name: "decimal comma", text: "A;B;1,5\n", want: graph.InputError{Line: 1, Column: 5, Field: "weight", Value: "1,5", Want: number}},
		{name: "two points", text: "A;B;1.5.2\n", want: graph.InputError{Line: 1, Column: 5, Field: "weight", Value: "1.5.2", Want: number}},
		{name: "too large", text: "A;B;1e300\n", want: graph.InputError{Line: 1, Column: 5, Field: "weight", Value: "1e300", Want: "a weight of at most 2^960"}},
		{name: "out of range", text: "A;B;1e400\n", want: graph.InputError{Line: 1, Column: 5, Field: "weight", Value: "1e400", Want: "a weight of at most 2^960"}},
		{name: "header in data", text: "A,B,1\nfrom,to,weight\n", want: graph.InputError{Line: 2, Column: 9, Field: "weight", Value: "weight", Want: number}},
		{name: "Windows-1252", text: "A,B,1\nA,Frysl\xe2n,1\n", want: graph.InputError{Line: 2, Column: 3, Field: "to", Value: "Frysl\uFFFDn", Want: "UTF-8 text; if the file is in another encoding, convert it"}},
		{name: "UTF-16", text: "\xff\xfeA\x00", want: graph.InputError{Line: 1, Want: "UTF-8 text, but it starts like UTF-16: save it as UTF-8"}},
		{name: "zero byte", text: "A,B,1\nA,\x00,1\n", want: graph.InputError{Line: 2, Column: 3, Field: "to", Value: "\x00", Want: "text, but there is a zero byte"}},
		{name: "carriage return inside", text: "A,B\rC,1\n", want: graph.InputError{Line: 1, Column: 3, Field: "to", Value: "B\rC", Want: "lines that end in LF or CRLF"}},
		{name: "open quote", text: "A,B,1\nA,\"B,1\nC,D,1\n", want: graph.InputError{Line: 2, Column: 3, Value: "\"B,1", Want: "a closing quote on the same line"}},
		{name: "bare quote", text: "A,B\"C,1\n", want: graph.InputError{Line: 1, Column: 3, Value: "B\"C", Want: "a field with quotes to be quoted whole, and each quote in it doubled"}},
		{name: "text after quote", text: "A,\"B\"C,1\n", want: graph.InputError{Line: 1, Column: 3, Value: "B", Want: "the end of the field after its closing quote"}},
		{
			name: "no such header", text: "a,b,c\n", c: graph.EdgeListConfig{Header: graph.HeaderRequired},
			want: graph.InputError{Line: 1, Column: 1, Value: "a", Want: "the name of a column: one of from, source, src, origin, tail, one of to, target, dst, destination, head, and perhaps one of weight, w, count, flow, value"},
		},
		{
			name: "column missing", text: "a,b,c\n", c: graph.EdgeListConfig{From: "a", To: "x"},
			want: graph.InputError{Line: 1, Want: "a header with the column x"},
		},
		{
			name: "column twice", text: "from,to,source\n", c: graph.EdgeListConfig{Header: graph.HeaderRequired},
			want: graph.InputError{Line: 1, Column: 9, Value: "source", Want: "one column for the source"},
		},
		{name: "lines", text: "A,B,1\nA,B,1\nA,B,1\n", c: graph.EdgeListConfig{MaxLines: 2}, want: graph.InputError{Line: 3, Want: "at most 2 lines; raise MaxLines if this is meant"}},
		{name: "bytes", text: "A,B,1\nA,B,1\nA,B,1\n", c: graph.EdgeListConfig{MaxBytes: 12}, want: graph.InputError{Want: "at most 12 bytes; raise MaxBytes if this is meant"}},
		{name: "long line", text: "A,B,1\n" + strings.Repeat("x", 3<<20), want: graph.InputError{Line: 2, Want: "lines of at most 1048576 bytes"}},
		{name: "long line that ends", text: "A,B,1\n" + strings.Repeat("x", 1<<20) + ",B,1\n", want: graph.InputError{Line: 2, Want: "lines of at most 1048576 bytes"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for workers := range 3 {
				tt.c.File, tt.want.File = "x.csv", "x.csv"
				tt.c.Workers = workers
				_, err := read(tt.text, tt.c)
				var e *graph.InputError
				require.ErrorAs(t, err, &e)
				assert.Equal(t, tt.want, *e)
			}
		})
	}
	_, err := read("A,B,x\n", graph.EdgeListConfig{File: "x.csv"})
	assert.EqualError(t, err, `x.csv:1:5: weight "x": expected a number above 0, written like 12 or 0.5`)
}

func TestEdgeListConfig(t *testing.T) {
	for _, c := range []graph.EdgeListConfig{
		{Comma: '|'}, {Comma: '\n'}, {Header: 9}, {From: "a"}, {To: "a"}, {From: "a", To: "a"}, {From: "a", To: "b\n"},
		{From: "a", To: "b", Header: graph.HeaderAbsent}, {MaxLines: -1}, {MaxBytes: -1}, {Workers: -1}, {MaxLines: 1 << 40},
	} {
		_, err := read("a,b\n", c)
		require.Error(t, err)
		require.Error(t, graph.WriteEdges(io.Discard, graphtest.Example(), c))
	}
}

// TestFirstError has errors in many places and wants the first, whatever the
// number of workers.
func TestFirstError(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, "n%d,m%d,1\n", i, i)
		if i >= 700 && i%9 == 0 {
			b.WriteString("bad,line\n")
		}
	}
	for _, workers := range []int{1, 2, 7} {
		for _, size := range []int{16, 1000, 1 << 20} {
			_, err := graph.ReadEdgesInBlocks(t.Context(), strings.NewReader(b.String()), graph.EdgeListConfig{Workers: workers}, size)
			var e *graph.InputError
			require.ErrorAs(t, err, &e)
			assert.Equal(t, 704, e.Line, "702 is the first multiple of 9 from 700")
		}
	}
}

// endless repeats a text for ever.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.text[e.at]
		e.at = (e.at + 1) % len(e.text)
	}
	return len(p), nil
}

func TestHostileStreams(t *testing.T) {
	limits := graph.EdgeListConfig{MaxLines: 100000, MaxBytes: 10 << 20}
	for name, text := range map[string]string{
		"edges": "a b\n", "blank lines": "\n", "comments": "# x\n", "no line end": "x", "zero bytes": "\x00", "quotes": "\"",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := graph.ReadEdges(t.Context(), &endless{text: text}, limits)
			var e *graph.InputError
			require.ErrorAs(t, err, &e)
		})
	}
	t.Run("reader without progress", func(t *testing.T) {
		_, err := graph.ReadEdges(t.Context(), readerFunc(func([]byte) (int, error) { return 0, nil }), limits)
		require.ErrorIs(t, err, io.ErrNoProgress)
	})
	t.Run("reader that lies", func(t *testing.T) {
		_, err := graph.ReadEdges(t.Context(), readerFunc(func(p []byte) (int, error) { return len(p) + 1, nil }), limits)
		require.Error(t, err)
	})
	t.Run("reader that fails", func(t *testing.T) {
		broken := errors.New("broken")
		_, err := graph.ReadEdges(t.Context(), io.MultiReader(strings.NewReader("a b\n"), iotest.ErrReader(broken)), limits)
		require.ErrorIs(t, err, broken)
	})
	t.Run("canceled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		r := readerFunc(func(p []byte) (int, error) {
			if n++; n == 5 {
				cancel()
			}
			return (&endless{text: "a b\n"}).Read(p)
		})
		_, err := graph.ReadEdges(ctx, r, graph.EdgeListConfig{})
		require.ErrorIs(t, err, context.Canceled)
	})
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// TestReadEdgesLarge reads more than one block and worker, shuffled.
func TestReadEdgesLarge(t *testing.T) {
	edges := graphtest.RandomEdges(3, 20000, 4)
	for i := range edges {
		edges[i].Weight += float64(i%7) / 10
	}
	n := 20000
	seen := map[string]bool{}
	for _, e := range edges {
		seen[e.From], seen[e.To] = true, true
	}
	want := describe(graphtest.Build(edges))
	r := rand.New(rand.NewPCG(1, 2))
	for _, workers := range []int{1, 2, 5} {
		r.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
		var b bytes.Buffer
		for _, e := range edges {
			b.WriteString(e.From + "\t" + e.To + "\t" + strconv.FormatFloat(e.Weight, 'g', -1, 64) + "\n")
		}
		require.Greater(t, b.Len(), n)
		g, err := graph.ReadEdges(t.Context(), &b, graph.EdgeListConfig{Workers: workers})
		require.NoError(t, err)
		require.True(t, want == describe(g), "workers %d", workers)
		require.Equal(t, len(seen), g.Len())
	}
}

// TestDecimalKeys has numbers as keys, dense, sparse and beyond what is looked
// up directly.
func TestDecimalKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	var b graph.Builder
	var text strings.Builder
	for i := range 30000 {
		u, v := r.IntN(5000), r.IntN(1<<(4+i%30))
		require.NoError(t, b.AddEdge(strconv.Itoa(u), strconv.Itoa(v), 1))
		fmt.Fprintf(&text, "%d %d\n", u, v)
	}
	for _, workers := range []int{1, 3} {
		g, err := read(text.String(), graph.EdgeListConfig{Workers: workers})
		require.NoError(t, err)
		require.True(t, describe(b.Build()) == describe(g))
	}
}

func TestWriteEdges(t *testing.T) {
	g := graphtest.Build([]graphtest.Edge{{From: "A", To: "B b", Weight: 2}, {From: `#"`, To: "A", Weight: 1e-9}}, "C")
	var b strings.Builder
	err := graph.WriteEdges(&b, g, graph.EdgeListConfig{})
	require.ErrorIs(t, err, graph.ErrKey)
	require.ErrorContains(t, err, `"C"`)
	b.Reset()
	require.NoError(t, graph.WriteEdges(&b, g, graph.EdgeListConfig{Isolated: true}))
	assert.Equal(t, "from\tto\tweight\n\"#\"\"\"\tA\t1e-09\nA\tB b\t2\nC\t\t\n", b.String())
	for _, key := range []string{"a\nb", "a\rb", "a\x00b"} {
		g := graphtest.Build(nil, key)
		require.ErrorIs(t, graph.WriteEdges(io.Discard, g, graph.EdgeListConfig{Isolated: true}), graph.ErrKey)
	}
	require.Error(t, graph.WriteEdges(failing{}, graphtest.Example(), graph.EdgeListConfig{}))
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }

// TestEdgeListRoundTrip writes graphs with any keys and reads them back.
func TestEdgeListRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := graph.EdgeListConfig{
			Comma:    rapid.SampledFrom([]rune{0, '\t', ',', ';', ' '}).Draw(t, "comma"),
			Header:   rapid.SampledFrom([]graph.Header{graph.HeaderDetect, graph.HeaderAbsent, graph.HeaderRequired}).Draw(t, "header"),
			Isolated: true,
			Workers:  rapid.IntRange(0, 3).Draw(t, "workers"),
		}
		key := rapid.OneOf(rapid.StringMatching(`[^\r\n\x00]{1,12}`), rapid.StringMatching(`[ "#,;a\t]{1,4}`), rapid.StringMatching(`[0-9]{1,10}`))
		keys := rapid.SliceOfN(key, 1, 12).Draw(t, "keys")
		var b graph.Builder
		for i, k := range keys {
			require.NoError(t, b.AddNode(k))
			if i%3 == 0 {
				w := rapid.Float64Range(0, graph.MaxWeight).Filter(func(w float64) bool { return w > 0 }).Draw(t, "weight")
				require.NoError(t, b.AddEdge(k, keys[i/2], w))
			}
		}
		g := b.Build()
		if c.Header == graph.HeaderAbsent && c.Comma == 0 {
			c.Comma = '\t'
		}
		var text bytes.Buffer
		require.NoError(t, graph.WriteEdges(&text, g, c))
		back, err := graph.ReadEdgesInBlocks(context.Background(), bytes.NewReader(text.Bytes()), c, 16)
		require.NoError(t, err, text.String())
		require.Equal(t, describe(g), describe(back), text.String())
	})
}

// TestReadEdgesKeys mixes keys that the reader numbers in different ways:
// decimal numbers that are small, sparse or too large, and text that looks like
// one.
func TestReadEdgesKeys(t *testing.T) {
	keys := []string{
		"0", "1", "9", "10", "19", "00", "01", "100", "1000", "999999", "1048575", "1048576", "4194303", "4194304",
		"9999999", "99999999", "100000000", "12345678901234567890", "a", "1a", "a1", "-1", "+1", "1.0", "x\u00e9", "a longer key", "\x7f", "'",
	}
	rapid.Check(t, func(t *rapid.T) {
		var b graph.Builder
		var text strings.Builder
		for range rapid.IntRange(1, 60).Draw(t, "edges") {
			from, to := rapid.SampledFrom(keys).Draw(t, "from"), rapid.SampledFrom(keys).Draw(t, "to")
			w := rapid.IntRange(1, 1000).Draw(t, "weight")
			require.NoError(t, b.AddEdge(from, to, float64(w)))
			fmt.Fprintf(&text, "%s\t%s\t%d\n", from, to, w)
		}
		want := describe(b.Build())
		c := graph.EdgeListConfig{Header: graph.HeaderAbsent, Comma: '\t', Workers: rapid.IntRange(1, 3).Draw(t, "workers")}
		got, err := graph.ReadEdgesInBlocks(t.Context(), strings.NewReader(text.String()), c, rapid.SampledFrom([]int{1, 16, 64, 1 << 16}).Draw(t, "block"))
		require.NoError(t, err)
		require.Equal(t, want, describe(got))
	})
}

// TestReadEdgesManyKeys has so many numbers that sparse ones among them get a
// number of their own late, after others have been looked up by hash.
func TestReadEdgesManyKeys(t *testing.T) {
	var b graph.Builder
	var text strings.Builder
	for i := range 9000 {
		from, to := strconv.Itoa(i), strconv.Itoa((i*2654435761)%3000000)
		require.NoError(t, b.AddEdge(from, to, 1))
		require.NoError(t, b.AddEdge(to, from, 2))
		fmt.Fprintf(&text, "%s %s 1\n%s %s 2\n", from, to, to, from)
	}
	for _, workers := range []int{1, 2, 8} {
		got, err := graph.ReadEdgesInBlocks(t.Context(), strings.NewReader(text.String()), graph.EdgeListConfig{Workers: workers}, 4096)
		require.NoError(t, err)
		require.Equal(t, describe(b.Build()), describe(got))
	}
}

func BenchmarkReadEdges(b *testing.B) {
	for _, n := range []int{100, 1000, 10000, 100000} { // the last is long enough for all workers to assemble
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			var text bytes.Buffer
			require.NoError(b, graph.WriteEdges(&text, graphtest.Random(1, n, 10), graph.EdgeListConfig{Isolated: true}))
			b.SetBytes(int64(text.Len()))
			b.ReportAllocs()
			for b.Loop() {
				_, err := graph.ReadEdges(b.Context(), bytes.NewReader(text.Bytes()), graph.EdgeListConfig{Isolated: true})
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkWriteEdges(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			g := graphtest.Random(1, n, 10)
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, graph.WriteEdges(io.Discard, g, graph.EdgeListConfig{Isolated: true}))
			}
		})
	}
}
