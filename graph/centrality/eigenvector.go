// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"math"

	"github.com/oncoref/oncoref/graph"
)

// EigenvectorConfig are the choices of [Eigenvector] and [SpectralRadius].
type EigenvectorConfig struct {
	Direction     Direction // In, the zero value: importance comes with the edges that enter; Out: with those that leave
	Norm          Norm      // the usual one is NormEuclid
	WithSelf      bool      // self loops count: a node gives importance to itself
	Tolerance     float64   // bound on the residual, as a share of the eigenvalue; 0 means 1e-13
	MaxIterations int       // products with the matrix; 0 means 10000
	Workers       int       // goroutines; 0 means all cores. The result does not depend on it
}

// Eigenvector returns for each node a value in proportion to the weighted sum
// of the values of the nodes that send to it (In) or that it sends to (Out):
//
//	Xᵀ x = λ x   In
//	X x = λ x    Out
//
// where X is the matrix of weights and λ its spectral radius. This is the
// eigenvector of the strongly connected component with the largest spectral
// radius, carried on to all nodes downstream of it (In) or upstream (Out); all
// other nodes have exactly 0.
//
// Self loops are left out unless WithSelf; with them the vector gathers on the
// heaviest loop. The values lie in [0, 1], scaled by the norm: by default
// their squares add up to 1. Scaling all weights changes nothing; transposing
// swaps In and Out; adding an isolated node adds a 0.
//
// The error wraps [ErrUndefined] if there is no cycle, so that λ is 0
// ([Acyclic]), or if two components have the same λ ([Degenerate]: relative
// difference at most 1e-12); [ErrDirection]; [ErrConfig]; or
// [ErrNotConverged]; or it is that of ctx. A graph without nodes gives no
// values and no error.
//
// Time O(m) per product, divided among the workers; memory O(n), for n nodes
// and m edges. A component with at most 128 nodes is solved directly, a larger
// one by products with the matrix: the fewer, the farther the second
// eigenvalue is from λ.
//
// Reference: Bonacich 1972, doi:10.1080/0022250X.1972.9989806; 1987,
// doi:10.1086/228631.
func Eigenvector(ctx context.Context, g *graph.Digraph, c EigenvectorConfig) (graph.Values[float64], error) {
	const measure = "eigenvector centrality"
	none := graph.Values[float64]{}
	s, err := newSpectrum(ctx, measure, g, c)
	if err != nil || g.Len() == 0 {
		return none, err
	}
	defer s.team.Close()
	if err := s.solve(ctx); err != nil {
		return none, err
	}
	switch {
	case s.radius == 0:
		return none, &UndefinedError{measure, Acyclic}
	case s.tied:
		return none, &UndefinedError{measure, Degenerate}
	}
	if err := s.extend(ctx); err != nil {
		return none, err
	}
	c.Norm.orUsual(NormEuclid).apply(s.vector)
	return graph.NewValues(g, s.vector), nil
}

// SpectralRadius returns the largest absolute value of an eigenvalue of the
// matrix of weights, which for weights above 0 is an eigenvalue itself. One
// over it is the bound on alpha in [Katz].
//
// Self loops are left out unless WithSelf. The value is 0 for a graph without
// cycles, grows with every weight, and has the unit of the weights; the
// direction and the norm do not matter.
//
// The error wraps [ErrDirection], [ErrConfig] or [ErrNotConverged], or is that
// of ctx. Complexity is as for [Eigenvector].
//
// Reference: Berman and Plemmons 1994, doi:10.1137/1.9781611971262, chapter 2.
func SpectralRadius(ctx context.Context, g *graph.Digraph, c EigenvectorConfig) (float64, error) {
	s, err := newSpectrum(ctx, "spectral radius", g, c)
	if err != nil || g.Len() == 0 {
		return 0, err
	}
	defer s.team.Close()
	if err := s.solve(ctx); err != nil {
		return 0, err
	}
	return s.radius, nil
}

// extend carries the eigenvector on from its component to the nodes that it
// reaches, until no entry changes by more than the tolerance as a share of it.
func (s *spectrum) extend(ctx context.Context) error {
	const tiny = 0x1p-1000 // below this, digits get lost
	list := s.downstream()
	x, lambda := s.vector, s.radius*s.unit
	residual := math.Inf(1)
	for range s.limit.iterations {
		if err := ctx.Err(); err != nil {
			return err
		}
		residual = 0
		for _, i := range list {
			loop := 0.0
			if s.self {
				loop = s.rows.diagonal(int(i)) * s.unit
			}
			y := s.rows.dot(int(i), x) * s.unit / (lambda - loop)
			residual = max(residual, math.Abs(y-x[i])/max(y, tiny))
			x[i] = y
		}
		if residual <= s.limit.tolerance {
			return nil
		}
	}
	return &ConvergenceError{s.measure, s.limit.iterations, residual, s.limit.tolerance}
}
