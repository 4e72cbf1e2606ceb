// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph/viz"
)

// draw turns the finished layout into pinned elements.
func (m *flowMap) draw() *viz.Drawing {
	d := &viz.Drawing{Name: m.title(), Width: m.c.Width, Height: m.c.Height}
	m.drawGround(d)
	m.drawTies(d)
	m.drawNames(d)
	for i := range m.places {
		m.drawRing(d, i)
	}
	for i := range m.links {
		m.drawArrow(d, i)
	}
	for i := range m.places {
		m.drawDisc(d, i)
	}
	m.drawHeader(d)
	m.drawFooter(d)
	return d
}

func (m *flowMap) drawGround(d *viz.Drawing) {
	for _, ring := range m.outline {
		d.Shapes = append(d.Shapes, viz.Shape{Points: ring, Fill: land, Stroke: viz.Stroke{Color: coast, Width: 0.6}})
	}
	if m.strip.width() > 0 {
		s := m.strip
		corners := []viz.Point{{X: s.x0, Y: s.y0}, {X: s.x1, Y: s.y0}, {X: s.x1, Y: s.y1}, {X: s.x0, Y: s.y1}}
		d.Shapes = append(d.Shapes, viz.Shape{Points: corners, Fill: paper, Stroke: viz.Stroke{Color: hairline, Width: 0.6, Dash: viz.Dotted}})
		for i, line := range wrapText(m.w.strip, s.width()-10, 8, false) {
			d.Texts = append(d.Texts, viz.Text{At: viz.Point{X: s.x0 + 5, Y: s.y1 - 11 - float64(i)*10}, Align: viz.Left, Text: line, Size: 8, Color: softInk})
		}
	}
}

// drawTies connects a set to its members.
func (m *flowMap) drawTies(d *viz.Drawing) {
	for i := range m.places {
		p := &m.places[i]
		for _, j := range p.members {
			q := &m.places[j]
			dir := unit(sub(q.at, p.at))
			a, b := add(p.at, scale(dir, p.radius)), sub(q.at, scale(dir, q.reach()))
			d.Shapes = append(d.Shapes, viz.Shape{Points: []viz.Point{a, b}, Stroke: viz.Stroke{Color: softInk, Width: 1.6, Dash: viz.Dotted}})
		}
	}
}

func (m *flowMap) drawNames(d *viz.Drawing) {
	for i := range m.places {
		p := &m.places[i]
		n := p.name
		if !n.placed {
			continue
		}
		if n.far {
			to := n.box.nearest(p.at)
			from := add(p.at, scale(unit(sub(to, p.at)), p.reach()))
			d.Shapes = append(d.Shapes, viz.Shape{Points: []viz.Point{from, to}, Stroke: viz.Stroke{Color: hairline, Width: 0.6}})
		}
		step := m.labelSize() * lineHeight
		for k, line := range n.lines {
			y := n.box.y1 - step*float64(k) - m.labelSize()*0.92
			align, x := viz.Center, n.box.center().X
			switch c := n.box.center().X - p.at.X; {
			case c > n.box.width()/2:
				align, x = viz.Left, n.box.x0
			case c < -n.box.width()/2:
				align, x = viz.Right, n.box.x1
			}
			d.Texts = append(d.Texts, viz.Text{
				ID: fmt.Sprintf("name %d.%d", i, k), At: viz.Point{X: x, Y: y}, Align: align, Text: line,
				Size: m.labelSize(), Bold: true, Color: ink, Tooltip: p.title,
			})
		}
	}
}

func discID(i int) string { return fmt.Sprintf("place %d", i) }

// drawRing shows what is retained: a share where it is known, a dashed circle
// where only that it occurs.
func (m *flowMap) drawRing(d *viz.Drawing, i int) {
	p := &m.places[i]
	r := p.radius + p.ringGap() + ringWidth/2
	switch {
	case !p.retained.some():
	case p.shared():
		lo, hi := p.share()
		drawShare(d, discID(i), p.at, r, lo, hi, p.color)
	default:
		d.Discs = append(d.Discs, viz.Disc{ID: "ring " + discID(i), Center: p.at, Radius: r,
			Stroke: viz.Stroke{Color: p.color, Width: 1.4, Dash: viz.Dashed}})
	}
}

// shared reports whether the retained share has bounds.
func (p *place) shared() bool {
	return !math.IsInf(p.started.hi, 1) && !math.IsInf(p.retained.hi, 1)
}

// share gives the bounds of the retained share, equal if it is known. Those who
// stay and those who leave are counted in different cells.
func (p *place) share() (lo, hi float64) {
	left := amount{lo: p.started.lo - p.retained.lo, hi: p.started.hi - p.retained.hi}
	return p.retained.lo / (p.retained.lo + left.hi), p.retained.hi / (p.retained.hi + left.lo)
}

// drawShare draws a ring around a disc, colored from the top clockwise for what
// the share is at least, and pale for what it may be beyond.
func drawShare(d *viz.Drawing, disc string, c viz.Point, r, lo, hi float64, color string) {
	part := func(share float64, color string) {
		d.Arrows = append(d.Arrows, viz.Arrow{From: disc, To: disc, Stroke: viz.Stroke{Color: color, Width: ringWidth},
			Points: arc(c, r, math.Pi/2, math.Pi/2-2*math.Pi*share)})
	}
	part(1, "#d8d6cd")
	if hi > lo {
		part(hi, pale(color))
	}
	if lo > 0 {
		part(lo, color)
	}
}

func (m *flowMap) drawArrow(d *viz.Drawing, i int) {
	l := &m.links[i]
	stroke := viz.Stroke{Color: m.places[l.from].color, Width: l.width, Dash: viz.Dashed}
	switch {
	case l.amount.sized:
		stroke.Dash = viz.Solid
	case l.amount.ranged():
		d.Arrows = append(d.Arrows, viz.Arrow{From: discID(l.from), To: discID(l.to), Points: l.curve[:],
			Stroke: viz.Stroke{Color: pale(stroke.Color), Width: l.width}})
		stroke.Width, stroke.Dash = m.coreWidth(l.amount), viz.Dotted
	}
	d.Arrows = append(d.Arrows, viz.Arrow{
		From: discID(l.from), To: discID(l.to), Points: l.curve[:], Tip: l.tip, Head: headLength + l.width, Stroke: stroke,
		Tooltip: fmt.Sprintf(m.w.tipFlow, m.places[l.from].title, m.places[l.to].title) + m.tip(l.amount),
	})
}

// coreWidth is the width of the dotted line in the band of a range.
func (m *flowMap) coreWidth(a amount) float64 {
	return math.Max(m.flowWidth(a.lo), 1.2*m.shrink)
}

func (m *flowMap) tip(a amount) string {
	if !a.sized && !a.ranged() {
		return m.w.tipUnknown
	}
	return fmt.Sprintf(m.w.tipCount, m.amountText(a), m.unit())
}

func (m *flowMap) drawDisc(d *viz.Drawing, i int) {
	p := &m.places[i]
	disc := viz.Disc{ID: discID(i), Center: p.at, Radius: p.radius, Fill: p.color, Stroke: viz.Stroke{Color: p.color, Width: 1},
		Size: 11, Color: paper}
	switch {
	case p.set():
		disc.Fill, disc.Stroke = paper, viz.Stroke{Color: softInk, Width: 1.4}
		disc.Tooltip = fmt.Sprintf(m.w.tipSet, p.title)
	case m.counted:
		if p.treated == exactly(0) {
			disc.Fill = paper
		}
		disc.Tooltip = p.title + fmt.Sprintf(m.w.treatedIn, m.amountText(p.treated)) + m.retainedTip(p)
	default:
		disc.Tooltip = fmt.Sprintf(m.w.tipIn, p.title, span(p.in), m.many(), span(p.out)) + m.retainedTip(p)
		if p.radius > numberRadius {
			disc.Text = span(p.in)
		}
		if p.in[0] != p.in[1] {
			disc.Size = 9.5
		}
	}
	d.Discs = append(d.Discs, disc)
}

// numberRadius is the smallest disc that holds a number.
const numberRadius = 10

// amountText writes an amount: as a range or a lower bound if parts of it are
// not known.
func (m *flowMap) amountText(a amount) string {
	switch {
	case a.sized:
		return number(a.lo)
	case a.ranged():
		return fmt.Sprintf(m.w.between, number(a.lo), number(a.hi))
	}
	return fmt.Sprintf(m.w.atLeast, number(a.lo))
}

// span writes a number, or its bounds.
func span(n [2]int) string {
	if n[0] == n[1] {
		return fmt.Sprint(n[0])
	}
	return fmt.Sprintf("%d–%d", n[0], n[1])
}

func (m *flowMap) retainedTip(p *place) string {
	switch {
	case !p.retained.some() && p.retained.sized:
		return m.w.tipNotRetained
	case !p.retained.some():
		return m.w.tipRetainedUnknown
	case p.retained.sized || p.retained.ranged():
		return fmt.Sprintf(m.w.tipRetainedCount, m.amountText(p.retained))
	}
	return m.w.tipRetained
}

func (m *flowMap) drawHeader(d *viz.Drawing) {
	y := m.c.Height - pageMargin
	put := func(text string, size float64, bold bool, color string) {
		y -= size
		d.Texts = append(d.Texts, viz.Text{At: viz.Point{X: pageMargin, Y: y}, Align: viz.Left, Text: text, Size: size, Bold: bold, Color: color})
		y -= size * 0.2
	}
	if m.t.Meta().Synthetic {
		put(m.w.synthetic, headSize, true, "#b00020")
		y -= headSize * 0.3
	}
	for _, line := range m.titleLines() {
		put(line, titleSize, true, ink)
	}
	y -= 2
	for _, line := range m.header {
		put(line, headSize, false, softInk)
	}
}

func (m *flowMap) drawFooter(d *viz.Drawing) {
	y := pageMargin + float64(len(m.footer))*noteSize*1.28 + 6
	rule := []viz.Point{{X: pageMargin, Y: y}, {X: m.c.Width - pageMargin, Y: y}}
	d.Shapes = append(d.Shapes, viz.Shape{Points: rule, Stroke: viz.Stroke{Color: coast, Width: 0.6}})
	ly := y - noteSize - 4
	for _, line := range m.footer {
		d.Texts = append(d.Texts, viz.Text{At: viz.Point{X: pageMargin, Y: ly}, Align: viz.Left, Text: line.text, Size: noteSize, Bold: line.bold, Color: softInk})
		ly -= noteSize * 1.28
	}
	top := y + m.legendHeight() + 2
	next := [2]float64{top, top}
	for k, item := range m.legend() {
		x := pageMargin + float64(k%2)*(m.columnWidth()+columnGap)
		m.drawItem(d, item, x, next[k%2], k)
		next[k%2] -= m.itemHeight(item)
	}
}

// drawItem draws one entry of the legend with its upper left corner at x, y.
func (m *flowMap) drawItem(d *viz.Drawing, item legendItem, x, y float64, k int) {
	for i, line := range item.lines {
		d.Texts = append(d.Texts, viz.Text{At: viz.Point{X: x + m.symbolWidth(), Y: y - legendSize - float64(i)*legendSize*1.22},
			Align: viz.Left, Text: line, Size: legendSize, Color: ink})
	}
	c := viz.Point{X: x + m.symbolWidth() - 28, Y: y - 12}
	id := func(n int) string { return fmt.Sprintf("legend %d.%d", k, n) }
	sample := originColor(0)
	dot := func(n int, at viz.Point, r float64, fill, text string, stroke viz.Stroke) {
		d.Discs = append(d.Discs, viz.Disc{ID: id(n), Center: at, Radius: r, Fill: fill, Stroke: stroke, Text: text, Size: 10, Color: paper})
	}
	line := func(y, width float64, dash viz.Dash) {
		a, b := viz.Point{X: c.X - 16, Y: y}, viz.Point{X: c.X + 18, Y: y}
		n := len(d.Discs)
		dot(100+n, a, 0.01, "", "", viz.Stroke{})
		dot(200+n, b, 0.01, "", "", viz.Stroke{})
		head := headLength + width
		neck := viz.Point{X: b.X - head, Y: y}
		d.Arrows = append(d.Arrows, viz.Arrow{From: id(100 + n), To: id(200 + n), Tip: b, Head: head,
			Points: []viz.Point{a, a, neck, neck}, Stroke: viz.Stroke{Color: sample, Width: width, Dash: dash}})
	}
	switch item.symbol {
	case noSymbol:
	case discSymbol:
		dot(0, c, 9, sample, "3", viz.Stroke{Color: sample, Width: 1})
	case ringSymbol:
		dot(0, c, 6, sample, "", viz.Stroke{Color: sample, Width: 1})
		dot(1, c, 9.5, "", "", viz.Stroke{Color: sample, Width: 1.4, Dash: viz.Dashed})
	case arrowSymbol:
		line(c.Y, unknownWidth, viz.Dashed)
	case setSymbol:
		left, right := viz.Point{X: c.X - 15, Y: c.Y}, viz.Point{X: c.X + 15, Y: c.Y}
		d.Shapes = append(d.Shapes, viz.Shape{Points: []viz.Point{left, right}, Stroke: viz.Stroke{Color: softInk, Width: 1.6, Dash: viz.Dotted}})
		dot(0, left, 4, sample, "", viz.Stroke{Color: sample, Width: 1})
		dot(1, right, 4, originColor(1), "", viz.Stroke{Color: originColor(1), Width: 1})
		dot(2, c, 5, paper, "", viz.Stroke{Color: softInk, Width: 1.4})
	case areaSymbol:
		m.drawAreas(d, c, dot)
	case widthSymbol:
		m.drawWidths(d, c, line)
	case shareSymbol:
		dot(0, c, 5, sample, "", viz.Stroke{Color: sample, Width: 1})
		drawShare(d, id(0), c, 9, 0.7, 0.7, sample)
	case rangeShareSymbol:
		dot(0, c, 5, sample, "", viz.Stroke{Color: sample, Width: 1})
		drawShare(d, id(0), c, 9, 0.55, 0.8, sample)
	case rangeSymbol:
		a, b := viz.Point{X: c.X - 16, Y: c.Y}, viz.Point{X: c.X + 18 - headLength - 4, Y: c.Y}
		d.Shapes = append(d.Shapes, viz.Shape{Points: []viz.Point{a, b}, Stroke: viz.Stroke{Color: pale(sample), Width: 4}})
		line(c.Y, 1.2, viz.Dotted)
	}
}

// drawAreas shows a disc at the map's own scale with its number.
func (m *flowMap) drawAreas(d *viz.Drawing, c viz.Point, dot func(n int, at viz.Point, r float64, fill, text string, stroke viz.Stroke)) {
	const largest = 11
	v := roundNice(m.mostTreated * math.Pow(largest/m.areaRadius(m.mostTreated), 2))
	if v == 0 || v > m.mostTreated {
		v = roundNice(m.mostTreated)
	}
	if v == 0 {
		return
	}
	dot(0, viz.Point{X: c.X + 6, Y: c.Y}, m.areaRadius(v), originColor(0), "", viz.Stroke{Color: originColor(0)})
	d.Texts = append(d.Texts, viz.Text{At: viz.Point{X: c.X - 8, Y: c.Y - 3}, Align: viz.Right, Text: number(v), Size: 8, Color: ink})
}

// drawWidths shows arrow widths with their counts.
func (m *flowMap) drawWidths(d *viz.Drawing, c viz.Point, line func(y, width float64, dash viz.Dash)) {
	for i, v := range m.sampleFlows() {
		y := c.Y + 4 - float64(i)*13
		line(y, m.flowWidth(v), viz.Solid)
		d.Texts = append(d.Texts, viz.Text{At: viz.Point{X: c.X - 20, Y: y - 3}, Align: viz.Right, Text: number(v), Size: 8, Color: ink})
	}
}
