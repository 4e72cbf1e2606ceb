// SPDX-License-Identifier: Apache-2.0

package referral

import "slices"

// illness is what a patient had with one tumor: the unit in which a log counts.
type illness struct {
	tumor  uint64  // code
	events []event // in order, without those of other tumors; first visits and status events without a tumor belong to each
	origin uint64  // code of the hospital of the first visit; codeEmpty or codeUnknown if it is not known
	first  event   // the event of the first visit; nil if the log has none
}

// illnesses cuts the events of one patient by tumor. The result is valid until
// the next call.
func (s *schema) illnesses(events []event, to []illness) []illness {
	to = to[:0]
	var seen tumorsSeen
	for _, e := range events {
		s.see(&seen, e)
	}
	if seen.one() {
		return append(to, s.illness(seen.tumor, events))
	}
	return s.split(events, to)
}

// tumorsSeen tells whether events are of one illness.
type tumorsSeen struct {
	tumor   uint64 // code
	several bool
	stray   bool // a treatment without a tumor
}

func (s *schema) see(x *tumorsSeen, e event) {
	switch c := s.fields[evTumor].get(e); {
	case c == codeEmpty:
		x.stray = x.stray || s.treated(e)
	case x.tumor == codeEmpty:
		x.tumor = c
	case x.tumor != c:
		x.several = true
	}
}

func (x tumorsSeen) one() bool { return !x.several && (!x.stray || x.tumor == codeEmpty) }

// split does the same for patients with several tumors, or treatments without
// one.
func (s *schema) split(events []event, to []illness) []illness {
	tumor := s.fields[evTumor]
	var codes []uint64
	stray := false // a treatment without a tumor
	for _, e := range events {
		codes = append(codes, tumor.get(e))
		stray = stray || tumor.get(e) == codeEmpty && s.treated(e)
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	if codes[0] == codeEmpty && !stray && len(codes) > 1 {
		codes = codes[1:]
	}
	at := make(map[uint64]int, len(codes))
	for i, c := range codes {
		at[c] = i
	}
	own := make([][]event, len(codes))
	var common []event
	for _, e := range events {
		c := tumor.get(e)
		if c == codeEmpty && s.layout == LayoutEvents && (s.layer(e) == LayerStatus || s.is(e, s.first)) {
			common = append(common, e)
			continue
		}
		if i, ok := at[c]; ok {
			own[i] = append(own[i], e)
		}
	}
	for i, c := range codes {
		all := own[i]
		for _, e := range common {
			if s.is(e, s.first) && slices.ContainsFunc(own[i], func(e event) bool { return s.is(e, s.first) }) {
				continue
			}
			all = append(all, e)
		}
		slices.SortStableFunc(all, slices.Compare)
		to = append(to, s.illness(c, all))
	}
	return to
}

func (s *schema) illness(tumor uint64, events []event) illness {
	i := illness{tumor: tumor, events: events}
	for _, e := range events {
		if s.visited(&i, e) {
			break
		}
	}
	return i
}

// visited lets the next event say where the first visit was. It reports whether
// later ones can say no more.
func (s *schema) visited(i *illness, e event) bool {
	if s.layout == LayoutTreatments {
		i.origin = s.code(e, evOther)
		return i.origin != codeEmpty
	}
	if !s.is(e, s.first) || s.layer(e) != LayerPatient {
		return false
	}
	h := s.code(e, evHospital)
	switch {
	case i.first == nil:
		i.first, i.origin = e, h
	case h != i.origin && !s.follows(e, i.first):
		i.origin = codeUnknown
	}
	return false
}

// follows reports whether it is known that e came after f.
func (s *schema) follows(e, f event) bool {
	if a, b := s.number(e, evSeq), s.number(f, evSeq); a != 0 && b != 0 && a != b {
		return true
	}
	a, b := s.day(e), s.day(f)
	return b.Before(a)
}

// known reports whether a code is that of a hospital.
func known(code uint64) bool { return code > codeUnknown }

// year gives the smallest year of diagnosis of an illness; 0 if none is given.
func (s *schema) year(i illness) int64 {
	year := int64(0)
	for _, e := range i.events {
		if y := s.number(e, evYear); y != 0 && (year == 0 || y < year) {
			year = y
		}
	}
	return year
}

// caseCounts is the number of cases and of what became of them.
type caseCounts struct{ cases, treated, diedUntreated, noOrigin int64 }

func (c *caseCounts) add(o caseCounts) {
	c.cases += o.cases
	c.treated += o.treated
	c.diedUntreated += o.diedUntreated
	c.noOrigin += o.noOrigin
}

// count counts a case.
func (c *caseCounts) count(s *schema, ill illness) {
	treated, died := false, false
	for _, e := range ill.events {
		treated = treated || s.treated(e)
		died = died || s.layer(e) == LayerStatus && s.is(e, s.death)
	}
	c.cases++
	switch {
	case treated:
		c.treated++
	case died:
		c.diedUntreated++
	}
	if !known(ill.origin) {
		c.noOrigin++
	}
}

// with gives a report with the numbers of cases.
func (q Quality) with(c caseCounts) Quality {
	q.Cases, q.Treated, q.Untreated = c.cases, c.treated, c.cases-c.treated
	q.DiedUntreated, q.NoOrigin = c.diedUntreated, c.noOrigin
	return q
}
