// SPDX-License-Identifier: Apache-2.0

package graph

import (
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

// workersFor returns the number of workers for m edges; asked is the wish of
// the caller, 0 for all cores.
func workersFor(asked, m int) int {
	if asked <= 0 {
		asked = runtime.GOMAXPROCS(0)
	}
	return max(1, min(asked, maxWorkers, m/minShare))
}

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

// assemble returns the graph with the given keys, which must be sorted, and
// edges.
//
// Three passes of counting sort: by source, then by target, which leaves the
// rows of the in direction sorted and repeats side by side, then by source
// again. Only the first pass sees the edges in the order they came in, and it
// is undone by the other two; it is quickest for edges that come by source.
func assemble(keys []string, shares []share) *Digraph {
	n := len(keys)
	out := group(n, shares)
	for k := range shares {
		shares[k].chunks = nil
	}
	if len(out.node) >= collectEdges {
		runtime.GC() // else in, as large as what was just given up, is put beside it
	}
	in := transpose(n, out, adjacency{}, len(shares))
	if merged := merge(in, len(shares)); len(merged.node) != len(in.node) {
		in, out = merged, adjacency{}
	}
	return newDigraph(keys, transpose(n, in, out, len(shares)), in)
}

// group sorts the edges of all shares by their source.
func group(n int, shares []share) adjacency {
	counts := make([][]uint32, len(shares))
	inParallel(len(shares), func(k int) {
		c := make([]uint32, n)
		rank, shift := shares[k].rank, shares[k].shift
		for _, chunk := range shares[k].chunks {
			for i := range chunk {
				c[rank[chunk[i].from+shift]]++
			}
		}
		counts[k] = c
	})
	a := place(n, counts, adjacency{})
	inParallel(len(shares), func(k int) {
		c, rank, shift := counts[k], shares[k].rank, shares[k].shift
		for _, chunk := range shares[k].chunks {
			for _, e := range chunk {
				p := &c[rank[e.from+shift]]
				a.node[*p], a.weight[*p] = rank[e.to+shift], e.weight
				*p++
			}
		}
	})
	return a
}

// transpose returns a with every edge reversed and the rows sorted. It writes
// into the slices of old if they have the right size.
func transpose(n int, a, old adjacency, workers int) adjacency {
	counts := make([][]uint32, workers)
	cut := make([]int, workers+1)
	for k := 1; k < workers; k++ {
		at := int64(len(a.node)) * int64(k) / int64(workers)
		cut[k], _ = slices.BinarySearch(a.start[:n], at)
	}
	cut[workers] = n
	inParallel(workers, func(k int) {
		c := make([]uint32, n)
		for _, v := range a.node[a.start[cut[k]]:a.start[cut[k+1]]] {
			c[v]++
		}
		counts[k] = c
	})
	t := place(n, counts, old)
	inParallel(workers, func(k int) {
		c := counts[k]
		for u := cut[k]; u < cut[k+1]; u++ {
			node, weight := a.row(u)
			for i, v := range node {
				p := &c[v]
				t.node[*p], t.weight[*p] = int32(u), weight[i]
				*p++
			}
		}
	})
	return t
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

// merge returns a, whose rows are sorted, with repeated edges made one. It
// overwrites a if there are any.
func merge(a adjacency, workers int) adjacency {
	n := len(a.start) - 1
	found := make([]bool, workers)
	inParallel(workers, func(k int) { found[k] = a.repeats(n*k/workers, n*(k+1)/workers) })
	if !slices.Contains(found, true) {
		return a
	}
	start := make([]int64, n+1)
	size := 0
	for u := range n {
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
	return adjacency{start, slices.Clone(a.node[:size]), slices.Clone(a.weight[:size])}
}

// repeats reports whether an edge is repeated in rows lo to hi-1.
func (a adjacency) repeats(lo, hi int) bool {
	for u := lo; u < hi; u++ {
		node, _ := a.row(u)
		for i := 1; i < len(node); i++ {
			if node[i] == node[i-1] {
				return true
			}
		}
	}
	return false
}
