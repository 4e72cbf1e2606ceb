// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// Trophic says how far the edges of a graph point one way.
type Trophic struct {
	// Level is the height of each node: senders are low, receivers high, and an
	// edge of a graph that points one way only climbs by 1. The lowest node of
	// each weakly connected component has 0.
	Level       graph.Values[float64]
	Incoherence float64 // in [0, 1]: 0 if every edge climbs by 1, 1 if levels mean nothing
}

// Coherence returns 1 less the incoherence.
func (t Trophic) Coherence() float64 { return 1 - t.Incoherence }

// TrophicLevels returns the levels h that make the edges climb by as near to 1
// as can be, and what is missing:
//
//	Σ_{j≠i} (w_ij + w_ji) (h_i - h_j) = s_in(i) - s_out(i)
//	F = Σ_{i≠j} w_ij (h_j - h_i - 1)² / Σ_{i≠j} w_ij
//
// with in- and out-strengths s. Self loops do not count. Levels of
// different weakly connected components do not compare; an isolated node has 0.
// Both results stay the same when all weights are scaled, and levels turn
// around when edges are reversed. The incoherence is NaN for a graph without
// edges other than loops.
//
// The error is that of ctx, or a [*ConvergenceError] when levels of a large
// component do not come out to 1e-12 of what they should balance.
//
// Time O(n + m) for trees and what hangs on the graph as a tree; of the rest,
// O(k³) for a component with k <= 500 nodes, free of cancellation, and
// O(m) for each of some hundred to thousand steps for a larger one. Memory
// O(n + m).
//
// Reference: MacKay, Johnson and Sansom 2020, doi:10.1098/rsos.201138.
func TrophicLevels(ctx context.Context, g *graph.Digraph) (Trophic, error) {
	n := g.Len()
	p, err := newPotential(ctx, g)
	if err != nil {
		return Trophic{}, err
	}
	level := make([]float64, n)
	parts := weaklyConnected(ctx, g)
	if err := ctx.Err(); err != nil {
		return Trophic{}, err
	}
	for k, nodes := range members(parts) {
		if stopped(ctx, k) {
			return Trophic{}, ctx.Err()
		}
		if err := p.solve(ctx, nodes, level); err != nil {
			return Trophic{}, err
		}
		low := math.Inf(1)
		for _, i := range nodes {
			low = min(low, level[i])
		}
		for _, i := range nodes {
			level[i] -= low
		}
	}
	return Trophic{graph.NewValues(g, level), deviation(ctx, g, level)}, ctx.Err()
}

// deviation returns the mean squared difference from 1 of what edges climb, by
// weight. It stops when ctx is done; look at ctx afterwards.
func deviation(ctx context.Context, g *graph.Digraph, level []float64) float64 {
	var s, total sum.Compensated
	seen := 0
	for e := range g.Edges() {
		if stopped(ctx, seen) {
			break
		}
		seen++
		if e.From != e.To {
			d := level[e.To] - level[e.From] - 1
			s.Add(e.Weight * d * d)
			total.Add(e.Weight)
		}
	}
	return s.Value() / total.Value()
}

// members lists the nodes of each component.
func members(c Components) [][]int32 {
	list := make([][]int32, c.Count)
	for l, size := range c.Sizes {
		list[l] = make([]int32, 0, size)
	}
	for i, l := range c.Label.Slice() {
		list[l] = append(list[l], int32(i))
	}
	return list
}

// denseLimit is the number of equations up to which elimination is used.
const denseLimit = 500

// potential is the set of equations of the trophic levels.
type potential struct {
	ties
	degree []int   // neighbors not yet taken off
	off    []bool  // taken off as a leaf
	place  []int32 // place of a node among those left
}

func newPotential(ctx context.Context, g *graph.Digraph) (*potential, error) {
	n := g.Len()
	t, err := newTies(ctx, g)
	if err != nil {
		return nil, err
	}
	p := &potential{ties: t, degree: make([]int, n), off: make([]bool, n), place: make([]int32, n)}
	for i := range n {
		p.degree[i] = int(p.start[i+1] - p.start[i])
	}
	return p, nil
}

// balance returns what node i receives from nodes not taken off less what it
// sends to them.
func (p *potential) balance(i int32) float64 {
	var s sum.Compensated
	for k := p.start[i]; k < p.start[i+1]; k++ {
		if !p.off[p.node[k]] {
			s.Add(p.net[k])
		}
	}
	return s.Value()
}

// solve finds the levels of one component, up to a constant.
func (p *potential) solve(ctx context.Context, nodes []int32, level []float64) error {
	leaves := p.takeOffLeaves(nodes)
	var core []int32
	for _, i := range nodes {
		if !p.off[i] {
			p.place[i] = int32(len(core))
			core = append(core, i)
		}
	}
	var x []float64
	var err error
	if len(core) <= denseLimit {
		x, err = p.dense(ctx, core)
	} else {
		x, err = p.iterate(ctx, core)
	}
	if err != nil {
		return err
	}
	for k, i := range core {
		level[i] = x[k]
	}
	for k := len(leaves) - 1; k >= 0; k-- {
		l := leaves[k]
		level[l.node] = level[l.at] + l.climb
	}
	return nil
}

// leaf is a node that hangs on the rest by one neighbor. What lies behind it
// does not change how much higher than that neighbor it is.
type leaf struct {
	node, at int32
	climb    float64
}

// takeOffLeaves removes nodes with a single neighbor, again and again.
func (p *potential) takeOffLeaves(nodes []int32) []leaf {
	var leaves []leaf
	var queue []int32
	for _, i := range nodes {
		if p.degree[i] == 1 {
			queue = append(queue, i)
		}
	}
	for len(queue) > 0 {
		i := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if p.degree[i] != 1 {
			continue // the last of a tree
		}
		k := p.start[i]
		for p.off[p.node[k]] {
			k++
		}
		j := p.node[k]
		p.off[i] = true
		leaves = append(leaves, leaf{i, j, p.net[k] / p.weight[k]})
		p.degree[i]--
		if p.degree[j]--; p.degree[j] == 1 {
			queue = append(queue, j)
		}
	}
	return leaves
}

// dense solves for a small core, with its first node at 0.
func (p *potential) dense(ctx context.Context, core []int32) ([]float64, error) {
	n := len(core)
	weight, net := make([][]float64, n), make([][]float64, n)
	var top float64
	for _, i := range core {
		top = max(top, p.top[i])
	}
	_, exponent := math.Frexp(top)
	for k, i := range core {
		weight[k], net[k] = make([]float64, k), make([]float64, k)
		for e := p.start[i]; e < p.start[i+1]; e++ {
			if j := p.node[e]; !p.off[j] && int(p.place[j]) < k {
				weight[k][p.place[j]] = math.Ldexp(p.weight[e], topExponent-exponent)
				net[k][p.place[j]] = math.Ldexp(p.net[e], topExponent-exponent)
			}
		}
	}
	return climbs(ctx, weight, net)
}

// topExponent is the exponent to which the largest weight is scaled, so that
// the smallest keep away from zero and no sum overflows.
const topExponent = 1000

const (
	levelExact = 1e-13
	levelGood  = 1e-12
)

// iterate solves for a large core.
func (p *potential) iterate(ctx context.Context, core []int32) ([]float64, error) {
	n := len(core)
	diag, b := make([]float64, n), make([]float64, n)
	start := make([]int64, n+1)
	node, weight := make([]int32, 0, len(p.node)), make([]float64, 0, len(p.node))
	for k, i := range core {
		if stopped(ctx, k) {
			return nil, ctx.Err()
		}
		b[k] = p.balance(i)
		nodes, weights := p.row(int(i))
		for l, j := range nodes {
			if !p.off[j] {
				node = append(node, p.place[j])
				weight = append(weight, weights[l])
				diag[k] += weights[l]
			}
		}
		start[k+1] = int64(len(node))
	}
	y := make([]float64, n)
	// Rows are computed apart, so that their number at a time changes nothing.
	product := func(x []float64) []float64 {
		eachBlock(ctx, n, 1<<12, func(lo, hi int) {
			for k := lo; k < hi; k++ {
				s := diag[k] * x[k]
				at := weight[start[k]:start[k+1]]
				for l, j := range node[start[k]:start[k+1]] {
					s -= at[l] * x[j]
				}
				y[k] = s
			}
		})
		return y
	}
	most := 10*n + 1000
	x, left, err := conjugateGradients(ctx, product, diag, b, levelExact, most)
	if err == nil && !(left <= levelGood) {
		err = &ConvergenceError{What: "trophic levels", Iterations: most, Residual: left}
	}
	return x, err
}

// eachBlock calls f for blocks of a size that make up 0 to n-1, several at the
// same time, until ctx is done.
func eachBlock(ctx context.Context, n, block int, f func(lo, hi int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (n+block-1)/block) {
		wg.Go(func() {
			for ctx.Err() == nil {
				lo := int(next.Add(int64(block))) - block
				if lo >= n {
					return
				}
				f(lo, min(lo+block, n))
			}
		})
	}
	wg.Wait()
}
