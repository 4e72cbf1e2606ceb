// SPDX-License-Identifier: Apache-2.0

// Package nearest finds the name that somebody meant.
package nearest

import (
	"cmp"
	"slices"
	"strings"
)

const (
	maxClose = 3   // names that are returned
	maxAsked = 200 // bytes beyond which a name is compared in part
)

// Names returns the few names that are most like s, whatever the case: those that
// contain it, or else those at a small edit distance, the nearest first. Of a very
// long s only the start counts. Time O(n) edit distances for n names.
func Names(s string, names []string) []string {
	type scored struct {
		name  string
		score int
	}
	s = strings.ToLower(s[:min(len(s), maxAsked)])
	var inside, near []scored
	for _, n := range names {
		if s != "" && strings.Contains(strings.ToLower(n), s) {
			inside = append(inside, scored{n, len(n)})
		} else if d := distance(s, strings.ToLower(n)); d <= max(len(s), len(n))/4 {
			near = append(near, scored{n, d})
		}
	}
	if len(inside) > 0 {
		near = inside
	}
	slices.SortFunc(near, func(a, b scored) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.name, b.name))
	})
	near = near[:min(len(near), maxClose)]
	out := make([]string, 0, len(near))
	for _, n := range near {
		out = append(out, n.name)
	}
	return out
}

// distance is the number of bytes to insert, delete or replace to make b of a
// (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, diagonal+1, row[j]+1)
		}
	}
	return row[len(b)]
}
