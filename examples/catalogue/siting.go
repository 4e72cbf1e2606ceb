// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
	models "github.com/oncoref/oncoref/referral/siting"
)

// problem is the siting problem of the example, all hospitals being candidates.
func (x example) problem(w models.Weight) (models.Problem, error) {
	p, _, err := models.FromLandscape(x.landscape.On(0), models.Setting{Weight: w})
	for j, c := range p.Candidates {
		p.Candidates[j].Least, p.Candidates[j].Capacity = x.limits[c.ID][0], x.limits[c.ID][1]
	}
	return p, err
}

func centers(p models.Plan) string { return strings.Join(p.Centers, "+") }

// D10 to D14: where centers should be.
func siting(ctx context.Context, x example, v values) error {
	cases, err := x.problem(models.Cases)
	if err != nil {
		return err
	}
	people, err := x.problem(models.Population)
	if err != nil {
		return err
	}
	return errors.Join(
		covering(ctx, cases, v), mostCovered(ctx, cases, people, v), shortest(ctx, cases, v), limited(ctx, cases, v))
}

// D10: the fewest centers within a distance of everybody.
func covering(ctx context.Context, p models.Problem, v values) error {
	for key, ask := range map[string]struct {
		p      models.Problem
		radius float64
	}{
		"D10.lscp_40km": {p, 40}, "D10.lscp_52km": {p, 52}, "D10.lscp_60km": {p, 60}, "D10.lscp_100km": {p, 100},
		"D10.lscp_52km_regions_with_cases": {p.WithWeight(), 52},
	} {
		plan, err := models.Cover(ctx, ask.p, ask.radius, models.CoverConfig{})
		var none *models.InfeasibleError
		switch {
		case errors.As(err, &none):
			v[key] = map[string]any{"status": "infeasible", "uncovered": none.Demands}
		case err != nil:
			return err
		default:
			v[key] = map[string]any{"n": len(plan.Centers), "first": centers(plan), "optima": plan.Optima}
		}
	}
	return nil
}

// D11: the most patients or people within a distance.
func mostCovered(ctx context.Context, cases, people models.Problem, v values) error {
	for count := 1; count <= 3; count++ {
		for weight, p := range map[string]models.Problem{"cases": cases, "population": people} {
			plan, err := models.MaxCover(ctx, p, count, 50, models.Config{})
			if err != nil {
				return err
			}
			v[fmt.Sprintf("D11.mclp_p%d_50km_%s", count, weight)] = map[string]any{
				"covered": plan.Covered, "share": number(plan.Share), "first": centers(plan), "optima": plan.Optima,
			}
		}
	}
	return nil
}

// D12, D13: the shortest ways on average and for the worst-off.
func shortest(ctx context.Context, p models.Problem, v values) error {
	for count := 1; count <= 3; count++ {
		plan, err := models.Median(ctx, p, count, models.Config{})
		if err != nil {
			return err
		}
		v[fmt.Sprintf("D12.pmedian_p%d", count)] = map[string]any{
			"patient_km": plan.Objective, "mean_km": number(plan.Mean), "set": centers(plan), "optima": plan.Optima,
		}
		radius := func(p models.Problem) (map[string]any, error) {
			plan, err := models.Center(ctx, p, count, models.CoverConfig{})
			return map[string]any{"radius_km": plan.Objective, "first": centers(plan), "optima": plan.Optima}, err
		}
		key := fmt.Sprintf("D13.pcenter_p%d", count)
		if v[key], err = radius(p); err != nil {
			return err
		}
		if count == 2 {
			if v[key+"_demand_only"], err = radius(p.WithWeight()); err != nil {
				return err
			}
		}
	}
	return nil
}

// D14: with least and most volumes.
func limited(ctx context.Context, p models.Problem, v values) error {
	for count := 2; count <= 3; count++ {
		for name, single := range map[string]bool{"split": false, "single_source": true} {
			plan, err := models.CapacitatedMedian(ctx, p, count, models.CapacitatedConfig{SingleSource: single})
			key := fmt.Sprintf("D14.capacitated_%s_p%d", name, count)
			var none *models.InfeasibleError
			switch {
			case errors.As(err, &none):
				v[key] = map[string]any{"patient_km": nil, "set": nil}
			case err != nil:
				return err
			default:
				v[key] = map[string]any{"patient_km": plan.Objective, "set": centers(plan)}
			}
		}
	}
	return nil
}

// D15: what if hospitals stop.
func whatIf(_ context.Context, x example, v values) error {
	km := func(from, to string) (float64, error) {
		d, err := x.landscape.Distance(from, to)
		return d.Km, err
	}
	var small, others []string
	for _, h := range x.stays.Classes() {
		if x.stays.DestinationTotal(h).Value/6 < 2 {
			small = append(small, h)
		}
		if !slices.Contains(x.listed["expert"], h) {
			others = append(others, h)
		}
	}
	remaining := slices.DeleteFunc(slices.Clone(x.listed["expert"]), func(h string) bool { return h == "H7" })
	for key, c := range map[string]models.Change{
		"close_H7_nearest_expert":         {Close: []string{"H7"}, Targets: remaining, Distance: km},
		"close_H7_proportional":           {Close: []string{"H7"}, Rule: models.Proportional, Distance: km},
		"close_below_2_per_year":          {Close: small, Distance: km},
		"full_centralisation_expert_only": {Close: others, Targets: x.listed["expert"], Distance: km},
	} {
		e, err := models.WhatIf(x.stays, c)
		if err != nil {
			return err
		}
		supra, hhi, err := spread(e.After, x.governing)
		if err != nil {
			return err
		}
		volume := map[string]any{}
		for _, h := range x.stays.Classes() {
			volume[h] = number(e.After.DestinationTotal(h).Value)
		}
		m := map[string]any{
			"moved": number(e.Moved.Value), "extra_patient_km": number(e.Extra.Value), "extra_km_per_moved": number(e.PerMoved.Value),
			"volume": volume, "supra_share": supra, "hhi_market_hospital": hhi, "mean_km": number(e.MeanAfter.Value),
		}
		if key == "close_below_2_per_year" {
			m["closed"] = e.Closed
		}
		v["D15."+key] = m
		if supra, hhi, err = spread(e.Before, x.governing); err != nil {
			return err
		}
		v["D15.baseline"] = map[string]any{"mean_km": number(e.MeanBefore.Value), "hhi_market_hospital": hhi, "supra_share": supra}
	}
	return nil
}

// spread gives the supra-regional share between groups and the Herfindahl index
// of hospitals.
func spread(t *referral.Table, groups *network.Partition) (supra, hhi any, err error) {
	between, err := t.Aggregate(groups)
	if err != nil {
		return nil, nil, err
	}
	return number(flow.SupraRegional(between).Value), number(flow.MarketHerfindahl(t, flow.HerfindahlConfig{}).Value), nil
}
