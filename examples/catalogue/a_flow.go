// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"strconv"

	"github.com/oncoref/oncoref/referral/flow"
)

// A01 to A03: shares and totals.
func shares(_ context.Context, x example, v values) error {
	t := x.table
	v["A01.od_share"] = byBoth(flow.OriginShares(t))
	v["A01.none_share"] = byOrigin(flow.Retention(t))
	v["A01.od_share_among_referred"] = byBoth(flow.ReferredShares(t))
	v["A02.dest_share"] = byBoth(flow.DestinationShares(t))
	v["A03.origin_total"] = scoped(flow.OriginTotals(t))
	v["A03.dest_total"] = scoped(flow.DestinationTotals(t))
	v["A03.retained"] = scoped(flow.Retained(t))
	v["A03.outflow"] = scoped(flow.Outflow(t))
	v["A03.inflow"] = scoped(flow.Inflow(t))
	v["A03.total"] = number(t.Total().Value)
	v["A03.cross_total"] = number(flow.CrossTotal(t).Value)
	return nil
}

// A04 and A10: what comes against what goes.
func balance(_ context.Context, x example, v values) error {
	t := x.table
	v["A04.net_flow"] = scoped(flow.NetFlow(t))
	v["A04.net_flow_ratio"] = scoped(flow.NetFlowRatio(t))
	v["A04.migration_effectiveness_index"] = number(flow.MigrationEffectiveness(t).Value)
	v["A10.import_export_ratio"] = scoped(flow.ImportExportRatio(t))
	v["A10.log_ratio_half"] = scoped(flow.LogImportExportRatio(t))
	return nil
}

// A05 to A09: what stays, who depends on whom, who attracts.
func retentionAndAttraction(_ context.Context, x example, v values) error {
	t := x.table
	v["A05.retention"] = byOrigin(flow.Retention(t))
	v["A05.retention_system"] = number(flow.PooledRetention(t).Value)
	v["A05.retention_unweighted_mean"] = number(flow.MeanRetention(t).Value)
	v["A06.dssc"] = byDestination(flow.SelfContainment(t))
	v["A07.commitment_index"] = byDestination(flow.SelfContainment(t))
	v["A07.import_dependency"] = byDestination(flow.ImportDependency(t))
	v["A07.max_dependency"] = partners(flow.Partners(t))
	v["A08.market_share"] = byDestination(flow.MarketShares(t))
	v["A08.external_attraction"] = byDestination(flow.ExternalAttraction(t))
	v["A08.attraction_ratio"] = scoped(flow.AttractionRatio(t))
	v["A09.supra_share"] = number(flow.SupraRegional(t).Value)
	three, err := flow.Decompose(x.stays, x.governing)
	if err != nil {
		return err
	}
	v["A09.three_way"] = map[string]any{
		"same_hospital":               number(three.SameClass.Value),
		"other_hospital_same_network": number(three.SameGroup.Value),
		"other_network":               number(three.OtherGroup.Value),
	}
	return nil
}

// partners lists the first of the largest destinations of each origin.
func partners(list []flow.Partner) map[string]any {
	m := map[string]any{}
	for _, p := range list {
		m[p.Origin] = nil
		if len(p.Candidates) > 0 {
			m[p.Origin] = map[string]any{
				"partner":           p.Candidates[0],
				"share_of_outflow":  number(p.OfOutflow.Value),
				"share_of_patients": number(p.OfPatients.Value),
			}
		}
	}
	return m
}

// A11: the three readings of the external-internal index.
func externalInternal(_ context.Context, x example, v values) error {
	v["A11.ei_out"] = scoped(flow.EIOut(x.table))
	v["A11.ei_total"] = scoped(flow.EITotal(x.table))
	v["A11.ei_system"] = number(flow.EISystem(x.table).Value)
	between, err := flow.EIBetween(x.stays, x.governing)
	if err != nil {
		return err
	}
	v["A11.ei_hospital_system"] = number(between.Value)
	expected, err := flow.EIExpected(x.stays, x.governing)
	if err != nil {
		return err
	}
	v["A11.ei_hospital_expected"] = number(expected.Value)
	out, err := flow.EIBetweenOut(x.stays, x.governing)
	if err != nil {
		return err
	}
	v["A11.ei_hospital_out"] = scoped(out)
	return nil
}

// A12 to A14: how concentrated the flows are.
func concentration(_ context.Context, x example, v values) error {
	t, h := x.table, x.stays
	plain, referred := flow.HerfindahlConfig{}, flow.HerfindahlConfig{DropRetained: true}
	v["A12.hhi_origin"] = scoped(flow.OriginHerfindahl(t, plain))
	v["A12.hhi_origin_excl_self"] = scoped(flow.OriginHerfindahl(t, referred))
	v["A12.hhi_origin_unbiased"] = scoped(flow.OriginHerfindahl(t, flow.HerfindahlConfig{Form: flow.Unbiased}))
	v["A12.hhi_dest"] = scoped(flow.DestinationHerfindahl(t, plain))
	v["A12.hhi_dest_excl_self"] = scoped(flow.DestinationHerfindahl(t, referred))
	v["A12.hhi_market"] = number(flow.MarketHerfindahl(t, plain).Value)
	v["A12.hhi_market_cross"] = number(flow.MarketHerfindahl(t, referred).Value)
	v["A12.hhi_market_hospital"] = number(flow.MarketHerfindahl(h, plain).Value)
	v["A12.hhi_market_normalised"] = number(flow.MarketHerfindahl(t, flow.HerfindahlConfig{Form: flow.Normalized}).Value)
	v["A12.hhi_market_unbiased"] = number(flow.MarketHerfindahl(t, flow.HerfindahlConfig{Form: flow.Unbiased}).Value)
	v["A12.effective_number"] = number(flow.MarketHerfindahl(t, flow.HerfindahlConfig{Form: flow.EffectiveNumber}).Value)

	all, cross := map[string]any{}, map[string]any{}
	for k := 1; k <= len(t.Classes()); k++ {
		all[strconv.Itoa(k)] = number(flow.ConcentrationRatio(t, k, flow.VolumeConfig{}).Value)
		cross[strconv.Itoa(k)] = number(flow.ConcentrationRatio(t, k, flow.VolumeConfig{DropRetained: true}).Value)
	}
	v["A13.cr_k"], v["A13.cr_k_cross"] = all, cross

	v["A14.entropy_origin"] = scoped(flow.OriginEntropy(t, flow.EntropyConfig{}))
	v["A14.entropy_market"] = number(flow.MarketEntropy(t, flow.EntropyConfig{}).Value)
	v["A14.entropy_market_bits"] = number(flow.MarketEntropy(t, flow.EntropyConfig{Form: flow.Bits}).Value)
	v["A14.effective_number"] = number(flow.MarketEntropy(t, flow.EntropyConfig{Form: flow.EffectiveClasses}).Value)
	v["A14.evenness_origin_observed"] = scoped(flow.OriginEntropy(t, flow.EntropyConfig{Form: flow.EvennessObserved}))
	v["A14.evenness_origin_possible"] = scoped(flow.OriginEntropy(t, flow.EntropyConfig{Form: flow.EvennessPossible}))
	v["A14.miller_madow_market"] = number(flow.MarketEntropy(t, flow.EntropyConfig{Form: flow.MillerMadow}).Value)
	return nil
}

// A15: how unequal the destinations are.
func inequality(_ context.Context, x example, v values) error {
	t := x.table
	v["A15.gini_dest"] = number(flow.Gini(t, flow.VolumeConfig{}).Value)
	v["A15.gini_dest_small_sample"] = number(flow.Gini(t, flow.VolumeConfig{SmallSample: true}).Value)
	v["A15.gini_inflow"] = number(flow.Gini(t, flow.VolumeConfig{DropRetained: true}).Value)
	v["A15.gini_hospital"] = number(flow.Gini(x.stays, flow.VolumeConfig{}).Value)
	v["A15.hoover_dest"] = number(flow.Hoover(t, flow.VolumeConfig{}).Value)
	curve := []any{}
	for _, p := range flow.Lorenz(t, flow.VolumeConfig{}) {
		curve = append(curve, []any{p.Classes, number(p.Patients.Value)})
	}
	v["A15.lorenz_dest"] = curve
	return nil
}

// A28: referrals to networks with an expert center.
func expert(_ context.Context, x example, v values) error {
	hubs := x.hubs()
	directed, err := flow.ExpertDirected(x.table, hubs)
	if err != nil {
		return err
	}
	pooled, err := flow.PooledExpertDirected(x.table, hubs)
	if err != nil {
		return err
	}
	list := byOrigin(directed)
	list["system"] = number(pooled.Value)
	v["A28.expert_directed_share"] = list
	others, err := flow.RetainedByOthers(x.table, hubs)
	if err != nil {
		return err
	}
	v["A28.retained_by_nonexpert_share"] = number(others.Value)
	return nil
}
