// SPDX-License-Identifier: Apache-2.0

// Package structure measures a directed weighted graph as a whole: how dense
// it is, how mutual, whether it has a direction, and which parts of it hang
// together.
//
//	c := structure.StronglyConnected(g)
//	label, size := c.Largest()
//	fmt.Println(c.Count, label, size, structure.Reciprocity(g))
//
// The trap for a newcomer: a value that is 0/0, such as the reciprocity of a
// graph without edges, is NaN and not 0. Self loops are left out of all
// measures here.
//
//	measure                         function
//	density                         Density
//	reciprocity                     Reciprocity, WeightedReciprocity, NodeReciprocity
//	strongly connected components   StronglyConnected
//	flow hierarchy                  FlowHierarchy, BinaryFlowHierarchy
package structure
