// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Similarity says how much two tables are alike.
type Similarity struct {
	// Common is the common part, 2 Σ min(F, G) / (Σ F + Σ G), and CommonCross
	// the same without the retained. Both are below 1 where the totals
	// differ; CommonShare compares shares, Σ min(F/ΣF, G/ΣG).
	Common, CommonCross, CommonShare referral.Result
	// JensenShannon is the divergence of the shares of cells, in bits.
	JensenShannon referral.Result
	// Flows is the share of the flows between different classes that both
	// tables have, the Jaccard index of what is known to occur.
	Flows referral.Result
	// Rows is the total variation distance ½ Σ_j |p_ij - p'_ij| of the
	// destinations of each origin.
	Rows []referral.Scoped
}

// Numbers of completions that are gone through, or drawn where they are more.
const (
	maxCompletions     = 1_000_000
	sampledCompletions = 10_000
)

// similarity compares two grids of the same classes.
func similarity(a, b grid, seed uint64) Similarity {
	n := len(a.classes)
	s := Similarity{Flows: jaccard(a, b)}
	var cross [2][]referral.Cell
	for at := range a.cells {
		if at/n != at%n {
			cross[0] = append(cross[0], a.cells[at])
			cross[1] = append(cross[1], b.cells[at])
		}
	}
	s.Common = commonPart(a.cells, b.cells)
	s.CommonCross = commonPart(cross[0], cross[1])
	s.CommonShare = overBoth(a.cells, b.cells, seed, commonShare)
	s.JensenShannon = overBoth(a.cells, b.cells, seed, jensenShannon)
	for i, label := range a.classes {
		r := referral.UndefinedResult(referral.ReasonNoRow)
		if a.rows[i] && b.rows[i] {
			r = overBoth(a.cells[i*n:(i+1)*n], b.cells[i*n:(i+1)*n], seed, variation)
			if r.Status == referral.Undefined && r.Reason == referral.ReasonZeroDenominator {
				r.Reason = referral.ReasonZeroRow
			}
		}
		s.Rows = append(s.Rows, referral.Scoped{Scope: label, Result: r})
	}
	return s
}

// shareTerm is what a place with x of n1 and y of n2 patients adds to a measure
// of two lists of counts that compares their shares.
type shareTerm func(x, n1, y, n2 float64) float64

// overBoth gives a measure of two lists of counts: the range over all
// completions in whole numbers, or over a sample of them where they are many
// and their sums are too.
func overBoth(a, b []referral.Cell, seed uint64, of shareTerm) referral.Result {
	var r openRow
	k := len(a)
	for i := range a {
		r.first, r.second = append(r.first, inWhole(a[i])), append(r.second, inWhole(b[i]))
	}
	cells := slices.Concat(r.first, r.second)
	ways := countCompletions(cells)
	if math.IsInf(ways, 1) || math.IsNaN(ways) {
		return referral.UndefinedResult(referral.ReasonUnknownCells)
	}
	var s span
	visit := func(x []float64) error {
		n1, n2 := total(x[:k]), total(x[k:])
		if n1 == 0 || n2 == 0 {
			s.add(math.NaN())
			return nil
		}
		sum := 0.0
		for i, v := range x[:k] {
			sum += of(v, n1, x[k+i], n2)
		}
		s.add(min(1, max(0, sum)))
		return nil
	}
	if ways*float64(len(cells)) <= 100*maxCompletions && completions(cells, maxCompletions, visit) == nil {
		return s.result(referral.ReasonZeroDenominator)
	}
	if r.fewSums() {
		r.pairsOfSums(func(n1, n2 float64) {
			at := func(x, y float64) float64 { return of(x, n1, y, n2) }
			s.add(min(1, max(0, r.extreme(n1, n2, 1, at, nil))))
			s.add(min(1, max(0, -r.extreme(n1, n2, -1, at, nil))))
		})
		return s.result(referral.ReasonZeroDenominator)
	}
	x := make([]float64, len(cells))
	for number := range sampledCompletions {
		rng := stream(seed, number)
		for i, c := range cells {
			switch {
			case c.Known():
				x[i] = c.Lo
			case number%2 == 0: // a corner
				x[i] = c.Lo + (c.Hi-c.Lo)*float64(rng.IntN(2))
			default:
				x[i] = c.Lo + math.Floor(rng.Float64()*(c.Hi-c.Lo+1))
			}
		}
		_ = visit(x)
	}
	out := s.result(referral.ReasonZeroDenominator)
	if out.Status == referral.Bounded {
		out.Status = referral.Envelope
	}
	return out
}

func commonShare(x, n1, y, n2 float64) float64 { return min(x/n1, y/n2) }

func jensenShannon(x, n1, y, n2 float64) float64 {
	p, q := x/n1, y/n2
	m := (p + q) / 2
	sum := 0.0
	if p > 0 {
		sum += p * math.Log2(p/m) / 2
	}
	if q > 0 {
		sum += q * math.Log2(q/m) / 2
	}
	return sum
}

func variation(x, n1, y, n2 float64) float64 { return math.Abs(x/n1-y/n2) / 2 }

// commonPart gives the common part of two lists of cells, with exact bounds
// where they are known in part: each pair of cells is chosen for the quotient
// of two sums, whose extremes are found by Dinkelbach's iteration.
func commonPart(a, b []referral.Cell) referral.Result {
	for i := range a {
		if math.IsInf(a[i].Hi, 1) || math.IsInf(b[i].Hi, 1) {
			return referral.UndefinedResult(referral.ReasonUnknownCells)
		}
	}
	lo, hi := extremeCommon(a, b, -1), extremeCommon(a, b, 1)
	if math.IsNaN(lo) || math.IsNaN(hi) {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	return referral.BoundedResult(lo, hi, referral.ReasonUnknownCells)
}

// extremeCommon gives the largest quotient for sign 1 and the smallest for -1.
// The extreme of a sum that is linear on either side of x = y lies at a corner
// of the two cells or where they are equal, at its ends.
func extremeCommon(a, b []referral.Cell, sign float64) float64 {
	quotient := math.NaN()
	for range 200 {
		var above, below float64
		for i := range a {
			best := math.Inf(-1)
			var bestAbove, bestBelow float64
			try := func(x, y float64) {
				over, under := 2*min(x, y), x+y
				gain := under // start at the largest cells, which have patients
				if !math.IsNaN(quotient) {
					gain = sign * (over - quotient*under)
				}
				if gain > best {
					best, bestAbove, bestBelow = gain, over, under
				}
			}
			x, y := a[i], b[i]
			for _, p := range [...][2]float64{{x.Lo, y.Lo}, {x.Lo, y.Hi}, {x.Hi, y.Lo}, {x.Hi, y.Hi}} {
				try(p[0], p[1])
			}
			if from, to := max(x.Lo, y.Lo), min(x.Hi, y.Hi); from <= to {
				try(from, from)
				try(to, to)
			}
			above += bestAbove
			below += bestBelow
		}
		if below == 0 {
			return quotient
		}
		next := above / below
		if next == quotient || math.Abs(next-quotient) <= 1e-15 {
			return next
		}
		quotient = next
	}
	return quotient
}

// jaccard compares which flows between different classes are known to occur.
// What a table does not list does not count, also where it may have patients.
func jaccard(a, b grid) referral.Result {
	var leastBoth, mostEither, mostBoth, leastEither float64
	n := len(a.classes)
	for at, x := range a.cells {
		y := b.cells[at]
		if at/n == at%n {
			continue
		}
		// A pair that may be in both tables raises the share most when it is,
		// and lowers it most when it is in one only.
		if x.Lo > 0 && y.Lo > 0 {
			leastBoth++
		}
		if x.Hi > 0 || y.Hi > 0 {
			mostEither++
		}
		if x.Hi > 0 && y.Hi > 0 {
			mostBoth++
			leastEither++
		} else if x.Lo > 0 || y.Lo > 0 {
			leastEither++
		}
	}
	if leastEither == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	return referral.BoundedResult(leastBoth/mostEither, mostBoth/leastEither, referral.ReasonUnknownCells)
}
