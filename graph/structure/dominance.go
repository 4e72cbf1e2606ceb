// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// tied is how close, as a share, two weights are that count as equal.
const tied = 1e-12

// Dominance is where the largest flow of each node goes, and the regions that
// follow from it.
type Dominance struct {
	// Partners holds for each node the other nodes that its largest edge
	// leads to, by index; several if weights are equal within a share of
	// 1e-12, none if it sends nothing to others.
	Partners graph.Values[[]int]
	// Terminal says which nodes answer to no other.
	Terminal graph.Values[bool]
	// Region holds for each node the index of the terminal node at the end of
	// its chain; its own for a terminal node. Equal values are one region.
	Region graph.Values[int]
}

// DominantFlows returns for each node the node that gets most of what it sends,
// and the regions that this makes:
//
//	partner(i) = argmax_{j≠i} w_ij
//
// A node is terminal if its partner is not larger than itself or if it sends
// nothing to others; otherwise it belongs to its partner, and so on up to a
// terminal node. The size of a node is all weight that it receives, its self
// loop included, or what sizes says, if that is not nil. Of tied partners the
// first by key counts. Sizes are compared as weights are, so that a chain always
// ends.
//
// Self loops are never a partner. An isolated node is terminal, a region of its
// own. Regions do not change when all weights are scaled.
//
// It panics if sizes belongs to other nodes than those of g.
//
// Time O(n + m), memory O(n), for n nodes and m edges.
//
// Reference: Nystuen and Dacey 1961, doi:10.1007/BF01969070.
func DominantFlows(g *graph.Digraph, sizes *graph.Values[float64]) Dominance {
	n := g.Len()
	c := g.CSR()
	var size []float64
	if sizes != nil {
		size = sizes.For(g)
	} else {
		size = make([]float64, n)
		for i := range size {
			size[i] = sum.Of(c.InWeight[c.InStart[i]:c.InStart[i+1]])
		}
	}
	partners := make([][]int, n)
	terminal := make([]bool, n)
	region := make([]int, n)
	for i := range partners {
		partners[i] = heaviest(c, i)
		terminal[i] = len(partners[i]) == 0 || !larger(size[partners[i][0]], size[i])
		region[i] = -1
	}
	var chain []int
	for i := range region {
		j := i
		for ; region[j] < 0 && !terminal[j]; j = partners[j][0] {
			chain = append(chain, j)
		}
		end := region[j]
		if end < 0 {
			end = j
			region[j] = j
		}
		for _, k := range chain {
			region[k] = end
		}
		chain = chain[:0]
	}
	return Dominance{graph.NewValues(g, partners), graph.NewValues(g, terminal), graph.NewValues(g, region)}
}

// larger reports whether a is above b by more than rounding. Along a chain of
// larger values the plain values rise, so that it has no cycle.
func larger(a, b float64) bool { return a > b && a-b > tied*a }

// heaviest returns the other nodes to which node i sends most.
func heaviest(c graph.CSR, i int) []int {
	var top float64
	for k := c.OutStart[i]; k < c.OutStart[i+1]; k++ {
		if int(c.OutTo[k]) != i {
			top = max(top, c.OutWeight[k])
		}
	}
	var at []int
	for k := c.OutStart[i]; k < c.OutStart[i+1]; k++ {
		if j := int(c.OutTo[k]); j != i && !larger(top, c.OutWeight[k]) {
			at = append(at, j)
		}
	}
	return at
}
