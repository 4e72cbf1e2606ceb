// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	ggraph "gonum.org/v1/gonum/graph"
	gcommunity "gonum.org/v1/gonum/graph/community"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// TestModularityReference compares with the values of other programs.
func TestModularityReference(t *testing.T) {
	for _, name := range []string{"h80", "h80j"} {
		t.Run(name, func(t *testing.T) {
			const dir = "../../testdata/reference/"
			list, err := os.ReadFile(dir + name + ".tsv")
			require.NoError(t, err)
			g, err := graph.ReadEdges(t.Context(), bytes.NewReader(list), graph.EdgeListConfig{File: name})
			require.NoError(t, err)
			ones, err := g.Map(func(graph.Edge) float64 { return 1 })
			require.NoError(t, err)
			var ref struct {
				Values map[string]map[string]json.RawMessage
			}
			data, err := os.ReadFile(dir + name + ".json")
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal(data, &ref))
			for _, metric := range []string{"modularity_mod5", "modularity_louvain_igraph"} {
				values := ref.Values[metric]
				var partition []int
				require.NoError(t, json.Unmarshal(values["partition"], &partition))
				labels := make([]int, g.Len())
				for i, key := range g.Keys() {
					labels[i] = partition[atoi(t, key)]
				}
				p := of(g, labels...)
				undirected := community.ModularityConfig{Null: community.Undirected}
				for suffix, got := range map[string]float64{
					"_directed_w":         modularity(t, g, p, community.ModularityConfig{}),
					"_undirected_sum_w":   modularity(t, g, p, undirected),
					"_directed_u":         modularity(t, ones, p, community.ModularityConfig{}),
					"_directed_w_noloops": modularity(t, g.Loopless(), p, community.ModularityConfig{}),
				} {
					for _, program := range []string{"nx", "igraph"} {
						var want float64
						require.NoError(t, json.Unmarshal(values[program+suffix], &want), program+suffix)
						assert.InDelta(t, want, got, rounding, "%s %s%s", metric, program, suffix)
					}
				}
				// A search is at least as good as the partition that another found.
				for _, c := range []community.LeidenConfig{{}, {Null: community.Undirected}} {
					r, err := community.Leiden(t.Context(), g, c)
					require.NoError(t, err)
					assert.GreaterOrEqual(t, r.Modularity, modularity(t, g, p, community.ModularityConfig{Null: c.Null}))
				}
			}
		})
	}
}

// TestModularityPublished has values from the tests of igraph and NetworkX.
func TestModularityPublished(t *testing.T) {
	five := cliques(2, 5)
	small := edges(t, "2-1", "2-3", "3-4")
	barbell := cliques(2, 3)
	one := community.ModularityConfig{}
	tests := []struct {
		name string
		g    *graph.Digraph
		p    community.Partition
		c    community.ModularityConfig
		want float64
		tol  float64
	}{
		{"two cliques, half", five, of(five, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1), community.ModularityConfig{Resolution: 0.5}, .702381, 5e-7},
		{"two cliques", five, of(five, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1), one, .452381, 5e-7},
		{"two cliques, one and a half", five, of(five, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1), community.ModularityConfig{Resolution: 1.5}, .202381, 5e-7},
		{"contracted, half", graphtest.FromMatrix([][]float64{{20, 1}, {1, 20}}), community.Partition{}, community.ModularityConfig{Resolution: 0.5}, .702381, 5e-7},
		{"contracted", graphtest.FromMatrix([][]float64{{20, 1}, {1, 20}}), community.Partition{}, one, .452381, 5e-7},
		{"contracted, one and a half", graphtest.FromMatrix([][]float64{{20, 1}, {1, 20}}), community.Partition{}, community.ModularityConfig{Resolution: 1.5}, .202381, 5e-7},
		{"directed path", small, of(small, 0, 0, 1, 1), one, 2.0 / 9, rounding},
		{"barbell", barbell, of(barbell, 0, 0, 0, 1, 1, 1), one, 70.0 / 196, rounding},
		{"barbell, wrong", barbell, of(barbell, 0, 0, 1, 1, 0, 1), one, -16.0 / 196, rounding},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if tt.p.Count() == 0 {
				tt.p = community.Singletons(tt.g)
			}
			assert.InDelta(t, tt.want, modularity(t, tt.g, tt.p, tt.c), tt.tol)
		})
	}
}

func TestModularityStandardGraphs(t *testing.T) {
	nan := math.NaN()
	// One community of all nodes has 0; every node apart has Σ_i w_ii/W - s_out s_in/W².
	apart := map[string]float64{
		"empty": nan, "singleton": nan, "two isolated": nan,
		"singleton with loop": 0, "one edge": 0,
		"loops only":           1 - 14.0/36,        // (1² + 2² + 3²) / 6²
		"star in":              0.4 - 4*10/100.0,   // z: loop 4, out 4, in 10, W = 10
		"star out with a sink": -8 * 1 / 15.0 / 15, // b: out 8, in 1
		"two blocks":           9.0/39 - (14*14+5*5+6*5+4*5+6*4+4*6)/39.0/39,
	}
	for _, c := range graphtest.Standard() {
		t.Run(c.Name, func(t *testing.T) {
			q := modularity(t, c.Graph, community.Singletons(c.Graph), community.ModularityConfig{})
			assert.InDelta(t, apart[c.Name], q, rounding)
			whole := modularity(t, c.Graph, community.Whole(c.Graph), community.ModularityConfig{})
			if c.Graph.Size() == 0 {
				assert.True(t, math.IsNaN(whole))
			} else {
				assert.InDelta(t, 0, whole, rounding)
			}
		})
	}
}

// drawn returns a small graph and labels that bytes describe.
func drawn(t *rapid.T) (*graph.Digraph, community.Partition) {
	g := graphtest.FromBytes(rapid.SliceOfN(rapid.Byte(), 0, 150).Draw(t, "graph"))
	labels := make([]int, g.Len())
	for i := range labels {
		labels[i] = rapid.IntRange(-1, 4).Draw(t, "label")
	}
	return g, of(g, labels...)
}

func TestModularityLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, p := drawn(t)
		full := of(g, p.Labels().Slice()...)
		if n := g.Len(); n > 0 {
			// Without nodes that belong nowhere.
			labels := make([]int, n)
			for i, l := range p.Labels().Slice() {
				labels[i] = l + 1
			}
			full = of(g, labels...)
		}
		for _, c := range configs() {
			q := modularity(t, g, p, c)
			if g.Size() == 0 {
				require.True(t, math.IsNaN(q))
				continue
			}
			require.InDelta(t, naive(g, p, c), q, rounding)
			// Contracting communities to loops changes nothing.
			q = modularity(t, g, full, c)
			small := g.Contract(full.Labels())
			require.InDelta(t, q, modularity(t, small, community.Singletons(small), c), rounding)
			// Transposing and scaling by a power of 2 change nothing.
			require.InDelta(t, q, modularity(t, g.Transpose(), full, c), rounding)
			scaled, err := g.Map(func(e graph.Edge) float64 { return e.Weight / 1024 })
			require.NoError(t, err)
			require.Equal(t, q, modularity(t, scaled, full, c))
			// An isolated node changes nothing.
			var b graph.Builder
			for e := range g.Edges() {
				require.NoError(t, b.AddEdge(g.Key(e.From), g.Key(e.To), e.Weight))
			}
			for _, key := range g.Keys() {
				require.NoError(t, b.AddNode(key))
			}
			require.NoError(t, b.AddNode("zzz"))
			more := b.Build()
			require.Equal(t, q, modularity(t, more, of(more, append(full.Labels().Slice()[:g.Len():g.Len()], 99)...), c))
			if c.Resolution == 0 {
				require.Less(t, q, 1.0)
				require.GreaterOrEqual(t, q, -0.5-rounding)
				require.InDelta(t, 0, modularity(t, g, community.Whole(g), c), rounding)
			}
			// In a symmetric graph both null models are the same.
			var s graph.Builder
			for e := range g.Edges() {
				require.NoError(t, s.AddEdge(g.Key(e.From), g.Key(e.To), e.Weight))
				require.NoError(t, s.AddEdge(g.Key(e.To), g.Key(e.From), e.Weight))
			}
			for _, key := range g.Keys() {
				require.NoError(t, s.AddNode(key))
			}
			both := s.Build()
			u := modularity(t, both, community.NewPartition(both, graph.NewValues(both, full.Labels().Slice())), community.ModularityConfig{Null: community.Undirected, Resolution: c.Resolution})
			d := modularity(t, both, community.NewPartition(both, graph.NewValues(both, full.Labels().Slice())), community.ModularityConfig{Resolution: c.Resolution})
			require.InDelta(t, u, d, rounding)
		}
	})
}

// TestModularityGonum compares with gonum on the view that it needs.
func TestModularityGonum(t *testing.T) {
	for seed := range uint64(100) {
		g := graphtest.Small(seed)
		if g.Size() == 0 {
			continue
		}
		r := rand.New(rand.NewPCG(seed, 3))
		labels := make([]int, g.Len())
		groups := make([][]ggraph.Node, 3)
		for i := range labels {
			labels[i] = r.IntN(3)
			groups[labels[i]] = append(groups[labels[i]], g.Node(int64(i)))
		}
		for _, gamma := range []float64{0.5, 1, 2} {
			want := gcommunity.Q(g.SelfWeighted(), groups, gamma)
			got := modularity(t, g, of(g, labels...), community.ModularityConfig{Resolution: gamma})
			assert.InDelta(t, want, got, rounding, "seed %d", seed)
		}
	}
}

// TestModularityWideWeights has weights whose squares overflow or vanish.
func TestModularityWideWeights(t *testing.T) {
	for _, scale := range []float64{graph.MaxWeight / 100, 1e-300} {
		g, err := graphtest.Example().Map(func(e graph.Edge) float64 { return e.Weight * scale })
		require.NoError(t, err)
		assert.InDelta(t, .384750, modularity(t, g, community.Singletons(g), community.ModularityConfig{}), 1e-6)
		r, err := community.Search(t.Context(), g, community.LeidenConfig{}, nil)
		require.NoError(t, err)
		assert.InDelta(t, .415250, r.Modularity, 1e-6)
	}
}

func TestModularityRefuses(t *testing.T) {
	g := graphtest.Example()
	p := community.Singletons(g)
	for _, gamma := range []float64{-1, math.NaN(), math.Inf(1), 1e13} {
		_, err := community.Modularity(g, p, community.ModularityConfig{Resolution: gamma})
		require.ErrorIs(t, err, community.ErrResolution)
	}
	_, err := community.Modularity(g, p, community.ModularityConfig{Null: 2})
	require.ErrorIs(t, err, community.ErrNull)
	assert.Panics(t, func() { _, _ = community.Modularity(cliques(2, 3), p, community.ModularityConfig{}) })
	assert.Equal(t, "directed undirected Null(7)", fmt.Sprint(community.Directed, community.Undirected, community.Null(7)))
}

// Directed graphs of gonum, louvain_directed_test.go, whose values come from the
// program of the inventors of the method.
func TestModularityLouvain(t *testing.T) {
	for _, c := range []struct {
		to     [][]int
		labels []int
		q      float64
	}{
		{[][]int{{1}, {0, 4}, {1}, {0, 4}, {2}}, []int{0, 0, 1, 1, 1}, 0.5714285714285716 / 7},
		{
			[][]int{{2}, {2, 4, 7}, {}, {0, 7}, {0, 2, 10}, {0, 2, 7, 11}, {2, 7, 11}, {}, {10}, {8}, {}, {8, 10}, {9, 10}, {10, 11}, {8, 9, 10}, {8}},
			[]int{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1},
			11.1428571429 / 28,
		},
	} {
		var edges []graphtest.Edge
		for i, to := range c.to {
			for _, j := range to {
				edges = append(edges, graphtest.Edge{From: graphtest.Key(i), To: graphtest.Key(j), Weight: 1})
			}
		}
		g := graphtest.FromEdges(len(c.to), edges)
		q, err := community.Modularity(g, of(g, c.labels...), community.ModularityConfig{})
		require.NoError(t, err)
		assert.InDelta(t, c.q, q, 1e-10)
		best, err := community.Leiden(t.Context(), g, community.LeidenConfig{})
		require.NoError(t, err)
		assert.GreaterOrEqual(t, best.Modularity, q-1e-12)
	}
}
