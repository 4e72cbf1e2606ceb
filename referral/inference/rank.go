// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"
	"slices"
)

// RankInterval is the range of places that an entry can have, 1 being the
// largest value.
type RankInterval struct{ Best, Worst int }

// RankIntervals returns for each interval the places that it can have if every
// value lies anywhere in its interval:
//
//	best = 1 + |{j: lo_j > hi_i}|,  worst = k - |{j: hi_j < lo_i}|
//
// Entries whose intervals touch may be in either order. For places that hold
// together with some probability, pass intervals that do so, such as those of a
// level of 1 - (1-level)/k. An interval that is NaN has no order: its range is
// 1 to k, and it widens no other but by its place. Time O(k log k).
func RankIntervals(intervals []Interval) []RankInterval {
	k := len(intervals)
	var los, his []float64
	for _, i := range intervals {
		if !math.IsNaN(i.Lo) && !math.IsNaN(i.Hi) {
			los = append(los, i.Lo)
			his = append(his, i.Hi)
		}
	}
	slices.Sort(los)
	slices.Sort(his)
	out := make([]RankInterval, k)
	for n, i := range intervals {
		out[n] = RankInterval{1, k}
		if math.IsNaN(i.Lo) || math.IsNaN(i.Hi) {
			continue
		}
		below, _ := slices.BinarySearch(los, math.Nextafter(i.Hi, math.Inf(1)))
		out[n].Best = 1 + len(los) - below
		lower, _ := slices.BinarySearch(his, i.Lo)
		out[n].Worst = k - lower
	}
	return out
}

// FalseDiscovery returns the p-values of Benjamini and Hochberg, in the order
// given: rejecting those of at most q keeps the expected share of false ones
// among the rejected at q, if the tests are independent or positively
// dependent,
//
//	adjusted(i) = min over j with p_j >= p_i of (k p_j / rank of p_j), at most 1
//
// For residuals of a table pass 2(1-Φ|r|), which [TwoSided] gives. A p-value
// that is NaN stays NaN and does not count in k. It returns an [*InputError]
// for a p-value outside [0, 1]. Time O(k log k).
//
// Reference: Benjamini and Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
func FalseDiscovery(p []float64) ([]float64, error) {
	out := make([]float64, len(p))
	known := make([]float64, 0, len(p))
	var at []int
	for i, v := range p {
		out[i] = v
		switch {
		case math.IsNaN(v):
		case v < 0 || v > 1:
			return nil, badNumber("p-value", v, "a number from 0 to 1")
		default:
			known = append(known, v)
			at = append(at, i)
		}
	}
	least := 1.0
	k := float64(len(known))
	for place, i := range ranked(known) {
		least = min(least, known[i]*k/(k-float64(place)))
		out[at[i]] = least
	}
	return out, nil
}

// TwoSided returns the two-sided p-value of a standard normal score; NaN for
// NaN.
func TwoSided(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }
