// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/scc"
)

// Components are the parts into which a graph falls. They are numbered from 0
// by their first node, so that component 0 holds node 0.
type Components struct {
	Label graph.Values[int] // component of each node
	Count int               // number of components
	Sizes []int             // number of nodes in each component
}

// Largest returns the component with the most nodes, the first of them if
// there are several, and its number of nodes; (-1, 0) for a graph without
// nodes.
func (c Components) Largest() (label, size int) {
	label = -1
	for l, s := range c.Sizes {
		if s > size {
			label, size = l, s
		}
	}
	return label, size
}

// StronglyConnected returns the strongly connected components: the largest
// sets of nodes in which every node can be reached from every other along the
// edges.
//
// Self loops change nothing; a node that lies on no cycle is a component of
// its own. Weights do not matter. The components are the same for the
// transposed graph.
//
// Time O(n + m), memory O(n), for n nodes and m edges, without recursion.
//
// Reference: Tarjan 1972, doi:10.1137/0201010, with the stack of open nodes as
// in Pearce 2016, doi:10.1016/j.ipl.2015.08.010, after the component of one
// central node has been taken out by two plain searches.
func StronglyConnected(g *graph.Digraph) Components {
	return inOrder(g, closing(g, nil))
}

// strongly returns what StronglyConnected does, until ctx is done.
func strongly(ctx context.Context, g *graph.Digraph) (Components, error) {
	raw := closing(g, func() bool { return ctx.Err() != nil })
	if err := ctx.Err(); err != nil {
		return Components{}, err
	}
	return inOrder(g, raw), nil
}

// closing returns the component of each node, in the order in which they close.
func closing(g *graph.Digraph, stop func() bool) []int32 {
	c := g.CSR()
	raw, _ := scc.Of(scc.Rows{Start: c.OutStart, Node: c.OutTo}, scc.Rows{Start: c.InStart, Node: c.InFrom}, stop)
	return raw
}

// inOrder numbers the groups by their first node.
func inOrder(g *graph.Digraph, raw []int32) Components {
	label := make([]int, len(raw))
	number := make([]int32, len(raw))
	for i := range number {
		number[i] = -1
	}
	var sizes []int
	for i, r := range raw {
		if number[r] < 0 {
			number[r] = int32(len(sizes))
			sizes = append(sizes, 0)
		}
		label[i] = int(number[r])
		sizes[label[i]]++
	}
	return Components{Label: graph.NewValues(g, label), Count: len(sizes), Sizes: sizes}
}

// WeaklyConnected returns the weakly connected components: the largest sets of
// nodes that hang together when the direction of edges is ignored.
//
// Self loops and weights change nothing; an isolated node is a component of
// its own.
//
// Time O(n + m) but for a factor that never exceeds 5 in practice (the inverse
// Ackermann function), memory O(n), for n nodes and m edges.
//
// Reference: Tarjan 1975, doi:10.1145/321879.321884, with path halving.
func WeaklyConnected(g *graph.Digraph) Components { return weaklyConnected(context.Background(), g) }

// weaklyConnected returns components that are of no use if ctx is done.
func weaklyConnected(ctx context.Context, g *graph.Digraph) Components {
	c := g.CSR()
	parent := make([]int32, g.Len())
	for i := range parent {
		parent[i] = int32(i)
	}
	root := func(i int32) int32 {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i := range parent {
		if stopped(ctx, i) {
			break
		}
		u := root(int32(i))
		for _, v := range c.OutTo[c.OutStart[i]:c.OutStart[i+1]] {
			// The smaller number wins, so that roots are first nodes.
			switch v := root(v); {
			case u < v:
				parent[v] = u
			case v < u:
				parent[u] = v
				u = v
			}
		}
	}
	for i := range parent {
		parent[i] = root(int32(i))
	}
	return inOrder(g, parent)
}

// Condensation returns the graph in which each strongly connected component is
// one node, keyed by its first member, and the components. It has no cycle, not
// even a self loop: weight inside a component is left out, weights between two
// components add up. Node i of the result is component i.
//
// Time and memory O(n + m), for n nodes and m edges.
func Condensation(g *graph.Digraph) (*graph.Digraph, Components) {
	c := StronglyConnected(g)
	return g.Contract(c.Label).Loopless(), c
}
