// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// qualities are what a partition is worth, by measure: one value, or one for
// each community. Those that lone nodes or merged ones change come last.
func qualities(t require.TestingT, g *graph.Digraph, p community.Partition) map[string][]float64 {
	exact, err := community.Exact(context.Background(), g, community.ModularityConfig{})
	require.NoError(t, err)
	q := map[string][]float64{
		"directed modularity":   {modularity(t, g, p, community.ModularityConfig{})},
		"undirected modularity": {modularity(t, g, p, community.ModularityConfig{Null: community.Undirected, Resolution: 1.5})},
		"coverage":              {community.Coverage(g, p)},
		"conductance":           community.Conductance(g, p),
		"out-conductance":       community.OutConductance(g, p),
		"largest modularity":    {exact.Modularity},
		"performance":           {community.Performance(g, p)},
	}
	for _, x := range q {
		slices.Sort(x) // the communities have no order of their own; NaN comes first
	}
	return q
}

func sameQualities(t require.TestingT, want, got map[string][]float64, but ...string) {
	for name, x := range want {
		if slices.Contains(but, name) {
			continue
		}
		require.Len(t, got[name], len(x), name)
		for k := range x {
			require.Equal(t, math.IsNaN(x[k]), math.IsNaN(got[name][k]), name)
			if !math.IsNaN(x[k]) {
				require.InDelta(t, x[k], got[name][k], 1e-9, name)
			}
		}
	}
}

// TestQualitiesLaws gives nodes other names, scales and reverses all edges, adds
// an isolated node and takes communities as one node.
func TestQualitiesLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, edges := graphtest.EdgesFromBytes(rapid.SliceOfN(rapid.Byte(), 1, 60).Draw(t, "graph"))
		if n = min(n, 7); n == 0 {
			return
		}
		edges = slices.DeleteFunc(edges, func(e graphtest.Edge) bool { return max(e.From, e.To) >= graphtest.Key(n) })
		labels := rapid.SliceOfN(rapid.IntRange(0, 3), n, n).Draw(t, "labels")
		g := graphtest.FromEdges(n, edges)
		want := qualities(t, g, of(g, labels...))

		turned := slices.Clone(edges)
		other := map[string]string{}
		for i := range n {
			other[graphtest.Key(i)] = graphtest.Key(n - 1 - i)
		}
		for k, e := range turned {
			turned[k].From, turned[k].To = other[e.From], other[e.To]
		}
		h := graphtest.FromEdges(n, turned)
		back := slices.Clone(labels)
		slices.Reverse(back)
		sameQualities(t, want, qualities(t, h, of(h, back...)))

		scaled, err := g.Map(func(e graph.Edge) float64 { return 3 * e.Weight })
		require.NoError(t, err)
		sameQualities(t, want, qualities(t, scaled, of(scaled, labels...)))

		sameQualities(t, want, qualities(t, g.Transpose(), of(g, labels...)), "out-conductance")

		more := graphtest.FromEdges(n+1, edges)
		sameQualities(t, want, qualities(t, more, of(more, append(labels, labels[0])...)), "performance")

		small := g.Contract(of(g, labels...).Labels())
		sameQualities(t, want, qualities(t, small, community.Singletons(small)), "performance", "largest modularity")
	})
}

// TestEveryCancellation ends every search at once.
func TestEveryCancellation(t *testing.T) {
	g := graphtest.Random(1, 300, 6)
	small := graphtest.Random(1, 10, 4)
	ensemble, err := community.Repeat(t.Context(), g, community.RepeatConfig{Runs: 3})
	require.NoError(t, err)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, run := range map[string]func() error{
		"Leiden": func() error { _, err := community.Leiden(gone, g, community.LeidenConfig{}); return err },
		"Repeat": func() error { _, err := community.Repeat(gone, g, community.RepeatConfig{}); return err },
		"Sweep":  func() error { _, err := community.Sweep(gone, g, community.SweepConfig{}); return err },
		"Exact":  func() error { _, err := community.Exact(gone, small, community.ModularityConfig{}); return err },
		"Match": func() error {
			_, err := community.Match(gone, community.Singletons(g), community.Singletons(g), community.CompareConfig{})
			return err
		},
		"Consensus": func() error { _, err := ensemble.Consensus(gone); return err },
		"Stability": func() error { _, err := ensemble.Stability(gone); return err },
	} {
		require.ErrorIs(t, run(), context.Canceled, name)
	}
}
