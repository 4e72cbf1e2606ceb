// SPDX-License-Identifier: Apache-2.0

// Package output writes files whole or not at all, and drawings in the format
// that a file name asks for. The command and the examples share it.
package output

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/oncoref/oncoref/graph/viz"
)

// WriteFile lets write fill a temporary file beside path and renames it to
// path when all went well; on an error the old file, if any, stays as it was.
// Missing folders are made. A symbolic link is followed, and a file that is
// replaced keeps its permissions; what is no regular file, such as a pipe or a
// device, is written to directly.
func WriteFile(path string, write func(io.Writer) error) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	mode := os.FileMode(0o666) // less the umask
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return fmt.Errorf("%s is a folder", path)
	case err == nil && !info.Mode().IsRegular():
		return writeDirectly(path, write)
	case err == nil:
		mode = info.Mode().Perm()
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := temporary(path, mode)
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// temporary makes a new file beside path.
func temporary(path string, mode os.FileMode) (*os.File, error) {
	dir, base := filepath.Split(path)
	for {
		name := filepath.Join(dir, fmt.Sprintf(".%s.%08x", base, rand.Uint32()))
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		if !errors.Is(err, os.ErrExist) {
			return f, err
		}
	}
}

func writeDirectly(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
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
