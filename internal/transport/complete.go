// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"context"
	"math/rand/v2"
	"slices"
)

// Enumerate calls visit with the cells of one table after the other, in
// lexicographic order, until visit returns false or all have been seen, and
// reports whether all have. It gives up, which counts as not having seen all,
// when limit tables are not enough or finding them takes more than 16 times as
// many steps as that; before the first table if some cell has no upper bound.
// The slice is reused: visit must not keep it.
//
// The error is that of ctx.
func (p *Polytope) Enumerate(ctx context.Context, limit int, visit func(cells []int64) bool) (bool, error) {
	bounds, err := p.Bounds(ctx, 0)
	if err != nil {
		return false, err
	}
	e := newEnumeration(p, bounds, visit)
	if e == nil {
		return false, nil
	}
	e.ctx, e.limit, e.steps = ctx, limit, 16*limit
	all := e.fill(0)
	return all, ctx.Err()
}

// enumeration fills the open cells one by one and keeps, for each total, what
// the filled ones add up to and what the others can still add.
type enumeration struct {
	ctx    context.Context
	visit  func([]int64) bool
	cells  []int64
	open   []int32
	bounds []Range
	of     [][]int32 // totals of each open cell
	filled []int64   // by total
	least  []int64   // of the cells that are not filled, by total
	most   []int64
	lo, hi []int64
	limit  int
	steps  int
}

// newEnumeration gives nil if some cell has no upper bound.
func newEnumeration(p *Polytope, bounds []Range, visit func([]int64) bool) *enumeration {
	n := p.network
	e := &enumeration{visit: visit, cells: make([]int64, p.Len()), bounds: bounds}
	totals := len(n.lo) - n.cells
	e.filled, e.least, e.most = make([]int64, totals), make([]int64, totals), make([]int64, totals)
	e.lo, e.hi = n.lo[n.cells:], n.hi[n.cells:]
	for i, b := range bounds {
		if b.Hi == Open {
			return nil
		}
		e.cells[i] = b.Lo
		of := n.totalsOf(p.problem, i)
		for _, a := range of {
			if b.Fixed() {
				e.filled[a] += b.Lo
			} else {
				e.least[a] += b.Lo
				e.most[a] += b.Hi
			}
		}
		if !b.Fixed() {
			e.open = append(e.open, int32(i))
			e.of = append(e.of, of)
		}
	}
	return e
}

// totalsOf lists the totals that a cell is part of, counted from the first row.
func (n *network) totalsOf(p Problem, cell int) []int32 {
	c := p.Cells[cell]
	of := []int32{int32(c.Row), int32(n.rows + c.Col), int32(n.rows + n.cols)}
	if p.GroupOf == nil {
		return of
	}
	for g := p.GroupOf[c.Row]; g >= 0; g = p.Groups[g].Parent {
		of = append(of, int32(n.firstGroup()+g-n.cells))
		if b := slices.Index(n.blocks, [2]int{g, c.Col}); b >= 0 {
			of = append(of, int32(n.firstBlock()-n.cells+b))
		}
	}
	return of
}

// fill tries all counts of the open cells from the given one on, and reports
// whether none was left out.
func (e *enumeration) fill(at int) bool {
	if at == len(e.open) {
		e.limit--
		return e.limit >= 0 && e.visit(e.cells)
	}
	i := e.open[at]
	b := e.bounds[i]
	for _, a := range e.of[at] {
		e.least[a] -= b.Lo
		e.most[a] -= b.Hi
	}
	all := true
	from, to := b.Lo, b.Hi
	for _, a := range e.of[at] {
		from = max(from, e.lo[a]-e.filled[a]-e.most[a])
		to = min(to, e.hi[a]-e.filled[a]-e.least[a])
	}
	for x := from; x <= to && all; x++ {
		if e.steps--; e.steps < 0 || e.steps%1024 == 0 && e.ctx.Err() != nil {
			all = false
			break
		}
		for _, a := range e.of[at] {
			e.filled[a] += x
		}
		e.cells[i] = x
		all = e.fill(at + 1)
		for _, a := range e.of[at] {
			e.filled[a] -= x
		}
	}
	for _, a := range e.of[at] {
		e.least[a] += b.Lo
		e.most[a] += b.Hi
	}
	return all
}

// Sampler draws tables of a polytope in which every cell has an upper bound.
// It is not safe for concurrent use.
type Sampler struct {
	polytope *Polytope
	random   *rand.Rand
	bounds   []Range
	flow     *residual
	open     []int32 // cells that are not fixed
	free     bool    // no total is felt: the cells are independent
	seen     []int32 // where the walk was at a node; -1 if it was not
	path     []int32
}

// Sampler returns a sampler whose draws depend on the seeds alone, or nil if
// some cell has no upper bound. The bounds are those of [Polytope.Bounds]. The
// sampler begins with the table of [Polytope.Complete].
func (p *Polytope) Sampler(bounds []Range, seed1, seed2 uint64) *Sampler {
	s := &Sampler{
		polytope: p, random: rand.New(rand.NewPCG(seed1, seed2)), bounds: bounds,
		flow: p.residual(), free: true, seen: make([]int32, p.network.nodes),
	}
	for v := range s.seen {
		s.seen[v] = -1
	}
	n := p.network
	least, most := make([]int64, len(n.lo)-n.cells), make([]int64, len(n.lo)-n.cells)
	for i, b := range bounds {
		if b.Hi == Open {
			return nil
		}
		if !b.Fixed() {
			s.open = append(s.open, int32(i))
		}
		for _, a := range n.totalsOf(p.problem, i) {
			least[a] += b.Lo
			most[a] += b.Hi
		}
	}
	for a := range least {
		s.free = s.free && least[a] >= n.lo[n.cells+a] && most[a] <= n.hi[n.cells+a]
	}
	return s
}

// Uniform draws a table. If no total limits the cells beyond their own bounds,
// the draws are independent and uniform. Else each is some steps of a Markov
// chain after the one before, whose limit is uniform: a step finds a cycle of
// the network that does not depend on the table, and moves along it by a
// uniform amount among those that keep all bounds. As any two tables differ by
// cycles it reaches all of them. The slice is valid until the next call.
func (s *Sampler) Uniform() []int64 {
	cells := s.flow.flow[:s.polytope.Len()]
	if s.free {
		for _, i := range s.open {
			b := s.bounds[i]
			cells[i] = b.Lo + s.random.Int64N(b.Hi-b.Lo+1)
		}
		return cells
	}
	for range 2*len(s.open) + 8 {
		s.step()
	}
	return cells
}

// step walks without turning back until it meets itself, and shifts the flow
// on the cycle that closes.
func (s *Sampler) step() {
	r := s.flow
	if len(s.open) == 0 {
		return
	}
	v := r.tail[s.open[s.random.IntN(len(s.open))]]
	s.path = s.path[:0]
	last := int32(-1)
	walked := append([]int32(nil), v)
	for s.seen[v] < 0 {
		s.seen[v] = int32(len(s.path))
		steps := r.step[r.start[v]:r.start[v+1]]
		if len(steps) < 2 && last >= 0 {
			break // a dead end
		}
		next := steps[s.random.IntN(len(steps))]
		for next>>1 == last {
			next = steps[s.random.IntN(len(steps))]
		}
		last = next >> 1
		s.path = append(s.path, next)
		_, v = r.room(next)
		walked = append(walked, v)
	}
	if from := s.seen[v]; int(from) < len(s.path) {
		s.shift(s.path[from:])
	}
	for _, w := range walked {
		s.seen[w] = -1
	}
}

// shift moves along a cycle by a uniform amount.
func (s *Sampler) shift(cycle []int32) {
	forth, back := int64(infinite), int64(infinite)
	for _, step := range cycle {
		room, _ := s.flow.room(step)
		forth = min(forth, room)
		room, _ = s.flow.room(step ^ 1)
		back = min(back, room)
	}
	if forth+back == 0 || forth >= endless || back >= endless {
		return
	}
	x := s.random.Int64N(forth+back+1) - back
	for _, step := range cycle {
		s.flow.move(step, x)
	}
}

// Vertex draws a vertex of the polytope: the table that minimizes a random
// linear function of the cells. The slice is the caller's.
func (s *Sampler) Vertex(ctx context.Context) ([]int64, error) {
	cost := make([]float64, s.polytope.Len())
	for _, i := range s.open {
		cost[i] = s.random.NormFloat64()
	}
	if s.free {
		cells := slices.Clone(s.flow.flow[:len(cost)])
		for _, i := range s.open {
			cells[i] = s.bounds[i].Lo
			if cost[i] < 0 {
				cells[i] = s.bounds[i].Hi
			}
		}
		return cells, ctx.Err()
	}
	_, cells, err := s.polytope.Minimize(ctx, cost)
	return cells, err
}
