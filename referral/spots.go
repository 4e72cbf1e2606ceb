// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"slices"

	"github.com/oncoref/oncoref/network"
)

// spotWriter gives spots their classes in a table.
type spotWriter struct {
	places     *placement
	hospitals  []string
	names      []string // of groups, by spot behind the hospitals
	d          *draft
	class      map[spotEnd]int32
	unassigned []string
	anywhere   bool // what is not known is the same class as origin and as destination
}

// spotEnd is a spot as origin or as destination.
type spotEnd struct {
	spot        int32
	destination bool
}

// groups lets all groups of the partition have a row and a column.
func (w *spotWriter) groups() error {
	for _, g := range w.places.groups {
		c, err := w.d.classOf(g, nil)
		if err != nil {
			return err
		}
		w.d.origins[c], w.d.dests[c] = true, true
	}
	return nil
}

// add counts a flow.
func (w *spotWriter) add(s step, in slice, total float64) error {
	from, to, ok, err := w.ends(s)
	if err != nil || !ok {
		return err
	}
	return w.d.add(from, to, in, Count(total))
}

// ends gives the classes of a step. It is not ok if one is of a hospital that
// is not assigned.
func (w *spotWriter) ends(s step) (int32, int32, bool, error) {
	from, okFrom, err := w.find(spotEnd{s.from, false})
	if err != nil {
		return 0, 0, false, err
	}
	to, okTo, err := w.find(spotEnd{s.to, true})
	return from, to, okFrom && okTo, err
}

// addGroups counts a flow between groups of the partition.
func (w *spotWriter) addGroups(from, to string, in slice, total float64) error {
	a, err := w.d.classOf(from, nil)
	if err != nil {
		return err
	}
	b, err := w.d.classOf(to, nil)
	if err != nil {
		return err
	}
	return w.d.add(a, b, in, Count(total))
}

// sharesOf gives the groups of a hospital; a place that is not known is a group
// of its own.
func (w *spotWriter) sharesOf(hospital uint64) []network.Share {
	if hospital == spotUnknown {
		return []network.Share{{Group: DestinationUnknown, Weight: 1}}
	}
	shares := w.places.shares[hospital]
	if len(shares) == 0 {
		w.unassigned = append(w.unassigned, w.hospitals[hospital])
	}
	return shares
}

// find gives the class of a spot; it is not ok for a hospital that is not
// assigned.
func (w *spotWriter) find(e spotEnd) (int32, bool, error) {
	if c, ok := w.class[e]; ok {
		return c, c >= 0, nil
	}
	label, members := "", []string(nil)
	switch {
	case e.spot == spotUnknown && (e.destination || w.anywhere):
		label = DestinationUnknown
	case e.spot == spotUnknown:
		label = OriginUnknown
	case e.spot == spotUntreated:
		label = Untreated
	case int(e.spot) >= len(w.hospitals):
		label = w.names[int(e.spot)-len(w.hospitals)]
	default:
		members = w.places.members(uint64(e.spot))
		if len(members) == 0 {
			w.unassigned = append(w.unassigned, w.hospitals[e.spot])
			w.class[e] = -1
			return -1, false, nil
		}
	}
	if len(members) == 1 {
		label = members[0]
	}
	c, err := w.d.classOf(label, members)
	if err != nil {
		return 0, false, err
	}
	w.class[e] = c
	if e.spot > spotUnknown {
		w.d.origins[c], w.d.dests[c] = true, true
	}
	return c, true, nil
}

// table closes the table.
func (w *spotWriter) table() (*Table, error) {
	if len(w.unassigned) > 0 {
		slices.Sort(w.unassigned)
		return nil, &ClassError{Want: "assigned to a group of the partition", Labels: slices.Compact(w.unassigned)}
	}
	return w.d.table()
}
