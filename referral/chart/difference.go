// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// DifferenceConfig says how a difference map looks. A Height of 0 is that of a FlowMap.
type DifferenceConfig struct {
	Page
	Before, After string // names of the two sides; empty: tumor and period of the tables
	MaxFlows      int    // at most so many arrows, those that changed most; 0 means 60, on a page narrower than 430 points 24
}

// narrowFlows is how many of the arrows, each with its number, a phone has room
// for.
const narrowFlows = 24

// Difference draws what changed from one flow table to another, such as two
// years or two ways of counting: an arrow for each flow that grew or declined,
// as wide as the change, and a disc for the change in the number treated.
// Growth is blue and solid, decline orange and hollow, and numbers have their
// sign, so that the map can be read without color.
//
// A change is known as far as both counts are. With counts of 1 to 4 hidden,
// or counts between two numbers, it lies between two numbers too: dotted in a
// pale band if the direction is certain, gray if it is not. A flow that is
// certain to have grown by an unknown number is dashed. Flows of which not even
// that is known are not drawn, and the map says how many they are.
//
// Of tables whose patients may be the same, with periods that overlap and
// tumors that are not different, a change by 1 to 4 is hidden as well: it
// counts patients. It is then known to lie between -4 and 4.
//
// It returns ErrNoFlows if nothing is known to have changed, and errors
// matching ErrCrowded for more than 120 classes and ErrConfig for tables of
// different units, levels or partitions and sizes that make no page. Time as
// FlowMap.
func Difference(before, after *referral.Table, s *network.Snapshot, c DifferenceConfig) (*viz.Drawing, error) {
	if c.MaxFlows == 0 && newSheet(c.Page, referral.Meta{}).narrow() {
		c.MaxFlows = narrowFlows
	}
	single := FlowMapConfig{Page: c.Page, MaxFlows: c.MaxFlows}
	if err := single.check(); err != nil {
		return nil, err
	}
	if before == nil || after == nil {
		return nil, fmt.Errorf("%w: a table is missing", ErrConfig)
	}
	if err := sameKind(before, after); err != nil {
		return nil, err
	}
	m := newDifference(before, after, single)
	if len(m.links) == 0 && !slices.ContainsFunc(m.places, func(p place) bool { return p.change.some() }) {
		return nil, ErrNoFlows
	}
	if err := crowded(len(m.places)); err != nil {
		return nil, err
	}
	m.layDifference(before, after, c)
	if err := m.sheet.roomy(); err != nil {
		return nil, err
	}
	m.lay(s)
	d := m.sheet.begin()
	m.draw(d)
	m.sheet.draw(d)
	return d, nil
}

// change is how much a number changed: between lo and hi, which may be infinite.
type change struct{ lo, hi float64 }

// minus is the change from one amount to another.
func (a amount) minus(b amount) change { return change{a.lo - b.hi, a.hi - b.lo} }

// some reports whether it is certain that something changed.
func (c change) some() bool { return c.lo > 0 || c.hi < 0 }

// sign is 1 for growth, -1 for decline and 0 for neither or not known.
func (c change) sign() int {
	switch {
	case c.lo > 0:
		return 1
	case c.hi < 0:
		return -1
	}
	return 0
}

func (c change) exact() bool { return c.lo == c.hi }

// most is the largest size that the change can have.
func (c change) most() float64 { return math.Max(math.Abs(c.lo), math.Abs(c.hi)) }

// least is the smallest size that the change can have.
func (c change) least() float64 {
	if !c.some() {
		return 0
	}
	return math.Min(math.Abs(c.lo), math.Abs(c.hi))
}

// size is the amount that the change is, without its sign.
func (c change) size() amount { return amount{c.least(), c.most(), c.exact()} }

// hide widens a change that would count few patients.
func (c change) hide() change {
	if c.some() && c.least() < smallCount {
		return change{math.Min(c.lo, 1-smallCount), math.Max(c.hi, smallCount-1)}
	}
	return c
}

func newDifference(before, after *referral.Table, c FlowMapConfig) *flowMap {
	a, b := gather(before, c, before, after), gather(after, c, before, after)
	shared := !c.AllowSmall && mayShare(before.Meta(), after.Meta())
	m := *b
	m.delta, m.links = true, nil
	of := func(x, y amount) change {
		d := y.minus(x)
		if shared {
			d = d.hide()
		}
		return d
	}
	x, y := a.pairs(before), b.pairs(after)
	for pair := range y {
		if _, ok := x[pair]; !ok {
			x[pair] = absent(before)
		}
	}
	for pair, old := range x {
		now, ok := y[pair]
		if !ok {
			now = absent(after)
		}
		d := of(old, now)
		switch {
		case d.lo == 0 && d.hi == 0:
		case d.some(), !math.IsInf(d.most(), 1) && d.most() >= smallCount:
			m.links = append(m.links, link{from: pair[0], to: pair[1], change: d, amount: d.size()})
		default:
			m.unknown++
		}
	}
	slices.SortFunc(m.links, func(a, b link) int {
		return cmp.Or(cmp.Compare(b.change.least(), a.change.least()), cmp.Compare(b.change.size().finite(), a.change.size().finite()),
			a.from-b.from, a.to-b.to)
	})
	if len(m.links) > m.c.MaxFlows {
		m.hidden = hiddenFlows{flows: len(m.links) - m.c.MaxFlows}
		m.links = m.links[:m.c.MaxFlows]
	}
	for i := range m.places {
		p := &m.places[i]
		p.change = of(a.places[i].treated, b.places[i].treated)
		p.treated, p.retained, p.color = p.change.size(), exactly(0), m.signColor(p.change)
		if p.set() {
			p.color = softInk
		}
		if !p.set() && !math.IsInf(p.change.most(), 1) {
			m.mostTreated = math.Max(m.mostTreated, p.change.most())
		}
	}
	m.counted = true
	for _, l := range m.links {
		m.mostFlow = math.Max(math.Max(m.mostFlow, 2*smallCount), l.amount.finite())
	}
	m.size()
	for i := range m.places {
		if p := &m.places[i]; !p.set() && !math.IsInf(p.change.most(), 1) {
			p.radius = math.Max(minRadius*m.shrink, m.areaRadius(p.change.most()))
		}
	}
	for i := range m.links {
		l := &m.links[i]
		if l.change.sign() < 0 {
			l.width = math.Max(l.width, hollowWidth*math.Max(m.shrink, 0.6))
		}
		if l.change.exact() {
			l.tag.text = signed(l.change.lo)
		} else {
			l.tag.text = [...]string{"−", "±", "+"}[l.change.sign()+1]
		}
	}
	return &m
}

// hollowWidth is the smallest width at which an arrow is seen to be hollow.
const hollowWidth = 2.6

// finite is the upper bound, or the lower one of what has none.
func (a amount) finite() float64 {
	if math.IsInf(a.hi, 1) {
		return a.lo
	}
	return a.hi
}

// mayShare reports whether two tables may count the same patients.
func mayShare(a, b referral.Meta) bool {
	return a.Period.Overlaps(b.Period) && (a.Tumor == b.Tumor || a.Tumor == "" || b.Tumor == "")
}

// absent is what is known of a pair that a table does not list.
func absent(t *referral.Table) amount {
	if t.Absent().State == referral.Missing {
		return atLeast(0)
	}
	return exactly(0)
}

// pairs sums the flows between each pair of different places.
func (m *flowMap) pairs(t *referral.Table) map[[2]int]amount {
	index := map[string]int{}
	for i, p := range m.places {
		index[p.label] = i
	}
	out := map[[2]int]amount{}
	for f := range t.Flows() {
		if f.Retained() || referral.Beside(f.Origin) || referral.Beside(f.Destination) {
			continue
		}
		pair := [2]int{index[f.Origin], index[f.Destination]}
		if sum, ok := out[pair]; ok {
			out[pair] = sum.add(amountOf(f.Cell, m.c.AllowSmall))
		} else {
			out[pair] = amountOf(f.Cell, m.c.AllowSmall)
		}
	}
	return out
}

// signed writes a change with its sign.
func signed(v float64) string {
	switch {
	case v > 0:
		return "+" + number(v)
	case v < 0:
		return "−" + number(-v)
	}
	return "0"
}

func (m *flowMap) signColor(c change) string {
	return [...]string{decline, softInk, growth}[c.sign()+1]
}

// changeText writes a change, or its bounds.
func (m *flowMap) changeText(c change) string {
	switch {
	case c.exact():
		return signed(c.lo)
	case math.IsInf(c.lo, -1) && math.IsInf(c.hi, 1):
		return m.w.changeUnknown
	case math.IsInf(c.hi, 1):
		return fmt.Sprintf(m.w.atLeast, signed(c.lo))
	case math.IsInf(c.lo, -1):
		return fmt.Sprintf(m.w.atMost, signed(c.hi))
	}
	return fmt.Sprintf(m.w.between, signed(c.lo), signed(c.hi))
}

// layDifference writes header and footer of a difference map.
func (m *flowMap) layDifference(before, after *referral.Table, c DifferenceConfig) {
	meta, old := after.Meta(), before.Meta()
	meta.Synthetic = meta.Synthetic || old.Synthetic
	if old.Source != meta.Source {
		meta.Source = strings.Trim(strings.TrimSuffix(meta.Source, ".")+"; "+old.Source, "; ")
	}
	meta.Title, meta.TitleNL = "", ""
	m.sheet = newSheet(m.c.Page, meta)
	s := m.sheet
	s.title = cmp.Or(s.title, m.w.differenceTitle)
	s.about = m.c.Subtitle
	if s.about == "" {
		s.about = fmt.Sprintf(m.w.subtitle, m.one()) + ". " + fmt.Sprintf(m.w.differenceOf, cmp.Or(c.After, sideOf(after.Meta())), cmp.Or(c.Before, sideOf(old)))
	}
	s.symbol = m.symbolWidth()
	plus, minus := viz.Stroke{Color: growth, Width: 3}, viz.Stroke{Color: decline, Width: 3.4}
	s.explain(fmt.Sprintf(m.w.grown, m.unit()), 0, func(p *pen, c viz.Point) { drawSample(p, c, plus) })
	s.explain(m.w.declined, 0, func(p *pen, c viz.Point) {
		drawSample(p, c, minus)
		p.line(viz.Point{X: c.X - 16, Y: c.Y}, viz.Point{X: c.X + 6, Y: c.Y}, 0, viz.Stroke{Color: paper, Width: minus.Width * hollow})
	})
	s.explain(fmt.Sprintf(m.w.changeDisc, m.unit()), 0, func(p *pen, c viz.Point) {
		p.disc(viz.Point{X: c.X - 8, Y: c.Y}, 7, growth, viz.Stroke{Color: growth, Width: 1})
		p.disc(viz.Point{X: c.X + 10, Y: c.Y}, 7, paper, viz.Stroke{Color: decline, Width: 2})
	})
	if slices.ContainsFunc(m.places, func(p place) bool { return !p.set() && p.change != change{} && p.change.sign() == 0 }) {
		s.explain(m.w.changeEither, 0, func(p *pen, c viz.Point) {
			p.labeled(c, 8, paper, "±", ink, viz.Stroke{Color: softInk, Width: 1, Dash: viz.Dotted})
		})
	}
	if slices.ContainsFunc(m.links, func(l link) bool { return l.amount.ranged() }) {
		s.explain(m.w.changeRange, 0, func(p *pen, c viz.Point) {
			p.line(viz.Point{X: c.X - 16, Y: c.Y}, viz.Point{X: c.X + 8, Y: c.Y}, 0, viz.Stroke{Color: pale(softInk), Width: 4})
			drawSample(p, c, viz.Stroke{Color: softInk, Width: 1.2, Dash: viz.Dotted})
		})
	}
	if slices.ContainsFunc(m.links, func(l link) bool { return math.IsInf(l.amount.hi, 1) }) {
		s.explain(m.w.changeOpen, 0, func(p *pen, c viz.Point) {
			drawSample(p, c, viz.Stroke{Color: growth, Width: unknownWidth, Dash: viz.Dashed})
		})
	}
	if slices.ContainsFunc(m.places, func(p place) bool { return p.set() }) {
		s.explain(fmt.Sprintf(m.w.setDisc, m.many()), 0, drawSetSample)
	}
	s.noteSmall(after, m.unit())
	if !m.c.AllowSmall && mayShare(old, meta) {
		s.note(false, m.w.sharedHidden)
	}
	if m.hidden.flows > 0 {
		s.note(true, fmt.Sprintf(m.w.changesHidden, m.hidden.flows))
	}
	if m.unknown > 0 {
		s.note(true, fmt.Sprintf(m.w.changesUnknown, m.unknown))
	}
	if len(m.places) > dense {
		s.note(false, m.w.leftOut)
	}
	s.finish()
	s.fix(s.mapRoom())
	m.frame = s.frame()
}

// sideOf names one of two tables.
func sideOf(meta referral.Meta) string {
	var parts []string
	for _, s := range []string{phrase(meta.Tumor), meta.Period.String()} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if len(parts) == 0 {
		return cmp.Or(meta.Title, "?")
	}
	return strings.Join(parts, " ")
}

// hollow is the part of the width of a declining arrow that is left open.
const hollow = 0.45

// drawChangeDisc draws the change in the number treated.
func (m *flowMap) drawChangeDisc(d *viz.Drawing, i int) {
	p := &m.places[i]
	disc := viz.Disc{ID: m.discID(i), Center: p.at, Radius: p.radius, Fill: p.color, Stroke: viz.Stroke{Color: p.color, Width: 1},
		Size: 8, Color: textOn(p.color), Tooltip: m.placeTip(p)}
	switch {
	case p.set() || p.change == change{}:
		disc.Fill, disc.Stroke = paper, viz.Stroke{Color: softInk, Width: 1.4}
	case p.change.sign() == 0:
		disc.Fill, disc.Color, disc.Stroke = paper, ink, viz.Stroke{Color: softInk, Width: 1, Dash: viz.Dotted}
	case p.change.sign() < 0:
		disc.Fill, disc.Color, disc.Stroke = paper, ink, viz.Stroke{Color: decline, Width: 2}
	}
	if !p.change.exact() && p.change.sign() > 0 {
		disc.Fill, disc.Color = pale(p.color), ink
	}
	text := signed(p.change.lo)
	if !p.change.exact() {
		text = [...]string{"−", "±", "+"}[p.change.sign()+1]
	}
	if !p.set() && viz.TextWidth(text, disc.Size, false) < 2*p.radius-3 {
		disc.Text = text
	}
	d.Discs = append(d.Discs, disc)
}
