// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Linear returns the smallest and the largest value of a linear function of
// the cells over all tables:
//
//	Σ_c cost_c x_c
//
// with one finite cost for each cell. Both are attained by tables of whole
// counts; a bound that does not exist is -Inf or +Inf.
//
// The error wraps [ErrProblem] if there is not one finite cost for each cell,
// or is that of ctx. Time and memory are those of [Polytope.Minimize].
func (p *Polytope) Linear(ctx context.Context, cost []float64) (lo, hi float64, err error) {
	if lo, _, err = p.Minimize(ctx, cost); err != nil {
		return math.NaN(), math.NaN(), err
	}
	negative := make([]float64, len(cost))
	for i, c := range cost {
		negative[i] = -c
	}
	if hi, _, err = p.Minimize(ctx, negative); err != nil {
		return math.NaN(), math.NaN(), err
	}
	return lo, 0 - hi, nil
}

// Minimize returns the smallest value of a linear function of the cells and
// the cells of a table that attains it; -Inf and no table if there is none.
// The costs are taken as they are: two tables whose values differ by less than
// rounding may be confused.
//
// The error is as for [Polytope.Linear]. Time O(a m log n) for n rows and
// columns, m cells and totals and a augmentations, in practice a few times n,
// after O(n m) to see whether there is a smallest value.
//
// Reference: Edmonds and Karp 1972, doi:10.1145/321694.321699: successive
// shortest paths with potentials, from the table with each cell at the bound
// that its cost asks for.
func (p *Polytope) Minimize(ctx context.Context, cost []float64) (float64, []int64, error) {
	if len(cost) != p.Len() {
		return 0, nil, fmt.Errorf("transport: %d costs for %d cells: %w", len(cost), p.Len(), ErrProblem)
	}
	for i, c := range cost {
		if math.IsNaN(c) || math.IsInf(c, 0) {
			return 0, nil, fmt.Errorf("transport: cost %v of cell %d: %w", c, i, ErrProblem)
		}
	}
	s := newShortest(p, cost)
	if s.unbounded() {
		return math.Inf(-1), nil, ctx.Err()
	}
	s.saturate()
	for s.search() {
		if err := ctx.Err(); err != nil {
			return 0, nil, err
		}
		s.augment()
	}
	cells := s.flow[:p.Len():p.Len()]
	return value(cost, cells), cells, ctx.Err()
}

// value adds up with Neumaier's compensation.
func value(cost []float64, cells []int64) float64 {
	var sum, lost float64
	for i, c := range cost {
		x := c * float64(cells[i])
		t := sum + x
		if math.Abs(sum) >= math.Abs(x) {
			lost += sum - t + x
		} else {
			lost += x - t + sum
		}
		sum = t
	}
	return sum + lost
}

// shortest is a residual whose steps have costs and whose nodes potentials
// that make the reduced costs of all steps with room at least 0.
type shortest struct {
	*residual
	cost      []float64 // by cell
	potential []float64
	distance  []float64
	by        []int32 // step that leads to a node; -1 for a start
	order     []int32 // nodes by distance
	frontier  frontier
}

func newShortest(p *Polytope, cost []float64) *shortest {
	n := p.network
	s := &shortest{
		residual: p.residual(), cost: cost,
		potential: make([]float64, n.nodes), distance: make([]float64, n.nodes), by: make([]int32, n.nodes),
	}
	capped := *n
	capped.hi = slices.Clone(n.hi)
	s.network = &capped
	return s
}

func (s *shortest) costOf(step int32) float64 {
	a := int(step >> 1)
	if a >= len(s.cost) {
		return 0
	}
	if step&1 == 0 {
		return s.cost[a]
	}
	return -s.cost[a]
}

// unbounded reports whether a cycle of arcs without upper bound has a cost
// below 0, by the method of Bellman and Ford.
func (s *shortest) unbounded() bool {
	tolerance := s.tolerance()
	for round := 0; round <= s.nodes; round++ {
		changed := false
		for a, hi := range s.hi {
			if hi < infinite {
				continue
			}
			if d := s.distance[s.tail[a]] + s.costOf(int32(2*a)); d < s.distance[s.head[a]]-tolerance {
				s.distance[s.head[a]] = d
				changed = true
			}
		}
		if !changed {
			return false
		}
	}
	return true
}

// tolerance is what rounding can make of a path that costs nothing.
func (s *shortest) tolerance() float64 {
	most := 0.0
	for _, c := range s.cost {
		most = max(most, math.Abs(c))
	}
	return most * float64(s.nodes) * 1e-15
}

// saturate puts each cell at the bound that its cost asks for, and leaves the
// excess to be routed. No vertex has more in a cell than all finite bounds
// together, which serves as a bound where there is none if the function has a
// minimum.
func (s *shortest) saturate() {
	for a, c := range s.cost {
		x := s.flow[a]
		switch {
		case c > 0:
			s.flow[a] = s.lo[a]
		case c < 0:
			s.hi[a] = min(s.hi[a], max(s.finite, x))
			s.flow[a] = s.hi[a]
		}
		x = s.flow[a] - x
		s.excess[s.tail[a]] -= x
		s.excess[s.head[a]] += x
	}
}

// search finds the cheapest ways from the nodes with excess and reports whether one
// leads to a node that lacks.
func (s *shortest) search() bool {
	s.order = s.order[:0]
	s.frontier = s.frontier[:0]
	for v, x := range s.excess {
		s.distance[v], s.by[v], s.level[v] = math.Inf(1), -1, 0
		if x > 0 {
			s.distance[v] = 0
			s.frontier.push(visit{0, int32(v)})
		}
	}
	found := false
	last := 0.0
	for len(s.frontier) > 0 {
		at := s.frontier.pop()
		v := at.node
		if s.level[v] == 1 {
			continue
		}
		s.level[v], last = 1, at.distance
		s.order = append(s.order, v)
		if s.excess[v] < 0 {
			found = true
		}
		for _, step := range s.step[s.start[v]:s.start[v+1]] {
			room, w := s.room(step)
			if room == 0 || s.level[w] == 1 {
				continue
			}
			reduced := max(0, s.costOf(step)+s.potential[v]-s.potential[w])
			if d := at.distance + reduced; d < s.distance[w] {
				s.distance[w], s.by[w] = d, step
				s.frontier.push(visit{d, w})
			}
		}
	}
	for v, d := range s.distance {
		s.potential[v] += min(d, last)
	}
	return found
}

// augment sends what it can along the ways that were found.
func (s *shortest) augment() {
	for _, v := range s.order {
		if s.excess[v] >= 0 {
			continue
		}
		x := -s.excess[v]
		u := v
		for s.by[u] >= 0 {
			room, _ := s.room(s.by[u])
			x = min(x, room)
			_, u = s.room(s.by[u] ^ 1)
		}
		if x = min(x, s.excess[u]); x <= 0 {
			continue
		}
		s.excess[u] -= x
		s.excess[v] += x
		for u = v; s.by[u] >= 0; _, u = s.room(s.by[u] ^ 1) {
			s.move(s.by[u], x)
		}
	}
}

type visit struct {
	distance float64
	node     int32
}

func (v visit) before(w visit) bool {
	return v.distance < w.distance || v.distance == w.distance && v.node < w.node
}

// frontier is a heap of nodes to visit, the nearest first.
type frontier []visit

func (f *frontier) push(v visit) {
	h := append(*f, v)
	i := len(h) - 1
	for i > 0 && v.before(h[(i-1)/2]) {
		h[i] = h[(i-1)/2]
		i = (i - 1) / 2
	}
	h[i] = v
	*f = h
}

func (f *frontier) pop() visit {
	h := *f
	first, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*f = h
	if len(h) == 0 {
		return first
	}
	i := 0
	for {
		child := 2*i + 1
		if child >= len(h) {
			break
		}
		if child+1 < len(h) && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(last) {
			break
		}
		h[i] = h[child]
		i = child
	}
	h[i] = last
	return first
}
