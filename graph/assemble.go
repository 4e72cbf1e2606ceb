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
// edges; or the error of ctx. The edges are dealt out into parts by their
// target, each part is sorted by target and source, and what comes out is
// transposed.
func assemble(ctx context.Context, keys []string, shares []share) (*Digraph, error) {
	n := len(keys)
	in, err := sortEdges(ctx, n, shares)
	if err != nil {
		return nil, err
	}
	if in, err = merge(ctx, in, len(shares)); err != nil {
		return nil, err
	}
	collect(len(in.node))
	out, err := transpose(ctx, n, in, len(shares))
	if err != nil {
		return nil, err
	}
	return newDigraph(keys, out, in), nil
}

// collect frees what m edges were held in, if they are many: else what comes
// next, which is as large, is put beside it.
func collect(m int) {
	if m >= collectEdges {
		runtime.GC()
	}
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
// error of ctx.
func transpose(ctx context.Context, n int, a adjacency, workers int) (adjacency, error) {
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
	t := place(counts)
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

// place lays out rows for the counts of all workers; see rowStarts.
func place(counts [][]uint32) adjacency {
	start := rowStarts[int64](counts)
	m := start[len(start)-1]
	if m == 0 {
		return adjacency{start: start}
	}
	return adjacency{start, make([]int32, m), make([]float64, m)}
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
