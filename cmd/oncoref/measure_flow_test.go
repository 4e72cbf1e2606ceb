// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	examplePresence = "../../testdata/catalogue/example_flows_presence.csv"
)

// valueIn parses a field of a row.
func valueIn(t *testing.T, row []string, column int) float64 {
	t.Helper()
	require.Greater(t, len(row), column)
	v, err := strconv.ParseFloat(row[column], 64)
	require.NoError(t, err, "%v", row)
	return v
}

// Values of the catalogue's worked example.
func TestMeasureFlows(t *testing.T) {
	got := measured(t, "", exampleFlows, "--group", "flow")
	for key, want := range map[string]float64{
		"retention A": 40.0 / 60, "retention D": 0.5, "supra_regional": 0.36, "pooled_retention": 0.64, "cross_total": 72, "total": 200,
		"origin_share A>B": 0.2, "referred_share A>B": 0.6, "destination_share B>A": 0.16, "net_flow B": 11, "destination_self_containment A": 0.8,
		"ei_system": -0.28, "concentration_ratio 1": 0.405, "market_share B": 0.405, "ei_out A": 1 - 80.0/60, "cells A>D": 3,
	} {
		assert.InDelta(t, want, valueIn(t, got[key], 0), 1e-12, key)
		assert.Equal(t, "ok", got[key][3], key)
	}
	assert.Equal(t, []string{"undefined", "zero_row"}, got["retention E"][3:5])
	assert.NotContains(t, got, "travel mean", "there is no landscape")

	gated := measured(t, "", exampleInterval, "--group", "flow")
	for key, want := range map[string][2]float64{
		"cells A>D": {1, 4}, "retention A": {40.0 / 61, 40.0 / 58}, "outflow A": {18, 21},
	} {
		assert.InDelta(t, want[0], valueIn(t, gated[key], 1), 1e-12, key)
		assert.InDelta(t, want[1], valueIn(t, gated[key], 2), 1e-12, key)
		assert.Equal(t, "bounded", gated[key][3], key)
	}
	presence := measured(t, "", examplePresence, "--group", "flow")
	assert.Equal(t, "bounded", presence["supra_regional"][3])
}

// Published totals narrow what is not known, and one that gives a suppressed
// count away is left out.
func TestMeasureUsesTotals(t *testing.T) {
	const text = "origin,destination,count,lower,upper\nA,A,40,,\nA,B,,0,90\nB,B,30,,\nB,A,,10,90\nA,total,100,,\n"
	got := measured(t, text, "-", "--measures", "cells,retention")
	assert.Equal(t, "60", got["cells A>B"][1])
	assert.Equal(t, "60", got["cells A>B"][2])
}

func TestMeasureIntervals(t *testing.T) {
	run := func(args ...string) map[string][]string {
		code, out, errs := oncoref(t, "", append([]string{"measure", exampleFlows, "--group", "flow", "--format", "csv", "--allow-small"}, args...)...)
		require.Zero(t, code, errs)
		m := map[string][]string{}
		for line := range strings.Lines(out) {
			f := strings.Split(strings.TrimSuffix(line, "\n"), ",")
			m[strings.TrimSuffix(f[0]+" "+f[1], " ")] = f[2:]
		}
		assert.Equal(t, append(rowColumns[2:len(rowColumns):len(rowColumns)], intervalColumns...), m["measure scope"])
		return m
	}
	got := run("--interval", "wilson")
	assert.InDelta(t, 0.29669197, valueIn(t, got["supra_regional"], 7), 1e-6)
	assert.InDelta(t, 0.42858472, valueIn(t, got["supra_regional"], 8), 1e-6)
	assert.Contains(t, strings.Join(got["supra_regional"], ","), "95% interval of the process, not sampling error (Wilson)")
	assert.Equal(t, "0.36", got["supra_regional"][1], "lower is what is known of the value")
	assert.Empty(t, got["gini"][7], "no share, no interval")
	wide := run("--interval", "wilson", "--confidence", "0.99")
	assert.Less(t, valueIn(t, wide["supra_regional"], 7), valueIn(t, got["supra_regional"], 7))
	for _, method := range []string{"goodman", "sison-glaz", "dirichlet"} {
		got = run("--interval", method)
		assert.NotEmpty(t, got["origin_share A>B"][7], method)
		assert.Empty(t, got["retention A"][7], method)
	}

	code, out, _ := oncoref(t, "", "measure", exampleFlows, "--measures", "retention", "--interval", "wilson")
	require.Zero(t, code)
	assert.Contains(t, out, "interval_lower, interval_upper: 95% interval of the process")
	for _, args := range [][]string{{"--interval", "garwood"}, {"--interval", "x"}, {"--interval", "wilson", "--confidence", "2"}} {
		code, _, _ = oncoref(t, "", append([]string{"measure", exampleFlows}, args...)...)
		assert.Equal(t, 2, code, args)
	}
}

const placedFlows = `origin,destination,count
RO West,RO West,75
RO West,Onconovo+,48
EMBRAZE,EMBRAZE,120
EMBRAZE,Onconovo+,35
Onconovo+,Onconovo+,150
Onconovo+,RO West,9
`

func TestMeasureInLandscape(t *testing.T) {
	got := measured(t, placedFlows, "-", "--group", "flow", "--landscape", "embedded", "--experts", "Onconovo+,RO West")
	assert.Equal(t, "ok", got["travel mean"][3])
	assert.Greater(t, valueIn(t, got["travel_referred mean"], 0), 20.0)
	assert.Contains(t, got, "nearest_expert EMBRAZE>RO West")
	assert.Equal(t, "1", got["expert_directed EMBRAZE"][0])
	assert.InDelta(t, 92.0/317, valueIn(t, got["bypass"], 0), 1)
	assert.Greater(t, valueIn(t, got["gravity beta per km"], 0), 0.0)
	for _, c := range []struct {
		args []string
		errs string
	}{
		{[]string{"--measures", "travel"}, "--landscape"},
		{[]string{"--measures", "expert_directed"}, "--experts"},
		{[]string{"--landscape", "embedded", "--measures", "same_group"}, "--level hospital"},
		{[]string{"--experts", "Nowhere"}, "Nowhere"},
		{[]string{"--level", "city"}, "network or hospital"},
		{[]string{"--within", "-1"}, "within"},
		{[]string{"--landscape", "embedded", "--partition", "none"}, "partition"},
	} {
		code, _, errs := oncoref(t, placedFlows, append([]string{"measure", "-"}, c.args...)...)
		assert.Equal(t, 2, code, "%v: %s", c.args, errs)
		assert.Contains(t, errs, c.errs)
	}
	hospitals := "origin,destination,count\nAMPHIA,AMPHIA,30\nAMPHIA,AVL,12\nAVL,AVL,40\nBRAVIS,AMPHIA,9\n"
	got = measured(t, hospitals, "-", "--group", "flow", "--landscape", "embedded", "--level", "hospital")
	assert.InDelta(t, 70.0/91, valueIn(t, got["same_class"], 0), 1e-12)
	assert.InDelta(t, 9.0/91, valueIn(t, got["same_group"], 0), 1e-12)
	assert.InDelta(t, 12.0/91, valueIn(t, got["other_group"], 0), 1e-12)
}
