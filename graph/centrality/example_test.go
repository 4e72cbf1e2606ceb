// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"context"
	"fmt"

	"github.com/oncoref/oncoref/graph"
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

func ExampleBetweenness() {
	g := graphtest.Example()
	b, err := centrality.Betweenness(context.Background(), g, centrality.BetweennessConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for key, x := range b.All() {
		fmt.Println(key, x)
	}
	// Output:
	// A 2
	// B 5
	// C 1
	// D 0
	// E 0
}

func ExampleEdgeBetweenness() {
	g := graphtest.Example()
	b, err := centrality.EdgeBetweenness(context.Background(), g, centrality.BetweennessConfig{Length: centrality.Hops})
	if err != nil {
		fmt.Println(err)
		return
	}
	for e, x := range b.All() {
		if x > 2 {
			fmt.Println(g.Key(e.From), g.Key(e.To), x)
		}
	}
	// Output:
	// A D 3.5
	// B A 2.5
	// C A 2.5
}

func ExampleSampledBetweenness() {
	g := graphtest.Example()
	e, err := centrality.SampledBetweenness(context.Background(), g, centrality.SampledBetweennessConfig{Pivots: 100})
	if err != nil {
		fmt.Println(err)
		return
	}
	x, _ := e.Values.At("B")
	bound, _ := e.Bound.At("B")
	fmt.Printf("%.0f ± %.0f from %d nodes\n", x, bound, len(e.Pivots)) // all of them
	// Output: 5 ± 0 from 5 nodes
}

func ExampleDistance() {
	g := graphtest.Example()
	a, _ := g.Index("A")
	d, err := centrality.Distance(context.Background(), g, a, centrality.DistanceConfig{Direction: centrality.Out})
	if err != nil {
		fmt.Println(err)
		return
	}
	b, _ := d.At("B")
	c, _ := d.At("C")
	fmt.Printf("%.4f %.4f\n", b, c) // 1/12, and 1/12 + 1/6 by way of B
	// Output: 0.0833 0.2500
}

func ExampleCloseness() {
	g := graphtest.Example()
	c, err := centrality.Closeness(context.Background(), g, centrality.ClosenessConfig{Length: centrality.Hops})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, _ := c.At("E")
	fmt.Println(e) // every other node has an edge to E
	// Output: 1
}

func ExampleHarmonic() {
	g := graphtest.Example()
	h, err := centrality.Harmonic(context.Background(), g, centrality.HarmonicConfig{Normalized: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, _ := h.At("E")
	fmt.Printf("%.4f\n", e)
	// Output: 7.1875
}

func ExamplePageRank() {
	g := graphtest.Example()
	ctx := context.Background()
	rank, err := centrality.PageRank(ctx, g, centrality.PageRankConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	// The same for the importance as a source.
	source, err := centrality.PageRank(ctx, g.Transpose(), centrality.PageRankConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, key := range g.Keys() {
		fmt.Printf("%s %.4f %.4f\n", key, rank.Slice()[i], source.Slice()[i])
	}
	// Output:
	// A 0.2078 0.2771
	// B 0.2676 0.3711
	// C 0.1700 0.2082
	// D 0.0998 0.1136
	// E 0.2549 0.0300
}

func ExampleHITS() {
	h, err := centrality.HITS(context.Background(), graphtest.Example(), centrality.HITSConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for key, x := range h.Hub.All() {
		a, _ := h.Authority.At(key)
		fmt.Printf("%s %.4f %.4f\n", key, x, a)
	}
	// Output:
	// A 0.3262 0.0573
	// B 0.0442 0.4508
	// C 0.3745 0.0270
	// D 0.2552 0.0508
	// E 0.0000 0.4140
}

func ExampleEigenvector() {
	g := graphtest.Example()
	e, err := centrality.Eigenvector(context.Background(), g, centrality.EigenvectorConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	b, _ := e.At("B")
	fmt.Printf("%.4f\n", b)
	// Without a cycle there is no such score.
	chain := graphtest.Build([]graphtest.Edge{{From: "a", To: "b", Weight: 1}})
	_, err = centrality.Eigenvector(context.Background(), chain, centrality.EigenvectorConfig{})
	fmt.Println(err)
	// Output:
	// 0.6576
	// centrality: eigenvector centrality: undefined: acyclic
}

func ExampleKatz() {
	k, err := centrality.Katz(context.Background(), graphtest.Example(), centrality.KatzConfig{Alpha: 0.02})
	if err != nil {
		fmt.Println(err)
		return
	}
	b, _ := k.At("B")
	fmt.Printf("%.4f\n", b)
	// Output: 1.6450
}

func ExampleKCore() {
	k, err := centrality.KCore(graphtest.Example(), centrality.CoreNeighbors)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(k.Slice())
	// Output: [4 4 4 4 4]
}

func ExampleDCore() {
	g := graphtest.Example()
	for key, in := range centrality.DCore(g, 1, 2).All() {
		fmt.Print(key, " ", in, "; ")
	}
	// Output: A true; B true; C true; D true; E false;
}

func ExampleSCore() {
	fmt.Println(centrality.SCore(graphtest.Example()).Slice())
	// Output: [20 20 18 18 18]
}

func ExampleClustering() {
	g := graphtest.Example()
	// Without weights: map them to 1.
	binary, err := g.Map(func(graph.Edge) float64 { return 1 })
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := centrality.Clustering(context.Background(), binary, centrality.ClusteringConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	b, _ := c.Total.At("B")
	fmt.Println(b)
	// Output: 0.5
}

func ExampleRichClub() {
	points, err := centrality.RichClub(context.Background(), graphtest.Example(), centrality.RichClubConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range points {
		fmt.Printf("above %v: %d nodes, %.4f\n", p.Threshold, p.Members, p.Weighted)
	}
	// Output:
	// above 3: 4 nodes, 0.8308
	// above 7: 3 nodes, 0.6190
	// above 10: 2 nodes, 0.0833
}
