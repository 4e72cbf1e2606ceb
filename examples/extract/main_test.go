// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares with a file beside the test; folders of the run do not count.
func golden(t *testing.T, name, dir string, got []byte) {
	t.Helper()
	got = bytes.ReplaceAll(got, []byte(dir+string(filepath.Separator)), nil)
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}

// That the sums of the columns of the two tables agree, and that they agree
// with the quality report, was checked by hand.
func TestMadeUpExtract(t *testing.T) {
	dir := t.TempDir()
	var b bytes.Buffer
	require.NoError(t, run(context.Background(), &b, "", dir))
	golden(t, "report.txt", dir, b.Bytes())
	flows, err := os.ReadFile(filepath.Join(dir, "flows.csv"))
	require.NoError(t, err)
	golden(t, "flows.csv", dir, flows)
	svg, err := os.ReadFile(filepath.Join(dir, "map.svg"))
	require.NoError(t, err)
	assert.Contains(t, string(svg), "SYNTHETIC DATA")

	// The same from the file that the first run made.
	again := t.TempDir()
	b.Reset()
	require.NoError(t, run(context.Background(), &b, filepath.Join(dir, "extract.csv"), again))
	golden(t, "report.txt", dir, b.Bytes())
	same, err := os.ReadFile(filepath.Join(again, "map.svg"))
	require.NoError(t, err)
	assert.True(t, bytes.Equal(svg, same))
}

func TestOwnExtract(t *testing.T) {
	dir := t.TempDir()
	in := filepath.Join(dir, "own.csv")
	text := "pid;datum;event;hospital\n"
	for _, p := range []string{"1", "2", "3", "4", "5", "6"} {
		text += p + ";01-02-2020;first_visit;AMPHIA\n" + p + ";02-03-2020;surgery;AVL\n"
	}
	require.NoError(t, os.WriteFile(in, []byte(text), 0o644))
	var b bytes.Buffer
	require.NoError(t, run(context.Background(), &b, in, dir))
	assert.Contains(t, b.String(), "EMBRAZE")
	svg, err := os.ReadFile(filepath.Join(dir, "map.svg"))
	require.NoError(t, err)
	assert.NotContains(t, string(svg), "SYNTHETIC")
	require.Error(t, run(context.Background(), &b, filepath.Join(dir, "nowhere.csv"), dir))
}

func TestIsShort(t *testing.T) {
	text, err := os.ReadFile("main.go")
	require.NoError(t, err)
	assert.Less(t, strings.Count(string(text), "\n"), 120)
}
