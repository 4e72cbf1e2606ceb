// SPDX-License-Identifier: Apache-2.0

package graph_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
)

func ExampleBuilder() {
	var b graph.Builder
	for _, e := range []struct {
		from, to string
		weight   float64
	}{{"A", "B", 10}, {"A", "A", 40}, {"B", "A", 8}, {"A", "B", 2}} {
		if err := b.AddEdge(e.from, e.to, e.weight); err != nil {
			fmt.Println(err)
			return
		}
	}
	g := b.Build()
	fmt.Println(g.Len(), "nodes,", g.Size(), "edges, total", g.Total())
	for e := range g.Edges() {
		fmt.Println(g.Key(e.From), g.Key(e.To), e.Weight)
	}
	// Output:
	// 2 nodes, 3 edges, total 60
	// A A 40
	// A B 12
	// B A 8
}

func ExampleReadEdges() {
	const list = `from,to,count
A,B,12
B,B,55
B,A,-8
`
	_, err := graph.ReadEdges(context.Background(), strings.NewReader(list), graph.EdgeListConfig{File: "flows.csv"})
	var bad *graph.InputError
	if errors.As(err, &bad) {
		fmt.Println(bad)
	}
	g, err := graph.ReadEdges(context.Background(), strings.NewReader(strings.Replace(list, "-", "", 1)), graph.EdgeListConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(g.Len(), "nodes, total", g.Total())
	// Output:
	// flows.csv:4:5: count "-8": expected a number above 0; leave out what does not flow
	// 2 nodes, total 75
}

func ExampleWriteEdges() {
	g := graphtest.Example().Subgraph(func(i int) bool { return i < 2 })
	if err := graph.WriteEdges(os.Stdout, g, graph.EdgeListConfig{Comma: ','}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// from,to,weight
	// A,A,40
	// A,B,12
	// B,A,8
	// B,B,55
}

func ExampleDigraph_Contract() {
	g := graphtest.Example()
	hubs := map[string]int{"B": 1, "E": 1}
	labels, err := graph.CollectValues(g, maps.All(hubs), 0)
	if err != nil {
		fmt.Println(err)
		return
	}
	for e := range g.Contract(labels).Edges() {
		fmt.Println(e.From, e.To, e.Weight)
	}
	// Output:
	// 0 0 79
	// 0 1 51
	// 1 0 14
	// 1 1 56
}

func ExampleDigraph_Map() {
	lengths, err := graphtest.Example().Map(func(e graph.Edge) float64 { return 1 / e.Weight })
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(lengths.EdgeWeight(0, 0))
	// Output: 0.025
}

// Edges of fewer than five are left out; the nodes stay.
func ExampleDigraph_WithEdges() {
	g := graphtest.Example()
	strong, err := g.WithEdges(context.Background(), func(yield func(graph.Edge) bool) {
		for e := range g.Edges() {
			if e.Weight >= 5 && !yield(e) {
				return
			}
		}
	})
	fmt.Println(g.Size(), "edges,", strong.Size(), "strong ones,", strong.Len(), "nodes,", err)
	// Output: 16 edges, 11 strong ones, 5 nodes, <nil>
}
