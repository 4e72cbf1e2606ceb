// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"context"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

func naiveDisparity(f [][]float64) [][]float64 {
	out := rows(f)
	alpha := make([][]float64, len(f))
	for i := range f {
		k := 0.0
		for _, w := range f[i] {
			if w > 0 {
				k++
			}
		}
		alpha[i] = make([]float64, len(f))
		for j, w := range f[i] {
			alpha[i][j] = math.Pow(1-w/out[i], k-1)
			if k == 1 {
				alpha[i][j] = 1
			}
		}
	}
	return alpha
}

func checkDisparity(t require.TestingT, g *graph.Digraph) {
	f := cross(g)
	out, in := naiveDisparity(f), transposed(naiveDisparity(transposed(f)))
	var kept [4][][2]int
	n := 0
	for e, d := range structure.Disparity(g) {
		n++
		require.Equal(t, f[e.From][e.To], e.Weight)
		near(t, out[e.From][e.To], d.Out, solved)
		near(t, in[e.From][e.To], d.In, solved)
		o, i := d.Out < 0.3, d.In < 0.3
		for rule, keep := range [4]bool{o || i, o && i, o, i} {
			if keep {
				kept[rule] = append(kept[rule], [2]int{e.From, e.To})
			}
		}
	}
	require.Equal(t, g.Loopless().Size(), n)
	for rule, want := range kept {
		b, err := structure.Backbone(context.Background(), g, structure.BackboneConfig{Level: 0.3, Rule: structure.BackboneRule(rule)})
		require.NoError(t, err)
		require.Equal(t, g.Len(), b.Len())
		var got [][2]int
		for e := range b.Edges() {
			got = append(got, [2]int{e.From, e.To})
			require.Equal(t, g.EdgeWeight(e.From, e.To), e.Weight)
		}
		require.Equal(t, want, got)
		same, err := structure.Backbone(context.Background(), scale(t, g, 1024), structure.BackboneConfig{Level: 0.3, Rule: structure.BackboneRule(rule)})
		require.NoError(t, err)
		require.Equal(t, b.Size(), same.Size())
	}
}

func TestDisparityStandardGraphs(t *testing.T) {
	standard(t, func(t *testing.T, g *graph.Digraph) { checkDisparity(t, g) })
}

func TestDisparityLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkDisparity(t, draw(t)) })
}

// Known values of an undirected graph, by another program: each edge both ways.
func TestDisparityKnown(t *testing.T) {
	var edges []graphtest.Edge
	for _, e := range []graphtest.Edge{
		{From: "0", To: "1", Weight: 1}, {From: "0", To: "2", Weight: 5}, {From: "0", To: "3", Weight: 10},
		{From: "0", To: "4", Weight: 20}, {From: "4", To: "5", Weight: 1}, {From: "3", To: "5", Weight: 0.5},
	} {
		edges = append(edges, e, graphtest.Edge{From: e.To, To: e.From, Weight: e.Weight})
	}
	g := graphtest.Build(edges)
	want := map[string]float64{
		"01": 0.918960, "02": 0.638525, "03": 0.376715, "04": 0.087791, "45": 0.952381, "40": 0.047619, "54": 0.333333, "53": 0.666667,
	}
	for e, d := range structure.Disparity(g) {
		if w, ok := want[g.Key(e.From)+g.Key(e.To)]; ok {
			assert.InDelta(t, w, d.Out, published)
			delete(want, g.Key(e.From)+g.Key(e.To))
		}
		assert.InDelta(t, d.Out, 0.5, 0.5)
	}
	assert.Empty(t, want)
	b, err := structure.Backbone(context.Background(), g, structure.BackboneConfig{Level: 0.5})
	require.NoError(t, err)
	var kept []string
	for e := range b.Edges() {
		if e.From < e.To {
			kept = append(kept, g.Key(e.From)+g.Key(e.To))
		}
	}
	assert.Equal(t, []string{"03", "04", "45"}, kept)
}

// A tiny edge beside a huge one keeps the digits of its chance.
func TestDisparityOfTinyEdge(t *testing.T) {
	g := graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 1e12}, {From: "a", To: "c", Weight: 1e-12}})
	for e, d := range structure.Disparity(g) {
		if e.Weight < 1 {
			assert.Equal(t, 1.0, d.Out)
		} else {
			assert.InDelta(t, 0, d.Out, 1e-15)
		}
	}
}

func TestBackboneRefuses(t *testing.T) {
	for _, c := range []structure.BackboneConfig{{Level: -1}, {Level: 1.5}, {Level: math.NaN()}, {Rule: 4}} {
		_, err := structure.Backbone(context.Background(), graphtest.Example(), c)
		require.ErrorIs(t, err, structure.ErrBackbone)
	}
	b, err := structure.Backbone(context.Background(), graphtest.Example(), structure.BackboneConfig{})
	require.NoError(t, err)
	assert.Zero(t, b.Size(), "nothing stands out at 0.05")
	assert.Equal(t, "both ends", structure.BothEnds.String())
	assert.Equal(t, "BackboneRule(7)", structure.BackboneRule(7).String())
}

// A backbone of a large graph against the values of a fixture that two other
// programs agree on.
func TestDisparityOfFixture(t *testing.T) {
	g := fixture()
	want := map[string][2]float64{
		"A2>A1": {1, 0.077760}, "B2>B1": {0.222222, 0.049383}, "C2>A1": {0.2, 0.545090}, "B1>A1": {1, 0.545090},
	}
	for e, d := range structure.Disparity(g) {
		if w, ok := want[g.Key(e.From)+">"+g.Key(e.To)]; ok {
			assert.InDelta(t, w[0], d.Out, published)
			assert.InDelta(t, w[1], d.In, published)
			delete(want, g.Key(e.From)+">"+g.Key(e.To))
		}
	}
	assert.Empty(t, want)
}

// fixture is a small network of seven nodes in three groups, whose values two
// other programs agree on.
func fixture() *graph.Digraph {
	return graphtest.Build([]graphtest.Edge{
		{From: "A1", To: "A1", Weight: 40}, {From: "A2", To: "A2", Weight: 6}, {From: "A2", To: "A1", Weight: 14}, {From: "A3", To: "A3", Weight: 2},
		{From: "A3", To: "A1", Weight: 5}, {From: "A3", To: "A2", Weight: 3}, {From: "B1", To: "B1", Weight: 18}, {From: "B1", To: "A1", Weight: 4},
		{From: "B2", To: "B1", Weight: 7}, {From: "B2", To: "B2", Weight: 3}, {From: "B2", To: "A1", Weight: 2}, {From: "C1", To: "C1", Weight: 1},
		{From: "C1", To: "C2", Weight: 2}, {From: "C1", To: "A1", Weight: 6}, {From: "C2", To: "C2", Weight: 5}, {From: "C2", To: "B1", Weight: 1},
		{From: "C2", To: "A1", Weight: 4}, {From: "A1", To: "B1", Weight: 1},
	})
}

func TestFixture(t *testing.T) {
	g := fixture()
	assert.InDelta(t, 0.181818, structure.Reciprocity(g), published)
	assert.InDelta(t, 0.0408163, structure.WeightedReciprocity(g), published)
	c, err := structure.Constraint(t.Context(), g, structure.HolesConfig{})
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{.359789, .956620, 1.254019, .628282, .925726, .908305, .901216}, c.Slice(), published)
	groups := make([]string, g.Len())
	for i, key := range g.Keys() {
		groups[i] = key[:1]
	}
	mixed := func(c structure.MixingConfig) float64 {
		return structure.Mixing(g, graph.NewValues(g, groups), c).Assortativity()
	}
	assert.InDelta(t, 0.175, mixed(structure.MixingConfig{Binary: true}), published)
	assert.InDelta(t, 0.488152, mixed(structure.MixingConfig{Binary: true, Loops: true}), published)
}
