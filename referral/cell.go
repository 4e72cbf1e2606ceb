// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"math"
	"strconv"
)

// State says what is known about one cell of a flow table.
type State uint8

// The states of a cell.
const (
	Zero           State = iota // observed: no patient went this way
	Exact                       // the count is known and above zero
	StructuralZero              // the flow cannot occur, so there is nothing to observe
	Interval                    // suppressed or rounded: the count lies between two bounds
	Present                     // at least one, count not published
	Missing                     // nothing is known
)

var stateNames = [...]string{"zero", "exact", "structural zero", "interval", "present", "missing"}

// String returns the state in lower-case words.
func (s State) String() string { return nameOf(stateNames[:], uint8(s)) }

// Cell is the count of one flow as far as it is known: it lies between Lo and
// Hi, both included. Hi is +Inf when nothing limits the count. The zero value
// is an observed zero.
//
// Equal knowledge has one form only, which the constructors give: two bounds
// that meet are Exact or Zero, [1, +Inf) is Present and [0, +Inf) is Missing.
// Cells can therefore be compared with ==.
type Cell struct {
	State  State
	Lo, Hi float64
}

// Count returns the cell of a known count: Zero for 0, Exact otherwise.
func Count(n float64) Cell {
	if n == 0 {
		return Cell{}
	}
	return Cell{State: Exact, Lo: n, Hi: n}
}

// Between returns the cell of a count that lies between lo and hi, both
// included. Use math.Inf(1) for hi when no upper bound is known.
func Between(lo, hi float64) Cell {
	switch {
	case lo == hi:
		return Count(lo)
	case math.IsInf(hi, 1) && lo == 0:
		return MissingCell()
	case math.IsInf(hi, 1) && lo == 1:
		return PresentCell()
	}
	return Cell{State: Interval, Lo: lo, Hi: hi}
}

// PresentCell returns the cell of a flow that occurs, its count unknown.
func PresentCell() Cell { return Cell{State: Present, Lo: 1, Hi: math.Inf(1)} }

// MissingCell returns the cell of a flow of which nothing is known.
func MissingCell() Cell { return Cell{State: Missing, Hi: math.Inf(1)} }

// StructuralCell returns the cell of a flow that cannot occur.
func StructuralCell() Cell { return Cell{State: StructuralZero} }

// Valid reports whether the bounds are numbers with 0 <= Lo <= Hi, Lo finite,
// and the state is the one that belongs to them.
func (c Cell) Valid() bool {
	if !(c.Lo >= 0 && c.Lo <= c.Hi) || math.IsInf(c.Lo, 1) {
		return false
	}
	return c == StructuralCell() || c == Between(c.Lo, c.Hi)
}

// Known reports whether the count is a single number: Exact or either zero.
func (c Cell) Known() bool { return c.Lo == c.Hi }

// Add returns what is known about the sum of two counts: the sums of the
// bounds. A sum that contains an unknown count stays unknown, so 3 plus a
// Present cell is [4, +Inf), and k Present cells make [k, +Inf). Two
// structural zeros make a structural zero; a structural and an observed zero
// make an observed zero.
func (c Cell) Add(d Cell) Cell {
	if c.State == StructuralZero && d.State == StructuralZero {
		return c
	}
	return Between(c.Lo+d.Lo, c.Hi+d.Hi)
}

// union returns what is known about the number of patients counted in c, in d
// or in both, when it is not known how many are in both.
func (c Cell) union(d Cell) Cell {
	if c.State == StructuralZero && d.State == StructuralZero {
		return c
	}
	return Between(max(c.Lo, d.Lo), c.Hi+d.Hi)
}

// scale returns the cell with a share w of every count, 0 < w <= 1.
func (c Cell) scale(w float64) Cell {
	if c.State == StructuralZero || w == 1 {
		return c
	}
	return Between(c.Lo*w, c.Hi*w)
}

// whole reports whether both bounds are whole numbers.
func (c Cell) whole() bool {
	return c.Lo == math.Trunc(c.Lo) && (math.IsInf(c.Hi, 1) || c.Hi == math.Trunc(c.Hi))
}

// String returns "12", "[1, 4]", "[3, +Inf)", "structural zero", "present" or
// "missing".
func (c Cell) String() string {
	switch {
	case c.State == StructuralZero || c.State == Present || c.State == Missing:
		return c.State.String()
	case c.Known():
		return number(c.Lo)
	}
	return span(c.Lo, c.Hi)
}

func span(lo, hi float64) string {
	if math.IsInf(hi, 1) {
		return "[" + number(lo) + ", +Inf)"
	}
	return "[" + number(lo) + ", " + number(hi) + "]"
}

// number writes whole numbers in full and others in the shortest form that
// reads back as the same value.
func number(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) <= maxCount {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
