// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"bufio"
	"context"
	"io"
	"iter"
	"strconv"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// WriteConfig says how a registry is written. The zero value is the layout of
// events, without faults.
type WriteConfig struct {
	Layout referral.LogLayout
	// Faults is how many of each kind of fault are planted, spread over the
	// rows, at most one in a patient. Kinds that need what the layout or the
	// landscape does not have, such as a hospital that merged, are left out.
	// A registry with faults has no other events without a date.
	Faults int
	// Progress is called now and then with the patients written so far and all
	// of them.
	Progress func(done, total int64)
}

// Planted is a fault that was planted and the line of the file that has it.
type Planted struct {
	Fault referral.Fault
	Line  int64 // from 1, which is the header
}

// Summary says what was written.
type Summary struct {
	Patients int64
	Rows     int64     // without the header
	Planted  []Planted // by line
}

// The headers of the two layouts.
const (
	eventsHeader     = "patient,seq,date,until,layer,event,hospital,to_hospital,tumor,year,synthetic\n"
	treatmentsHeader = "patient_id,tumor,year,first_visit_hospital,treatment,treatment_hospital,date,synthetic\n"
)

// mark stands in the column synthetic of every row.
const mark = "yes"

// row is one row as text.
type row struct {
	patient, seq, date, until, layer, kind, hospital, to, first, tumor, year string
}

// Write writes the registry as comma-separated text with a header, the
// patients one after the other in the order of the years of their first visit
// and each patient's rows in the order of time. Every row has "yes" in the
// column synthetic.
//
// It returns a *ConfigError for a negative number of faults and if there are
// too few patients to plant all of them; what was written until then is of no
// use. The context is looked at every 1,024 patients. Memory does not grow
// with the number of patients.
func (r *Registry) Write(ctx context.Context, w io.Writer, c WriteConfig) (Summary, error) {
	if c.Faults < 0 {
		return Summary{}, &ConfigError{"Faults", strconv.Itoa(c.Faults), "a number of at least 0"}
	}
	e := &encoder{r: r, c: c, out: bufio.NewWriterSize(w, 1<<16), keys: r.ground.keys(), dates: newDateTexts(r.config.Period)}
	e.plan = newPlan(r, c)
	header := eventsHeader
	if c.Layout == referral.LayoutTreatments {
		header = treatmentsHeader
	}
	_, err := e.out.WriteString(header)
	r.all(func(p *patient) bool {
		if err != nil || p.number%1024 == 0 && ctx.Err() != nil {
			return false
		}
		if p.number%1024 == 0 && c.Progress != nil {
			c.Progress(int64(p.number), int64(r.Patients()))
		}
		e.rows = e.rows[:0]
		if c.Layout == referral.LayoutTreatments {
			e.treatments(p)
		} else {
			e.events(p)
		}
		err = e.flush(p)
		return err == nil
	})
	switch {
	case err == nil && ctx.Err() != nil:
		err = ctx.Err()
	case err == nil:
		err = e.plan.left()
	}
	if err == nil {
		err = e.out.Flush()
	}
	return e.sum, err
}

type encoder struct {
	r     *Registry
	c     WriteConfig
	out   *bufio.Writer
	keys  []string // of hospitals, quoted where needed
	dates *dateTexts
	plan  *plan
	rows  []row
	line  []byte
	sum   Summary
}

// start returns what all rows of a patient with a tumor have.
func (e *encoder) start(p *patient, c course) row {
	return row{
		patient: patientID(p.number), tumor: field(c.model.Name), year: strconv.Itoa(c.year),
		first: e.keys[c.from],
	}
}

func (e *encoder) key(hospital int) string {
	if hospital == nowhere {
		return ""
	}
	return e.keys[hospital]
}

func (e *encoder) events(p *patient) {
	for c, steps := range p.courses {
		start := e.start(p, c)
		for _, s := range steps {
			w := start
			w.seq = strconv.Itoa(len(e.rows) + 1)
			if !s.undated || e.c.Faults > 0 {
				w.date = e.dates.text(s.date)
			}
			if !s.until.IsZero() {
				w.until = e.dates.text(s.until)
			}
			w.layer, w.kind = s.layer.String(), s.kind
			w.hospital, w.to = e.key(s.hospital), e.key(s.to)
			e.rows = append(e.rows, w)
		}
	}
}

func (e *encoder) treatments(p *patient) {
	for c, steps := range p.courses {
		start, before := e.start(p, c), len(e.rows)
		for _, s := range steps {
			if s.treats {
				w := start
				w.date, w.kind, w.hospital = e.dates.text(s.date), s.kind, e.keys[s.hospital]
				e.rows = append(e.rows, w)
			}
		}
		if len(e.rows) == before {
			e.rows = append(e.rows, start)
		}
	}
}

// flush writes the rows of a patient, with a fault if it is its turn.
func (e *encoder) flush(p *patient) error {
	e.plan.plant(e, p)
	for i := range e.rows {
		w := &e.rows[i]
		b := e.line[:0]
		if e.c.Layout == referral.LayoutTreatments {
			b = join(b, w.patient, w.tumor, w.year, w.first, w.kind, w.hospital, w.date)
		} else {
			b = join(b, w.patient, w.seq, w.date, w.until, w.layer, w.kind, w.hospital, w.to, w.tumor, w.year)
		}
		b = append(append(b, mark...), '\n')
		if _, err := e.out.Write(b); err != nil {
			return err
		}
		e.line = b
	}
	e.sum.Patients++
	e.sum.Rows += int64(len(e.rows))
	return nil
}

// join appends fields, each with a comma behind it.
func join(b []byte, fields ...string) []byte {
	for _, f := range fields {
		b = append(append(b, f...), ',')
	}
	return b
}

// patientID returns the identifier of a made-up patient; it says that it is.
func patientID(number int) string {
	b := append(make([]byte, 0, 12), "SYN000000000"...)
	for i, n := len(b)-1, number+1; n > 0; i, n = i-1, n/10 {
		b[i] = byte('0' + n%10)
	}
	return string(b)
}

// dateTexts holds the texts of the days that occur most, which are made once.
type dateTexts struct {
	from  network.Date
	texts []string
}

func newDateTexts(p network.Period) *dateTexts {
	t := &dateTexts{from: p.From}
	days, _ := p.To.Sub(p.From)
	for i := range min(days, 200*366) + 3*366 {
		t.texts = append(t.texts, p.From.AddDays(i).String())
	}
	return t
}

func (t *dateTexts) text(d network.Date) string {
	if i, ok := d.Sub(t.from); ok && i >= 0 && i < len(t.texts) {
		return t.texts[i]
	}
	return d.String()
}

// Rows returns the registry row by row in a layout, for [referral.ReadLog]:
// what [Registry.Write] writes, without the detour by text. Set
// LogConfig.Synthetic there: events have no place for the mark. There is never
// an error.
func (r *Registry) Rows(layout referral.LogLayout) iter.Seq2[referral.Event, error] {
	return func(yield func(referral.Event, error) bool) {
		line := int64(1)
		r.all(func(p *patient) bool {
			more, seq := true, int32(0)
			give := func(e referral.Event) {
				line++
				e.Line = line
				more = more && yield(e, nil)
			}
			for c, steps := range p.courses {
				start := referral.Event{Patient: patientID(p.number), Tumor: c.model.Name, Year: c.year}
				if layout == referral.LayoutTreatments {
					start.FirstVisit = r.ground.hospitals[c.from].ID
					r.giveTreatments(steps, start, give)
					continue
				}
				start.Seq = seq
				r.giveEvents(steps, start, give)
				seq += int32(len(steps))
			}
			return more
		})
	}
}

func (r *Registry) giveEvents(steps []step, start referral.Event, give func(referral.Event)) {
	for i, s := range steps {
		e := start
		e.Seq, e.Date, e.Until, e.Layer, e.Kind = start.Seq+int32(i+1), s.date, s.until, s.layer, s.kind
		if s.undated {
			e.Date = 0
		}
		if s.hospital != nowhere {
			e.Hospital = r.ground.hospitals[s.hospital].ID
		}
		if s.to != nowhere {
			e.ToHospital = r.ground.hospitals[s.to].ID
		}
		give(e)
	}
}

func (r *Registry) giveTreatments(steps []step, start referral.Event, give func(referral.Event)) {
	treated := false
	for _, s := range steps {
		if s.treats {
			e := start
			e.Date, e.Kind, e.Hospital = s.date, s.kind, r.ground.hospitals[s.hospital].ID
			give(e)
			treated = true
		}
	}
	if !treated {
		give(start)
	}
}
