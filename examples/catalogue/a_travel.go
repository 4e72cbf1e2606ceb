// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/flow/gravity"
)

// A21: the gravity model, with 10 kilometers within a network.
func gravityModel(ctx context.Context, x example, v values) error {
	costs, err := gravity.GreatCircle(x.networkPoints, 10)
	if err != nil {
		return err
	}
	for name, c := range map[string]gravity.Constraint{"production": gravity.Production, "doubly": gravity.Doubly} {
		m, err := gravity.Fit(ctx, x.table, costs, gravity.Config{Constraint: c})
		if err != nil {
			return err
		}
		cost, expected, residual := table{}, table{}, table{}
		for _, cell := range m.Cells {
			cost.set(cell.Origin, cell.Destination, number(cell.Cost))
			expected.set(cell.Origin, cell.Destination, number(cell.Expected))
			residual.set(cell.Origin, cell.Destination, number(cell.Residual))
		}
		v["A21.cost_matrix"] = cost
		v["A21.mean_cost_observed"] = number(m.MeanCost.Value)
		v["A21."+name+".beta"] = number(m.Beta.Value)
		v["A21."+name+".expected"] = expected
		v["A21."+name+".residual"] = residual
		v["A21."+name+".cpc"] = number(m.CPC.Value)
		v["A21."+name+".srmse"] = number(m.SRMSE.Value)
	}
	return nil
}

// A24: how far patients travel.
func travel(_ context.Context, x example, v values) error {
	km := flow.GreatCircles(x.networkPoints)
	v["A24.haversine_A_D"] = number(km("A", "D"))
	for key, c := range map[string]flow.TravelConfig{"A24.burden_all": {}, "A24.burden_referred": {DropRetained: true}} {
		b, err := flow.Travel(x.table, km, c)
		if err != nil {
			return err
		}
		v[key] = map[string]any{
			"patients": number(b.Patients.Value), "patient_km": number(b.Total.Value), "mean_km": number(b.Mean.Value),
			"median_km": number(b.Median.Value), "p90_km": number(b.P90.Value), "max_km": number(b.Max.Value),
		}
	}
	mean, err := flow.TravelByOrigin(x.table, km, flow.TravelConfig{})
	if err != nil {
		return err
	}
	v["A24.mean_km_by_origin"] = scoped(mean)
	return nil
}

// A25: past the nearest expert center.
func bypass(_ context.Context, x example, v values) error {
	km := flow.GreatCircles(x.hospitalPoints)
	nearest := map[string]any{}
	for _, n := range flow.NearestOf(x.stays, x.experts, km) {
		nearest[n.Origin] = n.Class
	}
	v["A25.nearest_expert"] = nearest
	b, err := flow.Bypass(x.stays, x.experts, km)
	if err != nil {
		return err
	}
	v["A25.bypass_share"] = number(b.Share.Value)
	v["A25.excess_km_total"] = number(b.Excess.Value)
	v["A25.excess_km_mean_bypassers"] = number(b.Mean.Value)
	return nil
}
