// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"errors"
	"fmt"
	"math"
)

// Open is the upper bound of what has none.
const Open = math.MaxInt64

// Range is what is known about a count: it lies between Lo and Hi, both
// included. The zero value is a known zero.
type Range struct{ Lo, Hi int64 }

// Any is the range of a count of which nothing is known.
var Any = Range{0, Open}

// At returns the range of a known count.
func At(n int64) Range { return Range{n, n} }

// Fixed reports whether the range holds one number only.
func (r Range) Fixed() bool { return r.Lo == r.Hi }

// Cell is what is known about one count of the table.
type Cell struct {
	Row, Col int
	Range
}

// Group is a set of rows, and of smaller groups, with the totals that are
// known of it.
type Group struct {
	Parent int     // index of the group that contains it; -1 for none
	Range          // total of its rows
	Cols   []Range // total of its rows in each column; nil if none is known
}

// Problem is what is known about a table of counts. A pair of a row and a
// column that Cells does not list is zero; one that it lists twice has two
// counts, which add up in the totals.
type Problem struct {
	Rows, Cols []Range // totals; [Any] where not known
	Total      Range   // total of the table; [Any] if not known
	Cells      []Cell
	Groups     []Group // of rows; a group stands behind the one that contains it
	GroupOf    []int   // by row: the smallest group it is in, -1 for none; nil if no row is in one
}

// ErrProblem says that a problem contradicts itself as a description: an index
// out of range, a negative bound, or bounds too large to add up.
var ErrProblem = errors.New("not a problem of transportation")

// InfeasibleError says that no table of counts agrees with a problem. Its
// fields, indices in ascending order, are a conflict that is irreducible: they
// contradict each other, and no longer do if any one of them is left out.
type InfeasibleError struct {
	Cells      []int
	Rows, Cols []int
	Total      bool
	Groups     []int    // totals of groups
	Blocks     [][2]int // totals of a group in a column: group, column
}

// Len returns the number of cells and totals in the conflict.
func (e *InfeasibleError) Len() int {
	n := len(e.Cells) + len(e.Rows) + len(e.Cols) + len(e.Groups) + len(e.Blocks)
	if e.Total {
		n++
	}
	return n
}

// Error lists the indices of the conflict.
func (e *InfeasibleError) Error() string {
	s := "transport: no table agrees with"
	if len(e.Cells) > 0 {
		s += fmt.Sprintf(" cells %v", e.Cells)
	}
	if len(e.Rows) > 0 {
		s += fmt.Sprintf(" rows %v", e.Rows)
	}
	if len(e.Cols) > 0 {
		s += fmt.Sprintf(" columns %v", e.Cols)
	}
	if len(e.Groups) > 0 {
		s += fmt.Sprintf(" groups %v", e.Groups)
	}
	if len(e.Blocks) > 0 {
		s += fmt.Sprintf(" blocks %v", e.Blocks)
	}
	if e.Total {
		s += " the total"
	}
	return s
}

func (p Problem) check() error {
	for i, c := range p.Cells {
		if c.Row < 0 || c.Row >= len(p.Rows) || c.Col < 0 || c.Col >= len(p.Cols) {
			return fmt.Errorf("transport: cell %d at row %d, column %d of %d x %d: %w", i, c.Row, c.Col, len(p.Rows), len(p.Cols), ErrProblem)
		}
	}
	if p.GroupOf != nil && len(p.GroupOf) != len(p.Rows) {
		return fmt.Errorf("transport: GroupOf has %d entries for %d rows: %w", len(p.GroupOf), len(p.Rows), ErrProblem)
	}
	for r, g := range p.GroupOf {
		if g < -1 || g >= len(p.Groups) {
			return fmt.Errorf("transport: row %d in group %d of %d: %w", r, g, len(p.Groups), ErrProblem)
		}
	}
	for i, g := range p.Groups {
		if g.Parent < -1 || g.Parent >= i {
			return fmt.Errorf("transport: group %d in group %d, want an earlier one: %w", i, g.Parent, ErrProblem)
		}
		if g.Cols != nil && len(g.Cols) != len(p.Cols) {
			return fmt.Errorf("transport: group %d has %d totals for %d columns: %w", i, len(g.Cols), len(p.Cols), ErrProblem)
		}
	}
	return nil
}
