// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"math"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
)

// access measures how far people live from the centers, if regions are there.
func (a *coverageAnswer) access() error {
	if a.s == nil || len(a.s.Landscape().Regions()) == 0 {
		return nil
	}
	x, err := coverage.NewAccess(a.s.Landscape(), a.list, coverage.AccessConfig{Minutes: a.f.minutes, Detour: a.f.detour})
	if err != nil {
		return err
	}
	w := coverage.Population
	switch a.f.weight {
	case "population":
	case "cases":
		w = coverage.Cases
	default:
		return usagef("weight %q: expected population or cases", a.f.weight)
	}
	if x.Unknown == len(x.Regions)*len(a.list.Hospitals) {
		a.note("no distance between regions and centers is known: no measures of access")
		return nil
	}
	a.why.Rules["distance"] = fmt.Sprintf("%d pairs of region and center are great circles, times %v; %d are not known", x.Circles, a.f.detour, x.Unknown)
	y := a.reach(x, w)
	largest, _ := x.Largest()
	a.add("mean_distance", "", y.mean(), x.Unit)
	a.add("largest_distance", "", largest, x.Unit)
	a.add("gini_distance", "", y.gini(), unitIndex)
	for _, r := range x.Regions {
		result := referral.UndefinedResult(referral.ReasonUnknownCells)
		if !math.IsNaN(r.Distance) {
			result = referral.ExactResult(r.Distance)
		}
		a.add("distance_to_center", r.Region, result, x.Unit)
	}
	for _, limit := range a.f.within {
		if !(limit >= 0) || math.IsInf(limit, 1) {
			return usagef("within %v: expected a number of at least 0", limit)
		}
		scope := fmt.Sprintf("%v %s", limit, x.Unit)
		a.add("within_reach", scope, y.within(limit, -1, 1), unitShare)
		a.add("within_reach_of_two", scope, y.within(limit, -1, 2), unitShare)
		for i, center := range x.Experts.Hospitals {
			a.add("within_reach_without", scope+" "+center, y.within(limit, i, 1), unitShare)
		}
	}
	return nil
}

// reach is access to centers with weights of which small numbers of patients are
// not shown.
type reach struct {
	*coverage.Access
	of      coverage.Weight
	weights []referral.Cell // by region; nil if all are used as they are
}

// reach replaces the weights of regions that are small numbers of patients.
func (a *coverageAnswer) reach(x *coverage.Access, w coverage.Weight) reach {
	y := reach{Access: x, of: w}
	if w != coverage.Cases {
		return y
	}
	for _, r := range x.Regions {
		if a.g.hidden(r.Cases) {
			y.weights = make([]referral.Cell, len(x.Regions))
		}
	}
	for i := range y.weights {
		if y.weights[i] = referral.MissingCell(); !math.IsNaN(x.Regions[i].Cases) {
			y.weights[i] = a.g.alone(x.Regions[i].Cases)
		}
	}
	return y
}

func (y reach) mean() referral.Result {
	if y.weights == nil {
		return y.Mean(y.of)
	}
	var distances []float64
	var weights []referral.Cell
	for i, r := range y.Regions {
		switch w := y.weights[i]; {
		case w.Hi == 0:
			continue
		case math.IsInf(w.Hi, 1) || math.IsNaN(r.Distance):
			return referral.UndefinedResult(referral.ReasonUnknownCells)
		default:
			distances, weights = append(distances, r.Distance), append(weights, w)
		}
	}
	return within(referral.WeightedMean(distances, weights))
}

func (y reach) gini() referral.Result {
	if y.weights == nil {
		return y.Gini(y.of)
	}
	return small.Withheld(math.NaN(), math.NaN())
}

// within is the share with enough centers at most a limit away, one center
// left out.
func (y reach) within(limit float64, without, times int) referral.Result {
	if y.weights == nil && without < 0 {
		return y.Within(limit, y.of, times).Result
	}
	var in, out referral.Cell
	for i, r := range y.Regions {
		w := r.Population
		if y.of == coverage.Cases {
			w = r.Cases
		}
		c := referral.MissingCell()
		switch {
		case y.weights != nil:
			c = y.weights[i]
		case !math.IsNaN(w):
			c = referral.Between(w, w)
		}
		if math.IsInf(c.Hi, 1) {
			return referral.UndefinedResult(referral.ReasonUnknownCells)
		}
		near := 0
		for j, d := range r.Distances {
			if j != without && d <= limit+1e-9*max(1, limit) {
				near++
			}
		}
		if near >= times {
			in = in.Add(c)
		} else {
			out = out.Add(c)
		}
	}
	return among([]referral.Cell{in}, []referral.Cell{out})
}
