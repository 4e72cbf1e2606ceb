// SPDX-License-Identifier: Apache-2.0

package graph_test

import (
	"context"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// onGraphs runs a law on the standard graphs and on random ones.
func onGraphs(t *testing.T, law func(t tb, g *graph.Digraph)) {
	for _, c := range graphtest.Standard() {
		t.Run(c.Name, func(t *testing.T) { law(t, c.Graph) })
	}
	t.Run("random", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			law(t, graphtest.FromBytes(rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "graph")))
		})
	})
}

func TestTranspose(t *testing.T) {
	onGraphs(t, func(t tb, g *graph.Digraph) {
		tr := g.Transpose()
		assertSound(t, tr)
		for e := range g.Edges() {
			require.Equal(t, e.Weight, tr.EdgeWeight(e.To, e.From))
		}
		require.Equal(t, g.Size(), tr.Size())
		require.Equal(t, describe(g), describe(tr.Transpose()))
	})
}

func TestLoopless(t *testing.T) {
	onGraphs(t, func(t tb, g *graph.Digraph) {
		l := g.Loopless()
		assertSound(t, l)
		trace := 0.0
		for i := range g.Len() {
			trace += g.Loop(i)
			require.Zero(t, l.Loop(i))
		}
		require.Equal(t, g.Len(), l.Len())
		require.Equal(t, g.Total(), l.Total()+trace, "total is loopless total plus trace")
	})
}

func TestMap(t *testing.T) {
	onGraphs(t, func(t tb, g *graph.Digraph) {
		calls := 0
		m, err := g.Map(func(e graph.Edge) float64 {
			calls++
			return float64(1000*e.From+e.To) + 1
		})
		require.NoError(t, err)
		require.Equal(t, g.Size(), calls)
		assertSound(t, m)
		for e := range m.Edges() {
			require.Equal(t, float64(1000*e.From+e.To)+1, e.Weight)
		}
		same, err := g.Map(func(e graph.Edge) float64 { return e.Weight })
		require.NoError(t, err)
		require.Equal(t, describe(g), describe(same))
	})
	g := graphtest.Example()
	for _, w := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		_, err := g.Map(func(graph.Edge) float64 { return w })
		require.ErrorIs(t, err, graph.ErrWeight)
		var e *graph.EdgeError
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "A", e.From)
	}
}

func TestSubgraph(t *testing.T) {
	onGraphs(t, func(t tb, g *graph.Digraph) {
		keep := func(i int) bool { return i%3 != 1 }
		s := g.Subgraph(keep)
		assertSound(t, s)
		var b graph.Builder
		for i, key := range g.Keys() {
			if keep(i) {
				require.NoError(t, b.AddNode(key))
			}
		}
		for e := range g.Edges() {
			if keep(e.From) && keep(e.To) {
				require.NoError(t, b.AddEdge(g.Key(e.From), g.Key(e.To), e.Weight))
			}
		}
		require.Equal(t, describe(b.Build()), describe(s))
		require.Equal(t, describe(g), describe(g.Subgraph(func(int) bool { return true })))
		require.Zero(t, g.Subgraph(func(int) bool { return false }).Len())
	})
}

func TestContract(t *testing.T) {
	onGraphs(t, func(t tb, g *graph.Digraph) {
		label := make([]int, g.Len())
		for i := range label {
			label[i] = -(i % 4)
		}
		c := g.Contract(graph.NewValues(g, label))
		assertSound(t, c)
		require.Equal(t, min(4, g.Len()), c.Len())
		require.Equal(t, g.Total(), c.Total(), "weights of this size add up exactly")
		want := make([][]float64, c.Len())
		for i := range want {
			want[i] = make([]float64, c.Len())
		}
		for e := range g.Edges() {
			want[e.From%4][e.To%4] += e.Weight
		}
		require.Equal(t, want, graphtest.Matrix(c))
		for i, key := range c.Keys() {
			require.Equal(t, g.Key(i), key, "the key is that of the first member")
		}
		for i := range label {
			label[i] = i
		}
		require.Equal(t, describe(g), describe(g.Contract(graph.NewValues(g, label))))
	})
	// Hubs B and E against the rest of the example: 40+3+2+18+1+15 = 79 stay
	// among A, C and D, 12+5+10+10+4+10 = 51 go to the hubs.
	g := graphtest.Example()
	c := g.Contract(graph.NewValues(g, []int{0, 1, 0, 0, 1}))
	assert.Equal(t, [][]float64{{79, 51}, {14, 56}}, graphtest.Matrix(c))
}

func TestContractForeignLabels(t *testing.T) {
	g := graphtest.Example()
	other := graphtest.Build(nil, "a", "b", "c", "d", "e")
	assert.Panics(t, func() { g.Contract(graph.NewValues(other, make([]int, 5))) })
	assert.NotPanics(t, func() { g.Contract(graph.NewValues(g.Loopless(), make([]int, 5))) })
	assert.NotPanics(t, func() { g.Contract(graph.NewValues(graphtest.Example(), make([]int, 5))) })
}

func TestValues(t *testing.T) {
	g := graphtest.Example()
	v := graph.NewValues(g, []int{1, 2, 3, 4, 5})
	x, ok := v.At("C")
	assert.True(t, ok)
	assert.Equal(t, 3, x)
	_, ok = v.At("Z")
	assert.False(t, ok)
	assert.Equal(t, 5, v.Len())
	assert.Equal(t, map[string]int{"A": 1, "B": 2, "C": 3, "D": 4, "E": 5}, maps.Collect(v.All()))
	for key := range v.All() {
		assert.Equal(t, "A", key)
		break
	}
	assert.Panics(t, func() { graph.NewValues(g, []int{1}) })

	var zero graph.Values[int]
	_, ok = zero.At("A")
	assert.False(t, ok)
	assert.Zero(t, zero.Len())
	assert.Empty(t, maps.Collect(zero.All()))
	assert.True(t, zero.Belongs(graphtest.Build(nil)))
	assert.False(t, zero.Belongs(g))

	c, err := graph.CollectValues(g, maps.All(map[string]string{"A": "x", "E": "y"}), "-")
	require.NoError(t, err)
	assert.Equal(t, []string{"x", "-", "-", "-", "y"}, c.Slice())
	_, err = graph.CollectValues(g, maps.All(map[string]string{"Z": "x"}), "-")
	require.ErrorIs(t, err, graph.ErrUnknownNode)
	_, err = graph.CollectValues(g, func(yield func(string, int) bool) { _ = yield("A", 1) && yield("A", 2) }, 0)
	require.ErrorIs(t, err, graph.ErrKey)
}

func TestZeroDigraph(t *testing.T) {
	var g graph.Digraph
	assert.Zero(t, g.Len())
	assert.Empty(t, slices.Collect(g.Edges()))
	assert.Zero(t, g.Loopless().Len())
	assert.Zero(t, g.Transpose().Len())
	assert.Zero(t, g.Subgraph(func(int) bool { return true }).Len())
	assert.Zero(t, g.Contract(graph.Values[int]{}).Len())
	m, err := g.Map(func(graph.Edge) float64 { return 1 })
	require.NoError(t, err)
	assert.Zero(t, m.Len())
}

func TestIteratorsStop(t *testing.T) {
	g := graphtest.Example()
	n := 0
	for range g.Edges() {
		if n++; n == 3 {
			break
		}
	}
	for range g.Out(0) {
		n++
		break
	}
	assert.Equal(t, 4, n)
	assert.Panics(t, func() { g.Key(5) })
	assert.Panics(t, func() { g.EdgeWeight(0, 5) })
	assert.Panics(t, func() { g.Loop(-1) })
}

// WithEdges gives what a Builder gives, for edges in and out of order and with
// repeats.
func TestWithEdges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, edges := graphtest.EdgesFromBytes(rapid.SliceOfN(rapid.Byte(), 0, 160).Draw(t, "graph"))
		want := graphtest.FromEdges(n, edges)
		nodes := graphtest.FromEdges(n, nil)
		got, err := nodes.WithEdges(context.Background(), func(yield func(graph.Edge) bool) {
			for _, e := range edges {
				from, _ := nodes.Index(e.From)
				to, _ := nodes.Index(e.To)
				if !yield(graph.Edge{From: from, To: to, Weight: e.Weight}) {
					return
				}
			}
		})
		require.NoError(t, err)
		require.Equal(t, want, got)
		same, err := nodes.WithEdges(context.Background(), want.Edges())
		require.NoError(t, err)
		require.Equal(t, want, same)
		heavy, err := want.WithEdges(context.Background(), func(yield func(graph.Edge) bool) {
			for e := range want.Edges() {
				if e.Weight >= 1 && !yield(e) {
					return
				}
			}
		})
		require.NoError(t, err)
		for e := range want.Edges() {
			if e.Weight < 1 {
				e.Weight = 0
			}
			require.Equal(t, e.Weight, heavy.EdgeWeight(e.From, e.To))
		}
	})
}

func TestWithEdgesRefuses(t *testing.T) {
	g := graphtest.Example()
	one := func(e graph.Edge) func(func(graph.Edge) bool) {
		return func(yield func(graph.Edge) bool) { yield(e) }
	}
	_, err := g.WithEdges(t.Context(), one(graph.Edge{From: 0, To: 1, Weight: -1}))
	require.ErrorIs(t, err, graph.ErrWeight)
	require.ErrorContains(t, err, `"A" -> "B"`)
	assert.Panics(t, func() { _, _ = g.WithEdges(t.Context(), one(graph.Edge{From: 0, To: 5, Weight: 1})) })
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = g.WithEdges(ctx, g.Edges())
	require.ErrorIs(t, err, context.Canceled)
	var zero graph.Digraph
	empty, err := zero.WithEdges(t.Context(), zero.Edges())
	require.NoError(t, err)
	assert.Zero(t, empty.Len())
}

// The edges between looks at the context are the same for every way through.
func TestWithEdgesLarge(t *testing.T) {
	g := graphtest.Random(3, 3000, 150) // several chunks
	same, err := g.WithEdges(t.Context(), g.Edges())
	require.NoError(t, err)
	require.Equal(t, g, same)
	back, err := g.WithEdges(t.Context(), func(yield func(graph.Edge) bool) {
		for i := g.Len() - 1; i >= 0; i-- {
			for j, w := range g.Out(i) {
				if !yield(graph.Edge{From: i, To: j, Weight: w}) {
					return
				}
			}
		}
	})
	require.NoError(t, err)
	require.Equal(t, g, back)
}
