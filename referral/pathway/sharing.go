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
	count := map[[2]string]int{}
	for p := range l.Pathways() {
		route := p.Route()
		slices.Sort(route)
		route = slices.Compact(route)
		for i, a := range route {
			for _, b := range route[i+1:] {
				if a != referral.DestinationUnknown && b != referral.DestinationUnknown {
					count[[2]string{a, b}]++
				}
			}
		}
	}
	var out []Sharing
	for pair, n := range count {
		out = append(out, Sharing{pair[0], pair[1], n})
	}
	slices.SortFunc(out, func(x, y Sharing) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	return out
}
