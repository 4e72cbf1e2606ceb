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
	first  []int64   // where the list of each node begins
	before []int32   // lists of the nodes before
	length []float64 // distance by way of each of them
	size   []int32   // length of each list
}

// newBrandes returns a kernel for the paths; entering is where the list of
// each node may begin.
func newBrandes(p *paths, entering []int64) *brandes {
	n := p.len()
	return &brandes{
		search: newSearch(p), first: entering,
		limit: make([]float64, n), count: make([]float64, n), gain: make([]float64, n), size: make([]int32, n),
		before: make([]int32, len(p.to)), length: make([]float64, len(p.to)),
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
	b.size[from] = 0
	b.count[from] = 1
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
			at := b.first[v]
			longest := d * (1 + tie)
			if longest < dist[v] {
				b.before[at], b.length[at] = u, d
				b.size[v] = 1
			} else {
				at += int64(b.size[v])
				b.before[at], b.length[at] = u, d
				b.size[v]++
			}
			if d < dist[v] {
				dist[v], limit[v] = d, longest
				b.q.push(d, v)
			}
		}
	}
	if stop.done.Load() {
		return false
	}
	b.finish()
	return true
}

// settle makes the list of a node final and counts the paths to it.
func (b *brandes) settle(v int32) bool {
	at, k := b.first[v], int64(b.size[v])
	if k == 1 {
		b.count[v] = b.count[b.before[at]]
		return true
	}
	list, length := b.before[at:at+k], b.length[at:at+k]
	kept := 0
	c := 0.0
	for i, u := range list {
		if length[i] <= b.limit[v] {
			list[kept] = u
			kept++
			c += b.count[u]
		}
	}
	b.size[v] = int32(kept)
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
		at := b.first[v]
		for _, u := range b.before[at : at+int64(b.size[v])] {
			b.gain[u] += w
		}
	}
}
