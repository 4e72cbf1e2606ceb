// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"iter"
	"slices"
)

// A Digraph is a directed weighted graph that never changes. Its nodes are
// numbered 0 to Len()-1 in the byte order of their keys; between two nodes,
// and from a node to itself, there is at most one edge, with a weight above 0.
// A weight is a flow: more of it means closer.
//
// A Digraph is made by a [Builder], by [ReadEdges] or from another Digraph;
// the zero value is a graph without nodes. It is safe for concurrent use. Methods that
// take a node's index panic if it is out of range, as a slice does.
type Digraph struct {
	keys  []string
	out   adjacency
	in    adjacency
	total float64
}

// Edge is one edge, its ends given by node index.
type Edge struct {
	From, To int
	Weight   float64 // above 0
}

// CSR is a graph as compressed sparse rows, for kernels that visit all edges.
// The edges that leave node i are those at OutStart[i] to OutStart[i+1]-1 of
// OutTo and OutWeight, sorted by OutTo; those that enter it stand in the same
// way in the In slices, sorted by InFrom. A self loop stands in both. The
// slices are the graph's own: read them only.
type CSR struct {
	OutStart  []int64
	OutTo     []int32
	OutWeight []float64
	InStart   []int64
	InFrom    []int32
	InWeight  []float64
}

// adjacency is one direction of a graph: the neighbors of node i and the
// weights are at start[i] to start[i+1]-1, sorted by neighbor.
type adjacency struct {
	start  []int64
	node   []int32
	weight []float64
}

func (a adjacency) row(i int) ([]int32, []float64) {
	lo, hi := a.start[i], a.start[i+1]
	return a.node[lo:hi], a.weight[lo:hi]
}

func (a adjacency) at(i int, j int32) (float64, bool) {
	node, weight := a.row(i)
	k, ok := slices.BinarySearch(node, j)
	if !ok {
		return 0, false
	}
	return weight[k], true
}

// Len returns the number of nodes.
func (g *Digraph) Len() int { return len(g.keys) }

// Size returns the number of edges, self loops included.
func (g *Digraph) Size() int { return len(g.out.node) }

// Total returns the sum of all weights, self loops included.
func (g *Digraph) Total() float64 { return g.total }

// Index returns the index of the node with this key; false if there is none.
//
// Time O(log n).
func (g *Digraph) Index(key string) (int, bool) { return slices.BinarySearch(g.keys, key) }

// Key returns the key of node i.
func (g *Digraph) Key(i int) string { return g.keys[i] }

// Keys yields every node's index and key, in order.
func (g *Digraph) Keys() iter.Seq2[int, string] { return slices.All(g.keys) }

// Edges yields every edge, self loops included, by From and then by To.
func (g *Digraph) Edges() iter.Seq[Edge] {
	return func(yield func(Edge) bool) {
		for u := range g.keys {
			for v, w := range g.Out(u) {
				if !yield(Edge{u, v, w}) {
					return
				}
			}
		}
	}
}

// Out yields the edges that leave node i as (node reached, weight), by index;
// i itself is among them if it has a self loop.
func (g *Digraph) Out(i int) iter.Seq2[int, float64] { return pairs(g.out.row(i)) }

// In yields the edges that enter node i as (node they come from, weight), by
// index; i itself is among them if it has a self loop.
func (g *Digraph) In(i int) iter.Seq2[int, float64] { return pairs(g.in.row(i)) }

func pairs(node []int32, weight []float64) iter.Seq2[int, float64] {
	return func(yield func(int, float64) bool) {
		for k, v := range node {
			if !yield(int(v), weight[k]) {
				return
			}
		}
	}
}

// Loop returns the weight of node i's self loop, 0 if it has none.
//
// Time O(log d) for d edges that leave the node.
func (g *Digraph) Loop(i int) float64 { return g.EdgeWeight(i, i) }

// EdgeWeight returns the weight of the edge between two nodes, 0 if there is
// none.
//
// Time O(log d) for d edges that leave from.
func (g *Digraph) EdgeWeight(from, to int) float64 {
	_ = g.keys[to]
	w, _ := g.out.at(from, int32(to))
	return w
}

// CSR returns the graph as compressed sparse rows. The slices are shared with
// the graph and with every other caller: read them only.
func (g *Digraph) CSR() CSR {
	return CSR{
		OutStart: g.out.start, OutTo: g.out.node, OutWeight: g.out.weight,
		InStart: g.in.start, InFrom: g.in.node, InWeight: g.in.weight,
	}
}
