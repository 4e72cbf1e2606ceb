// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"errors"
	"fmt"
	"strconv"
)

// MaxWeight is the largest weight of an edge, 2^960 (about 9.7e288). The
// limit leaves room for every sum of weights to stay finite, so that repeats
// can add up in any order without overflow.
const MaxWeight = 0x1p960

// The conditions that the errors of this package wrap; test for them with
// [errors.Is].
var (
	// ErrWeight says that a weight is not above 0 and at most [MaxWeight]:
	// it is zero, negative, infinite, NaN or too large.
	ErrWeight = errors.New("weight is not a number above 0 and at most 2^960")
	// ErrKey says that a key cannot name a node: it is empty, is not UTF-8,
	// is given twice where it may occur once, or cannot be written in the
	// format asked for.
	ErrKey = errors.New("unusable node key")
	// ErrUnknownNode says that a key names no node of the graph.
	ErrUnknownNode = errors.New("unknown node")
	// ErrTooLarge says that a graph would have more nodes (2^31-1) or more
	// edges (2^32-1, repeats counted) than can be numbered.
	ErrTooLarge = errors.New("graph too large")
)

// EdgeError is the error for one edge. It wraps [ErrWeight], [ErrKey] or
// [ErrTooLarge].
type EdgeError struct {
	From, To string  // keys of the edge, as given
	Weight   float64 // weight, as given
	Err      error   // condition
}

// Error names the edge, its weight and the condition.
func (e *EdgeError) Error() string {
	return fmt.Sprintf("graph: edge %s -> %s, weight %v: %v", quote(e.From), quote(e.To), e.Weight, e.Err)
}

// Unwrap returns the condition.
func (e *EdgeError) Unwrap() error { return e.Err }

// KeyError is the error for one node. It wraps [ErrKey], [ErrUnknownNode] or
// [ErrTooLarge].
type KeyError struct {
	Key  string // key, as given
	Want string // what was expected, if that is more than the condition says
	Err  error  // condition
}

// Error names the node, the condition and what was expected.
func (e *KeyError) Error() string {
	s := fmt.Sprintf("graph: node %s: %v", quote(e.Key), e.Err)
	if e.Want != "" {
		s += ": expected " + e.Want
	}
	return s
}

// Unwrap returns the condition.
func (e *KeyError) Unwrap() error { return e.Err }

// maxShown is the number of bytes of a key that an error repeats.
const maxShown = 60

func quote(s string) string {
	if len(s) > maxShown {
		return strconv.Quote(s[:maxShown]) + "..."
	}
	return strconv.Quote(s)
}
