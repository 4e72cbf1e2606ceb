// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"

	"github.com/oncoref/oncoref/referral"
)

// Limits of what the bounds of X² go through for an origin.
const (
	maxSumPairs  = 1 << 21 // pairs of sums, times the numbers of destinations
	ratioPieces  = 256     // of the range of the quotient of the two sums
	varianceSlop = 1e-13   // rounding of a variance, relative to the squares it is made of
)

// rowBounds is what is known about the X² of an origin in the completions in
// which it has somebody in both tables, and about the law of X² under
// permutation.
type rowBounds struct {
	lo, hi      float64       // X²
	below       float64       // lower bound of X² less the mean of the law
	above       float64       // upper bound of it
	variance    float64       // upper bound of that of the law
	maybeEmpty  bool          // other completions have nobody in one of the tables
	attained    bool          // lo and hi are X² of completions,
	ends        [2]pairOfRows // these
	fewest      int           // destinations that have somebody for sure
	leastInvert float64       // bounds of Σ 1/b over the destinations that have somebody
	mostInvert  float64
}

// rangeOfX2 adds up the bounds of origins.
func rangeOfX2(rows []rowBounds) referral.Result {
	lo, hi, always, smallest := 0.0, 0.0, false, math.Inf(1)
	for _, r := range rows {
		hi += r.hi
		smallest = min(smallest, r.lo)
		if !r.maybeEmpty {
			lo += r.lo
			always = true
		}
	}
	if !always {
		lo = smallest // one of them has somebody
	}
	return rangeOf(lo, hi)
}

// momentRange bounds the p-value by Cantelli's inequality: with the law's mean
// m and variance v the probability of reaching m + d is at most v / (v + d²),
// and that of staying below m - d too.
func momentRange(rows []rowBounds) (lo, hi float64) {
	var below, above, variance float64
	for _, r := range rows {
		variance += r.variance
		if r.maybeEmpty {
			below, above = below+min(0, r.below), above+max(0, r.above)
		} else {
			below, above = below+r.below, above+r.above
		}
	}
	lo, hi = 0, 1
	if math.IsInf(variance, 1) {
		return lo, hi
	}
	const rounding = 1e-8
	if below -= rounding * (1 + math.Abs(below)); below > 0 {
		hi = variance / (variance + below*below)
	}
	if above += rounding * (1 + math.Abs(above)); above < 0 {
		lo = above * above / (variance + above*above)
	}
	return lo, hi
}

// bounds bounds X² of an origin and its law. Given how many patients it has in
// each table X² is a sum over destinations, whose extremes are found sum by
// sum; where the sums are too many only their quotient is used.
func (r openRow) bounds() rowBounds {
	b := rowBounds{maybeEmpty: r.maybeEmpty(), below: math.Inf(-1), above: math.Inf(1), variance: math.Inf(1)}
	for j, x := range r.first {
		y := r.second[j]
		b.mostInvert += 1 / max(1, x.Lo+y.Lo)
		if x.Lo+y.Lo > 0 {
			b.fewest++
			b.leastInvert += 1 / (x.Hi + y.Hi)
		}
	}
	n1, n2 := [2]float64{max(1, leastOf(r.first)), mostOf(r.first)}, [2]float64{max(1, leastOf(r.second)), mostOf(r.second)}
	pairs := (n1[1] - n1[0] + 1) * (n2[1] - n2[0] + 1)
	attained := r.fewSums()
	if !attained {
		b.lo, b.hi = r.outer(n1[0]/n2[1], n1[1]/n2[0])
		b.below, b.above = b.lo-expectedX2(n1[0]+n2[0], len(r.first)), b.hi-expectedX2(n1[1]+n2[1], b.fewest)
	}
	if !attained && pairs*float64(len(r.first)-b.fewest+1) > maxSumPairs {
		return b
	}
	b.variance = 0
	var at [2][2]float64
	if attained {
		b.attained = true
		b.lo, b.hi, b.below, b.above = math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	}
	for i := n1[0]; i <= n1[1]; i++ {
		for k := n2[0]; k <= n2[1]; k++ {
			b.variance = max(b.variance, b.varianceOf(i, i+k, len(r.first)))
			if !attained {
				continue
			}
			t := i / k
			of := func(x, y float64) float64 { return term(x, y, t) }
			lo, hi := r.extreme(i, k, 1, of, nil), -r.extreme(i, k, -1, of, nil)
			if lo < b.lo {
				b.lo, at[0] = lo, [2]float64{i, k}
			}
			if hi > b.hi {
				b.hi, at[1] = hi, [2]float64{i, k}
			}
			b.below = min(b.below, lo-expectedX2(i+k, len(r.first)))
			b.above = max(b.above, hi-expectedX2(i+k, b.fewest))
		}
	}
	if attained {
		b.ends = [2]pairOfRows{r.completion(at[0], 1), r.completion(at[1], -1)}
	}
	return b
}

// expectedX2 is that of X² under permutation for n patients in k destinations.
func expectedX2(n float64, k int) float64 { return n / (n - 1) * float64(max(1, k)-1) }

// varianceOf bounds the variance of X² under permutation, for n1 of n patients
// in the first table. X² is n²/(n1 n2) (Σ a²/b - n1²/n), with a of the b
// patients of a destination in the first table; the factorial moments of a
// multivariate hypergeometric law give the mean and the mean square of Σ a²/b,
// which depend on b by Σ 1/b and the number of destinations only.
func (b *rowBounds) varianceOf(n1, n float64, most int) float64 {
	f := [5]float64{1} // f[r] = n1 (n1-1) ... / n (n-1) ..., r factors each
	for r := 1; r < 5; r++ {
		if f[r] = 0; n1 >= float64(r) {
			f[r] = f[r-1] * (n1 - float64(r-1)) / (n - float64(r-1))
		}
	}
	scale := n * n / (n1 * (n - n1))
	largest := 0.0
	for count := max(2, b.fewest); count <= most; count++ {
		k := float64(count)
		mean := (n-k)*f[2] + k*f[1]
		for _, s := range [...]float64{b.leastInvert, b.mostInvert} {
			square := f[4]*((n-k)*(n-k)-4*n+10*k-6*s) + f[3]*(6*n-18*k+12*s+2*(k-1)*(n-k)) +
				f[2]*(k*k+6*k-7*s) + f[1]*s
			largest = max(largest, scale*scale*(square-mean*mean+varianceSlop*mean*mean))
		}
	}
	return largest
}

// term is what a destination of x and y patients adds to X² where the totals of
// the two tables have the quotient t.
func term(x, y, t float64) float64 {
	if x+y == 0 {
		return 0
	}
	d := x - t*y
	return d * d / (t * (x + y))
}

// outer bounds X² where the quotient of the totals is between least and most.
// A term is convex in its counts, and in the quotient; it is 0 where they agree.
func (r openRow) outer(least, most float64) (lo, hi float64) {
	step := math.Pow(most/least, 1.0/ratioPieces)
	lo, hi = math.Inf(1), 0
	for piece := range ratioPieces {
		from := least * math.Pow(step, float64(piece))
		to := from * step
		var low, high float64
		for j, x := range r.first {
			y := r.second[j]
			switch {
			case x.Lo > to*y.Hi:
				low += term(x.Lo, y.Hi, to)
			case x.Hi < from*y.Lo:
				low += term(x.Hi, y.Lo, from)
			}
			top := 0.0
			for _, a := range [...]float64{x.Lo, x.Hi} {
				for _, b := range [...]float64{y.Lo, y.Hi} {
					top = max(top, term(a, b, from), term(a, b, to))
				}
			}
			high += top
		}
		lo, hi = min(lo, low), max(hi, high)
	}
	const rounding = 1e-12
	return lo * (1 - rounding), hi * (1 + rounding)
}

// completion gives a completion with the least X² (for sign 1, the largest for
// -1) of those with the given numbers of patients.
func (r openRow) completion(n [2]float64, sign float64) pairOfRows {
	choices := make([][]int, len(r.first))
	r.extreme(n[0], n[1], sign, func(x, y float64) float64 { return term(x, y, n[0]/n[1]) }, choices)
	s, u := int(n[0]-leastOf(r.first)), int(n[1]-leastOf(r.second))
	first, second := make([]float64, len(r.first)), make([]float64, len(r.first))
	w2 := int(mostOf(r.second) - leastOf(r.second))
	for j := len(r.first) - 1; j >= 0; j-- {
		_, dy := r.widths(j)
		choice := choices[j][s*(w2+1)+u]
		a, b := choice/(dy+1), choice%(dy+1)
		first[j], second[j] = r.first[j].Lo+float64(a), r.second[j].Lo+float64(b)
		s, u, w2 = s-a, u-b, w2-dy
	}
	p, _ := pairOf(first, second)
	return p
}
