// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/oncoref/oncoref/referral"
)

// planter puts a fault into the rows of a patient and returns the index of the
// row that the checks name, or -1 if this patient does not lend itself to it.
type planter func(e *encoder, p *patient) int

// planters lists the faults and how each is planted in the layouts; nil where
// it cannot occur.
var planters = []struct {
	fault              referral.Fault
	events, treatments planter
}{
	{referral.FaultPatient, plantPatient, plantPatient},
	{referral.FaultDate, plantDate, plantDate},
	{referral.FaultSeq, plantSeq, nil},
	{referral.FaultYear, plantYear, plantYear},
	{referral.FaultLayer, plantLayer, nil},
	{referral.FaultKind, plantNoKind, nil},
	{referral.FaultNoKind, nil, plantNoKind},
	{referral.FaultText, plantText, plantText},
	{referral.FaultUntil, plantUntil, nil},
	{referral.FaultCopy, plantCopy, plantCopy},
	{referral.FaultMerged, plantMerged, plantMerged},
	{referral.FaultHospital, plantHospital, plantHospital},
	{referral.FaultSplit, plantSplit, plantSplit},
	{referral.FaultNoHospital, plantNoHospital, plantNoHospital},
	{referral.FaultNoTumor, plantNoTumor, plantNoTumor},
	{referral.FaultFirstVisit, plantFirstVisitEvents, plantFirstVisitTreatments},
	{referral.FaultYears, plantYears, plantYears},
	{referral.FaultNoDate, plantNoDate, plantNoDate},
	{referral.FaultNoFirst, plantNoFirstEvents, plantNoFirstTreatments},
	{referral.FaultSeqTwice, plantSeqTwice, nil},
	{referral.FaultOrder, plantOrder, nil},
	{referral.FaultBeforeFirst, plantBeforeFirst, nil},
	{referral.FaultAfterDeath, plantAfterDeath, nil},
	{referral.FaultOtherKind, plantOtherKind, nil},
}

// plan says which faults are to be planted from which patient on.
type plan struct {
	waiting []waiting
	merged  string // key of a hospital that became one other; empty if there is none
	split   string // of one that became several
}

type waiting struct {
	from  int // number of the patient
	fault referral.Fault
	plant planter
}

func newPlan(r *Registry, c WriteConfig) *plan {
	p := &plan{}
	if c.Faults == 0 {
		return p
	}
	p.merged, p.split = r.former()
	var kinds []waiting
	for _, k := range planters {
		plant := k.events
		if c.Layout == referral.LayoutTreatments {
			plant = k.treatments
		}
		switch {
		case plant == nil,
			k.fault == referral.FaultMerged && p.merged == "",
			k.fault == referral.FaultSplit && p.split == "":
			continue
		}
		kinds = append(kinds, waiting{0, k.fault, plant})
	}
	n := len(kinds) * c.Faults
	for i := range n {
		k := kinds[i%len(kinds)]
		k.from = int(int64(r.patients) * int64(2*i+1) / int64(2*n))
		p.waiting = append(p.waiting, k)
	}
	return p
}

// former finds hospitals of the landscape that are now one other (first
// result) or several (second); empty if there are none.
func (r *Registry) former() (string, string) {
	var merged, split string
	s := r.config.Landscape
	for _, h := range s.Landscape().Hospitals() {
		if _, ok := s.Hospital(h.ID); ok {
			continue
		}
		now := s.Resolve(h.ID)
		if len(now) == 1 && merged == "" {
			merged = h.ID
		}
		if len(now) > 1 && split == "" {
			split = h.ID
		}
	}
	return merged, split
}

// plant tries the faults whose turn has come on the rows of a patient.
func (p *plan) plant(e *encoder, who *patient) {
	for i, w := range p.waiting {
		if w.from > who.number {
			return
		}
		at := w.plant(e, who)
		if at < 0 {
			continue
		}
		e.sum.Planted = append(e.sum.Planted, Planted{w.fault, e.sum.Rows + int64(at) + 2})
		p.waiting = slices.Delete(p.waiting, i, i+1)
		return
	}
}

func (p *plan) left() error {
	if len(p.waiting) == 0 {
		return nil
	}
	return &ConfigError{"Faults", "", fmt.Sprintf("more patients: none was left for %q", p.waiting[0].fault)}
}

// last returns the index of the last row with care by a hospital after the
// first visit, or -1.
func (e *encoder) last() int {
	for i := len(e.rows) - 1; i >= 0; i-- {
		w := &e.rows[i]
		if w.kind != referral.KindFirstVisit && w.hospital != "" && (w.layer == "" || w.layer == referral.LayerPatient.String()) {
			return i
		}
	}
	return -1
}

// begins returns the index of the first row of the tumor of row i.
func (e *encoder) begins(i int) int {
	return slices.IndexFunc(e.rows, func(w row) bool { return w.tumor == e.rows[i].tumor })
}

// change plants a fault that is one other text in the last row with care.
func (e *encoder) change(change func(*row)) int {
	i := e.last()
	if i >= 0 {
		change(&e.rows[i])
	}
	return i
}

func plantPatient(e *encoder, _ *patient) int {
	return e.change(func(w *row) { w.patient = "" })
}

func plantDate(e *encoder, _ *patient) int {
	return e.change(func(w *row) { w.date = "2019-02-30" })
}

func plantSeq(e *encoder, _ *patient) int { return e.change(func(w *row) { w.seq = "2a" }) }

func plantYear(e *encoder, _ *patient) int { return e.change(func(w *row) { w.year = "20x9" }) }

func plantLayer(e *encoder, _ *patient) int {
	return e.change(func(w *row) { w.layer = "patiant" })
}

func plantNoKind(e *encoder, _ *patient) int { return e.change(func(w *row) { w.kind = "" }) }

func plantText(e *encoder, _ *patient) int {
	return e.change(func(w *row) { w.kind += "\x07" })
}

func plantUntil(e *encoder, _ *patient) int {
	return e.change(func(w *row) { w.until = e.dates.from.AddDays(-400).String() })
}

func plantCopy(e *encoder, _ *patient) int {
	i := e.last()
	if i < 0 {
		return -1
	}
	e.rows = slices.Insert(e.rows, i+1, e.rows[i])
	return i + 1
}

func plantMerged(e *encoder, _ *patient) int {
	return e.change(func(w *row) { w.hospital = field(e.plan.merged) })
}

func plantSplit(e *encoder, _ *patient) int {
	return e.change(func(w *row) { w.hospital = field(e.plan.split) })
}

func plantHospital(e *encoder, _ *patient) int {
	return e.change(func(w *row) { w.hospital = "NO-SUCH-HOSPITAL" })
}

func plantNoHospital(e *encoder, _ *patient) int {
	return e.change(func(w *row) { w.hospital = "" })
}

func plantNoTumor(e *encoder, _ *patient) int {
	if i := e.last(); i < 0 || e.begins(i) == i {
		return -1
	}
	return e.change(func(w *row) { w.tumor = "" })
}

func plantNoDate(e *encoder, _ *patient) int { return e.change(func(w *row) { w.date = "" }) }

func plantOtherKind(e *encoder, _ *patient) int {
	return e.change(func(w *row) { w.kind = "bloodletting" })
}

// other returns another hospital than that of the first visit.
func (e *encoder) other(p *patient) string { return e.keys[(p.from+1)%len(e.keys)] }

func plantFirstVisitEvents(e *encoder, p *patient) int {
	if len(e.keys) < 2 {
		return -1
	}
	second := e.rows[0]
	second.hospital = e.other(p)
	e.rows = slices.Insert(e.rows, 1, second)
	e.number()
	return 1
}

func plantFirstVisitTreatments(e *encoder, _ *patient) int {
	i := len(e.rows) - 1
	if e.begins(i) == i || len(e.keys) < 2 {
		return -1
	}
	e.rows[i].first = e.keys[(slices.Index(e.keys, e.rows[i].first)+1)%len(e.keys)]
	return i
}

func plantYears(e *encoder, _ *patient) int {
	i := e.last()
	if i < 0 || e.begins(i) == i {
		return -1
	}
	year, _ := strconv.Atoi(e.rows[i].year)
	e.rows[i].year = strconv.Itoa(year + 1)
	return i
}

func plantNoFirstEvents(e *encoder, _ *patient) int {
	if len(e.rows) < 2 || e.rows[1].tumor != e.rows[0].tumor {
		return -1
	}
	e.rows = slices.Delete(e.rows, 0, 1)
	return 0
}

func plantNoFirstTreatments(e *encoder, _ *patient) int {
	for i := range e.rows {
		if e.rows[i].tumor == e.rows[0].tumor {
			e.rows[i].first = ""
		}
	}
	return 0
}

// plantSeqTwice numbers the last care like the row before, which is earlier.
func plantSeqTwice(e *encoder, _ *patient) int {
	i := e.last()
	if i < 1 || e.rows[i].date <= e.rows[i-1].date {
		return -1
	}
	e.rows[i].seq = e.rows[i-1].seq
	return i
}

// plantOrder dates the last care on the day of the first visit, though rows
// before it are later.
func plantOrder(e *encoder, _ *patient) int {
	i := e.last()
	if i < 2 {
		return -1
	}
	first := e.begins(i)
	if first > i-2 || e.rows[i-1].date <= e.rows[first].date {
		return -1
	}
	e.rows[i].date, e.rows[i].until = e.rows[first].date, ""
	return i
}

// plantBeforeFirst puts the last care before the first visit, in date and seq.
func plantBeforeFirst(e *encoder, p *patient) int {
	i := e.last()
	if i < 0 {
		return -1
	}
	early := e.rows[i]
	early.date, early.until = p.steps[0].date.AddDays(-10).String(), ""
	e.rows = slices.Insert(slices.Delete(e.rows, i, i+1), 0, early)
	e.number()
	return 0
}

// plantAfterDeath adds a consultation after death, and the death if the patient
// lives.
func plantAfterDeath(e *encoder, p *patient) int {
	end := p.steps[len(p.steps)-1]
	died := end.date.AddDays(30)
	switch {
	case end.kind == referral.KindDeath:
		died = end.date
	case end.layer == referral.LayerStatus:
		return -1
	default:
		death := e.rows[0]
		death.layer, death.kind, death.hospital, death.date = referral.LayerStatus.String(), referral.KindDeath, "", died.String()
		e.rows = append(e.rows, death)
	}
	late := e.rows[0]
	late.kind, late.date = referral.KindConsult, died.AddDays(5).String()
	e.rows = append(e.rows, late)
	e.number()
	return len(e.rows) - 1
}

// number gives the rows their seq anew.
func (e *encoder) number() {
	for i := range e.rows {
		e.rows[i].seq = strconv.Itoa(i + 1)
	}
}
