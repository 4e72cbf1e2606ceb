// SPDX-License-Identifier: Apache-2.0

// Package linear solves small linear programs over counts: variables and sums
// of variables between bounds. It keeps the basis between objectives, so that
// the smallest and largest value of many variables of one problem cost little,
// and says which bounds an optimum rests on.
package linear

import (
	"errors"
	"fmt"
	"math"
)

// Term is a variable of a sum with its coefficient.
type Term struct {
	Var  int
	Coef float64
}

// Row is a sum that lies between two bounds, both included; infinite for none.
type Row struct {
	Terms  []Term
	Lo, Hi float64
}

// Problem holds the bounds of variables and of sums of them.
type Problem struct {
	Lo, Hi []float64 // by variable; infinite for none
	Rows   []Row
}

// ErrProblem is matched by errors about a problem that makes no sense: bounds
// that are no numbers, an index out of range, lengths that differ.
var ErrProblem = errors.New("not a linear problem")

// ErrNumeric is returned when rounding errors got out of hand or the iterations
// ran out.
var ErrNumeric = errors.New("linear: no solution within the accuracy of the arithmetic")

// InfeasibleError says that no values satisfy a problem, and gives the rows and
// the variables whose bounds contradict each other: a certificate after
// Farkas, small but not always irreducible.
type InfeasibleError struct{ Rows, Vars []int }

// Error gives the sizes of the certificate.
func (e *InfeasibleError) Error() string {
	return fmt.Sprintf("linear: %d sums and %d variables contradict each other", len(e.Rows), len(e.Vars))
}

// Optimum is the smallest value of a sum.
type Optimum struct {
	// Value is the smallest value, -Inf if there is none. Bound is no more
	// than it: what the multipliers of the rows prove, up to 1e-9 for each of
	// them. The two agree unless rounding has spoiled the solution.
	Value, Bound float64
	X            []float64 // values of the variables there; of a ray's start if unbounded
	Rows, Vars   []int     // whose bounds the value rests on
}

const (
	feasible  = 1e-9 // how far a bound may be passed, for numbers of size 1
	optimal   = 1e-9 // smallest gain that counts
	tiny      = 1e-9 // smallest pivot
	refactor  = 100  // pivots between fresh inverses
	tolerance = 1e-7 // largest error of a solution
)

func (p Problem) check() error {
	if len(p.Lo) != len(p.Hi) {
		return fmt.Errorf("linear: %d lower and %d upper bounds: %w", len(p.Lo), len(p.Hi), ErrProblem)
	}
	bounds := func(lo, hi float64) bool {
		return !math.IsNaN(lo) && !math.IsNaN(hi) && !math.IsInf(lo, 1) && !math.IsInf(hi, -1)
	}
	for j := range p.Lo {
		if !bounds(p.Lo[j], p.Hi[j]) {
			return fmt.Errorf("linear: variable %d between %v and %v: %w", j, p.Lo[j], p.Hi[j], ErrProblem)
		}
	}
	for i, r := range p.Rows {
		if !bounds(r.Lo, r.Hi) {
			return fmt.Errorf("linear: row %d between %v and %v: %w", i, r.Lo, r.Hi, ErrProblem)
		}
		if err := p.checkTerms(r.Terms); err != nil {
			return err
		}
	}
	return nil
}

func (p Problem) checkTerms(terms []Term) error {
	for _, t := range terms {
		if t.Var < 0 || t.Var >= len(p.Lo) || math.IsNaN(t.Coef) || math.IsInf(t.Coef, 0) {
			return fmt.Errorf("linear: %v times variable %d of %d: %w", t.Coef, t.Var, len(p.Lo), ErrProblem)
		}
	}
	return nil
}
