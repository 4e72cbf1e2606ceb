// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
)

// axis puts the values from lo to hi between the points a and b.
type axis struct {
	lo, hi float64
	a, b   float64
	ticks  []tick
}

type tick struct {
	at    float64
	label string
}

func (x axis) at(v float64) float64 { return x.a + (v-x.lo)/(x.hi-x.lo)*(x.b-x.a) }

// value is the inverse of at.
func (x axis) value(at float64) float64 { return x.lo + (at-x.a)/(x.b-x.a)*(x.hi-x.lo) }

// percentAxis is for shares, ticked in percent.
func percentAxis(a, b float64) axis {
	x := axis{lo: 0, hi: 1, a: a, b: b}
	for v := 0; v <= 100; v += 20 {
		x.ticks = append(x.ticks, tick{float64(v) / 100, strconv.Itoa(v) + "%"})
	}
	return x
}

// valueAxis is for numbers from lo up to at least hi, with a tick each 1, 2 or 5
// times a power of ten, as many as have room.
func (s *figure) valueAxis(lo, hi, a, b float64, whole bool) axis {
	if !(hi > lo) {
		hi = lo + 1
	}
	const least = 45 // points between ticks
	step := niceStep((hi - lo) * least / math.Max(math.Abs(b-a), least))
	if whole {
		step = math.Max(1, step)
	}
	x := axis{lo: lo, a: a, b: b}
	const tiny = 1e-9 // of a step
	for k := math.Ceil(lo/step - tiny); ; k++ {
		x.ticks = append(x.ticks, tick{k * step, s.decimal(k*step, step)})
		if x.hi = k * step; k >= hi/step-tiny {
			return x
		}
	}
}

// niceStep rounds up to 1, 2 or 5 times a power of ten.
func niceStep(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, k := range [...]float64{1, 2, 5} {
		if v <= k*p*(1+1e-9) {
			return k * p
		}
	}
	return 10 * p
}

// decimal writes a number with as many decimals as a step needs.
func (s *figure) decimal(v, step float64) string {
	digits := 0
	for step > 0 && digits < 6 && math.Abs(step-math.Round(step)) > 1e-9*step {
		step *= 10
		digits++
	}
	return s.fixed(v, digits)
}

// fixed writes a number with so many decimals in the language of the page.
func (s *figure) fixed(v float64, digits int) string {
	text := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-")
	}
	if s.page.Lang == Dutch {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// gridColor is that of the lines behind the data.
const gridColor = "#dddbd3"

// across draws a horizontal axis at y, its labels on the far side of the data,
// and grid lines from y to end.
func (s *figure) across(x axis, y, end float64) {
	last := math.Inf(-1)
	for _, t := range x.ticks {
		at := x.at(t.at)
		if end != y {
			s.rule(gridColor, 0.6, at, y, at, end)
		}
		w := viz.TextWidth(t.label, smallSize, false)
		from := min(max(at-w/2, 0), s.page.Width-w)
		if from < last+4 {
			continue
		}
		last = from + w
		base := y - 4
		if y > end { // the axis is below the data
			base = y + smallSize + 3
		}
		s.text(viz.Point{X: from, Y: base}, viz.Left, t.label, smallSize, false, softInk)
	}
	s.rule(hairline, 0.7, x.a, y, x.b, y)
}

// grid draws the grid lines of a horizontal axis behind one row.
func (s *figure) grid(x axis, y0, y1 float64) {
	for _, t := range x.ticks {
		s.rule(gridColor, 0.6, x.at(t.at), y0, x.at(t.at), y1)
	}
}

// along draws a vertical axis at x.a..x.b with grid lines from left to right.
func (s *figure) along(y axis, left, right float64) {
	for _, t := range y.ticks {
		at := y.at(t.at)
		s.rule(gridColor, 0.6, left, at, right, at)
		s.text(viz.Point{X: left - 4, Y: at + smallSize*0.36}, viz.Right, t.label, smallSize, false, softInk)
	}
	s.rule(hairline, 0.7, left, y.a, left, y.b)
}

// labelWidth is the widest label of an axis.
func (x axis) labelWidth() float64 {
	w := 0.0
	for _, t := range x.ticks {
		w = math.Max(w, viz.TextWidth(t.label, smallSize, false))
	}
	return w
}
