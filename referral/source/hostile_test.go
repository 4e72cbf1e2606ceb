// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// endless gives a head, and then one byte for as long as it is asked.
type endless struct {
	head *strings.Reader
	fill byte
	left int64
}

func (e *endless) Read(p []byte) (int, error) {
	if n, _ := e.head.Read(p); n > 0 {
		return n, nil
	}
	p = p[:min(int64(len(p)), e.left)]
	if len(p) == 0 {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = e.fill
	}
	e.left -= int64(len(p))
	return len(p), nil
}

// allocated tells how many bytes f asks for.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

const tenGB = 10 << 30

// A line, a field or a header without end is refused after a bounded part of it
// was read, and takes little memory.
func TestEndlessInput(t *testing.T) {
	const header = "patient,event,hospital\n"
	for _, c := range []struct{ name, head, want string }{
		{"line", header + "Secret-007,surgery,", "x.csv:2"},
		{"quoted field", header + "Secret-007,surgery,\"", "x.csv:2"},
		{"header", "patient", "x.csv"},
		{"quoted header", "\"patient", "x.csv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := &endless{head: strings.NewReader(c.head), fill: 'x', left: tenGB}
			var err error
			used := allocated(func() {
				config := Config{}
				config.Log.File, config.Log.Workers = "x.csv", 2
				_, _, err = ReadLog(t.Context(), in, config)
			})
			var input *InputError
			require.ErrorAs(t, err, &input)
			assert.Contains(t, err.Error(), c.want)
			assert.NotContains(t, err.Error(), "Secret")
			assert.Less(t, used, uint64(256<<20))
			assert.Greater(t, in.left, int64(tenGB-1<<30), "most of it was not read")
		})
	}
}

func TestHostileText(t *testing.T) {
	const header = "patient,event,hospital\n"
	var wide strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&wide, "column%d,", i)
	}
	for _, c := range []struct{ name, text, want string }{
		{"zero byte", header + "P1,surg\x00ery,H1\n", "x.csv:2"},
		{"zero bytes only", string(make([]byte, 4096)), "x.csv"},
		{"100,000 columns", wide.String() + "\n", "x.csv"},
		{"100,000 fields below three columns", header + strings.Repeat(",", 100_000) + "\n", "x.csv:2"},
		{"not UTF-8", header + "P1,surgery,Frysl\xe2n\n", "x.csv:2"},
		{"empty", "", "x.csv"},
		{"UTF-16 without a mark", strings.Join(strings.Split(header+"P1,surgery,H1\n", ""), "\x00") + "\x00", "x.csv:1: expected text, but the file has a zero byte; if it is UTF-16"},
		{"lines of CR alone", strings.ReplaceAll(header+"P1,surgery,H1\n", "\n", "\r"), "x.csv:1: expected lines that end in LF or CRLF"},
		{"random", "\x8b\x1f\x00\xff\xfe\x01", "x.csv"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, packed := range [...]bool{false, true} {
				file := []byte(c.text)
				if packed {
					file = gzipped(t, file)
				}
				_, _, err := ReadFile(t.Context(), write(t, "x.csv", file), Config{})
				require.Error(t, err)
				assert.Contains(t, err.Error(), c.want)
				assert.Less(t, len(err.Error()), 1000)
			}
		})
	}
}

// 100,000 columns, the needed ones among them, are refused in every format.
func TestManyColumns(t *testing.T) {
	columns := []string{"patient", "event", "hospital"}
	for i := range 100_000 {
		columns = append(columns, fmt.Sprintf("c%d", i))
	}
	text := strings.Join(columns, ",") + "\nP1,surgery,H1" + strings.Repeat(",", 100_000) + "\n"
	const want = "expected at most 10000 columns, found 100003"
	used := allocated(func() {
		_, _, err := ReadFile(t.Context(), write(t, "x.csv", []byte(text)), Config{})
		assert.ErrorContains(t, err, want)
		_, _, err = readMemory(t, &memory{columns: columns}, Config{})
		assert.ErrorContains(t, err, want)
	})
	assert.Less(t, used, uint64(256<<20))

	group := parquet.Group{}
	for _, c := range columns[:maxColumns+10] {
		group[c] = parquet.String()
	}
	var file bytes.Buffer
	require.NoError(t, parquet.NewWriter(&file, parquet.NewSchema("row", group)).Close())
	_, _, err := readForm(t.Context(), "x.parquet", file.Bytes(), Config{})
	assert.ErrorContains(t, err, "expected at most 10000 columns")
}

func TestReadFileRefusesFolders(t *testing.T) {
	_, _, err := ReadFile(t.Context(), t.TempDir(), Config{})
	var input *InputError
	require.ErrorAs(t, err, &input)
	assert.Equal(t, "a file, but this is a folder", input.Want)
}

func TestTruncatedGzipOfRows(t *testing.T) {
	text := delimitedText(t, randomRows(20000, 4), ',', func(s string) string { return s })
	file := gzipped(t, text)
	for _, at := range [...]int{20, len(file) / 3, len(file) - 1} {
		_, _, err := ReadFile(t.Context(), write(t, "x.csv.gz", file[:at]), Config{})
		var input *InputError
		require.ErrorAs(t, err, &input, "%d", at)
		assert.Contains(t, err.Error(), "ends early")
	}
}

// A Parquet file of a few hundred bytes that promises a billion rows.
func TestParquetWithLyingHeader(t *testing.T) {
	rows := randomRows(50, 5)
	file := makeParquet(t, rows)
	lie := func(from, to byte) []byte {
		b := bytes.Clone(file)
		at := len(b) - 8 - 200
		for i := at; i < len(b)-8; i++ {
			if b[i] == from {
				b[i] = to
			}
		}
		return b
	}
	used := allocated(func() {
		for from := range 256 {
			_, _, err := readForm(t.Context(), "x.parquet", lie(byte(from), 0xff), Config{})
			if err != nil {
				var input *InputError
				require.ErrorAs(t, err, &input, "%v", err)
			}
		}
	})
	assert.Less(t, used, uint64(1<<30))
}

// A file that grows, shrinks or is written anew while it is read gives no log:
// an export may not be complete.
func TestFileThatChangesWhileItIsRead(t *testing.T) {
	const row = "P1,surgery,H1\n"
	text := "patient,event,hospital\n" + strings.Repeat(row, 200_000)
	for name, change := range map[string]func(path string) error{
		"grows": func(path string) error {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteString(row)
			return errors.Join(err, f.Close())
		},
		"shrinks": func(path string) error { return os.Truncate(path, int64(len(text)-len(row))) },
		"anew":    func(path string) error { return os.Chtimes(path, time.Time{}, time.Now().Add(time.Hour)) },
	} {
		t.Run(name, func(t *testing.T) {
			path := write(t, "x.csv", []byte(text))
			var once sync.Once
			c := Config{Progress: func(_, _ int64) { once.Do(func() { assert.NoError(t, change(path)) }) }}
			l, _, err := ReadFile(t.Context(), path, c)
			assert.Nil(t, l)
			assert.ErrorContains(t, err, "x.csv: expected a file that nobody writes to while it is read")
		})
	}
}
