// SPDX-License-Identifier: Apache-2.0

package graph_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// describe writes everything that can be seen of a graph, weights to the bit.
func describe(g *graph.Digraph) string {
	var b strings.Builder
	for i, key := range g.Keys() {
		fmt.Fprintf(&b, "%d %q\n", i, key)
	}
	for e := range g.Edges() {
		fmt.Fprintf(&b, "%d %d %x\n", e.From, e.To, e.Weight)
	}
	for i := range g.Len() {
		for j, w := range g.In(i) {
			fmt.Fprintf(&b, "%d<%d %x\n", i, j, w)
		}
	}
	fmt.Fprintf(&b, "%x", g.Total())
	return b.String()
}

func TestBuilder(t *testing.T) {
	var b graph.Builder
	require.NoError(t, b.AddEdge("b", "a", 2))
	require.NoError(t, b.AddEdge("b", "b", 1))
	require.NoError(t, b.AddEdge("b", "a", 3))
	require.NoError(t, b.AddNode("c"))
	require.NoError(t, b.AddNode("a"))
	g := b.Build()
	assert.Equal(t, 3, g.Len())
	assert.Equal(t, 2, g.Size())
	assert.Equal(t, 6.0, g.Total())
	assert.Equal(t, 5.0, g.EdgeWeight(1, 0), "repeats add up")
	assert.Equal(t, 0.0, g.EdgeWeight(0, 1))
	assert.Equal(t, 1.0, g.Loop(1))
	assert.Equal(t, 0.0, g.Loop(2))
	i, ok := g.Index("b")
	assert.True(t, ok)
	assert.Equal(t, 1, i)
	_, ok = g.Index("x")
	assert.False(t, ok)
	assert.Equal(t, []graph.Edge{{From: 1, To: 0, Weight: 5}, {From: 1, To: 1, Weight: 1}}, slices.Collect(g.Edges()))

	require.NoError(t, b.AddEdge("c", "c", 7))
	assert.Equal(t, 6.0, g.Total(), "a graph does not change")
	assert.Equal(t, 13.0, b.Build().Total())
}

func TestBuilderRefuses(t *testing.T) {
	tests := []struct {
		name     string
		from, to string
		w        float64
		want     error
	}{
		{"zero", "a", "b", 0, graph.ErrWeight},
		{"negative", "a", "b", -1, graph.ErrWeight},
		{"NaN", "a", "b", math.NaN(), graph.ErrWeight},
		{"infinite", "a", "b", math.Inf(1), graph.ErrWeight},
		{"too large", "a", "b", math.Nextafter(graph.MaxWeight, math.Inf(1)), graph.ErrWeight},
		{"empty source", "", "b", 1, graph.ErrKey},
		{"empty target", "a", "", 1, graph.ErrKey},
		{"not UTF-8", "a", "\xff", 1, graph.ErrKey},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b graph.Builder
			err := b.AddEdge(tt.from, tt.to, tt.w)
			require.ErrorIs(t, err, tt.want)
			var e *graph.EdgeError
			require.ErrorAs(t, err, &e)
			assert.Equal(t, tt.from, e.From)
			assert.Equal(t, tt.to, e.To)
			assert.Zero(t, b.Build().Len(), "a refused edge leaves no node behind")
		})
	}
	var b graph.Builder
	var e *graph.KeyError
	require.ErrorAs(t, b.AddNode(""), &e)
	require.ErrorIs(t, e, graph.ErrKey)
	require.NoError(t, b.AddEdge("a", "b", graph.MaxWeight))
	require.NoError(t, b.AddEdge("a", "b", graph.MaxWeight))
	assert.Equal(t, 2*graph.MaxWeight, b.Build().Total(), "sums of allowed weights stay finite")
}

func TestErrorTexts(t *testing.T) {
	assert.EqualError(t, &graph.EdgeError{From: "a", To: "b", Weight: -1, Err: graph.ErrWeight},
		`graph: edge "a" -> "b", weight -1: weight is not a number above 0 and at most 2^960`)
	assert.EqualError(t, &graph.KeyError{Key: "a", Want: "each node once", Err: graph.ErrKey},
		`graph: node "a": unusable node key: expected each node once`)
	assert.Less(t, len((&graph.KeyError{Key: strings.Repeat("x", 1e6), Err: errors.New("e")}).Error()), 200)
}

// TestOrderOfEdges checks that the order in which edges come does not change
// a bit of the result, also where sums of weights round.
func TestOrderOfEdges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, edges := graphtest.EdgesFromBytes(rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "graph"))
		for i := range edges {
			edges[i].Weight /= 3
			if i%5 == 0 {
				edges[i].Weight *= 1e16
			}
		}
		want := describe(graphtest.FromEdges(n, edges))
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		r.Shuffle(len(edges), func(i, j int) { edges[i], edges[j] = edges[j], edges[i] })
		if got := describe(graphtest.FromEdges(n, edges)); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	})
}

// TestBuildAgainstMap checks a graph large enough for several workers against
// a map.
func TestBuildAgainstMap(t *testing.T) {
	const n, degree = 3000, 50
	want := map[[2]string]float64{}
	edges := graphtest.RandomEdges(1, n, degree)
	for _, e := range edges {
		want[[2]string{e.From, e.To}] += e.Weight
	}
	g := graphtest.Random(1, n, degree)
	require.Equal(t, n, g.Len())
	require.Equal(t, len(want), g.Size())
	got := map[[2]string]float64{}
	for e := range g.Edges() {
		got[[2]string{g.Key(e.From), g.Key(e.To)}] = e.Weight
	}
	assert.Equal(t, want, got)
	assertSound(t, g)
}

type tb interface {
	assert.TestingT
	require.TestingT
}

// assertSound checks the invariants of a graph.
func assertSound(t tb, g *graph.Digraph) {
	c := g.CSR()
	require.Len(t, c.OutStart, g.Len()+1)
	require.Len(t, c.InStart, g.Len()+1)
	for i := range g.Len() {
		require.True(t, slices.IsSorted(c.OutTo[c.OutStart[i]:c.OutStart[i+1]]))
		require.True(t, slices.IsSorted(c.InFrom[c.InStart[i]:c.InStart[i+1]]))
		require.True(t, i == 0 || g.Key(i-1) < g.Key(i))
		for j, w := range g.In(i) {
			require.Equal(t, w, g.EdgeWeight(j, i))
		}
	}
	require.Equal(t, len(c.OutTo), len(c.InFrom))
	last := graph.Edge{From: -1}
	for e := range g.Edges() {
		require.Greater(t, e.Weight, 0.0)
		require.True(t, last.From < e.From || last.From == e.From && last.To < e.To)
		last = e
	}
}

func FuzzBuilder(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{1, 0, 0, 0})
	f.Add([]byte{3, 0, 1, 7, 0, 1, 9, 2, 2, 255})
	f.Add([]byte{12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 200, 11, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		n, edges := graphtest.EdgesFromBytes(data)
		g := graphtest.FromEdges(n, edges)
		assertSound(t, g)
		dense := make([][]float64, n)
		for i := range dense {
			dense[i] = make([]float64, n)
		}
		for _, e := range edges {
			i, _ := g.Index(e.From)
			j, _ := g.Index(e.To)
			dense[i][j] += e.Weight
		}
		require.Equal(t, dense, graphtest.Matrix(g), "weights of this size add up exactly")
		slices.Reverse(edges)
		require.Equal(t, describe(g), describe(graphtest.FromEdges(n, edges)))
	})
}

func BenchmarkBuilder(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			edges := graphtest.RandomEdges(1, n, 10)
			b.ReportAllocs()
			for b.Loop() {
				graphtest.FromEdges(n, edges)
			}
		})
	}
}
