// SPDX-License-Identifier: Apache-2.0

// Package exchange writes graphs as text that other tools read: GraphML
// (igraph in R and Python, NetworkX, Gephi, yEd), GEXF (Gephi), Pajek,
// node-link JSON (NetworkX, D3) and an edge list as CSV.
//
//	err := exchange.Encode(os.Stdout, g, exchange.GraphML, exchange.Style{})
//
// A [Style] adds what the graph itself does not hold: names, groups and places
// of nodes, further values, facts about the graph as a whole, and what is known
// of weights that are not known exactly. The package computes nothing about a
// graph and reads nothing; [graph.ReadEdges] reads edge lists.
//
// The trap for a newcomer: a weight that is not known is left out of the file,
// and formats in which a missing weight means 1 refuse the graph. Who wants a
// number there has to choose one, in the weights of the graph, and to name the
// choice in [Style.WeightRule].
//
//	format     nodes                              edges                        whole graph
//	GraphML    name, label, group, x, y, further  weight, lower, upper, state  facts
//	GEXF       name, label, group, x, y, further  weight, lower, upper, state  facts, as a description
//	Pajek      name, x, y                         weight                       facts, as comments
//	NodeLink   name, label, group, x, y, further  weight, lower, upper, state  facts
//	EdgeList   name, of those with edges          weight, lower, upper, state  facts that are marked
package exchange
