// SPDX-License-Identifier: Apache-2.0

package viz

import "math"

// miterLimit is SVG's: a corner whose point would reach farther, in line
// widths, is cut off.
const miterLimit = 4

// mitered turns the outline of a polygon, drawn with a line of the given width
// and pointed corners, into an area to be filled by the nonzero rule. The
// raster canvas knows round corners only, which makes the tip of an arrow
// blunt and short. It returns false if the path is not one closed polygon.
func mitered(p path, width float64) (path, bool) {
	if len(p) < 4 || p[len(p)-1].verb != closing {
		return nil, false
	}
	var corners []point
	for i, v := range p[:len(p)-1] {
		if v.verb != lineTo && (i > 0 || v.verb != moveTo) {
			return nil, false
		}
		if q := v.p[0]; i == 0 || distance(q, corners[len(corners)-1]) > 1e-6 {
			corners = append(corners, q)
		}
	}
	if n := len(corners); n > 1 && distance(corners[0], corners[n-1]) <= 1e-6 {
		corners = corners[:n-1]
	}
	n := len(corners)
	if n < 3 {
		return nil, false
	}
	// Every piece is wound the same way, so that pieces add up to their union.
	var out path
	for i, a := range corners {
		b, c := corners[(i+1)%n], corners[(i+2)%n]
		d, e := direction(a, b), direction(b, c)
		r := width / 2
		h, k := point{-d.y * r, d.x * r}, point{-e.y * r, e.x * r}
		out = append(out, wound(point{a.x + h.x, a.y + h.y}, point{b.x + h.x, b.y + h.y},
			point{b.x - h.x, b.y - h.y}, point{a.x - h.x, a.y - h.y})...)
		if d.x*e.y-d.y*e.x > 0 { // the corner points to the other side
			h, k = point{-h.x, -h.y}, point{-k.x, -k.y}
		}
		from, to := point{b.x + h.x, b.y + h.y}, point{b.x + k.x, b.y + k.y}
		// 1/cos of half the turn is how far the tip reaches, in half widths.
		if cos := d.x*e.x + d.y*e.y; 2 <= miterLimit*miterLimit*(1+cos) {
			tip := point{b.x + (h.x+k.x)/(1+cos), b.y + (h.y+k.y)/(1+cos)}
			out = append(out, wound(b, from, tip, to)...)
		} else {
			out = append(out, wound(b, from, to)...)
		}
	}
	return out, true
}

// wound makes a closed polygon that runs counterclockwise in axes with y
// growing upward.
func wound(corners ...point) path {
	area := 0.0
	for i, a := range corners {
		b := corners[(i+1)%len(corners)]
		area += a.x*b.y - a.y*b.x
	}
	if area < 0 {
		for i, j := 0, len(corners)-1; i < j; i, j = i+1, j-1 {
			corners[i], corners[j] = corners[j], corners[i]
		}
	}
	return polyline(corners, true)
}

func distance(a, b point) float64 { return math.Hypot(b.x-a.x, b.y-a.y) }

func direction(a, b point) point {
	l := distance(a, b)
	return point{(b.x - a.x) / l, (b.y - a.y) / l}
}
