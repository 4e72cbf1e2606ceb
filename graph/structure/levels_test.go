// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
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

// naiveTrophic solves the equations as they stand.
func naiveTrophic(g *graph.Digraph) (level []float64, f0 float64) {
	f := cross(g)
	n := len(f)
	out, in := rows(f), rows(transposed(f))
	a, b := make([][]float64, n), make([]float64, n)
	for i := range f {
		a[i] = make([]float64, n)
		for j := range f {
			a[i][j] = -f[i][j] - f[j][i]
		}
		a[i][i] += in[i] + out[i]
		b[i] = in[i] - out[i]
	}
	level = gauss(a, b)
	part := structure.WeaklyConnected(g).Label.Slice()
	for p := range n {
		low := math.Inf(1)
		for i, h := range level {
			if part[i] == p {
				low = math.Min(low, h)
			}
		}
		for i := range level {
			if part[i] == p {
				level[i] -= low
			}
		}
	}
	for i := range f {
		for j, w := range f[i] {
			d := level[j] - level[i] - 1
			f0 += w * d * d
		}
	}
	return level, f0 / add(out)
}

func checkTrophic(t require.TestingT, g *graph.Digraph) {
	got, err := structure.TrophicLevels(canceledNever, g)
	require.NoError(t, err)
	level, f0 := naiveTrophic(g)
	nearAll(t, level, got.Level.Slice(), solved)
	near(t, f0, got.Incoherence, solved)
	near(t, 1-f0, got.Coherence(), solved)
	if !math.IsNaN(f0) {
		require.True(t, got.Incoherence >= 0 && got.Incoherence <= 1+solved)
	}
	scaled, err := structure.TrophicLevels(canceledNever, scale(t, g, 4))
	require.NoError(t, err)
	require.Equal(t, got.Level.Slice(), scaled.Level.Slice())
	back, err := structure.TrophicLevels(canceledNever, g.Transpose())
	require.NoError(t, err)
	near(t, got.Incoherence, back.Incoherence, solved)
	turned, err := structure.TrophicLevels(canceledNever, relabeled(g))
	require.NoError(t, err)
	nearAll(t, backward(got.Level.Slice()), turned.Level.Slice(), solved)
}

func TestTrophicStandardGraphs(t *testing.T) {
	standard(t, func(t *testing.T, g *graph.Digraph) { checkTrophic(t, g) })
}

func TestTrophicLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkTrophic(t, draw(t)) })
}

// Trees climb by 1 along every edge whatever the weights, and a cycle has no
// direction at all.
func TestTrophicByHand(t *testing.T) {
	tree := graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 1e-12}, {From: "b", To: "c", Weight: 1e12}, {From: "d", To: "c", Weight: 3}, {From: "c", To: "e", Weight: 1e-6}})
	got, err := structure.TrophicLevels(t.Context(), tree)
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{0, 1, 2, 1, 3}, got.Level.Slice(), rounding)
	assert.InDelta(t, 0, got.Incoherence, rounding)

	cycle := graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 2}, {From: "b", To: "c", Weight: 2}, {From: "c", To: "a", Weight: 2}})
	got, err = structure.TrophicLevels(t.Context(), cycle)
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{0, 0, 0}, got.Level.Slice(), rounding)
	assert.InDelta(t, 1, got.Incoherence, rounding)
}

// Components above the limit of elimination give what elimination gives.
func TestTrophicOfLargeGraph(t *testing.T) {
	g := graphtest.Random(5, 620, 4)
	got, err := structure.TrophicLevels(t.Context(), g)
	require.NoError(t, err)
	level, f0 := naiveTrophic(g)
	nearAll(t, level, got.Level.Slice(), solved)
	near(t, f0, got.Incoherence, solved)

	// Bits do not depend on the order of edges or the number of processors.
	for _, procs := range []int{1, 2, 8} {
		before := runtime.GOMAXPROCS(procs)
		again, err := structure.TrophicLevels(t.Context(), graphtest.FromEdges(620, backward(graphtest.RandomEdges(5, 620, 4))))
		runtime.GOMAXPROCS(before)
		require.NoError(t, err)
		require.Equal(t, got.Level.Slice(), again.Level.Slice())
		require.Equal(t, got.Incoherence, again.Incoherence)
	}

	path := make([]graphtest.Edge, 0, 30000)
	for i := range cap(path) {
		path = append(path, graphtest.Edge{From: graphtest.Key(i), To: graphtest.Key(i + 1), Weight: float64(1 + i%1000)})
	}
	got, err = structure.TrophicLevels(t.Context(), graphtest.Build(path))
	require.NoError(t, err)
	assert.InDelta(t, 30000, got.Level.Slice()[30000], 1e-6)
}

// naiveLevine solves the equations of the nodes whose flow all comes from nodes
// that receive nothing.
func naiveLevine(g *graph.Digraph) (level []float64, q float64, basal int) {
	f := cross(g)
	n := len(f)
	in := rows(transposed(f))
	r := reach(f)
	fed := make([]bool, n) // whether all nodes upstream have a source upstream
	for i := range f {
		fed[i] = true
		for j := range f {
			if !r[j][i] {
				continue
			}
			source := false
			for k := range f {
				source = source || in[k] == 0 && r[k][j]
			}
			fed[i] = fed[i] && source
		}
	}
	a, b := make([][]float64, n), make([]float64, n)
	for i := range f {
		a[i] = make([]float64, n)
		a[i][i], b[i] = 1, 1
		if in[i] == 0 {
			basal++
		}
		for j := range f {
			if fed[i] && in[i] > 0 {
				a[i][j] -= f[j][i] / in[i]
			}
		}
	}
	level = gauss(a, b)
	for i := range level {
		if !fed[i] {
			level[i] = math.NaN()
		}
	}
	var total float64
	for i := range f {
		for j, w := range f[i] {
			if w > 0 {
				total += w
				d := level[j] - level[i]
				q += w * d * d
			}
		}
	}
	return level, math.Sqrt(math.Max(0, q/total-1)), basal
}

func checkLevine(t require.TestingT, g *graph.Digraph) {
	got, err := structure.LevineLevels(canceledNever, g)
	require.NoError(t, err)
	level, q, basal := naiveLevine(g)
	nearAll(t, level, got.Level.Slice(), 1e-6) // the oracle loses digits where cycles hardly leak
	require.Equal(t, basal, got.Basal)
	if !math.IsNaN(q) {
		near(t, q*q, got.Incoherence*got.Incoherence, 1e-6)
	} else {
		require.True(t, math.IsNaN(got.Incoherence))
	}
	scaled, err := structure.LevineLevels(canceledNever, scale(t, g, 4))
	require.NoError(t, err)
	nearAll(t, got.Level.Slice(), scaled.Level.Slice(), rounding)
}

func TestLevineStandardGraphs(t *testing.T) {
	standard(t, func(t *testing.T, g *graph.Digraph) { checkLevine(t, g) })
}

func TestLevineLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkLevine(t, draw(t)) })
}

// Known values of a food web with a cycle, by another program.
func TestLevineKnown(t *testing.T) {
	g := graphtest.Build([]graphtest.Edge{
		{From: "1", To: "2", Weight: 1}, {From: "1", To: "3", Weight: 0.2}, {From: "1", To: "4", Weight: 0.8}, {From: "2", To: "3", Weight: 0.2},
		{From: "2", To: "5", Weight: 0.3}, {From: "4", To: "3", Weight: 0.6}, {From: "4", To: "5", Weight: 0.7}, {From: "5", To: "4", Weight: 0.2},
	})
	got, err := structure.LevineLevels(t.Context(), g)
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{1, 2, 3.07906977, 2.46511628, 3.3255814}, got.Level.Slice(), 1e-8)
}

// Large strongly connected parts are solved by sweeps; nodes behind a cycle
// without source have no level.
func TestLevineOfLargeGraph(t *testing.T) {
	edges := graphtest.RandomEdges(4, 1200, 4)
	for i := range 50 {
		edges = append(edges, graphtest.Edge{From: "source", To: graphtest.Key(i * 7), Weight: 50})
	}
	g := graphtest.Build(edges)
	_, largest := structure.StronglyConnected(g).Largest()
	require.Greater(t, largest, 500)
	got, err := structure.LevineLevels(t.Context(), g)
	require.NoError(t, err)
	f := cross(g)
	in := rows(transposed(f))
	for j, s := range got.Level.Slice() {
		want := 1.0
		for i := range f {
			if f[i][j] > 0 {
				want += f[i][j] / in[j] * got.Level.Slice()[i]
			}
		}
		near(t, want, s, solved)
	}
	closed := append([]graphtest.Edge{{From: "x", To: "y", Weight: 1}, {From: "y", To: "x", Weight: 1}, {From: "y", To: graphtest.Key(0), Weight: 1}}, edges...)
	got, err = structure.LevineLevels(t.Context(), graphtest.Build(closed))
	require.NoError(t, err)
	s, _ := got.Level.At(graphtest.Key(0))
	assert.True(t, math.IsNaN(s))
	s, _ = got.Level.At("source")
	assert.Equal(t, 1.0, s)
	assert.True(t, math.IsNaN(got.Incoherence))
}

func TestLevelsStopWithTheirContext(t *testing.T) {
	for _, g := range []*graph.Digraph{graphtest.Example(), graphtest.Random(5, 620, 4)} {
		_, err := structure.TrophicLevels(canceled(), g)
		require.ErrorIs(t, err, errCanceled)
	}
	_, err := structure.LevineLevels(canceled(), graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 1}, {From: "b", To: "c", Weight: 1}, {From: "c", To: "b", Weight: 1}}))
	require.ErrorIs(t, err, errCanceled)
	_, err = structure.ReciprocityNull(canceled(), graphtest.Example())
	require.ErrorIs(t, err, errCanceled)
}
