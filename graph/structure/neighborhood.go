// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"slices"

	"github.com/oncoref/oncoref/graph"
)

// Work between two looks at the context.
const (
	checkEvery = 1 << 14 // nodes
	checkWork  = 1 << 19 // neighbors
)

// stopped looks at the context for every so many values of i.
func stopped(ctx context.Context, i int) bool { return i%checkEvery == 0 && ctx.Err() != nil }

// neighborhood lists for each node its neighbors in either direction, without
// itself, with a code for the edges between them: 1 for an edge to the
// neighbor, 2 for one from it, 3 for both.
type neighborhood struct {
	start []int64
	node  []int32
	code  []uint8
}

func (h neighborhood) row(i int) ([]int32, []uint8) {
	lo, hi := h.start[i], h.start[i+1]
	return h.node[lo:hi], h.code[lo:hi]
}

func (h neighborhood) degree(i int) int { return int(h.start[i+1] - h.start[i]) }

// byDegree returns the neighborhoods of g with the nodes numbered by falling
// number of neighbors, and neighbors in that order.
func byDegree(ctx context.Context, g *graph.Digraph) (neighborhood, error) {
	c := g.CSR()
	n := g.Len()
	degree, err := neighborCounts(ctx, g)
	if err != nil {
		return neighborhood{}, err
	}
	// Sort by counting: place[d] is where nodes with n-1-d neighbors begin.
	place := make([]int, n+1)
	for _, d := range degree {
		place[n-int(d)]++
	}
	for d := range n {
		place[d+1] += place[d]
	}
	order := make([]int32, n)
	for i, d := range degree {
		at := &place[n-1-int(d)]
		order[*at] = int32(i)
		*at++
	}
	rank := make([]int32, n)
	h := neighborhood{start: make([]int64, n+1)}
	for r, i := range order {
		rank[i] = int32(r)
		h.start[r+1] = h.start[r] + degree[i]
	}
	h.node = make([]int32, h.start[n])
	h.code = make([]uint8, h.start[n])
	// Rows filled by rank of the neighbor come out sorted.
	next := slices.Clone(h.start)
	look := int64(0) // the first nodes have most neighbors
	for r, i := range order {
		if h.start[r] >= look {
			if err := ctx.Err(); err != nil {
				return neighborhood{}, err
			}
			look = h.start[r] + checkWork
		}
		eachNeighbor(c, int(i), func(j int32, out, in float64) {
			to := rank[j]
			h.node[next[to]] = int32(r)
			h.code[next[to]] = uint8(indicator(in > 0) | indicator(out > 0)<<1)
			next[to]++
		})
	}
	return h, nil
}

// neighborCounts returns the number of other nodes with an edge to or from each
// node.
func neighborCounts(ctx context.Context, g *graph.Digraph) ([]int64, error) {
	c := g.CSR()
	count := make([]int64, g.Len())
	for i := range count {
		if stopped(ctx, i) {
			return nil, ctx.Err()
		}
		eachNeighbor(c, i, func(int32, float64, float64) { count[i]++ })
	}
	return count, nil
}

// eachNeighbor calls visit for every other node with an edge to or from node i,
// by index, with the weights to and from it; 0 for no edge.
func eachNeighbor(c graph.CSR, i int, visit func(j int32, out, in float64)) {
	a, aEnd := c.OutStart[i], c.OutStart[i+1]
	b, bEnd := c.InStart[i], c.InStart[i+1]
	for a < aEnd || b < bEnd {
		var j int32
		var out, in float64
		if a < aEnd && (b == bEnd || c.OutTo[a] <= c.InFrom[b]) {
			j, out = c.OutTo[a], c.OutWeight[a]
			a++
		} else {
			j = c.InFrom[b]
		}
		if b < bEnd && c.InFrom[b] == j {
			in = c.InWeight[b]
			b++
		}
		if int(j) != i {
			visit(j, out, in)
		}
	}
}
