// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"math"
	"slices"
)

// assignment sends the demands to a given set of centers at least cost.
type assignment struct {
	s    *allocation
	set  []int
	n, k int
	km   []float64 // by demand, then place in set; +Inf: not allowed
	flow []float64 // weight sent
}

func newAssignment(s *allocation, set []int) *assignment {
	f := &assignment{s: s, set: set, n: len(s.weight), k: len(set)}
	f.km = make([]float64, f.n*f.k)
	for r := range f.n {
		for at, j := range set {
			f.km[r*f.k+at] = s.in.at(r, j)
		}
	}
	return f
}

// solve returns the value of the best assignment found, +Inf if there is none,
// and a value that none is below; flow is that assignment.
func (f *assignment) solve() (value, bound float64) {
	value, ok := f.split(f.km)
	if !ok {
		return math.Inf(1), math.Inf(1)
	}
	if !f.s.single || f.divided() < 0 {
		return value, value
	}
	bound = value
	if f.s.prunes(bound) {
		return math.Inf(1), bound
	}
	best := &undivided{f: f, value: math.Inf(1), most: f.s.divide}
	if !f.s.counting {
		best.cut = f.s.best
	} else {
		best.cut = f.s.best + 2*slack(f.s.best)
	}
	least := best.branch(slices.Clone(f.km))
	if f.flow = best.flow; f.flow == nil {
		return math.Inf(1), max(bound, least)
	}
	return best.value, max(bound, least)
}

// divided gives the demand that is divided most evenly, or -1.
func (f *assignment) divided() int {
	worst, most := -1, 0.0
	for r := range f.n {
		row := f.flow[r*f.k : (r+1)*f.k]
		if rest := f.s.weight[r] - slices.Max(row); rest > 1e-9*f.s.weight[r] && rest > most {
			worst, most = r, rest
		}
	}
	return worst
}

// undivided is the search for an assignment of whole demands: it branches on a
// divided demand and bounds by the split assignment.
type undivided struct {
	f     *assignment
	value float64
	cut   float64 // assignments from here on are of no interest
	flow  []float64
	tried int
	most  int // branches, after which the gap stays
}

func (u *undivided) branch(km []float64) float64 {
	f := u.f
	if f.s.tick(flowWork) {
		return math.Inf(-1)
	}
	bound, ok := f.split(km)
	if !ok {
		return math.Inf(1)
	}
	if u.tried++; u.tried > u.most {
		return bound
	}
	if limit := min(u.value, u.cut); bound >= limit-slack(limit)/4 {
		return bound
	}
	r := f.divided()
	if r < 0 {
		u.value, u.flow = bound, slices.Clone(f.flow)
		return bound
	}
	row := f.flow[r*f.k : (r+1)*f.k]
	order := make([]int, f.k)
	for at := range order {
		order[at] = at
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case row[a] > row[b]:
			return -1
		case row[a] < row[b]:
			return 1
		}
		return 0
	})
	keep := slices.Clone(km[r*f.k : (r+1)*f.k])
	least := math.Inf(1)
	for _, at := range order {
		if math.IsInf(keep[at], 1) {
			continue
		}
		for i := range keep {
			km[r*f.k+i] = math.Inf(1)
		}
		km[r*f.k+at] = keep[at]
		least = min(least, u.branch(km))
	}
	copy(km[r*f.k:], keep)
	return max(bound, least)
}

// split finds the cheapest flow of weight from demands to centers. Everybody
// starts at the nearest center; then weight moves along cheapest chains of
// centers until all volumes are within their limits (successive shortest paths
// from an optimal pseudoflow). It reports whether that is possible.
func (f *assignment) split(km []float64) (float64, bool) {
	m := newMoves(f, km)
	for {
		s := slices.IndexFunc(m.excess, func(x float64) bool { return x > m.zero })
		if s < 0 {
			break
		}
		m.arcs()
		if !m.augment(s) {
			return 0, false
		}
	}
	if slices.Min(m.excess) < -m.zero {
		return 0, false
	}
	value := 0.0
	for i, w := range f.flow {
		if w > 0 {
			value += w * km[i]
		}
	}
	return value, true
}

// moves is the residual network of an assignment: its centers and, last, the
// common sink where each center delivers between its least and most volume.
type moves struct {
	f         *assignment
	km        []float64
	delivered []float64 // by center, between its least and most
	excess    []float64 // what a place has too much, negative for too little
	cost      []float64 // of moving a unit from a center to another, by pair
	through   []int     // the demand that it moves
	zero      float64
}

func newMoves(f *assignment, km []float64) *moves {
	k := f.k
	m := &moves{f: f, km: km, delivered: make([]float64, k), excess: make([]float64, k+1),
		cost: make([]float64, k*k), through: make([]int, k*k), zero: 1e-10 * f.s.total}
	f.flow = make([]float64, f.n*k)
	for r, w := range f.s.weight {
		row := km[r*k : (r+1)*k]
		at := 0
		for c, d := range row {
			if d < row[at] {
				at = c
			}
		}
		if math.IsInf(row[at], 1) {
			m.excess[k] = math.Inf(-1) // nobody may serve this demand
			continue
		}
		f.flow[r*k+at] = w
		m.excess[at] += w
	}
	m.excess[k] -= f.s.total
	for c, j := range f.set {
		m.delivered[c] = min(max(m.excess[c], f.s.least[j]), f.s.most[j])
		m.excess[c] -= m.delivered[c]
		m.excess[k] += m.delivered[c]
	}
	return m
}

// arcs finds the cheapest way to move a unit from each center to each other.
func (m *moves) arcs() {
	k := m.f.k
	for i := range m.cost {
		m.cost[i] = math.Inf(1)
	}
	for r := range m.f.n {
		row := m.km[r*k : (r+1)*k]
		for a, w := range m.f.flow[r*k : (r+1)*k] {
			if w <= 0 {
				continue
			}
			out := m.cost[a*k : (a+1)*k]
			for b, d := range row {
				if d-row[a] < out[b] && a != b {
					out[b], m.through[a*k+b] = d-row[a], r
				}
			}
		}
	}
}

// price is the cost of a step between places, +Inf where there is none.
func (m *moves) price(a, b int) float64 {
	k := m.f.k
	switch {
	case a < k && b < k:
		return m.cost[a*k+b]
	case m.room(a, b) > m.zero:
		return 0
	}
	return math.Inf(1)
}

// room is how much can take a step.
func (m *moves) room(a, b int) float64 {
	k := m.f.k
	switch {
	case a < k && b < k:
		return m.f.flow[m.through[a*k+b]*k+a]
	case b == k:
		return m.f.s.most[m.f.set[a]] - m.delivered[a]
	}
	return m.delivered[b] - m.f.s.least[m.f.set[b]]
}

// augment moves weight from a place that has too much along the cheapest chain
// to one that has too little.
func (m *moves) augment(s int) bool {
	k := m.f.k
	dist, via := make([]float64, k+1), make([]int, k+1)
	for i := range dist {
		dist[i], via[i] = math.Inf(1), -1
	}
	dist[s] = 0
	for changed, round := true, 0; changed && round <= k+1; round++ {
		changed = false
		for a := range dist {
			if math.IsInf(dist[a], 1) {
				continue
			}
			for b := range dist {
				if a != b && via[a] != b {
					if d := dist[a] + m.price(a, b); d < dist[b]-slack(dist[b])*1e-3 || math.IsInf(dist[b], 1) && !math.IsInf(d, 1) {
						dist[b], via[b], changed = d, a, true
					}
				}
			}
		}
	}
	end := -1
	for i, x := range m.excess {
		if x < -m.zero && !math.IsInf(dist[i], 1) && (end < 0 || dist[i] < dist[end]) {
			end = i
		}
	}
	if end < 0 || math.IsInf(m.excess[end], -1) {
		return false
	}
	amount := min(m.excess[s], -m.excess[end])
	for b := end; b != s; b = via[b] {
		amount = min(amount, m.room(via[b], b))
	}
	for b := end; b != s; b = via[b] {
		m.push(via[b], b, amount)
	}
	m.excess[s] -= amount
	m.excess[end] += amount
	return true
}

func (m *moves) push(a, b int, amount float64) {
	k := m.f.k
	switch {
	case a < k && b < k:
		r := m.through[a*k+b]
		m.f.flow[r*k+b] += amount
		if m.f.flow[r*k+a] -= amount; m.f.flow[r*k+a] <= m.zero {
			m.f.flow[r*k+b] += m.f.flow[r*k+a]
			m.f.flow[r*k+a] = 0
		}
	case b == k:
		m.delivered[a] += amount
	default:
		m.delivered[b] -= amount
	}
}
