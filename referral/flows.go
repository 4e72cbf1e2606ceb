// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/oncoref/oncoref/network"
)

// Table returns the flows of a log under a rule, each case once:
//
//	F(i, j) = number of cases with origin i and destination j
//
// The destination is decided by the places of treatment in the order of
// [Pathway]: under AnyOutside the first that is not in the origin class, else
// the origin class; under FirstTreatment and LastTreatment the first and the
// last; under Fractional each hospital of treatment gets an equal part of the
// case. A place that is not known is [DestinationUnknown]; under AnyOutside it
// may be outside, and is taken for it. Cases without a treatment go to
// [Untreated], those without a known first visit come from [OriginUnknown] and
// are never retained. Every class that occurs, and every group of the
// partition, has a row and a column; pairs that are not listed are observed
// zeros, and a class with nothing in its row is the origin of nobody.
//
// Under a Split partition the case of a divided hospital is divided too; the
// part that stays in the hospital stays in each group.
//
// It returns a [*RuleError] for a rule that the log cannot follow and a
// [*ClassError] with the hospitals that the partition does not assign. Time
// O(n), memory O(flows), for n events.
func (l *Log) Table(r Rule) (*Table, error) {
	if err := r.check(l); err != nil {
		return nil, err
	}
	f, err := l.follower(r)
	if err != nil {
		return nil, err
	}
	each := parallel(l, func() *follower {
		w, _ := l.follower(r)
		return w
	}, (*follower).shard)
	for _, w := range each {
		f.merge(w.stepCounts)
	}
	return f.table()
}

// step is a flow of some cases, each of which counts for one of so many equal
// parts of it.
type step struct {
	from, to                int32 // spots
	tumor, modality, period int32
	parts                   int64
}

// Spots that are no place. Others are the codes of hospitals, or behind them
// the groups of a partition that divides.
const (
	spotUntreated = codeEmpty
	spotUnknown   = codeUnknown
)

// Modalities of a step that are no code of a kind.
const (
	modalityAny       = -1
	modalityUntreated = -2
)

// stepCounts is what workers find; all of it are whole numbers, so that it does
// not matter who counts what.
type stepCounts struct {
	steps      map[step]int64
	undated    int64 // cases of which it is not known whether they are in a period
	elsewhere  int64 // cases treated only in hospitals that do not count
	otherKinds int64 // cases without a treatment of the modality
}

func newStepCounts() stepCounts { return stepCounts{steps: map[step]int64{}} }

func (t *stepCounts) merge(o stepCounts) {
	for s, n := range o.steps {
		t.steps[s] += n
	}
	t.undated += o.undated
	t.elsewhere += o.elsewhere
	t.otherKinds += o.otherKinds
}

// follower applies a rule to cases.
type follower struct {
	*Log
	stepCounts
	rule     Rule
	places   *placement
	group    map[string]int32 // spot of a group
	names    []string         // of groups, by spot behind the hospitals
	tumor    uint64
	modality uint64
	where    []condition
	without  []bool // by hospital: does not count

	events     []event
	ills       []illness
	treatments []treatment
}

type condition struct {
	column column
	code   uint64
}

// treatment is where and what.
type treatment struct{ hospital, kind uint64 }

func (l *Log) follower(r Rule) (*follower, error) {
	if r.Tumor == "" && !r.ByTumor {
		r.Tumor = l.only()
	}
	f := &follower{Log: l, stepCounts: newStepCounts(), rule: r, places: l.placement(r.Partition), group: map[string]int32{}}
	hospitals := l.values[familyHospital]
	if r.Partition != nil && r.Partition.Rule() == network.Split {
		for _, g := range r.Partition.Groups() {
			f.group[g] = int32(len(hospitals) + len(f.names))
			f.names = append(f.names, g)
		}
	}
	var err error
	if f.tumor, err = l.tumorCode(r.Tumor); err != nil {
		return nil, err
	}
	if f.modality, err = l.required(familyKind, r.Modality, "Modality", "a kind of treatment in the log"); err != nil {
		return nil, err
	}
	for _, w := range r.Where {
		c := evAttr + column(slices.Index(l.config.Attributes, w.Attribute))
		code := codeOf(l.values[familyOf(c)], w.Value)
		if code == codeEmpty && w.Value != "" {
			return nil, &RuleError{"Where", fmt.Sprintf("a value of %s in the log, which %q is not", w.Attribute, w.Value)}
		}
		f.where = append(f.where, condition{c, code})
	}
	f.without = make([]bool, len(hospitals))
	for i := codesReserved; i < len(hospitals) && len(r.WithoutTypes) > 0; i++ {
		h, _ := l.config.Within.Hospital(hospitals[i])
		f.without[i] = slices.Contains(r.WithoutTypes, h.Type)
	}
	return f, nil
}

// shard follows all patients of a shard.
func (f *follower) shard(s *shard) {
	for i := range s.patients() {
		f.events = f.appendRows(f.events[:0], s.patient(i, f.words))
		f.ills = f.illnesses(f.events, f.ills)
		for _, ill := range f.ills {
			f.follow(ill)
		}
	}
}

// follow counts one case.
func (f *follower) follow(ill illness) {
	if f.tumor != codeEmpty && ill.tumor != f.tumor || !f.meets(ill) {
		return
	}
	s := step{modality: modalityAny, parts: 1}
	if f.rule.ByTumor {
		s.tumor = int32(ill.tumor)
	}
	in, known := f.period(ill, &s)
	if !in {
		if !known {
			f.undated++
		}
		return
	}
	s.from = int32(f.from(ill))
	left := f.treated(ill)
	if len(f.treatments) == 0 {
		switch {
		case left:
			f.elsewhere++
		case f.modality != codeEmpty:
			f.otherKinds++
		default:
			if f.rule.ByModality {
				s.modality = modalityUntreated
			}
			s.to = spotUntreated
			f.origins(s, func(s step, _ string) { f.steps[s]++ })
		}
		return
	}
	if !f.rule.ByModality {
		f.destinations(s, f.treatments)
		return
	}
	slices.SortStableFunc(f.treatments, func(a, b treatment) int { return cmp.Compare(a.kind, b.kind) })
	for from := 0; from < len(f.treatments); {
		to := from + 1
		for to < len(f.treatments) && f.treatments[to].kind == f.treatments[from].kind {
			to++
		}
		s.modality = int32(f.treatments[from].kind)
		f.destinations(s, f.treatments[from:to])
		from = to
	}
}

// meets reports whether the case has an event with each of the conditions.
func (f *follower) meets(ill illness) bool {
	for _, w := range f.where {
		if !slices.ContainsFunc(ill.events, func(e event) bool { return f.code(e, w.column) == w.code }) {
			return false
		}
	}
	return true
}

// treated finds the treatments that count, and reports whether there are others.
func (f *follower) treated(ill illness) bool {
	f.treatments = f.treatments[:0]
	left := false
	for _, e := range ill.events {
		kind := f.code(e, evKind)
		if !f.schema.treated(e) || f.modality != codeEmpty && kind != f.modality {
			continue
		}
		h := f.code(e, evHospital)
		if f.without[h] {
			left = true
			continue
		}
		f.treatments = append(f.treatments, treatment{h, kind})
	}
	return left
}

// from gives the hospital of origin.
func (f *follower) from(ill illness) uint64 {
	if f.rule.origin() == FirstVisit {
		return max(ill.origin, codeUnknown)
	}
	for _, e := range ill.events {
		if f.is(e, f.diagnosis) {
			return max(f.code(e, evHospital), codeUnknown)
		}
	}
	return codeUnknown
}

// period sets the slice of a case. It reports whether the case is in the period
// asked for, and whether that is known.
func (f *follower) period(ill illness, s *step) (bool, bool) {
	r := f.rule
	if !r.ByYear && len(r.Slices) == 0 && r.Period == (network.Period{}) {
		return true, true
	}
	p := f.entered(ill)
	if p == (network.Period{}) {
		return false, false
	}
	if r.ByYear {
		s.period = int32(p.From.Year())
		if r.Period == (network.Period{}) {
			return true, true
		}
	}
	wanted := r.Slices
	if len(wanted) == 0 {
		wanted = []network.Period{r.Period}
	}
	for i, w := range wanted {
		if within(p, w) {
			if len(r.Slices) > 0 {
				s.period = int32(i)
			}
			return true, true
		}
		if w.Overlaps(p) {
			return false, false
		}
	}
	return false, true
}

// entered gives the days on which a case can have begun.
func (f *follower) entered(ill illness) network.Period {
	if y := int(f.year(ill)); y != 0 {
		return network.Period{From: network.NewDate(y, 1, 1), To: network.NewDate(y, 12, 31)}
	}
	var earliest, begin network.Date
	for _, e := range ill.events {
		d := f.day(e)
		if earliest.IsZero() || d.Before(earliest) {
			earliest = d
		}
		if begin.IsZero() && f.rule.Origin == Diagnosis && f.is(e, f.diagnosis) {
			begin = d
		}
	}
	if f.rule.Origin != Diagnosis && ill.first != nil {
		begin = f.day(ill.first)
	}
	if begin.IsZero() {
		begin = earliest
	}
	return network.Period{From: begin, To: begin}
}

// origins gives the step from the origin of s: several if the origin is divided,
// with the group each is from.
func (f *follower) origins(s step, each func(s step, group string)) {
	if s.from == spotUnknown || len(f.names) == 0 {
		each(s, "")
		return
	}
	shares := f.places.shares[s.from]
	if len(shares) == 0 {
		each(s, "")
	}
	s.parts *= int64(len(shares))
	for _, share := range shares {
		s.from = f.group[share.Group]
		each(s, share.Group)
	}
}

// destinations counts the steps of a case with treatments.
func (f *follower) destinations(s step, done []treatment) {
	home := uint64(s.from)
	switch f.rule.destination() {
	case FirstTreatment:
		f.origins(s, func(s step, group string) { f.arrive(s, home, group, done[0].hospital) })
	case LastTreatment:
		f.origins(s, func(s step, group string) { f.arrive(s, home, group, done[len(done)-1].hospital) })
	case Fractional:
		var visited []uint64
		for _, t := range done {
			visited = append(visited, t.hospital)
		}
		slices.Sort(visited)
		visited = slices.Compact(visited)
		s.parts *= int64(len(visited))
		for _, h := range visited {
			f.origins(s, func(s step, group string) { f.arrive(s, home, group, h) })
		}
	default:
		f.origins(s, func(s step, group string) { f.arrive(s, home, group, f.outside(home, group, done)) })
	}
}

// outside gives the hospital of the first treatment that is not known to be in
// the origin class, else home.
func (f *follower) outside(home uint64, group string, done []treatment) uint64 {
	for _, t := range done {
		switch {
		case !known(t.hospital) || !known(home):
			return t.hospital
		case group != "" && !f.places.inside(t.hospital, group), group == "" && !f.places.overlap(home, t.hospital):
			return t.hospital
		}
	}
	return home
}

// arrive counts a step to a hospital; those who stay in a divided one stay in
// their group.
func (f *follower) arrive(s step, home uint64, group string, h uint64) {
	shares := f.places.shares[h]
	switch {
	case !known(h) || len(f.names) == 0 || len(shares) == 0:
		s.to = int32(h)
		f.steps[s]++
	case h == home && group != "":
		s.to = s.from
		f.steps[s]++
	default:
		s.parts *= int64(len(shares))
		for _, share := range shares {
			s.to = f.group[share.Group]
			f.steps[s]++
		}
	}
}

// table makes the table of what was counted.
func (f *follower) table() (*Table, error) {
	m := f.rule.Meta()
	f.describe(&m)
	for _, n := range [...]struct {
		cases int64
		why   string
	}{
		{f.undated, "because it is not known whether they are in a period"},
		{f.elsewhere, "because they were treated only in hospitals that do not count"},
		{f.otherKinds, "because they had no treatment by " + f.rule.Modality},
	} {
		if n.cases > 0 {
			m.Notes = append(m.Notes, fmt.Sprintf("%d cases were left out %s.", n.cases, n.why))
		}
	}
	d := f.rule.draft(m)
	w := spotWriter{places: f.places, hospitals: f.values[familyHospital], names: f.names, d: d, class: map[spotEnd]int32{}}
	if err := w.groups(); err != nil {
		return nil, err
	}
	parcels := map[parcel]int64{}
	for _, s := range slices.SortedFunc(maps.Keys(f.steps), compareSteps) {
		from, to, ok, err := w.ends(s)
		if err != nil {
			return nil, err
		}
		if ok {
			parcels[parcel{from, to, f.slice(s), s.parts}] += f.steps[s]
		}
	}
	for _, p := range slices.SortedFunc(maps.Keys(parcels), compareParcels) {
		if err := d.add(p.from, p.to, p.in, Count(float64(parcels[p])/float64(p.parts))); err != nil {
			return nil, err
		}
	}
	return w.table()
}

// draft begins a table of the rule.
func (r Rule) draft(m Meta) *draft {
	d := newDraft(m, AbsentZero)
	d.sum = true
	d.by = dimensions{tumor: r.ByTumor, modality: r.ByModality, period: r.ByYear || len(r.Slices) > 0}
	return d
}

// FromFlows makes the table of the rule from flows that were counted elsewhere,
// as by a database: the table that [Log.Table] would make of the same cases.
// Flows of the same pair and slice add up. The classes of a flow that is an
// exact zero get a row and a column, and nothing else.
//
// It returns a [*ClassError] for a label that is no class.
func (r Rule) FromFlows(m Meta, flows iter.Seq[Flow]) (*Table, error) {
	d := r.draft(m)
	for f := range flows {
		from, err := d.classOf(f.Origin, f.Origins)
		if err != nil {
			return nil, err
		}
		to, err := d.classOf(f.Destination, f.Members)
		if err != nil {
			return nil, err
		}
		if f.Cell == (Cell{}) {
			d.origins[from], d.dests[to] = true, true
			continue
		}
		in := slice{tumor: cmp.Or(f.Tumor, r.Tumor), modality: f.Modality, period: f.Period}
		if in.period == (network.Period{}) {
			in.period = r.Period
		}
		if err := d.add(from, to, in, f.Cell); err != nil {
			return nil, err
		}
	}
	return d.table()
}

func compareSteps(a, b step) int {
	return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.tumor, b.tumor),
		cmp.Compare(a.modality, b.modality), cmp.Compare(a.period, b.period), cmp.Compare(a.parts, b.parts))
}

// parcel is a flow between classes of cases that count for the same part.
type parcel struct {
	from, to int32 // classes
	in       slice
	parts    int64
}

func compareParcels(a, b parcel) int {
	return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), compareSlices(a.in, b.in), cmp.Compare(a.parts, b.parts))
}

// slice gives the slice of a table to which a step belongs.
func (f *follower) slice(s step) slice {
	out := slice{tumor: f.rule.Tumor, period: f.rule.Period}
	if f.rule.ByTumor {
		out.tumor = cmp.Or(f.text(evTumor, uint64(s.tumor)), TumorUnknown)
	}
	switch {
	case s.modality == modalityUntreated:
		out.modality = Untreated
	case s.modality != modalityAny:
		out.modality = cmp.Or(f.text(evKind, uint64(s.modality)), ModalityUnknown)
	}
	if f.rule.ByYear {
		y := int(s.period)
		out.period = network.Period{From: network.NewDate(y, 1, 1), To: network.NewDate(y, 12, 31)}
	} else if len(f.rule.Slices) > 0 {
		out.period = f.rule.Slices[s.period]
	}
	return out
}
