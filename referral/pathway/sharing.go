// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"cmp"
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Sharing is the number of patients that two hospitals have in common.
type Sharing struct {
	A, B     string // A before B
	Patients int
}

// CountSharing counts for each pair of hospitals the patients who were in both,
// whatever the order and however often. It has no direction: measures of
// referral do not follow from it. Pairs without patients are left out; the
// result is sorted. Time O(Σ h²) for h hospitals of a patient.
//
// M. L. Barnett et al., Health Services Research 46:1592-1609, 2011.
func CountSharing(l *referral.Log) []Sharing {
	type worker struct {
		count map[[2]string]int
		route []string
	}
	start := func() *worker { return &worker{count: map[[2]string]int{}} }
	workers := referral.EachPathway(l, start, func(w *worker, p referral.Pathway) {
		w.route = p.AppendRoute(w.route[:0])
		if len(w.route) < 2 {
			return
		}
		slices.Sort(w.route)
		route := slices.Compact(w.route)
		for i, a := range route {
			for _, b := range route[i+1:] {
				if a != referral.DestinationUnknown && b != referral.DestinationUnknown {
					w.count[[2]string{a, b}]++
				}
			}
		}
	})
	count := map[[2]string]int{}
	for _, w := range workers {
		sum(count, w.count)
	}
	var out []Sharing
	for pair, n := range count {
		out = append(out, Sharing{pair[0], pair[1], n})
	}
	slices.SortFunc(out, func(x, y Sharing) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	return out
}

// sum adds counts to others.
func sum[K comparable](to, counts map[K]int) {
	for k, n := range counts {
		to[k] += n
	}
}
