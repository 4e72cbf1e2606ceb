// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

// pairsOf returns the graph with edges of weight 1 between these nodes.
func pairsOf(both bool, pairs ...int) *graph.Digraph {
	var edges []graphtest.Edge
	for i := 0; i < len(pairs); i += 2 {
		a, b := graphtest.Key(pairs[i]), graphtest.Key(pairs[i+1])
		edges = append(edges, graphtest.Edge{From: a, To: b, Weight: 1})
		if both && a != b {
			edges = append(edges, graphtest.Edge{From: b, To: a, Weight: 1})
		}
	}
	return graphtest.Build(edges)
}

// igraph, igraph_reciprocity.c. Its ratio is that of pairs with both edges to
// pairs with any, which the census of pairs gives; ours is the share of edges.
func TestPublishedReciprocity(t *testing.T) {
	g := pairsOf(false, 0, 1, 0, 2, 0, 3, 1, 0, 2, 3, 3, 2)
	d := structure.DyadCensus(g)
	assert.InDelta(t, .5, float64(d.Mutual)/float64(d.Mutual+d.Asymmetric), rounding)
	assert.InDelta(t, 4.0/6, structure.Reciprocity(g), rounding)
	assert.InDelta(t, 2.0/3, structure.Reciprocity(pairsOf(false, 1, 2, 2, 3, 3, 2)), rounding)
}

// igraph, igraph_constraint.out.
func TestPublishedConstraint(t *testing.T) {
	full := []int{0, 1, 0, 2, 0, 3, 1, 2, 1, 3, 2, 3}
	for _, c := range []struct {
		g    *graph.Digraph
		want []float64
	}{
		{pairsOf(true, 0, 1, 1, 2, 2, 3), []float64{1, .5, .5, 1}},
		{pairsOf(true, full...), []float64{.925926, .925926, .925926, .925926}},
		{pairsOf(true, append([]int{0, 0}, full...)...), []float64{.925926, .925926, .925926, .925926}},
		{
			pairsOf(true, 0, 1, 0, 2, 0, 3, 1, 2, 1, 3, 2, 3, 3, 4, 4, 5, 5, 6, 5, 7, 5, 8, 6, 7, 6, 8, 7, 8),
			[]float64{.865741, .865741, .865741, .583333, .5, .583333, .865741, .865741, .865741},
		},
	} {
		got, err := structure.Constraint(t.Context(), c.g, structure.HolesConfig{})
		require.NoError(t, err)
		assert.InDeltaSlice(t, c.want, got.Slice(), 1e-6)
	}
}

// igraph, centralization.out: stars are as central as can be.
func TestPublishedCentralization(t *testing.T) {
	const n = 10
	var edges []int
	for i := 1; i < n; i++ {
		edges = append(edges, i, 0)
	}
	in := make([]int, n)
	for e := range pairsOf(false, edges...).Edges() {
		in[e.To]++
	}
	g := pairsOf(false, edges...)
	assert.InDelta(t, 1, structure.Centralization(graph.NewValues(g, in), (n-1)*(n-1)), rounding)
	between := make([]float64, n)
	between[0] = (n - 1) * (n - 2) // of the star whose edges run both ways
	assert.InDelta(t, 1, structure.Centralization(graph.NewValues(g, between), (n-1)*(n-1)*(n-2)), rounding)
}

// NetworKit, MultiscaleBackboneGTest.cpp: an edge stays if it stands out at
// either end; weights run both ways.
func TestPublishedBackbone(t *testing.T) {
	var edges []graphtest.Edge
	for _, e := range []struct {
		a, b string
		w    float64
	}{{"0", "1", 1}, {"0", "2", 5}, {"0", "3", 10}, {"0", "4", 20}, {"4", "5", 1}, {"3", "5", .5}} {
		edges = append(edges, graphtest.Edge{From: e.a, To: e.b, Weight: e.w}, graphtest.Edge{From: e.b, To: e.a, Weight: e.w})
	}
	// Its threshold t asks for one less the chance: 0.5 keeps below 0.5, 0.7 below 0.3.
	for level, want := range map[float64][][2]string{0.5: {{"0", "3"}, {"0", "4"}, {"4", "5"}}, 0.3: {{"0", "3"}, {"0", "4"}}} {
		b, err := structure.Backbone(t.Context(), graphtest.Build(edges), structure.BackboneConfig{Level: level})
		require.NoError(t, err)
		var got [][2]string
		for e := range b.Edges() {
			if e.From < e.To {
				got = append(got, [2]string{b.Key(e.From), b.Key(e.To)})
			}
		}
		assert.Equal(t, want, got, "level %v", level)
	}
}
