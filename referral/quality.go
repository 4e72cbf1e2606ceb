// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Fault names what was found in the input of a log. The words are written to
// output files and do not change.
type Fault string

// The faults that refuse a row.
const (
	FaultPatient Fault = "no_patient"    // the patient identifier is empty
	FaultDate    Fault = "bad_date"      // not a date, or one that does not exist
	FaultUntil   Fault = "ends_before"   // the stay ends before it begins
	FaultSeq     Fault = "bad_seq"       // not a whole number from 1
	FaultYear    Fault = "bad_year"      // not a year from 1800 to 2200
	FaultLayer   Fault = "unknown_layer" // not one of the layers
	FaultKind    Fault = "no_event_kind" // an event of which nothing says what it is
	FaultText    Fault = "bad_text"      // a text that is too long, has control characters or is not UTF-8
)

// The faults after which a row is taken with a change, or left out as a copy.
const (
	FaultCopy       Fault = "copy"                // the row repeats another one in every column that is read, hospitals as they are in the log
	FaultMerged     Fault = "merged_hospital"     // the hospital was replaced by what it is on the date of the landscape
	FaultHospital   Fault = "unknown_hospital"    // not in the landscape: where it was is not known
	FaultSplit      Fault = "split_hospital"      // became several hospitals: where it was is not known
	FaultNoHospital Fault = "no_hospital"         // an event without a hospital: where it was is not known
	FaultNoTumor    Fault = "no_tumor"            // taken as the patient's only tumor, if there is exactly one
	FaultFirstVisit Fault = "first_visits_differ" // several hospitals of first visit: the earliest counts, or it is not known which
)

// The faults after which a row is taken as it is.
const (
	FaultNoKind      Fault = "no_treatment_kind"  // a treatment of which nothing says what it is
	FaultOtherKind   Fault = "unknown_kind"       // a kind of care or status that is not known, and taken as no treatment, death or end
	FaultNoDate      Fault = "no_date"            // the event has no date
	FaultNoFirst     Fault = "no_first_visit"     // nothing says where the patient's first visit was
	FaultYears       Fault = "years_differ"       // several years of diagnosis for one tumor
	FaultSeqTwice    Fault = "seq_twice"          // different rows of a patient have the same seq
	FaultOrder       Fault = "seq_against_date"   // the dates go back where seq goes on
	FaultBeforeFirst Fault = "before_first_visit" // care dated before the first visit
	FaultAfterDeath  Fault = "after_death"        // dated after death
)

// Decision says what was done about a fault.
type Decision uint8

// The decisions.
const (
	Noted    Decision = iota // the row is in the log as it is
	Repaired                 // the row is in the log, changed as the fault says
	LeftOut                  // the row is not in the log, as it repeats another one
	Refused                  // the row is not in the log
)

var decisionNames = []string{"noted", "repaired", "left out", "refused"}

// String returns the decision in lower case.
func (d Decision) String() string { return nameOf(decisionNames, uint8(d)) }

// MarshalText returns the same text as String.
func (d Decision) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// maxPlaces is the number of lines that a finding gives.
const maxPlaces = 10

// Finding is one kind of fault, with the number of rows and the first places.
type Finding struct {
	Fault    Fault
	Decision Decision
	Count    int64
	Lines    []int64 // the first ten lines of the input, in order
}

// String returns the finding in one line.
func (f Finding) String() string {
	lines := make([]string, len(f.Lines))
	for i, l := range f.Lines {
		lines[i] = fmt.Sprint(l)
	}
	more := ""
	if f.Count > int64(len(f.Lines)) {
		more = ", ..."
	}
	return fmt.Sprintf("%s %s: %d (line %s%s)", f.Decision, f.Fault, f.Count, strings.Join(lines, ", "), more)
}

// Quality says what became of the rows of an input, and what the log that was
// made of them holds. It never names a patient.
type Quality struct {
	File    string
	Layout  LogLayout
	Rows    int64 // rows read: Events + LeftOut + Refused
	Events  int64 // rows that are in the log
	LeftOut int64 // copies that are not
	Refused int64

	Patients      int64
	Cases         int64     // pairs of a patient and a tumor; equal to Patients when each has one tumor
	Treated       int64     // cases with a treatment
	Untreated     int64     // cases without
	DiedUntreated int64     // cases without a treatment of patients who died
	NoOrigin      int64     // cases without a known first visit
	Findings      []Finding // refused, left out, repaired, noted; within each by fault
}

// Count returns the number of rows with a fault.
func (q Quality) Count(f Fault) int64 {
	var n int64
	for _, g := range q.Findings {
		if g.Fault == f {
			n += g.Count
		}
	}
	return n
}

// Decided returns the number of findings on which a decision was taken; a row
// can have several.
func (q Quality) Decided(d Decision) int64 {
	var n int64
	for _, g := range q.Findings {
		if g.Decision == d {
			n += g.Count
		}
	}
	return n
}

// String returns the report as lines of text.
func (q Quality) String() string {
	var b strings.Builder
	file := q.File
	if file == "" {
		file = "input"
	}
	fmt.Fprintf(&b, "%s: layout %s\n", file, q.Layout)
	fmt.Fprintf(&b, "rows read %d, in the log %d, left out as copies %d, refused %d\n", q.Rows, q.Events, q.LeftOut, q.Refused)
	fmt.Fprintf(&b, "patients %d, cases %d, treated %d, untreated %d (died %d), without first visit %d\n",
		q.Patients, q.Cases, q.Treated, q.Untreated, q.DiedUntreated, q.NoOrigin)
	for _, f := range q.Findings {
		fmt.Fprintln(&b, f)
	}
	return b.String()
}

// QualityError says that a log was not made because rows were refused. It
// matches [ErrQuality].
type QualityError struct{ Quality Quality }

// Error gives the number of refused rows and the first finding.
func (e *QualityError) Error() string {
	q := e.Quality
	s := fmt.Sprintf("referral: %d of %d rows refused", q.Refused, q.Rows)
	if q.File != "" {
		s = fmt.Sprintf("%s: %d of %d rows refused", q.File, q.Refused, q.Rows)
	}
	if len(q.Findings) > 0 {
		s += ", the first as " + strings.TrimPrefix(q.Findings[0].String(), "refused ")
	}
	return s
}

// Unwrap returns [ErrQuality].
func (e *QualityError) Unwrap() error { return ErrQuality }

// findings collects findings. Equal sets of rows give equal findings, whatever
// the order.
type findings struct{ list []finding }

type finding struct {
	fault    Fault
	decision Decision
	count    int64
	lines    []uint32 // the smallest, in order
}

func newFindings() findings { return findings{} }

func (s *findings) at(f Fault, d Decision) *finding {
	for i := range s.list {
		if s.list[i].fault == f && s.list[i].decision == d {
			return &s.list[i]
		}
	}
	s.list = append(s.list, finding{fault: f, decision: d})
	return &s.list[len(s.list)-1]
}

func (s *findings) add(f Fault, d Decision, line uint32) {
	g := s.at(f, d)
	g.count++
	g.place(line)
}

// place keeps a line if it is among the smallest.
func (g *finding) place(line uint32) {
	if len(g.lines) == maxPlaces {
		if line >= g.lines[maxPlaces-1] {
			return
		}
		g.lines = g.lines[:maxPlaces-1]
	}
	i, _ := slices.BinarySearch(g.lines, line)
	g.lines = slices.Insert(g.lines, i, line)
}

func (s *findings) merge(o *findings) {
	for _, f := range o.list {
		g := s.at(f.fault, f.decision)
		g.count += f.count
		for _, line := range f.lines {
			g.place(line)
		}
	}
}

// report gives the findings in the order of a report.
func (s *findings) report() []Finding {
	out := make([]Finding, 0, len(s.list))
	for _, f := range s.list {
		g := Finding{Fault: f.fault, Decision: f.decision, Count: f.count}
		for _, l := range f.lines {
			g.Lines = append(g.Lines, int64(l))
		}
		out = append(out, g)
	}
	slices.SortFunc(out, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(b.Decision, a.Decision), cmp.Compare(a.Fault, b.Fault))
	})
	return out
}
