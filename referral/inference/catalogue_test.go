// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

// retentionOf lists the retained shares of a table whose counts are exact.
func retentionOf(t testing.TB, table *referral.Table) []referral.Share {
	t.Helper()
	var out []referral.Share
	for _, o := range table.Origins() {
		own, all := table.RetainedTotal(o), table.OriginTotal(o)
		s := referral.Share{Origin: o, Part: referral.Count(own.Value), Whole: referral.Count(all.Value)}
		if s.Result = referral.UndefinedResult(referral.ReasonZeroRow); all.Value > 0 {
			s.Result = referral.ExactResult(own.Value / all.Value)
		}
		out = append(out, s)
	}
	return out
}

func within(t *testing.T, want [2]float64, got inference.Interval, tol float64, what string) {
	t.Helper()
	assert.InDelta(t, want[0], got.Lo, tol, what)
	assert.InDelta(t, want[1], got.Hi, tol, what)
}

func TestCatalogueProportions(t *testing.T) {
	shares := retentionOf(t, catalogue.Table(t, "example_flows.csv"))
	for name, m := range map[string]inference.Method{
		"F01.wilson_retention": inference.Wilson, "F02.jeffreys_retention": inference.Jeffreys,
	} {
		want, tol := catalogue.Into[map[string][2]float64](t, name)
		got, err := inference.OfShares(shares, inference.Config{Method: m})
		require.NoError(t, err)
		assert.Len(t, got, len(want))
		for _, e := range got {
			within(t, want[e.Origin], e.Interval, tol, name+" "+e.Origin)
		}
		assert.Equal(t, referral.Undefined, got[4].Status)
	}
	for _, c := range []struct {
		key  string
		m    inference.Method
		x, n float64
	}{
		{"F01.wilson_supra", inference.Wilson, 72, 200},
		{"F01.wilson_zero_of_30", inference.Wilson, 0, 30},
		{"F02.clopper_pearson_supra", inference.ClopperPearson, 72, 200},
	} {
		want, tol := catalogue.Into[[2]float64](t, c.key)
		got, err := inference.Proportion(c.x, c.n, inference.Config{Method: c.m})
		require.NoError(t, err)
		within(t, want, got, tol, c.key)
	}
}

func TestCatalogueGoodman(t *testing.T) {
	want, tol := catalogue.Into[map[string][2]float64](t, "F03.goodman_row_D")
	got, err := inference.OfRow(catalogue.Table(t, "example_flows.csv"), "D", inference.Config{Method: inference.Goodman})
	require.NoError(t, err)
	assert.Len(t, got, len(want))
	for _, e := range got {
		within(t, want[e.Destination], e.Interval, tol, e.Destination)
	}
}

func TestCatalogueBootstrap(t *testing.T) {
	type ends struct{ Lo, Hi float64 }
	rank, rankTol := catalogue.Into[map[string]ends](t, "F06.bootstrap_pagerank")
	gini, giniTol := catalogue.Into[ends](t, "F06.bootstrap_gini_dest")
	got, err := inference.Bootstrap(t.Context(), catalogue.Table(t, "example_flows.csv"),
		[]inference.Statistic{inference.PageRank(), inference.GiniDestination()},
		inference.BootstrapConfig{Replicates: 20000, Seed: 1})
	require.NoError(t, err)
	for class, want := range rank {
		n, ok := got.Find("pagerank", class)
		require.True(t, ok)
		within(t, [2]float64{want.Lo, want.Hi}, n.Interval, rankTol, class)
	}
	n, ok := got.Find("gini_destination", "")
	require.True(t, ok)
	within(t, [2]float64{gini.Lo, gini.Hi}, n.Interval, giniTol, "gini")
}

func TestCatalogueShrinkage(t *testing.T) {
	between, tol := catalogue.Into[float64](t, "F07.eb_between_variance")
	weights, _ := catalogue.Into[map[string]float64](t, "F07.eb_weight")
	got, err := inference.Shrink(retentionOf(t, catalogue.Table(t, "example_flows.csv")))
	require.NoError(t, err)
	assert.InDelta(t, between, got.Between.Value, tol)
	for _, s := range got.Shares {
		assert.InDelta(t, weights[s.Origin], s.Weight.Value, tol, s.Origin)
	}
	assert.True(t, got.Shares[4].Borrowed)
	assert.InDelta(t, 0.64, got.Shares[4].Estimate.Value, 1e-12)
}

func TestCatalogueComparison(t *testing.T) {
	got, err := inference.Compare(t.Context(), catalogue.Table(t, "example_flows_p1.csv"), catalogue.Table(t, "example_flows_p2.csv"), inference.CompareConfig{})
	require.NoError(t, err)
	for name, v := range map[string]float64{
		"F08.diff_supra": got.Supra.Difference.Value, "F08.fisher_two_sided_p": got.Supra.Fisher.Value,
		"F08.z_pooled": got.Supra.Z.Value, "F08.matrix_x2": got.Matrix.X2.Value,
		"A26.cpc_p1_p2": got.Common.Value, "A26.jensen_shannon_bits": got.JensenShannon.Value,
	} {
		want, tol := catalogue.Into[float64](t, name)
		assert.InDelta(t, want, v, tol, name)
	}
	want, tol := catalogue.Into[[2]float64](t, "F08.newcombe_ci")
	within(t, want, got.Supra.Interval, tol, "newcombe")
	rows, tol := catalogue.Into[map[string]*float64](t, "A26.row_tv")
	assert.Len(t, got.Rows, len(rows))
	for _, r := range got.Rows {
		if w := rows[r.Scope]; w == nil {
			assert.Equal(t, referral.Undefined, r.Status, r.Scope)
			assert.Equal(t, referral.ReasonZeroRow, r.Reason)
		} else {
			assert.InDelta(t, *w, r.Value, tol, r.Scope)
		}
	}
	assert.True(t, got.Matrix.Exact)
	t.Log(got.Matrix, got.CommonCross)
}

func TestCatalogueVolumes(t *testing.T) {
	want, tol := catalogue.Into[map[string][2]float64](t, "F09.poisson_ci")
	for x, w := range want {
		v, err := strconv.ParseFloat(x, 64)
		require.NoError(t, err)
		got, err := inference.Rate(referral.Count(v), inference.RateConfig{})
		require.NoError(t, err)
		within(t, w, got, tol, x)
	}
	rate, tol := catalogue.Into[[2]float64](t, "F09.rate_ci_H7_per_year")
	got, err := inference.Rate(referral.Count(26), inference.RateConfig{Years: 6})
	require.NoError(t, err)
	within(t, rate, got, tol, "rate")
}

func TestCatalogueFunnel(t *testing.T) {
	want, tol := catalogue.Into[map[string]float64](t, "F10.funnel_z")
	got, err := inference.NewFunnel(retentionOf(t, catalogue.Table(t, "example_flows.csv")), inference.FunnelConfig{})
	require.NoError(t, err)
	assert.InDelta(t, 0.64, got.Target, 1e-15)
	for _, p := range got.Points {
		if w, ok := want[p.Origin]; ok {
			assert.InDelta(t, w, p.Z.Value, tol, p.Origin)
			continue
		}
		assert.Equal(t, referral.Undefined, p.Z.Status)
		assert.Empty(t, p.Limits)
	}
	assert.True(t, got.Overdispersed)
	assert.False(t, math.IsNaN(got.Phi.Value))
	t.Log(got)
}
