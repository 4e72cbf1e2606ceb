// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"maps"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Continuity says how much of the care of a patient was in one place.
type Continuity struct {
	Events int // in known hospitals, at least two
	// BiceBoxerman is (Σ n_h² - N) / (N(N-1)) over the hospitals: 1 if all events
	// were in one hospital, 0 if all were in different ones.
	BiceBoxerman float64
	// UsualProvider is the share of the events in the hospital that has most.
	UsualProvider float64
}

// ContinuityOf measures the continuity of one patient over the events of the
// patient layer. It is false for fewer than two events. More events in one
// place raise both measures, and how many are recorded depends on the registry.
//
// T. W. Bice and S. B. Boxerman, Medical Care 15:347-349, 1977.
func ContinuityOf(p referral.Pathway) (Continuity, bool) {
	count := map[string]int{}
	n := 0
	for e := range p.Events() {
		if e.Layer == referral.LayerPatient && e.Hospital != "" && e.Hospital != referral.DestinationUnknown {
			count[e.Hospital]++
			n++
		}
	}
	if n < 2 {
		return Continuity{}, false
	}
	squares, most := 0, 0
	for _, k := range count {
		squares += k * k
		most = max(most, k)
	}
	return Continuity{
		Events:        n,
		BiceBoxerman:  float64(squares-n) / float64(n*(n-1)),
		UsualProvider: float64(most) / float64(n),
	}, true
}

// MeanContinuity is the mean of a log, over the patients with two events or
// more; N is their number.
type MeanContinuity struct {
	BiceBoxerman, UsualProvider referral.Result
	TooFew                      int // patients with fewer than two events
}

// CountContinuity averages [ContinuityOf]. The means are undefined
// (zero_denominator) without patients. Time O(n) for n events.
func CountContinuity(l *referral.Log) MeanContinuity {
	var out MeanContinuity
	// The order of patients has no meaning, so equal values are added up together.
	coc, usual := map[float64]int{}, map[float64]int{}
	n := 0
	for p := range l.Pathways() {
		c, ok := ContinuityOf(p)
		if !ok {
			out.TooFew++
			continue
		}
		n++
		coc[c.BiceBoxerman]++
		usual[c.UsualProvider]++
	}
	out.BiceBoxerman, out.UsualProvider = meanOf(coc, n), meanOf(usual, n)
	return out
}

func meanOf(values map[float64]int, n int) referral.Result {
	if n == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	sum := 0.0
	for _, v := range slices.Sorted(maps.Keys(values)) {
		sum += v * float64(values[v])
	}
	r := referral.ExactResult(sum / float64(n))
	r.N = n
	return r
}
