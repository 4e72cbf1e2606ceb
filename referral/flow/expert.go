// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Decomposition divides all patients by how far they went.
type Decomposition struct {
	SameClass  referral.Share // treated where they came from, as in the same hospital
	SameGroup  referral.Share // treated in another class of the group, as in the same network
	OtherGroup referral.Share // treated in another group: the supra-regional share
}

// Decompose returns which share of the patients of a table of hospitals stayed
// in the hospital, left it for another of the same network, and left the
// network; the networks are the groups of a partition. The three sum to 1. All are
// undefined for a table without patients (zero_denominator).
//
// It returns a [*referral.ClassError] for classes that the partition does not put
// into exactly one group, and for set-valued ones.
//
// Time O(cells), memory O(classes).
func Decompose(t *referral.Table, p *network.Partition) (Decomposition, error) {
	g, err := newGrouped(t, p)
	if err != nil {
		return Decomposition{}, err
	}
	return Decomposition{
		SameClass:  g.pooled(g.kept, g.care),
		SameGroup:  g.pooled(func(k int) bool { return g.cross(k) && g.inside(k) }, g.care),
		OtherGroup: g.pooled(func(k int) bool { return g.cross(k) && !g.inside(k) }, g.care),
	}, nil
}

// chosen is which columns are among some classes: surely, and possibly, as a set
// of which a member is.
type chosen struct{ sure, maybe []bool }

// choose finds classes. It returns a [*referral.ClassError] for labels that are
// not single classes of the table.
func (m *model) choose(labels []string) (chosen, error) {
	c := chosen{make([]bool, len(m.cols)), make([]bool, len(m.cols))}
	in := make([]bool, len(m.classes))
	var unknown []string
	for _, l := range labels {
		if j, ok := slices.BinarySearch(m.classes, l); ok {
			in[j] = true
		} else {
			unknown = append(unknown, l)
		}
	}
	if unknown != nil {
		slices.Sort(unknown)
		return c, &referral.ClassError{Want: "a single class of the table", Labels: slices.Compact(unknown)}
	}
	for j, l := range m.cols {
		n := 0
		for _, i := range l.members {
			if in[i] {
				n++
			}
		}
		c.sure[j], c.maybe[j] = n > 0 && n == len(l.members), n > 0
	}
	return c, nil
}

// either makes a share from the bounds of two: with the cells that surely count,
// and with those that may.
func either(sure, maybe referral.Share) referral.Share {
	if sure.Status != referral.OK && sure.Status != referral.Bounded {
		return sure
	}
	out := sure
	out.Part = referral.Between(sure.Part.Lo, maybe.Part.Hi)
	out.Result = referral.BoundedResult(sure.Lo, maybe.Hi, referral.ReasonSetValued)
	if sure.Status == referral.Bounded || out.Status == referral.OK {
		out.Reason = sure.Reason
	}
	if sure.Reason == referral.ReasonZeroPossible {
		out.Value, out.Status = sure.Value, referral.Bounded
	}
	out.N = sure.N
	return out
}

// ExpertDirected returns which share of the patients who leave each origin go to
// an expert class, such as a network with an expert center:
//
//	Σ_{j ∈ experts} X_ij / out_i
//
// Its complement is leakage to other classes. Patients who stay do not count.
// There is one result for each origin, in the order of the table, undefined for
// one that nobody leaves (zero_row). A set-valued destination counts if all its
// members are experts, and possibly if one is. Treatment in a network with an
// expert center can still be in another hospital of it.
//
// It returns a [*referral.ClassError] for experts that are not single classes of
// the table.
//
// Time O(cells), memory O(classes).
func ExpertDirected(t *referral.Table, experts []string) ([]referral.Share, error) {
	m := newModel(t)
	c, err := m.choose(experts)
	if err != nil {
		return nil, err
	}
	out := m.byOrigin(m.to(c.sure), m.cross)
	if m.sets {
		for i, s := range m.byOrigin(m.to(c.maybe), m.cross) {
			out[i] = either(out[i], s)
		}
	}
	return out, nil
}

// to selects the cells of patients who leave for some columns.
func (m *model) to(cols []bool) func(k int) bool {
	return func(k int) bool { return m.cross(k) && cols[m.cell[k].col] }
}

// PooledExpertDirected returns the share of all patients who leave their class
// that go to an expert class. The rest is as in [ExpertDirected]; it is undefined if
// nobody leaves (zero_denominator).
func PooledExpertDirected(t *referral.Table, experts []string) (referral.Share, error) {
	m := newModel(t)
	c, err := m.choose(experts)
	if err != nil {
		return referral.Share{}, err
	}
	out := m.pooled(m.to(c.sure), m.cross)
	if m.sets {
		out = either(out, m.pooled(m.to(c.maybe), m.cross))
	}
	return out, nil
}

// RetainedByOthers returns the share of all patients who are treated in their own
// class although it is not an expert class, Σ_{i ∉ experts} F_ii / T. The rest is as
// in [PooledExpertDirected]; a set-valued origin counts if none of its members is an
// expert.
func RetainedByOthers(t *referral.Table, experts []string) (referral.Share, error) {
	m := newModel(t)
	if _, err := m.choose(experts); err != nil {
		return referral.Share{}, err
	}
	stays := func(k int) bool {
		return m.kept(k) && !slices.ContainsFunc(m.rows[m.at[k]].members, func(i int) bool {
			return slices.Contains(experts, m.classes[i])
		})
	}
	return m.pooled(stays, m.care), nil
}
