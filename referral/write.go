// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/network"
)

// Layout is the form of a flow table file, as in [ReadTable].
type Layout uint8

// The layouts.
const (
	Long           Layout = iota // origin,destination,count and, where needed, lower,upper
	Matrix                       // one row for each origin, one column for each destination
	PresenceLayout               // origin,destination
)

var layoutNames = [...]string{"long", "matrix", "presence"}

// String returns the layout in lower case.
func (l Layout) String() string { return nameOf(layoutNames[:], uint8(l)) }

// WriteConfig says how a table is written. The zero value writes the long
// layout with commas.
type WriteConfig struct {
	Layout    Layout
	Comma     rune   // between fields; 0 means a comma
	Retained  string // destination written for flow to the own class; "" writes the origin. Ignored in a matrix
	Separator string // between the members of a set; "" means "/"
	Total     string // origin or destination of published totals; "" means "total"
}

// maxMatrix is the largest number of cells that the matrix layout is for.
const maxMatrix = 1 << 24

// WriteCSV writes the table so that [ReadTable] reads an equal one, given the
// same metadata, separator and meaning of unlisted pairs, OriginSets where
// origins are set-valued, and in Single the labels of single classes that
// contain the separator. Lines end in LF and stand in the order of
// [Table.Slices]. A label, tumor or modality that a spreadsheet would take
// for a formula (it starts with = + - or @) gets an apostrophe in front, which
// reading takes away.
//
// Published totals are written as rows, in a matrix as a row and a column, of
// the word for totals. Of the metadata only Synthetic is written, as ReadTable reads it, and notes
// are not. The long layout holds every table; a
// class or slice without any stored cell gets a row that says so.
//
// It returns a [*CellError] for a cell that the layout cannot hold: a matrix
// has exact, zero and missing cells and structural zeros, the presence layout
// present cells only; a [*ClassError] for a label that would be read as
// something else; and an error for a table without rows, for a matrix of more
// than 16,777,216 cells and for slices that a matrix cannot hold or that have
// no name.
func (t *Table) WriteCSV(w io.Writer, c WriteConfig) error {
	c.Retained = strings.TrimSpace(c.Retained)
	c.Comma, c.Separator = cmp.Or(c.Comma, ','), cmp.Or(c.Separator, defaultSeparator)
	c.Total = cmp.Or(strings.TrimSpace(c.Total), defaultTotal)
	if err := t.writable(c); err != nil {
		return err
	}
	out := &lineWriter{w: bufio.NewWriter(w), c: c}
	if c.Layout == Matrix {
		t.writeMatrix(out)
	} else if err := t.writeList(out); err != nil {
		return err
	}
	return out.w.Flush()
}

// writable finds what would not read back as it is.
func (t *Table) writable(c WriteConfig) error {
	switch {
	case int(c.Layout) >= len(layoutNames):
		return fmt.Errorf("referral: layout %v", c.Layout)
	case len(t.origins) == 0 || len(t.dests) == 0:
		return errors.New("referral: a table without rows has no file form")
	case c.Layout == Matrix && t.by != (dimensions{}):
		return errors.New("referral: a matrix has no place for tumor, period or modality; filter one, or use the long layout")
	case c.Layout == Matrix && len(t.origins) > maxMatrix/len(t.dests):
		return fmt.Errorf("referral: a matrix of more than %d cells; use the long layout", maxMatrix)
	}
	for _, s := range t.slices {
		if t.by.tumor && s.tumor == "" || t.by.modality && s.modality == "" || t.by.period && s.period == (network.Period{}) {
			return errors.New("referral: a slice without name has no file form: " + s.of("any"))
		}
	}
	var bad []string
	word := cmp.Or(c.Retained, defaultRetained)
	for _, class := range t.classes {
		reads := class.members
		if class.set() {
			reads, _ = splitSet(c.label(class), c.Separator, word, c.Total)
		}
		if strings.EqualFold(class.label, word) || strings.EqualFold(class.label, c.Total) || !slices.Equal(reads, class.members) {
			bad = append(bad, class.label)
		}
	}
	if len(bad) > 0 {
		return &ClassError{Want: "readable again as the same class", Labels: bad}
	}
	for _, e := range t.cells {
		if want := c.Layout.refuse(e.cell()); want != "" {
			return &CellError{Origin: t.classes[e.o].label, Destination: t.classes[e.d].label, Cell: e.cell(), Want: want}
		}
	}
	for _, e := range t.totals {
		want := c.Layout.refuse(e.cell())
		if c.Layout == PresenceLayout {
			want = "no totals in the presence layout"
		}
		if want != "" {
			return &CellError{Origin: t.labelOr(e.o, c.Total), Destination: t.labelOr(e.d, c.Total), Cell: e.cell(), Want: want}
		}
	}
	return nil
}

func (l Layout) refuse(c Cell) string {
	switch {
	case l == Matrix && !c.Known() && c.State != Missing:
		return "a count or a missing cell in a matrix; the long layout has bounds"
	case l == PresenceLayout && c.State != Present:
		return "present cells only in the presence layout"
	}
	return ""
}

// label gives a label with the separator of the file.
func (c WriteConfig) label(of class) string {
	if of.set() {
		return strings.ReplaceAll(of.label, setJoin, " "+c.Separator+" ")
	}
	return of.label
}

func (t *Table) writeMatrix(w *lineWriter) {
	corner := matrixCorner
	if t.meta.Synthetic {
		corner += " " + syntheticCorner
	}
	w.field(corner)
	for _, d := range t.dests {
		w.class(t.classes[d])
	}
	if len(t.totals) > 0 {
		w.field(w.c.Total)
	}
	w.end()
	absent, _, _ := cellText(t.absent)
	for _, o := range t.origins {
		w.class(t.classes[o])
		row := t.row(o)
		for _, d := range t.dests {
			text := absent
			if len(row) > 0 && row[0].d == d {
				text, _, _ = cellText(row[0].cell())
				row = row[1:]
			}
			w.field(text)
		}
		if len(t.totals) > 0 {
			w.field(t.totalText(o, allClasses))
		}
		w.end()
	}
	if len(t.totals) == 0 {
		return
	}
	w.field(w.c.Total)
	for _, d := range t.dests {
		w.field(t.totalText(allClasses, d))
	}
	w.field(t.totalText(allClasses, allClasses))
	w.end()
}

func (t *Table) totalText(o, d int32) string {
	c, ok := t.published(o, d)
	if !ok {
		return ""
	}
	text, _, _ := cellText(c)
	return text
}

func (t *Table) writeList(w *lineWriter) error {
	bare := t.bare()
	if len(bare) > 0 && w.c.Layout == PresenceLayout {
		e := bare[0]
		return &CellError{
			Origin: t.classes[e.o].label, Destination: t.classes[e.d].label, Cell: t.absent,
			Want: "each class and slice with a flow; the long layout holds others",
		}
	}
	bounded := func(e entry) bool { return !e.cell().Known() && e.state != Missing }
	bounds := slices.ContainsFunc(t.cells, bounded) || slices.ContainsFunc(t.totals, bounded)
	w.field(colOrigin)
	w.field(colDestination)
	if w.c.Layout == Long {
		w.field(colCount)
		if bounds {
			w.field(colLower)
			w.field(colUpper)
		}
	}
	for _, col := range [...]struct {
		is   bool
		name string
	}{{t.by.tumor, colTumor}, {t.by.period, colPeriod}, {t.by.modality, colModality}, {t.meta.Synthetic, colSynthetic}} {
		if col.is {
			w.field(col.name)
		}
	}
	w.end()
	for _, cells := range [...][]entry{t.cells, bare, t.totals} {
		for _, e := range cells {
			t.writeRow(w, e, bounds)
		}
	}
	return nil
}

func (t *Table) writeRow(w *lineWriter, e entry, bounds bool) {
	w.side(t, e.o)
	if e.o == e.d && e.o != allClasses && w.c.Retained != "" {
		w.field(w.c.Retained)
	} else {
		w.side(t, e.d)
	}
	if w.c.Layout == Long {
		count, lower, upper := cellText(e.cell())
		w.field(count)
		if bounds {
			w.field(lower)
			w.field(upper)
		}
	}
	s := t.slices[e.s]
	if t.by.tumor {
		w.field(delimited.Guard(s.tumor))
	}
	if t.by.period {
		w.field(s.period.String())
	}
	if t.by.modality {
		w.field(delimited.Guard(s.modality))
	}
	if t.meta.Synthetic {
		w.field("yes")
	}
	w.end()
}

// bare gives a cell that is not stored for every class and slice that has no
// stored one, so that a file can name them.
func (t *Table) bare() []entry {
	origins, dests, layers := map[int32]bool{}, map[int32]bool{}, map[uint16]bool{}
	for _, e := range t.cells {
		origins[e.o], dests[e.d], layers[e.s] = true, true, true
	}
	var out []entry
	add := func(o, d int32, s uint16) {
		origins[o], dests[d], layers[s] = true, true, true
		out = append(out, newEntry(o, d, s, t.absent))
	}
	for _, o := range t.origins {
		if !origins[o] {
			add(o, t.dests[0], 0)
		}
	}
	for _, d := range t.dests {
		if !dests[d] {
			add(t.origins[0], d, 0)
		}
	}
	for s := range t.slices {
		if !layers[uint16(s)] {
			add(t.origins[0], t.dests[0], uint16(s))
		}
	}
	return out
}

// cellText gives the fields count, lower and upper of a cell.
func cellText(c Cell) (string, string, string) {
	switch {
	case c.State == StructuralZero:
		return structural, "", ""
	case c.Known():
		return number(c.Lo), "", ""
	case c.State == Missing:
		return "", "", ""
	case math.IsInf(c.Hi, 1):
		return "", number(c.Lo), ""
	}
	return "", number(c.Lo), number(c.Hi)
}

// lineWriter writes delimited fields. It quotes every field that has a
// separator of any kind, so that readers that look for theirs find it.
type lineWriter struct {
	w       *bufio.Writer
	c       WriteConfig
	started bool
}

func (w *lineWriter) class(c class) { w.field(delimited.Guard(w.c.label(c))) }

// side writes a class, or the word for totals.
func (w *lineWriter) side(t *Table, i int32) {
	if i == allClasses {
		w.field(w.c.Total)
	} else {
		w.class(t.classes[i])
	}
}

func (w *lineWriter) field(s string) {
	if w.started {
		_, _ = w.w.WriteRune(w.c.Comma) // a failed write comes back from Flush
	}
	w.started = true
	if strings.ContainsAny(s, "\",;\t") || strings.ContainsRune(s, w.c.Comma) {
		s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	_, _ = w.w.WriteString(s)
}

func (w *lineWriter) end() {
	w.started = false
	_ = w.w.WriteByte('\n')
}
