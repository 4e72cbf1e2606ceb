// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"fmt"
	"math"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Tissue is the way of the tissue of a patient, set against the way of the
// patient: the report tells of patients who go from A to C while their tissue
// goes from A to B, back to A, and only then to C.
type Tissue struct {
	Route    []string // hospitals it was in, without consecutive repeats
	Legs     int      // shipments from one hospital to another
	Detour   float64  // legs over the one that would have done
	Treating string   // hospital of the first treatment; empty if none is known
	Reached  bool     // it came to the treating hospital
	// Km is the sum over the legs and Direct the distance from the first sending
	// hospital to the treating one; NaN where a distance is not known.
	Km, Direct float64
	// Lag is the days from the first referral to the treating hospital to the
	// last shipment into it, negative if tissue was ahead; HasLag tells whether
	// both took place and are dated.
	Lag    int
	HasLag bool
}

// TissueOf returns the way of the tissue of one patient. It is false if nothing
// was sent from one hospital to another. Distance may be nil: then kilometers
// are NaN. A sending hospital that is not known is [referral.DestinationUnknown]
// in the route. That no shipment is recorded does not mean that there was no
// review.
func TissueOf(p referral.Pathway, distance func(from, to string) (float64, error)) (Tissue, bool) {
	var w Tissue
	var arrived, referred network.Date
	w.Treating, _ = firstTreatment(p)
	km := func(from, to string) float64 {
		if from == to {
			return 0
		}
		if distance == nil {
			return math.NaN()
		}
		d, err := distance(from, to)
		if err != nil {
			return math.NaN()
		}
		return d
	}
	referrals := 0
	for i := range p.Len() {
		if layer := p.Layer(i); layer != referral.LayerReferral && layer != referral.LayerPathology {
			continue
		}
		e := p.Event(i)
		switch {
		case e.Layer == referral.LayerReferral && e.ToHospital == w.Treating && w.Treating != "":
			if referrals == 0 {
				referred = e.Date
			}
			referrals++
		case e.Layer == referral.LayerPathology && e.Hospital != "" && e.ToHospital != "" && e.Hospital != e.ToHospital:
			for _, h := range []string{e.Hospital, e.ToHospital} {
				if n := len(w.Route); n == 0 || w.Route[n-1] != h {
					w.Route = append(w.Route, h)
				}
			}
			w.Legs++
			w.Km += km(e.Hospital, e.ToHospital)
			if e.ToHospital == w.Treating {
				w.Reached, arrived = true, e.Date
			}
		}
	}
	if w.Legs == 0 {
		return Tissue{}, false
	}
	w.Detour, w.Direct = float64(w.Legs), math.NaN()
	if w.Treating != "" {
		w.Direct = km(w.Route[0], w.Treating)
	}
	if !arrived.IsZero() && !referred.IsZero() {
		w.Lag, w.HasLag = arrived.Sub(referred)
	}
	return w, true
}

// firstTreatment gives the hospital of the first treatment and its place among
// the events; -1 without one. The hospital is empty if it is not known.
func firstTreatment(p referral.Pathway) (string, int) {
	for i := range p.Len() {
		if p.IsTreatment(i) {
			if h := p.Event(i).Hospital; h != referral.DestinationUnknown {
				return h, i
			}
			return "", i
		}
	}
	return "", -1
}

// TissueInTime returns the share of the patients first treated outside the
// hospital of their first visit whose tissue came to the treating hospital by
// the day of treatment, or, where a date is missing, in the order of events. As
// shipments are not always recorded, it is a lower bound of what happened.
// Undefined (zero_denominator) without such patients. Time O(n) for n events.
func TissueInTime(l *referral.Log) referral.Share {
	type worker struct{ in, n int }
	workers := referral.EachPathway(l, func() *worker { return &worker{} }, func(w *worker, p referral.Pathway) {
		first, _, ok := p.FirstVisit()
		treating, at := firstTreatment(p)
		if !ok || treating == "" || treating == first {
			return
		}
		w.n++
		if arrivedInTime(p, treating, at) {
			w.in++
		}
	})
	in, n := 0, 0
	for _, w := range workers {
		in, n = in+w.in, n+w.n
	}
	return share(in, n)
}

// arrivedInTime tells whether tissue came to the treating hospital by the day of
// treatment, event at.
func arrivedInTime(p referral.Pathway, treating string, at int) bool {
	day := p.Event(at).Date
	for i := range p.Len() {
		if p.Layer(i) != referral.LayerPathology {
			continue
		}
		e := p.Event(i)
		if e.ToHospital != treating || e.Hospital == treating {
			continue
		}
		timely := !e.Date.After(day)
		if e.Date.IsZero() || day.IsZero() {
			timely = i < at
		}
		if timely {
			return true
		}
	}
	return false
}

// Shipments describes the ways of the tissue of all patients of a log.
type Shipments struct {
	Patients int            // with a shipment from one hospital to another
	Reached  referral.Share // of them, those whose tissue came to the treating hospital
	Detours  referral.Share // of them, those with more than one leg
	Legs     []int          // Legs[k] is the number of patients with k+1 legs
}

// CountShipments sums [TissueOf] over a log. The shares are undefined
// (zero_denominator) if no tissue was sent to another hospital. Time O(n) for n
// events.
func CountShipments(l *referral.Log) Shipments {
	type worker struct {
		Shipments
		reached, detours int
	}
	workers := referral.EachPathway(l, func() *worker { return &worker{} }, func(w *worker, p referral.Pathway) {
		t, ok := TissueOf(p, nil)
		if !ok {
			return
		}
		w.Patients++
		w.Legs = raise(w.Legs, t.Legs, 1)
		if t.Reached {
			w.reached++
		}
		if t.Legs > 1 {
			w.detours++
		}
	})
	var c Shipments
	reached, detours := 0, 0
	for _, w := range workers {
		c.Patients, reached, detours = c.Patients+w.Patients, reached+w.reached, detours+w.detours
		for i, n := range w.Legs {
			c.Legs = raise(c.Legs, i+1, n)
		}
	}
	c.Reached, c.Detours = share(reached, c.Patients), share(detours, c.Patients)
	return c
}

// String tells the way in one line, such as "H2>H1>H2>H3 (3 legs)".
func (w Tissue) String() string {
	out := ""
	for i, h := range w.Route {
		if i > 0 {
			out += ">"
		}
		out += h
	}
	return fmt.Sprintf("%s (%d legs)", out, w.Legs)
}
