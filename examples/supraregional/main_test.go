// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/examples/internal/golden"
)

func printed(t *testing.T, in string) string {
	t.Helper()
	var b bytes.Buffer
	dir := t.TempDir()
	require.NoError(t, run(t.Context(), &b, in, dir))
	published, err := os.ReadFile(filepath.Join(dir, "supraregional.csv"))
	require.NoError(t, err)
	assert.NotRegexp(t, `(?m),[1-4],[1-4]?,[1-4]?$`, string(published))
	return b.String()
}

func TestMadeUpRegistry(t *testing.T) {
	got := printed(t, "")
	golden.File(t, "report.txt", []byte(got))
	assert.Equal(t, got, printed(t, ""))
	assert.Contains(t, got, "SYNTHETIC")
}

// An extract of its own: 20 patients of EMBRAZE stay, 15 are treated at the
// NKI-AVL and 3 in Leiden, which nobody may read. A Leiden patient goes to NKI-AVL.
func TestOwnExtract(t *testing.T) {
	var b strings.Builder
	b.WriteString("pid;datum;event;hospital\n")
	n := 0
	add := func(patients int, first, treated string) {
		for range patients {
			n++
			id := "p" + strings.Repeat("x", n)
			b.WriteString(id + ";01-02-2020;first_visit;" + first + "\n" + id + ";02-03-2020;surgery;" + treated + "\n")
		}
	}
	add(20, "AMPHIA", "AMPHIA")
	add(15, "AMPHIA", "AVL")
	add(3, "AMPHIA", "LUMC")
	add(30, "AVL", "AVL")
	add(12, "LUMC", "LUMC")
	add(6, "LUMC", "AVL")
	in := filepath.Join(t.TempDir(), "own.csv")
	require.NoError(t, os.WriteFile(in, []byte(b.String()), 0o600))
	got := printed(t, in)
	assert.NotContains(t, got, "SYNTHETIC")
	assert.NotContains(t, got, "counted")
	assert.Contains(t, got, "Audit, suppressed: safe")
	assert.Regexp(t, `EMBRAZE +RO West +0-\d+ `, got)
	assert.False(t, regexp.MustCompile(`RO West +8 \(`).MatchString(got), "3 of 38 patients are 8 %%")

	var out bytes.Buffer
	require.Error(t, run(t.Context(), &out, filepath.Join(t.TempDir(), "nowhere.csv"), ""))
}

func TestIsShort(t *testing.T) {
	text, err := os.ReadFile("main.go")
	require.NoError(t, err)
	assert.Less(t, strings.Count(string(text), "\n"), 290)
}
