// SPDX-License-Identifier: Apache-2.0

package source_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/source"
)

const (
	lawEvents     = "patient,seq,date,layer,event,hospital,tumor,year,sex"
	lawTreatments = "patient_id,tumor,year,first_visit_hospital,treatment,treatment_hospital,date,sex"
)

// anyExtract draws the rows of a few patients, with most of what can be wrong or
// missing in them.
func anyExtract(layout referral.LogLayout) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		some := func(label string, from ...string) string { return rapid.SampledFrom(from).Draw(t, label) }
		patient, hospital := some("patient", "p1", "p2", "p3", "p4"), some("hospital", "H1", "H2", "H3", "H4", "H5", "H6", "")
		tumor, year, sex, date := some("tumor", "", "x", "x", "y"), some("year", "", "", "2020", "2021"), some("sex", "", "f", "m"), ""
		if d := rapid.IntRange(0, 20).Draw(t, "day"); d > 0 {
			date = network.NewDate(2020, 12, 25).AddDays(d).String()
		}
		if layout == referral.LayoutTreatments {
			return strings.Join([]string{patient, tumor, year, some("first", "H1", "H3", "H5", ""), some("treatment", "", "surgery", "radio", "chemo", "first_visit"), hospital, date, sex}, ",")
		}
		seq, layer, kind := some("seq", "", "1", "2", "3"), "patient", some("kind", "first_visit", "diagnosis", "consult", "surgery", "surgery", "radiotherapy", "systemic", "death")
		if kind == "death" {
			layer, hospital = "status", ""
		}
		return strings.Join([]string{patient, seq, date, some("layer", "", layer), kind, hospital, tumor, year, sex}, ",")
	})
}

func anyPushdown(t *rapid.T, c *source.PushdownConfig, l *referral.Log, partitions []*network.Partition) {
	chance := func(label string) bool { return rapid.IntRange(0, 3).Draw(t, label) == 0 }
	c.Rule = referral.Rule{
		Destination: rapid.SampledFrom([]referral.DestinationRule{
			referral.UnknownDestinationRule, referral.AnyOutside, referral.FirstTreatment, referral.LastTreatment, referral.Fractional,
		}).Draw(t, "destination"),
		Partition: rapid.SampledFrom(partitions).Draw(t, "partition"),
	}
	r := &c.Rule
	if c.Layout == referral.LayoutEvents && chance("diagnosis") {
		r.Origin = referral.Diagnosis
	}
	if tumors := l.Tumors(); len(tumors) > 0 && chance("one tumor") {
		r.Tumor = rapid.SampledFrom(tumors).Draw(t, "of tumor")
	} else {
		r.ByTumor = chance("by tumor")
	}
	if kinds := l.Kinds(); len(kinds) > 0 && chance("one kind") {
		r.Modality = rapid.SampledFrom(kinds).Draw(t, "of kind")
	} else {
		r.ByModality = chance("by kind")
	}
	from := func(text string) network.Date {
		d, err := network.ParseDate(text)
		require.NoError(t, err)
		return d
	}
	switch rapid.IntRange(0, 6).Draw(t, "when") {
	case 0:
		r.ByYear = true
	case 1:
		r.Period = rapid.SampledFrom([]network.Period{
			{From: from("2020-01-01"), To: from("2020-12-31")}, {From: from("2020-12-28"), To: from("2021-06-30")},
			{From: from("2021-01-02")}, {To: from("2020-12-30")}, {From: from("2019-07-01"), To: from("2021-12-31")},
		}).Draw(t, "period")
		r.ByYear = chance("years of it")
	case 2:
		r.Slices = []network.Period{{To: from("2020-12-31")}, {From: from("2021-01-01"), To: from("2021-01-05")}, {From: from("2021-01-06")}}
	}
	if chance("sex") {
		r.Where = append(r.Where, referral.Condition{Attribute: "sex", Value: rapid.SampledFrom([]string{"f", ""}).Draw(t, "of sex")})
	}
	if chance("event") {
		r.Where = append(r.Where, referral.Condition{Attribute: "sex", Value: "m"})
	}
	if chance("types") {
		r.WithoutTypes = []network.HospitalType{network.TypeRadiotherapy}
	}
}

// Whatever the rows and the rule, the database and the log make the same table,
// or the same kind of error.
func TestPushdownEqualsTheLogOnAnyRows(t *testing.T) {
	db := postgres(t)
	load(t, db, "law_events", lawEvents, strings.NewReader(lawEvents+"\n"))
	load(t, db, "law_treatments", lawTreatments, strings.NewReader(lawTreatments+"\n"))
	s := landscape(t)
	partitions := []*network.Partition{nil, membership(t), splitMembership(t), halves(t)}
	rapid.Check(t, func(t *rapid.T) {
		layout := rapid.SampledFrom([]referral.LogLayout{referral.LayoutEvents, referral.LayoutTreatments}).Draw(t, "layout")
		table, header := "law_events", lawEvents
		columns := map[string]string{}
		if layout == referral.LayoutTreatments {
			table, header, columns = "law_treatments", lawTreatments, nil
		} else {
			for name := range strings.SplitSeq(lawEvents, ",") {
				columns[name] = name
			}
			delete(columns, "sex")
		}
		var treatments []string // those that are by default, or others
		if rapid.IntRange(0, 3).Draw(t, "care") == 0 {
			treatments = []string{"surgery", "consult"}
		}
		text := header + "\n" + strings.Join(rapid.SliceOfN(anyExtract(layout), 1, 25).Draw(t, "rows"), "\n") + "\n"
		l, q, err := source.ReadLog(t.Context(), strings.NewReader(text), source.Config{Log: referral.LogConfig{
			File: "rows", Attributes: []string{"sex"}, Within: s, Duplicates: referral.DuplicatesKeep, Treatments: treatments,
		}})
		require.NoError(t, err)
		require.Zero(t, q.Refused+q.LeftOut)
		refill(t, db, table, text)
		for range 4 {
			c := source.PushdownConfig{Layout: layout, Table: []string{table}, Columns: columns, Within: s, Treatments: treatments}
			anyPushdown(t, &c, l, partitions)
			want, wantErr := l.Table(c.Rule)
			got, err := source.PushdownTable(t.Context(), db, c)
			if wantErr != nil {
				require.ErrorIs(t, err, referral.ErrRule)
				require.ErrorIs(t, wantErr, referral.ErrRule)
				continue
			}
			require.NoError(t, err)
			require.Equal(t, want.Meta(), got.Meta())
			require.True(t, want.Equal(got), "%s\nunder %+v:\n%v\nwant\n%v", text, c.Rule, flowTexts(got), flowTexts(want))
		}
	})
}

// A treatment that is called first_visit comes before the others of its day, in
// the database as in the log.
func TestPushdownOrdersKindsOfADay(t *testing.T) {
	const rows = lawTreatments + "\np,,,H1,first_visit,H1,2021-01-02,\np,x,,H1,,H1,,\np,,,H1,chemo,,2021-01-02,\n"
	s := landscape(t)
	l, _, err := source.ReadLog(t.Context(), strings.NewReader(rows), source.Config{Log: referral.LogConfig{File: "rows", Attributes: []string{"sex"}, Within: s}})
	require.NoError(t, err)
	db := postgres(t)
	load(t, db, "kinds_of_a_day", lawTreatments, strings.NewReader(rows))
	for rule, destination := range map[referral.DestinationRule]string{referral.FirstTreatment: "H1", referral.LastTreatment: "H1", referral.AnyOutside: referral.DestinationUnknown} {
		c := source.PushdownConfig{Layout: referral.LayoutTreatments, Table: []string{"kinds_of_a_day"}, Within: s, Rule: referral.Rule{Destination: rule}}
		want, err := l.Table(c.Rule)
		require.NoError(t, err)
		got, err := source.PushdownTable(t.Context(), db, c)
		require.NoError(t, err)
		require.Equal(t, flowTexts(want), flowTexts(got))
		require.Equal(t, referral.Count(1), got.Cell("H1", destination), "%v", rule)
	}
}

func flowTexts(t *referral.Table) string {
	var out []string
	for f := range t.Slices() {
		out = append(out, fmt.Sprint(f))
	}
	return strings.Join(append(out, fmt.Sprint(t.Origins(), t.Destinations())), "\n")
}

// refill puts rows into an empty table.
func refill(t *rapid.T, db *sql.DB, table, csv string) {
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = conn.ExecContext(t.Context(), "TRUNCATE "+table)
	require.NoError(t, err)
	require.NoError(t, conn.Raw(func(driver any) error {
		_, err := driver.(*stdlib.Conn).Conn().PgConn().CopyFrom(t.Context(), strings.NewReader(csv), "COPY "+table+" FROM STDIN (FORMAT csv, HEADER)")
		return err
	}))
}
