// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"context"
	"iter"
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
// Time and memory O(n + m). [Digraph.WithEdges] can also leave edges out and
// heeds a context.
func (g *Digraph) Map(f func(Edge) float64) (*Digraph, error) {
	outW := make([]float64, len(g.out.weight))
	inW := make([]float64, len(outW))
	next := slices.Clone(g.in.start)
	k := 0
	for e := range g.Edges() {
		e.Weight = f(e)
		if err := g.checkEdge(e); err != nil {
			return nil, err
		}
		outW[k] = e.Weight
		k++
		inW[next[e.To]] = e.Weight
		next[e.To]++
	}
	return newDigraph(g.keys, adjacency{g.out.start, g.out.node, outW}, adjacency{g.in.start, g.in.node, inW}), nil
}

// WithEdges returns the graph of the same nodes with the given edges in place
// of those of g. It is the way to leave edges out, to weigh them anew or to
// point them elsewhere:
//
//	strong, err := g.WithEdges(ctx, func(yield func(graph.Edge) bool) {
//		for e := range g.Edges() {
//			if e.Weight >= 5 && !yield(e) {
//				return
//			}
//		}
//	})
//
// Edges may come in any order, and the weights of a repeated edge add up as in
// a [Builder]. The order of [Digraph.Edges] without repeats is the fast way.
//
// The error is an [*EdgeError] that wraps [ErrWeight] unless every weight is
// above 0 and at most [MaxWeight], [ErrTooLarge] if there are more edges than
// can be numbered, or that of ctx. It panics if an edge has an end that is not
// a node of g.
//
// Time and memory O(n + m).
func (g *Digraph) WithEdges(ctx context.Context, edges iter.Seq[Edge]) (*Digraph, error) {
	list, err := g.collect(ctx, edges)
	if err != nil {
		return nil, err
	}
	if !list.sorted {
		return assemble(ctx, g.keys, list.deal(g.Len()))
	}
	out, err := list.rows(ctx, g.Len())
	if err != nil {
		return nil, err
	}
	in, err := transpose(ctx, g.Len(), out, workersFor(list.size))
	if err != nil {
		return nil, err
	}
	return newDigraph(g.keys, out, in), nil
}

// checkEdge returns an error unless e may be an edge of g, by its weight.
func (g *Digraph) checkEdge(e Edge) error {
	if err := checkWeight(e.Weight); err != nil {
		return &EdgeError{From: g.keys[e.From], To: g.keys[e.To], Weight: e.Weight, Err: err}
	}
	return nil
}

// edgeList holds edges in the order in which they were given.
type edgeList struct {
	chunks [][]triple
	size   int
	sorted bool // by sender and then receiver, without repeats
}

func (g *Digraph) collect(ctx context.Context, edges iter.Seq[Edge]) (edgeList, error) {
	const chunk = 1 << 16
	list := edgeList{sorted: true}
	var now []triple
	last := Edge{From: -1}
	for e := range edges {
		if list.size%pace == 0 && ctx.Err() != nil {
			return edgeList{}, ctx.Err()
		}
		if err := g.checkEdge(e); err != nil {
			return edgeList{}, err
		}
		if list.size == maxEdges {
			return edgeList{}, &EdgeError{From: g.keys[e.From], To: g.keys[e.To], Weight: e.Weight, Err: ErrTooLarge}
		}
		_, _ = g.keys[e.From], g.keys[e.To]
		if e.From < last.From || e.From == last.From && e.To <= last.To {
			list.sorted = false
		}
		last = e
		if len(now) == cap(now) {
			list.chunks = append(list.chunks, now)
			now = make([]triple, 0, min(chunk, max(16, list.size)))
		}
		now = append(now, triple{int32(e.From), int32(e.To), e.Weight})
		list.size++
	}
	list.chunks = append(list.chunks, now)
	return list, ctx.Err()
}

// deal divides the edges among workers.
func (l edgeList) deal(n int) []share {
	rank := make([]int32, n)
	for i := range rank {
		rank[i] = int32(i)
	}
	shares := make([]share, workersFor(l.size))
	for k := range shares {
		lo, hi := len(l.chunks)*k/len(shares), len(l.chunks)*(k+1)/len(shares)
		shares[k] = share{chunks: l.chunks[lo:hi], rank: rank}
	}
	return shares
}

// rows returns the edges, which must be sorted, as rows of n nodes.
func (l edgeList) rows(ctx context.Context, n int) (adjacency, error) {
	a := adjacency{start: make([]int64, n+1)}
	if l.size > 0 {
		a.node, a.weight = make([]int32, 0, l.size), make([]float64, 0, l.size)
	}
	for _, chunk := range l.chunks {
		if err := ctx.Err(); err != nil {
			return adjacency{}, err
		}
		for _, e := range chunk {
			a.start[e.from+1]++
			a.node = append(a.node, e.to)
			a.weight = append(a.weight, e.weight)
		}
	}
	for i := range n {
		a.start[i+1] += a.start[i]
	}
	return a, nil
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
	h, _ := assemble(context.Background(), keys, split(edges, rank, workersFor(len(edges)))) // never canceled
	return h
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
		size := f.start[u]
		for _, v := range a.node[a.start[u]:a.start[u+1]] {
			if keep(u, v) {
				size++
			}
		}
		f.start[u+1] = size
	}
	f.node, f.weight = make([]int32, 0, f.start[n]), make([]float64, 0, f.start[n])
	for u := range n {
		for k := a.start[u]; k < a.start[u+1]; k++ {
			if v := a.node[k]; keep(u, v) {
				f.node = append(f.node, v)
				f.weight = append(f.weight, a.weight[k])
			}
		}
	}
	return f
}
