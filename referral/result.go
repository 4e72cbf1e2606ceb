// SPDX-License-Identifier: Apache-2.0

package referral

import "math"

// Status says how a [Result] may be read.
type Status uint8

// The statuses.
const (
	OK         Status = iota // Value is the value
	Bounded                  // the value lies between Lo and Hi, guaranteed
	Envelope                 // the value was seen between Lo and Hi in samples; nothing is guaranteed
	Undefined                // the measure has no value here, such as 0/0; Reason says why
	Infeasible               // no table agrees with what is known
	Suppressed               // withheld to protect small counts
	Disclosed                // what is known gives a suppressed count away; not to be published
)

var statusNames = [...]string{"ok", "bounded", "envelope", "undefined", "infeasible", "suppressed", "disclosed"}

// String returns the status in lower case, as written in output files.
func (s Status) String() string { return nameOf(statusNames[:], uint8(s)) }

// Reasons of a [Result] that is not exact. They are written to output
// files and do not change.
const (
	ReasonZeroRow         = "zero_row"         // nobody has this origin
	ReasonZeroColumn      = "zero_column"      // nobody was treated here
	ReasonZeroDenominator = "zero_denominator" // another division by zero
	ReasonUnknownClass    = "unknown_class"    // the table has no such class
	ReasonNoRow           = "no_row"           // the class is never listed as an origin
	ReasonUnlisted        = "unlisted_cells"   // pairs that are not listed may have patients
	ReasonSetValued       = "set_valued"       // a set-valued class stands for one of several
	ReasonUnknownCells    = "unknown_cells"    // listed cells are not exact
	ReasonZeroPossible    = "zero_possible"    // bounds, but the denominator may be zero and the value undefined
	ReasonOneClass        = "one_class"        // a spread needs two classes
	ReasonOnePatient      = "one_patient"      // the estimate needs two patients
	ReasonNoDistance      = "no_distance"      // a distance is not known

	ReasonTotals    = "contradicting_totals" // infeasible: published totals and cells contradict each other
	ReasonRecovered = "recovered_cell"       // disclosed: totals and cells give a suppressed cell away
)

// Result is the value of a measure with what is known about it.
type Result struct {
	Value  float64 // the value; NaN unless Status is OK
	Lo, Hi float64 // bounds, both included; equal to Value when Status is OK, NaN when there is no value
	Status Status
	Reason string // why Status is not OK; one of the Reason constants, or empty
	N      int    // the count the value rests on, in the table's unit; 0 when it is not known or does not apply
}

// Scoped is a [Result] and the class it is about.
type Scoped struct {
	Scope string // label of the class; empty for the table as a whole
	Result
}

// Paired is a [Result] and the pair of classes it is about.
type Paired struct {
	Origin, Destination string
	Result
}

// Share is a proportion of a count with the two counts it is made of, so that
// an interval can be put around it: Result is Part/Whole with Part counted in
// Whole, between 0 and 1, or undefined where Whole is 0. The bounds of Result
// are joint: they can be tighter than the bounds of Part over those of Whole.
type Share struct {
	Origin, Destination string // classes it is about; empty where it is about all of them
	Part, Whole         Cell
	Result
}

// ExactResult returns a result whose value is known.
func ExactResult(v float64) Result { return Result{Value: v, Lo: v, Hi: v} }

// BoundedResult returns a result known to lie between lo and hi, both
// included; bounds that meet give an exact result without a reason.
func BoundedResult(lo, hi float64, reason string) Result {
	if lo == hi {
		return ExactResult(lo)
	}
	return Result{Value: math.NaN(), Lo: lo, Hi: hi, Status: Bounded, Reason: reason}
}

// UndefinedResult returns a result that has no value, and why.
func UndefinedResult(reason string) Result {
	nan := math.NaN()
	return Result{Value: nan, Lo: nan, Hi: nan, Status: Undefined, Reason: reason}
}

// InfeasibleResult returns a result of a table that contradicts itself, and why.
func InfeasibleResult(reason string) Result {
	r := UndefinedResult(reason)
	r.Status = Infeasible
	return r
}

// DisclosedResult returns a result that is withheld because the table gives a
// suppressed cell away.
func DisclosedResult() Result {
	r := UndefinedResult(ReasonRecovered)
	r.Status = Disclosed
	return r
}

// String returns the value, the bounds or "status: reason".
func (r Result) String() string {
	switch {
	case r.Status == OK:
		return number(r.Value)
	case r.Status == Bounded || r.Status == Envelope:
		return span(r.Lo, r.Hi)
	case r.Reason == "":
		return r.Status.String()
	}
	return r.Status.String() + ": " + r.Reason
}
