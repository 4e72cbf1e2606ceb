// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"math"
	"slices"

	"github.com/oncoref/oncoref/network"
)

// packer checks the rows of a batch one by one and packs them. Its memory is
// used again.
type packer struct {
	*packing
	contents
	store   *rowStore
	in      *Batch
	layout  LogLayout
	links   []*link // by column; nil for one that is not given
	hash    []uint64
	shard   []uint16
	layer   []Layer
	rows    []uint64 // in the store
	notes   []note
	found   findings
	refused int
}

// note is a finding about a row that is taken, unless it is refused later.
type note struct {
	row      int
	fault    Fault
	decision Decision
}

func (p *packer) start(b *LogBuilder, in *Batch) {
	columns := int(evAttr) + len(b.c.Attributes)
	*p = packer{
		contents: newContents(columns), store: p.store, in: in, layout: b.c.Layout, links: make([]*link, columns),
		hash: slices.Grow(p.hash[:0], in.Len())[:in.Len()], shard: slices.Grow(p.shard[:0], in.Len())[:in.Len()],
		layer: p.layer[:0], notes: p.notes[:0], found: newFindings(),
	}
}

func (p *packer) refuse(row int, f Fault) {
	if p.shard[row] != noShard {
		p.shard[row] = noShard
		p.refused++
		p.found.add(f, Refused, p.in.Line[row])
	}
}

func (p *packer) note(row int, f Fault, d Decision) {
	p.notes = append(p.notes, note{row, f, d})
}

// pack checks the rows and stores those that are taken.
func (p *packer) pack() {
	if p.in.Len() == 0 {
		return
	}
	p.identities()
	p.layers()
	p.numbers[evLine] = extentOf(p.in.Line)
	p.numbers[evDay], p.numbers[evUntil] = extentOf(p.in.Date), extentOf(p.in.Until)
	p.numbers[evSeq], p.numbers[evYear] = extentOf(p.in.Seq), extentOf(p.in.Year)
	p.checkNumbers()
	p.store.adapt(&p.contents)
	p.packing = p.store.packing
	var shard []uint16
	p.rows, shard = p.store.extend(p.in.Len())
	p.packHashes()
	p.packNumbers()
	for c, codes := range p.in.texts {
		if p.links[c] != nil {
			p.packCodes(c, codes.Of)
		}
	}
	for _, m := range p.notes {
		if p.shard[m.row] != noShard {
			p.found.add(m.fault, m.decision, p.in.Line[m.row])
		}
	}
	copy(shard, p.shard)
}

// identities mixes the identities and finds the shards.
func (p *packer) identities() {
	var check uint64
	hash, shard := p.hash, p.shard
	for i, id := range p.in.Patient {
		h := mix(id.key)
		check |= id.check
		hash[i] = h
		shard[i] = uint16(h >> (64 - shardBits))
		if id.IsZero() {
			p.refuse(i, FaultPatient)
		}
	}
	p.checked = check != 0
}

// layers finds the layer of each row.
func (p *packer) layers() {
	if p.layout == LayoutTreatments {
		return
	}
	p.layer = slices.Grow(p.layer, p.in.Len())[:p.in.Len()]
	kinds := p.links[evKind]
	for i := range p.layer {
		l := LayerPatient
		if p.in.Layer != nil {
			l = p.in.Layer[i]
		}
		if l == LayerPatient && kinds != nil && int(p.in.Kind.Of[i]) < len(kinds.layers) {
			l = kinds.layers[p.in.Kind.Of[i]]
		}
		if int(l) >= len(layerNames) {
			p.refuse(i, FaultLayer)
			l = LayerPatient
		}
		p.layer[i] = l
		p.layered = p.layered || l != LayerPatient
	}
}

// untreated reports whether the row is about an untreated patient.
func (p *packer) untreated(row int) bool {
	return p.layout == LayoutTreatments &&
		(p.in.Kind.In == nil || p.in.Kind.Of[row] == codeEmpty) && (p.in.Hospital.In == nil || p.in.Hospital.Of[row] == codeEmpty)
}

// extentOf gives the range of the numbers that are above zero.
func extentOf[T int16 | int32 | uint32 | network.Date](v []T) extent {
	// One less, as a number without sign, is more than any of them for the others.
	low, high := uint64(math.MaxUint64), int64(0)
	for _, x := range v {
		n := int64(x)
		low, high = min(low, uint64(n)-1), max(high, n)
	}
	if high == 0 {
		return newExtent()
	}
	return extent{int64(low) + 1, high}
}

// checkNumbers refuses what is out of range; the ranges are then cut to what is
// accepted.
func (p *packer) checkNumbers() {
	last := int64(network.NewDate(9999, 12, 31))
	for i, d := range p.in.Date {
		if d <= 0 || int64(d) > last {
			if d != 0 {
				p.refuse(i, FaultDate)
			} else if !p.untreated(i) {
				p.note(i, FaultNoDate, Noted)
			}
		}
	}
	if p.in.Date == nil {
		for i := range p.in.Len() {
			if !p.untreated(i) {
				p.note(i, FaultNoDate, Noted)
			}
		}
	}
	for i, d := range p.in.Until {
		if d < 0 || int64(d) > last {
			p.refuse(i, FaultDate)
		}
		if d != 0 && p.in.Date != nil && d.Before(p.in.Date[i]) {
			p.refuse(i, FaultUntil)
		}
	}
	for i, s := range p.in.Seq {
		if s < 0 {
			p.refuse(i, FaultSeq)
		}
	}
	for i, y := range p.in.Year {
		if y != 0 && (y < firstYear || y > lastYear) {
			p.refuse(i, FaultYear)
		}
	}
	days, until, years := &p.numbers[evDay], &p.numbers[evUntil], &p.numbers[evYear]
	days.high, until.high, years.high = min(days.high, last), min(until.high, last), min(years.high, lastYear)
}

// packHashes begins all rows.
func (p *packer) packHashes() {
	n, stride, rows := len(p.hash), p.words, p.rows
	if stride > 2 {
		clear(rows)
	}
	for i, k := 0, 0; i < n && k+1 < len(rows); i, k = i+1, k+stride {
		rows[k], rows[k+1] = p.hash[i]<<shardBits, 0
	}
}

func (p *packer) packNumbers() {
	if f := p.fields[evCheck]; f.mask != 0 {
		for i, id := range p.in.Patient {
			p.rows[i*p.words+int(f.word)] = id.check
		}
	}
	if f := p.fields[evLayer]; f.mask != 0 {
		for i, l := range p.layer {
			p.rows[i*p.words+int(f.word)] |= uint64(l) << f.shift
		}
	}
	packColumn(p, evDay, p.in.Date)
	packColumn(p, evSeq, p.in.Seq)
	packColumn(p, evYear, p.in.Year)
	packColumn(p, evUntil, p.in.Until)
	packColumn(p, evLine, p.in.Line)
}

// packColumn packs the numbers of a column; those out of range belong to rows
// that are refused.
func packColumn[T int16 | int32 | uint32 | network.Date](p *packer, c column, v []T) {
	f := p.fields[c]
	if f.mask == 0 || len(v) == 0 {
		return
	}
	words, stride, shift := p.rows[f.word:], p.words, f.shift&63
	low := p.base[c] - 1
	for i, k := 0, 0; i < len(v) && k < len(words); i, k = i+1, k+stride {
		if x := v[i]; x > 0 {
			words[k] |= (uint64(int64(x)-low) & f.mask) << shift
		}
	}
}

// packCodes packs the codes of a column.
func (p *packer) packCodes(c column, of []uint32) {
	f := p.fields[c]
	codes := p.links[c].codes
	required := c == evHospital || c == evKind
	words, stride, shift := p.rows[f.word:], p.words, f.shift&63
	for i, k := 0, 0; i < len(of) && k < len(words); i, k = i+1, k+stride {
		m := markBad
		if v := int(of[i]); v < len(codes) {
			m = codes[v]
		}
		if m >= lowestMark || m == codeEmpty && required {
			m = p.marked(c, i, m)
		}
		words[k] |= uint64(m) << shift
	}
}

// marked says what is to be said about a code, and gives the one to keep.
func (p *packer) marked(c column, row int, m uint32) uint32 {
	switch {
	case m&markBad != 0:
		p.refuse(row, FaultText)
		return codeEmpty
	case m&markUnknown != 0:
		p.note(row, FaultHospital, Repaired)
	case m&markSplit != 0:
		p.note(row, FaultSplit, Repaired)
	case m&markMerged != 0:
		p.note(row, FaultMerged, Repaired)
	case m&markOther != 0:
		if p.kindTells(row) {
			p.note(row, FaultOtherKind, Noted)
		}
	case c == evHospital && !p.untreated(row) && (p.layout == LayoutTreatments || p.layer[row] != LayerStatus):
		p.note(row, FaultNoHospital, Repaired)
		return codeUnknown
	case c == evKind && p.layout == LayoutEvents && p.kindTells(row):
		p.refuse(row, FaultKind)
	case c == evKind && p.layout == LayoutTreatments && !p.untreated(row):
		p.note(row, FaultNoKind, Noted)
	}
	return m &^ marks
}

// kindTells reports whether nothing but the kind of an event says what it is: of
// the layers of the patient and of status, the layer does not.
func (p *packer) kindTells(row int) bool {
	return p.layer[row] == LayerPatient || p.layer[row] == LayerStatus
}
