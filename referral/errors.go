// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"errors"
	"fmt"
	"strings"

	"github.com/oncoref/oncoref/internal/delimited"
)

// InputError says where a flow table file is wrong: File, Line and Column
// (from 1; 0 when the file or the line as a whole is meant; Column is the byte
// at which the field starts), Field, the offending Value, and Want, what was
// expected there.
type InputError = delimited.Error

// ErrNoClass is matched by errors that name labels which are not in the table
// or not in the partition.
var ErrNoClass = errors.New("unknown class")

// ErrClash is matched by errors about tables that may not be combined.
var ErrClash = errors.New("tables do not combine")

// ErrCell is matched by errors about a cell that does not allow what was asked.
var ErrCell = errors.New("cell not usable")

// ErrEmpty is returned for an input of a log that has no rows.
var ErrEmpty = errors.New("referral: no rows")

// ErrQuality is matched by errors about an input that is not good enough for a
// log.
var ErrQuality = errors.New("input not good enough")

// ErrRule is matched by errors about rules that cannot be followed.
var ErrRule = errors.New("rule cannot be followed")

// ClassError names the labels that an operation could not place. It matches
// [ErrNoClass].
type ClassError struct {
	Want   string   // where the labels were expected
	Labels []string // sorted
}

// maxListed is the number of labels that an error message repeats.
const maxListed = 10

// Error gives the labels, at most ten of them.
func (e *ClassError) Error() string {
	shown := make([]string, 0, maxListed)
	for _, l := range e.Labels[:min(len(e.Labels), maxListed)] {
		shown = append(shown, fmt.Sprintf("%q", l))
	}
	more := ""
	if n := len(e.Labels) - len(shown); n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	return fmt.Sprintf("referral: not %s: %s%s", e.Want, strings.Join(shown, ", "), more)
}

// Unwrap returns [ErrNoClass].
func (e *ClassError) Unwrap() error { return ErrNoClass }

// ClashError says why two tables do not combine. It matches [ErrClash].
type ClashError struct {
	Field     string // what clashes: a field of [Meta], or "patients" when they would be counted twice
	Have, Got string // the two values, or the places of the double count
}

// Error gives the field and both values.
func (e *ClashError) Error() string {
	if e.Field == "patients" {
		return fmt.Sprintf("referral: merging would count the same patients twice: %s, and %s", e.Have, e.Got)
	}
	return fmt.Sprintf("referral: tables disagree on %s: %q and %q", e.Field, e.Have, e.Got)
}

// Unwrap returns [ErrClash].
func (e *ClashError) Unwrap() error { return ErrClash }

// CellError names a flow whose cell does not allow what was asked. It matches
// [ErrCell].
type CellError struct {
	Origin, Destination string
	Cell                Cell
	Want                string
}

// Error gives the flow, its cell and what was expected.
func (e *CellError) Error() string {
	return fmt.Sprintf("referral: flow %q to %q is %v: expected %s", e.Origin, e.Destination, e.Cell, e.Want)
}

// Unwrap returns [ErrCell].
func (e *CellError) Unwrap() error { return ErrCell }
