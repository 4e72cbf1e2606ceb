// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
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
	w := newWalk(g, c)
	defer w.team.close()
	for i, p := range w.per {
		if math.IsInf(p, 1) {
			return none, fmt.Errorf("centrality: PageRank: the weights of the edges that leave %s are too small to divide by: %w", clip(g.Key(i)), graph.ErrWeight)
		}
	}
	x, err := w.solve(ctx, limit, teleport)
	if err != nil {
		return none, err
	}
	if dangling != nil && w.hasDangling() {
		y, err := w.solve(ctx, limit, dangling)
		if err != nil {
			return none, err
		}
		w.mix(x, y, c.Damping)
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

// walk is the matrix of the walker's steps, the rows of dangling nodes 0.
type walk struct {
	*rows
	*sweeper
	damping float64
	per     []float64 // damping / weight that leaves the node; 0 for a dangling one
	stay    []float64 // 1 - damping · probability to stay; nil if it is 1 for all
}

func newWalk(g *graph.Digraph, c PageRankConfig) *walk {
	csr := g.CSR()
	r := newRows(csr.InStart, csr.InFrom, csr.InWeight)
	n := g.Len()
	w := &walk{rows: r, damping: c.Damping, per: OutStrength(g).Slice()}
	if c.WithSelf {
		w.stay = make([]float64, n)
	}
	for i, out := range w.per {
		if c.WithSelf {
			loop := r.diagonal(i)
			out += loop
			w.stay[i] = 1
			if out > 0 {
				w.stay[i] = (1 - c.Damping) + c.Damping*(w.per[i]/out)
			}
		}
		w.per[i] = 0
		if out > 0 {
			w.per[i] = c.Damping / out
		}
	}
	w.sweeper = newSweeper(r, make([]float64, n), c.Workers)
	return w
}

func (w *walk) hasDangling() bool {
	for _, p := range w.per {
		if p == 0 {
			return true
		}
	}
	return false
}

// solve returns the y with y = d Pᵀ y + (1-d) v.
func (w *walk) solve(ctx context.Context, limit limits, v []float64) ([]float64, error) {
	// The sweeper's x is y / weight that leaves, which is what the rows need.
	d := w.damping
	y := make([]float64, len(v))
	for i := range y {
		y[i] = v[i]
		w.x[i] = y[i] * w.per[i]
	}
	row := func(i int) (float64, float64) {
		t := (1-d)*v[i] + w.dot(i, w.x)
		if w.stay != nil {
			t /= w.stay[i]
		}
		change := math.Abs(t - y[i])
		y[i] = t
		return t * w.per[i], change
	}
	residual := math.Inf(1)
	for range limit.iterations {
		change, err := w.sweep(ctx, row)
		if err != nil {
			return nil, err
		}
		residual = d / (1 - d) * change / sum.Of(y)
		if residual <= max(limit.tolerance, rounding/(1-d)) {
			return y, nil
		}
	}
	return nil, &ConvergenceError{"PageRank", limit.iterations, residual, limit.tolerance}
}

// mix adds to x, which is the walk that ends at a dangling node, the walks
// that go on from there by y.
func (w *walk) mix(x, y []float64, d float64) {
	var cx, cy sum.Compensated
	for i, p := range w.per {
		if p == 0 {
			cx.Add(x[i])
			cy.Add(y[i])
		}
	}
	// With g the weight at dangling nodes, the walk is x + d g / (1-d) y.
	g := cx.Value() / (1 - d/(1-d)*cy.Value())
	for i := range x {
		x[i] += d / (1 - d) * g * y[i]
	}
}
