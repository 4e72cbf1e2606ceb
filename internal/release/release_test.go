// SPDX-License-Identifier: Apache-2.0

package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Everything that is linked into a binary may be, and its license goes along.
func TestLicensesOfAllThatIsLinked(t *testing.T) {
	root := "../.."
	modules := map[string]module{}
	for _, x := range targets {
		list, err := linked(t.Context(), root, x)
		require.NoError(t, err)
		require.Greater(t, len(list), 20)
		for _, m := range list {
			modules[m.Path] = m
		}
	}
	files, err := gather(t.Context(), root, slices.Collect(maps.Values(modules)))
	require.NoError(t, err)
	var list [][]string
	for _, f := range files {
		assert.NotEmpty(t, f.data, f.name)
		if f.name == "licenses/licenses.csv" {
			list, err = csv.NewReader(bytes.NewReader(f.data)).ReadAll()
			require.NoError(t, err)
		}
	}
	of := map[string][]string{}
	for _, row := range list[1:] {
		for part := range strings.SplitSeq(row[2], " and ") {
			of[row[0]] = append(of[row[0]], part)
			assert.Contains(t, []string{"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "FTL", "OFL-1.1", "EPL-2.0"}, part, row)
			assert.Equal(t, part == "EPL-2.0", strings.HasPrefix(row[3], "Graphviz"), "only Graphviz is under the EPL")
		}
	}
	// What these projects say of themselves.
	for module, want := range map[string][]string{
		"std": {"BSD-3-Clause"}, "github.com/goccy/go-graphviz": {"MIT", "EPL-2.0"}, "github.com/golang/freetype": {"FTL"},
		"codeberg.org/go-fonts/liberation": {"BSD-3-Clause", "OFL-1.1"}, "github.com/twpayne/go-geom": {"BSD-2-Clause"},
		"github.com/klauspost/compress": {"BSD-3-Clause", "Apache-2.0", "MIT"}, "go.yaml.in/yaml/v3": {"MIT", "Apache-2.0"},
		"github.com/spf13/cobra": {"Apache-2.0"}, "github.com/inconshreveable/mousetrap": {"Apache-2.0"},
	} {
		assert.Equal(t, want, of[module], module)
	}
	notice, err := os.ReadFile(filepath.Join(root, "NOTICE"))
	require.NoError(t, err)
	for module := range embedded {
		assert.Contains(t, string(notice), module)
		assert.Contains(t, of, module, "a work is named that is no longer linked")
	}
}

func TestClassify(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "All rights reserved.": "",
		"GNU GENERAL PUBLIC LICENSE\nVersion 3": "",
		"Mozilla Public License Version 2.0":    "",
		string(eclipse):                         "EPL-2.0",
		"Permission is hereby granted, free of\ncharge ... The above copyright  notice and this permission notice shall": "MIT",
	} {
		assert.Equal(t, want, classify(text), text)
	}
	dir := t.TempDir()
	_, _, err := licenseTexts(module{"example.org/none", "v1.0.0", dir})
	require.ErrorContains(t, err, "no license file")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "LICENSE"), []byte("GNU GENERAL PUBLIC LICENSE"), 0o600))
	_, _, err = licenseTexts(module{"example.org/gpl", "v1.0.0", dir})
	require.ErrorContains(t, err, "no license known to allow linking")
}

func TestArchivesHoldTheSameFiles(t *testing.T) {
	files := []file{{"LICENSE", []byte("text"), false}, {"oncoref", []byte{1, 2, 3}, true}}
	when := time.Date(2026, 3, 4, 5, 6, 8, 0, time.UTC)
	z, err := tarred("folder", files, when)
	require.NoError(t, err)
	unzipped, err := gzip.NewReader(bytes.NewReader(z))
	require.NoError(t, err)
	assert.True(t, unzipped.ModTime.IsZero())
	r := tar.NewReader(unzipped)
	for _, f := range files {
		h, err := r.Next()
		require.NoError(t, err)
		assert.Equal(t, []any{"folder/" + f.name, f.mode(), when, 0}, []any{h.Name, h.Mode, h.ModTime.UTC(), h.Uid})
		data, err := io.ReadAll(r)
		require.NoError(t, err)
		assert.Equal(t, f.data, data)
	}
	_, err = r.Next()
	require.ErrorIs(t, err, io.EOF)

	z, err = zipped("folder", files, when)
	require.NoError(t, err)
	archive, err := zip.NewReader(bytes.NewReader(z), int64(len(z)))
	require.NoError(t, err)
	require.Len(t, archive.File, 2)
	for i, f := range files {
		h := archive.File[i]
		assert.Equal(t, []any{"folder/" + f.name, os.FileMode(f.mode()), when}, []any{h.Name, h.Mode(), h.Modified.UTC()})
		in, err := h.Open()
		require.NoError(t, err)
		data, err := io.ReadAll(in)
		require.NoError(t, err)
		assert.Equal(t, f.data, data)
	}
	again, err := zipped("folder", files, when)
	require.NoError(t, err)
	assert.Equal(t, z, again)
}

func TestArguments(t *testing.T) {
	for _, v := range []string{"", "0.1.0", "v1", "v01.0.0", "v1.0.0 ", "v1.0.0\n"} {
		require.Error(t, run(t.Context(), v, t.TempDir(), ""), v)
	}
	_, err := choose("linux/amd64,plan9/amd64")
	require.ErrorContains(t, err, "plan9/amd64")
	list, err := choose("windows/amd64")
	require.NoError(t, err)
	assert.Equal(t, []target{{"windows", "amd64"}}, list)
	all, err := choose("")
	require.NoError(t, err)
	assert.True(t, slices.Equal(targets, all))
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	when, err := buildTime(t.Context(), ".")
	require.NoError(t, err)
	assert.Equal(t, time.Date(2023, 11, 14, 22, 13, 20, 0, time.UTC), when)
	t.Setenv("SOURCE_DATE_EPOCH", "yesterday")
	_, err = buildTime(t.Context(), ".")
	require.Error(t, err)
	_, err = text(t.Context(), ".", "go", "nonsense")
	require.True(t, errors.Unwrap(err) != nil && strings.Contains(err.Error(), "go nonsense"))
}
