// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"errors"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph"
)

// The conditions that the errors of this package wrap; test for them with
// [errors.Is].
var (
	// ErrAlpha says that a [MixedDegreeConfig] has an Alpha outside [0, 1],
	// or a [KatzConfig] one that is not above 0 and below 1 / spectral radius.
	ErrAlpha = errors.New("alpha is outside its range")
	// ErrDirection says that a config has a [Direction] that does not exist
	// or that the measure does not have.
	ErrDirection = errors.New("unknown direction")
	// ErrLength says that a config has a [Length] that does not exist, or
	// that an edge gets a length above [graph.MaxWeight].
	ErrLength = errors.New("unusable length")
	// ErrConfig says that a field of a config is outside its range.
	ErrConfig = errors.New("setting outside its range")
	// ErrNotConverged says that an iteration reached its limit before its
	// tolerance. The error is a [*ConvergenceError].
	ErrNotConverged = errors.New("not converged")
	// ErrUndefined says that the measure has no value on this graph. The
	// error is an [*UndefinedError].
	ErrUndefined = errors.New("undefined")
)

// ConvergenceError says how far an iteration came. It wraps
// [ErrNotConverged].
type ConvergenceError struct {
	Measure    string
	Iterations int     // iterations done
	Residual   float64 // what was reached, as the Tolerance of the config counts it
	Tolerance  float64 // what was asked for
}

// Error names the measure, the iterations and the residual.
func (e *ConvergenceError) Error() string {
	return fmt.Sprintf("centrality: %s: %v after %d iterations: residual %.3g, expected at most %.3g",
		e.Measure, ErrNotConverged, e.Iterations, e.Residual, e.Tolerance)
}

// Unwrap returns [ErrNotConverged].
func (e *ConvergenceError) Unwrap() error { return ErrNotConverged }

// Reason is a reason why a measure is undefined.
type Reason string

// The reasons.
const (
	NoEdges    Reason = "no_edges"   // the graph has no edge that counts
	Acyclic    Reason = "acyclic"    // the graph has no cycle, so that its spectral radius is 0
	Degenerate Reason = "degenerate" // several parts of the graph share the largest value
)

// UndefinedError says why a measure has no value. It wraps [ErrUndefined].
type UndefinedError struct {
	Measure string
	Reason  Reason
}

// Error names the measure and the reason.
func (e *UndefinedError) Error() string {
	return fmt.Sprintf("centrality: %s: %v: %s", e.Measure, ErrUndefined, e.Reason)
}

// Unwrap returns [ErrUndefined].
func (e *UndefinedError) Unwrap() error { return ErrUndefined }

// badSetting is the error for a field of a config that is outside its range.
func badSetting(measure, field string, value any, want string) error {
	return fmt.Errorf("centrality: %s: %w: %s is %v, expected %s", measure, ErrConfig, field, value, want)
}

// checkNodes returns an error unless every index is a node of g.
func checkNodes(measure, field string, g *graph.Digraph, nodes []int) error {
	for _, i := range nodes {
		if i < 0 || i >= g.Len() {
			return badSetting(measure, field, i, fmt.Sprintf("a node from 0 to %d", g.Len()-1))
		}
	}
	return nil
}

// limits are the settings that all iterations have in common.
type limits struct {
	tolerance  float64
	iterations int
}

// limitsOf returns the settings with the defaults put in for 0.
func limitsOf(measure string, tolerance float64, iterations int, usual limits) (limits, error) {
	if !(tolerance >= 0) || math.IsInf(tolerance, 1) {
		return limits{}, badSetting(measure, "Tolerance", tolerance, "a number above 0")
	}
	if iterations < 0 {
		return limits{}, badSetting(measure, "MaxIterations", iterations, "a number above 0")
	}
	if tolerance == 0 {
		tolerance = usual.tolerance
	}
	if iterations == 0 {
		iterations = usual.iterations
	}
	return limits{tolerance, iterations}, nil
}
