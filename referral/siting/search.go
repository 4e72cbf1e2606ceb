// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"math"
	"slices"
)

const (
	rootSteps   = 600 // steps of the bound at the root
	branchSteps = 40  // and at a branch
)

// solve finds the best set, proves it and counts its equals.
func (s *search) solve() error {
	state := s.in.given()
	s.start(state)
	prices := s.prices()
	s.bound = s.branch(slices.Clone(state), prices, rootSteps)
	if s.err != nil {
		return s.err
	}
	if s.exhausted {
		return nil
	}
	s.counting = true
	s.branch(state, prices, rootSteps)
	return s.err
}

// start finds a good set: greedy additions, then swaps.
func (s *search) start(state decisions) {
	var set []int
	for j, x := range state {
		if x == taken {
			set = append(set, j)
		}
	}
	nearest := make([]float64, s.n)
	for len(set) < s.count {
		s.nearest(set, nearest)
		bestJ, bestV := -1, math.Inf(1)
		for j, x := range state {
			if x != undecided || slices.Contains(set, j) {
				continue
			}
			v := 0.0
			for r, c := range s.column(j) {
				v += min(c, nearest[r])
			}
			if v < bestV {
				bestJ, bestV = j, v
			}
		}
		set = append(set, bestJ)
	}
	s.swap(set)
}

// swap replaces chosen candidates by others while that helps, and offers the
// set.
func (s *search) swap(set []int) {
	set = slices.Clone(set)
	value := s.value(set)
	others := make([]float64, s.n)
	for improved := true; improved; {
		improved = false
		for at, old := range set {
			if s.in.candidates[old].Choice == Fixed {
				continue
			}
			s.nearest(append(slices.Clone(set[:at]), set[at+1:]...), others)
			for j := range s.m {
				if s.in.candidates[j].Choice == Forbidden || slices.Contains(set, j) {
					continue
				}
				v := 0.0
				for r, c := range s.column(j) {
					v += min(c, others[r])
				}
				if v < value-slack(value) {
					set[at], value, improved = j, v, true
				}
			}
		}
	}
	s.offer(set, value)
}

func (s *search) column(j int) []float64 { return s.cost[j*s.n : (j+1)*s.n] }

// nearest gives the cost of each demand at the best of a set.
func (s *search) nearest(set []int, to []float64) {
	for r := range to {
		to[r] = math.Inf(1)
	}
	for _, j := range set {
		for r, c := range s.column(j) {
			to[r] = min(to[r], c)
		}
	}
}

func (s *search) value(set []int) float64 {
	sum := 0.0
	for r := range s.n {
		best := math.Inf(1)
		for _, j := range set {
			best = min(best, s.cost[j*s.n+r])
		}
		sum += best
	}
	return sum
}

func (s *search) offer(set []int, value float64) {
	if value < s.best-slack(s.best) || math.IsInf(s.best, 1) {
		s.best, s.set = value, slices.Clone(set)
	}
}

// prices are the first multipliers: halfway between the best and the mean cost.
func (s *search) prices() []float64 {
	prices := make([]float64, s.n)
	for r := range prices {
		least, sum, open := math.Inf(1), 0.0, 0
		for j, c := range s.in.candidates {
			if c.Choice != Forbidden {
				least = min(least, s.cost[j*s.n+r])
				sum += s.cost[j*s.n+r]
				open++
			}
		}
		prices[r] = least + (sum/float64(open)-least)/float64(1+s.count)
	}
	return prices
}

// branch explores the sets that agree with state and returns a value that none
// of them is below, except as the best set shows. It changes state and prices.
func (s *search) branch(state decisions, prices []float64, steps int) float64 {
	if s.err != nil || s.exhausted {
		return math.Inf(-1)
	}
	bound, done := s.improve(state, prices, steps)
	if done || s.err != nil {
		return bound
	}
	if s.exhausted {
		return bound
	}
	j := s.pick(state, prices)
	steps = branchSteps
	least := math.Inf(1)
	for _, side := range [...]decision{taken, dropped} {
		least = min(least, s.branch(state.with(j, side), slices.Clone(prices), steps))
	}
	return max(bound, least)
}

// pick chooses the candidate to decide on: the one that lowers the bound most.
func (s *search) pick(state decisions, prices []float64) int {
	best, least := -1, math.Inf(1)
	for j, x := range state {
		if x != undecided {
			continue
		}
		if v := s.reduced(j, prices); best < 0 || v < least {
			best, least = j, v
		}
	}
	return best
}

// reduced is what a candidate gains at the prices: Σ_r min(0, c_rj - price_r).
func (s *search) reduced(j int, prices []float64) float64 {
	sum := 0.0
	for r, c := range s.column(j) {
		sum += min(0, c-prices[r])
	}
	return sum
}

// improve raises the Lagrangian bound by subgradient steps and decides
// candidates by their reduced costs. It reports done when no set below state
// is left to explore; the bound is then final. The prices become the best seen.
func (s *search) improve(state decisions, prices []float64, steps int) (float64, bool) {
	gain := make([]float64, s.m)
	seen := make([]float64, s.n)
	top := slices.Clone(prices)
	best, alpha, idle := math.Inf(-1), 2.0, 0
	var order []int
	for step := 0; ; step++ {
		chosen, free := state.count()
		if chosen == s.count || chosen+free == s.count {
			return s.leaf(state), true
		}
		if chosen > s.count || chosen+free < s.count {
			return math.Inf(1), true
		}
		if s.tick() {
			return best, false
		}
		bound := 0.0
		for _, v := range prices {
			bound += v
		}
		order = order[:0]
		for j, x := range state {
			if x == dropped {
				continue
			}
			gain[j] = s.reduced(j, prices)
			if x == taken {
				bound += gain[j]
			} else {
				order = append(order, j)
			}
		}
		byGain(order, gain)
		q := s.count - chosen
		for _, j := range order[:q] {
			bound += gain[j]
		}
		if bound > best+1e-7*max(1, math.Abs(best)) || math.IsInf(best, -1) {
			best, idle = max(best, bound), 0
			copy(top, prices)
			if !s.counting {
				s.try(state, order[:q], step)
			}
		} else if idle++; idle >= 15 {
			alpha, idle = alpha/2, 0
		}
		if s.prunes(best) {
			return best, true
		}
		if state.decide(order, gain, bound, q, s.prunes) {
			continue
		}
		if step >= steps || alpha < 1e-3 {
			break
		}
		s.move(state, order[:q], prices, seen, alpha, bound)
	}
	copy(prices, top)
	return best, false
}

// tick counts a step; it reports that the search must stop.
func (s *search) tick() bool {
	s.steps++
	if s.steps > s.most {
		s.exhausted = true
	} else if s.steps&63 == 0 {
		s.err = s.ctx.Err()
	}
	return s.exhausted || s.err != nil
}

// leaf evaluates the one set that is left.
func (s *search) leaf(state decisions) float64 {
	set := state.last(s.count)
	value := s.value(set)
	if !s.counting {
		s.offer(set, value)
		return value
	}
	if value <= s.best+slack(s.best) {
		if s.first == nil || slices.Compare(set, s.first) < 0 {
			s.first = set
		}
		if s.optima++; s.optima > s.maxOptima {
			s.exhausted = true
		}
	}
	return value
}

// try offers the set that the bound has chosen.
func (s *search) try(state decisions, picked []int, step int) {
	set := make([]int, 0, s.count)
	for j, x := range state {
		if x == taken {
			set = append(set, j)
		}
	}
	set = append(set, picked...)
	v := s.value(set)
	if v < s.best-slack(s.best) {
		s.offer(set, v)
		s.swap(set)
	} else if step%50 == 49 {
		s.swap(set)
	}
}

// move takes a subgradient step: prices rise where nobody serves and fall where
// several do.
func (s *search) move(state decisions, picked []int, prices, seen []float64, alpha, bound float64) {
	for r := range seen {
		seen[r] = 1
	}
	serve := func(j int) {
		for r, c := range s.column(j) {
			if c < prices[r] {
				seen[r]--
			}
		}
	}
	for j, x := range state {
		if x == taken {
			serve(j)
		}
	}
	for _, j := range picked {
		serve(j)
	}
	norm := 0.0
	for _, g := range seen {
		norm += g * g
	}
	if norm == 0 {
		return
	}
	t := alpha * (s.best*1.02 - bound + 1e-9) / norm
	for r, g := range seen {
		prices[r] += t * g
	}
}
