// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"context"
	"runtime"
	"slices"
	"sync"

	"github.com/oncoref/oncoref/graph/internal/sum"
)

// triple is an edge as it was added, before repeats are summed.
type triple struct {
	from, to int32
	weight   float64
}

// share is the part of the edges that one worker handles. Node i of its triples
// is node rank[i+shift] of the graph.
type share struct {
	chunks [][]triple
	rank   []int32
	shift  int32
}

const (
	minShare   = 1 << 15 // edges that make a second worker worth while
	maxWorkers = 16      // more would not pay: the work is bound by memory

	collectEdges = 1 << 22 // edges that make it worth while to collect what holds them
)

// workersFor returns the number of workers for m edges.
func workersFor(m int) int { return max(1, min(runtime.GOMAXPROCS(0), maxWorkers, m/minShare)) }

// inParallel calls f(0) to f(n-1) at the same time and returns when all are
// done.
func inParallel(n int, f func(k int)) {
	if n == 1 {
		f(0)
		return
	}
	var wg sync.WaitGroup
	for k := range n {
		wg.Go(func() { f(k) })
	}
	wg.Wait()
}

// split cuts edges into parts of about the same size.
func split(edges []triple, rank []int32, parts int) []share {
	shares := make([]share, parts)
	for k := range shares {
		lo, hi := len(edges)*k/parts, len(edges)*(k+1)/parts
		shares[k] = share{chunks: [][]triple{edges[lo:hi]}, rank: rank}
	}
	return shares
}

// pace is the number of edges between two looks at a context.
const pace = 1 << 17

// assemble returns the graph with the given keys, which must be sorted, and
// edges; or the error of ctx.
//
// Three passes of counting sort: by source, then by target, which leaves the
// rows of the in direction sorted and repeats side by side, then by source
// again. Only the first pass sees the edges in the order they came in, and it
// is undone by the other two; it is quickest for edges that come by source.
func assemble(ctx context.Context, keys []string, shares []share) (*Digraph, error) {
	n := len(keys)
	out := group(ctx, n, shares)
	for k := range shares {
		shares[k].chunks = nil
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if len(out.node) >= collectEdges {
		runtime.GC() // else in, as large as what was just given up, is put beside it
	}
	in, err := transpose(ctx, n, out, adjacency{}, len(shares))
	if err != nil {
		return nil, err
	}
	merged, err := merge(ctx, in, len(shares))
	if err != nil {
		return nil, err
	}
	if len(merged.node) != len(in.node) {
		in, out = merged, adjacency{}
	}
	if out, err = transpose(ctx, n, in, out, len(shares)); err != nil {
		return nil, err
	}
	return newDigraph(keys, out, in), nil
}

// group sorts the edges of all shares by their source. It stops when ctx is
// done; look at ctx afterwards.
func group(ctx context.Context, n int, shares []share) adjacency {
	counts := make([][]uint32, len(shares))
	inParallel(len(shares), func(k int) {
		c := make([]uint32, n)
		shares[k].each(ctx, func(chunk []triple, rank []int32, shift int32) {
			for i := range chunk {
				c[rank[chunk[i].from+shift]]++
			}
		})
		counts[k] = c
	})
	if ctx.Err() != nil {
		return adjacency{}
	}
	a := place(n, counts, adjacency{})
	inParallel(len(shares), func(k int) {
		c := counts[k]
		shares[k].each(ctx, func(chunk []triple, rank []int32, shift int32) {
			for _, e := range chunk {
				p := &c[rank[e.from+shift]]
				a.node[*p], a.weight[*p] = rank[e.to+shift], e.weight
				*p++
			}
		})
	})
	return a
}

// each calls visit for all edges of s, some at a time, until ctx is done.
func (s share) each(ctx context.Context, visit func(edges []triple, rank []int32, shift int32)) {
	for _, chunk := range s.chunks {
		for edges := range slices.Chunk(chunk, pace) {
			if ctx.Err() != nil {
				return
			}
			visit(edges, s.rank, s.shift)
		}
	}
}

// transpose returns a with every edge reversed and the rows sorted, or the
// error of ctx. It writes into the slices of old if they have the right size.
func transpose(ctx context.Context, n int, a, old adjacency, workers int) (adjacency, error) {
	counts := make([][]uint32, workers)
	cut := make([]int, workers+1)
	for k := 1; k < workers; k++ {
		at := int64(len(a.node)) * int64(k) / int64(workers)
		cut[k], _ = slices.BinarySearch(a.start[:n], at)
	}
	cut[workers] = n
	inParallel(workers, func(k int) {
		c := make([]uint32, n)
		for part := range slices.Chunk(a.node[a.start[cut[k]]:a.start[cut[k+1]]], pace) {
			if ctx.Err() != nil {
				return
			}
			for _, v := range part {
				c[v]++
			}
		}
		counts[k] = c
	})
	if err := ctx.Err(); err != nil {
		return adjacency{}, err
	}
	t := place(n, counts, old)
	inParallel(workers, func(k int) {
		c := counts[k]
		at := a.start[cut[k]]
		look := at
		for u := cut[k]; u < cut[k+1]; u++ {
			for end := a.start[u+1]; at < end; {
				if at == look {
					if ctx.Err() != nil {
						return
					}
					look = at + pace
				}
				to := min(end, look)
				node, weight := a.node[at:to], a.weight[at:to]
				weight = weight[:len(node)]
				for i, v := range node {
					p := &c[v]
					t.node[*p], t.weight[*p] = int32(u), weight[i]
					*p++
				}
				at = to
			}
		}
	})
	return t, ctx.Err()
}

// place lays out rows for the counts of all workers and turns each count into
// the position where that worker begins to write in that row.
func place(n int, counts [][]uint32, old adjacency) adjacency {
	a := adjacency{start: make([]int64, n+1), node: old.node, weight: old.weight}
	var pos uint32
	for v := range n {
		a.start[v] = int64(pos)
		for _, c := range counts {
			pos, c[v] = pos+c[v], pos
		}
	}
	a.start[n] = int64(pos)
	if len(a.node) != int(pos) {
		a.node, a.weight = make([]int32, pos), make([]float64, pos)
	}
	return a
}

// merge returns a, whose rows are sorted, with repeated edges made one, or the
// error of ctx. It overwrites a if there are any.
func merge(ctx context.Context, a adjacency, workers int) (adjacency, error) {
	n := len(a.start) - 1
	found := make([]bool, workers)
	inParallel(workers, func(k int) { found[k] = a.repeats(ctx, n*k/workers, n*(k+1)/workers) })
	if err := ctx.Err(); err != nil || !slices.Contains(found, true) {
		return a, err
	}
	start := make([]int64, n+1)
	size := 0
	look := int64(0)
	for u := range n {
		if a.start[u] >= look {
			if err := ctx.Err(); err != nil {
				return adjacency{}, err
			}
			look = a.start[u] + pace
		}
		node, weight := a.row(u)
		for i := 0; i < len(node); {
			j := i + 1
			for j < len(node) && node[j] == node[i] {
				j++
			}
			w := weight[i:j]
			slices.Sort(w)
			total := sum.Of(w)
			a.node[size], a.weight[size] = node[i], total
			size++
			i = j
		}
		start[u+1] = int64(size)
	}
	return adjacency{start, slices.Clone(a.node[:size]), slices.Clone(a.weight[:size])}, nil
}

// repeats reports whether an edge is repeated in rows lo to hi-1. It stops when
// ctx is done; look at ctx afterwards.
func (a adjacency) repeats(ctx context.Context, lo, hi int) bool {
	look := a.start[lo]
	for u := lo; u < hi; u++ {
		if a.start[u] >= look {
			if ctx.Err() != nil {
				return false
			}
			look = a.start[u] + pace
		}
		node, _ := a.row(u)
		for i := 1; i < len(node); i++ {
			if node[i] == node[i-1] {
				return true
			}
		}
	}
	return false
}
