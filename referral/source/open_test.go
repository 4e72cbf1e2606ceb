// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/unicode"
)

func gzipped(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func zstandard(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b)
	require.NoError(t, err)
	_, err = w.Write(text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

// textOf opens a file or a stream of the same bytes and reads its text.
func textOf(t testing.TB, name string, b []byte, windows1252, stream bool) (string, error) {
	t.Helper()
	var o *opened
	var err error
	if stream {
		o, err = openStream(iotest.OneByteReader(bytes.NewReader(b)), name)
	} else {
		o, err = openFile(write(t, name, b))
	}
	if err != nil {
		return "", err
	}
	defer func() { require.NoError(t, o.Close()) }()
	require.Equal(t, formText, o.form)
	r, err := decodeText(name, o.text, windows1252)
	if err != nil {
		return "", err
	}
	all, err := io.ReadAll(r)
	return string(all), err
}

func utf16(t testing.TB, order unicode.Endianness, s string) []byte {
	t.Helper()
	b, err := unicode.UTF16(order, unicode.UseBOM).NewEncoder().String(s)
	require.NoError(t, err)
	return []byte(b)
}

func TestOpenText(t *testing.T) {
	const text = "patient,event,hospital\nP1,surgery,Fryslân €\n"
	for _, c := range []struct {
		name, file  string
		b           []byte
		windows1252 bool
	}{
		{"plain", "x.csv", []byte(text), false},
		{"no extension", "x", []byte(text), false},
		{"byte order mark", "x.csv", append([]byte("\xef\xbb\xbf"), text...), false},
		{"mark beats option", "x.csv", append([]byte("\xef\xbb\xbf"), text...), true},
		{"UTF-16 little", "x.csv", utf16(t, unicode.LittleEndian, text), false},
		{"UTF-16 big", "x.csv", utf16(t, unicode.BigEndian, text), true},
		{"Windows-1252", "x.csv", []byte("patient,event,hospital\nP1,surgery,Frysl\xe2n \x80\n"), true},
		{"gzip", "x.csv.gz", gzipped(t, []byte(text)), false},
		{"gzip without the extension", "x.csv", gzipped(t, []byte(text)), false},
		{"two gzip members", "x.gz", append(gzipped(t, []byte(text[:9])), gzipped(t, []byte(text[9:]))...), false},
		{"gzip of UTF-16", "x.gz", gzipped(t, utf16(t, unicode.LittleEndian, text)), false},
		{"zstd", "x.csv.zst", zstandard(t, []byte(text)), false},
		{"two zstd frames", "x.zst", append(zstandard(t, []byte(text[:9])), zstandard(t, []byte(text[9:]))...), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, stream := range [...]bool{false, true} {
				got, err := textOf(t, c.file, c.b, c.windows1252, stream)
				require.NoError(t, err)
				assert.Equal(t, text, got)
			}
		})
	}
	got, err := textOf(t, "x.csv", nil, false, false)
	require.NoError(t, err, "an empty file is empty text")
	assert.Empty(t, got)
}

func TestOpenRefuses(t *testing.T) {
	text := []byte(strings.Repeat("P1,surgery,H1\n", 1000))
	broken := gzipped(t, text)
	broken[len(broken)-6] ^= 1
	damaged := zstandard(t, text)
	damaged[len(damaged)-1] ^= 1
	for _, c := range []struct {
		name, file string
		b          []byte
		want       string
	}{
		{"gzip ends early", "x.gz", gzipped(t, text)[:40], "a whole gzip file, but it ends early"},
		{"gzip header ends early", "x.gz", gzipped(t, text)[:5], "a whole gzip file, but it ends early"},
		{"gzip checksum", "x.gz", broken, "checksum is wrong"},
		{"zstd ends early", "x.zst", zstandard(t, text)[:20], "a whole zstd file, but it ends early"},
		{"zstd checksum", "x.zst", damaged, "checksum is wrong"},
		{"gzip in gzip", "x.gz", gzipped(t, gzipped(t, text)), "text inside the compression"},
		{"text named gzip", "x.csv.gz", text, "what the extension .gz says"},
		{"text named XLSX", "x.xlsx", text, "what the extension .xlsx says"},
		{"text named Parquet", "x.PARQUET", text, "what the extension .parquet says"},
		{"old Excel", "x.xls", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xx"), "save it as XLSX"},
		{"SPSS", "x.sav", []byte("$FL2@(#) SPSS DATA FILE"), "export it as CSV"},
		{"bzip2", "x.bz2", []byte("BZh91AY&SY"), "gzip or zstd, but this is bzip2"},
		{"half a UTF-16 character", "x.csv", append(utf16(t, unicode.LittleEndian, "a\nb\n"), 'c'), ":3: expected well-formed UTF-16"},
		{"lone surrogate", "x.csv", []byte("\xff\xfea\x00\n\x00\x00\xd8b\x00"), ":2: expected well-formed UTF-16"},
		{"bomb", "x.gz", gzipped(t, make([]byte, bombFrom+1<<20)), "decompression bomb"},
		{"zstd bomb", "x.zst", zstandard(t, make([]byte, bombFrom+1<<20)), "decompression bomb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, stream := range [...]bool{false, true} {
				if stream && len(c.b) > 1<<16 {
					continue
				}
				_, err := textOf(t, c.file, c.b, false, stream)
				var input *InputError
				require.ErrorAs(t, err, &input)
				assert.Contains(t, err.Error(), c.want)
			}
		})
	}
}

func TestOpenFileRefusesFolders(t *testing.T) {
	_, err := openFile(t.TempDir())
	var input *InputError
	require.ErrorAs(t, err, &input)
	assert.Equal(t, "a file, but this is a folder", input.Want)
	_, err = openFile(filepath.Join(t.TempDir(), "none.csv"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

// What a disk or network says goes through as it is.
func TestOpenKeepsErrorsOfTheReader(t *testing.T) {
	lost := errors.New("connection lost")
	whole := gzipped(t, []byte(strings.Repeat("P1,surgery,H1\n", 100000)))
	_, err := openStream(iotest.ErrReader(lost), "x.csv")
	require.ErrorIs(t, err, lost)
	o, err := openStream(io.MultiReader(bytes.NewReader(whole[:1000]), iotest.ErrReader(lost)), "x.gz")
	if err == nil {
		_, err = io.ReadAll(o.text)
	}
	require.ErrorIs(t, err, lost)
}

// The bytes that a bomb of 1 GiB takes are not there at any time.
func TestBombsTakeLittleMemory(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	zeros := make([]byte, 1<<20)
	for range 1024 {
		_, err := w.Write(zeros)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	path := write(t, "x.gz", b.Bytes())
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	o, err := openFile(path)
	require.NoError(t, err)
	_, err = io.Copy(io.Discard, o.text)
	require.ErrorContains(t, err, "decompression bomb")
	require.NoError(t, o.Close())
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20))
}

func TestPlainFilesAreGivenAsFiles(t *testing.T) {
	o, err := openFile(write(t, "x.csv", []byte("a,b\n")))
	require.NoError(t, err)
	defer func() { require.NoError(t, o.Close()) }()
	require.NotNil(t, o.plain)
	at, err := o.plain.Seek(0, io.SeekCurrent)
	require.NoError(t, err)
	assert.Zero(t, at)
	assert.EqualValues(t, 4, o.size)
	pipe, w, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, w.Close())
	p := &opened{name: "pipe"}
	require.NoError(t, p.open(pipe))
	assert.Nil(t, p.plain)
}
