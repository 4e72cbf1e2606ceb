// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

func checkMixing(t require.TestingT, g *graph.Digraph, types []int) {
	labels := graph.NewValues(g, types)
	for _, c := range []structure.MixingConfig{{}, {Loops: true}, {Binary: true}, {Loops: true, Binary: true}} {
		f := cross(g)
		if c.Loops {
			f = graphtest.Matrix(g)
		}
		e := map[[2]int]float64{}
		var total float64
		for i := range f {
			for j, w := range f[i] {
				if w > 0 && c.Binary {
					w = 1
				}
				e[[2]int{types[i], types[j]}] += w
				total += w
			}
		}
		got := structure.Mixing(g, labels, c)
		var same, chance float64
		for a, p := range got.Types {
			var out, in float64
			for b, q := range got.Types {
				near(t, e[[2]int{p, q}]/total, got.Share[a][b], rounding)
				out += e[[2]int{p, q}] / total
				in += e[[2]int{q, p}] / total
			}
			same += e[[2]int{p, p}] / total
			chance += out * in
		}
		want := (same - chance) / (1 - chance)
		if math.Abs(1-chance) < 1e-12 || total == 0 {
			want = math.NaN()
		}
		near(t, want, got.Assortativity(), solved)
	}
}

func TestMixingStandardGraphs(t *testing.T) {
	standard(t, func(t *testing.T, g *graph.Digraph) {
		types := make([]int, g.Len())
		for i := range types {
			types[i] = i % 2
		}
		checkMixing(t, g, types)
		checkMixing(t, g, make([]int, g.Len()))
	})
}

func TestMixingLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := draw(t)
		types := make([]int, g.Len())
		for i := range types {
			types[i] = rapid.IntRange(0, 3).Draw(t, "type")
		}
		checkMixing(t, g, types)
	})
}

func TestMixingOfOtherGraphPanics(t *testing.T) {
	g := graphtest.Example()
	assert.Panics(t, func() {
		structure.Mixing(g, graph.NewValues(withIsolated(g), make([]int, 6)), structure.MixingConfig{})
	})
}

func checkDegreeAssortativity(t require.TestingT, g *graph.Digraph) {
	f := cross(g)
	binary := cross(g)
	for i := range f {
		for j := range f {
			if f[i][j] > 0 {
				binary[i][j] = 1
			}
		}
	}
	for _, strength := range []bool{false, true} {
		m := binary
		if strength {
			m = f
		}
		out, in := rows(m), rows(transposed(m))
		for pair := structure.OutIn; pair <= structure.InOut; pair++ {
			x, y := out, in
			if pair == structure.InIn || pair == structure.InOut {
				x = in
			}
			if pair == structure.OutOut || pair == structure.InOut {
				y = out
			}
			var xs, ys []float64
			for i := range f {
				for j := range f {
					if f[i][j] > 0 {
						xs = append(xs, x[i])
						ys = append(ys, y[j])
					}
				}
			}
			got, err := structure.DegreeAssortativity(g, structure.DegreeAssortativityConfig{Pair: pair, Strength: strength})
			require.NoError(t, err)
			near(t, pearson(xs, ys), got, solved, pair.String())
		}
	}
}

func pearson(x, y []float64) float64 {
	n := float64(len(x))
	mx, my := add(x)/n, add(y)/n
	var xx, yy, xy float64
	for i := range x {
		xx += (x[i] - mx) * (x[i] - mx)
		yy += (y[i] - my) * (y[i] - my)
		xy += (x[i] - mx) * (y[i] - my)
	}
	if xx < 1e-18*mx*mx*n || yy < 1e-18*my*my*n {
		return math.NaN()
	}
	return xy / math.Sqrt(xx*yy)
}

func TestDegreeAssortativityStandardGraphs(t *testing.T) {
	standard(t, func(t *testing.T, g *graph.Digraph) { checkDegreeAssortativity(t, g) })
}

func TestDegreeAssortativityLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkDegreeAssortativity(t, draw(t)) })
}

func TestDegreeAssortativityRefuses(t *testing.T) {
	_, err := structure.DegreeAssortativity(graphtest.Example(), structure.DegreeAssortativityConfig{Pair: 9})
	require.ErrorIs(t, err, structure.ErrDegreePair)
	assert.Equal(t, "in-out", structure.InOut.String())
	assert.Equal(t, "DegreePair(9)", structure.DegreePair(9).String())
}

func TestCentralization(t *testing.T) {
	star := []float64{10, 1, 1, 1}
	g := graphtest.Build(nil, "a", "b", "c", "d")
	assert.InDelta(t, 27.0/30, structure.Centralization(graph.NewValues(g, star), 30), rounding)
	assert.InDelta(t, 1, structure.Centralization(graph.NewValues(g, []int{3, 0, 0, 0}), 9), 0)
	assert.Zero(t, structure.Centralization(graph.NewValues(g, []int{2, 2, 2, 2}), 9))
	assert.True(t, math.IsNaN(structure.Centralization(graph.NewValues(g, star), 0)))
	assert.True(t, math.IsNaN(structure.Centralization(graph.NewValues(graphtest.Build(nil), []int{}), 4)))
}
