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
	// layer, event and hospital for events, patient_id, tumor,
	// first_visit_hospital, treatment, treatment_hospital and date for
	// treatments. Date must be of type DATE, seq a whole number.
	Columns map[string]string
	// Membership is a table with the columns hospital and network, a row for each
	// pair. With it, networks are the classes, and PartitionName names them in
	// the result. Empty means the groups of Rule.Partition, which become a part
	// of the query, and hospitals without one.
	Membership    []string
	PartitionName string
	Rule          referral.Rule
	Treatments    []string // kinds that are treatments in LayoutEvents; nil means referral.TreatmentKinds
	Source        string   // for the metadata of the table
	Synthetic     bool     // made up: not about patients
}

// Querier runs a query; *sql.DB, *sql.Conn and *sql.Tx do.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// PushdownTable lets a database make the flow table of its events: it runs
// [PushdownQuery] and reads the few rows of the result. The table equals the one
// that [referral.Log.Table] makes of the same rows, if the quality report of
// that log tells of no refused, left out or renamed rows: the database takes
// hospitals as they are written and trusts its types, it makes no checks.
//
// Errors are those of [PushdownQuery]; a [*referral.ClassError] that names the
// hospitals without a network; and those of the driver, as they are.
func PushdownTable(ctx context.Context, db Querier, c PushdownConfig) (*referral.Table, error) {
	query, err := PushdownQuery(c)
	if err != nil {
		return nil, err
	}
	r, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	a := answer{c: c, pairs: map[[2]string]bool{}, classes: map[string][]string{}}
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
	tellCases    = "cases"
	tellPatients = "patients"
)

// answer collects the result of a query.
type answer struct {
	c               PushdownConfig
	flows           []referral.Flow
	pairs           map[[2]string]bool  // that have a flow
	classes         map[string][]string // places: members by label
	unassigned      []string
	cases, patients int64
	otherKinds      int64 // cases without a treatment of the modality
}

func (a *answer) read(r *sql.Rows) error {
	if a.c.Rule.Partition != nil {
		for _, g := range a.c.Rule.Partition.Groups() {
			a.classes[g] = nil
		}
	}
	for r.Next() {
		var origin, destination, tumor sql.NullString
		var count int64
		into := []any{&origin, &destination, &count}
		if a.c.Rule.ByTumor {
			into = append(into, &tumor)
		}
		if err := r.Scan(into...); err != nil {
			return err
		}
		switch {
		case !origin.Valid:
			a.told(destination.String, count)
		case !destination.Valid:
			a.otherKinds += count
		default:
			a.flow(origin.String, destination.String, tumor.String, count)
		}
	}
	return r.Err()
}

// told takes a row that is no flow.
func (a *answer) told(what string, count int64) {
	switch what {
	case tellCases:
		a.cases = count
	case tellPatients:
		a.patients = count
	default:
		a.classes[strings.TrimPrefix(what, string(rune(networkMark)))] = nil
	}
}

func (a *answer) flow(origin, destination, tumor string, count int64) {
	f := referral.Flow{Cell: referral.Count(float64(count)), Tumor: tumor}
	f.Origin, f.Origins = a.class(origin)
	f.Destination, f.Members = a.class(destination)
	a.flows = append(a.flows, f)
	a.pairs[[2]string{f.Origin, f.Destination}] = true
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
	if len(a.unassigned) > 0 {
		slices.Sort(a.unassigned)
		return nil, &referral.ClassError{Want: "assigned to a group of the partition", Labels: slices.Compact(a.unassigned)}
	}
	tumor := ""
	if len(a.flows) > 0 {
		tumor = a.flows[0].Tumor
	}
	for _, label := range slices.Sorted(maps.Keys(a.classes)) {
		if !a.pairs[[2]string{label, label}] {
			f := referral.Flow{Origin: label, Destination: label, Origins: a.classes[label], Members: a.classes[label], Tumor: tumor}
			a.flows = append(a.flows, f)
		}
	}
	return referral.FromFlows(a.meta(), referral.AbsentZero, slices.Values(a.flows))
}

// meta describes the result, in the words of a table that a log makes.
func (a *answer) meta() referral.Meta {
	m := a.c.Rule.Meta()
	m.Source, m.Synthetic = a.c.Source, a.c.Synthetic
	if len(a.c.Membership) > 0 {
		m.Level, m.Partition = referral.LevelNetwork, cmp.Or(a.c.PartitionName, network.DefaultPartition)
	}
	if a.cases > a.patients {
		m.Notes = append(m.Notes, fmt.Sprintf("Patients with several tumors count once for each: %d cases of %d patients.", a.cases, a.patients))
	}
	if a.otherKinds > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%d cases were left out because they had no treatment by %s.", a.otherKinds, a.c.Rule.Modality))
	}
	return m
}

// usualColumns are the names of columns in files, by layout.
var usualColumns = [...]map[string]string{
	referral.LayoutEvents: {
		"patient": "patient", "seq": "seq", "date": "date", "layer": "layer", "event": "event", "hospital": "hospital",
	},
	referral.LayoutTreatments: {
		"patient": "patient_id", "tumor": "tumor", "first_visit_hospital": "first_visit_hospital",
		"event": "treatment", "hospital": "treatment_hospital", "date": "date",
	},
}

// check finds what cannot be asked of a database.
func (c PushdownConfig) check() error {
	r := c.Rule
	for name := range c.Columns {
		if !slices.Contains(columnNames(), name) {
			return fmt.Errorf("source: %q is not one of the columns %s", name, strings.Join(columnNames(), ", "))
		}
	}
	switch {
	case int(c.Dialect) >= len(grammars):
		return fmt.Errorf("source: dialect %v", c.Dialect)
	case int(c.Layout) >= len(usualColumns):
		return fmt.Errorf("source: layout %d", c.Layout)
	case r.Destination > referral.LastTreatment:
		return fmt.Errorf("source: destination rule %v is not for a database: read the events", r.Destination)
	case r.Origin != referral.UnknownOriginRule && r.Origin != referral.FirstVisit:
		return fmt.Errorf("source: origin rule %v is not for a database: read the events", r.Origin)
	case len(r.WithoutTypes) > 0 || len(r.Where) > 0 || r.ByModality || r.ByYear || len(r.Slices) > 0 || r.Period != network.Period{}:
		return errors.New("source: periods, types of hospitals, attributes and slices by modality are not for a database: make a view of the cases, or read the events")
	case r.Tumor != "" && r.ByTumor:
		return errors.New("source: either one tumor or a slice for each")
	case r.Partition != nil && r.Partition.Rule() == network.Split:
		return errors.New("source: a partition that divides hospitals is not for a database: read the events")
	case r.Partition != nil && len(c.Membership) > 0:
		return errors.New("source: both a table of memberships and a partition")
	}
	return nil
}
