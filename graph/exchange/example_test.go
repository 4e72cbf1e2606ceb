// SPDX-License-Identifier: Apache-2.0

package exchange_test

import (
	"fmt"
	"math"
	"os"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/exchange"
)

// The flow to the center is known to lie between 1 and 4: the file has the
// bounds and no weight.
func ExampleEncode() {
	var b graph.Builder
	for _, e := range []struct {
		from, to string
		w        float64
	}{{"center", "center", 40}, {"north", "center", 1}} {
		if err := b.AddEdge(e.from, e.to, e.w); err != nil {
			fmt.Println(err)
		}
	}
	g := b.Build()
	style := exchange.Style{
		Facts:  []exchange.Fact{{Name: "unit", Value: "journeys", OnEdges: true}},
		Places: graph.NewValues(g, []exchange.Place{{X: 0, Y: 0}, {X: math.NaN(), Y: math.NaN()}}),
		Bounds: []exchange.Bounds{{Lower: 40, Upper: 40, State: "exact"}, {Lower: 1, Upper: 4, State: "suppressed"}},
	}
	if err := exchange.Encode(os.Stdout, g, exchange.NodeLink, style); err != nil {
		fmt.Println(err)
	}
	if err := exchange.Encode(os.Stdout, g, exchange.EdgeList, style); err != nil {
		fmt.Println(err)
	}
	// Output:
	// {"directed": true, "multigraph": false,
	// "graph": {"unit": "journeys"},
	// "nodes": [
	// {"id": "center", "x": 0, "y": 0},
	// {"id": "north"}
	// ],
	// "edges": [
	// {"source": "center", "target": "center", "weight": 40, "lower": 40, "upper": 40, "state": "exact"},
	// {"source": "north", "target": "center", "lower": 1, "upper": 4, "state": "suppressed"}
	// ]}
	// source,target,weight,lower,upper,state,unit
	// center,center,40,40,40,exact,journeys
	// north,center,,1,4,suppressed,journeys
}
