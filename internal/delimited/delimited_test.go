// SPDX-License-Identifier: Apache-2.0

package delimited

import (
	"encoding/csv"
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func readAll(text string, c Config) ([][]string, error) {
	r, err := NewReader(strings.NewReader(text), c)
	if err != nil {
		return nil, err
	}
	var out [][]string
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		var fields []string
		for i := range row.Len() {
			fields = append(fields, row.At(i))
		}
		out = append(out, fields)
	}
}

var known = Config{File: "f.csv", Known: []string{"a", "b", "center"}, Aliases: map[string]string{"centre": "center"}}

func TestReadsSeparatorsQuotesAndEncodings(t *testing.T) {
	latin := known
	latin.Windows1252 = true
	mapped := known
	mapped.Columns = map[string]string{"Van": "a"}
	for _, c := range []struct {
		name, text string
		config     Config
		want       [][]string
	}{
		{"comma", "a,b\n1,2\n", known, [][]string{{"1", "2"}}},
		{"semicolon", "a;b\n1,5;2\n", known, [][]string{{"1,5", "2"}}},
		{"tab", "a\tb\r\n1\t2\r\n", known, [][]string{{"1", "2"}}},
		{"no newline at the end", "a,b\n1,2", known, [][]string{{"1", "2"}}},
		{"BOM", "\xef\xbb\xbfa,b\n1,2\n", known, [][]string{{"1", "2"}}},
		{"quotes", "a,b\n\"x, \"\"y\"\"\nz\",2\n", known, [][]string{{"x, \"y\"\nz", "2"}}},
		{"Windows-1252", "a,b\nFrysl\xe2n,\x80\n", latin, [][]string{{"Fryslân", "€"}}},
		{"capitals, alias, spaces", "A, Centre \n1, 2 \n", known, [][]string{{"1", "2"}}},
		{"mapped column", "Van,b\n1,2\n", mapped, [][]string{{"1", "2"}}},
		{"blank lines", "a,b\n\n1,2\n\n", known, [][]string{{"1", "2"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := readAll(c.text, c.config)
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

func TestRefusesBadTextWithItsPlace(t *testing.T) {
	required := known
	required.Required = []string{"b"}
	for _, c := range []struct {
		name, text string
		config     Config
		want       string
	}{
		{"empty", "", known, `f.csv: expected a header line, but the file is empty`},
		{"unknown column", "a,x\n", known, `f.csv:1:3: "x": expected one of the columns a, b, center`},
		{"no header", "patient-1,2020\n", known, `f.csv:1: expected a header with one of the columns a, b, center`},
		{"no header, one required", "patient-1,2020\n", required, `f.csv:1: expected a header with the column "b"`},
		{"column twice", "a,b,a\n", known, `f.csv:1:5: "a": expected each column once`},
		{"missing column", "a\n1\n", required, `f.csv:1: "a": expected a header with the column "b"`},
		{"too few fields", "a,b\n1,2\n3\n", known, `f.csv:3: expected 2 fields, found 1`},
		{"encoding", "a,b\n1,Frysl\xe2n\n", known, `f.csv:2:3: b "Frysl�n": expected UTF-8 text; if the file is Windows-1252, say so`},
		{"UTF-16", "\xff\xfea\x00", known, `f.csv:1: expected UTF-8 text, but the file starts like UTF-16: save it as UTF-8`},
		{"zero byte", "a,b\n1,\x00\n", known, `f.csv:2:3: b "\x00": expected text, but the file has a zero byte`},
		{"stray quote", "a,b\n1,x\"y\n", known, `f.csv:2:4: expected well-formed quotes: a field with quotes is quoted whole, and a quote in it is doubled`},
		{"endless record", "a,b\n1,\"" + strings.Repeat("x", 3<<20), known, `f.csv:2: expected records of at most 1048576 bytes; look for a quote that is never closed`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := readAll(c.text, c.config)
			var e *Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, c.want, err.Error())
		})
	}
}

func TestRowErrorsNameTheField(t *testing.T) {
	r, err := NewReader(strings.NewReader("a;b\n\"x\ny\";1e999\n"), known)
	require.NoError(t, err)
	row, err := r.Next()
	require.NoError(t, err)
	_, ok, err := row.Float("b")
	assert.False(t, ok)
	assert.EqualError(t, err, `f.csv:3:4: b "1e999": expected a number, written like 12 or 52.16`)
	assert.EqualError(t, row.Err("a", "a name"), `f.csv:2:1: a "x\ny": expected a name`)
	assert.EqualError(t, row.Err("center", "a name"), `f.csv:2: center "": expected a name`)
	_, ok, err = row.Float("center")
	assert.False(t, ok)
	assert.NoError(t, err)
}

func TestLongValuesAreShortened(t *testing.T) {
	_, err := readAll("a,b\n"+strings.Repeat("é", 200)+",\x00\n", known)
	assert.Less(t, len(err.Error()), 300)
	_, err = readAll(strings.Repeat("é", 200)+"\n", known)
	assert.Less(t, len(err.Error()), 300)
}

// What the standard reader accepts as a rectangle, this one accepts too, with
// the same fields; and it never accepts what the standard reader refuses.
func FuzzReader(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a;b\n\"x;\"\"\";2", "a\tb\n\n", "\xef\xbb\xbfa\n", "a,b\n\"", "a,a\n", "\x00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := readAll(text, Config{Free: true, Comma: ','})
		if err != nil {
			return
		}
		std := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
		want, err := std.ReadAll()
		require.NoError(t, err)
		require.Len(t, got, len(want)-1)
		for i, row := range got {
			for j, field := range row {
				require.Equal(t, strings.TrimSpace(want[i+1][j]), field)
			}
		}
	})
}

// endless is one byte, ten billion times.
type endless struct{ left int64 }

func (e *endless) Read(p []byte) (int, error) {
	p = p[:min(int64(len(p)), e.left)]
	for i := range p {
		p[i] = 'x'
	}
	e.left -= int64(len(p))
	if len(p) == 0 {
		return 0, io.EOF
	}
	return len(p), nil
}

// Text that is made to fill memory is refused after a small part of it.
func TestHostileText(t *testing.T) {
	config := Config{File: "x.csv", Known: []string{"a", "b"}}
	for _, head := range [...]string{"", "a,b\n1,", "a,b\n1,\""} {
		in := &endless{left: 10 << 30}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, err := NewReader(io.MultiReader(strings.NewReader(head), in), config)
		if err == nil {
			_, err = r.Next()
		}
		runtime.ReadMemStats(&after)
		var wrong *Error
		require.ErrorAs(t, err, &wrong)
		assert.Equal(t, strings.Count(head, "\n")+1, wrong.Line)
		assert.Greater(t, in.left, int64(9<<30), "most of it was not read")
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20))
	}
	_, err := NewReader(strings.NewReader("a,b"+strings.Repeat(",c", 100_000)+"\n"), config)
	require.EqualError(t, err, `x.csv:1:5: "c": expected one of the columns a, b`)
	r, err := NewReader(strings.NewReader("a,b\r\n1,2\r\n"+strings.Repeat(",", 100_000)+"\r\n"), config)
	require.NoError(t, err)
	row, err := r.Next()
	require.NoError(t, err)
	assert.Equal(t, "2", row.Text("b"))
	_, err = r.Next()
	require.EqualError(t, err, "x.csv:3: expected 2 fields, found 100001")
}
