// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

func byKeys(g *graph.Digraph) map[[2]string]float64 {
	m := map[[2]string]float64{}
	for e := range g.Edges() {
		m[[2]string{g.Key(e.From), g.Key(e.To)}] = e.Weight
	}
	return m
}

func checkSimilarity(t require.TestingT, f, g *graph.Digraph) {
	x, y := byKeys(f), byKeys(g)
	cells := map[[2]string]bool{}
	for k := range x {
		cells[k] = true
	}
	for k := range y {
		cells[k] = true
	}
	sx, sy := add(slices.Collect(maps.Values(x))), add(slices.Collect(maps.Values(y)))
	var common, share, jsd, both float64
	for k := range cells {
		common += math.Min(x[k], y[k])
		p, q := x[k]/sx, y[k]/sy
		share += math.Min(p, q)
		m := (p + q) / 2
		if p > 0 {
			jsd += p * math.Log2(p/m) / 2
		}
		if q > 0 {
			jsd += q * math.Log2(q/m) / 2
		}
		if x[k] > 0 && y[k] > 0 {
			both++
		}
	}
	if sx == 0 || sy == 0 {
		share, jsd = math.NaN(), math.NaN()
	}
	near(t, 2*common/(sx+sy), structure.CommonPart(f, g), solved)
	near(t, share, structure.CommonShare(f, g), solved)
	near(t, jsd, structure.JensenShannon(f, g), solved)
	near(t, both/float64(len(cells)), structure.CommonEdges(f, g), rounding)
	near(t, structure.CommonPart(f, g), structure.CommonPart(g, f), rounding)
	near(t, structure.JensenShannon(f, g), structure.JensenShannon(g, f), rounding)
	near(t, structure.CommonShare(f, g), structure.CommonShare(g, f), rounding)
	near(t, structure.CommonEdges(f, g), structure.CommonEdges(g, f), 0)
	row := func(m map[[2]string]float64, key string) (s float64) {
		for k, w := range m {
			if k[0] == key {
				s += w
			}
		}
		return s
	}
	for key, got := range structure.RowVariation(f, g).All() {
		rx, ry := row(x, key), row(y, key)
		want := 0.0
		for k := range cells {
			if k[0] == key {
				want += math.Abs(x[k]/rx-y[k]/ry) / 2
			}
		}
		if rx == 0 || ry == 0 {
			want = math.NaN()
		}
		near(t, want, got, solved)
	}
}

func TestSimilarityStandardGraphs(t *testing.T) {
	all := append(graphtest.Standard(), graphtest.Case{Graph: graphtest.Example()})
	for _, a := range all {
		for _, b := range all {
			checkSimilarity(t, a.Graph, b.Graph)
		}
		if a.Graph.Size() > 0 {
			assert.Equal(t, 1.0, structure.CommonPart(a.Graph, a.Graph))
			assert.Equal(t, 0.0, structure.JensenShannon(a.Graph, a.Graph))
			assert.Equal(t, 1.0, structure.CommonEdges(a.Graph, scale(t, a.Graph, 2)))
		}
	}
}

func TestSimilarityLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, g := draw(t), draw(t)
		checkSimilarity(t, f, g)
		// Nodes need not be the same.
		checkSimilarity(t, f, g.Subgraph(func(i int) bool { return i%2 == 0 }))
		checkSimilarity(t, f.Subgraph(func(i int) bool { return i%3 > 0 }), g)
		// Shares do not depend on totals, and reversing both graphs changes no sum.
		near(t, structure.CommonShare(f, g), structure.CommonShare(scale(t, f, 8), g), rounding)
		near(t, structure.JensenShannon(f, g), structure.JensenShannon(scale(t, f, 8), g), rounding)
		nearAll(t, structure.RowVariation(f, g).Slice(), structure.RowVariation(scale(t, f, 8), g).Slice(), rounding)
		near(t, structure.CommonPart(f, g), structure.CommonPart(f.Transpose(), g.Transpose()), rounding)
		near(t, structure.CommonShare(f, g), structure.CommonShare(f.Transpose(), g.Transpose()), rounding)
		near(t, structure.CommonEdges(f, g), structure.CommonEdges(f.Transpose(), g.Transpose()), 0)
	})
}
