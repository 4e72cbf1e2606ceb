// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
)

// Style says what is written beside nodes, edges and weights. The zero value
// adds nothing. Values that are given must belong to the nodes of the graph.
type Style struct {
	Name    string               // of the graph; may be empty
	Facts   []Fact               // about the graph as a whole, in this order
	Labels  graph.Values[string] // text of each node; without it the key
	Groups  graph.Values[string] // group of each node; "" for a node without one
	Places  graph.Values[Place]  // where each node is
	Texts   []Texts              // further values of nodes
	Numbers []Numbers            // further values of nodes, which are numbers

	// Bounds says what is known of the weight of each edge, in the order of
	// Digraph.Edges. Without it all weights are exact, and bounds are not written.
	Bounds []Bounds
	// WeightRule names the rule by which the graph has a weight for edges of
	// which only bounds are known, such as "lower bound". It is written as a fact.
	// Without it such weights are no more than a stand-in, and are left out.
	WeightRule string
}

// Fact is something about a graph as a whole, such as what its weights count.
type Fact struct {
	Name, Value string
	OnEdges     bool // repeated on every row in an edge list, which has no other place for it
}

// Place is where a node is, in any unit, y upward. A node with NaN in it has
// no place.
type Place struct{ X, Y float64 }

// Texts is a named text of each node; "" where there is none.
type Texts struct {
	Name   string
	Values graph.Values[string]
}

// Numbers is a named number of each node; NaN where it is not known.
type Numbers struct {
	Name   string
	Values graph.Values[float64]
}

// Bounds is what is known of a weight: it lies between Lower and Upper, both
// included, and is known if they are equal. Upper is +Inf where nothing limits
// it. State is a word for it, such as "suppressed".
type Bounds struct {
	Lower, Upper float64
	State        string
}

// The conditions that the errors of [Encode] wrap.
var (
	// ErrStyle says that a Style has values of another graph, a number that is
	// infinite or negative where that has no meaning, or a name twice.
	ErrStyle = errors.New("unusable style")
	// ErrWeight says that a format has no form for a weight that is not known.
	ErrWeight = errors.New("weight not known")
	// ErrKey says that a format has no form for the key of a node, or the same
	// for two keys.
	ErrKey = errors.New("key cannot be written")
)

// The names of the columns that are not the caller's.
const (
	nameColumn   = "name"
	labelColumn  = "label"
	groupColumn  = "group"
	xColumn      = "x"
	yColumn      = "y"
	weightColumn = "weight"
	lowerColumn  = "lower"
	upperColumn  = "upper"
	stateColumn  = "state"
	ruleFact     = "weight_rule"
)

// column is an attribute of nodes or edges. Either text or number is set; a
// value that is "" or NaN is left out.
type column struct {
	name   string
	text   func(i int) string
	number func(i int) float64
}

func textColumn(name string, values []string) column {
	return column{name: name, text: func(i int) string { return values[i] }}
}

func numberColumn(name string, of func(i int) float64) column { return column{name: name, number: of} }

// value gives the text of a value; false if there is none.
func (c column) value(i int) (string, bool) {
	if c.text != nil {
		s := c.text(i)
		return s, s != ""
	}
	x := c.number(i)
	return number(x), !math.IsNaN(x)
}

// kind is the name of the type, the same in GraphML and GEXF.
func (c column) kind() string {
	if c.text != nil {
		return "string"
	}
	return "double"
}

// written is a graph with its style checked and laid out.
type written struct {
	g     *graph.Digraph
	s     Style
	nodes []column // without name and label
	edges []column // without weight; by index of edges
	links []graph.Edge
}

// prepare checks a style.
func prepare(g *graph.Digraph, s Style) (*written, error) {
	w := &written{g: g, s: s, links: slices.Collect(g.Edges())}
	if s.Labels.Len() > 0 && !s.Labels.Belongs(g) {
		return nil, fmt.Errorf("%w: labels of another graph", ErrStyle)
	}
	if s.WeightRule != "" {
		w.s.Facts = append(slices.Clone(s.Facts), Fact{Name: ruleFact, Value: s.WeightRule, OnEdges: true})
	}
	if err := w.addNodes(); err != nil {
		return nil, err
	}
	if err := w.addEdges(); err != nil {
		return nil, err
	}
	seen := []string{nameColumn, labelColumn}
	for _, c := range w.nodes {
		if c.name == "" || slices.Contains(seen, c.name) {
			return nil, fmt.Errorf("%w: %q is the name of no or of two values of nodes", ErrStyle, c.name)
		}
		seen = append(seen, c.name)
	}
	seen = []string{""}
	if s.Name != "" {
		seen = append(seen, nameColumn)
	}
	for _, f := range w.s.Facts {
		if slices.Contains(seen, f.Name) {
			return nil, fmt.Errorf("%w: %q is the name of no or of two facts", ErrStyle, f.Name)
		}
		seen = append(seen, f.Name)
	}
	return w, nil
}

func (w *written) addNodes() error {
	g, s := w.g, w.s
	if s.Groups.Len() > 0 {
		if !s.Groups.Belongs(g) {
			return fmt.Errorf("%w: groups of another graph", ErrStyle)
		}
		w.nodes = append(w.nodes, textColumn(groupColumn, s.Groups.Slice()))
	}
	if s.Places.Len() > 0 {
		if !s.Places.Belongs(g) {
			return fmt.Errorf("%w: places of another graph", ErrStyle)
		}
		places := s.Places.Slice()
		for i, p := range places {
			if math.IsInf(p.X, 0) || math.IsInf(p.Y, 0) || math.IsNaN(p.X) != math.IsNaN(p.Y) {
				return fmt.Errorf("%w: place %v of node %q", ErrStyle, p, g.Key(i))
			}
		}
		w.nodes = append(w.nodes, numberColumn(xColumn, func(i int) float64 { return places[i].X }),
			numberColumn(yColumn, func(i int) float64 { return places[i].Y }))
	}
	for _, t := range s.Texts {
		if !t.Values.Belongs(g) {
			return fmt.Errorf("%w: %s of another graph", ErrStyle, t.Name)
		}
		w.nodes = append(w.nodes, textColumn(t.Name, t.Values.Slice()))
	}
	for _, v := range s.Numbers {
		if !v.Values.Belongs(g) {
			return fmt.Errorf("%w: %s of another graph", ErrStyle, v.Name)
		}
		values := v.Values.Slice()
		if i := slices.IndexFunc(values, func(x float64) bool { return math.IsInf(x, 0) }); i >= 0 {
			return fmt.Errorf("%w: %s of node %q is infinite", ErrStyle, v.Name, g.Key(i))
		}
		w.nodes = append(w.nodes, numberColumn(v.Name, func(i int) float64 { return values[i] }))
	}
	return nil
}

func (w *written) addEdges() error {
	b := w.s.Bounds
	if b == nil {
		return nil
	}
	if len(b) != len(w.links) {
		return fmt.Errorf("%w: %d bounds for %d edges", ErrStyle, len(b), len(w.links))
	}
	for i, x := range b {
		if !(x.Lower >= 0 && x.Lower <= x.Upper && x.Lower <= math.MaxFloat64) {
			return fmt.Errorf("%w: bounds %v and %v of the edge from %q to %q", ErrStyle, x.Lower, x.Upper, w.from(i), w.to(i))
		}
	}
	w.edges = []column{
		numberColumn(lowerColumn, func(i int) float64 { return b[i].Lower }),
		numberColumn(upperColumn, func(i int) float64 {
			if math.IsInf(b[i].Upper, 1) {
				return math.NaN()
			}
			return b[i].Upper
		}),
		{name: stateColumn, text: func(i int) string { return b[i].State }},
	}
	return nil
}

func (w *written) from(i int) string { return w.g.Key(w.links[i].From) }
func (w *written) to(i int) string   { return w.g.Key(w.links[i].To) }

// weight gives the weight of an edge; false if it is not known.
func (w *written) weight(i int) (float64, bool) {
	if b := w.s.Bounds; b != nil && b[i].Lower < b[i].Upper && w.s.WeightRule == "" {
		return 0, false
	}
	return w.links[i].Weight, true
}

// weighed refuses a graph with a weight that is not known, for formats in which
// a missing weight means 1.
func (w *written) weighed(f Format) error {
	for i := range w.links {
		if _, ok := w.weight(i); !ok {
			b := w.s.Bounds[i]
			return fmt.Errorf("%w: the edge from %q to %q lies between %v and %v, and in %v a missing weight means 1", ErrWeight, w.from(i), w.to(i), b.Lower, b.Upper, f)
		}
	}
	return nil
}

// label gives the text of a node.
func (w *written) label(i int) string {
	if w.s.Labels.Len() > 0 {
		return cmp.Or(w.s.Labels.Slice()[i], w.g.Key(i))
	}
	return w.g.Key(i)
}
