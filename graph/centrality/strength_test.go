// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/graphtest"
)

func TestStrengthWithSelfExample(t *testing.T) {
	g := graphtest.Example()
	in, out := centrality.InStrengthWithSelf(g), centrality.OutStrengthWithSelf(g)
	for i := range g.Len() {
		assert.InDelta(t, centrality.InStrength(g).Slice()[i]+g.Loop(i), in.Slice()[i], published)
		assert.InDelta(t, centrality.OutStrength(g).Slice()[i]+g.Loop(i), out.Slice()[i], published)
	}
	zero := centrality.InStrengthWithSelf(&graph.Digraph{})
	assert.Zero(t, zero.Len())
}

// TestStrengthWithSelf compares with the rows and columns of the dense matrix,
// and the sums over all nodes with the weight of all edges.
func TestStrengthWithSelf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphtest.Random(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 40).Draw(t, "n"), 6)
		in, out := make([]float64, g.Len()), make([]float64, g.Len())
		for i, row := range graphtest.Matrix(g) {
			for j, w := range row {
				out[i] += w
				in[j] += w
			}
		}
		total := 0.0
		for i, s := range centrality.InStrengthWithSelf(g).Slice() {
			require.InEpsilon(t, 1+in[i], 1+s, rounding)
			total += s
		}
		for i, s := range centrality.OutStrengthWithSelf(g).Slice() {
			require.InEpsilon(t, 1+out[i], 1+s, rounding)
		}
		require.InEpsilon(t, 1+g.Total(), 1+total, 10*rounding)
	})
}

// TestStrengthOfMany has enough edges for several workers, whose sums must be
// those of one row after the other.
func TestStrengthOfMany(t *testing.T) {
	g := graphtest.Random(3, 10000, 10)
	in, out := centrality.InStrengthWithSelf(g).Slice(), centrality.OutStrength(g).Slice()
	for i := range g.Len() {
		a, b := 0.0, 0.0
		for _, w := range g.In(i) {
			a += w
		}
		for j, w := range g.Out(i) {
			if i != j {
				b += w
			}
		}
		require.InEpsilon(t, 1+a, 1+in[i], rounding)
		require.InEpsilon(t, 1+b, 1+out[i], rounding)
	}
}

func ExampleInStrengthWithSelf() {
	var b graph.Builder
	for _, e := range []struct {
		from, to string
		weight   float64
	}{{"A", "A", 40}, {"A", "B", 5}, {"B", "A", 2}} {
		if err := b.AddEdge(e.from, e.to, e.weight); err != nil {
			fmt.Println(err)
			return
		}
	}
	g := b.Build()
	a, _ := centrality.InStrength(g).At("A")
	all, _ := centrality.InStrengthWithSelf(g).At("A")
	fmt.Println(a, all)
	// Output: 2 42
}

// Two nodes exchange 3 and 2, and the first keeps 10.
func ExampleStrength() {
	g := graphtest.FromMatrix([][]float64{{10, 3}, {2, 0}})
	fmt.Println(centrality.Degree(g).Slice(), centrality.Strength(g).Slice(), centrality.OutStrengthWithSelf(g).Slice())
	// Output: [2 2] [5 5] [13 2]
}
