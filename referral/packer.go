// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"slices"

	"github.com/oncoref/oncoref/network"
)

// packer checks the rows of a batch one by one and packs them. Its memory is
// used again.
type packer struct {
	in                    *Batch
	layout                LogLayout
	links                 []*link // by column; nil for one that is not given
	codes                 []int   // by column: how many codes there are
	hash                  []uint64
	shard                 []uint16
	layer                 []Layer
	kind                  []uint32
	words                 []uint64
	width                 int // words for each row, without the hash
	fields                []bitfield
	base                  []int64
	notes                 []note
	found                 findings
	refused               int
	day, seq, year, until extent
	lines                 extent
	checked, layered      bool
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
		in: in, layout: b.c.Layout, links: make([]*link, columns), codes: make([]int, columns),
		hash: slices.Grow(p.hash[:0], in.Len())[:in.Len()], shard: slices.Grow(p.shard[:0], in.Len())[:in.Len()],
		layer: p.layer[:0], kind: p.kind[:0], words: p.words, notes: p.notes[:0], found: newFindings(),
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

// pack returns the rows that are taken; nil if none is.
func (p *packer) pack() *part {
	p.identities()
	p.layers()
	n := p.in.Len()
	p.lines = extentOf(p.in.Line)
	p.day, p.until, p.seq, p.year = extentOf(p.in.Date), extentOf(p.in.Until), extentOf(p.in.Seq), extentOf(p.in.Year)
	p.checkNumbers()
	widths := make([]int, len(p.codes))
	if p.checked {
		widths[evCheck] = 64
	}
	if p.layered {
		widths[evLayer] = width(uint64(len(layerNames) - 1))
	}
	for c, s := range p.numbers {
		widths[c] = width(s.codes())
	}
	for c := range p.in.texts {
		if p.links[c] != nil {
			widths[c] = codeWidth(c, p.codes[c])
		}
	}
	p.fields, p.width = place(widths)
	p.base = make([]int64, len(widths))
	p.words = slices.Grow(p.words[:0], n*p.width)[:n*p.width]
	clear(p.words)
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
	return p.deal()
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
	var low, high T
	for _, x := range v {
		if x > high {
			high = x
		}
		if x > 0 && (x < low || low == 0) {
			low = x
		}
	}
	if high == 0 {
		return newExtent()
	}
	return extent{int64(low), int64(high)}
}

// numbers gives the columns of numbers with their ranges.
func (p *packer) numbers(yield func(column, extent) bool) {
	_ = yield(evDay, p.day) && yield(evSeq, p.seq) && yield(evYear, p.year) && yield(evUntil, p.until) && yield(evLine, p.lines)
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
	p.day.high, p.until.high, p.year.high = min(p.day.high, last), min(p.until.high, last), min(p.year.high, lastYear)
}

func (p *packer) packNumbers() {
	if f := p.fields[evCheck]; f.mask != 0 {
		for i, id := range p.in.Patient {
			p.words[i*p.width+int(f.word)] = id.check
		}
	}
	if f := p.fields[evLayer]; f.mask != 0 {
		for i, l := range p.layer {
			p.words[i*p.width+int(f.word)] |= uint64(l) << f.shift
		}
	}
	p.base[evDay] = packColumn(p, evDay, p.in.Date, p.day)
	p.base[evSeq] = packColumn(p, evSeq, p.in.Seq, p.seq)
	p.base[evYear] = packColumn(p, evYear, p.in.Year, p.year)
	p.base[evUntil] = packColumn(p, evUntil, p.in.Until, p.until)
	p.base[evLine] = packColumn(p, evLine, p.in.Line, p.lines)
}

// packColumn packs the numbers of a column; those out of range belong to rows
// that are refused.
func packColumn[T int16 | int32 | uint32 | network.Date](p *packer, c column, v []T, s extent) int64 {
	f := p.fields[c]
	if f.mask == 0 || len(v) == 0 {
		return 0
	}
	words, stride, shift := p.words[f.word:], p.width, f.shift&63
	low := s.low - 1
	for i, k := 0, 0; i < len(v) && k < len(words); i, k = i+1, k+stride {
		if x := v[i]; x > 0 {
			words[k] |= (uint64(int64(x)-low) & f.mask) << shift
		}
	}
	return s.low
}

// packCodes packs the codes of a column.
func (p *packer) packCodes(c column, of []uint32) {
	f := p.fields[c]
	codes := p.links[c].codes
	required := c == evHospital || c == evKind
	words, stride, shift := p.words[f.word:], p.width, f.shift&63
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

// deal sorts the rows by shard.
func (p *packer) deal() *part {
	var next [shards + 1]uint32
	for _, s := range p.shard {
		next[s]++
	}
	at := make([]uint32, shards+1)
	sum := uint32(0)
	for k := range shards {
		at[k] = sum
		sum, next[k] = sum+next[k], sum
	}
	at[shards] = sum
	if sum == 0 {
		return nil
	}
	made := &part{words: p.width + 1, at: at, fields: p.fields, base: p.base}
	for g := range made.rows {
		made.rows[g] = make([]uint64, int(at[(g+1)*groupShards]-at[g*groupShards])*made.words)
		for k := range groupShards {
			next[g*groupShards+k] -= at[g*groupShards]
		}
	}
	if p.width == 1 {
		for i, s := range p.shard {
			if s < noShard {
				rows, k := made.rows[s/groupShards], next[s]*2
				next[s]++
				rows[k], rows[k+1] = p.hash[i], p.words[i]
			}
		}
		return made
	}
	for i, s := range p.shard {
		if s < noShard {
			rows, k := made.rows[s/groupShards], int(next[s])*made.words
			next[s]++
			rows[k] = p.hash[i]
			copy(rows[k+1:k+made.words], p.words[i*p.width:])
		}
	}
	return made
}
