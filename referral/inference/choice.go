// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"

	"github.com/oncoref/oncoref/referral"
)

// counts are the part and the whole of a share.
type counts struct{ x, n float64 }

func (c counts) share() float64 { return c.x / c.n }

// choices lists the counts that a share can have in whole numbers. The result
// is nil if there are more than budget of them.
func choices(s referral.Share, budget int) []counts {
	if s.Part.Known() && s.Whole.Known() {
		return []counts{{s.Part.Lo, s.Whole.Lo}}
	}
	if math.IsInf(s.Whole.Hi, 1) {
		return nil
	}
	var out []counts
	rest, free := freeRest(s)
	if s.Whole.Known() {
		free = false
	}
	const slack = 1e-9
	lo, hi := s.Lo, s.Hi
	if math.IsNaN(lo) || math.IsNaN(hi) {
		lo, hi = 0, 1
	}
	part := s.Part
	for n := first(s.Whole); n <= s.Whole.Hi; n++ {
		from := max(first(part), math.Ceil(lo*n-slack))
		to := min(part.Hi, n, math.Floor(hi*n+slack))
		if free {
			from, to = max(first(part), n-rest.Hi), min(part.Hi, n-rest.Lo)
		} else if part.Known() {
			from, to = part.Lo, min(part.Lo, n)
		}
		for x := from; x <= to; x++ {
			if len(out) == budget {
				return nil
			}
			out = append(out, counts{x, n})
		}
	}
	return out
}

// spread lists at most a hundred of the counts that a share can have, spread
// evenly over the part and the rest, with the extremes.
func spread(s referral.Share) []counts {
	rest := restOf(s)
	var out []counts
	for _, x := range evenly(s.Part) {
		for _, r := range evenly(rest) {
			if n := x + r; n > 0 && n >= s.Whole.Lo && n <= s.Whole.Hi && agrees(s, x, n) {
				out = append(out, counts{x, n})
			}
		}
		if n := s.Whole.Lo; s.Whole.Known() && n >= x && n > 0 && agrees(s, x, n) {
			out = append(out, counts{x, n})
		}
	}
	return out
}

// agrees reports whether counts give a share within its bounds.
func agrees(s referral.Share, x, n float64) bool {
	const slack = 1e-9
	return math.IsNaN(s.Lo) || math.IsNaN(s.Hi) || x >= s.Lo*n-slack && x <= s.Hi*n+slack
}

// evenly lists ten of the whole numbers of a cell, or all if they are fewer.
func evenly(c referral.Cell) []float64 {
	if c.Known() {
		return []float64{c.Lo}
	}
	const most = 9
	var out []float64
	from, steps := first(c), math.Floor(c.Hi)-first(c)
	for k := range int(min(most, steps)) + 1 {
		out = append(out, from+math.Round(float64(k)*steps/max(1, min(most, steps))))
	}
	return out
}

// product calls visit with every choice of one element of each list, the last
// one changing fastest, and reports whether there were at most budget.
func product(lists [][]counts, budget float64, visit func([]counts)) bool {
	ways := 1.0
	for _, l := range lists {
		ways *= float64(len(l))
	}
	if ways > budget || ways == 0 {
		return false
	}
	at := make([]int, len(lists))
	now := make([]counts, len(lists))
	for i, l := range lists {
		now[i] = l[0]
	}
	for {
		visit(now)
		i := len(lists) - 1
		for ; i >= 0; i-- {
			if at[i]++; at[i] < len(lists[i]) {
				now[i] = lists[i][at[i]]
				break
			}
			at[i] = 0
			now[i] = lists[i][0]
		}
		if i < 0 {
			return true
		}
	}
}

// span collects the values of a measure over completions.
type span struct {
	lo, hi float64
	gap    bool // undefined for some completion
	any    bool
}

func (s *span) add(v float64) {
	switch {
	case math.IsNaN(v):
		s.gap = true
	case !s.any:
		s.lo, s.hi, s.any = v, v, true
	default:
		extend(&s.lo, &s.hi, v)
	}
}

// result gives the values seen as bounds, or the reason why there is none.
func (s *span) result(undefined string) referral.Result {
	if !s.any {
		return referral.UndefinedResult(undefined)
	}
	return referral.BoundedResult(s.lo, s.hi, referral.ReasonUnknownCells)
}
