// SPDX-License-Identifier: Apache-2.0

package centrality

import "github.com/oncoref/oncoref/graph"

// InDegree returns for each node the number of other nodes from which an edge
// comes in:
//
//	k_in(i) = #{j ≠ i : w_ji > 0}
//
// Self loops do not count; an isolated node has 0. The values lie in
// [0, n-1].
//
// Time O(m), memory O(n), for n nodes and m edges.
//
// Reference: Freeman 1979, doi:10.1016/0378-8733(78)90021-7.
func InDegree(g *graph.Digraph) graph.Values[int] {
	c := g.CSR()
	return degrees(g, func(i int) int { return neighbors(c.InStart, c.InFrom, i) })
}

// OutDegree returns for each node the number of other nodes to which an edge
// goes out:
//
//	k_out(i) = #{j ≠ i : w_ij > 0}
//
// Self loops, range, complexity and reference are as for [InDegree].
func OutDegree(g *graph.Digraph) graph.Values[int] {
	c := g.CSR()
	return degrees(g, func(i int) int { return neighbors(c.OutStart, c.OutTo, i) })
}

// Degree returns for each node the sum of [InDegree] and [OutDegree]. Two
// nodes with edges both ways count twice, so the values lie in [0, 2(n-1)].
// The rest is as for [InDegree].
func Degree(g *graph.Digraph) graph.Values[int] {
	c := g.CSR()
	return degrees(g, func(i int) int {
		return neighbors(c.InStart, c.InFrom, i) + neighbors(c.OutStart, c.OutTo, i)
	})
}

func degrees(g *graph.Digraph, of func(i int) int) graph.Values[int] {
	k := make([]int, g.Len())
	for i := range k {
		k[i] = of(i)
	}
	return graph.NewValues(g, k)
}

// neighbors counts the entries of row i that are not i.
func neighbors(start []int64, node []int32, i int) int {
	k := 0
	for _, j := range node[start[i]:start[i+1]] {
		if int(j) != i {
			k++
		}
	}
	return k
}
