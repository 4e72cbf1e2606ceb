// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Returns says how many of the patients who went to another hospital came back.
type Returns struct {
	Movers int            // patients who changed hospital at least once
	Back   referral.Share // of them, those whose route comes back to a hospital
	Shared referral.Share // of them, those treated in a hospital they came back to
}

// CountReturns counts return referral and shared treatment among the patients
// who changed hospital. Follow-up is rarely registered, so the shares are lower
// bounds of what happened; they are undefined (zero_denominator) if nobody
// moved. Time O(n) for n events.
func CountReturns(l *referral.Log) Returns {
	var r Returns
	back, shared := 0, 0
	for p := range l.Pathways() {
		if len(p.Route()) < 2 {
			continue
		}
		r.Movers++
		if CameBack(p) {
			back++
		}
		if SharedTreatment(p) {
			shared++
		}
	}
	r.Back, r.Shared = share(back, r.Movers), share(shared, r.Movers)
	return r
}

// CameBack reports whether the route of a patient comes back to a hospital
// after having been elsewhere. A hospital that is not known is not the same as
// another one.
func CameBack(p referral.Pathway) bool {
	route := p.Route()
	for i, h := range route {
		if h != referral.DestinationUnknown && slices.Contains(route[:i], h) {
			return true
		}
	}
	return false
}

// SharedTreatment reports whether a patient was treated in a hospital where the
// patient had been before, after having been elsewhere in between.
func SharedTreatment(p referral.Pathway) bool {
	var seen []string // the route so far
	visit := func(h string) {
		if h != "" && (len(seen) == 0 || seen[len(seen)-1] != h) {
			seen = append(seen, h)
		}
	}
	for i := range p.Len() {
		e := p.Event(i)
		if e.Layer != referral.LayerPatient {
			continue
		}
		visit(e.FirstVisit)
		visit(e.Hospital)
		if n := len(seen) - 1; p.IsTreatment(i) && e.Hospital != referral.DestinationUnknown && n > 0 && slices.Contains(seen[:n], e.Hospital) {
			return true
		}
	}
	return false
}
