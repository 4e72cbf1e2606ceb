// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"math/bits"
	"slices"
)

// codeTable unpacks neighboring columns of codes at once: it has what they are
// in the log for all of their codes in a part.
type codeTable struct {
	word, shift uint8    // of the columns in the part
	bits        int      // of all of them
	to          uint8    // word in the log
	values      []uint64 // in place in that word
}

// maxTableBits keeps the tables in the nearest cache of a processor.
const maxTableBits = 11

// setTables gives all parts the tables of their columns. Most have them at the
// same places, and share the tables.
func (b *LogBuilder) setTables(s *schema, ranks [][]uint32) {
	var made []*part
	for _, p := range b.parts {
		i := slices.IndexFunc(made, func(o *part) bool { return slices.Equal(o.fields, p.fields) })
		if i >= 0 {
			p.tables = made[i].tables
			continue
		}
		p.tables = s.tables(p.fields, ranks)
		made = append(made, p)
	}
}

// tables gives the tables for rows with columns at some places.
func (s *schema) tables(fields []bitfield, ranks [][]uint32) []codeTable {
	var out []codeTable
	for c := range s.fields {
		from, to, n := fields[c], s.fields[c], bits.Len64(fields[c].mask)
		if c := column(c); from.mask == 0 || to.mask == 0 || !c.coded() || n > maxTableBits {
			continue
		}
		t := codeTable{values: []uint64{0}}
		if last := len(out) - 1; last >= 0 && out[last].joins(from, to) {
			t, out = out[last], out[:last]
		}
		out = append(out, codeTable{
			word: from.word, shift: from.shift, bits: t.bits + n, to: to.word,
			values: extend(t.values, ranks[familyOf(column(c))], n, to.shift),
		})
	}
	return out
}

// joins reports whether a column that comes next fits into the same table.
func (t *codeTable) joins(from, to bitfield) bool {
	n := bits.Len64(from.mask)
	return t.word == from.word && t.to == to.word && int(t.shift) == int(from.shift)+n && t.bits+n <= maxTableBits
}

// extend adds a column of n bits to the values of a table.
func extend(values []uint64, rank []uint32, n int, shift uint8) []uint64 {
	out := make([]uint64, len(values)<<n)
	for i := range out {
		out[i] = values[i>>n]
		if c := i & (1<<n - 1); c < len(rank) {
			out[i] |= uint64(rank[c]) << (shift & 63)
		}
	}
	return out
}

// move unpacks the columns from every step-th word of src into every stride-th
// of dst.
func (t *codeTable) move(src []uint64, step int, dst []uint64, stride int) {
	values, shift, mask := t.values, t.shift, uint64(len(t.values)-1)
	for i, j := 0, 0; i < len(src) && j < len(dst); i, j = i+step, j+stride {
		dst[j] |= values[src[i]>>(shift&63)&mask]
	}
}
