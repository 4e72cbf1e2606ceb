// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
)

// Rule says how the events of a log become flows. The zero value is the rule of
// the published figures at the level of hospitals: from the hospital of the
// first visit to that of the first treatment outside it, else to itself. What a
// rule says stands in the [Meta] of the table.
//
// A patient is counted once for each tumor. The period of a case is decided by
// its year of diagnosis if the input gives it, else by the day of the first
// visit (under Diagnosis, of the diagnosis), else by its earliest dated event.
type Rule struct {
	Origin      OriginRule         // zero means FirstVisit; or Diagnosis, for logs of events
	Destination DestinationRule    // zero means AnyOutside
	Partition   *network.Partition // groups of hospitals that are the classes; nil means hospitals
	Tumor       string             // cases of this tumor only; empty means all
	Modality    string             // treatments of this kind only, and cases that have one; empty means all
	Period      network.Period     // cases that begin in it; zero means all
	Where       []Condition        // cases that have an event with each of these only
	// WithoutTypes lists types of hospitals that do not count as places of
	// treatment, as published figures leave out independent radiotherapy
	// institutes. Cases treated nowhere else are left out, and counted in a note.
	// It needs LogConfig.Within.
	WithoutTypes []network.HospitalType
	ByTumor      bool             // a slice for each tumor
	ByModality   bool             // a slice for each kind of treatment; a case has its own destination in each
	ByYear       bool             // a slice for each calendar year
	Slices       []network.Period // a slice for each of these, which must not overlap; not together with ByYear
	Title        string
}

// Condition selects events by the value of an attribute.
type Condition struct{ Attribute, Value string }

// Names of slices for what has no name in the input.
const (
	TumorUnknown    = "tumor_unknown"
	ModalityUnknown = "modality_unknown"
)

// RuleError says why a rule cannot be followed. It matches [ErrRule].
type RuleError struct {
	Field string // of Rule, CountRule, LinkRule or LogConfig
	Want  string
}

// Error gives the field and what was expected.
func (e *RuleError) Error() string {
	return fmt.Sprintf("referral: rule %s: expected %s", e.Field, e.Want)
}

// Unwrap returns [ErrRule].
func (e *RuleError) Unwrap() error { return ErrRule }

func (r Rule) origin() OriginRule {
	if r.Origin == UnknownOriginRule {
		return FirstVisit
	}
	return r.Origin
}

func (r Rule) destination() DestinationRule {
	if r.Destination == UnknownDestinationRule {
		return AnyOutside
	}
	return r.Destination
}

// Validate returns a [*RuleError] for a rule that contradicts itself, whatever
// the log.
func (r Rule) Validate() error {
	switch o := r.origin(); {
	case o != FirstVisit && o != Diagnosis:
		return &RuleError{"Origin", "first_visit or diagnosis"}
	case r.destination() > Fractional:
		return &RuleError{"Destination", "any_outside, first, last or fractional"}
	case r.Tumor != "" && r.ByTumor:
		return &RuleError{"ByTumor", "either one tumor or a slice for each"}
	case r.Modality != "" && r.ByModality:
		return &RuleError{"ByModality", "either one modality or a slice for each"}
	case r.ByYear && len(r.Slices) > 0:
		return &RuleError{"Slices", "either years or periods"}
	case r.Period != network.Period{} && len(r.Slices) > 0:
		return &RuleError{"Slices", "either one period or several"}
	}
	for i, p := range r.Slices {
		for _, q := range r.Slices[:i] {
			if p.Overlaps(q) {
				return &RuleError{"Slices", fmt.Sprintf("periods that do not overlap, unlike %v and %v", q, p)}
			}
		}
	}
	return nil
}

// check finds what a log cannot follow.
func (r Rule) check(l *Log) error {
	if err := r.Validate(); err != nil {
		return err
	}
	switch {
	case r.origin() == Diagnosis && l.layout == LayoutTreatments:
		return &RuleError{"Origin", "first_visit: the input has no events of diagnosis"}
	case len(r.WithoutTypes) > 0 && l.config.Within == nil:
		return &RuleError{"WithoutTypes", "a log read within a landscape"}
	}
	for _, w := range r.Where {
		if !slices.Contains(l.config.Attributes, w.Attribute) {
			return &RuleError{"Where", fmt.Sprintf("an attribute of the log, which %q is not", w.Attribute)}
		}
	}
	return nil
}

// Meta returns what the rule says about a table that is made by it.
func (r Rule) Meta() Meta {
	m := Meta{
		Title: r.Title, Unit: Patients, Period: r.Period, Tumor: r.Tumor, Level: LevelHospital,
		OriginRule: r.origin(), DestinationRule: r.destination(), Conditions: r.conditions(),
	}
	m.group(r.Partition)
	return m
}

// group sets the level of classes that are groups of hospitals.
func (m *Meta) group(p *network.Partition) {
	if p == nil {
		return
	}
	m.Level, m.Partition, m.PartitionRule = LevelNetwork, p.Name(), p.Rule()
	if p.Name() == network.ProvincePartition {
		m.Level = network.ProvincePartition
	}
}

// conditions gives the parts of the rule that no field of Meta has.
func (r Rule) conditions() string {
	var out []string
	if r.Modality != "" {
		out = append(out, "modality="+r.Modality)
	}
	for _, w := range r.Where {
		out = append(out, w.Attribute+"="+w.Value)
	}
	for _, t := range r.WithoutTypes {
		out = append(out, "without="+t.String())
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), "; ")
}

// describe adds what a log says about all tables made of it.
func (l *Log) describe(m *Meta) {
	m.Source, m.Synthetic = l.config.Source, l.config.Synthetic
	if l.config.Within != nil {
		m.Landscape = l.config.Within.Date().String()
	}
	if n := l.quality.Refused; n > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%d of %d rows were refused.", n, l.quality.Rows))
	}
	if n := l.quality.LeftOut; n > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%d copies of rows were left out.", n))
	}
	if l.quality.Cases > l.quality.Patients {
		m.Notes = append(m.Notes, "Patients with several tumors count once for each of them.")
	}
}
