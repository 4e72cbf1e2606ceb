// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Mean is the mean of a measure over classes, each counted once.
type Mean struct {
	referral.Result     // N is the number of classes in the mean
	LeftOut         int // classes without a value
}

// OriginShares returns how the patients of each origin are divided over the
// destinations:
//
//	p_ij = F_ij / O_i, O_i = Σ_j F_ij
//
// Retained patients count. The share of a set-valued destination is that of its
// label; origins and destinations that are no place ([referral.Beside]) do not
// count. Unknown cells give bounds, which are joint: a cell is in its own
// denominator. Published totals narrow them.
//
// There is one result for each origin and each label of the table, by origin,
// then the single classes, then the sets. The shares of an origin sum to 1. The row of an
// origin without patients is undefined (zero_row).
//
// Time and memory O(origins * labels).
//
// Reference: Garnick, Luft, Robinson and Tetreault 1987, Health Services
// Research 22:69-89; the bars of IKNL 2023, figures 5.2 to 5.6.
func OriginShares(t *referral.Table) []referral.Share {
	m := newModel(t)
	return m.rowShares(m.care)
}

// ReferredShares returns how the patients who leave each origin are divided over
// the destinations:
//
//	p'_ij = X_ij / out_i, X_ij = F_ij for j ≠ i, out_i = Σ_j X_ij
//
// Retained patients do not count: their share is 0. The rest is as in
// [OriginShares]; the row of an origin that sends nobody is undefined
// (zero_row).
func ReferredShares(t *referral.Table) []referral.Share {
	m := newModel(t)
	return m.rowShares(m.cross)
}

func (m *model) rowShares(counts func(k int) bool) []referral.Share {
	var out []referral.Share
	for _, r := range m.careRows() {
		listed := make([]span, len(m.cols))
		var sum, other tally
		for k := m.start[r]; k < m.start[r+1]; k++ {
			c := m.cell[k]
			if counts(k) {
				listed[c.col] = c.span
				sum.add(c.span)
			} else {
				other.add(c.span)
			}
		}
		all := m.row[r].less(other.span())
		for j, to := range m.cols {
			if !to.beside {
				b := block{listed[j], sum.without(listed[j]), all}
				out = append(out, m.share(m.rows[r].name, to.name, []block{b}, all, referral.ReasonZeroRow))
			}
		}
	}
	return out
}

// DestinationShares returns where the patients of each destination come from:
//
//	q_ij = F_ij / D_j, D_j = Σ_i F_ij
//
// Retained patients count. Patients of a set-valued destination may be of each
// of its members, except that those from a member are its own; origins and
// destinations that are no place do not count.
//
// There is one result for each origin and each single class, by origin, then
// class. The shares of a destination sum to 1. The column of a class where nobody
// was treated is undefined (zero_column).
//
// Time and memory O(origins * classes).
//
// Reference: Garnick, Luft, Robinson and Tetreault 1987, Health Services
// Research 22:69-89.
func DestinationShares(t *referral.Table) []referral.Share {
	m := newModel(t)
	columns, rows := m.columns(), m.careRows()
	place := make([]int, len(m.rows))
	for i, r := range rows {
		place[r] = i
	}
	out := make([]referral.Share, len(rows)*len(columns))
	for j, c := range columns {
		from := make([]tally, len(rows))
		var sum tally
		for _, a := range c.arrivals {
			from[place[a.row]].add(a.span)
			sum.add(a.span)
		}
		for i, r := range rows {
			rest := sum
			rest.lo, rest.hi, rest.open = sum.lo-from[i].lo, sum.hi-from[i].hi, sum.open-from[i].open
			b := block{from[i].span(), rest.span(), c.sum}
			out[i*len(columns)+j] = m.share(m.rows[r].name, m.classes[j], []block{b}, c.sum, referral.ReasonZeroColumn)
		}
	}
	return out
}

// Retention returns the share of the patients of each origin who were treated
// there, the class "geen" of a published table:
//
//	r_i = F_ii / O_i
//
// It is also called localization index or supply-side self-containment.
// Patients who went to a set-valued destination that contains the origin are
// retained; destinations that are no place do not count.
//
// There is one result for each origin, in the order of the table, undefined for
// one without patients (zero_row). Bounds are as in [OriginShares].
//
// Time O(cells), memory O(classes).
//
// Reference: Wennberg and Gittelsohn 1973, doi:10.1126/science.182.4117.1102;
// Coombes, Green and Openshaw 1986, doi:10.1057/jors.1986.163.
func Retention(t *referral.Table) []referral.Share {
	m := newModel(t)
	return m.byOrigin(m.kept, m.care)
}

// byOrigin makes a share for each row.
func (m *model) byOrigin(part, whole func(k int) bool) []referral.Share {
	rows := m.careRows()
	out := make([]referral.Share, len(rows))
	for i, b := range m.byRow(rows, part, whole) {
		out[i] = m.share(m.rows[rows[i]].name, "", []block{b}, b.sum, referral.ReasonZeroRow)
	}
	return out
}

// PooledRetention returns the share of all patients who were treated in their
// own class, Σ F_ii / Σ O_i: the mean of [Retention] weighted by patients. It is
// one minus [SupraRegional].
func PooledRetention(t *referral.Table) referral.Share {
	m := newModel(t)
	return m.pooled(m.kept, m.care)
}

// pooled makes the share of a part of all cells. It is undefined if there are
// none (zero_denominator).
func (m *model) pooled(part, whole func(k int) bool) referral.Share {
	all := m.allOf(whole)
	a := m.share("", "", m.byRow(m.careRows(), part, whole), all, referral.ReasonZeroDenominator)
	if a.Status != referral.Bounded {
		return a
	}
	b := m.share("", "", m.byColumn(part, whole), all, referral.ReasonZeroDenominator)
	if b.Status == referral.Bounded {
		a.Lo, a.Hi = max(a.Lo, b.Lo), min(a.Hi, b.Hi)
	}
	return a
}

// MeanRetention returns the mean of [Retention] over the origins that have
// patients, each counted once, however small. It is not the retention of the
// table: that is [PooledRetention].
//
// The bounds take the rows as independent. It is undefined if no origin has
// patients (zero_denominator).
func MeanRetention(t *referral.Table) Mean {
	m := newModel(t)
	if m.err != nil {
		return Mean{Result: *m.err}
	}
	return m.mean(m.byOrigin(m.kept, m.care))
}

// mean averages shares. One that may be undefined is in the bound that it
// widens.
func (m *model) mean(shares []referral.Share) Mean {
	var lo, hi, maybeLo, maybeHi []float64
	out := Mean{}
	exact := true
	for _, s := range shares {
		switch {
		case s.Status == referral.Undefined:
			out.LeftOut++
		case s.Reason == referral.ReasonZeroPossible:
			maybeLo, maybeHi, exact = append(maybeLo, s.Lo), append(maybeHi, s.Hi), false
		default:
			lo, hi = append(lo, s.Lo), append(hi, s.Hi)
			exact = exact && s.Status == referral.OK
		}
	}
	n := len(lo) + len(maybeLo)
	if n == 0 {
		out.Result = referral.UndefinedResult(referral.ReasonZeroDenominator)
		return out
	}
	low, high := meanWith(lo, maybeLo, 1), -meanWith(hi, maybeHi, -1)
	if exact {
		out.Result = referral.ExactResult(low)
	} else {
		out.Result = m.bounded(low, high, len(lo) == 0)
	}
	out.N = n
	return out
}

// meanWith gives the smallest mean, with the sign given, of the values and any
// of the others.
func meanWith(values, others []float64, sign float64) float64 {
	sum, n := 0.0, 0
	for _, v := range values {
		sum += sign * v
		n++
	}
	left := make([]float64, len(others))
	for i, v := range others {
		left[i] = sign * v
	}
	slices.Sort(left)
	for _, v := range left {
		if n == 0 || v < sum/float64(n) {
			sum += v
			n++
		}
	}
	return sum / float64(n)
}

// SelfContainment returns the share of the patients treated in each class who
// are its own:
//
//	d_j = F_jj / D_j
//
// It is also called demand-side self-containment, "little out from inside" or
// the commitment index of a class. For a class without own patients that others
// use it is 0.
//
// There is one result for each single class, in the order of the table,
// undefined for one where nobody was treated (zero_column). Set-valued
// destinations count as in [DestinationShares].
//
// Time O(cells), memory O(classes).
//
// Reference: Coombes, Green and Openshaw 1986, doi:10.1057/jors.1986.163;
// Elzinga and Hogarty 1973, Antitrust Bulletin 18:45-81.
func SelfContainment(t *referral.Table) []referral.Share { return inColumn(t, true) }

// ImportDependency returns the share of the patients treated in each class who
// come from elsewhere, in_j / D_j, one minus [SelfContainment].
//
// Reference: Garnick, Luft, Robinson and Tetreault 1987, Health Services
// Research 22:69-89.
func ImportDependency(t *referral.Table) []referral.Share { return inColumn(t, false) }

func inColumn(t *referral.Table, own bool) []referral.Share {
	m := newModel(t)
	out := make([]referral.Share, len(m.classes))
	for j, c := range m.columns() {
		b := block{c.in, c.own, c.sum}
		if own {
			b.part, b.rest = c.own, c.in
		}
		out[j] = m.share("", m.classes[j], []block{b}, c.sum, referral.ReasonZeroColumn)
	}
	return out
}

// MarketShares returns the share of all patients who were treated in each
// class:
//
//	a_j = D_j / T
//
// Retained patients count. There is one result for each single class, in the
// order of the table; the shares sum to 1. All are undefined if the table has no
// patients (zero_denominator). Set-valued destinations count as in
// [DestinationShares].
//
// Time O(cells), memory O(classes).
//
// Reference: Garnick, Luft, Robinson and Tetreault 1987, Health Services
// Research 22:69-89.
func MarketShares(t *referral.Table) []referral.Share { return market(t, true) }

// ExternalAttraction returns the share of all patients who left their class
// that each class attracts:
//
//	a'_j = in_j / W, W = Σ_{i≠j} F_ij
//
// Retained patients do not count. It is undefined if nobody left
// (zero_denominator); the rest is as in [MarketShares].
func ExternalAttraction(t *referral.Table) []referral.Share { return market(t, false) }

func market(t *referral.Table, own bool) []referral.Share {
	m := newModel(t)
	volumes, all := m.volumes(own)
	out := make([]referral.Share, len(volumes))
	var sum tally
	for _, v := range volumes {
		sum.add(v)
	}
	for j := range volumes {
		out[j] = m.share("", m.classes[j], []block{{volumes[j], sum.without(volumes[j]), all}}, all, referral.ReasonZeroDenominator)
	}
	return out
}

// volumes gives the patients treated in each class, with or without its own,
// and the bounds of their sum.
func (m *model) volumes(own bool) ([]span, span) {
	out := make([]span, len(m.classes))
	counts := m.care
	if !own {
		counts = m.cross
	}
	for j, c := range m.columns() {
		if out[j] = c.in; own {
			out[j] = c.sum
		}
	}
	all := m.allOf(counts)
	var rows tally
	for _, b := range m.byRow(m.careRows(), counts, counts) {
		rows.add(b.normal().sum)
	}
	return out, all.and(rows.span())
}

// SupraRegional returns the share of all patients who were treated outside
// their own class:
//
//	s = W / T, W = Σ_{i≠j} F_ij
//
// Between networks this is the supra-regional share. Retained patients count in
// T; origins and destinations that are no place, such as untreated patients, do
// not. It depends on how large the classes are: compare it on one partition.
// Bounds take published totals of rows, columns and the table into account. It is
// undefined for a table without patients (zero_denominator).
//
// Time O(cells), memory O(classes).
//
// Reference: the definition under figures 5.2 to 5.6 of IKNL 2023.
func SupraRegional(t *referral.Table) referral.Share {
	m := newModel(t)
	return m.pooled(m.cross, m.care)
}
