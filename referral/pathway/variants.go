// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"cmp"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/referral"
)

// Variant is a way through care and how many patients took it.
type Variant struct {
	Steps      []string
	Patients   int
	Share      float64 // of the patients with a way
	Cumulative float64 // of this variant and all above it
}

// VariantBy says what the steps of a variant are.
type VariantBy uint8

// What steps are.
const (
	ByRoute     VariantBy = iota // hospitals, without consecutive repeats
	ByTreatment                  // kinds of treatment, in order, without consecutive repeats
	ByGroup                      // groups of a partition, without consecutive repeats
)

// Variants returns the ways of the patients of a log, the most frequent first,
// equally frequent ones in the order of their steps. Cumulative tells how few
// ways cover most patients. group maps hospitals for ByGroup and is otherwise
// not used; a hospital without a group keeps its own label. Patients without
// steps are left out. Rare ways can identify a patient: do not publish those of
// fewer than five.
//
// Time O(n log n) for n events.
func Variants(l *referral.Log, by VariantBy, group map[string]string) []Variant {
	const separator = "\x00"
	count := map[string]int{}
	n := 0
	for p := range l.Pathways() {
		var steps []string
		add := func(s string) {
			if s != "" && (len(steps) == 0 || steps[len(steps)-1] != s) {
				steps = append(steps, s)
			}
		}
		switch by {
		case ByTreatment:
			for i := range p.Len() {
				if p.IsTreatment(i) {
					add(p.Event(i).Kind)
				}
			}
		case ByRoute, ByGroup:
			for _, h := range p.Route() {
				if g, ok := group[h]; ok && by == ByGroup {
					h = g
				}
				add(h)
			}
		}
		if len(steps) > 0 {
			count[strings.Join(steps, separator)]++
			n++
		}
	}
	out := make([]Variant, 0, len(count))
	for key, k := range count {
		out = append(out, Variant{Steps: strings.Split(key, separator), Patients: k, Share: float64(k) / float64(n)})
	}
	slices.SortFunc(out, func(a, b Variant) int {
		return cmp.Or(cmp.Compare(b.Patients, a.Patients), slices.Compare(a.Steps, b.Steps))
	})
	sum := 0
	for i := range out {
		sum += out[i].Patients
		out[i].Cumulative = float64(sum) / float64(n)
	}
	return out
}
