// SPDX-License-Identifier: Apache-2.0

package coverage

import (
	"fmt"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Classes divides the patients who had a kind of treatment by how they came to
// where it was definitive. The counts may be patients or published percentages.
type Classes struct {
	Throughout     float64 // first visit and definitive treatment in a center
	AfterDiagnosis float64 // first visit elsewhere, then treated in a center only
	AfterTreatment float64 // treated elsewhere before, definitively in a center
	Elsewhere      float64 // definitive treatment outside the centers

	Untreated     int // patients without this treatment
	OriginUnknown int // patients with it whose first visit is not known; in no class
	HospitalLost  int // patients with it in a hospital that is not known; in no class

	Kind    string
	Experts List
}

// CountClasses divides the patients of a log. The definitive treatment is the
// last one of the kind; treatments before it outside the centers make
// AfterTreatment. Elsewhere goes before AfterTreatment, that before Throughout,
// that before AfterDiagnosis.
//
// A patient of several tumors whose first visits were in different hospitals has
// no known first visit. It returns an error for a kind that the log does not
// have or that is no treatment. Time O(n) for n events.
//
// IKNL 2023, figure 3.3.
func CountClasses(l *referral.Log, kind string, experts List) (Classes, error) {
	c := Classes{Kind: kind, Experts: experts}
	if !slices.Contains(l.Kinds(), kind) {
		return c, fmt.Errorf("coverage: kind %q: want one of the log: %v", kind, l.Kinds())
	}
	for _, w := range referral.EachPathway(l, func() *Classes { return &Classes{} }, func(w *Classes, p referral.Pathway) {
		w.count(p, kind, experts)
	}) {
		c.Throughout += w.Throughout
		c.AfterDiagnosis += w.AfterDiagnosis
		c.AfterTreatment += w.AfterTreatment
		c.Elsewhere += w.Elsewhere
		c.Untreated += w.Untreated
		c.OriginUnknown += w.OriginUnknown
		c.HospitalLost += w.HospitalLost
	}
	if c.Total() == 0 && c.OriginUnknown+c.HospitalLost == 0 {
		return c, fmt.Errorf("coverage: kind %q: want a kind of treatment of the log", kind)
	}
	return c, nil
}

// count puts a patient into a class.
func (c *Classes) count(p referral.Pathway, kind string, experts List) {
	before, definitive, lost, treated := false, "", false, false
	for i := range p.Len() {
		if !p.IsTreatment(i) {
			continue
		}
		e := p.Event(i)
		if e.Kind != kind {
			continue
		}
		if treated && !experts.Has(definitive) {
			before = true
		}
		treated, definitive = true, e.Hospital
		lost = lost || e.Hospital == referral.DestinationUnknown || e.Hospital == ""
	}
	first, _, ok := p.FirstVisit()
	switch {
	case !treated:
		c.Untreated++
	case !ok:
		c.OriginUnknown++
	case lost:
		c.HospitalLost++
	case !experts.Has(definitive):
		c.Elsewhere++
	case before:
		c.AfterTreatment++
	case experts.Has(first):
		c.Throughout++
	default:
		c.AfterDiagnosis++
	}
}

// Total is the sum of the four classes.
func (c Classes) Total() float64 {
	return c.Throughout + c.AfterDiagnosis + c.AfterTreatment + c.Elsewhere
}

// InCenter is the share treated definitively in a center.
func (c Classes) InCenter() referral.Share {
	return referral.ShareIn(c.Throughout+c.AfterDiagnosis+c.AfterTreatment, c.Total())
}

// Referred is the share treated definitively in a center of those whose first
// visit was elsewhere: (2 + 3) / (2 + 3 + 4) in the order of the figure.
func (c Classes) Referred() referral.Share {
	return referral.ShareIn(c.AfterDiagnosis+c.AfterTreatment, c.AfterDiagnosis+c.AfterTreatment+c.Elsewhere)
}

// ReferredAtOnce is the same without those first treated elsewhere in the part.
func (c Classes) ReferredAtOnce() referral.Share {
	return referral.ShareIn(c.AfterDiagnosis, c.AfterDiagnosis+c.AfterTreatment+c.Elsewhere)
}

// FirstInCenter is the share whose first visit was in a center, as far as the
// classes tell: Throughout over the total.
func (c Classes) FirstInCenter() referral.Share { return referral.ShareIn(c.Throughout, c.Total()) }
