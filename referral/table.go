// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"cmp"
	"iter"
	"math"
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/oncoref/oncoref/network"
)

// Flow is one cell of a table with what it is about.
type Flow struct {
	Origin, Destination string
	// Origins and Members are the single classes that the origin and the
	// destination stand for: the label itself, or the members of a set-valued
	// class in alphabetical order. They are shared with the table: read only.
	Origins, Members []string
	Tumor, Modality  string // empty when not given or when several were added up
	Period           network.Period
	Cell             Cell
}

// Retained reports whether the patients were treated in their own class: the
// destination is the origin, or is set-valued and contains it. Care in a
// hospital that two networks share is care in the own network for both.
func (f Flow) Retained() bool {
	return f.Origin == f.Destination || share(f.Origins, f.Members)
}

// share reports whether two lists of classes have one in common.
func share(a, b []string) bool {
	return slices.ContainsFunc(a, func(m string) bool { return slices.Contains(b, m) })
}

// SetValued reports whether the destination is one of several classes and it
// is not known which, as with "EMBRAZE / CONCORD".
func (f Flow) SetValued() bool { return len(f.Members) > 1 }

// Absence says what it means that a table does not list a pair of classes.
type Absence uint8

// The meanings of an unlisted pair.
const (
	// AbsentByKind means zero in a table with counts and unknown in a
	// presence-only table, whose publisher may have left out small flows.
	AbsentByKind  Absence = iota
	AbsentZero            // the source states that what is not listed did not occur
	AbsentUnknown         // nothing is known about what is not listed
)

// Table holds the flows from origins to destinations, as far as they are
// known. It is immutable, sorted by label and sparse: cells that say the same
// as [Table.Absent] are not stored. A table may be sliced: by tumor, period
// or modality, when its source had such columns or when tables of several
// periods were merged.
type Table struct {
	meta    Meta
	absent  Cell
	by      dimensions
	classes []class // by label
	origins []int32 // classes with a row, in order
	dests   []int32
	slices  []slice // by modality, tumor, period
	cells   []entry // by origin, destination, slice
	rows    []int   // rows[o]:rows[o+1] are the cells of class o
	totals  []entry // published sums, in the same order
}

// class is a label of the table. The members of a set-valued class are classes
// too.
type class struct {
	label   string
	members []string // sorted; the label itself for a single class
}

func (c class) set() bool { return len(c.members) > 1 }

// key is the same for two classes that stand for the same members.
func (c class) key() string { return strings.Join(c.members, "\x00") }

// slice is what one layer of cells is about.
type slice struct {
	modality, tumor string
	period          network.Period
}

func compareSlices(a, b slice) int {
	return cmp.Or(cmp.Compare(a.modality, b.modality), cmp.Compare(a.tumor, b.tumor),
		cmp.Compare(a.period.From, b.period.From), cmp.Compare(a.period.To, b.period.To))
}

// dimensions says by what a table is sliced.
type dimensions struct{ tumor, period, modality bool }

// entry is a stored cell; its size counts, so the fields are ordered.
type entry struct {
	lo, hi float64
	o, d   int32  // classes
	line   int32  // where the cell was read, while reading
	s      uint16 // slice
	state  State
}

func newEntry(o, d int32, s uint16, c Cell) entry {
	return entry{lo: c.Lo, hi: c.Hi, o: o, d: d, s: s, state: c.State}
}

func (e entry) cell() Cell { return Cell{State: e.state, Lo: e.lo, Hi: e.hi} }

func (e entry) samePair(f entry) bool { return e.o == f.o && e.d == f.d }

// Meta returns what the counts are. In a sliced table Period spans all slices,
// and Tumor is empty unless the slices share it.
func (t *Table) Meta() Meta {
	m := t.meta
	m.Notes = slices.Clone(m.Notes)
	return m
}

// Absent returns the cell of a pair that is not listed: zero, or missing.
func (t *Table) Absent() Cell { return t.absent }

func (t *Table) absence() Absence {
	if t.absent.State == Missing {
		return AbsentUnknown
	}
	return AbsentZero
}

// Origins returns the labels that have a row, sorted. A class that only occurs
// as a destination has none: what its own patients do is unknown.
func (t *Table) Origins() []string { return t.labels(t.origins) }

// Destinations returns the labels that occur as a destination, sorted; an
// origin with retained patients is one.
func (t *Table) Destinations() []string { return t.labels(t.dests) }

func (t *Table) labels(ids []int32) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = t.classes[id].label
	}
	return out
}

// Classes returns every single class that occurs, sorted: origins,
// destinations, and the members of set-valued ones.
func (t *Table) Classes() []string {
	var out []string
	for _, c := range t.classes {
		if !c.set() {
			out = append(out, c.label)
		}
	}
	return out
}

// Members returns the single classes that a label of the table stands for: the
// label itself, or the sorted members of a set-valued class. The result is nil
// if the table has no such label.
func (t *Table) Members(label string) []string {
	i, ok := t.class(label)
	if !ok {
		return nil
	}
	return slices.Clone(t.classes[i].members)
}

// labelOr gives the label of a class, or the word for totals for all classes.
func (t *Table) labelOr(i int32, total string) string {
	if i == allClasses {
		return total
	}
	return t.classes[i].label
}

// Len returns the number of stored cells.
func (t *Table) Len() int { return len(t.cells) }

func (t *Table) class(label string) (int32, bool) {
	i := sort.Search(len(t.classes), func(i int) bool { return t.classes[i].label >= label })
	if i == len(t.classes) || t.classes[i].label != label {
		return 0, false
	}
	return int32(i), true
}

func (t *Table) hasRow(o int32) bool {
	_, ok := slices.BinarySearch(t.origins, o)
	return ok
}

// row gives the stored cells of an origin.
func (t *Table) row(o int32) []entry { return t.cells[t.rows[o]:t.rows[o+1]] }

// Cell returns what is known about the flow between two labels, all slices
// together as in [Table.Flows]. A pair that is not listed gives [Table.Absent];
// a label without a row, or one that the table does not have, gives a missing
// cell.
func (t *Table) Cell(origin, destination string) Cell {
	o, okO := t.class(origin)
	d, okD := t.class(destination)
	if !okO || !okD || !t.hasRow(o) {
		return MissingCell()
	}
	row := t.row(o)
	i := sort.Search(len(row), func(i int) bool { return row[i].d >= d })
	n := i
	for n < len(row) && row[n].d == d {
		n++
	}
	if n == i {
		return t.absent
	}
	return t.combine(row[i:n])
}

// Flows returns the listed flows, one for each pair, by origin and
// destination. The slices of a sliced table are taken together: periods and
// tumors add up, and a pair that one slice lists and another does not counts
// there as [Table.Absent]. Modalities add up only when treatments are counted.
// A patient can have several, so that of patients only bounds are known: at
// least as many as in the largest slice, at most the sum.
func (t *Table) Flows() iter.Seq[Flow] {
	return func(yield func(Flow) bool) {
		for cells := range pairs(t.cells) {
			if !yield(t.flow(cells)) {
				return
			}
		}
	}
}

// Slices returns the listed cells as they are stored, one for each pair, tumor,
// modality and period, sorted in the order origin, destination, modality,
// tumor, period.
func (t *Table) Slices() iter.Seq[Flow] {
	return func(yield func(Flow) bool) {
		for _, e := range t.cells {
			f := t.flow([]entry{e})
			s := t.slices[e.s]
			f.Tumor, f.Modality, f.Period, f.Cell = s.tumor, s.modality, s.period, e.cell()
			if !yield(f) {
				return
			}
		}
	}
}

// pairs groups stored cells by pair of classes.
func pairs(cells []entry) iter.Seq[[]entry] {
	return func(yield func([]entry) bool) {
		for i := 0; i < len(cells); {
			n := i + 1
			for n < len(cells) && cells[n].samePair(cells[i]) {
				n++
			}
			if !yield(cells[i:n]) {
				return
			}
			i = n
		}
	}
}

func (t *Table) flow(cells []entry) Flow {
	o, d := t.classes[cells[0].o], t.classes[cells[0].d]
	f := Flow{
		Origin: o.label, Origins: o.members, Destination: d.label, Members: d.members,
		Tumor: t.meta.Tumor, Period: t.meta.Period, Cell: t.combine(cells),
	}
	if first := t.slices[0].modality; first == t.slices[len(t.slices)-1].modality {
		f.Modality = first
	}
	return f
}

// combine gives the cell of a pair from its cells in the slices, which stand
// in the order of the slices: one modality after the other.
func (t *Table) combine(cells []entry) Cell {
	if len(t.slices) == 1 {
		return cells[0].cell()
	}
	return t.combineWith(cells, func(int) Cell { return t.absent })
}

// combineWith is combine with the cell of a slice that lists none.
func (t *Table) combineWith(cells []entry, absent func(s int) Cell) Cell {
	var total Cell
	started := false
	for s := 0; s < len(t.slices); {
		modality := t.slices[s].modality
		var sum Cell
		n := 0
		for ; s < len(t.slices) && t.slices[s].modality == modality; s++ {
			var c Cell
			if len(cells) > 0 && int(cells[0].s) == s {
				c, cells = cells[0].cell(), cells[1:]
			} else {
				c = absent(s)
			}
			if n++; n == 1 {
				sum = c
			} else {
				sum = sum.Add(c)
			}
		}
		switch {
		case !started:
			total, started = sum, true
		case t.meta.Unit == Treatments:
			total = total.Add(sum)
		default:
			total = total.union(sum)
		}
	}
	return total
}

// PresenceOnly reports whether the table shows which flows occur but for none
// of them how many patients: some cell is known to be above zero, and no such
// cell has an upper bound.
func (t *Table) PresenceOnly() bool { return presenceOnly(t.cells) }

func presenceOnly(cells []entry) bool {
	seen := false
	for _, e := range cells {
		if e.hi > 0 && !math.IsInf(e.hi, 1) {
			return false
		}
		seen = seen || e.lo > 0
	}
	return seen
}

// Equal reports whether two tables have the same metadata, classes, slices,
// cells and published totals, and take unlisted pairs to mean the same.
func (t *Table) Equal(o *Table) bool {
	if t == nil || o == nil {
		return t == o
	}
	a, b := t.meta, o.meta
	if !slices.Equal(a.Notes, b.Notes) {
		return false
	}
	a.Notes, b.Notes = nil, nil
	return reflect.DeepEqual(a, b) && t.absent == o.absent && t.by == o.by &&
		slices.EqualFunc(t.classes, o.classes, func(x, y class) bool {
			return x.label == y.label && slices.Equal(x.members, y.members)
		}) &&
		slices.Equal(t.origins, o.origins) && slices.Equal(t.dests, o.dests) &&
		slices.Equal(t.slices, o.slices) && slices.Equal(t.cells, o.cells) && slices.Equal(t.totals, o.totals)
}
