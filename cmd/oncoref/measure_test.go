// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	exampleFlows    = "../../testdata/catalogue/example_flows.csv"
	exampleInterval = "../../testdata/catalogue/example_flows_interval.csv"
	exampleEdges    = "../../testdata/graph/h80.tsv"
	exampleSets     = "iknl-2023-fig-5.2-penile-cancer"
)

// measured runs the command and returns its rows by measure and scope.
func measured(t *testing.T, in string, args ...string) map[string][]string {
	t.Helper()
	code, out, errs := oncoref(t, in, append([]string{"measure", "--format", "csv", "--allow-small"}, args...)...)
	require.Zero(t, code, errs)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"measure", "scope", "value", "lower", "upper", "status", "reason", "n", "unit"}, rows[0])
	m := map[string][]string{}
	for _, r := range rows[1:] {
		key := strings.TrimSuffix(r[0]+" "+r[1], " ")
		require.NotContains(t, m, key)
		m[key] = r[2:]
	}
	return m
}

func TestMeasureFlowTable(t *testing.T) {
	got := measured(t, "", exampleFlows, "--unit", "patients")
	assert.Equal(t, []string{"26", "26", "26", "ok", "", "26", "patients"}, got["in_strength E"])
	assert.Equal(t, []string{"3", "3", "3", "ok", "", "70", "nodes"}, got["out_degree A"])
	assert.Equal(t, []string{"0.6", "0.6", "0.6", "ok", "", "200", "share"}, got["density"])
	assert.Equal(t, []string{"", "", "", "undefined", "not_defined", "26", "share"}, got["node_reciprocity E"])
	assert.Equal(t, []string{"5", "5", "5", "ok", "", "96", "pairs"}, got["betweenness B"])
	assert.Equal(t, "3.5", got["edge_betweenness_hops A>D"][0])
	assert.Equal(t, "4", got["triads 030T"][0])
	for _, m := range registry {
		if m.needs != 0 {
			continue
		}
		found := false
		for key := range got {
			found = found || key == m.name || strings.HasPrefix(key, m.name+" ")
		}
		assert.True(t, found, m.name)
	}
}

// Names of measures do not repeat, and every measure survives the graphs that
// have nothing in them.
func TestMeasureRegistry(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range registry {
		assert.False(t, seen[m.name], m.name)
		seen[m.name] = true
		assert.NotEmpty(t, m.unit, m.name)
	}
	assert.Equal(t, []string{"flow", "structure", "centrality", "community"}, groupNames())
	for name, in := range map[string]string{
		"one loop": "a a 2\n", "one edge": "a b 1\n", "loops only": "a a 1\nb b 2\n", "fractions": "a b 0.5\nb a 1e-12\nb c 1e12\n",
		"no flow": "origin,destination,count\nA,B,0\n",
	} {
		t.Run(name, func(t *testing.T) {
			for key, r := range measured(t, in, "-") {
				assert.NotContains(t, strings.Join(r, " "), "NaN", key)
				assert.NotContains(t, strings.Join(r, " "), "Inf", key)
				assert.Equal(t, r[3] == "ok", r[0] != "", key)
			}
		})
	}
}

func TestMeasureEdgeList(t *testing.T) {
	for _, in := range []string{"a b 3\nb a 1\nb b 7\n", "from,to,weight\na,b,3\nb,a,1\nb,b,7\n", "\n# comment\na\tb\t3\nb\ta\t1\nb\tb\t7\n"} {
		got := measured(t, in, "-", "--measures", "weighted_reciprocity,out_strength")
		assert.Equal(t, []string{"0.5", "0.5", "0.5", "ok", "", "", "share"}, got["weighted_reciprocity"])
		assert.Equal(t, "weight", got["out_strength a"][6])
		assert.Len(t, got, 3)
	}
	// The columns of a table, read as an edge list.
	got := measured(t, "origin,destination,count\na,b,3\na,geen,2\n", "-", "--input", "edges", "--measures", "out_degree")
	assert.Equal(t, "2", got["out_degree a"][0])
	assert.Contains(t, got, "out_degree geen")
}

func TestMeasureWithUnknownCells(t *testing.T) {
	got := measured(t, "", exampleInterval, "--group", "structure,centrality")
	assert.Equal(t, []string{"", "23", "26", "bounded", "unknown_cells", "", "weight"}, got["in_strength B"])
	assert.Equal(t, "bounded", got["pagerank A"][3], "policy iteration")
	assert.NotEqual(t, "envelope", got["betweenness B"][3], "all completions")
	assert.Equal(t, "ok", got["reciprocity"][3], "the same edges at both bounds")
	assert.Equal(t, []string{"", "", "", "undefined", "unknown_cells", "", "label"},
		measured(t, "", exampleInterval, "--measures", "community")["community A"])
	lower := measured(t, "", exampleInterval, "--policy", "lower", "--measures", "in_strength")
	assert.Equal(t, "23", lower["in_strength B"][0])
	// An edge that may not be there.
	open := measured(t, "origin,destination,count,lower,upper\nA,B,,0,4\nB,A,3,,\n", "-", "--measures", "degree,strong_component,reciprocity,disparity_out")
	assert.Equal(t, []string{"", "1", "2", "bounded", "unknown_cells", "", "edges"}, open["degree A"])
	assert.Equal(t, []string{"", "0", "1", "bounded", "unknown_cells"}, open["reciprocity"][:5])
	assert.Equal(t, "undefined", open["strong_component A"][3])
	assert.Equal(t, "undefined_in_some", open["disparity_out A>B"][4])
}

func TestMeasurePresenceAndSets(t *testing.T) {
	got := measured(t, "", exampleSets, "--measures", "in_degree,density,in_strength")
	assert.Equal(t, []string{"", "0", "1", "bounded", "set_valued", "", "nodes"}, got["in_degree EMBRAZE"])
	assert.Equal(t, []string{"", "", "", "undefined", "set_valued", "", "share"}, got["density"])
	assert.Equal(t, "presence_only", got["in_strength Onconovo+"][4])
	got = measured(t, "", exampleSets, "--merge", "EMBRAZE+CONCORD", "--measures", "in_degree,reciprocity,pagerank")
	assert.Equal(t, "8", got["in_degree Onconovo+"][0])
	assert.True(t, strings.HasPrefix(got["reciprocity"][0], "0.380952"))
	assert.True(t, strings.HasPrefix(got["pagerank EMBRAZE / CONCORD"][0], "0.057436"))
	got = measured(t, "", exampleSets, "--merge", "Onconovo++Oncomid", "--measures", "in_degree")
	assert.Contains(t, got, "in_degree Onconovo+ / Oncomid")
}

// What weights are taken for that are not known stands beside the values that
// depend on it.
func TestMeasureSaysWhatIsAssumed(t *testing.T) {
	got := measured(t, "", exampleSets, "--merge", "EMBRAZE+CONCORD", "--measures", "in_degree,pagerank,modularity,in_strength")
	assert.Empty(t, got["in_degree Onconovo+"][4], "an edge is an edge")
	assert.Equal(t, []string{"ok", "unit_weights", ""}, got["pagerank Onconovo+"][3:6])
	assert.Equal(t, "unit_weights", got["modularity"][4])
	assert.Equal(t, "presence_only", got["in_strength Onconovo+"][4])

	for policy, reason := range map[string]string{"lower": "lower_bounds", "upper": "upper_bounds"} {
		got := measured(t, "", exampleInterval, "--policy", policy, "--measures", "in_strength,in_degree")
		assert.Equal(t, []string{"ok", reason, ""}, got["in_strength B"][3:6], "no count is known to be behind it")
		assert.Empty(t, got["in_degree B"][4])
		got = measured(t, "origin,destination,count,lower,upper\nA,B,,0,4\nB,A,3,,\n", "-", "--policy", policy, "--measures", "reciprocity")
		assert.Equal(t, reason, got["reciprocity"][4], "the edge itself is not known")
	}
	assert.Empty(t, measured(t, "", exampleFlows, "--policy", "lower", "--measures", "in_strength")["in_strength B"][4], "all is known")

	got = measured(t, "a b 1e-320\n", "-", "--measures", "betweenness,pagerank,in_degree")
	assert.Equal(t, []string{"undefined", "tiny_weights"}, got["betweenness a"][3:5])
	assert.Equal(t, []string{"undefined", "tiny_weights"}, got["pagerank a"][3:5])
	assert.Equal(t, "1", got["in_degree b"][0])
}

// Values of made-up data say so in every format.
func TestMeasureOfSyntheticData(t *testing.T) {
	const table = "origin,destination,count,synthetic\nA,B,12,yes\nB,B,30,yes\n"
	run := func(args ...string) string {
		code, out, errs := oncoref(t, table, append([]string{"measure", "-", "--measures", "in_strength"}, args...)...)
		require.Zero(t, code, errs)
		return out
	}
	rows, err := csv.NewReader(strings.NewReader(run("--format", "csv"))).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, append(rowColumns[:len(rowColumns):len(rowColumns)], "synthetic"), rows[0])
	assert.Equal(t, "yes", rows[1][len(rowColumns)])
	var list []map[string]any
	require.NoError(t, json.Unmarshal([]byte(run("--format", "json")), &list))
	assert.Equal(t, true, list[0]["synthetic"])
	assert.True(t, strings.HasPrefix(run("--format", "table"), "SYNTHETIC DATA"))
	assert.True(t, strings.HasPrefix(run("--format", "table", "--lang", "nl"), "SYNTHETISCHE GEGEVENS"))
	assert.NotContains(t, strings.Join(measured(t, "", exampleFlows, "--measures", "density")["density"], " "), "yes")
}

func TestMeasureFormats(t *testing.T) {
	code, out, _ := oncoref(t, "", "measure", exampleFlows, "--allow-small", "--nodes", "--measures", "node_reciprocity", "--format", "json")
	require.Zero(t, code)
	var rows []map[string]any
	require.NoError(t, json.Unmarshal([]byte(out), &rows))
	require.Len(t, rows, 5)
	assert.Nil(t, rows[4]["value"])
	assert.Equal(t, map[string]any{
		"measure": "node_reciprocity", "scope": "A", "value": 0.4, "lower": 0.4, "upper": 0.4, "status": "ok", "reason": "", "n": 70.0, "unit": "share",
	}, rows[0])

	path := filepath.Join(t.TempDir(), "new", "values.csv")
	code, out, errs := oncoref(t, "", "measure", exampleFlows, "--graph", "-o", path)
	require.Zero(t, code, errs)
	assert.Empty(t, out)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(string(text), "measure,scope,value,"))
	assert.NotContains(t, string(text), "in_degree,")

	code, out, _ = oncoref(t, "a\x1b[31m b 1\n", "measure", "-", "--measures", "in_degree")
	require.Zero(t, code)
	assert.Contains(t, out, "a\uFFFD[31m", "no commands to the terminal")

	for _, key := range []string{"=1+1", "+1", "-1", "@A", "\t=1"} {
		out := measured(t, "\""+key+"\",b,1\n", "-", "--measures", "out_degree", "--input", "edges")
		assert.Contains(t, out, "out_degree '"+key, "no formula for a spreadsheet")
	}

	code, out, _ = oncoref(t, "", "measure", exampleFlows, "--measures", "density")
	require.Zero(t, code)
	assert.Contains(t, out, "density")
	for _, format := range []string{"table", "csv", "json"} {
		code, out, _ = oncoref(t, "", "measure", "--list", "--group", "community", "--format", format)
		require.Zero(t, code)
		assert.Contains(t, out, "modularity")
		assert.NotContains(t, out, "density")
	}
}

// The order of the lines and the number of workers change nothing.
func TestMeasureIsDeterministic(t *testing.T) {
	text, err := os.ReadFile(exampleEdges)
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	for i, j := 0, len(lines)-1; i < j; i, j = i+1, j-1 {
		lines[i], lines[j] = lines[j], lines[i]
	}
	_, want, errs := oncoref(t, string(text), "measure", "-", "--format", "csv", "--workers", "1")
	require.NotEmpty(t, want, errs)
	for _, workers := range []int{2, 8} {
		_, got, _ := oncoref(t, strings.Join(lines, "\n"), "measure", "-", "--format", "csv", "--workers", fmt.Sprint(workers))
		assert.True(t, want == got)
	}
}

func TestMeasureRefuses(t *testing.T) {
	for _, c := range []struct {
		name, in string
		args     []string
		code     int
		errs     string
	}{
		{"no argument", "", nil, 2, "takes one flow table or edge list"},
		{"unknown group", "", []string{"-", "--group", "flows"}, 2, "flow, structure, centrality, community"},
		{"unknown measure", "", []string{"-", "--measures", "page-rank"}, 2, "page-rank"},
		{"measure of another group", "", []string{"-", "--group", "community", "--measures", "density"}, 2, "density"},
		{"measure of another level", "", []string{"-", "--nodes", "--measures", "density"}, 2, "density"},
		{"bad format", "", []string{"-", "--format", "xml"}, 2, "table, csv or json"},
		{"bad input", "", []string{"-", "--input", "matrix"}, 2, "auto, table or edges"},
		{"bad policy", "", []string{"-", "--policy", "middle"}, 2, "middle"},
		{"bad unit", "", []string{"-", "--unit", "people"}, 2, "people"},
		{"bad resolution", "", []string{"-", "--resolution", "0"}, 2, "resolution"},
		{"list with a file", "", []string{"x.csv", "--list"}, 2, "no arguments with --list"},
		{"merge of an edge list", "a b 1\n", []string{"-", "--merge", "a+b"}, 2, "flow tables"},
		{"merge of unknown classes", "origin,destination\nA,B\n", []string{"-", "--merge", "A+C"}, 2, "A+C"},
		{"no such file", "", []string{"nowhere.tsv"}, 1, "nowhere.tsv"},
		{"empty file", "", []string{"-"}, 1, "empty"},
		{"bad weight", "a b 1\nb c -1\n", []string{"-"}, 1, "-:2:5"},
		{"bad count", "origin,destination,count\nA,B,x\n", []string{"-"}, 1, "-:2:5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := oncoref(t, c.in, append([]string{"measure"}, c.args...)...)
			assert.Equal(t, c.code, code, errs)
			assert.Contains(t, errs, c.errs)
			assert.Empty(t, out)
		})
	}
}

func TestMeasureStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errs bytes.Buffer
	assert.Equal(t, 1, run(ctx, []string{"measure", exampleEdges}, strings.NewReader(""), &out, &errs))
	assert.Contains(t, errs.String(), "context canceled")
	assert.Empty(t, out.String())
}
