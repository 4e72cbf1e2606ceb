// SPDX-License-Identifier: Apache-2.0

package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/inference"
)

// table is a table of the page.
type table struct {
	ID, Caption string
	Note        string
	PaperNote   string // added to it on paper
	Columns     []column
	Rows        [][]cell
	Absent      string // why it is not on paper; empty: it is
	largest     []bool // rows that are on paper; nil: all
}

type column struct {
	Name    string
	Numeric bool
}

// cell is what one field of a table shows. Raw is what a program sorts by; empty
// for text, and for numbers that are not known.
type cell struct {
	Text, Raw string
	Href      string // place in the page
}

// Numbers names the columns of numbers after the first one for the style sheet.
func (t table) Numbers() string {
	var names []string
	for i, c := range t.Columns {
		if i > 0 && c.Numeric {
			names = append(names, fmt.Sprintf("n%d", i+1))
		}
	}
	return strings.Join(names, " ")
}

// Differs reports whether a cell is sorted by something else than its text.
func (t table) Differs(i int, c cell) bool { return t.Columns[i].Numeric && c.Raw != c.Text }

func text(s string) cell { return cell{Text: s} }

func (l tongue) figureCell(v float64, k kind) cell { return cell{Text: l.value(v, k), Raw: raw(v)} }

// resultCells are the columns value, lower, upper, status and reason.
func (l tongue) resultCells(r referral.Result, k kind) []cell {
	return []cell{
		{Text: l.value(r.Value, k), Raw: raw(r.Value)}, {Text: l.value(r.Lo, k), Raw: raw(r.Lo)}, {Text: l.value(r.Hi, k), Raw: raw(r.Hi)},
		text(l.status(r.Status)), text(l.reason(r.Reason)),
	}
}

func (l tongue) resultColumns() []column {
	return []column{
		{l.t("value", "waarde"), true}, {l.t("lower", "onder"), true}, {l.t("upper", "boven"), true},
		{l.t("status", "status"), false}, {l.t("reason", "reden"), false},
	}
}

// tidy is a table with a row for each answer.
func (b *builder) tidy(id, caption, note, scope string, answers []answer) table {
	l := b.l
	t := table{ID: id, Caption: caption, Note: note, Columns: []column{{l.t("measure", "maat"), false}}}
	if scope != "" {
		t.Columns = append(t.Columns, column{scope, false})
	}
	t.Columns = append(append(t.Columns, l.resultColumns()...), column{b.intervalName(), false}, column{"n", true})
	for _, a := range answers {
		row := []cell{{Text: a.name, Href: anchor(a.id)}}
		if scope != "" {
			row = append(row, text(l.class(a.scope)))
		}
		row = append(append(row, l.resultCells(a.result, a.kind)...), text(l.interval(a.interval, a.kind)))
		n := cell{}
		if a.result.N > 0 {
			n = l.figureCell(float64(a.result.N), ofPatients)
		}
		t.Rows = append(t.Rows, append(row, n))
	}
	return t
}

// intervalName heads a column of intervals.
func (b *builder) intervalName() string {
	return l0(b.l.number(100*b.c.Level, 1)) + b.l.t("% interval", "%-interval")
}

// l0 takes a decimal off that says nothing.
func l0(s string) string { return strings.TrimSuffix(strings.TrimSuffix(s, ".0"), ",0") }

// intervalNote says what the intervals are.
func (b *builder) intervalNote() string {
	i := inference.Interval{Level: b.c.Level}
	return b.l.t("Interval: "+i.Label()+".", "Interval: "+i.LabelNL()+".")
}

// flowTable has a row for each cell that the table lists.
func (b *builder) flowTable() table {
	l := b.l
	var sizes []referral.Cell
	t := table{
		ID: "t-flows", Caption: l.t("All flows", "Alle stromen"), Note: b.absentNote(),
		Columns: []column{
			{l.t("origin", "herkomst"), false}, {l.t("destination", "bestemming"), false}, {l.t("kind", "soort"), false}, {b.units(), true},
			{l.t("lower", "onder"), true}, {l.t("upper", "boven"), true}, {l.t("status", "status"), false},
			{l.t("share of the origin", "aandeel van de herkomst"), true}, {b.intervalName(), false}, {l.t("reason", "reden"), false},
		},
	}
	for f := range b.t.Flows() {
		count := nan
		if f.Cell.Known() {
			count = f.Cell.Lo
		}
		sizes = append(sizes, f.Cell)
		share := b.shares[[2]string{f.Origin, f.Destination}]
		row := []cell{
			b.classCell(f.Origin), b.classCell(f.Destination), text(b.kindOfFlow(f)), {Text: l.cell(f.Cell), Raw: raw(count)},
			l.figureCell(f.Cell.Lo, ofPatients), l.figureCell(f.Cell.Hi, ofPatients), text(l.state(f.Cell)),
		}
		if share.id == "" { // of a class that is no place
			row = append(row, cell{}, cell{}, cell{})
		} else {
			row = append(row, cell{Text: l.result(share.result, ofShare), Raw: raw(share.result.Value)},
				text(l.interval(share.interval, ofShare)), text(l.reason(share.result.Reason)))
		}
		t.Rows = append(t.Rows, row)
	}
	b.shorten(&t, sizes)
	return t
}

// kindOfFlow tells those who stay from those who leave.
func (b *builder) kindOfFlow(f referral.Flow) string {
	switch {
	case referral.Beside(f.Origin) || referral.Beside(f.Destination):
		return b.l.t("beside", "ernaast")
	case f.Retained():
		return b.l.t("retained", "gebleven")
	}
	return b.l.t("referred", "verwezen")
}

// absentNote says what a pair means that the table does not list.
func (b *builder) absentNote() string {
	if b.t.Absent().Known() {
		return b.l.t("A pair that is not listed has no patients: that was observed.", "Een paar dat er niet staat heeft geen patiënten: dat is waargenomen.")
	}
	return b.l.t("Of a pair that is not listed nothing is known: it may have patients.", "Van een paar dat er niet staat is niets bekend: het kan patiënten hebben.")
}

// classCell links a class to its part of the page.
func (b *builder) classCell(label string) cell {
	c := text(b.l.class(label))
	if i, ok := slices.BinarySearch(b.classes, label); ok {
		c.Href = fmt.Sprintf("c-%d", i+1)
	}
	return c
}

// overview has the columns that classes are compared by.
var overview = []string{
	"flow.OriginTotals", "flow.Retained", "flow.Retention", "flow.Outflow", "flow.Inflow", "flow.DestinationTotals", "flow.NetFlow", "flow.MarketShares",
}

// classTable has a row for each class.
func (b *builder) classTable() table {
	l := b.l
	t := table{
		ID: "t-classes", Caption: l.t("Side by side: all "+b.nouns(), "Naast elkaar: alle "+b.nouns()), Columns: []column{{b.noun(), false}},
		Note: l.t("Each number and each status stands by itself in the next table.", "Elk getal en elke status staat apart in de volgende tabel."),
	}
	for i, c := range b.classes {
		row := []cell{b.classCell(c)}
		for _, id := range overview {
			a, ok := b.pick(id, c)
			if i == 0 {
				t.Columns = append(t.Columns, column{b.nameOf(id), true})
				if id == "flow.Retention" {
					t.Columns = append(t.Columns, column{b.intervalName(), false})
				}
			}
			if !ok {
				a = answer{result: referral.UndefinedResult(referral.ReasonNoRow), interval: noInterval, kind: ofPatients}
			}
			row = append(row, cell{Text: l.result(a.result, a.kind), Raw: raw(a.result.Value)})
			if id == "flow.Retention" {
				row = append(row, text(l.interval(a.interval, ofShare)))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// nameOf is what a measure of classes is called.
func (b *builder) nameOf(id string) string {
	for _, c := range b.classes {
		if a, ok := b.pick(id, c); ok {
			return a.name
		}
	}
	return id
}

// perClass has all measures of all classes.
func (b *builder) perClass() []answer {
	var out []answer
	for _, c := range b.classes {
		out = append(out, b.of[c]...)
	}
	return out
}

// volumeTable has the patients a year of each hospital, most first.
func (b *builder) volumeTable() table {
	l := b.l
	t := table{
		ID: "t-volumes", Caption: fmt.Sprintf(l.t("Patients treated a year by hospital, mean of %d-%d", "Behandelde patiënten per jaar per ziekenhuis, gemiddelde van %d-%d"), b.years[0], b.years[1]),
		Note: b.volumeNote(),
		Columns: []column{
			{l.t("hospital", "ziekenhuis"), false}, {l.t("patients a year", "patiënten per jaar"), true},
			{l.t("lower", "onder"), true}, {l.t("upper", "boven"), true}, {b.intervalName(), false}, {l.t("against the norm", "ten opzichte van de norm"), false},
		},
	}
	list := slices.Clone(b.annual)
	slices.SortStableFunc(list, func(x, y coverage.Volume) int { return cmp.Compare(y.Patients.Lo, x.Patients.Lo) })
	for _, v := range list {
		value := nan
		if v.Patients.Known() {
			value = v.Patients.Lo
		}
		t.Rows = append(t.Rows, []cell{
			text(b.hospital(v.Hospital)), {Text: l.bounds(v.Patients.Lo, v.Patients.Hi, ofYearly), Raw: raw(value)},
			l.figureCell(v.Patients.Lo, ofYearly), l.figureCell(v.Patients.Hi, ofYearly), text(l.interval(b.rate(v), ofYearly)), text(b.against(v.Patients)),
		})
	}
	return t
}

// volumeNote says whom the volumes are about.
func (b *builder) volumeNote() string {
	if b.hidden == 0 {
		return ""
	}
	return b.aboutShown() + " " + b.l.t("The upper bound is that of all: any of the others may have been treated in any hospital.",
		"De bovengrens is die van allen: ieder van de anderen kan in elk ziekenhuis zijn behandeld.")
}

// against sets a volume against the norm.
func (b *builder) against(c referral.Cell) string {
	n := b.in.Norm
	switch {
	case n == 0:
		return b.l.t("no norm given", "geen norm gegeven")
	case c.Lo >= n:
		return b.l.t("at or above", "op of boven")
	case c.Hi < n:
		return b.l.t("below", "onder")
	}
	return b.l.t("not known", "niet bekend")
}

// hospital gives the name of a hospital, with its key if that differs.
func (b *builder) hospital(id string) string {
	if b.in.Snapshot == nil {
		return id
	}
	h, ok := b.in.Snapshot.Hospital(id)
	if !ok || h.Name == id {
		return b.l.class(id)
	}
	return h.Name + " (" + id + ")"
}

// aboutShown says whom numbers beside the flow table are about.
func (b *builder) aboutShown() string {
	if b.hidden == 0 || b.log == nil {
		return ""
	}
	n := float64(b.log.Quality().Cases)
	if b.g.Hidden(n) {
		return b.l.t("About the patients whose flows are shown.", "Over de patiënten van wie de stroom is getoond.")
	}
	total := b.t.Total()
	return fmt.Sprintf(b.l.t("About the %s %s whose flows are shown with their counts, of %s in the flow table.", "Over de %s %s van wie de stroom met aantal is getoond, van %s in de stromentabel."),
		b.l.number(n, 0), b.units(), b.l.bounds(total.Lo, total.Hi, ofPatients))
}

// magnitude writes a number of rows by its order only.
func (l tongue) magnitude(n int64) string {
	if n <= 0 {
		return "0"
	}
	lo := math.Pow10(len(fmt.Sprint(n)) - 1)
	return l.bounds(lo, 10*lo-1, ofClasses)
}
