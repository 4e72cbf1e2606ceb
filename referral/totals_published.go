// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"cmp"
	"errors"
	"maps"
	"math"
	"slices"
)

const defaultTotal = "total"

// allClasses stands in a stored total where a sum runs over all classes.
const allClasses int32 = -2

// Totals are sums that were published with a table. They stand beside its
// cells, which may be less known: a row whose cells are suppressed can have an
// exact total. A total can be an interval; one of which nothing is known is not
// published.
type Totals struct {
	// Origins are the sums of rows, by the label of the origin: all its cells,
	// retained patients and classes such as [Untreated] included.
	Origins map[string]Cell
	// Destinations are the sums of columns, by the label of the destination:
	// the cells listed under that label, those of set-valued classes apart.
	Destinations map[string]Cell
	All          Cell // the sum of all cells, if HasAll
	HasAll       bool
}

// Totals returns the published totals; the maps are the caller's. In a sliced
// table they are of all slices together, as in [Table.Flows]; in a slice without
// the total its cells stand in, and a total that no slice has is absent. They
// may contradict the cells.
func (t *Table) Totals() Totals {
	x := Totals{Origins: map[string]Cell{}, Destinations: map[string]Cell{}}
	for group := range pairs(t.totals) {
		c := t.combineTotal(group)
		switch o, d := group[0].o, group[0].d; {
		case c.State == Missing:
		case o == allClasses && d == allClasses:
			x.All, x.HasAll = c, true
		case d == allClasses:
			x.Origins[t.classes[o].label] = c
		default:
			x.Destinations[t.classes[d].label] = c
		}
	}
	return x
}

// WithTotals returns the table with these totals in place of those it has.
//
// It returns a [*ClassError] for a total of a label that is not an origin, or
// not a destination, of the table; a [*CellError] for one that is no count; and
// an error for a table of several slices, whose totals belong to the slices.
// Totals that contradict the cells are accepted.
func (t *Table) WithTotals(x Totals) (*Table, error) {
	if len(t.slices) > 1 {
		return nil, errors.New("referral: totals belong to one slice; filter a tumor, period or modality first")
	}
	var out []entry
	add := func(o, d int32, c Cell) error {
		if want := t.meta.refuse(c); want != "" {
			e := &CellError{Origin: defaultTotal, Destination: defaultTotal, Cell: c, Want: want}
			if o != allClasses {
				e.Origin = t.classes[o].label
			}
			if d != allClasses {
				e.Destination = t.classes[d].label
			}
			return e
		}
		if c.State != Missing {
			out = append(out, newEntry(o, d, 0, c))
		}
		return nil
	}
	origins, err := t.selected(slices.Sorted(maps.Keys(x.Origins)), nil, t.origins, "an origin of the table")
	if err != nil {
		return nil, err
	}
	dests, err := t.selected(slices.Sorted(maps.Keys(x.Destinations)), nil, t.dests, "a destination of the table")
	if err != nil {
		return nil, err
	}
	for _, o := range origins {
		if err := add(o, allClasses, x.Origins[t.classes[o].label]); err != nil {
			return nil, err
		}
	}
	for _, d := range dests {
		if err := add(allClasses, d, x.Destinations[t.classes[d].label]); err != nil {
			return nil, err
		}
	}
	if x.HasAll {
		if err := add(allClasses, allClasses, x.All); err != nil {
			return nil, err
		}
	}
	u := *t
	u.totals = out
	slices.SortFunc(u.totals, comparePlaces)
	return &u, nil
}

// WithoutTotals returns the table without its published totals.
func (t *Table) WithoutTotals() *Table {
	u := *t
	u.totals = nil
	return &u
}

func comparePlaces(a, b entry) int { return cmp.Or(cmp.Compare(a.o, b.o), compareInRow(a, b)) }

// covers reports whether a stored total sums over a cell.
func (e entry) covers(c entry) bool {
	return (e.o == allClasses || e.o == c.o) && (e.d == allClasses || e.d == c.d)
}

// combineTotal gives a total of all slices from its totals in the slices.
func (t *Table) combineTotal(group []entry) Cell {
	if len(t.slices) == 1 {
		return group[0].cell()
	}
	sums := make([]Cell, len(t.slices)) // of the cells
	if t.absent.State == Missing {
		for i := range sums {
			sums[i] = MissingCell()
		}
	}
	for _, e := range t.cells {
		if group[0].covers(e) {
			sums[e.s] = sums[e.s].Add(e.cell())
		}
	}
	return t.combineWith(group, func(s int) Cell { return sums[s] })
}

// published gives the total of an origin, a destination or all, and whether
// there is one.
func (t *Table) published(o, d int32) (Cell, bool) {
	if len(t.totals) == 0 {
		return Cell{}, false
	}
	from, _ := slices.BinarySearchFunc(t.totals, entry{o: o, d: d}, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.o, b.o), cmp.Compare(a.d, b.d))
	})
	to := from
	for to < len(t.totals) && t.totals[to].o == o && t.totals[to].d == d {
		to++
	}
	if from == to {
		return Cell{}, false
	}
	c := t.combineTotal(t.totals[from:to])
	return c, c.State != Missing
}

// narrow gives what a sum of cells and a published total say together; lo is
// above hi when they contradict each other.
func (t *Table) narrow(sum Cell, o, d int32) Cell {
	if c, ok := t.published(o, d); ok {
		sum.Lo, sum.Hi = max(sum.Lo, c.Lo), min(sum.Hi, c.Hi)
	}
	return sum
}

// takeTotals adds the totals of a table to a draft whose classes and slices
// have the places given.
func (d *draft) takeTotals(t *Table, place []int32, order []uint16) {
	at := func(i int32) int32 {
		if i == allClasses {
			return i
		}
		return place[i]
	}
	for _, e := range t.totals {
		d.totals = append(d.totals, newEntry(at(e.o), at(e.d), order[e.s], e.cell()))
	}
}

// regroupTotals adds up totals in groups of classes; from and into say how many
// origins and destinations a group has. A group of which a total is missing has
// none.
func (t *Table) regroupTotals(d *draft, to [][]target, from, into []int) {
	have := map[entry]int{}
	for _, e := range t.totals {
		switch {
		case e.o == allClasses && e.d == allClasses:
			d.totals = append(d.totals, e)
		case e.d == allClasses:
			for _, g := range to[e.o] {
				have[entry{o: g.class, d: allClasses, s: e.s}]++
				d.totals = append(d.totals, newEntry(g.class, allClasses, e.s, e.cell().scale(g.weight)))
			}
		default:
			for _, g := range to[e.d] {
				have[entry{o: allClasses, d: g.class, s: e.s}]++
				d.totals = append(d.totals, newEntry(allClasses, g.class, e.s, e.cell().scale(g.weight)))
			}
		}
	}
	d.totals = slices.DeleteFunc(d.totals, func(e entry) bool {
		n := have[entry{o: e.o, d: e.d, s: e.s}]
		switch {
		case e.o != allClasses:
			return n < from[e.o]
		case e.d != allClasses:
			return n < into[e.d]
		}
		return false
	})
}

// dropPartial takes out of the draft the totals to which a merged table should
// have contributed and did not.
func (d *draft) dropPartial(tables []*Table) {
	have := map[entry]int{}
	for _, e := range d.totals {
		have[entry{o: e.o, d: e.d, s: e.s}]++
	}
	d.totals = slices.DeleteFunc(d.totals, func(e entry) bool {
		need := 0
		for _, t := range tables {
			if t.concerns(d, e) {
				need++
			}
		}
		return have[entry{o: e.o, d: e.d, s: e.s}] < need
	})
}

// concerns reports whether a table may have patients under a total of a draft.
func (t *Table) concerns(d *draft, e entry) bool {
	if !slices.Contains(t.slices, d.slices[e.s]) {
		return false
	}
	switch {
	case e.o != allClasses:
		o, ok := t.class(d.classes[e.o].label)
		return ok && t.hasRow(o)
	case e.d != allClasses && t.absent.State == Zero:
		c, ok := t.class(d.classes[e.d].label)
		_, listed := slices.BinarySearch(t.dests, c)
		return ok && listed
	}
	return true
}

// placeTotals sorts the totals of a draft into the table and adds up those of
// one place.
func (d *draft) placeTotals(t *Table, place []int32, order []uint16) error {
	for i := range d.totals {
		e := &d.totals[i]
		if e.o != allClasses {
			e.o = place[e.o]
		}
		if e.d != allClasses {
			e.d = place[e.d]
		}
		e.s = order[e.s]
	}
	slices.SortFunc(d.totals, comparePlaces)
	for _, e := range d.totals {
		if n := len(t.totals); n > 0 && t.totals[n-1].samePair(e) && t.totals[n-1].s == e.s {
			if d.twice != nil {
				return d.twice(t, t.totals[n-1], e)
			}
			t.totals[n-1] = newEntry(e.o, e.d, e.s, t.totals[n-1].cell().Add(e.cell()))
			continue
		}
		e.line = 0
		t.totals = append(t.totals, e)
	}
	t.totals = slices.DeleteFunc(t.totals, func(e entry) bool { return e.state == Missing || math.IsInf(e.hi, 1) && e.lo == 0 })
	return nil
}

// filterTotals gives the totals that stay true when only these origins,
// destinations and slices are left.
func (t *Table) filterTotals(origins, dests []int32, wanted []bool) []entry {
	var out []entry
	allOrigins, allDests := len(origins) == len(t.origins), len(dests) == len(t.dests)
	for _, e := range t.totals {
		keep := wanted[e.s]
		if e.o == allClasses {
			keep = keep && allOrigins
		} else {
			_, ok := slices.BinarySearch(origins, e.o)
			keep = keep && ok
		}
		if e.d == allClasses {
			keep = keep && allDests
		} else {
			_, ok := slices.BinarySearch(dests, e.d)
			keep = keep && ok
		}
		if keep {
			out = append(out, e)
		}
	}
	return out
}
