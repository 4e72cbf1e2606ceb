// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLocate(t *testing.T) {
	dir := sites(t, nil)
	at := func(args ...string) map[string][]string {
		return foundRow(t, "", append([]string{"locate", "--landscape", dir}, args...)...)
	}
	median := at("--model", "p-median", "-p", "1") // B: 100·10 + 200·20 km
	assert.InDelta(t, 5000, number(t, median, "objective p-median"), 1e-9)
	assert.InDelta(t, 600, number(t, median, "center B"), 0)
	assert.InDelta(t, 20, number(t, median, "distance RC > B"), 0)
	assert.InDelta(t, 1, number(t, median, "equally_good_choices p-median"), 0)

	assert.InDelta(t, 9000, number(t, at("-p", "1", "--fix", "A"), "objective p-median"), 1e-9)
	assert.Contains(t, at("-p", "1", "--forbid", "B", "--weight", "region"), "center A")
	assert.InDelta(t, 25, number(t, at("--model", "p-center", "-p", "1", "--minutes"), "objective p-center"), 0)
	assert.InDelta(t, 2, number(t, at("--model", "lscp", "--radius", "10"), "objective lscp"), 0)
	assert.InDelta(t, 400, number(t, at("--model", "mclp", "-p", "1", "--radius", "10"), "objective mclp"), 0)

	frontier := at("-p", "3", "--frontier")
	assert.InDelta(t, 0, number(t, frontier, "least_mean_distance 3: A B C"), 0)
	assert.InDelta(t, 20, number(t, frontier, "least_largest_distance 1: B"), 0)

	limits := temp(t, "limits.csv", "hospital,capacity,least\nA,450,100\nB,250,\nC,,\n")
	c := at("--model", "capacitated", "-p", "2", "--capacity", limits)
	assert.Contains(t, c, "objective capacitated-p-median")

	// Regions of a file of their own.
	regions := temp(t, "regions.csv", "region,network,population,cases\nRA,N,100,12\nRB,N,300,30\nRC,M,900,3\n")
	assert.InDelta(t, 9000, number(t, at("-p", "1", "--regions", regions, "--forbid", "A,C"), "objective p-median")-10*100-9000, 1e-9)

	small := at("-p", "3", "--weight", "cases")
	one := at("-p", "1", "--fix", "B", "--weight", "cases") // 12·10 + from 1 to 4 at 20
	assert.Equal(t, []string{"", "140", "200", "suppressed"}, one["objective p-median"][:4])
	assert.InDelta(t, 180, number(t, at("-p", "1", "--fix", "B", "--weight", "cases", "--allow-small"), "objective p-median"), 1e-9)
	assert.Equal(t, []string{"", "1", "4", "suppressed"}, small["center C"][:4])
}

func TestLocateWritesTheModel(t *testing.T) {
	dir := sites(t, nil)
	path := filepath.Join(t.TempDir(), "model.lp")
	code, out, errs := oncoref(t, "", "locate", "--landscape", dir, "-p", "2", "--lp", path)
	require.Zero(t, code, errs)
	assert.Empty(t, out)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, strings.ToLower(string(text)), "minimize")
}

func TestLocateRefuses(t *testing.T) {
	dir := sites(t, nil)
	for _, c := range []struct {
		name string
		args []string
		code int
		errs string
	}{
		{"unknown model", []string{"--model", "best"}, 2, "p-median, p-center, lscp, mclp, capacitated"},
		{"no number", nil, 2, "needs -p"},
		{"no radius", []string{"--model", "lscp"}, 2, "--radius"},
		{"bad weight", []string{"-p", "1", "--weight", "gold"}, 2, "population, cases or region"},
		{"too many", []string{"-p", "4"}, 1, "want from 1 to 3"},
		{"unknown hospital", []string{"-p", "1", "--fix", "Q"}, 1, "Q"},
		{"infeasible", []string{"--model", "lscp", "--radius", "5", "--forbid", "C"}, 1, "RC"},
		{"capacity elsewhere", []string{"-p", "1", "--capacity", "x"}, 2, "for capacitated"},
		{"capacity of nobody", []string{"-p", "1", "--model", "capacitated", "--capacity", temp(t, "c.csv", "hospital,capacity\nQ,1\n")}, 1, ":2:1"},
		{"least above capacity", []string{"-p", "1", "--model", "capacitated", "--capacity", temp(t, "c.csv", "hospital,capacity,least\nA,1,2\n")}, 1, "at most the capacity"},
		{"negative capacity", []string{"-p", "1", "--model", "capacitated", "--capacity", temp(t, "c.csv", "hospital,capacity\nA,-1\n")}, 1, "at least 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := oncoref(t, "", append([]string{"locate", "--landscape", dir}, c.args...)...)
			assert.Equal(t, c.code, code, errs)
			assert.Contains(t, errs, c.errs)
			assert.Empty(t, out)
		})
	}
	code, _, errs := oncoref(t, "", "locate", "-p", "2")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "--regions", "the embedded regions have no coordinates")
	points := temp(t, "points.csv", "region,lat,lon,population\nUtrecht,52.1,5.1,1300000\nLimburg,51.2,5.9,1100000\n")
	code, out, errs := oncoref(t, "", "locate", "-p", "2", "--regions", points)
	assert.Zero(t, code, errs)
	assert.Contains(t, out, "Limburg > ")
	code, _, errs = oncoref(t, "", "locate", "-p", "2", "--regions", temp(t, "bad.csv", "region,lat,lon,population\nUtrecht,52.1,5.1,many\n"))
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "bad.csv:2:18")
	none := sites(t, map[string]string{"regions.csv": "region,population\nRA,\n", "distances.csv": "from,to,km\nRA,A,1\n"})
	code, _, errs = oncoref(t, "", "locate", "-p", "1", "--landscape", none)
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "RA")
}

func TestWhatIf(t *testing.T) {
	dir := sites(t, nil)
	at := func(args ...string) map[string][]string {
		return foundRow(t, moves, append([]string{"whatif", "-", "--landscape", dir}, args...)...)
	}
	rows := at("--close", "B", "--allow-small", "--norm", "10", "--period", "2016-2017")
	// B's own 10 go to A, 10 km; the 4 of C stay at home, 20 km less.
	assert.InDelta(t, 14, number(t, rows, "patients_moved"), 0)
	assert.InDelta(t, 100-80, number(t, rows, "extra_travel"), 1e-9)
	assert.InDelta(t, 66, number(t, rows, "volume_after A"), 0)
	assert.InDelta(t, 7, number(t, rows, "volume_after C"), 0)
	assert.InDelta(t, 2, number(t, rows, "hospitals_under_norm_before 10"), 0)
	assert.InDelta(t, 1, number(t, rows, "hospitals_under_norm_after 10"), 0)

	for key, want := range map[string]float64{
		"extra_travel_per_moved":   20. / 14,
		"extra_travel_per_patient": 20. / 73,
		"extra_travel_worst_tenth": 10,       // of B's own
		"supra_regional_before":    10. / 73, // M's patients in A and B
		"supra_regional_after":     6. / 73,
		"herfindahl_before":        (56.*56 + 14*14 + 3*3) / (73 * 73),
		"herfindahl_after":         (66.*66 + 7*7) / (73 * 73),
		"annual_volume_after A":    33,
	} {
		assert.InDelta(t, want, number(t, rows, key), 1e-9, key)
	}

	shown := at("--close", "B")
	// 60 patients of N, 6 of C in A, from 1 to 4 of C in B, and in C: 7/71 to 10/71.
	assert.Equal(t, []string{"", "0.09859154929577464", "0.14084507042253522", "bounded"}, shown["supra_regional_before"][:4])
	assert.Equal(t, "bounded", shown["herfindahl_after"][3])
	assert.Equal(t, []string{"", "11", "14", "bounded"}, shown["patients_moved"][:4])
	assert.Equal(t, "rule_needs_exact_cells", at("--close", "B", "--rule", "gravity")["patients_moved"][4])
	assert.InDelta(t, 73, number(t, at("--keep", "A", "--allow-small"), "volume_after A"), 0)

	shares := temp(t, "shares.csv", "origin,target,share\nB,A,0.5\nB,C,0.5\nC,C,1\n")
	after := filepath.Join(t.TempDir(), "after.csv")
	matrix := at("--close", "B", "--rule", "matrix", "--shares", shares, "--allow-small", "--after", after)
	assert.InDelta(t, 61, number(t, matrix, "volume_after A"), 0)
	text, err := os.ReadFile(after)
	require.NoError(t, err)
	assert.Contains(t, string(text), "B,A,35\n")

	code, out, errs := oncoref(t, moves, "whatif", "-", "--landscape", dir, "--close", "B", "--why")
	require.Zero(t, code, errs)
	var x explained
	require.NoError(t, json.Unmarshal([]byte(out), &x))
	assert.Equal(t, "nearest", x.Why.Rules["moved_by"])
	require.Len(t, x.Why.Moves, 2)
	assert.Equal(t, moveRecord{"C", "B", "C", 1, 1, x.Why.Moves[1].Upper, -20}, x.Why.Moves[1])
}

func TestWhatIfRefuses(t *testing.T) {
	dir := sites(t, nil)
	for _, c := range []struct {
		name string
		args []string
		code int
		errs string
	}{
		{"nothing", nil, 2, "--close or --keep"},
		{"bad rule", []string{"--close", "B", "--rule", "luck"}, 2, "gravity or matrix"},
		{"no shares", []string{"--close", "B", "--rule", "matrix"}, 2, "--shares"},
		{"norm without years", []string{"--close", "B", "--norm", "5"}, 2, "--period"},
		{"unknown hospital", []string{"--close", "Q"}, 1, "Q"},
		{"target stops", []string{"--close", "B", "--targets", "B"}, 1, "do not stop"},
		{"bad share", []string{"--close", "B", "--rule", "matrix", "--shares", temp(t, "s.csv", "origin,target,share\nB,A,1.5\n")}, 1, ":2:5"},
		{"twice", []string{"--close", "B", "--rule", "matrix", "--shares", temp(t, "s.csv", "origin,target,share\nB,A,1\nB,A,1\n")}, 1, "one line"},
		{"shares of one origin only", []string{"--close", "B", "--rule", "matrix", "--shares", temp(t, "s.csv", "origin,target,share\nB,A,1\n")}, 1, "C"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := oncoref(t, moves, append([]string{"whatif", "-", "--landscape", dir}, c.args...)...)
			assert.Equal(t, c.code, code, errs)
			assert.Contains(t, errs, c.errs)
			assert.Empty(t, out)
		})
	}
}
