// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// ReciprocityTest compares the weighted reciprocity of a graph with what its
// strengths alone make expected.
type ReciprocityTest struct {
	Observed   float64 // r, as WeightedReciprocity gives it
	Expected   float64 // <r>, under the null model
	Rho        float64 // (r - <r>) / (1 - <r>): 0 as expected, 1 if every edge is matched, below 0 for avoidance
	Iterations int     // steps that the fit of the model took
	Residual   float64 // largest error of an expected strength, as a share of it
}

// ReciprocityNull compares the weighted reciprocity with that of the directed
// weighted configuration model, the random graph of largest entropy in which
// every node has in expectation the strengths it has:
//
//	z_ij = x_i y_j,  <w_ij> = z_ij / (1 - z_ij)
//	<r> = Σ_{i≠j} z_ij z_ji / (1 - z_ij z_ji) / Σ_{i≠j} w_ij
//
// with x and y such that the expected strengths are those of g to about 1e-11
// of each. Weights are counts in this model: scaled weights give another
// answer.
//
// Self loops do not count. A node that sends nothing has x = 0, one that
// receives nothing y = 0. If all edges share one node the strengths fix all
// expected weights, and these are taken. All values are NaN for a graph without
// edges other than loops; Rho is NaN if <r> is 1.
//
// The error wraps [ErrCounts] if a weight is not whole, is a
// [*ConvergenceError] if the fit fails, or that of ctx.
//
// Time O(k²) for each of some ten or twenty iterations, memory O(n), for k
// different pairs of in- and out-strength.
//
// Reference: Squartini, Picciolo, Ruzzenenti and Garlaschelli 2013,
// doi:10.1038/srep02729, equations 8 to 12.
func ReciprocityNull(ctx context.Context, g *graph.Digraph) (ReciprocityTest, error) {
	seen := 0
	for e := range g.Edges() {
		if stopped(ctx, seen) {
			return ReciprocityTest{}, ctx.Err()
		}
		seen++
		if e.From != e.To && e.Weight != math.Trunc(e.Weight) {
			return ReciprocityTest{}, &graph.EdgeError{From: g.Key(e.From), To: g.Key(e.To), Weight: e.Weight,
				Err: fmt.Errorf("%w, which the null model needs", ErrCounts)}
		}
	}
	csr := g.CSR()
	if err := ctx.Err(); err != nil {
		return ReciprocityTest{}, err
	}
	out := endValues(ctx, csr.OutStart, csr.OutTo, csr.OutWeight, true)
	in := endValues(ctx, csr.InStart, csr.InFrom, csr.InWeight, true)
	if err := ctx.Err(); err != nil {
		return ReciprocityTest{}, err
	}
	total := sum.Of(out)
	t := ReciprocityTest{Observed: WeightedReciprocity(g)}
	var matched float64
	if hub := hubOf(g); hub >= 0 {
		matched = starReciprocity(out, in, hub)
	} else if total > 0 {
		m, err := newCountModel(ctx, out, in)
		if err == nil {
			err = m.fit(ctx)
		}
		if err != nil {
			return ReciprocityTest{}, err
		}
		matched, t.Iterations, t.Residual = m.matched(ctx), m.iterations, m.residual
	}
	if err := ctx.Err(); err != nil {
		return ReciprocityTest{}, err
	}
	t.Expected = matched / total
	t.Rho = (t.Observed - t.Expected) / (1 - t.Expected)
	if math.IsInf(t.Rho, 0) {
		t.Rho = math.NaN()
	}
	return t, nil
}

// hubOf returns the node that is an end of every edge between different nodes,
// the first of two; -1 if there is none. Then the strengths leave no freedom,
// and models whose weights are all above 0 have no solution.
func hubOf(g *graph.Digraph) int {
	ends := [2]int{-1, -1} // those of the first edge that are ends of all so far
	first := true
	for e := range g.Edges() {
		switch {
		case e.From == e.To:
		case first:
			first = false
			ends = [2]int{min(e.From, e.To), max(e.From, e.To)}
		default:
			for k, i := range ends {
				if i != e.From && i != e.To {
					ends[k] = -1
				}
			}
			if ends[0] < 0 && ends[1] < 0 {
				return -1
			}
		}
	}
	if ends[0] >= 0 {
		return ends[0]
	}
	return ends[1]
}

func starReciprocity(out, in []float64, hub int) float64 {
	var s sum.Compensated
	for j := range out {
		if j != hub {
			s.Add(expectedMin(math.Log1p(1/out[j]) + math.Log1p(1/in[j])))
		}
	}
	return 2 * s.Value()
}

// expectedMin is the expected smaller of two independent geometric counts whose
// parameters multiply to exp(-t).
func expectedMin(t float64) float64 { return 1 / math.Expm1(t) }
