// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/bits"
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// maxCached is the number of texts that a cache remembers; others are looked up
// in the dictionary.
const maxCached = 1 << 16

// codeCache remembers the codes of texts, in a hash table with linear probing.
type codeCache struct {
	make    func(text []byte) (uint32, bool)
	entries []codeEntry // a power of two, at most a quarter in use
	spread  uint64      // factor of the hash
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

// What is found at its first place costs much less than what is not, because a
// processor cannot foresee which texts are not. So a small table has much space,
// and of some factors takes the one that makes the fewest texts collide.
const (
	golden    = 0x9e3779b97f4a7c15 // 2^64 divided by the golden ratio; powers of it are the factors
	factors   = 24
	smallSize = 1 << 8 // most texts in a small table
	smallFree = 16     // entries for each of them
)

func newCodeCache(find func(text []byte) (uint32, bool)) *codeCache {
	c := &codeCache{make: find, spread: golden}
	c.fill(nil, 256)
	return c
}

func (c *codeCache) place(word uint64, size int) uint64 {
	return (word ^ uint64(size)) * c.spread >> (c.shift & 63)
}

// sizeMask keeps the first bytes of a word, by the size of a text of at most
// eight bytes.
var sizeMask = [16]uint64{
	0, 0xff, 0xffff, 0xffffff, 0xffffffff, 0xffffffffff, 0xffffffffffff, 0xffffffffffffff, 0xffffffffffffffff,
}

// readCodes sets a column to the codes of the fields of a block.
func readCodes[T uint32 | referral.Layer](b *block, field int, c *codeCache, to []T) {
	from, next := b.column(field)
	for row := 0; ; row++ {
		row += findCodes(b.text, from[row:], next[row:], c, to[row:])
		if row >= len(to) {
			return
		}
		if b.marked[row] { // what stands here may be another field
			continue
		}
		text := b.field(row, field)
		code, ok := c.code(text, binary.LittleEndian.Uint64(b.text[from[row]:]), len(text))
		to[row] = T(code)
		if !ok {
			b.setOdd(row)
		}
	}
}

// findCodes sets codes as long as texts have at most eight bytes and are in their
// first place, and gives the number of rows.
func findCodes[T uint32 | referral.Layer](text []byte, from, next []uint32, c *codeCache, to []T) int {
	entries, spread, shift := c.entries, c.spread, c.shift
	from, next = from[:len(to)], next[:len(to)]
	for row := range to {
		at := from[row]
		size := next[row] - at - 1
		if size > 8 {
			return row
		}
		word := wordAt(text, int(at)) & sizeMask[size]
		e := &entries[(word^uint64(size))*spread>>(shift&63)]
		if e.word != word || uint32(e.size) != size {
			return row
		}
		to[row] = T(e.code)
	}
	return len(to)
}

// wordAt gives eight bytes of a text, the first in the lowest byte.
func wordAt(text []byte, at int) uint64 {
	_ = text[at+7]
	return uint64(text[at]) | uint64(text[at+1])<<8 | uint64(text[at+2])<<16 | uint64(text[at+3])<<24 |
		uint64(text[at+4])<<32 | uint64(text[at+5])<<40 | uint64(text[at+6])<<48 | uint64(text[at+7])<<56
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
	c.n++
	e := codeEntry{word: word, code: code, size: uint16(size)}
	if size > 8 {
		e.long = uint16(len(c.long))
		c.long = append(c.long, bytes.Clone(text))
	}
	switch free := c.entries[c.place(word, size)].size == 0; {
	case c.n <= smallSize && (!free || 4*c.n > len(c.entries)):
		c.rebuild(e)
	case 4*c.n > len(c.entries):
		c.fill(append(slices.Clone(c.entries), e), 2*len(c.entries))
	default:
		c.insert(e)
	}
	return code, true
}

// rebuild makes a small table anew, with one more entry.
func (c *codeCache) rebuild(e codeEntry) {
	all, size := append(slices.Clone(c.entries), e), 1<<bits.Len(uint(smallFree*c.n))
	best, fewest := c.spread, len(all)
	c.spread = golden
	for range factors {
		if n := c.fill(all, size); n < fewest {
			best, fewest = c.spread, n
		}
		if fewest == 0 {
			return
		}
		c.spread *= golden
	}
	c.spread = best
	c.fill(all, size)
}

// fill makes a table of some size, and gives the number of entries that are not
// in their first place.
func (c *codeCache) fill(all []codeEntry, size int) int {
	if len(c.entries) == size {
		clear(c.entries)
	} else {
		c.entries = make([]codeEntry, size)
	}
	c.shift = uint8(64 - bits.TrailingZeros(uint(size)))
	moved := 0
	for _, e := range all {
		if e.size != 0 {
			moved += c.insert(e)
		}
	}
	return moved
}

// insert puts an entry at the first free place; it returns 1 if that is not its
// own.
func (c *codeCache) insert(e codeEntry) int {
	mask := uint64(len(c.entries) - 1)
	i := c.place(e.word, int(e.size))
	moved := 0
	for c.entries[i&mask].size != 0 {
		i++
		moved = 1
	}
	c.entries[i&mask] = e
	return moved
}

// dayCache remembers the first days of months, by the last two digits of the
// year and the month.
type dayCache struct {
	entries [(15*10 + 16) << 4]monthEntry // for any bits, of which dates use 100<<4
}

type monthEntry struct {
	month uint64 // as in 2021-12-, with the dashes
	first network.Date
	days  int32
}

// read sets a column to the dates of the fields of a block.
func (c *dayCache) read(b *block, field int, to []network.Date) {
	from, next := b.column(field)
	for row := 0; ; row++ {
		row += c.findDates(b.text, from[row:], next[row:], to[row:])
		if row >= len(to) {
			return
		}
		text := b.field(row, field)
		d, ok := parseDate(text)
		if to[row] = d; !ok {
			b.setOdd(row)
		} else if len(text) == 10 {
			c.learn(text)
		}
	}
}

// findDates sets dates as long as they are like 2021-12-31 and in known months,
// and gives the number of rows.
func (c *dayCache) findDates(text []byte, from, next []uint32, to []network.Date) int {
	from, next = from[:len(to)], next[:len(to)]
	for row := range to {
		at := int(from[row])
		word := wordAt(text, at)
		// A word that is no date finds an entry too, but not one with itself.
		e := &c.entries[placeOfMonth(word)]
		tens, units := text[at+8]-'0', text[at+9]-'0'
		day := int32(tens)*10 + int32(units)
		if e.month != word || next[row]-from[row] != 11 || tens > 9 || units > 9 || day-1 < 0 || day > e.days {
			return row
		}
		to[row] = e.first + network.Date(day-1)
	}
	return len(to)
}

func placeOfMonth(word uint64) uint64 {
	return (word>>16&15*10+word>>24&15)<<4 + (word>>40&1*10+word>>48&15)&15
}

// learn remembers the month that a date begins with.
func (c *dayCache) learn(date []byte) {
	if date[4] != '-' || date[7] != '-' {
		return
	}
	word := wordAt(date, 0)
	first, _ := parseDate(append(date[:8:8], "01"...))
	c.entries[placeOfMonth(word)] = monthEntry{month: word, first: first, days: int32(daysIn(decimal(date[:4]), decimal(date[5:7])))}
}
