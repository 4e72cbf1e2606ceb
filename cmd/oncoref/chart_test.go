// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// chartInputs are the arguments that each kind is drawn from, and a text that
// stands in it.
var chartInputs = map[string]struct{ args, text string }{
	"flow-map":           {"flows.csv", "Onconovo+"},
	"destination-shares": {"flows.csv --interval jeffreys", "Jeffreys"},
	"heat-map":           {"flows.csv", "EMBRAZE"},
	"lorenz":             {"flows.csv", "Gini"},
	"funnel":             {"flows.csv", "target"},
	"trend":              {"years.csv", "2019"},
	"volumes":            {"extract.csv --modality surgery --norm 20", "norm"},
	"referral-classes":   {"extract.csv --modality surgery --centers AVL", "Centers: chosen"},
	"involvement":        {"extract.csv --centers AVL --by network", "RO West"},
	"time-to-treatment":  {"extract.csv --days 120", "Aalen"},
	"stages":             {"extract.csv --by network", "follow-up"},
	"flow-maps":          {"flows.csv years.csv --period 2019-2020", "Onconovo+"},
	"difference":         {"before.csv flows.csv", "EMBRAZE"},
	"landscape":          {"--partition head-neck", "preferred partner"},
	"frontier":           {"--regions regions.csv -p 3", "km"},
}

// chartFolder is a working folder with made-up data for every kind.
func chartFolder(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	for _, args := range []string{
		"simulate --tumor penile-cancer --patients 600 --period 2018-2020 -q -o extract.csv",
		"flows extract.csv -o flows.csv", "flows extract.csv --period 2018 -o before.csv", "flows extract.csv --period year -o years.csv",
	} {
		code, _, errs := oncoref(t, "", strings.Fields(args)...)
		require.Zero(t, code, errs)
	}
	require.NoError(t, os.WriteFile("regions.csv", []byte("region,lat,lon,population,cases\nU,52.1,5.1,1300,40\nL,51.2,5.9,1100,3\nG,53.2,6.6,600,12\n"), 0o644))
}

func TestChart(t *testing.T) {
	chartFolder(t)
	for _, k := range chartKinds() {
		t.Run(k.name, func(t *testing.T) {
			in, ok := chartInputs[k.name]
			require.True(t, ok, "the test has no input for it")
			args := append([]string{"chart", k.name}, strings.Fields(in.args)...)
			code, out, errs := oncoref(t, "", append(args, "--title", "A <b> title", "--note", "my note")...)
			require.Zero(t, code, errs)
			assert.Contains(t, out, "A &lt;b&gt; title")
			assert.Contains(t, out, in.text)
			assert.Contains(t, out, "my note")
			if k.input != ofNothing {
				assert.Contains(t, out, "SYNTHETIC", "made-up data are marked")
			}
			if k.name == "landscape" { // drawing it takes long
				return
			}
			code, dutch, errs := oncoref(t, "", append(args, "--lang", "nl", "--format", "dot")...)
			require.Zero(t, code, errs)
			assert.Contains(t, dutch, "digraph")
			assert.NotContains(t, dutch, "Counts of 1 to 4")
		})
	}
	for _, format := range []string{"png", "pdf", "dot"} {
		code, out, errs := oncoref(t, "", "chart", "lorenz", "flows.csv", "--format", format)
		require.Zero(t, code, errs)
		assert.NotEmpty(t, out)
	}
	text, err := os.ReadFile("flows.csv")
	require.NoError(t, err)
	for _, args := range [][]string{{"lorenz", "-"}, {"volumes", "-", "--rest", "x", "--level", "network"}} {
		code, _, errs := oncoref(t, string(text), append([]string{"chart"}, args...)...)
		assert.Zero(t, code, errs)
	}
	// A tumor of several, and centers of designations.
	for _, args := range []string{"stages extract.csv --tumor penile_cancer", "involvement extract.csv --disease head_and_neck --body NWHHT"} {
		words := append([]string{"chart"}, strings.Fields(args)...)
		code, out, errs := oncoref(t, "", words...)
		require.Zero(t, code, errs)
		_, again, _ := oncoref(t, "", words...)
		assert.True(t, out == again, "differs on a second run")
	}
	code, _, errs := oncoref(t, "", "chart", "frontier", "--regions", "regions.csv", "--weight", "cases", "-p", "2")
	require.Zero(t, code, errs)
	assert.Contains(t, errs, "1 numbers of 1 to 4 cases are taken as 2.5")
}

// Pictures are the same whatever the hidden counts are.
func TestChartsDoNotDependOnSmallCounts(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, kind := range []string{"flow-map", "destination-shares", "heat-map", "lorenz", "funnel", "trend", "flow-maps", "difference", "volumes"} {
		for _, text := range []string{smallFlows, smallSlices} {
			if (kind == "trend" || kind == "flow-maps") == (text == smallFlows) { // these are about slices, the others about classes
				continue
			}
			var want string
			for i, c := range hiddenCounts[:3] {
				args := []string{"chart", kind, "-", "--format", "dot"} // holds all that is drawn
				if kind == "difference" {
					require.NoError(t, os.WriteFile("other.csv", []byte(fmt.Sprintf(smallFlows, hiddenCounts[0]...)), 0o644))
					args = append(args, "other.csv")
				}
				if kind == "volumes" {
					args = append(args, "--level", "network")
				}
				got := everything(t, fmt.Sprintf(text, c...), args)
				if i == 0 {
					want = got
				}
				require.True(t, want == got, "%s: %v", kind, c)
			}
		}
	}
}

func TestChartRefuses(t *testing.T) {
	chartFolder(t)
	for _, c := range []struct {
		args string
		code int
		errs string
	}{
		{"", 2, "chart needs a kind of figure: flow-map"},
		{"lorens flows.csv", 2, "did you mean lorenz?"},
		{"lorenz", 2, "chart lorenz takes one flow table, got 0"},
		{"difference flows.csv", 2, "takes two of: flow table, got 1"},
		{"landscape flows.csv", 2, "takes no input"},
		{"lorenz flow.csv", 1, "did you mean flows.csv?"},
		{"lorenz flows.csv --format gif", 2, "svg, png, pdf or dot"},
		{"lorenz flows.csv -o flows.csv --format svg", 2, "is the input"},
		{"lorenz flows.csv --lang fr", 2, "en or nl"},
		{"lorenz flows.csv --width 3", 2, "page of 3 points"},
		{"lorenz flows.csv --period soon", 2, "soon"},
		{"lorenz flows.csv --max-flows 0", 2, "expected at least 1"},
		{"destination-shares flows.csv --interval luck", 2, "wilson, jeffreys"},
		{"referral-classes extract.csv --centers AVL", 2, "--modality"},
		{"referral-classes extract.csv --modality surgery", 2, "--centers names them"},
		{"involvement extract.csv --centers AVLL", 1, "did you mean AVL"},
		{"involvement extract.csv --centers AVL --by netwerk", 2, "did you mean network?"},
		{"stages extract.csv --tumor gout", 1, "the extract has penile_cancer"},
		{"frontier", 1, "--regions"},
		{"frontier --regions regions.csv --weight gold", 2, "population, cases or region"},
		{"landscape --partition foo", 2, "head-neck, regional"},
	} {
		t.Run(c.args, func(t *testing.T) {
			code, out, errs := oncoref(t, "", append([]string{"chart"}, strings.Fields(c.args)...)...)
			assert.Equal(t, c.code, code, errs)
			assert.Contains(t, errs, c.errs)
			assert.Empty(t, out)
		})
	}
	// Kinds are listed in the help and completed.
	_, out, _ := oncoref(t, "", "chart", "--help")
	_, offered, _ := oncoref(t, "", "__complete", "chart", "")
	var names []string
	for _, k := range chartKinds() {
		names = append(names, k.name)
		assert.Contains(t, out, "  "+k.name)
		assert.Contains(t, offered, k.name+"\t")
	}
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(names))), len(names))
}
