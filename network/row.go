// SPDX-License-Identifier: Apache-2.0

package network

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"github.com/oncoref/oncoref/internal/delimited"
)

// row reads the fields of a line in the ways that several files need.
type row struct{ delimited.Row }

// place is where a field stands, for an error found later.
type place struct {
	file, field, value string
	line, column       int
}

func (w row) place(col string) place {
	e := w.Err(col, "")
	return place{file: e.File, field: e.Field, value: e.Value, line: e.Line, column: e.Column}
}

func (p place) err(want string) error {
	return &InputError{File: p.file, Line: p.line, Column: p.column, Field: p.field, Value: p.value, Want: want}
}

// maxKey is the length in bytes of the longest key.
const maxKey = 200

// key reads a text that must be there and fit in one line.
func (w row) key(col string) (string, error) {
	s := w.Text(col)
	if s == "" || len(s) > maxKey || strings.ContainsFunc(s, unicode.IsControl) {
		return "", w.Err(col, fmt.Sprintf("a text of 1 to %d bytes in one line", maxKey))
	}
	return s, nil
}

// statement reads who says something and about which disease.
func (w row) statement() (body, disease string, err error) {
	if body, err = w.key("body"); err != nil {
		return "", "", err
	}
	disease, err = w.key("disease")
	return body, disease, err
}

// ref reads a key that must occur in the file of the things it names; lines has
// their lines. Columns are named after what they hold, except those for a role.
func (w row) ref(col string, lines map[string]int) (string, error) {
	s, err := w.key(col)
	if err == nil && lines[s] == 0 {
		err = w.Err(col, "a key of "+fileOf(col))
	}
	return s, err
}

func (w row) optionalRef(col string, lines map[string]int) (string, error) {
	if w.Text(col) == "" {
		return "", nil
	}
	return w.ref(col, lines)
}

func fileOf(col string) string {
	switch col {
	case "network", "domain":
		return col + "s.csv"
	}
	return hospitalsFile
}

func (w row) date(col string) (Date, error) {
	d, err := ParseDate(w.Text(col))
	if err != nil {
		return 0, w.Err(col, wantDate+", or nothing where open")
	}
	return d, nil
}

// period reads the columns from and to.
func (w row) period() (Period, error) {
	from, err := w.date("from")
	if err != nil {
		return Period{}, err
	}
	to, err := w.date("to")
	if err != nil {
		return Period{}, err
	}
	if to.Before(from) {
		return Period{}, w.Err("to", "a date not before from ("+from.String()+")")
	}
	return Period{From: from, To: to}, nil
}

func (w row) point() (Point, error) {
	lat, ok1, err := w.Float("lat")
	if err != nil {
		return Point{}, err
	}
	lon, ok2, err := w.Float("lon")
	switch {
	case err != nil:
		return Point{}, err
	case !ok1 && !ok2:
		return NoPoint(), nil
	case !ok1:
		return Point{}, w.Err("lat", "a latitude, as there is a longitude")
	case !ok2:
		return Point{}, w.Err("lon", "a longitude, as there is a latitude")
	case lat < -90 || lat > 90:
		return Point{}, w.Err("lat", "degrees from -90 to 90")
	case lon < -180 || lon > 180:
		return Point{}, w.Err("lon", "degrees from -180 to 180")
	}
	return Point{Lat: lat, Lon: lon}, nil
}

// amount reads a number that is not negative; NaN if there is none.
func (w row) amount(col string) (float64, error) {
	v, ok, err := w.Float(col)
	switch {
	case err != nil:
		return 0, err
	case !ok:
		return math.NaN(), nil
	case v < 0:
		return 0, w.Err(col, "a number not below 0")
	}
	return v, nil
}

func (w row) yes(col string) (bool, error) {
	switch w.Text(col) {
	case "yes":
		return true, nil
	case "no", "":
		return false, nil
	}
	return false, w.Err(col, "yes, no or nothing")
}

// list reads texts separated by a bar or a semicolon.
func (w row) list(col string) ([]string, error) {
	var out []string
	for s := range strings.FieldsFuncSeq(w.Text(col), func(r rune) bool { return r == '|' || r == ';' }) {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if len(out) == maxList {
			return nil, w.Err(col, fmt.Sprintf("at most %d texts", maxList))
		}
		out = append(out, s)
	}
	return out, nil
}

func (w row) provenance() Provenance {
	return Provenance{Source: w.Text("source"), Confidence: w.Text("confidence"), Note: w.Text("note")}
}
