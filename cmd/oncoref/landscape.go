// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/seeds"
)

// embeddedFolder is the dataset of the embedded landscape.
const embeddedFolder = "nl-oncology-landscape-2023"

// openLandscape reads a landscape folder, or the embedded one.
func openLandscape(dir string) (*network.Landscape, error) {
	if dir == "" {
		return seeds.Landscape()
	}
	l, err := network.ReadLandscape(os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("landscape %s: %w", dir, err)
	}
	return l, nil
}

// landscapeWith reads a landscape as of a day, with other regions if a file of
// them is given.
func landscapeWith(dir, day, regions string) (*network.Snapshot, error) {
	if regions == "" {
		return landscapeOn(dir, day)
	}
	date, err := landscapeDay(dir, day)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(regions); err != nil {
		return nil, err
	}
	base, err := seeds.FS(embeddedFolder)
	if err != nil {
		return nil, err
	}
	if dir != "" {
		base = os.DirFS(dir)
	}
	l, err := network.ReadLandscape(withRegions{base, regions})
	var wrong *network.InputError
	if errors.As(err, &wrong) && wrong.File == regionsFile {
		wrong.File = regions
	}
	if err != nil {
		return nil, err
	}
	return l.On(date), nil
}

const regionsFile = "regions.csv"

// withRegions is a folder in which another file stands for regions.csv.
type withRegions struct {
	fs.FS
	file string
}

// Open opens a file of the folder.
func (w withRegions) Open(name string) (fs.File, error) {
	if name == regionsFile {
		return os.Open(filepath.Clean(w.file))
	}
	return w.FS.Open(name)
}
