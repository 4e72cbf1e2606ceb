// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"cmp"
	"math/bits"
	"slices"
)

// plainRow is a row on its way into a shard, as item is, of a log whose events
// take one word and leave its lowest bits free: these are the place of the row.
type plainRow struct {
	hash uint64 // without the bits of the shard
	word uint64
}

// plainRules is what tells plain patients from others: those with one treated
// case of which all rows agree and none repeats another. They are nearly
// everybody in the layout of treatments.
type plainRules struct {
	cases  uint64 // bits that are the same in all rows of a case
	some   uint64 // bits of which one is set in a treatment
	tumor  uint64 // bits of which one is set if there is a tumor; all if the log has none
	origin bitfield
	free   int // number of lowest bits that no column has
}

// newPlainRules gives the rules; not ok if no patient of the log is plain.
func (s *schema) newPlainRules() (plainRules, bool) {
	if s.layout != LayoutTreatments || s.cases == 0 || s.fields[evSeq].mask != 0 {
		return plainRules{}, false
	}
	kind, hospital, tumor := s.fields[evKind], s.fields[evHospital], s.fields[evTumor]
	r := plainRules{
		cases: s.cases, some: kind.mask<<kind.shift | hospital.mask<<hospital.shift,
		tumor: tumor.mask << tumor.shift, origin: s.fields[evOther], free: 64,
	}
	if tumor.mask == 0 {
		r.tumor = ^uint64(0)
	}
	for _, f := range s.fields {
		if f.mask != 0 {
			r.free = min(r.free, int(f.shift))
		}
	}
	return r, true
}

// first reports whether a plain patient can begin with a row.
func (r *plainRules) first(word uint64) bool {
	return known(word>>(r.origin.shift&63)&r.origin.mask) && word&r.some != 0 && word&r.tumor != 0
}

// plainShard makes a shard of which most patients are plain. It reports whether
// it did: that the log is such a log.
func (k *checker) plainShard(rows int) bool {
	k.placeBits = bits.Len(uint(rows))
	if !k.mayBePlain || k.placeBits > k.plainRules.free {
		return false
	}
	k.plainGather(rows)
	from := uint32(0)
	for _, to := range k.groupEnds {
		if to-from > fewRows || !k.fewPlain(k.plainRows[from:from+fewRows], int(to-from)) {
			k.plainGroup(k.plainRows[from:to])
		}
		from = to
	}
	return true
}

// fewRows is the most rows that fewPlain takes.
const fewRows = 4

// plainGather does what gather does, and finds the ends of the groups that have
// rows.
func (k *checker) plainGather(rows int) {
	right := k.countGroups(bits.Len(uint(rows)))
	k.groupEnds = slices.Grow(k.groupEnds[:0], rows+1)[:rows+1]
	sum, n := uint32(0), uint32(0)
	for i, c := range k.count {
		k.count[i] = sum
		sum += c
		k.groupEnds[n] = sum
		n += min(c, 1)
	}
	k.groupEnds = k.groupEnds[:n]
	k.plainRows = slices.Grow(k.plainRows[:0], rows+fewRows)[:rows+fewRows]
	at := 0
	for _, r := range k.runs {
		dst := k.row[at:][:len(r.rows)/r.words]
		k.unpack(r, dst)
		for i, j := 0, 0; i < len(r.rows) && j < len(dst); i, j = i+r.words, j+1 {
			h := r.rows[i]
			g := h >> (right & 63)
			k.plainRows[k.count[g]] = plainRow{hash: h >> shardBits, word: dst[j] | uint64(at+j)}
			k.count[g]++
		}
		at += len(dst)
	}
}

// fewPlain takes a group of n rows if they are of one plain patient. It looks at
// as many as it takes at most, and does so without a choice that depends on n,
// which a processor cannot foresee.
func (k *checker) fewPlain(rows []plainRow, n int) bool {
	_ = rows[fewRows-1]
	// All bits of a row that does not belong to the group are set.
	off1, off2, off3 := uint64(int64(n-2)>>63), uint64(int64(n-3)>>63), uint64(int64(n-4)>>63)
	h := rows[0].hash
	if (rows[1].hash^h)&^off1|(rows[2].hash^h)&^off2|(rows[3].hash^h)&^off3 != 0 {
		return false
	}
	a, b, c, d := rows[0].word, rows[1].word|off1, rows[2].word|off2, rows[3].word|off3
	differ := (a^b)&^off1 | (a^c)&^off2 | (a^d)&^off3
	a, b = min(a, b), max(a, b)
	c, d = min(c, d), max(c, d)
	a, c = min(a, c), max(a, c)
	b, d = min(b, d), max(b, d)
	b, c = min(b, c), max(b, c)
	// Rows that do not belong to the group are last.
	place := uint64(1)<<k.placeBits - 1
	if differ&k.plainRules.cases != 0 || (a^b|off1) <= place || (b^c|off2) <= place || (c^d|off3) <= place || !k.plainRules.first(a) {
		return false
	}
	out := k.out.events
	end := len(out)
	to := out[end : end+fewRows]
	to[0], to[1], to[2], to[3] = a&^place, b&^place, c&^place, d&^place
	k.out.events = out[:end+n]
	k.plainEnd()
	return true
}

// plainEnd ends a plain patient.
func (k *checker) plainEnd() {
	k.out.start = append(k.out.start, uint32(len(k.out.events)))
	k.patients++
	k.ends.cases++
	k.ends.treated++
}

// plainGroup sorts the rows of a group, and takes all its patients.
func (k *checker) plainGroup(rows []plainRow) {
	if len(rows) > smallGroup {
		slices.SortFunc(rows, comparePlain)
	} else {
		sortPlain(rows)
	}
	for i := 0; i < len(rows); {
		j := i + 1
		for j < len(rows) && rows[j].hash == rows[i].hash {
			j++
		}
		k.plainPatient(rows[i:j])
		i = j
	}
}

// plainPatient takes the sorted rows of a patient.
func (k *checker) plainPatient(rows []plainRow) {
	first, place := rows[0].word, uint64(1)<<k.placeBits-1
	plain := k.plainRules.first(first)
	for i, r := range rows[1:] {
		plain = plain && (r.word^first)&k.plainRules.cases == 0 && r.word^rows[i].word > place
	}
	if plain {
		for _, r := range rows {
			k.out.events = append(k.out.events, r.word&^place)
		}
		k.plainEnd()
		return
	}
	k.items = k.items[:0]
	for _, r := range rows {
		k.items = append(k.items, item{hash: r.hash | k.shardBits, word: r.word &^ place, at: uint32(r.word & place)})
	}
	slices.SortFunc(k.items, k.compare) // copies by their lines
	k.take(k.items)
}

func comparePlain(a, b plainRow) int {
	return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.word, b.word))
}

// sortPlain sorts few rows.
func sortPlain(rows []plainRow) {
	for i := 1; i < len(rows); i++ {
		x := rows[i]
		j := i
		for j > 0 && (x.hash < rows[j-1].hash || x.hash == rows[j-1].hash && x.word < rows[j-1].word) {
			rows[j] = rows[j-1]
			j--
		}
		rows[j] = x
	}
}
