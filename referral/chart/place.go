// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"cmp"
	"math"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
)

// kmPerDegree is the length of a degree of latitude on a sphere of mean Earth
// radius.
const kmPerDegree = math.Pi * 6371.0088 / 180

// middleLatitude is where the projection is true to scale. Over a country of
// the size of the Netherlands the scale differs by less than 2 % from there.
const middleLatitude = 52.2

// project is the equirectangular projection in kilometers, y northward.
func project(rings [][]network.Point) [][]viz.Point {
	out := make([][]viz.Point, len(rings))
	for i, ring := range rings {
		for _, p := range ring {
			out[i] = append(out[i], projectPoint(p))
		}
	}
	return out
}

func projectPoint(p network.Point) viz.Point {
	return viz.Point{
		X: p.Lon * kmPerDegree * math.Cos(middleLatitude*math.Pi/180),
		Y: p.Lat * kmPerDegree,
	}
}

// locate gives every place its anchor on the page.
func (m *flowMap) locate(s *network.Snapshot) {
	unknown := 0
	for i := range m.places {
		p := &m.places[i]
		if p.set() {
			continue
		}
		var at network.Point
		if s != nil {
			at, p.known = m.find(s, p)
		}
		if p.known {
			p.anchor = projectPoint(at)
		} else {
			unknown++
		}
	}
	m.fit()
	m.placeUnknown(unknown)
	for i := range m.places {
		p := &m.places[i]
		if !p.set() {
			continue
		}
		for _, j := range p.members {
			p.anchor = add(p.anchor, scale(m.places[j].anchor, 1/float64(len(p.members))))
		}
	}
	for i := range m.places {
		m.places[i].at = m.places[i].anchor
	}
}

// find looks a class up as a network of the table's partition, then as a
// hospital, and takes its name from there.
func (m *flowMap) find(s *network.Snapshot, p *place) (network.Point, bool) {
	partition := m.t.Meta().Partition
	if partition == "" {
		partition = "regional"
	}
	if n, ok := s.Network(partition, p.label); ok {
		p.title = n.Name
		return s.Middle(n.ID)
	}
	if h, ok := s.Hospital(p.label); ok {
		p.title = cmp.Or(h.ShortName, h.Name, h.ID)
		return h.Point, h.Point.Known()
	}
	return network.Point{}, false
}

// fit scales outline and anchors from kilometers into the frame.
func (m *flowMap) fit() {
	b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	include := func(p viz.Point) {
		b = box{math.Min(b.x0, p.X), math.Min(b.y0, p.Y), math.Max(b.x1, p.X), math.Max(b.y1, p.Y)}
	}
	for _, ring := range m.outline {
		for _, p := range ring {
			include(p)
		}
	}
	for _, p := range m.places {
		if p.known {
			include(p.anchor)
		}
	}
	if b.x0 > b.x1 {
		return
	}
	margin := 0.0
	if len(m.outline) == 0 {
		margin = 60
	}
	room := m.frame.grow(-margin)
	k := math.Min(room.width()/math.Max(b.width(), 1), room.height()/math.Max(b.height(), 1))
	from, to := b.center(), room.center()
	move := func(p viz.Point) viz.Point { return add(to, scale(sub(p, from), k)) }
	for _, ring := range m.outline {
		for i := range ring {
			ring[i] = move(ring[i])
		}
	}
	for i := range m.places {
		if p := &m.places[i]; p.known {
			p.anchor = move(p.anchor)
		}
	}
}

// placeUnknown puts classes without a place in a strip in a corner of the
// frame; if no class has a place, on a circle.
func (m *flowMap) placeUnknown(n int) {
	if n == 0 {
		return
	}
	var unknown []int
	singles := 0
	for i, p := range m.places {
		if p.set() {
			continue
		}
		singles++
		if !p.known {
			unknown = append(unknown, i)
		}
	}
	if n == singles {
		r := math.Min(m.frame.width(), m.frame.height())/2 - 70
		for i, j := range unknown {
			m.places[j].anchor = add(m.frame.center(), polar(math.Pi/2-2*math.Pi*float64(i)/float64(n), r))
		}
		return
	}
	m.strip = m.emptiestCorner(n, unknown)
	m.caption = box{m.strip.x0, m.strip.y1 - stripHead + 4, m.strip.x1, m.strip.y1}
	top := m.strip.y1 - stripHead
	if m.strip.y0 == m.frame.y0 { // away from the arrows
		m.caption = box{m.strip.x0, m.strip.y0, m.strip.x1, m.strip.y0 + stripHead - 4}
		top = m.strip.y1
	}
	for i, j := range unknown {
		m.places[j].anchor = viz.Point{X: m.strip.x0 + 26*m.scale, Y: top - stripStep*m.scale*(float64(i)+0.5)}
	}
}

const (
	stripWidth = 132.0
	stripHead  = 28.0 // for the caption
	stripStep  = 46.0 // for each class
	stripText  = 8.0
)

// emptiestCorner finds the corner for the strip: the one with the least land,
// and among those without land the one nearest to the classes that refer to
// the strip.
func (m *flowMap) emptiestCorner(n int, unknown []int) box {
	h := stripHead + stripStep*m.scale*float64(n)
	w := math.Max(stripWidth*m.scale, math.Min(viz.TextWidth(m.w.strip, stripText, false)+12, m.frame.width()/3))
	f := m.frame
	var best box
	bestCost := math.Inf(1)
	for _, b := range [...]box{
		{f.x0, f.y0, f.x0 + w, f.y0 + h},
		{f.x1 - w, f.y0, f.x1, f.y0 + h},
		{f.x0, f.y1 - h, f.x0 + w, f.y1},
		{f.x1 - w, f.y1 - h, f.x1, f.y1},
	} {
		cost := 0.0
		for _, ring := range m.outline {
			for _, p := range ring {
				if b.contains(p) {
					cost += 1000
				}
			}
		}
		for _, p := range m.places {
			if p.known && b.meetsDisc(p.anchor, p.reach()) {
				cost += 1e6
			}
		}
		for _, l := range m.links {
			for _, j := range unknown {
				if l.to == j && m.places[l.from].known {
					cost += distance(m.places[l.from].anchor, b.center())
				}
			}
		}
		if cost < bestCost {
			best, bestCost = b, cost
		}
	}
	return best
}

// discGap is the free room between discs: enough for short arrows where there
// are few discs, and hardly any where there are many.
func (m *flowMap) discGap() float64 {
	return math.Min(52, math.Max(3, 75-4*float64(len(m.places))))
}

// separate moves discs apart where they would collide, and as little as that
// takes: pairs push each other, and every disc is drawn back to its anchor.
func (m *flowMap) separate() {
	const rounds = 400
	for round := range rounds {
		pull := 0.05 * (1 - float64(round)/rounds)
		for i := range m.places {
			p := &m.places[i]
			p.at = add(p.at, scale(sub(p.anchor, p.at), pull))
		}
		for i := range m.places {
			for j := range i {
				m.push(&m.places[i], &m.places[j], i, j)
			}
		}
		for i := range m.places {
			p := &m.places[i]
			room := m.frame.grow(-p.reach())
			p.at = room.nearest(p.at)
		}
	}
}

func (m *flowMap) push(p, q *place, i, j int) {
	gap := m.discGap()
	if p.set() || q.set() {
		gap /= 2
	}
	need := p.reach() + q.reach() + gap
	d := distance(p.at, q.at)
	if d >= need {
		return
	}
	dir := unit(sub(p.at, q.at))
	if d == 0 {
		dir = polar(float64(i*7+j), 1)
	}
	// A place outside the landscape keeps its place in the strip.
	pf, qf := 0.5, 0.5
	if !p.known && !p.set() && m.strip.width() > 0 {
		pf, qf = 0, 1
	} else if !q.known && !q.set() && m.strip.width() > 0 {
		pf, qf = 1, 0
	}
	p.at = add(p.at, scale(dir, (need-d)*pf))
	q.at = sub(q.at, scale(dir, (need-d)*qf))
}
