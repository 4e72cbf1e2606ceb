// SPDX-License-Identifier: Apache-2.0

package centrality

import "math"

// brandes finds the dependencies of one source on all nodes where edges have
// lengths. It is Dijkstra's search with, for every node, the list of the nodes
// before it on shortest paths. A path ties with the shortest one found so far
// within a margin; since that one may still get shorter by less than the
// margin, the list is checked again when the node's turn comes.
type brandes struct {
	*search
	limit  []float64 // longest distance that ties with dist
	count  []float64 // number of shortest paths from the source
	gain   []float64 // sum over successors of (1 + dependency) / count
	before []before  // the list of each node, the shortest way in first
	ties   []tied    // the rest of the lists
}

// before is the node before on a shortest path, and the place in the ties of
// the next one that is as good, or none.
type before struct{ node, next int32 }

// tied is one more node before, with the distance by way of it.
type tied struct {
	length float64
	before
}

const none = -1

func newBrandes(p *paths) *brandes {
	n := p.len()
	return &brandes{
		search: newSearch(p), before: make([]before, n),
		limit: make([]float64, n), count: make([]float64, n), gain: make([]float64, n),
	}
}

// forward finds distances, lists and counts from one source. It returns false
// if stopped, and where it takes more care than it has: a count that is too
// large, or an edge so short that both its ends are at the same distance.
func (b *brandes) forward(from int, stop *stopper) bool {
	b.start(from, stop)
	for i := range b.limit {
		b.limit[i] = math.Inf(1)
	}
	b.limit[from] = 0
	b.before[from] = before{none, none}
	b.count[from] = 1
	b.ties = b.ties[:0]
	start, to, length, dist, limit, done := b.p.start, b.p.to, b.p.length, b.dist, b.limit, b.done
	for {
		x, ok := b.q.pop()
		if !ok {
			break
		}
		u := x.v
		if done[u] {
			continue
		}
		done[u] = true
		b.order = append(b.order, u)
		if len(b.order)%patience == 0 && stop.done.Load() {
			return false
		}
		if int(u) != from && !b.settle(u) {
			return false
		}
		lo, hi := start[u], start[u+1]
		row := to[lo:hi]
		step := length[lo:hi]
		step = step[:len(row)]
		for k, v := range row {
			d := x.d + step[k]
			if d > limit[v] {
				continue
			}
			if done[v] {
				if int(v) == from && d > 0 {
					continue
				}
				return false
			}
			switch longest := d * (1 + tie); {
			case longest < dist[v]:
				b.before[v] = before{u, none}
				dist[v], limit[v] = d, longest
				b.q.push(d, v)
			case d < dist[v]:
				b.tie(v, dist[v], b.before[v].node)
				b.before[v].node = u
				dist[v], limit[v] = d, longest
				b.q.push(d, v)
			default:
				b.tie(v, d, u)
			}
		}
	}
	if stop.done.Load() {
		return false
	}
	b.finish()
	return true
}

// tie puts u behind the first in the list of v.
func (b *brandes) tie(v int32, length float64, u int32) {
	b.ties = append(b.ties, tied{length, before{u, b.before[v].next}})
	b.before[v].next = int32(len(b.ties) - 1)
}

// settle makes the list of a node final and counts the paths to it.
func (b *brandes) settle(v int32) bool {
	first := &b.before[v]
	c := b.count[first.node]
	for at := &first.next; *at != none; {
		t := &b.ties[*at]
		if t.length > b.limit[v] {
			*at = t.next
			continue
		}
		c += b.count[t.node]
		at = &t.next
	}
	b.count[v] = c
	return c <= countLimit
}

// backward calls see for every node reached but the source with the
// dependency of the source on it, the farthest first. It returns early if
// stopped.
func (b *brandes) backward(stop *stopper, see func(v int32, dependency float64)) {
	for _, v := range b.order {
		b.gain[v] = 0
	}
	for i := len(b.order) - 1; i > 0; i-- {
		if i%patience == 0 && stop.done.Load() {
			return
		}
		v := b.order[i]
		d := b.count[v] * b.gain[v]
		see(v, d)
		w := (1 + d) / b.count[v]
		u := b.before[v]
		b.gain[u.node] += w
		for u.next != none {
			u = b.ties[u.next].before
			b.gain[u.node] += w
		}
	}
}
