// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/structure"
)

// measure is a centrality of a graph.
type measure func(*graph.Digraph) (graph.Values[float64], error)

// perNode computes measures of one graph, by key.
func perNode(v values, g *graph.Digraph, measures map[string]measure) error {
	for key, of := range measures {
		x, err := of(g)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		v[key] = nodes(x)
	}
	return nil
}

// B01 and B02: degree and strength.
func degreeAndStrength(_ context.Context, x example, v values) error {
	g := x.flows
	v["B01.out_degree"] = nodes(centrality.OutDegree(g))
	v["B01.in_degree"] = nodes(centrality.InDegree(g))
	v["B01.density"] = number(structure.Density(g))
	v["B02.out_strength"] = nodes(centrality.OutStrength(g))
	v["B02.in_strength"] = nodes(centrality.InStrength(g))
	mixed, err := centrality.MixedDegree(g, centrality.MixedDegreeConfig{Alpha: 0.5})
	if err != nil {
		return err
	}
	v["B02.opsahl_in_alpha_0.5"] = nodes(mixed)
	return nil
}

// B03 to B07: what rests on shortest paths.
func paths(ctx context.Context, x example, v values) error {
	between := func(c centrality.BetweennessConfig) measure {
		return func(g *graph.Digraph) (graph.Values[float64], error) { return centrality.Betweenness(ctx, g, c) }
	}
	closeness := func(c centrality.ClosenessConfig) measure {
		return func(g *graph.Digraph) (graph.Values[float64], error) { return centrality.Closeness(ctx, g, c) }
	}
	harmonic := func(c centrality.HarmonicConfig) measure {
		return func(g *graph.Digraph) (graph.Values[float64], error) { return centrality.Harmonic(ctx, g, c) }
	}
	const hops, out = centrality.Hops, centrality.Out
	err := perNode(v, x.flows, map[string]measure{
		"B03.betweenness_unweighted":           between(centrality.BetweennessConfig{Length: hops}),
		"B03.betweenness_unweighted_norm":      between(centrality.BetweennessConfig{Length: hops, Normalized: true}),
		"B04.betweenness_weighted":             between(centrality.BetweennessConfig{}),
		"B04.betweenness_weighted_norm":        between(centrality.BetweennessConfig{Normalized: true}),
		"B06.closeness_in_weighted_wf":         closeness(centrality.ClosenessConfig{}),
		"B06.closeness_out_weighted_wf":        closeness(centrality.ClosenessConfig{Direction: out}),
		"B06.closeness_in_unweighted_wf":       closeness(centrality.ClosenessConfig{Length: hops}),
		"B06.closeness_out_unweighted_wf":      closeness(centrality.ClosenessConfig{Length: hops, Direction: out}),
		"B06.closeness_in_weighted_meanscaled": closeness(centrality.ClosenessConfig{Length: centrality.MeanOverWeight}),
		"B07.harmonic_in_weighted_norm":        harmonic(centrality.HarmonicConfig{Normalized: true}),
		"B07.harmonic_out_weighted_norm":       harmonic(centrality.HarmonicConfig{Normalized: true, Direction: out}),
		"B07.harmonic_in_unweighted_norm":      harmonic(centrality.HarmonicConfig{Normalized: true, Length: hops}),
		"B07.harmonic_out_unweighted_norm":     harmonic(centrality.HarmonicConfig{Normalized: true, Length: hops, Direction: out}),
	})
	if err != nil {
		return err
	}
	if err := perNode(v, x.hospitals, map[string]measure{"B04.betweenness_weighted_hospital": between(centrality.BetweennessConfig{})}); err != nil {
		return err
	}
	for key, c := range map[string]centrality.BetweennessConfig{
		"B05.edge_betweenness_weighted": {}, "B05.edge_betweenness_unweighted": {Length: hops},
	} {
		scores, err := centrality.EdgeBetweenness(ctx, x.flows, c)
		if err != nil {
			return err
		}
		v[key] = perArc(x.flows, scores)
	}
	distance := make([][]float64, x.flows.Len())
	for i := range distance {
		d, err := centrality.Distance(ctx, x.flows, i, centrality.DistanceConfig{Direction: out})
		if err != nil {
			return err
		}
		distance[i] = d.Slice()
	}
	v["B06.distance_weighted"] = matrix(x.flows, func(i, j int) float64 { return distance[i][j] })
	return nil
}

// perArc lists the scores of the edges that are not loops.
func perArc(g *graph.Digraph, scores centrality.EdgeScores) map[string]any {
	m := map[string]any{}
	for e, s := range scores.All() {
		if e.From != e.To {
			m[g.Key(e.From)+g.Key(e.To)] = s
		}
	}
	return m
}

// B08 to B11: what rests on walks.
func walks(ctx context.Context, x example, v values) error {
	g := x.flows
	binary, err := unit(g)
	if err != nil {
		return err
	}
	sent, _ := totals(g)
	origins := graph.NewValues(g, sent)
	rank := func(c centrality.PageRankConfig) measure {
		return func(g *graph.Digraph) (graph.Values[float64], error) { return centrality.PageRank(ctx, g, c) }
	}
	vector := func(c centrality.EigenvectorConfig) measure {
		return func(g *graph.Digraph) (graph.Values[float64], error) { return centrality.Eigenvector(ctx, g, c) }
	}
	katz := func(c centrality.KatzConfig) measure {
		return func(g *graph.Digraph) (graph.Values[float64], error) { return centrality.Katz(ctx, g, c) }
	}
	err = perNode(v, g, map[string]measure{
		"B08.pagerank":                                 rank(centrality.PageRankConfig{}),
		"B08.pagerank_with_self":                       rank(centrality.PageRankConfig{WithSelf: true}),
		"B08.pagerank_d0.5":                            rank(centrality.PageRankConfig{Damping: 0.5}),
		"B08.pagerank_personalised_by_O":               rank(centrality.PageRankConfig{Teleport: origins, Dangling: centrality.DanglingTeleport}),
		"B08.pagerank_personalised_O_dangling_uniform": rank(centrality.PageRankConfig{Teleport: origins}),
		"B10.eigenvector_in":                           vector(centrality.EigenvectorConfig{}),
		"B10.eigenvector_out":                          vector(centrality.EigenvectorConfig{Direction: centrality.Out}),
		"B11.katz_in_alpha_0.02":                       katz(centrality.KatzConfig{Alpha: 0.02}),
		"B11.katz_in_half_lambda":                      katz(centrality.KatzConfig{}),
	})
	if err != nil {
		return err
	}
	if err := perNode(v, binary, map[string]measure{"B08.pagerank_binary": rank(centrality.PageRankConfig{})}); err != nil {
		return err
	}
	if err := perNode(v, g.Transpose(), map[string]measure{"B08.pagerank_reverse": rank(centrality.PageRankConfig{})}); err != nil {
		return err
	}
	hits, err := centrality.HITS(ctx, g, centrality.HITSConfig{})
	if err != nil {
		return err
	}
	v["B09.hits_authority"], v["B09.hits_hub"] = nodes(hits.Authority), nodes(hits.Hub)
	if hits, err = centrality.HITS(ctx, binary, centrality.HITSConfig{Norm: centrality.NormEuclid}); err != nil {
		return err
	}
	v["B09.hits_authority_binary_l2"], v["B09.hits_hub_binary_l2"] = nodes(hits.Authority), nodes(hits.Hub)
	lambda, err := centrality.SpectralRadius(ctx, g, centrality.EigenvectorConfig{})
	if err != nil {
		return err
	}
	v["B10.lambda_max"] = lambda
	v["B11.katz_alpha_bound"] = number(1 / lambda)
	return nil
}

// B12, B13 and B15: cores and the rich club.
func cores(ctx context.Context, x example, v values) error {
	for key, c := range map[string]struct {
		g      *graph.Digraph
		degree centrality.CoreDegree
	}{
		"B12.k_core_undirected":           {x.flows, centrality.CoreNeighbors},
		"B12.k_core_in_plus_out":          {x.flows, centrality.CoreInPlusOut},
		"B12.k_core_undirected_hospital":  {x.hospitals, centrality.CoreNeighbors},
		"B12.k_core_in_plus_out_hospital": {x.hospitals, centrality.CoreInPlusOut},
	} {
		core, err := centrality.KCore(c.g, c.degree)
		if err != nil {
			return err
		}
		v[key] = nodes(core)
	}
	d := map[string]any{}
	for k := range 4 {
		for l := range 4 {
			var members strings.Builder
			for key, in := range centrality.DCore(x.flows, k, l).All() {
				if in {
					members.WriteString(key)
				}
			}
			d[fmt.Sprintf("(%d,%d)", k, l)] = members.String()
		}
	}
	v["B12.d_core"] = d
	v["B13.s_core_total"] = nodes(centrality.SCore(x.flows))
	v["B13.s_core_total_hospital"] = nodes(centrality.SCore(x.hospitals))

	club, err := centrality.RichClub(ctx, x.flows, centrality.RichClubConfig{})
	if err != nil {
		return err
	}
	rich := map[string]any{}
	for _, p := range club {
		if p.Members < 2 {
			continue
		}
		var members strings.Builder
		for key, s := range centrality.InStrength(x.flows).All() {
			if s > p.Threshold {
				members.WriteString(key)
			}
		}
		rich[strconv.FormatFloat(p.Threshold, 'f', -1, 64)] = map[string]any{
			"nodes": members.String(), "phi_topological": number(p.Topological), "phi_weighted": number(p.Weighted),
		}
	}
	v["B15.rich_club_instrength"] = rich
	return nil
}

// B14: clustering.
func triangles(ctx context.Context, x example, v values) error {
	c, err := centrality.Clustering(ctx, x.flows, centrality.ClusteringConfig{})
	if err != nil {
		return err
	}
	v["B14.clustering_total"] = nodes(c.Total)
	v["B14.clustering_cycle"] = nodes(c.Cycle)
	v["B14.clustering_middleman"] = nodes(c.Middleman)
	v["B14.clustering_in"] = nodes(c.In)
	v["B14.clustering_out"] = nodes(c.Out)
	binary, err := unit(x.flows)
	if err != nil {
		return err
	}
	if c, err = centrality.Clustering(ctx, binary, centrality.ClusteringConfig{}); err != nil {
		return err
	}
	v["B14.clustering_total_binary"] = nodes(c.Total)
	return nil
}
