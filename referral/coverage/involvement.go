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
// a visit is no contact; neither is a treatment near home after advice, which is
// Discussed: shared care, not a transfer.
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
	Any                            referral.Share
	ReferredOnlyShare              referral.Share // ReferredOnly over all patients
	// Registered tells whether the log has case discussions or tissue at all. If
	// not, Discussed is not known, and Any is bounded by it.
	Registered bool
	Experts    List
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
			if experts.Has(e.FirstVisit) {
				c = max(c, Seen)
			}
			if experts.Has(e.Hospital) {
				c = max(c, Seen)
				if p.IsTreatment(i) {
					c = TreatedIn
				}
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
// Without registered case discussions and tissue, Any is [treated and seen, 1].
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
// is sorted by group.
func InvolveBy(l *referral.Log, experts List, group func(p referral.Pathway) string) []GroupInvolvement {
	at := map[string]*Involvement{}
	registered := false
	for p := range l.Pathways() {
		g := group(p)
		v := at[g]
		if v == nil {
			v = &Involvement{Experts: experts}
			at[g] = v
		}
		contact, referred := ContactOf(p, experts)
		switch contact {
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
		for i := 0; i < p.Len() && !registered; i++ {
			layer := p.Event(i).Layer
			registered = layer == referral.LayerMDT || layer == referral.LayerPathology
		}
	}
	var out []GroupInvolvement
	for g, v := range at {
		v.Registered = registered
		v.finish()
		out = append(out, GroupInvolvement{g, *v})
	}
	slices.SortFunc(out, func(a, b GroupInvolvement) int { return cmp.Compare(a.Group, b.Group) })
	return out
}

func (v *Involvement) finish() {
	n, certain := v.Patients(), v.Treated+v.Seen+v.Discussed
	v.ReferredOnlyShare = ratio(float64(v.ReferredOnly), float64(n))
	v.Any = ratio(float64(certain), float64(n))
	if n > 0 && !v.Registered && certain < n {
		v.Any.Part = referral.Between(float64(certain), float64(n))
		v.Any.Result = referral.BoundedResult(float64(certain)/float64(n), 1, ReasonNotRegistered)
		v.Any.N = n
	}
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
