// SPDX-License-Identifier: Apache-2.0

package transport

// residual is a flow within the bounds of a network, with the excess of each
// node and the room to route it.
type residual struct {
	*network
	flow   []int64
	excess []int64 // what enters a node more than leaves it
	barred int32   // arc that may not be used; -1 for none
	level  []int32
	next   []int32
	queue  []int32
	seen   []Range // flows that were seen, by arc; nil if nobody asks
}

func newResidual(n *network) *residual {
	return &residual{
		network: n, barred: -1,
		flow: make([]int64, len(n.lo)), excess: make([]int64, n.nodes),
		level: make([]int32, n.nodes), next: make([]int32, n.nodes), queue: make([]int32, 0, n.nodes),
	}
}

// room gives what can still go along a step, and where it leads.
func (r *residual) room(s int32) (int64, int32) {
	a := s >> 1
	if s&1 == 0 {
		return r.hi[a] - r.flow[a], r.head[a]
	}
	return r.flow[a] - r.lo[a], r.tail[a]
}

func (r *residual) move(s int32, x int64) {
	if s&1 == 1 {
		x = -x
	}
	r.shift(int(s>>1), x)
}

// shift adds to the flow of an arc.
func (r *residual) shift(a int, x int64) {
	r.flow[a] += x
	if r.seen != nil {
		r.seen[a].Lo, r.seen[a].Hi = min(r.seen[a].Lo, r.flow[a]), max(r.seen[a].Hi, r.flow[a])
	}
}

// feasible looks for a flow that is conserved in all nodes.
func (r *residual) feasible() bool {
	copy(r.flow, r.lo)
	for a, lo := range r.lo {
		r.excess[r.tail[a]] -= lo
		r.excess[r.head[a]] += lo
	}
	r.route()
	for _, x := range r.excess {
		if x != 0 {
			return false
		}
	}
	return true
}

// route sends excess to where it lacks, as much as can be, by blocking flows
// in the layers of the residual network (Dinic 1970). It reports whether
// without end could be sent, in which case it stops.
func (r *residual) route() bool {
	for r.layers() {
		copy(r.next, r.start[:r.nodes])
		for v := range r.nodes {
			for r.excess[v] > 0 && r.level[v] == 0 {
				sent, to := r.send(int32(v), r.excess[v])
				if sent == 0 {
					break
				}
				if sent >= endless {
					return true
				}
				r.excess[v] -= sent
				r.excess[to] += sent
			}
		}
	}
	return false
}

// layers finds the distance of each node from those with excess, and reports
// whether one that lacks is among them.
func (r *residual) layers() bool {
	q := r.queue[:0]
	for v, x := range r.excess {
		if r.level[v] = -1; x > 0 {
			r.level[v] = 0
			q = append(q, int32(v))
		}
	}
	found := int32(-1)
	for i := 0; i < len(q); i++ {
		v := q[i]
		if found >= 0 && r.level[v] >= found {
			break
		}
		for _, s := range r.step[r.start[v]:r.start[v+1]] {
			room, w := r.room(s)
			if room == 0 || r.level[w] >= 0 || s>>1 == r.barred {
				continue
			}
			r.level[w] = r.level[v] + 1
			q = append(q, w)
			if r.excess[w] < 0 {
				found = r.level[w]
			}
		}
	}
	return found >= 0
}

// send pushes up to x from v along the layers to one node that lacks.
func (r *residual) send(v int32, x int64) (int64, int32) {
	if r.excess[v] < 0 {
		return min(x, -r.excess[v]), v
	}
	for ; r.next[v] < r.start[v+1]; r.next[v]++ {
		s := r.step[r.next[v]]
		room, w := r.room(s)
		if room == 0 || r.level[w] != r.level[v]+1 || s>>1 == r.barred {
			continue
		}
		if sent, to := r.send(w, min(x, room)); sent > 0 {
			if sent < endless {
				r.move(s, sent)
			}
			return sent, to
		}
	}
	return 0, 0
}

// watch begins to note which flows are seen.
func (r *residual) watch() {
	r.seen = make([]Range, len(r.flow))
	for a, x := range r.flow {
		r.seen[a] = At(x)
	}
}

// extremes gives the tightest bounds of an arc's flow. The flow stays feasible.
// A bound of the arc at which its flow was seen, on the way to the extremes of
// others, needs no search.
func (r *residual) extremes(a int) Range {
	bounds := Range{r.lo[a], r.hi[a]}
	if r.seen[a].Lo > r.lo[a] {
		bounds.Lo = r.turn(a, r.tail[a], r.head[a], r.flow[a]-r.lo[a], -1)
	}
	if r.seen[a].Hi < r.hi[a] {
		bounds.Hi = r.turn(a, r.head[a], r.tail[a], r.hi[a]-r.flow[a], 1)
	}
	return bounds
}

// turn routes up to x from one end of an arc to the other past the arc itself,
// and lets the arc make up for it.
func (r *residual) turn(a int, from, to int32, x, sign int64) int64 {
	if x == 0 {
		return r.flow[a]
	}
	r.barred = int32(a)
	r.excess[from], r.excess[to] = x, -x
	unbounded := r.route()
	r.shift(a, sign*(x-r.excess[from]))
	r.excess[from], r.excess[to] = 0, 0
	r.barred = -1
	if unbounded {
		return Open
	}
	return r.flow[a]
}
