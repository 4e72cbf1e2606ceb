// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

// kinds gives one graph of each kind of triad on the nodes 0, 1, 2.
var kinds = map[string][][2]int{
	"003": {}, "012": {{0, 1}}, "102": {{0, 1}, {1, 0}},
	"021D": {{1, 0}, {1, 2}}, "021U": {{0, 1}, {2, 1}}, "021C": {{0, 1}, {1, 2}},
	"111D": {{0, 1}, {1, 0}, {2, 1}}, "111U": {{0, 1}, {1, 0}, {1, 2}},
	"030T": {{0, 1}, {1, 2}, {0, 2}}, "030C": {{0, 1}, {1, 2}, {2, 0}},
	"201":  {{0, 1}, {1, 0}, {1, 2}, {2, 1}},
	"120D": {{1, 0}, {1, 2}, {0, 2}, {2, 0}}, "120U": {{0, 1}, {2, 1}, {0, 2}, {2, 0}}, "120C": {{0, 1}, {1, 2}, {0, 2}, {2, 0}},
	"210": {{0, 1}, {1, 2}, {2, 1}, {0, 2}, {2, 0}}, "300": {{0, 1}, {1, 0}, {1, 2}, {2, 1}, {0, 2}, {2, 0}},
}

// shape is the same number for three nodes with the same pattern of edges.
func shape(has func(i, j int) bool) int {
	best := -1
	for _, p := range [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		code := 0
		for i := range 3 {
			for j := range 3 {
				code *= 2
				if i != j && has(p[i], p[j]) {
					code++
				}
			}
		}
		best = max(best, code)
	}
	return best
}

func naiveTriads(g *graph.Digraph) map[string]int64 {
	names := map[int]string{}
	for name, edges := range kinds {
		names[shape(func(i, j int) bool {
			for _, e := range edges {
				if e == [2]int{i, j} {
					return true
				}
			}
			return false
		})] = name
	}
	f := cross(g)
	count := map[string]int64{}
	for a := range f {
		for b := range a {
			for c := range b {
				at := [3]int{a, b, c}
				count[names[shape(func(i, j int) bool { return f[at[i]][at[j]] > 0 })]]++
			}
		}
	}
	return count
}

func checkTriads(t require.TestingT, g *graph.Digraph) {
	got, err := structure.TriadCensus(context.Background(), g)
	require.NoError(t, err)
	want := naiveTriads(g)
	for k, n := range got {
		require.Equal(t, want[structure.Triad(k).String()], n, structure.Triad(k))
	}
}

func TestTriadsStandardGraphs(t *testing.T) {
	standard(t, func(t *testing.T, g *graph.Digraph) { checkTriads(t, g) })
}

func TestTriadsLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkTriads(t, draw(t)) })
}

func TestTriadNames(t *testing.T) {
	require.Len(t, kinds, 16)
	for k := range len(structure.Triads{}) {
		assert.Contains(t, kinds, structure.Triad(k).String())
	}
	assert.Equal(t, "Triad(16)", structure.Triad(16).String())
}

// A hub with very many neighbors must not take the square of them.
func TestTriadsOfHub(t *testing.T) {
	const n = 100_000
	var b graph.Builder
	for i := range n {
		require.NoError(t, b.AddEdge(graphtest.Key(i), "hub", 1))
	}
	got, err := structure.TriadCensus(t.Context(), b.Build())
	require.NoError(t, err)
	assert.Equal(t, int64(n)*(n-1)/2, got[structure.Triad021U])
	assert.Equal(t, int64(n)*(n-1)/2*(n-2)/3, got[structure.Triad003])
}

func TestTriadsStopWithTheirContext(t *testing.T) {
	_, err := structure.TriadCensus(canceled(), graphtest.Example())
	require.ErrorIs(t, err, errCanceled)
}
