// SPDX-License-Identifier: Apache-2.0

package dot_test

import (
	"bytes"
	"errors"
	"flag"
	"html"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	gdot "gonum.org/v1/gonum/graph/formats/dot"
	"gonum.org/v1/gonum/graph/formats/dot/ast"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/dot"
	"github.com/oncoref/oncoref/graph/graphtest"
)

var update = flag.Bool("update", false, "write golden files")

// unquote reads a quoted string as the scanner of Graphviz does: an escaped
// quote is a quote, an escaped line break is nothing, all else stays.
func unquote(t require.TestingT, s string) string {
	require.GreaterOrEqual(t, len(s), 2)
	require.True(t, s[0] == '"' && s[len(s)-1] == '"', s)
	s = s[1 : len(s)-1]
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			require.NotEqual(t, byte('"'), s[i], "the string ends early")
			b.WriteByte(s[i])
			continue
		}
		switch i++; s[i] {
		case '"':
			b.WriteByte('"')
		case '\n':
		default:
			b.WriteByte('\\')
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// read reads a label as Graphviz draws it.
func readLabel(s string) string {
	s = html.UnescapeString(s)
	s = strings.ReplaceAll(s, `\\`, "\x00")
	s = strings.ReplaceAll(s, `\n`, "\n")
	return strings.ReplaceAll(s, "\x00", `\`)
}

func TestQuote(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "a", `"a"`},
		{"empty", "", `""`},
		{"quotes", `say "x"`, `"say \"x\""`},
		{"sequence for Graphviz", `\N`, `"\N"`},
		{"backslash at the end", `a\`, `"a\\"`},
		{"two backslashes at the end", `a\\`, `"a\\"`},
		{"backslash before a quote", `\"`, `"\\\""`},
		{"backslash before a line break", "\\\n", "\"\\\\\n\""},
		{"line break", "a\nb", "\"a\nb\""},
		{"markup", "<b>x</b>", `"<b>x</b>"`},
		{"zero byte", "a\x00b", "\"a\uFFFDb\""},
		{"not UTF-8", "a\xffb", "\"a\uFFFDb\""},
		{"not ASCII", "Fryslân €", `"Fryslân €"`},
		{"keyword", "node", `"node"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, dot.Quote(tt.in)) })
	}
}

func TestLabel(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "a b", "a b"},
		{"backslash", `\N`, `\\N`},
		{"line break", "a\nb", `a\nb`},
		{"entity", "&eacute;", "&amp;eacute;"},
		{"zero byte", "\x00", "&#9216;"},
		{"carriage return", "\r", "&#9229;"},
		{"delete", "\x7f", "&#9249;"},
		{"tab", "\t", "\t"},
		{"not UTF-8", "\xff", "&#XFFFD;"},
		{"replacement character", "\uFFFD", "&#65533;"},
		{"not a character", "\uFFFE\uFFFF", "&#xFFFD;&#xfffd;"},
		{"not ASCII", "Fryslân", "Fryslân"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, dot.Label(tt.in)) })
	}
}

func FuzzQuote(f *testing.F) {
	for _, s := range []string{"", `"`, `\`, `\\"`, "\\\n", "\x00", "\xff", "<b>", "é", "a//b", "/*", "#", "node", "&lt;", "\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if clean := strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD"); !strings.Contains(s, `\`) && utf8.ValidString(s) {
			require.Equal(t, clean, unquote(t, dot.Quote(s)))
		}
		unquote(t, dot.Quote(s))
		label := dot.Label(s)
		require.True(t, utf8.ValidString(label))
		require.False(t, strings.ContainsFunc(label, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }))
		require.Equal(t, label, unquote(t, dot.Quote(label)), "a label needs nothing that quotes cannot keep")
		visible := strings.Map(func(r rune) rune {
			switch {
			case r < ' ' && r != '\t' && r != '\n':
				return 0x2400 + r
			case r == 0x7f:
				return 0x2421
			case r == 0xfffe || r == 0xffff:
				return utf8.RuneError
			}
			return r
		}, strings.Join(strings.Split(s, ""), ""))
		if utf8.ValidString(s) {
			require.Equal(t, visible, readLabel(label))
		}
	})
}

// parse reads DOT text with another program's parser.
func parse(t require.TestingT, text []byte) *ast.Graph {
	file, err := gdot.Parse(bytes.NewReader(text))
	require.NoError(t, err, string(text))
	require.Len(t, file.Graphs, 1)
	return file.Graphs[0]
}

// content returns the IDs of nodes and edges of a parsed graph.
func content(t require.TestingT, g *ast.Graph) (nodes []string, edges [][2]string) {
	for _, s := range g.Stmts {
		switch s := s.(type) {
		case *ast.NodeStmt:
			nodes = append(nodes, unquote(t, s.Node.ID))
		case *ast.EdgeStmt:
			edges = append(edges, [2]string{unquote(t, s.From.(*ast.Node).ID), unquote(t, s.To.Vertex.(*ast.Node).ID)})
		}
	}
	return nodes, edges
}

func TestEncodeGolden(t *testing.T) {
	plain := map[string]string{"empty": "empty", "loops only": "loops", "two blocks": "two_blocks"}
	for _, c := range graphtest.Standard() {
		if name, ok := plain[c.Name]; ok {
			golden(t, name, c.Graph, dot.Style{})
		}
	}
	g := graphtest.Example()
	golden(t, "styled", g, dot.Style{
		Name:      "flows of the example",
		Labels:    graph.NewValues(g, []string{"A & co", `B \N`, "C\nsecond line", `"D"`, ""}),
		Groups:    graph.NewValues(g, []int{7, -1, 7, 7, -1}),
		Sizes:     graph.NewValues(g, []float64{50, 81, 25, 18, 0}),
		OmitLoops: true,
		MaxEdge:   6,
	})
}

func golden(t *testing.T, name string, g *graph.Digraph, s dot.Style) {
	t.Run(name, func(t *testing.T) {
		var b bytes.Buffer
		require.NoError(t, dot.Encode(&b, g, s))
		path := filepath.Join("testdata", name+".dot")
		if *update {
			require.NoError(t, os.WriteFile(path, b.Bytes(), 0o644))
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, string(want), b.String())
		nodes, edges := content(t, parse(t, b.Bytes()))
		assert.Len(t, nodes, g.Len())
		if s.OmitLoops {
			g = g.Loopless()
		}
		assert.Len(t, edges, g.Size())
	})
}

func TestEncodeRefuses(t *testing.T) {
	g := graphtest.Example()
	other := graphtest.Build(nil, "x")
	tests := []struct {
		name  string
		style dot.Style
		want  error
	}{
		{"too many edges", dot.Style{MaxEdges: 10}, dot.ErrTooManyEdges},
		{"negative width", dot.Style{MaxEdge: -1}, dot.ErrStyle},
		{"width not a number", dot.Style{MaxEdge: math.NaN()}, dot.ErrStyle},
		{"negative size", dot.Style{Sizes: graph.NewValues(g, []float64{0, 0, -1, 0, 0})}, dot.ErrStyle},
		{"unknown size", dot.Style{Sizes: graph.NewValues(g, []float64{0, 0, math.NaN(), 0, 0})}, dot.ErrStyle},
		{"infinite size", dot.Style{Sizes: graph.NewValues(g, []float64{0, 0, math.Inf(1), 0, 0})}, dot.ErrStyle},
		{"labels of another graph", dot.Style{Labels: graph.NewValues(other, []string{"x"})}, dot.ErrStyle},
		{"groups of another graph", dot.Style{Groups: graph.NewValues(other, []int{1})}, dot.ErrStyle},
		{"sizes of another graph", dot.Style{Sizes: graph.NewValues(other, []float64{1})}, dot.ErrStyle},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			require.ErrorIs(t, dot.Encode(&b, g, tt.style), tt.want)
			assert.Zero(t, b.Len())
		})
	}
	full := errors.New("full")
	require.ErrorIs(t, dot.Encode(failing{full}, g, dot.Style{}), full)
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestStandardGraphs(t *testing.T) {
	for _, c := range graphtest.Standard() {
		t.Run(c.Name, func(t *testing.T) { check(t, c.Graph) })
	}
	check(t, graphtest.Random(1, 200, 10))
}

// check encodes a graph and parses it back.
func check(t require.TestingT, g *graph.Digraph) {
	var b bytes.Buffer
	require.NoError(t, dot.Encode(&b, g, dot.Style{}))
	nodes, edges := content(t, parse(t, b.Bytes()))
	require.Len(t, nodes, g.Len())
	require.Len(t, edges, g.Size())
	for i, id := range nodes {
		require.Equal(t, dot.Label(g.Key(i)), id)
	}
	k := 0
	for e := range g.Edges() {
		require.Equal(t, [2]string{nodes[e.From], nodes[e.To]}, edges[k])
		k++
	}
}

func FuzzEncode(f *testing.F) {
	f.Add("a", "b", "c", 1.5)
	f.Add(`"`, `\`, `\"`, 1e300)
	f.Add("<b>x</b>", "node", "digraph", 1e-300)
	f.Add("a\nb", "a\\nb", "a\x00b", 3.0)
	f.Add("&amp;", "&", "é", 0.1)
	f.Add(strings.Repeat("long ", 2048), "// x", "/* x", 7.0)
	f.Fuzz(func(t *testing.T, a, b, c string, w float64) {
		var builder graph.Builder
		_ = builder.AddEdge(a, b, w)
		_ = builder.AddEdge(b, c, 1)
		_ = builder.AddEdge(c, c, 2)
		_ = builder.AddNode(a)
		g := builder.Build()
		check(t, g)
		labels := make([]string, g.Len())
		for i := range labels {
			labels[i] = []string{c, a, b}[i%3]
		}
		var text bytes.Buffer
		require.NoError(t, dot.Encode(&text, g, dot.Style{Name: a, Labels: graph.NewValues(g, labels)}))
		nodes, _ := content(t, parse(t, text.Bytes()))
		require.Len(t, nodes, g.Len())
	})
}

func TestDocument(t *testing.T) {
	d := dot.Document{
		Name: "a b", Undirected: true, Strict: true,
		Attrs:     []dot.Attr{{Name: "layout", Value: "nop2"}},
		NodeAttrs: []dot.Attr{{Name: "shape", Value: "circle"}},
		EdgeAttrs: []dot.Attr{{Name: "color", Value: "red"}},
		Nodes:     []dot.Node{{ID: "x"}, {ID: `y"`, Attrs: []dot.Attr{{Name: "label", Value: dot.Label(`\N`)}, {Name: "odd name", Value: ""}}}},
		Edges:     []dot.Edge{{From: "x", To: "z", Attrs: []dot.Attr{{Name: "node", Value: "1"}}}},
		Subgraphs: []dot.Subgraph{{
			Name: "cluster_1", Attrs: []dot.Attr{{Name: "label", Value: "group"}}, Nodes: []dot.Node{{ID: "z"}},
			Subgraphs: []dot.Subgraph{{Edges: []dot.Edge{{From: "z", To: "w"}}}},
		}},
	}
	const want = `strict graph "a b" {
  layout="nop2";
  node [shape="circle"];
  edge [color="red"];
  subgraph cluster_1 {
    label="group";
    subgraph {
      "z" -- "w";
    }
    "z";
  }
  "x";
  "y\"" [label="\\N", "odd name"=""];
  "x" -- "z" ["node"="1"];
}
`
	assert.Equal(t, want, string(d.Bytes()))
	parse(t, d.Bytes())
	var b bytes.Buffer
	n, err := d.WriteTo(&b)
	require.NoError(t, err)
	assert.Equal(t, int64(len(want)), n)
	assert.Equal(t, "digraph {\n}\n", string((&dot.Document{}).Bytes()))
}

// TestNumbers checks that no number has more than six digits.
func TestNumbers(t *testing.T) {
	var b bytes.Buffer
	g := graphtest.Random(2, 50, 5)
	require.NoError(t, dot.Encode(&b, g, dot.Style{Sizes: graph.NewValues(g, make([]float64, 50))}))
	for _, m := range regexp.MustCompile(`(?:penwidth|width)="([^"]*)"`).FindAllStringSubmatch(b.String(), -1) {
		assert.LessOrEqual(t, len(strings.Trim(strings.ReplaceAll(m[1], ".", ""), "0")), 6, m[1])
	}
}

func BenchmarkEncode(b *testing.B) {
	for name, n := range map[string]int{"n=100": 100, "n=1000": 1000, "n=10000": 10000} {
		b.Run(name, func(b *testing.B) {
			g := graphtest.Random(1, n, 10)
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, dot.Encode(io.Discard, g, dot.Style{MaxEdges: 1 << 20}))
			}
		})
	}
}
