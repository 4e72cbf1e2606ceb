// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"

	"github.com/oncoref/oncoref/referral"
)

// Shrunk is the empirical-Bayes estimate of one share.
type Shrunk struct {
	Origin, Destination string
	Observed            referral.Result
	Weight              referral.Result // of the share itself, from 0 to 1; the rest is that of the pooled share
	Estimate            referral.Result // between the share and the pooled one; never to be published as a count
	Borrowed            bool            // nothing is observed: the estimate is the pooled share
}

// Shrinkage is the empirical-Bayes estimate of a list of shares.
type Shrinkage struct {
	Pooled  referral.Result // Σx / Σn
	Between referral.Result // variance between the true shares, 0 at least
	Shares  []Shrunk        // in the order given
}

// Shrink returns shares drawn towards the pooled one, the more so the smaller
// they are, by Marshall's global estimator:
//
//	m = Σx / Σn,  s² = Σ n (p-m)² / Σ n,  A = max(0, s² - m(1-m)/n̄)
//	ρ = (n s² - (n/n̄) m(1-m)) / ((n-1) s² + ((n̄-n)/n̄) m(1-m)), in [0, 1]
//	estimate = m + ρ (p - m)
//
// where n̄ is the mean of the n above 0. With A = 0 every weight ρ is 0. A share
// of nobody gets the pooled share and is marked Borrowed.
//
// Where counts are known in part, results are the ranges over their
// completions in whole numbers if there are at most a million; else it returns
// an [*UnknownError]. Everything is undefined if nobody is counted at all. It
// returns an [*InputError] for invalid cells. Time O(k) for a completion of k shares.
//
// Reference: Marshall 1991, doi:10.2307/2347593; Martuzzi and Elliott 1996,
// doi:10.1002/(SICI)1097-0258(19960915)15:17<1867::AID-SIM398>3.0.CO;2-2, for
// the weights of proportions.
func Shrink(shares []referral.Share) (Shrinkage, error) {
	const budget = 1_000_000
	lists := make([][]counts, len(shares))
	for i, s := range shares {
		if err := checkShare(s); err != nil {
			return Shrinkage{}, err
		}
		if lists[i] = choices(s, budget); lists[i] == nil {
			return Shrinkage{}, &UnknownError{Origin: s.Origin, Destination: s.Destination, Cell: s.Part, Want: "at most 1,000,000 completions"}
		}
	}
	var pooled, between span
	weight, estimate := make([]span, len(shares)), make([]span, len(shares))
	rho := make([]float64, len(shares))
	all := product(lists, budget, func(at []counts) {
		m, a := marshall(at, rho)
		pooled.add(m)
		between.add(a)
		for i, c := range at {
			weight[i].add(rho[i])
			if c.n == 0 {
				estimate[i].add(m)
			} else {
				estimate[i].add(m + rho[i]*(c.share()-m))
			}
		}
	})
	if !all {
		return Shrinkage{}, &UnknownError{Want: "at most 1,000,000 completions of the unknown counts"}
	}
	out := Shrinkage{
		Pooled: pooled.result(referral.ReasonZeroDenominator), Between: between.result(referral.ReasonZeroDenominator),
		Shares: make([]Shrunk, len(shares)),
	}
	for i, s := range shares {
		out.Shares[i] = Shrunk{
			Origin: s.Origin, Destination: s.Destination, Observed: s.Result,
			Weight: weight[i].result(referral.ReasonZeroDenominator), Estimate: estimate[i].result(referral.ReasonZeroDenominator),
			Borrowed: s.Whole.Hi == 0,
		}
	}
	return out, nil
}

// marshall gives the pooled share, the variance between shares, and in rho the
// weights; NaN where nobody is counted.
func marshall(at []counts, rho []float64) (m, between float64) {
	var x, n, rows float64
	for _, c := range at {
		x += c.x
		n += c.n
		if c.n > 0 {
			rows++
		}
	}
	m = x / n
	if n == 0 {
		for i := range rho {
			rho[i] = math.NaN()
		}
		return m, m
	}
	s2 := 0.0
	for _, c := range at {
		if c.n > 0 {
			d := c.share() - m
			s2 += c.n * d * d
		}
	}
	s2 /= n
	mean := n / rows
	within := m * (1 - m)
	between = max(0, s2-within/mean)
	for i, c := range at {
		rho[i] = 0
		if between > 0 && c.n > 0 {
			rho[i] = (c.n*s2 - c.n/mean*within) / ((c.n-1)*s2 + (mean-c.n)/mean*within)
			rho[i] = min(1, max(0, rho[i]))
		}
	}
	return m, between
}
