// SPDX-License-Identifier: Apache-2.0

package community

import (
	"context"
	"math"

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
	start  []int64
	node   []int32
	weight []float64
	flow   []flow
}

func (l *level) len() int { return len(l.flow) }

// atOnce is the number of edges to handle between two looks at the context.
const atOnce = 1 << 16

// ticker looks at a context now and then.
type ticker struct {
	ctx  context.Context
	left int
}

// spend counts n edges as handled, and returns the context's error when it is
// time to look.
func (t *ticker) spend(n int) error {
	t.left -= n + 8
	if t.left > 0 {
		return nil
	}
	t.left = atOnce
	return t.ctx.Err()
}

// newLevel returns the lowest level, of the graph itself.
func newLevel(ctx context.Context, g *graph.Digraph, null Null) (*level, error) {
	n := g.Len()
	c := g.CSR()
	t := ticker{ctx: ctx}
	l := &level{start: make([]int64, n+1), flow: make([]flow, n)}
	for u := range n {
		k := int64(0)
		eachBoth(c, u, func(int32, float64) { k++ })
		l.start[u+1] = l.start[u] + k
		if err := t.spend(int(k)); err != nil {
			return nil, err
		}
	}
	l.node, l.weight = make([]int32, l.start[n]), make([]float64, l.start[n])
	for u := range n {
		k := l.start[u]
		eachBoth(c, u, func(v int32, w float64) {
			l.node[k], l.weight[k] = v, w
			k++
		})
		f := flow{sum.Of(c.OutWeight[c.OutStart[u]:c.OutStart[u+1]]), sum.Of(c.InWeight[c.InStart[u]:c.InStart[u+1]])}
		if null == Undirected {
			f.out = (f.out + f.in) / 2
			f.in = f.out
		}
		l.flow[u] = f
		if err := t.spend(int(k - l.start[u])); err != nil {
			return nil, err
		}
	}
	return l, nil
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

// contract returns the level above l, in which the nodes with the same label
// are one. Labels lie in [0, count), and each occurs. It is written to up, whose
// slices are used again.
func (l *level) contract(t *ticker, label []int32, count int, up *level) error {
	up.start, up.flow = resize(up.start, count+1), resize(up.flow, count)
	up.node, up.weight = resize(up.node, len(l.node))[:0], resize(up.weight, len(l.node))[:0]
	clear(up.flow)
	members := group(label, count)
	acc := make([]float64, count)
	var met []int32
	up.start[0] = 0
	for c := range count {
		met = met[:0]
		for _, u := range members.of(c) {
			up.flow[c] = up.flow[c].plus(l.flow[u])
			lo, hi := l.start[u], l.start[u+1]
			for k, v := range l.node[lo:hi] {
				d := label[v]
				if acc[d] == 0 {
					met = append(met, d)
				}
				acc[d] += l.weight[lo+int64(k)]
			}
			if err := t.spend(int(hi - lo)); err != nil {
				return err
			}
		}
		for _, d := range met {
			if int(d) != c {
				up.node = append(up.node, d)
				up.weight = append(up.weight, acc[d])
			}
			acc[d] = 0
		}
		up.start[c+1] = int64(len(up.node))
	}
	return nil
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// groups lists the members of each group.
type groups struct {
	start []int32
	node  []int32
}

func (g groups) of(c int) []int32 { return g.node[g.start[c]:g.start[c+1]] }

// group sorts nodes by label, which lies in [0, count).
func group(label []int32, count int) groups {
	g := groups{make([]int32, count+2), make([]int32, len(label))}
	for _, c := range label {
		g.start[c+2]++
	}
	for c := range count {
		g.start[c+2] += g.start[c+1]
	}
	for u, c := range label {
		g.node[g.start[c+1]] = int32(u)
		g.start[c+1]++
	}
	return g
}

// compact renumbers labels, which lie in [0, n), by first occurrence and
// returns their number. spare has room for n numbers.
func compact(label, spare []int32) int {
	for i := range spare {
		spare[i] = None
	}
	count := int32(0)
	for i, c := range label {
		if spare[c] == None {
			spare[c] = count
			count++
		}
		label[i] = spare[c]
	}
	return int(count)
}
