// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
)

// maxDotColumns bounds the matrix of dots: more do not fit with their names.
const maxDotColumns = 60

// presenceMatrix draws which destinations occur: rows are origins, columns are
// destinations, and every dot has one size.
func presenceMatrix(t *referral.Table, page Page) (*viz.Drawing, error) {
	m := dotMatrix{t: t, origins: places(t.Origins()), colored: coloredClasses(t)}
	if m.findColumns(); len(m.columns) > maxDotColumns {
		return nil, fmt.Errorf("%w: %d destinations, at most %d; aggregate the table to networks first", ErrCrowded, len(m.columns), maxDotColumns)
	}
	a := aboutTable(t, page.Lang)
	f, w := figureWordsIn(page.Lang), wordsIn(page.Lang)
	if a.title == "" {
		a.title = f.shares
	}
	a.what = fmt.Sprintf(f.dotsOf, w.class(t.Meta().Level))
	a.n = w.numberUnknown
	s, err := newFigure(page, a)
	if err != nil {
		return nil, err
	}
	m.s = s
	s.keys(m.keys())
	s.note(true, s.f.dotsUnknown, s.w.unit(t.Meta().Unit))
	s.note(false, "%s", s.f.noDot)
	s.endNotes()
	m.draw()
	return s.finish()
}

type dotMatrix struct {
	s       *figure
	t       *referral.Table
	origins []string
	colored []string // classes in the order of the colors
	columns []string // single classes, then sets
	sets    bool
}

// places leaves out the classes that are no place.
func places(labels []string) []string {
	return slices.DeleteFunc(slices.Clone(labels), referral.Beside)
}

func (m *dotMatrix) findColumns() {
	var sets []string
	for _, d := range places(m.t.Destinations()) {
		occurs := false
		for f := range m.t.Flows() {
			occurs = occurs || f.Destination == d && f.Cell.Lo > 0 && !referral.Beside(f.Origin)
		}
		switch {
		case !occurs:
		case len(m.t.Members(d)) > 1:
			sets = append(sets, d)
		default:
			m.columns = append(m.columns, d)
		}
	}
	m.sets = len(sets) > 0
	m.columns = append(m.columns, sets...)
}

func (m *dotMatrix) keys() []key {
	dot := func(f fill, label string) key {
		return key{label, func(s *figure, b box) { m.dot(b.center(), 3.8, f, "") }}
	}
	out := []key{
		dot(retainedFill, fmt.Sprintf(m.s.f.retained, m.s.w.class(m.t.Meta().Level))),
		dot(fill{color: originColors[0]}, m.s.f.dot),
	}
	if m.sets {
		out = append(out, dot(setFill, m.s.f.set))
	}
	return out
}

// dot is filled for a class and open for a set; that of the own class is pale
// with an outline.
func (m *dotMatrix) dot(c viz.Point, r float64, f fill, tip string) {
	d := viz.Disc{ID: m.s.id("dot"), Center: c, Radius: r, Fill: f.color, Stroke: viz.Stroke{Color: f.color, Width: 0.5}, Tooltip: tip}
	if f.edge != "" {
		d.Stroke = viz.Stroke{Color: f.edge, Width: 1.2}
	}
	m.s.d.Discs = append(m.s.d.Discs, d)
}

func (m *dotMatrix) draw() {
	s := m.s
	rows := sizesFor(len(m.origins))
	pitch := math.Min(rows.pitch, 18)
	names := make([]string, len(m.origins))
	for i, o := range m.origins {
		names[i] = plain(o)
	}
	column := 0.0
	for _, n := range names {
		column = math.Max(column, viz.TextWidth(n, rows.text, false))
	}
	column = math.Min(column, s.width()*0.34)
	if s.narrow() && len(m.origins) <= 16 {
		rows.text = smallSize // room for a name on two lines
	}
	left := s.left() + column + 8
	gap := m.columnGap(left)
	lead := smallSize * 1.25
	top := s.y + float64(len(m.columns))*lead + 6
	end := top + float64(len(m.origins))*pitch
	last := left + gap*(float64(len(m.columns))-0.5)
	for j, c := range m.columns {
		x := left + gap*(float64(j)+0.5)
		base := s.y + lead*float64(j+1)
		s.rule(gridColor, 0.6, x, base+2, x, end)
		s.text(viz.Point{X: x - 2, Y: base}, viz.Left, clip(plain(c), s.right()-x+2, smallSize, false), smallSize, false, ink)
	}
	for i, o := range m.origins {
		y := top + pitch*(float64(i)+0.5)
		lines := []string{clip(names[i], column, rows.text, false)}
		if pitch >= 2*rows.text*1.15 {
			lines = wrapClipped(names[i], column, rows.text, false, 2)
		}
		for k, line := range lines {
			base := y + rows.text*(0.36+1.1*(float64(k)-float64(len(lines)-1)/2))
			s.text(viz.Point{X: left - 8, Y: base}, viz.Right, line, rows.text, false, ink)
		}
		s.rule(gridColor, 0.6, left, y, last+gap/2, y)
		for j, c := range m.columns {
			if cell := m.t.Cell(o, c); cell.Lo > 0 {
				m.dot(viz.Point{X: left + gap*(float64(j)+0.5), Y: y}, math.Min(4.4, math.Min(gap, pitch)/2-0.8), m.fill(o, c), m.tip(o, c))
			}
		}
	}
	s.y = end + 6
}

// columnGap leaves room behind the last column for its name.
func (m *dotMatrix) columnGap(left float64) float64 {
	room := m.s.right() - left
	n := float64(len(m.columns))
	name := 0.0
	for _, c := range m.columns[max(0, len(m.columns)-3):] {
		name = math.Max(name, viz.TextWidth(plain(c), smallSize, false))
	}
	return math.Min(28, (room-math.Min(name, room*0.5))/math.Max(n-0.5, 0.5))
}

func (m *dotMatrix) fill(origin, destination string) fill {
	switch {
	case origin == destination:
		return retainedFill
	case len(m.t.Members(destination)) > 1:
		return setFill
	}
	return fill{color: classFill(slices.Index(m.colored, destination)).color}
}

func (m *dotMatrix) tip(origin, destination string) string {
	return m.s.flowTip(origin, destination, plain(destination)) + m.s.w.tipUnknown
}
