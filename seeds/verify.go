// SPDX-License-Identifier: Apache-2.0

package seeds

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Verify checks every embedded byte: each manifest has all its keys and no
// other, each file it names has the recorded size, SHA-256 and number of rows,
// and no file is without a record. It returns all failures joined;
// each difference is an [*IntegrityError].
func Verify() error { return verify(embedded) }

func verify(fsys fs.FS) error {
	all, err := readCatalog(fsys)
	if err != nil {
		return err
	}
	var failures []error
	recorded := map[string]bool{}
	for _, m := range all {
		recorded[path.Join(root, m.Name, manifestName)] = true
		for _, f := range m.Files {
			name := path.Join(root, m.Name, f.Path)
			recorded[name] = true
			failures = append(failures, verifyFile(fsys, name, f))
		}
		if m.Table != nil && !m.has(m.Table.File) {
			failures = append(failures, &IntegrityError{File: path.Join(root, m.Name, manifestName), What: "table.file", Got: m.Table.File, Want: "one of its files"})
		}
	}
	err = fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !recorded[name] {
			failures = append(failures, &IntegrityError{File: name, What: "record", Got: "", Want: "an entry in the manifest"})
		}
		return err
	})
	return errors.Join(append(failures, err)...)
}

// verifyFile compares one file with its record.
func verifyFile(fsys fs.FS, name string, want File) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("seeds: %w", err)
	}
	rows := 0
	if strings.HasSuffix(name, ".csv") {
		records, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
		if err != nil {
			return fmt.Errorf("seeds: %s: %w", name, err)
		}
		rows = len(records) - 1
	}
	sum := sha256.Sum256(b)
	for _, c := range []struct{ what, got, want string }{
		{"bytes", strconv.Itoa(len(b)), strconv.Itoa(want.Bytes)},
		{"sha256", hex.EncodeToString(sum[:]), want.SHA256},
		{"rows", strconv.Itoa(rows), strconv.Itoa(want.Rows)},
	} {
		if c.got != c.want {
			return &IntegrityError{File: name, What: c.what, Got: c.got, Want: c.want}
		}
	}
	return nil
}

// has reports whether a file belongs to the dataset.
func (m Manifest) has(file string) bool {
	return file == manifestName || slices.ContainsFunc(m.Files, func(f File) bool { return f.Path == file })
}
