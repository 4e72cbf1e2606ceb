// SPDX-License-Identifier: Apache-2.0

package coverage

import (
	"cmp"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Contact is the strongest contact of a patient with a center.
type Contact uint8

// The contacts, from none to the strongest. A referral that was not followed by
// a visit is no contact. Treatment near home after a visit or advice is Seen or
// Discussed: shared care, not a transfer, which Involvement.SharedCare counts.
const (
	NoContact Contact = iota
	Discussed         // discussed by a center, or tissue reviewed there, and never seen there
	Seen              // a visit in a center, no treatment
	TreatedIn         // any treatment in a center
)

// Involvement counts patients by their strongest contact with a center.
type Involvement struct {
	Treated, Seen, Discussed, None int
	ReferredOnly                   int // of None, those whose only trace is a referral to a center
	// SharedCare counts those of Seen and Discussed who are treated, in hospitals
	// that are no centers: the center is involved, treatment is near home.
	SharedCare        int
	Any               referral.Share
	ReferredOnlyShare referral.Share // ReferredOnly over all patients
	SharedCareShare   referral.Share // SharedCare over all patients
	// Registered tells whether the log has case discussions at all. If not,
	// Discussed has reviews of tissue only, and Any is bounded by it.
	Registered bool
	Experts    List

	alone int // of None, those treated in hospitals that are no centers
}

// Patients is the number of patients.
func (v Involvement) Patients() int { return v.Treated + v.Seen + v.Discussed + v.None }

// ContactOf returns the strongest contact of one patient with the centers, and
// whether there was a referral to one.
func ContactOf(p referral.Pathway, experts List) (c Contact, referred bool) {
	for i := range p.Len() {
		e := p.Event(i)
		switch e.Layer {
		case referral.LayerPatient:
			if experts.Has(e.FirstVisit) || experts.Has(e.Hospital) {
				c = max(c, Seen)
			}
			if p.IsTreatment(i) && experts.Has(e.Hospital) {
				c = TreatedIn
			}
		case referral.LayerPathology, referral.LayerMDT:
			if experts.Has(e.ToHospital) {
				c = max(c, Discussed)
			}
		case referral.LayerReferral:
			referred = referred || experts.Has(e.ToHospital)
		case referral.LayerStatus:
		}
	}
	return c, referred
}

// Involve counts all patients of a log, with or without a known first visit.
// Without registered case discussions, Any is [treated, seen or reviewed, 1], and
// SharedCareShare leaves room for all treated elsewhere.
// Time O(n) for n events.
//
// IKNL 2023, figure 4.4.
func Involve(l *referral.Log, experts List) Involvement {
	groups := InvolveBy(l, experts, func(referral.Pathway) string { return "" })
	if len(groups) == 0 {
		v := Involvement{Experts: experts}
		v.finish()
		return v
	}
	return groups[0].Involvement
}

// GroupInvolvement is the involvement of a group of patients.
type GroupInvolvement struct {
	Group string
	Involvement
}

// InvolveBy counts the patients of each group, such as the network of the region
// they live in; patients whose group is empty are counted under "". The result
// is sorted by group. The function is called concurrently.
func InvolveBy(l *referral.Log, experts List, group func(p referral.Pathway) string) []GroupInvolvement {
	type worker struct {
		groups     map[string]*Involvement
		registered bool
	}
	start := func() *worker { return &worker{groups: map[string]*Involvement{}} }
	workers := referral.EachPathway(l, start, func(w *worker, p referral.Pathway) {
		g := group(p)
		v := w.groups[g]
		if v == nil {
			v = &Involvement{}
			w.groups[g] = v
		}
		v.count(p, experts)
		for i := 0; i < p.Len() && !w.registered; i++ {
			w.registered = p.Layer(i) == referral.LayerMDT
		}
	})
	all := map[string]Involvement{}
	registered := false
	for _, w := range workers {
		registered = registered || w.registered
		for g, v := range w.groups {
			all[g] = all[g].and(*v)
		}
	}
	var out []GroupInvolvement
	for g, v := range all {
		v.Registered, v.Experts = registered, experts
		v.finish()
		out = append(out, GroupInvolvement{g, v})
	}
	slices.SortFunc(out, func(a, b GroupInvolvement) int { return cmp.Compare(a.Group, b.Group) })
	return out
}

// count counts a patient.
func (v *Involvement) count(p referral.Pathway, experts List) {
	c, referred := ContactOf(p, experts)
	if c != TreatedIn && treatedAnywhere(p) {
		if c == NoContact {
			v.alone++
		} else {
			v.SharedCare++
		}
	}
	switch c {
	case TreatedIn:
		v.Treated++
	case Seen:
		v.Seen++
	case Discussed:
		v.Discussed++
	case NoContact:
		v.None++
		if referred {
			v.ReferredOnly++
		}
	}
}

// treatedAnywhere tells whether a patient was treated in a hospital that is
// known.
func treatedAnywhere(p referral.Pathway) bool {
	for i := range p.Len() {
		if p.IsTreatment(i) {
			if h := p.Event(i).Hospital; h != "" && h != referral.DestinationUnknown {
				return true
			}
		}
	}
	return false
}

// and adds the patients of two counts.
func (v Involvement) and(o Involvement) Involvement {
	v.Treated += o.Treated
	v.Seen += o.Seen
	v.Discussed += o.Discussed
	v.None += o.None
	v.ReferredOnly += o.ReferredOnly
	v.SharedCare += o.SharedCare
	v.alone += o.alone
	return v
}

func (v *Involvement) finish() {
	n, certain := v.Patients(), v.Treated+v.Seen+v.Discussed
	v.ReferredOnlyShare = referral.ShareIn(float64(v.ReferredOnly), float64(n))
	most, shared := certain, v.SharedCare
	if !v.Registered { // anybody may have been discussed
		most, shared = n, v.SharedCare+v.alone
	}
	v.Any = atLeast(certain, most, n)
	v.SharedCareShare = atLeast(v.SharedCare, shared, n)
}

// atLeast is a share of n patients of whom more may be in the part if case
// discussions are not registered.
func atLeast(least, most, n int) referral.Share {
	s := referral.ShareIn(float64(least), float64(n))
	if n > 0 && least < most {
		s.Part = referral.Between(float64(least), float64(most))
		s.Result = referral.BoundedResult(float64(least)/float64(n), float64(most)/float64(n), ReasonNotRegistered)
		s.N = n
	}
	return s
}

// ReasonNotRegistered says that case discussions are not in the data.
const ReasonNotRegistered = "discussion_not_registered"

// Least returns the smallest share of several and the groups that have it;
// undefined shares are left out. With bounds it is [least Lo, least Hi].
func Least(groups []GroupInvolvement) (referral.Result, []string) {
	lo, hi := referral.UndefinedResult(referral.ReasonZeroDenominator), 0.0
	var who []string
	for _, g := range groups {
		r := g.Any.Result
		if r.Status == referral.Undefined {
			continue
		}
		if len(who) == 0 {
			lo, hi = r, r.Hi
			who = []string{g.Group}
			continue
		}
		hi = min(hi, r.Hi)
		switch {
		case r.Lo < lo.Lo:
			lo, who = r, []string{g.Group}
		case r.Lo == lo.Lo:
			who = append(who, g.Group)
		}
	}
	if len(who) > 0 {
		lo = referral.BoundedResult(lo.Lo, hi, ReasonNotRegistered)
	}
	return lo, who
}
