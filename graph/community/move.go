// SPDX-License-Identifier: Apache-2.0

package community

import (
	"math"
	"math/rand/v2"
)

// A gain counts only if it is more than this share of the terms it is the
// difference of: less may be rounding, and could go round in circles. visits
// is how often a node is looked at on one level, on average, at most, so that
// the search ends whatever rounding does.
const (
	tolerance = 1e-12
	visits    = 1000
)

// search is the state of a search for communities. Its slices have room for
// the lowest level and serve all of them.
type search struct {
	ticker
	resolution float64 // γ
	weight     float64 // W
	rng        *rand.Rand
	of         []int32   // node of the level at hand that holds each node of the graph
	acc        []float64 // weight between the node at hand and each community; 0 between nodes
	met        []int32   // communities for which acc is not 0
	total      []flow    // of each community
	size       []int32   // nodes in each community
	empty      []int32   // communities without nodes
	queue      []int32   // ring of the nodes to look at
	queued     []bool
	blocks     []int32   // first nodes of the blocks that are visited together
	part       []int32   // refinement: group of each node
	own        []flow    // refinement: of each group
	border     []float64 // refinement: weight between a group and the rest of its community
	spare      []int32
	pool       [2]level                                                 // higher levels, in turn
	watch      func(l *level, label []int32, u, to int32, gain float64) // for tests: sees every step
}

// gather adds up the weight between u and each community.
func (s *search) gather(l *level, label []int32, u int32) {
	acc, met := s.acc, s.met[:0]
	lo, hi := l.start[u], l.start[u+1]
	node, weight := l.node[lo:hi], l.weight[lo:hi]
	for k, v := range node {
		c := label[v]
		a := acc[c]
		if a == 0 {
			met = append(met, c)
		}
		acc[c] = a + weight[k]
	}
	s.met = met
}

// move moves nodes of l, one at a time, to the neighboring community (or to an
// empty one) with the largest gain, until no node can gain by moving. It
// changes label, whose values lie in [0, n).
//
// The gain of having u in community C is
//
//	w(u,C) - γ/W [s_out(u) s_in(C) + s_in(u) s_out(C)]
//
// without u in C, which is W times the change of modularity between a u alone
// and a u in C; loops cancel out.
func (s *search) move(l *level, label []int32) error {
	n := l.len()
	total, size := s.total[:n], s.size[:n]
	clear(total)
	clear(size)
	for u, c := range label {
		total[c] = total[c].plus(l.flow[u])
		size[c]++
	}
	s.empty = s.empty[:0]
	for c := n - 1; c >= 0; c-- {
		if size[c] == 0 {
			s.empty = append(s.empty, int32(c))
		}
	}
	queue, queued := s.queue[:n], s.queued[:n]
	s.shuffle(queue)
	for i := range queued {
		queued[i] = true
	}
	acc := s.acc
	head, waiting := 0, n
	for left := visits * n; waiting > 0 && left > 0; left-- {
		u := queue[head]
		if head++; head == n {
			head = 0
		}
		waiting--
		queued[u] = false
		lo, hi := l.start[u], l.start[u+1]
		if err := s.spend(int(hi - lo)); err != nil {
			return err
		}
		if lo == hi && size[label[u]] == 1 {
			continue
		}
		s.gather(l, label, u)
		from := label[u]
		f := l.flow[u]
		total[from] = total[from].minus(f)
		by := s.scaled(f)
		chance := by.expects(total[from])
		stay := acc[from] - chance
		slack := tolerance * (acc[from] + chance)
		acc[from] = 0
		best, most := from, stay
		for _, c := range s.met {
			if a := acc[c]; a != 0 {
				if x := a - by.expects(total[c]); x > most {
					best, most = c, x
				}
				acc[c] = 0
			}
		}
		if most < 0 && size[from] > 1 {
			best, most = s.empty[len(s.empty)-1], 0
		}
		if best == from || most-stay <= slack+tolerance*math.Abs(most) {
			total[from] = total[from].plus(f)
			continue
		}
		if s.watch != nil {
			s.watch(l, label, u, best, most-stay)
		}
		if size[best] == 0 {
			s.empty = s.empty[:len(s.empty)-1]
			total[best] = flow{}
		}
		if size[from]--; size[from] == 0 {
			s.empty = append(s.empty, from)
		}
		size[best]++
		total[best] = total[best].plus(f)
		label[u] = best
		for _, v := range l.node[lo:hi] {
			if !queued[v] && label[v] != best {
				queued[v] = true
				at := head + waiting
				if at >= n {
					at -= n
				}
				queue[at] = v
				waiting++
			}
		}
	}
	return nil
}

// block is the number of neighboring nodes that are visited together.
const block = 64

// scaled returns f times γ/W.
func (s *search) scaled(f flow) flow {
	return flow{s.resolution * (f.out / s.weight), s.resolution * (f.in / s.weight)}
}

// shuffle fills order with 0 to n-1 in random order: blocks of consecutive
// nodes, whose rows lie side by side in memory, in random order, and the nodes
// of each block in random order.
func (s *search) shuffle(order []int32) {
	n := len(order)
	blocks := (n + block - 1) / block
	first := s.blocks[:blocks]
	for i := range first {
		first[i] = int32(i) * block
	}
	s.mix(first)
	at := 0
	for _, lo := range first {
		hi := min(int(lo)+block, n)
		run := order[at : at+hi-int(lo)]
		for i := range run {
			run[i] = lo + int32(i)
		}
		s.mix(run)
		at += len(run)
	}
}

// mix shuffles x.
func (s *search) mix(x []int32) {
	for i := len(x) - 1; i > 0; i-- {
		j := s.rng.Uint32N(uint32(i + 1))
		x[i], x[j] = x[j], x[i]
	}
}
