// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"fmt"

	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/graphtest"
)

func ExampleInDegree() {
	for key, k := range centrality.InDegree(graphtest.Example()).All() {
		fmt.Println(key, k)
	}
	// Output:
	// A 2
	// B 3
	// C 2
	// D 1
	// E 4
}

func ExampleOutStrength() {
	g := graphtest.Example()
	out := centrality.OutStrength(g)
	for i, key := range g.Keys() {
		s, _ := out.At(key)
		fmt.Println(key, "sends", s, "and keeps", g.Loop(i))
	}
	// Output:
	// A sends 20 and keeps 40
	// B sends 15 and keeps 55
	// C sends 22 and keeps 18
	// D sends 15 and keeps 15
	// E sends 0 and keeps 0
}

func ExampleMixedDegree() {
	g := graphtest.Example()
	m, err := centrality.MixedDegree(g, centrality.MixedDegreeConfig{Alpha: 0.5})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, _ := m.At("E")
	fmt.Printf("%.4f\n", e) // √4 · √26
	// Output: 10.1980
}
