// SPDX-License-Identifier: Apache-2.0

package community

import (
	"math"
	"sync/atomic"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// flow is the weight that leaves and that enters a node or a community, self
// loops included. For the undirected null model both are half the sum, which
// makes one formula serve both.
type flow struct {
	out, in float64
}

func (f flow) plus(g flow) flow  { return flow{f.out + g.out, f.in + g.in} }
func (f flow) minus(g flow) flow { return flow{f.out - g.out, f.in - g.in} }

// expects returns the weight that chance puts between f and g, in both
// directions together.
func (f flow) expects(g flow) float64 { return f.out*g.in + f.in*g.out }

// level is a graph whose nodes are groups of nodes of the graph of the level
// below. The weight between two nodes is that of both directions together;
// self loops are left out, because they move along with their node.
type level struct {
	start []int64
	node  []int32
	// Weights are in short if that can hold all of them exactly, as it can
	// moderate whole numbers, and then long is nil.
	short []float32
	long  []float64
	flow  []flow
}

func (l *level) len() int { return len(l.flow) }

func (l *level) degree(u int32) int { return int(l.start[u+1] - l.start[u]) }

// newLevel returns the lowest level, of the graph itself.
func newLevel(c *crew, g *graph.Digraph, null Null) (*level, error) {
	n := g.Len()
	csr := g.CSR()
	l := &level{start: make([]int64, n+1), flow: make([]flow, n)}
	err := c.rows(n, func(w *worker, u int) error {
		k := int64(0)
		eachBoth(csr, u, func(int32, float64) { k++ })
		l.start[u+1] = k
		f := flow{sum.Of(csr.OutWeight[csr.OutStart[u]:csr.OutStart[u+1]]), sum.Of(csr.InWeight[csr.InStart[u]:csr.InStart[u+1]])}
		if null == Undirected {
			f.out = (f.out + f.in) / 2
			f.in = f.out
		}
		l.flow[u] = f
		return w.spend(int(k))
	})
	if err != nil {
		return nil, err
	}
	for u := range n {
		l.start[u+1] += l.start[u]
	}
	l.node, l.short = make([]int32, l.start[n]), make([]float32, l.start[n])
	exact, err := fill(c, l, csr, l.short)
	if err == nil && !exact {
		l.short, l.long = nil, make([]float64, l.start[n])
		_, err = fill(c, l, csr, l.long)
	}
	return l, err
}

// fill writes the neighbors of all nodes to l and their weights to weight, and
// reports whether the weights fit exactly. If not it may stop early.
func fill[W float32 | float64](c *crew, l *level, csr graph.CSR, weight []W) (exact bool, err error) {
	var rounded atomic.Bool
	err = c.rows(l.len(), func(w *worker, u int) error {
		if rounded.Load() {
			return nil
		}
		k := l.start[u]
		eachBoth(csr, u, func(v int32, x float64) {
			y := W(x)
			if float64(y) != x {
				rounded.Store(true)
			}
			l.node[k], weight[k] = v, y
			k++
		})
		return w.spend(int(k - l.start[u]))
	})
	return !rounded.Load(), err
}

// eachBoth calls f with every other node that has an edge from or to u, in
// order, and the weight of both directions together.
func eachBoth(c graph.CSR, u int, f func(v int32, w float64)) {
	a, aEnd := c.OutStart[u], c.OutStart[u+1]
	b, bEnd := c.InStart[u], c.InStart[u+1]
	for a < aEnd || b < bEnd {
		to, from := int32(math.MaxInt32), int32(math.MaxInt32)
		if a < aEnd {
			to = c.OutTo[a]
		}
		if b < bEnd {
			from = c.InFrom[b]
		}
		v, w := min(to, from), 0.0
		if to == v {
			w = c.OutWeight[a]
			a++
		}
		if from == v {
			w += c.InWeight[b]
			b++
		}
		if int(v) != u {
			f(v, w)
		}
	}
}

// window is the number of parts of a level that are made at the same time.
const window = 8

// rows are rows of a level on their own.
type rows struct {
	node   []int32
	weight []float64
}

// contract writes the level above l to up, whose slices are used again: the
// nodes with the same label are one there. Labels lie in [0, count), and each
// occurs.
func (s *search) contract(l *level, label []int32, count int, up *level) error {
	up.start, up.flow = resize(up.start, count+1), resize(up.flow, count)
	up.node, up.long = resize(up.node, len(l.node))[:0], resize(up.long, len(l.node))[:0]
	up.start[0] = 0
	s.members.fill(label, nil, count)
	s.cuts = s.members.jobs(s.cuts)
	for first := 0; first+1 < len(s.cuts); first += window {
		cuts := s.cuts[first:min(first+window+1, len(s.cuts))]
		made := s.room(l, cuts)
		err := s.crew.each(len(cuts)-1, func(w *worker, part int) error {
			return s.merge(w, l, label, up, cuts[part], cuts[part+1], &made[part])
		})
		if err != nil {
			return err
		}
		var at [window]int
		for part := range len(cuts) - 1 {
			at[part] = len(up.node)
			up.node = up.node[:at[part]+len(made[part].node)]
		}
		up.long = up.long[:len(up.node)]
		_ = s.crew.each(len(cuts)-1, func(_ *worker, part int) error {
			copy(up.node[at[part]:], made[part].node)
			copy(up.long[at[part]:], made[part].weight)
			return nil
		})
	}
	for c := range count {
		up.start[c+1] += up.start[c]
	}
	return nil
}

// room returns empty rows with room for the groups of members between cuts.
func (s *search) room(l *level, cuts []int32) [window]rows {
	var end [window + 1]int
	for part := range len(cuts) - 1 {
		end[part+1] = end[part]
		for _, u := range s.members.node[s.members.start[cuts[part]]:s.members.start[cuts[part+1]]] {
			end[part+1] += l.degree(u)
		}
	}
	all := end[len(cuts)-1]
	if cap(s.rows.node) < all {
		s.rows = rows{make([]int32, all+all/4), make([]float64, all+all/4)}
	}
	var made [window]rows
	for part := range len(cuts) - 1 {
		lo, hi := end[part], end[part+1]
		made[part] = rows{s.rows.node[lo:lo:hi], s.rows.weight[lo:lo:hi]}
	}
	return made
}

// merge appends the rows of groups lo to hi-1 of the members to r, and writes
// their lengths and flows to up.
func (s *search) merge(w *worker, l *level, label []int32, up *level, lo, hi int32, r *rows) error {
	acc := w.acc
	for c := lo; c < hi; c++ {
		w.met = w.met[:0]
		var f flow
		for _, u := range s.members.of(int(c)) {
			f = f.plus(l.flow[u])
			l.gather(w, label, u)
			if err := w.spend(l.degree(u)); err != nil {
				return err
			}
		}
		up.flow[c] = f
		before := len(r.node)
		for _, d := range w.met {
			if d != c {
				r.node = append(r.node, d)
				r.weight = append(r.weight, acc[d])
			}
			acc[d] = 0
		}
		up.start[c+1] = int64(len(r.node) - before)
	}
	return nil
}

// compact renumbers labels, which lie in [0, n), by first occurrence among the
// nodes, taken in this order or in their own if it is nil, and returns their
// number. spare has room for n numbers.
func compact(label, order, spare []int32) int {
	for i := range spare {
		spare[i] = None
	}
	count := int32(0)
	for i := range label {
		u := int32(i)
		if order != nil {
			u = order[i]
		}
		c := label[u]
		if spare[c] == None {
			spare[c] = count
			count++
		}
		label[u] = spare[c]
	}
	return int(count)
}
