// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"fmt"
	"slices"

	"github.com/oncoref/oncoref/network"
)

// Selection says which part of a table is wanted. Empty fields select all.
type Selection struct {
	Origins      []string // labels of the table
	Destinations []string // labels of the table; a set-valued class is selected by its own label
	Tumor        string
	Period       network.Period // slices that lie in it
	Modality     string
}

// Filter returns the part of a table that is selected. The result has the rows
// of the selected origins; about other origins it says nothing. When
// destinations are left out its unlisted pairs become unknown, because the
// rows are no longer complete. Published totals stay where all that they sum
// over stays.
//
// It returns a [*ClassError] for labels that are no origin or destination of
// the table, and for a tumor, modality or period that the table does not tell
// apart.
func (t *Table) Filter(s Selection) (*Table, error) {
	origins, err := t.selected(s.Origins, t.origins, t.origins, "an origin of the table")
	if err != nil {
		return nil, err
	}
	dests, err := t.selected(s.Destinations, t.dests, t.dests, "a destination of the table")
	if err != nil {
		return nil, err
	}
	wanted := make([]bool, len(t.slices))
	for i, have := range t.slices {
		wanted[i] = (s.Tumor == "" || s.Tumor == have.tumor) && (s.Modality == "" || s.Modality == have.modality) &&
			within(have.period, s.Period)
		if !wanted[i] && s.Period.Overlaps(have.period) && !within(have.period, s.Period) {
			return nil, &ClassError{Want: fmt.Sprintf("a period that lies in %v or outside it", s.Period), Labels: []string{have.period.String()}}
		}
	}
	if !slices.Contains(wanted, true) {
		return nil, &ClassError{Want: "a tumor, modality and period of the table", Labels: []string{fmt.Sprintf("%s, %s, %v", s.Tumor, s.Modality, s.Period)}}
	}
	d := newDraft(t.Meta(), t.absence())
	d.by = t.by
	if len(dests) < len(t.dests) {
		d.absence = AbsentUnknown
		d.meta.Notes = append(d.meta.Notes, "Only some destinations were selected, so that rows are not complete.")
	}
	part := &Table{classes: t.classes, origins: origins, dests: dests}
	for i, have := range t.slices {
		if wanted[i] {
			part.slices = append(part.slices, have)
		}
	}
	var cells []entry
	for _, e := range t.cells {
		_, okO := slices.BinarySearch(origins, e.o)
		_, okD := slices.BinarySearch(dests, e.d)
		if okO && okD && wanted[e.s] {
			k, _ := slices.BinarySearchFunc(part.slices, t.slices[e.s], compareSlices)
			e.s = uint16(k)
			cells = append(cells, e)
		}
	}
	for _, e := range t.filterTotals(origins, dests, wanted) {
		k, _ := slices.BinarySearchFunc(part.slices, t.slices[e.s], compareSlices)
		e.s = uint16(k)
		part.totals = append(part.totals, e)
	}
	if err := d.take(part, cells); err != nil {
		return nil, err
	}
	return d.table()
}

// selected gives the classes among ids that have one of the labels, or what no
// labels at all select.
func (t *Table) selected(labels []string, none, ids []int32, want string) ([]int32, error) {
	if len(labels) == 0 {
		return none, nil
	}
	var out []int32
	var unknown []string
	for _, label := range labels {
		i, ok := t.class(label)
		if _, listed := slices.BinarySearch(ids, i); !ok || !listed {
			unknown = append(unknown, label)
			continue
		}
		out = append(out, i)
	}
	if len(unknown) > 0 {
		slices.Sort(unknown)
		return nil, &ClassError{Want: want, Labels: unknown}
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

// within reports whether a period lies in another one; an open end lies only in
// an open end.
func within(p, in network.Period) bool {
	return (in.From.IsZero() || !p.From.IsZero() && !p.From.Before(in.From)) &&
		(in.To.IsZero() || !p.To.IsZero() && !p.To.After(in.To))
}
