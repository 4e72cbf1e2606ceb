// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"errors"
	"math"
	"strings"

	"github.com/oncoref/oncoref/internal/transport"
	"github.com/oncoref/oncoref/referral"
)

// Conflict is a smallest set of cells and published totals that contradict each
// other: without any one of them there is a table that agrees with the others.
// Its zero value is no conflict.
type Conflict struct {
	Cells        []referral.Flow // cells, with the bounds that are in conflict
	Origins      []string        // whose totals
	Destinations []string        // whose totals
	All          bool            // the total of the table
}

// String lists the conflict in one line.
func (c Conflict) String() string {
	var parts []string
	for _, f := range c.Cells {
		parts = append(parts, "cell "+f.Origin+" > "+f.Destination+" "+f.Cell.String())
	}
	for _, o := range c.Origins {
		parts = append(parts, "total of origin "+o)
	}
	for _, d := range c.Destinations {
		parts = append(parts, "total of destination "+d)
	}
	if c.All {
		parts = append(parts, "total of the table")
	}
	return strings.Join(parts, ", ")
}

// FindConflict looks for a contradiction between the cells and the published
// totals of a table, and reports whether there is one. It is irreducible, not
// always the smallest of all. Pairs that are not listed are zero, or unknown,
// as [referral.Table.Absent] says; where they are zero they need no mention to
// be part of a conflict.
//
// The counts are taken to be whole; a table of divided patients has no
// conflict that is found here.
//
// Time that of a maximum flow for each bound in a cut, memory O(cells).
//
// Reference: Hoffman 1960 for the cut, Chinneck and Dravnieks 1991,
// doi:10.1287/ijoc.3.2.157, for the filter.
func FindConflict(t *referral.Table) (Conflict, bool) {
	m := rawModel(t)
	_, err := m.polytopeOf()
	var e *transport.InfeasibleError
	if !errors.As(err, &e) {
		return Conflict{}, false
	}
	c := Conflict{All: e.Total}
	for _, k := range e.Cells {
		c.Cells = append(c.Cells, referral.Flow{
			Origin: m.rows[m.at[k]].name, Destination: m.cols[m.cell[k].col].name, Cell: m.cell[k].cell(),
		})
	}
	for _, r := range e.Rows {
		c.Origins = append(c.Origins, m.rows[r].name)
	}
	for _, d := range e.Cols {
		c.Destinations = append(c.Destinations, m.cols[d].name)
	}
	return c, true
}

// problem gives the cells and totals as a transportation problem. The counts
// must be whole.
func (m *model) problem() transport.Problem {
	p := transport.Problem{Total: m.all.counts(), Cells: make([]transport.Cell, len(m.cell))}
	for _, s := range m.row {
		p.Rows = append(p.Rows, s.counts())
	}
	for _, s := range m.col {
		p.Cols = append(p.Cols, s.counts())
	}
	for k, c := range m.cell {
		p.Cells[k] = transport.Cell{Row: m.at[k], Col: c.col, Range: c.counts()}
	}
	return p
}

// counts gives the whole counts of a span.
func (s span) counts() transport.Range {
	r := transport.Range{Lo: int64(s.lo), Hi: transport.Open}
	if !math.IsInf(s.hi, 1) {
		r.Hi = int64(s.hi)
	}
	return r
}

func spanOf(r transport.Range) span {
	if r.Hi == transport.Open {
		return span{float64(r.Lo), math.Inf(1)}
	}
	return span{float64(r.Lo), float64(r.Hi)}
}

// errDivided says that counts are not whole.
var errDivided = errors.New("patients are divided: completions in whole counts need a rule that does not")

func (m *model) polytopeOf() (*transport.Polytope, error) {
	if !m.whole {
		return nil, errDivided
	}
	return transport.New(m.problem())
}

// refusal makes a result of an error of the polytope; an error that is none is
// returned.
func refusal(err error) (referral.Result, error) {
	var e *transport.InfeasibleError
	switch {
	case errors.As(err, &e):
		return referral.InfeasibleResult(referral.ReasonTotals), nil
	case errors.Is(err, errDivided):
		return referral.UndefinedResult(ReasonDivided), nil
	}
	return referral.Result{}, err
}

// ReasonDivided is the reason of a result that would need whole counts in a
// table that divides patients.
const ReasonDivided = "divided_patients"

// FrechetBounds returns, for each origin and each destination, what the totals
// alone say about the cell:
//
//	max(0, O_i + D_j - T) ≤ F_ij ≤ min(O_i, D_j)
//
// with O_i, D_j and T the sums of the row, the column and the table, published
// or made of the cells; a sum that is not known exactly counts with its bounds.
// What the table says of the cell itself, and of the others, is not used:
// compare [MarginBounds]. The bounds are attained if the totals are exact.
//
// The result has every pair of an origin and a destination of the table in
// that order, in the unit of the table; +Inf where no total limits the cell. If
// the totals contradict each other it is infeasible (contradicting_totals).
//
// Time and memory O(origins × destinations).
//
// Reference: Fréchet 1951, Annales de l'Université de Lyon A 14:53-77.
func FrechetBounds(t *referral.Table) []referral.Paired {
	m := rawModel(t)
	row, col := make([]span, len(m.rows)), make([]span, len(m.cols))
	var all span
	for k, c := range m.cell {
		row[m.at[k]] = row[m.at[k]].add(c.span)
		col[c.col] = col[c.col].add(c.span)
		all = all.add(c.span)
	}
	var rows, cols span
	for r := range row {
		row[r] = row[r].and(m.row[r])
		rows = rows.add(row[r])
	}
	for j := range col {
		col[j] = col[j].and(m.col[j])
		cols = cols.add(col[j])
	}
	all = all.and(m.all).and(rows).and(cols)
	bad := all.lo > all.hi
	for _, s := range row {
		bad = bad || s.lo > s.hi
	}
	for _, s := range col {
		bad = bad || s.lo > s.hi
	}
	out := make([]referral.Paired, 0, len(m.rows)*len(m.cols))
	for r, s := range row {
		for j, d := range col {
			p := referral.Paired{Origin: m.rows[r].name, Destination: m.cols[j].name, Result: referral.InfeasibleResult(referral.ReasonTotals)}
			if !bad {
				lo := 0.0
				if !math.IsInf(all.hi, 1) {
					lo = max(0, s.lo+d.lo-all.hi)
				}
				p.Result = m.bounded(lo, min(s.hi, d.hi), false)
			}
			out = append(out, p)
		}
	}
	return out
}

// MarginBounds returns for each listed pair the tightest bounds of its count
// that follow from all cells and all published totals together:
//
//	min and max F_ij over the tables of whole counts that agree with them
//
// Presence is the lower bound 1, so that of a presence-only table with totals
// this is what presence and margins say. If unlisted pairs are unknown they are
// among the pairs. Both bounds are attained; an upper bound that does not exist
// is +Inf.
//
// The result has one entry for each pair by origin and destination, in the
// unit of the table. A suppressed cell of which only one count is left is
// disclosed, its bounds that count; if no table agrees all are infeasible
// (contradicting_totals), and [FindConflict] says why; if patients are divided all are
// undefined (divided_patients). With 0 workers all cores work; the result does
// not depend on the number.
//
// The error is that of ctx, or says that the counts are too large to add up.
// Time that of two maximum flows for each cell that is not exact, memory
// O(cells) for each worker.
//
// Reference: Dobra and Fienberg 2000, doi:10.1073/pnas.97.22.11885; the bounds
// are those of the linear program, which are whole.
func MarginBounds(ctx context.Context, t *referral.Table, workers int) ([]referral.Paired, error) {
	m := rawModel(t)
	bounds := make([]transport.Range, len(m.cell))
	p, err := m.polytopeOf()
	var all referral.Result
	if err == nil {
		bounds, err = p.Bounds(ctx, workers)
	}
	if err != nil {
		if all, err = refusal(err); err != nil {
			return nil, err
		}
	}
	out := make([]referral.Paired, len(m.cell))
	for k, c := range m.cell {
		out[k] = referral.Paired{Origin: m.rows[m.at[k]].name, Destination: m.cols[c.col].name, Result: all}
		if all.Status != referral.OK {
			continue
		}
		s := spanOf(bounds[k])
		out[k].Result = m.bounded(s.lo, s.hi, false)
		switch {
		case s.known() && c.state == referral.Interval:
			out[k].Result = referral.Result{Value: math.NaN(), Lo: s.lo, Hi: s.hi, Status: referral.Disclosed, Reason: referral.ReasonRecovered}
		case s.known():
			out[k].N = count(s.lo)
		}
	}
	return out, nil
}
