// SPDX-License-Identifier: Apache-2.0

package source_test

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/source"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), path)
}

var dialects = []source.Dialect{source.PostgreSQL, source.DuckDB, source.Trino, source.Spark}

// halves is a partition with names that need quotes.
func halves(t testing.TB) *network.Partition {
	t.Helper()
	p, err := network.NewPartition("halves", map[string]string{"H1": "West", "H2": "West", "H3": "West", "H4": "East", "H5": "East", "H6": "O'East", "H7": `Ea"st\`})
	require.NoError(t, err)
	return p
}

// pushdowns are the cases of the golden files: each rule at each level, on the
// files of testdata/pushdown.
func pushdowns(t *testing.T) map[string]source.PushdownConfig {
	t.Helper()
	events := source.PushdownConfig{Layout: referral.LayoutEvents, Table: []string{"events"}}
	treatments := source.PushdownConfig{Layout: referral.LayoutTreatments, Table: []string{"treatments"}}
	networks := []string{"membership"}

	out := map[string]source.PushdownConfig{}
	c := events
	c.Membership = networks
	out["events_any_outside_network"] = c
	c.Rule.Destination = referral.FirstTreatment
	out["events_first_network"] = c
	c.Rule.Destination = referral.LastTreatment
	out["events_last_network"] = c
	c = events
	out["events_any_outside_hospital"] = c
	c = treatments
	c.Rule = referral.Rule{Destination: referral.FirstTreatment, ByTumor: true}
	out["treatments_first_tumor"] = c
	c.Rule = referral.Rule{Destination: referral.LastTreatment, Tumor: "C60", Modality: "surgery"}
	out["treatments_last_surgery"] = c
	c.Rule = referral.Rule{Partition: halves(t)}
	out["treatments_any_outside_partition"] = c
	c.Rule = referral.Rule{Partition: splitMembership(t)}
	out["treatments_any_outside_split"] = c
	c.Rule = referral.Rule{Partition: splitMembership(t), Destination: referral.Fractional, ByModality: true}
	out["treatments_fractional_split_modality"] = c
	c.Rule = referral.Rule{Slices: []network.Period{
		{From: network.NewDate(2019, 1, 1), To: network.NewDate(2020, 12, 31)}, {From: network.NewDate(2021, 1, 1)},
	}, Where: []referral.Condition{{Attribute: "remark", Value: "early"}}}
	out["treatments_any_outside_periods_where"] = c
	c = events
	c.Rule = referral.Rule{Origin: referral.Diagnosis, Destination: referral.Fractional, ByYear: true}
	out["events_diagnosis_fractional_years"] = c
	c.Rule = referral.Rule{Period: network.Period{From: network.NewDate(2020, 2, 1), To: network.NewDate(2020, 4, 30)}, WithoutTypes: []network.HospitalType{network.TypeRadiotherapy}}
	c.Within = landscape(t)
	out["events_any_outside_period_types"] = c
	return out
}

func TestPushdownQueryText(t *testing.T) {
	for name, c := range pushdowns(t) {
		for _, d := range dialects {
			c.Dialect = d
			query, err := source.PushdownQuery(c)
			require.NoError(t, err)
			golden(t, filepath.Join("pushdown", d.String(), name+".sql"), []byte(query))
		}
	}
}

func TestPushdownOnPostgreSQL(t *testing.T) {
	db := postgres(t)
	for _, table := range [...]string{"events", "treatments", "membership"} {
		text, err := os.ReadFile(filepath.Join("testdata", "pushdown", table+".csv"))
		require.NoError(t, err)
		header, _, _ := strings.Cut(string(text), "\n")
		load(t, db, table, header, bytes.NewReader(text))
	}
	for name, c := range pushdowns(t) {
		t.Run(name, func(t *testing.T) {
			query, err := source.PushdownQuery(c)
			require.NoError(t, err)
			golden(t, filepath.Join("pushdown", name+".csv"), queryText(t, db, query))
			got, err := source.PushdownTable(t.Context(), db, c)
			require.NoError(t, err)
			assertEqualTables(t, inProcess(t, filepath.Join("testdata", "pushdown", c.Table[0]+".csv"), c), got)
		})
	}
}

// Names and texts are quoted: nothing in them ends the quote and becomes a
// command.
func TestPushdownQuotes(t *testing.T) {
	db := postgres(t)
	const hostile = `x"'; DROP TABLE treatments; -- \ ` + "`é`"
	text, err := os.ReadFile(filepath.Join("testdata", "pushdown", "treatments.csv"))
	require.NoError(t, err)
	header, _, _ := strings.Cut(string(text), "\n")
	load(t, db, "treatments", header, bytes.NewReader(text))
	quoted := `"` + strings.ReplaceAll(hostile, `"`, `""`) + `"`
	for _, q := range [...]string{
		"UPDATE treatments SET treatment = 'x' || treatment_hospital WHERE 1 = 0",
		"CREATE SCHEMA " + quoted,
		"CREATE TABLE " + quoted + "." + quoted + " AS SELECT patient_id AS p, treatment_hospital AS " + quoted + ", first_visit_hospital AS f, treatment AS k, tumor AS t, date AS d FROM treatments",
	} {
		_, err := db.ExecContext(t.Context(), q)
		require.NoError(t, err)
	}
	_, err = db.ExecContext(t.Context(), "UPDATE "+quoted+"."+quoted+" SET t = $1", hostile)
	require.NoError(t, err)
	labels := map[string]string{}
	for i := 1; i <= 7; i++ {
		labels[fmt.Sprintf("H%d", i)] = hostile
	}
	p, err := network.NewPartition("hostile", labels)
	require.NoError(t, err)
	got, err := source.PushdownTable(t.Context(), db, source.PushdownConfig{
		Layout: referral.LayoutTreatments, Table: []string{hostile, hostile}, Rule: referral.Rule{Tumor: hostile, Partition: p},
		Columns: map[string]string{"patient": "p", "hospital": hostile, "first_visit_hospital": "f", "event": "k", "tumor": "t", "date": "d"},
	})
	require.NoError(t, err)
	assert.Equal(t, []string{hostile}, got.Classes()[len(got.Classes())-1:])
	assert.NotZero(t, got.Cell(hostile, hostile).Lo)

	for _, d := range dialects {
		query, err := source.PushdownQuery(source.PushdownConfig{Dialect: d, Table: []string{hostile}, Rule: referral.Rule{Modality: hostile}})
		require.NoError(t, err)
		assert.NotContains(t, outsideQuotes(query, d == source.Spark), "DROP", d)
	}
}

// outsideQuotes gives what a database reads as commands.
func outsideQuotes(query string, spark bool) string {
	var out strings.Builder
	var quote rune
	escaped := false
	for _, r := range query {
		switch {
		case escaped:
			escaped = false
		case quote == '\'' && spark && r == '\\':
			escaped = true
		case quote != 0 && r == quote: // doubled quotes end it and begin it again
			quote = 0
		case quote == 0 && (r == '\'' || r == '"' && !spark || r == '`' && spark):
			quote = r
		case quote == 0:
			out.WriteRune(r)
		}
	}
	return out.String()
}

func TestPushdownRefuses(t *testing.T) {
	whole := source.PushdownConfig{Table: []string{"events"}}
	for _, c := range []struct {
		name   string
		change func(*source.PushdownConfig)
	}{
		{"no table", func(c *source.PushdownConfig) { c.Table = nil }},
		{"empty name", func(c *source.PushdownConfig) { c.Table = []string{"a", ""} }},
		{"zero byte", func(c *source.PushdownConfig) { c.Table = []string{"a\x00"} }},
		{"zero byte in a text", func(c *source.PushdownConfig) { c.Rule.Modality = "a\x00" }},
		{"no patient", func(c *source.PushdownConfig) { c.Columns = map[string]string{"event": "e", "hospital": "h"} }},
		{"unknown column", func(c *source.PushdownConfig) {
			c.Columns = map[string]string{"patient": "p", "event": "e", "hospital": "h", "dat": "d"}
		}},
		{"no first visit", func(c *source.PushdownConfig) {
			c.Layout, c.Columns = referral.LayoutTreatments, map[string]string{"patient": "p", "event": "e", "hospital": "h"}
		}},
		{"origin", func(c *source.PushdownConfig) { c.Rule.Origin = referral.Residence }},
		{"destination", func(c *source.PushdownConfig) { c.Rule.Destination = referral.Fractional + 1 }},
		{"diagnosis of treatments", func(c *source.PushdownConfig) {
			c.Layout, c.Rule.Origin = referral.LayoutTreatments, referral.Diagnosis
		}},
		{"years and periods", func(c *source.PushdownConfig) { c.Rule.ByYear, c.Rule.Slices = true, make([]network.Period, 1) }},
		{"types without a landscape", func(c *source.PushdownConfig) { c.Rule.WithoutTypes = []network.HospitalType{network.TypeGeneral} }},
		{"two levels", func(c *source.PushdownConfig) { c.Membership, c.Rule.Partition = []string{"m"}, membership(t) }},
		{"dialect", func(c *source.PushdownConfig) { c.Dialect = 9 }},
		{"layout", func(c *source.PushdownConfig) { c.Layout = 9 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := whole
			c.change(&config)
			_, err := source.PushdownQuery(config)
			require.Error(t, err)
		})
	}
	_, err := source.PushdownQuery(whole)
	require.NoError(t, err)
}

func TestPushdownNamesHospitalsWithoutNetwork(t *testing.T) {
	p, err := network.NewPartition("half", map[string]string{"H1": "A", "H2": "A"})
	require.NoError(t, err)
	db := postgres(t)
	text, err := os.ReadFile(filepath.Join("testdata", "pushdown", "events.csv"))
	require.NoError(t, err)
	header, _, _ := strings.Cut(string(text), "\n")
	load(t, db, "events", header, bytes.NewReader(text))
	_, err = source.PushdownTable(t.Context(), db, source.PushdownConfig{Table: []string{"events"}, Rule: referral.Rule{Partition: p}})
	var class *referral.ClassError
	require.ErrorAs(t, err, &class)
	assert.Equal(t, []string{"H3", "H4", "H5", "H6", "H7"}, class.Labels)
}

func TestDialectNames(t *testing.T) {
	for _, d := range dialects {
		var got source.Dialect
		text, err := d.MarshalText()
		require.NoError(t, err)
		require.NoError(t, got.UnmarshalText(text))
		assert.Equal(t, d, got)
	}
	require.Error(t, new(source.Dialect).UnmarshalText([]byte("mysql")))
	assert.Equal(t, "invalid(9)", source.Dialect(9).String())
}

// inProcess makes the same table of a file.
func inProcess(t *testing.T, path string, c source.PushdownConfig) *referral.Table {
	t.Helper()
	l, q, err := source.ReadFile(t.Context(), path, source.Config{Log: referral.LogConfig{Source: c.Source, Within: c.Within, Attributes: attributesOf(c.Rule)}})
	require.NoError(t, err)
	require.Zero(t, q.Refused)
	r := c.Rule
	if len(c.Membership) > 0 {
		r.Partition = membership(t)
	}
	table, err := l.Table(r)
	require.NoError(t, err)
	return table
}

func attributesOf(r referral.Rule) []string {
	var out []string
	for _, w := range r.Where {
		out = append(out, w.Attribute)
	}
	return out
}

// membership is the partition of testdata/pushdown/membership.csv, in which H5
// is in two networks.
func membership(t testing.TB) *network.Partition {
	t.Helper()
	p, err := landscape(t).Partition(network.PartitionConfig{})
	require.NoError(t, err)
	return p
}

func splitMembership(t testing.TB) *network.Partition {
	t.Helper()
	p, err := landscape(t).Partition(network.PartitionConfig{Rule: network.Split})
	require.NoError(t, err)
	return p
}

// landscape has the hospitals and networks of testdata/pushdown. H3 is a
// radiotherapy institute.
func landscape(t testing.TB) *network.Snapshot {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "pushdown", "membership.csv"))
	require.NoError(t, err)
	hospitals, networks := map[string]bool{}, map[string]bool{}
	for line := range strings.Lines(strings.SplitN(string(text), "\n", 2)[1]) {
		h, n, _ := strings.Cut(strings.TrimSpace(line), ",")
		hospitals[h], networks[n] = true, true
	}
	file := func(header, row string, keys map[string]bool) *fstest.MapFile {
		out := header + "\n"
		for _, k := range slices.Sorted(maps.Keys(keys)) {
			out += strings.ReplaceAll(row, "?", k) + "\n"
		}
		return &fstest.MapFile{Data: []byte(strings.Replace(out, "H3,Hospital H3,general", "H3,Hospital H3,radiotherapy", 1))}
	}
	l, err := network.ReadLandscape(fstest.MapFS{
		"hospitals.csv":  file("hospital,name,type", "?,Hospital ?,general", hospitals),
		"networks.csv":   file("network,name", "?,Network ?", networks),
		"membership.csv": &fstest.MapFile{Data: text},
	})
	require.NoError(t, err)
	return l.On(0)
}

func assertEqualTables(t *testing.T, want, got *referral.Table) {
	t.Helper()
	assert.Equal(t, want.Meta(), got.Meta())
	assert.Equal(t, want.Origins(), got.Origins())
	assert.Equal(t, want.Destinations(), got.Destinations())
	assert.Equal(t, slices.Collect(want.Slices()), slices.Collect(got.Slices()))
	assert.True(t, want.Equal(got))
}

// queryText writes the rows of a query.
func queryText(t *testing.T, db source.Querier, query string) []byte {
	t.Helper()
	r, err := db.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	row, err := r.Columns()
	require.NoError(t, err)
	require.NoError(t, w.Write(row))
	values := make([]sql.NullString, len(row))
	into := make([]any, len(row))
	for i := range values {
		into[i] = &values[i]
	}
	for r.Next() {
		require.NoError(t, r.Scan(into...))
		for i, v := range values {
			row[i] = strings.NewReplacer("\x1d", "network ", "\x1f", " / ").Replace(v.String)
		}
		require.NoError(t, w.Write(row))
	}
	require.NoError(t, r.Err())
	w.Flush()
	require.NoError(t, w.Error())
	return text.Bytes()
}
