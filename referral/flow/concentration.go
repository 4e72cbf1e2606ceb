// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// HerfindahlForm is the scale on which a Herfindahl index is given.
type HerfindahlForm uint8

// The forms, with the shares p over N patients and n possible classes.
const (
	PlugIn          HerfindahlForm = iota // H = Σ p²
	Normalized                            // (H - 1/n) / (1 - 1/n), in [0, 1]
	EffectiveNumber                       // 1/H, the number of equal classes that are as concentrated
	Unbiased                              // Σ f(f-1) / (N(N-1)): the chance that two patients share a class
)

// HerfindahlConfig are the choices of the Herfindahl indices. The zero value is
// the plain index with retained patients.
type HerfindahlConfig struct {
	DropRetained bool // count only patients treated outside their own class
	Form         HerfindahlForm
}

// OriginHerfindahl returns how concentrated the destinations of each origin
// are, by the Herfindahl-Hirschman index of its row:
//
//	H_i = Σ_j p_ij², p_ij = F_ij / O_i
//
// Without retained patients it is conditional on being referred, and the own
// class is not a possible one. Patients who went to a set-valued destination may
// be in each of its members. The possible classes are all single classes of the
// table.
//
// There is one result for each origin, in the order of the table, in [1/k, 1] for
// k classes with patients. It is undefined for an origin without patients
// (zero_row), Unbiased for one with a single patient (one_patient), Normalized with
// one possible class (one_class). It is too high for few patients, by (1-H)/N on
// average; Unbiased corrects that.
//
// Bounds are exact for a row with or without a published total, up to about 10^5
// patients between the bounds of its cells; beyond that, and with set-valued
// destinations or totals of other directions, they hold but can be wider than need be.
//
// Time O(classes²) for a row of exact cells, for others O(2^21) at most.
//
// Reference: Hirschman 1964, American Economic Review 54:761-762; Simpson 1949,
// doi:10.1038/163688a0; Hill 1973, doi:10.2307/1934352.
func OriginHerfindahl(t *referral.Table, c HerfindahlConfig) []referral.Scoped {
	m := newModel(t)
	return m.each(m.originDivisions(c.DropRetained), func(d division) referral.Result { return m.herfindahl(d, c.Form) })
}

// DestinationHerfindahl returns how concentrated the origins of the patients of
// each class are, Σ_i q_ij² with q_ij = F_ij / D_j. There is one result for each
// single class, in the order of the table, undefined for one where nobody was
// treated (zero_column). The possible classes are the origins of the table. The
// rest is as in [OriginHerfindahl].
func DestinationHerfindahl(t *referral.Table, c HerfindahlConfig) []referral.Scoped {
	m := newModel(t)
	return m.each(m.destinationDivisions(c.DropRetained), func(d division) referral.Result { return m.herfindahl(d, c.Form) })
}

// MarketHerfindahl returns how concentrated all treatment is, Σ_j (D_j/T)², or,
// without retained patients, that of referred patients, Σ_j (in_j/W)². It is
// undefined if there are none (zero_denominator). The rest is as in
// [OriginHerfindahl].
func MarketHerfindahl(t *referral.Table, c HerfindahlConfig) referral.Result {
	m := newModel(t)
	return m.herfindahl(m.marketDivision(c.DropRetained), c.Form)
}

func (m *model) herfindahl(d division, form HerfindahlForm) referral.Result {
	if form == Unbiased {
		return m.unbiased(d)
	}
	n := float64(len(d.x))
	if form == Normalized && n < 2 && m.err == nil && d.total.hi > 0 {
		return referral.UndefinedResult(referral.ReasonOneClass)
	}
	return m.bounds(d, func(s *spread) (float64, float64) {
		lo := s.least(square())
		hi := lo
		if !s.known() {
			hi = s.most(square(), 1)
		}
		switch form {
		case Normalized:
			return (lo - 1/n) / (1 - 1/n), (hi - 1/n) / (1 - 1/n)
		case EffectiveNumber:
			return 1 / hi, 1 / lo
		case PlugIn, Unbiased:
		}
		return lo, hi
	})
}

// unbiased looks at every sum: the estimate is the plain index less (1-H)/(N-1).
func (m *model) unbiased(d division) referral.Result {
	if m.err == nil && d.total.hi > 0 && d.total.hi < 2 {
		return referral.UndefinedResult(referral.ReasonOnePatient)
	}
	few := d.total.lo < 2
	if few {
		d.total.lo = min(2, d.total.hi)
	}
	of := func(h, n float64) float64 { return h - (1-h)/(n-1) }
	pairs := square()
	pairs.value = func(terms, sum float64) float64 { return (terms - sum) / (sum * (sum - 1)) }
	r := m.bounds(d, func(s *spread) (float64, float64) {
		ix := square()
		if s.known() {
			v := of(ix.of(s.atSum(s.total.lo)), s.total.lo)
			return v, v
		}
		lo := math.Inf(1)
		end := min(s.total.hi, s.total.lo+maxScan)
		for sum := s.total.lo; sum <= end; sum++ {
			lo = min(lo, of(ix.of(s.atSum(sum)), sum))
		}
		if end < s.total.hi || !s.whole {
			lo = min(lo, of(s.least(ix), s.total.lo))
		}
		return lo, min(1, s.most(pairs, 1))
	})
	if few && (r.Status == referral.OK || r.Status == referral.Bounded) {
		r = m.bounded(r.Lo, r.Hi, true)
	}
	return r
}

// VolumeConfig are the choices of measures of how unequal the classes are as
// destinations. The zero value takes all patients and all single classes of the
// table.
type VolumeConfig struct {
	DropRetained bool // count only patients treated outside their own class
	ActiveOnly   bool // leave classes without patients out
	SmallSample  bool // scale the Gini coefficient by n/(n-1), for few classes
}

// ConcentrationRatio returns the share of the k largest destinations, Σ of the k
// largest D_j over T, without retained patients Σ of the k largest in_j over W. It
// lies in [k/n, 1] for n single classes; all classes for k ≥ n, and 0 for k ≤ 0.
// Which classes they are is not certain where two are equal; the share is.
//
// Of the config only DropRetained counts. It is undefined if there are no
// patients (zero_denominator).
//
// Bounds are exact without published totals, and with few patients between the
// bounds.
//
// Time O(n² log n), memory O(n).
//
// Reference: Curry and George 1983, doi:10.2307/2097885.
func ConcentrationRatio(t *referral.Table, k int, c VolumeConfig) referral.Result {
	m := newModel(t)
	d := m.marketDivision(c.DropRetained)
	k = min(max(k, 0), len(d.x))
	return m.bounds(d, func(s *spread) (float64, float64) {
		lo := s.leastTop(k)
		if s.known() {
			return lo, lo
		}
		return lo, s.topShares()[k]
	})
}

// leastTop gives the smallest share that the k largest classes can have.
func (s *spread) leastTop(k int) float64 {
	return s.least(index{of: func(parts []float64) float64 {
		sorted := slices.Sorted(slices.Values(parts))
		top, sum := 0.0, 0.0
		for i, x := range sorted {
			sum += x
			if i >= len(sorted)-k {
				top += x
			}
		}
		return top / sum
	}})
}
