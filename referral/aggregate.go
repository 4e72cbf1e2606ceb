// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"slices"

	"github.com/oncoref/oncoref/network"
)

// Aggregate returns the flows between the groups of a partition: hospitals
// become networks, or some networks one. Flow inside a group becomes retained.
// Cells of the same pair of groups add up as in [Cell.Add], within each slice:
// k Present cells make at least k, and where unlisted pairs are unknown a group
// pair that has some stays without upper bound.
//
// A class in several groups is handled by the rule of the partition:
//
//   - SetValued: as origin or destination it becomes the set of its groups
//   - Primary: it has one group
//   - Split: its patients are divided by the weights; those who stay in the
//     class stay in each group
//
// A set-valued destination becomes the set of the groups of its members, and
// a single group when all fall into it. [Untreated], [OriginUnknown] and [DestinationUnknown] stay
// what they are unless the partition names them. A group's row is the sum of
// the rows that the table has for it. Published totals add up in the same way;
// a group of which one is missing has none.
//
// It returns a [*ClassError] with all labels that the partition does not
// assign.
func (t *Table) Aggregate(p *network.Partition) (*Table, error) {
	m := t.Meta()
	m.Partition = p.Name()
	if m.PartitionRule != network.Split { // once divided, counts stay fractions
		m.PartitionRule = p.Rule()
	}
	if m.Level == LevelHospital {
		m.Level = LevelNetwork
	}
	if p.Name() == network.ProvincePartition {
		m.Level = network.ProvincePartition
	}
	return t.regroup(m, p.Rule(), p.Of)
}

// target is a class of the new table and the share of an old class in it.
type target struct {
	class  int32
	weight float64
}

// regroup maps all classes and adds up what falls together.
func (t *Table) regroup(m Meta, rule network.Rule, of func(label string) ([]network.Share, bool)) (*Table, error) {
	d := newDraft(m, t.absence())
	d.by, d.sum, d.slices = t.by, true, slices.Clone(t.slices)
	to, err := t.targets(d, rule, of)
	if err != nil {
		return nil, err
	}
	from, into := make([]int, len(d.classes)), make([]int, len(d.classes))
	for _, o := range t.origins {
		for _, g := range to[o] {
			d.origins[g.class] = true
			from[g.class]++
		}
	}
	for _, c := range t.dests {
		for _, g := range to[c] {
			d.dests[g.class] = true
			into[g.class]++
		}
	}
	for _, e := range t.cells {
		for i, o := range to[e.o] {
			if e.o == e.d {
				d.cells = append(d.cells, newEntry(o.class, to[e.d][i].class, e.s, e.cell().scale(o.weight)))
				continue
			}
			for _, c := range to[e.d] {
				d.cells = append(d.cells, newEntry(o.class, c.class, e.s, e.cell().scale(o.weight*c.weight)))
			}
		}
	}
	// An unlisted zero matters only beside a flow that cannot occur.
	if t.absent.State == Missing || slices.ContainsFunc(t.cells, func(e entry) bool { return e.state == StructuralZero }) {
		d.addUnlisted(from, into, t.absent)
	}
	t.regroupTotals(d, to, from, into)
	return d.table()
}

// targets gives for each class of t its classes in d.
func (t *Table) targets(d *draft, rule network.Rule, of func(label string) ([]network.Share, bool)) ([][]target, error) {
	shares := make([][]network.Share, len(t.classes))
	var unassigned []string
	for i, c := range t.classes {
		if c.set() {
			continue
		}
		s, ok := of(c.label)
		if !ok && Beside(c.label) {
			s, ok = []network.Share{{Group: c.label, Weight: 1}}, true
		}
		if !ok || len(s) == 0 {
			unassigned = append(unassigned, c.label)
		}
		shares[i] = s
	}
	if len(unassigned) > 0 {
		return nil, &ClassError{Want: "assigned to a group of the partition", Labels: unassigned}
	}
	to := make([][]target, len(t.classes))
	for i, c := range t.classes {
		if !c.set() && rule == network.Split {
			for _, s := range shares[i] {
				g, err := d.classOf(s.Group, nil)
				if err != nil {
					return nil, err
				}
				to[i] = append(to[i], target{g, s.Weight})
			}
			continue
		}
		var groups []string
		for _, m := range c.members {
			id, _ := t.class(m)
			for _, s := range shares[id] {
				groups = append(groups, s.Group)
			}
		}
		slices.Sort(groups)
		groups = slices.Compact(groups)
		label := ""
		if slices.Equal(groups, c.members) {
			label = c.label
		}
		g, err := d.classOf(label, groups)
		if err != nil {
			return nil, err
		}
		to[i] = []target{{g, 1}}
	}
	return to, nil
}

// addUnlisted adds the cell of unlisted pairs where only a part of the pairs was
// listed; from and into say how many origins and destinations a class was made
// of.
func (d *draft) addUnlisted(from, into []int, absent Cell) {
	type key struct {
		o, d int32
		s    uint16
	}
	listed := map[key]int{}
	for _, e := range d.cells {
		listed[key{e.o, e.d, e.s}]++
	}
	for k, n := range listed {
		if n < from[k.o]*into[k.d] {
			d.cells = append(d.cells, newEntry(k.o, k.d, k.s, absent))
		}
	}
}
