// SPDX-License-Identifier: Apache-2.0

package structure

import "github.com/oncoref/oncoref/graph"

// Density returns the share of the possible edges that exist:
//
//	m / (n (n-1))
//
// where n is the number of nodes, isolated ones included, and m the number of
// edges. Self loops count neither as existing nor as possible. The value lies
// in [0, 1]; it is NaN for a graph of fewer than two nodes, in which no edge is
// possible.
//
// Time O(n log d), memory O(1), for nodes with at most d edges.
func Density(g *graph.Digraph) float64 {
	n := float64(g.Len())
	return float64(g.Size()-loops(g)) / (n * max(n-1, 0))
}

// loops returns the number of self loops.
func loops(g *graph.Digraph) int {
	k := 0
	for i := range g.Keys() {
		if g.Loop(i) > 0 {
			k++
		}
	}
	return k
}
