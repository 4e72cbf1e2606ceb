// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/referral/flow"
)

// level is what a value is about.
type level uint8

const (
	ofGraph level = iota
	ofNode
	ofEdge
)

var levelNames = [...]string{"graph", "nodes", "edges"}

// measure is one entry of the registry.
type measure struct {
	name, group string
	level       level
	unit        string // of its values; unitWeight is that of the weights
	weights     bool   // says nothing about a graph whose weights are not known
	topology    bool   // rests on which edges there are alone
	monotone    bool   // grows with every weight, so that values at bounds are bounds
	slow        bool   // takes more than the square of the number of nodes
	needs       need   // beside a table
	compute     func(context.Context, *graph.Digraph, choices) ([]score, error)
	ofTable     tableMeasure // tells more of a table than compute of its graph, or is all there is
	ofUnknown   tableMeasure // the same for tables with unknown cells only
}

// score is a value and what it is about.
type score struct {
	scope string
	value float64
}

const (
	unitWeight = "weight"
	unitShare  = "share"
	unitClass  = "nodes"
	unitLabel  = "label"
	unitNone   = "1"
)

func groupNames() []string {
	var names []string
	for _, m := range registry {
		if len(names) == 0 || names[len(names)-1] != m.group {
			names = append(names, m.group)
		}
	}
	return names
}

// registry is every measure, group by group.
var registry = slices.Concat(inGroup("flow", flowMeasures), graphMeasures)

func inGroup(group string, list []measure) []measure {
	for i := range list {
		list[i].group = group
	}
	return list
}

// graphMeasures are the measures that any graph has.
var graphMeasures = []measure{
	{name: "density", group: "structure", unit: unitShare, topology: true, monotone: true, compute: whole(structure.Density)},
	{name: "reciprocity", group: "structure", unit: unitShare, topology: true, compute: whole(structure.Reciprocity), ofUnknown: total(flow.BinaryReciprocity)},
	{name: "weighted_reciprocity", group: "structure", unit: unitShare, weights: true, compute: whole(structure.WeightedReciprocity), ofUnknown: total(flow.WeightedReciprocity)},
	{name: "expected_reciprocity", group: "structure", unit: unitShare, weights: true, slow: true, compute: tested(func(t structure.ReciprocityTest) float64 { return t.Expected })},
	{name: "reciprocity_rho", group: "structure", unit: unitNone, weights: true, slow: true, compute: tested(func(t structure.ReciprocityTest) float64 { return t.Rho })},
	{name: "flow_hierarchy", group: "structure", unit: unitShare, weights: true, compute: whole(structure.FlowHierarchy), ofUnknown: totalShare(flow.FlowHierarchy)},
	{name: "binary_flow_hierarchy", group: "structure", unit: unitShare, topology: true, compute: whole(structure.BinaryFlowHierarchy)},
	{name: "strong_components", group: "structure", unit: "components", topology: true, compute: count(structure.StronglyConnected)},
	{name: "largest_strong_component", group: "structure", unit: unitClass, topology: true, monotone: true, compute: largest(structure.StronglyConnected)},
	{name: "weak_components", group: "structure", unit: "components", topology: true, compute: count(structure.WeaklyConnected)},
	{name: "largest_weak_component", group: "structure", unit: unitClass, topology: true, monotone: true, compute: largest(structure.WeaklyConnected)},
	{name: "trophic_coherence", group: "structure", unit: unitShare, slow: true, compute: func(ctx context.Context, g *graph.Digraph, _ choices) ([]score, error) {
		t, err := structure.TrophicLevels(ctx, g)
		return one(t.Coherence()), err
	}},
	{name: "degree_assortativity", group: "structure", unit: unitNone, topology: true, compute: func(_ context.Context, g *graph.Digraph, _ choices) ([]score, error) {
		r, err := structure.DegreeAssortativity(g, structure.DegreeAssortativityConfig{})
		return one(r), err
	}},
	{name: "in_degree_centralization", group: "structure", unit: unitShare, topology: true, compute: whole(func(g *graph.Digraph) float64 {
		return structure.Centralization(centrality.InDegree(g), others(g)*others(g))
	})},
	{name: "out_degree_centralization", group: "structure", unit: unitShare, topology: true, compute: whole(func(g *graph.Digraph) float64 {
		return structure.Centralization(centrality.OutDegree(g), others(g)*others(g))
	})},
	{name: "in_strength_centralization", group: "structure", unit: unitShare, weights: true, compute: whole(func(g *graph.Digraph) float64 {
		return structure.Centralization(centrality.InStrength(g), others(g)*g.Loopless().Total())
	})},
	{name: "cramers_v", group: "structure", unit: unitNone, weights: true, compute: whole(func(g *graph.Digraph) float64 {
		return structure.ExpectIndependence(g).CramersV
	})},
	{name: "quasi_independence_g2", group: "structure", unit: unitNone, weights: true, compute: func(ctx context.Context, g *graph.Digraph, _ choices) ([]score, error) {
		q, err := structure.ExpectQuasiIndependence(ctx, g)
		return one(q.G2), err
	}},
	{name: "dyads", group: "structure", unit: "pairs", topology: true, compute: func(_ context.Context, g *graph.Digraph, _ choices) ([]score, error) {
		d := structure.DyadCensus(g)
		return []score{{"mutual", float64(d.Mutual)}, {"asymmetric", float64(d.Asymmetric)}, {"null", float64(d.Null)}}, nil
	}},
	{name: "triads", group: "structure", unit: "triads", topology: true, compute: func(ctx context.Context, g *graph.Digraph, _ choices) ([]score, error) {
		t, err := structure.TriadCensus(ctx, g)
		list := make([]score, len(t))
		for k, n := range t {
			list[k] = score{structure.Triad(k).String(), float64(n)}
		}
		return list, err
	}},
	{name: "node_reciprocity", group: "structure", level: ofNode, unit: unitShare, weights: true, compute: plain(structure.NodeReciprocity)},
	{name: "strong_component", group: "structure", level: ofNode, unit: unitLabel, topology: true, compute: plain(func(g *graph.Digraph) graph.Values[int] { return structure.StronglyConnected(g).Label })},
	{name: "weak_component", group: "structure", level: ofNode, unit: unitLabel, topology: true, compute: plain(func(g *graph.Digraph) graph.Values[int] { return structure.WeaklyConnected(g).Label })},
	{name: "trophic_level", group: "structure", level: ofNode, unit: unitNone, slow: true, compute: scored(func(ctx context.Context, g *graph.Digraph, _ choices) (graph.Values[float64], error) {
		t, err := structure.TrophicLevels(ctx, g)
		return t.Level, err
	})},
	{name: "levine_level", group: "structure", level: ofNode, unit: unitNone, slow: true, compute: scored(func(ctx context.Context, g *graph.Digraph, _ choices) (graph.Values[float64], error) {
		t, err := structure.LevineLevels(ctx, g)
		return t.Level, err
	})},
	{name: "nodal_region", group: "structure", level: ofNode, unit: unitLabel, weights: true, compute: plain(func(g *graph.Digraph) graph.Values[int] {
		return structure.DominantFlows(g, nil).Region
	})},
	{name: "constraint", group: "structure", level: ofNode, unit: unitNone, compute: scored(func(ctx context.Context, g *graph.Digraph, c choices) (graph.Values[float64], error) {
		return structure.Constraint(ctx, g, structure.HolesConfig{Workers: c.workers})
	})},
	{name: "effective_size", group: "structure", level: ofNode, unit: unitClass, compute: scored(func(ctx context.Context, g *graph.Digraph, c choices) (graph.Values[float64], error) {
		return structure.EffectiveSize(ctx, g, structure.HolesConfig{Workers: c.workers})
	})},
	{name: "disparity_out", group: "structure", level: ofEdge, unit: unitNone, weights: true, compute: disparity(func(d structure.Disparities) float64 { return d.Out })},
	{name: "disparity_in", group: "structure", level: ofEdge, unit: unitNone, weights: true, compute: disparity(func(d structure.Disparities) float64 { return d.In })},

	{name: "spectral_radius", group: "centrality", unit: unitWeight, weights: true, monotone: true, compute: func(ctx context.Context, g *graph.Digraph, c choices) ([]score, error) {
		r, err := centrality.SpectralRadius(ctx, g, centrality.EigenvectorConfig{Workers: c.workers})
		return one(r), err
	}},
	{name: "in_degree", group: "centrality", level: ofNode, unit: unitClass, topology: true, monotone: true, compute: plain(centrality.InDegree), ofTable: classes(flow.InDegree)},
	{name: "out_degree", group: "centrality", level: ofNode, unit: unitClass, topology: true, monotone: true, compute: plain(centrality.OutDegree), ofTable: classes(flow.OutDegree)},
	{name: "degree", group: "centrality", level: ofNode, unit: "edges", topology: true, monotone: true, compute: plain(centrality.Degree)},
	{name: "in_strength", group: "centrality", level: ofNode, unit: unitWeight, weights: true, monotone: true, compute: plain(centrality.InStrength)},
	{name: "out_strength", group: "centrality", level: ofNode, unit: unitWeight, weights: true, monotone: true, compute: plain(centrality.OutStrength)},
	{name: "strength", group: "centrality", level: ofNode, unit: unitWeight, weights: true, monotone: true, compute: plain(centrality.Strength)},
	{name: "betweenness", group: "centrality", level: ofNode, unit: "pairs", weights: true, slow: true, compute: between(centrality.Inverse)},
	{name: "betweenness_hops", group: "centrality", level: ofNode, unit: "pairs", topology: true, slow: true, compute: between(centrality.Hops)},
	{name: "closeness_in", group: "centrality", level: ofNode, unit: unitWeight, weights: true, slow: true, compute: closeness(centrality.Inverse, centrality.In)},
	{name: "closeness_out", group: "centrality", level: ofNode, unit: unitWeight, weights: true, slow: true, compute: closeness(centrality.Inverse, centrality.Out)},
	{name: "closeness_in_hops", group: "centrality", level: ofNode, unit: unitShare, topology: true, slow: true, compute: closeness(centrality.Hops, centrality.In)},
	{name: "closeness_out_hops", group: "centrality", level: ofNode, unit: unitShare, topology: true, slow: true, compute: closeness(centrality.Hops, centrality.Out)},
	{name: "harmonic_in", group: "centrality", level: ofNode, unit: unitWeight, weights: true, monotone: true, slow: true, compute: harmonic(centrality.Inverse, centrality.In)},
	{name: "harmonic_out", group: "centrality", level: ofNode, unit: unitWeight, weights: true, monotone: true, slow: true, compute: harmonic(centrality.Inverse, centrality.Out)},
	{name: "harmonic_in_hops", group: "centrality", level: ofNode, unit: unitShare, topology: true, monotone: true, slow: true, compute: harmonic(centrality.Hops, centrality.In)},
	{name: "harmonic_out_hops", group: "centrality", level: ofNode, unit: unitShare, topology: true, monotone: true, slow: true, compute: harmonic(centrality.Hops, centrality.Out)},
	{name: "pagerank", group: "centrality", level: ofNode, unit: unitShare, compute: scored(func(ctx context.Context, g *graph.Digraph, c choices) (graph.Values[float64], error) {
		return centrality.PageRank(ctx, g, centrality.PageRankConfig{Workers: c.workers})
	}), ofUnknown: pageRank},
	{name: "hub", group: "centrality", level: ofNode, unit: unitShare, compute: hits(func(h centrality.HITSScores) graph.Values[float64] { return h.Hub })},
	{name: "authority", group: "centrality", level: ofNode, unit: unitShare, compute: hits(func(h centrality.HITSScores) graph.Values[float64] { return h.Authority })},
	{name: "eigenvector_in", group: "centrality", level: ofNode, unit: unitNone, compute: eigenvector(centrality.In)},
	{name: "eigenvector_out", group: "centrality", level: ofNode, unit: unitNone, compute: eigenvector(centrality.Out)},
	{name: "katz", group: "centrality", level: ofNode, unit: unitNone, compute: katz(centrality.In)},
	{name: "katz_out", group: "centrality", level: ofNode, unit: unitNone, compute: katz(centrality.Out)},
	{name: "k_core", group: "centrality", level: ofNode, unit: unitClass, topology: true, monotone: true, compute: core(centrality.CoreNeighbors)},
	{name: "k_core_in_plus_out", group: "centrality", level: ofNode, unit: "edges", topology: true, monotone: true, compute: core(centrality.CoreInPlusOut)},
	{name: "s_core", group: "centrality", level: ofNode, unit: unitWeight, weights: true, monotone: true, compute: plain(centrality.SCore)},
	{name: "clustering", group: "centrality", level: ofNode, unit: unitShare, compute: clustering(func(t centrality.ClusteringScores) graph.Values[float64] { return t.Total })},
	{name: "clustering_cycle", group: "centrality", level: ofNode, unit: unitShare, slow: true, compute: clustering(func(t centrality.ClusteringScores) graph.Values[float64] { return t.Cycle })},
	{name: "clustering_middleman", group: "centrality", level: ofNode, unit: unitShare, slow: true, compute: clustering(func(t centrality.ClusteringScores) graph.Values[float64] { return t.Middleman })},
	{name: "clustering_in", group: "centrality", level: ofNode, unit: unitShare, slow: true, compute: clustering(func(t centrality.ClusteringScores) graph.Values[float64] { return t.In })},
	{name: "clustering_out", group: "centrality", level: ofNode, unit: unitShare, slow: true, compute: clustering(func(t centrality.ClusteringScores) graph.Values[float64] { return t.Out })},
	{name: "edge_betweenness", group: "centrality", level: ofEdge, unit: "pairs", weights: true, slow: true, compute: edgeBetweenness(centrality.Inverse)},
	{name: "edge_betweenness_hops", group: "centrality", level: ofEdge, unit: "pairs", topology: true, slow: true, compute: edgeBetweenness(centrality.Hops)},

	{name: "communities", group: "community", unit: "communities", compute: detected(func(_ *graph.Digraph, r community.Result) []score { return one(float64(r.Partition.Count())) })},
	{name: "modularity", group: "community", unit: unitNone, compute: detected(func(_ *graph.Digraph, r community.Result) []score { return one(r.Modularity) })},
	{name: "self_containment", group: "community", unit: unitShare, compute: detected(func(g *graph.Digraph, r community.Result) []score { return one(community.Coverage(g, r.Partition)) })},
	{name: "community", group: "community", level: ofNode, unit: unitLabel, compute: detected(func(_ *graph.Digraph, r community.Result) []score { return list(r.Partition.Labels()) })},
	{name: "community_conductance", group: "community", level: ofNode, unit: unitShare, compute: detected(func(g *graph.Digraph, r community.Result) []score {
		of := community.Conductance(g, r.Partition)
		var s []score
		for key, label := range r.Partition.Labels().All() {
			s = append(s, score{key, of[label]})
		}
		return s
	})},
}

func others(g *graph.Digraph) float64 { return float64(g.Len() - 1) }

func one(x float64) []score { return []score{{value: x}} }

// list makes scores of values.
func list[T int | float64](v graph.Values[T]) []score {
	s := make([]score, 0, v.Len())
	for key, x := range v.All() {
		s = append(s, score{key, float64(x)})
	}
	return s
}

type compute = func(context.Context, *graph.Digraph, choices) ([]score, error)

func whole(f func(*graph.Digraph) float64) compute {
	return func(_ context.Context, g *graph.Digraph, _ choices) ([]score, error) { return one(f(g)), nil }
}

func plain[T int | float64](f func(*graph.Digraph) graph.Values[T]) compute {
	return func(_ context.Context, g *graph.Digraph, _ choices) ([]score, error) { return list(f(g)), nil }
}

func scored(f func(context.Context, *graph.Digraph, choices) (graph.Values[float64], error)) compute {
	return func(ctx context.Context, g *graph.Digraph, c choices) ([]score, error) {
		v, err := f(ctx, g, c)
		return list(v), err
	}
}

func count(f func(*graph.Digraph) structure.Components) compute {
	return whole(func(g *graph.Digraph) float64 { return float64(f(g).Count) })
}

func largest(f func(*graph.Digraph) structure.Components) compute {
	return whole(func(g *graph.Digraph) float64 {
		_, size := f(g).Largest()
		return float64(size)
	})
}

func tested(f func(structure.ReciprocityTest) float64) compute {
	return func(ctx context.Context, g *graph.Digraph, _ choices) ([]score, error) {
		t, err := structure.ReciprocityNull(ctx, g)
		return one(f(t)), err
	}
}

func disparity(f func(structure.Disparities) float64) compute {
	return func(_ context.Context, g *graph.Digraph, _ choices) ([]score, error) {
		var s []score
		for e, d := range structure.Disparity(g) {
			s = append(s, score{edgeScope(g, e), f(d)})
		}
		return s, nil
	}
}

func edgeScope(g *graph.Digraph, e graph.Edge) string { return g.Key(e.From) + ">" + g.Key(e.To) }

func between(l centrality.Length) compute {
	return scored(func(ctx context.Context, g *graph.Digraph, c choices) (graph.Values[float64], error) {
		return centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: l, Workers: c.workers})
	})
}

func edgeBetweenness(l centrality.Length) compute {
	return func(ctx context.Context, g *graph.Digraph, c choices) ([]score, error) {
		b, err := centrality.EdgeBetweenness(ctx, g, centrality.BetweennessConfig{Length: l, Workers: c.workers})
		if err != nil {
			return nil, err
		}
		var s []score
		for e, x := range b.All() {
			if e.From != e.To {
				s = append(s, score{edgeScope(g, e), x})
			}
		}
		return s, nil
	}
}

func closeness(l centrality.Length, d centrality.Direction) compute {
	return scored(func(ctx context.Context, g *graph.Digraph, c choices) (graph.Values[float64], error) {
		return centrality.Closeness(ctx, g, centrality.ClosenessConfig{Length: l, Direction: d, Workers: c.workers})
	})
}

func harmonic(l centrality.Length, d centrality.Direction) compute {
	return scored(func(ctx context.Context, g *graph.Digraph, c choices) (graph.Values[float64], error) {
		return centrality.Harmonic(ctx, g, centrality.HarmonicConfig{Length: l, Direction: d, Normalized: true, Workers: c.workers})
	})
}

func hits(f func(centrality.HITSScores) graph.Values[float64]) compute {
	return scored(func(ctx context.Context, g *graph.Digraph, c choices) (graph.Values[float64], error) {
		h, err := centrality.HITS(ctx, g, centrality.HITSConfig{Workers: c.workers})
		return f(h), err
	})
}

func eigenvector(d centrality.Direction) compute {
	return scored(func(ctx context.Context, g *graph.Digraph, c choices) (graph.Values[float64], error) {
		return centrality.Eigenvector(ctx, g, centrality.EigenvectorConfig{Direction: d, Workers: c.workers})
	})
}

func clustering(f func(centrality.ClusteringScores) graph.Values[float64]) compute {
	return scored(func(ctx context.Context, g *graph.Digraph, c choices) (graph.Values[float64], error) {
		t, err := centrality.Clustering(ctx, g, centrality.ClusteringConfig{Workers: c.workers})
		return f(t), err
	})
}

func katz(d centrality.Direction) compute {
	return scored(func(ctx context.Context, g *graph.Digraph, c choices) (graph.Values[float64], error) {
		return centrality.Katz(ctx, g, centrality.KatzConfig{Direction: d, Workers: c.workers})
	})
}

func core(d centrality.CoreDegree) compute {
	return func(_ context.Context, g *graph.Digraph, _ choices) ([]score, error) {
		k, err := centrality.KCore(g, d)
		return list(k), err
	}
}

func detected(f func(*graph.Digraph, community.Result) []score) compute {
	return func(ctx context.Context, g *graph.Digraph, c choices) ([]score, error) {
		r, err := community.Leiden(ctx, g, community.LeidenConfig{Seed: c.seed, Resolution: c.resolution})
		if err != nil {
			return nil, err
		}
		return f(g, r), nil
	}
}
