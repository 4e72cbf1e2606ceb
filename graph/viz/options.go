// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Format is a kind of output. The zero value is SVG.
type Format uint8

// The formats that Render writes.
const (
	// SVG is a standalone SVG 1.1 document without scripts and without
	// references to anything outside it.
	SVG Format = iota
	// PNG is a raster image that carries its resolution.
	PNG
	// PDF is a one-page document with an embedded font and selectable text.
	PDF
	// JSON is Graphviz's json output: the graph with its positions and the
	// drawing operations of every part.
	JSON
	// DOT is the input in Graphviz's own spelling, with positions filled in.
	DOT
)

const (
	formatNames = "svg, png, pdf, json or dot"
	layoutNames = "pinned, neato, dot, fdp, sfdp, circo or twopi"
)

var formats = [...]struct{ name, extension, graphviz string }{
	SVG:  {"svg", ".svg", "svg"},
	PNG:  {"png", ".png", "json"},
	PDF:  {"pdf", ".pdf", "json"},
	JSON: {"json", ".json", "json"},
	DOT:  {"dot", ".dot", "dot"},
}

// ParseFormat returns the format with the given name ("svg"), extension
// (".svg") or file name ("out/map.svg"). Case does not matter, and "gv" is the
// same as "dot". The error is a *[NameError].
func ParseFormat(s string) (Format, error) {
	name := strings.ToLower(s)
	if ext := filepath.Ext(name); ext != "" {
		name = ext[1:]
	}
	if name == "gv" {
		return DOT, nil
	}
	for f, v := range formats {
		if v.name == name {
			return Format(f), nil
		}
	}
	return 0, &NameError{Kind: "format", Name: s, Want: formatNames}
}

func (f Format) valid() bool { return int(f) < len(formats) }

// String returns the name of the format in lower case.
func (f Format) String() string {
	if !f.valid() {
		return "Format(" + strconv.Itoa(int(f)) + ")"
	}
	return formats[f].name
}

// Extension returns the file name extension of the format with its dot.
func (f Format) Extension() string {
	if !f.valid() {
		return ""
	}
	return formats[f].extension
}

// Layout says how nodes get their places. The zero value is Pinned.
type Layout uint8

// The layouts, with the default budget of nodes and edges that Options
// documents.
const (
	// Pinned takes the position of every node and the course of every edge
	// from the input (attributes pos, in points). It computes nothing, so it
	// is fast at every size.
	Pinned Layout = iota
	// Neato places nodes by stress majorization, or at their pins (pos="x,y!",
	// in inches).
	Neato
	// Dot places nodes in layers. Its time explodes on dense graphs.
	Dot
	// FDP places nodes by springs.
	FDP
	// SFDP places nodes by springs on several scales, for large graphs.
	SFDP
	// Circo places nodes on circles. Its time explodes on dense graphs.
	Circo
	// Twopi places nodes on rings around one of them.
	Twopi
)

var layouts = [...]struct {
	name, graphviz string
	nodes, edges   int
}{
	Pinned: {"pinned", "nop2", 20_000, 100_000},
	Neato:  {"neato", "neato", 300, 2_400},
	Dot:    {"dot", "dot", 300, 200},
	FDP:    {"fdp", "fdp", 150, 1_000},
	SFDP:   {"sfdp", "sfdp", 5_000, 20_000},
	Circo:  {"circo", "circo", 100, 120},
	Twopi:  {"twopi", "twopi", 1_000, 4_000},
}

// ParseLayout returns the layout with the given name: "pinned" (or Graphviz's
// own word for it, "nop2"), "neato", "dot", "fdp", "sfdp", "circo" or "twopi".
// Case does not matter. The error is a *[NameError].
func ParseLayout(name string) (Layout, error) {
	low := strings.ToLower(name)
	for l, v := range layouts {
		if v.name == low || v.graphviz == low {
			return Layout(l), nil
		}
	}
	return 0, &NameError{Kind: "layout", Name: name, Want: layoutNames}
}

func (l Layout) valid() bool { return int(l) < len(layouts) }

// String returns the name of the layout in lower case.
func (l Layout) String() string {
	if !l.valid() {
		return "Layout(" + strconv.Itoa(int(l)) + ")"
	}
	return layouts[l].name
}

// Options say how to render. The zero value renders pinned positions in this
// process.
type Options struct {
	// Layout places the nodes; the zero value is Pinned.
	Layout Layout

	// DPI is the resolution of a PNG in pixels per inch. 0 means 144, twice
	// the 72 points per inch of the other formats.
	DPI float64

	// MaxNodes and MaxEdges bound the size of the graph; a larger one is
	// refused with a *[TooLargeError] before any work is done on it. 0 means
	// the default of the layout, a negative number means no bound:
	//
	//	layout   nodes    edges
	//	pinned   20,000  100,000
	//	neato       300    2,400
	//	dot         300      200
	//	fdp         150    1,000
	//	sfdp      5,000   20,000  (500 and 1,000 if edges have labels)
	//	circo       100      120
	//	twopi     1,000    4,000
	//
	// Random graphs of these sizes take up to about five seconds; layouts of
	// twice the size may take a minute, or with dot and circo forever.
	MaxNodes, MaxEdges int

	// Title and Description name the picture for those who do not see it: the
	// <title> and <desc> of an SVG, the title and subject of a PDF, text
	// chunks of a PNG. Empty means none.
	Title, Description string

	// Lang is the language of the text in the picture as a BCP 47 tag, such as
	// "nl". Empty means unstated.
	Lang string

	// EmbedFont puts the characters in use of the embedded font into an SVG, so
	// that it looks the same where the font is missing; each style in use adds
	// some 15 kB. PNG and PDF always hold it. A page with many pictures does
	// better with one font of its own.
	EmbedFont bool

	// Command is the program, with its arguments, that renders in a process
	// of its own and can be stopped; it must call [ServeWorker] when
	// [IsWorker] says so. Empty means: render in this process.
	Command []string

	// CacheDir is a folder in which workers keep the compiled renderer, which
	// makes all but the first start 20 times faster. It is made if absent and
	// must belong to the user alone, since programs are started from it. Empty
	// means that every worker compiles anew.
	CacheDir string
}

const (
	defaultDPI = 144
	minDPI     = 1
	maxDPI     = 4800
)

func (o Options) dpi() float64 {
	if o.DPI == 0 {
		return defaultDPI
	}
	return o.DPI
}

// The budget of sfdp for graphs with edge labels, which it keeps apart like
// nodes in quadratic time.
const sfdpLabeledNodes, sfdpLabeledEdges = 500, 1_000

// limits returns the budget of nodes and edges; negative means no bound.
func (o Options) limits(labeled bool) (nodes, edges int) {
	nodes, edges = layouts[o.Layout].nodes, layouts[o.Layout].edges
	if o.Layout == SFDP && labeled {
		nodes, edges = sfdpLabeledNodes, sfdpLabeledEdges
	}
	if o.MaxNodes != 0 {
		nodes = o.MaxNodes
	}
	if o.MaxEdges != 0 {
		edges = o.MaxEdges
	}
	return nodes, edges
}

func (o Options) check(f Format) error {
	if !f.valid() {
		return &NameError{Kind: "format", Name: f.String(), Want: formatNames}
	}
	if !o.Layout.valid() {
		return &NameError{Kind: "layout", Name: o.Layout.String(), Want: layoutNames}
	}
	if dpi := o.dpi(); !(dpi >= minDPI && dpi <= maxDPI) {
		return fmt.Errorf("%w: DPI %g, want 0 or %d to %d", ErrOption, o.DPI, minDPI, maxDPI)
	}
	for _, t := range []struct{ field, text string }{{"Title", o.Title}, {"Description", o.Description}} {
		if !utf8.ValidString(t.text) || strings.ContainsFunc(t.text, illegalXML) {
			return fmt.Errorf("%w: %s has characters that cannot be written", ErrOption, t.field)
		}
	}
	if strings.ContainsFunc(o.Lang, func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return fmt.Errorf("%w: Lang %q, want a BCP 47 tag such as nl", ErrOption, o.Lang)
	}
	return nil
}
