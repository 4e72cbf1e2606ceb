// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/referral"
)

// parser turns chunks of text into rows. It finds the fields of a block of rows,
// and reads them column by column, eight bytes at a time. Rows that are not in
// the usual form go through a splitter, field by field; so does a chunk with
// quotes.
type parser struct {
	file  string
	comma byte
	rows  *rows
	split splitter
	block block
	steps []step
}

// step reads one field.
type step struct {
	role  role
	codes *codeCache // roles with codes
	days  *dayCache  // roles with dates
}

func newParser(file string, comma byte, h *columns) *parser {
	p := &parser{file: file, comma: comma, rows: h.rows(), block: newBlock(len(h.fields), comma)}
	for i, f := range h.fields {
		s := step{role: f.role}
		switch f.role {
		case roleDate, roleUntil:
			s.days = new(dayCache)
		case roleLayer, roleKind, roleHospital, roleToHospital, roleFirstVisit, roleTumor, roleAttribute:
			s.codes = newCodeCache(p.codeOf(i, f))
		default:
		}
		p.steps = append(p.steps, s)
	}
	return p
}

// codeOf gives the function that finds the code of a field that has not been
// seen before; it is not ok for one that the splitter must look at.
func (p *parser) codeOf(i int, f field) func(text []byte) (uint32, bool) {
	if f.role == roleLayer {
		m := layerMaker()
		return func(text []byte) (uint32, bool) {
			if !p.sound(text) { // trimming would hide the end of a line
				return 0, false
			}
			l, fault := m.text(text)
			return uint32(l), fault == ""
		}
	}
	r := p.rows
	return func(text []byte) (uint32, bool) {
		if !p.sound(text) {
			return 0, false
		}
		c, _ := codeMaker(r.codesAt(i).In, r.c, f.role).text(text)
		return c, true
	}
}

// sound reports whether a text is UTF-8 without line breaks, separators and zero
// bytes.
func (p *parser) sound(text []byte) bool {
	return utf8.Valid(text) && p.whole(text) && bytes.IndexByte(text, 0) < 0
}

// whole reports whether a text is one field.
func (p *parser) whole(text []byte) bool {
	return bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, p.comma) < 0
}

// parse reads the rows of a chunk. Rows with a bad value are refused; it returns
// an [*InputError] only for what cannot be cut into rows.
func (p *parser) parse(k chunk) error {
	p.split = splitter{file: p.file, comma: p.comma, text: k.text, line: k.line, fields: p.split.fields, places: p.split.places, plain: p.split.plain}
	if k.quotes || p.rows.c.config.Log.KeepPatients {
		for {
			if err := p.slow(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
	p.rows.resize(k.lines+1, false)
	n := 0
	for s := &p.split; s.at < len(k.text); {
		p.block.cut(k.text, s)
		found := p.block.rows
		n += p.read(n)
		if found > 0 && len(p.block.odd) == 0 {
			continue
		}
		// Rows in another form follow behind the others.
		p.rows.resize(n, true)
		if err := p.slowly(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		n = p.rows.n
		p.rows.resize(max(n, k.lines+1), false)
	}
	p.rows.resize(n, true)
	return nil
}

// codesAt gives the column of codes of a field.
func (r *rows) codesAt(i int) *referral.Codes {
	b := &r.batch
	switch f := r.c.fields[i]; f.role {
	case roleKind:
		return &b.Kind
	case roleHospital:
		return &b.Hospital
	case roleToHospital:
		return &b.ToHospital
	case roleFirstVisit:
		return &b.FirstVisit
	case roleTumor:
		return &b.Tumor
	default:
		return &b.Attributes[f.attr]
	}
}

// slow reads the next row through the splitter.
func (p *parser) slow() error {
	s := &p.split
	if err := s.next(); err != nil {
		return err
	}
	if len(s.fields) != len(p.steps) {
		return &delimited.Error{File: p.file, Line: int(s.start), Want: fmt.Sprintf("%d fields, found %d", len(p.steps), len(s.fields))}
	}
	p.rows.begin(s.start)
	for i, f := range s.fields {
		if p.steps[i].role == roleNone {
			continue
		}
		if !utf8.Valid(f) {
			return &delimited.Error{File: p.file, Line: int(s.places[i].line), Column: s.places[i].column, Want: wantUTF8}
		}
		if bytes.IndexByte(f, 0) >= 0 {
			return &delimited.Error{File: p.file, Line: int(s.places[i].line), Column: s.places[i].column, Want: "text, but the file has a zero byte"}
		}
		p.rows.text(i, f)
	}
	p.rows.end()
	return nil
}

// read reads the fields of the block into the columns, from row n on, and gives
// the number of rows that are in the usual form.
func (p *parser) read(n int) int {
	b, batch := &p.block, &p.rows.batch
	end := n + b.rows
	for i, s := range p.steps {
		switch s.role {
		case roleNone:
			p.pass(i)
		case rolePatient:
			p.readPatients(i, batch.Patient[n:end])
		case roleDate:
			s.days.read(b, i, batch.Date[n:end])
		case roleUntil:
			s.days.read(b, i, batch.Until[n:end])
		case roleYear:
			readYears(b, i, batch.Year[n:end])
		case roleSeq:
			readSeq(b, i, batch.Seq[n:end])
		case roleLayer:
			readCodes(b, i, s.codes, batch.Layer[n:end])
		default:
			readCodes(b, i, s.codes, p.rows.codesAt(i).Of[n:end])
		}
	}
	copy(batch.Line[n:end], b.lines)
	b.settle()
	// What has to be read otherwise gives its place to the last rows.
	for i := len(b.odd) - 1; i >= 0; i-- {
		b.rows--
		p.move(n+b.odd[i], n+b.rows)
	}
	return b.rows
}

// move copies a row to the place of another one.
func (p *parser) move(to, from int) {
	b := &p.rows.batch
	b.Line[to] = b.Line[from]
	for i, s := range p.steps {
		switch s.role {
		case roleNone:
		case rolePatient:
			b.Patient[to] = b.Patient[from]
		case roleDate:
			b.Date[to] = b.Date[from]
		case roleUntil:
			b.Until[to] = b.Until[from]
		case roleYear:
			b.Year[to] = b.Year[from]
		case roleSeq:
			b.Seq[to] = b.Seq[from]
		case roleLayer:
			b.Layer[to] = b.Layer[from]
		default:
			of := p.rows.codesAt(i).Of
			of[to] = of[from]
		}
	}
}

// slowly reads what is left of the block, or else the next record.
func (p *parser) slowly() error {
	s, b := &p.split, &p.block
	if len(b.odd) == 0 {
		return p.slow()
	}
	at, line := s.at, s.line
	for _, row := range b.odd {
		s.at, s.line = int(b.starts[row]), b.lines[row]
		if err := p.slow(); err != nil {
			return err
		}
	}
	if !b.astray {
		s.at, s.line = at, line
	}
	return nil
}

// pass makes sure that the fields of a column that is not read are fields.
func (p *parser) pass(field int) {
	b := &p.block
	for row := range b.rows {
		if !p.whole(b.field(row, field)) {
			b.setOdd(row)
		}
	}
}

// readPatients takes identifiers that need no trimming.
func (p *parser) readPatients(field int, to []referral.Identity) {
	b, comma := &p.block, p.comma
	from, next := b.column(field)
	for row := range to {
		text := b.text[from[row] : next[row]-1]
		to[row] = referral.Identify(text)
		// Most are digits after at most two other bytes.
		n := len(text)
		if n >= 10 && n <= 18 && digits(text[2:]) && digits(text[n-8:]) && visible(text[0], comma) && visible(text[1], comma) {
			continue
		}
		ok := n > 0
		for _, c := range text {
			ok = ok && visible(c, comma)
		}
		if !ok {
			b.setOdd(row)
		}
	}
}

// visible reports whether a byte is an ASCII character that one sees, and no
// separator.
func visible(c, comma byte) bool { return c > ' ' && c < utf8.RuneSelf && c != comma }

// digits reports whether the first eight bytes are decimal digits.
func digits(text []byte) bool {
	w := binary.LittleEndian.Uint64(text)
	const high, zeros, sixes = 0xf0f0f0f0f0f0f0f0, 0x3030303030303030, 0x0606060606060606
	return w&high == zeros && (w+sixes)&high == zeros
}

// readYears takes years of four digits that are not all zero.
func readYears(b *block, field int, to []int16) {
	from, next := b.column(field)
	from, next = from[:len(to)], next[:len(to)]
	for row := range to {
		size := next[row] - from[row] - 1
		v := uint32(wordAt(b.text, int(from[row]))) - 0x30303030
		year := int16(v&15*1000 + v>>8&15*100 + v>>16&15*10 + v>>24&15)
		if (v|(v+0x06060606))&0xf0f0f0f0 != 0 || size != 4 || year == 0 {
			if year = 0; size != 0 {
				b.setOdd(row)
			}
		}
		to[row] = year
	}
}

func readSeq(b *block, field int, to []int32) {
	for row := range to {
		text := b.field(row, field)
		v := decimal(text)
		if to[row] = int32(v); len(text) > 9 || v < 1 && len(text) > 0 {
			b.setOdd(row)
		}
	}
}
