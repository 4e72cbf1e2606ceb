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
// at a node is no contact with another one. What stays is g.Loop(i); strengths,
// random walks and eigenvectors count it if asked WithSelf. The second trap:
// paths need lengths, and a weight is not one. See [Length].
//
// The package does not rank, plot or compare; and it knows nothing about where
// the weights come from, so a graph made of unknown or partial weights gives
// scores that are as wrong as its weights.
//
//	measure                 function                                   weights
//	degree                  InDegree, OutDegree, Degree                no
//	strength                InStrength, OutStrength, Strength          yes
//	strength with loops     InStrengthWithSelf, OutStrengthWithSelf    yes
//	mixed degree            MixedDegree                                yes
//	betweenness             Betweenness, SampledBetweenness            by length; Hops: no
//	edge betweenness        EdgeBetweenness                            by length; Hops: no
//	distance                Distance                                   by length; Hops: no
//	closeness, harmonic     Closeness, Harmonic                        by length; Hops: no
//	PageRank                PageRank                                   yes
//	hubs and authorities    HITS                                       yes
//	eigenvector             Eigenvector, SpectralRadius                yes
//	Katz                    Katz                                       yes
//	k-core, D-core          KCore, DCore                               no
//	s-core                  SCore                                      yes
//	clustering              Clustering                                 yes
//	rich club               RichClub                                   yes
//
// A measure that has no version without weights gets one by mapping them to 1
// with [graph.Digraph.Map]; one that looks at one direction gets the other by
// [graph.Digraph.Transpose]. Measures that take long take a context, use all
// cores and give the same bits whatever the number of workers and the order in
// which edges were added.
package centrality
