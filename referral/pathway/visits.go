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
	var v Visits
	places := 0
	for p := range l.Pathways() {
		route := p.Route()
		switch {
		case len(route) == 0:
			v.Without++
			continue
		case slices.Contains(route, referral.DestinationUnknown):
			v.Unknown++
			continue
		}
		v.Patients++
		v.Transitions += len(route) - 1
		n := distinct(route)
		places += n
		for len(v.Hospitals) < n {
			v.Hospitals = append(v.Hospitals, 0)
		}
		v.Hospitals[n-1]++
	}
	v.Mean, v.MeanTransitions = over(places, v.Patients), over(v.Transitions, v.Patients)
	several := v.Patients
	if len(v.Hospitals) > 0 {
		several -= v.Hospitals[0]
	}
	v.Several = share(several, v.Patients)
	return v
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
	return referral.Share{Part: referral.Count(float64(part)), Whole: referral.Count(float64(whole)), Result: over(part, whole)}
}
