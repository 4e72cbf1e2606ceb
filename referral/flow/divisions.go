// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math"

	"github.com/oncoref/oncoref/referral"
)

// division is how a sum is divided over possible classes, and what it is about.
type division struct {
	scope string
	x     []span
	total span
	zero  string // reason if there is nothing to divide
}

// originDivisions gives how the patients of each origin are divided over the
// single classes. Those who went to a set may be in each of its members.
func (m *model) originDivisions(dropRetained bool) []division {
	counts := m.care
	if dropRetained {
		counts = m.cross
	}
	rows := m.careRows()
	blocks := m.byRow(rows, counts, counts)
	out := make([]division, len(rows))
	for i, r := range rows {
		d := division{scope: m.rows[r].name, x: make([]span, len(m.classes)), total: blocks[i].normal().sum, zero: referral.ReasonZeroRow}
		own := m.rows[r].class
		for k := m.start[r]; k < m.start[r+1]; k++ {
			c := m.cell[k]
			to := m.cols[c.col]
			switch {
			case !counts(k):
			case to.class >= 0:
				d.x[to.class] = d.x[to.class].add(c.span)
			case c.retained && own >= 0:
				d.x[own] = d.x[own].add(c.span)
			default:
				for _, j := range to.members {
					d.x[j].hi += c.hi
				}
			}
		}
		if dropRetained && own >= 0 {
			d.x = append(d.x[:own], d.x[own+1:]...)
		}
		out[i] = d
	}
	return out
}

// destinationDivisions gives from which origins the patients of each single
// class come.
func (m *model) destinationDivisions(dropRetained bool) []division {
	rows := m.careRows()
	place := make([]int, len(m.rows))
	for i, r := range rows {
		place[r] = i
	}
	of := m.rowOf()
	out := make([]division, len(m.classes))
	for j, c := range m.columns() {
		d := division{scope: m.classes[j], x: make([]span, len(rows)), total: c.sum, zero: referral.ReasonZeroColumn}
		if dropRetained {
			d.total = c.in
		}
		for _, a := range c.arrivals {
			if !a.own || !dropRetained {
				d.x[place[a.row]] = d.x[place[a.row]].add(a.span)
			}
		}
		if r := of[j]; dropRetained && r >= 0 {
			i := place[r]
			d.x = append(d.x[:i], d.x[i+1:]...)
		}
		out[j] = d
	}
	return out
}

// marketDivision gives how all patients are divided over the single classes.
func (m *model) marketDivision(dropRetained bool) division {
	x, all := m.volumes(!dropRetained)
	return division{x: x, total: all, zero: referral.ReasonZeroDenominator}
}

// each makes a result for each division.
func (m *model) each(of []division, measure func(d division) referral.Result) []referral.Scoped {
	out := make([]referral.Scoped, len(of))
	for i, d := range of {
		out[i] = referral.Scoped{Scope: d.scope, Result: measure(d)}
	}
	return out
}

// bounds makes a result from the smallest and the largest value of a measure of
// a division.
func (m *model) bounds(d division, of func(s *spread) (lo, hi float64)) referral.Result {
	if m.err != nil {
		return *m.err
	}
	if d.total.hi <= 0 {
		return referral.UndefinedResult(d.zero)
	}
	s, ok := newSpread(d.x, d.total, m.whole)
	if !ok {
		return referral.InfeasibleResult(referral.ReasonTotals)
	}
	lo, hi := of(s)
	r := m.bounded(lo, hi, d.total.lo <= 0)
	if s.known() {
		if r.Status == referral.Bounded && r.Reason != referral.ReasonZeroPossible {
			r = referral.ExactResult(lo)
		}
		r.N = count(s.total.lo)
	}
	return r
}

// square is the index of which the terms are squares: Σ x² / (Σ x)².
func square() index {
	value := func(terms, sum float64) float64 { return terms / (sum * sum) }
	return index{
		of: func(parts []float64) float64 {
			terms, sum := 0.0, 0.0
			for _, x := range parts {
				terms += x * x
				sum += x
			}
			return value(terms, sum)
		},
		term:  func(x float64) float64 { return x * x },
		value: value,
		still: func(terms, sum float64) float64 {
			if sum == 0 {
				return math.NaN()
			}
			return terms / sum
		},
		turn: func(terms, sum, slope float64) float64 { return sum + (slope*sum-2*terms)/slope },
	}
}

// order is the index of which the terms are x ln x: minus the entropy.
func order() index {
	term := func(x float64) float64 {
		if x <= 0 {
			return 0
		}
		return x * math.Log(x)
	}
	value := func(terms, sum float64) float64 { return terms/sum - math.Log(sum) }
	return index{
		of: func(parts []float64) float64 {
			terms, sum := 0.0, 0.0
			for _, x := range parts {
				terms += term(x)
				sum += x
			}
			return value(terms, sum)
		},
		term: term, value: value,
		still: func(terms, sum float64) float64 {
			if sum == 0 {
				return math.NaN()
			}
			return math.Exp(terms / sum)
		},
		turn: func(terms, sum, slope float64) float64 { return slope*sum - terms },
	}
}
