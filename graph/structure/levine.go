// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// FoodLevels are trophic levels in the older sense, counted from the nodes that
// receive nothing.
type FoodLevels struct {
	Level       graph.Values[float64] // at least 1; NaN where undefined
	Basal       int                   // number of nodes that receive nothing from others, which have level 1
	Incoherence float64               // q, at least 0; NaN where undefined
}

// LevineLevels returns for each node 1 more than the mean level of the nodes it
// receives from, by weight:
//
//	s_i = 1 if i receives nothing, else 1 + Σ_{j≠i} w_ji s_j / s_in(i)
//	q² = Σ_{i≠j} w_ij (s_j - s_i)² / Σ_{i≠j} w_ij - 1
//
// Self loops do not count; an isolated node has 1. A node has a level only if
// all that flows to it comes, in the end, from nodes that receive nothing; else
// its level is NaN, as are all levels of a graph without such nodes. The
// incoherence is NaN if an edge has an end without level, or there is no edge.
// Where cycles hardly leak, levels are huge and mean little: [TrophicLevels]
// does better.
//
// The error is that of ctx, or a [*ConvergenceError] when the levels of a large
// component do not settle.
//
// Time O(n + m), and for each strongly connected component O(k³) with k <= 500
// nodes, else O(m) for each of up to 100,000 sweeps; memory O(n + m).
//
// Reference: Levine 1980, doi:10.1016/0022-5193(80)90288-X; incoherence:
// Johnson, Domínguez-García, Donetti and Muñoz 2014,
// doi:10.1073/pnas.1409077111, by weight.
func LevineLevels(ctx context.Context, g *graph.Digraph) (FoodLevels, error) {
	c := g.CSR()
	level := make([]float64, g.Len())
	parts, err := strongly(ctx, g)
	if err != nil {
		return FoodLevels{}, err
	}
	nodes := members(parts)
	label := parts.Label.Slice()
	basal := 0
	place := make([]int32, g.Len())
	order, err := downstream(ctx, c, label, nodes)
	if err != nil {
		return FoodLevels{}, err
	}
	for k, l := range order {
		if stopped(ctx, k) {
			return FoodLevels{}, ctx.Err()
		}
		s := levelSystem{c: c, label: label, place: place, level: level, nodes: nodes[l]}
		fed, err := s.solve(ctx)
		if err != nil {
			return FoodLevels{}, err
		}
		if !fed && len(nodes[l]) == 1 {
			basal++
		}
	}
	d := deviation(ctx, g, level) // the mean climb is 1, so that this is q²
	return FoodLevels{graph.NewValues(g, level), basal, math.Sqrt(d)}, ctx.Err()
}

// downstream returns the strongly connected components in an order in which
// edges between them lead from earlier to later ones.
func downstream(ctx context.Context, c graph.CSR, label []int, nodes [][]int32) ([]int, error) {
	waiting := make([]int, len(nodes)) // edges that enter the component from others not yet listed
	cross := func(l int, visit func(to int)) {
		for k, i := range nodes[l] {
			if stopped(ctx, k) {
				return
			}
			for _, j := range c.OutTo[c.OutStart[i]:c.OutStart[i+1]] {
				if label[j] != l {
					visit(label[j])
				}
			}
		}
	}
	for l := range nodes {
		cross(l, func(to int) { waiting[to]++ })
	}
	order := make([]int, 0, len(nodes))
	for l, w := range waiting {
		if w == 0 {
			order = append(order, l)
		}
	}
	for k := 0; k < len(order); k++ {
		cross(order[k], func(to int) {
			if waiting[to]--; waiting[to] == 0 {
				order = append(order, to)
			}
		})
	}
	return order, ctx.Err()
}

// levelSystem is the set of equations of one strongly connected component,
// when the levels upstream are known.
type levelSystem struct {
	c     graph.CSR
	label []int
	place []int32
	level []float64
	nodes []int32
}

// solve fills in the levels; it reports whether anything enters the component.
func (s levelSystem) solve(ctx context.Context) (bool, error) {
	n := len(s.nodes)
	fed := false
	b, leak := make([]float64, n), make([]float64, n)
	for k, i := range s.nodes {
		if stopped(ctx, k) {
			return false, ctx.Err()
		}
		s.place[i] = int32(k)
		var in, known, from sum.Compensated
		for e := s.c.InStart[i]; e < s.c.InStart[i+1]; e++ {
			j, w := s.c.InFrom[e], s.c.InWeight[e]
			if j == i {
				continue
			}
			in.Add(w)
			if s.label[j] != s.label[i] {
				fed = true
				from.Add(w)
				known.Add(w * s.level[j])
			}
		}
		b[k], leak[k] = in.Value()+known.Value(), from.Value()
	}
	var x []float64
	var err error
	switch {
	case !fed && n == 1:
		x = []float64{1}
	case !fed || slices.ContainsFunc(b, math.IsNaN):
		x = make([]float64, n)
		for k := range x {
			x[k] = math.NaN()
		}
	case n <= denseLimit:
		x, err = s.dense(ctx, leak, b)
	default:
		x, err = s.sweep(ctx, leak, b)
	}
	if err != nil {
		return fed, err
	}
	for k, i := range s.nodes {
		s.level[i] = x[k]
	}
	return fed, nil
}

// inside calls visit for the edges that enter node i from its own component.
func (s levelSystem) inside(i int32, visit func(k int32, w float64)) {
	for e := s.c.InStart[i]; e < s.c.InStart[i+1]; e++ {
		if j := s.c.InFrom[e]; j != i && s.label[j] == s.label[i] {
			visit(s.place[j], s.c.InWeight[e])
		}
	}
}

func (s levelSystem) dense(ctx context.Context, leak, b []float64) ([]float64, error) {
	c := make([][]float64, len(b))
	for k, i := range s.nodes {
		c[k] = make([]float64, len(b))
		s.inside(i, func(l int32, w float64) { c[k][l] = w })
	}
	return eliminate(ctx, c, leak, b)
}

// sweep improves one level after another until none moves.
func (s levelSystem) sweep(ctx context.Context, leak, b []float64) ([]float64, error) {
	const most = 100_000
	x := make([]float64, len(b))
	total := make([]float64, len(b))
	for k, i := range s.nodes {
		if stopped(ctx, k) {
			return nil, ctx.Err()
		}
		total[k] = leak[k]
		s.inside(i, func(_ int32, w float64) { total[k] += w })
	}
	var moved float64
	for range most {
		moved = 0
		for k, i := range s.nodes {
			if stopped(ctx, k) {
				return nil, ctx.Err()
			}
			v := b[k]
			s.inside(i, func(l int32, w float64) { v += w * x[l] })
			v /= total[k]
			moved = max(moved, math.Abs(v-x[k])/v)
			x[k] = v
		}
		if moved < 1e-15 {
			return x, nil
		}
	}
	if moved > 1e-13 {
		return nil, &ConvergenceError{What: "trophic levels", Iterations: most, Residual: moved}
	}
	return x, nil
}
