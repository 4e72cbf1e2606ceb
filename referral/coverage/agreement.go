// SPDX-License-Identifier: Apache-2.0

package coverage

import (
	"github.com/oncoref/oncoref/referral"
)

// Agreement compares two lists of hospitals, A judged against B.
type Agreement struct {
	A, B         List
	Both         []string // on both lists
	OnlyA, OnlyB []string

	Jaccard   referral.Result // both over either
	Precision referral.Result // both over A
	Recall    referral.Result // both over B
	F1        referral.Result // harmonic mean of the two
	// Kappa is Cohen's, over all hospitals asked about: agreement beyond what the
	// lengths of the lists give by chance.
	Kappa referral.Result
}

// Agree compares two lists over all hospitals that could be on them; those on a
// list are added to all:
//
//	Jaccard = |A∩B| / |A∪B|, Precision = |A∩B| / |A|, Recall = |A∩B| / |B|
//	F1 = 2|A∩B| / (|A| + |B|), Kappa = (p_o - p_e) / (1 - p_e)
//
// with p_o the share of hospitals on both lists or on neither, and p_e what it
// would be by chance. All lie in [0, 1], Kappa in [-1, 1]. Measures whose
// denominator is 0 are undefined
// (zero_denominator), among them all for two empty lists, and Kappa where chance
// alone agrees fully.
//
// P. Jaccard, New Phytologist 11:37-50, 1912; J. Cohen, Educational and
// Psychological Measurement 20:37-46, 1960.
func Agree(a, b List, all []string) Agreement {
	out := Agreement{A: a, B: b}
	all = tidy(append(append(append([]string{}, all...), a.Hospitals...), b.Hospitals...))
	for _, h := range all {
		switch inA, inB := a.Has(h), b.Has(h); {
		case inA && inB:
			out.Both = append(out.Both, h)
		case inA:
			out.OnlyA = append(out.OnlyA, h)
		case inB:
			out.OnlyB = append(out.OnlyB, h)
		}
	}
	both, onlyA, onlyB := float64(len(out.Both)), float64(len(out.OnlyA)), float64(len(out.OnlyB))
	out.measure(exact(both), exact(onlyA), exact(onlyB))
	n := float64(len(all))
	agree := (n - onlyA - onlyB) / n
	pA, pB := (both+onlyA)/n, (both+onlyB)/n
	chance := pA*pB + (1-pA)*(1-pB)
	out.Kappa = referral.ExactResult((agree - chance) / (1 - chance))
	if n == 0 || chance == 1 {
		out.Kappa = referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	return out
}

// AgreeWeighted is Agree with each hospital counting for its patients; a
// hospital without a volume counts for none. Volumes within bounds give exact
// bounds. Kappa is that of Agree.
func AgreeWeighted(a, b List, volumes []Volume) Agreement {
	patients := map[string]referral.Cell{}
	var all []string
	for _, v := range volumes {
		patients[v.Hospital] = patients[v.Hospital].Add(v.Patients)
		all = append(all, v.Hospital)
	}
	out := Agree(a, b, all)
	sum := func(list []string) span {
		var c referral.Cell
		for _, h := range list {
			c = c.Add(patients[h])
		}
		return span{c.Lo, c.Hi}
	}
	out.measure(sum(out.Both), sum(out.OnlyA), sum(out.OnlyB))
	return out
}

// span is a number known within bounds.
type span struct{ lo, hi float64 }

func exact(v float64) span { return span{v, v} }

// measure fills in the measures; each increases in both and decreases in the
// rest, so their bounds are at the corners.
func (a *Agreement) measure(both, onlyA, onlyB span) {
	of := func(restLo, restHi, weight float64) referral.Result {
		r := referral.ShareOf(referral.Between(weight*both.lo, weight*both.hi), referral.Between(restLo, restHi), referral.ReasonZeroDenominator).Result
		r.N = 0 // hospitals, not patients
		return r
	}
	a.Jaccard = of(onlyA.lo+onlyB.lo, onlyA.hi+onlyB.hi, 1)
	a.Precision = of(onlyA.lo, onlyA.hi, 1)
	a.Recall = of(onlyB.lo, onlyB.hi, 1)
	a.F1 = of(onlyA.lo+onlyB.lo, onlyA.hi+onlyB.hi, 2)
}
