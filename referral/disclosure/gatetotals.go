// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"math"

	"github.com/oncoref/oncoref/referral"
)

// gateTotals gives a gated table with those of the totals of the table before
// that reveal nothing.
func gateTotals(gated, before *referral.Table, c Config) (*referral.Table, error) {
	x := before.Totals()
	if len(x.Origins)+len(x.Destinations) == 0 && !x.HasAll {
		return gated, nil
	}
	have := len(x.Origins) + len(x.Destinations)
	keep := func(t referral.Cell) bool { return c.gated(before.Meta(), t) == t }
	known, slices := true, map[sliceKey]bool{}
	for f := range gated.Slices() {
		known = known && f.Cell.Known()
		slices[sliceOf(f)] = true
	}
	known = known && gated.Absent().Known()
	if len(slices) > 1 || divided(gated.Meta()) {
		if known && gated == before && small(x, keep) == 0 {
			return before, nil
		}
		return gated.WithoutTotals(), nil
	}
	hadAll := x.HasAll
	for o, t := range x.Origins {
		if !keep(t) {
			delete(x.Origins, o)
		}
	}
	for d, t := range x.Destinations {
		if !keep(t) {
			delete(x.Destinations, d)
		}
	}
	x.HasAll = x.HasAll && keep(x.All)
	// Which totals stay must not depend on what was hidden: else a reader who
	// knows this rule learns from it which counts agree with the choice.
	for f := range gated.Flows() {
		if before.Cell(f.Origin, f.Destination) != f.Cell {
			delete(x.Origins, f.Origin)
			delete(x.Destinations, f.Destination)
			x.HasAll = false
		}
	}
	for {
		out, err := gated.WithTotals(x)
		if err != nil {
			return nil, err
		}
		narrowed, err := narrowed(out, c)
		if err != nil {
			return nil, err
		}
		if len(narrowed) == 0 {
			if gated == before && hadAll == x.HasAll && have == len(x.Origins)+len(x.Destinations) {
				return before, nil
			}
			return out, nil
		}
		left := len(x.Origins) + len(x.Destinations)
		for _, e := range narrowed {
			delete(x.Origins, e.Row)
			delete(x.Destinations, e.Column)
		}
		switch {
		case left > len(x.Origins)+len(x.Destinations):
		case x.HasAll:
			x.HasAll = false
		default:
			return gated.WithoutTotals(), nil
		}
	}
}

// small counts the totals that are not to be kept.
func small(x referral.Totals, keep func(referral.Cell) bool) int {
	n := 0
	for _, m := range [...]map[string]referral.Cell{x.Origins, x.Destinations} {
		for _, t := range m {
			if !keep(t) {
				n++
			}
		}
	}
	if x.HasAll && !keep(x.All) {
		n++
	}
	return n
}

// narrowed gives the cells of which the totals say more than their own range,
// and that they are below the threshold.
func narrowed(t *referral.Table, c Config) ([]Entry, error) {
	var r Release
	if err := r.Publish("table", t, nil); err != nil {
		return nil, err
	}
	c.KnownPresent = false
	s := r.system(c)
	found := make([]Finding, len(r.refs))
	problem, ok := s.transport()
	if !ok {
		return nil, releaseError("the totals of a sliced table")
	}
	if err := s.flows(context.Background(), problem, found); err != nil {
		return nil, err
	}
	var out []Entry
	for i, f := range found {
		if !r.asked[i] || f.Lo == r.lo[i] && f.Hi == r.hi[i] {
			continue
		}
		if f.Hi > 0 && f.Hi < float64(c.Threshold) && (f.Lo > 1 || f.Hi < math.Max(1, float64(c.Threshold-1)) || r.hi[i] < float64(c.Threshold)) {
			out = append(out, Entry{r.refs[i].Origin, r.refs[i].Destination})
		}
	}
	return out, nil
}
