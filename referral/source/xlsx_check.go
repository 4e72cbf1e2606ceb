// SPDX-License-Identifier: Apache-2.0

package source

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/xuri/excelize/v2"
)

const (
	maxParts   = 4096     // files in the archive of a workbook
	maxPart    = 32 << 20 // bytes of a part that is neither a sheet nor the shared texts
	maxStrings = 1 << 22  // shared texts
	maxToken   = 1 << 20  // bytes of a tag or a text; a cell has at most 32,767 characters
)

// Parts of a workbook, by path in the archive.
const (
	partStrings = "xl/sharedstrings.xml"
	dirSheets   = "xl/worksheets/"
)

const wantNoBomb = "a workbook that zip shrinks at most 500 times; this looks like a zip bomb"

// checkWorkbook reads all parts of a workbook through, with their checksums and
// within limits, and looks whether the rows of its sheets say clearly which cell
// is where.
func checkWorkbook(o *opened) error {
	z, err := zip.NewReader(o.at, o.size)
	if err != nil {
		return o.error("a whole XLSX file, but it ends early or is damaged: copy it again")
	}
	if len(z.File) > maxParts {
		return o.error(fmt.Sprintf("a workbook of at most %d parts", maxParts))
	}
	c := &workbookCheck{o: o}
	for _, f := range z.File {
		if strings.ToLower(cleanPart(f.Name)) == partStrings {
			if err := c.part(f, c.strings); err != nil {
				return err
			}
		}
	}
	for _, f := range z.File {
		name := strings.ToLower(cleanPart(f.Name))
		var check func(*xml.Decoder) error
		switch {
		case name == partStrings || f.FileInfo().IsDir():
			continue
		case strings.HasPrefix(name, dirSheets) && path.Ext(name) == ".xml":
			check = c.sheet
		case path.Ext(name) == ".xml" || path.Ext(name) == ".rels":
			check = c.wellFormed
		}
		if err := c.part(f, check); err != nil {
			return err
		}
	}
	return nil
}

func cleanPart(name string) string { return strings.ReplaceAll(name, `\`, "/") }

type workbookCheck struct {
	o     *opened
	total int64
	texts int   // shared texts
	token int64 // where in the part the token begins that is being read
}

// part reads one part to its end.
func (c *workbookCheck) part(f *zip.File, check func(*xml.Decoder) error) error {
	if bomb(int64(f.UncompressedSize64), int64(f.CompressedSize64)) {
		return c.o.error(wantNoBomb)
	}
	r, err := f.Open()
	if err != nil {
		return c.o.error("an XLSX file with a readable part " + strconv.Quote(shorten(f.Name)))
	}
	defer r.Close()
	name := strings.ToLower(cleanPart(f.Name))
	limited := &partReader{c: c, r: r, packed: int64(f.CompressedSize64), small: name != partStrings && !strings.HasPrefix(name, dirSheets)}
	if check != nil {
		c.token, limited.parsed = 0, true
		d := xml.NewDecoder(limited)
		d.CharsetReader = passUTF8
		err = check(d)
		limited.parsed = false
	}
	if err == nil {
		_, err = io.Copy(io.Discard, limited)
	}
	var input *delimited.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &input):
		return err
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, io.ErrUnexpectedEOF):
		return c.o.error("an XLSX file whose parts are whole: copy it again (" + shorten(f.Name) + ")")
	}
	return c.o.error("an XLSX file whose parts are well formed (" + shorten(f.Name) + ": " + shorten(err.Error()) + ")")
}

// partReader stops a part that grows beyond the limits.
type partReader struct {
	c      *workbookCheck
	r      io.Reader
	packed int64
	n      int64
	small  bool
	parsed bool // as XML
}

func (p *partReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.n += int64(n)
	p.c.total += int64(n)
	switch {
	case p.c.total > maxUnzipped:
		return 0, p.c.o.error("a workbook of at most 1 GiB after unzipping: write larger data as CSV or Parquet")
	case p.small && p.n > maxPart:
		return 0, p.c.o.error("a workbook without pictures or styles of more than 32 MiB")
	case bomb(p.n, p.packed):
		return 0, p.c.o.error(wantNoBomb)
	case p.parsed && p.n-p.c.token > maxToken: // it would be held in memory
		return 0, p.c.o.error(fmt.Sprintf("a workbook without tags or texts of more than %d bytes", maxToken))
	}
	return n, err
}

// wellFormed reads XML to its end.
func (c *workbookCheck) wellFormed(d *xml.Decoder) error {
	return c.eachStart(d, func(xml.StartElement) error { return nil })
}

func (c *workbookCheck) strings(d *xml.Decoder) error {
	return c.eachStart(d, func(e xml.StartElement) error {
		if e.Name.Local == "si" {
			if c.texts++; c.texts > maxStrings {
				return c.o.error(fmt.Sprintf("at most %d different texts in a workbook: write it as CSV", maxStrings))
			}
		}
		return nil
	})
}

// next reads a token.
func (c *workbookCheck) next(d *xml.Decoder) (xml.Token, error) {
	c.token = d.InputOffset()
	return d.Token()
}

// maxDepth is the deepest nesting of elements accepted; workbooks have ten.
const maxDepth = 256

func (c *workbookCheck) eachStart(d *xml.Decoder, see func(xml.StartElement) error) error {
	for depth := 0; ; {
		t, err := c.next(d)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := t.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth {
				return errors.New("nested too deeply")
			}
			if err := see(e); err != nil {
				return err
			}
		case xml.EndElement:
			depth--
		}
	}
}

// passUTF8 accepts the other names of UTF-8; a workbook of another encoding is
// refused.
func passUTF8(label string, r io.Reader) (io.Reader, error) {
	if strings.EqualFold(label, "us-ascii") || strings.EqualFold(label, "utf8") {
		return r, nil
	}
	return nil, errors.New("encoding " + label)
}

// cellCheck follows one cell of a sheet.
type cellCheck struct {
	kind    string
	column  int
	formula bool
	value   strings.Builder
	in      bool // within the value
}

// sheet looks at every cell: what the library would misplace or leave out in
// silence is an error here.
func (c *workbookCheck) sheet(d *xml.Decoder) error {
	row, column := 0, 0
	var cell *cellCheck
	for {
		t, err := c.next(d)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "row":
				row, column = row+1, 0
				if r := attribute(e, "r"); r != "" {
					n, err := strconv.Atoi(r)
					if err != nil || n < row || n > excelize.TotalRows {
						return c.cell(row, 0, "row numbers that go up")
					}
					row = n
				}
			case "c":
				if cell != nil {
					return c.cell(row, column, "cells beside each other")
				}
				column++
				if at := attribute(e, "r"); at != "" {
					col, line, err := excelize.CellNameToCoordinates(at)
					if err != nil || line != row || col < column {
						return c.cell(row, column, "cells in the order of their columns")
					}
					column = col
				}
				cell = &cellCheck{kind: attribute(e, "t"), column: column}
			case "f":
				if cell != nil {
					cell.formula = true
				}
			case "v":
				if cell != nil {
					cell.in = true
				}
			}
		case xml.CharData:
			if cell != nil && cell.in {
				if cell.value.Len() > maxToken {
					return c.cell(row, column, "a value of one text")
				}
				cell.value.Write(e)
			}
		case xml.EndElement:
			switch {
			case cell == nil:
			case e.Name.Local == "v":
				cell.in = false
			case e.Name.Local == "c":
				if want := cell.want(c.texts); want != "" {
					return c.cell(row, column, want)
				}
				cell = nil
			}
		}
	}
}

func (c *workbookCheck) cell(row, column int, want string) error {
	return &delimited.Error{File: c.o.name, Line: row, Column: column, Want: want}
}

// want says what is expected of a cell, or "" if it is sound.
func (c *cellCheck) want(texts int) string {
	v := strings.TrimSpace(c.value.String())
	switch {
	case c.formula && v == "" && c.kind != "str":
		return "a value, but the cell has a formula that was never computed: open the file in a spreadsheet program and save it"
	case c.kind == "e":
		return "a value, but the cell has an error of a formula"
	case c.kind == "s":
		if n, err := strconv.Atoi(v); v != "" && (err != nil || n < 0 || n >= texts) {
			return "a text that is in the workbook"
		}
	}
	return ""
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}
