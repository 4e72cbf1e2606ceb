// SPDX-License-Identifier: Apache-2.0

package dot

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"github.com/oncoref/oncoref/graph"
)

// Style says how [Encode] draws a graph. The zero value draws every node with
// its key, every edge, and edges wider the heavier they are. Values that are
// given must belong to the nodes of the graph.
type Style struct {
	Name      string                // name of the graph; may be empty
	Labels    graph.Values[string]  // text of each node; without it the key
	Groups    graph.Values[int]     // group of each node, shown by shape and color; without it all are alike
	Sizes     graph.Values[float64] // size of each node, shown by area; without it all are alike
	OmitLoops bool                  // self loops are not drawn
	MaxEdge   float64               // width of the heaviest edge, in points; 0 means 4
	MaxEdges  int                   // most edges to write; 0 means 20000, which no layout draws legibly
}

const (
	defaultMaxEdge  = 4
	defaultMaxEdges = 20000
	minEdge         = 0.5 // width of the lightest edge, in points
	maxDiameter     = 1.0 // of the largest node, in inches
	minDiameter     = 0.1 // of the smallest node, in inches
)

// The conditions that the errors of [Encode] wrap.
var (
	// ErrTooManyEdges says that a graph has more edges than Style.MaxEdges.
	ErrTooManyEdges = errors.New("too many edges to draw")
	// ErrStyle says that a Style has a width or size that is negative,
	// infinite or NaN, or values of another graph.
	ErrStyle = errors.New("unusable style")
)

// shapes and colors tell groups apart, together: their numbers have no common
// divisor, so that 40 groups differ. The colors are those of Okabe and Ito,
// which hold for color-blind readers.
var (
	shapes = [...]string{"ellipse", "box", "hexagon", "octagon", "diamond"}
	colors = [...]string{"#56B4E9", "#E69F00", "#009E73", "#F0E442", "#CC79A7", "#D55E00", "#0072B2", "#FFFFFF"}
)

// Encode writes g as DOT text. The ID of a node is its key as [Label] writes
// it. Nodes and edges come in index order and numbers with six digits, so that
// the same graph and style give the same bytes. Encode does not lay out the
// graph.
//
// Self loops are drawn unless the style omits them; isolated nodes are drawn.
// The area of a node is proportional to its size down to a smallest diameter,
// and the width of an edge to its weight down to a smallest width.
//
// The error wraps [ErrTooManyEdges] or [ErrStyle], or comes from w.
//
// Time and memory O(n + m), for n nodes and m edges.
func Encode(w io.Writer, g *graph.Digraph, s Style) error {
	d, err := document(g, s)
	if err != nil {
		return fmt.Errorf("dot: %w", err)
	}
	_, err = d.WriteTo(w)
	return err
}

func document(g *graph.Digraph, s Style) (*Document, error) {
	if s.OmitLoops {
		g = g.Loopless()
	}
	if limit := orDefault(s.MaxEdges, defaultMaxEdges); g.Size() > limit {
		return nil, fmt.Errorf("%w: %d, at most %d: draw a part of the graph (Subgraph, Contract) or raise MaxEdges", ErrTooManyEdges, g.Size(), limit)
	}
	d := &Document{Name: Label(s.Name)}
	if err := addNodes(d, g, s); err != nil {
		return nil, err
	}
	if err := addEdges(d, g, orDefault(s.MaxEdge, defaultMaxEdge)); err != nil {
		return nil, err
	}
	return d, nil
}

func addNodes(d *Document, g *graph.Digraph, s Style) error {
	labels, err := given("labels", s.Labels, g)
	if err != nil {
		return err
	}
	groups, err := given("groups", s.Groups, g)
	if err != nil {
		return err
	}
	sizes, err := given("sizes", s.Sizes, g)
	if err != nil {
		return err
	}
	largest := 0.0
	for i, x := range sizes {
		if !(x >= 0 && x <= math.MaxFloat64) {
			return fmt.Errorf("%w: size %v of node %q is not a finite number from 0", ErrStyle, x, g.Key(i))
		}
		largest = max(largest, x)
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(groups)))
	if len(groups) > 0 {
		d.NodeAttrs = append(d.NodeAttrs, Attr{"style", "filled"})
	}
	if len(sizes) > 0 {
		d.NodeAttrs = append(d.NodeAttrs, Attr{"fixedsize", "shape"})
	}
	for i, key := range g.Keys() {
		n := Node{ID: Label(key)}
		if len(labels) > 0 {
			n.Attrs = append(n.Attrs, Attr{"label", shown(labels[i])})
		}
		if len(groups) > 0 {
			k, _ := slices.BinarySearch(distinct, groups[i])
			n.Attrs = append(n.Attrs, Attr{"shape", shapes[k%len(shapes)]}, Attr{"fillcolor", colors[k%len(colors)]})
		}
		if len(sizes) > 0 {
			d := minDiameter
			if largest > 0 {
				d = max(d, maxDiameter*math.Sqrt(sizes[i]/largest))
			}
			n.Attrs = append(n.Attrs, Attr{"width", number(d)}, Attr{"height", number(d)})
		}
		d.Nodes = append(d.Nodes, n)
	}
	return nil
}

// shown returns text as a label. An empty label would make Graphviz show the
// name of the node instead.
func shown(text string) string {
	if text == "" {
		return " "
	}
	return Label(text)
}

func addEdges(d *Document, g *graph.Digraph, width float64) error {
	if !(width > 0 && width <= math.MaxFloat64) {
		return fmt.Errorf("%w: edge width %v is not a finite number above 0", ErrStyle, width)
	}
	heaviest := 0.0
	for e := range g.Edges() {
		heaviest = max(heaviest, e.Weight)
	}
	for e := range g.Edges() {
		pen := max(width*(e.Weight/heaviest), min(minEdge, width))
		d.Edges = append(d.Edges, Edge{Label(g.Key(e.From)), Label(g.Key(e.To)), []Attr{{"penwidth", number(pen)}}})
	}
	return nil
}

// given returns the values of v, none if v was not set.
func given[T any](what string, v graph.Values[T], g *graph.Digraph) ([]T, error) {
	if v.Len() != 0 && !v.Belongs(g) {
		return nil, fmt.Errorf("%w: %s of another graph", ErrStyle, what)
	}
	return v.Slice(), nil
}

func orDefault[T int | float64](x, standard T) T {
	if x == 0 {
		return standard
	}
	return x
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
