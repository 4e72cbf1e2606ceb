// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"encoding/csv"
	"iter"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

const catalogueFolder = "../testdata/catalogue"

// readCSV gives the rows of a file of the catalogue by name of column.
func readCSV(t testing.TB, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(catalogueFolder + "/" + name)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	records, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	var out []map[string]string
	for _, r := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			row[name] = r[i]
		}
		out = append(out, row)
	}
	return out
}

func catalogueEvents(t testing.TB) []referral.Event {
	t.Helper()
	var out []referral.Event
	for i, r := range readCSV(t, "example_events.csv") {
		seq, err := strconv.Atoi(r["seq"])
		require.NoError(t, err)
		date, err := network.ParseDate(r["date"])
		require.NoError(t, err)
		var layer referral.Layer
		require.NoError(t, layer.UnmarshalText([]byte(r["layer"])))
		out = append(out, referral.Event{
			Line: int64(i + 2), Patient: r["patient"], Seq: int32(seq), Date: date, Layer: layer, Kind: r["event"],
			Hospital: r["hospital"], ToHospital: r["to_hospital"],
		})
	}
	return out
}

func cataloguePartition(t testing.TB) *network.Partition {
	t.Helper()
	labels := map[string]string{}
	for _, r := range readCSV(t, "example_hospitals.csv") {
		labels[r["hospital"]] = r["network"]
	}
	p, err := network.NewPartition("regional", labels)
	require.NoError(t, err)
	return p
}

// sequence gives events as ReadLog takes them.
func sequence(events []referral.Event) iter.Seq2[referral.Event, error] {
	return func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func readLog(t testing.TB, events []referral.Event, c referral.LogConfig) (*referral.Log, referral.Quality) {
	t.Helper()
	l, q, err := referral.ReadLog(t.Context(), sequence(events), c)
	require.NoError(t, err)
	require.Equal(t, q.Rows, q.Events+q.LeftOut+q.Refused, "every row is somewhere")
	return l, q
}

// parseEvents reads events as lines of fields, in the order patient, seq, date,
// kind, hospital, tumor; missing fields at the end are empty.
func parseEvents(t testing.TB, text string) []referral.Event {
	t.Helper()
	var out []referral.Event
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := append(strings.Split(strings.TrimSpace(line), ","), "", "", "", "", "", "")
		seq := 0
		if f[1] != "" {
			var err error
			seq, err = strconv.Atoi(f[1])
			require.NoError(t, err)
		}
		date, err := network.ParseDate(f[2])
		require.NoError(t, err)
		out = append(out, referral.Event{Line: int64(i + 1), Patient: f[0], Seq: int32(seq), Date: date, Kind: f[3], Hospital: f[4], Tumor: f[5]})
	}
	return out
}

// flowsOf gives the cells of a table that are not zero, as "A>B" with counts.
func flowsOf(t *referral.Table) map[string]float64 {
	out := map[string]float64{}
	for f := range t.Flows() {
		if f.Cell.Lo != 0 {
			out[f.Origin+">"+f.Destination] = f.Cell.Lo
		}
	}
	return out
}

// pathwaysOf gives what all pathways hold, sorted.
func pathwaysOf(l *referral.Log) []string {
	var out []string
	for p := range l.Pathways() {
		var b strings.Builder
		b.WriteString(p.Patient() + ":")
		for e := range p.Events() {
			b.WriteString(" " + strconv.Itoa(int(e.Seq)) + e.Date.String() + e.Layer.String() + e.Kind + "@" + e.Hospital + ">" + e.ToHospital + e.FirstVisit + e.Tumor + strconv.Itoa(e.Year) + strings.Join(e.Attributes, "/"))
		}
		out = append(out, b.String())
	}
	slices.Sort(out)
	return out
}
