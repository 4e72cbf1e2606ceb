// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// journeys is an extract in which n patients went from one network to another,
// and many others did.
func journeys(n int) string {
	var b bytes.Buffer
	b.WriteString("patient,seq,date,event,hospital,tumor\n")
	p := 0
	for _, x := range []struct {
		from, to string
		n        int
	}{{"AMPHIA", "AMPHIA", 40}, {"LUMC", "LUMC", 30}, {"LUMC", "AVL", 12}, {"AMPHIA", "AVL", n}} {
		for i := range x.n {
			p++
			fmt.Fprintf(&b, "%d,1,20%d-01-06,first_visit,%s,x\n%d,2,20%d-02-%02d,surgery,%s,x\n", p, 19+i%2, x.from, p, 19+i%2, 6+i%7, x.to)
		}
	}
	return b.String()
}

// Whatever the hidden counts are, the report is the same to the last byte.
func TestReportDoesNotDependOnSmallCounts(t *testing.T) {
	for _, args := range [][]string{{"report", "-", "--unit", "patients"}, {"report", "-", "--lang", "nl", "--centers", "AVL"}} {
		want := ""
		for _, counts := range hiddenCounts {
			got := everything(t, fmt.Sprintf(smallFlows, counts...), args)
			if want == "" {
				want = got
				assert.Contains(t, want, "</html>")
			}
			require.True(t, want == got, "%v: %v", args, counts)
		}
	}
	for _, args := range [][]string{
		{"report", "-", "--centers", "AVL", "--norm", "5"}, {"report", "-", "--by", "hospital", "--lang", "nl"}, {"report", "-", "--period", "2019", "--modality", "surgery"},
	} {
		want := everything(t, journeys(1), args)
		assert.Contains(t, want, "</html>")
		for _, n := range []int{2, 3, 4} {
			assert.True(t, want == everything(t, journeys(n), args), "%v: %d", args, n)
		}
		assert.False(t, want == everything(t, journeys(12), args), "the extract does not matter")
	}
	code, out, errs := oncoref(t, journeys(3), "report", "-", "--allow-small")
	require.Zero(t, code, errs)
	assert.Contains(t, out, "Do not publish this report")
	assert.Contains(t, errs, "not for publication")
}

func TestReportOfEachInput(t *testing.T) {
	dir := t.TempDir()
	events := temp(t, "extract.csv", journeys(9))
	table := temp(t, "flows.csv", "origin,destination,count\nEMBRAZE,EMBRAZE,120\nEMBRAZE,Onconovo+,35\nOnconovo+,Onconovo+,150\n")
	plain := temp(t, "plain.csv", "origin,destination,count\nNorth,North,120\nNorth,South,35\n")
	for name, args := range map[string][]string{
		"events": {events, "--disease", "penile_cancer", "--norm", "20"}, "hospitals": {events, "--by", "hospital"},
		"first": {events, "--rule", "first", "--tumor", "x", "--period", "2019-2020", "--modality", "surgery"},
		"table": {table, "--unit", "patients", "--period", "2020"}, "plain": {plain, "--landscape", "none", "--level", "hospital"},
		"embedded": {"iknl-2023-fig-5.2-penile-cancer", "--lang", "nl"}, "dated": {table, "--made", "2026-01-31"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, name+".html")
			code, _, errs := oncoref(t, "", append([]string{"report", "-o", path}, args...)...)
			require.Zero(t, code, errs)
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Contains(t, string(text), "<svg")
			assert.Contains(t, string(text), "SHA-256")
			assert.Equal(t, name == "dated", strings.Contains(string(text), "<dd>2026-01-31</dd>"))
			code, _, errs = oncoref(t, "", append([]string{"report", "-o", path}, args...)...)
			require.Zero(t, code, errs)
			again, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.True(t, bytes.Equal(text, again), "another run gives another file")
		})
	}
}

func TestReportMistakes(t *testing.T) {
	table := temp(t, "flows.csv", "origin,destination,count\nEMBRAZE,EMBRAZE,120\n")
	for _, c := range []struct {
		want string
		code int
		args []string
	}{
		{"one extract or flow table", 2, []string{"report"}},
		{"expected en or nl", 2, []string{"report", table, "--lang", "fr"}},
		{"expected a probability", 2, []string{"report", table, "--confidence", "95"}},
		{"expected patients a year", 2, []string{"report", table, "--norm", "SONCOS"}},
		{"expected network or hospital", 2, []string{"report", table, "--level", "region"}},
		{"is the input", 2, []string{"report", table, "-o", table}},
		{"take one value", 2, []string{"report", table, "--tumor", "each"}},
		{"expected a date", 2, []string{"report", table, "--made", "yesterday"}},
		{"no such file", 1, []string{"report", "nothing.csv"}},
		{"expected a hospital of the landscape", 1, []string{"report", table, "--centers", "NOWHERE"}},
		{"no designations", 1, []string{"report", table, "--disease", "nothing"}},
	} {
		code, _, errs := oncoref(t, "", c.args...)
		assert.Equal(t, c.code, code, "%v: %s", c.args, errs)
		assert.Contains(t, errs, c.want, c.args)
	}
}
