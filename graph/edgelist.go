// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/oncoref/oncoref/internal/delimited"
)

// InputError says where an input is wrong: File as given in the config, Line
// and Column (position of the field's first byte) from 1, 0 where they do not
// apply; Field, the name of the column; Value, the offending text, shortened;
// and Want, what was expected.
type InputError = delimited.Error

// EdgeListConfig says what an edge list looks like. The zero value reads what
// [ReadEdges] describes.
type EdgeListConfig struct {
	File   string // name for errors
	Comma  rune   // tab, comma, semicolon, or space for runs of spaces and tabs; 0 finds it in the first line, and writes tabs
	Header Header // whether there is a header; the zero value looks, and writes one

	// From, To and Weight name the columns of the header. If From and To are
	// given there must be a header and further columns are passed over. An
	// empty name means any of the usual ones (see ReadEdges).
	From, To, Weight string

	// Isolated allows rows in which only the first field is filled. Such a row
	// is a node, not an edge; without Isolated it is an error, and so is
	// writing a graph that has nodes without edges.
	Isolated bool

	MaxLines int64 // most lines to read, below 2^32; 0 means 134217728 (2^27)
	MaxBytes int64 // most bytes to read; 0 means 4294967296 (4 GiB)
	Workers  int   // parts to parse at the same time, at most 16; 0 means one for each core. The result is the same
}

const (
	defaultMaxLines = 1 << 27
	defaultMaxBytes = 1 << 32
)

// Header says whether an edge list has a header.
type Header uint8

// The possibilities for a header.
const (
	HeaderDetect   Header = iota // it has one if the fields of the first line are names of columns
	HeaderAbsent                 // it has none
	HeaderRequired               // it has one
)

// The usual names of columns, in lower case.
var (
	fromNames   = []string{"from", "source", "src", "origin", "tail"}
	toNames     = []string{"to", "target", "dst", "destination", "head"}
	weightNames = []string{"weight", "w", "count", "flow", "value"}
)

// errConfig says that a config contradicts itself.
var errConfig = errors.New("unusable edge list config")

// ReadEdges reads a graph from an edge list: UTF-8 text with one edge a line,
// as source, target and weight, or as source and target for edges of weight 1.
//
//	# retained and sent on
//	from	to	weight
//	A	A	40
//	A	B	12.5
//
// The fields are separated by tab, semicolon, comma or spaces, whichever comes
// first in this list and occurs in the first line. That line may be a header:
// it is one if every field is, in any case of letters, a usual name of a
// column: from, source, src, origin or tail; to, target, dst, destination or
// head; weight, w, count, flow or value. Columns without a header are source,
// target and weight in this order. Blank lines and lines that begin with # are
// passed over. A field may stand in double quotes, in which a quote is
// doubled and separators and # mean nothing; white space around a field is
// dropped unless quoted. A field cannot hold a line break. Lines end in LF or
// CRLF.
//
// Edges that occur more than once add up. Weights are decimal numbers above 0;
// an edge of weight 0 is no edge and refused, as is an empty weight, which is
// not known to be 0 or 1. Nothing is dropped.
//
// The graph does not depend on the order of the lines nor on the number of
// workers. Reading stops when ctx is done, but not while r blocks.
//
// Errors in the text are of type [*InputError] and name the first bad place;
// others come from ctx, from r or from a config that makes no sense.
//
// Time O(m + n log n), memory near the size of the data, for n nodes and m
// lines; MaxLines and MaxBytes bound it, and no line may be longer than 1 MiB.
func ReadEdges(ctx context.Context, r io.Reader, c EdgeListConfig) (*Digraph, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	return readEdges(ctx, r, c, blockSize)
}

// check refuses a config that makes no sense.
func (c EdgeListConfig) check() error {
	switch {
	case c.Comma != 0 && !strings.ContainsRune("\t,; ", c.Comma):
		return fmt.Errorf("graph: %w: separator %q: expected tab, comma, semicolon or space", errConfig, c.Comma)
	case c.Header > HeaderRequired:
		return fmt.Errorf("graph: %w: Header is %d", errConfig, c.Header)
	case (c.From == "") != (c.To == ""):
		return fmt.Errorf("graph: %w: From and To are named together or not at all", errConfig)
	case c.From != "" && c.From == c.To || c.Weight != "" && (c.Weight == c.From || c.Weight == c.To) ||
		strings.ContainsAny(c.From+c.To+c.Weight, "\r\n\x00"):
		return fmt.Errorf("graph: %w: columns %q, %q and %q", errConfig, c.From, c.To, c.Weight)
	case c.Header == HeaderAbsent && c.From+c.Weight != "":
		return fmt.Errorf("graph: %w: columns are named but there is no header", errConfig)
	case c.MaxLines < 0 || c.MaxBytes < 0 || c.Workers < 0:
		return fmt.Errorf("graph: %w: negative limit", errConfig)
	case c.MaxLines > maxEdges:
		return fmt.Errorf("graph: %w: MaxLines is %d: expected at most %d", errConfig, c.MaxLines, maxEdges)
	}
	return nil
}

// WriteEdges writes g as an edge list that [ReadEdges] with the same config
// reads back as an equal graph: edges by source and then target, numbers in
// the shortest form that reads back exactly, LF at the end of lines, quotes
// where they are needed. The zero config writes tabs and the header from, to,
// weight. Keys are written as they are: an edge list is read by programs, and
// a key that a spreadsheet would take for a formula is not disarmed.
//
// The error is a [*KeyError] that wraps [ErrKey] if a key holds a line break
// or a zero byte, which an edge list cannot hold, or if a node has no edge and
// the config does not allow Isolated; else it comes from w. In case of an
// error part of the list may have been written.
func WriteEdges(w io.Writer, g *Digraph, c EdgeListConfig) error {
	if err := c.check(); err != nil {
		return err
	}
	sep := byte(c.Comma)
	if sep == 0 {
		sep = '\t'
	}
	keys := make([]string, g.Len())
	for i, key := range g.Keys() {
		if strings.ContainsAny(key, "\r\n\x00") {
			return &KeyError{Key: key, Want: "a key without line breaks and zero bytes", Err: ErrKey}
		}
		if !c.Isolated && len(g.in.nodes(i)) == 0 && len(g.out.nodes(i)) == 0 {
			return &KeyError{Key: key, Want: "a node with an edge; set Isolated to write nodes without", Err: ErrKey}
		}
		keys[i] = field(key, sep)
	}
	var b []byte
	row := func(fields ...string) {
		for i, f := range fields {
			if i > 0 {
				b = append(b, sep)
			}
			b = append(b, f...)
		}
		b = append(b, '\n')
	}
	if c.Header != HeaderAbsent {
		row(field(cmp.Or(c.From, fromNames[0]), sep), field(cmp.Or(c.To, toNames[0]), sep), field(cmp.Or(c.Weight, weightNames[0]), sep))
	}
	for u, key := range keys {
		for v, x := range g.Out(u) {
			b = append(append(append(append(b, key...), sep), keys[v]...), sep)
			b = append(appendNumber(b, x), '\n')
		}
		if len(g.in.nodes(u)) == 0 && len(g.out.nodes(u)) == 0 {
			if sep == ' ' {
				row(key)
			} else {
				row(key, "", "")
			}
		}
		if len(b) >= blockSize {
			if _, err := w.Write(b); err != nil {
				return err
			}
			b = b[:0]
		}
	}
	_, err := w.Write(b)
	return err
}

func (a adjacency) nodes(i int) []int32 { return a.node[a.start[i]:a.start[i+1]] }

// appendNumber appends x in the shortest form that reads back as x.
func appendNumber(b []byte, x float64) []byte {
	if x >= 1e-6 && x < 1e15 {
		return strconv.AppendFloat(b, x, 'f', -1, 64)
	}
	return strconv.AppendFloat(b, x, 'g', -1, 64)
}

// field returns s in quotes if an edge list with this separator needs them.
func field(s string, sep byte) string {
	first, _ := utf8.DecodeRuneInString(s)
	last, _ := utf8.DecodeLastRuneInString(s)
	special := "\"" + string(sep)
	if sep == ' ' {
		special += "\t"
	}
	if first != '#' && first != bom && !unicode.IsSpace(first) && !unicode.IsSpace(last) && !strings.ContainsAny(s, special) {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

const bom = '\uFEFF'
