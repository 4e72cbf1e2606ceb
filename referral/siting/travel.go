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

// mean is the distance per patient.
func mean(list []travel) referral.Result {
	km, patients := make([]float64, len(list)), make([]referral.Cell, len(list))
	for i, x := range list {
		km[i], patients[i] = x.km, x.patients
	}
	return referral.WeightedMean(km, patients)
}

// worst is the mean further travel of the tenth for whom it grows most; a flow
// at the border counts in part. More patients of a flow raise it if their travel
// grows by more than some number and lower it else, so that bounds are found as
// those of a mean. Where nobody need be moved, the bounds are those of the cases
// in which somebody is.
func worst(list []travel) referral.Result {
	list = slices.DeleteFunc(slices.Clone(list), func(x travel) bool { return x.patients.Hi == 0 })
	if len(list) == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	slices.SortStableFunc(list, func(a, b travel) int { return cmp.Compare(b.km, a.km) })
	least, most, reason := math.Inf(1), math.Inf(-1), referral.ReasonUnknownCells
	counts := make([]float64, len(list))
	for cut := range len(list) + 1 {
		for _, far := range []bool{true, false} {
			n := 0.0
			for i, x := range list {
				if counts[i] = x.patients.Lo; (i < cut) == far {
					counts[i] = x.patients.Hi
				}
				n += counts[i]
			}
			switch {
			case math.IsInf(n, 1):
				return referral.UndefinedResult(referral.ReasonUnknownCells)
			case n == 0:
				reason = referral.ReasonZeroPossible
				least, most = min(least, list[len(list)-1].km), max(most, list[0].km)
			default:
				v := tenth(list, counts, n)
				least, most = min(least, v), max(most, v)
			}
		}
	}
	if reason == referral.ReasonZeroPossible {
		return referral.Result{Value: math.NaN(), Lo: least, Hi: most, Status: referral.Bounded, Reason: reason}
	}
	return referral.BoundedResult(least, most, reason)
}

// tenth is the mean over the first tenth of n patients.
func tenth(list []travel, counts []float64, n float64) float64 {
	left, sum := n/10, 0.0
	for i, x := range list {
		v := min(left, counts[i])
		sum += v * x.km
		left -= v
	}
	return sum / (n / 10)
}
