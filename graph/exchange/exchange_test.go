// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
)

var update = flag.Bool("update", false, "write the golden files anew")

var all = []Format{GraphML, GEXF, Pajek, NodeLink, EdgeList}

func encode(t require.TestingT, g *graph.Digraph, f Format, s Style) string {
	var b bytes.Buffer
	require.NoError(t, Encode(&b, g, f, s))
	return b.String()
}

// three is a graph with a loop, an isolated node and a weight that is not known.
func three(t *testing.T) (*graph.Digraph, Style) {
	var b graph.Builder
	require.NoError(t, b.AddNode("alone"))
	for _, e := range []struct {
		from, to string
		w        float64
	}{{"A", "A", 40}, {"A", `B "b" <&>`, 12.5}, {`B "b" <&>`, "A", 1}} {
		require.NoError(t, b.AddEdge(e.from, e.to, e.w))
	}
	g := b.Build() // A, B, alone
	return g, Style{
		Name:    "three",
		Facts:   []Fact{{"unit", "journeys", true}, {"source", "a < b", false}},
		Labels:  graph.NewValues(g, []string{"Alpha", "Beta", ""}),
		Groups:  graph.NewValues(g, []string{"north", "", "south"}),
		Places:  graph.NewValues(g, []Place{{0, 10}, {20, 0}, {math.NaN(), math.NaN()}}),
		Texts:   []Texts{{"kind", graph.NewValues(g, []string{"x", "y", "z"})}},
		Numbers: []Numbers{{"size", graph.NewValues(g, []float64{1.5, math.NaN(), 0})}},
		Bounds:  []Bounds{{40, 40, "exact"}, {12.5, 12.5, "exact"}, {1, math.Inf(1), "present"}},
	}
}

func TestEncodeSaysWhatTheStyleSays(t *testing.T) {
	g, s := three(t)
	b := `B "b" <&>`
	wantNodes := []map[string]string{
		{"name": "A", "label": "Alpha", "group": "north", "x": "0", "y": "10", "kind": "x", "size": "1.5"},
		{"name": b, "label": "Beta", "x": "20", "y": "0", "kind": "y"},
		{"name": "alone", "group": "south", "kind": "z", "size": "0"},
	}
	wantEdges := []map[string]string{
		{"source": "A", "target": "A", "weight": "40", "lower": "40", "upper": "40", "state": "exact"},
		{"source": "A", "target": b, "weight": "12.5", "lower": "12.5", "upper": "12.5", "state": "exact"},
		{"source": b, "target": "A", "lower": "1", "state": "present"},
	}
	wantGraph := map[string]string{"name": "three", "unit": "journeys", "source": "a < b"}

	r, err := read(GraphML, encode(t, g, GraphML, s))
	require.NoError(t, err)
	assert.Equal(t, reading{wantGraph, wantNodes, wantEdges}, r)

	r, err = read(NodeLink, encode(t, g, NodeLink, s))
	require.NoError(t, err)
	for _, n := range r.nodes {
		delete(n, "id")
	}
	withLabel := slices.Clone(wantNodes)
	withLabel[2] = map[string]string{"name": "alone", "label": "alone", "group": "south", "kind": "z", "size": "0"}
	assert.Equal(t, reading{wantGraph, withLabel, wantEdges}, r)

	r, err = read(EdgeList, encode(t, g, EdgeList, s))
	require.NoError(t, err)
	for i := range wantEdges {
		wantEdges[i]["unit"] = "journeys"
	}
	assert.Equal(t, wantEdges, r.edges)
	for i := range wantEdges {
		delete(wantEdges[i], "unit")
	}

	s.WeightRule = "lower bound"
	wantEdges[2]["weight"] = "1"
	r, err = read(GEXF, encode(t, g, GEXF, s))
	require.NoError(t, err)
	wantGraph["weight_rule"] = "lower bound"
	assert.Equal(t, reading{wantGraph, withLabel, wantEdges}, r)

	r, err = read(Pajek, encode(t, g, Pajek, s))
	require.NoError(t, err)
	// The square is 20 wide: x from 0 to 1, y (10 high) in the middle, downward.
	assert.Equal(t, []map[string]string{
		{"name": "A", "x": "0", "y": "0.25"}, {"name": "B ”b” <&>", "x": "1", "y": "0.75"}, {"name": "alone"},
	}, r.nodes)
	assert.Equal(t, wantGraph, r.graph)
	assert.Equal(t, map[string]string{"source": "B ”b” <&>", "target": "A", "weight": "1"}, r.edges[2])
}

func TestUnknownWeights(t *testing.T) {
	g, s := three(t)
	for _, f := range []Format{GEXF, Pajek} {
		var out bytes.Buffer
		err := Encode(&out, g, f, s)
		require.ErrorIs(t, err, ErrWeight, f)
		assert.Empty(t, out.String(), "nothing half is written")
	}
	err := Encode(&bytes.Buffer{}, g, GEXF, s)
	assert.EqualError(t, err, `exchange: weight not known: the edge from "B \"b\" <&>" to "A" lies between 1 and +Inf, and in gexf a missing weight means 1`)
	assert.NotContains(t, encode(t, g, NodeLink, s), `"weight": 1,`)
}

func TestStyleErrors(t *testing.T) {
	g := graphtest.Example()
	for name, s := range map[string]Style{
		"labels":       {Labels: graph.NewValues(graphtest.Build(nil, "x"), []string{"x"})},
		"groups":       {Groups: graph.NewValues(graphtest.Build(nil, "x"), []string{"x"})},
		"places":       {Places: graph.NewValues(graphtest.Build(nil, "x"), []Place{{}})},
		"texts":        {Texts: []Texts{{"t", graph.NewValues(graphtest.Build(nil, "x"), []string{"x"})}}},
		"values":       {Numbers: []Numbers{{"v", graph.NewValues(graphtest.Build(nil, "x"), []float64{1})}}},
		"bounds":       {Bounds: []Bounds{{1, 1, ""}}},
		"name":         {Texts: []Texts{{"name", graph.NewValues(g, make([]string, g.Len()))}}},
		"no name":      {Texts: []Texts{{"", graph.NewValues(g, make([]string, g.Len()))}}},
		"fact":         {Facts: []Fact{{"a", "", false}, {"a", "", false}}},
		"title":        {Name: "x", Facts: []Fact{{"name", "", false}}},
		"half a place": {Places: graph.NewValues(g, slices.Repeat([]Place{{1, math.NaN()}}, g.Len()))},
		"infinite":     {Numbers: []Numbers{{"v", graph.NewValues(g, slices.Repeat([]float64{math.Inf(1)}, g.Len()))}}},
		"crossed":      {Bounds: slices.Repeat([]Bounds{{2, 1, ""}}, g.Size())},
	} {
		for _, f := range all {
			require.ErrorIs(t, Encode(&bytes.Buffer{}, g, f, s), ErrStyle, "%s %v", name, f)
		}
	}
	require.Error(t, Encode(&bytes.Buffer{}, g, Format(99), Style{}))
}

func TestKeysThatAFormatCannotHold(t *testing.T) {
	g := graphtest.Build(nil, "a\x01", "b")
	for _, f := range []Format{GraphML, GEXF} {
		require.ErrorIs(t, Encode(&bytes.Buffer{}, g, f, Style{}), ErrKey)
	}
	g = graphtest.Build(nil, "a\nb", "a b")
	require.ErrorIs(t, Encode(&bytes.Buffer{}, g, Pajek, Style{}), ErrKey)
	encode(t, g, GraphML, Style{})
}

// A label may be anything; only XML changes what it has no form for.
func TestLabelsAreHarmless(t *testing.T) {
	hostile := "\"><script>alert(1)</script>\x00\n]]>&amp;"
	g := graphtest.Build(nil, "a")
	s := Style{Name: hostile, Labels: graph.NewValues(g, []string{hostile}), Facts: []Fact{{hostile, hostile, true}}}
	for _, f := range []Format{GraphML, GEXF} {
		text := encode(t, g, f, s)
		assert.NotContains(t, text, "<script>")
		require.NoError(t, wellFormed(text))
	}
	r, err := read(NodeLink, encode(t, g, NodeLink, s))
	require.NoError(t, err)
	assert.Equal(t, hostile, r.nodes[0]["label"])
}

func TestFormulasAreDisarmed(t *testing.T) {
	g := graphtest.Build([]graphtest.Edge{{From: "=cmd()", To: "+B", Weight: 1}})
	assert.Equal(t, "source,target,weight\n'=cmd(),'+B,1\n", encode(t, g, EdgeList, Style{}))
}

func TestParseFormat(t *testing.T) {
	for s, want := range map[string]Format{
		"graphml": GraphML, "GEXF": GEXF, "pajek": Pajek, "nodelink": NodeLink, "csv": EdgeList,
		"a/flows.GraphML": GraphML, "x.gexf": GEXF, "x.net": Pajek, "x.json": NodeLink, ".csv": EdgeList,
	} {
		f, err := ParseFormat(s)
		require.NoError(t, err)
		assert.Equal(t, want, f)
		back, err := ParseFormat(f.String())
		require.NoError(t, err)
		assert.Equal(t, f, back)
	}
	for _, s := range []string{"", "xml", "flows", "flows.graphml.gz"} {
		_, err := ParseFormat(s)
		require.Error(t, err, s)
	}
	assert.Equal(t, "Format(7)", Format(7).String())
}

// Every format gives back the nodes and weights of every standard graph, bit by
// bit, and of graphs with extreme weights.
func TestRoundTrip(t *testing.T) {
	for _, c := range slices.Concat(graphtest.Standard(), graphtest.Hard()) {
		for _, f := range all {
			t.Run(c.Name+"/"+f.String(), func(t *testing.T) { checkSame(t, c.Graph, f, encode(t, c.Graph, f, Style{})) })
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		g := graphtest.Small(rapid.Uint64().Draw(t, "seed"))
		for _, f := range all {
			checkSame(t, g, f, encode(t, g, f, Style{}))
		}
	})
}

func checkSame(t require.TestingT, g *graph.Digraph, f Format, text string) {
	r, err := read(f, text)
	require.NoError(t, err)
	if f != EdgeList {
		require.Len(t, r.nodes, g.Len())
		for i, key := range g.Keys() {
			require.Equal(t, key, r.nodes[i]["name"])
		}
	}
	require.Len(t, r.edges, g.Size())
	i := 0
	for e := range g.Edges() {
		w, err := strconv.ParseFloat(r.edges[i]["weight"], 64)
		require.NoError(t, err)
		require.Equal(t, []any{g.Key(e.From), g.Key(e.To), e.Weight}, []any{r.edges[i]["source"], r.edges[i]["target"], w})
		i++
	}
}

func TestGolden(t *testing.T) {
	style := func(g *graph.Digraph) Style {
		names := make([]string, g.Len())
		for i, key := range g.Keys() {
			names[i] = "Node " + key
		}
		return Style{Name: "golden", Labels: graph.NewValues(g, names), Facts: []Fact{{"unit", "journeys", true}}}
	}
	for _, c := range graphtest.Standard() {
		if !slices.Contains([]string{"empty", "loops only", "two blocks"}, c.Name) {
			continue
		}
		for _, f := range all {
			path := filepath.Join("testdata", strings.ReplaceAll(c.Name, " ", "-")+formats[f].extension)
			got := encode(t, c.Graph, f, style(c.Graph))
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(got), 0o600))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, string(want), got, path)
		}
	}
}

// What stands on a single spot stands in the middle, and the largest numbers
// do not overflow.
func TestPajekPlaces(t *testing.T) {
	g := graphtest.Build(nil, "a", "b", "c")
	for _, c := range []struct {
		at   []Place
		want []string
	}{
		{[]Place{{5, 5}, {5, 5}, {5, 5}}, []string{"0.5", "0.5", "0.5", "0.5", "0.5", "0.5"}},
		{[]Place{{-math.MaxFloat64, 0}, {math.MaxFloat64, 0}, {0, 0}}, []string{"0", "0.5", "1", "0.5", "0.5", "0.5"}},
		{[]Place{{0, 0}, {0, 4}, {1, 3}}, []string{"0.375", "1", "0.375", "0", "0.625", "0.25"}},
	} {
		r, err := read(Pajek, encode(t, g, Pajek, Style{Places: graph.NewValues(g, c.at)}))
		require.NoError(t, err)
		var got []string
		for _, n := range r.nodes {
			got = append(got, n["x"], n["y"])
		}
		assert.Equal(t, c.want, got)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("full")

func TestErrorOfTheWriter(t *testing.T) {
	for _, f := range all {
		require.ErrorIs(t, Encode(full{}, graphtest.Random(1, 2000, 3), f, Style{}), errFull)
	}
}

func wellFormed(text string) error {
	return xml.Unmarshal([]byte(text), new(struct{}))
}

// FuzzEncode writes any key, label and weight and reads them back.
func FuzzEncode(f *testing.F) {
	f.Add("A", "B", "label", 1.5)
	f.Add(`"><script>`, "=cmd()", "\x00", 1e300)
	f.Add(`a\`, "\t'=\n", "]]>", 5e-324)
	f.Fuzz(func(t *testing.T, from, to, label string, weight float64) {
		var b graph.Builder
		if b.AddEdge(from, to, weight) != nil {
			return
		}
		g := b.Build()
		s := Style{
			Labels: graph.NewValues(g, slices.Repeat([]string{label}, g.Len())),
			Facts:  []Fact{{"fact", label, true}},
		}
		for _, format := range all {
			var out bytes.Buffer
			err := Encode(&out, g, format, s)
			if errors.Is(err, ErrKey) {
				continue
			}
			require.NoError(t, err)
			r, err := read(format, out.String())
			require.NoError(t, err)
			require.Len(t, r.edges, 1)
			w, err := strconv.ParseFloat(r.edges[0]["weight"], 64)
			require.NoError(t, err)
			require.Equal(t, weight, w)
			if format == GraphML || format == GEXF || format == NodeLink {
				require.Equal(t, []string{from, to}, []string{r.edges[0]["source"], r.edges[0]["target"]})
			}
		}
	})
}
