// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/siting"
)

// middle stands for a number of 1 to 4 patients where a model needs one.
const middle = threshold / 2.0

// passWeights replaces the weights of regions that are small numbers of
// patients, so that neither the plan nor a model that is written depends on them.
// It returns the regions.
func (f *locateFlags) passWeights(c *cobra.Command, p *siting.Problem) (map[string]bool, error) {
	small := map[string]bool{}
	if f.weight != siting.Cases.String() {
		return small, nil
	}
	if f.allowSmall {
		return small, f.open(c, "regions")
	}
	for i, d := range p.Demands {
		if f.hidden(d.Weight) {
			small[d.ID] = true
			p.Demands[i].Weight = middle
		}
	}
	if len(small) == 0 {
		return small, nil
	}
	return small, say(c.ErrOrStderr(), "regions: %d numbers of 1 to 4 cases are taken as %v to find the plan, and as from 1 to 4 in what it costs; --allow-small uses them as they are",
		len(small), middle)
}

// people is the unit of what a region weighs.
func (f *locateFlags) people() string {
	switch f.weight {
	case siting.Cases.String():
		return unitPatients
	case siting.Population.String():
		return "inhabitants"
	}
	return "regions"
}

// weighed is what is shown of the weight that a center serves of a region.
func weighed(s siting.Service, small map[string]bool) referral.Cell {
	if small[s.Demand] { // all of it, or a part
		return referral.Between(s.Weight/middle, s.Weight/middle*(threshold-1))
	}
	return referral.Between(s.Weight, s.Weight)
}

// served gives the weights of a plan and their distances.
func served(p siting.Plan, small map[string]bool) (km []float64, weights []referral.Cell) {
	for _, s := range p.Served {
		km, weights = append(km, s.Distance), append(weights, weighed(s, small))
	}
	return km, weights
}

// planRows gives the plan, its centers with what they serve, and where each
// region goes.
func (f *locateFlags) planRows(p siting.Plan, small map[string]bool) []row {
	var rows []row
	add := func(measure, scope string, r referral.Result, unit string) {
		rows = append(rows, row{measure, referral.Scoped{Scope: scope, Result: r}, unit, nil})
	}
	number := func(v float64) referral.Result {
		if math.IsNaN(v) {
			return referral.UndefinedResult(referral.ReasonZeroDenominator)
		}
		return referral.ExactResult(v)
	}
	objective := number(p.Objective)
	if !p.Proved {
		objective = referral.BoundedResult(min(p.Objective, p.Bound), max(p.Objective, p.Bound), "not_proved")
	}
	mean, share := number(p.Mean), number(p.Share)
	if len(small) > 0 {
		objective, mean, share = f.costs(p, small, objective)
	}
	unit := map[siting.Model]string{
		siting.CenterModel: p.Unit, siting.CoverModel: "centers", siting.MaxCoverModel: f.people(),
	}[p.Model]
	if unit == "" {
		unit = f.people() + " * " + p.Unit
	}
	add("objective", p.Model.String(), objective, unit)
	add("gap", p.Model.String(), number(p.Gap()), unitShare)
	optima := number(float64(p.Optima))
	if !p.AllOptima {
		optima = referral.BoundedResult(float64(p.Optima), math.Inf(1), "counting_stopped")
	}
	add("equally_good_choices", p.Model.String(), optima, "choices")
	add("mean_distance", "", mean, p.Unit)
	add("largest_distance", "", number(p.Largest), p.Unit)
	if !math.IsNaN(p.Covered) {
		add("within_radius", "", share, unitShare)
	}
	for _, h := range p.Centers {
		var w referral.Cell
		for _, s := range p.Served {
			if s.Center == h {
				w = w.Add(weighed(s, small))
			}
		}
		add("center", h, f.cell(w), f.people())
	}
	for _, s := range p.Served {
		add("distance", s.Demand+" > "+s.Center, number(s.Distance), p.Unit)
	}
	return rows
}

// costs bounds what a plan costs when the cases of small regions are anywhere
// from 1 to 4.
func (f *locateFlags) costs(p siting.Plan, small map[string]bool, objective referral.Result) (cost, mean, share referral.Result) {
	km, weights := served(p, small)
	var near, far referral.Cell
	lo, hi := 0.0, 0.0
	for i, w := range weights {
		lo, hi = lo+km[i]*w.Lo, hi+km[i]*w.Hi
		if km[i] <= f.radius+1e-9*max(1, f.radius) {
			near = near.Add(w)
		} else {
			far = far.Add(w)
		}
	}
	switch p.Model {
	case siting.MedianModel, siting.CapacitatedModel:
		objective = f.cell(referral.Between(lo, hi))
	case siting.MaxCoverModel:
		objective = f.cell(near)
	case siting.CenterModel, siting.CoverModel: // no weight is in it
	}
	return objective, within(referral.WeightedMean(km, weights)), among([]referral.Cell{near}, []referral.Cell{far})
}

func (f *locateFlags) frontierRows(points []siting.FrontierPoint, small map[string]bool) []row {
	var rows []row
	for _, x := range points {
		for _, y := range []struct {
			name, scope string
			value       float64
			plan        siting.Plan
		}{
			{"least_mean_distance", "p-median", x.Median.Mean, x.Median},
			{"least_largest_distance", "p-center", x.Center.Largest, x.Center},
		} {
			r := referral.ExactResult(y.value)
			if !y.plan.Proved {
				r = referral.BoundedResult(y.value*(1-y.plan.Gap()), y.value, "not_proved")
			}
			if len(small) > 0 && y.name == "least_mean_distance" {
				r = within(referral.WeightedMean(served(y.plan, small)))
			}
			rows = append(rows, row{y.name, referral.Scoped{
				Scope: fmt.Sprintf("%d: %s", x.Count, strings.Join(y.plan.Centers, " ")), Result: r,
			}, y.plan.Unit, nil})
		}
	}
	return rows
}
