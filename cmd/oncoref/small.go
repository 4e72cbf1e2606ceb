// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"

	"github.com/oncoref/oncoref/referral"
)

// reasonSmall is the reason of a value that is withheld because a count of 1 to
// 4 patients is behind it.
const reasonSmall = "small_count"

// smallest and largest count that is not shown.
const smallLo, smallHi = 1, 4

// hidden tells whether a number of patients is not shown.
func (g gate) hidden(n float64) bool { return !g.allowSmall && n > 0 && n <= smallHi }

// count gives what is shown of one number of patients.
func (g gate) count(n float64) referral.Cell {
	if g.hidden(n) {
		return referral.Between(smallLo, smallHi)
	}
	return referral.Count(n)
}

// family gives what is shown of numbers and of their sum, so that none follows
// from the others: where the sum would narrow the hidden ones, the smallest of
// the others becomes bounds as well, those that the sum gives when every hidden
// one is anywhere from 1 to 4. Without any other the sum is bounds.
func (g gate) family(counts ...float64) ([]referral.Cell, referral.Cell) {
	out := make([]referral.Cell, len(counts))
	hidden, small, total, other := 0, 0.0, 0.0, -1
	for i, n := range counts {
		out[i] = g.count(n)
		total += n
		switch {
		case g.hidden(n):
			hidden++
			small += n
		case n > 0 && (other < 0 || n < counts[other]):
			other = i
		}
	}
	k := float64(hidden)
	narrow := hidden > 0 && (small-smallHi*(k-1) > smallLo || small-smallLo*(k-1) < smallHi)
	switch {
	case narrow && other >= 0:
		sum := small + counts[other]
		out[other] = referral.Between(max(0, sum-smallHi*k), sum-smallLo*k)
	case narrow:
		return out, referral.Between(smallLo*k, smallHi*k)
	}
	return out, referral.Count(total)
}

// share gives the share of part in part and rest, which together are whole.
func (g gate) share(part, rest []referral.Cell, whole referral.Cell) referral.Result {
	a, b := add(part), add(rest)
	if whole.Hi == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	if !whole.Known() {
		return withheld(ratio(a.Lo, b.Hi), ratio(a.Hi, b.Lo))
	}
	n := whole.Lo
	lo, hi := max(a.Lo, n-b.Hi)/n, min(a.Hi, n-b.Lo)/n
	r := referral.ExactResult(lo)
	if lo != hi {
		r = withheld(lo, hi)
	}
	r.N = int(n)
	return r
}

// ratio is x in x + rest; 0 where both are.
func ratio(x, rest float64) float64 {
	if x == 0 {
		return 0
	}
	return x / (x + rest)
}

// proportion gives what is shown of a share of whole numbers of patients.
func (g gate) proportion(s referral.Share) referral.Result {
	if s.Status == referral.Undefined || !s.Part.Known() || !s.Whole.Known() {
		return s.Result
	}
	cells, whole := g.family(s.Part.Lo, s.Whole.Lo-s.Part.Lo)
	return g.share(cells[:1], cells[1:], whole)
}

// of gives what is shown of a value that rests on n patients.
func (g gate) of(r referral.Result, n int) referral.Result {
	r.N = n
	if g.hidden(float64(n)) {
		return withheld(math.NaN(), math.NaN())
	}
	return r
}

// cell is a number of patients as a result; hidden ones keep their bounds.
func (g gate) cell(c referral.Cell) referral.Result {
	if c.Known() {
		return referral.ExactResult(c.Lo)
	}
	return withheld(c.Lo, c.Hi)
}

// withheld is a result that is known, and shown between bounds only.
func withheld(lo, hi float64) referral.Result {
	return referral.Result{Value: math.NaN(), Lo: lo, Hi: hi, Status: referral.Suppressed, Reason: reasonSmall}
}

// add sums cells.
func add(cells []referral.Cell) referral.Cell {
	var c referral.Cell
	for _, x := range cells {
		c = c.Add(x)
	}
	return c
}
