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
	var where [16]string // most patients have fewer events
	hospitals := where[:0]
	for i := range p.Len() {
		if p.Layer(i) != referral.LayerPatient {
			continue
		}
		if h := p.Event(i).Hospital; h != "" && h != referral.DestinationUnknown {
			hospitals = append(hospitals, h)
		}
	}
	n := len(hospitals)
	if n < 2 {
		return Continuity{}, false
	}
	slices.Sort(hospitals)
	squares, most := 0, 0
	for from := 0; from < n; {
		to := from + 1
		for to < n && hospitals[to] == hospitals[from] {
			to++
		}
		squares += (to - from) * (to - from)
		most = max(most, to-from)
		from = to
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
	// The order of patients has no meaning, so equal values are added up together.
	type worker struct {
		coc, usual map[float64]int
		n, few     int
	}
	start := func() *worker { return &worker{coc: map[float64]int{}, usual: map[float64]int{}} }
	workers := referral.EachPathway(l, start, func(w *worker, p referral.Pathway) {
		c, ok := ContinuityOf(p)
		if !ok {
			w.few++
			return
		}
		w.n++
		w.coc[c.BiceBoxerman]++
		w.usual[c.UsualProvider]++
	})
	var out MeanContinuity
	coc, usual := map[float64]int{}, map[float64]int{}
	n := 0
	for _, w := range workers {
		n += w.n
		out.TooFew += w.few
		sum(coc, w.coc)
		sum(usual, w.usual)
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
