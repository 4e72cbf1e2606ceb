// SPDX-License-Identifier: Apache-2.0

// Package graph has the directed weighted graph that all measures run on.
//
// A [Builder] collects nodes and weighted edges, [Builder.Build] makes an
// immutable [Digraph] of them, and results are [Values], one for each node:
//
//	var b graph.Builder
//	if err := b.AddEdge("A", "B", 12); err != nil {
//		return err
//	}
//	if err := b.AddEdge("A", "A", 48); err != nil { // a self loop: what stays
//		return err
//	}
//	g := b.Build()
//	for e := range g.Edges() {
//		fmt.Println(g.Key(e.From), g.Key(e.To), e.Weight)
//	}
//
// [ReadEdges] and [WriteEdges] read and write edge lists. The measures are in
// the packages below this one: graph/centrality, graph/structure and their
// neighbors; drawings in graph/dot and graph/viz.
//
// The package is not for graphs that change, for several edges between the
// same two nodes (their weights add up), nor for negative weights.
//
// The trap for a newcomer: a self loop is an edge like any other. It counts in
// [Digraph.Size] and [Digraph.Total], and [Digraph.Out] and [Digraph.In] yield
// it. Most measures leave loops out, and say so; [Digraph.Loopless] does it by
// hand.
//
// # Use with gonum
//
// A Digraph implements gonum's graph.WeightedDirected as it is: the ID of a
// node is its index, and a node with a self loop is its own neighbor. Not all
// of gonum can live with such loops, so there are two other presentations:
// [Digraph.SelfWeighted], in which a loop is only the weight of a node with
// itself, and [Digraph.Loopless].
//
//	you call                            pass
//	our own kernels below graph/        g
//	gonum/network.PageRank              g (a loop is a step that stays), but it starts at random
//	gonum/community.Q                   g.SelfWeighted(); with g it counts loops twice
//	gonum/community.Modularize          nothing, if loops matter: it ignores them either way
//	gonum/path, spectral, topo cycles   g.Loopless(), with lengths for weights
//	gonum/encoding/dot                  g
//
// Two more traps. In gonum's path functions a weight is a length, something to
// keep small, and ours is a flow: make lengths first, with g.Map(func(e
// graph.Edge) float64 { return 1 / e.Weight }), and say so in the name of the
// result. And gonum's Betweenness and HITS ignore weights altogether.
package graph
