// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/network"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/graphtest"
)

func sums(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

func checkRank(ctx context.Context, t require.TestingT, g *graph.Digraph) {
	n := g.Len()
	f := graphtest.Matrix(g)
	uniform, odd := make([]float64, n), make([]float64, n)
	for i := range uniform {
		uniform[i] = 1 / float64(n)
		odd[i] = float64(i+1) / float64(n*(n+1)/2)
	}
	v := graph.NewValues(g, odd)
	for _, self := range []bool{false, true} {
		m := f
		if !self {
			m = offDiagonal(f)
		}
		for _, c := range []struct {
			config             centrality.PageRankConfig
			damping            float64
			teleport, dangling []float64
		}{
			{centrality.PageRankConfig{}, 0.85, uniform, uniform},
			{centrality.PageRankConfig{Damping: 0.99}, 0.99, uniform, uniform},
			{centrality.PageRankConfig{Teleport: v}, 0.85, odd, uniform},
			{centrality.PageRankConfig{Teleport: v, Dangling: centrality.DanglingTeleport}, 0.85, odd, odd},
			{centrality.PageRankConfig{Dangling: centrality.DanglingGiven, DanglingTo: v}, 0.85, uniform, odd},
		} {
			c.config.WithSelf = self
			got, err := centrality.PageRank(ctx, g, c.config)
			require.NoError(t, err)
			near(t, densePageRank(m, c.damping, c.teleport, c.dangling), got.Slice(), fmt.Sprint(c.config.Dangling))
			if n > 0 {
				require.InDelta(t, 1, sums(got.Slice()), oracleError)
			}
		}
	}
}

// undefined says whether an error is that a measure is undefined, and why.
func undefined(err error) centrality.Reason {
	var e *centrality.UndefinedError
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

func checkSpectral(ctx context.Context, t require.TestingT, g *graph.Digraph) {
	n := g.Len()
	for _, self := range []bool{false, true} {
		f := graphtest.Matrix(g)
		if !self {
			f = offDiagonal(f)
		}
		// HITS: the residual of the eigenvalue equations says it all.
		square := product(transposed(f), f)
		value, _ := powerDense(square)
		h, err := centrality.HITS(ctx, g, centrality.HITSConfig{WithSelf: self})
		switch undefined(err) {
		case centrality.NoEdges:
			require.Zero(t, value)
		case centrality.Degenerate:
		default:
			require.NoError(t, err)
			if n > 0 {
				require.InEpsilon(t, value, h.Singular*h.Singular, 1e-9)
				require.InDelta(t, 1, sums(h.Hub.Slice()), oracleError)
				require.InDelta(t, 1, sums(h.Authority.Slice()), oracleError)
				residual(t, square, value, h.Authority.Slice())
				residual(t, product(f, transposed(f)), value, h.Hub.Slice())
			}
		}
		// The spectral radius is never below that of the dense power method
		// with a shift, which converges where the radius is simple.
		radius, err := centrality.SpectralRadius(ctx, g, centrality.EigenvectorConfig{WithSelf: self})
		require.NoError(t, err)
		for _, d := range []centrality.Direction{centrality.In, centrality.Out} {
			e, err := centrality.Eigenvector(ctx, g, centrality.EigenvectorConfig{Direction: d, WithSelf: self})
			switch undefined(err) {
			case centrality.Acyclic:
				require.Zero(t, radius)
				continue
			case centrality.Degenerate:
				continue
			default:
			}
			require.NoError(t, err)
			if n == 0 {
				continue
			}
			m := transposed(f)
			if d == centrality.Out {
				m = transposed(transposed(f))
			}
			residual(t, m, radius, e.Slice())
			square := 0.0
			for _, x := range e.Slice() {
				square += x * x
			}
			require.InDelta(t, 1, square, oracleError)
			// The dense eigenvector needs a shift against cycles.
			for i := range m {
				m[i][i] += radius
			}
			value, _ := powerDense(m)
			require.InEpsilon(t, 2*radius, value, 1e-6)
		}
		katz, err := centrality.Katz(ctx, g, centrality.KatzConfig{WithSelf: self, Beta: 2})
		require.NoError(t, err)
		if n > 0 {
			alpha := 0.0
			for _, row := range f {
				for _, w := range row {
					alpha = math.Max(alpha, w)
				}
			}
			if alpha > 0 {
				alpha = 0.5 / alpha
			}
			if radius > 0 {
				alpha = 0.5 / radius
			}
			a, b := make([][]float64, n), make([]float64, n)
			for i := range a {
				a[i] = make([]float64, n)
				b[i] = 2
				for j := range a {
					a[i][j] = -alpha * f[j][i]
				}
				a[i][i]++
			}
			want := solveDense(a, b)
			near(t, want, katz.Slice(), "Katz")
			out, err := centrality.Katz(ctx, g.Transpose(), centrality.KatzConfig{WithSelf: self, Beta: 2, Direction: centrality.Out})
			require.NoError(t, err)
			near(t, want, out.Slice(), "Katz, transposed")
		}
	}
}

// residual requires m x = value x.
func residual(t require.TestingT, m [][]float64, value float64, x []float64) {
	for i := range m {
		s := 0.0
		for j := range m {
			s += m[i][j] * x[j]
		}
		require.InDelta(t, value*x[i], s, 1e-9*value)
	}
}

func TestSpectralOnStandardGraphs(t *testing.T) {
	want := map[string][3]centrality.Reason{ // of HITS and Eigenvector without loops, and of HITS with
		"singleton": {centrality.NoEdges, centrality.Acyclic, centrality.NoEdges}, "singleton with loop": {centrality.NoEdges, centrality.Acyclic, ""},
		"two isolated": {centrality.NoEdges, centrality.Acyclic, centrality.NoEdges}, "one edge": {"", centrality.Acyclic, ""},
		"loops only": {centrality.NoEdges, centrality.Acyclic, ""}, "star in": {"", centrality.Acyclic, ""}, "star out with a sink": {"", centrality.Acyclic, ""},
	}
	for _, c := range graphtest.Standard() {
		t.Run(c.Name, func(t *testing.T) {
			checkRank(t.Context(), t, c.Graph)
			checkSpectral(t.Context(), t, c.Graph)
			if w, ok := want[c.Name]; ok {
				_, err := centrality.HITS(t.Context(), c.Graph, centrality.HITSConfig{})
				assert.Equal(t, w[0], undefined(err))
				_, err = centrality.Eigenvector(t.Context(), c.Graph, centrality.EigenvectorConfig{})
				assert.Equal(t, w[1], undefined(err))
				require.ErrorIs(t, err, centrality.ErrUndefined)
				_, err = centrality.HITS(t.Context(), c.Graph, centrality.HITSConfig{WithSelf: true})
				assert.Equal(t, w[2], undefined(err))
			}
		})
	}
}

func TestSpectralLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		g := graphtest.FromBytes(rapid.SliceOfN(rapid.Byte(), 0, 150).Draw(rt, "graph"))
		checkRank(t.Context(), rt, g)
		checkSpectral(t.Context(), rt, g)
		scaled, err := g.Map(func(e graph.Edge) float64 { return 1e-9 * e.Weight })
		require.NoError(rt, err)
		x, err := centrality.PageRank(t.Context(), g, centrality.PageRankConfig{})
		require.NoError(rt, err)
		y, err := centrality.PageRank(t.Context(), scaled, centrality.PageRankConfig{})
		require.NoError(rt, err)
		near(rt, x.Slice(), y.Slice(), "scaled")
		h, err := centrality.HITS(t.Context(), g, centrality.HITSConfig{})
		back, err2 := centrality.HITS(t.Context(), g.Transpose(), centrality.HITSConfig{})
		require.Equal(rt, undefined(err), undefined(err2))
		if err == nil && g.Len() > 0 {
			for i, x := range h.Hub.Slice() {
				require.InDelta(rt, x, back.Authority.Slice()[i], 1e-6) // the gap can be small
			}
		}
	})
}

// TestTies has parts that share the largest value.
func TestTies(t *testing.T) {
	pair := func(a, b string, w float64) []graphtest.Edge {
		return []graphtest.Edge{{From: a, To: b, Weight: w}, {From: b, To: a, Weight: w}}
	}
	for _, w := range []float64{1, 0.1, 1e12} {
		g := graphtest.Build(append(pair("a", "b", w), pair("c", "d", w)...))
		_, err := centrality.HITS(t.Context(), g, centrality.HITSConfig{})
		assert.Equal(t, centrality.Degenerate, undefined(err))
		_, err = centrality.Eigenvector(t.Context(), g, centrality.EigenvectorConfig{})
		assert.Equal(t, centrality.Degenerate, undefined(err))
		assert.InEpsilon(t, w, must(centrality.SpectralRadius(t.Context(), g, centrality.EigenvectorConfig{})), oracleError)
		// A tie below the top does not matter.
		g = graphtest.Build(append(append(pair("a", "b", w), pair("c", "d", w)...), pair("x", "y", 2*w)...), "zz")
		e := must(centrality.Eigenvector(t.Context(), g, centrality.EigenvectorConfig{}))
		near(t, []float64{0, 0, 0, 0, math.Sqrt(.5), math.Sqrt(.5), 0}, e.Slice(), "top pair")
	}
	var e *centrality.UndefinedError
	_, err := centrality.HITS(t.Context(), graphtest.Build(nil, "a"), centrality.HITSConfig{})
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "centrality: HITS: undefined: no_edges", e.Error())
}

// TestPublishedSpectral has cases from the tests of other libraries. They are
// printed with a few digits.
func TestPublishedSpectral(t *testing.T) {
	ctx := t.Context()
	build := func(pairs ...int) *graph.Digraph {
		var edges []graphtest.Edge
		for i := 0; i < len(pairs); i += 2 {
			edges = append(edges, graphtest.Edge{From: graphtest.Key(pairs[i]), To: graphtest.Key(pairs[i+1]), Weight: 1})
		}
		return graphtest.Build(edges)
	}
	printed := func(want, got []float64, digits float64) {
		t.Helper()
		require.Len(t, got, len(want))
		for i := range want {
			assert.InDelta(t, want[i], got[i], digits, "node %d", i)
		}
	}
	// NetworkX, link analysis.
	g := build(1, 2, 1, 3, 3, 1, 3, 2, 3, 5, 4, 5, 4, 6, 5, 4, 5, 6, 6, 4)
	p := must(centrality.PageRank(ctx, g, centrality.PageRankConfig{Damping: 0.9}))
	printed([]float64{.03721197, .05395735, .04150565, .37508082, .20599833, .28624589}, p.Slice(), 1e-7)
	g = build(1, 3, 1, 5, 2, 1, 3, 5, 5, 4, 5, 3, 6, 5)
	h := must(centrality.HITS(ctx, g, centrality.HITSConfig{}))
	printed([]float64{0, 0, .366025, .133975, .5, 0}, h.Authority.Slice(), 1e-6)
	printed([]float64{.366025, 0, .211325, 0, .211325, .211325}, h.Hub.Slice(), 1e-6)
	// gonum, hits_test.go.
	g = build(0, 1, 0, 2, 0, 3, 1, 2, 1, 3, 2, 1)
	h = must(centrality.HITS(ctx, g, centrality.HITSConfig{Norm: centrality.NormEuclid}))
	printed([]float64{.7887, .5774, .2113, 0}, h.Hub.Slice(), 1e-4)
	printed([]float64{0, .4597, .6280, .6280}, h.Authority.Slice(), 1e-4)
	// igraph, PageRank with weights.
	from, to := []int{0, 1, 2, 3, 5, 5, 6, 8, 8}, []int{5, 5, 0, 1, 4, 7, 0, 0, 1}
	var edges []graphtest.Edge
	for i, w := range []float64{4, 5, 5, 4, 4, 4, 3, 4, 4} {
		edges = append(edges, graphtest.Edge{From: graphtest.Key(from[i]), To: graphtest.Key(to[i]), Weight: w})
	}
	p = must(centrality.PageRank(ctx, graphtest.Build(edges), centrality.PageRankConfig{}))
	printed([]float64{.143734, .104639, .045995, .045995, .155268, .257112, .045995, .155268, .045995}, p.Slice(), 1e-6)
	// igraph, eigenvector centrality of a weighted directed graph.
	edges = nil
	for i, e := range [][2]int{{0, 1}, {1, 2}, {2, 3}, {3, 0}, {1, 3}} {
		edges = append(edges, graphtest.Edge{From: graphtest.Key(e[0]), To: graphtest.Key(e[1]), Weight: float64(i + 1)})
	}
	g = graphtest.Build(edges)
	// Its OUT is the walk along the edges, so that importance comes in.
	for d, want := range map[centrality.Direction][]float64{
		centrality.In: {1, .329663, .217355, .75835}, centrality.Out: {.329663, 1, .429924, .434711},
	} {
		printed(want, must(centrality.Eigenvector(ctx, g, centrality.EigenvectorConfig{Direction: d, Norm: centrality.NormMax})).Slice(), 1e-5)
	}
	assert.InEpsilon(t, 3.0334, must(centrality.SpectralRadius(ctx, g, centrality.EigenvectorConfig{})), 1e-4)
	// NetworkX, Katz on a path of three, scaled to Euclidean length 1.
	g = build(0, 1, 1, 0, 1, 2, 2, 1)
	k := must(centrality.Katz(ctx, g, centrality.KatzConfig{Alpha: 0.1})).Slice()
	length := math.Sqrt(k[0]*k[0] + k[1]*k[1] + k[2]*k[2])
	printed([]float64{.5598852584152165, .6107839182711449, .5598852584152162}, []float64{k[0] / length, k[1] / length, k[2] / length}, 1e-12)
	// The worked example of seven nodes.
	g = sevenNodes()
	printed([]float64{.667961, .037600, .025818, .172707, .027211, .023663, .045041}, must(centrality.PageRank(ctx, g, centrality.PageRankConfig{WithSelf: true})).Slice(), 1e-6)
	printed([]float64{.454844, .028259, .021429, .426629, .021429, .021429, .025982}, must(centrality.PageRank(ctx, g, centrality.PageRankConfig{})).Slice(), 1e-6)
	h = must(centrality.HITS(ctx, g, centrality.HITSConfig{WithSelf: true, Norm: centrality.NormMax}))
	printed([]float64{1, .357208, .128980, .137871, .065010, .150622, .104055}, h.Hub.Slice(), 1e-6)
	printed([]float64{1, .053102, .005414, .084807, .004093, .003161, .017242}, h.Authority.Slice(), 1e-6)
	h = must(centrality.HITS(ctx, g, centrality.HITSConfig{Norm: centrality.NormMax}))
	printed([]float64{.005256, 1, .368358, .285714, .179651, .434450, .290971}, h.Hub.Slice(), 1e-6)
	printed([]float64{1, .052337, 0, .073588, 0, 0, .041152}, h.Authority.Slice(), 1e-6)
	printed([]float64{1.358752, 1.03, 1, 1.093788, 1, 1, 1.02}, must(centrality.Katz(ctx, g, centrality.KatzConfig{Alpha: 0.01})).Slice(), 1e-6)
	assert.InEpsilon(t, 2.0, must(centrality.SpectralRadius(ctx, g, centrality.EigenvectorConfig{})), oracleError)
	assert.InDelta(t, 40.180340, must(centrality.SpectralRadius(ctx, g, centrality.EigenvectorConfig{WithSelf: true})), 1e-6)
}

// TestGonum compares with gonum, whose PageRank has a random start and whose
// loops are steps.
func TestGonum(t *testing.T) {
	g := graphtest.Random(8, 60, 4)
	p := must(centrality.PageRank(t.Context(), g, centrality.PageRankConfig{WithSelf: true})).Slice()
	for i, x := range network.PageRank(g, 0.85, 1e-13) {
		assert.InDelta(t, x, p[i], 1e-10)
	}
	b := must(centrality.Betweenness(t.Context(), g, centrality.BetweennessConfig{Length: centrality.Hops})).Slice()
	theirs := network.Betweenness(g.Loopless())
	for i := range b {
		assert.InDelta(t, theirs[int64(i)], b[i], 1e-9)
	}
}

// TestLargeSpectral goes through the iterations for more than 128 nodes, and
// does so the same way for any number of workers.
func TestLargeSpectral(t *testing.T) {
	ctx := t.Context()
	edges := graphtest.RandomEdges(9, 9000, 10)
	run := func(g *graph.Digraph, workers int) [][]float64 {
		h := must(centrality.HITS(ctx, g, centrality.HITSConfig{Workers: workers}))
		return [][]float64{
			must(centrality.PageRank(ctx, g, centrality.PageRankConfig{Workers: workers})).Slice(),
			h.Hub.Slice(), h.Authority.Slice(),
			must(centrality.Eigenvector(ctx, g, centrality.EigenvectorConfig{Workers: workers})).Slice(),
			must(centrality.Katz(ctx, g, centrality.KatzConfig{Workers: workers, Direction: centrality.Out})).Slice(),
		}
	}
	g := graphtest.Build(edges)
	want := run(g, 1)
	r := rand.New(rand.NewPCG(10, 0))
	for _, workers := range []int{2, 8} {
		r.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
		require.Equal(t, want, run(graphtest.Build(edges), workers))
	}
	// X a = σ h / ... : check the equations themselves.
	x, lambda := want[3], must(centrality.SpectralRadius(ctx, g, centrality.EigenvectorConfig{}))
	worst := 0.0
	for i := range x {
		s := 0.0
		for j, w := range g.In(i) {
			if j != i {
				s += w * x[j]
			}
		}
		worst = math.Max(worst, math.Abs(s-lambda*x[i]))
	}
	assert.Less(t, worst, 1e-9*lambda)
}

func TestSpectralErrors(t *testing.T) {
	ctx := t.Context()
	g := graphtest.Example()
	for _, c := range []centrality.PageRankConfig{
		{Damping: 1}, {Damping: -0.1}, {Damping: math.NaN()}, {Tolerance: -1}, {MaxIterations: -1}, {Dangling: 3}, {Dangling: centrality.DanglingGiven},
		{DanglingTo: centrality.InStrength(g)}, {Teleport: graph.NewValues(g, []float64{1, 1, 1, 1, -1})},
		{Teleport: graph.NewValues(g, make([]float64, 5))}, {Teleport: graph.NewValues(g, []float64{1, 1, 1, 1, math.NaN()})},
	} {
		_, err := centrality.PageRank(ctx, g, c)
		require.ErrorIs(t, err, centrality.ErrConfig, "%v", c)
	}
	_, err := centrality.PageRank(ctx, g, centrality.PageRankConfig{MaxIterations: 2})
	var e *centrality.ConvergenceError
	require.ErrorAs(t, err, &e)
	require.ErrorIs(t, err, centrality.ErrNotConverged)
	assert.Equal(t, 2, e.Iterations)
	assert.Contains(t, e.Error(), "PageRank: not converged after 2 iterations")
	_, err = centrality.Katz(ctx, g, centrality.KatzConfig{Alpha: 0.0753})
	require.ErrorIs(t, err, centrality.ErrAlpha)
	_, err = centrality.Katz(ctx, g, centrality.KatzConfig{Alpha: -1})
	require.ErrorIs(t, err, centrality.ErrAlpha)
	_, err = centrality.Katz(ctx, g, centrality.KatzConfig{Beta: -1})
	require.ErrorIs(t, err, centrality.ErrConfig)
	_, err = centrality.Katz(ctx, g, centrality.KatzConfig{Alpha: 0.0752, MaxIterations: 3})
	require.ErrorIs(t, err, centrality.ErrNotConverged)
	_, err = centrality.HITS(ctx, g, centrality.HITSConfig{Norm: 9})
	require.ErrorIs(t, err, centrality.ErrConfig)
	_, err = centrality.Eigenvector(ctx, g, centrality.EigenvectorConfig{Direction: centrality.Both})
	require.ErrorIs(t, err, centrality.ErrDirection)
	large := graphtest.Random(9, 3000, 8)
	_, err = centrality.Eigenvector(ctx, large, centrality.EigenvectorConfig{Tolerance: 1e-300, MaxIterations: 60})
	require.ErrorIs(t, err, centrality.ErrNotConverged)
	gone, cancel := context.WithTimeout(ctx, time.Nanosecond)
	defer cancel()
	<-gone.Done()
	_, err = centrality.HITS(gone, large, centrality.HITSConfig{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, err = centrality.Katz(gone, large, centrality.KatzConfig{})
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

// TestExtremeSpectral has weights from 1e-12 to 1e12 in one graph.
func TestExtremeSpectral(t *testing.T) {
	ctx := t.Context()
	r := rand.New(rand.NewPCG(11, 0))
	for range 100 {
		var edges []graphtest.Edge
		for range 40 {
			edges = append(edges, graphtest.Edge{From: graphtest.Key(r.IntN(10)), To: graphtest.Key(r.IntN(10)), Weight: math.Pow(10, float64(r.IntN(25)-12))})
		}
		g := graphtest.Build(edges)
		finite := func(v graph.Values[float64], err error) {
			t.Helper()
			if errors.Is(err, centrality.ErrUndefined) {
				return
			}
			require.NoError(t, err)
			for _, x := range v.Slice() {
				require.False(t, math.IsNaN(x) || math.IsInf(x, 0) || x < 0, "%v", x)
			}
		}
		finite(centrality.PageRank(ctx, g, centrality.PageRankConfig{WithSelf: true}))
		finite(centrality.Eigenvector(ctx, g, centrality.EigenvectorConfig{}))
		finite(centrality.Katz(ctx, g, centrality.KatzConfig{}))
		h, err := centrality.HITS(ctx, g, centrality.HITSConfig{})
		finite(h.Hub, err)
		finite(h.Authority, err)
		finite(centrality.SCore(g), nil)
	}
}
