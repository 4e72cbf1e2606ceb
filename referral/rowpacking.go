// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"math/bits"
	"slices"
)

// packing says how rows are stored while a log is built. The first word of a row
// begins with the mixed identity, without the bits that the shard says. Rows of
// many batches have the same packing.
type packing struct {
	words  int        // for each row
	fields []bitfield // by column
	base   []int64    // of columns with numbers: v stands for base + v - 1, 0 for not given
	tables []codeTable
	moved  []column // columns that no table unpacks
}

// contents is what rows hold, for which a packing must have room.
type contents struct {
	numbers [evAttr]extent // by column, of those with numbers
	codes   []int          // by column: how many codes there are, 0 if none is given
	checked bool           // some identity has a second part
	layered bool           // some event is not of the patient layer
}

// numberColumns are the columns with numbers.
var numberColumns = [...]column{evSeq, evDay, evYear, evUntil, evLine}

func newContents(columns int) contents {
	c := contents{codes: make([]int, columns)}
	for i := range c.numbers {
		c.numbers[i] = newExtent()
	}
	return c
}

func (c *contents) join(o *contents) {
	for i, s := range o.numbers {
		c.numbers[i].join(s)
	}
	for i, n := range o.codes {
		c.codes[i] = max(c.codes[i], n)
	}
	c.checked = c.checked || o.checked
	c.layered = c.layered || o.layered
}

// widths gives the bits that columns need, without the line.
func (c *contents) widths() []int {
	out := make([]int, len(c.codes))
	for i, n := range c.codes {
		if n > 0 {
			out[i] = codeWidth(column(i), n)
		}
	}
	for _, i := range numberColumns {
		out[i] = width(c.numbers[i].codes())
	}
	if c.checked {
		out[evCheck] = 64
	}
	if c.layered {
		out[evLayer] = width(uint64(len(layerNames) - 1))
	}
	out[evLine] = 0
	return out
}

// lineBits holds any line.
const lineBits = 32

// newPacking gives a packing for what has been seen so far. If the lines seen
// need another word and those of the newest rows do not, it has room for these
// alone.
func newPacking(seen *contents, newest extent, windows bool) *packing {
	p := &packing{base: make([]int64, len(seen.codes))}
	widths := seen.widths()
	first := -1 // the widest column of codes that fits behind the identity
	for c, n := range widths {
		if column(c).coded() && n <= shardBits && n > 0 && (first < 0 || n > widths[first]) {
			first = c
		}
	}
	n := 0
	if first >= 0 {
		n, widths[first] = widths[first], 0
	}
	p.fields, p.words = place(widths)
	p.words++
	free := 0
	if p.words > 1 {
		free = 64
	}
	for c := range p.fields {
		if f := &p.fields[c]; f.mask != 0 {
			f.word++
			if int(f.word) == p.words-1 {
				free = min(free, int(f.shift))
			}
		}
	}
	if first >= 0 {
		p.fields[first] = bitfield{shift: uint8(shardBits - n), mask: 1<<n - 1}
	}
	p.placeLine(seen.numbers[evLine], newest, min(free, lineBits), windows)
	for _, c := range numberColumns[:len(numberColumns)-1] {
		if s := seen.numbers[c]; !s.empty() {
			p.base[c] = max(1, s.low-int64(p.fields[c].mask-s.codes())/2)
		}
	}
	return p
}

// minWindow is the least number of bits of a line with which other packings for
// later lines pay.
const minWindow = 18

func (p *packing) placeLine(seen, newest extent, free int, windows bool) {
	p.base[evLine] = 1
	switch {
	case width(seen.codes()) <= free:
		p.base[evLine] = seen.low
	case windows && free >= minWindow && width(newest.codes()) <= free:
		p.base[evLine] = newest.low
	default:
		free = lineBits
		p.words++
	}
	p.fields[evLine] = bitfield{word: uint8(p.words - 1), mask: 1<<free - 1}
	p.words = max(p.words, 2) // a row without anything
}

// fits reports whether there is room for the contents.
func (p *packing) fits(c *contents) bool {
	for _, i := range numberColumns {
		if s := c.numbers[i]; !s.empty() && (s.low < p.base[i] || uint64(s.high-p.base[i]) >= p.fields[i].mask) {
			return false
		}
	}
	for i, n := range c.codes {
		if n > 0 && codeWidth(column(i), n) > bits.Len64(p.fields[i].mask) {
			return false
		}
	}
	return (!c.checked || p.fields[evCheck].mask != 0) && (!c.layered || p.fields[evLayer].mask != 0)
}

// dealRows is the number of rows that are dealt over the shards at once: as many
// as stay in the cache of a processor, and enough for the rows of a shard to be
// read back in one go.
const dealRows = 1 << 16

// rowStore keeps packed rows.
type rowStore struct {
	packing *packing
	seen    contents
	windows int      // packings that were made for later lines
	rows    []uint64 // not yet dealt
	shard   []uint16 // of each of them
	parts   []*part
}

// part is rows that are dealt over the shards.
type part struct {
	*packing
	rows [groups][]uint64 // by shard
	at   []uint32         // rows at[k]:at[k+1] are in shard k
}

// run is the rows of a shard that are in one part.
type run struct {
	*packing
	rows []uint64
}

// run gives the rows of a shard.
func (p *part) run(k int) run {
	rows, first := p.rows[k/groupShards], p.at[k&^(groupShards-1)]
	return run{p.packing, rows[int(p.at[k]-first)*p.words : int(p.at[k+1]-first)*p.words]}
}

// maxWindows is the number of packings after which the next has room for any
// line: the lines are in no order.
const maxWindows = 64

// adapt makes sure that the packing has room for the rows that come next.
func (s *rowStore) adapt(next *contents) {
	if s.packing == nil {
		s.seen = newContents(len(next.codes))
	}
	s.seen.join(next)
	if s.packing != nil && s.packing.fits(next) {
		return
	}
	s.deal()
	s.windows++
	s.packing = newPacking(&s.seen, next.numbers[evLine], s.windows < maxWindows)
}

// extend makes room for some rows, and gives it.
func (s *rowStore) extend(n int) ([]uint64, []uint16) {
	if len(s.shard)+n > dealRows {
		s.deal()
	}
	from, words := len(s.shard), n*s.packing.words
	s.shard = slices.Grow(s.shard, n)[:from+n]
	s.rows = slices.Grow(s.rows, words)[:len(s.rows)+words]
	return s.rows[len(s.rows)-words:], s.shard[from:]
}

// deal sorts the rows by shard.
func (s *rowStore) deal() {
	var next [shards + 1]uint32
	for _, k := range s.shard {
		next[k]++
	}
	at := make([]uint32, shards+1)
	sum := uint32(0)
	for k := range shards {
		at[k] = sum
		sum, next[k] = sum+next[k], sum
	}
	at[shards] = sum
	if sum > 0 {
		s.parts = append(s.parts, s.part(at, next[:]))
	}
	s.rows, s.shard = s.rows[:0], s.shard[:0]
}

// part copies the rows to their places.
func (s *rowStore) part(at, next []uint32) *part {
	p := &part{packing: s.packing, at: at}
	for g := range p.rows {
		first := at[g*groupShards]
		p.rows[g] = make([]uint64, int(at[(g+1)*groupShards]-first)*p.words)
		for k := range groupShards {
			next[g*groupShards+k] -= first
		}
	}
	if p.words == 2 {
		for i, k := range s.shard {
			if k < noShard {
				to, n := p.rows[k/groupShards], next[k]*2
				next[k]++
				to[n], to[n+1] = s.rows[2*i], s.rows[2*i+1]
			}
		}
		return p
	}
	for i, k := range s.shard {
		if k < noShard {
			n := int(next[k]) * p.words
			next[k]++
			copy(p.rows[k/groupShards][n:n+p.words], s.rows[i*p.words:])
		}
	}
	return p
}
