// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"context"
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Homogeneity is a test of whether the patients of each origin went the same
// ways in two tables. Where cells are known in part its numbers are ranges over
// their completions in whole numbers.
type Homogeneity struct {
	X2      referral.Result // Σ over origins of Pearson's X²
	Degrees int             // Σ over origins of (destinations seen - 1), or that may be seen
	P       referral.Result // probability of an X2 as large or larger if they did
	Seen    referral.Result // part of P's range that is known to occur (envelope), where P is bounded and not Exact
	Rows    int             // origins that have patients in both tables, or may have
	Exact   bool            // P was calculated over all permutations, of all completions
	Draws   int             // random permutations behind P of exact cells, else behind the ends of Seen; 0 if there are none
	Seed    uint64
}

// openRows pairs the rows of two grids of the same classes, without origins
// that have nobody in one of them and destinations of nobody. The second result is the reason why there
// is nothing to test.
func openRows(a, b grid) ([]openRow, string) {
	var out []openRow
	n := len(a.classes)
	for i := range a.classes {
		var r openRow
		for j := i * n; j < (i+1)*n; j++ {
			x, y := a.cells[j], b.cells[j]
			for _, c := range [...]referral.Cell{x, y} {
				switch {
				case math.IsInf(c.Hi, 1):
					return nil, referral.ReasonUnknownCells
				case c.Known() && c.Lo != math.Trunc(c.Lo), math.Ceil(c.Lo) > math.Floor(c.Hi):
					return nil, ReasonFractions
				}
			}
			if x.Hi+y.Hi > 0 {
				r.first, r.second = append(r.first, inWhole(x)), append(r.second, inWhole(y))
			}
		}
		if mostOf(r.first) > 0 && mostOf(r.second) > 0 {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil, referral.ReasonZeroRow
	}
	return out, ""
}

// least gives the row in which all cells are at their lower bounds.
func (r openRow) least() (pairOfRows, bool) {
	counts := make([]float64, 0, 2*len(r.first))
	for _, c := range slices.Concat(r.first, r.second) {
		counts = append(counts, c.Lo)
	}
	return pairOf(counts[:len(r.first)], counts[len(r.first):])
}

// pairOf pairs the counts of an origin in two tables; not ok if one has nobody.
func pairOf(first, second []float64) (pairOfRows, bool) {
	p := pairOfRows{n1: total(first), n2: total(second)}
	if p.n1 == 0 || p.n2 == 0 {
		return p, false
	}
	p.expectation = p.n1 / (p.n1 + p.n2)
	for j, x := range first {
		if both := x + second[j]; both > 0 {
			p.first = append(p.first, x)
			p.both = append(p.both, both)
		}
	}
	return p, true
}

// homogeneity tests whether two grids of the same classes differ, by permuting
// which table a patient belongs to within each origin, so that all margins
// stay.
func homogeneity(ctx context.Context, a, b grid, c PermutationConfig) (Homogeneity, error) {
	rows, reason := openRows(a, b)
	if reason != "" {
		r := referral.UndefinedResult(reason)
		return Homogeneity{X2: r, P: r, Seen: r, Seed: c.Seed}, nil
	}
	if c.Draws < 0 {
		return Homogeneity{}, badNumber("Draws", float64(c.Draws), "at least 1")
	}
	h := Homogeneity{Rows: len(rows), Seed: c.Seed}
	for _, r := range rows {
		h.Degrees += len(r.first) - 1
	}
	if slices.ContainsFunc(rows, func(r openRow) bool { return !r.known() }) {
		return h, h.ranges(ctx, rows, c)
	}
	exact := make([]pairOfRows, len(rows))
	for i, r := range rows {
		exact[i], _ = r.least()
	}
	p, err := h.test(ctx, exact, c)
	h.X2, h.P, h.Seen = referral.ExactResult(statistic(exact)), referral.ExactResult(p), referral.ExactResult(p)
	return h, err
}

// statistic adds up Pearson's X² of the origins.
func statistic(rows []pairOfRows) float64 {
	sum := 0.0
	for i := range rows {
		sum += rows[i].x2(rows[i].first)
	}
	return sum
}

// test gives the p-value of exact counts and sets how it was found.
func (h *Homogeneity) test(ctx context.Context, rows []pairOfRows, c PermutationConfig) (float64, error) {
	observed := statistic(rows)
	if !c.DrawAlways {
		p, ok, err := exactTail(ctx, rows, observed)
		if ok || err != nil {
			h.Exact = true
			return p, err
		}
	}
	if h.Draws = c.Draws; h.Draws == 0 {
		h.Draws = 100_000
	}
	larger, err := permute(ctx, rows, observed, h.Draws, c)
	return (1 + float64(larger)) / (1 + float64(h.Draws)), err
}
