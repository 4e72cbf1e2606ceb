// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math"
	"slices"
	"sort"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// span is a count, or a sum of counts, as far as it is known.
type span struct{ lo, hi float64 }

func (s span) add(o span) span { return span{s.lo + o.lo, s.hi + o.hi} }

// less gives what is left of a sum without a part of it.
func (s span) less(part span) span {
	if math.IsInf(s.hi, 1) {
		return span{max(0, s.lo-part.hi), s.hi}
	}
	return span{max(0, s.lo-part.hi), s.hi - part.lo}
}

func (s span) and(o span) span { return span{max(s.lo, o.lo), min(s.hi, o.hi)} }

func (s span) known() bool { return s.lo == s.hi }

func (s span) cell() referral.Cell { return referral.Between(s.lo, s.hi) }

// model is a table as boxes: every pair that may have patients is a cell with
// bounds, in CSR form by row, tightened by the published totals.
type model struct {
	rows    []label
	cols    []label  // single classes first and in order, then sets, then classes beside care
	classes []string // single classes of care, the first of cols
	start   []int    // start[r]:start[r+1] are the cells of row r
	cell    []cell
	at      []int  // row of each cell
	row     []span // published totals of rows, [0, +Inf] without
	col     []span
	all     span
	sums    bool             // some total is published
	whole   bool             // counts are whole numbers
	open    bool             // unlisted pairs are unknown
	sets    bool             // some class is set-valued
	err     *referral.Result // why no measure has a value
	found   []int            // suppressed cells that totals give away
}

// label is a row or a column.
type label struct {
	name    string
	members []int // of a set: places in classes
	class   int   // of a single class of care: its place in classes; else -1
	beside  bool
}

type cell struct {
	span
	col      int
	retained bool
	state    referral.State
}

// newModel reads a table and narrows its cells by its totals.
func newModel(t *referral.Table) *model {
	m := rawModel(t)
	if m.sums {
		m.tighten()
	}
	return m
}

// rawModel reads a table without comparing its cells and totals.
func rawModel(t *referral.Table) *model {
	meta := t.Meta()
	m := &model{
		whole: meta.DestinationRule != referral.Fractional && meta.PartitionRule != network.Split,
		open:  t.Absent().State == referral.Missing,
	}
	m.place(t)
	m.fill(t)
	m.total(t.Totals())
	return m
}

// place finds rows and columns.
func (m *model) place(t *referral.Table) {
	var sets, beside []label
	for _, c := range t.Classes() {
		if referral.Beside(c) {
			beside = append(beside, label{name: c, class: -1, beside: true})
		} else {
			m.classes = append(m.classes, c)
		}
	}
	of := func(name string) label {
		l := label{name: name, class: -1, beside: referral.Beside(name)}
		if members := t.Members(name); len(members) > 1 {
			for _, c := range members {
				if i, ok := slices.BinarySearch(m.classes, c); ok {
					l.members = append(l.members, i)
				}
			}
		} else if i, ok := slices.BinarySearch(m.classes, name); ok {
			l.class = i
			l.members = []int{i}
		}
		return l
	}
	for _, c := range m.classes {
		m.cols = append(m.cols, of(c))
	}
	for _, d := range t.Destinations() {
		if l := of(d); !l.beside && l.class < 0 {
			sets = append(sets, l)
		}
	}
	m.cols = append(append(m.cols, sets...), beside...)
	for _, o := range t.Origins() {
		m.rows = append(m.rows, of(o))
		m.sets = m.sets || len(m.rows[len(m.rows)-1].members) > 1
	}
	m.sets = m.sets || len(sets) > 0
}

// fill reads the cells; where unlisted pairs are unknown they become cells too.
func (m *model) fill(t *referral.Table) {
	col := make([]int, len(m.cols)) // columns by name
	for i := range col {
		col[i] = i
	}
	sort.Slice(col, func(i, j int) bool { return m.cols[col[i]].name < m.cols[col[j]].name })
	column := func(name string) int {
		return col[sort.Search(len(col), func(i int) bool { return m.cols[col[i]].name >= name })]
	}
	m.start = make([]int, 1, len(m.rows)+1)
	r := 0
	listed := make([]bool, len(m.cols))
	end := func() {
		if m.open {
			for j := range m.cols {
				if !listed[j] {
					m.add(r, j, referral.MissingCell())
				}
			}
			clear(listed)
		}
		m.start = append(m.start, len(m.cell))
		r++
	}
	for f := range t.Flows() {
		for m.rows[r].name != f.Origin {
			end()
		}
		j := column(f.Destination)
		listed[j] = true
		m.add(r, j, f.Cell)
	}
	for r < len(m.rows) {
		end()
	}
	m.at = make([]int, len(m.cell))
	for r := range m.rows {
		for k := m.start[r]; k < m.start[r+1]; k++ {
			m.at[k] = r
		}
	}
}

func (m *model) add(r, j int, c referral.Cell) {
	from, to := m.rows[r], m.cols[j]
	retained := !from.beside && !to.beside && slices.ContainsFunc(from.members, func(i int) bool { return slices.Contains(to.members, i) })
	m.cell = append(m.cell, cell{span{c.Lo, c.Hi}, j, retained, c.State})
}

// total reads the published totals.
func (m *model) total(x referral.Totals) {
	read := func(labels []label, cells map[string]referral.Cell) []span {
		out := make([]span, len(labels))
		for i, l := range labels {
			out[i] = span{0, math.Inf(1)}
			if c, ok := cells[l.name]; ok {
				out[i] = span{c.Lo, c.Hi}
				m.sums = true
			}
		}
		return out
	}
	m.row, m.col = read(m.rows, x.Origins), read(m.cols, x.Destinations)
	m.all = span{0, math.Inf(1)}
	if x.HasAll {
		m.all, m.sums = span{x.All.Lo, x.All.Hi}, true
	}
}

// care reports whether a cell joins two classes of care.
func (m *model) care(k int) bool { return !m.rows[m.at[k]].beside && !m.cols[m.cell[k].col].beside }

// fail gives every measure the same result.
func (m *model) fail(r referral.Result) {
	if m.err == nil {
		m.err = &r
	}
}
