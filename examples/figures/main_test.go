// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every figure is drawn in both languages; those of made-up patients say so, and
// the sheet has all of them.
func TestFigures(t *testing.T) {
	mark := map[string]string{"en": "SYNTHETIC DATA", "nl": "SYNTHETISCHE"}
	published := map[string]bool{"flow-map": true, "flow-maps": true, "destinations-shown": true, "referral-classes": true, "landscape": true}
	for lang, synthetic := range mark {
		out := t.TempDir()
		var b bytes.Buffer
		require.NoError(t, run(context.Background(), &b, out, lang, "svg"))
		files, err := filepath.Glob(filepath.Join(out, "*.svg"))
		require.NoError(t, err)
		require.Len(t, files, bytes.Count(b.Bytes(), []byte("\n")))
		for _, f := range files {
			text, err := os.ReadFile(f)
			require.NoError(t, err)
			name := filepath.Base(f[:len(f)-len(".svg")])
			assert.Equal(t, !published[name], bytes.Contains(text, []byte(synthetic)), "%s in %s", name, lang)
			assert.Contains(t, string(text), "@font-face", name)
		}
		phones, err := filepath.Glob(filepath.Join(out, "phone", "*.svg"))
		require.NoError(t, err)
		assert.Len(t, phones, len(files))
		for name, width := range map[string]int{"figures.png": sheetColumns*(cellWidth+cellGap) + cellGap, "phone.png": sheetColumns*(phoneWidth+cellGap) + cellGap} {
			sheet, err := os.Open(filepath.Join(out, name))
			require.NoError(t, err)
			size, err := png.DecodeConfig(sheet)
			require.NoError(t, sheet.Close())
			require.NoError(t, err)
			assert.InDelta(t, width, size.Width, 2, name) // rounded down in a cell
		}
	}
}
