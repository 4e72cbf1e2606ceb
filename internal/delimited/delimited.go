// SPDX-License-Identifier: Apache-2.0

// Package delimited reads header-led delimited text (CSV, semicolon- or
// tab-separated) and knows the place of every field, so that the packages
// above can refuse bad input with file, line, column, value and what was
// expected. It is for the small tables of a landscape and of flows; files of
// millions of rows have readers of their own.
package delimited

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// maxRecord is the largest record accepted, in bytes. A stray quote or an
// endless line stops there instead of filling memory.
const maxRecord = 1 << 20

// maxShown is the number of characters of a bad value that an error repeats.
const maxShown = 60

// Error says where a delimited text is wrong, and what was expected there.
type Error struct {
	File   string // name of the file as given by the caller; may be empty
	Line   int    // line in the file, from 1; 0 if the file as a whole is meant
	Column int    // byte position in the line at which the field starts, from 1; 0 if the line is meant
	Field  string // name of the column; may be empty
	Value  string // the offending text, shortened
	Want   string // what was expected
}

// Error gives the place in the form file:line:column, then the value and what
// was expected.
func (e *Error) Error() string {
	var b strings.Builder
	if e.File != "" {
		b.WriteString(e.File)
	} else {
		b.WriteString("input")
	}
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d", e.Line)
		if e.Column > 0 {
			fmt.Fprintf(&b, ":%d", e.Column)
		}
	}
	b.WriteString(": ")
	if e.Field != "" {
		b.WriteString(e.Field + " ")
	}
	if e.Value != "" || e.Field != "" {
		b.WriteString(strconv.Quote(e.Value) + ": ")
	}
	b.WriteString("expected " + e.Want)
	return b.String()
}

// Config says what a text may look like. The zero value reads UTF-8 text with
// a header, finds the separator itself and refuses every column.
type Config struct {
	File        string            // name for errors
	Comma       rune              // separator; 0 finds comma, semicolon or tab in the first line
	Windows1252 bool              // the bytes are Windows-1252, not UTF-8
	Columns     map[string]string // column name in the file -> name in Known, asked for by the user
	Aliases     map[string]string // other spellings -> name in Known, built in
	Known       []string          // the columns that may occur
	Required    []string          // the columns that must occur
	Free        bool              // columns outside Known are kept instead of refused
	NoHeader    bool              // the first row is data; Known names the columns by position
}

// Reader reads one text, row by row.
type Reader struct {
	c      Config
	csv    *csv.Reader
	guard  *guard
	raw    []string
	places [][2]int // line and column of each name in the header
	header []string
	index  map[string]int
	first  []string // first data row of a text without a header
	line   int
}

// Row is one record. It is valid until the next call of Next.
type Row struct {
	r      *Reader
	fields []string
}

// NewReader reads and checks the header. Errors are of type *Error, or come
// from r.
func NewReader(r io.Reader, c Config) (*Reader, error) {
	d := &Reader{c: c}
	if c.Windows1252 {
		r = charmap.Windows1252.NewDecoder().Reader(r)
	}
	br := bufio.NewReaderSize(r, 64<<10)
	if bom, _ := br.Peek(3); bytes.Equal(bom, []byte("\xef\xbb\xbf")) {
		_, _ = br.Discard(3)
	} else if len(bom) >= 2 && (bom[0] == 0xff && bom[1] == 0xfe || bom[0] == 0xfe && bom[1] == 0xff) {
		return nil, &Error{File: c.File, Line: 1, Want: "UTF-8 text, but the file starts like UTF-16: save it as UTF-8"}
	}
	comma := c.Comma
	if comma == 0 {
		head, _ := br.Peek(br.Size())
		comma = Separator(head)
	}
	d.guard = &guard{r: br}
	d.csv = csv.NewReader(d.guard)
	d.guard.csv = d.csv
	d.csv.Comma = comma
	d.csv.ReuseRecord = true
	d.csv.FieldsPerRecord = -1
	first, err := d.read()
	if errors.Is(err, io.EOF) {
		return nil, &Error{File: c.File, Want: "a header line, but the file is empty"}
	}
	if err != nil {
		return nil, err
	}
	if c.NoHeader {
		d.header = c.Known
		d.raw = c.Known
		d.first = slices.Clone(first)
	} else if err := d.setHeader(slices.Clone(first)); err != nil {
		return nil, err
	}
	d.index = make(map[string]int, len(d.header))
	for i, h := range d.header {
		d.index[h] = i
	}
	return d, nil
}

// Separator gives the comma, semicolon or tab that occurs most in the first line
// of a text, outside quotes; a comma if none does.
func Separator(head []byte) rune {
	var n [3]int
	quoted := false
	for _, b := range head {
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == ',':
			n[0]++
		case b == ';':
			n[1]++
		case b == '\t':
			n[2]++
		case b == '\n' && n[0]+n[1]+n[2] > 0:
			return most(n)
		}
	}
	return most(n)
}

func most(n [3]int) rune {
	best := 0
	for i := range n {
		if n[i] > n[best] {
			best = i
		}
	}
	return [3]rune{',', ';', '\t'}[best]
}

func (d *Reader) setHeader(raw []string) error {
	d.raw = raw
	d.places = make([][2]int, len(raw))
	for i := range raw {
		d.places[i][0], d.places[i][1] = d.csv.FieldPos(i)
	}
	d.header = make([]string, len(raw))
	for i, h := range raw {
		d.header[i] = d.columnOf(strings.TrimSpace(h))
	}
	if !slices.ContainsFunc(d.header, func(name string) bool { return slices.Contains(d.c.Known, name) }) && len(d.c.Known) > 0 {
		// Of what is no header nothing is shown: it may be a row about a patient.
		want := "a header with one of the columns " + strings.Join(d.c.Known, ", ")
		if len(d.c.Required) > 0 {
			want = fmt.Sprintf("a header with the column %q", d.c.Required[0])
		}
		return &Error{File: d.c.File, Line: d.line, Want: want}
	}
	seen := map[string]bool{}
	for i, name := range d.header {
		if !d.c.Free && !slices.Contains(d.c.Known, name) {
			return d.HeaderErr(i, "one of the columns "+strings.Join(d.c.Known, ", "))
		}
		if seen[name] && name != "" {
			return d.HeaderErr(i, "each column once")
		}
		seen[name] = true
	}
	for _, want := range d.c.Required {
		if !seen[want] {
			return &Error{File: d.c.File, Line: d.line, Value: strings.Join(raw, string(d.csv.Comma)), Want: fmt.Sprintf("a header with the column %q", want)}
		}
	}
	return nil
}

// columnOf gives the name that a column of the file has here.
func (d *Reader) columnOf(name string) string {
	low := strings.ToLower(name)
	if to, ok := d.c.Columns[name]; ok {
		return to
	}
	if slices.Contains(d.c.Known, low) {
		return low
	}
	if to, ok := d.c.Aliases[low]; ok {
		return to
	}
	return name
}

// Header gives the names of the columns after mapping, in file order.
func (d *Reader) Header() []string { return d.header }

// Raw gives the names of the columns as they stand in the file.
func (d *Reader) Raw() []string { return d.raw }

// HeaderErr makes an error at name i of the header.
func (d *Reader) HeaderErr(i int, want string) *Error {
	return &Error{File: d.c.File, Line: d.places[i][0], Column: d.places[i][1], Value: shorten(d.raw[i]), Want: want}
}

// Next gives the next row, or io.EOF. Blank lines are passed over; a row with
// more or fewer fields than the header is an *Error.
func (d *Reader) Next() (Row, error) {
	f := d.first
	d.first = nil
	if f == nil {
		var err error
		if f, err = d.read(); err != nil {
			return Row{}, err
		}
	}
	if len(f) != len(d.header) {
		return Row{}, &Error{File: d.c.File, Line: d.line, Want: fmt.Sprintf("%d fields, found %d", len(d.header), len(f))}
	}
	return Row{r: d, fields: f}, nil
}

func (d *Reader) read() ([]string, error) {
	f, err := d.csv.Read()
	if err != nil {
		return nil, d.convert(err)
	}
	d.line, _ = d.csv.FieldPos(0)
	for i, s := range f {
		if !utf8.ValidString(s) {
			return nil, d.at(i, strings.ToValidUTF8(s, "\uFFFD"), "UTF-8 text; if the file is Windows-1252, say so")
		}
		if strings.IndexByte(s, 0) >= 0 {
			return nil, d.at(i, s, "text, but the file has a zero byte")
		}
	}
	return f, nil
}

func (d *Reader) convert(err error) error {
	if errors.Is(err, errRecord) {
		return &Error{File: d.c.File, Line: d.line + 1, Want: fmt.Sprintf("records of at most %d bytes; look for a quote that is never closed", maxRecord)}
	}
	var p *csv.ParseError
	if errors.As(err, &p) && (errors.Is(err, csv.ErrQuote) || errors.Is(err, csv.ErrBareQuote)) {
		return &Error{File: d.c.File, Line: p.Line, Column: p.Column, Want: "well-formed quotes: a field with quotes is quoted whole, and a quote in it is doubled"}
	}
	return err
}

func (d *Reader) at(i int, value, want string) *Error {
	line, col := d.csv.FieldPos(i)
	return &Error{File: d.c.File, Line: line, Column: col, Field: d.name(i), Value: shorten(value), Want: want}
}

func (d *Reader) name(i int) string {
	if i < len(d.header) {
		return d.header[i]
	}
	return ""
}

func shorten(s string) string {
	if utf8.RuneCountInString(s) <= maxShown {
		return s
	}
	return string([]rune(s)[:maxShown]) + "..."
}

// Text gives the field of a column without surrounding white space; "" if the
// column does not occur.
func (w Row) Text(col string) string {
	i, ok := w.r.index[col]
	if !ok {
		return ""
	}
	return w.At(i)
}

// At gives field i without surrounding white space.
func (w Row) At(i int) string { return strings.TrimSpace(w.fields[i]) }

// Len gives the number of fields.
func (w Row) Len() int { return len(w.fields) }

// Line gives the line of the file at which the row starts, from 1.
func (w Row) Line() int { return w.r.line }

// Err makes an error at the field of a column; at the line if the column does
// not occur.
func (w Row) Err(col, want string) *Error {
	i, ok := w.r.index[col]
	if !ok {
		return &Error{File: w.r.c.File, Line: w.r.line, Field: col, Want: want}
	}
	return w.ErrAt(i, want)
}

// ErrAt makes an error at field i.
func (w Row) ErrAt(i int, want string) *Error { return w.r.at(i, w.At(i), want) }

// Float gives the number in a column; ok is false if the field is empty. A
// text that is not a finite number is an *Error.
func (w Row) Float(col string) (v float64, ok bool, err error) {
	i, found := w.r.index[col]
	if !found || w.At(i) == "" {
		return 0, false, nil
	}
	v, perr := strconv.ParseFloat(w.At(i), 64)
	if perr != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return 0, false, w.ErrAt(i, "a number, written like 12 or 52.16")
	}
	return v, true, nil
}

var errRecord = errors.New("record too large")

// guard stops the text when the record being read grows past maxRecord.
type guard struct {
	r   io.Reader
	csv *csv.Reader
	n   int64
}

func (g *guard) Read(p []byte) (int, error) {
	if g.n-g.csv.InputOffset() > maxRecord {
		return 0, errRecord
	}
	n, err := g.r.Read(p)
	g.n += int64(n)
	return n, err
}
