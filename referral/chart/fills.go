// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"

	"github.com/oncoref/oncoref/graph/viz"
)

// pattern is what tells fills apart where their colors do not: in gray, and for
// eyes that lack a kind of cone.
type pattern uint8

const (
	plainFill pattern = iota
	rising            // lines from lower left to upper right
	falling
	level
	upright
	crossed // rising and falling
)

// fill is how an area is painted: a color, and lines of another color on it.
type fill struct {
	color   string
	pattern pattern
	lines   string
	edge    string // outline; empty: none
	dash    viz.Dash
}

// originPatterns stand beside originColors, in their order: two classes with
// one pattern differ in color for all eyes and in gray.
var originPatterns = [...]pattern{
	plainFill, plainFill, rising, falling, plainFill, level, falling,
	upright, level, crossed, rising, falling, plainFill, level,
}

// The fills of everything that is no class of its own.
var (
	retainedFill = fill{color: "#e4e2da", edge: ink}
	otherFill    = fill{color: "#a6a6a6"}
	restFill     = fill{color: "#d4d4d4", edge: hairline}
	setFill      = fill{color: paper, pattern: upright, lines: softInk, edge: softInk}
	unknownFill  = fill{color: paper, pattern: rising, lines: hairline, edge: hairline, dash: viz.Dashed}
)

// gradeFills paint classes from most to least: they differ in lightness, in gray
// as well.
var gradeFills = [...]fill{{color: "#332288"}, {color: "#0072b2"}, {color: "#e69f00"}, {color: "#e4e2da", edge: ink}}

// classFill is the fill of a class by its place among the classes; those beyond
// the colors share one.
func classFill(i int) fill {
	if i < 0 || i >= min(len(originColors), len(originPatterns)) {
		return otherFill
	}
	return fill{color: originColors[i], pattern: originPatterns[i], lines: paper}
}

// writing is the color of text on the fill that has the contrast of readable
// text, 4.5 as in WCAG 2.1.
func (f fill) writing() string {
	switch v := luminance(f.color) + 0.05; {
	case 1.05/v >= 4.5:
		return paper
	case v/(luminance(ink)+0.05) >= 4.5:
		return ink
	}
	return "#000000"
}

// luminance is the relative luminance of a color, from 0 to 1.
func luminance(color string) float64 {
	r, g, b := channels(color)
	linear := func(v int) float64 {
		c := float64(v) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b)
}

// channels reads a color written as #rrggbb.
func channels(color string) (r, g, b int) {
	hex := func(i int) int {
		v := 0
		for _, c := range []byte(color[i : i+2]) {
			v *= 16
			switch {
			case c >= 'a':
				v += int(c-'a') + 10
			default:
				v += int(c - '0')
			}
		}
		return v
	}
	return hex(1), hex(3), hex(5)
}

// area paints a box. With an ID it can be pointed at.
func (s *figure) area(id string, b box, f fill, tip string) {
	if b.width() <= 0 {
		return
	}
	s.d.Shapes = append(s.d.Shapes, viz.Shape{ID: id, Points: corners(b), Fill: f.color, Tooltip: tip})
	s.hatch(b, f)
	if f.edge != "" {
		in := b.grow(-math.Min(0.35, b.width()/2))
		s.d.Shapes = append(s.d.Shapes, viz.Shape{Points: append(corners(in), viz.Point{X: in.x0, Y: in.y0}),
			Stroke: viz.Stroke{Color: f.edge, Width: 0.7, Dash: f.dash}})
	}
}

const (
	hatchGap   = 4.4 // between the lines of a pattern, at right angles
	hatchWidth = 0.7
)

// hatch draws the lines of a pattern, cut off at the box.
func (s *figure) hatch(b box, f fill) {
	put := func(x0, y0, x1, y1 float64) { s.rule(f.lines, hatchWidth, x0, y0, x1, y1) }
	step := hatchGap * math.Sqrt2
	from := func(v, gap float64) float64 { return math.Ceil(v/gap) * gap } // lines lie alike in all boxes
	if f.pattern == rising || f.pattern == crossed {
		for c := from(b.x0+b.y0, step); c < b.x1+b.y1; c += step { // x + y = c
			x0, x1 := math.Max(b.x0, c-b.y1), math.Min(b.x1, c-b.y0)
			put(x0, c-x0, x1, c-x1)
		}
	}
	if f.pattern == falling || f.pattern == crossed {
		for c := from(b.x0-b.y1, step); c < b.x1-b.y0; c += step { // x - y = c
			x0, x1 := math.Max(b.x0, c+b.y0), math.Min(b.x1, c+b.y1)
			put(x0, x0-c, x1, x1-c)
		}
	}
	if f.pattern == level {
		for y := b.y0 + hatchGap*0.6; y < b.y1; y += hatchGap {
			put(b.x0, y, b.x1, y)
		}
	}
	if f.pattern == upright {
		for x := from(b.x0+0.01, hatchGap); x < b.x1; x += hatchGap {
			put(x, b.y0, x, b.y1)
		}
	}
}
