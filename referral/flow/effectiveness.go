// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math"

	"github.com/oncoref/oncoref/referral"
)

// maxUndecided is the number of classes of unknown sign of which all
// combinations are tried.
const maxUndecided = 12

// MigrationEffectiveness returns how much of the exchange between classes is
// one-way, in percent:
//
//	100 · Σ_i |net_i| / Σ_i (in_i + out_i)
//
// 0 means that every class receives as many patients as it sends, 100 that none
// does both. Retained patients do not count. It is undefined if nobody left
// (zero_denominator) and if some single class has no row (no_row).
//
// Bounds hold always. The upper one is exact without set-valued classes and
// published totals if at most twelve classes may be receivers as well as senders;
// both are if none may.
//
// Time O(cells), times two for each such class.
//
// Reference: Bell, Blake, Boyle, Duke-Williams, Rees, Stillwell and Hugo 2002,
// doi:10.1111/1467-985X.t01-1-00247, the migration effectiveness index.
func MigrationEffectiveness(t *referral.Table) referral.Result {
	m := newModel(t)
	if m.err != nil {
		return *m.err
	}
	x, ok := m.exchanges()
	_, w := m.volumes(false)
	for _, has := range ok {
		if !has {
			return referral.UndefinedResult(referral.ReasonNoRow)
		}
	}
	if w.hi <= 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	possible := w.lo <= 0
	w.lo = max(w.lo, m.smallest())
	sign := make([]int, len(x)) // 1 for a receiver, -1 for a sender
	var undecided []int
	var least, most float64 // of the sum of net flows without sign
	for i, e := range x {
		s := e.extremes(func(_, in, out float64) float64 { return in - out })
		most += max(math.Abs(s.lo), math.Abs(s.hi))
		least += max(0, s.lo, -s.hi)
		switch {
		case s.lo >= 0:
			sign[i] = 1
		case s.hi <= 0:
			sign[i] = -1
		default:
			undecided = append(undecided, i)
		}
	}
	lo, hi := least/(2*w.hi), min(1, most/(2*w.lo))
	if !m.sets {
		if len(undecided) <= maxUndecided {
			top, low := 0.0, 0.0
			for mask := range 1 << len(undecided) {
				for b, i := range undecided {
					if sign[i] = -1; mask>>b&1 == 1 {
						sign[i] = 1
					}
				}
				l, h := m.oneWay(sign)
				top, low = max(top, h), max(low, l)
			}
			lo, hi = max(lo, low), min(hi, top)
		}
	}
	return m.bounded(100*lo, 100*hi, possible)
}

// oneWay gives the bounds of what the receivers gain over all that is exchanged.
func (m *model) oneWay(sign []int) (lo, hi float64) {
	var gain, loss, even tally
	for k, c := range m.cell {
		if !m.cross(k) {
			continue
		}
		switch sign[m.cols[c.col].class] - sign[m.rows[m.at[k]].class] {
		case 2:
			gain.add(c.span)
		case -2:
			loss.add(c.span)
		default:
			even.add(c.span)
		}
	}
	// (gain - loss) / (gain + loss + even): what is neither counts in full where
	// the gain is on the other side of zero.
	value := func(g, l float64, e span) (float64, float64) {
		if g == 0 && l == 0 {
			return 0, 0
		}
		a, b := ratioOf(g-l, g+l+e.lo), ratioOf(g-l, g+l+e.hi)
		return min(a, b), max(a, b)
	}
	g, l, e := gain.span(), loss.span(), even.span()
	lo, _ = value(g.lo, l.hi, e)
	_, hi = value(g.hi, l.lo, e)
	if math.IsInf(g.hi, 1) {
		hi = 1
	}
	if math.IsInf(l.hi, 1) {
		lo = -1
	}
	return lo, hi
}

// ratioOf is a/b, and 0 for an unlimited b.
func ratioOf(a, b float64) float64 {
	if math.IsInf(b, 1) {
		return 0
	}
	return a / b
}
