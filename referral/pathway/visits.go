// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Visits says in how many hospitals patients were, and how often they went on
// to another one.
type Visits struct {
	Patients int // with a route: at least one visit, all in known hospitals
	Without  int // patients of whom no visit is recorded
	Unknown  int // patients who were in a hospital that is not known

	// Hospitals[k] is the number of patients who were in k+1 different hospitals.
	Hospitals       []int
	Mean            referral.Result // different hospitals per patient
	Several         referral.Share  // patients in more than one hospital
	Transitions     int             // changes of hospital
	MeanTransitions referral.Result // per patient
}

// CountVisits counts the hospitals and the changes of hospital on the route of
// each patient, [referral.Pathway.Route]. A patient who goes back and forth
// counts once in each hospital and at each change: read both. Patients in
// Without and Unknown are left out of everything else. Means are undefined
// (zero_denominator) without patients.
//
// Time O(n) for n events.
//
// Lee et al. 2011, American Journal of Public Health 101:707-713; Iwashyna et
// al. 2009, Medical Care 47:787-793.
func CountVisits(l *referral.Log) Visits {
	type worker struct {
		Visits
		route []string
	}
	workers := referral.EachPathway(l, func() *worker { return &worker{} }, func(w *worker, p referral.Pathway) {
		w.route = p.AppendRoute(w.route[:0])
		switch {
		case len(w.route) == 0:
			w.Without++
			return
		case slices.Contains(w.route, referral.DestinationUnknown):
			w.Unknown++
			return
		}
		w.Patients++
		w.Transitions += len(w.route) - 1
		w.Hospitals = raise(w.Hospitals, distinct(w.route), 1)
	})
	var v Visits
	for _, w := range workers {
		v.Without, v.Unknown, v.Patients, v.Transitions = v.Without+w.Without, v.Unknown+w.Unknown, v.Patients+w.Patients, v.Transitions+w.Transitions
		for i, n := range w.Hospitals {
			v.Hospitals = raise(v.Hospitals, i+1, n)
		}
	}
	places := 0
	for i, n := range v.Hospitals {
		places += (i + 1) * n
	}
	v.Mean, v.MeanTransitions = over(places, v.Patients), over(v.Transitions, v.Patients)
	several := v.Patients
	if len(v.Hospitals) > 0 {
		several -= v.Hospitals[0]
	}
	v.Several = share(several, v.Patients)
	return v
}

// raise adds n to entry k, counted from 1, of a list that grows to have it.
func raise(list []int, k, n int) []int {
	for len(list) < k {
		list = append(list, 0)
	}
	list[k-1] += n
	return list
}

// distinct counts the different hospitals of a route, which is short.
func distinct(route []string) int {
	n := 0
	for i, h := range route {
		if !slices.Contains(route[:i], h) {
			n++
		}
	}
	return n
}

// over is a mean of counts.
func over(sum, n int) referral.Result {
	if n == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	r := referral.ExactResult(float64(sum) / float64(n))
	r.N = n
	return r
}

// share is a proportion of counts.
func share(part, whole int) referral.Share {
	return referral.ShareIn(float64(part), float64(whole))
}
