// SPDX-License-Identifier: Apache-2.0

package output

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph/viz"
)

func TestWriteFileIsWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a", "b", "file.txt")
	require.NoError(t, WriteFile(path, func(w io.Writer) error { _, err := io.WriteString(w, "one"); return err }))
	broken := errors.New("broken")
	err := WriteFile(path, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return broken
	})
	require.ErrorIs(t, err, broken)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "one", string(text))
	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, files, 1, "a temporary file was left")
}

func TestWriteFileReportsWhatCannotBeWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	assert.Error(t, WriteFile(filepath.Join(file, "below"), func(io.Writer) error { return nil }))
	assert.Error(t, WriteFile(t.TempDir(), func(io.Writer) error { return nil }), "a folder is no file")
}

func TestDrawingFileTakesTheFormatFromTheName(t *testing.T) {
	d := &viz.Drawing{Width: 40, Height: 40, Discs: []viz.Disc{{ID: "a", Center: viz.Point{X: 20, Y: 20}, Radius: 10, Fill: "#0072b2"}}}
	dir := t.TempDir()
	for name, start := range map[string]string{"a.svg": "<?xml", "a.png": "\x89PNG", "a.pdf": "%PDF", "a.dot": "digraph"} {
		path := filepath.Join(dir, name)
		require.NoError(t, DrawingFile(context.Background(), path, d, viz.Options{}))
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.True(t, bytes.HasPrefix(text, []byte(start)), name)
	}
	require.Error(t, DrawingFile(context.Background(), filepath.Join(dir, "a.gif"), d, viz.Options{}))
	require.ErrorIs(t, DrawingFile(context.Background(), filepath.Join(dir, "b.svg"), &viz.Drawing{}, viz.Options{}), viz.ErrDrawing)
	_, err := os.Stat(filepath.Join(dir, "b.svg"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestWriteFileKeepsWhatThePathIs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no symbolic links and modes")
	}
	put := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	require.NoError(t, os.WriteFile(file, []byte("old"), 0o600))
	require.NoError(t, os.Symlink(file, link))
	require.NoError(t, WriteFile(link, put("new")))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink, "the link was replaced")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "new", string(text))
	info, err = os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	require.NoError(t, WriteFile(os.DevNull, put("x")))
	info, err = os.Stat(os.DevNull)
	require.NoError(t, err)
	assert.False(t, info.Mode().IsRegular())
}
