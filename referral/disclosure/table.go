// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"fmt"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Cell returns what a reader sees of a number: its count, a missing cell if it
// is hidden or a total that is dropped, or, with intervals, what can be worked
// out of a hidden one. The result is a missing cell for an entry that the grid
// does not have.
func (s *Suppression) Cell(e Entry, intervals bool) referral.Cell {
	a, ok := s.index[e]
	switch {
	case !ok || s.n.kind[a] == dropped || s.n.kind[a] == hidden && !intervals:
		return referral.MissingCell()
	case s.n.kind[a] == hidden:
		i, _ := slices.BinarySearchFunc(s.Hidden, a, func(h Hidden, a int) int { return s.index[h.Entry] - a })
		return referral.Between(s.Hidden[i].Lo, s.Hidden[i].Hi)
	case s.n.margin(a) == 0 && s.grid.Counts[a/s.n.cols][a%s.n.cols] == Structural:
		return referral.StructuralCell()
	}
	return referral.Count(float64(s.n.value[a]))
}

// Table returns the table as it can be published: hidden cells missing or, with
// intervals, with the bounds that a reader could work out anyway; and the
// totals that are neither hidden nor dropped. A note says that cells are
// suppressed. Notes and labels are otherwise those of the table.
//
// It returns an error if the table cannot be protected, and for a suppression
// of a grid, which has no table.
func (s *Suppression) Table(intervals bool) (*referral.Table, error) {
	switch {
	case s.table == nil:
		return nil, fmt.Errorf("disclosure: a suppressed grid is not a table: %w", ErrGrid)
	case s.Status != Protected:
		return nil, fmt.Errorf("disclosure: the table cannot be protected: %v: %w", s.Exposed, ErrExposed)
	}
	t := s.table.WithoutTotals()
	if len(s.Hidden) > 0 {
		m := t.Meta()
		m.Notes = append(m.Notes, fmt.Sprintf("Counts below %d, and others that would reveal them, are suppressed.", s.c.Threshold))
		slices.Sort(m.Notes)
		m.Notes = slices.Compact(m.Notes)
		var err error
		t, err = remakeAs(m, t, func(f referral.Flow) referral.Cell {
			return s.Cell(Entry{f.Origin, f.Destination}, intervals)
		}, s.c.SuppressZero)
		if err != nil {
			return nil, err
		}
	}
	return t.WithTotals(s.totals())
}

// totals are those that readers see.
func (s *Suppression) totals() referral.Totals {
	x := referral.Totals{Origins: map[string]referral.Cell{}, Destinations: map[string]referral.Cell{}}
	for _, o := range s.grid.Rows {
		x.Origins[o] = s.Cell(Entry{Row: o}, false)
	}
	for _, d := range s.grid.Columns {
		x.Destinations[d] = s.Cell(Entry{Column: d}, false)
	}
	x.All = s.Cell(Entry{}, false)
	x.HasAll = x.All.Known()
	return x
}
