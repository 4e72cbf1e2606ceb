// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math"

	"github.com/oncoref/oncoref/referral"
)

// block is a sum in two parts of which bounds are known of each part and of the
// sum.
type block struct{ part, rest, sum span }

// normal narrows the three by each other.
func (b block) normal() block {
	b.sum = b.sum.and(b.part.add(b.rest))
	b.part = b.part.and(b.sum.less(b.rest))
	b.rest = b.rest.and(b.sum.less(b.part))
	return b
}

// least gives the point of the block with the smallest share of the part: the
// part as small and the rest as large as the sum allows.
func (b block) least() (part, rest float64) {
	part, rest = b.part.lo, b.rest.hi
	switch {
	case part+rest > b.sum.hi:
		rest = b.sum.hi - part
	case part+rest < b.sum.lo:
		part = b.sum.lo - rest
	}
	return part, rest
}

// most gives the point with the largest share of the part.
func (b block) most() (part, rest float64) {
	rest, part = block{part: b.rest, rest: b.part, sum: b.sum}.least()
	return part, rest
}

// smallest is the smallest count above zero.
func (m *model) smallest() float64 {
	if m.whole {
		return 1
	}
	return math.SmallestNonzeroFloat64
}

// portion is part/(part+rest), where an open part outweighs everything.
func portion(part, rest float64) float64 {
	switch {
	case math.IsInf(part, 1):
		return 1
	case math.IsInf(rest, 1):
		return 0
	}
	return part / (part + rest)
}

// share makes the share of the part of a sum of independent blocks of which the
// bounds of the sum are known too. The reason is that of a zero sum.
func (m *model) share(of string, to string, blocks []block, all span, reason string) referral.Share {
	s := referral.Share{Origin: of, Destination: to}
	if m.err != nil {
		s.Result = *m.err
		return s
	}
	sum := block{sum: all}
	var lp, lr, mp, mr float64 // points with the least and the most part
	for _, b := range blocks {
		b = b.normal()
		sum.part, sum.rest = sum.part.add(b.part), sum.rest.add(b.rest)
		p, r := b.least()
		lp, lr = lp+p, lr+r
		p, r = b.most()
		mp, mr = mp+p, mr+r
	}
	var totals span
	for _, b := range blocks {
		totals = totals.add(b.normal().sum)
	}
	sum.sum = sum.sum.and(totals)
	sum = sum.normal()
	s.Part, s.Whole = sum.part.cell(), sum.sum.cell()
	if sum.sum.hi <= 0 {
		s.Result = referral.UndefinedResult(reason)
		return s
	}
	possible := sum.sum.lo <= 0
	sum.sum.lo = max(sum.sum.lo, m.smallest())
	sum = sum.normal()
	lo, hi := portion(sum.least()), portion(sum.most())
	if lp+lr > 0 {
		lo = max(lo, portion(lp, lr))
	}
	if mp+mr > 0 {
		hi = min(hi, portion(mp, mr))
	}
	s.Result = m.bounded(lo, hi, possible)
	if s.Whole.Known() {
		s.N = count(s.Whole.Lo)
	}
	return s
}

// bounded makes a result of bounds, which meet if they differ by rounding only;
// possible says that a value may not exist.
func (m *model) bounded(lo, hi float64, possible bool) referral.Result {
	if !math.IsInf(hi-lo, 1) && math.Abs(hi-lo) <= 1e-12*max(math.Abs(lo), math.Abs(hi)) && !possible {
		return referral.ExactResult(lo)
	}
	r := referral.BoundedResult(lo, hi, m.reason())
	if possible {
		r.Value, r.Status, r.Reason = math.NaN(), referral.Bounded, referral.ReasonZeroPossible
	}
	return r
}

// reason says why results have bounds.
func (m *model) reason() string {
	switch {
	case m.open:
		return referral.ReasonUnlisted
	case m.sets:
		return referral.ReasonSetValued
	}
	return referral.ReasonUnknownCells
}

// count is a count that N can hold; 0 for others.
func count(x float64) int {
	if x <= 1<<53 && x == math.Trunc(x) {
		return int(x)
	}
	return 0
}

// amount makes a result of a sum.
func (m *model) amount(scope string, s span) referral.Scoped {
	out := referral.Scoped{Scope: scope}
	switch {
	case m.err != nil:
		out.Result = *m.err
	default:
		out.Result = m.bounded(s.lo, s.hi, false)
		if s.known() {
			out.N = count(s.lo)
		}
	}
	return out
}
