// SPDX-License-Identifier: Apache-2.0

package coverage_test

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
)

func TestCatalogue(t *testing.T) {
	l := catalogue.Log(t)
	metrics := catalogue.Metrics(t)
	seen := 0
	check := func(key string, have any) {
		t.Helper()
		m, ok := metrics[key]
		if !assert.True(t, ok, key) {
			return
		}
		seen++
		catalogue.Compare(t, key, m, have)
	}
	var experts, ecza, field []string
	for _, h := range catalogue.Rows(t, "example_hospitals.csv") {
		for column, list := range map[string]*[]string{"expert": &experts, "ecza": &ecza, "field": &field} {
			if h[column] == "1" {
				*list = append(*list, h["hospital"])
			}
		}
	}
	centers := coverage.NewList("expert", experts...)

	c, err := coverage.CountClasses(l, "surgery", centers)
	require.NoError(t, err)
	check("D01.class_counts", map[string]any{
		"expert_throughout": c.Throughout, "referred_after_diagnosis_elsewhere": c.AfterDiagnosis,
		"referred_after_prior_surgery_elsewhere": c.AfterTreatment, "definitive_surgery_elsewhere": c.Elsewhere,
		"no_surgery": c.Untreated, "origin_unknown": c.OriginUnknown,
	})
	report := coverage.Classes{Throughout: 39, AfterDiagnosis: 53, AfterTreatment: 2, Elsewhere: 6}
	check("D01.fig3_3.share_definitive_in_expert", report.InCenter().Value)
	check("D01.fig3_3.referral_rate_given_diagnosed_elsewhere", report.Referred().Value)
	check("D01.fig3_3.direct_referral_rate", report.ReferredAtOnce().Value)
	check("D01.fig3_3.share_diagnosed_in_expert", report.FirstInCenter().Value)

	v := coverage.Involve(l, centers)
	check("D02.involvement_counts", map[string]int{"treated": v.Treated, "seen_not_treated": v.Seen, "discussed_only": v.Discussed, "none": v.None})
	check("D02.involvement_share_any", v.Any.Value)
	assert.Equal(t, 1, v.ReferredOnly)

	home := map[string]string{}
	networkOf := map[string]string{}
	for _, r := range catalogue.Rows(t, "example_regions.csv") {
		networkOf[r["region"]] = r["network"]
	}
	for _, r := range catalogue.Rows(t, "example_patients.csv") {
		home[r["patient"]] = networkOf[r["region"]]
	}
	groups := coverage.InvolveBy(l, centers, func(p referral.Pathway) string { return home[p.Patient()] })
	regions := map[string]any{"E": map[string]any{"n": 0, "covered": 0, "share": nil}}
	for _, g := range groups {
		regions[g.Group] = map[string]any{"n": g.Patients(), "covered": g.Any.Part.Lo, "share": g.Any.Value}
	}
	check("D03.region_involvement", regions)
	least, who := coverage.Least(groups)
	check("D03.min_region_coverage", least.Value)
	assert.Equal(t, []string{"A"}, who)

	f, err := os.Open(filepath.Join(catalogue.Folder(t), "example_hospital_flows.csv"))
	require.NoError(t, err)
	defer f.Close()
	table, err := referral.ReadTable(t.Context(), f, referral.TableConfig{})
	require.NoError(t, err)
	shares, err := coverage.TreatedInCenters(table, centers, catalogue.Governance(t))
	require.NoError(t, err)
	treated := map[string]any{}
	for _, s := range shares[:len(shares)-1] {
		treated[s.Origin] = any(nil)
		if s.Status == referral.OK {
			treated[s.Origin] = s.Value
		}
	}
	check("D03.treated_in_expert_by_network", treated)
	check("D03.treated_in_expert_system", shares[len(shares)-1].Value)

	var volumes []coverage.Volume
	for _, r := range catalogue.Rows(t, "example_volumes.csv") {
		year, err := strconv.Atoi(r["year"])
		require.NoError(t, err)
		if n, err := strconv.ParseFloat(r["patients"], 64); err == nil {
			volumes = append(volumes, coverage.Volume{Hospital: r["hospital"], Year: year, Kind: r["modality"], Patients: referral.Count(n)})
		}
	}
	annual := func(kind string) map[string]any {
		out := map[string]any{}
		for _, h := range catalogue.Rows(t, "example_hospitals.csv") {
			out[h["hospital"]] = nil
		}
		for _, v := range coverage.AnnualMean(volumes, kind, 2020, 2021) {
			out[v.Hospital] = v.Patients.Lo
		}
		return out
	}
	check("D05.surgery_annual_mean", annual("surgery"))
	check("D05.radiotherapy_annual_mean", annual("radiotherapy"))
	period := map[string]float64{}
	for _, v := range coverage.PeriodVolumes(table) {
		period[v.Hospital] = v.Patients.Lo
	}
	check("D05.hospital_period_volume", period)
	events := map[string]int{}
	for _, v := range coverage.CountVolumes(l, coverage.VolumeRule{ByKind: true}) {
		events[v.Hospital+"|"+strconv.Itoa(v.Year)+"|"+v.Kind] = v.Treatments
	}
	check("D05.events_treatments", events)
	var year []coverage.Volume
	for _, v := range volumes {
		if v.Kind == "surgery" && v.Year == 2020 {
			year = append(year, v)
		}
	}
	u := coverage.CountUnder(year, 5)
	check("D06.surgery_2020_norm5", map[string]any{
		"active": u.Active.Value, "under": u.Hospitals.Value, "share_under": u.Share.Value,
		"patients": u.Patients.Value, "patients_under": u.PatientsUnder.Value, "share_patients_under": u.SharePatients.Value,
	})

	a := coverage.AgreeWeighted(coverage.NewList("ECZA", ecza...), coverage.NewList("field", field...), coverage.PeriodVolumes(table))
	n := coverage.Agree(coverage.NewList("ECZA", ecza...), coverage.NewList("field", field...), table.Classes())
	check("D09.jaccard", n.Jaccard.Value)
	check("D09.precision", n.Precision.Value)
	check("D09.recall", n.Recall.Value)
	check("D09.cohen_kappa", n.Kappa.Value)
	check("D09.precision_weighted", a.Precision.Value)
	check("D09.recall_weighted", a.Recall.Value)

	near, err := coverage.NewAccess(catalogue.Landscape(t), centers, coverage.AccessConfig{})
	require.NoError(t, err)
	km, within := map[string]float64{}, map[string]bool{}
	for _, r := range near.Regions {
		km[r.Region], within[r.Region] = r.Distance, r.Distance <= 60
	}
	check("D04.nearest_expert_km", km)
	check("D04.regions_covered_60km", within)
	check("D04.population_within_30km", near.Within(30, coverage.Population, 1).Value)
	check("D04.population_within_60km", near.Within(60, coverage.Population, 1).Value)
	check("D04.population_within_100km", near.Within(100, coverage.Population, 1).Value)
	check("D04.mean_km_population", near.Mean(coverage.Population).Value)
	minutes, err := coverage.NewAccess(catalogue.Landscape(t), centers, coverage.AccessConfig{Minutes: true, KmPerHour: 70, Detour: 1.3})
	require.NoError(t, err)
	check("D04.population_within_60min", minutes.Within(60, coverage.Population, 1).Value)
	check("D16.coverage_75km_baseline", near.Within(75, coverage.Cases, 1).Value)
	check("D16.backup_coverage_75km", near.Within(75, coverage.Cases, 2).Value)
	check("D16.critical_centre", coverage.Critical(near.WithoutEach(75, coverage.PeriodVolumes(table))))
	largest, _ := near.Largest()
	check("D17.equity", map[string]float64{"gini_km_cases": near.Gini(coverage.Cases).Value, "max_km": largest.Value, "share_pop_over_100km": near.Beyond(100, coverage.Population).Value})
	assert.Equal(t, 33, seen)
}

// same compares values as JSON gives them.
