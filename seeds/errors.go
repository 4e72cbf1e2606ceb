// SPDX-License-Identifier: Apache-2.0

package seeds

import (
	"cmp"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// NotFoundError says that there is no dataset or file of a name. It matches
// [fs.ErrNotExist].
type NotFoundError struct {
	Name  string   // what was asked for
	Close []string // names like it, the closest first; may be empty
}

// Error gives the name and what may have been meant.
func (e *NotFoundError) Error() string {
	s := fmt.Sprintf("seeds: no dataset or file %q", e.Name)
	if len(e.Close) > 0 {
		s += "; did you mean " + strings.Join(e.Close, " or ") + "?"
	}
	return s
}

// Unwrap returns [fs.ErrNotExist].
func (e *NotFoundError) Unwrap() error { return fs.ErrNotExist }

// KindError says that a dataset is of another kind than a function reads.
type KindError struct {
	Name       string
	Kind, Want Kind
}

// Error names the dataset and both kinds.
func (e *KindError) Error() string {
	return fmt.Sprintf("seeds: %s is a %s, not a %s", e.Name, e.Kind, e.Want)
}

// IntegrityError says that an embedded file is not what a manifest records.
type IntegrityError struct {
	File      string
	What      string // the property that differs, such as "sha256"
	Got, Want string
}

// Error names the file, the property and both values.
func (e *IntegrityError) Error() string {
	return fmt.Sprintf("seeds: %s: %s is %q, want %q", e.File, e.What, e.Got, e.Want)
}

// maxClose is how many names a [NotFoundError] offers.
const maxClose = 3

// maxAsked is the length in bytes beyond which a name is compared in part.
const maxAsked = 200

// notFound makes the error for an unknown name of a dataset, or of a file if
// it has a slash or is the name of a dataset.
func notFound(name string, all []Manifest) *NotFoundError {
	var known []string
	for _, m := range all {
		if !strings.Contains(name, "/") && m.Name != name {
			known = append(known, m.Name)
			continue
		}
		for _, f := range m.Files {
			known = append(known, m.Name+"/"+f.Path)
		}
	}
	return &NotFoundError{Name: name, Close: closest(name[:min(len(name), maxAsked)], known)}
}

// closest returns the few names that are most like s: those that contain it,
// or else those at a small edit distance, the nearest first.
func closest(s string, names []string) []string {
	type scored struct {
		name  string
		score int
	}
	s = strings.ToLower(s)
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
