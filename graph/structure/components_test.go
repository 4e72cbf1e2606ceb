// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

// checkComponents compares with pairwise reachability.
func checkComponents(t require.TestingT, g *graph.Digraph) {
	f := cross(g)
	r := reach(f)
	both := cross(g)
	for i := range both {
		for j := range both {
			both[i][j] = f[i][j] + f[j][i]
		}
	}
	weak := reach(both)
	for _, c := range []struct {
		got  structure.Components
		same func(i, j int) bool
	}{
		{structure.StronglyConnected(g), func(i, j int) bool { return r[i][j] && r[j][i] }},
		{structure.WeaklyConnected(g), func(i, j int) bool { return weak[i][j] }},
	} {
		label := c.got.Label.Slice()
		next := 0
		sizes := make([]int, c.got.Count)
		for i := range label {
			require.LessOrEqual(t, label[i], next, "numbered by first node")
			next = max(next, label[i]+1)
			sizes[label[i]]++
			for j := range label {
				require.Equal(t, c.same(i, j), label[i] == label[j], "%d %d", i, j)
			}
		}
		require.Equal(t, next, c.got.Count)
		require.Equal(t, sizes, append([]int{}, c.got.Sizes...))
	}
	require.Equal(t, structure.StronglyConnected(g).Label.Slice(), structure.StronglyConnected(g.Transpose()).Label.Slice())
	require.Equal(t, structure.StronglyConnected(g).Label.Slice(), structure.StronglyConnected(g.Loopless()).Label.Slice())

	dag, parts := structure.Condensation(g)
	require.Equal(t, parts.Count, dag.Len())
	require.Equal(t, parts.Count, structure.StronglyConnected(dag).Count)
	want := make([][]float64, parts.Count)
	for i := range want {
		want[i] = make([]float64, parts.Count)
	}
	for e := range g.Edges() {
		if a, b := parts.Label.Slice()[e.From], parts.Label.Slice()[e.To]; a != b {
			want[a][b] += e.Weight
		}
	}
	require.Equal(t, want, graphtest.Matrix(dag), "weights are dyadic, so sums are exact")
}

func TestComponentsStandardGraphs(t *testing.T) {
	standard(t, func(t *testing.T, g *graph.Digraph) { checkComponents(t, g) })
}

func TestComponentsLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkComponents(t, draw(t)) })
}

func TestComponentsOfTwoBlocks(t *testing.T) {
	g := graphtest.Standard()[8].Graph
	s := structure.StronglyConnected(g)
	assert.Equal(t, []int{0, 0, 0, 1, 1, 1}, s.Label.Slice())
	assert.Equal(t, 1, structure.WeaklyConnected(g).Count)
	label, size := s.Largest()
	assert.Equal(t, 0, label, "the first of two equal ones")
	assert.Equal(t, 3, size)
	label, size = structure.StronglyConnected(graphtest.Build(nil)).Largest()
	assert.Equal(t, -1, label)
	assert.Zero(t, size)
}

// A long cycle in an order that no sweep through memory can follow, with a
// tail before and after it.
func TestComponentsOfLongCycle(t *testing.T) {
	const n = 20000
	order := rand.New(rand.NewPCG(1, 2)).Perm(n)
	edges := make([]graphtest.Edge, 0, n+2)
	for k, i := range order {
		edges = append(edges, graphtest.Edge{From: graphtest.Key(i), To: graphtest.Key(order[(k+1)%n]), Weight: 1})
	}
	edges = append(edges, graphtest.Edge{From: "before", To: graphtest.Key(7), Weight: 1}, graphtest.Edge{From: graphtest.Key(8), To: "zafter", Weight: 1})
	s := structure.StronglyConnected(graphtest.Build(edges))
	assert.Equal(t, 3, s.Count)
	assert.Equal(t, []int{1, n, 1}, s.Sizes)

	// The same as a path: no cycle at all.
	path := structure.StronglyConnected(graphtest.Build(edges[1:]))
	assert.Equal(t, n+2, path.Count)
	assert.Equal(t, 1, structure.WeaklyConnected(graphtest.Build(edges[1:])).Count)
}

// Large graphs against a version that shares no code, from the literature:
// Kosaraju's two searches.
func TestComponentsOfLargeGraph(t *testing.T) {
	for seed := range uint64(6) {
		g := graphtest.Random(seed, 3000, 0.5+float64(seed)/2)
		got := structure.StronglyConnected(g).Label.Slice()
		want := kosaraju(g)
		first := map[int]int{}
		for i, l := range want {
			if _, ok := first[l]; !ok {
				first[l] = len(first)
			}
			require.Equal(t, first[l], got[i])
		}
	}
}

func kosaraju(g *graph.Digraph) []int {
	n := g.Len()
	seen := make([]bool, n)
	var finished []int
	var forward func(i int)
	forward = func(i int) {
		seen[i] = true
		for j := range g.Out(i) {
			if !seen[j] {
				forward(j)
			}
		}
		finished = append(finished, i)
	}
	for i := range n {
		if !seen[i] {
			forward(i)
		}
	}
	label := make([]int, n)
	var back func(i, l int)
	back = func(i, l int) {
		label[i] = l
		for j := range g.In(i) {
			if label[j] == 0 {
				back(j, l)
			}
		}
	}
	for k := n - 1; k >= 0; k-- {
		if i := finished[k]; label[i] == 0 {
			back(i, k+1)
		}
	}
	return label
}
