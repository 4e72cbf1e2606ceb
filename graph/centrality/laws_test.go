// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// facts are what a measure says: by the key of a node, by those of an edge as
// "A>B", or by a word for the whole.
type facts map[string]float64

// law says how a measure changes with the graph.
type law struct {
	of       func(ctx context.Context, g *graph.Digraph, workers int) (facts, error)
	scale    float64                            // weights times c make values times c to this power
	reverse  string                             // what gives the same values on the reversed graph; "" is itself, "-" nothing
	isolated func(x float64, n float64) float64 // the value when the n nodes become n + 1 by an isolated one; nil leaves it
	loops    bool                               // self loops count
	long     bool                               // takes a context
}

func always(of func(g *graph.Digraph) facts) func(context.Context, *graph.Digraph, int) (facts, error) {
	return func(_ context.Context, g *graph.Digraph, _ int) (facts, error) { return of(g), nil }
}

func nodes[T int | float64](v graph.Values[T]) facts {
	f := facts{}
	for key, x := range v.All() {
		f[key] = float64(x)
	}
	return f
}

func nodeLaw[T int | float64](of func(g *graph.Digraph) graph.Values[T]) func(context.Context, *graph.Digraph, int) (facts, error) {
	return always(func(g *graph.Digraph) facts { return nodes(of(g)) })
}

// perPair is the law of what is divided by the pairs of n nodes, and perOther
// of what is divided by the other nodes.
func perPair(x, n float64) float64  { return x * max(n-2, 0) / n } // (n-1)(n-2) to n(n-1)
func perOther(x, n float64) float64 { return x * (n - 1) / n }
func unknown(_, _ float64) float64  { return math.NaN() }

func pathLaw(d centrality.Direction, l centrality.Length, s centrality.Scope) func(context.Context, *graph.Digraph, int) (facts, error) {
	return func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		v, err := centrality.Closeness(ctx, g, centrality.ClosenessConfig{Direction: d, Length: l, Scope: s, Workers: workers})
		return nodes(v), err
	}
}

func harmonicLaw(d centrality.Direction) func(context.Context, *graph.Digraph, int) (facts, error) {
	return func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		v, err := centrality.Harmonic(ctx, g, centrality.HarmonicConfig{Direction: d, Normalized: true, Workers: workers})
		return nodes(v), err
	}
}

func distanceLaw(d centrality.Direction) func(context.Context, *graph.Digraph, int) (facts, error) {
	return func(ctx context.Context, g *graph.Digraph, _ int) (facts, error) {
		f := facts{}
		for at, from := range g.Keys() {
			v, err := centrality.Distance(ctx, g, at, centrality.DistanceConfig{Direction: d})
			if err != nil {
				return nil, err
			}
			for to, x := range v.All() {
				f[from+">"+to] = x
			}
		}
		return f, nil
	}
}

func eigenLaw(d centrality.Direction) func(context.Context, *graph.Digraph, int) (facts, error) {
	return func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		v, err := centrality.Eigenvector(ctx, g, centrality.EigenvectorConfig{Direction: d, Workers: workers})
		return nodes(v), err
	}
}

func katzLaw(d centrality.Direction) func(context.Context, *graph.Digraph, int) (facts, error) {
	return func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		v, err := centrality.Katz(ctx, g, centrality.KatzConfig{Direction: d, Workers: workers})
		return nodes(v), err
	}
}

func hitsLaw(of func(centrality.HITSScores) facts) func(context.Context, *graph.Digraph, int) (facts, error) {
	return func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		h, err := centrality.HITS(ctx, g, centrality.HITSConfig{Workers: workers})
		return of(h), err
	}
}

func clusterLaw(of func(centrality.ClusteringScores) graph.Values[float64]) func(context.Context, *graph.Digraph, int) (facts, error) {
	return func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		c, err := centrality.Clustering(ctx, g, centrality.ClusteringConfig{Workers: workers})
		return nodes(of(c)), err
	}
}

func coreLaw(d centrality.CoreDegree) func(context.Context, *graph.Digraph, int) (facts, error) {
	return func(_ context.Context, g *graph.Digraph, _ int) (facts, error) {
		v, err := centrality.KCore(g, d)
		return nodes(v), err
	}
}

func doubleCoreLaw(k, l int) func(context.Context, *graph.Digraph, int) (facts, error) {
	return always(func(g *graph.Digraph) facts {
		f := facts{}
		for key, in := range centrality.DCore(g, k, l).All() {
			f[key] = 0
			if in {
				f[key] = 1
			}
		}
		return f
	})
}

func mixedLaw(d centrality.Direction) func(context.Context, *graph.Digraph, int) (facts, error) {
	return func(_ context.Context, g *graph.Digraph, _ int) (facts, error) {
		v, err := centrality.MixedDegree(g, centrality.MixedDegreeConfig{Direction: d, Alpha: 0.5})
		return nodes(v), err
	}
}

// laws has a row, by its first word, for every exported function.
var laws = map[string]law{
	"InDegree":                     {of: nodeLaw(centrality.InDegree), reverse: "OutDegree"},
	"OutDegree":                    {of: nodeLaw(centrality.OutDegree), reverse: "InDegree"},
	"Degree":                       {of: nodeLaw(centrality.Degree)},
	"InStrength":                   {of: nodeLaw(centrality.InStrength), scale: 1, reverse: "OutStrength"},
	"OutStrength":                  {of: nodeLaw(centrality.OutStrength), scale: 1, reverse: "InStrength"},
	"Strength":                     {of: nodeLaw(centrality.Strength), scale: 1},
	"InStrengthWithSelf":           {of: nodeLaw(centrality.InStrengthWithSelf), scale: 1, reverse: "OutStrengthWithSelf", loops: true},
	"OutStrengthWithSelf":          {of: nodeLaw(centrality.OutStrengthWithSelf), scale: 1, reverse: "InStrengthWithSelf", loops: true},
	"MixedDegree in":               {of: mixedLaw(centrality.In), scale: 0.5, reverse: "MixedDegree out"},
	"MixedDegree out":              {of: mixedLaw(centrality.Out), scale: 0.5, reverse: "MixedDegree in"},
	"MixedDegree both":             {of: mixedLaw(centrality.Both), scale: 0.5},
	"KCore neighbors":              {of: coreLaw(centrality.CoreNeighbors)},
	"KCore in plus out":            {of: coreLaw(centrality.CoreInPlusOut)},
	"KCore in":                     {of: coreLaw(centrality.CoreIn), reverse: "KCore out"},
	"KCore out":                    {of: coreLaw(centrality.CoreOut), reverse: "KCore in"},
	"DCore 1 2":                    {of: doubleCoreLaw(1, 2), reverse: "DCore 2 1"},
	"DCore 2 1":                    {of: doubleCoreLaw(2, 1), reverse: "DCore 1 2"},
	"SCore":                        {of: nodeLaw(centrality.SCore), scale: 1},
	"Distance in":                  {of: distanceLaw(centrality.In), scale: -1, reverse: "Distance out", long: true},
	"Distance out":                 {of: distanceLaw(centrality.Out), scale: -1, reverse: "Distance in", long: true},
	"Closeness in":                 {of: pathLaw(centrality.In, centrality.Inverse, centrality.WassermanFaust), scale: 1, reverse: "Closeness out", isolated: perOther, long: true},
	"Closeness out":                {of: pathLaw(centrality.Out, centrality.Inverse, centrality.WassermanFaust), scale: 1, reverse: "Closeness in", isolated: perOther, long: true},
	"Closeness in, reachable only": {of: pathLaw(centrality.In, centrality.MeanOverWeight, centrality.ReachableOnly), reverse: "Closeness out, reachable only", long: true},
	"Closeness out, reachable only": {
		of: pathLaw(centrality.Out, centrality.MeanOverWeight, centrality.ReachableOnly), reverse: "Closeness in, reachable only", long: true,
	},
	"Closeness by hops": {of: pathLaw(centrality.Out, centrality.Hops, centrality.WassermanFaust), reverse: "-", isolated: perOther, long: true},
	"Harmonic in":       {of: harmonicLaw(centrality.In), scale: 1, reverse: "Harmonic out", isolated: perOther, long: true},
	"Harmonic out":      {of: harmonicLaw(centrality.Out), scale: 1, reverse: "Harmonic in", isolated: perOther, long: true},
	"Betweenness": {isolated: perPair, long: true, of: func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		v, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Normalized: true, Workers: workers})
		return nodes(v), err
	}},
	"SampledBetweenness of all": {isolated: perPair, long: true, of: func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		e, err := centrality.SampledBetweenness(ctx, g, centrality.SampledBetweennessConfig{Pivots: 1000, Normalized: true, Workers: workers})
		return nodes(e.Values), err
	}},
	"EdgeBetweenness": {long: true, reverse: "EdgeBetweenness reversed", of: func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		return edgeFacts(ctx, g, workers, func(e graph.Edge) (int, int) { return e.From, e.To })
	}},
	"EdgeBetweenness reversed": {long: true, reverse: "EdgeBetweenness", of: func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		return edgeFacts(ctx, g, workers, func(e graph.Edge) (int, int) { return e.To, e.From })
	}},
	"PageRank": {long: true, reverse: "-", isolated: unknown, of: func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		v, err := centrality.PageRank(ctx, g, centrality.PageRankConfig{Workers: workers})
		return nodes(v), err
	}},
	"PageRank with loops": {long: true, reverse: "-", isolated: unknown, loops: true, of: func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		v, err := centrality.PageRank(ctx, g, centrality.PageRankConfig{WithSelf: true, Workers: workers})
		return nodes(v), err
	}},
	"PageRank that returns to the senders": {long: true, reverse: "-", of: func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		to := centrality.OutStrength(g)
		if g.Loopless().Size() == 0 {
			return facts{}, ctx.Err() // nobody to return to
		}
		v, err := centrality.PageRank(ctx, g, centrality.PageRankConfig{Teleport: to, Dangling: centrality.DanglingTeleport, Workers: workers})
		return nodes(v), err
	}},
	"HITS hubs":        {long: true, reverse: "HITS authorities", of: hitsLaw(func(h centrality.HITSScores) facts { return nodes(h.Hub) })},
	"HITS authorities": {long: true, reverse: "HITS hubs", of: hitsLaw(func(h centrality.HITSScores) facts { return nodes(h.Authority) })},
	"HITS singular":    {long: true, scale: 1, of: hitsLaw(func(h centrality.HITSScores) facts { return facts{"singular": h.Singular} })},
	"Eigenvector in":   {of: eigenLaw(centrality.In), reverse: "Eigenvector out", long: true},
	"Eigenvector out":  {of: eigenLaw(centrality.Out), reverse: "Eigenvector in", long: true},
	"SpectralRadius": {scale: 1, long: true, of: func(ctx context.Context, g *graph.Digraph, workers int) (facts, error) {
		x, err := centrality.SpectralRadius(ctx, g, centrality.EigenvectorConfig{Workers: workers})
		return facts{"radius": x}, err
	}},
	"Katz in":              {of: katzLaw(centrality.In), reverse: "Katz out", long: true},
	"Katz out":             {of: katzLaw(centrality.Out), reverse: "Katz in", long: true},
	"Clustering total":     {of: clusterLaw(func(c centrality.ClusteringScores) graph.Values[float64] { return c.Total }), long: true},
	"Clustering cycle":     {of: clusterLaw(func(c centrality.ClusteringScores) graph.Values[float64] { return c.Cycle }), long: true},
	"Clustering middleman": {of: clusterLaw(func(c centrality.ClusteringScores) graph.Values[float64] { return c.Middleman }), long: true},
	"Clustering in":        {of: clusterLaw(func(c centrality.ClusteringScores) graph.Values[float64] { return c.In }), reverse: "Clustering out", long: true},
	"Clustering out":       {of: clusterLaw(func(c centrality.ClusteringScores) graph.Values[float64] { return c.Out }), reverse: "Clustering in", long: true},
	"RichClub": {reverse: "-", isolated: unknown, long: true, of: func(ctx context.Context, g *graph.Digraph, _ int) (facts, error) {
		points, err := centrality.RichClub(ctx, g, centrality.RichClubConfig{})
		f := facts{}
		for k, p := range points {
			f[fmt.Sprint("edges ", k)], f[fmt.Sprint("topological ", k)], f[fmt.Sprint("weighted ", k)] = float64(p.Edges), p.Topological, p.Weighted
		}
		return f, err
	}},
}

func edgeFacts(ctx context.Context, g *graph.Digraph, workers int, ends func(graph.Edge) (int, int)) (facts, error) {
	s, err := centrality.EdgeBetweenness(ctx, g, centrality.BetweennessConfig{Workers: workers})
	f := facts{}
	for e, x := range s.All() {
		if e.From != e.To {
			from, to := ends(e)
			f[g.Key(from)+">"+g.Key(to)] = x
		}
	}
	return f, err
}

// lawful requires that a measure says the same of two graphs but for a factor.
func lawful(t require.TestingT, l law, of *law, g, h *graph.Digraph, name func(string) string, value func(float64) float64, text string) {
	want, err := l.of(context.Background(), g, 0)
	got, err2 := of.of(context.Background(), h, 0)
	require.Equal(t, undefined(err), undefined(err2), text)
	if err != nil {
		return
	}
	got = graphtest.Rename(got, name)
	for key, x := range want {
		y, ok := got[key]
		require.True(t, ok, "%s: %s", text, key)
		if x = value(x); math.IsNaN(x) || math.IsInf(x, 0) {
			require.Equal(t, fmt.Sprint(x), fmt.Sprint(y), "%s: %s", text, key)
			continue
		}
		require.InDelta(t, x, y, 1e-7*max(1e-3, math.Abs(x)), "%s: %s", text, key)
	}
}

// TestEveryLaw holds every measure against the laws it must obey: nodes by
// other names, all weights scaled, all edges reversed, an isolated node added,
// self loops taken away.
func TestEveryLaw(t *testing.T) {
	var named []string
	for name := range laws {
		named = append(named, strings.Fields(name)[0])
	}
	assert.ElementsMatch(t, graphtest.Functions("."), slices.Compact(slices.Sorted(slices.Values(named))), "every exported function has a row")
	same := func(key string) string { return key }
	stay := func(x float64) float64 { return x }
	for name, l := range laws {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				n, edges := graphtest.EdgesFromBytes(rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "graph"))
				g := graphtest.FromEdges(n, edges)

				other := make(map[string]string, n) // and back
				turned := slices.Clone(edges)
				for i := range n {
					other[graphtest.Key(i)] = graphtest.Key(n - 1 - i)
				}
				for k, e := range turned {
					turned[k].From, turned[k].To = other[e.From], other[e.To]
				}
				rename := func(key string) string {
					if to, ok := other[key]; ok {
						return to
					}
					return key
				}
				lawful(t, l, &l, g, graphtest.FromEdges(n, turned), rename, stay, "other names")

				const factor = 1024
				scaled, err := g.Map(func(e graph.Edge) float64 { return factor * e.Weight })
				require.NoError(t, err)
				lawful(t, l, &l, g, scaled, same, func(x float64) float64 { return x * math.Pow(factor, l.scale) }, "scaled")

				if l.reverse != "-" {
					back := l
					if l.reverse != "" {
						back = laws[l.reverse]
					}
					lawful(t, l, &back, g, g.Transpose(), same, stay, "reversed")
				}

				if grow := l.isolated; n > 0 && (grow == nil || !math.IsNaN(grow(1, 1))) {
					change := stay
					if grow != nil {
						change = func(x float64) float64 { return grow(x, float64(n)) }
					}
					lawful(t, l, &l, g, graphtest.FromEdges(n+1, edges), same, change, "isolated node")
				}

				if !l.loops {
					lawful(t, l, &l, g, g.Loopless(), same, stay, "without loops")
				}
			})
		})
	}
}

// TestEveryCancellation ends every measure that takes a context at once.
func TestEveryCancellation(t *testing.T) {
	g := graphtest.Random(21, 300, 6)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, l := range laws {
		if l.long {
			_, err := l.of(gone, g, 2)
			require.ErrorIs(t, err, context.Canceled, name)
		}
	}
}

// TestEveryWorker has every measure done by one, two and eight workers, on as
// many processors.
func TestEveryWorker(t *testing.T) {
	g := graphtest.Random(22, 200, 6)
	bits := func(l law, workers int) map[string]uint64 {
		f, err := l.of(t.Context(), g, workers)
		require.NoError(t, err)
		b := map[string]uint64{}
		for key, x := range f {
			b[key] = math.Float64bits(x)
		}
		return b
	}
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	for name, l := range laws {
		runtime.GOMAXPROCS(1)
		want := bits(l, 1)
		for _, workers := range []int{2, 8} {
			runtime.GOMAXPROCS(workers)
			require.Equal(t, want, bits(l, workers), "%s with %d workers", name, workers)
		}
	}
}
