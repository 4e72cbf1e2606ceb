// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
)

// golden is a graph with the values of other programs. Their nodes are
// numbers, ours are sorted by key.
type golden struct {
	g     *graph.Digraph
	Graph struct {
		Alpha         float64 `json:"katz_alpha"`
		Singular      float64 `json:"largest_singular_value"`
		Radius        float64 `json:"spectral_radius_w"`
		RadiusNoLoops float64 `json:"spectral_radius_w_noloops"`
	}
	Values map[string]map[string]json.RawMessage
	number []int
	unique bool // no two weighted paths are equally long
}

func readGolden(t *testing.T, name string) *golden {
	t.Helper()
	dir := "../../testdata/reference"
	file, err := os.Open(filepath.Join(dir, name+".tsv"))
	require.NoError(t, err)
	defer func() { require.NoError(t, file.Close()) }()
	r := &golden{unique: strings.HasSuffix(name, "j")}
	r.g, err = graph.ReadEdges(t.Context(), file, graph.EdgeListConfig{File: name})
	require.NoError(t, err)
	data, err := os.ReadFile(filepath.Join(dir, name+".json"))
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, r))
	for _, key := range r.g.Keys() {
		i, err := strconv.Atoi(key)
		require.NoError(t, err)
		r.number = append(r.number, i)
	}
	return r
}

// want returns the values of a source in the order of our nodes, NaN for null.
func (r *golden) want(t *testing.T, metric, source string) []float64 {
	t.Helper()
	require.Contains(t, r.Values[metric], source)
	var raw []*float64
	require.NoError(t, json.Unmarshal(r.Values[metric][source], &raw))
	x := make([]float64, len(raw))
	for i := range x {
		x[i] = math.NaN()
		if v := raw[r.number[i]]; v != nil {
			x[i] = *v
		}
	}
	return x
}

// goldenError is the relative error allowed; where the other program itself
// stops earlier, a test says so.
const goldenError = 1e-9

func close9(t *testing.T, want, got []float64, name string) {
	t.Helper()
	closeTo(t, want, got, goldenError, name)
}

// floor is the value below which other programs have no relative accuracy.
const floor = 1e-12

func closeTo(t *testing.T, want, got []float64, rel float64, name string) {
	t.Helper()
	require.Len(t, got, len(want))
	for i, w := range want {
		if math.IsNaN(w) {
			assert.True(t, math.IsNaN(got[i]), "%s, node %d: got %v, want NaN", name, i, got[i])
			continue
		}
		assert.LessOrEqual(t, math.Abs(got[i]-w), rel*math.Max(math.Abs(w), floor), "%s, node %d: got %v, want %v", name, i, got[i], w)
	}
}

func floats(v graph.Values[int]) []float64 {
	x := make([]float64, v.Len())
	for i, k := range v.Slice() {
		x[i] = float64(k)
	}
	return x
}

func goldenGraphs(t *testing.T, f func(t *testing.T, r *golden)) {
	for _, name := range []string{"h80", "h80j"} {
		t.Run(name, func(t *testing.T) { f(t, readGolden(t, name)) })
	}
}

func TestGoldenBetweenness(t *testing.T) {
	goldenGraphs(t, func(t *testing.T, r *golden) {
		ctx := t.Context()
		u := must(centrality.Betweenness(ctx, r.g, centrality.BetweennessConfig{Length: centrality.Hops})).Slice()
		close9(t, r.want(t, "betweenness_u", "nx"), u, "nx")
		close9(t, r.want(t, "betweenness_u", "igraph"), u, "igraph")
		w := must(centrality.Betweenness(ctx, r.g, centrality.BetweennessConfig{})).Slice()
		for source := range r.Values["betweenness_w"] {
			if source == "nx_float" && !r.unique {
				continue // it compares lengths to the bit and so splits ties wrongly
			}
			close9(t, r.want(t, "betweenness_w", source), w, source)
		}
		for metric, length := range map[string]centrality.Length{"edge_betweenness_u": centrality.Hops, "edge_betweenness_w": centrality.Inverse} {
			source := map[string]string{"edge_betweenness_u": "nx_u_v_value", "edge_betweenness_w": "nx_float_u_v_value"}[metric]
			if metric == "edge_betweenness_w" && !r.unique {
				continue // as above
			}
			e, err := centrality.EdgeBetweenness(ctx, r.g, centrality.BetweennessConfig{Length: length})
			require.NoError(t, err)
			var rows [][3]float64
			require.NoError(t, json.Unmarshal(r.Values[metric][source], &rows))
			want := map[[2]int]float64{}
			for _, row := range rows {
				want[[2]int{int(row[0]), int(row[1])}] = row[2]
			}
			require.Len(t, want, e.Len())
			for edge, got := range e.All() {
				w := want[[2]int{r.number[edge.From], r.number[edge.To]}]
				assert.InDelta(t, w, got, goldenError*math.Max(1, w))
			}
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestGoldenPaths(t *testing.T) {
	goldenGraphs(t, func(t *testing.T, r *golden) {
		ctx := t.Context()
		for _, d := range []centrality.Direction{centrality.In, centrality.Out} {
			for _, l := range []centrality.Length{centrality.Hops, centrality.Inverse} {
				suffix := d.String() + map[centrality.Length]string{centrality.Hops: "_u", centrality.Inverse: "_w"}[l]
				h := must(centrality.Harmonic(ctx, r.g, centrality.HarmonicConfig{Length: l, Direction: d})).Slice()
				for source := range r.Values["harmonic_"+suffix] {
					close9(t, r.want(t, "harmonic_"+suffix, source), h, source)
				}
				wf := must(centrality.Closeness(ctx, r.g, centrality.ClosenessConfig{Length: l, Direction: d})).Slice()
				close9(t, r.want(t, "closeness_"+suffix, "nx_wf_improved"), wf, "nx_wf_improved")
				plain := must(centrality.Closeness(ctx, r.g, centrality.ClosenessConfig{Length: l, Direction: d, Scope: centrality.ReachableOnly})).Slice()
				close9(t, r.want(t, "closeness_"+suffix, "igraph_normalized"), plain, "igraph_normalized")
			}
			far, reach := make([]float64, r.g.Len()), make([]float64, r.g.Len())
			for i := range far {
				for _, x := range must(centrality.Distance(ctx, r.g, i, centrality.DistanceConfig{Direction: d})).Slice() {
					if !math.IsInf(x, 1) && x > 0 {
						far[i] += x
						reach[i]++
					}
				}
			}
			if !r.unique {
				close9(t, r.want(t, "farness_"+d.String()+"_w", "exact_rational"), far, "farness")
				close9(t, r.want(t, "reach_"+d.String(), "exact_rational"), reach, "reach")
			}
		}
	})
}

func TestGoldenSpectral(t *testing.T) {
	goldenGraphs(t, func(t *testing.T, r *golden) {
		ctx := t.Context()
		unweighted, err := r.g.Map(func(graph.Edge) float64 { return 1 })
		require.NoError(t, err)
		for source := range r.Values["pagerank_w_085"] {
			close9(t, r.want(t, "pagerank_w_085", source), must(centrality.PageRank(ctx, r.g, centrality.PageRankConfig{WithSelf: true})).Slice(), source)
			close9(t, r.want(t, "pagerank_u_085", source), must(centrality.PageRank(ctx, unweighted, centrality.PageRankConfig{WithSelf: true})).Slice(), source)
		}
		teleport := make([]float64, r.g.Len())
		for i, k := range r.number {
			if k%10 == 0 {
				teleport[i] = 1
			}
		}
		to := graph.NewValues(r.g, teleport)
		const personal = "pagerank_w_personalized_every10th"
		uniform := must(centrality.PageRank(ctx, r.g, centrality.PageRankConfig{WithSelf: true, Teleport: to})).Slice()
		close9(t, r.want(t, personal, "nx_dangling_uniform"), uniform, "uniform")
		for name, c := range map[string]centrality.PageRankConfig{
			"teleport": {WithSelf: true, Teleport: to, Dangling: centrality.DanglingTeleport},
			"given":    {WithSelf: true, Teleport: to, Dangling: centrality.DanglingGiven, DanglingTo: to},
		} {
			same := must(centrality.PageRank(ctx, r.g, c)).Slice()
			close9(t, r.want(t, personal, "nx_dangling_personalized"), same, name)
			close9(t, r.want(t, personal, "igraph"), same, name)
		}

		hits, err := centrality.HITS(ctx, r.g, centrality.HITSConfig{WithSelf: true})
		require.NoError(t, err)
		for source := range r.Values["hits_hub_w_sum1"] {
			close9(t, r.want(t, "hits_hub_w_sum1", source), hits.Hub.Slice(), source)
			close9(t, r.want(t, "hits_authority_w_sum1", source), hits.Authority.Slice(), source)
		}
		assert.InEpsilon(t, r.Graph.Singular, hits.Singular, goldenError)

		e := must(centrality.Eigenvector(ctx, r.g, centrality.EigenvectorConfig{WithSelf: true, Norm: centrality.NormMax})).Slice()
		close9(t, r.want(t, "eigenvector_in_w_max1", "numpy_eig"), e, "with loops")
		e = must(centrality.Eigenvector(ctx, r.g, centrality.EigenvectorConfig{Norm: centrality.NormMax})).Slice()
		close9(t, r.want(t, "eigenvector_in_w_noloops_max1", "numpy_eig"), e, "without loops")
		assert.InEpsilon(t, r.Graph.RadiusNoLoops, must(centrality.SpectralRadius(ctx, r.g, centrality.EigenvectorConfig{})), goldenError)
		assert.InEpsilon(t, r.Graph.Radius, must(centrality.SpectralRadius(ctx, r.g, centrality.EigenvectorConfig{WithSelf: true})), goldenError)

		katz := must(centrality.Katz(ctx, r.g, centrality.KatzConfig{Alpha: r.Graph.Alpha, WithSelf: true})).Slice()
		for source := range r.Values["katz_w_beta1_unnormalized"] {
			close9(t, r.want(t, "katz_w_beta1_unnormalized", source), katz, source)
		}
	})
}

func TestGoldenCoresAndTriangles(t *testing.T) {
	goldenGraphs(t, func(t *testing.T, r *golden) {
		for source, d := range map[string]centrality.CoreDegree{
			"nx_in_plus_out": centrality.CoreInPlusOut, "igraph_all": centrality.CoreInPlusOut,
			"igraph_in": centrality.CoreIn, "igraph_out": centrality.CoreOut,
		} {
			assert.Equal(t, r.want(t, "core_number_noloops", source), floats(must(centrality.KCore(r.g, d))), source)
		}
		for source := range r.Values["core_number_undirected_simple"] {
			assert.Equal(t, r.want(t, "core_number_undirected_simple", source), floats(must(centrality.KCore(r.g, centrality.CoreNeighbors))), source)
		}
		c, err := centrality.Clustering(t.Context(), r.g, centrality.ClusteringConfig{})
		require.NoError(t, err)
		// The others print 0 where there is no possible triangle.
		zero := func(v graph.Values[float64]) []float64 {
			x := make([]float64, v.Len())
			for i, c := range v.Slice() {
				if !math.IsNaN(c) {
					x[i] = c
				}
			}
			return x
		}
		for source := range r.Values["clustering_directed_w_fagiolo_noloops"] {
			close9(t, r.want(t, "clustering_directed_w_fagiolo_noloops", source), zero(c.Total), source)
		}
		one, err := r.g.Map(func(graph.Edge) float64 { return 1 })
		require.NoError(t, err)
		c, err = centrality.Clustering(t.Context(), one, centrality.ClusteringConfig{})
		require.NoError(t, err)
		close9(t, r.want(t, "clustering_directed_u", "nx"), zero(c.Total), "nx")
	})
}
