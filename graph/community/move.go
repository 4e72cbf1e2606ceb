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
	crew       *crew
	resolution float64 // γ
	weight     float64 // W
	touched    float64 // as the constant; tests change it
	rng        *rand.Rand
	of         []int32 // node of the level at hand that holds each node of the graph
	total      []flow  // of each community
	size       []int32 // nodes in each community
	empty      []int32 // communities without nodes
	queue      []int32 // ring of the nodes to look at; spare room between passes
	state      []state
	blocks     []int32   // first nodes of the blocks that are visited together
	batch      []int32   // nodes looked at together
	offers     []offer   // to the nodes of the batch
	part       []int32   // refinement: group of each node
	own        []flow    // refinement: of each group
	border     []float64 // refinement: weight between a group and the rest of its community; margin of a pass
	members    groups
	cuts       []int32
	rows       rows                                                     // of the parts of a level, until they are put together
	pool       [2]level                                                 // higher levels, in turn
	watch      func(l *level, label []int32, u, to int32, gain float64) // for tests: sees every step
}

// state says where a node stands in a pass of moves.
type state uint8

const (
	idle   state = iota
	queued       // will be looked at
	eager        // has an offer that it would take
)

// offer is the move of a node that would gain most: to a community, or to an
// empty one if that is None.
type offer struct {
	to          int32
	here, there float64 // weight between the node and the rest of its community, and the other
}

// pass is one pass of moves over a level.
type pass struct {
	*search
	l             *level
	label         []int32
	queue         []int32
	state         []state
	margin        []float64 // weight by which the best community of a node was better than any other
	head, waiting int       // of the queue
}

// maxAhead is the largest number of nodes that choose at the same time,
// workEdges the number of edges that make a second worker worth while, and
// touched the share of all nodes that may become neighbors of a node that moved
// between choosing and moving.
const (
	maxAhead  = 1 << 12
	workEdges = 1 << 12
	touched   = 0.1
)

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
//
// The nodes at the head of the queue choose at the same time. They move one
// after the other, each only if it still gains; who had a neighbor move in
// between chooses again. How many they are depends on how many of those before
// wanted to move, not on the workers. A node is queued again when its neighbors
// have moved with enough weight to outweigh what made its choice the best.
func (s *search) move(l *level, label []int32) error {
	n := l.len()
	p := &pass{search: s, l: l, label: label, queue: s.queue[:n], state: s.state[:n], margin: s.border[:n], waiting: n}
	p.begin()
	share := s.touched * float64(n) * float64(n) / max(1, float64(len(l.node)))
	ahead := int(min(max(1, share), maxAhead))
	for left := visits * n; p.waiting > 0 && left > 0; {
		batch := p.next(ahead)
		left -= len(batch)
		if err := p.look(batch); err != nil {
			return err
		}
		moved := 0
		for i, u := range batch {
			if p.state[u] != eager {
				continue
			}
			p.state[u] = idle
			moved++
			if !p.accept(u, s.offers[i]) {
				p.push(u)
			}
		}
		ahead = int(min(max(1, float64(ahead)*share/max(share/2, float64(moved))), maxAhead))
	}
	return nil
}

// begin counts the communities and queues all nodes.
func (p *pass) begin() {
	n := p.l.len()
	total, size := p.total[:n], p.size[:n]
	clear(total)
	clear(size)
	for u, c := range p.label {
		total[c] = total[c].plus(p.l.flow[u])
		size[c]++
	}
	p.empty = p.empty[:0]
	for c := n - 1; c >= 0; c-- {
		if size[c] == 0 {
			p.empty = append(p.empty, int32(c))
		}
	}
	p.shuffle(p.queue)
	for i := range p.state {
		p.state[i] = queued
	}
}

// next takes at most so many nodes from the queue.
func (p *pass) next(ahead int) []int32 {
	n := len(p.queue)
	count := min(ahead, p.waiting, n-p.head)
	batch := append(p.batch[:0], p.queue[p.head:p.head+count]...)
	for _, u := range batch {
		p.state[u] = idle
	}
	p.waiting -= count
	if p.head += count; p.head == n {
		p.head = 0
	}
	return batch
}

// push puts u at the end of the queue.
func (p *pass) push(u int32) {
	n := len(p.queue)
	at := p.head + p.waiting
	if at >= n {
		at -= n
	}
	p.queue[at] = u
	p.state[u] = queued
	p.waiting++
}

// look makes each node of the batch an offer if there is one that gains.
func (p *pass) look(batch []int32) error {
	work := 0
	for _, u := range batch {
		work += p.l.degree(u)
	}
	parts := 1
	if work >= workEdges {
		parts = min(len(batch), 4*len(p.crew.workers))
	}
	look := func(w *worker, part int) error {
		for i := len(batch) * part / parts; i < len(batch)*(part+1)/parts; i++ {
			u := batch[i]
			if err := w.spend(p.l.degree(u)); err != nil {
				return err
			}
			if o, ok := p.choose(w, u); ok {
				p.offers[i] = o
				p.state[u] = eager
			}
		}
		return nil
	}
	if parts == 1 || len(p.crew.workers) == 1 {
		parts = 1
		return look(&p.crew.workers[0], 0)
	}
	return p.crew.each(parts, look)
}

// choose returns the best offer for u; false if none gains.
func (p *pass) choose(w *worker, u int32) (offer, bool) {
	label, total, acc := p.label, p.total, w.acc
	from := label[u]
	if p.l.degree(u) == 0 && p.size[from] == 1 {
		return offer{}, false
	}
	w.met = w.met[:0]
	p.l.gather(w, label, u)
	f := p.l.flow[u]
	by := p.scaled(f)
	here := acc[from]
	acc[from] = 0
	chance := by.expects(total[from].minus(f))
	stay := here - chance
	best := offer{from, here, here}
	most, second := stay, 0.0 // no worse than an empty community
	for _, c := range w.met {
		a := acc[c]
		if a == 0 {
			continue
		}
		acc[c] = 0
		if x := a - by.expects(total[c]); x > most {
			if most > second {
				second = most
			}
			most, best.to, best.there = x, c, a
		} else if x > second {
			second = x
		}
	}
	if most < 0 && p.size[from] > 1 {
		most, best.to, best.there = 0, None, 0
	}
	p.margin[u] = most - second
	return best, best.to != from && gains(most, stay, here+chance)
}

// gains says whether a community is better than that of the node itself by
// more than rounding, where sum is that of the terms stay is the difference of.
func gains(most, stay, sum float64) bool {
	return most-stay > tolerance*sum+tolerance*math.Abs(most)
}

// accept moves u if that still gains, and reports whether it did.
func (p *pass) accept(u int32, o offer) bool {
	total, size, label := p.total, p.size, p.label
	from := label[u]
	f := p.l.flow[u]
	by := p.scaled(f)
	rest := total[from].minus(f)
	chance := by.expects(rest)
	stay, most := o.here-chance, 0.0
	if o.to != None {
		most = o.there - by.expects(total[o.to])
	} else if size[from] == 1 {
		return false
	}
	if !gains(most, stay, o.here+chance) {
		return false
	}
	if o.to == None {
		o.to = p.empty[len(p.empty)-1]
	}
	if p.watch != nil {
		p.watch(p.l, label, u, o.to, most-stay)
	}
	if size[o.to] == 0 {
		p.empty = p.empty[:len(p.empty)-1]
		total[o.to] = flow{}
	}
	if size[from]--; size[from] == 0 {
		p.empty = append(p.empty, from)
	}
	size[o.to]++
	total[from] = rest
	total[o.to] = total[o.to].plus(f)
	label[u] = o.to
	p.tell(u, from, o.to)
	return true
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
