// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"fmt"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// a and b are a community, and send 14, of which 2 to c. c sends 21, of which 1 to
// a: that is 1 of the 14 of the smaller side. Both pairs inside are joined, and
// two of the four pairs across are not: 4 of 6 are right.
func ExampleOutConductance() {
	g := graphtest.Build([]graphtest.Edge{
		{From: "a", To: "b", Weight: 6}, {From: "b", To: "a", Weight: 6}, {From: "b", To: "c", Weight: 2}, {From: "c", To: "c", Weight: 20}, {From: "c", To: "a", Weight: 1},
	})
	p := community.NewPartition(g, graph.NewValues(g, []int{0, 0, 1}))
	fmt.Printf("%.4f\n", community.OutConductance(g, p))
	fmt.Printf("%.4f\n", community.Performance(g, p))
	// Output:
	// [0.1429 0.0714]
	// 0.6667
}
