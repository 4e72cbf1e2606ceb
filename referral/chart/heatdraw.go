// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"slices"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
)

// bar fills a box, as a thick line, so that it has a title when pointed at.
// Anchor is the ID of a disc.
func bar(d *viz.Drawing, anchor string, b box, color, tip string) {
	from, to := viz.Point{X: b.x0, Y: b.center().Y}, viz.Point{X: b.x1, Y: b.center().Y}
	d.Arrows = append(d.Arrows, viz.Arrow{From: anchor, To: anchor, Points: []viz.Point{from, from, to, to}, Tip: to,
		Stroke: viz.Stroke{Color: color, Width: b.height()}, Tooltip: tip})
}

// rule draws a straight line with a title.
func rule(d *viz.Drawing, anchor string, a, b viz.Point, s viz.Stroke, tip string) {
	d.Arrows = append(d.Arrows, viz.Arrow{From: anchor, To: anchor, Points: []viz.Point{a, a, b, b}, Tip: b, Stroke: s, Tooltip: tip})
}

// anchor adds a disc that is not seen, for lines to refer to.
func anchor(d *viz.Drawing, id string, at viz.Point, tip string) string {
	d.Discs = append(d.Discs, viz.Disc{ID: id, Center: at, Radius: 0.01, Tooltip: tip})
	return id
}

// outline draws the border of a box.
func (p *pen) outline(b box, s viz.Stroke) {
	at := p.point(b.center())
	corners := b.corners()
	for i := range corners {
		rule(p.d, at, corners[i], corners[(i+1)%4], s, p.tip)
	}
}

// hatchStep is the distance between the lines of a hatching.
const hatchStep = 3.4

// drawHatched draws the sign of what is not known: blue if it occurs, gray if
// it may be none.
func drawHatched(d *viz.Drawing, id string, b box, occurs bool, tip string) {
	hatch(d, anchor(d, id+" hatch", b.center(), tip), b, occurs, tip)
}

func hatch(d *viz.Drawing, anchor string, b box, occurs bool, tip string) {
	line, fill := hairline, paper
	if occurs {
		line, fill = heatColors[4], heatColors[0]
	}
	bar(d, anchor, b, fill, tip)
	s := viz.Stroke{Color: line, Width: 0.7}
	w, h := b.width(), b.height()
	for t := hatchStep / 2; t < w+h; t += hatchStep { // x + y = t
		x0, x1 := max(0, t-h), min(w, t)
		rule(d, anchor, viz.Point{X: b.x0 + x0, Y: b.y0 + t - x0}, viz.Point{X: b.x0 + x1, Y: b.y0 + t - x1}, s, tip)
	}
}

// drawShades shows the shades with their counts.
func (h *heat) drawShades(p *pen, c viz.Point) {
	for k, v := range h.steps {
		b := boxAround(viz.Point{X: c.X + 6, Y: c.Y - 11*float64(k)}, 16, 9)
		bar(p.d, p.point(b.center()), b, h.shade(v), p.tip)
		text := "≥ " + number(v)
		if k+1 < len(h.steps) {
			text = number(v) + "–" + number(h.steps[k+1]-1)
		}
		p.text(viz.Point{X: b.x0 - 3, Y: b.y0 + 1.5}, viz.Right, text)
	}
}

func (h *heat) draw(d *viz.Drawing) {
	zero := anchor(d, "matrix", h.box(0, 0).center(), h.sheet.title)
	all := box{h.box(0, 0).x0, h.box(len(h.rows)-1, 0).y0, h.box(0, len(h.columns)-1).x1, h.box(0, 0).y1}
	missing := h.t.Absent().State == referral.Missing
	if missing { // nearly all cells may be none: hatched at once
		hatch(d, zero, all, false, h.w.heatMayBe)
	}
	for i, row := range h.rows {
		for j, column := range h.columns {
			h.drawCell(d, zero, i, j, row, column, missing)
		}
	}
	for i := range len(h.rows) + 1 {
		y := all.y1 - h.cell.side*float64(i)
		rule(d, zero, viz.Point{X: all.x0, Y: y}, viz.Point{X: all.x1, Y: y}, viz.Stroke{Color: "#dddad2", Width: 0.3}, h.sheet.title)
	}
	for j := range len(h.columns) + 1 {
		x := all.x0 + h.cell.side*float64(j)
		rule(d, zero, viz.Point{X: x, Y: all.y0}, viz.Point{X: x, Y: all.y1}, viz.Stroke{Color: "#dddad2", Width: 0.3}, h.sheet.title)
	}
	h.drawGroups(d)
	h.drawLabels(d, all)
	h.drawKey(d, all)
}

func (h *heat) drawCell(d *viz.Drawing, zero string, i, j int, row, column string, missing bool) {
	pair := [2]string{row, column}
	a, b := h.cells[pair], h.box(i, j)
	tip := fmt.Sprintf(h.w.tipFlow, row, column)
	if row == column {
		tip = fmt.Sprintf(h.w.tipOwn, row)
	}
	count := fmt.Sprintf(h.w.tipCount, h.w.amount(a), h.w.unit(h.t.Meta().Unit))
	switch {
	case h.cannot[pair]:
		if missing {
			bar(d, zero, b, paper, tip+h.w.heatCannot)
		}
		d.Discs = append(d.Discs, viz.Disc{ID: fmt.Sprintf("cell %d.%d", i, j), Center: b.center(), Radius: min(1, h.cell.side/6), Fill: softInk, Tooltip: tip + h.w.heatCannot})
	case a == exactly(0):
		if missing {
			bar(d, zero, b, paper, tip+count)
		}
	case a.sized:
		color := h.shade(a.lo)
		bar(d, zero, b, color, tip+count)
		if text := number(a.lo); h.cell.side >= heatSmall+2 && viz.TextWidth(text, heatSmall, false) < h.cell.side-1.5 {
			d.Texts = append(d.Texts, viz.Text{ID: fmt.Sprintf("cell %d.%d", i, j), At: viz.Point{X: b.center().X, Y: b.center().Y - heatSmall*0.35},
				Text: text, Size: heatSmall, Color: textOn(color), Tooltip: tip + count})
		}
	case !a.some() && missing && !a.ranged():
	default:
		if !a.some() && !a.ranged() || a.some() && !a.ranged() {
			count = h.w.tipUnknown
			if !a.some() {
				count = h.w.heatMayBe
			}
		}
		hatch(d, zero, b, a.some(), tip+count)
	}
}

// drawGroups frames the rows and columns of each group.
func (h *heat) drawGroups(d *viz.Drawing) {
	for g := range len(h.group) {
		in := func(label string) bool { k, ok := h.group[label]; return ok && k == g }
		r0, c0 := slices.IndexFunc(h.rows, in), slices.IndexFunc(h.columns, in)
		if r0 < 0 || c0 < 0 {
			continue
		}
		r1, c1 := r0, c0
		for r1+1 < len(h.rows) && in(h.rows[r1+1]) {
			r1++
		}
		for c1+1 < len(h.columns) && in(h.columns[c1+1]) {
			c1++
		}
		a, b := h.box(r0, c0), h.box(r1, c1)
		p := &pen{d: d, id: fmt.Sprintf("group %d", g), tip: h.w.heatFrame}
		p.outline(box{a.x0, b.y0, b.x1, a.y1}, viz.Stroke{Color: ink, Width: 1.2})
	}
}

func (h *heat) drawLabels(d *viz.Drawing, all box) {
	z := &h.cell
	put := func(id string, at viz.Point, align viz.Align, text string, size float64, tip string) {
		d.Texts = append(d.Texts, viz.Text{ID: id, At: at, Align: align, Text: text, Size: size, Color: ink, Tooltip: tip})
	}
	for i, row := range h.rows {
		y := h.box(i, 0).center().Y
		if z.names {
			put(fmt.Sprintf("row %d", i), viz.Point{X: all.x0 - 4, Y: y - heatLabel*0.35}, viz.Right, h.rowName(row), heatLabel, row)
			continue
		}
		x := all.x0 - 3
		if i%2 == 1 {
			x -= z.number + 3
			d.Shapes = append(d.Shapes, viz.Shape{Points: []viz.Point{{X: x + 1, Y: y}, {X: all.x0, Y: y}}, Stroke: viz.Stroke{Color: coast, Width: 0.4}})
		}
		put(fmt.Sprintf("row %d", i), viz.Point{X: x, Y: y - heatSmall*0.35}, viz.Right, fmt.Sprint(h.title[row]), heatSmall, row)
	}
	for j, column := range h.columns {
		x := h.box(0, j).center().X
		y := all.y1 + 3 + float64(j%h.levels())*(heatSmall+1.5)
		if j%h.levels() > 0 {
			d.Shapes = append(d.Shapes, viz.Shape{Points: []viz.Point{{X: x, Y: all.y1}, {X: x, Y: y - 1}}, Stroke: viz.Stroke{Color: coast, Width: 0.4}})
		}
		put(fmt.Sprintf("column %d", j), viz.Point{X: x, Y: y}, viz.Center, fmt.Sprint(h.title[column]), heatSmall, column)
	}
}

func (h *heat) drawKey(d *viz.Drawing, all box) {
	for k, text := range h.cell.key {
		at := viz.Point{X: pageMargin + h.cell.keyX*float64(k/h.cell.keyN), Y: all.y0 - 14 - keyStep*float64(k%h.cell.keyN)}
		d.Texts = append(d.Texts, viz.Text{At: at, Align: viz.Left, Text: text, Size: heatSmall, Color: ink})
	}
}
