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
	ReasonSupport = "support" // a node must have weight but no edge can carry it
	ReasonTotals  = "totals"  // what goes out and what comes in do not add up to the same
)

// InfeasibleError says why no matrix meets the demands. It wraps
// [ErrInfeasible].
type InfeasibleError struct {
	Reason string // ReasonSupport or ReasonTotals
	Node   string // key of the node without support; empty for totals
}

// Error names the reason and the node.
func (e *InfeasibleError) Error() string {
	s := fmt.Sprintf("structure: %v: %s", ErrInfeasible, e.Reason)
	if e.Node != "" {
		s += fmt.Sprintf(": node %q", e.Node)
	}
	return s
}

// Unwrap returns [ErrInfeasible].
func (e *InfeasibleError) Unwrap() error { return ErrInfeasible }
