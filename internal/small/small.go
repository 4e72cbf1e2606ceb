// SPDX-License-Identifier: Apache-2.0

// Package small decides what is shown of numbers of patients that do not come
// out of a flow table: counts of 1 to 4 become the range from 1 to 4, and
// numbers from which one would follow become ranges as well. Flow tables go
// through disclosure.Gate.
package small

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/disclosure"
)

// Reason is the reason of a value that is withheld because a count of 1 to 4
// patients is behind it.
const Reason = "small_count"

// The smallest and the largest count that is not shown.
const (
	Lo = 1
	Hi = disclosure.DefaultThreshold - 1
)

// Gate shows numbers of patients. The zero value hides small ones.
type Gate struct{ AllowSmall bool }

// Hidden tells whether a number of patients is not shown.
func (g Gate) Hidden(n float64) bool { return !g.AllowSmall && n > 0 && n <= Hi }

// Count gives what is shown of one number of patients.
func (g Gate) Count(n float64) referral.Cell {
	if g.Hidden(n) {
		return referral.Between(Lo, Hi)
	}
	return referral.Count(n)
}

// Family gives what is shown of numbers and of their sum, so that none follows
// from the others: where the sum would narrow the hidden ones, the smallest of
// the others becomes bounds as well, those that the sum gives when every hidden
// one is anywhere from 1 to 4. Without any other the sum is bounds.
func (g Gate) Family(counts ...float64) ([]referral.Cell, referral.Cell) {
	out := make([]referral.Cell, len(counts))
	hidden, small, total, other := 0, 0.0, 0.0, -1
	for i, n := range counts {
		out[i] = g.Count(n)
		total += n
		switch {
		case g.Hidden(n):
			hidden++
			small += n
		case n > 0 && (other < 0 || n < counts[other]):
			other = i
		}
	}
	k := float64(hidden)
	narrow := hidden > 0 && (small-Hi*(k-1) > Lo || small-Lo*(k-1) < Hi)
	switch {
	case narrow && other >= 0:
		sum := small + counts[other]
		out[other] = referral.Between(max(0, sum-Hi*k), sum-Lo*k)
	case narrow:
		return out, referral.Between(Lo*k, Hi*k)
	}
	return out, referral.Count(total)
}

// leading is the number at the beginning of a note.
var leading = regexp.MustCompile(`^([0-9]+) (cases|pairs)\b`)

// Note gives what is shown of a note of a table that was made of an extract:
// one that begins with a small number of cases tells the range.
func (g Gate) Note(note string) string {
	m := leading.FindStringSubmatch(note)
	if m == nil {
		return note
	}
	if n, err := strconv.ParseFloat(m[1], 64); err != nil || !g.Hidden(n) {
		return note
	}
	return fmt.Sprintf("%d to %d%s", Lo, Hi, strings.TrimPrefix(note, m[1]))
}

// Share gives the share of part in part and rest, which together are whole.
func (g Gate) Share(part, rest []referral.Cell, whole referral.Cell) referral.Result {
	a, b := Add(part), Add(rest)
	if whole.Hi == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	if !whole.Known() {
		return Withheld(ratio(a.Lo, b.Hi), ratio(a.Hi, b.Lo))
	}
	n := whole.Lo
	lo, hi := max(a.Lo, n-b.Hi)/n, min(a.Hi, n-b.Lo)/n
	r := referral.ExactResult(lo)
	if lo != hi {
		r = Withheld(lo, hi)
	}
	r.N = int(n)
	return r
}

// Among is the share of part in part and rest, as far as the cells tell.
func Among(part, rest []referral.Cell) referral.Result {
	x, y := Add(part), Add(rest)
	if x.Hi+y.Hi == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	lo, hi := ratio(x.Lo, y.Hi), ratio(x.Hi, y.Lo)
	if x.Known() && y.Known() {
		r := referral.ExactResult(lo)
		r.N = int(x.Lo + y.Lo)
		return r
	}
	return Withheld(lo, hi)
}

// ratio is x in x + rest; 0 where both are.
func ratio(x, rest float64) float64 {
	if x == 0 {
		return 0
	}
	return x / (x + rest)
}

// Proportion gives what is shown of a share of whole numbers of patients.
func (g Gate) Proportion(s referral.Share) referral.Result {
	if s.Status == referral.Undefined || !s.Part.Known() || !s.Whole.Known() {
		return s.Result
	}
	cells, whole := g.Family(s.Part.Lo, s.Whole.Lo-s.Part.Lo)
	return g.Share(cells[:1], cells[1:], whole)
}

// Of gives what is shown of a value that rests on n patients.
func (g Gate) Of(r referral.Result, n int) referral.Result {
	r.N = n
	if g.Hidden(float64(n)) {
		return Withheld(math.NaN(), math.NaN())
	}
	return r
}

// Result is a number of patients as a result; hidden ones keep their bounds.
func Result(c referral.Cell) referral.Result {
	if c.Known() {
		return referral.ExactResult(c.Lo)
	}
	return Withheld(c.Lo, c.Hi)
}

// Withheld is a result that is known, and shown between bounds only.
func Withheld(lo, hi float64) referral.Result {
	return referral.Result{Value: math.NaN(), Lo: lo, Hi: hi, Status: referral.Suppressed, Reason: Reason}
}

// Add sums cells.
func Add(cells []referral.Cell) referral.Cell {
	var c referral.Cell
	for _, x := range cells {
		c = c.Add(x)
	}
	return c
}

// Number is a number of patients, or the range that is given in its place.
type Number struct {
	Name   string
	Lo, Hi int64
}

// Numbers gives the numbers of patients in an extract, in ranges of five if one
// of them is small or what lies between two of them is.
func (g Gate) Numbers(q referral.Quality) []Number {
	list := []Number{
		{"patients", q.Patients, q.Patients}, {"cases", q.Cases, q.Cases}, {"treated", q.Treated, q.Treated},
		{"untreated", q.Untreated, q.Untreated}, {"died_untreated", q.DiedUntreated, q.DiedUntreated},
		{"without_first_visit", q.NoOrigin, q.NoOrigin},
	}
	parts := []int64{q.Patients, q.Cases, q.Treated, q.Untreated, q.DiedUntreated, q.NoOrigin,
		q.Cases - q.Patients, q.Untreated - q.DiedUntreated, q.Cases - q.NoOrigin}
	if slices.ContainsFunc(parts, func(n int64) bool { return g.Hidden(float64(n)) }) {
		for i, x := range list {
			list[i].Lo, list[i].Hi = Band(x.Lo)
		}
	}
	return list
}

// Band is the range of five counts in which a number of patients lies: zero,
// 1 to 4, 5 to 9 and so on.
func Band(n int64) (lo, hi int64) {
	const width = Hi + 1
	if n == 0 {
		return 0, 0
	}
	lo = n / width * width
	return max(lo, 1), lo + width - 1
}

// Cells is the number of counts of 1 to 4 in a table, totals apart.
func Cells(t *referral.Table) int {
	n := 0
	for f := range t.Slices() {
		if In(f.Cell) {
			n++
		}
	}
	return n
}

// In reports whether a cell gives a count of 1 to 4 away.
func In(c referral.Cell) bool { return c.Known() && few(c.Lo) }

func few(n float64) bool { return n > 0 && n < Hi+1 }
