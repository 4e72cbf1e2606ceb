// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/internal/transport"
	"github.com/oncoref/oncoref/referral"
)

// SupraRegionalBounds returns the share of the patients of care classes who
// were treated in another class, as [SupraRegional] does, with the tightest
// bounds that follow from all cells and published totals together. Both are
// attained by tables of whole counts.
//
// It differs from SupraRegional where totals of origins and of destinations are
// published: then the cells of different rows depend on each other, which only
// a linear program over the whole table takes into account.
//
// The result is as for [MarginShare].
func SupraRegionalBounds(ctx context.Context, t *referral.Table) (referral.Share, error) {
	care := func(f referral.Flow) bool { return !referral.Beside(f.Origin) && !referral.Beside(f.Destination) }
	return MarginShare(ctx, t, func(f referral.Flow) bool { return care(f) && !f.Retained() }, care)
}

// MarginShare returns the share that the flows for which part holds have in
// those for which whole holds, with the tightest bounds that follow from all
// cells and published totals together:
//
//	min and max Σ_{part} F / Σ_{whole} F over the tables of whole counts that agree with them
//
// A flow counts in part only if whole holds for it too. The flows are asked
// about with their labels and cell, unlisted pairs among them if they are
// unknown. A bound that is only approached, as the count of a present cell grows
// without limit, counts as attained.
//
// The share lies between 0 and 1. It is undefined (zero_denominator) if the
// whole is zero in all tables, and left out of the bounds where it is zero in
// some; infeasible (contradicting_totals) if no table agrees; disclosed if the totals give a
// suppressed cell away; undefined (divided_patients) if patients are divided.
// Part and Whole have the bounds of each alone.
//
// The error is that of ctx, or says that the counts are too large to add up.
// Time that of some minimum-cost flows, see [MarginSum].
//
// Reference: Dinkelbach 1967, doi:10.1287/mnsc.13.7.492, for a whole that is
// not exact.
func MarginShare(ctx context.Context, t *referral.Table, part, whole func(referral.Flow) bool) (referral.Share, error) {
	var s referral.Share
	m, p, err := solvable(t, &s.Result)
	if p == nil {
		return s, err
	}
	r := ratio{ctx: ctx, polytope: p, cost: make([]float64, len(m.cell)), kind: make([]int8, len(m.cell))}
	for k := range m.cell {
		f := m.flowAt(t, k)
		switch {
		case whole(f) && part(f):
			r.kind[k] = inPart
		case whole(f):
			r.kind[k] = inRest
		}
	}
	in, err := r.sum(1, 0)
	if err != nil {
		return s, err
	}
	all, err := r.sum(1, 1)
	if err != nil {
		return s, err
	}
	s.Part, s.Whole = in.cell(), all.cell()
	if all.hi == 0 {
		s.Result = referral.UndefinedResult(referral.ReasonZeroDenominator)
		return s, nil
	}
	lo, err := r.least(inPart)
	if err != nil {
		return s, err
	}
	rest, err := r.least(inRest)
	if err != nil {
		return s, err
	}
	s.Result = m.bounded(lo, 1-rest, all.lo == 0)
	if all.known() && in.known() {
		s.Result = referral.ExactResult(in.lo / all.lo)
	}
	if s.Whole.Known() {
		s.N = count(s.Whole.Lo)
	}
	return s, nil
}

// MarginSum returns the weighted sum of the flows with the tightest bounds that
// follow from all cells and published totals together:
//
//	min and max Σ weight(f) F over the tables of whole counts that agree with them
//
// The weight is asked for each flow, with its labels and cell, and must be a
// finite number: kilometers give the travel burden. A bound that does not exist
// is infinite. The result is infeasible, disclosed or undefined as for
// [MarginShare].
//
// The error is that of ctx, names a weight that is not finite, or says that the
// counts are too large to add up. Time that of two minimum-cost flows: O(a m log
// n) with m cells, n classes and a augmentations, in practice a few times n.
func MarginSum(ctx context.Context, t *referral.Table, weight func(referral.Flow) float64) (referral.Result, error) {
	var out referral.Result
	m, p, err := solvable(t, &out)
	if p == nil {
		return out, err
	}
	cost := make([]float64, len(m.cell))
	for k := range m.cell {
		f := m.flowAt(t, k)
		if cost[k] = weight(f); math.IsNaN(cost[k]) || math.IsInf(cost[k], 0) {
			return out, fmt.Errorf("flow: weight %v of the flow from %q to %q: want a finite number", cost[k], f.Origin, f.Destination)
		}
	}
	lo, hi, err := p.Linear(ctx, cost)
	if err != nil {
		return out, err
	}
	return m.bounded(lo, hi, false), nil
}

// solvable gives the model of a table and its polytope; no polytope if the
// result says why, or with an error.
func solvable(t *referral.Table, out *referral.Result) (*model, *transport.Polytope, error) {
	m := newModel(t)
	if m.err != nil {
		*out = *m.err
		return m, nil, nil
	}
	p, err := m.polytopeOf()
	if err != nil {
		*out, err = refusal(err)
		return m, nil, err
	}
	return m, p, nil
}

// flowAt gives the flow of a cell with what the table says of it.
func (m *model) flowAt(t *referral.Table, k int) referral.Flow {
	from, to := m.rows[m.at[k]].name, m.cols[m.cell[k].col].name
	return referral.Flow{
		Origin: from, Destination: to, Origins: t.Members(from), Members: t.Members(to), Cell: m.cell[k].cell(),
	}
}

// Parts of a ratio.
const (
	inPart int8 = iota + 1
	inRest
)

// ratio finds the extremes of a share over a polytope.
type ratio struct {
	ctx      context.Context
	polytope *transport.Polytope
	kind     []int8 // by cell: inPart, inRest, or 0 for neither
	cost     []float64
}

// sum gives the bounds of a weighted sum of part and rest.
func (r *ratio) sum(part, rest float64) (span, error) {
	r.price(inPart, part, rest)
	lo, hi, err := r.polytope.Linear(r.ctx, r.cost)
	return span{lo, hi}, err
}

// price gives the cells of one kind, and those of the other, a cost.
func (r *ratio) price(kind int8, its, others float64) {
	for k, x := range r.kind {
		switch x {
		case 0:
			r.cost[k] = 0
		case kind:
			r.cost[k] = its
		default:
			r.cost[k] = others
		}
	}
}

// least gives the smallest share of the cells of one kind.
func (r *ratio) least(kind int8) (float64, error) {
	share := 1.0
	for {
		r.price(kind, 1-share, -share)
		value, cells, err := r.polytope.Minimize(r.ctx, r.cost)
		if err != nil {
			return 0, err
		}
		if math.IsInf(value, -1) {
			return 0, nil // the others grow without limit
		}
		var its, all float64
		for k, x := range cells {
			if r.kind[k] != 0 {
				all += float64(x)
			}
			if r.kind[k] == kind {
				its += float64(x)
			}
		}
		if all == 0 || its/all >= share {
			return share, nil
		}
		share = its / all
	}
}
