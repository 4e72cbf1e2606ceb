// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/referral"
)

// E01: routes, and the number of hospitals on them.
func routes(_ context.Context, x example, v values) error {
	routes, patients := map[string]any{}, map[string]any{}
	n, sum, several := 0, 0, 0
	for p := range x.events.Pathways() {
		route := p.Route()
		if len(route) == 0 {
			continue
		}
		routes[p.Patient()] = strings.Join(route, ">")
		slices.Sort(route)
		k := len(slices.Compact(route))
		n, sum = n+1, sum+k
		if k > 1 {
			several++
		}
		key := strconv.Itoa(k)
		so, _ := patients[key].(int)
		patients[key] = so + 1
	}
	v["E01.routes"] = routes
	v["E01.hospitals_per_patient"] = patients
	v["E01.mean_hospitals"] = number(float64(sum) / float64(n))
	v["E01.share_multi_hospital"] = number(float64(several) / float64(n))
	return nil
}

// E02: transitions between hospitals.
func transitions(ctx context.Context, x example, v values) error {
	t, err := x.events.Transitions(ctx, referral.LinkRule{DropSelf: true})
	if err != nil {
		return err
	}
	g, err := t.Graph(referral.Counts)
	if err != nil {
		return err
	}
	networks, err := t.Aggregate(x.governing)
	if err != nil {
		return err
	}
	between, err := networks.Graph(referral.Counts)
	if err != nil {
		return err
	}
	v["E02.transitions_total"] = number(g.Total())
	v["E02.transitions_mean"] = number(g.Total() / float64(x.events.Patients()))
	v["E02.transition_counts"] = byPair(g, func(e graph.Edge) float64 { return e.Weight })
	sent, _ := totals(g)
	v["E02.transition_prob"] = byPair(g, func(e graph.Edge) float64 { return e.Weight / sent[e.From] })
	v["E02.between_network_transition_share"] = number(between.Loopless().Total() / between.Total())
	return nil
}

// byPair lists a value of each edge, as "A>B".
func byPair(g *graph.Digraph, of func(graph.Edge) float64) map[string]any {
	m := map[string]any{}
	for e := range g.Edges() {
		m[g.Key(e.From)+">"+g.Key(e.To)] = number(of(e))
	}
	return m
}

// E03: from records to the flow table, by each rule.
func flowTables(_ context.Context, x example, v values) error {
	for name, rule := range map[string]referral.DestinationRule{
		"first": referral.FirstTreatment, "any_outside": referral.AnyOutside, "last": referral.LastTreatment,
	} {
		all, err := x.events.Table(referral.Rule{Destination: rule, Partition: x.governing})
		if err != nil {
			return err
		}
		groups := x.governing.Groups()
		od := map[string]any{}
		supra, treated, untreated := 0.0, 0.0, 0.0
		for _, from := range groups {
			row := map[string]any{}
			for _, to := range groups {
				n := all.Cell(from, to).Lo
				row[to] = number(n)
				treated += n
				if from != to {
					supra += n
				}
			}
			od[from] = row
			untreated += all.Cell(from, referral.Untreated).Lo
		}
		v["E03.od_"+name] = od
		v["E03.supra_share_"+name] = number(supra / treated)
		if rule == referral.AnyOutside {
			v["E03.supra_share_any_outside_untreated_in_denominator"] = number(supra / (treated + untreated))
			v["E03.excluded"] = map[string]any{
				"untreated": number(untreated), "origin_unknown": number(all.OriginTotal(referral.OriginUnknown).Lo),
			}
		}
	}
	return nil
}
