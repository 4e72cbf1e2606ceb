// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"cmp"
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// travel is a number of patients and how far each of them goes.
type travel struct {
	km       float64
	patients referral.Cell
}

// total is the sum of patients times distance; a negative distance takes the
// other bound.
func total(list []travel) referral.Result {
	lo, hi := 0.0, 0.0
	for _, x := range list {
		a, b := x.km*x.patients.Lo, x.km*x.patients.Hi
		if x.km == 0 {
			a, b = 0, 0
		}
		lo += min(a, b)
		hi += max(a, b)
	}
	return referral.BoundedResult(lo, hi, referral.ReasonUnknownCells)
}

// mean is the distance per patient. With intervals it is least when all flows
// below some distance are at their upper bound and all others at their lower,
// and largest the other way around; every such distance is tried.
func mean(list []travel) referral.Result {
	list = slices.DeleteFunc(slices.Clone(list), func(x travel) bool { return x.patients.Hi == 0 })
	if len(list) == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	if !slices.ContainsFunc(list, func(x travel) bool { return !x.patients.Known() }) {
		sum, n := 0.0, 0.0
		for _, x := range list {
			sum += x.km * x.patients.Lo
			n += x.patients.Lo
		}
		return referral.ExactResult(sum / n)
	}
	slices.SortFunc(list, func(a, b travel) int { return cmp.Compare(a.km, b.km) })
	lo, hi, reason := math.Inf(1), math.Inf(-1), referral.ReasonUnknownCells
	possible := false
	for cut := range len(list) + 1 {
		for _, near := range []bool{true, false} {
			sum, n, open := 0.0, 0.0, false
			for i, x := range list {
				v := x.patients.Lo
				if (i < cut) == near {
					v = x.patients.Hi
				}
				open = open || math.IsInf(v, 1)
				n += v
				sum += x.km * v
			}
			switch {
			case n == 0:
				possible = true
			case open:
				lo, hi = min(lo, list[0].km), max(hi, list[len(list)-1].km)
			default:
				lo, hi = min(lo, sum/n), max(hi, sum/n)
			}
		}
	}
	if possible {
		reason = "zero_denominator_possible"
	}
	return referral.BoundedResult(lo, hi, reason)
}

// worst is the mean further travel of the tenth for whom it grows most; a flow
// at the border counts in part.
func worst(list []travel) referral.Result {
	n := 0.0
	for _, x := range list {
		if !x.patients.Known() {
			return referral.UndefinedResult(referral.ReasonUnknownCells)
		}
		n += x.patients.Lo
	}
	if n == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b travel) int { return cmp.Compare(b.km, a.km) })
	left, sum := n/10, 0.0
	for _, x := range list {
		v := min(left, x.patients.Lo)
		sum += v * x.km
		left -= v
	}
	return referral.ExactResult(sum / (n / 10))
}
