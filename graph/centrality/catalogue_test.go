// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
)

const tables = "../../testdata/catalogue/"

// places is the word in the names of those files and values that are about
// places rather than groups of them.
const places = "hos" + "pital"

// flows reads a table of origin, destination and count as a graph.
func flows(t *testing.T, name string) *graph.Digraph {
	t.Helper()
	file, err := os.Open(tables + name)
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	var b graph.Builder
	matrix := strings.Contains(rows[0][0], `\`)
	for _, row := range rows[1:] {
		if !matrix {
			w, err := strconv.ParseFloat(row[2], 64)
			require.NoError(t, err)
			require.NoError(t, b.AddEdge(row[0], row[1], w))
			continue
		}
		require.NoError(t, b.AddNode(row[0]))
		for j, cell := range row[1:] {
			w, err := strconv.ParseFloat(cell, 64)
			require.NoError(t, err)
			if w > 0 {
				require.NoError(t, b.AddEdge(row[0], rows[0][j+1], w))
			}
		}
	}
	return b.Build()
}

// TestCatalogue compares with the published values.
func TestCatalogue(t *testing.T) {
	data, err := os.ReadFile(tables + "expected.json")
	require.NoError(t, err)
	var expected struct {
		Metrics map[string]struct {
			Value    any
			Tol      float64
			Withheld bool
		}
	}
	require.NoError(t, json.Unmarshal(data, &expected))
	ctx := t.Context()
	g, h := flows(t, "example_flows.csv"), flows(t, "example_"+places+"_flows.csv")
	one, err := g.Map(func(graph.Edge) float64 { return 1 })
	require.NoError(t, err)

	byKey := func(v graph.Values[float64]) any {
		m := map[string]any{}
		for key, x := range v.All() {
			m[key] = x
			if math.IsInf(x, 0) || math.IsNaN(x) {
				m[key] = nil
			}
		}
		return m
	}
	ints := func(v graph.Values[int]) any { return byKey(graph.NewValues(g, floats(v))) }
	hints := func(v graph.Values[int]) any { return byKey(graph.NewValues(h, floats(v))) }
	edges := func(e centrality.EdgeScores) any {
		m := map[string]any{}
		for edge, x := range e.All() {
			if edge.From != edge.To {
				m[g.Key(edge.From)+g.Key(edge.To)] = x
			}
		}
		return m
	}
	bet := func(g *graph.Digraph, l centrality.Length, normalized bool) any {
		return byKey(must(centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: l, Normalized: normalized})))
	}
	edge := func(l centrality.Length) any {
		return edges(must(centrality.EdgeBetweenness(ctx, g, centrality.BetweennessConfig{Length: l})))
	}
	closeness := func(l centrality.Length, d centrality.Direction) any {
		return byKey(must(centrality.Closeness(ctx, g, centrality.ClosenessConfig{Length: l, Direction: d})))
	}
	harmonic := func(l centrality.Length, d centrality.Direction) any {
		return byKey(must(centrality.Harmonic(ctx, g, centrality.HarmonicConfig{Length: l, Direction: d, Normalized: true})))
	}
	rank := func(g *graph.Digraph, c centrality.PageRankConfig) any {
		return byKey(must(centrality.PageRank(ctx, g, c)))
	}
	hits := must(centrality.HITS(ctx, g, centrality.HITSConfig{}))
	hits2 := must(centrality.HITS(ctx, one, centrality.HITSConfig{Norm: centrality.NormEuclid}))
	radius := must(centrality.SpectralRadius(ctx, g, centrality.EigenvectorConfig{}))
	eigen := func(d centrality.Direction) any {
		return byKey(must(centrality.Eigenvector(ctx, g, centrality.EigenvectorConfig{Direction: d})))
	}
	clustering := must(centrality.Clustering(ctx, g, centrality.ClusteringConfig{}))
	distance := map[string]any{}
	totals := make([]float64, g.Len())
	for i, key := range g.Keys() {
		distance[key] = byKey(must(centrality.Distance(ctx, g, i, centrality.DistanceConfig{Direction: centrality.Out})))
		for _, w := range g.Out(i) {
			totals[i] += w
		}
	}
	origin := graph.NewValues(g, totals)
	dcore := map[string]any{}
	for k := range 4 {
		for l := range 4 {
			ids := ""
			for key, in := range centrality.DCore(g, k, l).All() {
				if in {
					ids += key
				}
			}
			dcore["("+strconv.Itoa(k)+","+strconv.Itoa(l)+")"] = ids
		}
	}
	rich := map[string]any{}
	strength := centrality.InStrength(g)
	for _, p := range must(centrality.RichClub(ctx, g, centrality.RichClubConfig{})) {
		ids := ""
		for key, s := range strength.All() {
			if s > p.Threshold {
				ids += key
			}
		}
		rich[strconv.FormatFloat(p.Threshold, 'g', -1, 64)] = map[string]any{
			"nodes": ids, "phi_topological": p.Topological, "phi_weighted": p.Weighted,
		}
	}

	got := map[string]any{
		"B03.betweenness_unweighted":                   bet(g, centrality.Hops, false),
		"B03.betweenness_unweighted_norm":              bet(g, centrality.Hops, true),
		"B04.betweenness_weighted":                     bet(g, centrality.Inverse, false),
		"B04.betweenness_weighted_norm":                bet(g, centrality.Inverse, true),
		"B04.betweenness_weighted_" + places:           bet(h, centrality.Inverse, false),
		"B05.edge_betweenness_weighted":                edge(centrality.Inverse),
		"B05.edge_betweenness_unweighted":              edge(centrality.Hops),
		"B06.distance_weighted":                        distance,
		"B06.closeness_in_weighted_wf":                 closeness(centrality.Inverse, centrality.In),
		"B06.closeness_out_weighted_wf":                closeness(centrality.Inverse, centrality.Out),
		"B06.closeness_in_unweighted_wf":               closeness(centrality.Hops, centrality.In),
		"B06.closeness_out_unweighted_wf":              closeness(centrality.Hops, centrality.Out),
		"B06.closeness_in_weighted_meanscaled":         closeness(centrality.MeanOverWeight, centrality.In),
		"B07.harmonic_in_weighted_norm":                harmonic(centrality.Inverse, centrality.In),
		"B07.harmonic_out_weighted_norm":               harmonic(centrality.Inverse, centrality.Out),
		"B07.harmonic_in_unweighted_norm":              harmonic(centrality.Hops, centrality.In),
		"B07.harmonic_out_unweighted_norm":             harmonic(centrality.Hops, centrality.Out),
		"B08.pagerank":                                 rank(g, centrality.PageRankConfig{}),
		"B08.pagerank_with_self":                       rank(g, centrality.PageRankConfig{WithSelf: true}),
		"B08.pagerank_binary":                          rank(one, centrality.PageRankConfig{}),
		"B08.pagerank_d0.5":                            rank(g, centrality.PageRankConfig{Damping: 0.5}),
		"B08.pagerank_reverse":                         rank(g.Transpose(), centrality.PageRankConfig{}),
		"B08.pagerank_personalised_by_O":               rank(g, centrality.PageRankConfig{Teleport: origin, Dangling: centrality.DanglingTeleport}),
		"B08.pagerank_personalised_O_dangling_uniform": rank(g, centrality.PageRankConfig{Teleport: origin}),
		"B09.hits_authority":                           byKey(hits.Authority),
		"B09.hits_hub":                                 byKey(hits.Hub),
		"B09.hits_authority_binary_l2":                 byKey(hits2.Authority),
		"B09.hits_hub_binary_l2":                       byKey(hits2.Hub),
		"B10.lambda_max":                               radius,
		"B10.eigenvector_in":                           eigen(centrality.In),
		"B10.eigenvector_out":                          eigen(centrality.Out),
		"B11.katz_in_alpha_0.02":                       byKey(must(centrality.Katz(ctx, g, centrality.KatzConfig{Alpha: 0.02}))),
		"B11.katz_in_half_lambda":                      byKey(must(centrality.Katz(ctx, g, centrality.KatzConfig{}))),
		"B11.katz_alpha_bound":                         1 / radius,
		"B12.k_core_undirected":                        ints(must(centrality.KCore(g, centrality.CoreNeighbors))),
		"B12.k_core_in_plus_out":                       ints(must(centrality.KCore(g, centrality.CoreInPlusOut))),
		"B12.k_core_undirected_" + places:              hints(must(centrality.KCore(h, centrality.CoreNeighbors))),
		"B12.k_core_in_plus_out_" + places:             hints(must(centrality.KCore(h, centrality.CoreInPlusOut))),
		"B12.d_core":                                   dcore,
		"B13.s_core_total":                             byKey(centrality.SCore(g)),
		"B13.s_core_total_" + places:                   byKey(centrality.SCore(h)),
		"B14.clustering_total":                         byKey(clustering.Total),
		"B14.clustering_cycle":                         byKey(clustering.Cycle),
		"B14.clustering_middleman":                     byKey(clustering.Middleman),
		"B14.clustering_in":                            byKey(clustering.In),
		"B14.clustering_out":                           byKey(clustering.Out),
		"B14.clustering_total_binary":                  byKey(must(centrality.Clustering(ctx, one, centrality.ClusteringConfig{})).Total),
		"B15.rich_club_instrength":                     rich,
	}
	compared := 0
	for key, e := range expected.Metrics {
		if key < "B03" || key >= "C" {
			continue
		}
		x, ok := got[key]
		if !assert.True(t, ok, "%s is not computed", key) || e.Withheld {
			continue
		}
		compared++
		same(t, key, e.Value, x, e.Tol)
	}
	assert.Positive(t, compared)
}

// same compares two values of the same shape.
func same(t *testing.T, key string, want, got any, tol float64) {
	t.Helper()
	switch w := want.(type) {
	case map[string]any:
		m, ok := got.(map[string]any)
		require.True(t, ok, key)
		require.Len(t, m, len(w), key)
		for k, v := range w {
			same(t, key+" "+k, v, m[k], tol)
		}
	case float64:
		assert.InDelta(t, w, got, tol, key)
	default:
		assert.Equal(t, want, got, key)
	}
}
