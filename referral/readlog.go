// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"context"
	"fmt"
	"iter"
	"math"
)

// batchRows is the number of events that ReadLog packs at once.
const batchRows = 1 << 14

// ReadLog makes a log of events, in any order, and says what it found in them.
// Equal sets of events give equal logs. An event that cannot be used is refused
// and counted with its line; what is wrong in the sequence itself, an error of
// its source, ends the reading and is returned with the line.
//
// It returns a [*QualityError] if no event could be used, or under
// LogConfig.Strict if one was refused, and [ErrEmpty] for an empty sequence.
// Time O(n log n) in the events of one patient, otherwise O(n), for n events.
func ReadLog(ctx context.Context, events iter.Seq2[Event, error], c LogConfig) (*Log, Quality, error) {
	b := NewLogBuilder(c)
	w := newEventWriter(c)
	n := int64(0)
	for e, err := range events {
		n++
		if err != nil {
			return nil, Quality{}, fmt.Errorf("referral: event %d: %w", n, err)
		}
		if e.Line == 0 {
			e.Line = n
		}
		w.add(e)
		if len(w.batch.Line) == batchRows {
			if err := ctx.Err(); err != nil {
				return nil, Quality{}, err
			}
			if err := b.Add(&w.batch); err != nil {
				return nil, Quality{}, err
			}
			w.reset()
		}
	}
	if err := b.Add(&w.batch); err != nil {
		return nil, Quality{}, err
	}
	return b.Build(ctx)
}

// eventWriter collects events in a batch.
type eventWriter struct {
	c     LogConfig
	batch Batch
}

func newEventWriter(c LogConfig) *eventWriter {
	w := &eventWriter{c: c}
	hospitals := NewDictionary()
	w.batch.Kind.In, w.batch.Hospital.In, w.batch.Tumor.In = NewDictionary(), hospitals, NewDictionary()
	if c.Layout == LayoutTreatments {
		w.batch.FirstVisit.In = hospitals
	} else {
		w.batch.ToHospital.In = hospitals
	}
	for range c.Attributes {
		w.batch.Attributes = append(w.batch.Attributes, Codes{In: NewDictionary()})
	}
	return w
}

func (c *Codes) add(text string) {
	if c.In != nil {
		c.Of = append(c.Of, c.In.Code([]byte(text)))
	}
}

func (w *eventWriter) add(e Event) {
	b := &w.batch
	b.Line = append(b.Line, uint32(min(max(e.Line, 0), math.MaxUint32)))
	b.Patient = append(b.Patient, Identify([]byte(e.Patient)))
	if w.c.KeepPatients {
		b.Name = append(b.Name, e.Patient)
	}
	year := int16(-1)
	if int(int16(e.Year)) == e.Year {
		year = int16(e.Year)
	}
	b.Seq = append(b.Seq, e.Seq)
	b.Date = append(b.Date, e.Date)
	b.Until = append(b.Until, e.Until)
	b.Year = append(b.Year, year)
	b.Layer = append(b.Layer, e.Layer)
	b.Kind.add(e.Kind)
	b.Hospital.add(e.Hospital)
	b.ToHospital.add(e.ToHospital)
	b.FirstVisit.add(e.FirstVisit)
	b.Tumor.add(e.Tumor)
	for i := range b.Attributes {
		text := ""
		if i < len(e.Attributes) {
			text = e.Attributes[i]
		}
		b.Attributes[i].add(text)
	}
}

// reset makes the batch empty; the dictionaries stay.
func (w *eventWriter) reset() {
	b := &w.batch
	b.Line, b.Patient, b.Name = b.Line[:0], b.Patient[:0], b.Name[:0]
	b.Seq, b.Date, b.Until, b.Year, b.Layer = b.Seq[:0], b.Date[:0], b.Until[:0], b.Year[:0], b.Layer[:0]
	for _, c := range [...]*Codes{&b.Kind, &b.Hospital, &b.ToHospital, &b.FirstVisit, &b.Tumor} {
		c.Of = c.Of[:0]
	}
	for i := range b.Attributes {
		b.Attributes[i].Of = b.Attributes[i].Of[:0]
	}
}
