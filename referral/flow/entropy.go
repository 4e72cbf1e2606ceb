// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"math"

	"github.com/oncoref/oncoref/referral"
)

// EntropyForm is the scale on which an entropy is given.
type EntropyForm uint8

// The forms, with the shares p over N patients, k classes with patients and n
// possible ones.
const (
	Nats             EntropyForm = iota // H = -Σ p ln p
	Bits                                // H / ln 2
	EffectiveClasses                    // e^H, the number of equal classes that are as even
	EvennessObserved                    // H / ln k, Pielou's J
	EvennessPossible                    // H / ln n
	MillerMadow                         // H + (k-1)/(2N), corrected for few patients
)

// EntropyConfig are the choices of the entropies. The zero value is the entropy
// in nats with retained patients.
type EntropyConfig struct {
	DropRetained bool // count only patients treated outside their own class
	Form         EntropyForm
}

// OriginEntropy returns how evenly the patients of each origin are divided over
// destinations, by the Shannon entropy of its row:
//
//	H_i = -Σ_j p_ij ln p_ij, 0 ln 0 = 0
//
// There is one result for each origin, in the order of the table, in [0, ln k]
// nats for k classes with patients. It is undefined for an origin without
// patients (zero_row); EvennessObserved, in [0, 1], also if all go to one class,
// EvennessPossible if only one is possible (one_class). Retained patients,
// set-valued destinations, possible classes and bounds are as in
// [OriginHerfindahl]; bounds of EvennessObserved and MillerMadow are wider than
// need be where cells may be zero.
//
// Reference: Shannon 1948, doi:10.1002/j.1538-7305.1948.tb01338.x; Pielou 1966,
// doi:10.1016/0022-5193(66)90013-0; Miller 1955, Note on the bias of information
// estimates.
func OriginEntropy(t *referral.Table, c EntropyConfig) []referral.Scoped {
	m := newModel(t)
	return m.each(m.originDivisions(c.DropRetained), func(d division) referral.Result { return m.entropy(d, c.Form) })
}

// DestinationEntropy returns how evenly the patients of each class come from the
// origins. There is one result for each single class, in the order of the table,
// undefined for one where nobody was treated (zero_column). The possible classes
// are the origins of the table. The rest is as in [OriginEntropy].
func DestinationEntropy(t *referral.Table, c EntropyConfig) []referral.Scoped {
	m := newModel(t)
	return m.each(m.destinationDivisions(c.DropRetained), func(d division) referral.Result { return m.entropy(d, c.Form) })
}

// MarketEntropy returns how evenly all patients are divided over the classes
// where they are treated. It is undefined if there are none (zero_denominator). The
// rest is as in [OriginEntropy].
func MarketEntropy(t *referral.Table, c EntropyConfig) referral.Result {
	m := newModel(t)
	return m.entropy(m.marketDivision(c.DropRetained), c.Form)
}

func (m *model) entropy(d division, form EntropyForm) referral.Result {
	certain, possible := 0, 0 // classes with patients
	for _, b := range d.x {
		if b.lo > 0 {
			certain++
		}
		if b.hi > 0 {
			possible++
		}
	}
	if m.err == nil && d.total.hi > 0 &&
		(form == EvennessObserved && possible < 2 || form == EvennessPossible && len(d.x) < 2) {
		return referral.UndefinedResult(referral.ReasonOneClass)
	}
	r := m.bounds(d, func(s *spread) (float64, float64) {
		hi := max(0, -s.least(order()))
		lo := hi
		if !s.known() {
			lo = max(0, -s.most(order(), 0))
		}
		switch form {
		case Bits:
			return lo / math.Ln2, hi / math.Ln2
		case EffectiveClasses:
			return math.Exp(lo), math.Exp(hi)
		case EvennessPossible:
			return lo / math.Log(float64(len(s.x))), hi / math.Log(float64(len(s.x)))
		case EvennessObserved:
			return s.evenness(lo, hi, max(certain, 2), possible)
		case MillerMadow:
			low := lo + float64(max(certain, 1)-1)/(2*s.total.hi)
			return low, hi + float64(possible-1)/(2*s.total.lo)
		case Nats:
		}
		return lo, hi
	})
	if form == EvennessObserved && certain < 2 && r.Status == referral.OK {
		r.Value, r.Status, r.Reason = math.NaN(), referral.Bounded, referral.ReasonZeroPossible
	}
	return r
}

// evenness gives the bounds of the entropy over the largest it can be for the
// number of classes.
func (s *spread) evenness(lo, hi float64, certain, possible int) (float64, float64) {
	return lo / math.Log(float64(possible)), min(1, hi/math.Log(float64(certain)))
}
