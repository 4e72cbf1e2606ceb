// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

// stack is bars of parts that make a whole, below each other.
type stack struct {
	s    *figure
	rows []stackRow
	hide bool // no lines of numbers
	// beside puts the lines of numbers to the right of the bars, where there is
	// a column for names.
	beside bool
}

// wordsShare is the part of the room for bars that words beside them take.
const wordsShare = 0.5

type stackRow struct {
	name, count string
	empty       string // said where there is no bar
	parts       []stackPart
	numbers     []string
	lo, hi      float64 // interval below the bar; NaN if there is none
}

// stackPart is one piece of a bar. Its length is the share that is certain.
type stackPart struct {
	kind  string // first word of its ID
	fill  fill
	share float64
	text  string // on the bar, if it fits
	tip   string
}

// barSizes are the measures of bars that depend on how many there are.
type barSizes struct{ bar, pitch, text float64 }

func sizesFor(rows int) barSizes {
	switch {
	case rows <= 16:
		return barSizes{14, 24, textSize}
	case rows <= 36:
		return barSizes{10, 17, smallSize}
	}
	return barSizes{5.5, 11, leastSize}
}

// nameColumn is the width for names left of the data, and whether they stand
// above it instead, as on a phone.
func (s *figure) nameColumn(names []string, size float64) (width float64, above bool) {
	for _, n := range names {
		width = math.Max(width, viz.TextWidth(n, size, false))
	}
	if s.narrow() && width > 70 {
		return 0, true
	}
	return math.Min(width, s.width()*0.34), false
}

// draw puts axis, bars and numbers on the sheet.
func (k *stack) draw(axisName string) {
	s := k.s
	size := sizesFor(len(k.rows))
	names := make([]string, len(k.rows))
	countWidth := 0.0
	for i, r := range k.rows {
		names[i] = r.name
		countWidth = math.Max(countWidth, viz.TextWidth(r.count, size.text, false))
	}
	column, above := s.nameColumn(names, size.text)
	left, right := s.left(), s.right()
	switch {
	case k.beside && s.narrow():
		column, above = 0, true // the words need the width
	case k.beside:
		column = math.Min(column, s.width()*0.24)
	}
	if column > 0 {
		left += column + 6
	}
	if !above && countWidth > 0 {
		right -= countWidth + 6
	}
	beside := k.beside && !above && !k.hide
	countAt, wordsAt := s.right(), left
	if beside {
		wordsAt = s.right() - (s.right()-left)*wordsShare
		countAt = wordsAt - 9
		right = countAt - countWidth - 6
	}
	s.text(viz.Point{X: left, Y: s.y + textSize}, viz.Left, clip(axisName, s.right()-left, textSize, false), textSize, false, softInk)
	s.y += textSize + smallSize + 9
	x := percentAxis(left, right)
	top := s.y
	if s.narrow() || beside {
		x.ticks = []tick{x.ticks[0], {0.5, "50%"}, x.ticks[len(x.ticks)-1]}
	}
	heights := make([]float64, len(k.rows))
	lines := make([][]string, len(k.rows))
	total := 4.0
	for i, r := range k.rows {
		heights[i] = size.pitch
		if above {
			heights[i] += size.text * 1.25
			if size.text < textSize && !k.hide {
				heights[i] += 5 // between the words of a bar and the name of the next
			}
		}
		if !k.hide {
			lines[i] = wrapEntries(r.numbers, s.right()-wordsAt, smallSize)
			high := float64(len(lines[i])) * smallSize * 1.2
			if beside {
				heights[i] = math.Max(heights[i], high+3.5)
			} else {
				heights[i] += high
			}
		}
		total += heights[i]
	}
	s.across(x, top, top)
	s.y += 4
	for i, r := range k.rows {
		if beside {
			for j, line := range lines[i] {
				s.text(viz.Point{X: wordsAt, Y: s.y + size.bar/2 + smallSize*(0.36+1.2*float64(j))}, viz.Left, line, smallSize, false, softInk)
			}
			lines[i] = nil
		}
		k.row(r, x, size, above, countAt, lines[i])
		s.y += heights[i]
	}
	s.y = top + total + 8
}

func (k *stack) row(r stackRow, x axis, size barSizes, above bool, countAt float64, lines []string) {
	s := k.s
	y := s.y
	if above {
		base := y + size.text
		w := viz.TextWidth(r.count, size.text, false)
		s.text(viz.Point{X: s.left(), Y: base}, viz.Left, clip(r.name, s.width()-w-8, size.text, false), size.text, false, ink)
		s.text(viz.Point{X: s.right(), Y: base}, viz.Right, r.count, size.text, false, softInk)
		y += size.text * 1.25
	} else {
		base := y + size.bar/2 + size.text*0.36
		s.text(viz.Point{X: x.a - 6, Y: base}, viz.Right, clip(r.name, x.a-6-s.left(), size.text, false), size.text, false, ink)
		s.text(viz.Point{X: countAt, Y: base}, viz.Right, r.count, size.text, false, softInk)
	}
	if r.empty != "" {
		s.text(viz.Point{X: x.a + 4, Y: y + size.bar/2 + size.text*0.36}, viz.Left, clip(r.empty, x.b-x.a-8, size.text, false), size.text, false, softInk)
		return
	}
	s.grid(x, y-1.5, y+size.bar+6)
	from := 0.0
	for _, p := range r.parts {
		b := box{x.at(from), y, x.at(from + p.share), y + size.bar}
		from += p.share
		if p.share <= 0 {
			continue
		}
		s.area(s.id(p.kind), b, p.fill, p.tip)
		s.rule(paper, 0.8, b.x1, b.y0, b.x1, b.y1)
		s.onBar(p.text, b, p.fill)
	}
	if r.hi-r.lo < 1 { // false for NaN; an interval of everything says nothing
		s.whisker(x.at(r.lo), x.at(r.hi), y+size.bar+2.6, math.Min(2, size.bar/3))
	}
	for i, line := range lines {
		s.text(viz.Point{X: x.a, Y: y + size.bar + 6 + smallSize*(0.85+1.2*float64(i))}, viz.Left, line, smallSize, false, softInk)
	}
}

// onBar writes on a piece of a bar if it fits, on a clear ground.
func (s *figure) onBar(text string, b box, f fill) {
	w := viz.TextWidth(text, smallSize, false)
	if text == "" || w+5 > b.width() || b.height() < smallSize+1.5 {
		return
	}
	c := b.center()
	if f.pattern != plainFill {
		s.area("", box{c.X - w/2 - 2, b.y0 + 0.8, c.X + w/2 + 2, b.y1 - 0.8}, fill{color: f.color}, "")
	}
	s.text(viz.Point{X: c.X, Y: c.Y + smallSize*0.36}, viz.Center, text, smallSize, false, f.writing())
}

// wrapEntries joins entries by dots into lines, breaking between entries only.
func wrapEntries(entries []string, width, size float64) []string {
	var lines []string
	line := ""
	for _, e := range entries {
		if viz.TextWidth(e, size, false) > width { // too long for a line of its own
			if line != "" {
				lines = append(lines, line)
				line = ""
			}
			long := wrapClipped(e, width, size, false, 4)
			lines = append(lines, long...)
			continue
		}
		next := e
		if line != "" {
			next = line + "  ·  " + e
		}
		if line != "" && viz.TextWidth(next, size, false) > width {
			lines = append(lines, line)
			next = e
		}
		line = next
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// percent writes a share in whole percent. What is neither nothing nor all is
// not written as such.
func percent(v float64) string {
	p := math.Round(v * 100)
	switch {
	case v > 0 && p == 0:
		return "<1%"
	case v < 1 && p == 100:
		return ">99%"
	}
	return fmt.Sprintf("%.0f%%", p)
}

// percents writes a range of shares.
func percents(lo, hi float64) string {
	a, b := percent(lo), percent(hi)
	if a == b {
		return a
	}
	return strings.TrimSuffix(a, "%") + "–" + b
}

// estimateText writes a share with its interval in brackets.
func estimateText(e inference.Estimate) string {
	var text string
	switch e.Status {
	case referral.OK:
		text = percent(e.Value)
	case referral.Bounded, referral.Envelope:
		text = percents(e.Lo, e.Hi)
	default:
		return "?"
	}
	if i := e.Interval; !math.IsNaN(i.Lo) {
		text += " (" + strings.TrimSuffix(percents(i.Lo, i.Hi), "%") + ")"
	}
	return text
}

// intervalLabel says what the intervals of the figure are.
func (s *figure) intervalLabel(i inference.Interval) string {
	if s.page.Lang == Dutch {
		return i.LabelNL()
	}
	return i.Label()
}

// cellText writes how many, as far as known.
func (w words) cellText(c referral.Cell) string {
	switch {
	case c.Known():
		return w.decimal(c.Lo)
	case math.IsInf(c.Hi, 1):
		return fmt.Sprintf(w.atLeast, w.decimal(c.Lo))
	}
	return w.decimal(c.Lo) + "–" + w.decimal(c.Hi)
}
