// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/referral"
)

// hiddenCounts are choices for the six small counts of a table.
var hiddenCounts = [][]any{{1, 2, 3, 4, 1, 2}, {4, 3, 2, 1, 4, 4}, {2, 2, 2, 2, 2, 2}, {3, 1, 4, 4, 3, 1}}

const smallFlows = `origin,destination,count
EMBRAZE,EMBRAZE,120
EMBRAZE,Onconovo+,35
EMBRAZE,RO West,%d
CONCORD,CONCORD,90
CONCORD,EMBRAZE,14
CONCORD,Onconovo+,%d
RO West,RO West,%d
RO West,Onconovo+,48
OncoZON,OncoZON,66
OncoZON,EMBRAZE,%d
OncoZON,RO West,%d
Onconovo+,Onconovo+,150
Onconovo+,CONCORD,%d
`

const smallSlices = `origin,destination,count,period,tumor
EMBRAZE,EMBRAZE,120,2019,x
EMBRAZE,Onconovo+,%d,2019,x
EMBRAZE,Onconovo+,%d,2020,x
CONCORD,EMBRAZE,%d,2020,x
CONCORD,Onconovo+,%d,2019,y
CONCORD,CONCORD,%d,2020,y
Onconovo+,EMBRAZE,%d,2020,y
Onconovo+,Onconovo+,150,2020,x
`

// Whatever the hidden counts are, every output is the same to the last byte:
// results in all formats, pictures with their titles and metadata, and what is
// said on standard error.
func TestOutputsDoNotDependOnSmallCounts(t *testing.T) {
	second := temp(t, "second.csv", fmt.Sprintf(smallFlows, hiddenCounts[0]...))
	commands := map[string][]string{
		"map svg": {"map", "-"}, "map png": {"map", "-", "--format", "png"}, "map pdf": {"map", "-", "--format", "pdf"},
		"map dot": {"map", "-", "--format", "dot", "--lang", "nl"}, "map of few": {"map", "-", "--format", "dot", "--max-flows", "3"},
		"measure table": {"measure", "-", "--interval", "wilson"}, "measure csv": {"measure", "-", "--format", "csv", "--interval", "jeffreys"},
		"measure json": {"measure", "-", "--format", "json", "--interval", "clopper-pearson", "--landscape", "embedded", "--experts", "Onconovo+"},
		"measure rows": {"measure", "-", "--group", "flow", "--format", "csv", "--interval", "goodman"},
		"merged":       {"measure", "-", "--group", "flow", "--format", "csv", "--merge", "EMBRAZE+CONCORD"},
		"lower":        {"measure", "-", "--format", "csv", "--policy", "lower"}, "upper": {"measure", "-", "--format", "csv", "--policy", "upper"},
		"presence":   {"measure", "-", "--format", "csv", "--policy", "presence"},
		"comparison": {"compare", "-", second, "--format", "csv"}, "comparison back": {"compare", second, "-", "--format", "json"},
		"check table": {"check", "-"}, "check csv": {"check", "-", "--format", "csv"}, "check json": {"check", "-", "--format", "json"},
		"intervals":     {"disclose", "-", "--method", "interval"},
		"audited":       {"disclose", "-", "--method", "interval", "--format", "json", "--audit", "AUDIT.json"},
		"audited table": {"disclose", "-", "--method", "interval", "--format", "table", "--layout", "matrix", "--audit", "AUDIT.txt"},
		"edges":         {"measure", "-", "--input", "edges"},
		"no counts":     {"measure", "-", "--policy", "counts"}, // an error
	}
	for name, args := range commands {
		t.Run(name, func(t *testing.T) {
			for _, text := range []string{smallFlows, smallSlices} {
				if text == smallSlices && (strings.HasPrefix(name, "comparison") || name == "edges") {
					continue
				}
				var want string
				for i, counts := range hiddenCounts {
					got := everything(t, fmt.Sprintf(text, counts...), args)
					if i == 0 {
						want = got
						continue
					}
					require.True(t, want == got, "%s differs for counts %v", name, counts)
				}
			}
		})
	}
}

// everything is all that a command puts out.
func everything(t *testing.T, in string, args []string) string {
	t.Helper()
	dir := t.TempDir()
	var own []string
	if args[0] == "measure" || args[0] == "compare" { // fewer tables to try take less time
		args = append(slices.Clone(args), "--completions", "20", "--samples", "12")
	}
	for _, a := range args {
		own = append(own, strings.ReplaceAll(a, "AUDIT", filepath.Join(dir, "audit")))
	}
	code, out, errs := oncoref(t, in, own...)
	text := fmt.Sprint(code, out, errs)
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		require.NoError(t, err)
		text += string(b)
	}
	return strings.ReplaceAll(text, dir, "")
}

// smallHospitals is a flow table of the landscape of the tests of coverage.
const smallHospitals = `origin,destination,count
A,A,20
A,B,%d
B,A,30
B,B,10
B,C,%d
C,A,6
C,B,%d
C,C,%d
A,C,%d
C,total,40
total,B,%d
`

// Commands on hospitals put out the same whatever the hidden counts of a flow
// table, or of cases of regions, are.
func TestOutputsOfHospitalsDoNotDependOnSmallCounts(t *testing.T) {
	after := []string{"--after", "AUDIT.csv"}
	commands := map[string][]string{
		"coverage":    {"coverage", "-", "--disease", "sarcoma", "--period", "2016-2017", "--norm", "3", "--format", "csv"},
		"by network":  {"coverage", "-", "--disease", "sarcoma", "--by", "network", "--against", "Y", "--body", "X"},
		"why":         {"coverage", "-", "--disease", "sarcoma", "--period", "2016", "--why"},
		"access":      {"coverage", "-", "--disease", "sarcoma", "--body", "X", "--weight", "cases", "--within", "5,10,30", "--format", "json"},
		"whatif":      append([]string{"whatif", "-", "--close", "B", "--norm", "10", "--period", "2016-2017", "--why"}, after...),
		"keep":        {"whatif", "-", "--keep", "A", "--format", "csv"},
		"gravity":     {"whatif", "-", "--close", "B", "--rule", "gravity", "--format", "csv"},
		"p-median":    {"locate", "-p", "2", "--weight", "cases", "--format", "csv"},
		"frontier":    {"locate", "-p", "3", "--weight", "cases", "--frontier"},
		"mclp":        {"locate", "-p", "1", "--model", "mclp", "--radius", "10", "--weight", "cases", "--why"},
		"capacitated": {"locate", "-p", "2", "--model", "capacitated", "--weight", "cases", "--format", "json"},
		"model":       {"locate", "-p", "2", "--weight", "cases", "--lp", "AUDIT.lp"},
	}
	for name, args := range commands {
		t.Run(name, func(t *testing.T) {
			var want string
			for i, c := range hiddenCounts {
				// Totals that agree with the cells, and would give them away.
				totals := append(slices.Clone(c[:5]), 10+c[0].(int)+c[2].(int))
				text := strings.Replace(fmt.Sprintf(smallHospitals, totals...), "C,total,40", fmt.Sprintf("C,total,%d", 6+c[2].(int)+c[3].(int)), 1)
				dir := sites(t, map[string]string{"regions.csv": fmt.Sprintf("region,network,population,cases\nRA,N,100,12\nRB,N,300,%d\nRC,M,200,%d\n", c[4], c[5])})
				got := strings.ReplaceAll(everything(t, text, append(args, "--landscape", dir)), dir, "")
				if i == 0 {
					want = got
					continue
				}
				require.Equal(t, want, got, "%v", c)
			}
			code, _, errs := oncoref(t, fmt.Sprintf(strings.Replace(smallHospitals, "C,total,40\ntotal,B,%d\n", "", 1), hiddenCounts[0][:5]...),
				append(slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "AUDIT.csv" || a == "--after" || a == "--lp" || a == "AUDIT.lp" }),
					"--landscape", sites(t, nil), "--allow-small")...)
			require.Zero(t, code, errs)
			assert.Contains(t, errs, "not for publication")
		})
	}
}

// registry50 is an extract of 50 patients, of whom so many went another way than the
// others: to another hospital, back to where they came from, with tissue to a
// third, later, and to a center or not.
func registry50(n int) string {
	var b strings.Builder
	b.WriteString("patient,seq,date,event,hospital,to_hospital,tumor\n")
	for p := range 50 + n {
		day := 10 + p%5
		fmt.Fprintf(&b, "%d,1,2020-01-01,first_visit,A,,x\n", p)
		if p < 50 {
			fmt.Fprintf(&b, "%d,2,2020-02-%d,surgery,A,,x\n", p, day)
			continue
		}
		fmt.Fprintf(&b, "%d,2,2020-01-02,referral,A,C,x\n%d,3,2020-01-03,pathology,B,C,x\n%d,4,2020-02-12,surgery,C,,x\n%d,5,2020-03-01,radiotherapy,A,,x\n", p, p, p, p)
	}
	return b.String()
}

// The same from an extract, where hidden patients are part of every number: one
// to four of them make no difference, and five do.
func TestExtractsDoNotDependOnSmallCounts(t *testing.T) {
	dir := sites(t, nil)
	for _, args := range [][]string{
		{"pathways", "-", "--format", "csv"}, {"pathways", "-", "--why"}, {"pathways", "-", "--group", "waits", "--at", "40,41,42,43,44"},
		{"pathways", "-", "--by", "network", "--group", "variants,transit,brokerage,layers", "--format", "csv"}, {"pathways", "-", "--tumor", "x"},
		{"coverage", "-", "--disease", "sarcoma", "--modality", "surgery", "--format", "csv"},
		{"coverage", "-", "--disease", "sarcoma", "--body", "X", "--by", "network", "--period", "2020", "--norm", "6", "--why"},
		{"coverage", "-", "--centers", "C", "--tumor", "x", "--format", "json"},
	} {
		args = append(args, "--landscape", dir)
		want := everything(t, registry50(1), args)
		for n := 2; n <= 4; n++ {
			require.Equal(t, want, everything(t, registry50(n), args), "%v: %d", args, n)
		}
		assert.NotEqual(t, want, everything(t, registry50(5), args), args)
		_, _, errs := oncoref(t, registry50(1), append(args, "--allow-small")...)
		assert.Contains(t, errs, "not for publication", args)
	}
}

// An extract gives the same table whether one patient or four went somewhere.
func TestFlowsDoNotDependOnSmallCounts(t *testing.T) {
	extract := func(n int) string {
		var b bytes.Buffer
		b.WriteString("patient,seq,date,event,hospital,tumor\n")
		for p := range 40 + n {
			to := "AMPHIA"
			if p >= 40 {
				to = "AVL"
			}
			fmt.Fprintf(&b, "%d,1,2020-01-06,first_visit,AMPHIA,x\n%d,2,2020-02-06,surgery,%s,x\n", p, p, to)
		}
		return b.String()
	}
	for _, args := range [][]string{
		{"flows", "-"}, {"flows", "-", "--format", "json"}, {"flows", "-", "--format", "table", "--layout", "matrix"},
		{"flows", "-", "--by", "hospital", "--period", "year"}, {"flows", "-", "--rule", "fractional"},
	} {
		want := everything(t, extract(1), args)
		for _, n := range []int{2, 3, 4} {
			assert.True(t, want == everything(t, extract(n), args), "%v: %d", args, n)
		}
		assert.NotEqual(t, want, everything(t, extract(5), args))
	}
	// The numbers of patients in the report of an extract are given in bands.
	_, out, _ := oncoref(t, strings.ReplaceAll(extract(2), "41,2,2020-02-06,surgery,AVL,x\n", ""), "check", "-", "--format", "csv")
	assert.Contains(t, out, ",untreated,,1-4,")
	assert.Contains(t, out, ",treated,,40-44,")
	assert.Contains(t, out, ",cases,,40-44,")
	_, out, _ = oncoref(t, strings.ReplaceAll(extract(2), "41,2,2020-02-06,surgery,AVL,x\n", ""), "check", "-", "--format", "csv", "--allow-small")
	assert.Contains(t, out, ",untreated,,1,")
}

// With --allow-small every command shows the counts and says so.
func TestAllowSmall(t *testing.T) {
	in := fmt.Sprintf(smallFlows, hiddenCounts[0]...)
	second := temp(t, "second.csv", fmt.Sprintf(smallFlows, hiddenCounts[1]...))
	for _, args := range [][]string{
		{"map", "-", "--format", "dot"}, {"measure", "-", "--measures", "retained"}, {"compare", "-", second}, {"check", "-"},
	} {
		_, hidden, said := oncoref(t, in, args...)
		assert.Contains(t, said, "6 counts of 1 to 4 are taken to lie between 1 and 4", args)
		code, shown, errs := oncoref(t, in, append(args, "--allow-small")...)
		require.Zero(t, code, errs)
		assert.Contains(t, errs, "not for publication", args)
		assert.NotEqual(t, hidden, shown, args)
	}
	code, _, errs := oncoref(t, in, "measure", "-", "--input", "edges")
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, "--allow-small")
	code, _, _ = oncoref(t, "a b 3\n", "measure", "-", "--unit", "patients")
	assert.Equal(t, 2, code, "an edge list of patients")
	code, _, errs = oncoref(t, "a b 3\n", "measure", "-", "--unit", "patients", "--allow-small", "--measures", "density")
	assert.Zero(t, code)
	assert.Contains(t, errs, "not for publication")
}

// Totals go where they would give a small count away, and stay elsewhere.
func TestGateOfTotals(t *testing.T) {
	const text = "origin,destination,count\nA,A,40\nA,B,3\nB,B,10\nB,A,7\nA,total,43\nB,total,17\n"
	_, out, errs := oncoref(t, text, "measure", "-", "--measures", "outflow,origin_total", "--format", "csv")
	assert.Contains(t, errs, "1 of 2 totals left out")
	assert.Contains(t, out, "outflow,A,,1,4,bounded")
	assert.Contains(t, out, "origin_total,B,17,")
	// Totals that contradict the cells are an error that names them.
	code, _, errs := oncoref(t, "origin,destination,count\nA,A,40\nA,B,30\nA,total,50\n", "measure", "-")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "no counts agree with table: A, A; table: A, B; table: A, total")
}

func TestBand(t *testing.T) {
	for n, want := range map[int64][2]int64{0: {0, 0}, 1: {1, 4}, 4: {1, 4}, 5: {5, 9}, 9: {5, 9}, 104: {100, 104}} {
		lo, hi := small.Band(n)
		assert.Equal(t, want, [2]int64{lo, hi}, n)
	}
	assert.True(t, small.In(referral.Count(0.5)))
	assert.False(t, small.In(referral.Count(0)))
	assert.False(t, small.In(referral.Between(1, 4)))
}
