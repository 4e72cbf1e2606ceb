// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestMain lets the test program be its own worker, good and bad.
func TestMain(m *testing.M) {
	if IsWorker() {
		switch {
		case slices.Contains(os.Args, "-crash"):
			fmt.Fprintln(os.Stderr, "stack smashed")
			os.Exit(7)
		case slices.Contains(os.Args, "-babble"):
			fmt.Println("Hello, this is not a picture.")
			os.Exit(0)
		case slices.Contains(os.Args, "-flood"):
			for {
				if _, err := os.Stdout.Write(make([]byte, 1<<20)); err != nil {
					os.Exit(1)
				}
			}
		case slices.Contains(os.Args, "-pid"):
			_ = os.WriteFile(os.Args[len(os.Args)-1], fmt.Append(nil, os.Getpid(), "\n", os.TempDir()), 0o600)
		}
		os.Exit(ServeWorker(os.Stdin, os.Stdout, os.Stderr))
	}
	var err error
	if workerCache, err = os.MkdirTemp("", "viz-test-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	status := m.Run()
	_ = os.RemoveAll(workerCache)
	os.Exit(status)
}

// workerCache keeps the compiled renderer of workers, which takes seconds to
// make under the race detector.
var workerCache string

// three are the graphs that every format must draw.
var three = []struct{ name, dot string }{
	{"empty", `digraph {}`},
	{"loops", `digraph loops { a -> a; b -> b [label="één lus"]; a [label="Fryslân"]; b [label="Onconovo+ <&>\"'"] }`},
	{"two_blocks", `digraph two_blocks {
		node [shape=box, style="filled,bold", fillcolor="#0072b240"]
		subgraph cluster_1 { label="een"; a1 -> a2 -> a3 -> a1 [penwidth=2] }
		subgraph cluster_2 { label="twee"; b1 -> b2 -> b3 -> b1 [style=dashed, color="#d55e00"] }
		a1 -> b1 [style=dotted, headlabel="h", taillabel="t"]
	}`},
}

// randomDOT gives a graph with edges drawn at random, the worst case for
// layered and circular layouts.
func randomDOT(nodes, edges int, labels bool) []byte {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("digraph {\n")
	for i := range nodes {
		fmt.Fprintf(&b, "n%d\n", i)
	}
	for i := range edges {
		fmt.Fprintf(&b, "n%d -> n%d", r.IntN(nodes), r.IntN(nodes))
		if labels {
			fmt.Fprintf(&b, " [label=\"%d\"]", i)
		}
		b.WriteString("\n")
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

// pinnedDOT gives a graph whose nodes and edges have their places.
func pinnedDOT(nodes, edges int) string {
	var d bytes.Buffer
	d.WriteString("digraph { outputorder=edgesfirst\n")
	for i := range nodes {
		d.WriteString(`n` + strconv.Itoa(i) + ` [pos="` + strconv.Itoa(37*i%1000) + `,` + strconv.Itoa(61*i%800) + `", width=0.2, fixedsize=true]` + "\n")
	}
	for i := range edges {
		x, y := strconv.Itoa(37*i%1000), strconv.Itoa(61*i%800)
		d.WriteString(`n` + strconv.Itoa(i%nodes) + ` -> n` + strconv.Itoa(7*i%nodes) + ` [pos="e,500,400 ` + x + `,` + y + ` 10,10 900,20 490,390", penwidth=2]` + "\n")
	}
	d.WriteString("}\n")
	return d.String()
}

// hanging is a graph on which the layout dot does not end in minutes.
func hanging() ([]byte, Options) {
	return randomDOT(100, 900, true), Options{Layout: Dot, MaxEdges: -1}
}

func render(t testing.TB, dot string, f Format, o Options) []byte {
	t.Helper()
	var b strings.Builder
	if err := Render(t.Context(), &b, []byte(dot), f, o); err != nil {
		t.Fatalf("%v: %v", f, err)
	}
	return []byte(b.String())
}

// failing is a writer that refuses everything.
type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
