// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Structural is the count in a [Grid] of a cell that cannot occur. It counts as
// zero in totals and is always published.
const Structural = -1

// Grid is a two-way table of counts: origins by destinations, or hospitals by
// years. Its rows may be in groups, such as networks, whose totals are
// published too.
type Grid struct {
	Rows, Columns []string
	Groups        []string  // group of each row, "" for none; nil if there are no groups
	Counts        [][]int64 // by row and column: at least 0, or Structural
}

// ErrGrid is matched by errors about a grid, or a table to make one of, that
// does not allow what was asked.
var ErrGrid = errors.New("not a table of counts")

// maxGrid is the largest sum of counts: sums of weights must fit an int64.
const maxGrid = 1 << 40

// FromTable returns the cells of a table as a grid, with a row for each origin
// and a column for each destination, in the order of their labels. A partition
// groups the rows; nil for no groups, and origins that it does not have are in
// none.
//
// It returns an error matching [referral.ErrCell] for a cell that is not a
// known whole number, and one matching [ErrGrid] for a table of several slices
// with different patients, a table whose unlisted pairs are unknown, or a
// partition that does not give a row one group.
func FromTable(t *referral.Table, groups *network.Partition) (Grid, error) {
	g := Grid{Rows: t.Origins(), Columns: t.Destinations()}
	if t.Absent().State == referral.Missing {
		return Grid{}, fmt.Errorf("disclosure: unlisted pairs of the table are unknown: %w", ErrGrid)
	}
	row, col := places(g.Rows), places(g.Columns)
	g.Counts = zeros(len(g.Rows), len(g.Columns))
	first, slice := true, sliceKey{}
	for f := range t.Slices() {
		if s := sliceOf(f); first || s == slice {
			first, slice = false, s
		} else {
			return Grid{}, fmt.Errorf("disclosure: the table has several slices; filter one tumor, period or modality: %w", ErrGrid)
		}
		n, err := count(f)
		if err != nil {
			return Grid{}, err
		}
		g.Counts[row[f.Origin]][col[f.Destination]] = n
	}
	return g.grouped(groups)
}

// Volumes returns how many patients were treated in each destination of a table
// sliced by period: a row for each destination that patients were treated in,
// a column for each period. A partition groups the rows, as in [FromTable].
// Tumors and modalities must have been added up or filtered before.
//
// Its errors are those of FromTable.
func Volumes(t *referral.Table, groups *network.Partition) (Grid, error) {
	if t.Absent().State == referral.Missing {
		return Grid{}, fmt.Errorf("disclosure: unlisted pairs of the table are unknown: %w", ErrGrid)
	}
	g := Grid{Rows: slices.DeleteFunc(t.Destinations(), func(d string) bool { return d == referral.Untreated })}
	row := places(g.Rows)
	col := map[network.Period]int{}
	var periods []network.Period
	first := sliceKey{}
	for f := range t.Slices() {
		s := sliceOf(f)
		if len(col) == 0 {
			first = s
		}
		if s.tumor != first.tumor || s.modality != first.modality {
			return Grid{}, fmt.Errorf("disclosure: the table has several tumors or modalities; filter one: %w", ErrGrid)
		}
		if _, ok := col[s.period]; !ok {
			col[s.period] = 0
			periods = append(periods, s.period)
		}
	}
	slices.SortFunc(periods, func(a, b network.Period) int {
		return int(a.From) - int(b.From)
	})
	for i, p := range periods {
		col[p] = i
		g.Columns = append(g.Columns, p.String())
	}
	g.Counts = zeros(len(g.Rows), len(g.Columns))
	for f := range t.Slices() {
		n, err := count(f)
		if err != nil {
			return Grid{}, err
		}
		if i, ok := row[f.Destination]; ok {
			g.Counts[i][col[f.Period]] += max(n, 0)
		}
	}
	return g.grouped(groups)
}

// grouped gives the grid, checked, with the groups that a partition puts its
// rows in; nil for none.
func (g Grid) grouped(p *network.Partition) (Grid, error) {
	if p != nil {
		g.Groups = make([]string, len(g.Rows))
		for i, r := range g.Rows {
			label, err := only(p, r)
			if err != nil {
				return Grid{}, err
			}
			g.Groups[i] = label
		}
	}
	return g, g.check()
}

func count(f referral.Flow) (int64, error) {
	switch c := f.Cell; {
	case c.State == referral.StructuralZero:
		return Structural, nil
	case !c.Known() || c.Lo != math.Trunc(c.Lo):
		return 0, &referral.CellError{Origin: f.Origin, Destination: f.Destination, Cell: c, Want: "a known whole number"}
	}
	return int64(f.Cell.Lo), nil
}

// only gives the one group of a class; "" if the partition does not have it.
func only(p *network.Partition, id string) (string, error) {
	shares, ok := p.Of(id)
	switch {
	case !ok:
		return "", nil
	case len(shares) != 1:
		return "", fmt.Errorf("disclosure: %q is in %d groups of partition %q; use the rule primary: %w", id, len(shares), p.Name(), ErrGrid)
	}
	return shares[0].Group, nil
}

func places(labels []string) map[string]int {
	m := make(map[string]int, len(labels))
	for i, l := range labels {
		m[l] = i
	}
	return m
}

func zeros(rows, cols int) [][]int64 {
	m := make([][]int64, rows)
	flat := make([]int64, rows*cols)
	for i := range m {
		m[i] = flat[i*cols : (i+1)*cols : (i+1)*cols]
	}
	return m
}

func (g Grid) check() error {
	if len(g.Counts) != len(g.Rows) || g.Groups != nil && len(g.Groups) != len(g.Rows) {
		return fmt.Errorf("disclosure: %d rows of counts and %d groups for %d rows: %w", len(g.Counts), len(g.Groups), len(g.Rows), ErrGrid)
	}
	for _, labels := range [][]string{g.Rows, g.Columns} {
		if m := places(labels); len(m) < len(labels) {
			return fmt.Errorf("disclosure: a label is used twice: %w", ErrGrid)
		} else if _, ok := m[""]; ok {
			return fmt.Errorf("disclosure: a label is empty: %w", ErrGrid)
		}
	}
	rows := places(g.Rows)
	for _, k := range g.Groups {
		if _, clash := rows[k]; clash {
			return fmt.Errorf("disclosure: %q is a row and a group: %w", k, ErrGrid)
		}
	}
	var sum int64
	for i, row := range g.Counts {
		if len(row) != len(g.Columns) {
			return fmt.Errorf("disclosure: row %q has %d counts for %d columns: %w", g.Rows[i], len(row), len(g.Columns), ErrGrid)
		}
		for j, n := range row {
			if n < Structural || n > maxGrid {
				return fmt.Errorf("disclosure: count %d of %q, %q, want 0 to %d: %w", n, g.Rows[i], g.Columns[j], int64(maxGrid), ErrGrid)
			}
			if sum += max(n, 0); sum > maxGrid {
				return fmt.Errorf("disclosure: counts add up to more than %d: %w", int64(maxGrid), ErrGrid)
			}
		}
	}
	return nil
}

// groups gives the labels of the groups, sorted, and the group of each row, -1
// for none.
func (g Grid) groups() ([]string, []int) {
	of := make([]int, len(g.Rows))
	var labels []string
	for i := range of {
		of[i] = -1
		if g.Groups != nil && g.Groups[i] != "" {
			labels = append(labels, g.Groups[i])
		}
	}
	slices.Sort(labels)
	labels = slices.Compact(labels)
	for i := range of {
		if g.Groups != nil && g.Groups[i] != "" {
			of[i], _ = slices.BinarySearch(labels, g.Groups[i])
		}
	}
	return labels, of
}

// Entry names a number of a [Grid]: a cell, or a total, whose Row or Column is
// empty where it sums over all of them. Row may be a group.
type Entry struct{ Row, Column string }

// String returns "row, column", with "total" for what is summed over.
func (e Entry) String() string {
	r, c := e.Row, e.Column
	if r == "" {
		r = "total"
	}
	if c == "" {
		c = "total"
	}
	return r + ", " + c
}
