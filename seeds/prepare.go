// SPDX-License-Identifier: Apache-2.0

//go:build ignore

// Command prepare makes the embedded datasets from the raw tables:
//
//	go run prepare.go prepare_report.go prepare_landscape.go prepare_expertise.go prepare_outline.go -raw DIR
//
// DIR holds the raw files that the manifests name, each with its SHA-256; a
// raw file that differs stops the run. With -accept the hashes of the raw
// files are taken over instead, for a new version of the raw material.
// The texts of a manifest are written by hand in data/<name>/manifest.json;
// this command fills in raw and files. Equal input gives equal bytes.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/seeds"
)

// job is the making of the files of one dataset.
type job struct {
	name string
	make func(r *raw) (map[string]table, error) // file name -> content
}

// table is a CSV file to be written, its rows still in any order.
type table struct {
	header []string
	rows   [][]string
	keep   bool // true: the rows stand in a meaningful order already
}

// raw reads raw files and remembers which were read.
type raw struct {
	dir  string
	used map[string]seeds.RawFile
}

func main() {
	log.SetFlags(0)
	dir := flag.String("raw", "", "directory with the raw files")
	accept := flag.Bool("accept", false, "take over the hashes of changed raw files")
	flag.Parse()
	if *dir == "" {
		log.Fatal("prepare: -raw is required")
	}
	jobs := slices.Concat(reportJobs(), []job{landscapeJob(), numbersJob()})
	for _, j := range jobs {
		if err := run(j, *dir, *accept); err != nil {
			log.Fatalf("prepare: %s: %v", j.name, err)
		}
	}
}

// run makes one dataset and brings its manifest up to date.
func run(j job, dir string, accept bool) error {
	folder := filepath.Join("data", j.name)
	path := filepath.Join(folder, "manifest.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var m seeds.Manifest
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	r := &raw{dir: dir, used: map[string]seeds.RawFile{}}
	tables, err := j.make(r)
	if err != nil {
		return err
	}
	if err := checkRaw(&m, r.used, accept); err != nil {
		return err
	}
	rows := map[string]int{}
	for name, t := range tables {
		if err := writeCSV(filepath.Join(folder, name), t); err != nil {
			return err
		}
		rows[name] = len(t.rows)
	}
	if m.Files, err = listFiles(folder, rows); err != nil {
		return err
	}
	out, err := marshal(m)
	if err != nil {
		return err
	}
	return os.WriteFile(path, out, 0o644)
}

// checkRaw compares the raw files that were read with those the manifest
// names, and refuses a difference unless accept is set.
func checkRaw(m *seeds.Manifest, used map[string]seeds.RawFile, accept bool) error {
	if !accept {
		for _, f := range m.Raw {
			if got := used[f.Name]; got != f {
				return fmt.Errorf("raw file %s: sha256 %q, want %q; -accept takes it over", f.Name, got.SHA256, f.SHA256)
			}
		}
		if len(m.Raw) != len(used) {
			return fmt.Errorf("%d raw files were read, the manifest names %d; -accept takes them over", len(used), len(m.Raw))
		}
	}
	m.Raw = m.Raw[:0]
	for _, f := range used {
		m.Raw = append(m.Raw, f)
	}
	slices.SortFunc(m.Raw, func(a, b seeds.RawFile) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// listFiles returns the record of every file of a folder except its manifest.
func listFiles(folder string, rows map[string]int) ([]seeds.File, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	var files []seeds.File
	for _, e := range entries {
		if e.Name() == "manifest.json" {
			continue
		}
		n, made := rows[e.Name()]
		if !made && !strings.HasSuffix(e.Name(), ".md") {
			return nil, fmt.Errorf("%s is not made by this command: %w", e.Name(), fs.ErrInvalid)
		}
		b, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			return nil, err
		}
		files = append(files, seeds.File{Path: e.Name(), SHA256: sum(b), Bytes: len(b), Rows: n})
	}
	return files, nil
}

// marshal writes a manifest as indented JSON without HTML escapes.
func marshal(m seeds.Manifest) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(m)
	return b.Bytes(), err
}

// writeCSV writes a table sorted by its columns from left to right.
func writeCSV(path string, t table) error {
	if !t.keep {
		slices.SortFunc(t.rows, slices.Compare)
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	if err := w.Write(t.header); err != nil {
		return err
	}
	for i, row := range t.rows {
		if len(row) != len(t.header) {
			return fmt.Errorf("%s: row %d has %d fields, the header has %d", path, i+1, len(row), len(t.header))
		}
	}
	if err := w.WriteAll(t.rows); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// bytes reads a raw file whole.
func (r *raw) bytes(name string) ([]byte, error) {
	b, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil {
		return nil, err
	}
	r.used[name] = seeds.RawFile{Name: name, SHA256: sum(b), Bytes: len(b)}
	return b, nil
}

// csv reads a raw CSV file as one map per row.
func (r *raw) csv(name string) ([]map[string]string, error) {
	b, err := r.bytes(name)
	if err != nil {
		return nil, err
	}
	c := csv.NewReader(bytes.NewReader(b))
	c.FieldsPerRecord = -1 // short rows end early
	records, err := c.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var rows []map[string]string
	for _, rec := range records[1:] {
		row := map[string]string{}
		for i, v := range rec {
			row[records[0][i]] = strings.TrimSpace(v)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// recollected reports whether a source is no publication.
func recollected(source string) bool {
	return strings.Contains(source, "general knowledge")
}

// join puts the non-empty parts of a note together.
func join(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
	return strings.Join(parts, "; ")
}

// citeReport is how every row names the report.
const citeReport = "IKNL, Zeldzame kanker: organisatie van expertise, 2023-03-06"

// naming brings the raw tables' ways of naming sources to one form.
var naming = strings.NewReplacer(
	"IKNL 2023 (IKNL, Zeldzame kanker: Organisatie van expertise, 2023-03-06) fig ", citeReport+", figure ",
	"IKNL 2023 (IKNL, Zeldzame kanker: Organisatie van expertise, 2023-03-06)", citeReport,
	"IKNL 2023 par.", citeReport+", paragraph",
	"nl.wikipedia (kiwix)", "nl.wikipedia.org",
	" ; ", "; ",
)

func cite(source string) string { return naming.Replace(source) }

// spelling turns the raw tables' words into those of this project.
var spelling = strings.NewReplacer(
	"centres", "centers", "centre", "center", "Centre", "Center", "specialised", "specialized", "organisation", "organization",
	"thymoma (seed)", "thymoma (the report, paragraph 4.2.2)",
)
