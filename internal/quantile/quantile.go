// SPDX-License-Identifier: Apache-2.0

// Package quantile has the quantile of a list that more than one room needs.
package quantile

import "math"

// Type7 returns the quantile at q, from 0 to 1, of n numbers in ascending
// order, of which at gives number i from 0: between two numbers on a straight
// line. It is NaN for n = 0.
//
// Reference: Hyndman and Fan 1996, doi:10.1080/00031305.1996.10473566, type 7.
func Type7(n int, at func(i int) float64, q float64) float64 {
	if n == 0 {
		return math.NaN()
	}
	h := q * float64(n-1)
	low := int(h)
	if low == n-1 {
		return at(low)
	}
	return at(low) + (h-float64(low))*(at(low+1)-at(low))
}
