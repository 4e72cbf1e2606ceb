// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/examples/internal/golden"
)

// without leaves the folder of the run out of a text.
func without(dir string, text []byte) []byte {
	return bytes.ReplaceAll(text, []byte(dir+string(filepath.Separator)), nil)
}

// That the sums of the columns of the two tables agree, and that they agree
// with the quality report, was checked by hand.
func TestMadeUpExtract(t *testing.T) {
	dir := t.TempDir()
	var b bytes.Buffer
	require.NoError(t, run(context.Background(), &b, "", dir))
	golden.File(t, "report.txt", without(dir, b.Bytes()))
	flows, err := os.ReadFile(filepath.Join(dir, "flows.csv"))
	require.NoError(t, err)
	golden.File(t, "flows.csv", without(dir, flows))
	svg, err := os.ReadFile(filepath.Join(dir, "map.svg"))
	require.NoError(t, err)
	assert.Contains(t, string(svg), "SYNTHETIC DATA")

	// The same from the file that the first run made.
	again := t.TempDir()
	b.Reset()
	require.NoError(t, run(context.Background(), &b, filepath.Join(dir, "extract.csv"), again))
	golden.File(t, "report.txt", without(dir, b.Bytes()))
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
