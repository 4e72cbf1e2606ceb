// SPDX-License-Identifier: Apache-2.0

package network

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/internal/delimited"
)

// InputError says where an input is wrong: File as given or as named in the
// folder, Line from 1 (0 if the file as a whole is meant), Column as the byte
// position in the line at which the field starts, from 1 (0 if the line is
// meant), Field the name of the column, Value the offending text, shortened,
// and Want what was expected.
type InputError = delimited.Error

// hospitalsFile is the one file a landscape must have.
const hospitalsFile = "hospitals.csv"

// maxBytes is the largest file that is read.
const maxBytes = 64 << 20

// table is a file of a landscape folder.
type table struct {
	name     string
	columns  []string // beside source, confidence and note
	required []string
	rows     int // largest number of rows
	row      func(*builder, row) error
}

// tables lists the files in the order in which they are read: what is referred
// to comes first.
var tables = []table{
	{
		name: hospitalsFile, rows: 1_000_000, row: (*builder).hospital,
		columns:  []string{"hospital", "name", "short_name", "city", "province", "type", "lat", "lon"},
		required: []string{"hospital"},
	},
	{
		name: "networks.csv", rows: 20_000, row: (*builder).network,
		columns:  []string{"network", "name", "kind", "partition", "aliases", "lat", "lon"},
		required: []string{"network"},
	},
	{
		name: "membership.csv", rows: 1_000_000, row: (*builder).membership,
		columns:  []string{"hospital", "network", "from", "to", "primary"},
		required: []string{"hospital", "network"},
	},
	{
		name: "successions.csv", rows: 5_000, row: (*builder).succession,
		columns:  []string{"predecessor", "successor", "date", "kind"},
		required: []string{"predecessor", "successor", "date", "kind"},
	},
	{
		name: "designations.csv", rows: 200_000, row: (*builder).designation,
		columns:  []string{"hospital", "body", "disease", "level", "role", "of", "from", "to"},
		required: []string{"hospital", "body", "disease"},
	},
	{
		name: "norms.csv", rows: 20_000, row: (*builder).norm,
		columns:  []string{"body", "disease", "modality", "lower", "upper", "unit", "from", "to"},
		required: []string{"body", "disease"},
	},
	{
		name: "regions.csv", rows: 200_000, row: (*builder).region,
		columns:  []string{"region", "name", "network", "lat", "lon", "population", "cases"},
		required: []string{"region"},
	},
	{
		name: "domains.csv", rows: 1_000, row: (*builder).domain,
		columns:  []string{"domain", "name", "euracan", "working_groups"},
		required: []string{"domain"},
	},
	{
		name: "tumors.csv", rows: 10_000, row: (*builder).tumor,
		columns:  []string{"tumor", "name", "domain", "icd10", "topography", "morphology"},
		required: []string{"tumor"},
	},
	{
		name: "distances.csv", rows: 1_000_000, row: (*builder).distance,
		columns:  []string{"from", "to", "km", "minutes"},
		required: []string{"from", "to"},
	},
	{
		name: "outline.csv", rows: 1_000_000, row: (*builder).outlinePoint,
		columns:  []string{"part", "lat", "lon"},
		required: []string{"part", "lat", "lon"},
	},
}

var everyTable = []string{"source", "confidence", "note"}

var columnAliases = map[string]string{
	"hospital_id": "hospital",
	"network_id":  "network",
	"latitude":    "lat",
	"longitude":   "lon",
	"valid_from":  "from",
	"valid_to":    "to",
	"tumour":      "tumor",
	"notes":       "note",
}

// ReadLandscape reads a folder of CSV files; the package comment lists them and
// their columns. Only hospitals.csv must be there. Every reference is checked,
// so that no record of the landscape names a hospital, network, region or domain
// it does not have.
//
// Bad content is an *InputError: a missing or unknown column, text that is not
// UTF-8, an empty file, an unknown hospital or network, a key or pair that
// occurs twice, a membership that overlaps itself, a date that is none or From
// after To, coordinates out of range, a word that is not in the list, a cycle of
// successions, a file over 64 MiB or with too many rows. Errors of fsys are
// passed on, with the name of the file. ReadLandscape opens files for reading
// only, and only those it knows by name.
func ReadLandscape(fsys fs.FS) (*Landscape, error) {
	b := newBuilder()
	for _, t := range tables {
		if err := b.read(fsys, t); err != nil {
			return nil, err
		}
	}
	l, err := b.finish()
	if err != nil {
		return nil, err
	}
	l.ignored = csvFiles(fsys)
	return l, nil
}

func (b *builder) read(fsys fs.FS, t table) error {
	f, err := fsys.Open(t.name)
	if errors.Is(err, fs.ErrNotExist) {
		if t.name == hospitalsFile {
			hint := ""
			if other := csvFiles(fsys); len(other) > 0 {
				hint = "; it holds " + strings.Join(other[:min(len(other), maxNamed)], ", ")
			}
			return &InputError{File: t.name, Want: "the file " + t.name + " in the folder of a landscape" + hint}
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	defer func() { _ = f.Close() }() // nothing was written
	info, err := f.Stat()
	if err != nil {
		return fmt.Errorf("%s: %w", t.name, err)
	}
	if !info.Mode().IsRegular() {
		return &InputError{File: t.name, Want: "a regular file"}
	}
	fmt.Fprintf(b.hash, "%s\n", t.name)
	sum := sha256.New()
	if err := b.rows(io.TeeReader(&limited{r: f, left: maxBytes + 1, file: t.name}, sum), t); err != nil {
		return err
	}
	_, err = b.hash.Write(sum.Sum(nil))
	return err
}

func (b *builder) rows(r io.Reader, t table) error {
	d, err := delimited.NewReader(r, delimited.Config{
		File: t.name, Known: slices.Concat(t.columns, everyTable), Required: t.required, Aliases: columnAliases,
	})
	for n := 0; err == nil; n++ {
		var w delimited.Row
		if w, err = d.Next(); err != nil {
			break
		}
		if n == t.rows {
			return &InputError{File: t.name, Line: w.Line(), Want: fmt.Sprintf("at most %d rows", t.rows)}
		}
		err = t.row(b, row{w})
	}
	var bad *InputError
	if !errors.Is(err, io.EOF) {
		if errors.As(err, &bad) {
			return bad
		}
		return fmt.Errorf("%s: %w", t.name, err)
	}
	return b.overlaps()
}

// limited passes a file on until it grows too large.
type limited struct {
	r    io.Reader
	file string
	left int
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, &InputError{File: l.file, Want: fmt.Sprintf("a file of at most %d bytes", maxBytes)}
	}
	n, err := l.r.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

// csvFiles returns the names of the CSV files of a folder that are no table; none
// if the folder cannot be listed.
func csvFiles(fsys fs.FS) []string {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		known := slices.ContainsFunc(tables, func(t table) bool { return t.name == e.Name() })
		if strings.EqualFold(path.Ext(e.Name()), ".csv") && !known {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names
}
