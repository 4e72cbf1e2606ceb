// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// reach says for each node how many others it reaches, and how far they are.
type reach struct {
	reached []int64
	far     []float64 // sum of the distances
	inverse []float64 // sum of 1 / distance
}

// newReach measures the paths that leave each node (d is Out) or enter it (d
// is In).
func newReach(ctx context.Context, g *graph.Digraph, l Length, d Direction, workers int) (*reach, error) {
	n := g.Len()
	along, err := newPaths(ctx, g, l, d)
	if err != nil {
		return nil, err
	}
	r := &reach{reached: make([]int64, n), far: make([]float64, n), inverse: make([]float64, n)}
	if along.length != nil {
		size := batch(n)
		err := inOrder(ctx, workers, (n+size-1)/size, func(*stopper) kernel {
			return &lengthReachKernel{reach: r, size: size, search: newSearch(along)}
		})
		return r, err
	}
	against, err := newPaths(ctx, g, l, In+Out-d)
	if err != nil {
		return nil, err
	}
	h := &hopReach{along: along, against: against, reached: r.reached, far: make([]int64, n), inverse: make([]sum.Compensated, n)}
	if err := inOrder(ctx, workers, (n+lanes-1)/lanes, func(*stopper) kernel { return newHopReachKernel(h) }); err != nil {
		return nil, err
	}
	for i := range n {
		r.far[i], r.inverse[i] = float64(h.far[i]), h.inverse[i].Value()
	}
	return r, nil
}

// lengthReachKernel measures the paths of a batch of nodes at a time.
type lengthReachKernel struct {
	*reach
	*search
	size int
}

func (k *lengthReachKernel) run(job int, stop *stopper) {
	for i := job * k.size; i < min((job+1)*k.size, len(k.reached)); i++ {
		k.distances(i, stop)
		if stop.done.Load() {
			return
		}
		var far, inverse sum.Compensated
		for _, v := range k.order[1:] {
			far.Add(k.dist[v])
			inverse.Add(1 / k.dist[v])
		}
		k.reached[i], k.far[i], k.inverse[i] = int64(len(k.order)-1), far.Value(), inverse.Value()
	}
}

// add has nothing to do: every node's result comes from one job.
func (k *lengthReachKernel) add(int, *stopper) {}
