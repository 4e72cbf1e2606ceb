// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"math"

	"github.com/oncoref/oncoref/graph"
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
	n := g.Len()
	c := g.CSR()
	return inOrder(g, tarjan(n, c))
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
func WeaklyConnected(g *graph.Digraph) Components {
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

// tarjan returns a component number for each node, in the order in which the
// components close.
func tarjan(n int, c graph.CSR) []int32 {
	t := search{
		c:         c,
		low:       make([]int32, n),
		next:      make([]int64, n),
		root:      make([]bool, n),
		component: make([]int32, n),
	}
	t.closeGiant()
	for s := range n {
		if t.low[s] == unseen {
			t.from(int32(s))
		}
	}
	return t.component
}

// search is the state of Tarjan's search.
type search struct {
	c         graph.CSR
	low       []int32 // smallest visit number reachable, from 1; closed when the component is complete
	next      []int64 // next edge to follow
	path      []int32 // nodes being explored, from the root
	open      []int32 // nodes of components not yet closed, without those on the path
	root      []bool  // whether the node may still be the first of its component
	component []int32
	visit     int32
	count     int32
}

const (
	unseen = 0
	closed = math.MaxInt32
)

// closeGiant closes the component of the node with the most edges both ways:
// what it reaches and what reaches it. Most real graphs have one component that
// holds most nodes, and two plain searches find it in half the time that
// Tarjan's takes.
func (t *search) closeGiant() {
	pivot, most := int32(-1), int64(0)
	for i := range t.low {
		if d := (t.c.OutStart[i+1] - t.c.OutStart[i]) * (t.c.InStart[i+1] - t.c.InStart[i]); d > most {
			pivot, most = int32(i), d
		}
	}
	if pivot < 0 {
		return
	}
	mark := make([]uint8, len(t.low))
	mark[pivot] = reached | reaching
	spread(mark, pivot, t.c.OutStart, t.c.OutTo, reached, reached)
	spread(mark, pivot, t.c.InStart, t.c.InFrom, reaching, reached|reaching)
	for v, m := range mark {
		if m&(reached|reaching) == reached|reaching {
			t.low[v] = closed
		}
	}
	t.count = 1
}

// Bits of the marks in closeGiant: the node is reached from the pivot, reaches
// it, and, in bits moved up by doneShift, has passed that on.
const (
	reached uint8 = 1 << iota
	reaching
	doneShift = 2
)

// spread gives bit to all nodes that can be found from the pivot through nodes
// that have all bits of need. A row is read in memory order as far as possible,
// up and down through all nodes, which is several times faster than a queue;
// what is left after some turns, as in a long path, is done with a queue.
func spread(mark []uint8, pivot int32, start []int64, node []int32, bit, need uint8) {
	const turns = 6
	done := bit << doneShift
	pass := func(u int) {
		mark[u] |= done
		for _, v := range node[start[u]:start[u+1]] {
			mark[v] |= bit
		}
	}
	pass(int(pivot))
	for turn := range turns {
		found := false
		for i := range mark {
			u := i
			if turn%2 == 1 {
				u = len(mark) - 1 - i
			}
			if mark[u]&(need|done) == need {
				found = true
				pass(u)
			}
		}
		if !found {
			return
		}
	}
	var queue []int32
	for u, m := range mark {
		if m&(need|done) == need {
			queue = append(queue, int32(u))
		}
	}
	for len(queue) > 0 {
		u := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, v := range node[start[u]:start[u+1]] {
			if m := mark[v]; m&bit == 0 {
				mark[v] = m | bit
				if (m|bit)&need == need {
					queue = append(queue, v)
				}
			}
		}
	}
}

// from searches from node s, which is unseen.
func (t *search) from(s int32) {
	t.enter(s)
	for len(t.path) > 0 {
		u := t.path[len(t.path)-1]
		if v := t.advance(u); v >= 0 {
			t.enter(v)
			continue
		}
		t.path = t.path[:len(t.path)-1]
		if !t.root[u] {
			t.open = append(t.open, u)
			continue
		}
		low := t.low[u]
		for len(t.open) > 0 && t.low[t.open[len(t.open)-1]] >= low {
			v := t.open[len(t.open)-1]
			t.open = t.open[:len(t.open)-1]
			t.low[v], t.component[v] = closed, t.count
		}
		t.low[u], t.component[u] = closed, t.count
		t.count++
	}
}

func (t *search) enter(u int32) {
	t.visit++
	t.low[u], t.next[u], t.root[u] = t.visit, t.c.OutStart[u], true
	t.path = append(t.path, u)
}

// advance follows the edges of u up to the first unseen node, which it
// returns; -1 when there is none.
func (t *search) advance(u int32) int32 {
	k, end, low := t.next[u], t.c.OutStart[u+1], t.low[u]
	for ; k < end; k++ {
		v := t.c.OutTo[k]
		l := t.low[v]
		if l == unseen {
			t.next[u], t.low[u] = k, low
			return v
		}
		if l < low {
			low = l
			t.root[u] = false
		}
	}
	t.next[u], t.low[u] = k, low
	return -1
}
