// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math"
	"slices"
)

// spread is a sum divided over classes of which the parts and the sum are known
// as bounds. The measures of it do not change when all parts are scaled, and
// rise when a part is moved from a smaller class to a larger one. Each is the
// largest at a vertex of the bounds, and for a given sum the smallest where the
// parts are as level as the bounds allow:
//
//	x_k = min(max(θ, lo_k), hi_k)
//
// References: Fujishige 1980, doi:10.1287/moor.5.2.186; for whole counts Frank
// and Murota 2022, doi:10.1007/s10107-020-01594-2.
type spread struct {
	x     []span
	total span
	whole bool

	levels []float64 // values of the bounds, at which the course of level parts changes
	sums   []float64 // sum of the parts at these levels
}

// newSpread narrows parts and sum by each other; the sum is above zero. It is
// not ok if it cannot be.
func newSpread(x []span, total span, whole bool) (*spread, bool) {
	s := &spread{x: slices.Clone(x), total: total, whole: whole}
	s.total.lo = max(total.lo, math.SmallestNonzeroFloat64)
	if whole {
		s.total.lo = max(total.lo, 1)
	}
	for range 2 {
		var sum tally
		for _, b := range s.x {
			sum.add(b)
		}
		s.total = s.total.and(sum.span())
		for k, b := range s.x {
			rest := sum.without(b)
			s.x[k] = b.and(s.total.less(rest))
		}
	}
	if s.total.lo > s.total.hi {
		return nil, false
	}
	for _, b := range s.x {
		s.levels = append(s.levels, b.lo)
		if !math.IsInf(b.hi, 1) {
			s.levels = append(s.levels, b.hi)
		}
	}
	slices.Sort(s.levels)
	s.levels = slices.Compact(s.levels)
	for _, level := range s.levels {
		s.sums = append(s.sums, s.sumAt(level))
	}
	return s, true
}

func (b span) clip(v float64) float64 { return min(max(v, b.lo), b.hi) }

func (s *spread) sumAt(level float64) float64 {
	sum := 0.0
	for _, b := range s.x {
		sum += b.clip(level)
	}
	return sum
}

// known reports whether all parts are.
func (s *spread) known() bool {
	return !slices.ContainsFunc(s.x, func(b span) bool { return !b.known() })
}

// free reports whether the sum says nothing that the parts do not.
func (s *spread) free() bool {
	var sum tally
	for _, b := range s.x {
		sum.add(b)
	}
	t := sum.span()
	return s.total.hi >= t.hi && (s.total.lo <= t.lo || t.lo == 0 && s.total.lo <= 1)
}

// atLevel gives the parts that are level.
func (s *spread) atLevel(level float64) []float64 {
	out := make([]float64, len(s.x))
	for k, b := range s.x {
		out[k] = b.clip(level)
	}
	return out
}

// atSum gives the most level parts of a given sum.
func (s *spread) atSum(sum float64) []float64 {
	i, _ := slices.BinarySearch(s.sums, sum)
	if i < len(s.sums) && s.sums[i] == sum {
		return s.atLevel(s.levels[i])
	}
	i--
	if i < 0 {
		return s.atLevel(s.levels[0])
	}
	active := 0
	for _, b := range s.x {
		if b.lo <= s.levels[i] && b.hi > s.levels[i] {
			active++
		}
	}
	if active == 0 {
		return s.atLevel(s.levels[i])
	}
	step := (sum - s.sums[i]) / float64(active)
	if !s.whole {
		return s.atLevel(s.levels[i] + step)
	}
	level := s.levels[i] + math.Floor(step)
	out := s.atLevel(level)
	left := sum - s.sums[i] - math.Floor(step)*float64(active)
	for k, b := range s.x {
		if left > 0 && b.lo <= level && b.hi > level {
			out[k]++
			left--
		}
	}
	return out
}

// index is a measure of a spread.
type index struct {
	of func(parts []float64) float64
	// still gives the level at which level parts have the smallest value beside
	// parts that stay, from the sum of their terms and their sum; NaN if all
	// levels have the same. Nil for a measure that has it at a bound.
	still func(terms, sum float64) float64
	term  func(part float64) float64 // what a part adds to the terms
	value func(terms, sum float64) float64
	// turn gives the sum at which the value is the largest if the terms rise by
	// slope with it.
	turn func(terms, sum, slope float64) float64
}

// least gives the smallest value. Between two sums that have level parts the
// value of whole counts rises and then falls, so that only level parts and the
// ends of the sum need a look; the exception is dense.
func (s *spread) least(ix index) float64 {
	best := math.Inf(1)
	look := func(parts []float64) { best = min(best, ix.of(parts)) }
	look(s.atSum(s.total.lo))
	if !math.IsInf(s.total.hi, 1) {
		look(s.atSum(s.total.hi))
	}
	if s.known() {
		return best
	}
	inside := func(level float64) {
		if sum := s.sumAt(level); sum >= s.total.lo && sum <= s.total.hi {
			look(s.atLevel(level))
		}
	}
	for i, level := range s.levels {
		end := math.Inf(1)
		if i+1 < len(s.levels) {
			end = s.levels[i+1]
		}
		active, terms, sum := 0, 0.0, 0.0
		for _, b := range s.x {
			if b.lo <= level && b.hi >= end && !b.known() {
				active++
				continue
			}
			part := b.clip(level)
			if ix.term != nil {
				terms += ix.term(part)
			}
			sum += part
		}
		if active == 0 {
			continue
		}
		inside(level)
		// The levels that the sum allows; a value falls up to the still level and
		// then rises.
		from := max(level, level+(s.total.lo-s.sums[i])/float64(active))
		to := min(end, level+(s.total.hi-s.sums[i])/float64(active))
		if ix.still == nil {
			inside(math.Ceil(from))
			if !math.IsInf(to, 1) {
				inside(math.Floor(to))
			}
			continue
		}
		at := ix.still(terms, sum)
		if math.IsNaN(at) || at < from {
			at = from
		}
		at = min(at, to)
		if s.whole {
			inside(math.Floor(at))
			inside(math.Ceil(at))
		} else {
			inside(at)
		}
	}
	return best
}

// maxScan is the number of sums that are looked at one by one.
const maxScan = 4096

// dense gives the smallest value of a measure that can fall between sums with
// level parts: by looking at every sum, or, if there are too many, a lower bound
// by taking counts as divisible.
func (s *spread) dense(ix index) float64 {
	best := s.least(ix)
	if s.known() {
		return best
	}
	if s.whole && s.total.hi-s.total.lo <= maxScan {
		for sum := s.total.lo; sum <= s.total.hi; sum++ {
			best = min(best, ix.of(s.atSum(sum)))
		}
		return best
	}
	divisible := *s
	divisible.whole = false
	best = min(best, divisible.least(ix))
	look := func(sum float64) {
		if sum >= s.total.lo && sum <= s.total.hi {
			best = min(best, ix.of(divisible.atSum(sum)))
		}
	}
	n := float64(len(s.x))
	for i, level := range s.levels { // where a part is the mean
		look(n * level)
		active, sum := 0.0, 0.0
		for _, b := range s.x {
			if b.lo <= level && b.hi > level {
				active++
			} else {
				sum += b.clip(level)
			}
		}
		if at := sum / (n - active); at >= level && (i+1 == len(s.levels) || at <= s.levels[i+1]) {
			look(n * at)
		}
	}
	return best
}
