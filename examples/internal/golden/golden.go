// SPDX-License-Identifier: Apache-2.0

// Package golden compares what an example prints with a file beside its test.
package golden

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Equal compares with testdata/output.txt of the test, which the flag -update
// rewrites.
func Equal(t *testing.T, got []byte) {
	t.Helper()
	File(t, "output.txt", got)
}

// File is Equal for a file of another name in testdata.
func File(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, got, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got))
}
