// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"

	"github.com/oncoref/oncoref/graph/viz"
)

// plotArea is a part of a figure with two axes.
type plotArea struct {
	s     *figure
	frame box // y grows downward
	x, y  axis
	names []box // of names that stand in it
	marks []box // that names may not hide
}

// newPlot draws the axes of a plot: the name of the vertical one above it, that
// of the horizontal one below its end. Left of it is at least the given room.
func (s *figure) newPlot(height, room float64, xName, yName string, across, up func(a, b float64) axis) *plotArea {
	s.text(viz.Point{X: s.left(), Y: s.y + textSize}, viz.Left, clip(yName, s.width(), textSize, false), textSize, false, softInk)
	s.y += textSize + 9
	p := &plotArea{s: s, frame: box{s.left(), s.y, s.right() - 10, s.y + math.Max(height-textSize*2-smallSize-26, 60)}}
	p.y = up(p.frame.y1, p.frame.y0)
	p.frame.x0 += math.Max(p.y.labelWidth()+6, room)
	p.x = across(p.frame.x0, p.frame.x1)
	s.across(p.x, p.frame.y1, p.frame.y0)
	s.along(p.y, p.frame.x0, p.frame.x1)
	s.y = p.frame.y1 + smallSize + textSize + 9
	s.text(viz.Point{X: s.right(), Y: s.y}, viz.Right, clip(xName, s.width(), textSize, false), textSize, false, softInk)
	s.y += 8
	return p
}

func (p *plotArea) at(x, y float64) viz.Point { return viz.Point{X: p.x.at(x), Y: p.y.at(y)} }

// curve draws a line through points, which names may not hide.
func (p *plotArea) curve(color string, width float64, dash viz.Dash, points []viz.Point) {
	if len(points) < 2 {
		return
	}
	p.s.line(color, width, dash, points...)
	const gap = 3.0
	for i, b := range points[1:] {
		a := points[i]
		n := math.Ceil(distance(a, b) / gap)
		for k := 0.0; k < n; k++ {
			p.marks = append(p.marks, boxAround(add(a, scale(sub(b, a), k/n)), width, width))
		}
	}
}

// band fills the area between two lines over the same abscissas.
func (p *plotArea) band(color string, lower, upper []viz.Point) {
	if len(lower) < 2 {
		return
	}
	points := append([]viz.Point{}, lower...)
	for i := len(upper) - 1; i >= 0; i-- {
		points = append(points, upper[i])
	}
	p.s.d.Shapes = append(p.s.d.Shapes, viz.Shape{Points: points, Fill: color})
}

// disc draws a mark of the data that can be pointed at.
func (p *plotArea) disc(at viz.Point, r float64, fill string, stroke viz.Stroke, tip string) {
	p.s.d.Discs = append(p.s.d.Discs, viz.Disc{ID: p.s.id("point"), Center: at, Radius: r, Fill: fill, Stroke: stroke, Tooltip: tip})
	p.marks = append(p.marks, boxAround(at, 2*r, 2*r))
}

// name writes beside a mark if there is room.
func (p *plotArea) name(text string, at viz.Point, off float64) {
	w := viz.TextWidth(text, smallSize, false)
	if !p.nameAt(text, w, at, off) {
		p.nameAt(text, w, at, 1.8*off)
	}
}

// nameAt writes at a distance from a mark and reports whether there was room.
func (p *plotArea) nameAt(text string, w float64, at viz.Point, off float64) bool {
	const h = smallSize
	for _, b := range []box{
		{at.X + off, at.Y - h/2, at.X + off + w, at.Y + h/2},
		{at.X + off/2, at.Y - off/2 - h, at.X + off/2 + w, at.Y - off/2},
		{at.X + off/2, at.Y + off/2, at.X + off/2 + w, at.Y + off/2 + h},
		{at.X - off/2 - w, at.Y - off/2 - h, at.X - off/2, at.Y - off/2},
		{at.X - off/2 - w, at.Y + off/2, at.X - off/2, at.Y + off/2 + h},
		{at.X - off - w, at.Y - h/2, at.X - off, at.Y + h/2},
		{at.X - w/2, at.Y - off - h, at.X + w/2, at.Y - off},
		{at.X - w/2, at.Y + off, at.X + w/2, at.Y + off + h},
	} {
		wide := b.grow(1)
		if !wide.inside(box{p.frame.x0, p.frame.y0, p.s.right(), p.frame.y1}) || meetsAny(wide, p.names) || meetsAny(wide, p.marks) {
			continue
		}
		p.names = append(p.names, b)
		p.s.text(viz.Point{X: b.x0, Y: b.center().Y + h*0.36}, viz.Left, text, smallSize, false, ink)
		return true
	}
	return false
}

func meetsAny(b box, others []box) bool {
	for _, o := range others {
		if b.meets(o) {
			return true
		}
	}
	return false
}
