// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"math"
	"slices"
)

const (
	allocationRoot   = 400
	allocationBranch = 20

	// How many steps of effort the larger parts of the search count for.
	boundWork = 50
	flowWork  = 5

	divideBranches = 400
)

// solve finds the best centers, proves them and counts their equals.
func (s *allocation) solve() error {
	state := s.in.given()
	prices := make([]float64, len(s.weight))
	for r := range prices {
		best := math.Inf(1)
		for j, c := range s.in.candidates {
			if c.Choice != Forbidden {
				best = min(best, s.in.at(r, j))
			}
		}
		prices[r] = best
	}
	s.bound = s.branch(slices.Clone(state), slices.Clone(prices), allocationRoot)
	if s.err != nil || s.set == nil {
		return s.err
	}
	if s.bound < s.best-slack(s.best) && s.single {
		s.polish()
	}
	if s.err != nil || s.exhausted || s.bound < s.best-slack(s.best) {
		return s.err
	}
	s.counting = true
	s.branch(state, prices, allocationRoot)
	return s.err
}

// polish searches longer for an undivided assignment to the best set.
func (s *allocation) polish() {
	keep := s.divide
	s.divide = 25 * divideBranches
	s.evaluate(slices.Clone(s.set))
	s.divide = keep
}

func (s *allocation) prunes(bound float64) bool {
	if math.IsInf(s.best, 1) {
		return math.IsInf(bound, 1)
	}
	if s.counting {
		return bound > s.best+slack(s.best)
	}
	return bound >= s.best-slack(s.best)
}

func (s *allocation) tick(n int) bool {
	s.steps += n
	if s.steps > s.stop {
		s.exhausted = true
	} else {
		s.err = s.ctx.Err()
	}
	return s.exhausted || s.err != nil
}

// branch explores the sets that agree with state; see search.branch.
func (s *allocation) branch(state decisions, prices []float64, steps int) float64 {
	if s.err != nil || s.exhausted {
		return math.Inf(-1)
	}
	bound, j, done := s.improve(state, prices, steps)
	if done || s.err != nil || s.exhausted {
		return bound
	}
	least := math.Inf(1)
	for _, side := range [...]decision{taken, dropped} {
		least = min(least, s.branch(state.with(j, side), slices.Clone(prices), allocationBranch))
	}
	return max(bound, least)
}

// improve raises the Lagrangian bound
//
//	Σ_r a_r price_r + Σ over the best centers of min Σ_r (d_rj - price_r) w_rj, least_j ≤ Σ_r w_rj ≤ most_j, w_rj ≤ a_r
//
// by subgradient steps. It returns the candidate to decide on next.
func (s *allocation) improve(state decisions, prices []float64, steps int) (float64, int, bool) {
	m, n := len(s.least), len(s.weight)
	gain, load := make([]float64, m), make([]float64, m*n)
	top := slices.Clone(prices)
	best, alpha, idle := math.Inf(-1), 2.0, 0
	pick := -1
	var order, set []int
	tried := map[int]bool{}
	for step := 0; ; step++ {
		chosen, free := state.count()
		if chosen > s.count || chosen+free < s.count {
			return math.Inf(1), -1, true
		}
		if chosen == s.count || chosen+free == s.count {
			return s.evaluate(state.last(s.count)), -1, true
		}
		if s.tick(boundWork) {
			return best, -1, false
		}
		bound := 0.0
		for r, v := range prices {
			bound += v * s.weight[r]
		}
		order, set = order[:0], set[:0]
		for j, x := range state {
			if x == dropped {
				continue
			}
			gain[j] = s.fill(j, prices, load[j*n:(j+1)*n])
			if math.IsInf(gain[j], 1) { // cannot reach its least volume
				if x == taken {
					return math.Inf(1), -1, true
				}
				state[j] = dropped
				continue
			}
			if x == taken {
				bound += gain[j]
				set = append(set, j)
			} else {
				order = append(order, j)
			}
		}
		if len(order)+len(set) < s.count {
			return math.Inf(1), -1, true
		}
		byGain(order, gain)
		q := s.count - len(set)
		for _, j := range order[:q] {
			bound += gain[j]
		}
		set = append(set, order[:q]...)
		if bound > best+1e-9*max(1, math.Abs(best)) || math.IsInf(best, -1) {
			best, idle = max(best, bound), 0
			copy(top, prices)
			pick = order[0]
		} else if idle++; idle >= 10 {
			alpha, idle = alpha/2, 0
		}
		if !s.counting && (step%25 == 0 || step == steps) {
			s.try(set, tried)
		}
		if s.prunes(best) {
			return best, -1, true
		}
		if state.decide(order, gain, bound, q, s.prunes) {
			continue
		}
		if step >= steps || alpha < 1e-3 {
			break
		}
		if !s.move(set, load, prices, alpha, bound) {
			break
		}
	}
	copy(prices, top)
	if pick < 0 || state[pick] != undecided {
		pick = slices.Index(state, undecided)
	}
	return best, pick, false
}

// fill finds the cheapest load of a center at the prices: a continuous knapsack
// between its least and most volume. It is +Inf if the least cannot be reached.
func (s *allocation) fill(j int, prices, load []float64) float64 {
	km := s.in.column(j)
	clear(load)
	at := s.order[j*len(prices) : (j+1)*len(prices)] // nearly sorted from the step before
	slices.SortFunc(at, func(a, b int32) int {
		x, y := km[a]-prices[a], km[b]-prices[b]
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return int(a - b)
	})
	value, volume := 0.0, 0.0
	for _, r := range at {
		unit := km[r] - prices[r]
		room := s.most[j] - volume
		if unit >= 0 {
			room = s.least[j] - volume
		}
		if room <= 0 || math.IsInf(unit, 1) {
			break
		}
		w := min(s.weight[r], room)
		load[r] = w
		volume += w
		value += unit * w
	}
	if volume < s.least[j]-slack(s.least[j]) {
		return math.Inf(1)
	}
	return value
}

// move takes a subgradient step on the weight that is served too little or too
// much, per unit of weight.
func (s *allocation) move(set []int, load, prices []float64, alpha, bound float64) bool {
	n := len(s.weight)
	short := slices.Clone(s.weight)
	for _, j := range set {
		for r, w := range load[j*n : (j+1)*n] {
			short[r] -= w
		}
	}
	norm := 0.0
	for _, g := range short {
		norm += g * g
	}
	if norm == 0 {
		return false
	}
	target := s.best * 1.02
	if math.IsInf(target, 1) {
		target = bound + math.Abs(bound)*0.1 + 1
	}
	t := alpha * (target - bound + 1e-9) / norm
	for r, g := range short {
		prices[r] += t * g
	}
	return true
}

// try offers a set of centers, once.
func (s *allocation) try(set []int, tried map[int]bool) {
	set = slices.Clone(set)
	slices.Sort(set)
	hash := 17
	for _, j := range set {
		hash = hash*1009 + j
	}
	if !tried[hash] {
		tried[hash] = true
		s.evaluate(set)
	}
}

// evaluate finds the best assignment to a set of centers and returns a value
// that none is below.
func (s *allocation) evaluate(set []int) float64 {
	f := newAssignment(s, set)
	value, bound := f.solve()
	if s.err != nil {
		return math.Inf(-1)
	}
	if s.counting {
		if value <= s.best+slack(s.best) {
			if s.optima == 0 || slices.Compare(set, s.set) < 0 {
				s.set, s.flow = slices.Clone(set), f.flow
			}
			if s.optima++; s.optima > s.maxOptima {
				s.exhausted = true
			}
		} else if bound <= s.best+slack(s.best) {
			s.unsure = true
		}
		return bound
	}
	if value < s.best-slack(s.best) || s.set == nil && !math.IsInf(value, 1) {
		s.best, s.set, s.flow = value, slices.Clone(set), f.flow
	}
	return bound
}
