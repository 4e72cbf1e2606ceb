// SPDX-License-Identifier: Apache-2.0

package referral

import "math"

// ShareOf returns the share of a part in the part and the rest together, two
// counts that are independent of each other:
//
//	part / (part + rest)
//
// It rises with the part and falls with the rest, so its bounds are at the
// extremes of the two (unknown_cells), and attained; they are those of the counts
// of which not both are 0, where both can be 0 (zero_possible). It is
// undefined, for the reason given, if both are 0. The share is of no class in particular.
func ShareOf(part, rest Cell, zero string) Share {
	s := Share{Part: part, Whole: part.Add(rest)}
	if s.Whole.Hi == 0 {
		s.Result = UndefinedResult(zero)
		return s
	}
	low, high := 0.0, 1.0
	switch {
	case rest.Hi == 0:
		low = 1
	case part.Lo > 0 && !math.IsInf(rest.Hi, 1):
		low = part.Lo / (part.Lo + rest.Hi)
	}
	switch {
	case part.Hi == 0:
		high = 0
	case !math.IsInf(part.Hi, 1):
		high = part.Hi / (part.Hi + rest.Lo)
	}
	s.Result = BoundedResult(low, high, ReasonUnknownCells)
	if s.Whole.Lo == 0 {
		s.Value, s.Status, s.Reason = math.NaN(), Bounded, ReasonZeroPossible
	}
	s.N = wholeCount(s.Whole)
	return s
}

// ShareIn returns the share of a known count in a known whole; undefined
// (zero_denominator) if the whole is 0.
func ShareIn(part, whole float64) Share {
	s := Share{Part: Count(part), Whole: Count(whole)}
	if whole == 0 {
		s.Result = UndefinedResult(ReasonZeroDenominator)
		return s
	}
	s.Result = ExactResult(part / whole)
	s.N = wholeCount(s.Whole)
	return s
}

// wholeCount gives a known whole count that N can hold; 0 for others.
func wholeCount(c Cell) int {
	if c.Known() && c.Lo <= 1<<53 && c.Lo == math.Trunc(c.Lo) {
		return int(c.Lo)
	}
	return 0
}
