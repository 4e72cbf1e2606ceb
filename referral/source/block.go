// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
)

// Blocks are small enough that their text and the places of their fields stay in
// the nearest cache of a processor.
const (
	blockRows   = 1 << 10
	blockPlaces = 1 << 14
)

// block is some rows of a text without quotes, cut into fields. A row that turns
// out to be in another form, or to be no row at all, is odd.
type block struct {
	spans  []span
	text   []byte   // of the chunk, with its padding
	starts []uint32 // by column: where each field begins; the last column is where another one would
	next   []uint32 // where the next row begins
	lines  []uint32
	rows   int
	odd    []int  // rows, in order
	astray bool   // the last odd row does not end where it was cut
	marked []bool // rows that are odd
	marks  int
}

// span finds the end of the fields of a column.
type span struct {
	stop  byte
	stops uint64 // in each byte
	usual int    // the size that a field is taken to have if the separator is there
}

const (
	steady  = 32            // fields of one size in a row make it the usual one
	unusual = math.MaxInt32 // no size is usual
)

func newBlock(fields int, comma byte) block {
	rows := max(1, min(blockRows, blockPlaces/(fields+1)))
	b := block{
		spans: make([]span, fields), starts: make([]uint32, rows*(fields+1)),
		next: make([]uint32, rows), lines: make([]uint32, rows), marked: make([]bool, rows),
	}
	for i := range b.spans {
		b.spans[i] = span{stop: comma, stops: uint64(comma) * ones, usual: unusual}
	}
	last := &b.spans[fields-1]
	last.stop, last.stops = '\n', '\n'*ones
	return b
}

// cut finds the fields of the next rows. It stops before a row that the text
// does not have the end of.
//
// Most columns have fields of one size. That a separator stands behind as many
// bytes is no proof that none stands before, but shows the place without
// waiting for a search; who reads the field sees what is in it.
func (b *block) cut(text []byte, s *splitter) {
	b.learn()
	b.text, b.rows, b.odd, b.astray = text[:len(text)+padding], 0, b.odd[:0], false
	spans, starts, stride := b.spans, b.starts, len(b.lines)
	for b.rows < len(b.lines) && s.at < len(text) {
		at := s.at
		if c := text[at]; c == '\n' || c == '\r' && b.text[at+1] == '\n' {
			s.at += 1 + int(c&1) // a carriage return is odd
			s.line++
			continue
		}
		place := b.rows
		for i := range spans {
			f := &spans[i]
			starts[place] = uint32(at)
			place += stride
			end := at + f.usual
			if end >= len(text) || text[end] != f.stop {
				f.usual = unusual
				size := near(b.text, at, f.stops)
				if size == wordSize {
					if size = bytes.IndexByte(text[at:], f.stop); size < 0 {
						return
					}
				}
				end = at + size
			}
			at = end + 1
		}
		starts[place] = uint32(at)
		if text[at-2] == '\r' {
			starts[place]--
		}
		b.next[b.rows], b.lines[b.rows] = uint32(at), s.line
		b.rows++
		s.at = at
		s.line++
	}
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// zeroByte marks the first byte of a word that is zero; bytes after it may be
// marked too.
func zeroByte(w uint64) uint64 { return (w - ones) &^ w & highs }

const wordSize = 8 // bytes

// near gives the number of bytes before a byte that is eight times in stops;
// wordSize if it is not among the first ones.
func near(text []byte, at int, stops uint64) int {
	return bits.TrailingZeros64(zeroByte(binary.LittleEndian.Uint64(text[at:])^stops)) >> 3
}

// learn finds the columns of which the last fields had the same size.
func (b *block) learn() {
	if b.rows < steady {
		return
	}
	for i := range b.spans {
		if f := &b.spans[i]; f.usual == unusual {
			from, next := b.column(i)
			if i == len(b.spans)-1 {
				next = b.next[:b.rows] // with the carriage return
			}
			from, next = from[b.rows-steady:], next[b.rows-steady:]
			size := next[0] - from[0]
			same := true
			for row := range from {
				same = same && next[row]-from[row] == size
			}
			if same {
				f.usual = int(size) - 1
			}
		}
	}
}

// column gives the places where the fields of a column begin, and where those of
// the next one do.
func (b *block) column(field int) (from, next []uint32) {
	k := field * len(b.lines)
	return b.starts[k:][:b.rows], b.starts[k+len(b.lines):][:b.rows]
}

// field gives the text of a field.
func (b *block) field(row, field int) []byte {
	k := field*len(b.lines) + row
	return b.text[b.starts[k] : b.starts[k+len(b.lines)]-1]
}

func (b *block) setOdd(row int) {
	if !b.marked[row] {
		b.marked[row] = true
		b.marks++
	}
}

// settle lists the odd rows. If one of them does not end where it was cut, the
// block ends there.
func (b *block) settle() {
	if b.marks == 0 {
		return
	}
	for row, odd := range b.marked[:b.rows] {
		if !odd || b.astray {
			continue
		}
		b.odd = append(b.odd, row)
		text := b.text[b.starts[row]:b.next[row]]
		if bytes.IndexByte(text, '\n') != len(text)-1 {
			b.astray, b.rows = true, row+1
		}
	}
	clear(b.marked)
	b.marks = 0
}
