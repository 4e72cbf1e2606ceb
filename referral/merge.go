// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"fmt"
	"slices"
	"strings"
)

// Merge returns the flows of all tables together: of several regions, whose
// origins differ, or of several periods that do not overlap. The result is
// then sliced by period, so that [Table.Filter] gives the parts back; tables
// that are already sliced by tumor or modality may also differ in those.
// Titles, sources and notes are united. Published totals add up; one that a
// table with such patients does not publish is dropped. The order of the tables
// does not matter.
//
// It returns a [*ClashError] if the tables disagree on what they count (unit,
// tumor, level, partition, rules, landscape, synthetic or not, meaning of
// unlisted pairs), and if the same patients would be counted twice: the same
// origin with the same tumor and modality in periods that overlap. An unknown
// period overlaps every other.
func (t *Table) Merge(others ...*Table) (*Table, error) {
	tables := append([]*Table{t}, others...)
	d := newDraft(t.Meta(), t.absence())
	d.by = t.by
	var titles, inDutch, sources, notes []string
	for i, u := range tables {
		for _, v := range tables[:i] {
			if err := v.mergeable(u); err != nil {
				return nil, err
			}
		}
		d.by.tumor = d.by.tumor || u.by.tumor
		d.by.modality = d.by.modality || u.by.modality
		d.by.period = d.by.period || u.by.period || u.meta.Period != t.meta.Period
		titles = append(titles, u.meta.Title)
		inDutch = append(inDutch, u.meta.TitleIn("nl"))
		sources = append(sources, u.meta.Source)
		notes = append(notes, u.meta.Notes...)
	}
	d.meta.Title, d.meta.TitleNL, d.meta.Source = united(titles), united(inDutch), united(sources)
	if d.meta.TitleNL == d.meta.Title {
		d.meta.TitleNL = ""
	}
	slices.Sort(notes)
	d.meta.Notes = slices.Compact(notes)
	if err := checkOverlap(tables); err != nil {
		return nil, err
	}
	for _, u := range tables {
		if err := d.take(u, u.cells); err != nil {
			return nil, err
		}
	}
	d.dropPartial(tables)
	return d.table()
}

func united(texts []string) string {
	slices.Sort(texts)
	return strings.Join(slices.DeleteFunc(slices.Compact(texts), func(s string) bool { return s == "" }), "; ")
}

func (t *Table) mergeable(u *Table) error {
	field, have, got := t.meta.disagree(u.meta)
	switch {
	case field != "":
	case t.meta.Tumor != u.meta.Tumor && (!t.by.tumor || !u.by.tumor):
		field, have, got = "tumor", t.meta.Tumor, u.meta.Tumor
	case t.by.modality != u.by.modality:
		field, have, got = "modality", t.about(), u.about()
	case t.absent != u.absent:
		field, have, got = "unlisted pairs", t.absent.String(), u.absent.String()
	case t.meta.Period != u.meta.Period && !t.by.period && !u.by.period && t.meta.Period.Overlaps(u.meta.Period):
		field, have, got = "period", t.meta.Period.String(), u.meta.Period.String()
	}
	if field == "" {
		return nil
	}
	return &ClashError{Field: field, Have: have, Got: got}
}

func (t *Table) about() string {
	if t.by.modality {
		return "sliced by modality"
	}
	return "not sliced by modality"
}

// checkOverlap finds an origin whose patients two tables count.
func checkOverlap(tables []*Table) error {
	for i, t := range tables {
		for _, u := range tables[:i] {
			a, b, overlap := t.overlap(u)
			if !overlap {
				continue
			}
			for _, o := range t.origins {
				label := t.classes[o].label
				if j, ok := u.class(label); ok && u.hasRow(j) {
					return &ClashError{Field: "patients", Have: b.of(label), Got: a.of(label)}
				}
			}
		}
	}
	return nil
}

// overlap gives two slices that may hold the same patients.
func (t *Table) overlap(u *Table) (slice, slice, bool) {
	for _, a := range t.slices {
		for _, b := range u.slices {
			if mayBeSame(a.tumor, b.tumor) && mayBeSame(a.modality, b.modality) && a.period.Overlaps(b.period) {
				return a, b, true
			}
		}
	}
	return slice{}, slice{}, false
}

// mayBeSame compares tumors or modalities, of which the empty one is all.
func mayBeSame(a, b string) bool { return a == b || a == "" || b == "" }

// of says in words what a slice holds of an origin.
func (s slice) of(origin string) string {
	text := fmt.Sprintf("origin %q", origin)
	for _, part := range [...]struct{ name, value string }{
		{"tumor", s.tumor}, {"modality", s.modality}, {"period", s.period.String()},
	} {
		if part.value != "" {
			text += fmt.Sprintf(", %s %q", part.name, part.value)
		}
	}
	if s.period.String() == "" {
		text += ", period unknown"
	}
	return text
}

// take adds cells of a table to the draft, with all its classes and slices.
func (d *draft) take(t *Table, cells []entry) error {
	place := make([]int32, len(t.classes))
	for i, c := range t.classes {
		var err error
		if place[i], err = d.classOf(c.label, c.members); err != nil {
			return err
		}
	}
	order := make([]uint16, len(t.slices))
	for i, s := range t.slices {
		var err error
		if order[i], err = d.slice(s); err != nil {
			return err
		}
	}
	for _, o := range t.origins {
		d.origins[place[o]] = true
	}
	for _, c := range t.dests {
		d.dests[place[c]] = true
	}
	d.cells = slices.Grow(d.cells, len(cells))
	for _, e := range cells {
		d.cells = append(d.cells, newEntry(place[e.o], place[e.d], order[e.s], e.cell()))
	}
	d.takeTotals(t, place, order)
	return nil
}
