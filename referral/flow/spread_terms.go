// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"cmp"
	"math"
	"slices"
)

// Limits on the work for the largest value; beyond them it is an upper bound.
const (
	maxCorners = 14      // unknown parts of which all combinations are tried
	maxTable   = 2 << 20 // steps of a table over sums
)

// most gives the largest value of a measure made of terms, or, beyond the
// limits, an upper bound.
func (s *spread) most(ix index, top float64) float64 {
	if math.IsInf(s.total.hi, 1) {
		return top // one class outgrows the others
	}
	var items []span
	terms, sum := 0.0, 0.0
	width, steps := 0.0, 0.0
	for _, b := range s.x {
		terms += ix.term(b.lo)
		sum += b.lo
		if !b.known() {
			items = append(items, b)
			width += b.hi - b.lo
			steps += b.hi - b.lo
		}
	}
	free := s.free()
	width = min(width, s.total.hi-sum)
	if free {
		steps = float64(len(items))
	}
	switch {
	case len(items) == 0:
		return ix.value(terms, sum)
	case s.whole && (width+1)*steps <= maxTable:
		return s.byTable(ix, items, terms, sum, int(width), free)
	case len(items) <= maxCorners:
		return s.byCorners(ix, items, terms, sum)
	}
	return s.byChords(ix, items, terms, sum)
}

// byTable fills a table of the most terms for every sum. At a vertex at most one
// part is strictly between its bounds, and only if the sum is limited.
func (s *spread) byTable(ix index, items []span, terms, sum float64, width int, free bool) float64 {
	none := math.Inf(-1)
	full, one := make([]float64, width+1), make([]float64, width+1)
	for i := range full {
		full[i], one[i] = none, none
	}
	full[0], one[0] = terms, terms
	for _, b := range items {
		w := int(b.hi - b.lo)
		low := ix.term(b.lo)
		gain := make([]float64, w+1)
		for j := range gain {
			gain[j] = ix.term(b.lo+float64(j)) - low
		}
		for r := width; r > 0; r-- {
			if !free {
				if w <= r && one[r-w] > none {
					one[r] = max(one[r], one[r-w]+gain[w])
				}
				for j := 1; j < w && j <= r; j++ {
					one[r] = max(one[r], full[r-j]+gain[j])
				}
			}
			if w <= r {
				full[r] = max(full[r], full[r-w]+gain[w])
			}
		}
	}
	best := none
	for r := range full {
		if t := sum + float64(r); t >= s.total.lo && t <= s.total.hi {
			if v := max(full[r], one[r]); v > none {
				best = max(best, ix.value(v, t))
			}
		}
	}
	return best
}

// byCorners tries every vertex.
func (s *spread) byCorners(ix index, items []span, terms, sum float64) float64 {
	best := math.Inf(-1)
	for mask := range 1 << len(items) {
		q, t := terms, sum
		for i, b := range items {
			if mask>>i&1 == 1 {
				q += ix.term(b.hi) - ix.term(b.lo)
				t += b.hi - b.lo
			}
		}
		if t >= s.total.lo && t <= s.total.hi {
			best = max(best, ix.value(q, t))
		}
		for i, b := range items {
			if mask>>i&1 == 1 {
				continue
			}
			for _, end := range [...]float64{s.total.lo, s.total.hi} {
				if part := b.lo + end - t; part > b.lo && part < b.hi {
					best = max(best, ix.value(q+ix.term(part)-ix.term(b.lo), end))
				}
			}
		}
	}
	return best
}

// byChords takes the terms as straight between the bounds, where they are
// larger.
func (s *spread) byChords(ix index, items []span, terms, sum float64) float64 {
	slope := func(b span) float64 { return (ix.term(b.hi) - ix.term(b.lo)) / (b.hi - b.lo) }
	slices.SortFunc(items, func(a, b span) int { return cmp.Compare(slope(b), slope(a)) })
	best := math.Inf(-1)
	look := func(q, t, k, at float64) {
		if at >= s.total.lo && at <= s.total.hi {
			best = max(best, ix.value(q+k*(at-t), at))
		}
	}
	for _, b := range items {
		k, w := slope(b), b.hi-b.lo
		for _, at := range [...]float64{sum, sum + w, s.total.lo, s.total.hi, ix.turn(terms, sum, k)} {
			if at >= sum && at <= sum+w {
				look(terms, sum, k, at)
			}
		}
		terms += k * w
		sum += w
	}
	return best
}
