// SPDX-License-Identifier: Apache-2.0

// Package centrality scores the nodes of a directed weighted graph.
//
//	in := centrality.InStrength(g)
//	for key, s := range in.All() {
//		fmt.Println(key, s)
//	}
//
// Every result is one value per node, in the order of the nodes. The trap for
// a newcomer: self loops are left out of all measures here, because what stays
// at a node is no contact with another one. What stays is g.Loop(i).
//
// The package does not rank, plot or compare; and it knows nothing about where
// the weights come from, so a graph made of unknown or partial weights gives
// scores that are as wrong as its weights.
//
//	measure        function
//	degree         InDegree, OutDegree, Degree
//	strength       InStrength, OutStrength, Strength
//	mixed degree   MixedDegree
package centrality
