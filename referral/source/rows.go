// SPDX-License-Identifier: Apache-2.0

package source

import (
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// batchRows is the number of rows that are handed over at once.
const batchRows = 1 << 14

// rows collects rows of one worker.
type rows struct {
	c      *columns
	batch  referral.Batch
	put    []func(text []byte) referral.Fault // by field: sets it in the newest row
	putDay []func(d network.Date)             // by field: the same for typed dates
	grow   []func(n int, empty bool)          // by column: sets the number of rows
	n      int
	fault  referral.Fault // of the row being made
	line   uint32
}

// rows returns an empty collection; each worker needs one of its own.
func (h *columns) rows() *rows {
	r := &rows{c: h, put: make([]func([]byte) referral.Fault, len(h.fields)), putDay: make([]func(network.Date), len(h.fields))}
	b := &r.batch
	hospitals := referral.NewDictionary()
	b.Attributes = make([]referral.Codes, len(h.config.Log.Attributes))
	addColumn(r, -1, &b.Line, maker[uint32]{})
	for i, f := range h.fields {
		switch f.role {
		case rolePatient:
			r.addPatient(i)
		case roleSeq:
			addColumn(r, i, &b.Seq, seqMaker())
		case roleDate:
			addColumn(r, i, &b.Date, dateMaker())
		case roleUntil:
			addColumn(r, i, &b.Until, dateMaker())
		case roleYear:
			addColumn(r, i, &b.Year, yearMaker())
		case roleLayer:
			addColumn(r, i, &b.Layer, layerMaker())
		case roleKind:
			r.addCodes(i, &b.Kind, referral.NewDictionary())
		case roleHospital:
			r.addCodes(i, &b.Hospital, hospitals)
		case roleToHospital:
			r.addCodes(i, &b.ToHospital, hospitals)
		case roleFirstVisit:
			r.addCodes(i, &b.FirstVisit, hospitals)
		case roleTumor:
			r.addCodes(i, &b.Tumor, referral.NewDictionary())
		case roleAttribute:
			r.addCodes(i, &b.Attributes[f.attr], referral.NewDictionary())
		default:
		}
	}
	return r
}

// addColumn makes a column; field -1 has no text.
func addColumn[T any](r *rows, field int, column *[]T, m maker[T]) {
	r.grow = append(r.grow, func(n int, empty bool) {
		have := min(len(*column), n)
		*column = slices.Grow((*column)[:have], n-have)[:n]
		if empty {
			clear((*column)[have:])
		}
	})
	if field < 0 {
		return
	}
	r.put[field] = func(text []byte) referral.Fault {
		v, fault := m.text(text)
		(*column)[r.n-1] = v
		return fault
	}
	if m.day != nil {
		r.putDay[field] = func(d network.Date) { (*column)[r.n-1], _ = m.day(d) }
	}
}

func (r *rows) addPatient(field int) {
	addColumn(r, field, &r.batch.Patient, patientMaker())
	if !r.c.config.Log.KeepPatients {
		return
	}
	id := r.put[field]
	addColumn(r, field, &r.batch.Name, nameMaker())
	name := r.put[field]
	r.put[field] = func(text []byte) referral.Fault {
		name(text)
		return id(text)
	}
}

func (r *rows) addCodes(field int, c *referral.Codes, d *referral.Dictionary) {
	c.In = d
	addColumn(r, field, &c.Of, codeMaker(d, r.c, r.c.fields[field].role))
}

// resize sets the number of rows. New ones are empty, or else whatever was
// there before.
func (r *rows) resize(n int, empty bool) {
	for _, grow := range r.grow {
		grow(n, empty)
	}
	r.n = n
}

// begin starts the row that stands in a line.
func (r *rows) begin(line uint32) {
	r.resize(r.n+1, true)
	r.batch.Line[r.n-1] = line
	r.line, r.fault = line, ""
}

// text sets field i of the row from its text as the input has it.
func (r *rows) text(i int, value []byte) {
	if put := r.put[i]; put != nil {
		if fault := put(value); fault != "" && r.fault == "" {
			r.fault = fault
		}
	}
}

// date sets field i of the row, which must be a date, from a typed value; the
// zero date is a missing one.
func (r *rows) date(i int, d network.Date) { r.putDay[i](d) }

// end takes the row, or refuses it if one of its fields was bad.
func (r *rows) end() {
	if r.fault != "" {
		r.resize(r.n-1, true)
		r.batch.Refused = append(r.batch.Refused, referral.Refusal{Line: r.line, Fault: r.fault})
	}
}

// full reports whether it is time to flush.
func (r *rows) full() bool { return r.n+len(r.batch.Refused) >= batchRows }

// flush hands the rows to the builder and starts anew.
func (r *rows) flush(b *referral.LogBuilder) error {
	err := b.Add(&r.batch)
	r.resize(0, true)
	r.batch.Refused = r.batch.Refused[:0]
	return err
}
