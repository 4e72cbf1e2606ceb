// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/internal/delimited"
	"github.com/oncoref/oncoref/network"
)

// matrixCorner is the first header cell of the matrix layout.
const matrixCorner = "origin\\destination"

// structural is what a count field holds for a flow that cannot occur.
const structural = "structural"

const (
	defaultMaxCells = 1 << 24
	checkEvery      = 1024 // records between two looks at the context
	maxNotes        = 1000 // notes that a table takes over from its file
)

// TableConfig says how a flow table file is to be read. The zero value reads
// comma-, semicolon- or tab-separated UTF-8 text with nothing suppressed.
type TableConfig struct {
	File string // name of the file for errors
	Meta Meta   // what the counts are; a file does not say it

	Retained  string   // destination that means "treated at the origin"; "" means "geen"
	Total     string   // origin or destination of published sums; "" means "total"
	Separator string   // between the members of a set-valued destination; "" means "/"
	Single    []string // labels that are one class although they contain the separator
	// OriginSets says that labels in the origin column may be set-valued too.
	// Otherwise each of them is one class, also as a destination.
	OriginSets bool

	Absent Absence // what unlisted pairs mean
	// Suppressed gives the meaning of marks in the count field, such as
	// "<5": Between(1, 4). No mark has a meaning of its own, except the empty
	// field, which is a missing cell.
	Suppressed map[string]Cell

	// Within, if not nil, is the landscape in which every label must be known,
	// networks by identifier, name or alias, hospitals by identifier, name or
	// short name. Names become identifiers, and hospitals that have merged
	// become their successor; the notes tell both.
	Within *network.Snapshot
	// Beyond lists labels that are classes although Within does not know them,
	// such as the rest of a partition.
	Beyond []string

	Comma       rune              // separator of fields; 0 finds comma, semicolon or tab in the header
	Windows1252 bool              // the file is in Windows-1252 instead of UTF-8
	Columns     map[string]string // column name in the file -> name of the column here
	MaxCells    int               // largest number of cells accepted; 0 means 16,777,216
}

// Columns of the long and presence layouts.
const (
	colOrigin      = "origin"
	colDestination = "destination"
	colCount       = "count"
	colLower       = "lower"
	colUpper       = "upper"
	colTumor       = "tumor"
	colPeriod      = "period"
	colModality    = "modality"
	colOriginRaw   = "origin_as_printed"
	colDestRaw     = "destination_as_printed"
	colNote        = "note"
	colSource      = "source"
	colConfidence  = "confidence"
	colSynthetic   = "synthetic"
)

// syntheticCorner follows matrixCorner in a table that is made up.
const syntheticCorner = "(synthetic)"

var (
	columns = []string{
		colOrigin, colDestination, colCount, colLower, colUpper, colTumor, colPeriod, colModality,
		colOriginRaw, colDestRaw, colNote, colSource, colConfidence, colSynthetic,
	}
	columnAliases = map[string]string{"lo": colLower, "hi": colUpper, "tumour": colTumor}
)

// ReadTable reads a flow table in one of three layouts, told apart by the
// header:
//
//   - matrix: the first header cell is "origin", a backslash, "destination",
//     the others are destinations; one row for each origin, an empty cell is
//     missing
//   - long: origin,destination,count with optional lower,upper (or lo,hi); an
//     empty count is missing or, with bounds, the interval between them
//   - presence: origin,destination; every listed flow occurs, its size is
//     unknown
//
// The long and presence layouts may have the columns tumor, period and
// modality, by which the table is then sliced, and note, source, confidence,
// origin_as_printed and destination_as_printed, which become notes. A column
// synthetic with "yes" in a row, or "(synthetic)" behind the first header cell
// of a matrix, marks the table as made up: it sets Meta.Synthetic.
//
// A destination that is the origin itself, or the word for retained, means
// patients who stayed. A destination with the separator ("EMBRAZE / CONCORD")
// is set-valued, unless the label is also an origin of the table, is known to
// the landscape or listed in Single: then it is one class. A label, tumor
// or modality that starts with an apostrophe before = + - or @ loses one
// apostrophe, which [Table.WriteCSV] puts there. Counts are whole; "12.0" is accepted, "1.000"
// is not, because it may mean a thousand. The word "structural" as a count is
// a flow that cannot occur. Bounds around a count, as of rounding, make an
// interval.
//
// A row or column of the word for totals holds published sums, which
// [Table.Totals] gives: of the row of an origin, the column of a destination,
// or, with the word for both, of all cells. An empty total is not published.
//
// Everything else is an [*InputError] with its place, among them a flow listed
// twice (the same tumor, period and modality), an unknown class and a header
// without rows. Memory grows with the number of cells, which MaxCells limits.
// The context is looked at every 1,024 records.
func ReadTable(ctx context.Context, r io.Reader, c TableConfig) (*Table, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	br := bufio.NewReader(r)
	t := &tableReader{
		c: c, draft: newDraft(c.Meta, c.Absent), index: map[string]int32{}, noted: map[string]bool{}, single: map[string]string{},
		find: newResolver(c.Within, c.Meta.Level, c.Meta.Partition, c.Beyond...),
	}
	dc := delimited.Config{File: c.File, Comma: c.Comma, Windows1252: c.Windows1252, Columns: c.Columns}
	var err error
	if isMatrix(br) {
		err = t.readMatrix(ctx, br, dc)
	} else {
		err = t.readList(ctx, br, dc)
	}
	if err != nil {
		return nil, err
	}
	return t.finish()
}

func (c *TableConfig) check() error {
	if c.Retained == "" {
		c.Retained = defaultRetained
	}
	c.Total = cmp.Or(c.Total, defaultTotal)
	if strings.EqualFold(c.Total, c.Retained) {
		return fmt.Errorf("referral: %q is the word for totals and for retained patients", c.Total)
	}
	if c.Separator == "" {
		c.Separator = defaultSeparator
	}
	if c.MaxCells == 0 {
		c.MaxCells = defaultMaxCells
	}
	if c.MaxCells < 0 || c.MaxCells > math.MaxInt32 {
		return errors.New("referral: MaxCells is out of range")
	}
	if strings.TrimSpace(c.Separator) != c.Separator {
		return fmt.Errorf("referral: separator %q has white space around it, which labels may have anyway", c.Separator)
	}
	for mark, cell := range c.Suppressed {
		if want := c.Meta.refuse(cell); want != "" {
			return fmt.Errorf("referral: the mark %q means %v: expected %s", mark, cell, want)
		}
		if mark != strings.TrimSpace(mark) {
			return fmt.Errorf("referral: the mark %q has white space around it, which fields lose", mark)
		}
	}
	return nil
}

func isMatrix(r *bufio.Reader) bool {
	head, _ := r.Peek(64)
	s := strings.TrimLeft(strings.TrimPrefix(string(head), "\ufeff"), "\r\n\t \"")
	return len(s) >= len(matrixCorner) && strings.EqualFold(s[:len(matrixCorner)], matrixCorner)
}

// retainedID is the destination of retained patients while reading.
const retainedID = -1

// tableReader turns rows into a draft. Labels are kept as printed until all
// are known, because an origin further down decides whether a label is a set.
type tableReader struct {
	c      TableConfig
	find   resolver
	draft  *draft
	at     places
	labels []printed
	index  map[string]int32
	single map[string]string // evenly spaced label -> the label of the class, where it is no set
	noted  map[string]bool
	matrix []int32 // columns of a matrix
	rows   []int32
	inRow  map[int32]bool // rows so far
	lines  int
}

// places says where a list has its columns; count is -1 if it has none.
type places struct {
	origin, destination, count int
	bounds, notes, synthetic   bool
}

// printed is a label of the file and the place where it stands first.
type printed struct {
	text   string
	place  *InputError
	origin bool
}

func (t *tableReader) label(text string, place func(want string) *InputError) (int32, error) {
	text = delimited.Unguard(text)
	if i, ok := t.index[text]; ok {
		return i, nil
	}
	if want := checkLabel(text); want != "" {
		return 0, place(want)
	}
	i := int32(len(t.labels))
	text = strings.Clone(text) // the row it is part of need not stay in memory
	t.labels = append(t.labels, printed{text: text, place: place("")})
	t.index[text] = i
	return i, nil
}

func (t *tableReader) origin(text string, place func(want string) *InputError) (int32, error) {
	if strings.EqualFold(text, t.c.Total) {
		return allClasses, nil
	}
	if strings.EqualFold(text, t.c.Retained) {
		return 0, place("an origin; this is the word for retained patients")
	}
	i, err := t.label(text, place)
	if err == nil {
		t.labels[i].origin = true
	}
	return i, err
}

func (t *tableReader) destination(text string, place func(want string) *InputError) (int32, error) {
	switch {
	case strings.EqualFold(text, t.c.Retained):
		return retainedID, nil
	case strings.EqualFold(text, t.c.Total):
		return allClasses, nil
	}
	return t.label(text, place)
}

func (t *tableReader) tick(ctx context.Context) error {
	if t.lines++; t.lines%checkEvery == 0 {
		return ctx.Err()
	}
	return nil
}

func (t *tableReader) full(w delimited.Row) error {
	if len(t.draft.cells)+len(t.draft.totals) < t.c.MaxCells {
		return nil
	}
	return &InputError{File: t.c.File, Line: w.Line(), Want: fmt.Sprintf("at most %d cells; raise MaxCells if the file is right", t.c.MaxCells)}
}

func (t *tableReader) readList(ctx context.Context, r io.Reader, dc delimited.Config) error {
	dc.Known, dc.Aliases, dc.Required = columns, columnAliases, []string{colOrigin, colDestination}
	d, err := delimited.NewReader(r, dc)
	if err != nil {
		return err
	}
	head := d.Header()
	has := func(cols ...string) bool {
		return slices.ContainsFunc(cols, func(col string) bool { return slices.Contains(head, col) })
	}
	t.at = places{origin: slices.Index(head, colOrigin), destination: slices.Index(head, colDestination), count: slices.Index(head, colCount)}
	t.at.bounds = has(colLower, colUpper)
	t.at.synthetic = has(colSynthetic)
	t.at.notes = has(colOriginRaw, colDestRaw, colNote, colSource, colConfidence)
	counted := t.at.count >= 0 || t.at.bounds
	t.draft.by = dimensions{tumor: has(colTumor), period: has(colPeriod), modality: has(colModality)}
	if t.c.Absent == AbsentByKind && counted {
		t.draft.absence = AbsentZero
	}
	for {
		w, err := d.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := t.tick(ctx); err != nil {
			return err
		}
		if err := t.listRow(w, counted); err != nil {
			return err
		}
	}
}

func (t *tableReader) listRow(w delimited.Row, counted bool) error {
	if err := t.full(w); err != nil {
		return err
	}
	o, err := t.origin(w.At(t.at.origin), func(want string) *InputError { return w.Err(colOrigin, want) })
	if err != nil {
		return err
	}
	d, err := t.destination(w.At(t.at.destination), func(want string) *InputError { return w.Err(colDestination, want) })
	if err != nil {
		return err
	}
	s, err := t.sliceOf(w)
	if err != nil {
		return err
	}
	cell := PresentCell()
	if counted {
		if cell, err = t.listCell(w); err != nil {
			return err
		}
	}
	if o == allClasses && d == retainedID {
		return w.Err(colDestination, "a class or the word for totals; retained patients have no total")
	}
	if !counted && (o == allClasses || d == allClasses) {
		return w.Err(colDestination, "a class; a file without counts has no totals")
	}
	t.keep(o, d, s, cell, w)
	if t.at.notes {
		t.noteRow(w)
	}
	if t.at.synthetic {
		return t.markRow(w)
	}
	return nil
}

// keep adds a cell or a total to the draft.
func (t *tableReader) keep(o, d int32, s uint16, cell Cell, w delimited.Row) {
	e := newEntry(o, d, s, cell)
	e.line = int32(min(w.Line(), math.MaxInt32))
	if o == allClasses || d == allClasses {
		t.draft.totals = append(t.draft.totals, e)
	} else {
		t.draft.cells = append(t.draft.cells, e)
	}
}

// markRow takes a table with a made-up row as made up.
func (t *tableReader) markRow(w delimited.Row) error {
	switch strings.ToLower(w.Text(colSynthetic)) {
	case "", "no":
	case "yes":
		t.draft.meta.Synthetic = true
	default:
		return w.Err(colSynthetic, "yes, no or nothing")
	}
	return nil
}

// sliceOf gives the slice of a row. A column that slices the table is filled in
// every row: an empty field could mean unknown as well as all together.
func (t *tableReader) sliceOf(w delimited.Row) (uint16, error) {
	by := t.draft.by
	if by == (dimensions{}) && len(t.draft.slices) > 0 {
		return 0, nil
	}
	s := slice{tumor: t.c.Meta.Tumor, period: t.c.Meta.Period}
	if by.tumor {
		s.tumor = delimited.Unguard(w.Text(colTumor))
		if want := checkLabel(s.tumor); want != "" {
			return 0, w.Err(colTumor, want)
		}
	}
	if by.modality {
		s.modality = delimited.Unguard(w.Text(colModality))
		if want := checkLabel(s.modality); want != "" {
			return 0, w.Err(colModality, want)
		}
	}
	if by.period {
		p, err := network.ParsePeriod(w.Text(colPeriod))
		if err != nil || p == (network.Period{}) {
			return 0, w.Err(colPeriod, "a period like 2016-2021, 2016 or 2016-01-01/2021-12-31")
		}
		s.period = p
	}
	if k, ok := t.draft.sliceOf[s]; ok {
		return k, nil
	}
	s.tumor, s.modality = strings.Clone(s.tumor), strings.Clone(s.modality)
	k, err := t.draft.slice(s)
	if err != nil {
		return 0, &InputError{File: t.c.File, Line: w.Line(), Want: fmt.Sprintf("at most %d combinations of tumor, period and modality", maxSlices)}
	}
	return k, nil
}

// listCell gives the cell of a row of the long layout.
func (t *tableReader) listCell(w delimited.Row) (Cell, error) {
	text := ""
	if t.at.count >= 0 {
		text = w.At(t.at.count)
	}
	cell := MissingCell()
	if _, marked := t.c.Suppressed[text]; text != "" || marked {
		var want string
		if cell, want = t.cell(text); want != "" {
			return Cell{}, w.Err(colCount, want)
		}
	}
	if !t.at.bounds {
		return cell, nil
	}
	lower, upper := w.Text(colLower), w.Text(colUpper)
	if lower == "" && upper == "" {
		return cell, nil
	}
	lo, hi := 0.0, math.Inf(1)
	var want string
	if lower != "" {
		if lo, want = parseCount(lower, t.c.Meta.fractional()); want != "" {
			return Cell{}, w.Err(colLower, want)
		}
	}
	if upper != "" {
		if hi, want = parseCount(upper, t.c.Meta.fractional()); want != "" {
			return Cell{}, w.Err(colUpper, want)
		}
	}
	switch {
	case lo > hi:
		return Cell{}, w.Err(colUpper, "an upper bound of at least the lower bound "+number(lo))
	case cell.State == StructuralZero:
		if lo > 0 {
			return Cell{}, w.Err(colLower, "no lower bound for a flow that cannot occur")
		}
		return cell, nil
	case text != "" && (cell.Lo < lo || cell.Hi > hi):
		return Cell{}, w.Err(colCount, "a count within its bounds "+span(lo, hi))
	}
	return Between(lo, hi), nil
}

// cell reads a count field, and says what was expected if it is none.
func (t *tableReader) cell(text string) (Cell, string) {
	if c, ok := t.c.Suppressed[text]; ok {
		return c, ""
	}
	if text == "" {
		return MissingCell(), ""
	}
	if text == structural {
		return StructuralCell(), ""
	}
	n, want := parseCount(text, t.c.Meta.fractional())
	return Count(n), want
}

// parseCount reads a count and says what was expected if it is none.
func parseCount(text string, fractional bool) (float64, string) {
	if len(text) <= 15 {
		v := 0
		for i := 0; i < len(text) && v >= 0; i++ {
			if digit := text[i] - '0'; digit <= 9 {
				v = v*10 + int(digit)
			} else {
				v = -1
			}
		}
		if v >= 0 {
			return float64(v), ""
		}
	}
	if strings.Trim(text, "0123456789.eE+-") != "" {
		if v, err := strconv.ParseFloat(text, 64); err == nil && (math.IsNaN(v) || math.IsInf(v, 0)) {
			return 0, "a finite count"
		}
		return 0, "a count such as 12, an empty field if it is unknown, or a mark that is declared as suppressed"
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil && !math.IsInf(v, 0) {
		return 0, "a count such as 12"
	}
	whole, decimals, point := strings.Cut(text, ".")
	if n, err := strconv.ParseUint(whole, 10, 64); err == nil && n > maxCount {
		v = math.MaxFloat64 // a float64 would round 2^53+1 down
	}
	switch {
	case v < 0 || math.Signbit(v):
		return 0, "a count of zero or more"
	case v > maxCount:
		return 0, "a count of at most 2^53"
	case fractional:
		return v, ""
	case v != math.Trunc(v):
		return 0, "a whole count; fractions need the destination rule fractional"
	case point && len(decimals) == 3 && len(whole) <= 3:
		return 0, "a whole count without a thousands separator"
	}
	return v, ""
}

func (t *tableReader) noteRow(w delimited.Row) {
	origin, destination := w.Text(colOrigin), w.Text(colDestination)
	for _, a := range [...]struct{ col, label string }{{colOriginRaw, origin}, {colDestRaw, destination}} {
		if raw := w.Text(a.col); raw != "" && raw != a.label {
			t.note(fmt.Sprintf("%q is printed %q", a.label, raw))
		}
	}
	if s := w.Text(colSource); s != "" {
		t.note("source: " + s)
	}
	if s := w.Text(colNote); s != "" {
		t.note(fmt.Sprintf("%q to %q: %s", origin, destination, s))
	}
	if s := w.Text(colConfidence); s != "" {
		t.note(fmt.Sprintf("%q to %q: confidence %s", origin, destination, s))
	}
}

func (t *tableReader) note(s string) {
	if !t.noted[s] && len(t.noted) <= maxNotes {
		t.noted[s] = true
		if len(t.noted) > maxNotes {
			s = fmt.Sprintf("more than %d notes in the file: the rest is left out", maxNotes)
		}
		t.draft.meta.Notes = append(t.draft.meta.Notes, s)
	}
}
