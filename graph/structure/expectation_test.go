// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

func checkIndependence(t require.TestingT, g *graph.Digraph) {
	f := graphtest.Matrix(g)
	out, in := rows(f), rows(transposed(f))
	total := add(out)
	got := structure.ExpectIndependence(g)
	var chi, g2 float64
	r, c := 0, 0
	for i := range f {
		if out[i] > 0 {
			r++
		}
		if in[i] > 0 {
			c++
		}
		for j, w := range f[i] {
			e := out[i] * in[j] / math.Max(total, 1e-300)
			near(t, e, got.Expected(i, j), rounding)
			pearson := (w - e) / math.Sqrt(e)
			near(t, pearson, got.Pearson(i, j), solved)
			variance := (1 - out[i]/total) * (1 - in[j]/total)
			if variance > 1e-12 {
				near(t, pearson/math.Sqrt(variance), got.Adjusted(i, j), solved)
			} else {
				require.True(t, math.IsNaN(got.Adjusted(i, j)))
			}
			if e > 0 {
				chi += (w - e) * (w - e) / e
			}
			if w > 0 {
				g2 += 2 * w * math.Log(w/e)
			}
		}
	}
	if total == 0 {
		require.True(t, math.IsNaN(got.ChiSquared) && math.IsNaN(got.G2) && math.IsNaN(got.CramersV))
		return
	}
	near(t, chi, got.ChiSquared, solved)
	near(t, g2, got.G2, solved)
	require.Equal(t, (r-1)*(c-1), got.DegreesOfFreedom)
	if min(r, c) > 1 {
		near(t, math.Sqrt(chi/total/float64(min(r, c)-1)), got.CramersV, solved)
		require.LessOrEqual(t, got.CramersV, 1+solved)
	} else {
		require.True(t, math.IsNaN(got.CramersV))
	}
}

func TestIndependenceStandardGraphs(t *testing.T) {
	standard(t, func(t *testing.T, g *graph.Digraph) { checkIndependence(t, g) })
}

func TestIndependenceLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkIndependence(t, draw(t)) })
}

// What is expected must have the form of a product and meet the strengths;
// there is only one such matrix.
func checkQuasi(t require.TestingT, g *graph.Digraph) {
	f := cross(g)
	out, in := rows(f), rows(transposed(f))
	got, err := structure.ExpectQuasiIndependence(canceledNever, g)
	require.NoError(t, err)
	n := len(f)
	var g2, chi float64
	for i := range n {
		var r, c float64
		for j := range n {
			e := got.Expected(i, j)
			r += e
			c += got.Expected(j, i)
			if e > 0 {
				require.NotEqual(t, i, j)
				near(t, (f[i][j]-e)/math.Sqrt(e), got.Pearson(i, j), solved)
				chi += (f[i][j] - e) * (f[i][j] - e) / e
			} else {
				require.True(t, math.IsNaN(got.Pearson(i, j)))
			}
			if f[i][j] > 0 {
				g2 += 2 * f[i][j] * math.Log(f[i][j]/e)
			}
		}
		near(t, out[i], r, 1e-9)
		near(t, in[i], c, 1e-9)
	}
	// Odds ratios away from the diagonal are 1.
	for i := range n {
		for j := range n {
			for k := range n {
				for l := range n {
					if i != k && i != l && j != k && j != l {
						a, b := got.Expected(i, k)*got.Expected(j, l), got.Expected(i, l)*got.Expected(j, k)
						require.InDelta(t, a, b, 1e-9*(a+b))
					}
				}
			}
		}
	}
	if add(out) == 0 {
		require.True(t, math.IsNaN(got.G2) && math.IsNaN(got.ChiSquared))
		return
	}
	near(t, g2, got.G2, 1e-6)
	near(t, chi, got.ChiSquared, 1e-6)
}

func TestQuasiIndependenceStandardGraphs(t *testing.T) {
	standard(t, func(t *testing.T, g *graph.Digraph) { checkQuasi(t, g) })
	got, err := structure.ExpectQuasiIndependence(t.Context(), graphtest.Example())
	require.NoError(t, err)
	assert.Equal(t, 8, got.DegreesOfFreedom)
	assert.Equal(t, 12, structure.ExpectIndependence(graphtest.Example()).DegreesOfFreedom)
}

func TestQuasiIndependenceLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Rows of two and three nodes fit slowly when one nearly has all; draw
		// graphs in which none does.
		g := draw(t)
		f := cross(g)
		out, in := rows(f), rows(transposed(f))
		for i := range f {
			if s := out[i] + in[i]; s < add(out) && s > 0.9*add(out) {
				t.Skip("near the border")
			}
		}
		checkQuasi(t, g)
	})
}

// Margins that only just leave a choice.
func TestQuasiIndependenceNearTheBorder(t *testing.T) {
	g := graphtest.Build([]graphtest.Edge{
		{From: "a", To: "hub", Weight: 1000}, {From: "hub", To: "b", Weight: 900}, {From: "c", To: "hub", Weight: 10}, {From: "a", To: "b", Weight: 1},
	})
	got, err := structure.ExpectQuasiIndependence(t.Context(), g)
	require.NoError(t, err)
	a, b := g.Len()-4, 1
	assert.Positive(t, got.Expected(a, b))
	_, err = structure.ExpectQuasiIndependence(canceled(), g)
	require.ErrorIs(t, err, errCanceled)
}

func fit(t require.TestingT, seed *graph.Digraph, out, in []float64) (structure.Fitted, error) {
	return structure.FitMargins(canceledNever, seed, graph.NewValues(seed, out), graph.NewValues(seed, in), structure.FitConfig{})
}

// A graph fitted to the margins of another with the same edges has these
// margins and the odds ratios of the seed.
func TestFitMarginsLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := draw(t)
		n := 0
		seed, err := g.Map(func(e graph.Edge) float64 { n++; return 1 + float64(n%7) })
		require.NoError(t, err)
		f := graphtest.Matrix(g)
		out, in := rows(f), rows(transposed(f))
		got, err := fit(t, seed, out, in)
		require.NoError(t, err)
		h := graphtest.Matrix(got.Graph)
		nearAll(t, out, rows(h), 1e-8)
		nearAll(t, in, rows(transposed(h)), 1e-8)
		s := graphtest.Matrix(seed)
		for i := range f {
			for j := range f {
				require.Equal(t, s[i][j] > 0, h[i][j] > 0)
				for k := range f {
					for l := range f {
						a, b := h[i][k]*h[j][l]*s[i][l]*s[j][k], h[i][l]*h[j][k]*s[i][k]*s[j][l]
						if s[i][k] > 0 && s[j][l] > 0 && s[i][l] > 0 && s[j][k] > 0 {
							require.InDelta(t, a, b, 1e-9*(a+b))
						}
					}
				}
			}
		}
		same, err := fit(t, g, out, in)
		require.NoError(t, err)
		for e := range g.Edges() {
			near(t, e.Weight, same.Graph.EdgeWeight(e.From, e.To), 1e-9, "fitting to its own margins changes nothing")
		}
	})
}

func TestFitMarginsRefuses(t *testing.T) {
	g := graphtest.Example()
	in := []float64{60, 75, 25, 10, 30}
	_, err := fit(t, g, []float64{75, 70, 35, 15, 5}, in)
	var infeasible *structure.InfeasibleError
	require.ErrorAs(t, err, &infeasible)
	require.ErrorIs(t, err, structure.ErrInfeasible)
	assert.Equal(t, structure.InfeasibleError{Reason: structure.ReasonSupport, Node: "E"}, *infeasible)
	assert.Equal(t, `structure: infeasible: support: node "E"`, err.Error())

	_, err = fit(t, g, []float64{81, 70, 35, 15, 0}, in)
	require.ErrorAs(t, err, &infeasible)
	assert.Equal(t, structure.ReasonTotals, infeasible.Reason)

	for _, bad := range []float64{-1, math.NaN(), math.Inf(1)} {
		_, err = fit(t, g, []float64{bad, 0, 0, 0, 0}, []float64{0, 0, 0, 0, 0})
		require.ErrorIs(t, err, structure.ErrMargin)
	}
	_, err = structure.FitMargins(t.Context(), g, graph.NewValues(g, in), graph.NewValues(g, in), structure.FitConfig{Sweeps: -1})
	require.ErrorIs(t, err, structure.ErrMargin)
	_, err = structure.FitMargins(canceled(), g, graph.NewValues(g, []float64{80, 70, 35, 15, 0}), graph.NewValues(g, in), structure.FitConfig{})
	require.ErrorIs(t, err, errCanceled)

	// a has only c to send to, and c must receive from b too: no weights above 0 fit.
	h := graphtest.Build([]graphtest.Edge{{From: "a", To: "c", Weight: 1}, {From: "b", To: "c", Weight: 1}, {From: "b", To: "d", Weight: 1}})
	_, err = structure.FitMargins(t.Context(), h, graph.NewValues(h, []float64{5, 1, 0, 0}), graph.NewValues(h, []float64{0, 0, 1, 5}), structure.FitConfig{Sweeps: 50})
	require.ErrorIs(t, err, structure.ErrNotConverged)
	var convergence *structure.ConvergenceError
	require.ErrorAs(t, err, &convergence)
	assert.Equal(t, 50, convergence.Iterations)
}
