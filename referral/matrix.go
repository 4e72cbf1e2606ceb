// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/internal/delimited"
)

func (t *tableReader) readMatrix(ctx context.Context, r io.Reader, dc delimited.Config) error {
	dc.Free, dc.Columns = true, nil
	d, err := delimited.NewReader(r, dc)
	if err != nil {
		return err
	}
	if t.c.Absent == AbsentByKind {
		t.draft.absence = AbsentZero
	}
	head := d.Header()
	if len(head) < 2 {
		return d.HeaderErr(0, "a column for each destination beside this one")
	}
	if strings.HasSuffix(strings.ToLower(head[0]), syntheticCorner) {
		t.draft.meta.Synthetic = true
	}
	own := false
	seen := map[int32]bool{}
	for i, h := range head[1:] {
		place := func(want string) *InputError { return d.HeaderErr(i+1, want) }
		id, err := t.destination(h, place)
		if err != nil {
			return err
		}
		if seen[id] {
			return place("each destination in one column")
		}
		if id == allClasses && len(head) == 2 {
			return place("a column for each destination beside the totals")
		}
		seen[id] = true
		own = own || id == retainedID
		t.matrix = append(t.matrix, id)
	}
	t.inRow = map[int32]bool{}
	s, err := t.draft.slice(slice{tumor: t.c.Meta.Tumor, period: t.c.Meta.Period})
	if err != nil {
		return err
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
		if err := t.matrixRow(w, s, own); err != nil {
			return err
		}
	}
}

func (t *tableReader) matrixRow(w delimited.Row, s uint16, own bool) error {
	o, err := t.origin(w.At(0), func(want string) *InputError { return w.ErrAt(0, want) })
	if err != nil {
		return err
	}
	if t.inRow[o] {
		return w.ErrAt(0, "each origin in one row")
	}
	t.inRow[o] = true
	if o != allClasses {
		t.rows = append(t.rows, o)
	}
	for i, d := range t.matrix {
		if err := t.full(w); err != nil {
			return err
		}
		cell, want := t.cell(w.At(i + 1))
		if want != "" {
			return w.ErrAt(i+1, want)
		}
		if own && d == o && o != allClasses {
			if cell.Lo > 0 {
				return w.ErrAt(i+1, "nothing here, because the column "+strconv.Quote(t.c.Retained)+" holds the retained patients")
			}
			continue
		}
		sum := o == allClasses || d == allClasses
		switch {
		case o == allClasses && d == retainedID:
			if cell.State != Missing {
				return w.ErrAt(i+1, "nothing here, because retained patients have no total")
			}
		case sum || t.draft.absence != AbsentZero || cell.State != Zero:
			t.keep(o, d, s, cell, w)
		}
	}
	return nil
}

// placeMatrix gives rows and columns of a matrix that have no stored cell
// their classes, and refuses labels that turn out to be the same class.
func (t *tableReader) placeMatrix(place []int32) error {
	for _, axis := range [...]struct {
		printed []int32
		classes map[int32]bool
		want    string
	}{{t.rows, t.draft.origins, "each origin in one row"}, {t.matrix, t.draft.dests, "each destination in one column"}} {
		seen := map[string]bool{}
		for _, id := range axis.printed {
			if id == retainedID || id == allClasses {
				continue
			}
			key := t.draft.classes[place[id]].key()
			if seen[key] {
				l := t.labels[id]
				l.place.Want = axis.want + "; this one is there under another name"
				return l.place
			}
			seen[key], axis.classes[place[id]] = true, true
		}
	}
	if slices.Contains(t.matrix, retainedID) {
		for _, o := range t.rows {
			t.draft.dests[place[o]] = true
		}
	}
	return nil
}
