// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/seeds"
)

// The command renders in a child process: this test binary.
func TestMain(m *testing.M) {
	if viz.IsWorker() {
		os.Exit(viz.ServeWorker(os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// oncoref runs the command with args and standard input in.
func oncoref(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(in), &o, &e)
	return code, o.String(), e.String()
}

func TestExitStatus(t *testing.T) {
	for _, c := range []struct {
		name, in string
		args     []string
		code     int
		errs     string
	}{
		{"no arguments shows help", "", nil, 0, ""},
		{"help", "", []string{"help", "map"}, 0, ""},
		{"unknown command", "", []string{"mapp"}, 2, "unknown command"},
		{"unknown subcommand", "", []string{"seeds", "lst"}, 2, "unknown command"},
		{"unknown flag", "", []string{"map", "--nope"}, 2, "unknown flag"},
		{"missing argument", "", []string{"map"}, 2, "takes one flow table"},
		{"bad format", "", []string{"seeds", "list", "--format", "xml"}, 2, "expected table, csv or json"},
		{"bad picture format", "", []string{"map", "-", "--format", "gif"}, 2, "gif"},
		{"bad language", "", []string{"map", "-", "--lang", "fr"}, 2, "expected en or nl"},
		{"bad level", "", []string{"map", "-", "--level", "city"}, 2, "network or hospital"},
		{"bad date", "", []string{"map", "-", "--date", "soon"}, 2, "soon"},
		{"bad unit", "", []string{"map", "-", "--unit", "people"}, 2, "people"},
		{"unknown dataset", "", []string{"seeds", "show", "iknl-2023-fig-5.2-penile"}, 1, "iknl-2023-fig-5.2-penile-cancer"},
		{"no such file", "", []string{"map", "nowhere.csv"}, 1, "nowhere.csv"},
		{"no such landscape", "", []string{"map", "-", "--landscape", "nowhere"}, 1, "nowhere"},
		{"bad count", "origin,destination,count\nRO West,EMBRAZE,-3\n", []string{"map", "-"}, 1, "-:2:17: count \"-3\""},
		{"unknown network", "origin,destination,count\nRO West,Nowhere,3\n", []string{"map", "-"}, 1, "Nowhere"},
		{"empty file", "", []string{"map", "-"}, 1, "empty"},
		{"folder", "", []string{"map", "."}, 1, "is a folder"},
		{"no flows", "origin,destination,count\nRO West,EMBRAZE,0\n", []string{"map", "-"}, 1, "-: the table has no flows"},
		{"unknown partition", "", []string{"map", "-", "--partition", "foo"}, 2, "head-neck, regional"},
		{"too few flows", "", []string{"map", "-", "--max-flows", "-5"}, 2, "expected 1 or more"},
		{"format of another kind", "", []string{"map", "-", "-o", "x.json"}, 2, "svg, png, pdf or dot"},
		{"flag of a file", "", []string{"map", "iknl-2023-fig-5.2-penile-cancer", "--level", "hospital"}, 2, "--level is for files"},
		{"output is input", "", []string{"map", "main.go", "-o", "main.go", "--format", "svg"}, 2, "is the input"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errs := oncoref(t, c.in, c.args...)
			assert.Equal(t, c.code, code, errs)
			assert.Contains(t, errs, c.errs)
			if c.code != 0 {
				assert.Empty(t, out)
			}
		})
	}
}

func TestSeedsList(t *testing.T) {
	code, out, _ := oncoref(t, "", "seeds", "list")
	require.Zero(t, code)
	for _, m := range seeds.List() {
		assert.Contains(t, out, m.Name)
	}
	code, out, _ = oncoref(t, "", "seeds", "list", "--format", "csv")
	require.Zero(t, code)
	rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
	require.NoError(t, err)
	assert.Len(t, rows, len(seeds.List())+1)
	code, out, _ = oncoref(t, "", "seeds", "list", "--format", "json")
	require.Zero(t, code)
	var list []seeds.Manifest
	require.NoError(t, json.Unmarshal([]byte(out), &list))
	assert.Equal(t, seeds.List(), list)
}

func TestSeedsShow(t *testing.T) {
	code, out, _ := oncoref(t, "", "seeds", "show", "iknl-2023-fig-5.2-penile-cancer")
	require.Zero(t, code)
	for _, want := range []string{"source", "figure 5.2", "limits", "flows.csv, 32 rows, SHA-256"} {
		assert.Contains(t, out, want)
	}
	code, out, _ = oncoref(t, "", "seeds", "show", "iknl-2023-fig-5.2-penile-cancer", "--format", "json")
	require.Zero(t, code)
	assert.True(t, json.Valid([]byte(out)))
}

// What export writes can be read again, and nothing is overwritten.
func TestSeedsExportAndMapOfIt(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "landscape")
	code, out, errs := oncoref(t, "", "seeds", "export", "nl-oncology-landscape-2023", "-o", dir)
	require.Zero(t, code, errs)
	assert.Contains(t, out, "hospitals.csv")
	code, _, errs = oncoref(t, "", "seeds", "export", "nl-oncology-landscape-2023", "-o", dir)
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "exists already")

	flows := filepath.Join(t.TempDir(), "flows.csv")
	require.NoError(t, os.WriteFile(flows, []byte("origin,destination,count\nRO West,Onconovo+,12\nRO West,geen,40\nEMBRAZE,RO West,7\n"), 0o644))
	picture := filepath.Join(t.TempDir(), "new", "folder", "map.svg")
	code, _, errs = oncoref(t, "", "map", flows, "--landscape", dir, "--date", "2021-12-31", "--unit", "patients", "--title", "Own <table>", "-o", picture)
	require.Zero(t, code, errs)
	svg, err := os.ReadFile(picture)
	require.NoError(t, err)
	assert.Contains(t, string(svg), "RO West to Onconovo+: 12 patients")
	assert.Contains(t, string(svg), "Own &lt;table&gt;")
}

func TestMapFormats(t *testing.T) {
	const name = "iknl-2023-fig-5.2-penile-cancer"
	for format, start := range map[string]string{"svg": "<?xml", "png": "\x89PNG", "pdf": "%PDF", "dot": "digraph"} {
		code, out, errs := oncoref(t, "", "map", name, "--format", format, "--lang", "nl")
		require.Zero(t, code, errs)
		assert.True(t, strings.HasPrefix(out, start), format)
		_, again, _ := oncoref(t, "", "map", name, "--format", format, "--lang", "nl")
		assert.True(t, out == again, "%s differs on a second run", format)
	}
}

// A silent pipe does not keep the command from ending.
func TestReadingCanBeStopped(t *testing.T) {
	silent, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan int)
	go func() {
		var o, e bytes.Buffer
		done <- run(ctx, []string{"map", "-"}, silent, &o, &e)
	}()
	cancel()
	select {
	case code := <-done:
		assert.Equal(t, 1, code)
	case <-time.After(20 * time.Second):
		t.Fatal("still reading")
	}
}

// A failed run leaves the file of the run before as it was.
func TestMapWritesWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "map.svg")
	require.NoError(t, os.WriteFile(path, []byte("old"), 0o644))
	code, _, _ := oncoref(t, "origin,destination,count\nRO West,EMBRAZE,1.5\n", "map", "-", "-o", path)
	assert.Equal(t, 1, code)
	code, _, errs := oncoref(t, "", "map", "iknl-2023-fig-5.2-penile-cancer", "-o", path, "--timeout", "1ns")
	assert.Equal(t, 1, code, errs)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "old", string(text))
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, files, 1)
}
