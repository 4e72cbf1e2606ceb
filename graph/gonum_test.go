// SPDX-License-Identifier: Apache-2.0

package graph_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	ggraph "gonum.org/v1/gonum/graph"
	gcommunity "gonum.org/v1/gonum/graph/community"
	gdot "gonum.org/v1/gonum/graph/encoding/dot"
	"gonum.org/v1/gonum/graph/iterator"
	"gonum.org/v1/gonum/graph/testgraph"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// listed gives a graph the optional method for all edges that the suite wants.
type listed struct{ *graph.Digraph }

func (g listed) all() []ggraph.WeightedEdge {
	var all []ggraph.WeightedEdge
	for e := range g.Digraph.Edges() {
		all = append(all, g.WeightedEdge(int64(e.From), int64(e.To)))
	}
	return all
}

func (g listed) Edges() ggraph.Edges {
	var all []ggraph.Edge
	for _, e := range g.all() {
		all = append(all, e)
	}
	if len(all) == 0 {
		return ggraph.Empty
	}
	return iterator.NewOrderedEdges(all)
}

func (g listed) WeightedEdges() ggraph.WeightedEdges {
	if all := g.all(); len(all) > 0 {
		return iterator.NewOrderedWeightedEdges(all)
	}
	return ggraph.Empty
}

// builder makes the suite's graphs. IDs are remapped to 0..n-1; the suite has
// a case with a repeated edge, of which the last counts, and weights that may
// be negative, for which the size is taken.
func builder(loops bool) testgraph.Builder {
	return func(nodes []ggraph.Node, edges []testgraph.WeightedLine, _, _ float64) (ggraph.Graph, []ggraph.Node, []testgraph.Edge, float64, float64, bool) {
		ids := make([]int64, 0, len(nodes))
		for _, n := range nodes {
			ids = append(ids, n.ID())
		}
		for _, e := range edges {
			ids = append(ids, e.From().ID(), e.To().ID())
		}
		slices.Sort(ids)
		ids = slices.Compact(ids)
		at := map[int64]int{}
		keys := make([]string, len(ids))
		for i, id := range ids {
			at[id] = i
			keys[i] = graphtest.Key(i)
		}
		weight := map[[2]int]float64{}
		for _, e := range edges {
			u, v := at[e.From().ID()], at[e.To().ID()]
			w := math.Abs(e.Weight())
			if u == v && !loops {
				continue
			}
			if w == 0 || w > graph.MaxWeight || math.IsNaN(w) {
				return nil, nil, nil, 0, 0, false
			}
			weight[[2]int{u, v}] = w
		}
		var list []graphtest.Edge
		for uv, w := range weight {
			list = append(list, graphtest.Edge{From: keys[uv[0]], To: keys[uv[1]], Weight: w})
		}
		g := listed{graphtest.Build(list, keys...)}
		var made []testgraph.Edge
		for _, e := range g.all() {
			made = append(made, e)
		}
		var all []ggraph.Node
		if g.Len() > 0 {
			all = ggraph.NodesOf(g.Nodes())
		}
		return g, all, made, 0, 0, true
	}
}

func TestGonumSuite(t *testing.T) {
	for name, loops := range map[string]bool{"with loops": true, "without loops": false} {
		b := builder(loops)
		t.Run(name, func(t *testing.T) {
			t.Run("EdgeExistence", func(t *testing.T) { testgraph.EdgeExistence(t, b, true) })
			t.Run("NodeExistence", func(t *testing.T) { testgraph.NodeExistence(t, b) })
			t.Run("ReturnAdjacentNodes", func(t *testing.T) { testgraph.ReturnAdjacentNodes(t, b, true, true) })
			t.Run("ReturnAllEdges", func(t *testing.T) { testgraph.ReturnAllEdges(t, b, true) })
			t.Run("ReturnAllNodes", func(t *testing.T) { testgraph.ReturnAllNodes(t, b, true) })
			t.Run("ReturnAllWeightedEdges", func(t *testing.T) { testgraph.ReturnAllWeightedEdges(t, b, true) })
			t.Run("ReturnEdgeSlice", func(t *testing.T) { testgraph.ReturnEdgeSlice(t, b, true) })
			t.Run("ReturnWeightedEdgeSlice", func(t *testing.T) { testgraph.ReturnWeightedEdgeSlice(t, b, true) })
			t.Run("ReturnNodeSlice", func(t *testing.T) { testgraph.ReturnNodeSlice(t, b, true) })
			if loops {
				// The suite's Weight demands one constant weight from every
				// node to itself, which a graph with real self loops has not.
				t.Run("Weight", testWeight)
				return
			}
			t.Run("Weight", func(t *testing.T) { testgraph.Weight(t, b) })
		})
	}
}

// testWeight checks what gonum's contract says of weights, and our loops.
func testWeight(t *testing.T) {
	g := graphtest.Example()
	f := graphtest.Matrix(g)
	for _, view := range []ggraph.WeightedDirected{g, g.SelfWeighted()} {
		for i := range f {
			for j := range f {
				w, ok := view.Weight(int64(i), int64(j))
				assert.Equal(t, f[i][j], w)
				assert.Equal(t, f[i][j] > 0 || i == j, ok)
			}
		}
		_, ok := view.Weight(0, 9)
		assert.False(t, ok)
		_, ok = view.Weight(-1, -1)
		assert.False(t, ok)
	}
}

func ids(it ggraph.Nodes) []int64 {
	var s []int64
	for it.Next() {
		s = append(s, it.Node().ID())
	}
	return s
}

func TestGonumViews(t *testing.T) {
	g := graphtest.Example()
	s := g.SelfWeighted()
	assert.Equal(t, []int64{0, 1, 3, 4}, ids(g.From(0)))
	assert.Equal(t, []int64{1, 3, 4}, ids(s.From(0)))
	assert.Equal(t, []int64{0, 1, 2}, ids(g.To(0)))
	assert.Equal(t, []int64{1, 2}, ids(s.To(0)))
	assert.Equal(t, []int64{0, 1, 2, 3, 4}, ids(s.Nodes()))
	assert.True(t, g.HasEdgeFromTo(0, 0))
	assert.True(t, g.HasEdgeBetween(0, 0))
	assert.False(t, s.HasEdgeFromTo(0, 0))
	assert.False(t, s.HasEdgeBetween(0, 0))
	assert.True(t, s.HasEdgeBetween(4, 0))
	assert.True(t, s.HasEdgeFromTo(0, 4))
	assert.NotNil(t, g.Edge(0, 0))
	assert.Nil(t, s.Edge(0, 0))
	assert.Nil(t, s.WeightedEdge(0, 0))
	assert.Nil(t, s.Edge(4, 0))
	assert.NotNil(t, s.Node(4))
	assert.Equal(t, 5.0, s.WeightedEdge(0, 4).Weight())
	e := g.WeightedEdge(0, 4).ReversedEdge()
	assert.Equal(t, int64(4), e.From().ID())
	assert.Nil(t, g.Node(-1))
	assert.Equal(t, ggraph.Empty, g.From(9))
	assert.Equal(t, ggraph.Empty, graphtest.Build([]graphtest.Edge{{From: "a", To: "a", Weight: 1}}).SelfWeighted().From(0))

	it := g.From(0)
	require.True(t, it.Next())
	assert.Equal(t, 3, it.Len())
	require.True(t, it.Next())
	assert.Len(t, it.(ggraph.NodeSlicer).NodeSlice(), 2)
	assert.False(t, it.Next())
	assert.Nil(t, it.Node())
	it.Reset()
	assert.Equal(t, 4, it.Len())
}

// TestGonumModularity shows why there are two views: with loops as neighbors
// gonum counts them twice.
func TestGonumModularity(t *testing.T) {
	g := graphtest.Example()
	f := graphtest.Matrix(g)
	var groups [][]ggraph.Node
	group := []int{0, 1, 0, 1, 1}
	for l := range 2 {
		var c []ggraph.Node
		for i := range group {
			if group[i] == l {
				c = append(c, g.Node(int64(i)))
			}
		}
		groups = append(groups, c)
	}
	var q, total float64
	out, in := make([]float64, 5), make([]float64, 5)
	for i := range f {
		for j, w := range f[i] {
			total += w
			out[i] += w
			in[j] += w
		}
	}
	for i := range f {
		for j, w := range f[i] {
			if group[i] == group[j] {
				q += w/total - out[i]*in[j]/total/total
			}
		}
	}
	const rounding = 1e-12
	assert.InDelta(t, q, gcommunity.Q(g.SelfWeighted(), groups, 1), rounding)
	assert.Greater(t, math.Abs(q-gcommunity.Q(g, groups, 1)), 0.01)
}

func TestGonumDOT(t *testing.T) {
	g := graphtest.Build([]graphtest.Edge{{From: "<b>", To: "<b>", Weight: 1}, {From: "<b>", To: "x y", Weight: 1}})
	text, err := gdot.Marshal(g, "", "", "")
	require.NoError(t, err)
	assert.Contains(t, string(text), `"<b>" -> "<b>"`)
	assert.Contains(t, string(text), `"<b>" -> "x y"`)
	assert.Equal(t, 2, strings.Count(string(text), "->"))
}
