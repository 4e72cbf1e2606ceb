// SPDX-License-Identifier: Apache-2.0

package seeds

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

//go:embed data
var embedded embed.FS

const (
	root         = "data"          // folder of the datasets in the embedded files
	manifestName = "manifest.json" // name of the record in each dataset's folder
)

// catalog reads the embedded manifests once; they never change.
var catalog = sync.OnceValues(func() ([]Manifest, error) {
	return readCatalog(embedded)
})

// readCatalog reads the manifest of every folder, in the order of the names.
func readCatalog(fsys fs.FS) ([]Manifest, error) {
	folders, err := fs.ReadDir(fsys, root)
	if err != nil {
		return nil, err
	}
	var all []Manifest
	for _, f := range folders {
		name := path.Join(root, f.Name(), manifestName)
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		m, err := parseManifest(text)
		if err != nil {
			return nil, fmt.Errorf("seeds: %s: %w", name, err)
		}
		if m.Name != f.Name() {
			return nil, &IntegrityError{File: name, What: "name", Got: m.Name, Want: f.Name()}
		}
		all = append(all, m)
	}
	return all, nil
}

// List returns the manifests of all datasets, sorted by name. They are the
// caller's own. It is empty if an embedded manifest cannot be read, which
// [Verify] explains.
func List() []Manifest {
	all, _ := catalog()
	out := make([]Manifest, len(all))
	for i, m := range all {
		out[i] = m.clone()
	}
	return out
}

// Find returns the manifest of a dataset. The error is a [*NotFoundError] if
// there is none of that name.
func Find(name string) (Manifest, error) {
	all, err := catalog()
	if err != nil {
		return Manifest{}, err
	}
	for _, m := range all {
		if m.Name == name {
			return m.clone(), nil
		}
	}
	return Manifest{}, notFound(name, all)
}

// FS returns the folder of a dataset: its manifest, README and tables. The
// error is a [*NotFoundError] if there is none of that name.
func FS(name string) (fs.FS, error) {
	if _, err := Find(name); err != nil {
		return nil, err
	}
	return fs.Sub(embedded, path.Join(root, name))
}

// Open opens one file of a dataset, named "dataset/file". The error is a
// [*NotFoundError] if there is none; a dataset alone is not a file.
func Open(name string) (fs.File, error) {
	all, err := catalog()
	if err != nil {
		return nil, err
	}
	dataset, file, ok := strings.Cut(name, "/")
	i := slices.IndexFunc(all, func(m Manifest) bool { return m.Name == dataset })
	if !ok || i < 0 || !all[i].has(file) {
		return nil, notFound(name, all)
	}
	return embedded.Open(path.Join(root, name))
}

// Table reads the flow table of a dataset of kind [FlowTable]. Title, period,
// tumor, unit, rules, source and notes of the table are those of the manifest.
//
// The error is a [*NotFoundError] if there is no dataset of that name and a
// [*KindError] if it holds no flows.
func Table(name string) (*referral.Table, error) {
	m, err := Find(name)
	if err != nil {
		return nil, err
	}
	if m.Kind != FlowTable {
		return nil, &KindError{Name: name, Kind: m.Kind, Want: FlowTable}
	}
	meta, err := m.meta()
	if err != nil {
		return nil, err
	}
	file := path.Join(root, name, m.Table.File)
	text, err := embedded.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return referral.ReadTable(context.Background(), bytes.NewReader(text), referral.TableConfig{File: file, Meta: meta})
}

// Landscape reads the landscape of care in the Netherlands: hospitals,
// networks, membership, successions, designations, norms, regions, domains,
// tumors and the outline of the country. What is known of it, and what is
// not, stands in the manifest of the one dataset of kind [CareFolder].
//
// For the figures of the report take the snapshot of 2021-12-31: its
// hospitals are those of 2021.
func Landscape() (*network.Landscape, error) {
	all, err := catalog()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(m Manifest) bool { return m.Kind == CareFolder })
	if i < 0 {
		return nil, &NotFoundError{Name: string(CareFolder)}
	}
	folder, err := fs.Sub(embedded, path.Join(root, all[i].Name))
	if err != nil {
		return nil, err
	}
	return network.ReadLandscape(folder)
}
