// SPDX-License-Identifier: Apache-2.0

package centrality

// countLimit is the number of paths above which a count is no longer kept as
// a plain number, so that no sum of counts overflows.
const countLimit = 0x1p900

// hopBrandes finds the dependencies of one source on all nodes where every
// edge has length 1. Levels are searched along the edges that leave them or
// against the edges that enter the nodes not yet found, whichever are fewer.
//
// The inner loops have no branch that depends on levels. Forwards, counts are
// also added to nodes of earlier levels, whose counts have been copied
// already. Backwards, an edge that enters level L comes from level L-1 or a
// later one, and those are finished.
type hopBrandes struct {
	out, in *paths
	sum     []float64 // paths found so far that end in the node, from the current level
	front   []float64 // number of paths for the nodes of the current level, 0 elsewhere
	count   []float64 // number of shortest paths from the source
	gain    []float64 // sum over successors of (1 + dependency) / count
	weight  []float64 // (1 + dependency) / count for the nodes of one level, 0 elsewhere
	found   []bool
	order   []int32
	levels  []int // where each level begins in order; the last entry is its end
	unfound []int32
}

func newHopBrandes(out, in *paths) *hopBrandes {
	n := out.len()
	return &hopBrandes{
		out: out, in: in,
		sum: make([]float64, n), front: make([]float64, n), count: make([]float64, n),
		gain: make([]float64, n), weight: make([]float64, n), found: make([]bool, n),
	}
}

func degreeSum(start []int64, nodes []int32) int64 {
	var m int64
	for _, u := range nodes {
		m += start[u+1] - start[u]
	}
	return m
}

// forward finds levels and counts from one source. It returns false if a
// count is too large, or if stopped.
func (b *hopBrandes) forward(from int, stop *stopper) bool {
	n := b.out.len()
	clear(b.sum)
	clear(b.found)
	b.unfound = b.unfound[:0]
	b.order = append(b.order[:0], int32(from))
	b.levels = append(b.levels[:0], 0)
	b.found[from] = true
	b.count[from] = 1
	listed := false
	todo := int64(len(b.in.to)) - (b.in.start[from+1] - b.in.start[from]) // edges that enter the nodes not found
	for lo := 0; lo < len(b.order); {
		level := b.order[lo:]
		b.levels = append(b.levels, len(b.order))
		if len(b.order) == n {
			break
		}
		lo = len(b.order)
		if degreeSum(b.out.start, level) > todo {
			if !listed {
				listed = true
				for v := range n {
					if !b.found[v] {
						b.unfound = append(b.unfound, int32(v))
					}
				}
			}
			b.pull(level, stop)
		} else {
			b.push(level, stop)
			if listed {
				keep := b.unfound[:0]
				for _, v := range b.unfound {
					if !b.found[v] {
						keep = append(keep, v)
					}
				}
				b.unfound = keep
			}
		}
		if stop.done.Load() {
			return false
		}
		for _, v := range b.order[lo:] {
			todo -= b.in.start[v+1] - b.in.start[v]
			c := b.sum[v]
			b.count[v] = c
			if c > countLimit {
				return false
			}
		}
	}
	return true
}

func (b *hopBrandes) push(level []int32, stop *stopper) {
	start, to, sum, found := b.out.start, b.out.to, b.sum, b.found
	for part := range stop.parts(level) {
		for _, u := range part {
			c := b.count[u]
			for _, v := range to[start[u]:start[u+1]] {
				sum[v] += c
				if !found[v] {
					found[v] = true
					b.order = append(b.order, v)
				}
			}
		}
	}
}

func (b *hopBrandes) pull(level []int32, stop *stopper) {
	start, from, front := b.in.start, b.in.to, b.front
	for _, u := range level {
		front[u] = b.count[u]
	}
	keep := b.unfound[:0]
	for part := range stop.parts(b.unfound) {
		for _, v := range part {
			c := gather(front, from[start[v]:start[v+1]])
			if c == 0 {
				keep = append(keep, v)
				continue
			}
			b.sum[v] = c
			b.found[v] = true
			b.order = append(b.order, v)
		}
	}
	b.unfound = keep
	for _, u := range level {
		front[u] = 0
	}
}

// gather adds x at the given places, in a fixed order.
func gather(x []float64, at []int32) float64 {
	var a, b float64
	for len(at) >= 2 {
		a += x[at[0]]
		b += x[at[1]]
		at = at[2:]
	}
	if len(at) == 1 {
		a += x[at[0]]
	}
	return a + b
}

// backward calls see for every node reached but the source with the
// dependency of the source on it, the farthest first. It returns early if
// stopped.
func (b *hopBrandes) backward(stop *stopper, see func(v int32, dependency float64)) {
	for _, v := range b.order {
		b.gain[v] = 0
	}
	last := len(b.levels) - 2
	for l := last; l > 0; l-- {
		level := b.order[b.levels[l]:b.levels[l+1]]
		before := b.order[b.levels[l-1]:b.levels[l]]
		for part := range stop.parts(level) {
			for _, v := range part {
				d := b.count[v] * b.gain[v]
				see(v, d)
				b.weight[v] = (1 + d) / b.count[v]
			}
		}
		switch {
		case l == 1: // the source needs no dependency
		case degreeSum(b.in.start, level) <= degreeSum(b.out.start, before):
			start, from, gain := b.in.start, b.in.to, b.gain
			for part := range stop.parts(level) {
				for _, v := range part {
					w := b.weight[v]
					for _, u := range from[start[v]:start[v+1]] {
						gain[u] += w
					}
				}
			}
		default:
			for part := range stop.parts(before) {
				for _, u := range part {
					b.gain[u] = gather(b.weight, b.out.to[b.out.start[u]:b.out.start[u+1]])
				}
			}
		}
		if stop.done.Load() {
			return
		}
		for _, v := range level {
			b.weight[v] = 0
		}
	}
}
