// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
)

func TestMatch(t *testing.T) {
	g := nodes(7)
	// Greedy by size would pair 0 with 0 (3) and leave 1 with 1 (0): 3 nodes.
	// The best pairs 0 with 1 (2) and 1 with 0 (2): 4 nodes.
	a, b := of(g, 0, 0, 0, 0, 0, 1, 1), of(g, 0, 0, 0, 1, 1, 0, 0)
	m, err := community.Match(t.Context(), a, b, community.CompareConfig{})
	require.NoError(t, err)
	assert.Equal(t, community.Matching{Mate: []int{1, 0}, Weight: 4, Share: 4.0 / 7}, m)

	// Weights change the matching; the last node has no community in b.
	b = of(g, 0, 0, 0, 1, 1, 0, -1)
	w := graph.NewValues(g, []float64{1, 1, 1, 0.5, 0.5, 0.25, 9})
	m, err = community.Match(t.Context(), a, b, community.CompareConfig{Weights: w})
	require.NoError(t, err)
	assert.Equal(t, community.Matching{Mate: []int{0, community.None}, Weight: 3, Share: 3 / 4.25}, m)

	m, err = community.Match(t.Context(), a, a, community.CompareConfig{})
	require.NoError(t, err)
	assert.Equal(t, community.Matching{Mate: []int{0, 1}, Weight: 7, Share: 1}, m)

	m, err = community.Match(t.Context(), community.Partition{}, community.Partition{}, community.CompareConfig{})
	require.NoError(t, err)
	assert.Empty(t, m.Mate)
	assert.True(t, math.IsNaN(m.Share))

	done, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = community.Match(done, a, b, community.CompareConfig{})
	require.ErrorIs(t, err, context.Canceled)
}

// TestMatchAgainstAll compares with all one-to-one pairings.
func TestMatchAgainstAll(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 0))
		n := 1 + r.IntN(20)
		g := nodes(n)
		x, y, w := make([]int, n), make([]int, n), make([]float64, n)
		k, l := 1+r.IntN(6), 1+r.IntN(6)
		for i := range x {
			x[i], y[i], w[i] = r.IntN(k), r.IntN(l), float64(r.IntN(10))
		}
		a, b := of(g, x...), of(g, y...)
		cells := make([][]float64, 6)
		for i := range cells {
			cells[i] = make([]float64, 6)
		}
		for i := range x {
			cells[a.Labels().Slice()[i]][b.Labels().Slice()[i]] += w[i]
		}
		best := 0.0
		order := []int{0, 1, 2, 3, 4, 5}
		permute(order, 0, func() {
			var s float64
			for i, j := range order {
				s += cells[i][j]
			}
			best = max(best, s)
		})
		m, err := community.Match(t.Context(), a, b, community.CompareConfig{Weights: graph.NewValues(g, w)})
		require.NoError(t, err)
		require.Equal(t, best, m.Weight, "seed %d", seed)
		taken := map[int]bool{}
		for _, mate := range m.Mate {
			require.False(t, mate != community.None && taken[mate])
			taken[mate] = true
		}
		back, err := community.Match(t.Context(), b, a, community.CompareConfig{Weights: graph.NewValues(g, w)})
		require.NoError(t, err)
		require.Equal(t, m.Weight, back.Weight)
	}
}
