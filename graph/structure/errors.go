// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"errors"
	"fmt"
)

// The conditions that errors of this package wrap; test for them with
// [errors.Is].
var (
	// ErrNotConverged says that an iteration stopped before its result was
	// exact enough.
	ErrNotConverged = errors.New("not converged")
	// ErrInfeasible says that no matrix meets the demands.
	ErrInfeasible = errors.New("infeasible")
	// ErrCounts says that weights are not whole numbers where the model is
	// one of counts.
	ErrCounts = errors.New("weights are not whole numbers")
)

// ConvergenceError tells how far an iteration came. It wraps
// [ErrNotConverged].
type ConvergenceError struct {
	What       string  // what was computed
	Iterations int     // iterations done
	Residual   float64 // largest error left, as a share of the value it concerns
}

// Error says what was computed and how far it came.
func (e *ConvergenceError) Error() string {
	return fmt.Sprintf("structure: %s: %v after %d iterations: error %.3g", e.What, ErrNotConverged, e.Iterations, e.Residual)
}

// Unwrap returns [ErrNotConverged].
func (e *ConvergenceError) Unwrap() error { return ErrNotConverged }

// The reasons of an [InfeasibleError].
const (
	ReasonSupport = "support" // the edges cannot carry what nodes must send or receive
	ReasonTotals  = "totals"  // what goes out and what comes in do not add up to the same
)

// InfeasibleError says why no matrix meets the demands. It wraps
// [ErrInfeasible].
//
// For ReasonSupport it names a conflict: either the senders must send more than
// the receivers take, and have edges to no others, or the receivers must receive
// more than the senders send, and have edges from no others.
type InfeasibleError struct {
	Reason    string   // ReasonSupport or ReasonTotals
	Senders   []string // keys of the senders at odds; none for totals
	Receivers []string // keys of the receivers at odds; none for totals
}

// Error names the reason and the nodes, up to ten on each side.
func (e *InfeasibleError) Error() string {
	s := fmt.Sprintf("structure: %v: %s", ErrInfeasible, e.Reason)
	if e.Reason == ReasonSupport {
		s += fmt.Sprintf(": senders %s against receivers %s", some(e.Senders), some(e.Receivers))
	}
	return s
}

// Unwrap returns [ErrInfeasible].
func (e *InfeasibleError) Unwrap() error { return ErrInfeasible }

// some lists the first ten keys.
func some(keys []string) string {
	const most = 10
	if len(keys) > most {
		return fmt.Sprintf("%q and %d more", keys[:most], len(keys)-most)
	}
	return fmt.Sprintf("%q", keys)
}
