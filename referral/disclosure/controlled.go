// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"math"
)

// controlled finds which numbers to round up. Rounding up is a flow of one base
// along the arc of a number that is not a multiple; what rounding all down
// leaves over at the nodes must be routed.
func (n *circuit) controlled(ctx context.Context, base int64, up []bool) error {
	arcs := len(n.value)
	tail, head := append([]int32(nil), n.tail...), append([]int32(nil), n.head...)
	source, sink := int32(n.nodes), int32(n.nodes+1)
	excess := make([]int64, n.nodes)
	// L1 comes first, then L2: the unit of L1 is more than all of L2.
	unit := int64(1)
	for a, x := range n.value {
		if n.margin(a) == 0 && x%base != 0 {
			unit += base * max(base-2*(x%base), 2*(x%base)-base)
		}
	}
	cost := make([]float64, arcs)
	for a, x := range n.value {
		rest := x % base
		if rest != 0 {
			gain := base - 2*rest
			cost[a] = float64(gain * unit)
			if n.margin(a) == 0 {
				cost[a] += float64(gain * base)
			}
		}
		floor := x / base
		if rest != 0 && cost[a] < 0 {
			floor++
		}
		excess[n.tail[a]] -= floor
		excess[n.head[a]] += floor
	}
	for v := range n.nodes {
		tail, head = append(tail, source), append(head, int32(v))
		tail, head = append(tail, int32(v)), append(head, sink)
	}
	m := newTransfer(n.nodes+2, tail, head)
	for a, x := range n.value {
		if x%base != 0 {
			m.room[a], m.cost[a] = 1, cost[a]
			if cost[a] < 0 {
				m.flow[a] = 1
			}
		}
	}
	var want int64
	for v, e := range excess {
		m.room[arcs+2*v], m.room[arcs+2*v+1] = max(0, e), max(0, -e)
		want += max(0, e)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.send(source, sink, want) != want {
		return ErrInfeasible // cannot be: two-way tables always have a controlled rounding
	}
	for a := arcs; a < len(m.room); a++ {
		m.room[a], m.flow[a] = 0, 0
	}
	for a := range n.row(0) {
		if a%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if m.room[a] == 0 {
			continue
		}
		if m.flow[a] == 1 {
			m.lower(int32(a))
		}
		m.room[a], up[a], m.flow[a] = 0, m.flow[a] == 1, 0 // as it is from here on
	}
	for a := n.row(0); a < arcs; a++ {
		up[a] = m.flow[a] == 1
	}
	return nil
}

// lower takes the flow of an arc away if it costs nothing to route it
// otherwise. In an optimum every cycle that costs nothing is made of steps that
// cost nothing on top of the potentials.
func (m *transfer) lower(arc int32) {
	free := func(s int32) (int32, bool) {
		room, cost, to := m.left(s)
		from := m.behind(s)
		return to, room > 0 && cost+m.potential[from]-m.potential[to] == 0
	}
	if _, ok := free(2*arc + 1); !ok {
		return
	}
	start, goal := m.tail[arc], m.head[arc]
	for v := range m.from {
		m.from[v] = -1
	}
	m.from[start] = -2
	queue := []int32{start}
	for i := 0; i < len(queue); i++ {
		v := queue[i]
		for _, s := range m.step[m.start[v]:m.start[v+1]] {
			to, ok := free(s)
			if !ok || s>>1 == arc || m.from[to] != -1 {
				continue
			}
			m.from[to] = s
			if to == goal {
				m.flow[arc] = 0
				for v := goal; v != start; v = m.behind(m.from[v]) {
					if s := m.from[v]; s&1 == 0 {
						m.flow[s>>1]++
					} else {
						m.flow[s>>1]--
					}
				}
				return
			}
			queue = append(queue, to)
		}
	}
}

// maxStates is the number of states up to which roundings are counted.
const maxStates = 200000

// tally is how many roundings reach a state, and with which smallest L1.
type tally struct {
	all, best int64
	l1        int64
}

// join adds the roundings that reach a state on another way.
func (t tally) join(u tally) tally {
	t.all = plus(t.all, u.all)
	switch {
	case u.l1 < t.l1:
		t.l1, t.best = u.l1, u.best
	case u.l1 == t.l1:
		t.best = plus(t.best, u.best)
	}
	return t
}

func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// countRoundings counts the controlled roundings of a table and those with the
// smallest L1, cell by cell; a state is how many numbers were rounded up in
// each column and in the row so far.
func (n *circuit) countRoundings(base int64) (feasible, optima int64) {
	states := map[string]tally{string(make([]byte, n.cols+1)): {all: 1, best: 1}}
	// spare gives how many cells of a sum must be rounded up at least, and
	// whether one more will do.
	spare := func(total int, cells func(yield func(a int) bool)) (int64, bool) {
		sum := int64(0)
		for a := range cells {
			sum += n.value[a] / base
		}
		return n.value[total]/base - sum, n.value[total]%base != 0
	}
	distance := func(a int, up bool) int64 {
		if up {
			return base - n.value[a]%base
		}
		return n.value[a] % base
	}
	for i := range n.rows {
		need, more := spare(n.row(i), func(yield func(int) bool) {
			for j := range n.cols {
				if !yield(i*n.cols + j) {
					return
				}
			}
		})
		for j := range n.cols {
			a := i*n.cols + j
			next := map[string]tally{}
			for key, t := range states {
				for _, up := range [...]bool{false, true} {
					if up && n.value[a]%base == 0 {
						continue
					}
					k := []byte(key)
					if up {
						if k[j] == math.MaxUint8 || k[n.cols] == math.MaxUint8 {
							return NotCounted, NotCounted
						}
						k[j]++
						k[n.cols]++
					}
					u := tally{t.all, t.best, t.l1 + distance(a, up)}
					if have, ok := next[string(k)]; ok {
						u = u.join(have)
					}
					next[string(k)] = u
				}
			}
			if len(next) > maxStates {
				return NotCounted, NotCounted
			}
			states = next
		}
		next := map[string]tally{}
		for key, t := range states {
			k := []byte(key)
			over := int64(k[n.cols]) - need
			if over != 0 && (over != 1 || !more) {
				continue
			}
			k[n.cols] = 0
			t.l1 += distance(n.row(i), over == 1)
			if have, ok := next[string(k)]; ok {
				t = t.join(have)
			}
			next[string(k)] = t
		}
		states = next
	}
	var sum tally
	first := true
	total, more := spare(n.total(), func(yield func(int) bool) {
		for a := range n.row(0) {
			if !yield(a) {
				return
			}
		}
	})
	for key, t := range states {
		ups := int64(0)
		ok := true
		for j := range n.cols {
			need, more := spare(n.col(j), func(yield func(int) bool) {
				for i := range n.rows {
					if !yield(i*n.cols + j) {
						return
					}
				}
			})
			over := int64(key[j]) - need
			ok = ok && (over == 0 || over == 1 && more)
			t.l1 += distance(n.col(j), over == 1)
			ups += int64(key[j])
		}
		over := ups - total
		if !ok || over != 0 && (over != 1 || !more) {
			continue
		}
		t.l1 += distance(n.total(), over == 1)
		if first {
			sum, first = t, false
		} else {
			sum = sum.join(t)
		}
	}
	if sum.all == math.MaxInt64 {
		return NotCounted, NotCounted
	}
	return sum.all, sum.best
}
