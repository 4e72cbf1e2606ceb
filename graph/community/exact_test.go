// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// allPartitions calls f with the labels of every partition of n nodes, in the
// order of the labels.
func allPartitions(n int, f func(labels []int)) {
	labels := make([]int, n)
	var place func(k, count int)
	place = func(k, count int) {
		if k == n {
			f(labels)
			return
		}
		for c := range count + 1 {
			labels[k] = c
			place(k+1, max(count, c+1))
		}
	}
	place(0, 0)
}

// TestExactAgainstAll compares with the modularity of every partition, each
// worked out from a dense matrix.
func TestExactAgainstAll(t *testing.T) {
	for seed := range uint64(80) {
		g := graphtest.Small(seed)
		if g.Len() > 7 || g.Size() == 0 {
			continue
		}
		touched := make([]bool, g.Len())
		for e := range g.Edges() {
			touched[e.From], touched[e.To] = true, true
		}
		for _, c := range configs() {
			var all []float64
			var first []int
			best := math.Inf(-1)
			allPartitions(g.Len(), func(labels []int) {
				// Nodes without edges are communities of their own.
				for i, l := range labels {
					if !touched[i] && (slices.Index(labels, l) != i || slices.Contains(labels[i+1:], l)) {
						return
					}
				}
				q := naive(g, of(g, labels...), c)
				all = append(all, q)
				if q > best+rounding {
					best, first = q, slices.Clone(labels)
				}
			})
			slices.Sort(all)
			slices.Reverse(all)
			o, err := community.Exact(t.Context(), g, c)
			require.NoError(t, err)
			require.Equal(t, first, o.Partition.Labels().Slice(), "seed %d, %+v", seed, c)
			require.InDelta(t, best, o.Modularity, rounding)
			require.Equal(t, len(all), o.Partitions)
			if len(all) > 1 {
				require.InDelta(t, all[1], o.RunnerUp, rounding)
			} else {
				require.True(t, math.IsNaN(o.RunnerUp))
			}
			optima := 0
			for _, q := range all {
				if q >= all[0]-1e-9 {
					optima++
				}
			}
			require.Equal(t, optima, o.Optima)
		}
	}
}

func TestExactStandardGraphs(t *testing.T) {
	for _, c := range graphtest.Standard() {
		t.Run(c.Name, func(t *testing.T) {
			o, err := community.Exact(t.Context(), c.Graph, community.ModularityConfig{})
			require.NoError(t, err)
			if c.Graph.Size() == 0 {
				assert.True(t, math.IsNaN(o.Modularity) && math.IsNaN(o.RunnerUp))
				assert.Equal(t, c.Graph.Len(), o.Partition.Count())
				return
			}
			assert.InDelta(t, naive(c.Graph, o.Partition, community.ModularityConfig{}), o.Modularity, rounding)
			assert.GreaterOrEqual(t, o.Optima, 1)
		})
	}
}

// TestExactLargest is at the limit, with ties everywhere: all that stars of
// equal sinks can do is equal.
func TestExactLargest(t *testing.T) {
	var list []graphtest.Edge
	for i := range 11 {
		list = append(list, graphtest.Edge{From: graphtest.Key(0), To: graphtest.Key(i + 1), Weight: 1})
	}
	o, err := community.Exact(t.Context(), graphtest.Build(list), community.ModularityConfig{})
	require.NoError(t, err)
	assert.Equal(t, 4213597, o.Partitions)
	assert.Equal(t, 4213597, o.Optima)
	assert.InDelta(t, 0, o.Modularity, rounding)
	assert.Equal(t, 1, o.Partition.Count(), "the first of the labels")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = community.Exact(ctx, graphtest.Build(list), community.ModularityConfig{})
	require.ErrorIs(t, err, context.Canceled)

	// Nodes without edges do not count.
	var b graph.Builder
	for _, e := range list {
		require.NoError(t, b.AddEdge(e.From, e.To, e.Weight))
	}
	require.NoError(t, b.AddNode("isolated"))
	_, err = community.Exact(t.Context(), b.Build(), community.ModularityConfig{})
	require.NoError(t, err)
	require.NoError(t, b.AddEdge("isolated", "isolated", 1))
	_, err = community.Exact(t.Context(), b.Build(), community.ModularityConfig{})
	require.ErrorIs(t, err, community.ErrTooLarge)
	_, err = community.Exact(t.Context(), b.Build(), community.ModularityConfig{Resolution: -2})
	require.ErrorIs(t, err, community.ErrResolution)
}
