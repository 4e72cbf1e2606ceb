// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/graphtest"
)

func checkCores(t require.TestingT, g *graph.Digraph) {
	f := offDiagonal(graphtest.Matrix(g))
	n := len(f)
	each := func(v int, alive []bool, count func(in, out float64) float64) float64 {
		s := 0.0
		for u := range f {
			if alive[u] {
				s += count(f[u][v], f[v][u])
			}
		}
		return s
	}
	one := func(w float64) float64 { return math.Min(1, math.Ceil(w)) }
	counts := map[centrality.CoreDegree]func(in, out float64) float64{
		centrality.CoreNeighbors: func(in, out float64) float64 { return one(in + out) },
		centrality.CoreInPlusOut: func(in, out float64) float64 { return one(in) + one(out) },
		centrality.CoreIn:        func(in, _ float64) float64 { return one(in) },
		centrality.CoreOut:       func(_, out float64) float64 { return one(out) },
	}
	var whole []float64
	for k := range 2 * n {
		whole = append(whole, float64(k))
	}
	for d, count := range counts {
		want := naiveCore(n, whole, func(v int, alive []bool) float64 { return each(v, alive, count) })
		got, err := centrality.KCore(g, d)
		require.NoError(t, err)
		require.Equal(t, want, floats(got), d.String())
	}
	for k := range 4 {
		for l := range 4 {
			want := naiveCore(n, []float64{1}, func(v int, alive []bool) float64 {
				in := each(v, alive, counts[centrality.CoreIn])
				out := each(v, alive, counts[centrality.CoreOut])
				return math.Min(1, math.Min(in-float64(k), out-float64(l))+1)
			})
			got := centrality.DCore(g, k, l)
			back := centrality.DCore(g.Transpose(), l, k)
			for v := range n {
				require.Equal(t, want[v] > 0, got.Slice()[v])
				require.Equal(t, got.Slice()[v], back.Slice()[v])
			}
		}
	}
	// The s-core: the strengths of all subgraphs that a threshold can leave
	// are among those that peeling from the bottom goes through.
	sum := func(in, out float64) float64 { return in + out }
	core := make([]float64, n)
	alive := make([]bool, n)
	for v := range alive {
		alive[v] = true
	}
	s := 0.0
	for range n {
		low := -1
		for v := range alive {
			if alive[v] && (low < 0 || each(v, alive, sum) < each(low, alive, sum)) {
				low = v
			}
		}
		s = math.Max(s, each(low, alive, sum))
		core[low], alive[low] = s, false
	}
	near(t, core, centrality.SCore(g).Slice(), "s-core")
	near(t, core, centrality.SCore(g.Transpose()).Slice(), "s-core, transposed")
}

func checkTriangles(t require.TestingT, c centrality.ClusteringScores, g *graph.Digraph) {
	f := offDiagonal(graphtest.Matrix(g))
	n := len(f)
	top := 0.0
	for _, row := range f {
		for _, w := range row {
			top = math.Max(top, w)
		}
	}
	w := make([][]float64, n)
	in, out, both := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range w {
		w[i] = make([]float64, n)
		for j := range w[i] {
			if f[i][j] > 0 {
				w[i][j] = math.Pow(f[i][j]/top, 1.0/3)
				out[i]++
				in[j]++
				if f[j][i] > 0 {
					both[i]++
				}
			}
		}
	}
	v := transposed(w)
	sym := make([][]float64, n)
	for i := range sym {
		sym[i] = make([]float64, n)
		for j := range sym {
			sym[i][j] = w[i][j] + v[i][j]
		}
	}
	cube := func(a, b, c [][]float64) [][]float64 { return product(product(a, b), c) }
	total, cycle, middle, into, outof := cube(sym, sym, sym), cube(w, w, w), cube(w, v, w), cube(v, w, w), cube(w, w, v)
	share := func(a, b float64) float64 {
		if b == 0 {
			return math.NaN()
		}
		return a / b
	}
	want := make([][]float64, 5)
	for i := range n {
		d := in[i] + out[i]
		want[0] = append(want[0], share(total[i][i], 2*(d*(d-1)-2*both[i])))
		want[1] = append(want[1], share(cycle[i][i], in[i]*out[i]-both[i]))
		want[2] = append(want[2], share(middle[i][i], in[i]*out[i]-both[i]))
		want[3] = append(want[3], share(into[i][i], in[i]*(in[i]-1)))
		want[4] = append(want[4], share(outof[i][i], out[i]*(out[i]-1)))
	}
	for k, got := range []graph.Values[float64]{c.Total, c.Cycle, c.Middleman, c.In, c.Out} {
		if n > 0 {
			near(t, want[k], got.Slice(), "clustering")
		}
		for _, x := range got.Slice() {
			require.True(t, math.IsNaN(x) || x >= 0 && x <= 1+oracleError)
		}
	}
}

func checkRich(t require.TestingT, points []centrality.RichClubPoint, g *graph.Digraph, rich []float64) {
	f := offDiagonal(graphtest.Matrix(g))
	var all []float64
	for _, row := range f {
		for _, w := range row {
			if w > 0 {
				all = append(all, w)
			}
		}
	}
	slices.Sort(all)
	slices.Reverse(all)
	thresholds := slices.Compact(slices.Sorted(slices.Values(rich)))
	for _, r := range thresholds {
		n, e, w := 0, 0, 0.0
		for i := range f {
			if rich[i] > r {
				n++
			}
			for j := range f {
				if rich[i] > r && rich[j] > r && f[i][j] > 0 {
					e++
					w += f[i][j]
				}
			}
		}
		if n < 2 {
			continue
		}
		require.NotEmpty(t, points)
		p := points[0]
		points = points[1:]
		require.Equal(t, r, p.Threshold)
		require.Equal(t, [2]int{n, e}, [2]int{p.Members, p.Edges})
		require.InDelta(t, w, p.Weight, oracleError*math.Max(1, w))
		require.InDelta(t, float64(e)/float64(n*(n-1)), p.Topological, oracleError)
		if e == 0 {
			require.True(t, math.IsNaN(p.Weighted))
			continue
		}
		most := 0.0
		for _, x := range all[:e] {
			most += x
		}
		require.InDelta(t, w/most, p.Weighted, oracleError)
	}
	require.Empty(t, points)
}

func checkGroups(t *testing.T, rt require.TestingT, g *graph.Digraph) {
	checkCores(rt, g)
	c, err := centrality.Clustering(t.Context(), g, centrality.ClusteringConfig{})
	require.NoError(rt, err)
	checkTriangles(rt, c, g)
	points, err := centrality.RichClub(t.Context(), g, centrality.RichClubConfig{})
	require.NoError(rt, err)
	checkRich(rt, points, g, centrality.InStrength(g).Slice())
	degree := graph.NewValues(g, floats(centrality.OutDegree(g)))
	points, err = centrality.RichClub(t.Context(), g, centrality.RichClubConfig{Richness: degree})
	require.NoError(rt, err)
	checkRich(rt, points, g, degree.Slice())
}

func TestGroupsOnStandardGraphs(t *testing.T) {
	for _, c := range graphtest.Standard() {
		t.Run(c.Name, func(t *testing.T) { checkGroups(t, t, c.Graph) })
	}
}

func TestGroupLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		checkGroups(t, rt, graphtest.FromBytes(rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(rt, "graph")))
	})
}

// TestSmallBesideLarge has a strength that is lost when plain numbers are
// subtracted.
func TestSmallBesideLarge(t *testing.T) {
	g := graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 1e-12}, {From: "b", To: "c", Weight: 1e-12}, {From: "c", To: "a", Weight: 1e-12}, {From: "d", To: "a", Weight: 1e12}, {From: "d", To: "e", Weight: 1e12}})
	s := centrality.SCore(g)
	for key, want := range map[string]float64{"a": 1e12, "d": 1e12, "e": 1e12, "b": 2e-12, "c": 2e-12} {
		x, _ := s.At(key)
		assert.InEpsilon(t, want, x, 1e-12, key)
	}
}

// TestRandomClubs compares with the mean over all ways to shuffle.
func TestRandomClubs(t *testing.T) {
	// The rich are y and z, by what they receive: 6 and 7. Of the weights
	// into z, 1 comes from y, who could have sent 1, 2 or 4.
	g := graphtest.Build([]graphtest.Edge{{From: "y", To: "z", Weight: 1}, {From: "a", To: "z", Weight: 2}, {From: "b", To: "z", Weight: 4}, {From: "a", To: "y", Weight: 6}, {From: "a", To: "b", Weight: 1}})
	points := must(centrality.RichClub(t.Context(), g, centrality.RichClubConfig{Samples: 4000, Seed: 1}))
	last := points[len(points)-1]
	assert.Equal(t, 2, last.Members)
	assert.InDelta(t, 1.0/6, last.Weighted, oracleError)
	assert.InEpsilon(t, 1/(7.0/3), last.Normalized, 0.03) // two standard errors
	again := must(centrality.RichClub(t.Context(), g, centrality.RichClubConfig{Samples: 4000, Seed: 1}))
	assert.Equal(t, points[len(points)-1], again[len(again)-1])
	_, err := centrality.RichClub(t.Context(), g, centrality.RichClubConfig{Samples: -1})
	require.ErrorIs(t, err, centrality.ErrConfig)
	_, err = centrality.RichClub(t.Context(), g, centrality.RichClubConfig{Richness: graph.NewValues(g, []float64{1, 2, 3, math.NaN()})})
	require.ErrorIs(t, err, centrality.ErrConfig)
	_, err = centrality.KCore(g, 4)
	require.ErrorIs(t, err, centrality.ErrConfig)
	assert.Equal(t, "CoreDegree(4)", centrality.CoreDegree(4).String())
}

// TestShuffledGroups has the edges in another order.
func TestShuffledGroups(t *testing.T) {
	edges := graphtest.RandomEdges(12, 300, 6)
	want := centrality.SCore(graphtest.Build(edges)).Slice()
	r := rand.New(rand.NewPCG(13, 0))
	r.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
	assert.Equal(t, want, centrality.SCore(graphtest.Build(edges)).Slice())
}

// TestManyClubs has more weights than are sorted at once.
func TestManyClubs(t *testing.T) {
	g := graphtest.Random(15, 20000, 10)
	points := must(centrality.RichClub(t.Context(), g, centrality.RichClubConfig{}))
	p := points[0]
	var all []float64
	for e := range g.Edges() {
		if e.From != e.To {
			all = append(all, e.Weight)
		}
	}
	slices.Sort(all)
	most := 0.0
	for _, w := range all[len(all)-p.Edges:] {
		most += w
	}
	assert.Greater(t, len(all), 1<<17)
	assert.InEpsilon(t, p.Weight/most, p.Weighted, oracleError)
}
