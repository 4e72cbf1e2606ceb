// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"encoding/json"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A scene is Graphviz's json output so far as painting needs it. Positions are
// in points with y growing upward.
type scene struct {
	Box         string `json:"bb"`
	Pad         string `json:"pad"`
	Margin      string `json:"margin"`
	Size        string `json:"size"`
	Background  string `json:"bgcolor"`
	OutputOrder string `json:"outputorder"`
	Subgraphs   int    `json:"_subgraph_cnt"`
	element
	Objects []element   `json:"objects"` // subgraphs first, then nodes
	Edges   []sceneEdge `json:"edges"`
}

// An element has the operations of one subgraph, node or edge: its shape, its
// label, and for an edge its arrow heads and their labels.
type element struct {
	Draw      []operation `json:"_draw_"`
	Head      []operation `json:"_hdraw_"`
	Tail      []operation `json:"_tdraw_"`
	Label     []operation `json:"_ldraw_"`
	HeadLabel []operation `json:"_hldraw_"`
	TailLabel []operation `json:"_tldraw_"`
}

type sceneEdge struct {
	ID   int `json:"_gvid"`
	From int `json:"tail"`
	To   int `json:"head"`
	element
}

// An operation is one drawing step; which fields count depends on Op.
type operation struct {
	Op     string      `json:"op"`
	Color  string      `json:"color"`
	Grad   string      `json:"grad"`
	Stops  []stop      `json:"stops"`
	Style  string      `json:"style"`
	Points [][]float64 `json:"points"`
	Rect   []float64   `json:"rect"`
	At     []float64   `json:"pt"`
	Align  string      `json:"align"`
	Text   string      `json:"text"`
	Size   float64     `json:"size"`
	Face   string      `json:"face"`
	Flags  int         `json:"fontchar"`
}

type stop struct {
	Color string `json:"color"`
}

// page is the size of the picture in points and the way from Graphviz's
// coordinates to it.
type page struct {
	width, height float64
	left, top     float64 // Graphviz coordinates of the upper left corner
	scale         float64
	background    color.NRGBA // alpha 0: transparent
}

func (p page) at(x, y float64) point {
	return point{(x - p.left) * p.scale, (p.top - y) * p.scale}
}

// maxPage bounds the page to what a PDF may have: 200 inches.
const maxPage = 200 * 72

func readScene(raw []byte) (*scene, error) {
	s := new(scene)
	if err := json.Unmarshal(legalJSON(raw), s); err != nil {
		return nil, fmt.Errorf("%w: json of Graphviz: %w", ErrRender, err)
	}
	return s, nil
}

// legalJSON writes control characters, which Graphviz copies from labels and
// JSON forbids, as a space or, for the stand-in of a backslash, as an escape.
func legalJSON(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for _, c := range raw {
		switch {
		case c == backslash:
			out = append(out, `\u001a`...)
		case c < ' ' && c != '\n' && c != '\t' && c != '\r':
			out = append(out, ' ')
		default:
			out = append(out, c)
		}
	}
	return out
}

// page works out the page from the bounding box and the attributes that
// Graphviz's own SVG obeys: pad and margin (inches) and size (inches; with "!"
// small pictures are enlarged too).
func (s *scene) page() (page, error) {
	box, ok := numbers(s.Box)
	if !ok || len(box) != 4 {
		return page{}, fmt.Errorf("%w: bounding box %q", ErrRender, s.Box)
	}
	p := page{background: color.NRGBA{R: 0xff, G: 0xff, B: 0xff, A: 0xff}, scale: 1}
	padX, padY := inches(s.Pad, 4)
	marginX, marginY := inches(s.Margin, 0)
	padX, padY = padX+marginX, padY+marginY
	p.left, p.top = box[0]-padX, box[3]+padY
	p.width, p.height = box[2]-box[0]+2*padX, box[3]-box[1]+2*padY
	if w, h := inches(strings.TrimSuffix(s.Size, "!"), 0); w > 0 && h > 0 {
		k := min(w/p.width, h/p.height)
		if k < 1 || strings.HasSuffix(s.Size, "!") {
			p.scale, p.width, p.height = k, p.width*k, p.height*k
		}
	}
	if !(p.width >= 1 && p.height >= 1) {
		return page{}, fmt.Errorf("%w: picture of %g by %g points, at least 1 each", ErrRender, p.width, p.height)
	}
	if p.width > maxPage || p.height > maxPage {
		return page{}, fmt.Errorf("%w: picture of %.0f by %.0f points, at most %d each; set the attribute size",
			ErrTooLarge, p.width, p.height, maxPage)
	}
	switch {
	case s.Background == "transparent":
		p.background = color.NRGBA{}
	case s.Background != "" && len(s.Draw) > 1 && s.Draw[1].Op == "C":
		p.background = s.Draw[1].color()
	}
	// The first polygon is the box in the background color, without the
	// border around it.
	if i := slices.IndexFunc(s.Draw, func(o operation) bool { return o.Op == "P" }); i >= 0 && i <= 2 && isBox(s.Draw[i].Points, box) {
		s.Draw = slices.Delete(s.Draw, i, i+1)
	}
	return p, nil
}

func isBox(points [][]float64, box []float64) bool {
	if len(points) != 4 {
		return false
	}
	x, y := []float64{}, []float64{}
	for _, p := range points {
		if len(p) < 2 {
			return false
		}
		x, y = append(x, p[0]), append(y, p[1])
	}
	near := func(a, b float64) bool { return math.Abs(a-b) < 0.02 }
	return near(slices.Min(x), box[0]) && near(slices.Max(x), box[2]) && near(slices.Min(y), box[1]) && near(slices.Max(y), box[3])
}

// numbers reads finite numbers separated by commas.
func numbers(s string) ([]float64, bool) {
	var out []float64
	for t := range strings.SplitSeq(s, ",") {
		v, err := strconv.ParseFloat(strings.TrimSpace(t), 64)
		if err != nil || !finiteNumber(v) {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}

// inches reads "x" or "x,y" and returns points; absent points if s is neither.
func inches(s string, absent float64) (x, y float64) {
	v, ok := numbers(s)
	if !ok || len(v) > 2 || slices.Min(v) < 0 {
		return absent, absent
	}
	return 72 * v[0], 72 * v[len(v)-1]
}

// paint draws the scene in the order in which Graphviz draws: background,
// clusters, then nodes and edges as outputorder says.
func (s *scene) paint(c canvas, p page) {
	k := painter{canvas: c, page: p}
	k.element(&s.element)
	subgraphs := min(max(s.Subgraphs, 0), len(s.Objects))
	for i := range s.Objects[:subgraphs] {
		k.element(&s.Objects[i])
	}
	nodes := s.Objects[subgraphs:]
	slices.SortStableFunc(s.Edges, func(a, b sceneEdge) int { return a.ID - b.ID })
	switch s.OutputOrder {
	case "nodesfirst":
		k.nodes(nodes)
		k.edges(s.Edges)
	case "edgesfirst":
		k.edges(s.Edges)
		k.nodes(nodes)
	default:
		k.breadthFirst(nodes, subgraphs, s.Edges)
	}
}

type painter struct {
	canvas canvas
	page   page
	drawState
}

// drawState is what operations set for those that follow in the same list.
type drawState struct {
	line      color.NRGBA
	area      color.NRGBA
	width     float64
	style     string
	size      float64 // of text
	bold      bool    // of the font's name; flags come on top
	italic    bool
	flags     int
	invisible bool
}

func (k *painter) nodes(nodes []element) {
	for i := range nodes {
		k.element(&nodes[i])
	}
}

func (k *painter) edges(edges []sceneEdge) {
	for i := range edges {
		k.element(&edges[i].element)
	}
}

// breadthFirst is Graphviz's default: each node, then for each of its edges the
// other node and the edge.
func (k *painter) breadthFirst(nodes []element, first int, edges []sceneEdge) {
	out := make([][]int, len(nodes))
	for i := range edges {
		if t := edges[i].From - first; t >= 0 && t < len(nodes) {
			out[t] = append(out[t], i)
		}
	}
	done := make([]bool, len(nodes))
	node := func(i int) {
		if i >= 0 && i < len(nodes) && !done[i] {
			done[i] = true
			k.element(&nodes[i])
		}
	}
	for i := range nodes {
		node(i)
		for _, e := range out[i] {
			node(edges[e].To - first)
			k.element(&edges[e].element)
		}
	}
}

func (k *painter) element(e *element) {
	for _, list := range [...][]operation{e.Draw, e.Tail, e.Head, e.Label, e.HeadLabel, e.TailLabel} {
		k.drawState = drawState{line: color.NRGBA{A: 0xff}, area: color.NRGBA{A: 0xff}, width: 1, size: 14}
		for i := range list {
			k.operation(&list[i])
		}
	}
}

func (k *painter) operation(o *operation) {
	switch o.Op {
	case "c":
		k.line = o.color()
	case "C":
		k.area = o.color()
	case "S":
		k.setStyle(o.Style)
	case "F":
		k.size = o.Size
		k.bold, k.italic = faceStyle(o.Face)
	case "t":
		k.flags = o.Flags
	case "T":
		k.text(o)
	case "E", "e":
		if len(o.Rect) == 4 && allFinite(o.Rect) {
			s := k.page.scale
			k.shape(ellipse(k.page.at(o.Rect[0], o.Rect[1]), o.Rect[2]*s, o.Rect[3]*s), o.Op == "E")
		}
	case "P", "p":
		k.shape(polyline(k.points(o.Points), true), o.Op == "P")
	case "L":
		k.shape(polyline(k.points(o.Points), false), false)
	case "B", "b":
		k.shape(bezier(k.points(o.Points)), o.Op == "B")
	}
}

// color gives a gradient the color of its first stop.
func (o *operation) color() color.NRGBA {
	if o.Grad != "" && o.Grad != "none" && len(o.Stops) > 0 {
		return parseColor(o.Stops[0].Color)
	}
	return parseColor(o.Color)
}

func (k *painter) setStyle(s string) {
	switch {
	case s == "bold":
		k.width = 2
	case s == "solid", s == "dashed", s == "dotted":
		k.style = s
	case s == "invis", s == "invisible":
		k.invisible = true
	case strings.HasPrefix(s, "setlinewidth("):
		v, err := strconv.ParseFloat(strings.TrimSuffix(s[len("setlinewidth("):], ")"), 64)
		if err == nil && v >= 0 && finiteNumber(v) {
			k.width = v
		}
	}
}

// points maps a list to the page; a list with a point that is none is empty.
func (k *painter) points(list [][]float64) []point {
	out := make([]point, 0, len(list))
	for _, q := range list {
		if len(q) < 2 || !allFinite(q[:2]) {
			return nil
		}
		out = append(out, k.page.at(q[0], q[1]))
	}
	return out
}

func (k *painter) shape(p path, filled bool) {
	if len(p) == 0 || k.invisible || !k.near(p) {
		return
	}
	if filled && k.area.A > 0 {
		k.canvas.fill(p, k.area)
	}
	if k.line.A > 0 && k.width > 0 {
		k.canvas.stroke(p, k.pen())
	}
}

// near reports that a path stays within reach of the page: a far coordinate
// would cost a rasterizer, or a dash pattern, work without bound.
func (k *painter) near(p path) bool {
	const reach = 10 * maxPage
	for i := range p {
		for _, q := range p[i].p {
			if math.Abs(q.x) > reach || math.Abs(q.y) > reach {
				return false
			}
		}
	}
	return true
}

// minDash is the scale below which dashed lines are drawn solid.
const minDash = 0.02

func (k *painter) pen() pen {
	s := pen{color: k.line, width: min(k.width*k.page.scale, maxPage)}
	// Graphviz's own SVG has the same dashes at every width.
	switch {
	case k.page.scale < minDash: // too fine to see, and without bound in number
	case k.style == "dashed":
		s.dash = []float64{5 * k.page.scale, 2 * k.page.scale}
	case k.style == "dotted":
		s.dash = []float64{1 * k.page.scale, 5 * k.page.scale}
	}
	return s
}

// Bits of the operation t.
const (
	flagBold = 1 << iota
	flagItalic
	flagUnderline
	flagSuperscript
	flagSubscript
	flagStrike
	flagOverline
)

// text places a line by the embedded font's own width, not by Graphviz's
// estimate.
func (k *painter) text(o *operation) {
	if len(o.At) < 2 || !allFinite(o.At[:2]) || !finiteNumber(k.size) || k.invisible || k.line.A == 0 {
		return
	}
	f := font{
		size:   k.size * k.page.scale,
		bold:   k.bold || k.flags&flagBold != 0,
		italic: k.italic || k.flags&flagItalic != 0,
	}
	if f.size < 0.1 || f.size > maxPage || len(o.Text) > maxLine {
		return
	}
	text := printable(o.Text)
	at, width := k.page.at(o.At[0], o.At[1]), f.face().width(text)*f.size
	switch o.Align {
	case "c":
		at.x -= width / 2
	case "r":
		at.x -= width
	}
	switch {
	case k.flags&flagSuperscript != 0:
		at.y -= 0.33 * f.size
	case k.flags&flagSubscript != 0:
		at.y += 0.2 * f.size
	}
	if !k.near(path{{p: [3]point{at}}}) {
		return
	}
	k.canvas.text(at.x, at.y, text, f, k.line)
	for _, r := range [...]struct {
		flag   int
		height float64 // above the baseline, in ems
	}{{flagUnderline, -0.11}, {flagStrike, 0.28}, {flagOverline, TextAscent}} {
		if k.flags&r.flag != 0 {
			y := at.y - r.height*f.size
			k.canvas.stroke(polyline([]point{{at.x, y}, {at.x + width, y}}, false), pen{color: k.line, width: 0.07 * f.size})
		}
	}
}

// maxLine bounds the bytes of one line of text.
const maxLine = 1 << 16

// printable replaces what cannot be set in one line: control characters by
// spaces, and the no-break space that Graphviz uses for a space in tables. A
// backslash that came by another way than a quoted string, as in a table, is
// doubled, see [backslash].
func printable(s string) string {
	s = strings.ReplaceAll(s, `\\`, `\`)
	return strings.Map(func(r rune) rune {
		switch {
		case r == backslash:
			return '\\'
		case r < ' ', r == 0x7f, r == 0xa0:
			return ' '
		}
		return r
	}, s)
}

func allFinite(v []float64) bool {
	for _, x := range v {
		if !finiteNumber(x) {
			return false
		}
	}
	return true
}
