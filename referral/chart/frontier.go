// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral/siting"
)

// FrontierMark is a choice of centers to compare with the best, such as that of
// today.
type FrontierMark struct {
	Name          string
	Count         int
	Mean, Largest float64 // travel, in the unit of the plans; NaN: not known
}

// FrontierConfig says how travel against centers is drawn.
type FrontierConfig struct {
	Page
	Marks []FrontierMark
}

// Frontier draws how much travel the best choice of as many centers leaves: the
// mean distance of the plans that make it least, and the largest distance of
// those that make that least. The two are different choices of centers. Where
// an optimum is not proved, a line goes down to what no choice can be below.
// Marks are other choices of as many centers.
//
// It returns an error matching [ErrEmpty] without points or finite distances,
// and errors matching [ErrConfig] for a page that cannot be made. Time
// O(points).
func Frontier(points []siting.FrontierPoint, c FrontierConfig) (*viz.Drawing, error) {
	most, least, last := 0.0, math.MaxInt, 0
	see := func(count int, values ...float64) {
		least, last = min(least, count), max(last, count)
		for _, v := range values {
			if !math.IsInf(v, 1) && v > most { // false for NaN
				most = v
			}
		}
	}
	for _, p := range points {
		see(p.Count, p.Median.Mean, p.Center.Largest)
	}
	if len(points) == 0 || most == 0 {
		return nil, fmt.Errorf("%w: no plans with a distance", ErrEmpty)
	}
	for _, m := range c.Marks {
		see(m.Count, m.Mean, m.Largest)
	}
	f := figureWordsIn(c.Lang)
	s, err := newFigure(c.Page, about{title: f.frontier, what: f.frontierOf})
	if err != nil {
		return nil, err
	}
	mean, largest := originColors[0], originColors[1]
	keys := []key{lineKey(mean, 1.8, viz.Solid, f.frontierMean), lineKey(largest, 1.8, viz.Dashed, f.frontierLargest)}
	open := false
	for _, p := range points {
		open = open || !p.Median.Proved || !p.Center.Proved
	}
	if open {
		keys = append(keys, key{f.frontierGap, func(s *figure, b box) { s.upright(b.center().X, b.y0-1, b.y1+1) }})
	}
	if len(c.Marks) > 0 {
		keys = append(keys, key{f.frontierMark, func(s *figure, b box) { s.cross(b.center(), ink) }})
	}
	s.keys(keys)
	s.note(false, "%s", f.frontierNote)
	s.endNotes()
	unit := ""
	for _, p := range points {
		unit = cmpText(unit, p.Median.Unit, p.Center.Unit)
	}
	p := s.newPlot(s.room(math.Min(s.width()*0.9, 340)), 0, f.frontierX, fmt.Sprintf(f.frontierY, unit),
		func(a, b float64) axis {
			x := s.valueAxis(float64(least), float64(last), a, b, true)
			if x.a += 10; x.hi == x.lo { // a single number of centers
				x.hi++
			}
			return x
		},
		func(a, b float64) axis { return s.valueAxis(0, most, a, b, false) })
	var names []viz.Point
	line := func(color string, dash viz.Dash, fill string, of func(siting.FrontierPoint) (siting.Plan, float64, float64)) {
		var run []viz.Point
		for _, x := range points {
			plan, value, bound := of(x)
			if math.IsNaN(value) || math.IsInf(value, 0) {
				continue
			}
			at := p.at(float64(x.Count), value)
			run = append(run, at)
			if !plan.Proved && bound < value {
				s.upright(at.X, at.Y, p.y.at(math.Max(0, bound)))
			}
			tip := fmt.Sprintf(f.frontierTip, x.Count, s.fixed(value, 1), unit, plain(strings.Join(plan.Centers, ", ")))
			p.disc(at, 3.2, fill, viz.Stroke{Color: color, Width: 1.4}, tip)
		}
		p.curve(color, 1.8, dash, run)
		names = append(names, run...)
	}
	line(mean, viz.Solid, mean, func(x siting.FrontierPoint) (siting.Plan, float64, float64) {
		bound := x.Median.Mean
		if x.Median.Objective > 0 {
			bound *= x.Median.Bound / x.Median.Objective
		}
		return x.Median, x.Median.Mean, bound
	})
	line(largest, viz.Dashed, paper, func(x siting.FrontierPoint) (siting.Plan, float64, float64) {
		return x.Center, x.Center.Largest, x.Center.Bound
	})
	var marked []viz.Point
	var called []string
	for _, m := range c.Marks {
		for _, v := range []float64{m.Mean, m.Largest} {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				continue
			}
			at := p.at(float64(m.Count), v)
			s.cross(at, ink)
			p.marks = append(p.marks, boxAround(at, 8, 8))
			s.pointAt("mark", boxAround(at, 8, 8), fmt.Sprintf(f.frontierTip, m.Count, s.fixed(v, 1), unit, plain(m.Name)))
			marked = append(marked, at)
			called = append(called, clip(plain(m.Name), 120, smallSize, false))
		}
	}
	for i, at := range marked {
		p.name(called[i], at, 6)
	}
	if len(points) <= 14 {
		for _, at := range names {
			p.name(s.fixed(p.y.value(at.Y), 1), at, 6)
		}
	}
	return s.finish()
}

// cross marks a place.
func (s *figure) cross(c viz.Point, color string) {
	const r = 3.6
	s.rule(color, 1.6, c.X-r, c.Y-r, c.X+r, c.Y+r)
	s.rule(color, 1.6, c.X-r, c.Y+r, c.X+r, c.Y-r)
}
