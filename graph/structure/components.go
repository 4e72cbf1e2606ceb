// SPDX-License-Identifier: Apache-2.0

package structure

import "github.com/oncoref/oncoref/graph"

// Components are the parts into which a graph falls. They are numbered from 0
// by their first node, so that component 0 holds node 0.
type Components struct {
	Label graph.Values[int] // component of each node
	Count int               // number of components
	Sizes []int             // number of nodes in each component
}

// Largest returns the label of the component with the most nodes, the first of
// them if there are several, and its number of nodes; (-1, 0) for a graph
// without nodes.
func (c Components) Largest() (int, int) {
	label, size := -1, 0
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
// Reference: Tarjan 1972, doi:10.1137/0201010; with the stack of open nodes as
// in Pearce 2016, doi:10.1016/j.ipl.2015.08.010.
func StronglyConnected(g *graph.Digraph) Components {
	n := g.Len()
	c := g.CSR()
	label := make([]int, n)
	raw := tarjan(n, c)
	number := make([]int32, n)
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

// tarjan returns a component number for each node, in the order in which the
// components close.
func tarjan(n int, c graph.CSR) []int32 {
	const unseen = 0
	low := make([]int32, n)  // smallest visit number reachable, from 1; after closing: done + component
	next := make([]int64, n) // next edge to follow
	path := make([]int32, 0) // nodes being explored, from the root
	open := make([]int32, 0) // nodes of components not yet closed, without those on the path
	root := make([]bool, n)  // whether the node may still be the first of its component
	component := make([]int32, n)
	var visit, count int32
	const closed = int32(^uint32(0) >> 1)
	for s := range n {
		if low[s] != unseen {
			continue
		}
		visit++
		low[s], next[s], root[s] = visit, c.OutStart[s], true
		path = append(path, int32(s))
		for len(path) > 0 {
			u := path[len(path)-1]
			end := c.OutStart[u+1]
			lowU, k := low[u], next[u]
			descend := int32(-1)
			for ; k < end; k++ {
				v := c.OutTo[k]
				l := low[v]
				if l == unseen {
					descend = v
					break
				}
				if l < lowU {
					lowU = l
					root[u] = false
				}
			}
			low[u], next[u] = lowU, k
			if descend >= 0 {
				visit++
				low[descend], next[descend], root[descend] = visit, c.OutStart[descend], true
				path = append(path, descend)
				continue
			}
			path = path[:len(path)-1]
			if !root[u] {
				open = append(open, u)
				continue
			}
			for len(open) > 0 && low[open[len(open)-1]] >= lowU {
				v := open[len(open)-1]
				open = open[:len(open)-1]
				low[v], component[v] = closed, count
			}
			low[u], component[u] = closed, count
			count++
		}
	}
	return component
}
