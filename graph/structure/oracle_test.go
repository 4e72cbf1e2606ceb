// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
)

const (
	published = 1e-6  // precision of six decimals to which known values are given
	printed   = 1e-3  // precision of three decimals
	rounding  = 1e-12 // sums of a few hundred terms in another order, as a share
	solved    = 1e-9  // solutions of equations by another method, as a share
)

// draw is a small random graph for laws.
func draw(t *rapid.T) *graph.Digraph {
	return graphtest.FromBytes(rapid.SliceOfN(rapid.Byte(), 0, 160).Draw(t, "graph"))
}

// near requires equal numbers, NaN to NaN, up to a share of the size.
func near(t require.TestingT, want, got, tol float64, msg ...any) {
	if math.IsNaN(want) || math.IsNaN(got) {
		require.Equal(t, math.IsNaN(want), math.IsNaN(got), fmt.Sprint("want ", want, ", got ", got, ": ", msg))
		return
	}
	require.InDelta(t, want, got, tol*max(1, math.Abs(want)), msg...)
}

func nearAll(t require.TestingT, want, got []float64, tol float64) {
	require.Len(t, got, len(want))
	for i := range want {
		near(t, want[i], got[i], tol, i)
	}
}

// cross is the matrix of weights with zeros on the diagonal.
func cross(g *graph.Digraph) [][]float64 {
	f := graphtest.Matrix(g)
	for i := range f {
		f[i][i] = 0
	}
	return f
}

func rows(f [][]float64) []float64 {
	s := make([]float64, len(f))
	for i := range f {
		for _, w := range f[i] {
			s[i] += w
		}
	}
	return s
}

func transposed(f [][]float64) [][]float64 {
	t := make([][]float64, len(f))
	for i := range f {
		t[i] = make([]float64, len(f))
		for j := range f {
			t[i][j] = f[j][i]
		}
	}
	return t
}

func add(x []float64) (s float64) {
	for _, v := range x {
		s += v
	}
	return s
}

// reach says which nodes can be reached from which, itself included.
func reach(f [][]float64) [][]bool {
	n := len(f)
	r := make([][]bool, n)
	for i := range r {
		r[i] = make([]bool, n)
		for j := range r {
			r[i][j] = i == j || f[i][j] > 0
		}
	}
	for k := range n {
		for i := range n {
			for j := range n {
				r[i][j] = r[i][j] || r[i][k] && r[k][j]
			}
		}
	}
	return r
}

// gauss solves a x = b by elimination with pivots; free unknowns are 0.
func gauss(a [][]float64, b []float64) []float64 {
	n := len(b)
	m := make([][]float64, n)
	for i := range m {
		m[i] = append(slices.Clone(a[i]), b[i])
	}
	used := make([]int, n)
	row := 0
	for c := range n {
		used[c] = -1
		best := -1
		for r := row; r < n; r++ {
			if math.Abs(m[r][c]) > 1e-9 && (best < 0 || math.Abs(m[r][c]) > math.Abs(m[best][c])) {
				best = r
			}
		}
		if best < 0 {
			continue
		}
		m[row], m[best] = m[best], m[row]
		for r := range n {
			if r != row {
				f := m[r][c] / m[row][c]
				for k := c; k <= n; k++ {
					m[r][k] -= f * m[row][k]
				}
			}
		}
		used[c] = row
		row++
	}
	x := make([]float64, n)
	for c, r := range used {
		if r >= 0 {
			x[c] = m[r][n] / m[r][c]
		}
	}
	return x
}

// scale multiplies all weights; a power of 2 is exact.
func scale(t require.TestingT, g *graph.Digraph, by float64) *graph.Digraph {
	h, err := g.Map(func(e graph.Edge) float64 { return by * e.Weight })
	require.NoError(t, err)
	return h
}

// relabeled is g with its nodes in reverse order, built from its edges in
// another order.
func relabeled(g *graph.Digraph) *graph.Digraph {
	n := g.Len()
	edges := []graphtest.Edge{}
	for e := range g.Edges() {
		edges = append(edges, graphtest.Edge{From: graphtest.Key(n - 1 - e.From), To: graphtest.Key(n - 1 - e.To), Weight: e.Weight})
	}
	slices.Reverse(edges)
	return graphtest.FromEdges(n, edges)
}

func backward[T any](s []T) []T {
	s = slices.Clone(s)
	slices.Reverse(s)
	return s
}

// withIsolated is g with one more node, after the others.
func withIsolated(g *graph.Digraph) *graph.Digraph {
	edges := []graphtest.Edge{}
	nodes := []string{"zzz"}
	for _, key := range g.Keys() {
		nodes = append(nodes, key)
	}
	for e := range g.Edges() {
		edges = append(edges, graphtest.Edge{From: g.Key(e.From), To: g.Key(e.To), Weight: e.Weight})
	}
	return graphtest.Build(edges, nodes...)
}

func standard(t *testing.T, check func(t *testing.T, g *graph.Digraph)) {
	for _, c := range graphtest.Standard() {
		t.Run(c.Name, func(t *testing.T) { check(t, c.Graph) })
	}
	t.Run("example", func(t *testing.T) { check(t, graphtest.Example()) })
}

var (
	canceledNever = context.Background()
	errCanceled   = context.Canceled
)
