// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math"

	"github.com/oncoref/oncoref/referral"
)

// Cells returns the flow of every pair of classes that may have patients, as far
// as it is known when the published totals are taken into account: a cell is at
// least its total less the most that the others can be, and at most the total
// less the least. With totals of rows and of columns the bounds are the tightest
// that whole counts allow.
//
// A suppressed cell of which one count is left has the status disclosed and that
// count in both bounds; all other measures of such a table are withheld. If no
// counts agree with the totals every result is infeasible
// (contradicting_totals).
//
// There is one result for each listed pair, by origin and destination, and for
// each unlisted one if these are unknown.
//
// Time O(cells), with totals of rows and columns that of a maximum flow for each
// unknown cell.
func Cells(t *referral.Table) []referral.Paired {
	m := newModel(t)
	out := make([]referral.Paired, len(m.cell))
	for k, c := range m.cell {
		out[k] = referral.Paired{Origin: m.rows[m.at[k]].name, Destination: m.cols[c.col].name}
		switch {
		case m.err != nil && m.err.Status == referral.Infeasible:
			out[k].Result = *m.err
		default:
			out[k].Result = referral.BoundedResult(c.lo, c.hi, m.reason())
			if c.known() {
				out[k].N = count(c.lo)
			}
		}
	}
	for _, k := range m.found {
		lo := m.cell[k].lo
		out[k].Result = referral.DisclosedResult()
		out[k].Lo, out[k].Hi = lo, lo
	}
	return out
}

// exchange is what a class keeps, receives and sends; the sums of what it keeps
// with each of the other two are known too.
type exchange struct {
	kept, in, out span
	here, from    span // treated in the class, and coming from it
}

// exchanges gives the exchange of each single class; not ok for one without a
// row.
func (m *model) exchanges() ([]exchange, []bool) {
	out, ok := make([]exchange, len(m.classes)), make([]bool, len(m.classes))
	rows := m.careRows()
	blocks := m.byRow(rows, m.kept, m.care)
	row := make([]int, len(m.rows))
	for i, r := range rows {
		row[r] = i
	}
	of := m.rowOf()
	for j, c := range m.columns() {
		x := exchange{in: c.in, here: c.sum, kept: c.own}
		if r := of[j]; r >= 0 {
			b := blocks[row[r]].normal()
			x.kept, x.out, x.from, ok[j] = c.own.and(b.part), b.rest, b.sum, true
		}
		out[j] = x
	}
	return out, ok
}

// extremes gives the bounds of a measure that rises with what a class receives
// and falls with what it sends, for what it keeps at every point where the sums
// take hold. The measure is NaN where it has no value.
func (x exchange) extremes(f func(kept, in, out float64) float64) span {
	best := span{math.Inf(1), math.Inf(-1)}
	for _, kept := range []float64{
		x.kept.lo, x.kept.hi, x.here.hi - x.in.hi, x.here.lo - x.in.lo, x.from.lo - x.out.lo, x.from.hi - x.out.hi,
	} {
		if math.IsNaN(kept) || math.IsInf(kept, 0) || kept < x.kept.lo || kept > x.kept.hi {
			continue
		}
		in, out := x.at(kept)
		if v := f(kept, in.hi, out.lo); v > best.hi {
			best.hi = v
		}
		if v := f(kept, in.lo, out.hi); v < best.lo {
			best.lo = v
		}
	}
	return best
}

// at gives what a class can receive and send if it keeps so many.
func (x exchange) at(kept float64) (in, out span) {
	in = span{max(x.in.lo, x.here.lo-kept), min(x.in.hi, x.here.hi-kept)}
	out = span{max(x.out.lo, x.from.lo-kept), min(x.out.hi, x.from.hi-kept)}
	return in, out
}

// perClass makes a result for each single class; one without a row has none
// (no_row).
func perClass(t *referral.Table, of func(m *model, x exchange) referral.Result) []referral.Scoped {
	m := newModel(t)
	x, ok := m.exchanges()
	out := make([]referral.Scoped, len(m.classes))
	for j, c := range m.classes {
		out[j].Scope = c
		switch {
		case m.err != nil:
			out[j].Result = *m.err
		case !ok[j]:
			out[j].Result = referral.UndefinedResult(referral.ReasonNoRow)
		default:
			out[j].Result = of(m, x[j])
		}
	}
	return out
}

// OriginTotals returns how many patients of care have each origin, O_i = Σ_j
// F_ij, in the unit of the table. Retained patients count, destinations that are
// no place do not. There is one result for each origin, in the order of the
// table; bounds for unknown cells are narrowed by published totals. N is the
// number of patients where it is exact.
//
// Time O(cells), memory O(classes).
func OriginTotals(t *referral.Table) []referral.Scoped {
	return rowSums(t, func(b block) span { return b.sum })
}

// Retained returns how many patients of each origin were treated there, F_ii;
// the rest is as in [OriginTotals].
func Retained(t *referral.Table) []referral.Scoped {
	return rowSums(t, func(b block) span { return b.part })
}

// Outflow returns how many patients of each origin were treated elsewhere,
// out_i = O_i - F_ii; the rest is as in [OriginTotals].
//
// Reference: Kim, Park, Kang and Kim 2017, doi:10.3961/jpmph.16.067.
func Outflow(t *referral.Table) []referral.Scoped {
	return rowSums(t, func(b block) span { return b.rest })
}

func rowSums(t *referral.Table, of func(b block) span) []referral.Scoped {
	m := newModel(t)
	rows := m.careRows()
	out := make([]referral.Scoped, len(rows))
	for i, b := range m.byRow(rows, m.kept, m.care) {
		out[i] = m.amount(m.rows[rows[i]].name, of(b.normal()))
	}
	return out
}

// DestinationTotals returns how many patients with an origin in the table were
// treated in each single class, D_j = Σ_i F_ij, in the unit of the table. Its own
// count. Set-valued destinations count as in [DestinationShares]. There is one
// result for each class, in the order of the table.
//
// Time O(cells), memory O(classes).
func DestinationTotals(t *referral.Table) []referral.Scoped {
	return columnSums(t, func(c column) span { return c.sum })
}

// Inflow returns how many patients treated in each single class come from
// elsewhere, in_j = D_j - F_jj; the rest is as in [DestinationTotals].
//
// Reference: Kim, Park, Kang and Kim 2017, doi:10.3961/jpmph.16.067.
func Inflow(t *referral.Table) []referral.Scoped {
	return columnSums(t, func(c column) span { return c.in })
}

func columnSums(t *referral.Table, of func(c column) span) []referral.Scoped {
	m := newModel(t)
	out := make([]referral.Scoped, len(m.classes))
	for j, c := range m.columns() {
		out[j] = m.amount(m.classes[j], of(c))
	}
	return out
}

// CrossTotal returns how many patients were treated outside their own class,
// W = Σ_{i≠j} F_ij, in the unit of the table.
func CrossTotal(t *referral.Table) referral.Result {
	m := newModel(t)
	_, w := m.volumes(false)
	return m.amount("", w).Result
}

// NetFlow returns what each class gains by the exchange of patients:
//
//	net_i = in_i - out_i
//
// Retained patients do not count. It is in the unit of the table, above zero for
// a net receiver, and sums to 0. A net of 0 hides two large flows: report
// [Inflow] and [Outflow] with it.
//
// There is one result for each single class, in the order of the table,
// undefined for one without a row (no_row): what it sends is unknown. Set-valued
// destinations count as in [DestinationShares].
//
// Time O(cells), memory O(classes).
//
// Reference: Bell, Blake, Boyle, Duke-Williams, Rees, Stillwell and Hugo 2002,
// doi:10.1111/1467-985X.t01-1-00247.
func NetFlow(t *referral.Table) []referral.Scoped {
	return perClass(t, func(m *model, x exchange) referral.Result {
		s := x.extremes(func(_, in, out float64) float64 { return in - out })
		return m.bounded(s.lo, s.hi, false)
	})
}

// NetFlowRatio returns [NetFlow] over gross turnover, in [-1, 1]:
//
//	ratio_i = (in_i - out_i) / (in_i + out_i)
//
// It is undefined for a class that neither receives nor sends
// (zero_denominator); the rest is as in NetFlow.
func NetFlowRatio(t *referral.Table) []referral.Scoped {
	return perClass(t, func(m *model, x exchange) referral.Result {
		if x.in.hi+x.out.hi <= 0 {
			return referral.UndefinedResult(referral.ReasonZeroDenominator)
		}
		s := x.extremes(func(_, in, out float64) float64 {
			if in+out <= 0 {
				return math.NaN()
			}
			return portion(in, out) - portion(out, in)
		})
		// Where only nobody came and nobody went at the best point, any other
		// point has patients in one direction.
		if math.IsInf(s.hi, -1) {
			s.hi = -1
		}
		if math.IsInf(s.lo, 1) {
			s.lo = 1
		}
		return m.bounded(s.lo, s.hi, x.in.lo+x.out.lo <= 0)
	})
}

// ImportExportRatio returns how many patients each class receives for each one
// it sends, in_i / out_i, in [0, +Inf). It is undefined for a class that sends
// nobody (zero_denominator), unstable for one that sends few: prefer
// [NetFlowRatio] or [LogImportExportRatio]. The rest is as in [NetFlow].
//
// Reference: Iwashyna, Christie, Moody, Kahn and Asch 2009,
// doi:10.1097/MLR.0b013e318197aa8d.
func ImportExportRatio(t *referral.Table) []referral.Scoped {
	return perClass(t, func(m *model, x exchange) referral.Result {
		if x.out.hi <= 0 {
			return referral.UndefinedResult(referral.ReasonZeroDenominator)
		}
		possible := x.out.lo <= 0
		x.out.lo = max(x.out.lo, m.smallest())
		s := x.extremes(func(_, in, out float64) float64 {
			switch {
			case out <= 0:
				return math.NaN()
			case math.IsInf(out, 1):
				return 0
			}
			return in / out
		})
		return m.bounded(s.lo, s.hi, possible)
	})
}

// LogImportExportRatio returns the natural logarithm of the import/export ratio
// with half a patient added on both sides, which is defined for every class with
// a row:
//
//	ln((in_i + 1/2) / (out_i + 1/2))
//
// Reference: Haldane 1956, doi:10.1111/j.1469-1809.1955.tb01285.x.
func LogImportExportRatio(t *referral.Table) []referral.Scoped {
	return perClass(t, func(m *model, x exchange) referral.Result {
		s := x.extremes(func(_, in, out float64) float64 { return math.Log(in+0.5) - math.Log(out+0.5) })
		return m.bounded(s.lo, s.hi, false)
	})
}

// AttractionRatio returns how many patients are treated in each class for each
// one who comes from it, D_i / O_i, in [0, +Inf). Retained patients count on both
// sides. It is undefined for an origin without patients (zero_row). The rest is
// as in [NetFlow].
//
// Reference: Garnick, Luft, Robinson and Tetreault 1987, Health Services
// Research 22:69-89.
func AttractionRatio(t *referral.Table) []referral.Scoped {
	return perClass(t, func(m *model, x exchange) referral.Result {
		if x.from.hi <= 0 {
			return referral.UndefinedResult(referral.ReasonZeroRow)
		}
		possible := x.from.lo <= 0
		x.from.lo = max(x.from.lo, m.smallest())
		s := x.extremes(func(kept, in, out float64) float64 {
			switch {
			case math.IsInf(out, 1):
				return 0
			case kept+out <= 0:
				return math.NaN()
			}
			return (kept + in) / (kept + out)
		})
		if math.IsInf(x.kept.hi, 1) {
			s = span{min(s.lo, 1), max(s.hi, 1)}
		}
		return m.bounded(s.lo, s.hi, possible)
	})
}
