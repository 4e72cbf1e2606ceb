// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"github.com/oncoref/oncoref/internal/delimited"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

var (
	bomUTF8    = []byte{0xef, 0xbb, 0xbf}
	bomUTF16LE = []byte{0xff, 0xfe}
	bomUTF16BE = []byte{0xfe, 0xff}
)

// decodeText gives the text as UTF-8 without a byte order mark. A mark says
// more than the option: a file that has one is read by it. Bytes that are not
// UTF-8 pass as they are, for the reader of rows knows their place.
func decodeText(name string, r *bufio.Reader, windows1252 bool) (io.Reader, error) {
	head, err := r.Peek(len(bomUTF8))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	order := unicode.LittleEndian
	switch {
	case bytes.HasPrefix(head, bomUTF8):
		_, err := r.Discard(len(bomUTF8))
		return r, err
	case bytes.HasPrefix(head, bomUTF16LE):
	case bytes.HasPrefix(head, bomUTF16BE):
		order = unicode.BigEndian
	case windows1252:
		return charmap.Windows1252.NewDecoder().Reader(r), nil
	default:
		return r, nil
	}
	utf16 := unicode.UTF16(order, unicode.ExpectBOM).NewDecoder().Reader(r)
	return &replacementFinder{name: name, r: utf16, line: 1}, nil
}

// replacement is what the UTF-16 decoder writes for what it cannot read, in
// UTF-8.
var replacement = []byte("\uFFFD")

// replacementFinder stops at the first replacement character. It finds also
// one that falls on the border of two reads.
type replacementFinder struct {
	name string
	r    io.Reader
	line int
	tail []byte // the end of what has passed, when it may begin a replacement
}

func (f *replacementFinder) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	// Only the first len(replacement)-1 bytes can complete one that began before.
	joined := append(f.tail, p[:min(n, len(replacement)-1)]...)
	at := bytes.Index(p[:n], replacement)
	if bytes.Contains(joined, replacement) {
		at = 0
	}
	if at >= 0 {
		return 0, &delimited.Error{File: f.name, Line: f.line + bytes.Count(p[:at], []byte("\n")), Want: "well-formed UTF-16 text; save the file as UTF-8"}
	}
	f.line += bytes.Count(p[:n], []byte("\n"))
	if n >= len(replacement)-1 {
		joined = p[n-len(replacement)+1 : n]
	}
	f.tail = append(f.tail[:0], joined[max(0, len(joined)-len(replacement)+1):]...)
	return n, err
}
