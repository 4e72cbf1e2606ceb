// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"fmt"

	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

func ExampleReciprocity() {
	g := graphtest.Example()
	fmt.Printf("%.3f of the edges and %.3f of the weight\n", structure.Reciprocity(g), structure.WeightedReciprocity(g))
	// Output: 0.333 of the edges and 0.389 of the weight
}

func ExampleStronglyConnected() {
	c := structure.StronglyConnected(graphtest.Example())
	for key, label := range c.Label.All() {
		fmt.Print(key, label, " ")
	}
	label, size := c.Largest()
	fmt.Println("largest:", label, "with", size)
	// Output: A0 B0 C0 D0 E1 largest: 0 with 4
}

func ExampleFlowHierarchy() {
	// Only E takes part in no cycle: 5 + 1 + 10 + 10 of the 72 that move end
	// there.
	fmt.Printf("%.4f\n", structure.FlowHierarchy(graphtest.Example()))
	// Output: 0.3611
}
