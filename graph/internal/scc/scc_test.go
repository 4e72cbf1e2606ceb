// SPDX-License-Identifier: Apache-2.0

package scc_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph/internal/scc"
)

func never() bool { return false }

// TestOf compares with reachability in a dense matrix.
func TestOf(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 9).Draw(t, "nodes")
		out, in := scc.Rows{Start: make([]int64, 1, n+1)}, scc.Rows{Start: make([]int64, 1, n+1)}
		reach := make([][]bool, n)
		for i := range n {
			reach[i] = rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "row")
			for j, edge := range reach[i] {
				if edge {
					out.Node = append(out.Node, int32(j))
				}
			}
			out.Start = append(out.Start, int64(len(out.Node)))
		}
		for j := range n {
			for i := range n {
				if reach[i][j] {
					in.Node = append(in.Node, int32(i))
				}
			}
			in.Start = append(in.Start, int64(len(in.Node)))
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		component, count := scc.Of(out, in, never)
		seen := map[int32]bool{}
		for i := range n {
			seen[component[i]] = true
			for j := range n {
				together := i == j || reach[i][j] && reach[j][i]
				assert.Equal(t, together, component[i] == component[j])
				if reach[i][j] {
					assert.GreaterOrEqual(t, component[i], component[j])
				}
			}
		}
		assert.Len(t, seen, count)
	})
}

func TestOfNothing(t *testing.T) {
	component, count := scc.Of(scc.Rows{}, scc.Rows{}, nil)
	assert.Empty(t, component)
	assert.Zero(t, count)
}

// TestOfStops asks to stop in the middle of a path with a cycle at its end.
func TestOfStops(t *testing.T) {
	const n = 1 << 21
	out, in := scc.Rows{Start: make([]int64, n+1)}, scc.Rows{Start: make([]int64, n+1)}
	for i := range n {
		out.Node = append(out.Node, int32((i+1)%n))
		in.Node = append(in.Node, int32((i+n-1)%n))
		out.Start[i+1], in.Start[i+1] = int64(i+1), int64(i+1)
	}
	asked := 0
	scc.Of(out, in, func() bool { asked++; return true })
	assert.Equal(t, 1, asked)
	_, count := scc.Of(out, in, func() bool { asked++; return false })
	assert.Equal(t, 1, count)
	assert.Greater(t, asked, 3)
}
