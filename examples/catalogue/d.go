// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strconv"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/flow"
)

// D07: Freeman centralization.
func freeman(ctx context.Context, x example, v values) error {
	g := x.flows
	others := float64(g.Len() - 1)
	_, received := totals(g)
	v["D07.freeman_in_degree"] = number(structure.Centralization(centrality.InDegree(g), others*others))
	v["D07.freeman_out_degree"] = number(structure.Centralization(centrality.OutDegree(g), others*others))
	v["D07.freeman_in_strength"] = number(structure.Centralization(centrality.InStrength(g), others*g.Loopless().Total()))
	v["D07.freeman_volume"] = number(structure.Centralization(graph.NewValues(g, received), others*g.Total()))
	between, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: centrality.Hops})
	if err != nil {
		return err
	}
	v["D07.freeman_betweenness_unweighted"] = number(structure.Centralization(between, others*others*(others-1)))
	return nil
}

// centers is the list of centers of the example.
func (x example) centers() coverage.List { return coverage.NewList("expert", x.listed["expert"]...) }

// D01: classes of patients with a treatment, figure 3.3.
func referralClasses(_ context.Context, x example, v values) error {
	c, err := coverage.CountClasses(x.events, "surgery", x.centers())
	if err != nil {
		return err
	}
	names := map[string]float64{
		"expert_throughout": c.Throughout, "referred_after_diagnosis_elsewhere": c.AfterDiagnosis,
		"referred_after_prior_surgery_elsewhere": c.AfterTreatment, "definitive_surgery_elsewhere": c.Elsewhere,
	}
	counts, shares := map[string]any{"no_surgery": c.Untreated, "origin_unknown": c.OriginUnknown}, map[string]any{}
	for name, n := range names {
		counts[name], shares[name] = n, number(n/c.Total())
	}
	v["D01.class_counts"], v["D01.class_shares"] = counts, shares
	published := coverage.Classes{
		Throughout: x.percent["expert_throughout"], AfterDiagnosis: x.percent["referred_after_diagnosis_elsewhere"],
		AfterTreatment: x.percent["referred_after_prior_surgery_elsewhere"], Elsewhere: x.percent["definitive_surgery_elsewhere"],
	}
	v["D01.fig3_3.share_definitive_in_expert"] = number(published.InCenter().Value)
	v["D01.fig3_3.referral_rate_given_diagnosed_elsewhere"] = number(published.Referred().Value)
	v["D01.fig3_3.direct_referral_rate"] = number(published.ReferredAtOnce().Value)
	v["D01.fig3_3.share_diagnosed_in_expert"] = number(published.FirstInCenter().Value)
	return nil
}

// D02, D03: involvement of a center, of all patients and by network.
func involvement(_ context.Context, x example, v values) error {
	all := coverage.Involve(x.events, x.centers())
	v["D02.involvement_counts"] = map[string]any{
		"treated": all.Treated, "seen_not_treated": all.Seen, "discussed_only": all.Discussed, "none": all.None,
	}
	v["D02.involvement_share_any"] = number(all.Any.Value)
	v["D02.involvement_share_referral_only"] = number(all.ReferredOnlyShare.Value)
	groups := coverage.InvolveBy(x.events, x.centers(), func(p referral.Pathway) string { return x.home[p.Patient()] })
	regions := map[string]any{}
	for _, g := range x.governing.Groups() {
		regions[g] = map[string]any{"n": 0, "covered": 0, "share": nil}
	}
	for _, g := range groups {
		regions[g.Group] = map[string]any{"n": g.Patients(), "covered": g.Any.Part.Lo, "share": number(g.Any.Value)}
	}
	v["D03.region_involvement"] = regions
	least, _ := coverage.Least(groups)
	v["D03.min_region_coverage"] = number(least.Value)
	shares, err := coverage.TreatedInCenters(x.stays, x.centers(), x.governing)
	if err != nil {
		return err
	}
	byNetwork := map[string]any{}
	for _, s := range shares {
		if s.Origin == "" {
			v["D03.treated_in_expert_system"] = number(s.Value)
		} else {
			byNetwork[s.Origin] = number(s.Value)
		}
	}
	v["D03.treated_in_expert_by_network"] = byNetwork
	return nil
}

// D04, D17: distance to the nearest center.
func access(_ context.Context, x example, v values) error {
	a, err := coverage.NewAccess(x.landscape, x.centers(), coverage.AccessConfig{})
	if err != nil {
		return err
	}
	minutes, err := coverage.NewAccess(x.landscape, x.centers(), coverage.AccessConfig{Minutes: true, Detour: 1.3, KmPerHour: 70})
	if err != nil {
		return err
	}
	all, err := coverage.NewAccess(x.landscape, coverage.NewList("all", x.stays.Classes()...), coverage.AccessConfig{})
	if err != nil {
		return err
	}
	table, nearest, covered := map[string]any{}, map[string]any{}, map[string]any{}
	for i, r := range a.Regions {
		nearest[r.Region], covered[r.Region] = number(r.Distance), r.Distance <= 60
		row := map[string]any{}
		for j, h := range all.Experts.Hospitals {
			row[h] = number(all.Regions[i].Distances[j])
		}
		table[r.Region] = row
	}
	v["D04.region_hospital_km"] = table
	v["D04.nearest_expert_km"] = nearest
	v["D04.regions_covered_60km"] = covered
	v["D04.population_within_30km"] = number(a.Within(30, coverage.Population, 1).Value)
	v["D04.population_within_60km"] = number(a.Within(60, coverage.Population, 1).Value)
	v["D04.population_within_100km"] = number(a.Within(100, coverage.Population, 1).Value)
	v["D04.cases_within_30km"] = number(a.Within(30, coverage.Cases, 1).Value)
	v["D04.population_within_60min"] = number(minutes.Within(60, coverage.Population, 1).Value)
	v["D04.mean_km_population"] = number(a.Mean(coverage.Population).Value)
	v["D04.mean_km_cases"] = number(a.Mean(coverage.Cases).Value)
	largest, _ := a.Largest()
	v["D17.equity"] = map[string]any{
		"gini_km_cases": number(a.Gini(coverage.Cases).Value), "max_km": number(largest.Value),
		"share_pop_over_100km": number(a.Beyond(100, coverage.Population).Value),
	}
	return nil
}

// D05, D06: volumes of hospitals, and those below a norm.
func hospitalVolumes(_ context.Context, x example, v values) error {
	mean := func(kind string) []coverage.Volume { return coverage.AnnualMean(x.volumes, kind, 2020, 2021) }
	byHospital := func(list []coverage.Volume) map[string]any {
		out := map[string]any{}
		for _, h := range x.stays.Classes() {
			out[h] = nil
		}
		for _, e := range list {
			out[e.Hospital] = e.Patients.Lo
		}
		return out
	}
	v["D05.surgery_annual_mean"] = byHospital(mean("surgery"))
	v["D05.radiotherapy_annual_mean"] = byHospital(mean("radiotherapy"))
	v["D05.hospital_period_volume"] = byHospital(coverage.PeriodVolumes(x.stays))
	treatments, patients := map[string]any{}, map[string]any{}
	for _, e := range coverage.CountVolumes(x.events, coverage.VolumeRule{ByKind: true}) {
		treatments[fmt.Sprintf("%s|%d|%s", e.Hospital, e.Year, e.Kind)] = e.Treatments
	}
	for _, e := range coverage.CountVolumes(x.events, coverage.VolumeRule{}) {
		patients[fmt.Sprintf("%s|%d", e.Hospital, e.Year)] = e.Patients.Lo
	}
	v["D05.events_treatments"], v["D05.events_distinct_patients"] = treatments, patients
	under := func(key string, list []coverage.Volume) {
		u := coverage.CountUnder(list, 5)
		v[key] = map[string]any{
			"active": number(u.Active.Value), "under": number(u.Hospitals.Value), "share_under": number(u.Share.Value),
			"patients": number(u.Patients.Value), "patients_under": number(u.PatientsUnder.Value),
			"share_patients_under": number(u.SharePatients.Value),
		}
	}
	year := func(kind string, year int) []coverage.Volume { return coverage.AnnualMean(x.volumes, kind, year, year) }
	under("D06.surgery_2020_norm5", year("surgery", 2020))
	under("D06.surgery_2021_norm5", year("surgery", 2021))
	under("D06.radiotherapy_2021_norm5", year("radiotherapy", 2021))
	under("D06.surgery_annual_mean_norm5", mean("surgery"))
	return nil
}

// D08: share treated in the largest hospitals.
func largest(_ context.Context, x example, v values) error {
	top := map[string]any{}
	for _, k := range []int{1, 2, 3, 7} {
		top[strconv.Itoa(k)] = number(flow.ConcentrationRatio(x.stays, k, flow.VolumeConfig{}).Value)
	}
	v["D08.top_k_share_hospital"] = top
	return nil
}

// D09: agreement of two lists of centers.
func lists(_ context.Context, x example, v values) error {
	ecza, field := coverage.NewList("ECZA", x.listed["ecza"]...), coverage.NewList("field", x.listed["field"]...)
	a := coverage.Agree(ecza, field, x.stays.Classes())
	v["D09.jaccard"] = number(a.Jaccard.Value)
	v["D09.precision"] = number(a.Precision.Value)
	v["D09.recall"] = number(a.Recall.Value)
	v["D09.cohen_kappa"] = number(a.Kappa.Value)
	w := coverage.AgreeWeighted(ecza, field, coverage.PeriodVolumes(x.stays))
	v["D09.jaccard_patient_weighted"] = number(w.Jaccard.Value)
	v["D09.precision_weighted"] = number(w.Precision.Value)
	v["D09.recall_weighted"] = number(w.Recall.Value)
	v["D09.f1_weighted"] = number(w.F1.Value)
	partners, alone := 0, 0
	for _, partner := range x.partners {
		if partner == "" {
			alone++
		} else {
			partners++
		}
	}
	v["D09.fig2_1_counts"] = map[string]any{"centres": len(x.partners), "preferred_partners": partners, "centres_without_partner": alone} //nolint:misspell // names of the file
	return nil
}

// D16: what the end of one center would mean for access.
func vulnerability(_ context.Context, x example, v values) error {
	a, err := coverage.NewAccess(x.landscape, x.centers(), coverage.AccessConfig{})
	if err != nil {
		return err
	}
	v["D16.coverage_75km_baseline"] = number(a.Within(75, coverage.Cases, 1).Value)
	v["D16.backup_coverage_75km"] = number(a.Within(75, coverage.Cases, 2).Value)
	losses := a.WithoutEach(75, coverage.PeriodVolumes(x.stays))
	byCenter := map[string]any{}
	for _, l := range losses {
		byCenter[l.Center] = map[string]any{
			"coverage_75km_after": number(l.Covered.Value), "cases_losing_access": l.CasesLost,
			"population_losing_access": l.PopulationLost, "extra_km_per_case": number(l.ExtraPerCase.Value),
			"share_treated_displaced": number(l.Displaced.Value),
		}
	}
	v["D16.n_minus_1"] = byCenter
	v["D16.critical_centre"] = coverage.Critical(losses)
	return nil
}
