// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// HolesConfig are the choices of [Constraint] and [EffectiveSize].
type HolesConfig struct {
	Workers int // nodes to work on at the same time; 0 means one for each core. The result is the same
}

// Constraint returns for each node how far its neighbors tie it down because
// they also have ties with each other:
//
//	c_i = Σ_{j∈N(i)} (p_ij + Σ_{k∈N(i)} p_ik p_kj)²
//	p_ij = (w_ij + w_ji) / Σ_{k≠i} (w_ik + w_ki)
//
// where N(i) are the other nodes with an edge to or from i. Self loops do not
// count. The values are above 0 and do not change when all weights are scaled
// or all edges reversed; low means many neighbors that do not know each other.
// They can exceed 1: a node with a single neighbor has 1, two that share
// everything more. An isolated node has NaN.
//
// The error is that of ctx.
//
// Time O(n + Σ_i Σ_{j∈N(i)} |N(j)|), memory O(n + m) and O(n) for each worker,
// for n nodes and m edges.
//
// Reference: Burt 1992, Structural Holes, equation 2.4 (aggregate constraint);
// Burt 2004, doi:10.1086/421787.
func Constraint(ctx context.Context, g *graph.Digraph, c HolesConfig) (graph.Values[float64], error) {
	return holes(ctx, g, c, func(t ties, at *scratch, i int) float64 {
		node, share := t.row(i)
		own := t.total[i]
		for k, j := range node {
			at.add(j, share[k]/own)
			nodes, weights := t.row(int(j))
			for l, v := range nodes {
				at.add(v, share[k]/own*(weights[l]/t.total[j]))
			}
		}
		var s sum.Compensated
		for _, j := range node {
			x := at.value[j].Value()
			s.Add(x * x)
		}
		at.clear()
		return s.Value()
	})
}

// EffectiveSize returns for each node the number of its neighbors less what is
// redundant in them:
//
//	e_i = Σ_{j∈N(i)} (1 - Σ_{k∈N(i), k≠j} p_ik m_jk)
//	m_jk = (w_jk + w_kj) / max_{l≠j} (w_jl + w_lj)
//
// with p and N as for [Constraint]. Self loops do not count. The value is the
// number of neighbors if these have no edges with each other; it does not change
// when all weights are scaled or all edges reversed. An isolated node has NaN.
//
// Errors, complexity and reference are as for Constraint; Burt's equation 2.2.
func EffectiveSize(ctx context.Context, g *graph.Digraph, c HolesConfig) (graph.Values[float64], error) {
	return holes(ctx, g, c, func(t ties, at *scratch, i int) float64 {
		node, weight := t.row(i)
		for k, j := range node {
			at.add(j, weight[k]/t.total[i])
		}
		var redundant sum.Compensated
		for _, j := range node {
			nodes, weights := t.row(int(j))
			for l, v := range nodes {
				if at.seen[v] {
					redundant.Add(at.value[v].Value() * (weights[l] / t.top[j]))
				}
			}
		}
		at.clear()
		return float64(len(node)) - redundant.Value()
	})
}

// ties are the weights between nodes, both directions together.
type ties struct {
	start  []int64
	node   []int32
	weight []float64
	net    []float64 // what comes from the neighbor less what goes to it
	total  []float64 // of each row
	top    []float64 // largest of each row
}

func (t ties) row(i int) ([]int32, []float64) {
	lo, hi := t.start[i], t.start[i+1]
	return t.node[lo:hi], t.weight[lo:hi]
}

func newTies(ctx context.Context, g *graph.Digraph) (ties, error) {
	n := g.Len()
	c := g.CSR()
	t := ties{start: make([]int64, n+1), total: make([]float64, n), top: make([]float64, n)}
	count, err := neighborCounts(ctx, g)
	if err != nil {
		return ties{}, err
	}
	for i, k := range count {
		t.start[i+1] = t.start[i] + k
	}
	size := t.start[n]
	t.node, t.weight, t.net = make([]int32, 0, size), make([]float64, 0, size), make([]float64, 0, size)
	for i := range n {
		if stopped(ctx, i) {
			return ties{}, ctx.Err()
		}
		var s sum.Compensated
		eachNeighbor(c, i, func(j int32, out, in float64) {
			w := out + in
			t.node = append(t.node, j)
			t.weight = append(t.weight, w)
			t.net = append(t.net, in-out)
			s.Add(w)
			t.top[i] = max(t.top[i], w)
		})
		t.total[i] = s.Value()
	}
	return t, nil
}

// scratch holds sums for some nodes, cleared in time of their number.
type scratch struct {
	value []sum.Compensated
	seen  []bool
	list  []int32
}

func (s *scratch) add(i int32, x float64) {
	if !s.seen[i] {
		s.seen[i] = true
		s.list = append(s.list, i)
	}
	s.value[i].Add(x)
}

func (s *scratch) clear() {
	for _, i := range s.list {
		s.seen[i], s.value[i] = false, sum.Compensated{}
	}
	s.list = s.list[:0]
}

// holes computes a value for each node that has neighbors. Nodes do not touch
// each other's values, so that the result does not depend on the workers.
func holes(ctx context.Context, g *graph.Digraph, c HolesConfig, of func(t ties, at *scratch, i int) float64) (graph.Values[float64], error) {
	n := g.Len()
	t, err := newTies(ctx, g)
	if err != nil {
		return graph.Values[float64]{}, err
	}
	v := make([]float64, n)
	workers := c.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	const block = 16
	var next atomic.Int64
	var wg sync.WaitGroup
	for range max(1, min(workers, (n+block-1)/block)) {
		wg.Go(func() {
			at := scratch{value: make([]sum.Compensated, n), seen: make([]bool, n)}
			for ctx.Err() == nil {
				lo := int(next.Add(block)) - block
				if lo >= n {
					return
				}
				for i := lo; i < min(lo+block, n); i++ {
					// An isolated node gets 0/0.
					v[i] = of(t, &at, i) * (t.total[i] / t.total[i])
				}
			}
		})
	}
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return graph.Values[float64]{}, err
	}
	return graph.NewValues(g, v), nil
}
