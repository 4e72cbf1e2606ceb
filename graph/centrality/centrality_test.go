// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// published is the precision of six decimals to which known values are given.
const published = 1e-6

// rounding is how much sums of a dozen terms in another order may differ, as a
// share of the sum.
const rounding = 1e-14

func TestExample(t *testing.T) {
	g := graphtest.Example()
	assert.Equal(t, []int{3, 3, 3, 3, 0}, centrality.OutDegree(g).Slice())
	assert.Equal(t, []int{2, 3, 2, 1, 4}, centrality.InDegree(g).Slice())
	assert.Equal(t, []int{5, 6, 5, 4, 4}, centrality.Degree(g).Slice())
	assert.Equal(t, []float64{10, 26, 7, 3, 26}, centrality.InStrength(g).Slice())
	assert.Equal(t, []float64{20, 15, 22, 15, 0}, centrality.OutStrength(g).Slice())
	assert.Equal(t, []float64{30, 41, 29, 18, 26}, centrality.Strength(g).Slice())
	mixed, err := centrality.MixedDegree(g, centrality.MixedDegreeConfig{Alpha: 0.5})
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{4.472136, 8.831761, 3.741657, 1.732051, 10.198039}, mixed.Slice(), published)
}

// naive is degree and strength from a dense matrix.
func naive(f [][]float64) (in, out []int, sin, sout []float64) {
	n := len(f)
	in, out, sin, sout = make([]int, n), make([]int, n), make([]float64, n), make([]float64, n)
	for i := range n {
		for j := range n {
			if i != j && f[i][j] > 0 {
				out[i]++
				in[j]++
				sout[i] += f[i][j]
				sin[j] += f[i][j]
			}
		}
	}
	return in, out, sin, sout
}

func check(t require.TestingT, g *graph.Digraph) {
	in, out, sin, sout := naive(graphtest.Matrix(g))
	require.Equal(t, in, centrality.InDegree(g).Slice())
	require.Equal(t, out, centrality.OutDegree(g).Slice())
	for i, s := range centrality.InStrength(g).Slice() {
		require.InEpsilon(t, 1+sin[i], 1+s, rounding)
	}
	for i, s := range centrality.OutStrength(g).Slice() {
		require.InEpsilon(t, 1+sout[i], 1+s, rounding)
	}
	for i, k := range centrality.Degree(g).Slice() {
		require.Equal(t, in[i]+out[i], k)
	}
	// Transposing swaps the directions.
	require.Equal(t, in, centrality.OutDegree(g.Transpose()).Slice())
	require.Equal(t, centrality.InStrength(g).Slice(), centrality.OutStrength(g.Transpose()).Slice())
	// Loops change nothing.
	require.Equal(t, centrality.Strength(g).Slice(), centrality.Strength(g.Loopless()).Slice())
	for d := centrality.In; d <= centrality.Both; d++ {
		zero, err := centrality.MixedDegree(g, centrality.MixedDegreeConfig{Direction: d})
		require.NoError(t, err)
		one, err := centrality.MixedDegree(g, centrality.MixedDegreeConfig{Direction: d, Alpha: 1})
		require.NoError(t, err)
		for i := range g.Len() {
			k, s := in[i], sin[i]
			switch d {
			case centrality.Out:
				k, s = out[i], sout[i]
			case centrality.In:
			case centrality.Both:
				k, s = in[i]+out[i], sin[i]+sout[i]
			}
			require.Equal(t, float64(k), zero.Slice()[i])
			require.InEpsilon(t, 1+s, 1+one.Slice()[i], rounding)
		}
	}
}

func TestStandardGraphs(t *testing.T) {
	for _, c := range graphtest.Standard() {
		t.Run(c.Name, func(t *testing.T) { check(t, c.Graph) })
	}
}

func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphtest.FromBytes(rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "graph"))
		check(t, g)
		// Doubling is exact, so that strengths double to the bit.
		twice, err := g.Map(func(e graph.Edge) float64 { return 2 * e.Weight })
		require.NoError(t, err)
		for i, s := range centrality.Strength(g).Slice() {
			require.Equal(t, 2*s, centrality.Strength(twice).Slice()[i])
		}
		// What goes out comes in.
		var in, out float64
		for i := range g.Len() {
			in += centrality.InStrength(g).Slice()[i]
			out += centrality.OutStrength(g).Slice()[i]
		}
		require.InEpsilon(t, 1+g.Loopless().Total(), 1+in, rounding)
		require.InEpsilon(t, 1+in, 1+out, rounding)
	})
}

// TestLargeAndSmall has weights that a plain sum loses.
func TestLargeAndSmall(t *testing.T) {
	edges := []graphtest.Edge{{From: "a", To: "z", Weight: 1e12}}
	for i := range 1000 {
		edges = append(edges, graphtest.Edge{From: graphtest.Key(i), To: "z", Weight: 1e-12})
	}
	s, ok := centrality.InStrength(graphtest.Build(edges)).At("z")
	require.True(t, ok)
	assert.Equal(t, 1e12+1e-9, s)
}

func TestMixedDegreeRefuses(t *testing.T) {
	g := graphtest.Example()
	for _, alpha := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1)} {
		_, err := centrality.MixedDegree(g, centrality.MixedDegreeConfig{Alpha: alpha})
		require.ErrorIs(t, err, centrality.ErrAlpha)
	}
	_, err := centrality.MixedDegree(g, centrality.MixedDegreeConfig{Direction: 3})
	require.ErrorIs(t, err, centrality.ErrDirection)
	assert.Equal(t, "both", centrality.Both.String())
	assert.Equal(t, "in", centrality.In.String())
	assert.Equal(t, "out", centrality.Out.String())
	assert.Equal(t, "Direction(9)", centrality.Direction(9).String())
}

func Benchmark(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		g := graphtest.Random(1, n, 10)
		b.Run(fmt.Sprintf("InDegree/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				centrality.InDegree(g)
			}
		})
		b.Run(fmt.Sprintf("Strength/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				centrality.Strength(g)
			}
		})
		b.Run(fmt.Sprintf("InStrengthWithSelf/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				centrality.InStrengthWithSelf(g)
			}
		})
	}
}
