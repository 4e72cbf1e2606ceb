// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/network"
)

// Classes that stand beside hospitals and networks. They are neither retained
// nor referred; [Table.Aggregate] leaves them as they are.
const (
	Untreated     = "untreated"      // destination of patients who were not treated
	OriginUnknown = "origin_unknown" // origin of patients without a recorded first visit
)

// Unit says what a count counts.
type Unit uint8

// The units.
const (
	UnknownUnit Unit = iota // the source does not say
	Patients
	Treatments
	Episodes
	Transitions // steps of patients from one place to the next
)

// OriginRule says what makes a class the origin of a flow.
type OriginRule uint8

// The origin rules.
const (
	UnknownOriginRule OriginRule = iota // the source does not say
	FirstVisit                          // hospital (or its network) of the first hospital visit
	Residence                           // where the patient lives
	Diagnosis                           // hospital of the diagnosis
)

// DestinationRule says what makes a class the destination of a flow.
type DestinationRule uint8

// The destination rules.
const (
	UnknownDestinationRule DestinationRule = iota // the source does not say
	AnyOutside                                    // the first treatment outside the origin, else the origin
	FirstTreatment                                // place of the first treatment
	LastTreatment                                 // place of the last treatment
	Fractional                                    // each patient divided equally over all places of treatment
)

var (
	unitNames        = []string{"unknown", "patients", "treatments", "episodes", "transitions"}
	originNames      = []string{"unknown", "first_visit", "residence", "diagnosis"}
	destinationNames = []string{"unknown", "any_outside", "first", "last", "fractional"}
)

// String returns the unit in lower case; "unknown" for the zero value.
func (u Unit) String() string { return nameOf(unitNames, uint8(u)) }

// MarshalText returns the same text as String.
func (u Unit) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText accepts what String returns, and the empty text for unknown.
func (u *Unit) UnmarshalText(text []byte) error {
	return parseName((*uint8)(u), unitNames, "unit", text)
}

// String returns the rule as files write it; "unknown" for the zero value.
func (r OriginRule) String() string { return nameOf(originNames, uint8(r)) }

// MarshalText returns the same text as String.
func (r OriginRule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText accepts what String returns, and the empty text for unknown.
func (r *OriginRule) UnmarshalText(text []byte) error {
	return parseName((*uint8)(r), originNames, "origin rule", text)
}

// String returns the rule as files write it ("any_outside", "first", "last",
// "fractional"); "unknown" for the zero value.
func (r DestinationRule) String() string { return nameOf(destinationNames, uint8(r)) }

// MarshalText returns the same text as String.
func (r DestinationRule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText accepts what String returns, and the empty text for unknown.
func (r *DestinationRule) UnmarshalText(text []byte) error {
	return parseName((*uint8)(r), destinationNames, "destination rule", text)
}

func nameOf(names []string, i uint8) string {
	if int(i) < len(names) {
		return names[i]
	}
	return "invalid(" + strconv.Itoa(int(i)) + ")"
}

func parseName(to *uint8, names []string, what string, text []byte) error {
	i := slices.Index(names, string(text))
	if len(text) == 0 {
		i = 0
	}
	if i < 0 {
		return fmt.Errorf("referral: %s %q is not one of %s", what, text, strings.Join(names, ", "))
	}
	*to = uint8(i)
	return nil
}

// Meta says what the counts of a table are. It travels with the table, and
// tables that disagree do not combine; a zero field means that the source does
// not say.
type Meta struct {
	Title           string
	TitleNL         string // the title in Dutch, if there is one
	Unit            Unit
	Period          network.Period // days on which patients entered the count
	Tumor           string         // tumor or group of tumors; empty also when the table holds several
	Level           string         // what a class is: "hospital" or "network"
	Partition       string         // partition that the networks belong to, such as "regional"
	PartitionRule   network.Rule   // how double membership was resolved when flows were aggregated
	OriginRule      OriginRule
	DestinationRule DestinationRule
	Conditions      string   // what else decided who was counted and how, such as "modality=surgery"
	Landscape       string   // version or date of the landscape the labels refer to
	Source          string   // publication or register, with the place in it
	Synthetic       bool     // made up: not about patients
	Notes           []string // what a careful reader must know, one sentence each
}

// TitleIn returns the title in a language, "nl" or another: where there is none in
// Dutch, the only one.
func (m Meta) TitleIn(language string) string {
	if language == "nl" && m.TitleNL != "" {
		return m.TitleNL
	}
	return m.Title
}

// fractional reports whether counts may be fractions because patients were
// divided over classes.
func (m Meta) fractional() bool {
	return m.DestinationRule == Fractional || m.PartitionRule == network.Split
}

// disagree returns the first field that keeps tables from being combined, and
// its two values. Titles, Source and Notes describe and may differ; Period and
// Tumor are compared by the caller.
func (m Meta) disagree(o Meta) (string, string, string) {
	switch {
	case m.Unit != o.Unit:
		return "unit", m.Unit.String(), o.Unit.String()
	case m.Level != o.Level:
		return "level", m.Level, o.Level
	case m.Partition != o.Partition:
		return "partition", m.Partition, o.Partition
	case m.PartitionRule != o.PartitionRule:
		return "partition rule", m.PartitionRule.String(), o.PartitionRule.String()
	case m.OriginRule != o.OriginRule:
		return "origin rule", m.OriginRule.String(), o.OriginRule.String()
	case m.DestinationRule != o.DestinationRule:
		return "destination rule", m.DestinationRule.String(), o.DestinationRule.String()
	case m.Conditions != o.Conditions:
		return "conditions", m.Conditions, o.Conditions
	case m.Landscape != o.Landscape:
		return "landscape", m.Landscape, o.Landscape
	case m.Synthetic != o.Synthetic:
		return "synthetic", strconv.FormatBool(m.Synthetic), strconv.FormatBool(o.Synthetic)
	}
	return "", "", ""
}
