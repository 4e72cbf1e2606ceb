// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
)

// CapacitatedConfig is a Config for CapacitatedMedian.
type CapacitatedConfig struct {
	Config
	SingleSource bool // each demand goes to one center as a whole; otherwise it may be split
}

// CapacitatedMedian chooses count centers and who goes where so that the sum of
// weight times distance is least while each center serves at least its Least
// and at most its Capacity:
//
//	min Σ_r Σ_j a_r d_rj x_rj,  Σ_j x_rj = 1,  Least_j y_j ≤ Σ_r a_r x_rj ≤ Capacity_j y_j,  Σ_j y_j = count
//
// with x between 0 and 1, or with SingleSource either. A demand does not always
// go to the nearest center: Served says where. Weight, Capacity and Least must
// be over the same period. Demands of weight 0 are served by nobody.
//
// The search is a branch and bound over the centers with the Lagrangian bound of
// the relaxed assignment; for given centers the split assignment is a minimum
// cost flow and the undivided one a branch and bound on it. It is exact unless
// [Config.Effort] ends it: then Bound says how far the optimum can be.
//
// It returns a *ProblemError, an *InfeasibleError that says which constraint
// cannot be met, or the error of ctx.
//
// J. M. Mulvey and M. P. Beck, European Journal of Operational Research
// 18:339-348, 1984; least volumes: M. Carreras and D. Serra, Socio-Economic
// Planning Sciences 33:91-103, 1999.
func CapacitatedMedian(ctx context.Context, p Problem, count int, c CapacitatedConfig) (Plan, error) {
	full, err := p.compile()
	if err != nil {
		return Plan{}, err
	}
	if err := full.checkCount(count); err != nil {
		return Plan{}, err
	}
	in := full
	if kept := p.WithWeight(); len(kept.Demands) < len(p.Demands) {
		if len(kept.Demands) == 0 {
			return Plan{}, &ProblemError{Field: "Demands", Want: "a demand with weight"}
		}
		if in, err = kept.compile(); err != nil {
			return Plan{}, err
		}
	}
	if lost := in.unreachable(math.Inf(1), 1); len(lost) > 0 {
		return Plan{}, &InfeasibleError{CapacitatedModel, "no candidate serves", lost}
	}
	s := newAllocation(ctx, in, count, c)
	if reason := s.room(); reason != "" {
		return Plan{}, &InfeasibleError{Model: CapacitatedModel, Constraint: reason}
	}
	if err := s.solve(); err != nil {
		return Plan{}, err
	}
	if s.set == nil {
		why := fmt.Sprintf("no %d centers can serve all demands within their least and most volumes", count)
		if s.exhausted || !math.IsInf(s.bound, 1) {
			why = unproved
		}
		return Plan{}, &InfeasibleError{Model: CapacitatedModel, Constraint: why}
	}
	plan := Plan{Model: CapacitatedModel, Objective: s.best, Bound: min(s.bound, s.best)}
	plan.Proved = plan.Bound >= s.best-slack(s.best)
	if plan.Proved {
		plan.Bound = plan.Objective
	}
	plan.Centers = in.ids(s.set)
	plan.Optima, plan.AllOptima = max(1, s.optima), plan.Proved && s.counting && !s.exhausted && !s.unsure && s.optima <= s.maxOptima
	plan.Optima = min(plan.Optima, s.maxOptima)
	plan.FirstProved = plan.AllOptima
	for r, d := range in.demands {
		for at, j := range s.set {
			if w := s.flow[r*count+at]; w > 0 {
				plan.Served = append(plan.Served, Service{d.ID, in.candidates[j].ID, w, in.at(r, j)})
			}
		}
	}
	slices.SortFunc(plan.Served, func(a, b Service) int {
		if a.Demand != b.Demand {
			return strings.Compare(a.Demand, b.Demand)
		}
		return strings.Compare(a.Center, b.Center)
	})
	in.sum(&plan, math.NaN())
	return plan, nil
}

// allocation is a branch and bound over sets of centers with limited volumes.
type allocation struct {
	ctx    context.Context
	in     *instance
	count  int
	single bool
	weight []float64
	total  float64
	least  []float64
	most   []float64

	best  float64
	set   []int
	flow  []float64 // weight by demand, then place in set
	bound float64

	counting    bool
	optima      int
	maxOptima   int
	steps, stop int
	divide      int // branches of the search for undivided assignments to one set
	exhausted   bool
	unsure      bool // a set may be as good, but the search for its assignment was cut short
	err         error

	order []int32 // by candidate, the demands by what they gain at the prices
}

func newAllocation(ctx context.Context, in *instance, count int, c CapacitatedConfig) *allocation {
	s := &allocation{
		ctx: ctx, in: in, count: count, single: c.SingleSource,
		best: math.Inf(1), stop: c.effort(), maxOptima: c.optima(), divide: divideBranches,
	}
	for _, d := range in.demands {
		s.weight = append(s.weight, d.Weight)
		s.total += d.Weight
	}
	for _, x := range in.candidates {
		s.least = append(s.least, x.Least)
		if x.Capacity == 0 {
			x.Capacity = math.Inf(1)
		}
		s.most = append(s.most, min(x.Capacity, s.total))
	}
	for range in.candidates {
		for r := range in.demands {
			s.order = append(s.order, int32(r))
		}
	}
	return s
}

// room tells why no choice can serve everybody, as far as the sums show.
func (s *allocation) room() string {
	var most, least []float64
	fixedMost, fixedLeast := 0.0, 0.0
	free := s.count
	for j, c := range s.in.candidates {
		switch c.Choice {
		case Fixed:
			fixedMost += s.most[j]
			fixedLeast += s.least[j]
			free--
		case Free:
			most, least = append(most, s.most[j]), append(least, s.least[j])
		case Forbidden:
		}
	}
	slices.Sort(most)
	slices.Sort(least)
	for _, v := range most[len(most)-free:] {
		fixedMost += v
	}
	for _, v := range least[:free] {
		fixedLeast += v
	}
	switch {
	case fixedMost < s.total-slack(s.total):
		return fmt.Sprintf("the %d largest capacities together are %v, less than the demand of %v", s.count, fixedMost, s.total)
	case fixedLeast > s.total+slack(s.total):
		return fmt.Sprintf("the %d smallest least volumes together are %v, more than the demand of %v", s.count, fixedLeast, s.total)
	}
	return ""
}
