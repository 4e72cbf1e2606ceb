// SPDX-License-Identifier: Apache-2.0

// Package output writes files whole or not at all, and drawings in the format
// that a file name asks for. The command and the examples share it.
package output

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/oncoref/oncoref/graph/viz"
)

// WriteFile lets write fill a temporary file beside path and renames it to
// path when all went well; on an error the old file, if any, stays as it was.
// Missing folders are made.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err := write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// Drawing renders d in format f to w. DOT is the drawing's own text, not
// what Graphviz makes of it.
func Drawing(ctx context.Context, w io.Writer, d *viz.Drawing, f viz.Format, o viz.Options) error {
	text, err := d.DOT()
	if err != nil {
		return err
	}
	if f == viz.DOT {
		_, err = io.Copy(w, bytes.NewReader(text))
		return err
	}
	return viz.Render(ctx, w, text, f, o)
}

// DrawingFile renders d to path in the format of its extension.
func DrawingFile(ctx context.Context, path string, d *viz.Drawing, o viz.Options) error {
	f, err := viz.ParseFormat(filepath.Base(path))
	if err != nil {
		return err
	}
	return WriteFile(path, func(w io.Writer) error { return Drawing(ctx, w, d, f, o) })
}
