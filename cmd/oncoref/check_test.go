// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// temp writes a file and returns its path.
func temp(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

const events = `patient,seq,date,layer,event,hospital,to_hospital
secret-1,1,2020-01-06,patient,first_visit,AMPHIA,
secret-1,2,2020-02-30,patient,surgery,AMPHIA,
secret-1,3,2020-02-03,patient,surgery,AVL,
secret-2,1,2020-01-13,patient,first_visit,NOWHERE,
secret-2,2,2020-02-10,patient,surgery,AVL,
`

func TestCheckEvents(t *testing.T) {
	path := temp(t, "events.csv", events)
	code, out, errs := oncoref(t, "", "check", path)
	assert.Equal(t, 1, code, "a refused row is wrong data")
	assert.Contains(t, errs, "1 of 5 rows were refused")
	for _, want := range []string{"rows in the log", "refused", "bad_date", "repaired", "unknown_hospital"} {
		assert.Contains(t, out, want)
	}

	code, out, _ = oncoref(t, events, "check", "-", "--format", "json")
	assert.Equal(t, 1, code)
	var r checkReport
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	assert.Equal(t, "events", r.Kind)
	i := slices.IndexFunc(r.Findings, func(f checkFinding) bool { return f.Fault == "bad_date" })
	require.GreaterOrEqual(t, i, 0)
	assert.Equal(t, checkFinding{Decision: "refused", Fault: "bad_date", Count: 1, Lines: []int64{3}}, r.Findings[i])

	code, out, _ = oncoref(t, events, "check", "-", "--format", "csv")
	assert.Equal(t, 1, code)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	assert.Contains(t, rows, []string{"-", "events", "bad_date", "refused", "1", "3", ""})

	code, out, _ = oncoref(t, "patient,event,hospital\n1,first_visit,X\n1,surgery,X\n", "check", "-", "--landscape", "none")
	assert.Zero(t, code)
	assert.NotContains(t, out, "unknown_hospital")
}

// An extract of which no row can be used is reported like any other.
func TestCheckReportsWhenNothingIsLeft(t *testing.T) {
	code, out, errs := oncoref(t, "patient,date,event,hospital\nsecret-1,1/2/2020,surgery,AVL\nsecret-2,2/2/2020,,AVL\n", "check", "-")
	assert.Equal(t, 1, code)
	assert.Contains(t, out, "bad_date")
	assert.Contains(t, out, "2 3")
	assert.Contains(t, errs, "2 of 2 rows were refused")
	assert.NotContains(t, out+errs, "secret")
}

// A column that is called origin does not make a flow table of an extract.
func TestCheckExtractWithAnOrigin(t *testing.T) {
	code, out, errs := oncoref(t, "patient,event,hospital,origin\n1,first_visit,AVL,NL\n", "check", "-")
	require.Zero(t, code, errs)
	assert.Contains(t, out, ": events")
}

func TestCheckOtherFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "landscape")
	code, _, errs := oncoref(t, "", "seeds", "export", "nl-oncology-landscape-2023", "-o", dir)
	require.Zero(t, code, errs)
	code, out, errs := oncoref(t, "", "check", dir, "--date", "2021-12-31")
	require.Zero(t, code, errs)
	for _, want := range []string{"landscape as on 2021-12-31", "in_several_networks_of_regional", "ERASMUSMC", "and 72 more"} {
		assert.Contains(t, out, want)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "hospitals.csv"), []byte("hospital,lat,lon\nA,999,5\n"), 0o644))
	code, _, errs = oncoref(t, "", "check", dir)
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "hospitals.csv:2:")

	code, out, errs = oncoref(t, "origin;destination;count\nRO West;EMBRAZE;3\nRO West;geen;12\n", "check", "-")
	require.Zero(t, code, errs)
	for _, want := range []string{"flow table", "cells exact", "small_count"} {
		assert.Contains(t, out, want)
	}
	code, _, errs = oncoref(t, "origin,destination,count\nRO West,EMBRAZE,-3\n", "check", "-")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "-:2:17:")
	code, out, errs = oncoref(t, "origin\\destination,A,B\nA,1,2\n", "check", "-", "--landscape", "none", "--level", "hospital")
	require.Zero(t, code, errs)
	assert.Contains(t, out, "flow table")
}

func TestCheckUsage(t *testing.T) {
	for _, args := range [][]string{
		{"check"},
		{"check", "-", "--format", "xml"},
		{"check", "-", "--as", "poem"},
		{"check", "-", "--level", "city"},
		{"check", "-", "--date", "soon"},
		{"check", "-", "--column", "patient"},
		{"check", "-", "--event", "=surgery"},
		{"check", "-", "--separator", "ab"},
		{"check", "-", "--duplicates", "perhaps"},
		{"check", "-", "--as", "landscape"},
		{"flows"},
		{"flows", "-", "--by", "network", "--landscape", "none"},
		{"flows", "-", "--rule", "best"},
		{"flows", "-", "--rule", ""},
		{"flows", "-", "--origin", "birth"},
		{"flows", "-", "--period", "then"},
		{"flows", "-", "--double", "twice"},
		{"flows", "-", "--format", "xml"},
		{"flows", "-", "--layout", "wide"},
		{"flows", "-", "--where", "stage"},
		{"simulate"},
		{"simulate", "--tumor", "x", "--layout", "wide"},
		{"simulate", "--tumor", "x", "--patients", "-1"},
		{"simulate", "--tumor", "x", "--faults=-1"},
		{"simulate", "--tumor", "x", "--period", "then"},
		{"simulate", "--tumor", "x", "--seed", "-1"},
		{"simulate", "--tumor", "x", "y"},
	} {
		code, out, errs := oncoref(t, "patient,event,hospital\n1,first_visit,AVL\n", args...)
		assert.Equal(t, 2, code, "%v: %s", args, errs)
		assert.Empty(t, out)
	}
	for _, args := range [][]string{
		{"check", "nowhere.csv"},
		{"check", "-", "--mapping", "nowhere.yaml"},
		{"check", "-", "--landscape", "nowhere"},
		{"flows", "nowhere.csv"},
		{"simulate", "--tumor", "x", "--landscape", "nowhere"},
		{"simulate", "--tumor", "x", "--period", "2016-01-01/"},
	} {
		code, _, errs := oncoref(t, "patient,event,hospital\n1,first_visit,AVL\n", args...)
		assert.Equal(t, 1, code, "%v: %s", args, errs)
	}
}

// Names of columns and codes can be mapped by flags, by a file, and by both.
func TestMapping(t *testing.T) {
	const own = "pseudoniem;volgnr;dag;wat;waar\n7;1;06-01-2020;EB;AMPHIA\n7;2;03-02-2020;OK;AVL\n"
	mapping := temp(t, "mapping.yaml", "columns:\n  pseudoniem: patient\n  volgnr: seq\n  dag: date\nevents:\n  EB: first_visit\n")
	args := []string{"--mapping", mapping, "--column", "wat=event", "--column", "waar=hospital", "--event", "OK=surgery"}
	code, out, errs := oncoref(t, own, append([]string{"check", "-"}, args...)...)
	require.Zero(t, code, errs)
	assert.NotContains(t, out, "repaired")
	code, out, errs = oncoref(t, own, append([]string{"flows", "-", "--allow-small"}, args...)...)
	require.Zero(t, code, errs)
	assert.Contains(t, out, "EMBRAZE,Onconovo+,1\n")
	code, _, errs = oncoref(t, own, "check", "-")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "patient")
	bad := temp(t, "bad.yaml", "colums:\n  a: patient\n")
	code, _, errs = oncoref(t, own, "check", "-", "--mapping", bad)
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "bad.yaml:1:")
}

// No identifier of a patient reaches an output or an error, whatever is wrong
// with the row.
func TestPatientsAreNotNamed(t *testing.T) {
	inputs := []string{
		events,
		strings.ReplaceAll(events, ",", ";"),
		"patient,event,hospital\nsecret-1,first_visit,\"AVL\nsecret-2,surgery,AVL\n",
		"patient,event,hospital\nsecret-1,first_visit,AVL,secret-2,9\n",
		"patient,event,hospital\n\"secret-1,first_visit\n",
		"patient,event,hospital\nsecret-1\x00,first_visit,AVL\nsecret\xff-2,surgery,AVL\n",
		"patient,date,event,hospital\nsecret-1,secret-2,first_visit,AVL\n",
		"patient_id,first_visit_hospital,treatment,treatment_hospital,date\nsecret-1,AVL,surgery,NOWHERE,2020-13-01\n",
	}
	for i, in := range inputs {
		for _, args := range [][]string{
			{"check", "-"}, {"check", "-", "--format", "json"}, {"check", "-", "--format", "csv"},
			{"flows", "-"}, {"flows", "-", "--allow-refused"}, {"flows", "-", "--format", "json", "--allow-refused", "--by", "hospital"},
		} {
			_, out, errs := oncoref(t, in, args...)
			assert.NotContains(t, out+errs, "secret", "input %d, %v", i, args)
		}
	}
}

func TestProgress(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b, "reading")
	p.set(1, 2)
	p.close()
	assert.Empty(t, b.String(), "nothing unless on a terminal")
	p = &progress{w: &b, text: "reading", start: time.Now()}
	p.set(1, 2)
	p.close()
	assert.Empty(t, b.String(), "nothing for what is quick")
	p.start = time.Now().Add(-time.Minute)
	p.set(1000, 5000)
	time.Sleep(150 * time.Millisecond) // the bar is drawn ten times a second at most
	p.set(2000, 5000)
	p.close()
	assert.Contains(t, b.String(), "reading")
}

// An extract with planted faults: check finds each on its line.
func TestCheckFindsWhatSimulatePlants(t *testing.T) {
	for _, layout := range []string{"events", "treatments"} {
		path := filepath.Join(t.TempDir(), "bad.csv")
		code, out, planted := oncoref(t, "", "simulate", "--tumor", "eye-melanoma", "--patients", "2000", "--faults", "-q", "--layout", layout, "-o", path)
		require.Zero(t, code, planted)
		assert.Empty(t, out)
		code, out, _ = oncoref(t, "", "check", path, "--format", "json")
		assert.Equal(t, 1, code)
		var r checkReport
		require.NoError(t, json.Unmarshal([]byte(out), &r))
		n := 0
		for row := range strings.Lines(planted) {
			var line int64
			var fault string
			_, err := fmt.Sscanf(row, "line %d: %s", &line, &fault)
			require.NoError(t, err, row)
			n++
			assert.True(t, slices.ContainsFunc(r.Findings, func(f checkFinding) bool {
				return f.Fault == fault && slices.Contains(f.Lines, line)
			}), "%s: %s", layout, row)
		}
		assert.Equal(t, map[string]int{"events": 23, "treatments": 15}[layout], n)
	}
}
