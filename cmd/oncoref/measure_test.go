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
