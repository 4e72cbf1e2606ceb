// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/graph/topo"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

// published is the precision of six decimals to which known values are given.
const published = 1e-6

// rounding is how much sums of some dozen terms in another order may differ,
// as a share of the sum.
const rounding = 1e-13

func TestExample(t *testing.T) {
	g := graphtest.Example()
	assert.InDelta(t, 0.6, structure.Density(g), published)
	assert.InDelta(t, 0.333333, structure.Reciprocity(g), published)
	assert.InDelta(t, 0.388889, structure.WeightedReciprocity(g), published)
	assert.InDelta(t, 0.361111, structure.FlowHierarchy(g), published)
	assert.InDelta(t, 0.333333, structure.BinaryFlowHierarchy(g), published)
	c := structure.StronglyConnected(g)
	assert.Equal(t, []int{0, 0, 0, 0, 1}, c.Label.Slice())
	assert.Equal(t, []int{4, 1}, c.Sizes)
	assert.Equal(t, 2, c.Count)
	// By hand, from the matrix: A: min(12,8) = 8 of 20. B: 8 + min(6,10) = 14
	// of 15. C: min(10,6) = 6 of 22. D: the pairs A-D, B-D and C-D go one way
	// only, so 0 of 15. E sends nothing.
	r := structure.NodeReciprocity(g).Slice()
	assert.InDeltaSlice(t, []float64{8. / 20, 14. / 15, 6. / 22, 0, math.NaN()}, r, published)
}

// dense holds the naive versions, from a dense matrix.
type dense struct {
	n                    int
	m, mutual, binWithin int
	total, matched       float64
	within               float64
	node                 []float64
	label                []int
}

func naive(f [][]float64) dense {
	d := dense{n: len(f), node: make([]float64, len(f)), label: make([]int, len(f))}
	reach := make([][]bool, d.n)
	for i := range f {
		reach[i] = make([]bool, d.n)
		for j := range f {
			reach[i][j] = i == j || f[i][j] > 0
		}
	}
	for k := range f {
		for i := range f {
			for j := range f {
				reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
			}
		}
	}
	next := 0
	for i := range f {
		d.label[i] = -1
		for j := range i {
			if reach[i][j] && reach[j][i] {
				d.label[i] = d.label[j]
				break
			}
		}
		if d.label[i] < 0 {
			d.label[i] = next
			next++
		}
	}
	for i := range f {
		var sent, back float64
		for j, w := range f[i] {
			if i == j || w == 0 {
				continue
			}
			d.m++
			sent += w
			back += min(w, f[j][i])
			if f[j][i] > 0 {
				d.mutual++
			}
			if d.label[i] == d.label[j] {
				d.within += w
				d.binWithin++
			}
		}
		d.total += sent
		d.matched += back
		d.node[i] = back / sent
	}
	return d
}

func same(t require.TestingT, want, got float64) {
	if math.IsNaN(want) {
		require.True(t, math.IsNaN(got), "got %v", got)
		return
	}
	require.InDelta(t, want, got, rounding)
}

func check(t require.TestingT, g *graph.Digraph) {
	d := naive(graphtest.Matrix(g))
	possible := float64(d.n * (d.n - 1))
	same(t, float64(d.m)/possible, structure.Density(g))
	same(t, float64(d.mutual)/float64(d.m), structure.Reciprocity(g))
	same(t, d.matched/d.total, structure.WeightedReciprocity(g))
	same(t, 1-d.within/d.total, structure.FlowHierarchy(g))
	same(t, 1-float64(d.binWithin)/float64(d.m), structure.BinaryFlowHierarchy(g))
	for i, r := range structure.NodeReciprocity(g).Slice() {
		same(t, d.node[i], r)
	}
	c := structure.StronglyConnected(g)
	require.Equal(t, d.label, c.Label.Slice())
	require.Len(t, c.Sizes, c.Count)
	nodes := 0
	for l, s := range c.Sizes {
		nodes += s
		_, largest := c.Largest()
		require.LessOrEqual(t, s, largest)
		label, _ := c.Largest()
		require.True(t, label <= l || s < largest, "the first of the largest")
	}
	require.Equal(t, d.n, nodes)
}

func TestStandardGraphs(t *testing.T) {
	for _, c := range graphtest.Standard() {
		t.Run(c.Name, func(t *testing.T) { check(t, c.Graph) })
	}
	label, size := structure.StronglyConnected(graphtest.Build(nil)).Largest()
	assert.Equal(t, -1, label)
	assert.Zero(t, size)
}

func TestUndefined(t *testing.T) {
	for _, g := range []*graph.Digraph{
		graphtest.Build(nil), graphtest.Build(nil, "a"), graphtest.Build([]graphtest.Edge{{From: "a", To: "a", Weight: 1}}),
	} {
		assert.True(t, math.IsNaN(structure.Density(g)))
		assert.True(t, math.IsNaN(structure.Reciprocity(g)))
		assert.True(t, math.IsNaN(structure.WeightedReciprocity(g)))
		assert.True(t, math.IsNaN(structure.FlowHierarchy(g)))
		assert.True(t, math.IsNaN(structure.BinaryFlowHierarchy(g)))
	}
	assert.Zero(t, structure.Density(graphtest.Build(nil, "a", "b")))
}

func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := graphtest.FromBytes(rapid.SliceOfN(rapid.Byte(), 0, 200).Draw(t, "graph"))
		check(t, g)
		tr := g.Transpose()
		same(t, structure.Density(g), structure.Density(tr))
		same(t, structure.Reciprocity(g), structure.Reciprocity(tr))
		same(t, structure.WeightedReciprocity(g), structure.WeightedReciprocity(tr))
		same(t, structure.FlowHierarchy(g), structure.FlowHierarchy(tr))
		require.Equal(t, structure.StronglyConnected(g).Label.Slice(), structure.StronglyConnected(tr).Label.Slice())
		same(t, structure.WeightedReciprocity(g), structure.WeightedReciprocity(g.Loopless()))
		same(t, structure.Density(g), structure.Density(g.Loopless()))
		scaled, err := g.Map(func(e graph.Edge) float64 { return e.Weight / 3 })
		require.NoError(t, err)
		same(t, structure.WeightedReciprocity(g), structure.WeightedReciprocity(scaled))
		same(t, structure.FlowHierarchy(g), structure.FlowHierarchy(scaled))
		// With one component per node the graph has no cycle left.
		condensed := g.Contract(structure.StronglyConnected(g).Label)
		require.Equal(t, condensed.Len(), structure.StronglyConnected(condensed).Count)
	})
}

// TestLongPath would overflow the stack of a recursive search.
func TestLongPath(t *testing.T) {
	const n = 200000
	var b graph.Builder
	for i := range n - 1 {
		require.NoError(t, b.AddEdge(graphtest.Key(i), graphtest.Key(i+1), 1))
	}
	assert.Equal(t, n, structure.StronglyConnected(b.Build()).Count)
	require.NoError(t, b.AddEdge(graphtest.Key(n-1), graphtest.Key(0), 1))
	assert.Equal(t, []int{n}, structure.StronglyConnected(b.Build()).Sizes)
}

// TestAgainstGonum compares the components of a sparse graph, where they have
// many sizes, with those of another program.
func TestAgainstGonum(t *testing.T) {
	for seed := range uint64(20) {
		g := graphtest.Random(seed, 300, 1.5)
		label := structure.StronglyConnected(g).Label.Slice()
		parts := topo.TarjanSCC(g)
		assert.Len(t, parts, structure.StronglyConnected(g).Count)
		for _, part := range parts {
			for _, n := range part {
				assert.Equal(t, label[part[0].ID()], label[n.ID()])
			}
		}
	}
}

// TestReference compares with the values of other programs.
func TestReference(t *testing.T) {
	list, err := os.ReadFile("../../testdata/graph/h80.tsv")
	require.NoError(t, err)
	g, err := graph.ReadEdges(t.Context(), bytes.NewReader(list), graph.EdgeListConfig{File: "h80.tsv"})
	require.NoError(t, err)
	var ref struct {
		Values struct {
			Reciprocity map[string]float64
			Labels      map[string][]int `json:"scc_labels_by_first_member"`
		}
	}
	data, err := os.ReadFile("../../testdata/graph/h80.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(data, &ref))
	assert.InDelta(t, ref.Values.Reciprocity["nx_overall_noloops"], structure.Reciprocity(g), rounding)
	assert.InDelta(t, ref.Values.Reciprocity["igraph_ignore_loops"], structure.Reciprocity(g), rounding)
	assert.InDelta(t, ref.Values.Reciprocity["weighted_min_over_total_noloops"], structure.WeightedReciprocity(g), rounding)

	c := structure.StronglyConnected(g)
	require.NotEmpty(t, ref.Values.Labels)
	for source, want := range ref.Values.Labels {
		// Their components are numbered in the order of numbers, ours in that
		// of texts: the numberings must translate into each other.
		translate := map[int]int{}
		for i, key := range g.Keys() {
			number, err := strconv.Atoi(key)
			require.NoError(t, err)
			l := c.Label.Slice()[i]
			if seen, ok := translate[l]; ok {
				assert.Equal(t, seen, want[number], source)
			}
			translate[l] = want[number]
		}
		distinct := map[int]bool{}
		for _, l := range want {
			distinct[l] = true
		}
		assert.Len(t, distinct, c.Count, source)
	}
}

func Benchmark(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		g := graphtest.Random(1, n, 10)
		b.Run(fmt.Sprintf("StronglyConnected/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				structure.StronglyConnected(g)
			}
		})
		b.Run(fmt.Sprintf("WeightedReciprocity/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				structure.WeightedReciprocity(g)
			}
		})
		b.Run(fmt.Sprintf("FlowHierarchy/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				structure.FlowHierarchy(g)
			}
		})
	}
}
