// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"math"
	"strings"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/referral"
)

// governance is the partition of the hospitals by their network.
func (x example) governance() (community.Partition, error) {
	number := map[string]int{}
	for i, network := range x.governing.Groups() {
		number[network] = i
	}
	labels, err := graph.CollectValues(x.hospitals, func(yield func(string, int) bool) {
		for _, hospital := range x.hospitals.Keys() {
			shares, ok := x.governing.Of(hospital)
			if ok && !yield(hospital, number[shares[0].Group]) {
				return
			}
		}
	}, community.None)
	return community.NewPartition(x.hospitals, labels), err
}

// referralRegions is the partition of the hospitals with the largest modularity
// of the flows between them.
func (x example) referralRegions(ctx context.Context) (community.Partition, error) {
	best, err := community.Exact(ctx, x.hospitals.Loopless(), community.ModularityConfig{})
	return best.Partition, err
}

// C01 and C02: modularity.
func modularity(ctx context.Context, x example, v values) error {
	governance, err := x.governance()
	if err != nil {
		return err
	}
	hospitals, networks := x.hospitals, x.flows
	for key, c := range map[string]struct {
		g *graph.Digraph
		p community.Partition
		c community.ModularityConfig
	}{
		"C01.q_governance":             {hospitals, governance, community.ModularityConfig{}},
		"C01.q_governance_excl_self":   {hospitals.Loopless(), governance, community.ModularityConfig{}},
		"C01.q_governance_gamma_1.5":   {hospitals, governance, community.ModularityConfig{Resolution: 1.5}},
		"C01.q_undirected_symmetrised": {hospitals, governance, community.ModularityConfig{Null: community.Undirected}},
		"C01.q_network_singletons":     {networks, community.Singletons(networks), community.ModularityConfig{}},
		"C01.q_network_trivial":        {networks, community.Whole(networks), community.ModularityConfig{}},
	} {
		q, err := community.Modularity(c.g, c.p, c.c)
		if err != nil {
			return err
		}
		v[key] = number(q)
	}
	for key, g := range map[string]*graph.Digraph{
		"C02.max_q_hospital": hospitals, "C02.max_q_hospital_excl_self": hospitals.Loopless(),
		"C02.max_q_network": networks, "C02.max_q_network_excl_self": networks.Loopless(),
	} {
		best, err := community.Exact(ctx, g, community.ModularityConfig{})
		if err != nil {
			return err
		}
		entry := map[string]any{
			"q": number(best.Modularity), "partition": sorted(best.Partition.Keys()), "runner_up_q": number(best.RunnerUp),
		}
		if g == hospitals {
			entry["n_partitions"] = best.Partitions
		}
		v[key] = entry
	}
	return nil
}

// C03: agreement of the governance networks with the referral regions.
func agreement(ctx context.Context, x example, v values) error {
	governance, err := x.governance()
	if err != nil {
		return err
	}
	regions, err := x.referralRegions(ctx)
	if err != nil {
		return err
	}
	a, err := community.Compare(governance, regions, community.CompareConfig{})
	if err != nil {
		return err
	}
	counted := information(a)
	counted["rand"], counted["ari"], counted["emi"] = number(a.Rand), number(a.ARI), number(a.EMI)
	counted["ami_max"], counted["ami_arithmetic"] = number(a.AMI(community.Max)), number(a.AMI(community.Arithmetic))
	v["C03.compare_nodes"] = counted

	sent, _ := totals(x.hospitals)
	weighted, err := community.Compare(governance, regions, community.CompareConfig{Weights: graph.NewValues(x.hospitals, sent)})
	if err != nil {
		return err
	}
	v["C03.compare_patient_weighted"] = information(weighted)

	one := community.Whole(x.hospitals)
	same, err := community.Compare(one, one, community.CompareConfig{})
	if err != nil {
		return err
	}
	v["C03.status_single_cluster"] = status(referral.OK, "")
	if math.IsNaN(same.NMI(community.Arithmetic)) {
		v["C03.status_single_cluster"] = status(referral.Undefined, "zero_entropy")
	}
	return nil
}

// information lists what two partitions tell about each other.
func information(a community.Agreement) map[string]any {
	return map[string]any{
		"mi": number(a.MI), "h_a": number(a.EntropyA), "h_b": number(a.EntropyB), "vi": number(a.VI), "nvi_log_n": number(a.NVI()),
		"nmi_arithmetic": number(a.NMI(community.Arithmetic)), "nmi_geometric": number(a.NMI(community.Geometric)),
		"nmi_max": number(a.NMI(community.Max)), "nmi_min": number(a.NMI(community.Min)), "nmi_joint": number(a.NMI(community.Joint)),
	}
}

// C04: conductance.
func conductance(ctx context.Context, x example, v values) error {
	networks := community.Singletons(x.flows)
	regions, err := x.referralRegions(ctx)
	if err != nil {
		return err
	}
	v["C04.conductance_out"] = byBlock(networks, community.OutConductance(x.flows, networks))
	v["C04.conductance_total"] = byBlock(networks, community.Conductance(x.flows, networks))
	v["C04.conductance_total_excl_self"] = byBlock(networks, community.Conductance(x.flows.Loopless(), networks))
	v["C04.conductance_region_referral"] = byBlock(regions, community.Conductance(x.hospitals, regions))
	return nil
}

// byBlock lists values of blocks, which are named by their members.
func byBlock(p community.Partition, x []float64) map[string]any {
	m := map[string]any{}
	for i, members := range p.Keys() {
		m[strings.Join(members, "+")] = number(x[i])
	}
	return m
}

// C05: regions by referral beside those by governance.
func regions(ctx context.Context, x example, v values) error {
	governance, err := x.governance()
	if err != nil {
		return err
	}
	referred, err := x.referralRegions(ctx)
	if err != nil {
		return err
	}
	sent, _ := totals(x.hospitals)
	match, err := community.Match(ctx, governance, referred, community.CompareConfig{Weights: graph.NewValues(x.hospitals, sent)})
	if err != nil {
		return err
	}
	v["C05.self_containment_governance"] = number(community.Coverage(x.hospitals, governance))
	v["C05.self_containment_referral"] = number(community.Coverage(x.hospitals, referred))
	v["C05.partition_referral"] = sorted(referred.Keys())
	v["C05.patients_in_matched_region"] = number(match.Share)
	return nil
}
