// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Nearest is the eligible class nearest to an origin.
type Nearest struct {
	Origin string
	Class  string  // of equally near ones the first by label; empty if no distance is known
	Far    float64 // its distance
}

// NearestOf returns the nearest of some classes to each origin, in the order of
// the table. An origin among them is its own, at distance 0.
//
// Time O(origins * classes).
func NearestOf(t *referral.Table, eligible []string, d Distances) []Nearest {
	m := newModel(t)
	var out []Nearest
	for _, r := range m.careRows() {
		out = append(out, nearestTo(m.rows[r].name, eligible, d))
	}
	return out
}

func nearestTo(origin string, eligible []string, d Distances) Nearest {
	n := Nearest{Origin: origin, Far: math.NaN()}
	for _, e := range slices.Sorted(slices.Values(eligible)) {
		far := 0.0
		if e != origin {
			far = d(origin, e)
		}
		if far < n.Far || math.IsNaN(n.Far) && far >= 0 {
			n.Class, n.Far = e, far
		}
	}
	return n
}

// Bypassing says how many patients went past the nearest eligible class.
type Bypassing struct {
	Share  referral.Share  // of the patients treated in an eligible class, those not in the nearest one
	Excess referral.Result // Σ w (d(treated) - d(nearest)) over them, in the unit of the distances times patients
	Mean   referral.Result // the same for each patient who went past
}

// Bypass returns how many patients were treated in an eligible class, such as an
// expert center, that is not the nearest one, and how much farther they went. A
// patient treated where first seen is at distance 0. The nearest class in
// kilometers may not treat the tumor.
//
// The share is undefined if nobody was treated in an eligible class, the mean if
// nobody went past the nearest (zero_denominator), all if a distance that counts is
// not known (no_distance). Bounds of the mean take the totals of the table as
// unknown.
//
// It returns a [*referral.ClassError] for eligible labels that are not single
// classes of the table, and for set-valued labels that hold one.
//
// Time O(cells + origins * classes).
//
// Reference: Bronstein and Morrisey 1991, doi:10.1215/03616878-16-1-87.
func Bypass(t *referral.Table, eligible []string, d Distances) (Bypassing, error) {
	m := newModel(t)
	c, err := m.choose(eligible)
	if err != nil {
		return Bypassing{}, err
	}
	var sets []string
	for j, l := range m.cols {
		if len(l.members) > 1 && c.maybe[j] {
			sets = append(sets, l.name)
		}
	}
	for _, l := range m.rows {
		if len(l.members) > 1 {
			sets = append(sets, l.name)
		}
	}
	if sets != nil {
		return Bypassing{}, &referral.ClassError{Want: "a single class, so that its distance is known", Labels: sets}
	}
	if m.err != nil {
		return Bypassing{Share: referral.Share{Result: *m.err}, Excess: *m.err, Mean: *m.err}, nil
	}
	past := make([]bool, len(m.cell))
	trips := make([]trip, 0, len(m.rows))
	unknown := false
	for _, r := range m.careRows() {
		near := nearestTo(m.rows[r].name, eligible, d)
		one := trip{scope: near.Origin}
		var sum tally
		for k := m.start[r]; k < m.start[r+1]; k++ {
			to := m.cols[m.cell[k].col].name
			if !c.sure[m.cell[k].col] || m.cell[k].hi <= 0 || to == near.Class {
				continue
			}
			past[k] = true
			far := -near.Far
			if to != near.Origin {
				far += d(near.Origin, to)
			}
			unknown = unknown || math.IsNaN(far)
			one.journeys = append(one.journeys, journey{m.cell[k].span, far, far})
			sum.add(m.cell[k].span)
		}
		one.sum = sum.span()
		trips = append(trips, one)
	}
	if unknown {
		r := referral.UndefinedResult(referral.ReasonNoDistance)
		return Bypassing{Share: referral.Share{Result: r}, Excess: r, Mean: r}, nil
	}
	in := func(k int) bool { return m.care(k) && c.sure[m.cell[k].col] }
	went := m.allOf(func(k int) bool { return past[k] })
	return Bypassing{
		Share:  m.pooled(func(k int) bool { return past[k] }, in),
		Excess: m.totalOf(trips),
		Mean:   m.meanOf(trips, went, referral.ReasonZeroDenominator),
	}, nil
}
