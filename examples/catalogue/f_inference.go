// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"strconv"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
)

// F01 and F02: intervals of shares.
func proportions(_ context.Context, x example, v values) error {
	retention, supra := flow.Retention(x.table), flow.SupraRegional(x.table)
	origin := func(e inference.Estimate) string { return e.Origin }
	for key, m := range map[string]inference.Method{
		"F01.wilson_retention": inference.Wilson, "F02.jeffreys_retention": inference.Jeffreys,
	} {
		e, err := inference.OfShares(retention, inference.Config{Method: m})
		if err != nil {
			return err
		}
		v[key] = estimates(e, origin)
	}
	for key, m := range map[string]inference.Method{
		"F01.wilson_supra": inference.Wilson, "F02.clopper_pearson_supra": inference.ClopperPearson,
	} {
		e, err := inference.OfShare(supra, inference.Config{Method: m})
		if err != nil {
			return err
		}
		v[key] = ends(e.Interval)
	}
	for key, m := range map[string]inference.Method{
		"F01.wilson_zero_of_30": inference.Wilson, "F02.jeffreys_zero_of_30": inference.Jeffreys,
	} {
		i, err := inference.Proportion(0, 30, inference.Config{Method: m})
		if err != nil {
			return err
		}
		v[key] = ends(i)
	}
	return nil
}

// F03 to F05: intervals of all destinations of an origin.
func rows(_ context.Context, x example, v values) error {
	destination := func(e inference.Estimate) string { return e.Destination }
	for key, m := range map[string]inference.Method{
		"F03.goodman_row_D": inference.Goodman, "F04.sison_glaz_row_D": inference.SisonGlaz,
	} {
		e, err := inference.OfRow(x.table, "D", inference.Config{Method: m})
		if err != nil {
			return err
		}
		v[key] = estimates(e, destination)
	}
	e, err := inference.OfRow(x.table, "D", inference.Config{Method: inference.Dirichlet})
	if err != nil {
		return err
	}
	counts := make([]float64, len(e))
	for i := range e {
		counts[i] = x.table.Cell("D", e[i].Destination).Lo
	}
	posterior := map[string]any{}
	for i, mean := range inference.PosteriorMeans(counts) {
		posterior[e[i].Destination] = map[string]any{
			"mean": number(mean), "lo": number(e[i].Interval.Lo), "hi": number(e[i].Interval.Hi),
		}
	}
	v["F05.dirichlet_jeffreys_row_D"] = posterior
	return nil
}

// F06: patients drawn again, or left out one by one.
func resampling(ctx context.Context, x example, v values) error {
	d, err := x.table.Filter(referral.Selection{Origins: []string{"D"}})
	if err != nil {
		return err
	}
	r, err := inference.Bootstrap(ctx, d, []inference.Statistic{inference.HHIOrigin()}, inference.BootstrapConfig{})
	if err != nil {
		return err
	}
	n, _ := r.Find("hhi_origin", "D")
	v["F06.bootstrap_hhi_row_D_exact"] = map[string]any{
		"mean": number(n.Mean), "se": number(n.SE), "lo": number(n.Interval.Lo), "hi": number(n.Interval.Hi),
		"plug_in": number(n.Observed.Value), "bias": number(n.Bias),
	}

	left, err := inference.Jackknife(ctx, x.table,
		[]inference.Statistic{inference.GiniDestination(), inference.HHIMarket(), inference.EntropyMarket()})
	if err != nil {
		return err
	}
	se := map[string]any{}
	for i, name := range []string{"gini_dest", "hhi_market", "entropy_market"} {
		se[name] = number(left[i].SE)
	}
	v["F06.jackknife_se"] = se

	r, err = inference.Bootstrap(ctx, x.table, []inference.Statistic{inference.PageRank(), inference.GiniDestination()},
		inference.BootstrapConfig{Replicates: 20000, Seed: 1})
	if err != nil {
		return err
	}
	between, top := map[string]any{}, map[string]any{}
	for _, n := range r.Numbers {
		lohi := map[string]any{"lo": number(n.Interval.Lo), "hi": number(n.Interval.Hi)}
		if n.Scope == "" {
			v["F06.bootstrap_gini_dest"] = lohi
			continue
		}
		between[n.Scope], top[n.Scope] = lohi, number(n.Top)
	}
	v["F06.bootstrap_pagerank"], v["F06.bootstrap_prob_top_pagerank"] = between, top
	return nil
}

// F07: small rows borrow from the others.
func shrinkage(_ context.Context, x example, v values) error {
	s, err := inference.Shrink(flow.Retention(x.table))
	if err != nil {
		return err
	}
	weight, estimate := map[string]any{}, map[string]any{}
	for _, o := range s.Shares {
		weight[o.Origin], estimate[o.Origin] = number(o.Weight.Value), number(o.Estimate.Value)
	}
	v["F07.eb_between_variance"] = number(s.Between.Value)
	v["F07.eb_weight"], v["F07.eb_retention"] = weight, estimate
	return nil
}

// F08: two periods.
func change(ctx context.Context, x example, v values) error {
	c, err := inference.Compare(ctx, x.halves[0], x.halves[1], inference.CompareConfig{})
	if err != nil {
		return err
	}
	v["F08.diff_supra"] = number(c.Supra.Difference.Value)
	v["F08.newcombe_ci"] = ends(c.Supra.Interval)
	v["F08.fisher_two_sided_p"] = number(c.Supra.Fisher.Value)
	v["F08.z_pooled"] = number(c.Supra.Z.Value)
	v["F08.matrix_x2"] = number(c.Matrix.X2.Value)
	v["F08.matrix_exact_p"] = number(c.Matrix.P.Value)
	return nil
}

// F09: volumes.
func volumes(_ context.Context, x example, v values) error {
	list := map[string]any{}
	for _, n := range []int{0, 1, 5, 8, 26} {
		i, err := inference.Rate(referral.Count(float64(n)), inference.RateConfig{})
		if err != nil {
			return err
		}
		list[strconv.Itoa(n)] = ends(i)
	}
	v["F09.poisson_ci"] = list
	years := inference.RateConfig{Years: 6}
	volume := referral.Count(x.stays.DestinationTotal("H7").Value)
	i, err := inference.Rate(volume, years)
	if err != nil {
		return err
	}
	v["F09.rate_ci_H7_per_year"] = ends(i)
	below, err := inference.BelowNorm(volume, 5, years)
	if err != nil {
		return err
	}
	v["F09.prob_true_rate_below_norm5_H7"] = number(below.Value)
	return nil
}

// F10: the funnel plot of retention.
func funnel(_ context.Context, x example, v values) error {
	f, err := inference.NewFunnel(flow.Retention(x.table), inference.FunnelConfig{})
	if err != nil {
		return err
	}
	limits, z := map[string]any{}, map[string]any{}
	for _, p := range f.Points {
		at := map[string]any{"n": number(p.Patients), "lo95": nil, "hi95": nil, "lo99.8": nil, "hi99.8": nil}
		for _, l := range p.Limits {
			percent := strconv.FormatFloat(100*l.Level, 'g', 4, 64)
			at["lo"+percent], at["hi"+percent] = number(l.Lo), number(l.Hi)
		}
		limits[p.Origin] = at
		if p.Patients > 0 {
			z[p.Origin] = number(p.Z.Value)
		}
	}
	v["F10.funnel_limits"], v["F10.funnel_z"] = limits, z
	v["F10.overdispersion_phi"] = number(f.Phi.Value)
	return nil
}
