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

func naiveHoles(g *graph.Digraph) (constraint, size []float64) {
	f := cross(g)
	n := len(f)
	m := cross(g)
	for i := range f {
		for j := range f {
			m[i][j] = f[i][j] + f[j][i]
		}
	}
	total := rows(m)
	constraint, size = make([]float64, n), make([]float64, n)
	for i := range m {
		if total[i] == 0 {
			constraint[i], size[i] = math.NaN(), math.NaN()
			continue
		}
		for j := range m {
			if m[i][j] == 0 {
				continue
			}
			top, tie, redundant := 0.0, m[i][j]/total[i], 0.0
			for k := range m {
				top = math.Max(top, m[j][k])
				tie += m[i][k] / total[i] * m[k][j] / math.Max(total[k], 1e-300)
				if k != i {
					redundant += m[i][k] / total[i] * m[j][k]
				}
			}
			constraint[i] += tie * tie
			size[i] += 1 - redundant/top
		}
	}
	return constraint, size
}

func checkHoles(t require.TestingT, g *graph.Digraph) {
	constraint, size := naiveHoles(g)
	for _, h := range []*graph.Digraph{g, g.Transpose(), g.Loopless(), scale(t, g, 0.25)} {
		c, err := structure.Constraint(context.Background(), h, structure.HolesConfig{})
		require.NoError(t, err)
		nearAll(t, constraint, c.Slice(), rounding)
		e, err := structure.EffectiveSize(context.Background(), h, structure.HolesConfig{})
		require.NoError(t, err)
		nearAll(t, size, e.Slice(), rounding)
	}
}

func TestHolesStandardGraphs(t *testing.T) {
	standard(t, func(t *testing.T, g *graph.Digraph) { checkHoles(t, g) })
}

func TestHolesLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkHoles(t, draw(t)) })
}

// Known values of three nodes, by another program.
func TestHolesKnown(t *testing.T) {
	edges := []graphtest.Edge{{From: "0", To: "1", Weight: 2}, {From: "0", To: "2", Weight: 2}, {From: "1", To: "0", Weight: 1}, {From: "2", To: "1", Weight: 1}}
	for _, c := range []struct {
		name             string
		weight           func(graph.Edge) float64
		constraint, size []float64
	}{
		{"weights", func(e graph.Edge) float64 { return e.Weight }, []float64{0.840, 1.143, 1.378}, []float64{1.567, 1.083, 1}},
		{"unit weights", func(graph.Edge) float64 { return 1 }, []float64{1.003, 1.003, 1.389}, []float64{1.167, 1.167, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := graphtest.Build(edges).Map(c.weight)
			require.NoError(t, err)
			got, err := structure.Constraint(t.Context(), g, structure.HolesConfig{})
			require.NoError(t, err)
			assert.InDeltaSlice(t, c.constraint, got.Slice(), printed)
			got, err = structure.EffectiveSize(t.Context(), g, structure.HolesConfig{})
			require.NoError(t, err)
			assert.InDeltaSlice(t, c.size, got.Slice(), printed)
		})
	}
}

func TestHolesDoNotDependOnWorkers(t *testing.T) {
	g := graphtest.Random(2, 2000, 6)
	h := graphtest.FromEdges(2000, backward(graphtest.RandomEdges(2, 2000, 6)))
	var want []float64
	for _, workers := range []int{1, 2, 8} {
		for _, x := range []*graph.Digraph{g, h} {
			c, err := structure.Constraint(t.Context(), x, structure.HolesConfig{Workers: workers})
			require.NoError(t, err)
			if want == nil {
				want = c.Slice()
			}
			for i, v := range c.Slice() {
				require.Equal(t, math.Float64bits(want[i]), math.Float64bits(v))
			}
		}
	}
	_, err := structure.Constraint(canceled(), g, structure.HolesConfig{})
	require.ErrorIs(t, err, errCanceled)
	_, err = structure.EffectiveSize(canceled(), g, structure.HolesConfig{Workers: 1})
	require.ErrorIs(t, err, errCanceled)
}
