// SPDX-License-Identifier: Apache-2.0

package source

import (
	"context"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/xuri/excelize/v2"
)

// maxUnzipped is the largest spreadsheet accepted, in bytes after unzipping: a
// full sheet of a million rows and ten columns stays below it.
const maxUnzipped = 1 << 30

// sheet gives the rows of one sheet of a spreadsheet as text.
type sheet struct {
	name string
	file *excelize.File
	rows *excelize.Rows
	row  int
	// epoch1904 says that days are counted from 1904, as old Macs did.
	epoch1904 bool
}

// openSheet opens a sheet by name; "" means the only visible one. The archive is
// read through before anything is made of it, because the library passes over
// damage in silence and believes the sizes in the header.
func openSheet(o *opened, name string) (*sheet, error) {
	if err := checkWorkbook(o); err != nil {
		return nil, err
	}
	f, err := excelize.OpenReader(io.NewSectionReader(o.at, 0, o.size), excelize.Options{
		RawCellValue:   true,
		UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, // no temporary files: they would hold patients
	})
	if err != nil {
		return nil, o.error("a workbook that can be read (" + err.Error() + ")")
	}
	o.close = append(o.close, f.Close)
	s := &sheet{name: o.name, file: f}
	props, err := f.GetWorkbookProps()
	if err != nil {
		return nil, o.error("a workbook that can be read (" + err.Error() + ")")
	}
	s.epoch1904 = props.Date1904 != nil && *props.Date1904
	if name, err = s.choose(o, name); err != nil {
		return nil, err
	}
	if s.rows, err = f.Rows(name); err != nil {
		return nil, o.error("a sheet " + strconv.Quote(name) + " with rows")
	}
	o.close = append(o.close, s.rows.Close)
	return s, nil
}

func (s *sheet) choose(o *opened, name string) (string, error) {
	all := s.file.GetSheetList()
	var visible []string
	for _, n := range all {
		if n == name {
			return n, nil
		}
		if ok, err := s.file.GetSheetVisible(n); ok && err == nil {
			visible = append(visible, n)
		}
	}
	quoted := make([]string, 0, len(all))
	for _, n := range all[:min(len(all), 10)] {
		quoted = append(quoted, strconv.Quote(n))
	}
	switch {
	case name == "" && len(visible) == 1:
		return visible[0], nil
	case name == "":
		return "", o.error("the name of one of the sheets " + strings.Join(quoted, ", "))
	}
	return "", &delimited.Error{File: o.name, Field: "sheet", Value: shorten(name), Want: "one of " + strings.Join(quoted, ", ")}
}

// next gives the cells of the next row that has any, without the empty ones
// at its end. It is io.EOF at the end.
func (s *sheet) next() ([]string, error) {
	for s.rows.Next() {
		s.row++
		cells, err := s.rows.Columns()
		if err != nil {
			return nil, &delimited.Error{File: s.name, Line: s.row, Want: "a row that can be read (" + err.Error() + ")"}
		}
		for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
			cells = cells[:len(cells)-1]
		}
		if len(cells) > 0 {
			return cells, nil
		}
	}
	if err := s.rows.Error(); err != nil {
		return nil, &delimited.Error{File: s.name, Line: s.row + 1, Want: "a row that can be read (" + err.Error() + ")"}
	}
	return nil, io.EOF
}

// Days as spreadsheets count them. Five digits are the years 1927 to 2173:
// four may be a year and eight a date written together.
const (
	firstSerial = 10000
	lastSerial  = 99999
	epoch1900   = -25569 // day 0 of spreadsheets, in days from 1970-01-01
	shift1904   = 1462
)

// serial reads the content of a cell of date type, a number of days of which
// the time of day is left out.
func (s *sheet) serial(cell string) (network.Date, bool) {
	v, err := strconv.ParseFloat(cell, 64)
	if err != nil || v < firstSerial || v >= lastSerial+1 {
		return 0, false
	}
	days := int64(math.Floor(v)) + epoch1900
	if s.epoch1904 {
		days += shift1904
	}
	return fromUnixDays(days)
}

// readSheet reads the sheet of a workbook that the mapping names.
func readSheet(ctx context.Context, o *opened, c Config) (*referral.Log, referral.Quality, error) {
	fail := func(err error) (*referral.Log, referral.Quality, error) { return nil, referral.Quality{}, err }
	s, err := openSheet(o, c.Mapping.Sheet)
	if err != nil {
		return fail(err)
	}
	header, err := s.next()
	if errors.Is(err, io.EOF) {
		return fail(o.error("a sheet with a header, but it is empty"))
	}
	if err != nil {
		return fail(err)
	}
	h, err := newColumns(header, s.row, c)
	if err != nil {
		return fail(err)
	}
	b := referral.NewLogBuilder(h.config.Log)
	r := h.rows()
	for n := 0; ; n++ {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return fail(context.Cause(ctx))
		}
		cells, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fail(err)
		}
		if len(cells) > len(header) {
			return fail(&delimited.Error{File: o.name, Line: s.row, Column: len(header) + 1, Want: "cells below the names of columns only"})
		}
		s.add(r, h, cells)
		if r.full() {
			if err := r.flush(b); err != nil {
				return fail(err)
			}
		}
	}
	if err := r.flush(b); err != nil {
		return fail(err)
	}
	return b.Build(ctx)
}

// add gives one row to the collection.
func (s *sheet) add(r *rows, h *columns, cells []string) {
	r.begin(uint32(s.row))
	for i, f := range h.fields {
		if f.role == roleNone {
			continue
		}
		text := ""
		if i < len(cells) {
			text = strings.TrimSpace(cells[i])
		}
		if f.role.isDate() {
			if d, ok := s.serial(text); ok {
				r.date(i, d)
				continue
			}
		}
		r.text(i, []byte(text))
	}
	r.end()
}
