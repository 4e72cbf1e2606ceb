// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"image/color"
	"math"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// A canvas is what the painter draws on: a page in points with the origin in
// the upper left corner and y growing downward.
type canvas interface {
	fill(p path, c color.NRGBA)
	stroke(p path, s pen)
	// text sets one line whose baseline begins at x, y.
	text(x, y float64, s string, f font, c color.NRGBA)
}

// A pen is how a line is drawn. Width and dashes are in points.
type pen struct {
	color color.NRGBA
	width float64
	dash  []float64 // nil: solid
}

// A font is one style of the embedded font at a size in points.
type font struct {
	size         float64
	bold, italic bool
}

func (f font) face() *face { return faceOf(f.bold, f.italic) }

// A path is a list of pieces in the manner of PostScript.
type path []piece

type verb uint8

const (
	moveTo  verb = iota // one point
	lineTo              // one point
	curveTo             // two control points and the end
	closing             // none
)

type piece struct {
	verb verb
	p    [3]point
}

type point struct{ x, y float64 }

func (p *path) move(a point)        { *p = append(*p, piece{moveTo, [3]point{a}}) }
func (p *path) line(a point)        { *p = append(*p, piece{lineTo, [3]point{a}}) }
func (p *path) curve(a, b, c point) { *p = append(*p, piece{curveTo, [3]point{a, b, c}}) }
func (p *path) close()              { *p = append(*p, piece{verb: closing}) }

// polyline joins points by straight lines.
func polyline(points []point, closed bool) path {
	var p path
	for i, q := range points {
		if i == 0 {
			p.move(q)
		} else {
			p.line(q)
		}
	}
	if closed && len(p) > 0 {
		p.close()
	}
	return p
}

// bezier makes a path of a start and three points for each cubic piece; points
// that do not complete a piece are left out.
func bezier(points []point) path {
	if len(points) < 4 {
		return nil
	}
	var p path
	p.move(points[0])
	for i := 1; i+2 < len(points); i += 3 {
		p.curve(points[i], points[i+1], points[i+2])
	}
	return p
}

// ellipse approximates a quarter by one cubic piece, off by at most 0.03 % of
// the radius.
func ellipse(c point, rx, ry float64) path {
	const k = 0.5522847498307936 // 4/3 (sqrt 2 - 1)
	var p path
	p.move(point{c.x + rx, c.y})
	p.curve(point{c.x + rx, c.y + k*ry}, point{c.x + k*rx, c.y + ry}, point{c.x, c.y + ry})
	p.curve(point{c.x - k*rx, c.y + ry}, point{c.x - rx, c.y + k*ry}, point{c.x - rx, c.y})
	p.curve(point{c.x - rx, c.y - k*ry}, point{c.x - k*rx, c.y - ry}, point{c.x, c.y - ry})
	p.curve(point{c.x + k*rx, c.y - ry}, point{c.x + rx, c.y - k*ry}, point{c.x + rx, c.y})
	p.close()
	return p
}

// parseColor reads "#rrggbb", "#rrggbbaa" or a name. Graphviz resolves X11
// names itself, so the SVG names are enough. It is opaque black, as in
// Graphviz, for a color that it does not know.
func parseColor(s string) color.NRGBA {
	s = strings.ToLower(strings.TrimSpace(s))
	if hex, ok := strings.CutPrefix(s, "#"); ok && (len(hex) == 6 || len(hex) == 8) {
		if len(hex) == 6 {
			hex += "ff"
		}
		if v, err := strconv.ParseUint(hex, 16, 32); err == nil {
			return color.NRGBA{R: uint8(v >> 24), G: uint8(v >> 16), B: uint8(v >> 8), A: uint8(v)}
		}
	}
	if s == "transparent" || s == "none" {
		return color.NRGBA{}
	}
	if c, ok := colornames.Map[s]; ok {
		return color.NRGBA(c)
	}
	return color.NRGBA{A: 0xff}
}

func finiteNumber(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
