// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"math"
	"slices"
)

// OriginTotal returns how many patients have an origin, O_i = Σ_j F_ij, in the
// unit of the table; retained patients are among them. Unknown cells give
// bounds, the sums of the bounds of the cells; unlisted pairs that are unknown
// take the upper bound away (reason unlisted_cells). A published total narrows
// them; one that contradicts the cells makes the result infeasible
// (contradicting_totals). It is undefined for a
// label that the table does not have (unknown_class) or that has no row
// (no_row). N is the total when it is exact.
func (t *Table) OriginTotal(origin string) Result {
	o, undefined := t.rowOf(origin)
	if undefined.Status != OK {
		return undefined
	}
	var sum Cell
	for cells := range pairs(t.row(o)) {
		sum = sum.Add(t.combine(cells))
	}
	return t.result(t.narrow(t.opened(sum), o, allClasses))
}

// RetainedTotal returns how many patients of an origin were treated there,
// S_i, as [Flow.Retained] says. It is undefined like [Table.OriginTotal].
func (t *Table) RetainedTotal(origin string) Result {
	o, undefined := t.rowOf(origin)
	if undefined.Status != OK {
		return undefined
	}
	var sum Cell
	listed := 0
	for cells := range pairs(t.row(o)) {
		if f := t.flow(cells); f.Retained() {
			sum = sum.Add(f.Cell)
			listed++
		}
	}
	own := 1
	for _, d := range t.dests {
		if d != o && share(t.classes[d].members, t.classes[o].members) {
			own++
		}
	}
	if listed < own {
		sum = t.opened(sum)
	}
	return t.result(sum)
}

// rowOf finds a class that has a row; without one it gives the result to return.
func (t *Table) rowOf(origin string) (int32, Result) {
	o, ok := t.class(origin)
	switch {
	case !ok:
		return 0, UndefinedResult(ReasonUnknownClass)
	case !t.hasRow(o):
		return 0, UndefinedResult(ReasonNoRow)
	}
	return o, Result{}
}

// DestinationTotal returns how many patients were treated in a class, D_j =
// Σ_i F_ij, in the unit of the table; its own retained patients are among them.
// Flow to a set-valued class that contains it is possible but not certain and
// widens the upper bound only, except from itself, which is retained. For a
// set-valued class the total is that of its label. Unknown cells and unlisted
// pairs and published totals count as in [Table.OriginTotal]. It is undefined
// for a label that the table does not have (unknown_class).
func (t *Table) DestinationTotal(destination string) Result {
	d, ok := t.class(destination)
	if !ok {
		return UndefinedResult(ReasonUnknownClass)
	}
	var column, sets Cell // listed under the label, and in sets
	for f := range t.Flows() {
		switch {
		case f.Retained() && len(f.Origins) == 1 && f.SetValued(): // the set holds the origin
			if f.Origin == destination {
				sets = sets.Add(f.Cell)
			}
		case f.Destination == destination:
			column = column.Add(f.Cell)
		case f.SetValued() && !t.classes[d].set() && slices.Contains(f.Members, destination):
			sets = sets.Add(Between(0, f.Cell.Hi))
		}
	}
	column = t.opened(column)
	if !t.classes[d].set() {
		column = t.narrow(column, allClasses, d)
	}
	return t.result(sumOf(column, sets))
}

// sumOf adds up two cells; one whose bounds contradict each other stays so.
func sumOf(a, b Cell) Cell {
	if a.Lo > a.Hi {
		return a
	}
	return a.Add(b)
}

// Total returns how many patients the table counts, T = Σ F. Unknown cells,
// unlisted pairs and published totals count as in [Table.OriginTotal].
func (t *Table) Total() Result {
	var sum Cell
	for f := range t.Flows() {
		sum = sum.Add(f.Cell)
	}
	return t.result(t.narrow(t.opened(sum), allClasses, allClasses))
}

// opened gives a sum that unlisted pairs belong to.
func (t *Table) opened(sum Cell) Cell {
	if t.absent.State == Missing {
		sum.Hi = math.Inf(1)
	}
	return sum
}

// result makes a result of a sum.
func (t *Table) result(sum Cell) Result {
	if sum.Lo > sum.Hi {
		return InfeasibleResult(ReasonTotals)
	}
	reason := ReasonUnknownCells
	if math.IsInf(sum.Hi, 1) && t.absent.State == Missing {
		reason = ReasonUnlisted
	}
	r := BoundedResult(sum.Lo, sum.Hi, reason)
	if r.Status == OK && r.Value <= maxCount {
		r.N = int(r.Value)
	}
	return r
}
