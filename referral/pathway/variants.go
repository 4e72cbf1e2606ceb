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
	type worker struct {
		count map[string]*int // a pointer, so that only a new way allocates its key
		n     int
		route []string
		steps []byte
	}
	start := func() *worker { return &worker{count: map[string]*int{}} }
	workers := referral.EachPathway(l, start, func(w *worker, p referral.Pathway) {
		last := ""
		w.steps = w.steps[:0]
		add := func(s string) {
			if s == "" || s == last {
				return
			}
			if last != "" {
				w.steps = append(w.steps, separator...)
			}
			last = s
			w.steps = append(w.steps, s...)
		}
		switch by {
		case ByTreatment:
			for i := range p.Len() {
				if p.IsTreatment(i) {
					add(p.Event(i).Kind)
				}
			}
		case ByRoute, ByGroup:
			w.route = p.AppendRoute(w.route[:0])
			for _, h := range w.route {
				if g, ok := group[h]; ok && by == ByGroup {
					h = g
				}
				add(h)
			}
		}
		if len(w.steps) == 0 {
			return
		}
		w.n++
		k := w.count[string(w.steps)]
		if k == nil {
			k = new(int)
			w.count[string(w.steps)] = k
		}
		*k++
	})
	count := map[string]int{}
	n := 0
	for _, w := range workers {
		n += w.n
		for key, k := range w.count {
			count[key] += *k
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
