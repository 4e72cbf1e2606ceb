// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/oncoref/oncoref/referral"
)

// ReasonFractions is the reason of a result that is undefined because counts
// are not whole.
const ReasonFractions = "fractional_counts"

// DifferenceOf is the comparison of two shares, such as those of two periods.
type DifferenceOf struct {
	First, Second Estimate
	// Difference is Second less First, between -1 and 1.
	Difference referral.Result
	Interval   Interval
	// Fisher is the two-sided p-value of Fisher's exact test, and Z the
	// statistic of the pooled test with its two-sided p-value ZP from the
	// normal law.
	Fisher, Z, ZP referral.Result
}

// Difference compares two shares of different patients, p₂ - p₁:
//
//	[d - √((p₂-l₂)² + (u₁-p₁)²), d + √((u₂-p₂)² + (p₁-l₁)²)]
//
// with the intervals [l, u] of the two shares by c.Method, of which Wilson
// gives Newcombe's method 10. Fisher's p-value adds up the probabilities of
// all tables with the same margins that are at most as probable as the
// observed one; z is d / √(p(1-p)(1/n₁+1/n₂)) with p the share of both
// together. Positive values mean that the second share is larger.
//
// Where counts are known in part the results are the ranges over their
// completions in whole numbers, if there are at most 10,000. Beyond that z and
// its p-value are bounded by the extreme counts, between which z is monotone; the interval goes
// from the lower end of the second share's less the upper end of the first's to the
// reverse, which holds all completions and is wide; and Fisher's p-value is
// what up to 10,000 completions give, spread evenly (envelope). Without upper
// bounds of the counts these are undefined (unknown_cells). All have the
// status and the reason of a share that has no value, such as undefined for
// nobody (zero_row); z is undefined also if p is 0 or 1 (zero_denominator),
// Fisher's p-value if counts are not whole (fractional_counts). The interval
// is NaN where the difference has no value.
//
// It returns the errors of [OfShare]. Time O(n) for a completion.
//
// Reference: Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I,
// method 10; Fisher 1935, Statistical Methods for Research Workers.
func Difference(first, second referral.Share, c Config) (DifferenceOf, error) {
	var d DifferenceOf
	ends, i, err := c.ends()
	if err != nil {
		return d, err
	}
	for _, of := range []struct {
		to    *Estimate
		share referral.Share
	}{{&d.First, first}, {&d.Second, second}} {
		if *of.to, err = estimate(of.share, ends, i); err != nil {
			return d, err
		}
	}
	d.Interval = Interval{Lo: math.NaN(), Hi: math.NaN(), Level: i.Level, Method: Newcombe, Meaning: i.Meaning}
	if r, ok := unusable(first, second); ok {
		d.Difference, d.Fisher, d.Z, d.ZP = r, r, r, r
		return d, nil
	}
	d.Difference = referral.BoundedResult(second.Lo-first.Hi, second.Hi-first.Lo, referral.ReasonUnknownCells)
	const budget = 10_000
	var fisherP, z, p, lower, upper span
	fisherReason := referral.ReasonZeroRow
	all := product([][]counts{choices(first, budget), choices(second, budget)}, budget, func(at []counts) {
		a, b := at[0], at[1]
		if a.n == 0 || b.n == 0 {
			return
		}
		lo, hi := newcombe(a, b, ends)
		lower.add(lo)
		upper.add(hi)
		score := pooled(a, b)
		z.add(score)
		p.add(TwoSided(score))
		if f := fisher(a, b); math.IsNaN(f) {
			fisherReason = ReasonFractions
		} else {
			fisherP.add(f)
		}
	})
	if !all {
		d.tooMany(first, second)
		return d, nil
	}
	if lower.any {
		d.Interval.Lo, d.Interval.Hi = lower.lo, upper.hi
	}
	d.Fisher = fisherP.result(fisherReason)
	d.Z = z.result(referral.ReasonZeroDenominator)
	d.ZP = p.result(referral.ReasonZeroDenominator)
	return d, nil
}

// tooMany bounds what is not gone through completion by completion.
func (d *DifferenceOf) tooMany(first, second referral.Share) {
	d.Interval.Lo, d.Interval.Hi = d.Second.Interval.Lo-d.First.Interval.Hi, d.Second.Interval.Hi-d.First.Interval.Lo
	lo, hi, ok := scoreRange(first, second)
	if !ok {
		r := referral.UndefinedResult(referral.ReasonUnknownCells)
		d.Fisher, d.Z, d.ZP = r, r, r
		return
	}
	d.Z = referral.BoundedResult(lo, hi, referral.ReasonUnknownCells)
	near := 0.0
	if lo > 0 || hi < 0 {
		near = min(math.Abs(lo), math.Abs(hi))
	}
	d.ZP = referral.BoundedResult(TwoSided(max(math.Abs(lo), math.Abs(hi))), TwoSided(near), referral.ReasonUnknownCells)
	var p span
	for _, a := range spread(first) {
		for _, b := range spread(second) {
			p.add(fisher(a, b))
		}
	}
	if d.Fisher = p.result(ReasonFractions); d.Fisher.Status == referral.Bounded {
		d.Fisher.Status = referral.Envelope
	}
}

// scoreRange bounds the score of the difference: it rises with the part of the
// second share and the rest of the first, and falls with the other two. Where
// it has no value at the extreme counts the second share is 0 or the first is
// 1 in all completions, or the reverse, and the score on one side of 0.
func scoreRange(first, second referral.Share) (lo, hi float64, ok bool) {
	x1, r1 := first.Part, restOf(first)
	x2, r2 := second.Part, restOf(second)
	if math.IsInf(x1.Hi, 1) || math.IsInf(r1.Hi, 1) || math.IsInf(x2.Hi, 1) || math.IsInf(r2.Hi, 1) {
		return 0, 0, false
	}
	lo = pooled(counts{x1.Hi, x1.Hi + r1.Lo}, counts{x2.Lo, x2.Lo + r2.Hi})
	hi = pooled(counts{x1.Lo, x1.Lo + r1.Hi}, counts{x2.Hi, x2.Hi + r2.Lo})
	if math.IsNaN(lo) {
		lo = 0
	}
	if math.IsNaN(hi) {
		hi = 0
	}
	return lo, hi, true
}

// restOf bounds the whole of a share less its part.
func restOf(s referral.Share) referral.Cell {
	if rest, ok := freeRest(s); ok {
		return rest
	}
	return referral.Between(max(0, s.Whole.Lo-s.Part.Hi), s.Whole.Hi-s.Part.Lo)
}

// unusable gives the status and the reason of the first share that has neither
// a value nor bounds, and whether there is one.
func unusable(shares ...referral.Share) (referral.Result, bool) {
	for _, s := range shares {
		if s.Status == referral.OK || s.Status == referral.Bounded || s.Status == referral.Envelope {
			continue
		}
		r := referral.UndefinedResult(s.Reason)
		r.Status = s.Status
		return r, true
	}
	return referral.Result{}, false
}

func newcombe(a, b counts, ends limits) (lo, hi float64) {
	l1, u1 := ends(a.x, a.n)
	l2, u2 := ends(b.x, b.n)
	p1, p2 := a.share(), b.share()
	d := p2 - p1
	return d - math.Hypot(p2-l2, u1-p1), d + math.Hypot(u2-p2, p1-l1)
}

// pooled gives the score of the difference; NaN if all patients or none are in
// the parts.
func pooled(a, b counts) float64 {
	p := (a.x + b.x) / (a.n + b.n)
	if p == 0 || p == 1 {
		return math.NaN()
	}
	return (b.share() - a.share()) / math.Sqrt(p*(1-p)*(1/a.n+1/b.n))
}

// fisher gives the two-sided p-value of a fourfold table; NaN if counts are
// not whole. Probabilities within 1e-7 of the observed one are taken as equal
// to it.
func fisher(a, b counts) float64 {
	if a.x != math.Trunc(a.x) || a.n != math.Trunc(a.n) || b.x != math.Trunc(b.x) || b.n != math.Trunc(b.n) {
		return math.NaN()
	}
	m := a.x + b.x // patients in the parts
	from, to := max(0, m-b.n), min(a.n, m)
	// Relative to the observed table, going both ways from it.
	const near = 1 + 1e-7
	ratio := func(x float64) float64 { return (a.n - x) * (m - x) / ((x + 1) * (b.n - m + x + 1)) } // P(x+1) / P(x)
	total, extreme := 1.0, 1.0
	count := func(p float64) {
		total += p
		if p <= near {
			extreme += p
		}
	}
	for x, p := a.x, 1.0; x < to; x++ {
		p *= ratio(x)
		count(p)
	}
	for x, p := a.x, 1.0; x > from; x-- {
		p /= ratio(x - 1)
		count(p)
	}
	if math.IsInf(total, 1) { // the observed table is below 1e-300
		return 0
	}
	return min(1, extreme/total)
}

// chiSquareTail gives the probability that χ² of k degrees exceeds x.
func chiSquareTail(x, k float64) float64 {
	return distuv.ChiSquared{K: k}.Survival(x)
}
