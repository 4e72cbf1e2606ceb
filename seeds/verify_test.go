// SPDX-License-Identifier: Apache-2.0

package seeds

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	sample     = "data/iknl-2023-fig-3.3-referral-classes"
	sampleCSV  = sample + "/classes.csv"
	sampleFlow = "data/iknl-2023-fig-5.2-penile-cancer"
)

// copyData returns a copy of the embedded files that a test may damage.
func copyData(t testing.TB) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{}
	require.NoError(t, fs.WalkDir(embedded, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(embedded, name)
		m[name] = &fstest.MapFile{Data: b}
		return err
	}))
	return m
}

// edit changes a manifest of the copy as decoded JSON.
func edit(t testing.TB, m fstest.MapFS, folder string, change func(keys map[string]any)) {
	t.Helper()
	name := path.Join(folder, manifestName)
	var keys map[string]any
	require.NoError(t, json.Unmarshal(m[name].Data, &keys))
	change(keys)
	b, err := json.Marshal(keys)
	require.NoError(t, err)
	m[name] = &fstest.MapFile{Data: b}
}

func TestVerifyFindsEveryDamage(t *testing.T) {
	require.NoError(t, verify(copyData(t)))
	file := func(keys map[string]any, i int) map[string]any { return keys["files"].([]any)[i].(map[string]any) }
	for _, c := range []struct {
		name   string
		damage func(m fstest.MapFS)
		what   string // of the IntegrityError; empty if the error is another one
	}{
		{"a changed byte", func(m fstest.MapFS) {
			m[sampleCSV].Data = bytes.Replace(m[sampleCSV].Data, []byte("53"), []byte("35"), 1)
		}, "sha256"},
		{"a shortened file", func(m fstest.MapFS) { m[sampleCSV].Data = m[sampleCSV].Data[:100] }, ""},
		{"a row more", func(m fstest.MapFS) {
			m[sampleCSV].Data = append(m[sampleCSV].Data, "a,b,c,1,d,high,\n"...)
		}, "bytes"},
		{"a wrong number of rows", func(m fstest.MapFS) {
			edit(t, m, sample, func(k map[string]any) { file(k, 1)["rows"] = 5 })
		}, "rows"},
		{"a missing file", func(m fstest.MapFS) { delete(m, sampleCSV) }, ""},
		{"a file without a record", func(m fstest.MapFS) { m[sample+"/more.csv"] = &fstest.MapFile{} }, "record"},
		{"a file beside the folders", func(m fstest.MapFS) { m["data/x.csv"] = &fstest.MapFile{} }, ""},
		{"a folder without a manifest", func(m fstest.MapFS) { m["data/x/y.csv"] = &fstest.MapFile{} }, ""},
		{"another name", func(m fstest.MapFS) {
			edit(t, m, sample, func(k map[string]any) { k["name"] = "x" })
		}, "name"},
		{"a table without its file", func(m fstest.MapFS) {
			edit(t, m, sampleFlow, func(k map[string]any) { k["table"].(map[string]any)["file"] = "x.csv" })
		}, "table.file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := copyData(t)
			c.damage(m)
			err := verify(m)
			require.Error(t, err)
			if c.what != "" {
				var damage *IntegrityError
				require.ErrorAs(t, err, &damage)
				assert.Equal(t, c.what, damage.What)
				assert.True(t, strings.HasPrefix(damage.File, root+"/"))
			}
		})
	}
}

func TestIntegrityErrorText(t *testing.T) {
	err := &IntegrityError{File: "data/x/y.csv", What: "rows", Got: "3", Want: "4"}
	assert.EqualError(t, err, `seeds: data/x/y.csv: rows is "3", want "4"`)
}

func TestManifestsAreStrict(t *testing.T) {
	read := func(t *testing.T, folder string, change func(k map[string]any)) error {
		m := copyData(t)
		edit(t, m, folder, change)
		_, err := parseManifest(m[path.Join(folder, manifestName)].Data)
		return err
	}
	require.NoError(t, read(t, sample, func(map[string]any) {}))
	for name, change := range map[string]func(k map[string]any){
		"unknown key":           func(k map[string]any) { k["terms"] = "x" },
		"unknown key below":     func(k map[string]any) { k["license"].(map[string]any)["text"] = "x" },
		"empty title":           func(k map[string]any) { k["title"] = " " },
		"empty license":         func(k map[string]any) { k["license"].(map[string]any)["spdx"] = "" },
		"no limits":             func(k map[string]any) { k["known_limits"] = []any{} },
		"no transform":          func(k map[string]any) { k["transform"] = []any{} },
		"no files":              func(k map[string]any) { k["files"] = []any{} },
		"no raw files":          func(k map[string]any) { k["raw"] = []any{} },
		"date not ISO":          func(k map[string]any) { k["published"] = "6 March 2023" },
		"unknown kind":          func(k map[string]any) { k["kind"] = "matrix" },
		"flows without a table": func(k map[string]any) { k["kind"] = "flow-table" },
		"file elsewhere":        func(k map[string]any) { k["files"].([]any)[0].(map[string]any)["path"] = "../x.csv" },
		"rows as text":          func(k map[string]any) { k["files"].([]any)[0].(map[string]any)["rows"] = "4" },
	} {
		t.Run(name, func(t *testing.T) { require.Error(t, read(t, sample, change)) })
	}
	t.Run("every key is required", func(t *testing.T) {
		var keys map[string]any
		require.NoError(t, json.Unmarshal(copyData(t)[path.Join(sample, manifestName)].Data, &keys))
		for key := range maps.Keys(keys) {
			err := read(t, sample, func(k map[string]any) { delete(k, key) })
			require.Error(t, err, key)
			assert.Contains(t, err.Error(), key)
		}
	})
	t.Run("unknown unit or rule", func(t *testing.T) {
		require.Error(t, read(t, sampleFlow, func(k map[string]any) { k["unit"] = "heads" }))
		require.Error(t, read(t, sampleFlow, func(k map[string]any) { k["table"].(map[string]any)["destination_rule"] = "nearest" }))
	})
	t.Run("text after the manifest", func(t *testing.T) {
		_, err := parseManifest(append(copyData(t)[path.Join(sample, manifestName)].Data, '{', '}'))
		require.Error(t, err)
	})
}

func FuzzManifest(f *testing.F) {
	for name, file := range copyData(f) {
		if path.Base(name) == manifestName {
			f.Add(file.Data)
		}
	}
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := parseManifest(text)
		if err != nil {
			return
		}
		require.NoError(t, m.check())
		again, err := json.Marshal(m)
		require.NoError(t, err)
		n, err := parseManifest(again)
		require.NoError(t, err)
		assert.Equal(t, m.Name, n.Name)
		assert.Equal(t, m.Files, n.Files)
	})
}
