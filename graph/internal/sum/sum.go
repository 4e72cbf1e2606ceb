// SPDX-License-Identifier: Apache-2.0

// Package sum adds floating-point numbers with compensation, so that a long
// sum in a fixed order is exact to about one rounding whatever the sizes of
// its terms.
package sum

// Compensated is a running sum that carries the rounding error of every
// addition beside the sum (Neumaier's scheme, with Knuth's branch-free exact
// addition). The zero value is an empty sum.
//
// It holds for finite terms whose sum is finite.
//
// Reference: Neumaier 1974, doi:10.1002/zamm.19740540106.
type Compensated struct {
	sum, carry float64
}

// Add adds x.
func (s *Compensated) Add(x float64) {
	t := s.sum + x
	b := t - s.sum
	s.carry += (s.sum - (t - b)) + (x - b)
	s.sum = t
}

// Value returns the sum so far.
func (s *Compensated) Value() float64 { return s.sum + s.carry }

// Of returns the sum of x. It runs four sums over every fourth term, which
// the processor does at the same time, and adds them up in a fixed order.
func Of(x []float64) float64 {
	var s [4]Compensated
	for len(x) >= len(s) {
		s[0].Add(x[0])
		s[1].Add(x[1])
		s[2].Add(x[2])
		s[3].Add(x[3])
		x = x[len(s):]
	}
	for i, v := range x {
		s[i].Add(v)
	}
	for _, t := range s[1:] {
		s[0].Add(t.sum)
		s[0].carry += t.carry
	}
	return s[0].Value()
}
