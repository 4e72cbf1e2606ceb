// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"iter"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// BetweennessConfig are the choices of [Betweenness] and [EdgeBetweenness].
// The zero value asks for weighted betweenness, not normalized.
type BetweennessConfig struct {
	Length     Length // rule for the lengths of edges; the zero value is Inverse, Hops ignores the weights
	Normalized bool   // divide by the number of ordered pairs of nodes that a path can join
	Sources    []int  // nodes at which paths begin, by index, each time they are named; none means all
	Workers    int    // goroutines; 0 means all cores. The result does not depend on it
}

// Betweenness returns for each node the number of ordered pairs of other nodes
// it lies between, each pair shared among its shortest paths:
//
//	C(v) = Σ_{s≠v≠t} σ_st(v) / σ_st
//
// where σ_st is the number of shortest paths from s to t and σ_st(v) the
// number of those that pass through v. Lengths are made from weights by the
// rule asked for; see [Length] for when two paths are equally long.
//
// Self loops make no path. A node that nothing enters or nothing leaves has
// 0. The values lie in [0, (n-1)(n-2)]; Normalized divides by (n-1)(n-2), and
// a graph with fewer than three nodes has 0 all the same. Scaling all weights
// and reversing all edges change nothing, except that NegLogProbability knows
// the direction. With NegLogProbability an edge can have length 0; where such
// edges form a cycle, a path takes as few of them as it can. Adding an
// isolated node changes nothing but the normalization.
//
// The error wraps [ErrLength], or [ErrConfig] for a source that is no node, or
// is that of ctx, which is looked at every few milliseconds.
//
// Time O(nm) for Hops, else O(nm + n² log n), divided among the workers;
// memory O(n + m) for each worker, for n nodes and m edges.
//
// Reference: Freeman 1977, doi:10.2307/3033543; Brandes 2001,
// doi:10.1080/0022250X.2001.9990249, for directed graphs and not halved;
// inverse weights as in Newman 2001, doi:10.1103/PhysRevE.64.016132.
func Betweenness(ctx context.Context, g *graph.Digraph, c BetweennessConfig) (graph.Values[float64], error) {
	t, err := newTraffic(ctx, "betweenness", g, c.Length, c.Sources)
	if err != nil {
		return graph.Values[float64]{}, err
	}
	if err := t.run(ctx, c.Workers); err != nil {
		return graph.Values[float64]{}, err
	}
	n := float64(g.Len())
	return graph.NewValues(g, total(t.nodes, c.Normalized, (n-1)*(n-2))), nil
}

// total returns the sums, divided by most if that is asked for and possible.
func total(sums []sum.Compensated, divide bool, most float64) []float64 {
	x := make([]float64, len(sums))
	for i := range sums {
		x[i] = sums[i].Value()
		if divide && most > 0 {
			x[i] /= most
		}
	}
	return x
}

// EdgeScores holds one number for each edge of a graph, self loops included,
// in the order of [graph.Digraph.Edges].
type EdgeScores struct {
	g *graph.Digraph
	s []float64
}

// Len returns the number of scores, which is the number of edges.
func (e EdgeScores) Len() int { return len(e.s) }

// Slice returns the scores in the order of the edges. The slice is shared with
// e: read it only.
func (e EdgeScores) Slice() []float64 { return e.s }

// All yields every edge with its score.
func (e EdgeScores) All() iter.Seq2[graph.Edge, float64] {
	return func(yield func(graph.Edge, float64) bool) {
		if e.g == nil {
			return
		}
		k := 0
		for edge := range e.g.Edges() {
			if !yield(edge, e.s[k]) {
				return
			}
			k++
		}
	}
}

// EdgeBetweenness returns for each edge the number of ordered pairs of nodes
// it lies between, each pair shared among its shortest paths:
//
//	C(e) = Σ_{s≠t} σ_st(e) / σ_st
//
// with σ as for [Betweenness]; the ends of the edge count as s and t too. An
// edge on no shortest path has 0 and stays in the result, as do self loops,
// which make no path.
//
// The values lie in [0, n(n-1)], and Normalized divides by n(n-1). Lengths,
// ties, errors and complexity are as for [Betweenness].
//
// Reference: Girvan and Newman 2002, doi:10.1073/pnas.122653799; Brandes 2008,
// doi:10.1016/j.socnet.2007.11.001.
func EdgeBetweenness(ctx context.Context, g *graph.Digraph, c BetweennessConfig) (EdgeScores, error) {
	t, err := newTraffic(ctx, "edge betweenness", g, c.Length, c.Sources)
	if err != nil {
		return EdgeScores{}, err
	}
	t.edges = make([]sum.Compensated, len(t.out.to))
	if err := t.run(ctx, c.Workers); err != nil {
		return EdgeScores{}, err
	}
	n := float64(g.Len())
	x := total(t.edges, c.Normalized, n*(n-1))
	return EdgeScores{g, withLoops(g, x)}, nil
}

// withLoops returns the numbers of the edges that are no loops with 0 between
// them for every loop.
func withLoops(g *graph.Digraph, x []float64) []float64 {
	if len(x) == g.Size() {
		return x
	}
	all := make([]float64, 0, g.Size())
	c := g.CSR()
	for i := range g.Len() {
		for _, j := range c.OutTo[c.OutStart[i]:c.OutStart[i+1]] {
			if int(j) == i {
				all = append(all, 0)
				continue
			}
			all = append(all, x[0])
			x = x[1:]
		}
	}
	return all
}
