// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/oncoref/oncoref/network"
)

const (
	maxCount  = 1 << 53 // above it a float64 does not hold every whole number
	maxSlices = math.MaxUint16
	maxLabel  = 1024  // bytes
	setJoin   = " / " // between the members in the label of a set-valued class
)

// FromFlows returns the table of the given flows, in any order. An empty
// Destination gets the joined labels of Members, an empty Tumor or Period the
// one of m; a table is sliced by what then differs between its flows. Members
// and Origins may be left empty for single classes. Flows of zero patients
// give their classes a place in the table.
//
// It returns a [*CellError] for an invalid cell, a count above 2^53, a
// fraction where m does not divide patients, or a flow given twice; a
// [*ClassError] for an unusable label.
func FromFlows(m Meta, a Absence, flows iter.Seq[Flow]) (*Table, error) {
	d := newDraft(m, a)
	base := slice{tumor: m.Tumor, period: m.Period}
	for f := range flows {
		o, err := d.classOf(f.Origin, f.Origins)
		if err != nil {
			return nil, err
		}
		to, err := d.classOf(f.Destination, f.Members)
		if err != nil {
			return nil, err
		}
		s := slice{tumor: cmp.Or(f.Tumor, m.Tumor), modality: f.Modality, period: f.Period}
		if s.period == (network.Period{}) {
			s.period = m.Period
		}
		d.by.tumor = d.by.tumor || s.tumor != base.tumor
		d.by.period = d.by.period || s.period != base.period
		d.by.modality = d.by.modality || s.modality != ""
		if want := m.refuse(f.Cell); want != "" {
			return nil, &CellError{Origin: f.Origin, Destination: f.Destination, Cell: f.Cell, Want: want}
		}
		if err := d.add(o, to, s, f.Cell); err != nil {
			return nil, err
		}
	}
	return d.table()
}

// refuse says what is expected of a cell that does not fit into a table; it
// returns "" for one that does.
func (m Meta) refuse(c Cell) string {
	switch {
	case !c.Valid():
		return "bounds with 0 <= lower <= upper and the state that belongs to them"
	case c.Lo > maxCount || c.Hi > maxCount && !math.IsInf(c.Hi, 1):
		return "a count of at most 2^53"
	case !c.whole() && !m.fractional():
		return "whole counts, unless patients are divided (destination rule fractional, partition rule split)"
	}
	return ""
}

// draft collects the parts of a table in any order.
type draft struct {
	meta    Meta
	absence Absence
	by      dimensions
	sum     bool // cells of the same flow add up instead of being refused
	classes []class
	index   map[string]int32
	slices  []slice
	sliceOf map[slice]uint16
	cells   []entry
	totals  []entry
	origins map[int32]bool // classes with a row, beside those of cells
	dests   map[int32]bool
	twice   func(t *Table, a, b entry) error // makes the error for a flow that occurs twice
}

func newDraft(m Meta, a Absence) *draft {
	return &draft{
		meta: m, absence: a, index: map[string]int32{}, sliceOf: map[slice]uint16{},
		origins: map[int32]bool{}, dests: map[int32]bool{},
	}
}

// checkLabel says what is wrong with a label, or "".
func checkLabel(s string) string {
	switch {
	case s == "":
		return "a label that is not empty"
	case len(s) > maxLabel:
		return fmt.Sprintf("a label of at most %d bytes", maxLabel)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return "a label of printable UTF-8 text"
	case s != strings.TrimSpace(s):
		return "a label without white space around it"
	}
	return ""
}

// classOf gives the class of a label, with its members if it is set-valued.
func (d *draft) classOf(label string, members []string) (int32, error) {
	if len(members) > 1 {
		members = slices.Clone(members)
		slices.Sort(members)
		members = slices.Compact(members)
	}
	if label == "" {
		label = strings.Join(members, setJoin)
	}
	if len(members) <= 1 {
		if len(members) == 1 && members[0] != label {
			return 0, &ClassError{Want: "a class that has its own label as its only member", Labels: []string{label}}
		}
		members = nil
	}
	if i, ok := d.index[label]; ok {
		have := d.classes[i].members
		if members == nil && len(have) > 1 || members != nil && !slices.Equal(have, members) {
			return 0, &ClassError{Want: "one class: it is used for different members", Labels: []string{label}}
		}
		return i, nil
	}
	for _, m := range members {
		if _, err := d.classOf(m, nil); err != nil {
			return 0, err
		}
	}
	if want := checkLabel(label); want != "" {
		return 0, &ClassError{Want: want, Labels: []string{label}}
	}
	if members == nil {
		members = []string{label}
	}
	i := int32(len(d.classes))
	d.classes = append(d.classes, class{label: label, members: members})
	d.index[label] = i
	return i, nil
}

func (d *draft) add(o, to int32, s slice, c Cell) error {
	k, err := d.slice(s)
	if err != nil {
		return err
	}
	d.cells = append(d.cells, newEntry(o, to, k, c))
	return nil
}

func (d *draft) slice(s slice) (uint16, error) {
	k, ok := d.sliceOf[s]
	if !ok {
		if len(d.slices) >= maxSlices {
			return 0, fmt.Errorf("referral: more than %d combinations of tumor, period and modality; filter the input first", maxSlices)
		}
		k = uint16(len(d.slices))
		d.slices = append(d.slices, s)
		d.sliceOf[s] = k
	}
	return k, nil
}

// table sorts and checks the parts. The draft is used up.
func (d *draft) table() (*Table, error) {
	for _, e := range d.cells {
		d.origins[e.o], d.dests[e.d] = true, true
	}
	for _, e := range d.totals {
		if e.o != allClasses {
			d.origins[e.o] = true
		}
		if e.d != allClasses {
			d.dests[e.d] = true
		}
	}
	t := &Table{meta: d.meta, by: d.by}
	t.meta.Notes = slices.Clone(d.meta.Notes)
	place, err := d.placeClasses(t)
	if err != nil {
		return nil, err
	}
	t.origins, t.dests = keys(d.origins, place), keys(d.dests, place)
	if len(d.slices) == 0 {
		d.slices = []slice{{tumor: d.meta.Tumor, period: d.meta.Period}}
	}
	order := d.placeSlices(t)
	for i := range d.cells {
		e := &d.cells[i]
		e.o, e.d, e.s = place[e.o], place[e.d], order[e.s]
	}
	t.cells = sorted(d.cells, len(t.classes))
	if err := d.join(t); err != nil {
		return nil, err
	}
	if err := d.placeTotals(t, place, order); err != nil {
		return nil, err
	}
	if d.absence == AbsentUnknown || d.absence == AbsentByKind && presenceOnly(t.cells) {
		t.absent = MissingCell()
	}
	t.cells = slices.DeleteFunc(t.cells, func(e entry) bool { return e.state == t.absent.State })
	t.rows = make([]int, len(t.classes)+1)
	for i := range t.cells {
		t.cells[i].line = 0
		t.rows[t.cells[i].o+1] = i + 1
	}
	for i := 1; i < len(t.rows); i++ {
		t.rows[i] = max(t.rows[i], t.rows[i-1])
	}
	return t, nil
}

// sorted orders cells by place: by origin in two passes over the cells, then
// row by row.
func sorted(cells []entry, classes int) []entry {
	if slices.IsSortedFunc(cells, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.o, b.o), compareInRow(a, b))
	}) {
		return cells
	}
	at := make([]int, classes+1)
	for _, e := range cells {
		at[e.o+1]++
	}
	for i := range classes {
		at[i+1] += at[i]
	}
	out := make([]entry, len(cells))
	for _, e := range cells {
		out[at[e.o]] = e
		at[e.o]++
	}
	from := 0
	for _, to := range at[:classes] {
		slices.SortFunc(out[from:to], compareInRow)
		from = to
	}
	return out
}

// compareInRow orders cells by place; equal places by content, so that sums do
// not depend on the order of the input.
func compareInRow(a, b entry) int {
	if a.d != b.d {
		return cmp.Compare(a.d, b.d)
	}
	if a.s != b.s {
		return cmp.Compare(a.s, b.s)
	}
	return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.lo, b.lo), cmp.Compare(a.hi, b.hi), cmp.Compare(a.state, b.state))
}

// join adds up the cells of the same flow, or refuses them.
func (d *draft) join(t *Table) error {
	out := t.cells[:0]
	for _, e := range t.cells {
		n := len(out)
		if n == 0 || !out[n-1].samePair(e) || out[n-1].s != e.s {
			out = append(out, e)
			continue
		}
		last := &out[n-1]
		switch {
		case d.twice != nil:
			return d.twice(t, *last, e)
		case !d.sum:
			return &CellError{
				Origin: t.classes[e.o].label, Destination: t.classes[e.d].label, Cell: e.cell(),
				Want: "each flow once in a slice",
			}
		}
		*last = newEntry(e.o, e.d, e.s, last.cell().Add(e.cell()))
	}
	t.cells = out
	return nil
}

// placeClasses sorts the classes that are used into the table and gives the
// new place of each. Sets with the same members are one class; its label is the first of
// their labels in alphabetical order.
func (d *draft) placeClasses(t *Table) ([]int32, error) {
	label := map[string]string{}
	for _, c := range d.classes {
		if c.set() {
			if have, ok := label[c.key()]; !ok || c.label < have {
				label[c.key()] = c.label
			}
		}
	}
	for i, c := range d.classes {
		if c.set() {
			d.classes[i].label = label[c.key()]
		}
	}
	used := map[string]bool{}
	for _, ends := range [...]map[int32]bool{d.origins, d.dests} {
		for i := range ends {
			used[d.classes[i].label] = true
			for _, m := range d.classes[i].members {
				used[m] = true
			}
		}
	}
	t.classes = slices.DeleteFunc(slices.Clone(d.classes), func(c class) bool { return !used[c.label] })
	slices.SortFunc(t.classes, func(a, b class) int { return cmp.Compare(a.label, b.label) })
	t.classes = slices.CompactFunc(t.classes, func(a, b class) bool {
		return a.label == b.label && slices.Equal(a.members, b.members)
	})
	for i, c := range t.classes[min(1, len(t.classes)):] {
		if c.label == t.classes[i].label {
			return nil, &ClassError{Want: "one class: it is used for different members", Labels: []string{c.label}}
		}
	}
	place := make([]int32, len(d.classes))
	for i, c := range d.classes {
		place[i], _ = t.class(c.label)
	}
	return place, nil
}

// placeSlices sorts the slices into the table, lets the metadata follow, and
// gives the new place of each.
func (d *draft) placeSlices(t *Table) []uint16 {
	t.slices = slices.Clone(d.slices)
	slices.SortFunc(t.slices, compareSlices)
	order := make([]uint16, len(d.slices))
	for i, s := range d.slices {
		n, _ := slices.BinarySearchFunc(t.slices, s, compareSlices)
		order[i] = uint16(n)
	}
	if d.by.tumor {
		t.meta.Tumor = t.slices[0].tumor
	}
	if d.by.period {
		t.meta.Period = t.slices[0].period
	}
	for _, s := range t.slices {
		if d.by.tumor && s.tumor != t.meta.Tumor {
			t.meta.Tumor = ""
		}
		if d.by.period {
			t.meta.Period = hull(t.meta.Period, s.period)
		}
	}
	return order
}

// hull gives the shortest period that contains both; an open end stays open.
func hull(a, b network.Period) network.Period {
	if !a.From.IsZero() && (b.From.IsZero() || b.From.Before(a.From)) {
		a.From = b.From
	}
	if !a.To.IsZero() && (b.To.IsZero() || b.To.After(a.To)) {
		a.To = b.To
	}
	return a
}

func keys(set map[int32]bool, place []int32) []int32 {
	out := make([]int32, 0, len(set))
	for i := range set {
		out = append(out, place[i])
	}
	slices.Sort(out)
	return slices.Compact(out)
}
