// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// narrowed gives the cells of a table with published totals as far as the
// totals tell, each cell on its own; nil for a table without them. It returns
// an [*InputError] if no counts agree with the totals, and if they give a
// suppressed count away, which must not come out by another way.
func narrowed(t *referral.Table) (map[[2]string]referral.Cell, error) {
	totals := t.Totals()
	if len(totals.Origins) == 0 && len(totals.Destinations) == 0 && !totals.HasAll {
		return nil, nil
	}
	cells := map[[2]string]referral.Cell{}
	for _, c := range flow.Cells(t) {
		if c.Status == referral.Infeasible {
			conflict, _ := flow.FindConflict(t)
			return nil, &InputError{Field: "totals", Value: "(" + conflict.String() + ")", Want: "totals that agree with the cells"}
		}
		if c.Status == referral.Disclosed {
			return nil, &InputError{
				Field: "totals", Value: "that give away the flow from " + c.Origin + " to " + c.Destination,
				Want: "totals that keep suppressed counts hidden, or no totals (referral.Table.WithoutTotals)",
			}
		}
		if c.Status == referral.OK || c.Status == referral.Bounded {
			cells[[2]string{c.Origin, c.Destination}] = referral.Between(c.Lo, c.Hi)
		}
	}
	return cells, nil
}

// narrow gives what is known about a flow whose own cell is given.
func narrow(cells map[[2]string]referral.Cell, origin, destination string, own referral.Cell) referral.Cell {
	if c, ok := cells[[2]string{origin, destination}]; ok && !own.Known() {
		return c
	}
	return own
}
