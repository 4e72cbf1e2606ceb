// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

func checkDominance(t require.TestingT, g *graph.Digraph) {
	f := graphtest.Matrix(g)
	size := rows(transposed(f))
	got := structure.DominantFlows(g, nil)
	for i := range f {
		var want []int
		top := 0.0
		for j, w := range f[i] {
			switch {
			case j == i || w == 0:
			case w > top:
				top, want = w, []int{j}
			case w == top:
				want = append(want, j)
			}
		}
		require.Equal(t, want, got.Partners.Slice()[i])
		terminal := len(want) == 0 || size[want[0]] <= size[i]
		require.Equal(t, terminal, got.Terminal.Slice()[i])
		// Follow the chain one step at a time.
		j := i
		for !got.Terminal.Slice()[j] {
			j = got.Partners.Slice()[j][0]
		}
		require.Equal(t, j, got.Region.Slice()[i])
	}
	require.Equal(t, got.Region.Slice(), structure.DominantFlows(scale(t, g, 512), nil).Region.Slice())
}

func TestDominanceStandardGraphs(t *testing.T) {
	standard(t, func(t *testing.T, g *graph.Digraph) { checkDominance(t, g) })
}

func TestDominanceLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkDominance(t, draw(t)) })
}

// With equal sizes nobody is above another; with given sizes the chain runs to
// the largest. Of 1/3 three times and 1 the second is no larger.
func TestDominanceOfTiesAndSizes(t *testing.T) {
	third := 1.0 / 3
	g := graphtest.Build([]graphtest.Edge{
		{From: "a", To: "b", Weight: third}, {From: "a", To: "b", Weight: third}, {From: "a", To: "b", Weight: third},
		{From: "a", To: "c", Weight: 1}, {From: "b", To: "c", Weight: 2}, {From: "b", To: "a", Weight: 5},
	})
	d := structure.DominantFlows(g, nil)
	assert.Equal(t, []int{1, 2}, d.Partners.Slice()[0])
	size := graph.NewValues(g, []float64{1, 2, 3})
	d = structure.DominantFlows(g, &size)
	assert.Equal(t, []int{1, 1, 2}, d.Region.Slice())
	assert.Equal(t, []bool{false, true, true}, d.Terminal.Slice())
	assert.Panics(t, func() {
		other := graph.NewValues(graphtest.Example(), make([]float64, 5))
		structure.DominantFlows(g, &other)
	})
}
