// SPDX-License-Identifier: Apache-2.0

package community

import (
	"context"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// Coverage returns the share of all weight that lies inside the communities of
// p:
//
//	Σ_{i,j in the same community} w_ij / Σ_ij w_ij
//
// Self loops count in both sums: the value says how self-contained the
// communities are. Take g.Loopless() for the share of what moves. It lies in
// [0, 1], and grows with fewer and larger communities, up to 1 for one of all
// nodes: compare at equal numbers of communities. It is NaN for a graph
// without edges.
//
// It panics if p is a partition of other nodes than those of g.
//
// Time O(m), memory O(1), for m edges.
//
// Reference: Brandes, Gaertler and Wagner 2003, doi:10.1007/978-3-540-39658-1_52,
// with weights.
func Coverage(g *graph.Digraph, p Partition) float64 {
	label := p.For(g)
	c := g.CSR()
	var inside sum.Compensated
	for u, l := range label {
		if l == None {
			continue
		}
		for k := c.OutStart[u]; k < c.OutStart[u+1]; k++ {
			if label[c.OutTo[k]] == l {
				inside.Add(c.OutWeight[k])
			}
		}
	}
	return inside.Value() / g.Total()
}

// Performance returns the share of the ordered pairs of different nodes that p
// sorts right: joined by an edge inside a community, or not joined across
// communities.
//
//	[#{i≠j together, w_ij > 0} + #{i≠j apart, w_ij = 0}] / (n (n-1))
//
// Weights and self loops do not matter; a node without community is apart from
// all others. The value lies in [0, 1], and is near 1 for any small communities
// of a sparse graph. It is NaN for fewer than two nodes.
//
// It panics if p is a partition of other nodes than those of g.
//
// Time O(m), memory O(1), for m edges.
//
// Reference: Fortunato 2010, doi:10.1016/j.physrep.2009.11.002, section III.C.2,
// for ordered pairs.
func Performance(g *graph.Digraph, p Partition) float64 {
	label := p.For(g)
	c := g.CSR()
	var inside, across float64
	for u, l := range label {
		for k := c.OutStart[u]; k < c.OutStart[u+1]; k++ {
			switch v := int(c.OutTo[k]); {
			case v == u:
			case l != None && label[v] == l:
				inside++
			default:
				across++
			}
		}
	}
	var together float64
	for _, s := range p.sizes {
		together += float64(s) * float64(s-1)
	}
	n := float64(g.Len())
	pairs := n * max(n-1, 0)
	return (inside + pairs - together - across) / pairs
}

// Conductance returns for each community S of p the share of its weight that
// crosses its border, in either direction, of the smaller side:
//
//	[w(S→T) + w(T→S)] / min(vol S, vol T)
//
// where T are all other nodes, and vol is the sum of the weights that leave and
// that enter the nodes of a side; a self loop counts twice in it. The values
// are in the order of the communities and lie in [0, 1], less being better
// closed; without self loops a community of one node has 1. NaN where the
// smaller side has no weight, as for a community of all nodes.
//
// It panics if p is a partition of other nodes than those of g.
//
// Time O(n + m), memory O(communities), for n nodes and m edges.
//
// Reference: Kannan, Vempala and Vetta 2004, doi:10.1145/990308.990313; Leskovec,
// Lang, Dasgupta and Mahoney 2009, doi:10.1080/15427951.2009.10129177.
func Conductance(g *graph.Digraph, p Partition) []float64 {
	v := volumesNow(g, p)
	return conductance(v,
		func(v volume) float64 { return v.leaving + v.entering },
		func(v volume) float64 { return v.out() + v.in() })
}

// OutConductance returns for each community S of p the share of the weight it
// sends that leaves it, of the smaller side:
//
//	w(S→T) / min(w(S→V), w(T→V))
//
// where T are all other nodes and V all nodes. Self loops count in both
// volumes. Where S is the smaller side, 1 minus the value is the share of what
// S sends that stays in S. The values are in the order of the communities, at
// least 0, and above 1 only where T sends less than S sends to T; NaN where
// the smaller side sends nothing.
//
// Panics, complexity and reference are as for [Conductance], for one direction.
func OutConductance(g *graph.Digraph, p Partition) []float64 {
	v := volumesNow(g, p)
	return conductance(v, func(v volume) float64 { return v.leaving }, volume.out)
}

func volumesNow(g *graph.Digraph, p Partition) []volume {
	w := newCrew(context.Background(), 0, g.Size())
	defer w.close()
	v, _ := volumesOf(w, g, p) // only the context could fail
	return v
}

// conductance returns cut/min(size, size of all others) for all volumes but
// the last; NaN if that is not defined.
func conductance(v []volume, cut, size func(volume) float64) []float64 {
	// The size of all volumes from k on.
	after := make([]float64, len(v)+1)
	var s sum.Compensated
	for k := len(v) - 1; k >= 0; k-- {
		s.Add(size(v[k]))
		after[k] = s.Value()
	}
	phi := make([]float64, len(v)-1)
	var before sum.Compensated
	for k := range phi {
		phi[k] = divide(cut(v[k]), min(size(v[k]), before.Value()+after[k+1]), 0)
		before.Add(size(v[k]))
	}
	return phi
}
