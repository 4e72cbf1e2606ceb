// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/referral"
)

// step is what a patient adds to one flow.
type step struct {
	origin, destination string
	weight              float64
}

// pattern is what some patients add alike, and how many they are.
type pattern struct {
	steps    []step
	patients float64
}

// BootstrapPatients is [Bootstrap] for a log: patients are drawn with
// replacement, and each brings all that it adds to the flows. It differs from
// drawing over the cells of a table where a patient adds more or less than 1: several tumors,
// steps from hospital to hospital, fractions. The function of calls add for each
// flow of a patient, with a weight above 0; patients who add nothing are drawn too. Flows from or to a class
// that is no place ([referral.Beside]) are left out, as in [Matrix]. The function is
// called once for each patient, from one goroutine.
//
// WithinOrigins and Noise do not apply and give an [*InputError], and so do weights
// that are not above 0 and finite, and a log of which no patient adds anything. Otherwise as
// Bootstrap. Time O(B P), for B replicates and P different patterns of what
// patients add.
func BootstrapPatients(ctx context.Context, l *referral.Log, of func(p referral.Pathway, add func(origin, destination string, weight float64)),
	stats []Statistic, c BootstrapConfig) (*Resampling, error) {
	if c.WithinOrigins || c.Noise {
		return nil, &InputError{Field: "BootstrapConfig", Value: "with WithinOrigins or Noise", Want: "neither for patients of a log"}
	}
	patterns, err := readPatterns(ctx, l, of)
	if err != nil {
		return nil, err
	}
	var labels []string
	for _, p := range patterns {
		for _, s := range p.steps {
			labels = append(labels, s.origin, s.destination)
		}
	}
	slices.Sort(labels)
	labels = slices.Compact(labels)
	if len(labels) == 0 {
		return nil, &InputError{Field: "log", Value: "without flows", Want: "a patient who adds to a flow"}
	}
	n := len(labels)
	base := &Matrix{classes: labels, cells: make([]float64, n*n), barred: make([]bool, n*n)}
	weights := make([]float64, len(patterns))
	patients := 0.0
	type part struct {
		at     int
		weight float64
	}
	parts := make([][]part, len(patterns))
	for i, p := range patterns {
		weights[i] = p.patients
		patients += p.patients
		for _, s := range p.steps {
			o, _ := slices.BinarySearch(labels, s.origin)
			d, _ := slices.BinarySearch(labels, s.destination)
			parts[i] = append(parts[i], part{o*n + d, s.weight})
			base.cells[o*n+d] += s.weight * p.patients
		}
	}
	b := &bootstrap{base: base, stats: stats, config: c}
	b.draw = func(r replicate) {
		drawn := r.to.room(len(patterns))
		multinomial(stream(c.Seed, r.number), patients, patients, weights, drawn)
		clear(r.to.cells)
		for i, k := range drawn {
			for _, p := range parts[i] {
				r.to.cells[p.at] += k * p.weight
			}
		}
	}
	return b.run(ctx)
}

// readPatterns groups the patients of a log by what they add, in an order that
// depends on what that is.
func readPatterns(ctx context.Context, l *referral.Log, of func(referral.Pathway, func(string, string, float64))) ([]pattern, error) {
	seen := map[string]*pattern{}
	var steps []step
	var bad error
	add := func(origin, destination string, weight float64) {
		switch {
		case !(weight > 0) || math.IsInf(weight, 1):
			bad = badNumber("weight", weight, "a finite number above 0")
		case !referral.Beside(origin) && !referral.Beside(destination):
			steps = append(steps, step{origin, destination, weight})
		}
	}
	count := 0
	for p := range l.Pathways() {
		if count++; count%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		steps = steps[:0]
		if of(p, add); bad != nil {
			return nil, bad
		}
		slices.SortFunc(steps, func(a, b step) int {
			return cmp.Or(cmp.Compare(a.origin, b.origin), cmp.Compare(a.destination, b.destination), cmp.Compare(a.weight, b.weight))
		})
		var key strings.Builder
		for _, s := range steps {
			fmt.Fprintf(&key, "%q %q %b;", s.origin, s.destination, s.weight)
		}
		k := seen[key.String()]
		if k == nil {
			k = &pattern{steps: slices.Clone(steps)}
			seen[key.String()] = k
		}
		k.patients++
	}
	keys := make([]string, 0, len(seen))
	for k := range seen {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	out := make([]pattern, len(keys))
	for i, k := range keys {
		out[i] = *seen[k]
	}
	return out, ctx.Err()
}
