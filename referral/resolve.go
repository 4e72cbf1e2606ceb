// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
)

// finish turns printed labels into classes and builds the table.
func (t *tableReader) finish() (*Table, error) {
	if len(t.draft.cells) == 0 && len(t.rows) == 0 {
		return nil, &InputError{File: t.c.File, Want: "at least one row under the header"}
	}
	t.singles()
	place := make([]int32, len(t.labels))
	successors := map[string]string{}
	for i, l := range t.labels {
		label, members, err := t.classOf(l, successors)
		if err != nil {
			return nil, err
		}
		if place[i], err = t.draft.classOf(label, members); err != nil {
			return nil, t.placed(l, err)
		}
	}
	if err := t.placeMatrix(place); err != nil {
		return nil, err
	}
	for i := range t.draft.cells {
		e := &t.draft.cells[i]
		if e.d == retainedID {
			e.d = e.o
		}
		e.o, e.d = place[e.o], place[e.d]
	}
	for i := range t.draft.totals {
		e := &t.draft.totals[i]
		if e.o != allClasses {
			e.o = place[e.o]
		}
		if e.d != allClasses {
			e.d = place[e.d]
		}
	}
	t.draft.twice = t.twice
	table, err := t.draft.table()
	if err != nil || len(successors) == 0 {
		return table, t.placed(printed{}, err)
	}
	return table.regroup(table.meta, network.SetValued, func(label string) ([]network.Share, bool) {
		if now, ok := successors[label]; ok {
			label = now
		}
		return []network.Share{{Group: label, Weight: 1}}, true
	})
}

// singles finds the labels that are one class although they look like a set.
func (t *tableReader) singles() {
	for _, text := range t.c.Single {
		t.single[t.spaced(text)] = text
	}
	for _, l := range t.labels {
		if _, known := t.find.find(l.text); t.c.Within != nil && known || l.origin && !t.c.OriginSets {
			if key := t.spaced(l.text); t.single[key] == "" || l.text < t.single[key] {
				t.single[key] = l.text
			}
		}
	}
}

// spaced writes one space on each side of every separator, so that spellings
// of a label can be compared.
func (t *tableReader) spaced(label string) string {
	if !strings.Contains(label, t.c.Separator) {
		return label
	}
	parts := strings.Split(label, t.c.Separator)
	for i, p := range parts {
		parts[i] = strings.TrimSpace(p)
	}
	return strings.Join(parts, setJoin)
}

// placed gives an error about labels its place in the file.
func (t *tableReader) placed(l printed, err error) error {
	var c *ClassError
	if !errors.As(err, &c) {
		return err
	}
	if l.place == nil {
		l.place = &InputError{File: t.c.File, Value: strings.Join(c.Labels, ", ")}
	}
	l.place.Want = c.Want
	return l.place
}

// classOf gives the label and, for a set, the members of a printed label.
func (t *tableReader) classOf(l printed, successors map[string]string) (string, []string, error) {
	var members []string
	text, single := t.single[t.spaced(l.text)]
	if !single {
		var want string
		text = l.text
		if members, want = splitSet(l.text, t.c.Separator, t.c.Retained, t.c.Total); want != "" {
			l.place.Want = want
			return "", nil, l.place
		}
	}
	id, known := t.find.find(text)
	if members == nil {
		if !known {
			l.place.Want = t.find.want()
			return "", nil, l.place
		}
		return id, nil, t.follow(l, text, id, successors)
	}
	for i, m := range members {
		if want := checkLabel(m); want != "" {
			l.place.Want = want
			return "", nil, l.place
		}
		id, known := t.find.find(m)
		if !known {
			l.place.Want = t.find.want()
			return "", nil, l.place
		}
		if err := t.follow(l, m, id, successors); err != nil {
			return "", nil, err
		}
		members[i] = id
	}
	slices.Sort(members)
	if members = slices.Compact(members); len(members) == 1 {
		return members[0], members, nil
	}
	return t.setLabel(l.text, members), members, nil
}

// setLabel gives the label of a set with one space on each side of the
// separator, its members in the printed order.
func (t *tableReader) setLabel(text string, members []string) string {
	var out []string
	for m := range strings.SplitSeq(text, t.c.Separator) {
		id, _ := t.find.find(strings.TrimSpace(m))
		if slices.Contains(members, id) && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return strings.Join(out, setJoin)
}

// follow tells in the notes what the landscape made of a label, and remembers
// the successor of a hospital.
func (t *tableReader) follow(l printed, text, id string, successors map[string]string) error {
	if id != text {
		t.note(fmt.Sprintf("%q in the file is %q in the landscape of %v", text, id, t.c.Within.Date()))
	}
	now, ok := t.find.successor(id)
	if !ok {
		l.place.Want = fmt.Sprintf("a hospital with one successor in the landscape of %v; this one has several", t.c.Within.Date())
		return l.place
	}
	if now != id && successors[id] == "" {
		successors[id] = now
		t.note(fmt.Sprintf("%q in the file has become %q in the landscape of %v", id, now, t.c.Within.Date()))
	}
	return nil
}

// twice makes the error for a flow that two lines list.
func (t *tableReader) twice(of *Table, a, b entry) error {
	return &InputError{
		File: t.c.File, Line: int(b.line), Field: "flow",
		Value: of.labelOr(b.o, t.c.Total) + " to " + of.labelOr(b.d, t.c.Total),
		Want:  fmt.Sprintf("each flow once; this one is on line %d already", a.line),
	}
}
