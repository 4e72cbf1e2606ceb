// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// traffic adds up the dependencies of many sources on all nodes, and if asked
// for also their squares or those on all edges.
type traffic struct {
	out, in *paths // in only where every length is 1
	sources []int  // nil means all
	nodes   []sum.Compensated
	squares []sum.Compensated
	edges   []sum.Compensated
}

func newTraffic(ctx context.Context, measure string, g *graph.Digraph, l Length, sources []int) (*traffic, error) {
	if err := checkNodes(measure, "Sources", g, sources); err != nil {
		return nil, err
	}
	if len(sources) == 0 {
		sources = nil
	}
	t := &traffic{sources: sources, nodes: make([]sum.Compensated, g.Len())}
	var err error
	if t.out, err = newPaths(ctx, g, l, Out); err != nil {
		return nil, err
	}
	if l == Hops {
		t.in, err = newPaths(ctx, g, Hops, In)
	}
	return t, err
}

// batch returns how many of so many sources make one job. It does not depend
// on the number of workers, and so neither do the sums.
func batch(sources int) int { return max(1, min(sources/64, 16)) }

func (t *traffic) count() int {
	if t.sources == nil {
		return t.out.len()
	}
	return len(t.sources)
}

func (t *traffic) run(ctx context.Context, workers int) error {
	size := batch(t.count())
	return inOrder(ctx, workers, (t.count()+size-1)/size, func(stop *stopper) kernel {
		k := &trafficKernel{traffic: t, size: size, sum: make([]float64, t.out.len())}
		if t.out.length == nil {
			k.hops = newHopBrandes(t.out, t.in)
		} else {
			k.lengths = newBrandes(t.out)
		}
		if stop.done.Load() {
			return k
		}
		if t.squares != nil {
			k.square = make([]float64, len(k.sum))
		}
		if t.edges != nil {
			k.edge = make([]float64, len(t.out.to))
			k.dependency = make([]float64, len(k.sum))
			k.level = make([]int32, len(k.sum))
		}
		return k
	})
}

// trafficKernel handles a batch of sources at a time.
type trafficKernel struct {
	*traffic
	size       int
	hops       *hopBrandes // one of hops and lengths is set
	lengths    *brandes
	careful    *carefulBrandes // made when first needed
	sum        []float64
	square     []float64
	edge       []float64
	dependency []float64 // for edge
	level      []int32   // for edge
}

func (k *trafficKernel) run(job int, stop *stopper) {
	clear(k.sum)
	clear(k.square)
	clear(k.edge)
	for i := job * k.size; i < min((job+1)*k.size, k.count()); i++ {
		source := i
		if k.sources != nil {
			source = k.sources[i]
		}
		k.source(source, stop)
		if stop.done.Load() {
			return
		}
	}
}

func (k *trafficKernel) source(source int, stop *stopper) {
	see := func(v int32, d float64) { k.sum[v] += d }
	switch {
	case k.square != nil:
		see = func(v int32, d float64) {
			k.sum[v] += d
			k.square[v] += d * d
		}
	case k.edge != nil:
		see = func(v int32, d float64) { k.dependency[v] = d }
	}
	switch {
	case k.hops != nil && k.hops.forward(source, stop):
		k.hops.backward(stop, see)
		if k.edge != nil {
			k.hopEdges(stop)
		}
	case k.lengths != nil && k.lengths.forward(source, stop):
		k.lengths.backward(stop, see)
		if k.edge != nil {
			k.lengthEdges(stop)
		}
	case !stop.done.Load():
		if k.careful == nil {
			k.careful = newCarefulBrandes(k.out)
		}
		k.careful.dependencies(source, stop, see)
		if k.edge != nil {
			k.carefulEdges(stop)
		}
	}
}

func (k *trafficKernel) hopEdges(stop *stopper) {
	h := k.hops
	for l := range len(h.levels) - 1 {
		for _, v := range h.order[h.levels[l]:h.levels[l+1]] {
			k.level[v] = int32(l) + 1
		}
	}
	for part := range stop.parts(h.order) {
		for _, u := range part {
			for e := k.out.start[u]; e < k.out.start[u+1]; e++ {
				if v := k.out.to[e]; k.level[v] == k.level[u]+1 {
					k.edge[e] += h.count[u] * (1 + k.dependency[v]) / h.count[v]
				}
			}
		}
	}
	for _, v := range h.order {
		k.level[v] = 0
	}
}

func (k *trafficKernel) lengthEdges(stop *stopper) {
	b := k.lengths
	for part := range stop.parts(b.order[1:]) {
		for _, v := range part {
			share := (1 + k.dependency[v]) / b.count[v]
			u := b.before[v]
			k.edge[k.find(u.node, v)] += b.count[u.node] * share
			for u.next != none {
				u = b.ties[u.next].before
				k.edge[k.find(u.node, v)] += b.count[u.node] * share
			}
		}
	}
}

func (k *trafficKernel) carefulEdges(stop *stopper) {
	b := k.careful
	for part := range stop.parts(b.order[1:]) {
		for _, v := range part {
			for _, u := range b.before[v] {
				k.edge[k.find(u, v)] += b.count[u].over(b.count[v]) * (1 + k.dependency[v])
			}
		}
	}
}

// find returns the place of the edge from u to v, which must exist.
func (k *trafficKernel) find(u, v int32) int64 {
	lo, hi := k.out.start[u], k.out.start[u+1]
	for lo < hi {
		mid := (lo + hi) / 2
		if k.out.to[mid] < v {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

func (k *trafficKernel) add(_ int, stop *stopper) {
	addAll(k.nodes, k.sum, stop)
	addAll(k.squares, k.square, stop)
	addAll(k.edges, k.edge, stop)
}

// addAll adds x to the sums. It returns early if stopped.
func addAll(to []sum.Compensated, x []float64, stop *stopper) {
	for i := range to {
		if i%rowsPerLook == 0 && stop.done.Load() {
			return
		}
		to[i].Add(x[i])
	}
}
