// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

func binary(f [][]float64) [][]float64 {
	b := make([][]float64, len(f))
	for i := range f {
		b[i] = make([]float64, len(f))
		for j, w := range f[i] {
			b[i][j] = math.Min(1, math.Ceil(w))
		}
	}
	return b
}

func whole(t require.TestingT, g *graph.Digraph) *graph.Digraph {
	h, err := g.Map(func(e graph.Edge) float64 { return math.Ceil(math.Min(e.Weight, 40)) })
	require.NoError(t, err)
	return h
}

func checkRandomize(t require.TestingT, g *graph.Digraph) {
	g = whole(t, g)
	f := cross(g)
	for _, kept := range []structure.Kept{structure.KeepDegrees, structure.KeepStrengths} {
		c := structure.RandomizeConfig{Kept: kept, Seed: 7, Number: 3}
		h, err := structure.Randomize(canceledNever, g, c)
		require.NoError(t, err)
		require.Equal(t, g.Len(), h.Len())
		x := cross(h)
		require.Equal(t, rows(f), rows(x), "what each node sends")
		if kept == structure.KeepDegrees {
			require.Equal(t, rows(binary(f)), rows(binary(x)))
			require.Equal(t, rows(transposed(binary(f))), rows(transposed(binary(x))))
		} else {
			require.Equal(t, rows(transposed(f)), rows(transposed(x)))
		}
		for i := range g.Len() {
			require.Equal(t, g.Loop(i), h.Loop(i))
		}
		again, err := structure.Randomize(canceledNever, g, c)
		require.NoError(t, err)
		require.Equal(t, graphtest.Matrix(h), graphtest.Matrix(again))
	}
}

func TestRandomizeStandardGraphs(t *testing.T) {
	standard(t, func(t *testing.T, g *graph.Digraph) { checkRandomize(t, g) })
}

func TestRandomizeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkRandomize(t, draw(t)) })
}

// visits counts how often each graph comes out.
func visits(t *testing.T, g *graph.Digraph, kept structure.Kept, samples int) map[string]int {
	t.Helper()
	count := map[string]int{}
	for k := range samples {
		h, err := structure.Randomize(t.Context(), g, structure.RandomizeConfig{Kept: kept, Number: uint64(k)})
		require.NoError(t, err)
		count[fmt.Sprint(graphtest.Matrix(h))]++
	}
	return count
}

// A cycle of three can only turn around, and all ways to give four nodes one
// edge in and one out are equally likely: the 9 permutations without fixed
// point.
func TestRandomizeReachesAllGraphs(t *testing.T) {
	cycle := func(n int) *graph.Digraph {
		f := make([][]float64, n)
		for i := range f {
			f[i] = make([]float64, n)
			f[i][(i+1)%n] = 1
		}
		return graphtest.FromMatrix(f)
	}
	const samples = 3600
	for n, graphs := range map[int]int{3: 2, 4: 9} {
		for _, kept := range []structure.Kept{structure.KeepDegrees, structure.KeepStrengths} {
			count := visits(t, cycle(n), kept, samples)
			require.Len(t, count, graphs)
			expected := float64(samples) / float64(graphs)
			for _, k := range count {
				// Five standard deviations.
				assert.InDelta(t, expected, float64(k), 5*math.Sqrt(expected))
			}
		}
	}
}

// Two nodes with two units each for two others: 0, 1 or 2 units cross, in 1, 4
// and 1 of the 6 ways to hand out the units.
func TestRandomizeUnits(t *testing.T) {
	g := graphtest.FromMatrix([][]float64{{0, 0, 2, 0}, {0, 0, 0, 2}, {0, 0, 0, 0}, {0, 0, 0, 0}})
	const samples = 3000
	count := visits(t, g, structure.KeepStrengths, samples)
	require.Len(t, count, 3)
	even := fmt.Sprint([][]float64{{0, 0, 1, 1}, {0, 0, 1, 1}, {0, 0, 0, 0}, {0, 0, 0, 0}})
	assert.InDelta(t, samples*4.0/6, float64(count[even]), 5*math.Sqrt(samples*2.0/9))
}

func TestNullTest(t *testing.T) {
	g := graphtest.Random(9, 60, 5)
	c := structure.NullTestConfig{Seed: 1, Samples: 60}
	var want structure.NullResult
	for i, workers := range []int{1, 2, 8} {
		c.Workers = workers
		got, err := structure.NullTest(t.Context(), g, structure.Reciprocity, c)
		require.NoError(t, err)
		if i == 0 {
			want = got
		}
		assert.Equal(t, want, got)
	}
	shuffled, err := structure.NullTest(t.Context(), graphtest.FromEdges(60, backward(graphtest.RandomEdges(9, 60, 5))), structure.Reciprocity, c)
	require.NoError(t, err)
	assert.Equal(t, want, shuffled)
	assert.Equal(t, 60, want.Samples)
	assert.Equal(t, structure.Reciprocity(g), want.Observed)
	assert.InDelta(t, (want.Observed-want.Mean)/want.SD, want.Z, rounding)
	assert.GreaterOrEqual(t, want.Above+want.Below, 1.0)

	// A measure that the null model keeps shows no difference.
	got, err := structure.NullTest(t.Context(), g, structure.Density, structure.NullTestConfig{Samples: 5})
	require.NoError(t, err)
	assert.Equal(t, 1.0, got.Above)
	assert.Equal(t, 1.0, got.Below)
	assert.True(t, math.IsNaN(got.Z))
	assert.InDelta(t, got.Observed, got.Mean, rounding)

	// No value, no verdict.
	got, err = structure.NullTest(t.Context(), graphtest.Build(nil, "a"), structure.Reciprocity, structure.NullTestConfig{Samples: 3})
	require.NoError(t, err)
	assert.Equal(t, 3, got.Undefined)
	assert.True(t, math.IsNaN(got.Above))
}

func TestNullRefuses(t *testing.T) {
	g := graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 1.5}})
	_, err := structure.Randomize(t.Context(), g, structure.RandomizeConfig{Kept: structure.KeepStrengths})
	require.ErrorIs(t, err, structure.ErrCounts)
	_, err = structure.Randomize(t.Context(), scale(t, g, 1e12), structure.RandomizeConfig{Kept: structure.KeepStrengths})
	require.ErrorIs(t, err, structure.ErrRandomize)
	for _, c := range []structure.RandomizeConfig{{Kept: 2}, {Switches: -1}} {
		_, err = structure.Randomize(t.Context(), g, c)
		require.ErrorIs(t, err, structure.ErrRandomize)
	}
	_, err = structure.NullTest(t.Context(), g, structure.Density, structure.NullTestConfig{Samples: -1})
	require.ErrorIs(t, err, structure.ErrRandomize)
	_, err = structure.NullTest(canceled(), g, structure.Density, structure.NullTestConfig{})
	require.ErrorIs(t, err, errCanceled)
	assert.Equal(t, "strengths", structure.KeepStrengths.String())
	assert.Equal(t, "Kept(5)", structure.Kept(5).String())
}

// Samples that are still to come when the context is done cost nothing.
func TestNullTestStops(t *testing.T) {
	g := graphtest.Random(1, 2000, 2)
	used := func() uint64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.TotalAlloc
	}
	before := used()
	_, err := structure.NullTest(canceled(), g, structure.Density, structure.NullTestConfig{Samples: 20_000})
	require.ErrorIs(t, err, errCanceled)
	assert.Less(t, used()-before, uint64(20_000*2000*4), "four bytes a sample and node")
}
