// SPDX-License-Identifier: Apache-2.0

// Package structure measures a directed weighted graph as a whole: how dense
// it is, how mutual, whether it has a direction, which parts of it hang
// together, and how it differs from what chance or its margins would give.
//
//	c := structure.StronglyConnected(g)
//	label, size := c.Largest()
//	fmt.Println(c.Count, label, size, structure.Reciprocity(g))
//
// The trap for a newcomer: a value that is 0/0, such as the reciprocity of a
// graph without edges, is NaN and not 0. Self loops are left out of all
// measures here, except where they are cells of a matrix like others: in
// [ExpectIndependence], [FitMargins] and the comparison of two graphs.
//
// A function that takes a context may be long, and looks at it often enough to
// return within a tenth of a second on graphs of ten million edges. One without
// passes over the edges a few times.
//
//	measure                           function
//	density                           Density
//	reciprocity                       Reciprocity, WeightedReciprocity, NodeReciprocity
//	reciprocity beyond chance         ReciprocityNull
//	components, condensation          StronglyConnected, WeaklyConnected, Condensation
//	flow hierarchy                    FlowHierarchy, BinaryFlowHierarchy
//	trophic levels and coherence      TrophicLevels, LevineLevels
//	mixing, assortativity             Mixing, DegreeAssortativity
//	backbone (disparity filter)       Disparity, Backbone
//	dominant flows, nodal regions     DominantFlows
//	dyads and triads                  DyadCensus, TriadCensus
//	structural holes                  Constraint, EffectiveSize
//	centralization                    Centralization
//	independence, with residuals      ExpectIndependence, ExpectQuasiIndependence
//	biproportional fitting            FitMargins
//	similarity of two graphs          CommonPart, CommonShare, CommonEdges, CoveredEdges, WeightedJaccard, JensenShannon, RowVariation
//	layers on the same nodes          EdgeOverlap, MeanOverlap, Participation
//	random graphs                     Randomize, NullTest
package structure
