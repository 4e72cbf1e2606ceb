// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"

	"github.com/oncoref/oncoref/graph/viz"
)

// box is an upright rectangle in points.
type box struct{ x0, y0, x1, y1 float64 }

func boxAround(c viz.Point, w, h float64) box {
	return box{c.X - w/2, c.Y - h/2, c.X + w/2, c.Y + h/2}
}

func (b box) grow(d float64) box { return box{b.x0 - d, b.y0 - d, b.x1 + d, b.y1 + d} }

func (b box) move(by viz.Point) box { return box{b.x0 + by.X, b.y0 + by.Y, b.x1 + by.X, b.y1 + by.Y} }

func (b box) contains(p viz.Point) bool {
	return p.X >= b.x0 && p.X <= b.x1 && p.Y >= b.y0 && p.Y <= b.y1
}

func (b box) inside(o box) bool {
	return b.x0 >= o.x0 && b.y0 >= o.y0 && b.x1 <= o.x1 && b.y1 <= o.y1
}

func (b box) meets(o box) bool {
	return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1
}

func (b box) width() float64  { return b.x1 - b.x0 }
func (b box) height() float64 { return b.y1 - b.y0 }

func (b box) center() viz.Point { return viz.Point{X: (b.x0 + b.x1) / 2, Y: (b.y0 + b.y1) / 2} }

// corners lists the corners counterclockwise from the lower left.
func (b box) corners() []viz.Point {
	return []viz.Point{{X: b.x0, Y: b.y0}, {X: b.x1, Y: b.y0}, {X: b.x1, Y: b.y1}, {X: b.x0, Y: b.y1}}
}

// nearest is the point of the box that is closest to p.
func (b box) nearest(p viz.Point) viz.Point {
	return viz.Point{X: min(max(p.X, b.x0), b.x1), Y: min(max(p.Y, b.y0), b.y1)}
}

// meetsDisc reports whether the box comes closer to c than r.
func (b box) meetsDisc(c viz.Point, r float64) bool { return distance(b.nearest(c), c) < r }

// distance needs no protection from overflow: coordinates are those of a page.
func distance(p, q viz.Point) float64 {
	dx, dy := p.X-q.X, p.Y-q.Y
	return math.Sqrt(dx*dx + dy*dy)
}

func add(p, q viz.Point) viz.Point { return viz.Point{X: p.X + q.X, Y: p.Y + q.Y} }
func sub(p, q viz.Point) viz.Point { return viz.Point{X: p.X - q.X, Y: p.Y - q.Y} }
func scale(p viz.Point, k float64) viz.Point {
	return viz.Point{X: p.X * k, Y: p.Y * k}
}

func polar(angle, r float64) viz.Point {
	s, c := math.Sincos(angle)
	return viz.Point{X: r * c, Y: r * s}
}

// unit is p with length 1; the zero vector stays as it is.
func unit(p viz.Point) viz.Point {
	l := distance(p, viz.Point{})
	if l == 0 {
		return p
	}
	return scale(p, 1/l)
}

// bezier is one cubic Bézier piece.
type bezier [4]viz.Point

func (b bezier) at(t float64) viz.Point {
	u := 1 - t
	k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
	return viz.Point{
		X: k0*b[0].X + k1*b[1].X + k2*b[2].X + k3*b[3].X,
		Y: k0*b[0].Y + k1*b[1].Y + k2*b[2].Y + k3*b[3].Y,
	}
}

// part is the piece between parameters t0 and t1, by de Casteljau's rule.
func (b bezier) part(t0, t1 float64) bezier {
	_, right := b.split(t0)
	if t0 >= 1 {
		return right
	}
	left, _ := right.split((t1 - t0) / (1 - t0))
	return left
}

func (b bezier) split(t float64) (left, right bezier) {
	mid := func(p, q viz.Point) viz.Point { return add(scale(p, 1-t), scale(q, t)) }
	p01, p12, p23 := mid(b[0], b[1]), mid(b[1], b[2]), mid(b[2], b[3])
	p012, p123 := mid(p01, p12), mid(p12, p23)
	m := mid(p012, p123)
	return bezier{b[0], p01, p012, m}, bezier{m, p123, p23, b[3]}
}

// leaves is the smallest parameter at which the curve is at distance r from
// its start; arrives the largest at which it is at distance r from its end.
func (b bezier) leaves(r float64) float64 {
	return cross(func(t float64) bool { return distance(b.at(t), b[0]) >= r })
}

func (b bezier) arrives(r float64) float64 {
	return 1 - cross(func(t float64) bool { return distance(b.at(1-t), b[3]) >= r })
}

// cross finds where reached turns true between 0 and 1, which it does once.
func cross(reached func(t float64) bool) float64 {
	const steps = 64
	hi := 1.0
	for i := range steps {
		if t := float64(i+1) / steps; reached(t) {
			hi = t
			break
		}
	}
	lo := math.Max(0, hi-1.0/steps)
	for range 30 {
		if m := (lo + hi) / 2; reached(m) {
			hi = m
		} else {
			lo = m
		}
	}
	return hi
}

// arc approximates the circle of radius r about c from angle a to b (radians)
// by Bézier pieces of at most a quarter turn; the points are a start and
// three for each piece.
func arc(c viz.Point, r, a, b float64) []viz.Point {
	n := int(math.Ceil(math.Abs(b-a) / (math.Pi / 2)))
	if n == 0 {
		n = 1
	}
	step := (b - a) / float64(n)
	k := 4.0 / 3 * math.Tan(step/4) * r
	pts := []viz.Point{add(c, polar(a, r))}
	for i := range n {
		p, q := a+float64(i)*step, a+float64(i+1)*step
		start, end := add(c, polar(p, r)), add(c, polar(q, r))
		pts = append(pts, add(start, polar(p+math.Pi/2, k)), sub(end, polar(q+math.Pi/2, k)), end)
	}
	return pts
}

// distanceToLine is the distance of p from the straight line between a and b.
func distanceToLine(p, a, b viz.Point) float64 {
	d := sub(b, a)
	l := d.X*d.X + d.Y*d.Y
	if l == 0 {
		return distance(p, a)
	}
	t := ((p.X-a.X)*d.X + (p.Y-a.Y)*d.Y) / l
	return distance(p, add(a, scale(d, math.Min(1, math.Max(0, t)))))
}

// segmentsCross reports whether the lines from a to b and from c to d cross.
func segmentsCross(a, b, c, d viz.Point) bool {
	side := func(p, q, r viz.Point) bool { return (q.X-p.X)*(r.Y-p.Y) > (q.Y-p.Y)*(r.X-p.X) }
	return side(a, b, c) != side(a, b, d) && side(c, d, a) != side(c, d, b)
}

// crosses reports whether the line from a to b passes through the box.
func crosses(a, b viz.Point, x box) bool {
	if x.contains(a) || x.contains(b) {
		return true
	}
	p := x.corners()
	for i := range p {
		if segmentsCross(a, b, p[i], p[(i+1)%4]) {
			return true
		}
	}
	return false
}
