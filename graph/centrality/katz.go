// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph"
)

// KatzConfig are the choices of [Katz].
type KatzConfig struct {
	Alpha         float64   // factor for each step; 0 means half the bound, 0.5 / spectral radius, and for a graph without cycles 0.5 / largest weight that counts
	Beta          float64   // value every node starts with, above 0; 0 means 1
	Direction     Direction // In, the zero value: chains that end at the node; Out: chains that begin there
	WithSelf      bool      // self loops are steps too
	Tolerance     float64   // largest error of a value as a share of it, estimated from the last sweep; 0 means 1e-13, and less than rounding allows means that
	MaxIterations int       // sweeps; 0 means 100000
	Workers       int       // goroutines; 0 means all cores. The result does not depend on it
}

var usualKatz = limits{tolerance: 1e-13, iterations: 100000}

// Katz returns for each node the weighted number of chains of steps that end
// there, of any length, each step counting as alpha times its weight:
//
//	x = β (I - α Xᵀ)⁻¹ 1
//
// where X is the matrix of weights; X in place of Xᵀ for Out. The chain
// without a step is counted too, so that no value is below β.
//
// Self loops are left out unless WithSelf. An isolated node has β. The values
// are not normalized. With the default alpha scaling all weights changes
// nothing; with a given one alpha must be scaled back. Transposing swaps In
// and Out.
//
// The error wraps [ErrAlpha] if alpha is not below 1 / [SpectralRadius], where
// the sum has no limit; [ErrDirection]; [ErrConfig]; or [ErrNotConverged]; or
// it is that of ctx.
//
// Time O(m) per sweep, divided among the workers, with the more sweeps, the
// nearer alpha is to its bound; memory O(n), for n nodes and m edges.
//
// Reference: Katz 1953, doi:10.1007/BF02289026, with the constant term.
func Katz(ctx context.Context, g *graph.Digraph, c KatzConfig) (graph.Values[float64], error) {
	none := graph.Values[float64]{}
	if c.Beta == 0 {
		c.Beta = 1
	}
	if !(c.Beta > 0) || math.IsInf(c.Beta, 1) {
		return none, badSetting("Katz centrality", "Beta", c.Beta, "a number above 0")
	}
	if !(c.Alpha >= 0) || math.IsInf(c.Alpha, 1) {
		return none, fmt.Errorf("centrality: Katz centrality with alpha %v, expected a number above 0: %w", c.Alpha, ErrAlpha)
	}
	limit, err := limitsOf("Katz centrality", c.Tolerance, c.MaxIterations, usualKatz)
	if err != nil {
		return none, err
	}
	radius, err := SpectralRadius(ctx, g, EigenvectorConfig{Direction: c.Direction, WithSelf: c.WithSelf, Workers: c.Workers})
	if err != nil || g.Len() == 0 {
		return none, err
	}
	csr := g.CSR()
	switch {
	case c.Alpha == 0 && radius > 0:
		c.Alpha = 0.5 / radius
	case c.Alpha == 0:
		c.Alpha = 0.5 * unitOf(csr, c.WithSelf)
	}
	if !(c.Alpha*radius < 1) {
		return none, fmt.Errorf("centrality: Katz centrality with alpha %v, expected below %v, which is 1 / spectral radius: %w",
			c.Alpha, 1/radius, ErrAlpha)
	}
	t := newSweepTeam(c.Workers, g.Size())
	defer t.Close()
	r := newRows(ctx, t, csr.InStart, csr.InFrom, csr.InWeight)
	if c.Direction == Out {
		r = newRows(ctx, t, csr.OutStart, csr.OutTo, csr.OutWeight)
	}
	x, err := katz(ctx, newSweeper(t, r.start), r, c, limit, c.Alpha*radius)
	if err != nil {
		return none, err
	}
	return graph.NewValues(g, x), nil
}

// katz solves the linear system; rate is the factor by which chains of one
// step more count less in the long run.
func katz(ctx context.Context, s *sweeper, r *rows, c KatzConfig, limit limits, rate float64) ([]float64, error) {
	x := s.x[:r.len()]
	for i := range x {
		x[i] = c.Beta
	}
	solve := func(rows chunk) tally {
		var t tally
		for i := rows.lo; i < rows.hi; i++ {
			y := c.Beta + c.Alpha*r.others(i, s.x)
			if c.WithSelf {
				y /= 1 - c.Alpha*r.diagonal(i)
			}
			t.worst = max(t.worst, math.Abs(y-x[i])/y)
			s.fresh[i] = y
		}
		return t
	}
	residual := math.Inf(1)
	sweeps := 0
	for ; sweeps < limit.iterations && !math.IsNaN(residual); sweeps++ {
		t, err := s.sweep(ctx, solve)
		if err != nil {
			return nil, err
		}
		// As a share of each value: what is little beside the sum of all can be
		// much once a heavy edge has carried it on.
		residual = t.worst / (1 - rate)
		if residual <= max(limit.tolerance, rounding/(1-rate)) {
			return x, nil
		}
	}
	return nil, &ConvergenceError{"Katz centrality", sweeps, residual, limit.tolerance}
}
