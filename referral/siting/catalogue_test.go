// SPDX-License-Identifier: Apache-2.0

package siting_test

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/siting"
)

func expected(t *testing.T, prefix string) map[string]catalogue.Metric {
	t.Helper()
	out := map[string]catalogue.Metric{}
	for k, v := range catalogue.Metrics(t) {
		if strings.HasPrefix(k, prefix) {
			out[k] = v
		}
	}
	return out
}

func problem(t *testing.T, w siting.Weight) siting.Problem {
	t.Helper()
	p, notes, err := siting.FromLandscape(catalogue.Landscape(t).On(0), siting.Setting{Weight: w})
	require.NoError(t, err)
	require.Equal(t, []string{"56 distances are great circles between points, times 1"}, notes)
	volumes := map[string][2]float64{}
	for _, h := range catalogue.Rows(t, "example_hospitals.csv") {
		c, _ := strconv.ParseFloat(h["capacity"], 64)
		m, _ := strconv.ParseFloat(h["min_volume"], 64)
		volumes[h["hospital"]] = [2]float64{c, m}
	}
	for j, c := range p.Candidates {
		p.Candidates[j].Capacity, p.Candidates[j].Least = volumes[c.ID][0], volumes[c.ID][1]
	}
	return p
}

func TestCatalogue(t *testing.T) {
	ctx := t.Context()
	cases, people := problem(t, siting.Cases), problem(t, siting.Population)
	set := func(p siting.Plan) string { return strings.Join(p.Centers, "+") }
	asked := map[string]func() (siting.Plan, error){
		"D10.lscp_40km":               func() (siting.Plan, error) { return siting.Cover(ctx, people, 40, siting.CoverConfig{}) },
		"D10.lscp_60km":               func() (siting.Plan, error) { return siting.Cover(ctx, people, 60, siting.CoverConfig{}) },
		"D10.lscp_100km":              func() (siting.Plan, error) { return siting.Cover(ctx, people, 100, siting.CoverConfig{}) },
		"D11.mclp_p1_50km_cases":      func() (siting.Plan, error) { return siting.MaxCover(ctx, cases, 1, 50, siting.Config{}) },
		"D11.mclp_p3_50km_cases":      func() (siting.Plan, error) { return siting.MaxCover(ctx, cases, 3, 50, siting.Config{}) },
		"D11.mclp_p1_50km_population": func() (siting.Plan, error) { return siting.MaxCover(ctx, people, 1, 50, siting.Config{}) },
		"D11.mclp_p2_50km_population": func() (siting.Plan, error) { return siting.MaxCover(ctx, people, 2, 50, siting.Config{}) },
		"D11.mclp_p3_50km_population": func() (siting.Plan, error) { return siting.MaxCover(ctx, people, 3, 50, siting.Config{}) },
		"D12.pmedian_p1":              func() (siting.Plan, error) { return siting.Median(ctx, cases, 1, siting.Config{}) },
		"D12.pmedian_p2":              func() (siting.Plan, error) { return siting.Median(ctx, cases, 2, siting.Config{}) },
		"D12.pmedian_p3":              func() (siting.Plan, error) { return siting.Median(ctx, cases, 3, siting.Config{}) },
		"D13.pcenter_p1":              func() (siting.Plan, error) { return siting.Center(ctx, cases, 1, siting.CoverConfig{}) },
		"D13.pcenter_p3":              func() (siting.Plan, error) { return siting.Center(ctx, cases, 3, siting.CoverConfig{}) },
		"D14.capacitated_split_p2": func() (siting.Plan, error) {
			return siting.CapacitatedMedian(ctx, cases, 2, siting.CapacitatedConfig{})
		},
	}
	seen := 0
	for _, group := range []string{"D10", "D11", "D12", "D13", "D14"} {
		for key, m := range expected(t, group) {
			ask, ok := asked[key]
			if !assert.True(t, ok, key) {
				continue
			}
			seen++
			var want struct {
				Status                                string
				Uncovered                             []string
				N, Covered, Share, Mean_km, Radius_km *float64
				Patient_km                            *float64
				First, Set                            string
				Optima                                *int
			}
			require.NoError(t, json.Unmarshal(m.Value, &want), key)
			got, err := ask()
			if want.Status == "infeasible" {
				var none *siting.InfeasibleError
				require.True(t, errors.As(err, &none), key)
				assert.Equal(t, want.Uncovered, none.Demands)
				continue
			}
			require.NoError(t, err, key)
			assert.Equal(t, want.First+want.Set, set(got), key)
			assert.True(t, got.Proved && got.FirstProved && got.AllOptima, key)
			if want.Optima != nil {
				assert.Equal(t, *want.Optima, got.Optima, key)
			}
			for value, want := range map[float64]*float64{
				got.Objective: first(want.N, want.Covered, want.Patient_km, want.Radius_km), got.Share: want.Share, got.Mean: want.Mean_km,
			} {
				if want != nil {
					assert.InDelta(t, *want, value, m.Tol, key)
				}
			}
		}
	}
	assert.Equal(t, len(asked), seen)
}

func first(list ...*float64) *float64 {
	for _, v := range list {
		if v != nil {
			return v
		}
	}
	return nil
}

func hospitalFlows(t *testing.T) *referral.Table {
	t.Helper()
	f, err := os.Open(filepath.Join(catalogue.Folder(t), "example_hospital_flows.csv"))
	require.NoError(t, err)
	defer f.Close()
	table, err := referral.ReadTable(t.Context(), f, referral.TableConfig{})
	require.NoError(t, err)
	return table
}

func kilometers(l *network.Landscape) func(from, to string) (float64, error) {
	return func(from, to string) (float64, error) {
		d, err := l.Distance(from, to)
		return d.Km, err
	}
}

func TestCatalogueWhatIf(t *testing.T) {
	m, ok := expected(t, "D15.")["D15.close_H7_nearest_expert"]
	require.True(t, ok)
	var want struct {
		Moved, Extra_patient_km, Extra_km_per_moved, Mean_km, Supra_share, Hhi_market_hospital float64

		Volume map[string]float64
	}
	require.NoError(t, json.Unmarshal(m.Value, &want))
	got, err := siting.WhatIf(hospitalFlows(t), siting.Change{
		Close: []string{"H7"}, Targets: []string{"H3"}, Distance: kilometers(catalogue.Landscape(t)),
		Groups: catalogue.Governance(t), Norm: 5, Years: 6,
	})
	require.NoError(t, err)
	assert.InDelta(t, want.Supra_share, got.SupraAfter.Value, m.Tol)
	assert.InDelta(t, want.Hhi_market_hospital, got.HerfindahlAfter.Value, m.Tol)
	// Volumes of 42, 8, 71, 10, 25, 18 and 26 in six years, against 30: only H1
	// and H3 reach the norm; without H7 one hospital less does not.
	assert.Equal(t, []string{"H2", "H4", "H5", "H6", "H7"}, got.UnderBefore.Certain)
	assert.Equal(t, []string{"H2", "H4", "H5", "H6"}, got.UnderAfter.Certain)
	assert.InDelta(t, 61./6, got.UnderAfter.PatientsUnder.Value, 1e-12)
	assert.InDelta(t, want.Moved, got.Moved.Value, m.Tol)
	assert.InDelta(t, want.Extra_patient_km, got.Extra.Value, m.Tol)
	assert.InDelta(t, want.Extra_km_per_moved, got.PerMoved.Value, m.Tol)
	assert.InDelta(t, want.Mean_km, got.MeanAfter.Value, m.Tol)
	for h, v := range want.Volume {
		have := 0.0
		if r := got.After.DestinationTotal(h); r.Status != referral.Undefined {
			have = r.Value
		}
		assert.InDelta(t, v, have, m.Tol, h)
	}
	base := expected(t, "D15.")["D15.baseline"]
	var before struct{ Mean_km, Supra_share, Hhi_market_hospital float64 }
	require.NoError(t, json.Unmarshal(base.Value, &before))
	assert.InDelta(t, before.Mean_km, got.MeanBefore.Value, base.Tol)
	assert.InDelta(t, before.Supra_share, got.SupraBefore.Value, base.Tol)
	assert.InDelta(t, before.Hhi_market_hospital, got.HerfindahlBefore.Value, base.Tol)
	for _, rule := range []siting.Rule{siting.Nearest, siting.Proportional, siting.Gravity} {
		e, err := siting.WhatIf(hospitalFlows(t), siting.Change{Close: []string{"H2", "H4"}, Rule: rule, Beta: 0.02, Distance: kilometers(catalogue.Landscape(t))})
		require.NoError(t, err)
		assert.InDelta(t, 200, e.After.Total().Value, 1e-9)
		for _, h := range e.Before.Origins() {
			assert.InDelta(t, e.Before.OriginTotal(h).Value, e.After.OriginTotal(h).Value, 1e-9, h)
		}
		assert.False(t, math.IsNaN(e.WorstTenth.Value))
	}
}
