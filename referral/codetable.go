// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"cmp"
	"math/bits"
	"slices"
)

// codeTable unpacks neighboring columns of few bits at once: it has what they are
// in the log for all that can stand there in rows of a packing.
type codeTable struct {
	word, shift uint8    // of the columns in the row
	bits        int      // of all of them
	to          uint8    // word in the log
	values      []uint64 // in place in that word
}

// maxTableBits keeps the tables in the nearest cache of a processor.
const maxTableBits = 11

// setTables gives all packings the tables of their columns.
func (b *LogBuilder) setTables(s *schema, ranks [][]uint32) {
	for _, p := range b.parts {
		if p.tables == nil {
			s.setTables(p.packing, ranks)
		}
	}
}

// setTables finds out how to unpack rows.
func (s *schema) setTables(p *packing, ranks [][]uint32) {
	var columns []column // as they stand in the words
	for c, f := range s.fields {
		switch n := bits.Len64(p.fields[c].mask); {
		case f.mask == 0:
		case n > 0 && n <= maxTableBits && column(c) != evCheck:
			columns = append(columns, column(c))
		default:
			p.moved = append(p.moved, column(c))
		}
	}
	slices.SortFunc(columns, func(a, b column) int {
		x, y := p.fields[a], p.fields[b]
		return cmp.Or(cmp.Compare(x.word, y.word), cmp.Compare(y.shift, x.shift))
	})
	p.tables = []codeTable{}
	for _, c := range columns {
		from, to := p.fields[c], s.fields[c]
		t := codeTable{values: []uint64{0}}
		if last := len(p.tables) - 1; last >= 0 && p.tables[last].joins(from, to) {
			t, p.tables = p.tables[last], p.tables[:last]
		}
		n := bits.Len64(from.mask)
		p.tables = append(p.tables, codeTable{
			word: from.word, shift: from.shift, bits: t.bits + n, to: to.word,
			values: extend(t.values, s.meanings(c, p, ranks), to.shift),
		})
	}
}

// meanings gives what the log has for each code of a column of a packing.
func (s *schema) meanings(c column, p *packing, ranks [][]uint32) []uint64 {
	out := make([]uint64, p.fields[c].mask+1)
	for x := range out {
		switch {
		case !c.coded() && c != evLayer:
			out[x] = s.numberCode(c, p, uint64(x)) & s.fields[c].mask
		case c == evLayer:
			out[x] = uint64(x)
		default:
			if rank := ranks[familyOf(c)]; x < len(rank) {
				out[x] = uint64(rank[x])
			}
		}
	}
	return out
}

// numberCode gives the code in the log of a number in a packing.
func (s *schema) numberCode(c column, p *packing, x uint64) uint64 {
	if x == 0 {
		return s.numbers[c].codes()
	}
	return x + uint64(p.base[c]-1-s.numbers[c].low)
}

// joins reports whether a column that comes next fits into the same table.
func (t *codeTable) joins(from, to bitfield) bool {
	n := bits.Len64(from.mask)
	return t.word == from.word && t.to == to.word && int(t.shift) == int(from.shift)+n && t.bits+n <= maxTableBits
}

// extend adds a column to the values of a table.
func extend(values, column []uint64, shift uint8) []uint64 {
	out := make([]uint64, 0, len(values)*len(column))
	for _, v := range values {
		for _, x := range column {
			out = append(out, v|x<<(shift&63))
		}
	}
	return out
}

// start does what move does for events of one word, whatever was there before.
// Both stay functions of their own because the loop needs the registers.
//
//go:noinline
func (t *codeTable) start(src []uint64, step int, dst []uint64) {
	values, shift, mask := t.values, t.shift, uint64(len(t.values)-1)
	for i, j := 0, 0; i < len(src) && j < len(dst); i, j = i+step, j+1 {
		dst[j] = values[src[i]>>(shift&63)&mask]
	}
}

// move unpacks the columns from every step-th word of src into every stride-th
// of dst.
//
//go:noinline
func (t *codeTable) move(src []uint64, step int, dst []uint64, stride int) {
	values, shift, mask := t.values, t.shift, uint64(len(t.values)-1)
	for i, j := 0, 0; i < len(src) && j < len(dst); i, j = i+step, j+stride {
		dst[j] |= values[src[i]>>(shift&63)&mask]
	}
}
