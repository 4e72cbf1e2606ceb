// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/graphtest"
)

func TestRepeat(t *testing.T) {
	g := graphtest.Random(2, 400, 5)
	want, err := community.Repeat(t.Context(), g, community.RepeatConfig{Leiden: community.LeidenConfig{Seed: 4}, Runs: 20, Workers: 1})
	require.NoError(t, err)
	require.Equal(t, 20, want.Runs())
	for _, workers := range []int{0, 2, 8} {
		got, err := community.Repeat(t.Context(), g, community.RepeatConfig{Leiden: community.LeidenConfig{Seed: 4}, Runs: 20, Workers: workers})
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	first, err := community.Leiden(t.Context(), g, community.LeidenConfig{Seed: 4})
	require.NoError(t, err)
	assert.Equal(t, first, want.Run(0))

	distinct := map[string]bool{}
	var likeness, pairs float64
	for k := range want.Runs() {
		r := want.Run(k)
		assert.LessOrEqual(t, r.Modularity, want.Best.Modularity+rounding)
		distinct[string(label(r.Partition))] = true
		for l := range k {
			pairs++
			if ari := compare(t, r.Partition, want.Run(l).Partition, community.CompareConfig{}).ARI; r.Partition.Equal(want.Run(l).Partition) {
				likeness++
			} else {
				likeness += ari
			}
		}
	}
	assert.Len(t, distinct, want.Distinct)
	stability, err := want.Stability(t.Context())
	require.NoError(t, err)
	assert.InDelta(t, likeness/pairs, stability, rounding)
	for _, pair := range [][2]int{{0, 1}, {3, 3}, {5, 399}} {
		together := 0.0
		for k := range want.Runs() {
			if l := want.Run(k).Partition.Labels().Slice(); l[pair[0]] == l[pair[1]] {
				together++
			}
		}
		assert.InDelta(t, together/20, want.Together(pair[0], pair[1]), rounding)
	}

	// A small graph is solved exactly each time.
	e, err := community.Repeat(t.Context(), graphtest.Example(), community.RepeatConfig{})
	require.NoError(t, err)
	assert.Equal(t, 50, e.Runs())
	assert.Equal(t, 1, e.Distinct)
	assert.Equal(t, 1, e.Optima)
	assert.True(t, e.Best.Exact)
	stability, err = e.Stability(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1.0, stability)
	assert.Equal(t, 1.0, e.Together(3, 4))
	assert.Equal(t, 0.0, e.Together(0, 1))

	for _, c := range graphtest.Standard() {
		e, err := community.Repeat(t.Context(), c.Graph, community.RepeatConfig{Runs: 3})
		require.NoError(t, err, c.Name)
		assert.Equal(t, 1, e.Distinct)
		p, err := e.Consensus(t.Context())
		require.NoError(t, err)
		assert.True(t, p.Equal(e.Best.Partition))
	}

	_, err = community.Repeat(t.Context(), g, community.RepeatConfig{Runs: -1})
	require.ErrorIs(t, err, community.ErrCount)
	_, err = community.Repeat(t.Context(), g, community.RepeatConfig{Workers: -1})
	require.ErrorIs(t, err, community.ErrCount)
	_, err = community.Repeat(t.Context(), g, community.RepeatConfig{Leiden: community.LeidenConfig{Null: 9}})
	require.ErrorIs(t, err, community.ErrNull)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = community.Repeat(done, g, community.RepeatConfig{})
	require.ErrorIs(t, err, context.Canceled)
	_, err = want.Stability(done)
	require.ErrorIs(t, err, context.Canceled)
	_, err = want.Consensus(done)
	require.ErrorIs(t, err, context.Canceled)
}

// label returns the labels as bytes.
func label(p community.Partition) []byte {
	var b []byte
	for _, l := range p.Labels().Slice() {
		b = append(b, byte(l), byte(l>>8))
	}
	return b
}

// agreed is the sum of t_ij - 1/2 over all pairs that p has together.
func agreed(e community.Ensemble, p community.Partition) float64 {
	var s float64
	labels := p.Labels().Slice()
	for i := range labels {
		for j := range i {
			if labels[i] == labels[j] {
				s += e.Together(i, j) - 0.5
			}
		}
	}
	return s
}

// TestConsensus checks that the consensus is no worse than the best run, and
// that no single node can do better.
func TestConsensus(t *testing.T) {
	better := 0
	for seed := range uint64(6) {
		g := graphtest.Random(seed, 80, 3)
		e, err := community.Repeat(t.Context(), g, community.RepeatConfig{
			Leiden: community.LeidenConfig{Seed: seed, Iterations: 1, Resolution: 2}, Runs: 15,
		})
		require.NoError(t, err)
		p, err := e.Consensus(t.Context())
		require.NoError(t, err)
		value := agreed(e, p)
		assert.GreaterOrEqual(t, value, agreed(e, e.Best.Partition))
		if value > agreed(e, e.Best.Partition) {
			better++
		}
		labels := make([]int, g.Len())
		for i := range labels {
			for c := range p.Count() + 1 {
				copy(labels, p.Labels().Slice())
				labels[i] = c
				assert.LessOrEqual(t, agreed(e, of(g, labels...)), value+1e-9)
			}
		}
	}
	assert.Positive(t, better)

	g, want := planted(4, 6, 20, 12, 0.9)
	e, err := community.Repeat(t.Context(), g, community.RepeatConfig{Runs: 10})
	require.NoError(t, err)
	p, err := e.Consensus(t.Context())
	require.NoError(t, err)
	assert.True(t, want.Equal(p))
}

func TestSweep(t *testing.T) {
	g, fine := planted(8, 8, 25, 14, 0.9)
	want, err := community.Sweep(t.Context(), g, community.SweepConfig{Workers: 1})
	require.NoError(t, err)
	require.Len(t, want, 9)
	for _, workers := range []int{2, 8} {
		got, err := community.Sweep(t.Context(), g, community.SweepConfig{Workers: workers})
		require.NoError(t, err)
		for k := range got {
			if k > 0 {
				assert.Equal(t, want[k], got[k])
			}
		}
	}
	assert.True(t, math.IsNaN(want[0].Persistence))
	for k, l := range want {
		assert.InDelta(t, math.Pow(2, float64(k-4)/2), l.Resolution, rounding)
		assert.InDelta(t, modularity(t, g, l.Best.Partition, community.ModularityConfig{Resolution: l.Resolution}), l.Best.Modularity, rounding)
		if k > 0 {
			assert.GreaterOrEqual(t, l.Best.Partition.Count(), want[k-1].Best.Partition.Count())
		}
	}
	one := want[4]
	assert.True(t, fine.Equal(one.Best.Partition))
	assert.Equal(t, 1.0, one.Stability)
	assert.Equal(t, 1.0, one.Persistence)
	assert.Equal(t, 1, one.Distinct)

	few, err := community.Sweep(t.Context(), g, community.SweepConfig{Resolutions: []float64{2, 1}, Runs: 1, Null: community.Undirected})
	require.NoError(t, err)
	require.Len(t, few, 2)
	assert.Equal(t, 2.0, few[0].Resolution)
	none, err := community.Sweep(t.Context(), g, community.SweepConfig{Resolutions: []float64{}})
	require.NoError(t, err)
	assert.Empty(t, none)

	for _, r := range []float64{0, -1, math.NaN()} {
		_, err = community.Sweep(t.Context(), g, community.SweepConfig{Resolutions: []float64{1, r}})
		require.ErrorIs(t, err, community.ErrResolution)
	}
	_, err = community.Sweep(t.Context(), g, community.SweepConfig{Runs: -1})
	require.ErrorIs(t, err, community.ErrCount)
	_, err = community.Sweep(t.Context(), g, community.SweepConfig{Null: 9})
	require.ErrorIs(t, err, community.ErrNull)
	done, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = community.Sweep(done, g, community.SweepConfig{})
	require.ErrorIs(t, err, context.Canceled)
	for _, c := range graphtest.Standard() {
		_, err := community.Sweep(t.Context(), c.Graph, community.SweepConfig{Runs: 2})
		require.NoError(t, err, c.Name)
	}
}
