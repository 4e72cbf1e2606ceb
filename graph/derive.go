// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"slices"

	"github.com/oncoref/oncoref/graph/internal/sum"
)

// Transpose returns the graph with every edge reversed. The nodes are the
// same, and a self loop is its own reverse.
//
// Time and memory O(1).
func (g *Digraph) Transpose() *Digraph {
	return &Digraph{keys: g.keys, out: g.in, in: g.out, total: g.total}
}

// Loopless returns the graph without its self loops. All nodes stay, also
// those that have no edge left.
//
// Time and memory O(n + m); O(1) memory if there is no loop.
func (g *Digraph) Loopless() *Digraph {
	loops := 0
	for u := range g.keys {
		if _, ok := g.out.at(u, int32(u)); ok {
			loops++
		}
	}
	if loops == 0 {
		return g
	}
	cross := func(u int, v int32) bool { return int32(u) != v }
	return newDigraph(g.keys, g.out.filter(cross), g.in.filter(cross))
}

// Map returns the graph with the weight of every edge replaced by f of the
// edge, which is called once an edge, in the order of [Digraph.Edges]. Nodes
// and edges stay the same. It is the way from flows to lengths:
//
//	lengths, err := g.Map(func(e graph.Edge) float64 { return 1 / e.Weight })
//
// The error is an [*EdgeError] that wraps [ErrWeight] unless every new weight
// is above 0 and at most [MaxWeight].
//
// Time and memory O(n + m).
func (g *Digraph) Map(f func(Edge) float64) (*Digraph, error) {
	outW := make([]float64, len(g.out.weight))
	inW := make([]float64, len(outW))
	next := slices.Clone(g.in.start)
	k := 0
	for e := range g.Edges() {
		w := f(e)
		if err := checkWeight(w); err != nil {
			return nil, &EdgeError{From: g.keys[e.From], To: g.keys[e.To], Weight: w, Err: err}
		}
		outW[k] = w
		k++
		inW[next[e.To]] = w
		next[e.To]++
	}
	return newDigraph(g.keys, adjacency{g.out.start, g.out.node, outW}, adjacency{g.in.start, g.in.node, inW}), nil
}

// Subgraph returns the graph of the nodes for which keep is true and of the
// edges between them, self loops included. Nodes keep their keys and their
// order, and get new indices.
//
// Time and memory O(n + m).
func (g *Digraph) Subgraph(keep func(i int) bool) *Digraph {
	var keys []string
	index := make([]int32, g.Len())
	for i, key := range g.keys {
		index[i] = -1
		if keep(i) {
			index[i] = int32(len(keys))
			keys = append(keys, key)
		}
	}
	kept := func(u int, v int32) bool { return index[u] >= 0 && index[v] >= 0 }
	renumber := func(a adjacency) adjacency {
		f := a.filter(kept)
		start := make([]int64, 1, len(keys)+1)
		for u, i := range index {
			if i >= 0 {
				start = append(start, f.start[u+1])
			}
		}
		for k, v := range f.node {
			f.node[k] = index[v]
		}
		f.start = start
		return f
	}
	return newDigraph(keys, renumber(g.out), renumber(g.in))
}

// Contract returns the graph in which all nodes with the same label are one
// node. Its key is the key of its first member, and weights add up: flow
// inside a group becomes the group's self loop, and the total stays the same.
//
// It panics if labels belongs to other nodes than those of g.
//
// Time and memory O(n + m).
func (g *Digraph) Contract(labels Values[int]) *Digraph {
	label := labels.For(g)
	var keys []string
	group := make(map[int]int32)
	rank := make([]int32, len(label))
	for i, l := range label {
		to, ok := group[l]
		if !ok {
			to = int32(len(keys))
			group[l] = to
			keys = append(keys, g.keys[i])
		}
		rank[i] = to
	}
	edges := make([]triple, 0, g.Size())
	for e := range g.Edges() {
		edges = append(edges, triple{int32(e.From), int32(e.To), e.Weight})
	}
	return assemble(keys, split(edges, rank, workersFor(0, len(edges))))
}

// newDigraph returns the graph with the given two directions, which must hold
// the same edges.
func newDigraph(keys []string, out, in adjacency) *Digraph {
	return &Digraph{keys: keys, out: out, in: in, total: sum.Of(out.weight)}
}

// filter returns the edges for which keep is true, in new slices.
func (a adjacency) filter(keep func(u int, v int32) bool) adjacency {
	n := max(len(a.start)-1, 0)
	f := adjacency{start: make([]int64, n+1)}
	for u := range n {
		for k := a.start[u]; k < a.start[u+1]; k++ {
			if v := a.node[k]; keep(u, v) {
				f.node = append(f.node, v)
				f.weight = append(f.weight, a.weight[k])
			}
		}
		f.start[u+1] = int64(len(f.node))
	}
	return f
}
