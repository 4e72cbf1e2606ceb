// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

// E04: days between steps.
func days(_ context.Context, x example, v values) error {
	for name, span := range map[string]pathway.Span{
		"to_referral": pathway.ToReferral, "to_treatment": pathway.ToTreatment, "referral_to_arrival": pathway.ToArrival,
	} {
		d := pathway.CountDays(x.events, span)
		v["E04.days_"+name] = map[string]any{
			"n": d.N, "min": number(d.Min), "q1": number(d.Q1), "median": number(d.Median), "q3": number(d.Q3),
			"iqr": number(d.IQR), "p90": number(d.P90), "max": number(d.Max), "mean": number(d.Mean),
		}
	}
	return nil
}

// E05: time to treatment with censoring and death.
func waiting(_ context.Context, x example, v values) error {
	status := map[string]any{}
	for p := range x.events.Pathways() {
		if w, problem := pathway.WaitOf(p); problem == "" {
			status[p.Patient()] = []any{w.Days, int(w.Outcome)}
		}
	}
	v["E05.time_status"] = status
	waits := pathway.CountWaits(x.events).Waits
	km, err := pathway.KaplanMeier(waits, 0.95)
	if err != nil {
		return err
	}
	steps := []any{}
	for _, s := range km.Steps {
		steps = append(steps, []any{s.Day, s.AtRisk, s.Treated, s.Survival})
	}
	v["E05.km_survival"] = steps
	for key, q := range map[string]float64{"E05.km_median": 0.5, "E05.km_p90": 0.9} {
		v[key] = nil
		if day, reached := km.Quantile(q); reached {
			v[key] = day
		}
	}
	at := km.At(42)
	v["E05.km_at_42"] = number(at.Survival)
	v["E05.km_at_42_se_greenwood"] = number(at.SE)
	v["E05.km_at_42_ci_loglog"] = []any{number(at.Lower), number(at.Upper)}
	mean, _ := km.RestrictedMean(60)
	v["E05.rmst_60"] = number(mean)
	incidence, err := pathway.AalenJohansen(waits)
	if err != nil {
		return err
	}
	v["E05.cif_treated_at_60"] = number(incidence.At(60).Treated)
	v["E05.cif_death_at_60"] = number(incidence.At(60).Died)
	return nil
}

// E06: return referral and shared treatment.
func returns(_ context.Context, x example, v values) error {
	back, shared := []string{}, []string{}
	for p := range x.events.Pathways() {
		if pathway.CameBack(p) {
			back = append(back, p.Patient())
		}
		if pathway.SharedTreatment(p) {
			shared = append(shared, p.Patient())
		}
	}
	slices.Sort(back)
	slices.Sort(shared)
	r := pathway.CountReturns(x.events)
	v["E06.return_share"], v["E06.return_patients"] = number(r.Back.Value), back
	v["E06.shared_treatment_share"], v["E06.shared_treatment_patients"] = number(r.Shared.Value), shared
	return nil
}

// E07, E08: layers and how they overlap.
func layers(ctx context.Context, x example, v values) error {
	names := []referral.Layer{referral.LayerPatient, referral.LayerReferral, referral.LayerPathology, referral.LayerMDT}
	var graphs []*graph.Digraph
	edges := map[string]any{}
	for _, layer := range names {
		t, err := pathway.LayerTable(ctx, x.events, layer)
		if err != nil {
			return err
		}
		g, err := t.Graph(referral.Counts)
		if err != nil {
			return err
		}
		graphs = append(graphs, g)
		edges[layer.String()] = byPair(g, func(e graph.Edge) float64 { return e.Weight })
	}
	v["E07.layer_edges"] = edges
	common, weighted := map[string]any{}, map[string]any{}
	for i, a := range graphs {
		for j := i + 1; j < len(graphs); j++ {
			pair := names[i].String() + "|" + names[j].String()
			common[pair] = number(structure.CommonEdges(a, graphs[j]))
			weighted[pair] = number(structure.WeightedJaccard(a, graphs[j]))
		}
	}
	v["E08.edge_jaccard"], v["E08.weighted_jaccard"] = common, weighted
	overlap := map[string]any{}
	for _, e := range structure.EdgeOverlap(graphs) {
		overlap[e.From+">"+e.To] = e.Layers
	}
	v["E08.edge_overlap"] = overlap
	v["E08.mean_overlap"] = number(structure.MeanOverlap(graphs))
	v["E08.coverage_pathology_by_patient"] = number(structure.CoveredEdges(graphs[2], graphs[0]))
	participation := map[string]any{}
	for _, p := range structure.Participation(graphs) {
		participation[p.Key] = number(p.Participation)
	}
	v["E08.participation"] = participation
	return nil
}

// E09: the ways of tissue.
func tissue(_ context.Context, x example, v values) error {
	ways := map[string]any{}
	km := func(from, to string) (float64, error) {
		d, err := x.landscape.Distance(from, to)
		return d.Km, err
	}
	for p := range x.events.Pathways() {
		w, sent := pathway.TissueOf(p, km)
		if !sent {
			continue
		}
		way := map[string]any{
			"route": strings.Join(w.Route, ">"), "legs": w.Legs, "detour_index": w.Detour, "reached_treating": w.Reached,
			"km": number(w.Km), "km_direct": number(w.Direct), "lag_days_after_referral": nil,
		}
		if w.HasLag {
			way["lag_days_after_referral"] = w.Lag
		}
		ways[p.Patient()] = way
	}
	v["E09.pathology"] = ways
	in := pathway.TissueInTime(x.events)
	v["E09.pathology_concordance"] = map[string]any{"n": in.Whole.Lo, "concordant": in.Part.Lo, "share": number(in.Value)}
	return nil
}

// E10: observed transit and brokerage.
func transit(_ context.Context, x example, v values) error {
	shares, roles := map[string]any{}, map[string]any{}
	for _, s := range pathway.CountTransit(x.events) {
		shares[s.Origin] = number(s.Value)
	}
	brokers, err := pathway.CountBrokerage(x.events, x.governing)
	if err != nil {
		return err
	}
	for _, b := range brokers {
		roles[fmt.Sprintf("%s:%v", b.Hospital, b.Role)] = b.Count
	}
	v["E10.transit_share"], v["E10.brokerage_roles"] = shares, roles
	return nil
}

// E11, E12: continuity of care and patients in common.
func continuity(_ context.Context, x example, v values) error {
	index := map[string]any{}
	for p := range x.events.Pathways() {
		if c, ok := pathway.ContinuityOf(p); ok {
			index[p.Patient()] = number(c.BiceBoxerman)
		}
	}
	v["E11.bice_boxerman"] = index
	mean := pathway.CountContinuity(x.events)
	v["E11.bice_boxerman_mean"] = number(mean.BiceBoxerman.Value)
	v["E11.usual_provider_mean"] = number(mean.UsualProvider.Value)
	pairs := map[string]any{}
	for _, s := range pathway.CountSharing(x.events) {
		pairs[s.A+"-"+s.B] = s.Patients
	}
	v["E12.patient_sharing"] = pairs
	return nil
}
