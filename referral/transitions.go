// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
)

// Window is a number of days; the zero value is no limit.
type Window int32

// Within returns the window of at most some days; 0 is the same day.
func Within(days int) Window { return Window(max(days, 0)) + 1 }

// Flags asks for marks on both ends of a link, as an extract of admissions has
// for the mode of discharge and of admission.
type Flags struct {
	Out, In string   // attributes of the earlier and of the later stay
	Values  []string // values that mark a transfer
}

// LinkRule says which two stays of a patient make a transition. The zero value
// links successive visits, whatever lies between them, and counts staying in
// the same hospital too.
type LinkRule struct {
	// Layer other than that of patients counts its events, each from Hospital to
	// ToHospital; only DropSelf, Partition, Tumor and Title go with it.
	Layer      Layer
	Treatments bool   // between treatments only; otherwise between all events of the patient layer, the first visit included
	Window     Window // most days from the end of a stay to the start of the next; zero means any
	Flags      Flags  // the zero value asks for none
	AllPairs   bool   // every stay with every later one, instead of successive ones
	DropSelf   bool   // do not count from a class to itself
	Partition  *network.Partition
	Tumor      string // cases of this tumor only; empty means all
	Title      string
}

// Transitions returns how often patients went from one hospital, or group of
// hospitals, to another:
//
//	n(a, b) = number of pairs of linked stays, the earlier in a, the later in b
//
// in the order of [Pathway]. In the layout of treatments the first visit stands
// in front unless LinkRule.Treatments is set. A stay of one day ends on its
// date; under a window, stays without a date are not linked, and are counted in
// a note. A place that is not known is [DestinationUnknown], as an origin too.
// Every class that occurs has a row and a column.
//
// Of another layer than that of patients it returns how often something was
// sent, n(a, b) = number of events of the layer from a to b; events of which one
// end is not given are left out.
//
// It returns a [*RuleError] for flags and tumors that the log does not have, for
// the status layer and for rules about stays with another layer, a
// [*ClassError] with the hospitals that the partition does not assign, and the
// error of ctx when that is done. Time O(n) for n events, with AllPairs
// O(sum of the squared events of a patient).
//
// Reference: Iwashyna, Christie, Moody, Kahn & Asch 2009, Med Care 47:787-793, for
// transfers; the rules of windows and flags are those of the R package
// HospitalNetwork.
func (l *Log) Transitions(ctx context.Context, r LinkRule) (*Table, error) {
	k, err := l.linker(r)
	if err != nil {
		return nil, err
	}
	workers := parallel(l, func() *linker {
		n := *k
		n.start()
		return &n
	}, func(k *linker, s *shard) {
		if ctx.Err() == nil {
			k.shard(s)
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	k.start()
	for _, w := range workers {
		k.merge(w)
	}
	return k.table()
}

// linker links the stays of the shards that it is given.
type linker struct {
	*Log
	rule    LinkRule
	tumor   uint64
	out, in marking
	counts  pairCounts
	undated int64

	events []event
	ills   []illness
	stays  []stay
}

// marking is the values of an attribute that mark a transfer.
type marking struct {
	field  bitfield
	values []bool // by code; nil asks for nothing
}

func (m marking) on(e event) bool {
	return m.values == nil || e != nil && m.values[m.field.get(e)]
}

// stay is a part of a pathway in one hospital.
type stay struct {
	hospital uint64
	event    event // nil for a first visit that is no event
}

func (l *Log) linker(r LinkRule) (*linker, error) {
	if r.Tumor == "" {
		r.Tumor = l.only()
	}
	k := &linker{Log: l, rule: r}
	switch {
	case r.Layer == LayerStatus:
		return nil, &RuleError{"Layer", "patient, referral, pathology or mdt; the status layer has no flows"}
	case r.Layer > LayerStatus:
		return nil, &RuleError{"Layer", "patient, referral, pathology or mdt"}
	case r.Layer != LayerPatient && (r.Treatments || r.Window != 0 || r.AllPairs || r.Flags.Out != "" || r.Flags.In != ""):
		return nil, &RuleError{"Layer", "patient, where there are rules about stays"}
	}
	var err error
	if k.tumor, err = l.tumorCode(r.Tumor); err != nil {
		return nil, err
	}
	for _, m := range [...]struct {
		name string
		to   *marking
	}{{r.Flags.Out, &k.out}, {r.Flags.In, &k.in}} {
		if m.name == "" {
			continue
		}
		i := slices.Index(l.config.Attributes, m.name)
		if i < 0 {
			return nil, &RuleError{"Flags", fmt.Sprintf("an attribute of the log, which %q is not", m.name)}
		}
		c := evAttr + column(i)
		m.to.field = l.fields[c]
		for _, v := range l.values[familyOf(c)] {
			m.to.values = append(m.to.values, v != "" && slices.Contains(r.Flags.Values, v))
		}
	}
	return k, nil
}

// start makes an empty count.
func (k *linker) start() { k.counts = newPairCounts(len(k.values[familyHospital])) }

func (k *linker) merge(o *linker) {
	k.undated += o.undated
	k.counts.merge(&o.counts)
}

func (k *linker) shard(s *shard) {
	if k.plain() {
		k.rows(s)
		return
	}
	for i := range s.patients() {
		k.events = k.appendRows(k.events[:0], s.patient(i, k.words))
		if k.tumor == codeEmpty {
			k.patient(k.events)
			continue
		}
		k.ills = k.illnesses(k.events, k.ills)
		for _, ill := range k.ills {
			if ill.tumor == k.tumor {
				k.patient(ill.events)
			}
		}
	}
}

// plain reports whether the links are those between successive rows.
func (k *linker) plain() bool {
	r := k.rule
	return k.layout == LayoutTreatments && k.words == 1 && r.Treatments && r.Window == 0 && !r.AllPairs && k.tumor == codeEmpty &&
		k.out.values == nil && k.in.values == nil
}

// rows links successive plain rows of one word.
func (k *linker) rows(s *shard) {
	kind, hospital := k.fields[evKind], k.fields[evHospital]
	some := kind.mask<<kind.shift | hospital.mask<<hospital.shift
	shift, mask := hospital.shift&63, hospital.mask
	for i := range s.patients() {
		last, have := uint64(0), false
		for _, w := range s.events[s.start[i]:s.start[i+1]] {
			if w&some == 0 {
				continue
			}
			h := w >> shift & mask
			if have {
				k.counts.add(last, h)
			}
			last, have = h, true
		}
	}
}

// sent counts the events of a layer from one end to the other.
func (k *linker) sent(events []event) {
	for _, e := range events {
		if from, to := k.code(e, evHospital), k.code(e, evOther); k.layer(e) == k.rule.Layer && from != codeEmpty && to != codeEmpty {
			k.counts.add(from, to)
		}
	}
}

// patient links the stays among events.
func (k *linker) patient(events []event) {
	if k.rule.Layer != LayerPatient {
		if k.layout == LayoutEvents {
			k.sent(events)
		}
		return
	}
	k.stays = k.stays[:0]
	if len(events) > 0 && k.layout == LayoutTreatments && !k.rule.Treatments {
		if first := k.code(events[0], evOther); known(first) {
			k.stays = append(k.stays, stay{hospital: first})
		}
	}
	for _, e := range events {
		if k.rule.Treatments && k.treated(e) || !k.rule.Treatments && k.visit(e) {
			k.stays = append(k.stays, stay{max(k.code(e, evHospital), codeUnknown), e})
		}
	}
	for i, a := range k.stays {
		later := k.stays[i+1:]
		if !k.rule.AllPairs {
			later = later[:min(1, len(later))]
		}
		for _, b := range later {
			if k.linked(a, b) {
				k.counts.add(a.hospital, b.hospital)
			}
		}
	}
}

// linked reports whether two stays make a transition.
func (k *linker) linked(a, b stay) bool {
	if !k.out.on(a.event) || !k.in.on(b.event) {
		return false
	}
	if k.rule.Window == 0 {
		return true
	}
	days, ok := 0, false
	if a.event != nil && b.event != nil {
		end := network.Date(k.number(a.event, evUntil))
		if end.IsZero() {
			end = k.day(a.event)
		}
		days, ok = k.day(b.event).Sub(end)
	}
	if !ok {
		k.undated++
	}
	return ok && days < int(k.rule.Window)
}

// table makes the table of what was counted.
func (k *linker) table() (*Table, error) {
	r := k.rule
	m := Meta{Title: r.Title, Unit: Transitions, Tumor: r.Tumor, Level: LevelHospital, Conditions: r.conditions()}
	m.group(r.Partition)
	k.describe(&m)
	if k.undated > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%d pairs of stays were not linked because a date is not known.", k.undated))
	}
	d := newDraft(m, AbsentZero)
	d.sum = true
	w := spotWriter{places: k.placement(r.Partition), hospitals: k.values[familyHospital], d: d, class: map[spotEnd]int32{}}
	w.anywhere = true
	if err := w.groups(); err != nil {
		return nil, err
	}
	for _, p := range k.counts.all() {
		if err := k.add(&w, p); err != nil {
			return nil, err
		}
	}
	return w.table()
}

// add gives the pairs of two hospitals to a table. A step between hospitals of
// which one is divided is divided too; staying in one is staying in each of its
// groups.
func (k *linker) add(w *spotWriter, p pair) error {
	in := slice{tumor: k.rule.Tumor}
	if !w.places.divided(p.a) && !w.places.divided(p.b) {
		if k.rule.DropSelf && (p.a == p.b || known(p.a) && known(p.b) && w.places.overlap(p.a, p.b)) {
			return nil
		}
		return w.add(step{from: int32(p.a), to: int32(p.b)}, in, float64(p.n))
	}
	for _, from := range w.sharesOf(p.a) {
		for _, to := range w.sharesOf(p.b) {
			part := from.Weight * to.Weight
			if p.a == p.b {
				part = from.Weight
			}
			if p.a == p.b && from != to || k.rule.DropSelf && from.Group == to.Group {
				continue
			}
			if err := w.addGroups(from.Group, to.Group, in, float64(p.n)*part); err != nil {
				return err
			}
		}
	}
	return nil
}

// conditions gives the parts of the rule that no field of Meta has.
func (r LinkRule) conditions() string {
	if r.Layer != LayerPatient {
		out := "events of the " + r.Layer.String() + " layer"
		if r.DropSelf {
			out += "; self=dropped"
		}
		return out
	}
	out := []string{"links=successive"}
	if r.AllPairs {
		out[0] = "links=all"
	}
	if r.Treatments {
		out = append(out, "stays=treatments")
	} else {
		out = append(out, "stays=visits")
	}
	if r.Window != 0 {
		out = append(out, fmt.Sprintf("window=%d", r.Window-1))
	}
	if f := r.Flags; f.Out != "" || f.In != "" {
		out = append(out, fmt.Sprintf("flags=%s,%s in %s", f.Out, f.In, strings.Join(f.Values, ",")))
	}
	if r.DropSelf {
		out = append(out, "self=dropped")
	}
	return strings.Join(out, "; ")
}

// maxPairsDense is the number of hospitals up to which pairs are counted in a
// square.
const maxPairsDense = 1 << 10

// pairCounts counts pairs of codes.
type pairCounts struct {
	n      uint64
	dense  []uint64 // n*n, unless there are too many
	sparse map[uint64]int64
}

func newPairCounts(n int) pairCounts {
	c := pairCounts{n: uint64(n)}
	if n <= maxPairsDense {
		c.dense = make([]uint64, n*n)
	} else {
		c.sparse = map[uint64]int64{}
	}
	return c
}

func (c *pairCounts) add(a, b uint64) {
	if c.dense != nil {
		c.dense[a*c.n+b]++
	} else {
		c.sparse[a*c.n+b]++
	}
}

func (c *pairCounts) merge(o *pairCounts) {
	for i, n := range o.dense {
		c.dense[i] += n
	}
	for key, n := range o.sparse {
		c.sparse[key] += n
	}
}

// pair is how often b came after a.
type pair struct {
	a, b uint64
	n    int64
}

// all gives the pairs that occur, in order.
func (c *pairCounts) all() []pair {
	var out []pair
	for i, n := range c.dense {
		if n != 0 {
			out = append(out, pair{uint64(i) / c.n, uint64(i) % c.n, int64(n)})
		}
	}
	for _, key := range slices.Sorted(maps.Keys(c.sparse)) {
		out = append(out, pair{key / c.n, key % c.n, c.sparse[key]})
	}
	return out
}
