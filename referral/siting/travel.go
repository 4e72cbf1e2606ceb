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
// and largest the other way around; every such distance is tried. A flow without
// upper bound can outgrow the others, and then the mean is its own distance.
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
	lo, none := extreme(list, math.Min)
	slices.Reverse(list)
	hi, _ := extreme(list, math.Max)
	r := referral.BoundedResult(lo, hi, referral.ReasonUnknownCells)
	if none {
		r.Value, r.Status, r.Reason = math.NaN(), referral.Bounded, referral.ReasonZeroPossible
	}
	return r
}

// extreme is the least or the largest mean of a list that begins with what makes
// it so, and whether there can be nobody.
func extreme(list []travel, better func(a, b float64) float64) (best float64, none bool) {
	sums, numbers := make([]float64, len(list)+1), make([]float64, len(list)+1) // of all from here on, at their lower bound
	for i, x := range slices.Backward(list) {
		sums[i], numbers[i] = sums[i+1]+x.km*x.patients.Lo, numbers[i+1]+x.patients.Lo
	}
	best = -better(math.Inf(1), math.Inf(-1))
	sum, n := 0.0, 0.0 // of all before, at their upper bound
	for i := range sums {
		if n+numbers[i] > 0 {
			best = better(best, (sum+sums[i])/(n+numbers[i]))
		} else {
			none = true
		}
		if i == len(list) {
			break
		}
		x := list[i]
		if math.IsInf(x.patients.Hi, 1) {
			return better(best, x.km), none
		}
		sum, n = sum+x.km*x.patients.Hi, n+x.patients.Hi
	}
	return best, none
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
