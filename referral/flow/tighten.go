// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"errors"
	"math"

	"github.com/oncoref/oncoref/internal/transport"
	"github.com/oncoref/oncoref/referral"
)

// slack is the share by which sums of divided patients may be off.
const slack = 1e-9

// group is a set of cells with a published total.
type group struct {
	cells []int
	total *span
}

// tighten narrows cells and totals until they agree: what the others leave of a
// total bounds each cell. It finds contradictions and the suppressed cells that
// the totals give away.
func (m *model) tighten() {
	before := make([]span, len(m.cell))
	for k, c := range m.cell {
		before[k] = c.span
	}
	groups, crossed := m.groups()
	for range 100 { // each sweep narrows a bound of a count, or is the last
		changed := false
		for _, g := range groups {
			c, ok := m.narrow(g)
			if !ok {
				m.fail(referral.InfeasibleResult(referral.ReasonTotals))
				return
			}
			changed = changed || c
		}
		if !changed {
			break
		}
	}
	if crossed && m.whole {
		m.polytope()
	}
	if m.err != nil {
		return
	}
	m.margins()
	for k, c := range m.cell {
		if c.state == referral.Interval && c.known() && !before[k].known() {
			m.found = append(m.found, k)
		}
	}
	if m.found != nil {
		m.fail(referral.DisclosedResult())
	}
}

// groups lists the published totals. Totals are crossed if a cell is under
// several of them.
func (m *model) groups() ([]group, bool) {
	var out []group
	kinds := 0
	rows := make([]group, len(m.rows))
	cols := make([]group, len(m.cols))
	var all group
	for k, c := range m.cell {
		rows[m.at[k]].cells = append(rows[m.at[k]].cells, k)
		cols[c.col].cells = append(cols[c.col].cells, k)
		all.cells = append(all.cells, k)
	}
	add := func(groups []group, totals []span) {
		n := len(out)
		for i := range groups {
			if totals[i] != (span{0, math.Inf(1)}) {
				groups[i].total = &totals[i]
				out = append(out, groups[i])
			}
		}
		if len(out) > n {
			kinds++
		}
	}
	add(rows, m.row)
	add(cols, m.col)
	if m.all != (span{0, math.Inf(1)}) {
		all.total = &m.all
		out = append(out, all)
		kinds++
	}
	return out, kinds > 1
}

// narrow applies a total to its cells and the cells to it. It is not ok if they
// contradict each other.
func (m *model) narrow(g group) (changed, ok bool) {
	lo, hi, open := 0.0, 0.0, 0
	for _, k := range g.cells {
		c := m.cell[k]
		lo += c.lo
		if math.IsInf(c.hi, 1) {
			open++
		} else {
			hi += c.hi
		}
	}
	top := hi
	if open > 0 {
		top = math.Inf(1)
	}
	eps := 0.0
	if !m.whole {
		eps = slack * max(1, lo, g.total.lo)
	}
	if lo > g.total.hi+eps || top < g.total.lo-eps {
		return false, false
	}
	if t := (span{max(g.total.lo, min(lo, g.total.hi)), min(g.total.hi, max(top, g.total.lo))}); t != *g.total {
		*g.total, changed = t, true
	}
	for _, k := range g.cells {
		c := &m.cell[k]
		if c.known() {
			continue
		}
		if rest := hi; open == 0 || open == 1 && math.IsInf(c.hi, 1) {
			if open == 0 {
				rest -= c.hi
			}
			if low := g.total.lo - rest; low > c.lo+eps {
				lo += low - c.lo
				c.lo, changed = min(low, c.hi), true
			}
		}
		if high := g.total.hi - (lo - c.lo); high < c.hi-eps {
			if math.IsInf(c.hi, 1) {
				open--
				hi += high
			} else {
				hi += high - c.hi
			}
			c.hi, changed = max(high, c.lo), true
		}
	}
	return changed, true
}

// polytope narrows every cell to what all totals together leave.
func (m *model) polytope() {
	poly, err := transport.New(m.problem())
	if err != nil {
		var conflict *transport.InfeasibleError
		if errors.As(err, &conflict) {
			m.fail(referral.InfeasibleResult(referral.ReasonTotals))
		}
		return // sums beyond what it can hold: the bounds so far hold too
	}
	bounds, err := poly.Bounds(context.Background(), 1)
	if err != nil {
		return
	}
	sums, err := poly.Margins(context.Background(), 1)
	if err != nil {
		return
	}
	within := func(s *span, r transport.Range) {
		s.lo = max(s.lo, float64(r.Lo))
		if r.Hi != transport.Open {
			s.hi = min(s.hi, float64(r.Hi))
		}
	}
	for k, b := range bounds {
		within(&m.cell[k].span, b)
	}
	for r, b := range sums.Rows {
		within(&m.row[r], b)
	}
	for j, b := range sums.Cols {
		within(&m.col[j], b)
	}
	within(&m.all, sums.Total)
}

// margins narrows the sums of rows and columns by what the others leave of all.
func (m *model) margins() {
	rows, cols := make([]tally, len(m.rows)), make([]tally, len(m.cols))
	var all tally
	for k, c := range m.cell {
		rows[m.at[k]].add(c.span)
		cols[c.col].add(c.span)
	}
	for _, side := range [...]struct {
		sums   []tally
		totals []span
	}{{rows, m.row}, {cols, m.col}} {
		all = tally{}
		for i, s := range side.sums {
			side.totals[i] = side.totals[i].and(s.span())
			all.add(side.totals[i])
		}
		m.all = m.all.and(all.span())
		for i, s := range side.totals {
			side.totals[i] = s.and(m.all.less(all.without(s)))
		}
	}
}
