// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"slices"

	"github.com/oncoref/oncoref/network"
)

// checker makes shards, one at a time. Its memory is used again.
type checker struct {
	*schema
	b     *LogBuilder
	ranks [][]uint32

	shardBits uint64   // of the mixed identities in the shard
	nobody    []uint32 // starts of a shard without patients

	runs   []run
	from   []uint32 // place of the first row of each run
	row    []uint64 // words of all rows of the shard
	count  []uint32
	items  []item
	out    shard
	ev     []event
	ills   []illness
	firsts map[uint64]firstVisit // by tumor

	plainRules plainRules
	mayBePlain bool
	placeBits  int // of the place of a row in the shard
	plainRows  []plainRow
	groupEnds  []uint32

	found                     findings
	ends                      caseCounts
	patients, events, leftOut int64
}

// add takes over what another checker has counted.
func (k *checker) add(o *checker) {
	k.found.merge(&o.found)
	k.ends.add(o.ends)
	k.patients += o.patients
	k.events += o.events
	k.leftOut += o.leftOut
}

// patient checks the rows of one patient, which are in order, and takes them.
func (k *checker) patient(rows []item) {
	rows = k.copies(rows)
	k.ev = k.ev[:0]
	for _, r := range rows {
		k.ev = append(k.ev, k.event(r))
	}
	if k.fields[evTumor].mask != 0 {
		k.tumors(rows)
	}
	if k.layout == LayoutTreatments {
		k.firstVisits(rows)
	}
	k.order(rows)
	if k.fields[evYear].mask != 0 {
		k.years(rows)
	}
	k.ills = k.illnesses(k.ev, k.ills)
	for _, ill := range k.ills {
		k.illness(ill)
	}
	for _, e := range k.ev {
		k.out.events = append(k.out.events, e...)
	}
}

// copies finds rows that repeat the one before.
func (k *checker) copies(rows []item) []item {
	out := rows[:1]
	for _, r := range rows[1:] {
		last := out[len(out)-1]
		if r.word != last.word || !slices.Equal(k.event(r), k.event(last)) {
			out = append(out, r)
			continue
		}
		policy := k.b.c.Duplicates
		if policy == DuplicatesLeaveOut || policy == DuplicatesBySeq && k.number(k.event(r), evSeq) != 0 {
			k.found.add(FaultCopy, LeftOut, k.line(r.at))
			k.leftOut++
			continue
		}
		k.found.add(FaultCopy, Noted, k.line(r.at))
		out = append(out, r)
	}
	return out
}

// tumors gives events without a tumor the only one of the patient.
func (k *checker) tumors(rows []item) {
	f := k.fields[evTumor]
	only := uint64(codeEmpty)
	several := false
	for _, e := range k.ev {
		if t := f.get(e); t != codeEmpty && t != only {
			several = several || only != codeEmpty
			only = t
		}
	}
	for i, e := range k.ev {
		switch {
		case f.get(e) != codeEmpty || k.layer(e) == LayerStatus:
		case only != codeEmpty && !several:
			f.set(e, only)
			k.found.add(FaultNoTumor, Repaired, k.line(rows[i].at))
		default:
			k.found.add(FaultNoTumor, Noted, k.line(rows[i].at))
		}
	}
}

// firstVisits lets the rows of a case agree on the hospital of the first visit,
// in the layout of treatments.
func (k *checker) firstVisits(rows []item) {
	tumor, first := k.fields[evTumor], k.fields[evOther]
	if first.mask == 0 {
		return
	}
	clear(k.firsts)
	for _, e := range k.ev {
		s := k.firsts[tumor.get(e)]
		switch c := first.get(e); {
		case c == codeEmpty:
		case s.code == codeEmpty:
			s.code = c
		case s.code != c:
			s.differ = true
		}
		k.firsts[tumor.get(e)] = s
	}
	for i, e := range k.ev {
		s := k.firsts[tumor.get(e)]
		switch {
		case s.differ:
			first.set(e, codeUnknown)
			k.found.add(FaultFirstVisit, Repaired, k.line(rows[i].at))
		case first.get(e) != s.code:
			first.set(e, s.code)
			k.found.add(FaultNoFirst, Repaired, k.line(rows[i].at))
		}
	}
}

// firstVisit is what the rows of a case say about it.
type firstVisit struct {
	code   uint64
	differ bool
}

// order looks at seq, dates and death.
func (k *checker) order(rows []item) {
	var last, death network.Date
	seq := int64(0)
	for i, e := range k.ev {
		if n := k.number(e, evSeq); n != 0 {
			if n == seq {
				k.found.add(FaultSeqTwice, Noted, k.line(rows[i].at))
			}
			seq = n
			if k.day(e).Before(last) {
				k.found.add(FaultOrder, Noted, k.line(rows[i].at))
			}
		}
		if d := k.day(e); d.After(last) || last.IsZero() {
			last = d
		}
		if k.layer(e) == LayerStatus && k.is(e, k.death) && (death.IsZero() || k.day(e).Before(death)) {
			death = k.day(e)
		}
	}
	for i, e := range k.ev {
		if k.day(e).After(death) && k.layer(e) != LayerStatus {
			k.found.add(FaultAfterDeath, Noted, k.line(rows[i].at))
		}
	}
}

// years finds rows of a case that give another year of diagnosis than the
// earliest of the case.
func (k *checker) years(rows []item) {
	tumor, year := k.fields[evTumor], k.fields[evYear]
	none := k.numbers[evYear].codes()
	same := true
	for _, e := range k.ev {
		same = same && year.get(e) == year.get(k.ev[0])
	}
	if same {
		return
	}
	earliest := map[uint64]uint64{}
	for _, e := range k.ev {
		t, y := tumor.get(e), year.get(e)
		if have, ok := earliest[t]; y < none && (!ok || y < have) {
			earliest[t] = y
		}
	}
	for i, e := range k.ev {
		if y := year.get(e); y < none && y != earliest[tumor.get(e)] {
			k.found.add(FaultYears, Noted, k.line(rows[i].at))
		}
	}
}

// illness checks and counts one case.
func (k *checker) illness(ill illness) {
	k.ends.count(k.schema, ill)
	if ill.origin == codeEmpty {
		k.found.add(FaultNoFirst, Noted, k.lineOf(ill.events[0]))
	}
	if ill.first == nil {
		return
	}
	for _, e := range ill.events {
		switch {
		case k.is(e, k.first):
			if k.code(e, evHospital) != k.code(ill.first, evHospital) {
				k.found.add(FaultFirstVisit, Repaired, k.lineOf(e))
			}
		case k.visit(e) && !k.is(e, k.diagnosis) && k.day(e).Before(k.day(ill.first)):
			k.found.add(FaultBeforeFirst, Noted, k.lineOf(e))
		}
	}
}

// lineOf gives the line of an event, which is a part of row.
func (k *checker) lineOf(e event) uint32 {
	return k.line(uint32((cap(k.row) - cap(e)) / k.words))
}
