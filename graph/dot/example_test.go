// SPDX-License-Identifier: Apache-2.0

package dot_test

import (
	"fmt"
	"os"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/dot"
)

func ExampleEncode() {
	var b graph.Builder
	for _, err := range []error{b.AddEdge("A", "B", 12), b.AddEdge("A", "A", 48)} {
		if err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := dot.Encode(os.Stdout, b.Build(), dot.Style{Name: "flows"}); err != nil {
		fmt.Println(err)
	}
	// Output:
	// digraph flows {
	//   "A";
	//   "B";
	//   "A" -> "A" [penwidth="4"];
	//   "A" -> "B" [penwidth="1"];
	// }
}

func ExampleLabel() {
	fmt.Println(dot.Quote(dot.Label(`C:\N "&lt;"`)))
	// Output: "C:\\N \"&amp;lt;\""
}
