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
		start := make([]int64, 1, n+1)
		var to []int32
		reach := make([][]bool, n)
		for i := range n {
			reach[i] = rapid.SliceOfN(rapid.Bool(), n, n).Draw(t, "row")
			for j, edge := range reach[i] {
				if edge {
					to = append(to, int32(j))
				}
			}
			start = append(start, int64(len(to)))
		}
		for k := range n {
			for i := range n {
				for j := range n {
					reach[i][j] = reach[i][j] || reach[i][k] && reach[k][j]
				}
			}
		}
		component, count := scc.Of(start, to, never)
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
	component, count := scc.Of(nil, nil, never)
	assert.Empty(t, component)
	assert.Zero(t, count)
}
