// SPDX-License-Identifier: Apache-2.0

package viz_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
)

func ExampleRenderSVG() {
	text := []byte(`digraph { a -> b [label="12"]; b -> b }`)
	var svg bytes.Buffer
	err := viz.RenderSVG(context.Background(), &svg, text, viz.Options{Layout: viz.Neato, Title: "Two nodes"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.Count(svg.String(), `class="node"`), "nodes,", strings.Count(svg.String(), `class="edge"`), "edges")
	fmt.Println(strings.Contains(svg.String(), "<title>Two nodes</title>"))
	// Output:
	// 2 nodes, 2 edges
	// true
}

func ExampleRender_tooLarge() {
	text := []byte(`digraph { a; b; c }`)
	var picture bytes.Buffer
	err := viz.Render(context.Background(), &picture, text, viz.PNG, viz.Options{Layout: viz.Circo, MaxNodes: 2})
	var large *viz.TooLargeError
	if errors.As(err, &large) {
		fmt.Println(large.Nodes, "nodes, at most", large.MaxNodes)
	}
	fmt.Println(picture.Len(), "bytes written")
	// Output:
	// 3 nodes, at most 2
	// 0 bytes written
}

func ExampleTextWidth() {
	fmt.Printf("%.2f points\n", viz.TextWidth("Fryslân", 10, false))
	fmt.Printf("%.2f points in bold\n", viz.TextWidth("Fryslân", 10, true))
	// Output:
	// 32.78 points
	// 35.57 points in bold
}
