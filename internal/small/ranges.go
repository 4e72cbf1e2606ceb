// SPDX-License-Identifier: Apache-2.0

package small

import (
	"math"

	"github.com/oncoref/oncoref/referral"
)

// ReasonRange is the reason of a value that is given between bounds because,
// with it, a number of 1 to 4 could be worked out.
const ReasonRange = "range_of_five"

// Ranges shows numbers of patients that overlap in many ways with others that
// are published: as the range of five in which they lie, and all that is made
// of them as bounds. The zero value hides exact numbers.
type Ranges struct{ AllowSmall bool }

func (r Ranges) hidden(n int) bool { return Gate(r).Hidden(float64(n)) }

// Count gives what is shown of one number.
func (r Ranges) Count(n int) referral.Cell {
	if r.AllowSmall {
		return referral.Count(float64(n))
	}
	lo, hi := Band(int64(n))
	return referral.Between(float64(lo), float64(hi))
}

// Family gives what is shown of numbers and of their sum. Ranges are made wider
// where they would together exclude that a number of 1 to 4 is 1, or 4.
func (r Ranges) Family(counts ...int) ([]referral.Cell, referral.Cell) {
	total := 0
	for _, n := range counts {
		total += n
	}
	return r.Within(r.Count(total), counts...)
}

// Within is Family for a sum of which readers know whole. If nothing can be made
// wide enough the sum is, and must then not be shown as whole.
func (r Ranges) Within(whole referral.Cell, counts ...int) ([]referral.Cell, referral.Cell) {
	out := make([]referral.Cell, len(counts))
	few, widest := 0.0, -1
	for i, n := range counts {
		out[i] = r.Count(n)
		switch {
		case r.hidden(n):
			few++
		case n > 0 && (widest < 0 || n > counts[widest]):
			widest = i
		}
	}
	if few == 0 {
		return out, whole
	}
	const width = Hi + 1
	for {
		rest := referral.Cell{}
		for i, c := range out {
			if !r.hidden(counts[i]) {
				rest = rest.Add(c)
			}
		}
		// One of the small numbers can be 4 only if their sum can be that and 1 for
		// each other, and it can be 1 only if the sum can be that and 4 for each.
		low := whole.Lo-rest.Hi > Hi*(few-1)+1
		high := whole.Hi-rest.Lo < Hi+few-1
		switch {
		case !low && !high:
			return out, whole
		case widest < 0 || high && out[widest].Lo == 0:
			return out, referral.Between(rest.Lo+few, rest.Hi+Hi*few)
		case high:
			out[widest] = referral.Between(max(0, out[widest].Lo-width), out[widest].Hi)
		default:
			out[widest] = referral.Between(out[widest].Lo, out[widest].Hi+width)
		}
	}
}

// Share gives the share of part in part and rest, which together are whole.
func (r Ranges) Share(part, rest []referral.Cell, whole referral.Cell) referral.Result {
	a, b := Add(part), Add(rest)
	if whole.Hi == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	lo, hi := 0.0, 0.0
	if a.Lo > 0 {
		lo = a.Lo / min(a.Lo+b.Hi, whole.Hi)
	}
	if a.Hi > 0 {
		hi = min(1, a.Hi/max(a.Hi+b.Lo, whole.Lo))
	}
	x := referral.ExactResult(lo)
	if lo != hi {
		x = Withheld(lo, hi)
		if !few(a.Hi) && !few(b.Hi) {
			x.Reason = ReasonRange
		}
	}
	if whole.Known() {
		x.N = int(whole.Lo)
	}
	return x
}

// Proportion gives what is shown of a share of whole numbers of patients.
func (r Ranges) Proportion(s referral.Share) referral.Result {
	if r.AllowSmall || s.Status == referral.Undefined || !s.Part.Known() || !s.Whole.Known() {
		return s.Result
	}
	cells, whole := r.Family(int(s.Part.Lo), int(s.Whole.Lo-s.Part.Lo))
	return r.Share(cells[:1], cells[1:], whole)
}

// Average gives what is shown of the mean over n patients of a number from 0 to
// 1 for each, such as the share of those treated.
func (r Ranges) Average(x referral.Result, n int) referral.Result {
	if r.AllowSmall || x.Status != referral.OK {
		x.N = n
		return x
	}
	whole := r.Count(n)
	if r.hidden(n) {
		return Withheld(math.NaN(), math.NaN())
	}
	const exact = 1e-9 // sums of survival probabilities are not
	if whole.Known() || x.Value < exact {
		return x
	}
	if x.N = 0; x.Value > 1-exact {
		return referral.ExactResult(1)
	}
	const width = Hi + 1
	lo := math.Floor(x.Value*float64(n)/width+1e-9) * width
	b := Withheld(lo/whole.Hi, min(1, (lo+width)/whole.Lo))
	if lo > 0 {
		b.Reason = ReasonRange
	}
	return b
}

// Result is a number in a range as a result; what is not shown keeps its bounds.
func (r Ranges) Result(c referral.Cell) referral.Result {
	if c.Known() {
		return referral.ExactResult(c.Lo)
	}
	x := Withheld(c.Lo, c.Hi)
	if !few(c.Hi) {
		x.Reason = ReasonRange
	}
	return x
}
