// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var exportFormats = []string{"graphml", "gexf", "pajek", "nodelink", "csv", "parquet"}

// Whatever the hidden counts are, every file is the same to the last byte.
func TestExportsDoNotDependOnSmallCounts(t *testing.T) {
	for _, format := range append(exportFormats, "flowmap") {
		args := []string{"export", "-", "--format", format}
		if format != "parquet" {
			args = append(args, "--weights", "upper")
		}
		if format == "flowmap" {
			args = append(args, "-o", "AUDIT")
		}
		for _, text := range []string{smallFlows, smallSlices} {
			want := exported(t, fmt.Sprintf(text, hiddenCounts[0]...), args)
			assert.Greater(t, len(want), 300, format)
			for _, counts := range hiddenCounts[1:] {
				require.True(t, want == exported(t, fmt.Sprintf(text, counts...), args), "%s %v", format, counts)
			}
		}
	}
}

// exported is all that the command puts out, with the files of a folder.
func exported(t *testing.T, in string, args []string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	own := strings.Split(strings.ReplaceAll(strings.Join(args, "\x00"), "AUDIT", dir), "\x00")
	code, out, errs := oncoref(t, in, own...)
	require.Zero(t, code, errs)
	for _, name := range []string{sheetLocations, sheetFlows} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil {
			out += string(b)
		}
	}
	return out + errs
}

func TestExportNeverGuesses(t *testing.T) {
	in := fmt.Sprintf(smallFlows, hiddenCounts[0]...)
	for _, format := range []string{"gexf", "pajek"} {
		path := filepath.Join(t.TempDir(), "out")
		code, _, errs := oncoref(t, in, "export", "-", "--format", format, "-o", path)
		assert.Equal(t, 1, code)
		assert.Contains(t, errs, "lies between 1 and 4")
		assert.Contains(t, errs, "--weights lower, upper or presence")
		assert.NoFileExists(t, path)
	}
	_, out, _ := oncoref(t, in, "export", "-", "--format", "nodelink")
	var file struct {
		Graph map[string]string
		Edges []struct {
			Source, Target, State string
			Weight, Lower, Upper  *float64
		}
	}
	require.NoError(t, json.Unmarshal([]byte(out), &file))
	unknown := 0
	for _, e := range file.Edges {
		if e.State == "interval" {
			unknown++
			assert.Nil(t, e.Weight)
			assert.Equal(t, []float64{1, 4}, []float64{*e.Lower, *e.Upper})
		} else {
			assert.Equal(t, *e.Lower, *e.Weight)
		}
	}
	assert.Equal(t, 6, unknown)
	_, out, _ = oncoref(t, in, "export", "-", "--format", "nodelink", "--allow-small")
	assert.NotContains(t, out, "interval")
}

func TestExportOfADataset(t *testing.T) {
	dir := t.TempDir()
	code, _, errs := oncoref(t, "", "export", "iknl-2023-fig-5.2-penile-cancer", "--weights", "presence", "--format", "flowmap", "-o", dir)
	require.Zero(t, code, errs)
	flows, err := os.ReadFile(filepath.Join(dir, sheetFlows))
	require.NoError(t, err)
	assert.Contains(t, string(flows), "1 for every flow known to occur")
	assert.Contains(t, errs, "has no place: 1, together present")

	path := filepath.Join(dir, "x.graphml")
	code, _, errs = oncoref(t, "", "export", "iknl-2023-fig-5.2-penile-cancer", "-o", path)
	require.Zero(t, code, errs)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Contains(t, string(b), `attr.name="presence_only"`)
	assert.NotContains(t, string(b), `<data key="w">`)
}

func TestExportUsage(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"export", "-"}, "expected graphml"},
		{[]string{"export", "-", "--format", "xml"}, "expected graphml"},
		{[]string{"export", "-", "--format", "csv", "--weights", "mean"}, "expected known, lower, upper or presence"},
		{[]string{"export", "-", "--format", "parquet", "--weights", "lower"}, "not for parquet"},
		{[]string{"export", "-", "--format", "flowmap"}, "names their folder"},
		{[]string{"export", "-", "--format", "csv", "--level", "city"}, "network or hospital"},
		{[]string{"export"}, "takes one flow table"},
	} {
		code, _, errs := oncoref(t, "origin,destination,count\nEMBRAZE,CONCORD,7\n", c.args...)
		assert.Equal(t, 2, code, c.args)
		assert.Contains(t, errs, c.want)
	}
	code, _, errs := oncoref(t, "origin,destination,count\nEMBRAZE,CONCORD,seven\n", "export", "-", "--format", "csv")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "seven")
}
