// SPDX-License-Identifier: Apache-2.0

// Package scc finds the strongly connected components of a graph.
package scc

import "math"

// patience is the number of edges and nodes between two questions to stop.
const patience = 1 << 18

// Rows are one direction of a graph: the neighbors of node i are those at
// Start[i] to Start[i+1]-1 of Node.
type Rows struct {
	Start []int64
	Node  []int32
}

func (r Rows) row(i int) []int32 { return r.Node[r.Start[i]:r.Start[i+1]] }

func (r Rows) degree(i int) int64 { return r.Start[i+1] - r.Start[i] }

// Of returns the component of each node and the number of components, for the
// edges that leave nodes and the same edges as they enter nodes.
// Components are numbered so that an edge never leads to a higher number. If
// stop, which is asked now and then, says yes, the result is of no use; it may
// be nil.
//
// Time O(n + m), memory O(n), for n nodes and m edges, without recursion.
//
// Reference: Tarjan 1972, doi:10.1137/0201010, with the stack of open nodes as
// in Pearce 2016, doi:10.1016/j.ipl.2015.08.010, after the component of one
// central node has been taken out by two plain searches.
func Of(out, in Rows, stop func() bool) ([]int32, int) {
	n := max(len(out.Start)-1, 0)
	t := search{
		out:       out,
		in:        in,
		asker:     asker{stop: stop},
		low:       make([]int32, n),
		next:      make([]int64, n),
		root:      make([]bool, n),
		component: make([]int32, n),
	}
	t.run()
	return t.component, int(t.count)
}

// asker asks now and then whether to stop.
type asker struct {
	stop    func() bool
	work    int
	stopped bool
}

// after says whether to stop after so much more work.
func (a *asker) after(work int) bool {
	if a.work += work; a.work >= patience {
		a.work = 0
		a.stopped = a.stopped || a.stop != nil && a.stop()
	}
	return a.stopped
}

// search is the state of Tarjan's search.
type search struct {
	asker
	out, in   Rows
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

// run closes what lies behind the component of one central node, that
// component, and the rest, so that edges lead to what is closed before.
func (t *search) run() {
	if pivot := t.pivot(); pivot >= 0 {
		mark := t.around(pivot)
		t.fromAll(func(s int) bool { return mark[s]&(reached|reaching) == reached })
		for v, m := range mark {
			if m&(reached|reaching) == reached|reaching {
				t.low[v], t.component[v] = closed, t.count
			}
		}
		t.count++
	}
	t.fromAll(func(int) bool { return true })
}

// fromAll searches from the unseen nodes for which at is true.
func (t *search) fromAll(at func(s int) bool) {
	for s, l := range t.low {
		if l == unseen && at(s) {
			if t.from(int32(s)); t.stopped {
				return
			}
		}
	}
}

// pivot returns the node with the most edges both ways, which lies in the
// component that holds most nodes of most real graphs: two plain searches find
// that in half the time that Tarjan's takes. It is -1 if no node has both.
func (t *search) pivot() int32 {
	pivot, most := int32(-1), int64(0)
	for i := range t.low {
		if d := t.out.degree(i) * t.in.degree(i); d > most {
			pivot, most = int32(i), d
		}
	}
	return pivot
}

// around marks the nodes that the pivot reaches and, of these, those that
// reach it.
func (t *search) around(pivot int32) []uint8 {
	mark := make([]uint8, len(t.low))
	mark[pivot] = reached | reaching
	t.spread(mark, pivot, t.out, reached, reached)
	t.spread(mark, pivot, t.in, reaching, reached|reaching)
	return mark
}

// Bits of the marks: the node is reached from the pivot, reaches it, and, in
// bits moved up by doneShift, has passed that on.
const (
	reached uint8 = 1 << iota
	reaching
	doneShift = 2
)

// spread gives bit to all nodes that can be found from the pivot through nodes
// that have all bits of need. A row is read in memory order as far as possible,
// up and down through all nodes, which is several times faster than a queue;
// what is left after some turns, as in a long path, is done with a queue.
func (t *search) spread(mark []uint8, pivot int32, rows Rows, bit, need uint8) {
	const turns = 6
	done := bit << doneShift
	pass := func(u int) {
		mark[u] |= done
		row := rows.row(u)
		for _, v := range row {
			mark[v] |= bit
		}
		t.after(len(row))
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
				if pass(u); t.stopped {
					return
				}
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
		row := rows.row(int(u))
		for _, v := range row {
			if m := mark[v]; m&bit == 0 {
				mark[v] = m | bit
				if (m|bit)&need == need {
					queue = append(queue, v)
				}
			}
		}
		if t.after(1 + len(row)) {
			return
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
		if t.after(1 + int(t.out.degree(int(u)))) {
			return
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
	t.low[u], t.next[u], t.root[u] = t.visit, t.out.Start[u], true
	t.path = append(t.path, u)
}

// advance follows the edges of u up to the first unseen node, which it
// returns; -1 when there is none.
func (t *search) advance(u int32) int32 {
	k, end, low := t.next[u], t.out.Start[u+1], t.low[u]
	for ; k < end; k++ {
		v := t.out.Node[k]
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
