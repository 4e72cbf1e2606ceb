// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/graphtest"
)

var exactRules = []centrality.Length{centrality.Inverse, centrality.MeanOverWeight, centrality.Hops, centrality.Given}

// oracleError is the relative difference allowed between a measure and its
// naive version; both work in double precision.
const oracleError = 1e-10

func near(t require.TestingT, want, got []float64, what string) {
	require.Len(t, got, len(want))
	for i, w := range want {
		if math.IsNaN(w) {
			require.True(t, math.IsNaN(got[i]), "%s, node %d: got %v, want NaN", what, i, got[i])
			continue
		}
		require.InDelta(t, w, got[i], oracleError*math.Max(1, math.Abs(w)), "%s, node %d", what, i)
	}
}

// checkPaths compares all measures of paths with exact arithmetic.
func checkPaths(ctx context.Context, t require.TestingT, g *graph.Digraph) {
	f := graphtest.Matrix(g)
	n := float64(g.Len())
	for _, l := range exactRules {
		nodes, edges := exactBetweenness(f, l)
		b, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: l})
		require.NoError(t, err)
		near(t, nodes, b.Slice(), "betweenness "+l.String())
		b, err = centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: l, Normalized: true})
		require.NoError(t, err)
		for i, x := range b.Slice() {
			require.InDelta(t, nodes[i], x*math.Max(1, (n-1)*(n-2)), oracleError*n*n)
		}
		e, err := centrality.EdgeBetweenness(ctx, g, centrality.BetweennessConfig{Length: l})
		require.NoError(t, err)
		require.Equal(t, g.Size(), e.Len())
		for edge, x := range e.All() {
			want := edges[edge.From][edge.To]
			require.InDelta(t, want, x, oracleError*math.Max(1, want), "%s %v", l, edge)
		}
		for _, d := range []centrality.Direction{centrality.In, centrality.Out} {
			reached, far, inverse := exactReach(f, l, d == centrality.Out)
			h, err := centrality.Harmonic(ctx, g, centrality.HarmonicConfig{Length: l, Direction: d})
			require.NoError(t, err)
			near(t, inverse, h.Slice(), "harmonic")
			wf, err := centrality.Closeness(ctx, g, centrality.ClosenessConfig{Length: l, Direction: d})
			require.NoError(t, err)
			plain, err := centrality.Closeness(ctx, g, centrality.ClosenessConfig{Length: l, Direction: d, Scope: centrality.ReachableOnly})
			require.NoError(t, err)
			x, y := make([]float64, len(f)), make([]float64, len(f))
			for i, r := range reached {
				y[i] = r / far[i]
				if r > 0 {
					x[i] = r / (n - 1) * y[i]
				}
			}
			near(t, x, wf.Slice(), "Wasserman-Faust")
			near(t, y, plain.Slice(), "reachable only")
		}
	}
}

func TestPathsOnStandardGraphs(t *testing.T) {
	for _, c := range graphtest.Standard() {
		t.Run(c.Name, func(t *testing.T) { checkPaths(t.Context(), t, c.Graph) })
	}
}

func TestPathLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, edges := graphtest.EdgesFromBytes(rapid.SliceOfN(rapid.Byte(), 0, 120).Draw(rt, "graph"))
		g := graphtest.FromEdges(min(n, 8), slices.DeleteFunc(edges, func(e graphtest.Edge) bool {
			return e.From >= graphtest.Key(8) || e.To >= graphtest.Key(8)
		}))
		ctx := t.Context()
		checkPaths(ctx, rt, g)
		bet := func(g *graph.Digraph, l centrality.Length) []float64 {
			v, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: l})
			require.NoError(rt, err)
			return v.Slice()
		}
		for _, l := range exactRules {
			near(rt, bet(g, l), bet(g.Transpose(), l), "transposed")
			near(rt, bet(g, l), bet(g.Loopless(), l), "without loops")
		}
		// All three leave every path as long as it was, compared with others.
		for _, factor := range []float64{3, 1e-12, 1e12} {
			scaled, err := g.Map(func(e graph.Edge) float64 { return factor * e.Weight })
			require.NoError(rt, err)
			near(rt, bet(g, centrality.Inverse), bet(scaled, centrality.Inverse), "scaled")
		}
		// Renaming the nodes backwards turns the result around.
		var names graph.Builder
		back := func(i int) string { return graphtest.Key(g.Len() - 1 - i) }
		for i := range g.Len() {
			require.NoError(rt, names.AddNode(back(i)))
		}
		for e := range g.Edges() {
			require.NoError(rt, names.AddEdge(back(e.From), back(e.To), e.Weight))
		}
		turned := bet(names.Build(), centrality.Inverse)
		slices.Reverse(turned)
		near(rt, bet(g, centrality.Inverse), turned, "renamed")
		// An isolated node changes nothing else.
		var b graph.Builder
		require.NoError(rt, b.AddNode("zzz"))
		for _, key := range g.Keys() {
			require.NoError(rt, b.AddNode(key))
		}
		for e := range g.Edges() {
			require.NoError(rt, b.AddEdge(g.Key(e.From), g.Key(e.To), e.Weight))
		}
		near(rt, append(slices.Clone(bet(g, centrality.Inverse)), 0), bet(b.Build(), centrality.Inverse), "isolated node")
	})
}

// TestTiesOfIntegers has many ties that floating-point sums split: weights
// from 1 to 10, whose inverses are whole numbers when multiplied by the least
// common multiple of all weights.
func TestTiesOfIntegers(t *testing.T) {
	const (
		n        = 150
		multiple = 2520
		far      = math.MaxInt64 / 4
	)
	r := rand.New(rand.NewPCG(14, 0))
	f := make([][]float64, n)
	length := make([][]int64, n)
	for i := range f {
		f[i], length[i] = make([]float64, n), slices.Repeat([]int64{far}, n)
		for range 6 {
			j, w := r.IntN(n), 1+r.IntN(10)
			f[i][j] = float64(w)
			if i != j {
				length[i][j] = multiple / int64(w)
			}
		}
	}
	d := make([][]int64, n)
	for i := range d {
		d[i] = slices.Clone(length[i])
		d[i][i] = 0
	}
	for k := range n {
		for i := range n {
			for j := range n {
				d[i][j] = min(d[i][j], d[i][k]+d[k][j])
			}
		}
	}
	want := make([]float64, n)
	splits := 0
	for s := range n {
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(d[s][a], d[s][b]) })
		count, gain := make([]float64, n), make([]float64, n)
		count[s] = 1
		for _, v := range order {
			ways := 0
			for u := range n {
				if d[s][u] < far && length[u][v] < far && d[s][u]+length[u][v] == d[s][v] {
					count[v] += count[u]
					ways++
				}
			}
			if ways > 1 {
				splits++
			}
		}
		slices.Reverse(order)
		for _, v := range order {
			if d[s][v] >= far {
				continue
			}
			for u := range n {
				if d[s][u] < far && length[u][v] < far && d[s][u]+length[u][v] == d[s][v] {
					gain[u] += count[u] / count[v] * (1 + gain[v])
				}
			}
			if v != s {
				want[v] += gain[v]
			}
		}
	}
	require.Greater(t, splits, n) // ties are common
	g := graphtest.FromMatrix(f)
	near(t, want, must(centrality.Betweenness(t.Context(), g, centrality.BetweennessConfig{})).Slice(), "exact")
}

// TestProbableChains compares the rule NegLogProbability with products of
// probabilities.
func TestProbableChains(t *testing.T) {
	g := graphtest.Example()
	f := graphtest.Matrix(g)
	n := len(f)
	p := make([][]float64, n)
	for i := range f {
		p[i] = make([]float64, n)
		total := 0.0
		for _, w := range f[i] {
			total += w
		}
		for j, w := range f[i] {
			if total > 0 {
				p[i][j] = w / total
			}
		}
	}
	for i := range p {
		p[i][i] = 1
	}
	for k := range n {
		for i := range n {
			for j := range n {
				p[i][j] = math.Max(p[i][j], p[i][k]*p[k][j])
			}
		}
	}
	for i := range n {
		out := must(centrality.Distance(t.Context(), g, i, centrality.DistanceConfig{Length: centrality.NegLogProbability, Direction: centrality.Out})).Slice()
		in := must(centrality.Distance(t.Context(), g, i, centrality.DistanceConfig{Length: centrality.NegLogProbability})).Slice()
		for j := range n {
			assert.InDelta(t, p[i][j], math.Exp(-out[j]), oracleError)
			assert.InDelta(t, p[j][i], math.Exp(-in[j]), oracleError)
		}
	}
}

// TestZeroLengths has edges that are certain, so that their length is 0.
func TestZeroLengths(t *testing.T) {
	ctx := t.Context()
	certain := centrality.BetweennessConfig{Length: centrality.NegLogProbability}
	// s goes to a or b with the same probability; a goes to b for certain,
	// and b to t for certain. Two shortest paths lead to b and to t: one of
	// them by a.
	for _, swap := range []bool{false, true} {
		a, b := "a", "b"
		if swap {
			a, b = b, a
		}
		g := graphtest.Build([]graphtest.Edge{{From: "s", To: a, Weight: 1}, {From: "s", To: b, Weight: 1}, {From: a, To: b, Weight: 5}, {From: b, To: "t", Weight: 7}})
		v := must(centrality.Betweenness(ctx, g, certain))
		x, _ := v.At(a)
		y, _ := v.At(b)
		assert.InDelta(t, 1.0, x, oracleError) // half of (s,b), half of (s,t)
		assert.InDelta(t, 2.0, y, oracleError) // (s,t) and (a,t)
		e := must(centrality.EdgeBetweenness(ctx, g, certain))
		for edge, x := range e.All() {
			if g.Key(edge.To) == "t" {
				assert.InDelta(t, 3.0, x, oracleError)
			}
		}
		h := must(centrality.Harmonic(ctx, g, centrality.HarmonicConfig{Length: centrality.NegLogProbability, Direction: centrality.Out}))
		x, _ = h.At(a)
		assert.True(t, math.IsNaN(x))
		c := must(centrality.Closeness(ctx, g, centrality.ClosenessConfig{Length: centrality.NegLogProbability, Direction: centrality.Out}))
		x, _ = c.At(a)
		assert.True(t, math.IsNaN(x))
	}
	// A cycle of certain edges.
	g := graphtest.Build([]graphtest.Edge{{From: "s", To: "a", Weight: 1}, {From: "s", To: "b", Weight: 1}, {From: "a", To: "b", Weight: 1}, {From: "b", To: "c", Weight: 1}, {From: "c", To: "a", Weight: 1}})
	v := must(centrality.Betweenness(ctx, g, certain))
	for key, x := range v.All() {
		assert.False(t, math.IsNaN(x), key)
	}
	for _, key := range []string{"a", "b", "c"} {
		x, _ := v.At(key)
		// From within the cycle each is between the other two once; from s,
		// c is reached in one flat step from b alone.
		want := map[string]float64{"a": 1, "b": 2, "c": 1}[key]
		assert.InDelta(t, want, x, oracleError, key)
	}
}

// TestManyPaths has 2^1500 shortest paths between its ends, more than a
// float64 can count.
func TestManyPaths(t *testing.T) {
	const layers = 1500
	var edges []graphtest.Edge
	name := func(layer, i int) string { return graphtest.Key(10*layer + i) }
	for l := range layers {
		for i := range 2 {
			edges = append(edges, graphtest.Edge{From: name(l, 0), To: name(l, 1+i), Weight: 2}, graphtest.Edge{From: name(l, 1+i), To: name(l+1, 0), Weight: 2})
		}
	}
	g := graphtest.Build(edges)
	for _, l := range []centrality.Length{centrality.Hops, centrality.Inverse} {
		first, _ := g.Index(name(0, 0))
		v := must(centrality.Betweenness(t.Context(), g, centrality.BetweennessConfig{Length: l, Sources: []int{first}}))
		x, _ := v.At(name(1, 0)) // all that follow: 3 nodes a layer
		assert.Equal(t, 3.0*(layers-1), x)
		x, _ = v.At(name(0, 1)) // half of what the next one has, and it itself
		assert.Equal(t, (3.0*(layers-1)+1)/2, x)
		e := must(centrality.EdgeBetweenness(t.Context(), g, centrality.BetweennessConfig{Length: l, Sources: []int{first}}))
		assert.Equal(t, (3.0*(layers-1)+1)/2+1, e.Slice()[0])
	}
}

// TestExtremeWeights has lengths from 1e-12 to 1e12 in one graph.
func TestExtremeWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 0))
	ctx := t.Context()
	for range 50 {
		var edges []graphtest.Edge
		for range 60 {
			w := math.Pow(10, float64(r.IntN(25)-12))
			edges = append(edges, graphtest.Edge{From: graphtest.Key(r.IntN(12)), To: graphtest.Key(r.IntN(12)), Weight: w})
		}
		g := graphtest.Build(edges)
		for _, l := range []centrality.Length{centrality.Inverse, centrality.MeanOverWeight, centrality.NegLogProbability, centrality.Hops, centrality.Given} {
			v := must(centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: l}))
			n := float64(g.Len())
			for _, x := range v.Slice() {
				assert.True(t, x >= 0 && x <= (n-1)*(n-2)+1e-6, "%v %v", l, x)
			}
			// Backwards every tie and every path is the same.
			if l != centrality.NegLogProbability {
				must(centrality.Betweenness(ctx, g.Transpose(), centrality.BetweennessConfig{Length: l}))
			}
		}
		for _, x := range must(centrality.Harmonic(ctx, g, centrality.HarmonicConfig{})).Slice() {
			assert.False(t, math.IsNaN(x) || math.IsInf(x, 0))
		}
	}
	// A strong link that is not the strongest: the direct edge, 1e-12 long,
	// beats the way around, which is twice as long.
	g := graphtest.Build([]graphtest.Edge{{From: "a", To: "c", Weight: 1e12}, {From: "a", To: "b", Weight: 1e12}, {From: "b", To: "c", Weight: 1e12}, {From: "c", To: "d", Weight: 1e-12}})
	b, _ := must(centrality.Betweenness(ctx, g, centrality.BetweennessConfig{})).At("b")
	assert.Zero(t, b)
}

// TestPublishedPaths has cases from the tests of other libraries.
func TestPublishedPaths(t *testing.T) {
	ctx := t.Context()
	given := centrality.BetweennessConfig{Length: centrality.Given}
	at := func(v graph.Values[float64], key string) float64 { x, _ := v.At(key); return x }
	build := func(rows ...graphtest.Edge) *graph.Digraph { return graphtest.Build(rows) }

	// NetworkX, test_betweenness_centrality.py, G2.
	g := build(graphtest.Edge{From: "s", To: "u", Weight: 10}, graphtest.Edge{From: "s", To: "x", Weight: 5}, graphtest.Edge{From: "u", To: "v", Weight: 1},
		graphtest.Edge{From: "u", To: "x", Weight: 2}, graphtest.Edge{From: "v", To: "y", Weight: 1}, graphtest.Edge{From: "x", To: "u", Weight: 3},
		graphtest.Edge{From: "x", To: "v", Weight: 5}, graphtest.Edge{From: "x", To: "y", Weight: 2}, graphtest.Edge{From: "y", To: "s", Weight: 7}, graphtest.Edge{From: "y", To: "v", Weight: 6})
	v := must(centrality.Betweenness(ctx, g, given))
	for key, want := range map[string]float64{"y": 5, "x": 5, "s": 4, "u": 2, "v": 2} {
		assert.InDelta(t, want, at(v, key), oracleError, key)
	}
	// igraph, closeness of a weighted directed graph, as printed there.
	var edges []graphtest.Edge
	for _, e := range [][3]int{{1, 0, 4}, {0, 5, 9}, {5, 6, 2}, {5, 4, 2}, {4, 1, 2}, {1, 2, 3}, {2, 4, 1}, {4, 6, 1}, {2, 3, 8}, {3, 7, 7}, {7, 6, 5}, {6, 2, 5}} {
		edges = append(edges, graphtest.Edge{From: graphtest.Key(e[0]), To: graphtest.Key(e[1]), Weight: float64(e[2])})
	}
	g = graphtest.Build(edges)
	for d, want := range map[centrality.Direction][]float64{
		centrality.Out: {.00869565, .0172414, .0192308, .00763359, .016129, .0166667, .0117647, .01},
		centrality.In:  {.0128205, .015873, .015873, .00980392, .0188679, .0075188, .0263158, .0075188},
	} {
		c := must(centrality.Closeness(ctx, g, centrality.ClosenessConfig{Length: centrality.Given, Direction: d, Scope: centrality.ReachableOnly}))
		for i, x := range c.Slice() {
			assert.InEpsilon(t, want[i], x/7, 1e-5) // printed with six digits, and as 1 / sum
		}
	}
	// igraph, harmonic centrality of a weighted directed path.
	edges = nil
	for i := range 6 {
		edges = append(edges, graphtest.Edge{From: graphtest.Key(i), To: graphtest.Key(i + 1), Weight: float64(i + 1)})
	}
	h := must(centrality.Harmonic(ctx, graphtest.Build(edges), centrality.HarmonicConfig{Length: centrality.Given, Direction: centrality.Out, Normalized: true}))
	for i, want := range []float64{.285714, .155423, .102513, .0712963, .0484848, .0277778, 0} {
		assert.InDelta(t, want, h.Slice()[i], 1e-6) // printed with six digits
	}
	// LightGraphs, issue 98: a self loop must not matter.
	g = build(graphtest.Edge{From: "1", To: "2", Weight: 1}, graphtest.Edge{From: "2", To: "3", Weight: 1}, graphtest.Edge{From: "3", To: "3", Weight: 1})
	v = must(centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Normalized: true}))
	assert.Equal(t, []float64{0, 0.5, 0}, v.Slice())
	// rustworkx: a path of four nodes.
	edges = nil
	for i := range 3 {
		edges = append(edges, graphtest.Edge{From: graphtest.Key(i), To: graphtest.Key(i + 1), Weight: 1})
	}
	g = graphtest.Build(edges)
	assert.Equal(t, []float64{0, 2, 2, 0}, must(centrality.Betweenness(ctx, g, given)).Slice())
	near(t, []float64{0, 1. / 3, 4. / 9, .5}, must(centrality.Closeness(ctx, g, centrality.ClosenessConfig{Length: centrality.Hops})).Slice(), "path")
	// A worked example of seven nodes.
	g = sevenNodes()
	v = must(centrality.Betweenness(ctx, g, centrality.BetweennessConfig{}))
	near(t, []float64{3, 0, 0, 1, 0, 0, 0}, v.Slice(), "1/w")
	near(t, []float64{3, 0, 0, 0, 0, 0, 1.5}, must(centrality.Betweenness(ctx, g, given)).Slice(), "weights as lengths")
	near(t, []float64{2.5, 0, 0, 0, 0, 0, .5}, must(centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: centrality.Hops})).Slice(), "hops")
	h = must(centrality.Harmonic(ctx, g, centrality.HarmonicConfig{}))
	for key, want := range map[string]float64{"A1": 35.545455, "B1": 11.62381, "A2": 3, "C2": 2, "A3": 0, "B2": 0, "C1": 0} {
		assert.InDelta(t, want, at(h, key), 1e-5, key) // published with six decimals
	}
}

// sevenNodes is a worked example on which two other programs agree.
func sevenNodes() *graph.Digraph {
	return graphtest.Build([]graphtest.Edge{
		{From: "A1", To: "A1", Weight: 40}, {From: "A2", To: "A2", Weight: 6}, {From: "A2", To: "A1", Weight: 14}, {From: "A3", To: "A3", Weight: 2},
		{From: "A3", To: "A1", Weight: 5}, {From: "A3", To: "A2", Weight: 3}, {From: "B1", To: "B1", Weight: 18}, {From: "B1", To: "A1", Weight: 4},
		{From: "B2", To: "B1", Weight: 7}, {From: "B2", To: "B2", Weight: 3}, {From: "B2", To: "A1", Weight: 2}, {From: "C1", To: "C1", Weight: 1},
		{From: "C1", To: "C2", Weight: 2}, {From: "C1", To: "A1", Weight: 6}, {From: "C2", To: "C2", Weight: 5}, {From: "C2", To: "B1", Weight: 1},
		{From: "C2", To: "A1", Weight: 4}, {From: "A1", To: "B1", Weight: 1},
	})
}

func TestPathErrors(t *testing.T) {
	ctx := t.Context()
	g := graphtest.Example()
	_, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: 9})
	require.ErrorIs(t, err, centrality.ErrLength)
	_, err = centrality.EdgeBetweenness(ctx, g, centrality.BetweennessConfig{Sources: []int{5}})
	require.ErrorIs(t, err, centrality.ErrConfig)
	_, err = centrality.Closeness(ctx, g, centrality.ClosenessConfig{Direction: centrality.Both})
	require.ErrorIs(t, err, centrality.ErrDirection)
	_, err = centrality.Closeness(ctx, g, centrality.ClosenessConfig{Scope: 2})
	require.ErrorIs(t, err, centrality.ErrConfig)
	_, err = centrality.Harmonic(ctx, g, centrality.HarmonicConfig{Direction: centrality.Both})
	require.ErrorIs(t, err, centrality.ErrDirection)
	_, err = centrality.Distance(ctx, g, -1, centrality.DistanceConfig{})
	require.ErrorIs(t, err, centrality.ErrConfig)
	_, err = centrality.SampledBetweenness(ctx, g, centrality.SampledBetweennessConfig{Pivots: -1})
	require.ErrorIs(t, err, centrality.ErrConfig)
	_, err = centrality.SampledBetweenness(ctx, g, centrality.SampledBetweennessConfig{Confidence: 1})
	require.ErrorIs(t, err, centrality.ErrConfig)
	// The inverse of this weight is beyond all lengths.
	tiny := graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 1e-290}})
	_, err = centrality.Betweenness(ctx, tiny, centrality.BetweennessConfig{})
	require.ErrorIs(t, err, centrality.ErrLength)
	assert.Contains(t, err.Error(), `edge "a" -> "b" with weight 1e-290 has length`)
	assert.Equal(t, "Length(7)", centrality.Length(7).String())
}

// TestSampled draws many samples and counts how often the bounds hold.
func TestSampled(t *testing.T) {
	ctx := t.Context()
	g := graphtest.Random(4, 300, 4)
	exact := must(centrality.Betweenness(ctx, g, centrality.BetweennessConfig{})).Slice()
	all := must(centrality.SampledBetweenness(ctx, g, centrality.SampledBetweennessConfig{Pivots: 1000}))
	near(t, exact, all.Values.Slice(), "all drawn")
	assert.Len(t, all.Pivots, 300)
	assert.Equal(t, make([]float64, 300), all.Bound.Slice())

	const draws = 60
	mean := make([]float64, 300)
	held := 0
	for seed := range uint64(draws) {
		e := must(centrality.SampledBetweenness(ctx, g, centrality.SampledBetweennessConfig{Pivots: 100, Seed: seed}))
		require.Len(t, e.Pivots, 100)
		require.True(t, slices.IsSorted(e.Pivots))
		ok := true
		for i, x := range e.Values.Slice() {
			mean[i] += x / draws
			ok = ok && math.Abs(x-exact[i]) <= e.Bound.Slice()[i]+1e-6
		}
		if ok {
			held++
		}
	}
	assert.GreaterOrEqual(t, held, draws*9/10) // 0.95 is promised
	top := slices.Index(exact, slices.Max(exact))
	assert.InEpsilon(t, exact[top], mean[top], 0.05) // about twice the standard error
	e := must(centrality.SampledBetweenness(ctx, g, centrality.SampledBetweennessConfig{Pivots: 150, Normalized: true}))
	assert.Less(t, e.Bound.Slice()[top], 1.0)
}

// TestPathsSameBits shuffles the edges and changes the number of workers.
func TestPathsSameBits(t *testing.T) {
	ctx := t.Context()
	edges := graphtest.RandomEdges(5, 400, 6)
	run := func(g *graph.Digraph, workers int) [][]float64 {
		var x [][]float64
		for _, l := range []centrality.Length{centrality.Hops, centrality.Inverse} {
			x = append(x,
				must(centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: l, Workers: workers})).Slice(),
				must(centrality.EdgeBetweenness(ctx, g, centrality.BetweennessConfig{Length: l, Workers: workers})).Slice(),
				must(centrality.SampledBetweenness(ctx, g, centrality.SampledBetweennessConfig{Length: l, Workers: workers, Pivots: 77})).Bound.Slice(),
				must(centrality.Harmonic(ctx, g, centrality.HarmonicConfig{Length: l, Workers: workers})).Slice(),
				must(centrality.Closeness(ctx, g, centrality.ClosenessConfig{Length: l, Workers: workers, Direction: centrality.Out})).Slice())
		}
		c := must(centrality.Clustering(ctx, g, centrality.ClusteringConfig{Workers: workers}))
		return append(x, zeroNaN(c.Total.Slice()), zeroNaN(c.Cycle.Slice()))
	}
	want := run(graphtest.Build(edges), 1)
	r := rand.New(rand.NewPCG(6, 0))
	for _, workers := range []int{1, 2, 8} {
		r.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
		require.Equal(t, want, run(graphtest.Build(edges), workers), "%d workers", workers)
	}
}

func zeroNaN(x []float64) []float64 {
	for i := range x {
		if math.IsNaN(x[i]) {
			x[i] = 0
		}
	}
	return x
}

// patience is the time in which a canceled measure must return, with room for
// a busy machine; on a free one it is some milliseconds.
const patience = time.Second

func TestPathsStop(t *testing.T) {
	g := graphtest.Random(7, 20000, 8)
	for name, f := range map[string]func(context.Context) error{
		"betweenness": func(ctx context.Context) error {
			_, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{})
			return err
		},
		"betweenness by hops": func(ctx context.Context) error {
			_, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: centrality.Hops})
			return err
		},
		"edge betweenness": func(ctx context.Context) error {
			_, err := centrality.EdgeBetweenness(ctx, g, centrality.BetweennessConfig{})
			return err
		},
		"harmonic": func(ctx context.Context) error {
			_, err := centrality.Harmonic(ctx, g, centrality.HarmonicConfig{})
			return err
		},
		"harmonic by hops": func(ctx context.Context) error {
			_, err := centrality.Harmonic(ctx, g, centrality.HarmonicConfig{Length: centrality.Hops})
			return err
		},
		"clustering": func(ctx context.Context) error {
			_, err := centrality.Clustering(ctx, g, centrality.ClusteringConfig{})
			return err
		},
		"PageRank": func(ctx context.Context) error {
			_, err := centrality.PageRank(ctx, g, centrality.PageRankConfig{Tolerance: 1e-300})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Millisecond)
			defer cancel()
			begin := time.Now()
			err := f(ctx)
			if err != nil {
				require.ErrorIs(t, err, context.DeadlineExceeded)
			}
			require.Less(t, time.Since(begin), patience)
			gone, cancel := context.WithCancel(t.Context())
			cancel()
			require.ErrorIs(t, f(gone), context.Canceled)
		})
	}
}
