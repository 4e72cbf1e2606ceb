// SPDX-License-Identifier: Apache-2.0

// Package catalogue gives tests the shared example of the catalogue of
// measures, and the values that are published for it.
package catalogue

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Folder returns the folder of the example, as seen from the test.
func Folder(t testing.TB) string {
	t.Helper()
	for up := "."; len(up) < 64; up = filepath.Join("..", up) {
		if _, err := os.Stat(filepath.Join(up, "go.mod")); err == nil {
			return filepath.Join(up, "testdata", "catalogue")
		}
	}
	require.Fail(t, "no module above the test")
	return ""
}

// File returns the content of a file of the example.
func File(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(Folder(t), name))
	require.NoError(t, err)
	return b
}

// Rows returns the rows of a file by the names of its columns.
func Rows(t testing.TB, name string) []map[string]string {
	t.Helper()
	all, err := csv.NewReader(bytes.NewReader(File(t, name))).ReadAll()
	require.NoError(t, err)
	require.NotEmpty(t, all)
	var out []map[string]string
	for _, row := range all[1:] {
		m := map[string]string{}
		for i, v := range row {
			m[all[0][i]] = v
		}
		out = append(out, m)
	}
	return out
}

// Table returns a flow table of the example.
func Table(t testing.TB, name string) *referral.Table {
	t.Helper()
	table, err := referral.ReadTable(t.Context(), bytes.NewReader(File(t, name)), referral.TableConfig{File: name})
	require.NoError(t, err)
	return table
}

// Log returns the events of the example, with the names of its patients.
func Log(t testing.TB) *referral.Log {
	t.Helper()
	events := func(yield func(referral.Event, error) bool) {
		for _, r := range Rows(t, "example_events.csv") {
			e := referral.Event{Patient: r["patient"], Kind: r["event"], Hospital: r["hospital"], ToHospital: r["to_hospital"]}
			seq, err := strconv.Atoi(r["seq"])
			require.NoError(t, err)
			e.Seq = int32(seq)
			if r["date"] != "" {
				e.Date, err = network.ParseDate(r["date"])
				require.NoError(t, err)
			}
			require.NoError(t, e.Layer.UnmarshalText([]byte(r["layer"])))
			if !yield(e, nil) {
				return
			}
		}
	}
	l, _, err := referral.ReadLog(t.Context(), events, referral.LogConfig{KeepPatients: true})
	require.NoError(t, err)
	return l
}

// Governance returns the networks of the hospitals of the example.
func Governance(t testing.TB) *network.Partition {
	t.Helper()
	labels := map[string]string{}
	for _, r := range Rows(t, "example_hospitals.csv") {
		labels[r["hospital"]] = r["network"]
	}
	p, err := network.NewPartition("governance", labels)
	require.NoError(t, err)
	return p
}

// Landscape returns the hospitals and regions of the example; its hospitals are
// in no network.
func Landscape(t testing.TB) *network.Landscape {
	t.Helper()
	hospitals := "hospital,name,short_name,city,province,type,lat,lon\n"
	for _, h := range Rows(t, "example_hospitals.csv") {
		hospitals += strings.Join([]string{h["hospital"], h["hospital"], "", "", "", "", h["lat"], h["lon"]}, ",") + "\n"
	}
	regions := "region,name,network,lat,lon,population,cases\n"
	for _, r := range Rows(t, "example_regions.csv") {
		regions += strings.Join([]string{r["region"], r["region"], r["network"], r["lat"], r["lon"], r["population"], r["cases"]}, ",") + "\n"
	}
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	l, err := network.ReadLandscape(fstest.MapFS{
		"hospitals.csv": file(hospitals), "regions.csv": file(regions),
		"networks.csv":   file("network,name,kind,partition,aliases\nA,A,,regional,\nB,B,,regional,\nC,C,,regional,\nD,D,,regional,\nE,E,,regional,\n"),
		"membership.csv": file("hospital,network,from,to\n"),
	})
	require.NoError(t, err)
	return l
}

// Metric is a published value, and by how much another may differ from it.
type Metric struct {
	Value json.RawMessage
	Tol   float64
}

// Metrics returns the published values by key.
func Metrics(t testing.TB) map[string]Metric {
	t.Helper()
	var doc struct{ Metrics map[string]Metric }
	require.NoError(t, json.Unmarshal(File(t, "expected.json"), &doc))
	require.NotEmpty(t, doc.Metrics)
	return doc.Metrics
}

// Into returns a published value and its tolerance; it skips the test of a key
// that is not published.
func Into[T any](t testing.TB, key string) (T, float64) {
	t.Helper()
	var v T
	m, ok := Metrics(t)[key]
	if !ok {
		t.Skipf("%s is not published", key)
	}
	require.NoError(t, json.Unmarshal(m.Value, &v))
	return v, m.Tol
}

// Compare compares a value with what is published for a key, number by number.
func Compare(t testing.TB, key string, m Metric, have any) {
	t.Helper()
	var want, got any
	require.NoError(t, json.Unmarshal(m.Value, &want), key)
	text, err := json.Marshal(have)
	require.NoError(t, err, key)
	require.NoError(t, json.Unmarshal(text, &got), key)
	Same(t, key, want, got, m.Tol)
}

// Same compares two values of any shape as JSON has them: numbers within a
// tolerance, all else exactly.
func Same(t testing.TB, where string, want, got any, tol float64) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		m, ok := got.(map[string]any)
		if !assert.True(t, ok, "%s: %v is no map", where, got) {
			return
		}
		assert.ElementsMatch(t, slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(m)), where)
		for key, w := range want {
			Same(t, where+"."+key, w, m[key], tol)
		}
	case []any:
		l, ok := got.([]any)
		if assert.True(t, ok, "%s: %v is no list", where, got) && assert.Len(t, l, len(want), where) {
			for i, w := range want {
				Same(t, where, w, l[i], tol)
			}
		}
	case float64:
		if assert.IsType(t, want, got, where) {
			assert.InDelta(t, want, got, tol, where)
		}
	default:
		assert.Equal(t, want, got, where)
	}
}
