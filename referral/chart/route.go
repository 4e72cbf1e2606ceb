// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"

	"github.com/oncoref/oncoref/graph/viz"
)

// bends are the curvatures an arrow may take, as the height of its control
// points over the straight line in shares of its length. An arrow bends to
// the right of its direction, so that a pair of opposite arrows opens like a
// lens; only where nothing else fits does one bend to the left.
var bends = [...]float64{0.12, 0.18, 0.25, 0.33, 0.42, 0.52, 0.64, 0.06, -0.08, -0.16, -0.26, -0.38}

const (
	headLength  = 9.0
	samples     = 36
	tipGap      = 1.5
	clearDisc   = 5.0
	clearArrow  = 4.0
	arrangeRuns = 5
	manyLinks   = 150 // beyond which arrows are routed once: no arrangement keeps them apart
)

// arrange routes arrows and places names in turns and keeps the best turn. It
// begins twice, once with the arrows and once with the names, because each
// start finds arrangements that the other does not.
func (m *flowMap) arrange() {
	best, bestCost := mapState{}, math.Inf(1)
	runs := arrangeRuns
	switch {
	case len(m.links) > manyLinks:
		m.start(false)
		m.routeAll()
		m.nameAll()
		m.restore(m.state())
		return
	case len(m.places) > dense:
		runs = arrangeRuns / 2
	}
	for _, namesFirst := range [...]bool{true, false} {
		m.start(namesFirst)
		for range runs {
			m.routeAll()
			cost := m.nameAll()
			for i := range m.links {
				cost += 0.3 * m.routeCost(i)
			}
			if cost < bestCost {
				best, bestCost = m.state(), cost
			}
		}
	}
	m.restore(best)
}

// start draws every arrow with a gentle bend and forgets all names, or places
// them as if there were no arrows.
func (m *flowMap) start(names bool) {
	for i := range m.places {
		m.places[i].name = label{}
	}
	if names {
		links := m.links
		m.links = nil
		m.nameAll()
		m.links = links
	}
	for i := range m.links {
		m.bend(&m.links[i], bends[1])
	}
}

// mapState is what arrange varies.
type mapState struct {
	bends []float64
	names []label
}

func (m *flowMap) state() mapState {
	var s mapState
	for _, l := range m.links {
		s.bends = append(s.bends, l.bend)
	}
	for _, p := range m.places {
		s.names = append(s.names, p.name)
	}
	return s
}

func (m *flowMap) restore(s mapState) {
	for i := range m.links {
		m.bend(&m.links[i], s.bends[i])
	}
	m.leftOut = false
	for i := range m.places {
		m.places[i].name = s.names[i]
		m.leftOut = m.leftOut || !s.names[i].placed && !m.places[i].set()
	}
}

// bend shapes an arrow: from the rim of its origin to the rim of its
// destination.
func (m *flowMap) bend(l *link, bend float64) {
	from, to := &m.places[l.from], &m.places[l.to]
	l.bend = bend
	d := sub(to.at, from.at)
	right := scale(viz.Point{X: d.Y, Y: -d.X}, bend)
	whole := bezier{
		from.at,
		add(add(from.at, scale(d, 0.3)), right),
		add(add(from.at, scale(d, 0.7)), right),
		to.at,
	}
	head := m.head(l)
	t0 := whole.leaves(from.reach() + 0.5)
	tip := whole.arrives(to.reach() + tipGap)
	neck := whole.arrives(to.reach() + tipGap + head)
	if neck <= t0 {
		neck = (t0 + tip) / 2
	}
	l.curve = whole.part(t0, neck)
	l.tip = whole.at(tip)
	l.samples = l.samples[:0]
	for i := range samples + 1 {
		l.samples = append(l.samples, whole.at(t0+(tip-t0)*float64(i)/samples))
	}
	l.blocks = blocksOf(l.samples, l.blocks)
	l.box = boxOf(l.samples)
}

// head is the length of the head of an arrow, smaller on a dense map.
func (m *flowMap) head(l *link) float64 {
	return headLength*math.Min(1, math.Max(0.5, 1.3*m.shrink)) + l.width
}

// routeAll chooses the bend of each arrow in turn, given the others, until no
// choice changes.
func (m *flowMap) routeAll() {
	rounds, bends := 6, bends[:]
	if len(m.links) > manyLinks {
		rounds, bends = 1, bends[:4]
	}
	for range rounds {
		changed := false
		for i := range m.links {
			l := &m.links[i]
			old, best, bestCost := l.bend, l.bend, math.Inf(1)
			for _, b := range bends {
				m.bend(l, b)
				if c := m.routeCost(i); c < bestCost-1e-9 {
					best, bestCost = b, c
				}
			}
			m.bend(l, best)
			changed = changed || best != old
		}
		if !changed {
			return
		}
	}
}

// routeCost is what is wrong with arrow i: discs in its way, names under it,
// other arrows alongside, too much or too little bend.
func (m *flowMap) routeCost(i int) float64 {
	l := &m.links[i]
	length := distance(m.places[l.from].at, m.places[l.to].at)
	cost := (8*math.Abs(l.bend-0.15) + 40*math.Max(0, math.Abs(l.bend)-0.28)) * math.Max(1, length/120)
	if l.bend < 0 {
		cost += 4
	}
	for k := range m.places {
		p := &m.places[k]
		if k == l.from || k == l.to {
			continue
		}
		keep := p.reach() + clearDisc + l.width/2
		if !l.box.meetsDisc(p.at, keep) {
			continue
		}
		for _, s := range l.samples {
			if d := distance(s, p.at); d < keep {
				cost += (12 + 4*(keep-d)) * m.shrink * m.shrink
			}
		}
	}
	for k := range m.places {
		if n := m.places[k].name; n.placed {
			b := n.box.grow(2 + l.width/2)
			if !b.meets(l.box) {
				continue
			}
			for _, s := range l.samples {
				if b.contains(s) {
					cost += 30
				}
			}
		}
	}
	for _, s := range l.samples {
		if !m.frame.contains(s) {
			cost += 10
		}
		if m.caption.contains(s) {
			cost += 30
		}
	}
	for j := range m.links {
		if j != i {
			cost += m.alongside(l, &m.links[j]) + headsMeet(l, &m.links[j])
		}
	}
	return cost
}

// headsMeet counts how far the heads of two arrows cover each other.
func headsMeet(a, b *link) float64 {
	need := headHalf * (2*headLength + a.width + b.width)
	if d := distance(a.tip, b.tip); d < need {
		return 2.5 * (need - d)
	}
	return 0
}

// alongside counts where two arrows run so close and so parallel that the eye
// takes them for one. Near a disc that both touch this is unavoidable and
// counts less.
func (m *flowMap) alongside(a, b *link) float64 {
	near := clearArrow + (a.width+b.width)/2
	if !a.box.grow(near).meets(b.box) {
		return 0
	}
	cost := 0.0
	for _, x := range a.blocks {
		x.box = x.box.grow(near)
		for _, y := range b.blocks {
			if x.box.meets(y.box) {
				cost += m.alongsideBlock(a, b, x, y, near)
			}
		}
	}
	return cost
}

func (m *flowMap) alongsideBlock(a, b *link, x, y block, near float64) float64 {
	cost := 0.0
	for i := max(x.from, 1); i < x.to; i += 2 {
		p := a.samples[i]
		da := unit(sub(p, a.samples[i-1]))
		for j := max(y.from, 1); j < y.to; j++ {
			q := b.samples[j]
			if math.Abs(p.X-q.X) > near || math.Abs(p.Y-q.Y) > near || distance(p, q) > near {
				continue
			}
			db := unit(sub(q, b.samples[j-1]))
			if math.Abs(da.X*db.Y-da.Y*db.X) > 0.4 {
				continue
			}
			if m.shared(a, b, p) {
				cost += 0.3
			} else {
				cost += 2
			}
		}
	}
	return cost
}

// block is a run of samples of an arrow and the box around them, which spares
// most comparisons between arrows.
type block struct {
	from, to int
	box      box
}

const blockSize = 6

func blocksOf(samples []viz.Point, out []block) []block {
	out = out[:0]
	for from := 0; from < len(samples); from += blockSize {
		to := min(from+blockSize, len(samples))
		out = append(out, block{from, to, boxOf(samples[from:to])})
	}
	return out
}

// shared reports whether p is near a disc at which both arrows begin or end.
func (m *flowMap) shared(a, b *link, p viz.Point) bool {
	for _, k := range [...]int{a.from, a.to} {
		if (k == b.from || k == b.to) && distance(p, m.places[k].at) < m.places[k].reach()+22 {
			return true
		}
	}
	return false
}

func boxOf(points []viz.Point) box {
	b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		b = box{math.Min(b.x0, p.X), math.Min(b.y0, p.Y), math.Max(b.x1, p.X), math.Max(b.y1, p.Y)}
	}
	return b
}
