// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"container/heap"
	"math"
)

// transfer is a minimum-cost flow: successive shortest paths with node
// potentials (Ahuja, Magnanti and Orlin 1993, section 9.7). Costs are whole
// numbers or, for bounds, any that are at least zero.
type transfer struct {
	nodes      int
	tail, head []int32
	room       []int64 // capacity
	cost       []float64
	flow       []int64
	start      []int32 // steps by node: 2a along arc a, 2a+1 against it
	step       []int32

	potential []float64
	dist      []float64
	from      []int32
	heap      nodeHeap
}

func newTransfer(nodes int, tail, head []int32) *transfer {
	m := &transfer{
		nodes: nodes, tail: tail, head: head,
		room: make([]int64, len(tail)), cost: make([]float64, len(tail)), flow: make([]int64, len(tail)),
		potential: make([]float64, nodes), dist: make([]float64, nodes), from: make([]int32, nodes),
	}
	m.start, m.step = steps(nodes, tail, head, func(int) bool { return true })
	return m
}

// steps lists by node the ways along (2a) and against (2a+1) the arcs wanted.
func steps(nodes int, tail, head []int32, wanted func(a int) bool) (start, step []int32) {
	start = make([]int32, nodes+1)
	for a := range tail {
		if wanted(a) {
			start[tail[a]+1]++
			start[head[a]+1]++
		}
	}
	for v := range nodes {
		start[v+1] += start[v]
	}
	step = make([]int32, start[nodes])
	next := append([]int32(nil), start...)
	for a := range tail {
		if wanted(a) {
			u, v := tail[a], head[a]
			step[next[u]], step[next[v]] = int32(2*a), int32(2*a+1)
			next[u]++
			next[v]++
		}
	}
	return start, step
}

// clear takes back flow and potentials.
func (m *transfer) clear() {
	clear(m.flow)
	clear(m.potential)
}

func (m *transfer) left(s int32) (room int64, cost float64, to int32) {
	a := s >> 1
	if s&1 == 0 {
		return m.room[a] - m.flow[a], m.cost[a], m.head[a]
	}
	return m.flow[a], -m.cost[a], m.tail[a]
}

// send routes want from one node to another as cheaply as it can be and gives
// how much arrived. Potentials stay such that no step that can be taken costs
// less than zero on top of their difference.
func (m *transfer) send(source, target int32, want int64) int64 {
	var got int64
	for got < want && m.path(source, target) {
		x := want - got
		for v := target; v != source; {
			s := m.from[v]
			r, _, _ := m.left(s)
			x = min(x, r)
			v = m.behind(s)
		}
		for v := target; v != source; {
			s := m.from[v]
			if s&1 == 0 {
				m.flow[s>>1] += x
			} else {
				m.flow[s>>1] -= x
			}
			v = m.behind(s)
		}
		got += x
	}
	return got
}

func (m *transfer) behind(s int32) int32 {
	if s&1 == 0 {
		return m.tail[s>>1]
	}
	return m.head[s>>1]
}

// path finds the cheapest way (Dijkstra 1959) and raises the potentials.
func (m *transfer) path(source, target int32) bool {
	for v := range m.dist {
		m.dist[v], m.from[v] = math.Inf(1), -1
	}
	m.dist[source] = 0
	m.heap = append(m.heap[:0], reached{0, source})
	limit := math.Inf(1)
	for len(m.heap) > 0 {
		r := heap.Pop(&m.heap).(reached)
		if r.dist > m.dist[r.node] {
			continue
		}
		if r.node == target {
			limit = r.dist
			break
		}
		for _, s := range m.step[m.start[r.node]:m.start[r.node+1]] {
			room, cost, to := m.left(s)
			if room == 0 {
				continue
			}
			// Rounding must not make a length negative.
			d := r.dist + max(0, cost+m.potential[r.node]-m.potential[to])
			if d < m.dist[to] {
				m.dist[to], m.from[to] = d, s
				heap.Push(&m.heap, reached{d, to})
			}
		}
	}
	if math.IsInf(limit, 1) {
		return false
	}
	for v := range m.potential {
		m.potential[v] += min(m.dist[v], limit)
	}
	return true
}
