// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A file in the working folder gives values to flags; the command line wins, and
// the result says where they came from.
func TestSettings(t *testing.T) {
	dir := sites(t, nil)
	t.Chdir(t.TempDir())
	require.NoError(t, os.WriteFile(settingsFile, []byte(`# for this study
landscape: `+dir+`
lang: nl
coverage:
  disease: sarcoma
  within: [10, 20]
  period: 2016-2017
seeds:
  list:
    format: json
`), 0o644))
	code, out, errs := oncoref(t, moves, "coverage", "-", "--why", "--period", "2016")
	require.Zero(t, code, errs)
	assert.Contains(t, errs, "oncoref.yaml sets disease, landscape, lang, within\n")
	var x explained
	require.NoError(t, json.Unmarshal([]byte(out), &x))
	require.NotNil(t, x.Why.Settings)
	assert.Equal(t, settingsFile, x.Why.Settings.File)
	assert.Equal(t, []string{"disease", "landscape", "lang", "within"}, x.Why.Settings.Flags)
	assert.Len(t, x.Why.Settings.SHA256, 64)
	assert.Contains(t, out, "20 km")
	assert.Contains(t, x.Why.Rules["volumes"], "2016-2016")

	code, out, errs = oncoref(t, "", "seeds", "list")
	require.Zero(t, code, errs)
	assert.True(t, json.Valid([]byte(out)))
	code, _, errs = oncoref(t, "", "seeds", "list", "--format", "csv")
	require.Zero(t, code, errs)
	assert.NotContains(t, errs, "sets")
	code, _, errs = oncoref(t, moves, "coverage", "-", "--config", "none")
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, "--disease takes the designations")

	// Help and completion do not read it.
	require.NoError(t, os.WriteFile(settingsFile, []byte("nonsense: 1\n"), 0o644))
	code, _, _ = oncoref(t, "", "help", "map")
	assert.Zero(t, code)
	code, _, errs = oncoref(t, "", "seeds", "list")
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, `oncoref.yaml:1:1: "nonsense"`)
}

func TestSettingsRefuse(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", "lang: nl\nlandscpe: x\n", `:2:1: "landscpe": expected the name of a flag or a command; did you mean landscape?`},
		{"unknown key of a command", "measure:\n  dpi: 3\n", `:2:3: "dpi"`},
		{"key of another command", "map:\n  dpi: 3\n  rule: x\n", `:3:3: "rule"`},
		{"wrong value", "measure:\n  seed: often\n", `:2:9: "often": expected a whole number, 0 or more`},
		{"nothing", "measure:\n  seed:\n", `:2:8: "": expected a whole number`},
		{"list", "measure:\n  seed: [1, 2]\n", `:2:9: "seed": expected one value, not a list`},
		{"mapping", "measure:\n  seed: {a: 1}\n", `:2:9: "seed": expected a value`},
		{"twice", "lang: nl\nlang: en\n", `:2:1: "lang": expected each name once`},
		{"not names", "- lang\n", ":1:1: \"\": expected names of flags"},
		{"small counts", "allow-small: true\n", `:1:1: "allow-small": expected a flag that may stand in a file`},
		{"small counts of a command", "measure: {allow-small: true}\n", `"allow-small": expected a flag that may stand in a file`},
		{"no YAML", "lang: [\n", "did not find expected node content"},
		{"two documents", "lang: nl\n---\nlang: en\n", "expected one document"},
		{"no alias", "measure:\n  seed: *x\n", "unknown anchor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := temp(t, "my.yaml", c.text)
			code, out, errs := oncoref(t, "origin,destination,count\nA,B,12\n", "measure", "-", "--measures", "total", "--config", path)
			assert.NotZero(t, code)
			assert.Contains(t, errs, path)
			assert.Contains(t, errs, c.want)
			assert.Empty(t, out)
		})
	}
	code, _, errs := oncoref(t, "", "seeds", "list", "--config", "nowhere.yaml")
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "no such file: nowhere.yaml")
	for _, text := range []string{"", "# nothing\n", "measure:\n"} {
		code, _, errs = oncoref(t, "", "seeds", "list", "--config", temp(t, "empty.yaml", text))
		assert.Zero(t, code, errs)
	}
}

func FuzzSettings(f *testing.F) {
	for _, s := range []string{"lang: nl", "measure:\n  merge: [a, b]\n", "a: &x {b: *x}", "x: [", "? [a]\n: b", "<<: {lang: nl}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		root := newRoot()
		c, _, err := root.Find([]string{"measure"})
		require.NoError(t, err)
		used, err := settings{file: "x", root: root}.apply(c, []byte(text))
		if err == nil {
			assert.NotContains(t, used, "allow-small")
		}
		if err != nil {
			assert.Contains(t, err.Error(), "x:")
		}
	})
}
