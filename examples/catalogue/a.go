// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/referral"
)

// A16 to A19: reciprocity, hierarchy, mixing.
func reciprocityAndHierarchy(ctx context.Context, x example, v values) error {
	g := x.flows
	v["A16.reciprocity_weighted"] = structure.WeightedReciprocity(g)
	v["A16.reciprocity_binary"] = structure.Reciprocity(g)
	v["A16.reciprocity_node"] = nodes(structure.NodeReciprocity(g))
	null, err := structure.ReciprocityNull(ctx, g)
	if err != nil {
		return err
	}
	v["A16.reciprocity_expected_dwcm"] = null.Expected
	v["A16.rho"] = null.Rho

	v["A17.flow_hierarchy_weighted"] = structure.FlowHierarchy(g)
	v["A17.flow_hierarchy_binary"] = structure.BinaryFlowHierarchy(g)
	v["A17.scc"] = blocks(structure.StronglyConnected(g).Label, "")

	trophic, err := structure.TrophicLevels(ctx, g)
	if err != nil {
		return err
	}
	v["A18.trophic_level"] = nodes(trophic.Level)
	v["A18.incoherence"] = trophic.Incoherence
	v["A18.coherence"] = trophic.Coherence()
	classic, err := structure.LevineLevels(ctx, g)
	if err != nil {
		return err
	}
	v["A18.classic_status"] = status(referral.OK, "")
	if classic.Basal == 0 {
		v["A18.classic_status"] = status(referral.Undefined, "no_basal_node")
	}
	without, err := withoutEdge(ctx, g, "A", "D")
	if err != nil {
		return err
	}
	if classic, err = structure.LevineLevels(ctx, without); err != nil {
		return err
	}
	v["A18.classic_levels_without_AD"] = nodes(classic.Level)
	v["A18.classic_q_without_AD"] = number(classic.Incoherence)

	types, err := graph.CollectValues(g, func(yield func(string, string) bool) {
		for network, kind := range x.types {
			if !yield(network, kind) {
				return
			}
		}
	}, "")
	if err != nil {
		return err
	}
	mixing := structure.Mixing(g, types, structure.MixingConfig{})
	v["A19.mixing_matrix"] = byType(mixing)
	v["A19.assortativity"] = number(mixing.Assortativity())
	v["A19.assortativity_with_self"] = number(structure.Mixing(g, types, structure.MixingConfig{Loops: true}).Assortativity())
	v["A19.assortativity_binary"] = number(structure.Mixing(g, types, structure.MixingConfig{Binary: true}).Assortativity())
	return nil
}

// status writes a status and its reason in one word.
func status(s referral.Status, reason string) string {
	if reason == "" {
		return s.String()
	}
	return s.String() + ":" + reason
}

// withoutEdge returns g without one edge.
func withoutEdge(ctx context.Context, g *graph.Digraph, from, to string) (*graph.Digraph, error) {
	return g.WithEdges(ctx, func(yield func(graph.Edge) bool) {
		for e := range g.Edges() {
			if (g.Key(e.From) != from || g.Key(e.To) != to) && !yield(e) {
				return
			}
		}
	})
}

func byType(m structure.MixingTable[string]) map[string]any {
	out := map[string]any{}
	for a, from := range m.Types {
		row := map[string]any{}
		for b, to := range m.Types {
			row[to] = number(m.Share[a][b])
		}
		out[from] = row
	}
	return out
}

// A20: independence and quasi-independence.
func expectation(ctx context.Context, x example, v values) error {
	g := x.flows
	ind := structure.ExpectIndependence(g)
	v["A20.expected_independence"] = matrix(g, ind.Expected)
	v["A20.pearson_residual"] = matrix(g, ind.Pearson)
	v["A20.adjusted_residual"] = matrix(g, ind.Adjusted)
	v["A20.chi2"] = number(ind.ChiSquared)
	v["A20.cramers_v"] = number(ind.CramersV)
	quasi, err := structure.ExpectQuasiIndependence(ctx, g)
	if err != nil {
		return err
	}
	v["A20.expected_quasi_independence"] = matrix(g, quasi.Expected)
	v["A20.quasi_independence_g2"] = number(quasi.G2)
	return nil
}

// A22: fitting to margins.
func margins(ctx context.Context, x example, v values) error {
	sent, received := totals(x.flows)
	fit, err := structure.FitMargins(ctx, x.presence, graph.NewValues(x.presence, sent), graph.NewValues(x.presence, received), structure.FitConfig{})
	if err != nil {
		return err
	}
	v["A22.ipf_presence"] = matrix(fit.Graph, fit.Graph.EdgeWeight)

	row, col := graph.NewValues(x.flows, []float64{80, 70, 35, 15, 0}), graph.NewValues(x.flows, []float64{60, 75, 25, 10, 30})
	if fit, err = structure.FitMargins(ctx, x.flows, row, col, structure.FitConfig{}); err != nil {
		return err
	}
	v["A22.ipf_update"] = matrix(fit.Graph, fit.Graph.EdgeWeight)

	row = graph.NewValues(x.flows, []float64{75, 70, 35, 15, 5})
	_, err = structure.FitMargins(ctx, x.flows, row, col, structure.FitConfig{})
	var infeasible *structure.InfeasibleError
	if !errors.As(err, &infeasible) {
		return err
	}
	v["A22.infeasible_status"] = status(referral.Infeasible, infeasible.Reason)

	every, err := complete(ctx, x.flows)
	if err != nil {
		return err
	}
	if fit, err = structure.FitMargins(ctx, every, graph.NewValues(every, sent), graph.NewValues(every, received), structure.FitConfig{}); err != nil {
		return err
	}
	ind := structure.ExpectIndependence(x.flows)
	worst := 0.0
	for i := range every.Len() {
		for j := range every.Len() {
			worst = max(worst, math.Abs(fit.Graph.EdgeWeight(i, j)-ind.Expected(i, j)))
		}
	}
	v["A22.ipf_uniform_equals_independence"] = worst
	return nil
}

// totals returns what each node sends and receives, itself included.
func totals(g *graph.Digraph) ([]float64, []float64) {
	sent, received := make([]float64, g.Len()), make([]float64, g.Len())
	for e := range g.Edges() {
		sent[e.From] += e.Weight
		received[e.To] += e.Weight
	}
	return sent, received
}

// complete returns the graph on the nodes of g with every edge, of weight 1.
func complete(ctx context.Context, g *graph.Digraph) (*graph.Digraph, error) {
	return g.WithEdges(ctx, func(yield func(graph.Edge) bool) {
		for i := range g.Len() {
			for j := range g.Len() {
				if !yield(graph.Edge{From: i, To: j, Weight: 1}) {
					return
				}
			}
		}
	})
}

// A23: the backbone.
func backbone(ctx context.Context, x example, v values) error {
	g := x.flows
	out, in := map[[2]int]float64{}, map[[2]int]float64{}
	for e, d := range structure.Disparity(g) {
		out[[2]int{e.From, e.To}], in[[2]int{e.From, e.To}] = d.Out, d.In
	}
	at := func(m map[[2]int]float64) func(i, j int) float64 {
		return func(i, j int) float64 {
			if d, ok := m[[2]int{i, j}]; ok {
				return d
			}
			return math.NaN()
		}
	}
	v["A23.alpha_out"] = matrix(g, at(out))
	v["A23.alpha_in"] = matrix(g, at(in))
	for key, level := range map[string]float64{
		"A23.backbone_or_0.05": 0.05, "A23.backbone_or_0.20": 0.20, "A23.backbone_or_0.30": 0.30,
	} {
		b, err := structure.Backbone(ctx, g, structure.BackboneConfig{Level: level})
		if err != nil {
			return err
		}
		v[key] = arcs(b)
	}
	return nil
}

// A26: similarity of two flow matrices.
func similarity(_ context.Context, x example, v values) error {
	f, g := x.periods[0], x.periods[1]
	v["A26.cpc_p1_p2"] = number(structure.CommonPart(f, g))
	v["A26.cpc_p1_p2_cross"] = number(structure.CommonPart(f.Loopless(), g.Loopless()))
	v["A26.jensen_shannon_bits"] = number(structure.JensenShannon(f, g))
	v["A26.row_tv"] = nodes(structure.RowVariation(f, g))
	return nil
}

// A27: dominant flows and nodal regions.
func dominance(_ context.Context, x example, v values) error {
	g := x.flows
	d := structure.DominantFlows(g, nil)
	partner, region := map[string]any{}, map[string]any{}
	for key, p := range d.Partners.All() {
		partner[key], region[key] = nil, "terminal"
		if len(p) > 0 {
			partner[key] = g.Key(p[0])
		}
		if terminal, _ := d.Terminal.At(key); !terminal {
			region[key] = partner[key]
		}
	}
	v["A27.dominant"] = partner
	v["A27.nodal_regions"] = region
	return nil
}
