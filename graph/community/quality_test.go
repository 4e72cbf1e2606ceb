// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// TestQualityPublished has values from the tests of NetworkX.
func TestQualityPublished(t *testing.T) {
	three, five := cliques(2, 3), cliques(2, 5)
	right, wrong := of(three, 0, 0, 0, 1, 1, 1), of(three, 0, 0, 1, 1, 0, 1)
	assert.InDelta(t, 6.0/7, community.Coverage(three, right), rounding)
	assert.InDelta(t, 3.0/7, community.Coverage(three, wrong), rounding)
	assert.InDelta(t, 14.0/15, community.Performance(three, right), rounding)
	assert.InDelta(t, 8.0/15, community.Performance(three, wrong), rounding)
	assert.InDelta(t, 1.0/7, community.Conductance(three, right)[0], rounding)
	bridge := of(five, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0)
	assert.InDelta(t, 4.0/5, community.Conductance(five, bridge)[1], rounding)
}

// naiveQuality is all quality functions from a dense matrix.
func naiveQuality(g *graph.Digraph, p community.Partition) (coverage, performance float64, total, out []float64) {
	f := graphtest.Matrix(g)
	label := p.Labels().Slice()
	in := func(i, c int) bool { return label[i] == c }
	together := func(i, j int) bool { return label[i] == label[j] && label[i] != community.None }
	var inside, all, right, pairs float64
	for i := range f {
		for j, w := range f[i] {
			all += w
			if together(i, j) {
				inside += w
			}
			if i != j {
				pairs++
				if (w > 0) == together(i, j) {
					right++
				}
			}
		}
	}
	for c := range p.Count() {
		var sent, received, volumeS, volumeT, outS, outT float64
		for i := range f {
			for j, w := range f[i] {
				switch {
				case in(i, c) && !in(j, c):
					sent += w
				case !in(i, c) && in(j, c):
					received += w
				}
				for _, end := range []int{i, j} {
					if in(end, c) {
						volumeS += w
					} else {
						volumeT += w
					}
				}
				if in(i, c) {
					outS += w
				} else {
					outT += w
				}
			}
		}
		total = append(total, (sent+received)/min(volumeS, volumeT))
		out = append(out, sent/min(outS, outT))
		// 0/0 and x/0 are both undefined.
		for _, x := range [][]float64{total, out} {
			if math.IsInf(x[c], 0) {
				x[c] = math.NaN()
			}
		}
	}
	return inside / all, right / pairs, total, out
}

func checkQuality(t require.TestingT, g *graph.Digraph, p community.Partition) {
	near := func(want, got float64) {
		if math.IsNaN(want) {
			require.True(t, math.IsNaN(got), "%v", got)
			return
		}
		require.InDelta(t, want, got, 1e-9)
	}
	coverage, performance, total, out := naiveQuality(g, p)
	near(coverage, community.Coverage(g, p))
	near(performance, community.Performance(g, p))
	both, sent := community.Conductance(g, p), community.OutConductance(g, p)
	require.Len(t, both, p.Count())
	require.Len(t, sent, p.Count())
	for c := range both {
		near(total[c], both[c])
		near(out[c], sent[c])
		if !math.IsNaN(both[c]) {
			require.LessOrEqual(t, both[c], 1+rounding)
		}
	}
}

func TestQualityStandardGraphs(t *testing.T) {
	for _, c := range graphtest.Standard() {
		t.Run(c.Name, func(t *testing.T) {
			checkQuality(t, c.Graph, community.Singletons(c.Graph))
			checkQuality(t, c.Graph, community.Whole(c.Graph))
		})
	}
}

func TestQualityLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, p := drawn(t)
		checkQuality(t, g, p)
		if g.Size() == 0 {
			return
		}
		require.Equal(t, 1.0, community.Coverage(g, community.Whole(g)))
		// Transposing changes nothing but the direction.
		for c, x := range community.Conductance(g.Transpose(), p) {
			if y := community.Conductance(g, p)[c]; !math.IsNaN(y) {
				require.InDelta(t, y, x, 1e-9)
			}
		}
		// Without loops a node alone has conductance 1.
		for _, x := range community.Conductance(g.Loopless(), community.Singletons(g)) {
			require.True(t, math.IsNaN(x) || math.Abs(x-1) < 1e-9, "%v", x)
		}
	})
}

func TestPartition(t *testing.T) {
	g := nodes(6)
	p := of(g, 9, -3, 4, 9, 4, 0)
	assert.Equal(t, []int{0, community.None, 1, 0, 1, 2}, p.Labels().Slice())
	assert.Equal(t, 3, p.Count())
	assert.Equal(t, []int{2, 2, 1}, p.Sizes())
	assert.Equal(t, [][]int{{0, 3}, {2, 4}, {5}}, p.Members())
	key := graphtest.Key
	assert.Equal(t, [][]string{{key(0), key(3)}, {key(2), key(4)}, {key(5)}}, p.Keys())
	c, ok := p.Of(key(4))
	assert.True(t, ok)
	assert.Equal(t, 1, c)
	_, ok = p.Of(key(1))
	assert.False(t, ok)
	_, ok = p.Of("nobody")
	assert.False(t, ok)
	assert.True(t, p.Equal(of(g, 1, -1, 0, 1, 0, 7)))
	assert.False(t, p.Equal(of(g, 1, 1, 0, 1, 0, 7)))
	assert.False(t, community.Whole(nodes(2)).Equal(community.Whole(nodes(3))))
	assert.True(t, community.Partition{}.Equal(community.Whole(nodes(0))))
	assert.Equal(t, 0, community.Whole(nodes(0)).Count())
	assert.Equal(t, 6, community.Singletons(g).Count())
	p.Sizes()[0] = 99
	assert.Equal(t, 2, p.Sizes()[0])
	assert.Empty(t, community.Partition{}.Members())
	assert.Panics(t, func() { community.NewPartition(nodes(5), p.Labels()) })
}
