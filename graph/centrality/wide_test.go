// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// wideGraphs yields small graphs with weights from about 1e-12 to 1e12, loops
// among them.
func wideGraphs(yield func(*graph.Digraph) bool) {
	r := rand.New(rand.NewPCG(3, 0))
	for range 400 {
		f := make([][]float64, 2+r.IntN(6))
		for i := range f {
			f[i] = make([]float64, len(f))
			for j := range f[i] {
				if r.IntN(2) == 0 {
					f[i][j] = math.Ldexp(1+r.Float64(), r.IntN(81)-40)
				}
			}
		}
		if !yield(graphtest.FromMatrix(f)) {
			return
		}
	}
}

// cycle is a graph in which each weight leads from one node to the next.
func cycle(weights ...float64) *graph.Digraph {
	var edges []graphtest.Edge
	for i, w := range weights {
		edges = append(edges, graphtest.Edge{From: graphtest.Key(i), To: graphtest.Key((i + 1) % len(weights)), Weight: w})
	}
	return graphtest.Build(edges)
}

// TestEigenvectorOfWideWeights looks at each entry by itself: a small one must be
// as right as a large one.
func TestEigenvectorOfWideWeights(t *testing.T) {
	const right = 1e-12
	check := func(g *graph.Digraph) {
		t.Helper()
		for _, d := range []centrality.Direction{centrality.In, centrality.Out} {
			x, err := centrality.Eigenvector(t.Context(), g, centrality.EigenvectorConfig{Direction: d})
			if undefined(err) != "" {
				continue
			}
			require.NoError(t, err)
			radius := must(centrality.SpectralRadius(t.Context(), g, centrality.EigenvectorConfig{}))
			h := g.Loopless()
			if d == centrality.Out {
				h = h.Transpose()
			}
			for i, want := range x.Slice() {
				got := 0.0
				for j, w := range h.In(i) {
					got += w / radius * x.Slice()[j]
				}
				require.InDelta(t, want, got, right*want)
			}
		}
	}
	for g := range wideGraphs {
		check(g)
	}
	// A cycle that is fed next to nothing, beside a node that is fed much.
	check(graphtest.Build([]graphtest.Edge{
		{From: "a", To: "b", Weight: 1}, {From: "b", To: "a", Weight: 1}, {From: "a", To: "c", Weight: 1e-9},
		{From: "c", To: "d", Weight: 0.9}, {From: "d", To: "c", Weight: 0.9}, {From: "a", To: "e", Weight: 1e6},
	}))
	// The radius of a cycle is the geometric mean of its weights, far below the
	// largest.
	for _, g := range []*graph.Digraph{
		cycle(1e12, 1e-12, 1e-12, 1e-12, 1e-12, 1e-12, 1e-12, 1e-12, 1e-12, 1e-12),
		cycle(1e40, 1e-40, 1e-40, 1e-40),
	} {
		check(g)
		product := 0.0
		for e := range g.Edges() {
			product += math.Log(e.Weight)
		}
		assert.InEpsilon(t, math.Exp(product/float64(g.Len())), must(centrality.SpectralRadius(t.Context(), g, centrality.EigenvectorConfig{})), right)
	}
}

// exactKatz solves the equations in rational arithmetic.
func exactKatz(f [][]float64, alpha float64) []float64 {
	n := len(f)
	m := make([][]*big.Rat, n) // the right side last
	for i := range m {
		m[i] = make([]*big.Rat, n+1)
		for j := range n {
			m[i][j] = new(big.Rat).SetFloat64(f[j][i])
			m[i][j].Mul(m[i][j], new(big.Rat).SetFloat64(-alpha))
		}
		m[i][i].SetInt64(1)
		m[i][n] = big.NewRat(1, 1)
	}
	for c := range n {
		for r := range n {
			if r == c || m[r][c].Sign() == 0 {
				continue
			}
			by := new(big.Rat).Quo(m[r][c], m[c][c])
			for k := c; k <= n; k++ {
				m[r][k].Sub(m[r][k], new(big.Rat).Mul(by, m[c][k]))
			}
		}
	}
	x := make([]float64, n)
	for i := range x {
		x[i], _ = new(big.Rat).Quo(m[i][n], m[i][i]).Float64()
	}
	return x
}

// TestKatzOfWideWeights has errors that are nothing beside the sum of all values
// and much once a heavy edge has carried them on.
func TestKatzOfWideWeights(t *testing.T) {
	const right = 1e-12
	check := func(g *graph.Digraph) {
		t.Helper()
		got := must(centrality.Katz(t.Context(), g, centrality.KatzConfig{})).Slice()
		alpha := 0.5 / must(centrality.SpectralRadius(t.Context(), g, centrality.EigenvectorConfig{}))
		if math.IsInf(alpha, 1) {
			largest := 0.0
			for e := range g.Loopless().Edges() {
				largest = max(largest, e.Weight)
			}
			alpha = 0.5 / largest
		}
		for i, want := range exactKatz(graphtest.Matrix(g.Loopless()), alpha) {
			require.InEpsilon(t, want, got[i], right)
		}
	}
	check(cycle(6e-8, 272, 4.7e6))
	for g := range wideGraphs {
		if g.Loopless().Size() > 0 {
			check(g)
		}
	}
}

// TestClusteringOfTinyWeights has a weight whose share of the largest is below
// all numbers: its edge is there all the same.
func TestClusteringOfTinyWeights(t *testing.T) {
	g := graphtest.Build([]graphtest.Edge{
		{From: "a", To: "b", Weight: math.SmallestNonzeroFloat64}, {From: "b", To: "c", Weight: 1e280}, {From: "a", To: "c", Weight: 1},
	})
	c, err := centrality.Clustering(t.Context(), g, centrality.ClusteringConfig{})
	require.NoError(t, err)
	// The two that a sends to are joined one way, half of what is possible.
	want := math.Cbrt(math.SmallestNonzeroFloat64) / math.Cbrt(1e280) * (1 / math.Cbrt(1e280))
	assert.InEpsilon(t, want, c.Out.Slice()[0]*2, 1e-12)
}

// TestHugeLoops has loops beside which all else is nothing: what leaves loops out
// must not see them.
func TestHugeLoops(t *testing.T) {
	edges := []graphtest.Edge{
		{From: "a", To: "b", Weight: 3e-20}, {From: "b", To: "c", Weight: 1e-20}, {From: "c", To: "a", Weight: 2e-20}, {From: "b", To: "a", Weight: 5e-20},
	}
	plain := graphtest.Build(edges)
	looped := graphtest.Build(append(edges, graphtest.Edge{From: "a", To: "a", Weight: 1e280}, graphtest.Edge{From: "c", To: "c", Weight: 1e280}))
	for name, l := range laws {
		if l.loops {
			continue
		}
		want, err := l.of(t.Context(), plain, 0)
		require.NoError(t, err, name)
		got, err := l.of(t.Context(), looped, 0)
		require.NoError(t, err, name)
		for key, x := range want {
			if math.IsNaN(x) {
				assert.True(t, math.IsNaN(got[key]), "%s: %s", name, key)
				continue
			}
			assert.InDelta(t, x, got[key], 1e-12*math.Abs(x), "%s: %s", name, key)
		}
	}
}

// TestExtremeUnits has weights in units that make them very small or large, which
// does not matter.
func TestExtremeUnits(t *testing.T) {
	g := graphtest.Example()
	for name, l := range laws {
		want, err := l.of(t.Context(), g, 0)
		require.NoError(t, err, name)
		for _, e := range []int{-900, 900} {
			scaled, err := g.Map(func(edge graph.Edge) float64 { return math.Ldexp(edge.Weight, e) })
			require.NoError(t, err)
			got, err := l.of(t.Context(), scaled, 0)
			require.NoError(t, err, name)
			back := math.Exp2(-float64(e) * l.scale)
			for key, x := range want {
				if math.IsNaN(x) || math.IsInf(x, 0) {
					assert.Equal(t, math.IsNaN(x), math.IsNaN(got[key]), "%s: %s", name, key)
					continue
				}
				assert.InDelta(t, x, got[key]*back, 1e-11*max(1e-3, math.Abs(x)), "%s: %s", name, key)
			}
		}
	}
}
