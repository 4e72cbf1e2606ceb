// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"iter"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Gate returns the table with every count below the threshold replaced by the
// range of such counts, [1, Threshold-1] ([0, Threshold] where patients are
// divided), in each slice of a sliced table; bounds that tell that a count is
// in that range are widened to it. Of the totals it keeps those that reveal
// nothing: none that is small itself, none of a cell that is replaced, whatever
// its count, so that which totals are left says nothing about it, and none with
// which a reader could narrow a range below the threshold that the table came
// with; a sliced table, or one in which patients are divided, keeps its totals
// only if all its cells are known. What is computed from the result is computed
// from what may be published. Gate of a gated table is the same table.
//
// Only Threshold and SuppressZero of the settings matter: with the latter,
// zeros are replaced too and the range is [0, Threshold-1]. Unlisted pairs of
// a table with observed zeros then count as observed.
//
// It returns an error matching [ErrConfig] for settings that make no sense, and
// an [*InfeasibleError] if the totals contradict the cells. Time O(cells) without totals, otherwise that of one audit.
func Gate(t *referral.Table, c Config) (*referral.Table, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	changed := c.SuppressZero && t.Absent() == referral.Count(0)
	for f := range t.Slices() {
		if changed = changed || c.gated(t.Meta(), f.Cell) != f.Cell; changed {
			break
		}
	}
	if !changed {
		return gateTotals(t, t, c)
	}
	out, err := remake(t.WithoutTotals(), func(f referral.Flow) referral.Cell { return c.gated(t.Meta(), f.Cell) }, c.SuppressZero)
	if err != nil {
		return nil, err
	}
	return gateTotals(out, t, c)
}

// divided reports whether counts may be fractions.
func divided(m referral.Meta) bool {
	return m.DestinationRule == referral.Fractional || m.PartitionRule == network.Split
}

// gated gives what of a cell goes through.
func (c Config) gated(m referral.Meta, x referral.Cell) referral.Cell {
	t := float64(c.Threshold)
	lo, hi := 1.0, t-1
	if divided(m) {
		lo, hi = 0, t
	}
	if c.SuppressZero {
		lo = 0
	}
	switch {
	case x.State == referral.StructuralZero || x.Hi >= t:
		return x
	case x.Lo > 0 || c.SuppressZero:
		return referral.Between(lo, hi)
	}
	return x
}

// remake gives a table with the same classes and slices and other cells; all
// says that unlisted pairs go through change too.
func remake(t *referral.Table, change func(referral.Flow) referral.Cell, all bool) (*referral.Table, error) {
	return remakeAs(t.Meta(), t, change, all)
}

func remakeAs(m referral.Meta, t *referral.Table, change func(referral.Flow) referral.Cell, all bool) (*referral.Table, error) {
	absence := referral.AbsentZero
	if t.Absent().State == referral.Missing {
		absence = referral.AbsentUnknown
	}
	return referral.FromFlows(m, absence, func(yield func(referral.Flow) bool) {
		for f := range everyCell(t, all) {
			f.Cell = change(f)
			if !yield(f) {
				return
			}
		}
	})
}

// sliceKey says which slice of a table a flow is in.
type sliceKey struct {
	tumor, modality string
	period          network.Period
}

func sliceOf(f referral.Flow) sliceKey { return sliceKey{f.Tumor, f.Modality, f.Period} }

// everyCell gives the listed cells, and unlisted ones: all of them, or only as
// many as give every class a place.
func everyCell(t *referral.Table, all bool) iter.Seq[referral.Flow] {
	return func(yield func(referral.Flow) bool) {
		type place struct {
			origin, destination string
			slice               sliceKey
		}
		origins, destinations := t.Origins(), t.Destinations()
		listed := map[place]bool{}
		seen := map[string]bool{}
		var order []sliceKey
		have := map[sliceKey]bool{}
		for f := range t.Slices() {
			s := sliceOf(f)
			if !have[s] {
				have[s] = true
				order = append(order, s)
			}
			listed[place{f.Origin, f.Destination, s}] = true
			seen["o"+f.Origin], seen["d"+f.Destination] = true, true
			if !yield(f) {
				return
			}
		}
		if len(order) == 0 {
			order = []sliceKey{{tumor: t.Meta().Tumor, period: t.Meta().Period}}
		}
		for _, s := range order {
			for _, o := range origins {
				for _, d := range destinations {
					if listed[place{o, d, s}] || !all && seen["o"+o] && seen["d"+d] {
						continue
					}
					seen["o"+o], seen["d"+d] = true, true
					f := referral.Flow{
						Origin: o, Destination: d, Origins: t.Members(o), Members: t.Members(d),
						Tumor: s.tumor, Modality: s.modality, Period: s.period, Cell: t.Absent(),
					}
					if !yield(f) {
						return
					}
				}
			}
		}
	}
}
