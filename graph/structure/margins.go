// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// FitConfig are the choices of [FitMargins].
type FitConfig struct {
	Sweeps    int     // most sweeps; 0 means 100,000
	Tolerance float64 // error of a row, as a share of it, below which it is done; 0 means 1e-10
}

const (
	defaultSweeps    = 100_000
	defaultTolerance = 1e-10
)

// Fitted is a graph whose weights were fitted to margins.
type Fitted struct {
	Graph    *graph.Digraph // same nodes; an edge whose weight became 0 is gone
	Sweeps   int            // sweeps done
	Residual float64        // largest error of a row, as a share of it
}

// ErrMargin says that a margin is not a number of at least 0 or a config has
// negative values.
var ErrMargin = errors.New("margins and limits are numbers of at least 0")

// FitMargins returns the graph nearest to seed in which each node sends and
// receives what the margins say:
//
//	w_ij = seed_ij r_i c_j, with Σ_j w_ij = out_i and Σ_i w_ij = in_j
//
// It is the one of smallest Kullback-Leibler divergence from seed; with all
// weights of seed 1 it is the one of largest entropy among those with its
// edges. Self loops are edges like others. A node whose margin is 0 keeps no
// edge on that side. Rows and columns are scaled by turns until all rows agree
// when all columns do; where that is slow, all factors of columns take steps of
// Newton's method too.
//
// Before that a largest flow shows whether the edges can carry the margins at
// all. If the margins are whole numbers it also finds the edges that have weight
// 0 in every solution; they go at once, since scaling would need sweeps without
// end to bring them to 0. The same edges with margins that are not whole, where
// rounding could mislead, make the error fall as slowly as one over the sweeps.
//
// The error is an [*InfeasibleError] if the totals of the margins differ by a
// share of more than 1e-9 or the edges cannot carry the margins, a
// [*ConvergenceError] if sweeps run out, wraps [ErrMargin], or is that of ctx. It
// panics if the margins belong to other nodes than those of seed.
//
// Time O(m) for each sweep and, for the flow, each of usually a few rounds;
// memory O(n + m), for n nodes and m edges.
//
// Reference: Deming and Stephan 1940, doi:10.1214/aoms/1177731829; Ireland and
// Kullback 1968, doi:10.1093/biomet/55.1.179; flow: Dinic 1970, Soviet Math.
// Dokl. 11:1277-1280; when scaling converges: Pukelsheim 2014,
// doi:10.1007/s10479-013-1468-3.
func FitMargins(ctx context.Context, seed *graph.Digraph, out, in graph.Values[float64], c FitConfig) (Fitted, error) {
	row, col := out.For(seed), in.For(seed)
	if err := checkMargins(ctx, seed, row, col, c); err != nil {
		return Fitted{}, err
	}
	if c.Sweeps == 0 {
		c.Sweeps = defaultSweeps
	}
	if c.Tolerance == 0 {
		c.Tolerance = defaultTolerance
	}
	seed, err := supportOf(ctx, seed, row, col)
	if err != nil {
		return Fitted{}, err
	}
	k := newScaling(seed, row, col)
	f := Fitted{Residual: math.Inf(1)}
	for f.Sweeps < c.Sweeps {
		worst, err := k.scaleRows(ctx)
		if err != nil {
			return Fitted{}, err
		}
		if f.Residual = worst; f.Sweeps > 0 && worst < c.Tolerance || math.IsNaN(worst) {
			break
		}
		f.Sweeps++
		if f.Sweeps > plainSweeps && f.Sweeps%roundSweeps == 0 {
			err = k.jump(ctx)
		} else {
			err = k.scaleColumns(ctx)
		}
		if err != nil {
			return Fitted{}, err
		}
	}
	if !(f.Residual < c.Tolerance) {
		return Fitted{}, &ConvergenceError{What: "fit to margins", Iterations: f.Sweeps, Residual: f.Residual}
	}
	f.Graph, err = seed.WithEdges(ctx, func(yield func(graph.Edge) bool) {
		for e := range seed.Edges() {
			if e.Weight *= k.a[e.From] * k.b[e.To]; e.Weight > 0 && !yield(e) {
				return
			}
		}
	})
	return f, err
}

func checkMargins(ctx context.Context, g *graph.Digraph, row, col []float64, c FitConfig) error {
	if c.Sweeps < 0 || !(c.Tolerance >= 0) {
		return fmt.Errorf("structure: fit with %d sweeps and tolerance %v: %w", c.Sweeps, c.Tolerance, ErrMargin)
	}
	for i := range row {
		for _, s := range [2]float64{row[i], col[i]} {
			if !(s >= 0 && s <= graph.MaxWeight) {
				return fmt.Errorf("structure: margin %v of node %q: %w", s, g.Key(i), ErrMargin)
			}
		}
	}
	r, k := sum.Of(row), sum.Of(col)
	if math.Abs(r-k) > 1e-9*max(r, k) {
		return &InfeasibleError{Reason: ReasonTotals}
	}
	csr := g.CSR()
	carried := func(start []int64, node []int32, other []float64, i int) bool {
		for e := start[i]; e < start[i+1]; e++ {
			if other[node[e]] > 0 {
				return true
			}
		}
		return false
	}
	for i := range row {
		if stopped(ctx, i) {
			return ctx.Err()
		}
		if row[i] > 0 && !carried(csr.OutStart, csr.OutTo, col, i) {
			return &InfeasibleError{Reason: ReasonSupport, Senders: []string{g.Key(i)}}
		}
		if col[i] > 0 && !carried(csr.InStart, csr.InFrom, row, i) {
			return &InfeasibleError{Reason: ReasonSupport, Receivers: []string{g.Key(i)}}
		}
	}
	return nil
}
