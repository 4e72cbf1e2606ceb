// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// F16: what the margins say, alone and together with who refers to whom.
func fromMargins(ctx context.Context, x example, v values) error {
	frechet := table{}
	for _, p := range flow.FrechetBounds(x.table) {
		frechet.set(p.Origin, p.Destination, pair(p.Lo, p.Hi))
	}
	v["F16.frechet_bounds"] = frechet

	t, err := x.occurs.WithTotals(totalsOf(x.table, x.occurs.Origins()))
	if err != nil {
		return err
	}
	cells, err := flow.MarginBounds(ctx, t, 0)
	if err != nil {
		return err
	}
	present := map[string]any{}
	for _, p := range cells {
		present[p.Origin+p.Destination] = pair(p.Lo, p.Hi)
	}
	v["F16.lp_bounds_presence"] = present
	supra, err := flow.SupraRegionalBounds(ctx, t)
	if err != nil {
		return err
	}
	v["F16.lp_bounds_supra_share"] = pair(supra.Lo, supra.Hi)
	return nil
}

// F17: who refers to whom, with the number of patients of each origin.
func fromPresence(_ context.Context, x example, v values) error {
	origins := x.occurs.Origins()
	lower := map[string]any{"E": nil}
	for _, s := range flow.OriginHerfindahl(x.occurs, flow.HerfindahlConfig{}) {
		lower[s.Scope] = number(s.Lo)
	}
	v["F17.presence_hhi_lower_unknown_total"] = lower

	t, err := x.occurs.WithTotals(referral.Totals{Origins: totalsOf(x.table, origins).Origins})
	if err != nil {
		return err
	}
	share := map[string]any{"E": nil}
	for _, s := range flow.OriginShares(t) {
		if t.Cell(s.Origin, s.Destination).State == referral.Present {
			share[s.Origin] = pair(s.Lo, s.Hi)
		}
	}
	v["F17.presence_share_bounds"] = share
	hhi := bounds(flow.OriginHerfindahl(t, flow.HerfindahlConfig{}))
	hhi["E"] = nil
	v["F17.presence_hhi_bounds"] = hhi
	supra := flow.SupraRegional(t)
	v["F17.presence_supra_bounds"] = pair(supra.Lo, supra.Hi)
	return nil
}

// F18: cells of 1 to 4 known only as such.
func fromIntervals(ctx context.Context, x example, v values) error {
	const at = "F18.interval."
	t := x.interval
	each := func(name string, list map[string]any) {
		for class, b := range list {
			if b != nil {
				v[at+name+"."+class] = b
			}
		}
	}
	retention, contained := map[string]any{}, map[string]any{}
	for _, s := range flow.Retention(t) {
		retention[s.Origin] = pair(s.Lo, s.Hi)
	}
	for _, s := range flow.SelfContainment(t) {
		contained[s.Destination] = pair(s.Lo, s.Hi)
	}
	each("retention", retention)
	each("dssc", contained)
	each("net_flow", bounds(flow.NetFlow(t)))
	each("hhi_origin", bounds(flow.OriginHerfindahl(t, flow.HerfindahlConfig{})))
	each("entropy_origin", bounds(flow.OriginEntropy(t, flow.EntropyConfig{})))
	for _, s := range flow.OriginShares(t) {
		if s.Origin == "A" && s.Destination == "D" {
			v[at+"od_share.A>D"] = pair(s.Lo, s.Hi)
		}
	}
	for key, r := range map[string]referral.Result{
		"supra_share":             flow.SupraRegional(t).Result,
		"gini_dest":               flow.Gini(t, flow.VolumeConfig{}),
		"hhi_market":              flow.MarketHerfindahl(t, flow.HerfindahlConfig{}),
		"reciprocity_weighted":    flow.WeightedReciprocity(t),
		"flow_hierarchy_weighted": flow.FlowHierarchy(t).Result,
	} {
		v[at+key] = pair(r.Lo, r.Hi)
	}

	// By policy iteration, and by trying all completions.
	rank, err := flow.PageRankBounds(ctx, t, centrality.PageRankConfig{})
	if err != nil {
		return err
	}
	for class, b := range bounds(rank) {
		v["F18.pagerank_exact_bounds."+class] = b
	}
	tried, err := overCompletions(ctx, t, func(g *graph.Digraph) (graph.Values[float64], error) {
		return centrality.PageRank(ctx, g, centrality.PageRankConfig{Workers: 1})
	})
	if err != nil {
		return err
	}
	each("pagerank", tried)
	if tried, err = overCompletions(ctx, t, func(g *graph.Digraph) (graph.Values[float64], error) {
		return centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Workers: 1})
	}); err != nil {
		return err
	}
	each("betweenness_weighted", tried)
	return nil
}

// overCompletions lists the bounds of a centrality over all tables of whole
// counts that agree with t.
func overCompletions(ctx context.Context, t *referral.Table, of measure) (map[string]any, error) {
	list, err := flow.GraphBounds(ctx, t, func(g *graph.Digraph) ([]float64, error) {
		c, err := of(g)
		return c.Slice(), err
	}, flow.CompletionConfig{})
	if err != nil {
		return nil, err
	}
	g, err := t.Graph(referral.Lower)
	if err != nil {
		return nil, err
	}
	m := map[string]any{}
	for i, key := range g.Keys() {
		m[key] = pair(list[i].Lo, list[i].Hi)
	}
	return m, nil
}

// F18: the same with the total of one origin, which narrows the cells or
// gives one away.
func fromOneTotal(_ context.Context, x example, v values) error {
	t, err := x.interval.WithTotals(referral.Totals{Origins: totalsOf(x.table, []string{"D"}).Origins})
	if err != nil {
		return err
	}
	cells := map[string]any{}
	for _, c := range flow.Cells(t) {
		if c.Origin == "D" && c.Status == referral.Bounded {
			cells[c.Origin+c.Destination] = pair(c.Lo, c.Hi)
		}
	}
	whole := herfindahl(t, "D")
	divided, err := fractional(t)
	if err != nil {
		return err
	}
	v["F18.row_D_known_total"] = map[string]any{
		"cell_bounds": cells, "hhi": pair(whole.Lo, whole.Hi), "hhi_continuous_min": number(herfindahl(divided, "D").Lo),
	}

	if t, err = x.interval.WithTotals(referral.Totals{Origins: totalsOf(x.table, []string{"A"}).Origins}); err != nil {
		return err
	}
	for _, c := range flow.Cells(t) {
		if c.Status == referral.Disclosed {
			v["F18.row_A_known_total"] = map[string]any{"cell_" + c.Origin + c.Destination: pair(c.Lo, c.Hi), "status": c.Status.String()}
		}
	}
	return nil
}

func herfindahl(t *referral.Table, origin string) referral.Result {
	for _, s := range flow.OriginHerfindahl(t, flow.HerfindahlConfig{}) {
		if s.Scope == origin {
			return s.Result
		}
	}
	return referral.Result{Lo: math.NaN(), Hi: math.NaN()}
}

// fractional is the table with counts that need not be whole.
func fractional(t *referral.Table) (*referral.Table, error) {
	m := t.Meta()
	m.DestinationRule = referral.Fractional
	f, err := referral.FromFlows(m, referral.AbsentZero, t.Flows())
	if err != nil {
		return nil, err
	}
	return f.WithTotals(t.Totals())
}
