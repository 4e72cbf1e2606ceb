// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"context"
	"fmt"
	"math"
)

// Median chooses count centers so that the sum of weight times distance to the
// nearest center is least, the p-median problem:
//
//	min Σ_r a_r min_{j ∈ J} d_rj,  |J| = count
//
// It is solved exactly: greedy choice with swaps, then branch and bound with
// the Lagrangian bound of the relaxed assignment. Demands of weight 0 are
// served but do not count. If the search ends by [Config.Effort] before the
// proof, Proved is false and Bound says how far the optimum can be.
//
// It returns a *ProblemError for a wrong problem or count, an *InfeasibleError
// if no choice serves every demand that has weight, and the error of ctx. Time
// is exponential in the worst case; 80 candidates and 400 demands take well
// under a second.
//
// S. L. Hakimi, Optimum locations of switching centers, Operations Research
// 12:450-459, 1964. The bound: M. L. Fisher, Management Science 27:1-18, 1981.
func Median(ctx context.Context, p Problem, count int, c Config) (Plan, error) {
	in, err := p.compile()
	if err != nil {
		return Plan{}, err
	}
	if err := in.checkCount(count); err != nil {
		return Plan{}, err
	}
	if lost := in.withWeight(in.unreachable(math.Inf(1), 1)); len(lost) > 0 {
		return Plan{}, &InfeasibleError{MedianModel, "no candidate serves", lost}
	}
	s := newSearch(ctx, in, count, c)
	never := s.weighted()
	if err := s.solve(); err != nil {
		return Plan{}, err
	}
	if s.best >= never {
		why := fmt.Sprintf("no %d centers serve every demand; the best ones leave out", count)
		if s.bound < never-slack(s.best) {
			why = unproved + "; the best found leave out"
		}
		return Plan{}, &InfeasibleError{MedianModel, why, in.withWeight(in.short(s.set, 1))}
	}
	plan := Plan{Model: MedianModel}
	s.fill(&plan)
	in.describe(&plan, s.set, math.NaN())
	return plan, nil
}

// MaxCover chooses count centers so that the weight within a radius of one of
// them is most, the maximal covering problem:
//
//	max Σ_r a_r [min_{j ∈ J} d_rj ≤ radius],  |J| = count
//
// A demand at exactly the radius is covered. It is the p-median problem with
// weight a_r as the cost of not being covered, and is solved in the same way.
//
// R. L. Church and C. ReVelle, The maximal covering location problem, Papers of
// the Regional Science Association 32:101-118, 1974.
func MaxCover(ctx context.Context, p Problem, count int, radius float64, c Config) (Plan, error) {
	in, err := p.compile()
	if err != nil {
		return Plan{}, err
	}
	if err := in.checkCount(count); err != nil {
		return Plan{}, err
	}
	if err := checkRadius(radius); err != nil {
		return Plan{}, err
	}
	s := newSearch(ctx, in, count, c)
	s.covering(radius)
	if err := s.solve(); err != nil {
		return Plan{}, err
	}
	plan := Plan{Model: MaxCoverModel}
	s.fill(&plan)
	in.describe(&plan, s.set, radius)
	plan.Objective, plan.Bound = plan.Covered, s.total-plan.Bound
	if plan.Proved {
		plan.Bound = plan.Objective
	}
	return plan, nil
}

func checkRadius(radius float64) error {
	if !(radius >= 0) || math.IsInf(radius, 1) {
		return &ProblemError{Field: "radius", Value: fmt.Sprint(radius), Want: "a finite number, at least 0"}
	}
	return nil
}

// withWeight keeps the demands that have weight.
func (in *instance) withWeight(ids []string) []string {
	weight := map[string]float64{}
	for _, d := range in.demands {
		weight[d.ID] = d.Weight
	}
	var out []string
	for _, id := range ids {
		if weight[id] > 0 {
			out = append(out, id)
		}
	}
	return out
}

// short lists the demands that fewer of some candidates serve than so many.
func (in *instance) short(set []int, times int) []string {
	var out []string
	for r, d := range in.demands {
		n := 0
		for _, j := range set {
			if !math.IsInf(in.at(r, j), 1) {
				n++
			}
		}
		if n < times {
			out = append(out, d.ID)
		}
	}
	return out
}

// search is a branch and bound for min Σ_r min_{j ∈ J} cost_rj, |J| = count.
type search struct {
	ctx      context.Context
	in       *instance
	n, m     int
	count    int
	cost     []float64 // by candidate, then demand
	total    float64   // weight of all demands
	integral bool      // costs are whole numbers, so bounds round up

	best  float64 // value of the best set so far
	set   []int
	bound float64 // no set is better than this

	counting    bool
	optima      int
	maxOptima   int
	first       []int
	steps, most int
	exhausted   bool
	err         error
}

func newSearch(ctx context.Context, in *instance, count int, c Config) *search {
	s := &search{
		ctx: ctx, in: in, n: len(in.demands), m: len(in.candidates), count: count,
		best: math.Inf(1), most: c.effort(), maxOptima: c.optima(),
	}
	s.cost = make([]float64, s.n*s.m)
	for _, d := range in.demands {
		s.total += d.Weight
	}
	return s
}

// weighted makes the cost weight times distance and returns a value that no set
// that serves every demand reaches.
func (s *search) weighted() float64 {
	never := 1.0
	for r, d := range s.in.demands {
		far := 0.0
		for j := range s.m {
			if km := s.in.at(r, j); !math.IsInf(km, 1) {
				far = max(far, km)
			}
		}
		never += d.Weight * far
	}
	s.integral = true
	for j := range s.m {
		for r, d := range s.in.demands {
			c := never
			if km := s.in.at(r, j); !math.IsInf(km, 1) {
				c = d.Weight * km
			} else if d.Weight == 0 {
				c = 0
			}
			s.cost[j*s.n+r] = c
			s.integral = s.integral && c == math.Trunc(c)
		}
	}
	s.integral = s.integral && never < 1<<50
	return never
}

// covering makes the cost of a demand its weight where it is not covered.
func (s *search) covering(radius float64) {
	s.integral = s.total < 1<<50
	for j := range s.m {
		for r, d := range s.in.demands {
			if !reaches(s.in.at(r, j), radius) {
				s.cost[j*s.n+r] = d.Weight
				s.integral = s.integral && d.Weight == math.Trunc(d.Weight)
			}
		}
	}
}

// fill writes what is proved about the best set.
func (s *search) fill(p *Plan) {
	if s.integral {
		s.bound = math.Ceil(s.bound - 1e-6)
	}
	p.Objective, p.Bound = s.best, min(s.bound, s.best)
	p.Proved = !s.worse(p.Bound)
	if p.Proved {
		p.Bound = p.Objective
	}
	p.Optima, p.AllOptima = max(1, s.optima), p.Proved && s.counting && !s.exhausted && s.optima <= s.maxOptima
	p.Optima = min(p.Optima, s.maxOptima)
	p.FirstProved = p.AllOptima
	if s.first != nil {
		s.set = s.first
	}
}

// worse tells whether a bound is truly below the best value.
func (s *search) worse(bound float64) bool { return bound < s.best-slack(s.best) }

// prunes tells whether no set of interest has a value at or above a bound.
func (s *search) prunes(bound float64) bool {
	if s.integral {
		bound = math.Ceil(bound - 1e-6)
	}
	if s.counting {
		return bound > s.best+slack(s.best)
	}
	return bound >= s.best-slack(s.best)
}
