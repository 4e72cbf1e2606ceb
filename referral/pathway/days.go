// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/oncoref/oncoref/internal/quantile"
	"github.com/oncoref/oncoref/referral"
)

// Span is a time between two events of a patient.
type Span uint8

// The spans.
const (
	ToReferral  Span = iota // from the first visit to the first referral
	ToTreatment             // from the first visit to the first treatment
	ToArrival               // from the first dated referral to the first later visit to where it went
)

var spanNames = [...]string{"first visit to referral", "first visit to treatment", "referral to arrival"}

// String names the two ends.
func (s Span) String() string {
	if int(s) < len(spanNames) {
		return spanNames[s]
	}
	return fmt.Sprintf("Span(%d)", uint8(s))
}

// Days describes how many days a span takes. Quantiles are those of Hyndman and
// Fan's type 7 (The American Statistician 50:361-365, 1996); all are NaN without
// patients. Fewer than five patients should not be published.
type Days struct {
	N        int // patients whose span is known
	Undated  int // both events took place, a date is missing
	Never    int // the first event took place, the second did not, or not yet
	Negative int // the second event is dated before the first: an error in the data, left out

	Min, Q1, Median, Q3, P90, Max float64
	IQR, Mean                     float64
}

// CountDays measures a span for each patient. Patients without the first of the
// two events are left out. Medians of those who were treated ignore those who
// are still waiting: [KaplanMeier] does not.
//
// Time O(n log n) for n events.
func CountDays(l *referral.Log, s Span) Days {
	type worker struct {
		Days
		count map[int]int // patients by days
	}
	start := func() *worker { return &worker{count: map[int]int{}} }
	workers := referral.EachPathway(l, start, func(w *worker, p referral.Pathway) {
		n, found := span(p, s)
		switch {
		case found == missing:
		case found == never:
			w.Never++
		case found == undated:
			w.Undated++
		case n < 0:
			w.Negative++
		default:
			w.count[n]++
		}
	})
	var d Days
	count := map[int]int{}
	for _, w := range workers {
		d.Never, d.Undated, d.Negative = d.Never+w.Never, d.Undated+w.Undated, d.Negative+w.Negative
		sum(count, w.count)
	}
	days := newSpread(count)
	d.N = days.n
	d.Min, d.Max = days.quantile(0), days.quantile(1)
	d.Q1, d.Median, d.Q3, d.P90 = days.quantile(0.25), days.quantile(0.5), days.quantile(0.75), days.quantile(0.9)
	d.IQR, d.Mean = d.Q3-d.Q1, days.mean()
	return d
}

// finding says what is known of a span.
type finding uint8

const (
	known finding = iota
	undated
	never
	missing // the first event did not take place
)

func span(p referral.Pathway, s Span) (int, finding) {
	if s == ToArrival {
		return arrival(p)
	}
	_, first, ok := p.FirstVisit()
	if !ok {
		return 0, missing
	}
	for i := range p.Len() {
		if s == ToReferral && p.Layer(i) != referral.LayerReferral || s == ToTreatment && !p.IsTreatment(i) {
			continue
		}
		if n, ok := p.Event(i).Date.Sub(first); ok {
			return n, known
		}
		return 0, undated
	}
	return 0, never
}

// arrival is the span from the first dated referral to the first later visit to
// the hospital it went to.
func arrival(p referral.Pathway) (int, finding) {
	at := -1
	for i := range p.Len() {
		if p.Layer(i) == referral.LayerReferral && !p.Event(i).Date.IsZero() {
			at = i
			break
		}
	}
	if at < 0 {
		return 0, missing
	}
	from := p.Event(at)
	for i := at + 1; i < p.Len(); i++ {
		if p.Layer(i) != referral.LayerPatient {
			continue
		}
		if e := p.Event(i); e.Hospital == from.ToHospital && e.Hospital != "" {
			if n, ok := e.Date.Sub(from.Date); ok {
				return n, known
			}
			return 0, undated
		}
	}
	return 0, never
}

// spread is a list of whole numbers, counted.
type spread struct {
	n      int
	values []int // sorted, different
	count  map[int]int
}

func newSpread(count map[int]int) spread {
	s := spread{values: slices.Sorted(maps.Keys(count)), count: count}
	for _, k := range count {
		s.n += k
	}
	return s
}

// at gives entry i of the sorted list, counted from 0.
func (s spread) at(i int) float64 {
	for _, v := range s.values {
		if i -= s.count[v]; i < 0 {
			return float64(v)
		}
	}
	return math.NaN()
}

// quantile is Hyndman and Fan's type 7; NaN for an empty list.
func (s spread) quantile(q float64) float64 { return quantile.Type7(s.n, s.at, q) }

func (s spread) mean() float64 {
	total := 0.0
	for _, v := range s.values {
		total += float64(v) * float64(s.count[v])
	}
	return total / float64(s.n)
}
