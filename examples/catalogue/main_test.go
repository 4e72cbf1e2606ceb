// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/json"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/catalogue"
)

func load(t *testing.T, path string, into any) {
	t.Helper()
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(b, into))
}

// computed is what the command writes, as another program reads it.
func computed(t *testing.T) map[string]any {
	t.Helper()
	out := filepath.Join(t.TempDir(), "values.json")
	require.NoError(t, run(t.Context(), os.DirFS(catalogue.Folder(t)), out))
	var got map[string]any
	load(t, out, &got)
	return got
}

// groups are the groups of measures that the command has in full, by the
// start of the key.
var groups = []string{
	"A", "B", "C", "D", "E", "F",
}

func TestPublishedValues(t *testing.T) {
	got := computed(t)
	compared := 0
	for key, w := range catalogue.Metrics(t) {
		if v, ok := got[key]; ok {
			catalogue.Compare(t, key, w, v)
			compared++
		}
	}
	assert.Positive(t, compared)
}

// Values that are not published agree with those of an independent program,
// which knows the definitions and the data but not this library: NumPy and
// SciPy, exact fractions for paths, and all simple paths, subsets, partitions
// and permutations looked at one by one.
func TestIndependentValues(t *testing.T) {
	got := computed(t)
	var want map[string]any
	load(t, filepath.Join("testdata", "independent.json"), &want)
	require.Len(t, want, 56)
	for key, w := range want {
		catalogue.Same(t, key, w, got[key], 5e-9)
	}
}

// Keys are the known ones, all of a group, in the known shapes.
// Of keys that are not published the names and shapes are known.
func TestKeysAndShapes(t *testing.T) {
	got := computed(t)
	var shapes map[string]any
	load(t, filepath.Join("testdata", "unpublished.json"), &shapes)
	known := catalogue.Metrics(t)
	for key, v := range got {
		_, ok := known[key]
		if shape, other := shapes[key]; other {
			ok = true
			sameShape(t, key, shape, v)
		}
		assert.True(t, ok, "%s is not a known key", key)
	}
	for _, keys := range []iter.Seq[string]{maps.Keys(known), maps.Keys(shapes)} {
		for key := range keys {
			if slices.ContainsFunc(groups, func(g string) bool { return strings.HasPrefix(key, g) }) {
				assert.Contains(t, got, key)
			}
		}
	}
}

// sameShape compares the keys of maps; a leaf may be anything.
func sameShape(t *testing.T, where string, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		m, ok := got.(map[string]any)
		if !assert.True(t, ok, "%s: %v is no map", where, got) {
			return
		}
		assert.ElementsMatch(t, slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(m)), where)
		for key, w := range want {
			sameShape(t, where+"."+key, w, m[key])
		}
	case []any:
		if got != nil {
			assert.IsType(t, want, got, where)
		}
	}
}

func TestErrorsNameTheFile(t *testing.T) {
	_, err := compute(t.Context(), os.DirFS(t.TempDir()))
	require.ErrorIs(t, err, fs.ErrNotExist)
	bad := fstest.MapFS{}
	require.NoError(t, fs.WalkDir(os.DirFS(catalogue.Folder(t)), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(catalogue.Folder(t), path))
		bad[path] = &fstest.MapFile{Data: b}
		return err
	}))
	bad["example_networks.csv"] = &fstest.MapFile{Data: []byte("network,kind\nA,hub\n")}
	_, err = compute(t.Context(), bad)
	require.ErrorContains(t, err, "example_networks.csv")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = compute(ctx, os.DirFS(catalogue.Folder(t)))
	require.ErrorIs(t, err, context.Canceled)
}
