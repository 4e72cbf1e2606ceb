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

// share is the part of the edges that one worker handles. rank turns the
// nodes of its triples into nodes of the graph.
type share struct {
	chunks [][]triple
	rank   []int32
}

const (
	minShare   = 1 << 15 // edges that make a second worker worth while
	maxWorkers = 16      // more would not pay: the work is bound by memory
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
		shares[k] = share{[][]triple{edges[lo:hi]}, rank}
	}
	return shares
}

// assemble returns the graph with the given keys, which must be sorted, and
// edges.
//
// Three passes of counting sort: by target, then by source, which leaves the
// rows of the out direction sorted and repeats side by side, then by target
// again. Only the first pass sees the edges in the order they came in, and it
// is undone by the other two.
func assemble(keys []string, shares []share) *Digraph {
	n := len(keys)
	in := group(n, shares)
	for k := range shares {
		shares[k].chunks = nil
	}
	out := transpose(n, in, adjacency{}, len(shares))
	if merged := merge(out); len(merged.node) != len(out.node) {
		out, in = merged, adjacency{}
	}
	return newDigraph(keys, out, transpose(n, out, in, len(shares)))
}

// group sorts the edges of all shares by their target.
func group(n int, shares []share) adjacency {
	counts := make([][]uint32, len(shares))
	inParallel(len(shares), func(k int) {
		c := make([]uint32, n)
		rank := shares[k].rank
		for _, chunk := range shares[k].chunks {
			for i := range chunk {
				c[rank[chunk[i].to]]++
			}
		}
		counts[k] = c
	})
	a := place(n, counts, adjacency{})
	inParallel(len(shares), func(k int) {
		c, rank := counts[k], shares[k].rank
		for _, chunk := range shares[k].chunks {
			for _, e := range chunk {
				p := &c[rank[e.to]]
				a.node[*p], a.weight[*p] = rank[e.from], e.weight
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
func merge(a adjacency) adjacency {
	if !a.repeats() {
		return a
	}
	n := len(a.start) - 1
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

func (a adjacency) repeats() bool {
	for u := range len(a.start) - 1 {
		node, _ := a.row(u)
		for i := 1; i < len(node); i++ {
			if node[i] == node[i-1] {
				return true
			}
		}
	}
	return false
}
