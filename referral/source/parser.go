// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"unicode/utf8"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// parser turns chunks of text into rows. Most rows have fields in the usual
// form without quotes, which it reads eight bytes at a time. Any other row goes
// through a splitter, field by field; so does a chunk with quotes.
type parser struct {
	file  string
	comma byte
	rows  *rows
	split splitter
	stops uint64 // the separator in each byte
	steps []step
	ids   []referral.Identity // columns of rows.batch at full length
	lines []uint32
}

// step reads one field.
type step struct {
	role  role
	codes *codeCache
	days  *dayCache
	of    []uint32       // roles with codes
	date  []network.Date // roles with dates
	year  []int16
	seq   []int32
	layer []referral.Layer
}

func newParser(file string, comma byte, h *columns) *parser {
	p := &parser{file: file, comma: comma, rows: h.rows(), stops: uint64(comma) * ones}
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
			l, fault := m.text(text)
			return uint32(l), fault == ""
		}
	}
	r := p.rows
	return func(text []byte) (uint32, bool) {
		c, _ := codeMaker(r.codesAt(i).In, r.c, f.role).text(text)
		return c, p.sound(text)
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
	p.open(k.lines + 1)
	n := 0
	s := &p.split
	for s.at < len(k.text) {
		end, ok := p.fast(k.text, s.at, n)
		if ok {
			p.lines[n] = s.line
			n++
			s.at = end
			s.line++
			continue
		}
		p.rows.resize(n, true)
		err := p.slow()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		n = p.rows.n
		p.open(k.lines + 1)
	}
	p.rows.resize(n, true)
	return nil
}

// open makes room for n rows and finds the columns.
func (p *parser) open(n int) {
	p.rows.resize(n, false)
	b := &p.rows.batch
	p.ids, p.lines = b.Patient, b.Line
	for i := range p.steps {
		s := &p.steps[i]
		switch s.role {
		case roleDate:
			s.date = b.Date
		case roleUntil:
			s.date = b.Until
		case roleYear:
			s.year = b.Year
		case roleSeq:
			s.seq = b.Seq
		case roleLayer:
			s.layer = b.Layer
		case roleNone, rolePatient:
		default:
			s.of = p.rows.codesAt(i).Of
		}
	}
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

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// zeroByte marks the first byte of a word that is zero; bytes after it may be
// marked too.
func zeroByte(w uint64) uint64 { return (w - ones) &^ w & highs }

// fast reads the row at a place as row n, and gives the place of the next one.
// It is not ok for a row that is not in the usual form.
func (p *parser) fast(text []byte, at, n int) (int, bool) {
	padded := text[:len(text)+padding]
	last := len(p.steps) - 1
	for i := range p.steps {
		s := &p.steps[i]
		stops := p.stops
		if i == last {
			stops = '\n' * ones
		}
		if at >= len(text) {
			return 0, false
		}
		// The end of a field of up to eight bytes, by far the most frequent.
		word := binary.LittleEndian.Uint64(padded[at:])
		var size int
		if stop := zeroByte(word ^ stops); stop != 0 {
			size = bits.TrailingZeros64(stop) >> 3
		} else if stop := zeroByte(binary.LittleEndian.Uint64(padded[at+8:]) ^ stops); stop != 0 {
			size = 8 + bits.TrailingZeros64(stop)>>3
		} else if size = bytes.IndexByte(text[at:], byte(stops)); size < 0 {
			return 0, false
		}
		end := at + size
		if i == last && size > 0 && padded[end-1] == '\r' {
			size--
		}
		switch s.role {
		case roleNone:
			if !p.whole(padded[at : at+size]) {
				return 0, false
			}
		case rolePatient:
			id, ok := p.identify(padded[at : at+size])
			if !ok {
				return 0, false
			}
			p.ids[n] = id
		case roleDate, roleUntil:
			d, ok := s.days.date(padded[at:], word, size)
			if !ok {
				return 0, false
			}
			s.date[n] = d
		case roleYear:
			v := word - '0'*ones
			if size != 4 || (word&0xf0f0f0f0 != 0x30303030) || (v+0x76767676)&highs&0xffffffff != 0 {
				return 0, false
			}
			s.year[n] = int16(v&15*1000 + v>>8&15*100 + v>>16&15*10 + v>>24&15)
		case roleSeq:
			v := decimal(padded[at : at+size])
			if size == 0 || size > 9 || v < 1 {
				return 0, false
			}
			s.seq[n] = int32(v)
		default:
			c, ok := s.codes.find(word, size)
			if !ok {
				if c, ok = s.codes.code(padded[at:at+size], word, size); !ok {
					return 0, false
				}
			}
			if s.role == roleLayer {
				s.layer[n] = referral.Layer(c)
			} else {
				s.of[n] = c
			}
		}
		at = end + 1
	}
	return at, true
}

// identify takes identifiers that need no trimming.
func (p *parser) identify(text []byte) (referral.Identity, bool) {
	if len(text) == 0 {
		return referral.Identity{}, false
	}
	// Most are digits after at most two other bytes.
	check := text
	if n := len(text); n >= 10 && n <= 18 && digits(text[2:]) && digits(text[n-8:]) {
		check = text[:2]
	}
	for _, c := range check {
		if c <= ' ' || c >= utf8.RuneSelf || c == p.comma {
			return referral.Identity{}, false
		}
	}
	return referral.Identify(text), true
}

// digits reports whether the first eight bytes are decimal digits.
func digits(text []byte) bool {
	w := binary.LittleEndian.Uint64(text)
	const high, zeros, sixes = 0xf0f0f0f0f0f0f0f0, 0x3030303030303030, 0x0606060606060606
	return w&high == zeros && (w+sixes)&high == zeros
}

// maxCached is the number of texts that a cache remembers; others are looked up
// in the dictionary.
const maxCached = 1 << 16

// codeCache remembers the codes of texts, in a hash table with linear probing.
type codeCache struct {
	make    func(text []byte) (uint32, bool)
	entries []codeEntry // a power of two, at most a quarter in use
	shift   uint8
	n       int
	long    [][]byte // texts of more than eight bytes
}

type codeEntry struct {
	word uint64 // the first eight bytes, zeros behind a shorter text
	code uint32
	size uint16 // of the text; zero for a free entry
	long uint16 // place of a longer text
}

func newCodeCache(find func(text []byte) (uint32, bool)) *codeCache {
	c := &codeCache{make: find, entries: make([]codeEntry, 128)}
	c.grow()
	return c
}

func (c *codeCache) place(word uint64, size int) uint64 {
	return (word ^ uint64(size)) * 0x9e3779b97f4a7c15 >> (c.shift & 63)
}

// sizeMask keeps the first bytes of a word.
var sizeMask = [9]uint64{
	0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, 0xffffffffffffffff,
}

// find looks for a text of at most eight bytes at its usual place only; it is
// small enough to be inlined.
func (c *codeCache) find(word uint64, size int) (uint32, bool) {
	if size > 8 {
		return 0, false
	}
	word &= sizeMask[size]
	e := &c.entries[c.place(word, size)&uint64(len(c.entries)-1)]
	return e.code, e.word == word && int(e.size) == size
}

// code gives the code of a text whose first bytes are in word.
func (c *codeCache) code(text []byte, word uint64, size int) (uint32, bool) {
	word &= sizeMask[min(size, 8)]
	mask := uint64(len(c.entries) - 1)
	for i := c.place(word, size); ; i++ {
		e := &c.entries[i&mask]
		if e.word == word && int(e.size) == size && (size <= 8 || bytes.Equal(text, c.long[e.long])) {
			return e.code, true
		}
		if e.size == 0 {
			return c.miss(text, word, size)
		}
	}
}

// miss finds the code of a new text, and remembers it.
func (c *codeCache) miss(text []byte, word uint64, size int) (uint32, bool) {
	code, ok := c.make(text)
	if !ok || size > math.MaxUint16 || c.n >= maxCached {
		return code, ok
	}
	if c.n++; 4*c.n > len(c.entries) {
		c.grow()
	}
	e := codeEntry{word: word, code: code, size: uint16(size)}
	if size > 8 {
		e.long = uint16(len(c.long))
		c.long = append(c.long, bytes.Clone(text))
	}
	c.insert(e)
	return code, true
}

func (c *codeCache) insert(e codeEntry) {
	mask := uint64(len(c.entries) - 1)
	i := c.place(e.word, int(e.size))
	for c.entries[i&mask].size != 0 {
		i++
	}
	c.entries[i&mask] = e
}

func (c *codeCache) grow() {
	old := c.entries
	c.entries = make([]codeEntry, 2*len(old))
	c.shift = uint8(64 - bits.TrailingZeros(uint(len(c.entries))))
	for _, e := range old {
		if e.size != 0 {
			c.insert(e)
		}
	}
}

// dayCache remembers the first days of months, by the last two digits of the
// year and the month.
type dayCache struct {
	entries [100 << 4]monthEntry
}

type monthEntry struct {
	month uint64 // as in 2021-12-, with the dashes
	first network.Date
	days  int32
}

// date reads a date like 2021-12-31 whose first eight bytes are in word; empty is
// the zero Date. It is not ok for a date in another form, or one that does not
// exist.
func (c *dayCache) date(text []byte, word uint64, size int) (network.Date, bool) {
	if size == 0 {
		return 0, true
	}
	if size != 10 {
		return 0, false
	}
	at := (word>>16&15*10+word>>24&15)<<4 + (word>>40&1*10+word>>48&15)&15
	if at >= uint64(len(c.entries)) {
		return 0, false
	}
	e := &c.entries[at]
	if e.month != word && !e.find(text, word) {
		return 0, false
	}
	tens, units := text[8]-'0', text[9]-'0'
	day := int32(tens)*10 + int32(units)
	if tens > 9 || units > 9 || day < 1 || day > e.days {
		return 0, false
	}
	return e.first + network.Date(day-1), true
}

// find sets the entry to the month that a date begins with.
func (e *monthEntry) find(text []byte, word uint64) bool {
	first, ok := parseDate(append(text[:8:8], "01"...))
	if !ok || text[4] != '-' || text[7] != '-' {
		return false
	}
	*e = monthEntry{month: word, first: first, days: int32(daysIn(decimal(text[:4]), decimal(text[5:7])))}
	return true
}
