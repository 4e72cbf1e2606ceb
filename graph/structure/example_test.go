// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"context"
	"fmt"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

func ExampleStronglyConnected() {
	c := structure.StronglyConnected(graphtest.Example())
	label, size := c.Largest()
	fmt.Println(c.Count, "components; number", label, "has", size, "nodes")
	// Output: 2 components; number 0 has 4 nodes
}

func ExampleCondensation() {
	dag, _ := structure.Condensation(graphtest.Example())
	for e := range dag.Edges() {
		fmt.Println(dag.Key(e.From), dag.Key(e.To), e.Weight)
	}
	// Output: A E 26
}

func ExampleWeightedReciprocity() {
	fmt.Printf("%.4f\n", structure.WeightedReciprocity(graphtest.Example()))
	// Output: 0.3889
}

func ExampleReciprocityNull() {
	r, err := structure.ReciprocityNull(context.Background(), graphtest.Example())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.3f observed, %.3f expected, rho %.3f\n", r.Observed, r.Expected, r.Rho)
	// Output: 0.389 observed, 0.208 expected, rho 0.228
}

func ExampleTrophicLevels() {
	h, err := structure.TrophicLevels(context.Background(), graphtest.Example())
	if err != nil {
		fmt.Println(err)
		return
	}
	for key, level := range h.Level.All() {
		fmt.Printf("%s %.2f\n", key, level)
	}
	fmt.Printf("coherence %.2f\n", h.Coherence())
	// Output:
	// A 0.07
	// B 0.34
	// C 0.03
	// D 0.00
	// E 1.04
	// coherence 0.41
}

func ExampleMixing() {
	g := graphtest.Example()
	kinds := graph.NewValues(g, []string{"spoke", "hub", "spoke", "spoke", "hub"})
	m := structure.Mixing(g, kinds, structure.MixingConfig{})
	for a, from := range m.Types {
		fmt.Printf("%-5s %.2f\n", from, m.Share[a])
	}
	fmt.Printf("%.2f\n", m.Assortativity())
	// Output:
	// hub   [0.01 0.19]
	// spoke [0.71 0.08]
	// -0.43
}

func ExampleBackbone() {
	b, err := structure.Backbone(context.Background(), graphtest.Example(), structure.BackboneConfig{Level: 0.2})
	if err != nil {
		fmt.Println(err)
		return
	}
	for e := range b.Edges() {
		fmt.Println(b.Key(e.From), b.Key(e.To), e.Weight)
	}
	// Output:
	// A B 12
	// B A 8
	// B C 6
	// D E 10
}

func ExampleDominantFlows() {
	g := graphtest.Example()
	for key, region := range structure.DominantFlows(g, nil).Region.All() {
		fmt.Println(key, "belongs to", g.Key(region))
	}
	// Output:
	// A belongs to B
	// B belongs to B
	// C belongs to B
	// D belongs to E
	// E belongs to E
}

func ExampleTriadCensus() {
	t, err := structure.TriadCensus(context.Background(), graphtest.Example())
	if err != nil {
		fmt.Println(err)
		return
	}
	for k, n := range t {
		if n > 0 {
			fmt.Println(structure.Triad(k), n)
		}
	}
	// Output:
	// 030T 4
	// 030C 1
	// 120D 1
	// 120U 2
	// 120C 1
	// 210 1
}

func ExampleExpectIndependence() {
	g := graphtest.Example()
	x := structure.ExpectIndependence(g)
	d, _ := g.Index("D")
	e, _ := g.Index("E")
	fmt.Printf("%v from D to E, %.1f expected, residual %.2f\n", g.EdgeWeight(d, e), x.Expected(d, e), x.Pearson(d, e))
	// Output: 10 from D to E, 3.9 expected, residual 3.09
}

func ExampleFitMargins() {
	g := graphtest.Example()
	f, err := structure.FitMargins(context.Background(), g,
		graph.NewValues(g, []float64{80, 70, 35, 15, 0}), graph.NewValues(g, []float64{60, 75, 25, 10, 30}), structure.FitConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	a, _ := g.Index("A")
	for j, key := range g.Keys() {
		fmt.Printf("A %s %.2f\n", key, f.Graph.EdgeWeight(a, j))
	}
	// Output:
	// A A 50.80
	// A B 14.73
	// A C 0.00
	// A D 3.86
	// A E 10.61
}

func ExampleNullTest() {
	r, err := structure.NullTest(context.Background(), graphtest.Random(1, 100, 4), structure.Reciprocity,
		structure.NullTestConfig{Seed: 1, Samples: 200})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Samples, "random graphs; unusual:", r.Above < 0.025 || r.Below < 0.025)
	// Output: 200 random graphs; unusual: false
}
