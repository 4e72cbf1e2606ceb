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
// who changed hospital,
//
//	Back   = patients whose route comes back to a hospital / Movers
//	Shared = patients treated in a hospital they came back to / Movers
//
// Hospitals that are not known are passed over, as each could be the one before
// or the one after. Follow-up is rarely registered, so the shares are lower
// bounds of what happened. They lie in [0, 1] and are undefined
// (zero_denominator) if nobody moved. Time O(n) for n events.
func CountReturns(l *referral.Log) Returns {
	type worker struct {
		movers, back, shared int
		route                []string
	}
	workers := referral.EachPathway(l, func() *worker { return &worker{} }, func(w *worker, p referral.Pathway) {
		w.route = appendKnownRoute(w.route[:0], p)
		if len(w.route) < 2 {
			return
		}
		w.movers++
		if distinct(w.route) == len(w.route) {
			return // and so no treatment in a hospital they came back to
		}
		w.back++
		if SharedTreatment(p) {
			w.shared++
		}
	})
	var r Returns
	back, shared := 0, 0
	for _, w := range workers {
		r.Movers, back, shared = r.Movers+w.movers, back+w.back, shared+w.shared
	}
	r.Back, r.Shared = share(back, r.Movers), share(shared, r.Movers)
	return r
}

// appendKnownRoute appends the route without hospitals that are not known.
func appendKnownRoute(to []string, p referral.Pathway) []string {
	route := slices.DeleteFunc(p.AppendRoute(to), func(h string) bool { return h == referral.DestinationUnknown })
	return slices.Compact(route)
}

// CameBack reports whether the route of a patient comes back to a hospital
// after having been in another one that is known.
func CameBack(p referral.Pathway) bool {
	route := appendKnownRoute(nil, p)
	return distinct(route) < len(route)
}

// SharedTreatment reports whether a patient was treated in a hospital where the
// patient had been before, after having been in another one that is known.
func SharedTreatment(p referral.Pathway) bool {
	var seen []string // the route so far
	visit := func(h string) {
		if h != "" && h != referral.DestinationUnknown && h != referral.OriginUnknown && (len(seen) == 0 || seen[len(seen)-1] != h) {
			seen = append(seen, h)
		}
	}
	for i := range p.Len() {
		e := p.Event(i)
		if e.Layer != referral.LayerPatient {
			continue
		}
		if i == 0 {
			visit(e.FirstVisit) // it stands on every row of a treatment
		}
		visit(e.Hospital)
		if n := len(seen) - 1; n > 0 && p.IsTreatment(i) && seen[n] == e.Hospital && slices.Contains(seen[:n], e.Hospital) {
			return true
		}
	}
	return false
}
