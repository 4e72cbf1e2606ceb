// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph/viz"
)

// draw turns the finished layout into pinned elements.
func (m *flowMap) draw(d *viz.Drawing) {
	m.drawGround(d)
	m.drawTies(d)
	m.drawNames(d)
	for i := range m.places {
		m.drawRing(d, i)
	}
	for _, i := range m.widestFirst() {
		m.drawShaft(d, &m.links[i])
	}
	for i := range m.links { // above all shafts
		m.drawHead(d, &m.links[i])
	}
	for i := range m.places {
		m.drawDisc(d, i)
	}
	m.drawTags(d)
}

// widestFirst is the order of arrows in which none hides a thinner one.
func (m *flowMap) widestFirst() []int {
	order := make([]int, len(m.links))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(m.links[j].width, m.links[i].width) })
	return order
}

func (m *flowMap) drawGround(d *viz.Drawing) {
	drawLand(d, m.outline)
	if m.strip.width() > 0 {
		s := m.strip
		d.Shapes = append(d.Shapes, viz.Shape{Points: s.corners(), Fill: paper, Stroke: viz.Stroke{Color: hairline, Width: 0.6, Dash: viz.Dotted}})
		lines := wrapText(m.w.strip, s.width()-10, stripText, false)
		for i, line := range lines {
			y := m.caption.center().Y + 10*(float64(len(lines)-1)/2-float64(i)) - stripText*0.36
			d.Texts = append(d.Texts, viz.Text{At: viz.Point{X: s.x0 + 5, Y: y}, Align: viz.Left, Text: line, Size: stripText, Color: softInk})
		}
	}
}

func drawLand(d *viz.Drawing, outline [][]viz.Point) {
	for _, ring := range outline {
		d.Shapes = append(d.Shapes, viz.Shape{Points: ring, Fill: land, Stroke: viz.Stroke{Color: coast, Width: 0.6}})
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
				ID: fmt.Sprintf("%sname %d.%d", m.prefix, i, k), At: viz.Point{X: x, Y: y}, Align: align, Text: line,
				Size: m.labelSize(), Bold: true, Color: ink, Tooltip: p.title,
			})
		}
	}
}

// id names an element of the map.
func (m *flowMap) id(kind string, i int) string { return fmt.Sprintf("%s%s %d", m.prefix, kind, i) }

func (m *flowMap) discID(i int) string { return m.id("place", i) }

// drawRing shows what is retained: a share where it is known, a dashed circle
// where only that it occurs.
func (m *flowMap) drawRing(d *viz.Drawing, i int) {
	p := &m.places[i]
	r := p.radius + p.ringGap() + ringWidth/2
	switch {
	case !p.retained.some():
	case p.shared():
		lo, hi := p.share()
		drawShare(d, m.discID(i), p.at, r, lo, hi, p.color, m.placeTip(p))
	default:
		d.Discs = append(d.Discs, viz.Disc{ID: m.id("ring", i), Center: p.at, Radius: r, Tooltip: m.placeTip(p),
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
func drawShare(d *viz.Drawing, disc string, c viz.Point, r, lo, hi float64, color, tip string) {
	part := func(share float64, color string) {
		d.Arrows = append(d.Arrows, viz.Arrow{From: disc, To: disc, Stroke: viz.Stroke{Color: color, Width: ringWidth},
			Points: arc(c, r, math.Pi/2, math.Pi/2-2*math.Pi*share), Tooltip: tip})
	}
	part(1, "#d8d6cd")
	if hi > lo {
		part(hi, pale(color))
	}
	if lo > 0 {
		part(lo, color)
	}
}

func (m *flowMap) linkColor(l *link) string {
	if m.delta {
		return m.signColor(l.change)
	}
	return m.places[l.from].color
}

// drawShaft draws an arrow without its head: solid if the flow is known,
// dotted in a pale band between two numbers, dashed if it has no bounds.
func (m *flowMap) drawShaft(d *viz.Drawing, l *link) {
	stroke := viz.Stroke{Color: m.linkColor(l), Width: l.width, Dash: viz.Dashed}
	switch {
	case l.amount.sized:
		stroke.Dash = viz.Solid
	case l.amount.ranged():
		d.Arrows = append(d.Arrows, m.curve(l, viz.Stroke{Color: pale(stroke.Color), Width: l.width}))
		stroke.Width, stroke.Dash = m.coreWidth(l.amount), viz.Dotted
	}
	d.Arrows = append(d.Arrows, m.curve(l, stroke))
	if m.delta && l.change.sign() < 0 && l.amount.sized {
		d.Arrows = append(d.Arrows, m.curve(l, viz.Stroke{Color: paper, Width: l.width * hollow}))
	}
}

// curve is the shaft of an arrow.
func (m *flowMap) curve(l *link, s viz.Stroke) viz.Arrow {
	return viz.Arrow{From: m.discID(l.from), To: m.discID(l.to), Points: l.curve[:], Stroke: s, Tooltip: m.linkTip(l)}
}

// drawHead draws the head of an arrow alone.
func (m *flowMap) drawHead(d *viz.Drawing, l *link) {
	a := m.curve(l, viz.Stroke{Color: m.linkColor(l), Width: 0.5})
	neck := l.curve[3]
	a.Points, a.Tip, a.Head = []viz.Point{neck, neck, neck, neck}, l.tip, m.head(l)
	d.Arrows = append(d.Arrows, a)
}

// linkName begins what is said about a flow.
func (m *flowMap) linkName(l *link) string {
	return fmt.Sprintf(m.w.tipFlow, m.places[l.from].title, m.places[l.to].title)
}

// linkTip is what an arrow says when pointed at.
func (m *flowMap) linkTip(l *link) string {
	if m.delta {
		return m.linkName(l) + m.changeText(l.change)
	}
	if !l.amount.sized && !l.amount.ranged() {
		return m.linkName(l) + m.w.tipUnknown
	}
	return m.linkName(l) + fmt.Sprintf(m.w.tipCount, m.w.amount(l.amount), m.unit())
}

// coreWidth is the width of the dotted line in the band of a range.
func (m *flowMap) coreWidth(a amount) float64 {
	return math.Max(m.flowWidth(a.lo), 1.2*m.shrink)
}

func (m *flowMap) drawDisc(d *viz.Drawing, i int) {
	if m.delta {
		m.drawChangeDisc(d, i)
		return
	}
	p := &m.places[i]
	disc := viz.Disc{ID: m.discID(i), Center: p.at, Radius: p.radius, Fill: p.color, Stroke: viz.Stroke{Color: p.color, Width: 1},
		Size: 11, Color: textOn(p.color), Tooltip: m.placeTip(p)}
	switch {
	case p.set():
		disc.Fill, disc.Stroke = paper, viz.Stroke{Color: softInk, Width: 1.4}
	case m.counted:
		if p.treated == exactly(0) {
			disc.Fill = paper
		}
	default:
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

// placeTip is what a disc says when pointed at.
func (m *flowMap) placeTip(p *place) string {
	title := p.title
	if p.group != "" {
		title += " (" + p.group + ")"
	}
	switch {
	case p.set():
		return fmt.Sprintf(m.w.tipSet, title)
	case m.delta:
		return title + fmt.Sprintf(m.w.treatedChange, m.changeText(p.change))
	case m.counted:
		return title + fmt.Sprintf(m.w.treatedIn, m.w.amount(p.treated)) + m.retainedTip(p)
	}
	return fmt.Sprintf(m.w.tipIn, title, span(p.in), m.many(), span(p.out)) + m.retainedTip(p)
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
		return fmt.Sprintf(m.w.tipRetainedCount, m.w.amount(p.retained))
	}
	return m.w.tipRetained
}

// The samples of the legend.

func drawArrowSample(p *pen, c viz.Point) {
	drawSample(p, c, viz.Stroke{Color: originColor(0), Width: unknownWidth, Dash: viz.Dashed})
}

func drawSample(p *pen, c viz.Point, s viz.Stroke) {
	p.line(viz.Point{X: c.X - 16, Y: c.Y}, viz.Point{X: c.X + 18, Y: c.Y}, headLength+s.Width, s)
}

func drawRangeSample(p *pen, c viz.Point) {
	p.line(viz.Point{X: c.X - 16, Y: c.Y}, viz.Point{X: c.X + 18 - headLength - 1.2, Y: c.Y}, 0, viz.Stroke{Color: pale(originColor(0)), Width: 4})
	drawSample(p, c, viz.Stroke{Color: originColor(0), Width: 1.2, Dash: viz.Dotted})
}

func drawSetSample(p *pen, c viz.Point) {
	left, right := viz.Point{X: c.X - 15, Y: c.Y}, viz.Point{X: c.X + 15, Y: c.Y}
	p.d.Shapes = append(p.d.Shapes, viz.Shape{Points: []viz.Point{left, right}, Stroke: viz.Stroke{Color: softInk, Width: 1.6, Dash: viz.Dotted}})
	p.disc(left, 4, originColor(0), viz.Stroke{Color: originColor(0), Width: 1})
	p.disc(right, 4, originColor(1), viz.Stroke{Color: originColor(1), Width: 1})
	p.disc(c, 5, paper, viz.Stroke{Color: softInk, Width: 1.4})
}

func drawShareSample(lo, hi float64) func(p *pen, c viz.Point) {
	return func(p *pen, c viz.Point) {
		id := p.disc(c, 5, originColor(0), viz.Stroke{Color: originColor(0), Width: 1})
		drawShare(p.d, id, c, 9, lo, hi, originColor(0), p.tip)
	}
}

// drawAreas shows a disc at the map's own scale with its number.
func (m *flowMap) drawAreas(p *pen, c viz.Point) {
	const largest = 11
	v := roundNice(m.mostTreated * math.Pow(largest/m.areaRadius(m.mostTreated), 2))
	if v == 0 || v > m.mostTreated {
		v = roundNice(m.mostTreated)
	}
	if v == 0 {
		return
	}
	p.disc(viz.Point{X: c.X + 6, Y: c.Y}, m.areaRadius(v), originColor(0), viz.Stroke{Color: originColor(0)})
	p.text(viz.Point{X: c.X - 8, Y: c.Y - 3}, viz.Right, number(v))
}

// drawWidths shows arrow widths with their counts.
func (m *flowMap) drawWidths(p *pen, c viz.Point) {
	for i, v := range m.sampleFlows() {
		y := c.Y + 4 - float64(i)*13
		drawSample(p, viz.Point{X: c.X, Y: y}, viz.Stroke{Color: originColor(0), Width: m.flowWidth(v)})
		p.text(viz.Point{X: c.X - 20, Y: y - 3}, viz.Right, number(v))
	}
}

// explainGroups lists what the colors of hospitals stand for.
func (m *flowMap) explainGroups() {
	for _, g := range m.groups {
		m.sheet.list(g.name, func(p *pen, c viz.Point) {
			p.disc(c, 4.5, g.color, viz.Stroke{Color: g.color, Width: 1})
		})
	}
}
