// SPDX-License-Identifier: Apache-2.0

package graphtest

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/oncoref/oncoref/graph"
)

// Case is a graph with a name for the test that runs on it.
type Case struct {
	Name  string
	Graph *graph.Digraph
}

// Edge is an edge by keys.
type Edge struct {
	From, To string
	Weight   float64
}

// Build returns the graph with these edges and further nodes.
func Build(edges []Edge, nodes ...string) *graph.Digraph {
	var b graph.Builder
	for _, key := range nodes {
		must(b.AddNode(key))
	}
	for _, e := range edges {
		must(b.AddEdge(e.From, e.To, e.Weight))
	}
	return b.Build()
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// Standard returns the nine graphs on which every measure is tested, because
// each is degenerate in its own way.
func Standard() []Case {
	return []Case{
		{"empty", Build(nil)},
		{"singleton", Build(nil, "a")},
		{"singleton with loop", Build([]Edge{{"a", "a", 2}})},
		{"two isolated", Build(nil, "a", "b")},
		{"one edge", Build([]Edge{{"a", "b", 3}})},
		{"loops only", Build([]Edge{{"a", "a", 1}, {"b", "b", 2}, {"c", "c", 3}})},
		{"star in", Build([]Edge{{"a", "z", 1}, {"b", "z", 2}, {"c", "z", 3}, {"z", "z", 4}})},
		{"star out with a sink", Build([]Edge{{"a", "b", 1}, {"a", "c", 2}, {"a", "d", 4}, {"b", "d", 8}})},
		{"two blocks", Build([]Edge{
			{"a", "b", 5}, {"b", "c", 5}, {"c", "a", 5}, {"a", "a", 9},
			{"x", "y", 4}, {"y", "z", 4}, {"z", "x", 4}, {"z", "y", 2},
			{"c", "x", 1},
		})},
	}
}

// Example returns the worked example with known values: five nodes A to E with
// heavy loops; E only receives.
//
//	     A   B   C   D   E
//	A   40  12   .   3   5
//	B    8  55   6   .   1
//	C    2  10  18   .  10
//	D    .   4   1  15  10
//	E    .   .   .   .   .
func Example() *graph.Digraph {
	return FromMatrix([][]float64{
		{40, 12, 0, 3, 5},
		{8, 55, 6, 0, 1},
		{2, 10, 18, 0, 10},
		{0, 4, 1, 15, 10},
		{0, 0, 0, 0, 0},
	})
}

// FromMatrix returns the graph with the weights f[i][j] from node i to node j,
// 0 for no edge. The keys are A, B, C and so on up to Z; above 26 nodes they
// are [Key].
func FromMatrix(f [][]float64) *graph.Digraph {
	key := Key
	if len(f) <= 26 {
		key = func(i int) string { return string(rune('A' + i)) }
	}
	var b graph.Builder
	for i, row := range f {
		must(b.AddNode(key(i)))
		for j, w := range row {
			if w != 0 {
				must(b.AddEdge(key(i), key(j), w))
			}
		}
	}
	return b.Build()
}

// Matrix returns the weights of g as a dense matrix, 0 for no edge, for naive
// versions of a measure. It uses the iterators only, not the rows that the
// measures use.
func Matrix(g *graph.Digraph) [][]float64 {
	f := make([][]float64, g.Len())
	for i := range f {
		f[i] = make([]float64, g.Len())
		for j, w := range g.Out(i) {
			f[i][j] = w
		}
	}
	return f
}

// Key returns the key of node i in a generated graph: "n" and seven digits.
func Key(i int) string { return fmt.Sprintf("n%07d", i) }

// Random returns a random graph with n nodes and about degree edges for each,
// of which about one in eight is a self loop. Weights are whole numbers with a
// heavy tail, 1 to 1e6. Attractive nodes are rare, as in real flows. The same
// arguments give the same graph.
func Random(seed uint64, n int, degree float64) *graph.Digraph {
	var b graph.Builder
	for _, e := range RandomEdges(seed, n, degree) {
		must(b.AddEdge(e.From, e.To, e.Weight))
	}
	for i := range n {
		must(b.AddNode(Key(i)))
	}
	return b.Build()
}

// RandomEdges returns the edges of [Random] in no special order, repeats
// included.
func RandomEdges(seed uint64, n int, degree float64) []Edge {
	r := rand.New(rand.NewPCG(seed, 0))
	edges := make([]Edge, 0, int(float64(n)*degree))
	for range cap(edges) {
		u := r.IntN(n)
		v := u
		if r.IntN(8) > 0 {
			v = int(float64(n) * math.Pow(r.Float64(), 3))
		}
		w := math.Min(1e6, math.Floor(math.Pow(1-r.Float64(), -0.8)))
		edges = append(edges, Edge{Key(u), Key(v), w})
	}
	return edges
}

// FromBytes returns a small graph that the bytes describe: every input gives
// some graph of at most 12 nodes, so that fuzzing and property tests can draw
// bytes and shrink them. The first byte is the number of nodes; then each edge
// takes three: its ends, and a weight from 1/16 to 1024.
func FromBytes(data []byte) *graph.Digraph {
	return FromEdges(EdgesFromBytes(data))
}

// EdgesFromBytes returns the number of nodes and the edges of the graph that
// [FromBytes] makes, repeats included, in the order of the bytes.
func EdgesFromBytes(data []byte) (int, []Edge) {
	if len(data) == 0 {
		return 0, nil
	}
	var edges []Edge
	n := int(data[0]) % 13
	for data = data[1:]; n > 0 && len(data) >= 3; data = data[3:] {
		from, to := int(data[0])%n, int(data[1])%n
		w := math.Ldexp(1+float64(data[2]>>4)/16, int(data[2]&15)-4)
		edges = append(edges, Edge{Key(from), Key(to), w})
	}
	return n, edges
}

// FromEdges returns the graph with the nodes [Key] of 0 to n-1 and these
// edges.
func FromEdges(n int, edges []Edge) *graph.Digraph {
	nodes := make([]string, n)
	for i := range nodes {
		nodes[i] = Key(i)
	}
	return Build(edges, nodes...)
}

// Small returns the random graph number seed for laws: at most 12 nodes, dense
// or sparse.
func Small(seed uint64) *graph.Digraph {
	r := rand.New(rand.NewPCG(seed, 1))
	data := make([]byte, 1, 160)
	for range r.IntN(50) {
		data = binary.LittleEndian.AppendUint32(data, r.Uint32())
	}
	data[0] = byte(r.IntN(13))
	return FromBytes(data)
}
