// SPDX-License-Identifier: Apache-2.0

package source

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// PushdownConfig says how a database makes a flow table of the events that it
// holds. The zero value of a field asks for what its comment says; Table is
// required.
type PushdownConfig struct {
	Dialect Dialect
	Layout  referral.LogLayout // what a row of Table is
	Table   []string           // the table or view: its name, with schema and catalog before it where needed
	// Columns gives for the names of [Columns] those in Table; columns that are
	// not in it do not exist. Nil means the names of a file: patient, seq, date,
	// layer, event and hospital for events, patient_id, tumor, year,
	// first_visit_hospital, treatment, treatment_hospital and date for
	// treatments. Date must be of type DATE, seq and year whole numbers. The
	// attributes of Rule.Where go by their own names unless they are in it.
	Columns map[string]string
	// Membership is a table with the columns hospital and network, a row for each
	// pair. With it, networks are the classes, and PartitionName names them in
	// the result; a hospital of several belongs to the set of them. Empty means
	// the groups of Rule.Partition, which become a part of the query, and
	// hospitals without one.
	Membership    []string
	PartitionName string
	Rule          referral.Rule
	// Within gives the hospitals of Rule.WithoutTypes, which becomes a list in
	// the query. Labels are not looked up in it: the database must hold those of
	// its date.
	Within     *network.Snapshot
	Treatments []string // kinds that are treatments in LayoutEvents, of care alone; nil means referral.TreatmentKinds
	Source     string   // for the metadata of the table
	Synthetic  bool     // made up: not about patients
}

// Querier runs a query; *sql.DB, *sql.Conn and *sql.Tx do.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// PushdownTable lets a database make the flow table of its events: it runs
// [PushdownQuery] and reads the few rows of the result. The table equals the one
// that [referral.Log.Table] makes of the same rows, if the quality report of
// that log tells of no refused, left out or renamed rows: the database takes
// hospitals as they are written and trusts its types, it makes no checks. What a
// single row refuses or repairs in a file must be right in the database: copies,
// impossible dates, hospitals that merged.
//
// Errors are those of [PushdownQuery]; [referral.ErrEmpty] for a table without
// patients; a [*referral.RuleError] for a tumor, modality or attribute that no
// row has; a [*referral.ClassError] that names the hospitals without a network;
// and those of the driver, as they are.
func PushdownTable(ctx context.Context, db Querier, c PushdownConfig) (*referral.Table, error) {
	query, err := PushdownQuery(c)
	if err != nil {
		return nil, err
	}
	r, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	a := answer{c: c, told: map[string]int64{}, classes: map[string][]string{}}
	if err = errors.Join(a.read(r), r.Close()); err != nil {
		return nil, err
	}
	return a.table()
}

// Characters that no label has, by which the query marks texts of its result.
const (
	networkMark    = 0x1d // before a network
	unassignedMark = 0x1e // before a hospital without one
	memberJoin     = 0x1f // between the networks of a hospital
)

// What rows without an origin tell.
const (
	tellCases      = "cases"
	tellPatients   = "patients"
	tellUndated    = "undated"     // cases of which it is not known whether they are in a period
	tellElsewhere  = "elsewhere"   // cases treated only in hospitals that do not count
	tellOtherKinds = "other_kinds" // cases without a treatment of the modality
	tellTumor      = "tumor"       // rows of the tumor of the rule
	tellModality   = "modality"    // rows of its modality
)

// tellWhere tells the number of rows that meet a condition.
func tellWhere(i int) string { return fmt.Sprintf("where_%d", i+1) }

// answer collects the result of a query.
type answer struct {
	c          PushdownConfig
	flows      []referral.Flow
	classes    map[string][]string // places: members by label
	unassigned []string
	told       map[string]int64
}

func (a *answer) read(r *sql.Rows) error {
	if a.c.Rule.Partition != nil {
		for _, g := range a.c.Rule.Partition.Groups() {
			a.classes[g] = nil
		}
	}
	names, _ := (&queryWriter{c: a.c}).slicing()
	for r.Next() {
		var origin, destination, tumor, modality sql.NullString
		var count int64
		var parts, slice sql.NullInt64
		into := []any{&origin, &destination, &count}
		for _, n := range names {
			into = append(into, map[string]any{"parts": &parts, "tumor": &tumor, "modality": &modality, "slice": &slice}[n])
		}
		if err := r.Scan(into...); err != nil {
			return err
		}
		if !origin.Valid {
			a.tell(destination.String, count)
			continue
		}
		f := referral.Flow{Tumor: tumor.String, Modality: modality.String, Period: a.period(slice.Int64)}
		f.Cell = referral.Count(float64(count) / float64(max(parts.Int64, 1)))
		f.Origin, f.Origins = a.class(origin.String)
		f.Destination, f.Members = a.class(destination.String)
		a.flows = append(a.flows, f)
	}
	return r.Err()
}

// period gives the period of a slice.
func (a *answer) period(slice int64) network.Period {
	switch r := a.c.Rule; {
	case r.ByYear:
		return network.Period{From: network.NewDate(int(slice), time.January, 1), To: network.NewDate(int(slice), time.December, 31)}
	case len(r.Slices) > 0 && slice >= 0 && slice < int64(len(r.Slices)):
		return r.Slices[slice]
	}
	return network.Period{}
}

// tell takes a row that is no flow.
func (a *answer) tell(what string, count int64) {
	if label, ok := strings.CutPrefix(what, string(rune(networkMark))); ok {
		a.classes[label] = nil
		return
	}
	a.told[what] = count
}

// class gives the label of a class, and its members if there are several.
func (a *answer) class(text string) (string, []string) {
	if hospital, ok := strings.CutPrefix(text, string(rune(unassignedMark))); ok {
		a.unassigned = append(a.unassigned, hospital)
	}
	var members []string
	if strings.ContainsRune(text, memberJoin) {
		members = strings.Split(text, string(rune(memberJoin)))
		text = strings.Join(members, " / ")
	}
	switch text {
	case referral.Untreated, referral.OriginUnknown, referral.DestinationUnknown:
	default:
		a.classes[text] = members
	}
	return text, members
}

// table makes the table. Every place has a row and a column.
func (a *answer) table() (*referral.Table, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	for _, label := range slices.Sorted(maps.Keys(a.classes)) {
		a.flows = append(a.flows, referral.Flow{Origin: label, Destination: label, Origins: a.classes[label], Members: a.classes[label]})
	}
	return a.c.Rule.FromFlows(a.meta(), slices.Values(a.flows))
}

// check finds what a log could not have followed.
func (a *answer) check() error {
	if a.told[tellCases] == 0 {
		return referral.ErrEmpty
	}
	r := a.c.Rule
	lacks := func(what, field, value string) error {
		if n, ok := a.told[what]; ok && n == 0 {
			return &referral.RuleError{Field: field, Want: fmt.Sprintf("what the database has, which %q is not", value)}
		}
		return nil
	}
	err := cmp.Or(lacks(tellTumor, "Tumor", r.Tumor), lacks(tellModality, "Modality", r.Modality))
	for i, w := range r.Where {
		err = cmp.Or(err, lacks(tellWhere(i), "Where", w.Value))
	}
	if err == nil && len(a.unassigned) > 0 {
		slices.Sort(a.unassigned)
		err = &referral.ClassError{Want: "assigned to a group of the partition", Labels: slices.Compact(a.unassigned)}
	}
	return err
}

// meta describes the result, in the words of a table that a log makes.
func (a *answer) meta() referral.Meta {
	m := a.c.Rule.Meta()
	m.Source, m.Synthetic = a.c.Source, a.c.Synthetic
	if a.c.Within != nil {
		m.Landscape = a.c.Within.Date().String()
	}
	if len(a.c.Membership) > 0 {
		m.Level, m.Partition = referral.LevelNetwork, cmp.Or(a.c.PartitionName, network.DefaultPartition)
	}
	if a.told[tellCases] > a.told[tellPatients] {
		m.Notes = append(m.Notes, "Patients with several tumors count once for each of them.")
	}
	for _, n := range [...]struct{ what, why string }{
		{tellUndated, "because it is not known whether they are in a period"},
		{tellElsewhere, "because they were treated only in hospitals that do not count"},
		{tellOtherKinds, "because they had no treatment by " + a.c.Rule.Modality},
	} {
		if cases := a.told[n.what]; cases > 0 {
			m.Notes = append(m.Notes, fmt.Sprintf("%d cases were left out %s.", cases, n.why))
		}
	}
	return m
}

// usualColumns are the names of columns in files, by layout.
var usualColumns = [...]map[string]string{
	referral.LayoutEvents: {
		"patient": "patient", "seq": "seq", "date": "date", "layer": "layer", "event": "event", "hospital": "hospital",
	},
	referral.LayoutTreatments: {
		"patient": "patient_id", "tumor": "tumor", "year": "year", "first_visit_hospital": "first_visit_hospital",
		"event": "treatment", "hospital": "treatment_hospital", "date": "date",
	},
}

// check finds what cannot be asked of a database.
func (c PushdownConfig) check() error {
	r := c.Rule
	for name := range c.Columns {
		asked := slices.ContainsFunc(r.Where, func(w referral.Condition) bool { return w.Attribute == name })
		if !asked && !slices.Contains(columnNames(), name) {
			return fmt.Errorf("source: %q is not one of the columns %s, nor an attribute of the rule", name, strings.Join(columnNames(), ", "))
		}
	}
	if err := r.Validate(); err != nil {
		return err
	}
	if err := (referral.LogConfig{Treatments: c.Treatments}).Validate(); err != nil {
		return err
	}
	switch {
	case int(c.Dialect) >= len(grammars):
		return fmt.Errorf("source: dialect %v", c.Dialect)
	case int(c.Layout) >= len(usualColumns):
		return fmt.Errorf("source: layout %d", c.Layout)
	case r.Origin == referral.Diagnosis && c.Layout == referral.LayoutTreatments:
		return &referral.RuleError{Field: "Origin", Want: "first_visit: treatments have no events of diagnosis"}
	case len(r.WithoutTypes) > 0 && c.Within == nil:
		return &referral.RuleError{Field: "WithoutTypes", Want: "PushdownConfig.Within, which knows the types"}
	case r.Partition != nil && len(c.Membership) > 0:
		return errors.New("source: both a table of memberships and a partition")
	}
	return nil
}
