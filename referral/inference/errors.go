// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/oncoref/oncoref/referral"
)

// ErrInput is matched by errors about a number, a config or a method that
// cannot be used.
var ErrInput = errors.New("inference: unusable input")

// ErrUnknown is matched by errors about counts that are too little known for
// what was asked: unlisted pairs that may have patients, or more completions
// than are looked at.
var ErrUnknown = errors.New("inference: counts not known")

// InputError says which value cannot be used, and what was expected. It
// matches [ErrInput].
type InputError struct {
	Field string // name of the parameter or the field of the config
	Value string
	Want  string
}

// Error gives the field, the value and what was expected.
func (e *InputError) Error() string {
	return fmt.Sprintf("inference: %s %s: expected %s", e.Field, e.Value, e.Want)
}

// Unwrap returns [ErrInput].
func (e *InputError) Unwrap() error { return ErrInput }

func badNumber(field string, v float64, want string) error {
	return &InputError{Field: field, Value: strconv.FormatFloat(v, 'g', -1, 64), Want: want}
}

// UnknownError says which flow is too little known. It matches [ErrUnknown].
type UnknownError struct {
	Origin, Destination string // empty where no single flow is to blame
	Cell                referral.Cell
	Want                string
}

// Error gives the flow, its cell and what was expected.
func (e *UnknownError) Error() string {
	if e.Origin == "" && e.Destination == "" {
		return "inference: expected " + e.Want
	}
	return fmt.Sprintf("inference: flow from %q to %q is %s: expected %s", e.Origin, e.Destination, e.Cell, e.Want)
}

// Unwrap returns [ErrUnknown].
func (e *UnknownError) Unwrap() error { return ErrUnknown }

// checkCounts accepts 0 <= x <= n with both finite.
func checkCounts(x, n float64) error {
	switch {
	case !(n >= 0) || math.IsInf(n, 1):
		return badNumber("n", n, "a finite count of at least 0")
	case !(x >= 0 && x <= n):
		return badNumber("x", x, "a count from 0 to n = "+strconv.FormatFloat(n, 'g', -1, 64))
	}
	return nil
}
