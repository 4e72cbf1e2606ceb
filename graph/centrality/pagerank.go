// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
	"github.com/oncoref/oncoref/graph/internal/team"
)

// Dangling says where a walker goes from a node that nothing leaves. The rule
// matters as soon as Teleport is not uniform: by up to 89 % for a node of a
// graph with 80 nodes.
type Dangling uint8

// The rules.
const (
	DanglingUniform  Dangling = iota // to every node with the same probability
	DanglingTeleport                 // where a teleporting walker goes
	DanglingGiven                    // to the nodes in proportion to DanglingTo
)

// String returns "uniform", "teleport" or "given".
func (d Dangling) String() string {
	switch d {
	case DanglingUniform:
		return "uniform"
	case DanglingTeleport:
		return "teleport"
	case DanglingGiven:
		return "given"
	}
	return fmt.Sprintf("Dangling(%d)", uint8(d))
}

// PageRankConfig are the choices of [PageRank]. The zero value asks for the
// usual PageRank on the graph without its self loops.
type PageRankConfig struct {
	Damping       float64               // probability of following an edge; 0 means 0.85
	Teleport      graph.Values[float64] // weights, at least 0, of the nodes where a walker that does not follow an edge goes on; none means all the same
	Dangling      Dangling              // the zero value is DanglingUniform
	DanglingTo    graph.Values[float64] // weights, at least 0, for DanglingGiven
	WithSelf      bool                  // self loops are steps too: the walker may stay
	Tolerance     float64               // bound on the sum of the errors of all nodes; 0 means 1e-12, and less than rounding allows, 6e-14 / (1-d), means that
	MaxIterations int                   // 0 means 10000
	Workers       int                   // goroutines; 0 means all cores. The result does not depend on it
}

var usualPageRank = limits{tolerance: 1e-12, iterations: 10000}

// PageRank returns for each node the share of time a random walker spends
// there, who follows an edge with a probability in proportion to its weight,
// and now and then jumps:
//
//	π = (1-d) v + d Pᵀ π,  P_ij = w_ij / Σ_j w_ij
//
// where d is the damping and v the teleport vector, scaled to sum 1. The row
// of a node that nothing leaves is replaced by the vector that the Dangling
// rule names.
//
// Self loops are left out unless WithSelf; then what stays holds the walker
// back, and a node with a loop only keeps all it gets. An isolated node is a
// dangling one. The values are above 0 where the walker can be and add up to
// 1. Scaling all weights changes nothing. For the importance as a source pass
// g.Transpose(); for PageRank without weights map them to 1.
//
// The error wraps [ErrConfig]; [graph.ErrWeight] if all weights that leave a
// node are below about 1e-308; or [ErrNotConverged] if MaxIterations sweeps
// were not enough, or is that of ctx. The vectors must belong to the nodes of
// g: it panics if they do not.
//
// Time O(m) per sweep, divided among the workers; about log(tolerance) /
// log(d) sweeps at most and mostly half of that. Memory O(n), for n nodes and
// m edges.
//
// Reference: Brin and Page 1998, doi:10.1016/S0169-7552(98)00110-X; Haveliwala
// 2002, doi:10.1145/511446.511513, for v. Solved as a linear system with the
// dangling rows left out, as in Gleich 2015, doi:10.1137/140976649, section 2.
func PageRank(ctx context.Context, g *graph.Digraph, c PageRankConfig) (graph.Values[float64], error) {
	none := graph.Values[float64]{}
	if c.Damping == 0 {
		c.Damping = 0.85
	}
	if !(c.Damping > 0 && c.Damping < 1) {
		return none, badSetting("PageRank", "Damping", c.Damping, "a number above 0 and below 1")
	}
	limit, err := limitsOf("PageRank", c.Tolerance, c.MaxIterations, usualPageRank)
	if err != nil {
		return none, err
	}
	teleport, dangling, err := jumps(g, c)
	if err != nil || g.Len() == 0 {
		return none, err
	}
	t := newSweepTeam(c.Workers, g.Size())
	defer t.Close()
	w, err := newWalk(ctx, g, c, t)
	if err != nil {
		return none, err
	}
	x, err := w.solve(ctx, limit, teleport)
	if err != nil {
		return none, err
	}
	if dangling != nil && len(w.dangling) > 0 {
		y, err := w.solve(ctx, limit, dangling)
		if err != nil {
			return none, err
		}
		w.mix(x, y)
	}
	scale(x)
	return graph.NewValues(g, x), nil
}

// jumps returns the teleport vector and, if it is another one, the vector of
// the dangling nodes, both with sum 1.
func jumps(g *graph.Digraph, c PageRankConfig) ([]float64, []float64, error) {
	var dangling []float64
	teleport, err := distribution(g, "Teleport", c.Teleport)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case c.Dangling == DanglingGiven:
		if c.DanglingTo.Len() == 0 && g.Len() > 0 {
			return nil, nil, badSetting("PageRank", "DanglingTo", "empty", "a weight for each node, as Dangling is given")
		}
		dangling, err = distribution(g, "DanglingTo", c.DanglingTo)
	case c.DanglingTo.Len() > 0:
		return nil, nil, badSetting("PageRank", "DanglingTo", "given", fmt.Sprintf("none, as Dangling is %v", c.Dangling))
	case c.Dangling == DanglingUniform && c.Teleport.Len() > 0:
		dangling, err = distribution(g, "", graph.Values[float64]{})
	case c.Dangling > DanglingGiven:
		return nil, nil, badSetting("PageRank", "Dangling", c.Dangling, "a rule that exists")
	}
	return teleport, dangling, err
}

// distribution returns the weights scaled to sum 1; the same for all nodes if
// there are none.
func distribution(g *graph.Digraph, field string, v graph.Values[float64]) ([]float64, error) {
	p := make([]float64, g.Len())
	if v.Len() == 0 {
		for i := range p {
			p[i] = 1 / float64(len(p))
		}
		return p, nil
	}
	largest := 0.0
	for i, x := range v.For(g) {
		if !(x >= 0) || math.IsInf(x, 1) {
			return nil, badSetting("PageRank", field+" of "+clip(g.Key(i)), x, "a number of at least 0")
		}
		largest = max(largest, x)
	}
	if largest == 0 {
		return nil, badSetting("PageRank", field, "0 for all nodes", "a weight above 0 for at least one")
	}
	for i, x := range v.Slice() {
		p[i] = x / largest
	}
	scale(p)
	return p, nil
}

// scale divides x by its sum.
func scale(x []float64) {
	s := sum.Of(x)
	for i := range x {
		x[i] /= s
	}
}

// walk is the matrix of the walker's steps, with damping, the rows of dangling
// nodes 0.
type walk struct {
	*sweeper
	start    []int64
	from     []int32
	step     []float64 // damping · probability of the step; 0 for staying
	free     []float64 // 1 / (1 - damping · probability of staying); nil if it is 1 for all
	dangling []int32
	damping  float64
}

// newWalk returns the matrix; an error if a row of weights is too small to
// divide by.
func newWalk(ctx context.Context, g *graph.Digraph, c PageRankConfig, t *team.Team) (*walk, error) {
	csr := g.CSR()
	n := g.Len()
	w := &walk{
		sweeper: newSweeper(t, csr.InStart), start: csr.InStart, from: csr.InFrom,
		step: make([]float64, len(csr.InFrom)), damping: c.Damping,
	}
	if c.WithSelf {
		w.free = make([]float64, n)
	}
	per := make([]float64, n) // damping / weight that leaves the node; 0 for a dangling one
	w.overAll(func(rows chunk) {
		if ctx.Err() != nil {
			return
		}
		strengths(per, rows.lo, rows.hi, csr.OutStart, csr.OutTo, csr.OutWeight)
		for i := rows.lo; i < rows.hi; i++ {
			out := per[i]
			if c.WithSelf {
				loop := g.Loop(i)
				out += loop
				w.free[i] = 1
				if out > 0 {
					w.free[i] = 1 / ((1 - c.Damping) + c.Damping*(per[i]/out))
				}
			}
			per[i] = 0
			if out > 0 {
				per[i] = c.Damping / out
			}
		}
	})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for i, p := range per {
		if math.IsInf(p, 1) {
			return nil, fmt.Errorf("centrality: PageRank: the weights of the edges that leave %s are too small to divide by: %w", clip(g.Key(i)), graph.ErrWeight)
		}
		if p == 0 {
			w.dangling = append(w.dangling, int32(i))
		}
	}
	w.overAll(func(rows chunk) {
		if ctx.Err() != nil {
			return
		}
		for i := rows.lo; i < rows.hi; i++ {
			for k := w.start[i]; k < w.start[i+1]; k++ {
				if j := w.from[k]; j != int32(i) {
					w.step[k] = csr.InWeight[k] * per[j]
				}
			}
		}
	})
	return w, ctx.Err()
}

// solve returns the y with y = d Pᵀ y + (1-d) v.
//
// Summed over all nodes this says Σ y - d Σ y = (1-d) Σ v, with the dangling
// nodes left out of the second sum. After each sweep y is scaled so that it
// holds, which takes away the part of the error that falls most slowly. Sweeps
// alone make the error fall by d each; a graph on which scaling does worse goes
// without it from there on.
func (w *walk) solve(ctx context.Context, limit limits, v []float64) ([]float64, error) {
	d := w.damping
	y := w.x[:len(v)]
	copy(y, v)
	solve := func(rows chunk) tally {
		var t tally
		for i := rows.lo; i < rows.hi; i++ {
			lo, hi := w.start[i], w.start[i+1]
			z := (1 - d) * v[i]
			step := w.step[lo:hi]
			for k, j := range w.from[lo:hi] {
				z += step[k] * y[j]
			}
			if w.free != nil {
				z *= w.free[i]
			}
			t.change += math.Abs(z - y[i])
			t.total += z
			w.fresh[i] = z
		}
		return t
	}
	residual, last := math.Inf(1), math.Inf(1)
	plain := false
	for range limit.iterations {
		t, err := w.sweep(ctx, solve)
		if err != nil {
			return nil, err
		}
		residual = d / (1 - d) * t.change / t.total
		if residual <= max(limit.tolerance, rounding/(1-d)) {
			return slices.Clone(y), nil
		}
		plain = plain || t.change > d*last
		last = t.change
		if plain {
			continue
		}
		by := (1 - d) / ((1-d)*t.total + d*w.stranded(y))
		w.overAll(func(rows chunk) {
			for i := rows.lo; i < rows.hi; i++ {
				y[i] *= by
			}
		})
	}
	return nil, &ConvergenceError{"PageRank", limit.iterations, residual, limit.tolerance}
}

// stranded returns the sum of y over the dangling nodes.
func (w *walk) stranded(y []float64) float64 {
	var s sum.Compensated
	for _, i := range w.dangling {
		s.Add(y[i])
	}
	return s.Value()
}

// mix adds to x, which is the walk that ends at a dangling node, the walks
// that go on from there by y.
func (w *walk) mix(x, y []float64) {
	// With g the weight at dangling nodes, the walk is x + d g / (1-d) y.
	d := w.damping
	g := w.stranded(x) / (1 - d/(1-d)*w.stranded(y))
	for i := range x {
		x[i] += d / (1 - d) * g * y[i]
	}
}
