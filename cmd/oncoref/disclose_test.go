// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The pattern is that of the catalogue's worked example.
func TestDiscloseSuppress(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.json")
	code, out, errs := oncoref(t, "", "disclose", exampleFlows, "--layout", "matrix", "--audit", path)
	require.Zero(t, code, errs)
	assert.Equal(t, `origin\destination,A,B,C,D,E,total
A,40,12,0,,,60
B,,55,,0,,70
C,,,18,0,,40
D,0,,,,10,30
E,0,0,0,0,0,0
total,50,81,25,18,26,200
`, out)
	assert.Equal(t, exampleFlows+": suppress, protected: 11 numbers hidden, 6 of them only to protect the others "+
		"(no pattern hides fewer patients); protection of small counts from 1 to 5: safe\n", errs)
	var r auditReport
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &r))
	assert.Equal(t, "safe", r.Verdict)
	require.Len(t, r.Hidden, 11)
	eight := 8.0
	assert.Equal(t, auditRecord{Origin: "A", Destination: "D", Lower: 0, Upper: &eight, Verdict: "safe"}, r.Hidden[0])
	// Which numbers are small would narrow them: D > C to 1 or 2.
	for _, name := range []string{"audit.csv", "audit.txt", "audit.json"} {
		path := filepath.Join(filepath.Dir(path), name)
		code, _, errs := oncoref(t, "", "disclose", exampleFlows, "--audit", path)
		require.Zero(t, code, errs)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		for _, word := range []string{"small,", "small\"", "complementary", "only to protect"} {
			assert.NotContains(t, string(text), word, name)
		}
		code, _, errs = oncoref(t, "", "disclose", exampleFlows, "--audit", path, "--losses")
		require.Zero(t, code, errs)
		text, err = os.ReadFile(path)
		require.NoError(t, err)
		assert.Contains(t, string(text), "complementary", name)
	}
	require.Len(t, r.Losses, 1)
	assert.Equal(t, "suppress", r.Losses[0].Method)

	// What is written is a table that every command reads, totals included.
	published := temp(t, "published.csv", out)
	code, out, errs = oncoref(t, "", "measure", published, "--measures", "retained,cells", "--format", "csv")
	require.Zero(t, code, errs)
	assert.Contains(t, out, "retained,D,,10,18,bounded")
	assert.Contains(t, out, "cells,A>D,,0,8,bounded")
}

func TestDiscloseMethods(t *testing.T) {
	code, out, errs := oncoref(t, "", "disclose", exampleFlows, "--method", "interval")
	require.Zero(t, code, errs)
	assert.Contains(t, out, "A,D,,1,4\n")
	assert.Contains(t, out, "A,A,40,,\n")
	assert.NotContains(t, out, "total")
	code, out, errs = oncoref(t, "", "disclose", exampleFlows, "--method", "round", "--base", "10", "--format", "json")
	require.Zero(t, code, errs)
	var r tableRecord
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	assert.Len(t, r.Flows, 25)
	assert.Len(t, r.Totals, 11)
	for _, f := range r.Flows {
		assert.NotContains(t, []float64{1, 2, 3, 4}, *f.Upper)
	}
	// Conventional rounding tells small counts apart: its audit fails.
	path := filepath.Join(t.TempDir(), "audit.csv")
	code, out, errs = oncoref(t, "", "disclose", exampleFlows, "--method", "round", "--rounding", "conventional", "--audit", path, "--losses")
	assert.Equal(t, 1, code)
	assert.Empty(t, out)
	assert.Contains(t, errs, "nothing was written")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(text), "hidden,A,D,,,,narrow,")
	assert.Contains(t, string(text), "loss of merge,")
	code, out, errs = oncoref(t, "", "disclose", exampleFlows, "--ranges", "--format", "table", "--drop", "origins,destinations,grand")
	require.Zero(t, code, errs)
	assert.Contains(t, out, "missing", "nothing limits a hidden count without totals")
}

// What cannot be protected is not written, and the advice can be followed.
func TestDiscloseNotProtectable(t *testing.T) {
	const lone = "origin,destination,count\nA,A,3\nA,B,0\nB,B,10\nB,A,0\n"
	out := filepath.Join(t.TempDir(), "published.csv")
	code, _, errs := oncoref(t, lone, "disclose", "-", "-o", out)
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "exposed: A, A")
	assert.Contains(t, errs, "advice: --drop origins, --drop destinations")
	assert.NoFileExists(t, out)
	code, _, errs = oncoref(t, lone, "disclose", "-", "-o", out, "--drop", "origins,destinations,grand")
	require.Zero(t, code, errs)
	assert.FileExists(t, out)
}

func TestDiscloseRefuses(t *testing.T) {
	small := fmt.Sprintf(smallFlows, hiddenCounts[0]...)
	for _, c := range []struct {
		args []string
		code int
		errs string
	}{
		{[]string{}, 2, "one flow table"},
		{[]string{"-", "--method", "blur"}, 2, "suppress, round or interval"},
		{[]string{"-", "--threshold", "1"}, 2, "2 or more"},
		{[]string{"-", "--protect", "5"}, 2, "such as 1-5"},
		{[]string{"-", "--protect", "5-1"}, 2, "such as 1-5"},
		{[]string{"-", "--base", "0"}, 2, "base 0"},
		{[]string{"-", "--rounding", "up"}, 2, "controlled, random or conventional"},
		{[]string{"-", "--method", "round", "--rounding", "random"}, 2, "kept secret"},
		{[]string{"-", "--drop", "all"}, 2, "origins, destinations or grand"},
		{[]string{"-", "--format", "xml"}, 2, "csv, json or table"},
		{[]string{"nowhere.csv"}, 1, "nowhere.csv"},
		{[]string{exampleInterval}, 1, "needs the exact counts"},
		{[]string{exampleFlows, "-o", exampleFlows}, 2, "is the input"},
	} {
		code, out, errs := oncoref(t, small, append([]string{"disclose"}, c.args...)...)
		assert.Equal(t, c.code, code, "%v: %s", c.args, errs)
		assert.Contains(t, errs, c.errs)
		assert.Empty(t, out)
	}
}
