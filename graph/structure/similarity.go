// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// CommonPart returns how much of two graphs' weight is the same, node by node
// with equal keys:
//
//	2 Σ_ij min(f_ij, g_ij) / (Σ_ij f_ij + Σ_ij g_ij)
//
// Self loops count; leave them out with [graph.Digraph.Loopless]. Nodes without
// edges, and nodes that one graph does not have, change nothing by themselves.
// The value lies in [0, 1]; it is NaN if both graphs have no edge. It is below 1
// for graphs of different totals whatever their pattern: compare shares with
// [CommonShare] then.
//
// Time O(n + m), memory O(n), for n nodes and m edges in both graphs.
//
// Reference: Lenormand, Huet, Gargiulo and Deffuant 2012,
// doi:10.1371/journal.pone.0045985, as Sørensen's index of weights.
func CommonPart(f, g *graph.Digraph) float64 {
	var common sum.Compensated
	align(f, g).cells(func(_ int, x, y float64) { common.Add(min(x, y)) })
	return 2 * common.Value() / (f.Total() + g.Total())
}

// CommonShare returns [CommonPart] after both graphs have been scaled to the
// total 1, which is 1 less the total variation distance of their weights. It is
// NaN if one graph has no edge.
func CommonShare(f, g *graph.Digraph) float64 {
	var common sum.Compensated
	align(f, g).cells(func(_ int, x, y float64) { common.Add(min(x/f.Total(), y/g.Total())) })
	if f.Total() == 0 || g.Total() == 0 {
		return math.NaN()
	}
	return common.Value()
}

// CommonEdges returns the share of the edges of two graphs that both have, the
// Jaccard index of their sets of edges, by key. Self loops count, weights do
// not. The value lies in [0, 1]; it is NaN if both graphs have no edge.
//
// Time and memory are as for [CommonPart].
func CommonEdges(f, g *graph.Digraph) float64 {
	var either, both int
	align(f, g).cells(func(_ int, x, y float64) {
		either++
		both += indicator(x > 0 && y > 0)
	})
	return float64(both) / float64(either)
}

// JensenShannon returns the Jensen-Shannon divergence, in bits, of the shares
// that edges have in the totals of two graphs:
//
//	½ Σ p log₂(p/m) + ½ Σ q log₂(q/m), m = (p+q)/2
//
// with p = f_ij / Σ f and q = g_ij / Σ g. Self loops count. The value lies in
// [0, 1], 0 for the same pattern and 1 for graphs without common edges, and does
// not depend on the totals; it is NaN if one graph has no edge. Its square root
// is a metric.
//
// Time and memory are as for [CommonPart].
//
// Reference: Lin 1991, doi:10.1109/18.61115, with equal weights.
func JensenShannon(f, g *graph.Digraph) float64 {
	var s sum.Compensated
	term := func(p, q float64) float64 {
		if p == 0 {
			return 0
		}
		return p * math.Log2(2*p/(p+q))
	}
	align(f, g).cells(func(_ int, x, y float64) {
		p, q := x/f.Total(), y/g.Total()
		s.Add(term(p, q) + term(q, p))
	})
	if f.Total() == 0 || g.Total() == 0 {
		return math.NaN()
	}
	return min(1, max(0, s.Value()/2))
}

// RowVariation returns for each node of f the total variation distance between
// what it sends in f and in g, as shares of what it sends:
//
//	TV_i = ½ Σ_j |f_ij / Σ_k f_ik - g_ij / Σ_k g_ik|
//
// Self loops count. The values lie in [0, 1]; NaN for a node that sends
// nothing in one of the graphs or is not in g.
//
// Time and memory are as for [CommonPart].
func RowVariation(f, g *graph.Digraph) graph.Values[float64] {
	a := align(f, g)
	variation := make([]sum.Compensated, f.Len())
	fRow, gRow := a.rowTotals()
	a.cells(func(i int, x, y float64) {
		if i < f.Len() {
			variation[i].Add(math.Abs(x/fRow[i] - y/gRow[i]))
		}
	})
	v := make([]float64, f.Len())
	for i := range v {
		v[i] = min(1, variation[i].Value()/2)
		if fRow[i] == 0 || gRow[i] == 0 {
			v[i] = math.NaN()
		}
	}
	return graph.NewValues(f, v)
}

// alignment numbers the nodes of two graphs together: those of f as in f, those
// only g has above them.
type alignment struct {
	f, g *graph.Digraph
	ofG  []int32 // number of each node of g
	inG  []int32 // node of g with each number, or -1
}

func align(f, g *graph.Digraph) alignment {
	a := alignment{f: f, g: g, ofG: make([]int32, g.Len()), inG: make([]int32, f.Len())}
	for i := range a.inG {
		a.inG[i] = -1
	}
	i := 0
	for j, key := range g.Keys() {
		for i < f.Len() && f.Key(i) < key {
			i++
		}
		if i < f.Len() && f.Key(i) == key {
			a.ofG[j], a.inG[i] = int32(i), int32(j)
			continue
		}
		a.ofG[j] = int32(len(a.inG))
		a.inG = append(a.inG, int32(j))
	}
	return a
}

// cells calls visit for every pair of nodes with an edge in one of the graphs,
// with the number of the sender and the weights in both.
func (a alignment) cells(visit func(from int, x, y float64)) {
	f, g := a.f.CSR(), a.g.CSR()
	for i, j := range a.inG {
		var fTo, gTo []int32
		var fWeight, gWeight []float64
		if i < a.f.Len() {
			lo, hi := f.OutStart[i], f.OutStart[i+1]
			fTo, fWeight = f.OutTo[lo:hi], f.OutWeight[lo:hi]
		}
		if j >= 0 {
			lo, hi := g.OutStart[j], g.OutStart[j+1]
			gTo, gWeight = g.OutTo[lo:hi], g.OutWeight[lo:hi]
		}
		k := 0
		for l, v := range gTo {
			to := int(a.ofG[v])
			if to >= a.f.Len() {
				visit(i, 0, gWeight[l])
				continue
			}
			for ; k < len(fTo) && int(fTo[k]) < to; k++ {
				visit(i, fWeight[k], 0)
			}
			if k < len(fTo) && int(fTo[k]) == to {
				visit(i, fWeight[k], gWeight[l])
				k++
				continue
			}
			visit(i, 0, gWeight[l])
		}
		for ; k < len(fTo); k++ {
			visit(i, fWeight[k], 0)
		}
	}
}

// rowTotals returns what each node sends in both graphs, by number.
func (a alignment) rowTotals() ([]float64, []float64) {
	fc, gc := a.f.CSR(), a.g.CSR()
	f, g := make([]float64, len(a.inG)), make([]float64, len(a.inG))
	for i, j := range a.inG {
		if i < a.f.Len() {
			f[i] = sum.Of(fc.OutWeight[fc.OutStart[i]:fc.OutStart[i+1]])
		}
		if j >= 0 {
			g[i] = sum.Of(gc.OutWeight[gc.OutStart[j]:gc.OutStart[j+1]])
		}
	}
	return f, g
}
