// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// amount is what a map may show of a cell, or of a sum of cells: a number from
// lo to hi, which is the number itself if sized.
type amount struct {
	lo, hi float64 // hi is +Inf if nothing limits it
	sized  bool    // all of it is exact and may be shown
}

// exactly is an amount that is known.
func exactly(n float64) amount { return amount{n, n, true} }

// atLeast is an amount without an upper bound.
func atLeast(n float64) amount { return amount{n, math.Inf(1), false} }

// ranged reports whether the amount is not known but has both bounds.
func (a amount) ranged() bool { return !a.sized && !math.IsInf(a.hi, 1) }

// some reports whether there is anything to draw.
func (a amount) some() bool { return a.lo > 0 }

// add is the sum of two amounts.
func (a amount) add(b amount) amount { return amount{a.lo + b.lo, a.hi + b.hi, a.sized && b.sized} }

const (
	presenceRadius = 13.0
	minRadius      = 5.0
	maxRadius      = 24.0
	setRadius      = 8.0
	unknownWidth   = 1.5
	bandWidth      = 3.0
	minWidth       = 0.9
	maxWidth       = 7.0
	ringGap        = 2.5
	ringWidth      = 2.5
	smallCount     = 5
)

// amountOf decides what may be shown of a cell.
func amountOf(c referral.Cell, allowSmall bool) amount {
	switch {
	case c.Lo > 0 && c.Lo < smallCount && !allowSmall:
		return amount{1, math.Max(c.Hi, smallCount-1), false}
	case c.State == referral.Exact || c.State == referral.Zero || c.State == referral.StructuralZero:
		return exactly(c.Lo)
	}
	return amount{c.Lo, c.Hi, false}
}

func newFlowMap(t *referral.Table, c FlowMapConfig) *flowMap {
	m := gather(t, c, t)
	m.keepLargest()
	m.measure()
	m.size()
	return m
}

// gather takes over the flows of a table, with places for the classes of all
// the tables that are drawn beside each other.
func gather(t *referral.Table, c FlowMapConfig, all ...*referral.Table) *flowMap {
	if c.MaxFlows == 0 {
		c.MaxFlows = defaultFlows
	}
	m := &flowMap{c: c, w: wordsIn(c.Lang), t: t, scale: 1}
	index := m.addPlaces(all)
	for f := range t.Flows() {
		m.addFlow(f, index)
	}
	m.combineLinks()
	m.countNeighbors(index)
	return m
}

// addFlow adds one flow to its places, and to the links if it is known to
// occur.
func (m *flowMap) addFlow(f referral.Flow, index map[string]int) {
	if f.Cell.Hi == 0 {
		return
	}
	if referral.Beside(f.Origin) || referral.Beside(f.Destination) {
		m.outside = true
		return
	}
	a := amountOf(f.Cell, m.c.AllowSmall)
	m.counted = m.counted || a.sized
	from := &m.places[index[f.Origin]]
	from.started = from.started.add(a)
	if f.SetValued() { // which of the members it was is not known
		for _, member := range f.Members {
			p := &m.places[index[member]]
			p.treated = p.treated.add(amount{0, a.hi, false})
		}
	}
	switch {
	case f.Retained() && f.SetValued():
		from.retained = from.retained.add(atLeast(0)) // bounds of the share would not be joint
	case f.Retained():
		from.retained = from.retained.add(a)
		from.treated = from.treated.add(a)
	default:
		to := &m.places[index[f.Destination]]
		to.treated = to.treated.add(a)
		if a.some() {
			m.links = append(m.links, link{from: index[f.Origin], to: index[f.Destination], amount: a})
		} else {
			m.unknown++
		}
	}
}

// addPlaces makes the single classes first, then the sets.
func (m *flowMap) addPlaces(all []*referral.Table) map[string]int {
	index := map[string]int{}
	for _, label := range union(all, (*referral.Table).Classes) {
		if referral.Beside(label) {
			continue
		}
		index[label] = len(m.places)
		m.places = append(m.places, m.newPlace(label, hairline))
	}
	m.origins = slices.DeleteFunc(union(all, (*referral.Table).Origins), referral.Beside)
	for _, t := range all {
		for f := range t.Flows() {
			m.addSet(f.Origin, f.Origins, index)
			m.addSet(f.Destination, f.Members, index)
		}
	}
	return index
}

// addSet makes the place of a set of classes.
func (m *flowMap) addSet(label string, members []string, index map[string]int) {
	if _, done := index[label]; done || len(members) < 2 {
		return
	}
	p := m.newPlace(label, softInk)
	for _, member := range members {
		p.members = append(p.members, index[member])
	}
	index[label] = len(m.places)
	m.places = append(m.places, p)
}

// union is the sorted labels of several tables.
func union(all []*referral.Table, labels func(*referral.Table) []string) []string {
	var out []string
	for _, t := range all {
		out = append(out, labels(t)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// newPlace begins a place with nothing; if the table does not say what unlisted
// pairs are, nothing is only a lower bound.
func (m *flowMap) newPlace(label, color string) place {
	none := exactly(0)
	if m.t.Absent().State == referral.Missing {
		none = atLeast(0)
	}
	return place{label: label, title: label, color: color, treated: none, retained: none, started: none}
}

// combineLinks adds up flows between the same pair (other tumor or period).
func (m *flowMap) combineLinks() {
	slices.SortStableFunc(m.links, func(a, b link) int {
		if a.from != b.from {
			return a.from - b.from
		}
		return a.to - b.to
	})
	out := m.links[:0]
	for _, l := range m.links {
		if n := len(out); n > 0 && out[n-1].from == l.from && out[n-1].to == l.to {
			out[n-1].amount = out[n-1].amount.add(l.amount)
			continue
		}
		out = append(out, l)
	}
	m.links = out
}

// countNeighbors takes over how many others refer to each class, and to how
// many it refers.
func (m *flowMap) countNeighbors(index map[string]int) {
	for _, in := range flow.InDegree(m.t) {
		m.places[index[in.Scope]].in = [2]int{int(in.Lo), int(in.Hi)}
	}
	for _, out := range flow.OutDegree(m.t) {
		m.places[index[out.Scope]].out = [2]int{int(out.Lo), int(out.Hi)}
	}
}

// keepLargest drops the smallest flows beyond MaxFlows, whole groups of equal
// size at a time, so that the map can name the threshold.
func (m *flowMap) keepLargest() { m.dropBelow(m.threshold()) }

// threshold is the size of the smallest flow that is drawn; 0 if all are.
func (m *flowMap) threshold() float64 {
	if len(m.links) <= m.c.MaxFlows {
		return 0
	}
	sizes := make([]float64, len(m.links))
	for i, l := range m.links {
		sizes[i] = l.amount.lo
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	below := sizes[m.c.MaxFlows-1]
	if sizes[m.c.MaxFlows] == below {
		if i := slices.Index(sizes, below); i > 0 {
			below = sizes[i-1]
		}
	}
	return below
}

// dropBelow leaves out smaller flows than the threshold, and those beyond
// MaxFlows.
func (m *flowMap) dropBelow(threshold float64) {
	if threshold == 0 {
		return
	}
	m.hidden.below = threshold
	kept := m.links[:0]
	m.hidden.total.sized = true
	for _, l := range m.links {
		if l.amount.lo >= m.hidden.below && len(kept) < m.c.MaxFlows {
			kept = append(kept, l)
			continue
		}
		m.hidden.flows++
		m.hidden.total = m.hidden.total.add(l.amount)
	}
	m.links = kept
}

// measure finds the largest numbers.
func (m *flowMap) measure() {
	for _, p := range m.places {
		if !p.set() {
			m.mostTreated = math.Max(m.mostTreated, p.treated.lo)
		}
	}
	for _, l := range m.links {
		switch {
		case l.amount.sized:
			m.mostFlow = math.Max(m.mostFlow, l.amount.lo)
		case l.amount.ranged():
			m.mostFlow = math.Max(m.mostFlow, math.Max(l.amount.hi, 4*smallCount)) // small ranges alone are not wide
		}
	}
}

// size gives discs their radius and arrows their width, smaller where there
// are many.
func (m *flowMap) size() {
	m.rescale(len(m.places))
	for i := range m.places {
		p := &m.places[i]
		switch {
		case p.set():
			p.radius = setRadius * m.shrink
		case m.counted:
			p.radius = math.Max(minRadius*m.shrink, m.areaRadius(p.treated.lo))
		default:
			p.radius = presenceRadius * m.shrink
		}
	}
	for i := range m.links {
		l := &m.links[i]
		l.width = unknownWidth * math.Max(m.shrink, 0.6)
		switch {
		case l.amount.sized:
			l.width = m.flowWidth(l.amount.lo)
		case l.amount.ranged(): // wide enough to be seen as a band
			l.width = math.Max(m.flowWidth(l.amount.hi), bandWidth*m.shrink)
		}
	}
}

// rescale makes everything smaller where there are many places, or many maps.
func (m *flowMap) rescale(places int) {
	m.shrink = m.scale * math.Min(1, math.Pow(14/float64(places), 0.6))
}

// areaRadius is the radius of a disc for a number treated.
func (m *flowMap) areaRadius(treated float64) float64 {
	if m.mostTreated == 0 {
		return 0
	}
	return maxRadius * m.shrink * math.Sqrt(treated/m.mostTreated)
}

// flowWidth is the width of an arrow for a number referred.
func (m *flowMap) flowWidth(flow float64) float64 {
	return math.Max(minWidth*math.Max(m.shrink, 0.6), maxWidth*math.Max(m.shrink, 0.5)*flow/m.mostFlow)
}
