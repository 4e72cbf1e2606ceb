// SPDX-License-Identifier: Apache-2.0

package community

import (
	"context"

	"github.com/oncoref/oncoref/graph"
)

// Move is a step of a search: nodes of the graph that went to another group
// of nodes, and what the search believed it gained, as modularity.
type Move struct {
	Before, After Partition
	Gain          float64
}

// Search runs the search of [Leiden] also on small graphs, and calls watch
// with every step on the way. Steps of a refinement are among groups that it
// makes, which begin with every node alone.
func Search(ctx context.Context, g *graph.Digraph, c LeidenConfig, watch func(Move)) (Result, error) {
	return SearchAhead(ctx, g, c, touched, watch)
}

// SearchAhead is Search with many nodes at a time that look for a better
// community before they move.
func SearchAhead(ctx context.Context, g *graph.Digraph, c LeidenConfig, ahead float64, watch func(Move)) (Result, error) {
	p, err := newProblem(ctx, g, c)
	if err != nil {
		return Result{}, err
	}
	p.prepare = func(s *search) {
		s.touched = ahead
		if watch == nil {
			return
		}
		s.watch = func(_ *level, label []int32, u, to int32, gain float64) {
			before := make([]int32, g.Len())
			after := make([]int32, g.Len())
			for i := range before {
				v := s.of[i]
				before[i], after[i] = label[v], label[v]
				if v == u {
					after[i] = to
				}
			}
			watch(Move{renumbered(g, before), renumbered(g, after), gain / g.Total()})
		}
	}
	return p.leiden(ctx, 0)
}

// SearchWith runs [Leiden] with a number of workers.
func SearchWith(ctx context.Context, g *graph.Digraph, c LeidenConfig, workers int) (Result, error) {
	p, err := newProblem(ctx, g, c)
	if err != nil {
		return Result{}, err
	}
	p.workers = workers
	return p.leiden(ctx, 0)
}
