// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"cmp"
	"slices"
)

// decision is what a search has decided about a candidate.
type decision int8

const (
	undecided decision = iota
	taken
	dropped
)

// decisions are those about all candidates.
type decisions []decision

// given is what a problem decides.
func (in *instance) given() decisions {
	out := make(decisions, len(in.candidates))
	for j, c := range in.candidates {
		switch c.Choice {
		case Fixed:
			out[j] = taken
		case Forbidden:
			out[j] = dropped
		case Free:
		}
	}
	return out
}

// count counts the candidates that are taken and those that are undecided.
func (d decisions) count() (chosen, free int) {
	for _, x := range d {
		switch x {
		case taken:
			chosen++
		case undecided:
			free++
		case dropped:
		}
	}
	return chosen, free
}

// with is a copy with one more decision.
func (d decisions) with(j int, x decision) decisions {
	out := slices.Clone(d)
	out[j] = x
	return out
}

// last gives the one set of a size that is left.
func (d decisions) last(size int) []int {
	chosen, _ := d.count()
	var set []int
	for j, x := range d {
		if x == taken || x == undecided && chosen < size {
			set = append(set, j)
		}
	}
	return set
}

// byGain sorts candidates by what they add to a bound, the least first, equals
// by place.
func byGain(order []int, gain []float64) {
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(gain[a], gain[b]), cmp.Compare(a, b)) })
}

// decide drops the candidates with which a bound prunes and takes those without
// which it does. The bound has the first q of the candidates in order, which is
// by gain. It reports whether anything was decided.
func (d decisions) decide(order []int, gain []float64, bound float64, q int, prunes func(bound float64) bool) bool {
	changed := false
	for _, j := range order[q:] {
		if prunes(bound + gain[j] - gain[order[q-1]]) {
			d[j], changed = dropped, true
		}
	}
	if q < len(order) {
		for _, j := range order[:q] {
			if prunes(bound - gain[j] + gain[order[q]]) {
				d[j], changed = taken, true
			}
		}
	}
	return changed
}
