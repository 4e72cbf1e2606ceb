// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/oncoref/oncoref/graph/dot"
)

// fontFamily is what a viewer of an SVG tries in turn: the first three have
// the same letter widths, so that labels stay where they were measured.
const fontFamily = "Liberation Sans,Arial,Helvetica,sans-serif"

// Point is a place in a Drawing, in points of 1/72 inch, with the origin in
// the lower left corner and y growing upward.
type Point struct{ X, Y float64 }

// Dash is the pattern of a stroke.
type Dash uint8

// The patterns of a stroke.
const (
	Solid Dash = iota
	Dashed
	Dotted
)

func (d Dash) style() string { return [...]string{"solid", "dashed", "dotted"}[d] }

// Align says which point of a text is pinned.
type Align int8

// The alignments of a text.
const (
	Left   Align = -1
	Center Align = 0
	Right  Align = 1
)

// Stroke is how a line looks. Color is "#rrggbb" or "#rrggbbaa"; the empty
// color draws nothing. Width is in points.
type Stroke struct {
	Color string
	Width float64
	Dash  Dash
}

// Shape is a polygon or an open line of the background. A shape with a Fill
// is closed. A Curved shape reads its points as cubic Bézier pieces: a start
// and three points for each piece.
//
// A shape with an ID has an element of its own in an SVG besides, which is not
// seen: the box around its points, above everything that has no ID, with its
// Tooltip. A Tooltip needs an ID.
type Shape struct {
	ID      string
	Points  []Point
	Fill    string
	Stroke  Stroke
	Curved  bool
	Tooltip string
}

// Text is one line of text whose baseline is pinned at At. Size is the font
// size in points. A text with an ID is an element of its own in an SVG, with
// its Tooltip; without one it belongs to the background.
type Text struct {
	ID      string
	At      Point
	Align   Align
	Text    string
	Size    float64
	Bold    bool
	Color   string
	Tooltip string
}

// Disc is a circle. Discs are drawn above arrows, in their order.
type Disc struct {
	ID      string
	Center  Point
	Radius  float64
	Fill    string // empty: not filled
	Stroke  Stroke
	Text    string // one line in the middle; may be empty
	Size    float64
	Color   string // of the text
	Tooltip string
}

// Arrow is a curve from one disc to another. Points are the curve's cubic
// Bézier points, a start and three for each piece. With a Head the arrow's
// tip is at Tip and the last of Points is where the head begins; without one
// (Head 0) the arrow is a plain curve. Head is the length of the arrow head
// in points.
type Arrow struct {
	From, To string
	Points   []Point
	Tip      Point
	Head     float64
	Stroke   Stroke
	Tooltip  string
}

// Drawing is a picture in which every element has its place; Graphviz is not
// asked for a layout, only to draw. The background comes first, in the order
// of Shapes and then Texts without ID, then arrows, then the unseen boxes of
// shapes with an ID, then discs, then texts with an ID.
type Drawing struct {
	Name          string // of the picture, without layout meaning
	Width, Height float64
	Shapes        []Shape
	Arrows        []Arrow
	Discs         []Disc
	Texts         []Text
}

// ErrDrawing is matched by errors of Drawing.DOT about elements that cannot
// be drawn: a size that is not positive, a coordinate that is not finite, an
// arrow between unknown discs, an ID that is empty or used twice.
var ErrDrawing = errors.New("drawing cannot be drawn")

// DOT gives the picture as DOT text for the layout Pinned. The same drawing
// gives the same bytes. It returns an error matching ErrDrawing if an element
// cannot be drawn. Time and memory O(size of the drawing).
func (d *Drawing) DOT() ([]byte, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	doc := dot.Document{Name: d.Name}
	doc.Attrs = []dot.Attr{
		{Name: "bb", Value: fmt.Sprintf("0,0,%s,%s", num(d.Width), num(d.Height))},
		{Name: "pad", Value: "0"}, {Name: "margin", Value: "0"},
		{Name: "outputorder", Value: "edgesfirst"},
		{Name: "fontname", Value: fontFamily},
		{Name: "_background", Value: d.background()},
	}
	doc.NodeAttrs = []dot.Attr{
		{Name: "fixedsize", Value: "true"}, {Name: "fontname", Value: fontFamily},
		{Name: "shape", Value: "circle"}, {Name: "margin", Value: "0"}, {Name: "label", Value: " "},
	}
	for _, s := range d.Shapes {
		if s.ID != "" {
			doc.Nodes = append(doc.Nodes, s.node())
		}
	}
	for _, c := range d.Discs {
		doc.Nodes = append(doc.Nodes, c.node())
	}
	for i, t := range d.Texts {
		if !t.background() {
			doc.Nodes = append(doc.Nodes, t.node(i))
		}
	}
	for _, a := range d.Arrows {
		doc.Edges = append(doc.Edges, a.edges()...)
	}
	var b bytes.Buffer
	_, err := doc.WriteTo(&b)
	return b.Bytes(), err
}

func (d *Drawing) check() error {
	fail := func(format string, a ...any) error {
		return fmt.Errorf("%w: %s", ErrDrawing, fmt.Sprintf(format, a...))
	}
	if !(d.Width > 0) || !(d.Height > 0) || !finite(d.Width, d.Height) {
		return fail("size %g by %g points", d.Width, d.Height)
	}
	ids := map[string]bool{}
	use := func(id string) error {
		if id == "" || ids[id] {
			return fail("ID %q is empty or used twice", id)
		}
		ids[id] = true
		return nil
	}
	for i, s := range d.Shapes {
		if !finitePoints(s.Points) {
			return fail("shape %d has a coordinate that is not finite", i)
		}
		if s.Curved && len(s.Points)%3 != 1 {
			return fail("curved shape %d has %d points, not 1 + 3k", i, len(s.Points))
		}
		switch {
		case s.ID == "" && s.Tooltip != "":
			return fail("shape %d has a tooltip and no ID", i)
		case s.ID != "" && len(s.Points) == 0:
			return fail("shape %q has no points", s.ID)
		case s.ID != "":
			if err := use(s.ID); err != nil {
				return err
			}
		}
	}
	for _, c := range d.Discs {
		if err := use(c.ID); err != nil {
			return err
		}
		if !finite(c.Center.X, c.Center.Y, c.Radius) || c.Radius <= 0 {
			return fail("disc %q has radius %g at %g, %g", c.ID, c.Radius, c.Center.X, c.Center.Y)
		}
	}
	for _, a := range d.Arrows {
		if !ids[a.From] || !ids[a.To] {
			return fail("arrow from %q to %q: no such disc", a.From, a.To)
		}
		if len(a.Points) < 4 || len(a.Points)%3 != 1 || !finitePoints(a.Points) || !finite(a.Tip.X, a.Tip.Y) {
			return fail("arrow from %q to %q has points that make no curve", a.From, a.To)
		}
	}
	for i, t := range d.Texts {
		if !t.background() {
			if err := use(t.name(i)); err != nil {
				return err
			}
		}
		if !finite(t.At.X, t.At.Y, t.Size) || !utf8.ValidString(t.Text) {
			return fail("text %q", t.Text)
		}
	}
	return nil
}

// unseen is a color that is not seen but can be pointed at.
const unseen = "#ffffff00"

// node makes the box of a shape that can be pointed at, of at least a point in
// both directions.
func (s Shape) node() dot.Node {
	lo, hi := s.Points[0], s.Points[0]
	for _, p := range s.Points {
		lo = Point{math.Min(lo.X, p.X), math.Min(lo.Y, p.Y)}
		hi = Point{math.Max(hi.X, p.X), math.Max(hi.Y, p.Y)}
	}
	return withTooltip(dot.Node{ID: s.ID, Attrs: []dot.Attr{
		{Name: "pos", Value: at(Point{(lo.X + hi.X) / 2, (lo.Y + hi.Y) / 2})}, {Name: "shape", Value: "box"},
		{Name: "width", Value: inInches(math.Max(hi.X-lo.X, 1))}, {Name: "height", Value: inInches(math.Max(hi.Y-lo.Y, 1))},
		{Name: "style", Value: "filled"}, {Name: "fillcolor", Value: unseen}, {Name: "color", Value: unseen}, {Name: "penwidth", Value: "0"},
	}}, s.Tooltip)
}

func (c Disc) node() dot.Node {
	n := dot.Node{ID: c.ID, Attrs: []dot.Attr{
		{Name: "pos", Value: at(c.Center)},
		{Name: "width", Value: inInches(2 * c.Radius)}, {Name: "height", Value: inInches(2 * c.Radius)},
	}}
	style := c.Stroke.Dash.style()
	if c.Fill != "" {
		style += ",filled"
		n.Attrs = append(n.Attrs, dot.Attr{Name: "fillcolor", Value: c.Fill})
	}
	stroke := c.Stroke.Color
	if stroke == "" {
		stroke = "#00000000"
	}
	n.Attrs = append(n.Attrs, dot.Attr{Name: "style", Value: style}, dot.Attr{Name: "color", Value: stroke},
		dot.Attr{Name: "penwidth", Value: num(c.Stroke.Width)})
	if c.Text != "" {
		n.Attrs = append(n.Attrs, dot.Attr{Name: "label", Value: dot.Label(c.Text)},
			dot.Attr{Name: "fontsize", Value: num(c.Size)}, dot.Attr{Name: "fontcolor", Value: c.Color})
	}
	return withTooltip(n, c.Tooltip)
}

// background reports whether a text is drawn among the shapes. Graphviz reads
// backslashes there in ways that depend on what follows, so a text with one
// is drawn as an element of its own.
func (t Text) background() bool { return t.ID == "" && !strings.Contains(t.Text, `\`) }

// name is the ID of text i as an element.
func (t Text) name(i int) string {
	if t.ID != "" {
		return t.ID
	}
	return fmt.Sprintf("text %d", i)
}

// node makes a text of its own. Graphviz centers the label at the position,
// so the anchor is moved by the text's measured width and the distance of the
// baseline from the middle.
func (t Text) node(i int) dot.Node {
	w := TextWidth(t.Text, t.Size, t.Bold)
	c := Point{t.At.X - float64(t.Align)*w/2, t.At.Y + baseline*t.Size}
	n := dot.Node{ID: t.name(i), Attrs: []dot.Attr{
		{Name: "pos", Value: at(c)}, {Name: "shape", Value: "plain"},
		{Name: "width", Value: inInches(w)}, {Name: "height", Value: inInches(t.Size)},
		{Name: "label", Value: dot.Label(t.Text)}, {Name: "fontsize", Value: num(t.Size)}, {Name: "fontcolor", Value: t.Color},
	}}
	if t.Bold {
		n.Attrs = append(n.Attrs, dot.Attr{Name: "fontname", Value: boldFamily})
	}
	return withTooltip(n, t.Tooltip)
}

// baseline is how far Graphviz puts the baseline of a centered single line
// below its center, as a share of the font size.
const baseline = 0.3

// raise is how far Graphviz lifts a text of the background above its stated
// baseline, as a share of the font size.
const raise = 0.1

// boldFamily is the name by which Graphviz knows bold text; in an SVG it
// becomes a family and a weight.
const boldFamily = "Helvetica-Bold"

func withTooltip(n dot.Node, tip string) dot.Node {
	if tip != "" {
		n.Attrs = append(n.Attrs, dot.Attr{Name: "tooltip", Value: dot.Label(tip)})
	}
	return n
}

// thickShaft is the width of stroke from which an arrow head is drawn by an
// edge of its own, because Graphviz strokes the outline of a head as thickly
// as the shaft and so blunts it.
const thickShaft = 2

func (a Arrow) edges() []dot.Edge {
	if a.Head > 0 && a.Stroke.Width > thickShaft {
		shaft, head := a, a
		shaft.Head = 0
		neck := a.Points[len(a.Points)-1]
		head.Points = []Point{neck, neck, neck, neck}
		head.Stroke = Stroke{Color: a.Stroke.Color, Width: 0.5}
		return []dot.Edge{shaft.edge(), head.edge()}
	}
	return []dot.Edge{a.edge()}
}

func (a Arrow) edge() dot.Edge {
	var b strings.Builder
	if a.Head > 0 {
		b.WriteString("e," + at(a.Tip) + " ")
	}
	for i, p := range a.Points {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(at(p))
	}
	e := dot.Edge{From: a.From, To: a.To, Attrs: []dot.Attr{
		{Name: "pos", Value: b.String()}, {Name: "color", Value: a.Stroke.Color},
		{Name: "penwidth", Value: num(a.Stroke.Width)}, {Name: "style", Value: a.Stroke.Dash.style()},
	}}
	if a.Head > 0 {
		e.Attrs = append(e.Attrs, dot.Attr{Name: "arrowsize", Value: num(a.Head / 10)})
	} else {
		e.Attrs = append(e.Attrs, dot.Attr{Name: "dir", Value: "none"})
	}
	if a.Tooltip != "" {
		e.Attrs = append(e.Attrs, dot.Attr{Name: "tooltip", Value: dot.Label(a.Tooltip)})
	}
	return e
}

// background writes shapes and texts as xdot operations. The first polygon
// covers the page, which also fixes the size of the picture.
func (d *Drawing) background() string {
	var x xdot
	page := []Point{{0, 0}, {d.Width, 0}, {d.Width, d.Height}, {0, d.Height}}
	x.shape(Shape{Points: page, Fill: "#ffffff"})
	for _, s := range d.Shapes {
		x.shape(s)
	}
	for _, t := range d.Texts {
		if t.background() {
			x.text(t)
		}
	}
	return strings.TrimSpace(x.String())
}

// xdot collects Graphviz drawing operations.
type xdot struct{ strings.Builder }

func (x *xdot) quoted(op, s string) { fmt.Fprintf(x, "%s %d -%s ", op, len(s), s) }

func (x *xdot) points(op string, p []Point) {
	fmt.Fprintf(x, "%s %d ", op, len(p))
	for _, q := range p {
		x.WriteString(num(q.X) + " " + num(q.Y) + " ")
	}
}

func (x *xdot) shape(s Shape) {
	stroke := s.Stroke.Color
	if stroke == "" {
		stroke = "#00000000"
	}
	x.quoted("c", stroke)
	x.quoted("S", "setlinewidth("+num(s.Stroke.Width)+")")
	x.quoted("S", s.Stroke.Dash.style())
	if s.Fill != "" {
		x.quoted("C", s.Fill)
	}
	switch {
	case s.Curved && s.Fill != "":
		x.points("b", s.Points)
	case s.Curved:
		x.points("B", s.Points)
	case s.Fill != "":
		x.points("P", s.Points)
	default:
		x.points("L", s.Points)
	}
}

func (x *xdot) text(t Text) {
	weight := 0
	if t.Bold {
		weight = 1
	}
	fmt.Fprintf(x, "F %s %d -%s t %d ", num(t.Size), len(fontFamily), fontFamily, weight)
	x.quoted("c", t.Color)
	fmt.Fprintf(x, "T %s %s %d %s ", num(t.At.X), num(t.At.Y-raise*t.Size), t.Align, num(TextWidth(t.Text, t.Size, t.Bold)))
	fmt.Fprintf(x, "%d -%s ", len(t.Text), t.Text)
}

func at(p Point) string { return num(p.X) + "," + num(p.Y) }

// num writes a coordinate to a hundredth of a point, without an exponent.
func num(v float64) string {
	s := strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
	if s == "-0" {
		return "0"
	}
	return s
}

// inInches writes a length in points as Graphviz wants it, to a thousandth of a
// point.
func inInches(points float64) string {
	return strconv.FormatFloat(math.Round(points/72*1e5)/1e5, 'f', -1, 64)
}

func finite(v ...float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

func finitePoints(p []Point) bool {
	for _, q := range p {
		if !finite(q.X, q.Y) {
			return false
		}
	}
	return true
}
