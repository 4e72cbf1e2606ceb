// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/structure"
)

// layer is a graph as a table of weights by key; keys without edges are nodes
// all the same.
type layer map[string]map[string]float64

func drawLayer(t *rapid.T) (layer, *graph.Digraph) {
	keys := []string{"A", "B", "C", "D"}
	l := layer{}
	b := &graph.Builder{}
	for _, from := range keys {
		if rapid.IntRange(0, 4).Draw(t, "absent") == 0 {
			continue
		}
		l[from] = map[string]float64{}
	}
	for _, from := range keys {
		for _, to := range keys {
			if l[from] != nil && l[to] != nil && rapid.Bool().Draw(t, "edge") {
				l[from][to] = float64(rapid.IntRange(1, 5).Draw(t, "weight"))
			}
		}
	}
	for _, from := range rapid.Permutation(keys).Draw(t, "order") {
		if l[from] == nil {
			continue
		}
		require.NoError(t, b.AddNode(from))
		for to, w := range l[from] {
			require.NoError(t, b.AddEdge(from, to, w))
		}
	}
	return l, b.Build()
}

func sameNumber(t require.TestingT, want, have float64) {
	if math.IsNaN(want) {
		assert.True(t, math.IsNaN(have), "want NaN, have %v", have)
		return
	}
	assert.InDelta(t, want, have, 1e-12)
}

func TestLayersAgainstTables(t *testing.T) {
	keys := []string{"A", "B", "C", "D"}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "layers")
		tables, graphs := make([]layer, n), make([]*graph.Digraph, n)
		for i := range n {
			tables[i], graphs[i] = drawLayer(t)
		}
		f, g := tables[0], tables[n-1]
		var less, more, both, all float64
		layers := map[string]int{}
		for _, a := range keys {
			for _, b := range keys {
				x, y := f[a][b], g[a][b]
				less += math.Min(x, y)
				more += math.Max(x, y)
				if x > 0 {
					all++
					if y > 0 {
						both++
					}
				}
				for _, l := range tables {
					if l[a][b] > 0 {
						layers[a+b]++
					}
				}
			}
		}
		sameNumber(t, less/more, structure.WeightedJaccard(graphs[0], graphs[n-1]))
		sameNumber(t, less/more, structure.WeightedJaccard(graphs[n-1], graphs[0]))
		sameNumber(t, both/all, structure.CoveredEdges(graphs[0], graphs[n-1]))
		have, sum := map[string]int{}, 0
		for _, e := range structure.EdgeOverlap(graphs) {
			have[e.From+e.To] = e.Layers
			sum += e.Layers
		}
		assert.Equal(t, layers, have)
		sameNumber(t, float64(sum)/float64(len(layers))/float64(n), structure.MeanOverlap(graphs))
		seen := 0
		for _, p := range structure.Participation(graphs) {
			seen++
			s, total := make([]float64, n), 0.0
			for i, l := range tables {
				for _, k := range keys {
					if k != p.Key {
						s[i] += l[p.Key][k] + l[k][p.Key]
					}
				}
				total += s[i]
			}
			// The part of the pairs of weights in different layers, over the most
			// that can be.
			apart := 0.0
			for i := range n {
				for j := range n {
					if i != j {
						apart += s[i] * s[j]
					}
				}
			}
			want := apart / (total * total) * float64(n) / float64(n-1)
			if n < 2 {
				want = math.NaN()
			}
			sameNumber(t, want, p.Participation)
		}
		nodes := 0
		for _, k := range keys {
			for _, l := range tables {
				if l[k] != nil {
					nodes++
					break
				}
			}
		}
		assert.Equal(t, nodes, seen)
	})
}

func TestNoLayers(t *testing.T) {
	assert.Empty(t, structure.EdgeOverlap(nil))
	assert.Empty(t, structure.Participation(nil))
	assert.True(t, math.IsNaN(structure.MeanOverlap(nil)))
}

func ExampleParticipation() {
	build := func(from, to string, w float64) *graph.Digraph {
		b := &graph.Builder{}
		if err := b.AddEdge(from, to, w); err != nil {
			panic(err)
		}
		return b.Build()
	}
	roads, rails := build("Delft", "Leiden", 3), build("Leiden", "Gouda", 3)
	for _, p := range structure.Participation([]*graph.Digraph{roads, rails}) {
		fmt.Println(p.Key, p.Participation)
	}
	fmt.Println(structure.MeanOverlap([]*graph.Digraph{roads, rails}))
	// Output:
	// Delft 0
	// Gouda 0
	// Leiden 1
	// 0.5
}

func BenchmarkParticipation(b *testing.B) {
	for _, n := range []int{10, 100, 500} {
		var layers []*graph.Digraph
		for l := range 4 {
			x := &graph.Builder{}
			for i := range n {
				for k := 1; k < 8; k++ {
					if err := x.AddEdge(fmt.Sprint(i), fmt.Sprint((i+k*(l+1))%n), float64(k)); err != nil {
						b.Fatal(err)
					}
				}
			}
			layers = append(layers, x.Build())
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				structure.Participation(layers)
			}
		})
	}
}

// TestCommonPartPublished has the values of the test suite of scikit-mobility
// for the common part of commuters of [1, 2, 3] with [2, 2, 2] and [3, 2, 1].
func TestCommonPartPublished(t *testing.T) {
	build := func(weights ...float64) *graph.Digraph {
		b := &graph.Builder{}
		for i, w := range weights {
			require.NoError(t, b.AddEdge("A", fmt.Sprint("B", i), w))
		}
		return b.Build()
	}
	assert.InDelta(t, 0.8333, structure.CommonPart(build(1, 2, 3), build(2, 2, 2)), 5e-5)
	assert.InDelta(t, 0.6667, structure.CommonPart(build(1, 2, 3), build(3, 2, 1)), 5e-5)
}
