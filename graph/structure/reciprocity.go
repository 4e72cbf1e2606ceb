// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// Reciprocity returns the share of the edges that have an edge back:
//
//	r_b = #{(i,j) : i ≠ j, w_ij > 0, w_ji > 0} / #{(i,j) : i ≠ j, w_ij > 0}
//
// Self loops do not count. The value lies in [0, 1]; it is NaN for a graph
// without edges other than loops.
//
// Time O(m), memory O(1), for m edges.
func Reciprocity(g *graph.Digraph) float64 {
	c := g.CSR()
	pairs := 0
	for i := range g.Len() {
		mutualAbove(c, i, func(_, _ float64) { pairs++ })
	}
	return float64(2*pairs) / float64(g.Size()-loops(g))
}

// WeightedReciprocity returns the share of the weight that is matched by
// weight in the other direction:
//
//	r = Σ_{i≠j} min(w_ij, w_ji) / Σ_{i≠j} w_ij
//
// Self loops do not count. The value lies in [0, 1] and does not change when
// all weights are scaled; it is NaN for a graph without edges other than
// loops.
//
// Time O(m), memory O(1), for m edges.
//
// Reference: Squartini, Picciolo, Ruzzenenti and Garlaschelli 2013,
// doi:10.1038/srep02729; r without the comparison with a null model.
func WeightedReciprocity(g *graph.Digraph) float64 {
	c := g.CSR()
	var matched, total sum.Compensated
	add := func(there, back float64) { matched.Add(min(there, back)) }
	for i := range g.Len() {
		mutualAbove(c, i, add)
		crossOf(c, i, &total)
	}
	return 2 * matched.Value() / total.Value()
}

// NodeReciprocity returns for each node the share of the weight it sends to
// others that comes back from the same others:
//
//	r_i = Σ_{j≠i} min(w_ij, w_ji) / Σ_{j≠i} w_ij
//
// Self loops do not count. The values lie in [0, 1]; NaN for a node that sends
// nothing to others, such as a sink or an isolated node. The mean of the
// values, weighted by what each node sends, is [WeightedReciprocity].
//
// Time O(m), memory O(n), for n nodes and m edges.
//
// Reference: as for WeightedReciprocity, for each row apart.
func NodeReciprocity(g *graph.Digraph) graph.Values[float64] {
	c := g.CSR()
	r := make([]float64, g.Len())
	for i := range r {
		var matched, total sum.Compensated
		mutualOf(c, i, matched.Add)
		crossOf(c, i, &total)
		r[i] = matched.Value() / total.Value()
	}
	return graph.NewValues(g, r)
}

// crossOf adds the weights that leave node i for another node.
func crossOf(c graph.CSR, i int, s *sum.Compensated) {
	for k := c.OutStart[i]; k < c.OutStart[i+1]; k++ {
		if int(c.OutTo[k]) != i {
			s.Add(c.OutWeight[k])
		}
	}
}

// mutualAbove calls visit with w_ij and w_ji for every node j above i with
// edges from and to node i, in falling order. The rows are read from their end,
// so that no search for i is needed, and without branches that cannot be
// foreseen.
func mutualAbove(c graph.CSR, i int, visit func(there, back float64)) {
	lo, hi := c.OutStart[i], c.OutStart[i+1]
	to, out := c.OutTo[lo:hi], c.OutWeight[lo:hi]
	lo, hi = c.InStart[i], c.InStart[i+1]
	from, in := c.InFrom[lo:hi], c.InWeight[lo:hi]
	a, b, self := len(to)-1, len(from)-1, int32(i)
	for a >= 0 && b >= 0 {
		j, k := to[a], from[b]
		if j <= self || k <= self {
			return
		}
		if j == k {
			visit(out[a], in[b])
		}
		d := int(j - k)   // indices are not negative, so this cannot overflow
		a -= 1 + d>>63    // unless j < k
		b -= 1 + (-d)>>63 // unless k < j
	}
}

// mutualOf calls add with min(w_ij, w_ji) for every other node j with edges
// from and to node i, in index order.
func mutualOf(c graph.CSR, i int, add func(float64)) {
	a, aEnd := c.OutStart[i], c.OutStart[i+1]
	b, bEnd := c.InStart[i], c.InStart[i+1]
	for a < aEnd && b < bEnd {
		to, from := c.OutTo[a], c.InFrom[b]
		if to == from && int(to) != i {
			add(min(c.OutWeight[a], c.InWeight[b]))
		}
		if to <= from {
			a++
		}
		if from <= to {
			b++
		}
	}
}
