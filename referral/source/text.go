// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/referral"
)

const (
	chunkSize = 1 << 19 // bytes of text that a worker takes at once
	maxRecord = 1 << 20 // bytes of a record; a stray quote stops there instead of filling memory
	padding   = 16      // bytes that can be read after the end of a chunk
)

// readText reads delimited text, in parallel.
func readText(ctx context.Context, o *opened, c Config) (*referral.Log, referral.Quality, error) {
	fail := func(err error) (*referral.Log, referral.Quality, error) { return nil, referral.Quality{}, err }
	in, err := decodeText(o.name, o.text, c.Mapping.Windows1252)
	if err != nil {
		return fail(err)
	}
	c.Log.File = o.name
	t := &textReader{
		chunker: chunker{file: o.name, r: in, line: 1, total: o.size, progress: c.Progress},
		comma:   c.Mapping.Comma,
	}
	if o.plain == nil {
		t.total = 0
	}
	if err := t.readHeader(c); err != nil {
		return fail(err)
	}
	b := referral.NewLogBuilder(t.columns.config.Log)
	workers := c.Log.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	if err := t.read(ctx, b, workers); err != nil {
		return fail(err)
	}
	return b.Build(ctx)
}

// textReader reads one text. Its workers take chunks in turn; each chunk begins
// and ends with whole records.
type textReader struct {
	chunker
	comma   rune
	columns *columns

	mu     sync.Mutex
	err    error // the first in the text
	errAt  int64 // line of err
	failed atomic.Bool
}

// readHeader finds the names of the columns. The chunk with the header is put
// back without it.
func (t *textReader) readHeader(c Config) error {
	k, err := t.next(nil)
	if errors.Is(err, io.EOF) {
		return t.error(0, "a header line, but the file is empty")
	}
	if err != nil {
		return err
	}
	if t.comma == 0 {
		t.comma = delimited.Separator(k.text)
	}
	if t.comma >= utf8.RuneSelf || t.comma == '"' || t.comma == '\n' || t.comma == '\r' {
		return t.error(0, "a separator of one ASCII character")
	}
	s := splitter{file: t.file, comma: byte(t.comma), text: k.text, line: k.line}
	for len(s.fields) == 0 {
		if err := s.next(); errors.Is(err, io.EOF) {
			return t.error(0, "a header line, but the file has blank lines only")
		} else if err != nil {
			return err
		}
	}
	names := make([]string, len(s.fields))
	for i, f := range s.fields {
		if want := wantName(f); want != "" {
			return t.error(s.start, want)
		}
		names[i] = string(f)
	}
	if t.columns, err = newColumns(names, int(s.start), c); err != nil {
		return err
	}
	t.unread(k.text[s.at:], s.line)
	return nil
}

const wantUTF8 = "UTF-8 text; if the file is Windows-1252, say so"

// wantName says what is expected of a field of the header that shows that the
// file as a whole is read in a wrong way; "" for any other.
func wantName(name []byte) string {
	switch {
	case !utf8.Valid(name):
		return wantUTF8
	case bytes.IndexByte(name, 0) >= 0:
		return "text, but the file has a zero byte; if it is UTF-16, save it with a byte order mark or as UTF-8"
	case bytes.Count(name, []byte("\r")) > bytes.Count(name, []byte("\r\n")):
		return "lines that end in LF or CRLF, but these end in CR alone: save the file again"
	}
	return ""
}

func (t *textReader) error(line uint32, want string) error {
	return &delimited.Error{File: t.file, Line: int(line), Want: want}
}

// read gives all rows to the builder. Of several errors it returns the one that
// stands first in the text.
func (t *textReader) read(ctx context.Context, b *referral.LogBuilder, workers int) error {
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() { t.work(ctx, b) })
	}
	wg.Wait()
	if t.err != nil {
		return t.err
	}
	return ctx.Err()
}

func (t *textReader) work(ctx context.Context, b *referral.LogBuilder) {
	p := newParser(t.file, byte(t.comma), t.columns)
	var buf []byte
	for ctx.Err() == nil && !t.failed.Load() {
		k, err := t.next(buf)
		if errors.Is(err, io.EOF) {
			return
		}
		if err == nil {
			buf = k.text
			if err = p.parse(k); err == nil {
				err = p.rows.flush(b)
			}
		}
		if err != nil {
			t.fail(err, int64(k.line))
		}
	}
}

// fail keeps the error of the first chunk.
func (t *textReader) fail(err error, line int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil || line < t.errAt {
		t.err, t.errAt = err, line
	}
	t.failed.Store(true)
}

// chunk is a part of the text that begins and ends with whole records.
type chunk struct {
	text   []byte // with padding after its length
	line   uint32 // of its first byte
	lines  int    // newlines in it
	quotes bool
}

// chunker cuts a text into chunks.
type chunker struct {
	file     string
	r        io.Reader
	total    int64
	progress func(done, total int64)

	reading sync.Mutex
	size    int    // bytes of a chunk; 0 means chunkSize
	rest    []byte // what has been read behind the last chunk
	line    uint32 // of the first byte of rest
	done    int64
	err     error // of r, or io.EOF
}

// unread puts text in front of what is left.
func (c *chunker) unread(text []byte, line uint32) {
	c.rest = append(bytes.Clone(text), c.rest...)
	c.line = line
}

// next gives the next chunk, in buf if it fits.
func (c *chunker) next(buf []byte) (chunk, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	size := cmp.Or(c.size, chunkSize)
	if cap(buf) < size+padding {
		buf = make([]byte, 0, size+padding)
	}
	buf = append(buf[:0], c.rest...)
	c.rest = c.rest[:0]
	for want := max(size, len(buf)); ; want += size {
		if cap(buf) < want+padding {
			buf = append(make([]byte, 0, want+padding), buf...)
		}
		for c.err == nil && len(buf) < want {
			var n int
			n, c.err = c.r.Read(buf[len(buf):want])
			buf = buf[:len(buf)+n]
			c.done += int64(n)
		}
		if c.err != nil && !errors.Is(c.err, io.EOF) {
			return chunk{line: c.line}, c.readError()
		}
		if len(buf) == 0 {
			return chunk{}, io.EOF
		}
		k, end := c.cut(buf)
		if end < 0 && len(buf) >= size+maxRecord {
			return chunk{line: c.line}, c.tooLong()
		}
		if end < 0 {
			continue
		}
		c.rest = append(c.rest, buf[end:]...)
		clear(buf[end : end+padding])
		if c.progress != nil {
			c.progress(c.done, c.total)
		}
		return k, nil
	}
}

// cut finds the end of the last whole record; -1 if there is none.
func (c *chunker) cut(buf []byte) (chunk, int) {
	k := chunk{line: c.line, quotes: bytes.IndexByte(buf, '"') >= 0}
	end := len(buf)
	if c.err == nil {
		end = bytes.LastIndexByte(buf, '\n') + 1
		if k.quotes {
			end = lastRecord(buf)
		}
		if end <= 0 {
			return k, -1
		}
	}
	k.text = buf[:end]
	k.lines = bytes.Count(k.text, newline)
	c.line += uint32(k.lines)
	return k, end
}

var newline = []byte("\n")

// lastRecord gives the end of the last line break that is not in quotes, 0 if
// there is none. The text begins outside quotes.
func lastRecord(text []byte) int {
	inside := bytes.Count(text, []byte(`"`))%2 == 1
	for end := len(text); end > 0; {
		i := bytes.LastIndexAny(text[:end], "\"\n")
		switch {
		case i < 0:
			return 0
		case text[i] == '"':
			inside = !inside
		case !inside:
			return i + 1
		}
		end = i
	}
	return 0
}

// readError places an error of the reader below, unless it is placed already.
func (c *chunker) readError() error {
	var placed *delimited.Error
	if errors.As(c.err, &placed) {
		return c.err
	}
	return fmt.Errorf("%s: after line %d: %w", c.file, c.line, c.err)
}

func (c *chunker) tooLong() error {
	return &delimited.Error{File: c.file, Line: int(c.line), Want: fmt.Sprintf("records of at most %d bytes; look for a quote that is never closed", maxRecord)}
}
