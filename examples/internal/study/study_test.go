// SPDX-License-Identifier: Apache-2.0

package study

import (
	"bytes"
	"context"
	"flag"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/seeds"
)

var update = flag.Bool("update", false, "rewrite the golden files")

var studies = []Study{
	{"iknl-2023-fig-5.2-penile-cancer", "penilecancer"},
	{"iknl-2023-fig-5.3-eye-melanoma", "eyemelanoma"},
	{"iknl-2023-fig-5.4-mesothelioma", "mesothelioma"},
	{"iknl-2023-fig-5.6-head-and-neck", "headneck"},
}

// The counts of flows, destinations and components in these files were checked
// by hand against the report's lists and against the values that package
// referral/flow is tested with.
func TestPrintedTables(t *testing.T) {
	for _, s := range studies {
		t.Run(s.Name, func(t *testing.T) {
			table, err := seeds.Table(s.Dataset)
			require.NoError(t, err)
			var b bytes.Buffer
			require.NoError(t, Print(&b, table))
			golden := filepath.Join("testdata", s.Name+".txt")
			if *update {
				require.NoError(t, os.WriteFile(golden, b.Bytes(), 0o644))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.Equal(t, string(want), b.String())
		})
	}
}

func TestRunWritesTheSamePicturesTwice(t *testing.T) {
	first, second := t.TempDir(), t.TempDir()
	for _, s := range studies[:1] {
		for _, dir := range []string{first, second} {
			var b bytes.Buffer
			require.NoError(t, s.Run(context.Background(), &b, dir, "nl"))
			assert.Contains(t, b.String(), "wrote ")
		}
		for _, ext := range []string{".svg", ".png", ".dot"} {
			a, err := os.ReadFile(filepath.Join(first, s.Name+ext))
			require.NoError(t, err)
			b, err := os.ReadFile(filepath.Join(second, s.Name+ext))
			require.NoError(t, err)
			assert.True(t, bytes.Equal(a, b), ext)
			assert.NotEmpty(t, a)
		}
		f, err := os.Open(filepath.Join(first, s.Name+".png"))
		require.NoError(t, err)
		defer f.Close()
		c, err := png.DecodeConfig(f)
		require.NoError(t, err)
		assert.Equal(t, 1190, c.Width) // 595 points at 144 dots per inch
		assert.Equal(t, 1684, c.Height)
	}
}

func TestRunFailsCleanly(t *testing.T) {
	var b bytes.Buffer
	require.Error(t, Study{"no-such-dataset", "x"}.Run(context.Background(), &b, t.TempDir(), "en"))
	require.Error(t, studies[0].Run(context.Background(), &b, t.TempDir(), "xx"))
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	require.Error(t, studies[0].Run(context.Background(), &b, filepath.Join(file, "below"), "en"))
}

// The README shows the map that the first example draws. Layouts are not the
// same to the last digit on every processor, so other ones are not compared.
func TestReadmePictureIsCurrent(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("compared on amd64 only")
	}
	dir := t.TempDir()
	require.NoError(t, studies[0].Run(context.Background(), io.Discard, dir, "en"))
	got, err := os.ReadFile(filepath.Join(dir, "penilecancer.svg"))
	require.NoError(t, err)
	const picture = "../../../docs/penilecancer.svg"
	if *update {
		require.NoError(t, os.WriteFile(picture, got, 0o644))
	}
	want, err := os.ReadFile(picture)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(want, got), "run go test ./examples/internal/study -update")
}
