// SPDX-License-Identifier: Apache-2.0

package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/referral"
)

// role is what a column means.
type role uint8

const (
	roleNone role = iota // not read
	rolePatient
	roleSeq
	roleDate
	roleUntil
	roleYear
	roleLayer
	roleKind
	roleHospital
	roleToHospital
	roleFirstVisit
	roleTumor
	roleAttribute
	roles
)

// Column is a column that extracts may have.
type Column struct {
	Name    string   // in a Mapping, and the usual name in a file
	Aliases []string // other names that are understood; case does not matter
	Layouts string   // "events", "treatments" or "both"
	Meaning string
}

var known = [roles]Column{
	rolePatient:    {"patient", []string{"patient_id", "patientid", "pseudonym", "pid"}, "both", "identifier of the patient; required"},
	roleSeq:        {"seq", []string{"sequence", "volgnummer"}, "both", "order among the events of the patient, from 1"},
	roleDate:       {"date", []string{"datum", "admission", "treatment_date", "event_date"}, "both", "day of the event, or first day of the stay; may be empty"},
	roleUntil:      {"until", []string{"discharge", "end_date"}, "both", "last day of the stay"},
	roleYear:       {"year", []string{"jaar", "incidence_year", "year_of_diagnosis"}, "both", "year of diagnosis"},
	roleLayer:      {"layer", []string{"laag"}, "events", "patient (the default), referral, pathology, mdt or status"},
	roleKind:       {"event", []string{"kind", "treatment", "behandeling", "modality"}, "both", "kind of event (first_visit, surgery, ...) or of treatment; required"},
	roleHospital:   {"hospital", []string{"treatment_hospital", "ziekenhuis"}, "both", "where it was; required"},
	roleToHospital: {"to_hospital", []string{"tohospital"}, "events", "receiving hospital of a referral, tissue or case"},
	roleFirstVisit: {"first_visit_hospital", []string{"first_hospital"}, "treatments", "hospital of the first visit; shows that the file has one row for each treatment"},
	roleTumor:      {"tumor", []string{"tumour", "tumor_type", "tumour_type"}, "both", "tumor"},
}

// syntheticColumn is a column whose presence marks a file as made up, whatever
// its rows say: cutting rows out does not make data of it.
const syntheticColumn = "synthetic"

// Columns returns the columns that extracts may have. A file with a column
// first_visit_hospital is in the layout of treatments, any other in that of
// events. A column synthetic sets LogConfig.Synthetic. Further columns
// are not read, unless they are named in Config.Log.Attributes.
func Columns() []Column {
	var out []Column
	for _, c := range known {
		if c.Name != "" {
			c.Aliases = slices.Clone(c.Aliases)
			out = append(out, c)
		}
	}
	return out
}

// columns says what the fields of an input are.
type columns struct {
	config Config
	layout referral.LogLayout
	fields []field // by place in the row
	names  []string
}

type field struct {
	role role
	attr int // roleAttribute: index in Config.Log.Attributes
}

// maxColumns is the largest number of columns accepted. What has more is not a
// table of events, and would take memory for nothing.
const maxColumns = 10_000

// newColumns gives meaning to the names of columns; line is where they stand, 0
// if the input has no lines. Errors are of type *InputError.
func newColumns(raw []string, line int, c Config) (*columns, error) {
	if len(raw) > maxColumns {
		h := &columns{config: c}
		return nil, h.error(line, "", fmt.Sprintf("at most %d columns, found %d", maxColumns, len(raw)))
	}
	h := &columns{config: c, fields: make([]field, len(raw)), names: make([]string, len(raw))}
	var have [roles]bool
	attrs := make([]bool, len(c.Log.Attributes))
	for i, name := range raw {
		name = strings.TrimSpace(name)
		to, mapped := c.Mapping.Columns[name]
		if mapped {
			if to == "" {
				continue
			}
			name = to
		}
		h.names[i] = name
		if strings.EqualFold(name, syntheticColumn) {
			h.config.Log.Synthetic = true
		}
		if k := slices.Index(c.Log.Attributes, name); k >= 0 {
			if attrs[k] {
				return nil, h.error(line, raw[i], "each column once")
			}
			attrs[k] = true
			h.fields[i] = field{roleAttribute, k}
			continue
		}
		r := roleOf(name)
		if r == roleNone {
			if mapped {
				return nil, h.error(line, raw[i], "mapped to one of "+strings.Join(columnNames(), ", "))
			}
			continue
		}
		if have[r] {
			return nil, h.error(line, raw[i], fmt.Sprintf("one column for %s", known[r].Name))
		}
		have[r] = true
		h.fields[i] = field{role: r}
	}
	if have[roleFirstVisit] {
		h.layout = referral.LayoutTreatments
	}
	for _, r := range [...]role{rolePatient, roleKind, roleHospital} {
		if !have[r] {
			return nil, h.error(line, "", fmt.Sprintf("a header with the column %q or one of its aliases, or a mapping", known[r].Name))
		}
	}
	for k, ok := range attrs {
		if !ok {
			return nil, h.error(line, "", fmt.Sprintf("a header with the column %q, which was asked for", c.Log.Attributes[k]))
		}
	}
	h.config.Log.Layout = h.layout
	return h, nil
}

func (h *columns) error(line int, value, want string) error {
	return &delimited.Error{File: h.config.Log.File, Line: line, Value: shorten(value), Want: want}
}

func roleOf(name string) role {
	low := strings.ToLower(name)
	for r, c := range known {
		if c.Name != "" && (low == c.Name || slices.Contains(c.Aliases, low)) {
			return role(r)
		}
	}
	return roleNone
}

func columnNames() []string {
	out := make([]string, 0, len(known))
	for _, c := range Columns() {
		out = append(out, c.Name)
	}
	return out
}
