// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
)

// label is the name of a place: its lines and where they stand.
type label struct {
	lines  []string
	box    box
	placed bool
	far    bool // too far from its disc to be read without a leader line
}

const (
	lineHeight = 1.16 // of the font size
	labelPad   = 2.0  // free room around a name
	farGap     = 13.0
	collision  = 1000.0
)

// nameAll places every name, the most constrained neighborhoods settling over
// some rounds, and returns the remaining cost; below collision nothing
// overlaps.
func (m *flowMap) nameAll() float64 {
	const rounds = 5
	total := math.Inf(1)
	for range rounds {
		sum := 0.0
		for i := range m.places {
			if !m.places[i].set() {
				sum += m.nameOne(i)
			}
		}
		if sum >= total-1e-9 {
			return sum
		}
		total = sum
	}
	return total
}

// nameOne puts the name of place i where it costs least, given all else.
func (m *flowMap) nameOne(i int) float64 {
	p := &m.places[i]
	p.name.placed = false
	var best label
	bestCost := math.Inf(1)
	for _, lines := range wraps(p.title) {
		if p.letter != "" {
			lines[len(lines)-1] += " (" + p.letter + ")"
		}
		w, h := m.extent(lines)
		for _, gap := range [...]float64{2.5, 6, 12, 20, 30, 42, 56, 72, 90} {
			for k := range 24 {
				a := float64(k) * math.Pi / 12
				s, c := math.Sincos(a)
				r := p.reach() + gap
				b := boxAround(viz.Point{X: p.at.X + c*(r+w/2), Y: p.at.Y + s*(r+h/2)}, w, h)
				cost := gap*0.8 + 3*float64(len(lines)-1) + 2*math.Abs(s)
				if gap > farGap {
					cost += 30
				}
				if cost >= bestCost {
					continue
				}
				if cost += m.labelCost(i, b, bestCost-cost); cost < bestCost {
					bestCost = cost
					best = label{lines: lines, box: b, placed: true, far: gap > farGap}
				}
			}
		}
	}
	if bestCost >= collision {
		best, bestCost = label{}, leftOutCost
		if len(m.places) <= dense {
			bestCost = collision
		}
	}
	p.name = best
	return bestCost
}

// A name without room is left out. On a map with more places than dense that
// costs no more than a bad place; elsewhere it is the last resort.
const (
	dense       = 15
	leftOutCost = 150
)

// labelSize is the font size of names: smaller on a dense map, but legible.
func (m *flowMap) labelSize() float64 {
	if m.c.LabelSize > 0 {
		return m.c.LabelSize
	}
	return math.Max(7, 11.5*math.Pow(m.shrink, 0.5))
}

// labelCost is what is wrong with box b as the place of name i; it stops
// adding once the sum exceeds enough.
func (m *flowMap) labelCost(i int, b box, enough float64) float64 {
	cost := 0.0
	if !b.grow(1).inside(m.frame) {
		return collision
	}
	if m.strip.width() > 0 && (m.places[i].known && b.grow(4).meets(m.strip) || b.meets(m.caption)) {
		cost += collision
	}
	own := distance(b.nearest(m.places[i].at), m.places[i].at) - m.places[i].radius
	for k := range m.places {
		p := &m.places[k]
		if b.meetsDisc(p.at, p.reach()+labelPad) {
			cost += collision
		}
		if k == i {
			continue
		}
		if other := distance(b.nearest(p.at), p.at) - p.radius; other < own+6 && !p.set() {
			cost += 70
		}
		if p.name.placed && b.grow(labelPad).meets(p.name.box) {
			cost += collision
		}
		if cost > enough {
			return cost
		}
	}
	if own > farGap {
		cost += m.leaderCost(i, b, enough)
	}
	for j := range m.links {
		l := &m.links[j]
		if l.hits(b.grow(labelPad)) {
			cost += collision
		}
		if cost > enough {
			return cost
		}
	}
	return cost
}

// hits reports whether any ink of the arrow, shaft or head, is in the box.
func (l *link) hits(b box) bool {
	shaft, head := b.grow(l.width/2), b.grow(headHalf*(headLength+l.width))
	if !head.meets(l.box) {
		return false
	}
	for n, s := range l.samples {
		near := shaft
		if distance(s, l.tip) < headLength+l.width {
			near = head
		}
		if near.contains(s) || n > 0 && shaft.contains(scale(add(s, l.samples[n-1]), 0.5)) {
			return true
		}
	}
	return false
}

// headHalf is half the breadth of an arrow head as a share of its length.
const headHalf = 0.36

// leaderCost is what is wrong with the line from place i to its name at b: it
// passes another disc or name, or crosses many arrows.
func (m *flowMap) leaderCost(i int, b box, enough float64) float64 {
	from, to := m.places[i].at, b.nearest(m.places[i].at)
	around := boxOf([]viz.Point{from, to})
	cost := 0.0
	for k := range m.places {
		if p := &m.places[k]; k != i {
			if around.meetsDisc(p.at, p.reach()+5) && distanceToLine(p.at, from, to) < p.reach()+5 {
				cost += 120
			}
			if p.name.placed && around.meets(p.name.box.grow(2)) && crosses(from, to, p.name.box.grow(2)) {
				cost += 120
			}
		}
	}
	for j := range m.links {
		if cost > enough {
			return cost
		}
		l := &m.links[j]
		if !around.meets(l.box) {
			continue
		}
		for n := 1; n < len(l.samples); n++ {
			if segmentsCross(from, to, l.samples[n-1], l.samples[n]) {
				cost += 8
			}
		}
	}
	return cost
}

// extent is the size of a name in points.
func (m *flowMap) extent(lines []string) (w, h float64) {
	for _, s := range lines {
		w = math.Max(w, viz.TextWidth(s, m.labelSize(), true))
	}
	return w, m.labelSize() * lineHeight * float64(len(lines))
}

// maxLines and maxWord bound what a name may take up.
const (
	maxLines = 5
	maxWord  = 24 // characters
	maxName  = 96
)

// wraps are the ways to break a name into lines of similar length: at spaces,
// after hyphens and slashes, and in words that are too long for a map.
func wraps(name string) [][]string {
	if r := []rune(name); len(r) > maxName {
		name = string(r[:maxName-1]) + "…"
	}
	words := pieces(name)
	out := [][]string{{name}}
	for n := 2; n <= maxLines && n <= len(words); n++ {
		out = append(out, balance(words, n))
	}
	return out
}

// pieces splits a name where a line may break; a piece keeps its hyphen, and a
// slash stays at the end of a line.
func pieces(name string) []string {
	var out []string
	for _, w := range strings.Fields(name) {
		if w == "/" && len(out) > 0 {
			out[len(out)-1] += " /"
			continue
		}
		for {
			i := strings.IndexByte(w, '-')
			if i < 3 || i > len(w)-4 {
				break
			}
			out = append(out, w[:i+1])
			w = w[i+1:]
		}
		for r := []rune(w); len(r) > maxWord; r = []rune(w) {
			out = append(out, string(r[:maxWord-1])+"-")
			w = string(r[maxWord-1:])
		}
		out = append(out, w)
	}
	return out
}

// balance joins words into n lines whose longest is as short as can be.
func balance(words []string, n int) []string {
	if n == 1 {
		return []string{join(words)}
	}
	var best []string
	for i := 1; i <= len(words)-n+1; i++ {
		lines := append([]string{join(words[:i])}, balance(words[i:], n-1)...)
		if best == nil || longest(lines) < longest(best) {
			best = lines
		}
	}
	return best
}

// join puts pieces on one line; a piece that ends in the hyphen it was broken
// after takes no space.
func join(words []string) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 && (len(words[i-1]) < 2 || !strings.HasSuffix(words[i-1], "-")) {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

func longest(lines []string) int {
	n := 0
	for _, s := range lines {
		n = max(n, len([]rune(s)))
	}
	return n
}
