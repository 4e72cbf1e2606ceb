// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// FlowHierarchy returns the share of the weight that lies on no cycle:
//
//	h = 1 - Σ_{i≠j, c(i)=c(j)} w_ij / Σ_{i≠j} w_ij
//
// where c(i) is the strongly connected component of node i. Self loops do not
// count, though they are cycles. The value lies in [0, 1]: 1 for a graph
// without cycles, 0 if every edge lies on one. It is the same for the
// transposed graph and for scaled weights, and NaN for a graph without edges
// other than loops. One weak edge that closes a cycle can turn 1 into 0.
//
// Time O(n + m), memory O(n), for n nodes and m edges.
//
// Reference: Luo and Magee 2011, doi:10.1002/cplx.20368, with weights in place
// of counts.
func FlowHierarchy(g *graph.Digraph) float64 {
	return hierarchy(g, func(w float64) float64 { return w })
}

// BinaryFlowHierarchy returns the share of the edges that lie on no cycle: the
// same as [FlowHierarchy] with every weight 1, as Luo and Magee define it.
func BinaryFlowHierarchy(g *graph.Digraph) float64 {
	return hierarchy(g, func(float64) float64 { return 1 })
}

func hierarchy(g *graph.Digraph, size func(w float64) float64) float64 {
	c := g.CSR()
	label := StronglyConnected(g).Label.Slice()
	var across, total sum.Compensated
	for i := range label {
		for k := c.OutStart[i]; k < c.OutStart[i+1]; k++ {
			j := int(c.OutTo[k])
			if i == j {
				continue
			}
			w := size(c.OutWeight[k])
			total.Add(w)
			if label[i] != label[j] {
				across.Add(w)
			}
		}
	}
	return across.Value() / total.Value()
}
