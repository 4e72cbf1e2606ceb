// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAssembleSorts compares with comparison sorting: graphs of one part and of
// many, with nodes that most edges go to, repeats, and nodes without edges.
func TestAssembleSorts(t *testing.T) {
	for _, c := range []struct{ nodes, edges int }{
		{1, 1}, {1, 9}, {2, 5}, {50, 2_000}, {3_000_000, 100}, {3_000, 9 * partEdges}, {200_000, 12 * partEdges},
	} {
		t.Run(fmt.Sprintf("%d nodes, %d edges", c.nodes, c.edges), func(t *testing.T) {
			r := rand.New(rand.NewPCG(7, 8))
			edges := make([]triple, c.edges)
			for i := range edges {
				to := r.IntN(c.nodes)
				if i%3 == 0 {
					to = c.nodes / 2
				}
				edges[i] = triple{int32(r.IntN(c.nodes)), int32(to), float64(1 + r.IntN(9))}
			}
			rank := make([]int32, c.nodes)
			for i, x := range r.Perm(c.nodes) {
				rank[i] = int32(x)
			}
			g, err := assemble(t.Context(), make([]string, c.nodes), split(edges, rank, 3))
			require.NoError(t, err)

			total := make(map[[2]int32]float64)
			for _, e := range edges {
				total[[2]int32{rank[e.from], rank[e.to]}] += e.weight
			}
			want := make([]Edge, 0, len(total))
			for e, w := range total {
				want = append(want, Edge{int(e[0]), int(e[1]), w})
			}
			byEnds := func(a, b Edge) int { return slices.Compare([]int{a.From, a.To}, []int{b.From, b.To}) }
			slices.SortFunc(want, byEnds)
			require.Equal(t, want, slices.Collect(g.Edges()))
			var entering []Edge
			for v := range c.nodes {
				last := -1
				for u, w := range g.In(v) {
					require.Less(t, last, u)
					last = u
					entering = append(entering, Edge{u, v, w})
				}
			}
			slices.SortFunc(entering, byEnds)
			require.Equal(t, want, entering)
		})
	}
}
