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

// Panel is one of several maps on a page.
type Panel struct {
	Title string // empty: the period and the tumor of the table, or its title
	Table *referral.Table
}

// FlowMapsConfig says how several flow maps look together. A Height of 0 means
// as high as the maps need, up to 842 points or, on a page narrower than 430
// points, as on a phone, with a row for each map.
type FlowMapsConfig struct {
	Page
	Columns  int // 0: as many as give the largest panels; on a narrow page without a height 1
	MaxFlows int // at most so many arrows in each panel; 0 means 60
}

const (
	maxPanels   = 24
	panelGap    = 14.0
	panelTitle  = 10.5
	leastPanel  = 90.0
	panelAspect = 0.82 // width of a map over its height
)

// FlowMaps draws several flow tables as panels of one page, by tumor or year,
// or before and after: the same classes at the same places in the same colors,
// areas and widths on the same scales, and the same flows left out by size. A
// class that one table lacks stands in its panel as a small open disc. What a
// panel shows is as in FlowMap. Panels whose tables hold the same patients, such
// as a year and all years, can be subtracted from each other.
//
// Panels are drawn from the left to the right, row by row, in their order.
//
// It returns ErrNoFlows if no table has a flow, and errors matching ErrCrowded
// for more than 120 classes and ErrConfig for no panels, more than 24, a panel
// without a table, and tables of different units, levels or partitions. Time as
// FlowMap for each panel.
func FlowMaps(panels []Panel, s *network.Snapshot, c FlowMapsConfig) (*viz.Drawing, error) {
	tables, err := tablesOf(panels)
	if err != nil {
		return nil, err
	}
	single := FlowMapConfig{Page: c.Page, MaxFlows: c.MaxFlows}
	if err := single.check(); err != nil {
		return nil, err
	}
	if c.Columns < 0 {
		return nil, fmt.Errorf("%w: %d columns", ErrConfig, c.Columns)
	}
	if p := newSheet(c.Page, referral.Meta{}); c.Columns == 0 && c.Height == 0 && p.narrow() {
		c.Columns = 1
	}
	maps := gatherAll(tables, single)
	all := together(maps)
	if all.empty() {
		return nil, ErrNoFlows
	}
	if err := crowded(len(maps[0].places)); err != nil {
		return nil, err
	}
	for _, m := range append(maps, all) {
		m.colorPlaces(s)
	}
	all.layPanels(panels, c.Columns)
	if err := all.sheet.roomy(); err != nil {
		return nil, err
	}
	_, all.scale = panelRooms(all.frame, len(maps), c.Columns)
	all.rescale(len(maps[0].places))
	all.layPanels(panels, c.Columns) // what the legend explains depends on the scale
	rooms, scale := panelRooms(all.frame, len(maps), c.Columns)
	if r := rooms[0]; !(r.width() >= leastPanel && r.height() >= leastPanel) {
		return nil, fmt.Errorf("%w: panels of %.0f by %.0f points, want at least %g each; enlarge the page", ErrCrowded, r.width(), r.height(), leastPanel)
	}
	base := maps[0].base(maps, scale)
	base.frame = rooms[0]
	if s != nil {
		base.outline = project(s.Landscape().Outline())
	}
	base.locate(s)
	base.separate()
	d := all.sheet.begin()
	for i, m := range maps {
		m.stand(base, sub(rooms[i].center(), rooms[0].center()))
		m.prefix = fmt.Sprintf("panel %d ", i+1)
		m.arrange()
		m.placeTags()
		m.draw(d)
		m.drawPanelTitle(d, panels[i], rooms[i])
	}
	all.sheet.draw(d)
	return d, nil
}

// tablesOf checks that the tables of the panels can be compared by eye.
func tablesOf(panels []Panel) ([]*referral.Table, error) {
	if len(panels) == 0 || len(panels) > maxPanels {
		return nil, fmt.Errorf("%w: %d panels, want 1 to %d", ErrConfig, len(panels), maxPanels)
	}
	var tables []*referral.Table
	for i, p := range panels {
		if p.Table == nil {
			return nil, fmt.Errorf("%w: panel %d has no table", ErrConfig, i+1)
		}
		if err := sameKind(panels[0].Table, p.Table); err != nil {
			return nil, err
		}
		tables = append(tables, p.Table)
	}
	return tables, nil
}

// sameKind refuses two tables whose counts are of different things.
func sameKind(a, b *referral.Table) error {
	x, y := a.Meta(), b.Meta()
	for _, f := range [...]struct {
		name string
		a, b string
	}{
		{"unit", x.Unit.String(), y.Unit.String()}, {"level", x.Level, y.Level}, {"partition", x.Partition, y.Partition},
	} {
		if f.a != f.b {
			return fmt.Errorf("%w: tables of different %s: %q and %q", ErrConfig, f.name, f.a, f.b)
		}
	}
	return nil
}

// gatherAll takes over the flows of several tables, on common scales.
func gatherAll(tables []*referral.Table, c FlowMapConfig) []*flowMap {
	var maps []*flowMap
	threshold := 0.0
	for _, t := range tables {
		m := gather(t, c, tables...)
		threshold = math.Max(threshold, m.threshold())
		maps = append(maps, m)
	}
	for _, m := range maps {
		m.dropBelow(threshold)
		m.measure()
	}
	for _, m := range maps {
		for _, o := range maps {
			m.mostTreated, m.mostFlow = math.Max(m.mostTreated, o.mostTreated), math.Max(m.mostFlow, o.mostFlow)
			m.counted = m.counted || o.counted
		}
	}
	return maps
}

// together is a map that has what all of several have, for the words around
// them.
func together(maps []*flowMap) *flowMap {
	all := *maps[0]
	all.places, all.links, all.hidden = nil, nil, hiddenFlows{below: maps[0].hidden.below, total: exactly(0)}
	all.unknown, all.outside = 0, false
	for _, m := range maps {
		m.size()
		n := len(all.places)
		all.places = append(all.places, m.places...)
		for _, l := range m.links {
			l.from, l.to = l.from+n, l.to+n
			all.links = append(all.links, l)
		}
		all.hidden.flows += m.hidden.flows
		if m.hidden.flows > 0 {
			all.hidden.below = m.hidden.below
			all.hidden.total = all.hidden.total.add(m.hidden.total)
		}
		all.unknown += m.unknown
		all.outside = all.outside || m.outside
		if all.t.PresenceOnly() && !m.t.PresenceOnly() {
			all.t = m.t
		}
	}
	all.shrink = maps[0].shrink
	return &all
}

// layPanels writes header and footer of a page of panels.
func (m *flowMap) layPanels(panels []Panel, columns int) {
	meta := panels[0].Table.Meta()
	for _, p := range panels[1:] {
		o := p.Table.Meta()
		meta.Synthetic = meta.Synthetic || o.Synthetic
		if o.Title != meta.Title {
			meta.Title, meta.TitleNL = "", ""
		}
		if o.Source != meta.Source && !strings.Contains(meta.Source, o.Source) {
			meta.Source = strings.TrimSuffix(meta.Source, ".") + "; " + o.Source
		}
		if o.Period != meta.Period {
			meta.Period = network.Period{}
		}
	}
	m.sheet = newSheet(m.c.Page, meta)
	m.sheet.title = cmp.Or(m.sheet.title, m.w.untitled)
	m.sheet.symbol = m.symbolWidth()
	m.sheet.about = cmp.Or(m.c.Subtitle, fmt.Sprintf(m.w.subtitle, m.one())+". "+m.w.sameScales)
	m.note = true
	m.explainAll()
	m.putNotes()
	room := pageHeight - m.sheet.topHeight() - m.sheet.bottomHeight()
	if m.sheet.narrow() {
		room = (m.sheet.width()/panelAspect+2*panelTitle+panelGap)*float64(len(panels)) - panelGap
	}
	rooms, _ := panelRooms(box{0, 0, m.sheet.width(), room}, len(panels), columns)
	needed := room - rooms[len(rooms)-1].y0 // no more than the maps fill
	for _, r := range rooms {
		if extra := r.height() - r.width()/panelAspect; extra > 0 && r.x0 == 0 {
			needed -= extra
		}
	}
	m.sheet.fix(math.Max(needed, leastPanel))
	m.frame = m.sheet.frame()
}

// panelRooms divides the frame into panels, in their order, and says how much
// smaller than a page of its own each is.
func panelRooms(f box, n, columns int) (rooms []box, scale float64) {
	size := func(columns int) (w, h float64) {
		rows := (n + columns - 1) / columns
		return (f.width() - panelGap*float64(columns-1)) / float64(columns), (f.height() - panelGap*float64(rows-1)) / float64(rows)
	}
	if columns == 0 || columns > n {
		best := 0.0
		for k := 1; k <= n; k++ {
			w, h := size(k)
			if v := math.Min(w, (h-2*panelTitle)*panelAspect); v > best {
				best, columns = v, k
			}
		}
	}
	w, h := size(columns)
	for i := range n {
		x, y := f.x0+float64(i%columns)*(w+panelGap), f.y1-float64(i/columns)*(h+panelGap)
		rooms = append(rooms, box{x, y - h, x + w, y - 2*panelTitle})
	}
	full := math.Min(pageWidth-2*pageMargin, 600*panelAspect)
	return rooms, math.Min(1, math.Sqrt(math.Min(w, (h-2*panelTitle)*panelAspect)/full))
}

// base is a map whose discs are as large as the largest of all panels, which
// says where they stand.
func (m *flowMap) base(maps []*flowMap, scale float64) *flowMap {
	base := *m
	base.places = slices.Clone(m.places)
	base.links = nil
	base.scale = scale
	for i := range base.places {
		base.places[i].radius = 0
	}
	for _, o := range maps {
		o.scale = scale
		o.size()
		base.links = append(base.links, o.links...)
		for i := range base.places {
			p, q := &base.places[i], &o.places[i]
			p.radius = math.Max(p.radius, q.radius)
			p.retained = p.retained.add(amount{lo: q.retained.lo}) // room for a ring
		}
	}
	base.shrink = m.shrink
	return &base
}

// stand takes over the places of another map, moved.
func (m *flowMap) stand(base *flowMap, by viz.Point) {
	m.frame, m.strip, m.caption = base.frame, base.strip, base.caption
	for i := range m.places {
		p, q := &m.places[i], &base.places[i]
		p.at, p.anchor, p.known, p.title = q.at, q.anchor, q.known, q.title
	}
	m.outline = nil
	for _, ring := range base.outline {
		moved := make([]viz.Point, len(ring))
		for i, p := range ring {
			moved[i] = add(p, by)
		}
		m.outline = append(m.outline, moved)
	}
	m.move(by)
}

// drawPanelTitle writes what a panel is about above it.
func (m *flowMap) drawPanelTitle(d *viz.Drawing, p Panel, room box) {
	title := cmp.Or(p.Title, sideOf(p.Table.Meta()))
	lines := wrapText(title+" ("+m.total()+")", room.width(), panelTitle-1.5, true)
	for i, line := range lines[:min(len(lines), 2)] {
		d.Texts = append(d.Texts, viz.Text{At: viz.Point{X: room.x0, Y: room.y1 + 2*panelTitle - (panelTitle-1.5)*(1+1.15*float64(i))},
			Align: viz.Left, Text: line, Size: panelTitle - 1.5, Bold: true, Color: ink})
	}
}
