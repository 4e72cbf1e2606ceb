// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math"
	"slices"
)

// tally adds up spans of which some can be taken away again.
type tally struct {
	lo, hi float64
	open   int
}

func (t *tally) add(s span) {
	t.lo += s.lo
	if math.IsInf(s.hi, 1) {
		t.open++
	} else {
		t.hi += s.hi
	}
}

func (t tally) span() span {
	if t.open > 0 {
		return span{t.lo, math.Inf(1)}
	}
	return span{t.lo, t.hi}
}

// without gives the sum of the others.
func (t tally) without(s span) span {
	t.lo -= s.lo
	if math.IsInf(s.hi, 1) {
		t.open--
	} else {
		t.hi -= s.hi
	}
	return t.span()
}

// byRow makes one block for each row of care: the cells in the part, the others
// in the whole, and what the total of the row leaves for both.
func (m *model) byRow(rows []int, part, whole func(k int) bool) []block {
	out := make([]block, 0, len(rows))
	for _, r := range rows {
		var p, q, other tally
		for k := m.start[r]; k < m.start[r+1]; k++ {
			switch {
			case part(k):
				p.add(m.cell[k].span)
			case whole(k):
				q.add(m.cell[k].span)
			default:
				other.add(m.cell[k].span)
			}
		}
		out = append(out, block{p.span(), q.span(), m.row[r].less(other.span())})
	}
	return out
}

// byColumn does the same by label of destination.
func (m *model) byColumn(part, whole func(k int) bool) []block {
	p, q, other := make([]tally, len(m.cols)), make([]tally, len(m.cols)), make([]tally, len(m.cols))
	for k, c := range m.cell {
		switch {
		case part(k):
			p[c.col].add(c.span)
		case whole(k):
			q[c.col].add(c.span)
		default:
			other[c.col].add(c.span)
		}
	}
	var out []block
	for j, l := range m.cols {
		if !l.beside {
			out = append(out, block{p[j].span(), q[j].span(), m.col[j].less(other[j].span())})
		}
	}
	return out
}

// allOf gives what the total of all cells leaves for some of them.
func (m *model) allOf(whole func(k int) bool) span {
	var in, other tally
	for k, c := range m.cell {
		if whole(k) {
			in.add(c.span)
		} else {
			other.add(c.span)
		}
	}
	return m.all.less(other.span()).and(in.span())
}

// careRows gives the rows of origins where patients live or were seen.
func (m *model) careRows() []int {
	var out []int
	for r, l := range m.rows {
		if !l.beside {
			out = append(out, r)
		}
	}
	return out
}

func (m *model) kept(k int) bool  { return m.care(k) && m.cell[k].retained }
func (m *model) cross(k int) bool { return m.care(k) && !m.cell[k].retained }

// rowOf gives the row of each class; -1 for one without.
func (m *model) rowOf() []int {
	out := make([]int, len(m.classes))
	for j := range out {
		out[j] = -1
	}
	for r, l := range m.rows {
		if l.class >= 0 {
			out[l.class] = r
		}
	}
	return out
}

// arrival is a cell from which patients reach a class: all of them, or, where
// the cell is set-valued, some.
type arrival struct {
	span
	row int
	own bool // they stay
}

// column is what reaches a class.
type column struct {
	arrivals []arrival
	in, own  span // from elsewhere, and from itself
	sum      span // both
}

// columns gives what reaches each class from the classes of care. A patient who
// goes from a class to a set that holds it stays; any other set-valued cell may
// be for each of its members.
func (m *model) columns() []column {
	out := make([]column, len(m.classes))
	listed, beside := make([]tally, len(m.classes)), make([]tally, len(m.classes))
	for k, c := range m.cell {
		from, to := m.rows[m.at[k]], m.cols[c.col]
		switch {
		case to.beside:
		case to.class >= 0 && from.beside:
			beside[to.class].add(c.span)
		case from.beside:
		case to.class >= 0:
			listed[to.class].add(c.span)
			out[to.class].arrivals = append(out[to.class].arrivals, arrival{c.span, m.at[k], c.retained})
		case c.retained && from.class >= 0:
			out[from.class].arrivals = append(out[from.class].arrivals, arrival{c.span, m.at[k], true})
		default:
			for _, j := range to.members {
				own := c.retained && slices.Contains(from.members, j)
				if !c.retained || own {
					out[j].arrivals = append(out[j].arrivals, arrival{span{0, c.hi}, m.at[k], own})
				}
			}
		}
	}
	for j := range out {
		var in, own, sum tally
		for _, a := range out[j].arrivals {
			sum.add(a.span)
			if a.own {
				own.add(a.span)
			} else {
				in.add(a.span)
			}
		}
		// What the published column leaves for the listed cells, and the sets.
		left := m.col[j].less(beside[j].span()).and(listed[j].span())
		sets := sum.without(listed[j].span())
		if listed[j].open > 0 { // without took one open sum for all open cells
			sets = span{sum.lo - listed[j].lo, sum.hi - listed[j].hi}
			if sum.open > listed[j].open {
				sets.hi = math.Inf(1)
			}
		}
		b := block{in.span(), own.span(), left.add(sets)}.normal()
		out[j].in, out[j].own, out[j].sum = b.part, b.rest, b.sum
	}
	return out
}
