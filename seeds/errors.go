// SPDX-License-Identifier: Apache-2.0

package seeds

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/oncoref/oncoref/internal/nearest"
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
	return &NotFoundError{Name: name, Close: nearest.Names(name, known)}
}
