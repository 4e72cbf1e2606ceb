// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// OutDegree returns, for each origin of the table, the number of other classes
// that its patients go to:
//
//	k_out(i) = #{j ≠ i : F_ij > 0}
//
// Retained patients do not count, nor do those who went to a set-valued
// destination that contains the origin, or whose origin or destination is no
// place ([referral.Beside]). A set-valued destination counts once; in the upper
// bound only if one of its members is a destination of its own. A cell that may
// be zero, because its count is unknown or its lower bound is 0, counts in the
// upper bound only. A pair that is not listed counts as no flow: in a table
// that shows presence only this means none, or too few to be shown, and the
// degree is that of the published destinations.
//
// The result has one entry for each of [referral.Table.Origins], in that order;
// an origin whose row is zero has degree 0. The flow of a set-valued origin
// counts for its own label, and as possible for each member that has a row.
// The unit is classes.
//
// Time and memory O(cells + classes).
//
// Reference: Freeman 1979, Social Networks 1:215-239, without normalization.
func OutDegree(t *referral.Table) []referral.Scoped {
	d := newDegrees(t.Origins())
	for f := range t.Flows() {
		if !between(f) {
			continue
		}
		d.add(f.Origin, f.Destination, f.Members, f.Cell.Lo > 0, f.SetValued())
		if len(f.Origins) > 1 {
			for _, o := range f.Origins {
				d.add(o, f.Destination, f.Members, false, true)
			}
		}
	}
	return d.results()
}

// InDegree returns, for each single class of the table, the number of other
// classes that send patients to it, as [certain, possible]:
//
//	k_in(j) = #{i ≠ j : F_ij > 0}
//
// An origin that sends to a set-valued destination is a possible sender for
// each member, and a certain one only if it also sends to that member alone;
// the members of a set-valued origin are possible senders in the same way. A
// cell that may be zero counts in the upper bound only. What else counts is as
// in [OutDegree].
//
// The result has one entry for each of [referral.Table.Classes], in that order;
// a class that is never a destination has degree 0. The unit is classes.
//
// Time and memory O(cells + classes), times the size of the sets.
//
// Reference: Freeman 1979, Social Networks 1:215-239, without normalization.
func InDegree(t *referral.Table) []referral.Scoped {
	d := newDegrees(t.Classes())
	for f := range t.Flows() {
		if !between(f) {
			continue
		}
		set := f.SetValued() || len(f.Origins) > 1
		for _, j := range f.Members {
			for _, i := range f.Origins {
				d.add(j, i, []string{i}, !set && f.Cell.Lo > 0, set)
			}
		}
	}
	return d.results()
}

// between reports whether a flow may join two different classes of care.
func between(f referral.Flow) bool {
	return !f.Retained() && f.Cell.Hi > 0 &&
		!referral.Beside(f.Origin) && !referral.Beside(f.Destination)
}

// degrees collects the partners of each class.
type degrees struct {
	scopes   []string
	index    map[string]int
	partners []partners
}

type partners struct {
	known map[string]bool // partner -> whether it is certain
	sets  [][]string      // members of certain set-valued partners
	set   bool            // a set-valued class makes a difference
}

func newDegrees(labels []string) *degrees {
	d := &degrees{index: map[string]int{}}
	for _, l := range labels {
		if !referral.Beside(l) {
			d.index[l] = len(d.scopes)
			d.scopes = append(d.scopes, l)
		}
	}
	d.partners = make([]partners, len(d.scopes))
	return d
}

func (d *degrees) add(scope, partner string, members []string, certain, set bool) {
	i, ok := d.index[scope]
	if !ok {
		return
	}
	p := &d.partners[i]
	if p.known == nil {
		p.known = map[string]bool{}
	}
	p.set = p.set || set
	if certain && len(members) > 1 {
		p.sets = append(p.sets, members)
		certain = false
	}
	p.known[partner] = p.known[partner] || certain
}

// bounds counts the certain and the possible partners. Sets that share no member with a certain partner
// or with each other stand for different partners.
func (p partners) bounds() (int, int) {
	lo := 0
	taken := map[string]bool{}
	for partner, certain := range p.known {
		if certain {
			taken[partner] = true
			lo++
		}
	}
	for _, members := range p.sets {
		if !slices.ContainsFunc(members, func(m string) bool { return taken[m] }) {
			lo++
			for _, m := range members {
				taken[m] = true
			}
		}
	}
	return lo, len(p.known)
}

func (d *degrees) results() []referral.Scoped {
	out := make([]referral.Scoped, len(d.scopes))
	for i, p := range d.partners {
		lo, hi := p.bounds()
		reason := referral.ReasonUnknownCells
		if p.set {
			reason = referral.ReasonSetValued
		}
		out[i] = referral.Scoped{Scope: d.scopes[i], Result: referral.BoundedResult(float64(lo), float64(hi), reason)}
	}
	return out
}
