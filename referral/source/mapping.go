// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/oncoref/oncoref/internal/delimited"
	"go.yaml.in/yaml/v3"
)

// maxMapping is the largest mapping file accepted, in bytes.
const maxMapping = 1 << 20

// Mapping says how an extract names things. It is small enough to write by
// hand and to keep beside the data; [ReadMapping] reads it from a YAML file.
// The zero value changes nothing.
type Mapping struct {
	// Columns gives for the name of a column in the file the name that it has
	// here, as in "pseudoniem: patient". An empty name here leaves the column
	// out.
	Columns map[string]string
	// Events gives for a code of events or treatments in the file what it
	// means here, as in "OK: surgery".
	Events      map[string]string
	Sheet       string // sheet of a spreadsheet
	Windows1252 bool   // text is in Windows-1252 instead of UTF-8
	Comma       rune   // separator of fields; 0 finds comma, semicolon or tab in the header
}

// ReadMapping reads a mapping from YAML with these keys, all optional:
//
//	columns:               # name in the file: name here
//	  pseudoniem: patient
//	  eerste ziekenhuis: first_visit_hospital
//	  geboortejaar: ""     # not read
//	events:                # code in the file: kind here
//	  OK: surgery
//	  RT: radiotherapy
//	sheet: Blad1
//	encoding: windows-1252 # or utf-8, the default
//	separator: ";"         # one character, or tab; found in the header otherwise
//
// The file is at most 1 MiB of one plain document: an unknown key, a key that
// occurs twice, a value of another form, an anchor, an alias or a tag is an
// [*InputError] with its line and column. An empty file is the zero Mapping.
func ReadMapping(r io.Reader, file string) (Mapping, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxMapping+1))
	if err != nil {
		return Mapping{}, err
	}
	p := mappingReader{file: file}
	if len(text) > maxMapping {
		return Mapping{}, &delimited.Error{File: file, Want: "a mapping of at most 1 MiB"}
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return Mapping{}, nil
	} else if err != nil {
		return Mapping{}, p.syntax(err)
	}
	if err := d.Decode(&more); err == nil {
		return Mapping{}, p.at(&more, "one YAML document")
	} else if !errors.Is(err, io.EOF) {
		return Mapping{}, p.syntax(err)
	}
	return p.mapping(doc.Content[0])
}

type mappingReader struct{ file string }

func (p mappingReader) at(n *yaml.Node, want string) error {
	return &delimited.Error{File: p.file, Line: n.Line, Column: n.Column, Value: shorten(n.Value), Want: want}
}

var yamlLine = regexp.MustCompile(`line (\d+): `)

// syntax places an error of the YAML library, which has the line in its text.
func (p mappingReader) syntax(err error) error {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	e := &delimited.Error{File: p.file, Want: "well-formed YAML: " + shorten(yamlLine.ReplaceAllString(text, ""))}
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		e.Line, _ = strconv.Atoi(m[1])
	}
	return e
}

var mappingKeys = []string{"columns", "events", "sheet", "encoding", "separator"}

func (p mappingReader) mapping(n *yaml.Node) (Mapping, error) {
	var m Mapping
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Anchor == "" {
		return m, nil // comments only
	}
	err := p.pairs(n, func(key string, value *yaml.Node) error {
		var err error
		switch key {
		case "columns":
			m.Columns, err = p.texts(value)
		case "events":
			m.Events, err = p.texts(value)
		case "sheet":
			m.Sheet, err = p.text(value)
		case "encoding":
			m.Windows1252, err = p.choice(value, "utf-8", "windows-1252")
		case "separator":
			m.Comma, err = p.separator(value)
		}
		return err
	}, mappingKeys...)
	if err != nil {
		return Mapping{}, err
	}
	return m, nil
}

// pairs gives each key of a mapping with its value; keys lists what may occur,
// everything if it is empty.
func (p mappingReader) pairs(n *yaml.Node, each func(key string, value *yaml.Node) error, keys ...string) error {
	if n.Kind != yaml.MappingNode || n.Anchor != "" {
		return p.at(n, "lines like key: value")
	}
	seen := map[string]bool{}
	for i := 0; i < len(n.Content); i += 2 {
		key, err := p.text(n.Content[i])
		switch {
		case err != nil:
			return err
		case len(keys) > 0 && !slices.Contains(keys, key):
			return p.at(n.Content[i], "one of "+strings.Join(keys, ", "))
		case key == "" || seen[key]:
			return p.at(n.Content[i], "each key once, and not empty")
		}
		seen[key] = true
		if err := each(key, n.Content[i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (p mappingReader) texts(n *yaml.Node) (map[string]string, error) {
	m := map[string]string{}
	err := p.pairs(n, func(key string, value *yaml.Node) error {
		text, err := p.text(value)
		m[key] = text
		return err
	})
	return m, err
}

// text gives a scalar as it is written: the code 01 stays 01, no stays no.
func (p mappingReader) text(n *yaml.Node) (string, error) {
	plain := n.Style&yaml.TaggedStyle == 0 && n.Anchor == ""
	if n.Kind != yaml.ScalarNode || !plain || n.Tag == "!!merge" || n.Tag == "!!null" && n.Value != "" {
		return "", p.at(n, "a plain text")
	}
	return strings.TrimSpace(n.Value), nil
}

// choice reports whether a text is the second of two.
func (p mappingReader) choice(n *yaml.Node, off, on string) (bool, error) {
	text, err := p.text(n)
	if err == nil && text != off && text != on {
		err = p.at(n, off+" or "+on)
	}
	return text == on, err
}

func (p mappingReader) separator(n *yaml.Node) (rune, error) {
	if n.Kind == yaml.ScalarNode && (n.Value == "tab" || n.Value == "\t") {
		return '\t', nil
	}
	text, err := p.text(n)
	if err != nil {
		return 0, err
	}
	if r := []rune(text); len(r) == 1 && r[0] < 0x80 && unicode.IsGraphic(r[0]) && !unicode.IsLetter(r[0]) && !unicode.IsDigit(r[0]) && !strings.ContainsRune(` "'.-_`, r[0]) {
		return r[0], nil
	}
	return 0, p.at(n, `one character, such as ";", or tab`)
}
