// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"fmt"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// EIOut returns the external-internal index of what each origin sends:
//
//	EI_i = (out_i - F_ii) / (out_i + F_ii) = 1 - 2 r_i
//
// It lies in [-1, 1], -1 if all are retained, and is [Retention] on another
// scale. There is one result for each origin, in the order of the table,
// undefined for one without patients (zero_row). [EITotal] counts what a class
// receives too; [EIBetween] is the original index, of ties between different
// actors in groups.
//
// Reference: Krackhardt and Stern 1988, doi:10.2307/2786835, with flows in place
// of ties and the class as the group.
func EIOut(t *referral.Table) []referral.Scoped {
	shares := Retention(t)
	out := make([]referral.Scoped, len(shares))
	for i, s := range shares {
		out[i] = referral.Scoped{Scope: s.Origin, Result: external(s.Result)}
	}
	return out
}

// EISystem returns the external-internal index of the whole table, (W - Σ F_ii) /
// (W + Σ F_ii): that of [EIOut] with all patients together. It is undefined for a
// table without patients (zero_denominator).
func EISystem(t *referral.Table) referral.Result { return external(PooledRetention(t).Result) }

// external makes the index of the share of the internal.
func external(r referral.Result) referral.Result {
	r.Value, r.Lo, r.Hi = 1-2*r.Value, 1-2*r.Hi, 1-2*r.Lo
	return r
}

// EITotal returns the external-internal index of what each class sends and
// receives:
//
//	EI_i = (out_i + in_i - F_ii) / (out_i + in_i + F_ii)
//
// It lies in [-1, 1]. There is one result for each single class, in the order of
// the table, undefined for one without patients on either side
// (zero_denominator) and for one without a row (no_row).
//
// Reference: as for [EIOut].
func EITotal(t *referral.Table) []referral.Scoped {
	return perClass(t, func(m *model, x exchange) referral.Result {
		if x.kept.hi+x.in.hi+x.out.hi <= 0 {
			return referral.UndefinedResult(referral.ReasonZeroDenominator)
		}
		possible := x.kept.lo <= 0 && max(x.in.lo, x.here.lo) <= 0 && max(x.out.lo, x.from.lo) <= 0
		// The index falls with what is kept, also through the sums, which then
		// leave less for the rest.
		in, out := x.at(x.kept.lo)
		hi := portion(in.hi+out.hi, x.kept.lo)
		if x.kept.lo+in.hi+out.hi <= 0 {
			hi = 0 // the smallest count is one that is kept
		}
		in, out = x.at(x.kept.hi)
		lo := portion(in.lo+out.lo, x.kept.hi)
		if x.kept.hi+in.lo+out.lo <= 0 {
			lo = 1
		}
		return m.bounded(2*lo-1, 2*hi-1, possible)
	})
}

// grouped is a table of which the classes have one group each.
type grouped struct {
	*model
	of    []int // by class
	names []string
}

// newGrouped places the classes of a table in groups. It returns a
// [*referral.ClassError] for classes that the partition does not assign, and for
// those that it puts into several groups or that are set-valued.
func newGrouped(t *referral.Table, p *network.Partition) (*grouped, error) {
	g := &grouped{model: newModel(t), names: p.Groups()}
	place := map[string]int{}
	for i, n := range g.names {
		place[n] = i
	}
	var missing, several []string
	for _, c := range g.classes {
		shares, ok := p.Of(c)
		switch {
		case !ok || len(shares) == 0:
			missing = append(missing, c)
		case len(shares) > 1:
			several = append(several, c)
		default:
			g.of = append(g.of, place[shares[0].Group])
		}
	}
	for _, l := range append(g.rows, g.cols...) {
		if len(l.members) > 1 {
			several = append(several, l.name)
		}
	}
	switch {
	case missing != nil:
		return nil, &referral.ClassError{Want: "assigned to a group of the partition", Labels: missing}
	case several != nil:
		return nil, fmt.Errorf("flow: decide double membership first: %w",
			&referral.ClassError{Want: "in one group of the partition " + p.Name(), Labels: several})
	}
	return g, nil
}

// inside reports whether a cell stays in a group.
func (g *grouped) inside(k int) bool {
	return g.of[g.rows[g.at[k]].class] == g.of[g.cols[g.cell[k].col].class]
}

// EIBetween returns the external-internal index of Krackhardt and Stern: of the
// flow between different classes, such as hospitals, how much leaves the group,
// such as the network:
//
//	EI = (E - I) / (E + I), E = Σ_{g(i)≠g(j)} F_ij, I = Σ_{i≠j, g(i)=g(j)} F_ij
//
// Retained patients do not count. It lies in [-1, 1] and is undefined if no flow
// joins different classes (zero_denominator). A group of one class has no ties
// inside: compare with [EIExpected].
//
// It returns a [*referral.ClassError] for classes that the partition does not put
// into exactly one group.
//
// Reference: Krackhardt and Stern 1988, doi:10.2307/2786835, with flows in place
// of ties.
func EIBetween(t *referral.Table, p *network.Partition) (referral.Result, error) {
	g, err := newGrouped(t, p)
	if err != nil {
		return referral.Result{}, err
	}
	s := g.pooled(func(k int) bool { return g.cross(k) && g.inside(k) }, g.cross)
	return external(s.Result), nil
}

// EIBetweenOut returns the index of [EIBetween] for what each group sends: one
// result for each group of the partition, in its order, undefined for a group
// whose classes send nobody to another class (zero_denominator).
func EIBetweenOut(t *referral.Table, p *network.Partition) ([]referral.Scoped, error) {
	g, err := newGrouped(t, p)
	if err != nil {
		return nil, err
	}
	out := make([]referral.Scoped, len(g.names))
	rows := make([][]int, len(g.names))
	for _, r := range g.careRows() {
		i := g.of[g.rows[r].class]
		rows[i] = append(rows[i], r)
	}
	for i, name := range g.names {
		blocks := g.byRow(rows[i], func(k int) bool { return g.cross(k) && g.inside(k) }, g.cross)
		var all tally
		for _, b := range blocks {
			all.add(b.normal().sum)
		}
		out[i] = referral.Scoped{Scope: name, Result: external(g.share(name, "", blocks, all.span(), referral.ReasonZeroDenominator).Result)}
	}
	return out, nil
}

// EIExpected returns the index of [EIBetween] if patients took every pair of
// different classes alike:
//
//	EI* = (E* - I*) / (E* + I*)
//
// with E* and I* the numbers of ordered pairs of classes between groups and in
// one group. It is undefined for less than two classes (zero_denominator). The
// errors are as in EIBetween.
func EIExpected(t *referral.Table, p *network.Partition) (referral.Result, error) {
	g, err := newGrouped(t, p)
	if err != nil {
		return referral.Result{}, err
	}
	n := len(g.classes)
	if n < 2 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator), nil
	}
	size := make([]int, len(g.names))
	for _, i := range g.of {
		size[i]++
	}
	inside := 0
	for _, s := range size {
		inside += s * (s - 1)
	}
	return referral.ExactResult(1 - 2*float64(inside)/float64(n*(n-1))), nil
}
