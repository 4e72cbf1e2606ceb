// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"context"
	"fmt"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/graphtest"
)

func ExampleLeiden() {
	found, err := community.Leiden(context.Background(), graphtest.Example(), community.LeidenConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found.Partition.Keys())
	fmt.Printf("%.6f\n", found.Modularity)
	// Output:
	// [[A] [B] [C] [D E]]
	// 0.415250
}

func ExampleModularity() {
	g := graphtest.Example()
	p := community.NewPartition(g, graph.NewValues(g, []int{0, 0, 0, 1, 1}))
	with, err := community.Modularity(g, p, community.ModularityConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	without, err := community.Modularity(g.Loopless(), p, community.ModularityConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("with loops %.4f, without %.4f\n", with, without)
	// Output: with loops 0.1840, without 0.1100
}

func ExampleExact() {
	o, err := community.Exact(context.Background(), graphtest.Example(), community.ModularityConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(o.Partition.Keys(), "of", o.Partitions, "partitions")
	fmt.Printf("%.6f, next %.6f\n", o.Modularity, o.RunnerUp)
	// Output:
	// [[A] [B] [C] [D E]] of 52 partitions
	// 0.415250, next 0.408750
}

func ExampleCompare() {
	g := graphtest.Example()
	agreed := community.NewPartition(g, graph.NewValues(g, []int{0, 0, 1, 1, 1}))
	found := community.NewPartition(g, graph.NewValues(g, []int{0, 0, 0, 1, 1}))
	a, err := community.Compare(agreed, found, community.CompareConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("VI %.4f, NMI %.4f, AMI %.4f, ARI %.4f\n",
		a.VI, a.NMI(community.Arithmetic), a.AMI(community.Arithmetic), a.ARI)
	// Output: VI 0.7638, NMI 0.4325, AMI 0.2513, ARI 0.1667
}

func ExampleConductance() {
	g := graphtest.Example()
	p := community.Singletons(g)
	for c, phi := range community.Conductance(g, p) {
		fmt.Printf("%s %.4f\n", p.Keys()[c][0], phi)
	}
	// Output:
	// A 0.2727
	// B 0.2715
	// C 0.4462
	// D 0.3750
	// E 1.0000
}

func ExampleSweep() {
	// Three groups of five that a few edges join.
	var edges []graphtest.Edge
	for u := range 15 {
		for v := range 15 {
			if u != v && (u/5 == v/5 || u%5 == 0 && v%5 == 0) {
				edges = append(edges, graphtest.Edge{From: graphtest.Key(u), To: graphtest.Key(v), Weight: 1})
			}
		}
	}
	levels, err := community.Sweep(context.Background(), graphtest.Build(edges), community.SweepConfig{
		Resolutions: []float64{0.05, 0.5, 1, 2},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range levels {
		fmt.Printf("%.2f: %d communities, stability %.2f\n", l.Resolution, l.Best.Partition.Count(), l.Stability)
	}
	// Output:
	// 0.05: 1 communities, stability 1.00
	// 0.50: 3 communities, stability 1.00
	// 1.00: 3 communities, stability 1.00
	// 2.00: 3 communities, stability 1.00
}

func ExampleEnsemble_Consensus() {
	e, err := community.Repeat(context.Background(), graphtest.Random(1, 300, 6), community.RepeatConfig{Runs: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, err := e.Consensus(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(e.Runs(), "runs,", e.Distinct, "partitions,", p.Labels().Len(), "nodes agreed on")
	// Output: 10 runs, 10 partitions, 300 nodes agreed on
}

func ExampleMatch() {
	g := graphtest.Example()
	agreed := community.NewPartition(g, graph.NewValues(g, []int{0, 0, 1, 1, 2}))
	found := community.NewPartition(g, graph.NewValues(g, []int{0, 0, 0, 1, 1}))
	m, err := community.Match(context.Background(), agreed, found, community.CompareConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v %.1f\n", m.Mate, m.Share)
	// Output: [0 1 -1] 0.6
}
