// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"cmp"
	"math"
	"slices"
)

// WeightedMean returns the mean of values, each of as many patients as the cell
// at its place says, Σ n_i v_i / Σ n_i. Cells that are not known give bounds,
// which some choice of the counts attains: the mean is least when all values
// below some value have their largest weight and all others their smallest, and
// largest the other way around; every such value is tried. Values of cells
// without patients do not count. A cell without upper bound can outgrow the
// others, and then the mean is its own value.
//
// It is undefined (zero_denominator) without patients; bounds where there may be
// none have the reason zero_possible. Values must be numbers, and as many as
// cells. Time O(k log k) for k values.
func WeightedMean(values []float64, counts []Cell) Result {
	var list []weighted
	known := true
	for i, c := range counts {
		if c.Hi > 0 {
			list = append(list, weighted{values[i], c})
			known = known && c.Known()
		}
	}
	if len(list) == 0 {
		return UndefinedResult(ReasonZeroDenominator)
	}
	if known {
		sum, n := 0.0, 0.0
		for _, x := range list {
			sum += x.value * x.count.Lo
			n += x.count.Lo
		}
		return ExactResult(sum / n)
	}
	slices.SortStableFunc(list, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
	lo, none := extremeMean(list, math.Min)
	slices.Reverse(list)
	hi, _ := extremeMean(list, math.Max)
	r := BoundedResult(lo, hi, ReasonUnknownCells)
	if none { // the value, if there is one
		r.Value, r.Status, r.Reason = math.NaN(), Bounded, ReasonZeroPossible
	}
	return r
}

type weighted struct {
	value float64
	count Cell
}

// extremeMean is the least or the largest mean of a list that begins with what
// makes it so, and whether there can be nobody.
func extremeMean(list []weighted, better func(a, b float64) float64) (best float64, none bool) {
	sums, numbers := make([]float64, len(list)+1), make([]float64, len(list)+1) // of all from here on, at their lower bound
	for i, x := range slices.Backward(list) {
		sums[i], numbers[i] = sums[i+1]+x.value*x.count.Lo, numbers[i+1]+x.count.Lo
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
		if math.IsInf(x.count.Hi, 1) {
			return better(best, x.value), none
		}
		sum, n = sum+x.value*x.count.Hi, n+x.count.Hi
	}
	return best, none
}
