// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"context"
	"fmt"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

// Two years share one edge of three. Of weights 6 and 4, and 3 and 9, the smaller
// are 3 of the first edge; the larger are 6, 4 and 9.
func ExampleWeightedJaccard() {
	f := graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 6}, {From: "b", To: "c", Weight: 4}})
	g := graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 3}, {From: "c", To: "a", Weight: 9}})
	fmt.Printf("edges in common %.4f\n", structure.CommonEdges(f, g))
	fmt.Printf("weighted Jaccard %.4f\n", structure.WeightedJaccard(f, g)) // 3/19
	fmt.Printf("of the shares %.4f\n", structure.CommonShare(f, g))        // min(6/10, 3/12)
	for _, e := range structure.EdgeOverlap([]*graph.Digraph{f, g}) {
		fmt.Println(e.From, e.To, e.Layers)
	}
	// Output:
	// edges in common 0.3333
	// weighted Jaccard 0.1579
	// of the shares 0.2500
	// a b 2
	// b c 1
	// c a 1
}

// The center of a star has three neighbors that do not know each other, each a
// third of its weight: a constraint of 3 (1/3)². For a leaf it is 1.
func ExampleConstraint() {
	g := graphtest.Build([]graphtest.Edge{{From: "a", To: "z", Weight: 2}, {From: "b", To: "z", Weight: 2}, {From: "c", To: "z", Weight: 2}})
	constraint, err := structure.Constraint(context.Background(), g, structure.HolesConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	size, err := structure.EffectiveSize(context.Background(), g, structure.HolesConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, key := range g.Keys() {
		fmt.Printf("%s %.4f %.1f\n", key, constraint.Slice()[i], size.Slice()[i])
	}
	// Output:
	// a 1.0000 1.0
	// b 1.0000 1.0
	// c 1.0000 1.0
	// z 0.3333 3.0
}

// One pair has edges both ways, one an edge one way, one none. Of the 4 that a
// sends, 3 come back; of the 3 that b sends, 3; of the 2 of c none. Direction
// ignored, all hang together.
func ExampleDyadCensus() {
	g := graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 4}, {From: "b", To: "a", Weight: 3}, {From: "c", To: "a", Weight: 2}})
	fmt.Printf("%+v\n", structure.DyadCensus(g))
	for key, r := range structure.NodeReciprocity(g).All() {
		fmt.Println(key, r)
	}
	fmt.Println(structure.WeaklyConnected(g).Count)
	// Output:
	// {Mutual:1 Asymmetric:1 Null:1}
	// a 0.75
	// b 1
	// c 0
	// 1
}

// a sends 9 of its 10 to b: (1 - 0.9) to the power of 2 - 1 is the chance of so
// much. Each receiver has one edge, which stands out from nothing.
func ExampleDisparity() {
	g := graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 9}, {From: "a", To: "c", Weight: 1}})
	for e, d := range structure.Disparity(g) {
		fmt.Printf("%s %s %.2f %.2f\n", g.Key(e.From), g.Key(e.To), d.Out, d.In)
	}
	// Output:
	// a b 0.10 1.00
	// a c 0.90 1.00
}

// c receives half from a, of level 1, and half from b, of level 2.
func ExampleLevineLevels() {
	g := graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 5}, {From: "a", To: "c", Weight: 3}, {From: "b", To: "c", Weight: 3}})
	levels, err := structure.LevineLevels(context.Background(), g)
	if err != nil {
		fmt.Println(err)
		return
	}
	for key, l := range levels.Level.All() {
		fmt.Println(key, l)
	}
	// Output:
	// a 1
	// b 2
	// c 2.5
}

// Where who sends and who receives explains all, nothing is left over.
func ExampleExpectQuasiIndependence() {
	// a_i b_j with a = (1, 2, 3) and b = (4, 5, 6), without the diagonal.
	g := graphtest.FromMatrix([][]float64{{0, 5, 6}, {8, 0, 12}, {12, 15, 0}})
	q, err := structure.ExpectQuasiIndependence(context.Background(), g)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f %.1f\n", q.Expected(1, 2), q.G2)
	// Output: 12.0 0.0
}

// A ring of equals tells nothing of degrees; a star joins the center with the
// ends, as unlike as can be.
func ExampleDegreeAssortativity() {
	g := graphtest.Build([]graphtest.Edge{{From: "a", To: "z", Weight: 1}, {From: "z", To: "a", Weight: 1}, {From: "z", To: "b", Weight: 1}, {From: "b", To: "z", Weight: 1}})
	r, err := structure.DegreeAssortativity(g, structure.DegreeAssortativityConfig{})
	fmt.Println(r, err)
	// Output: -1 <nil>
}

// Every node keeps its degrees, and what stays stays.
func ExampleRandomize() {
	g := graphtest.Example()
	r, err := structure.Randomize(context.Background(), g, structure.RandomizeConfig{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Size() == g.Size(), r.Loop(0) == g.Loop(0))
	// Output: true true
}
