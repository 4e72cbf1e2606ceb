// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"fmt"
	"math"
	"slices"

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
	var d Days
	var days []float64
	for p := range l.Pathways() {
		n, found := span(p, s)
		switch {
		case found == missing:
		case found == never:
			d.Never++
		case found == undated:
			d.Undated++
		case n < 0:
			d.Negative++
		default:
			days = append(days, float64(n))
		}
	}
	d.N = len(days)
	slices.Sort(days)
	d.Min, d.Max = quantile(days, 0), quantile(days, 1)
	d.Q1, d.Median, d.Q3, d.P90 = quantile(days, 0.25), quantile(days, 0.5), quantile(days, 0.75), quantile(days, 0.9)
	d.IQR = d.Q3 - d.Q1
	for _, x := range days {
		d.Mean += x
	}
	d.Mean /= float64(d.N)
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
		e := p.Event(i)
		if s == ToReferral && e.Layer != referral.LayerReferral || s == ToTreatment && !p.IsTreatment(i) {
			continue
		}
		if first.IsZero() || e.Date.IsZero() {
			return 0, undated
		}
		n, _ := e.Date.Sub(first)
		return n, known
	}
	return 0, never
}

// arrival is the span from the first dated referral to the first later visit to
// the hospital it went to.
func arrival(p referral.Pathway) (int, finding) {
	at := -1
	for i := range p.Len() {
		if e := p.Event(i); e.Layer == referral.LayerReferral && !e.Date.IsZero() {
			at = i
			break
		}
	}
	if at < 0 {
		return 0, missing
	}
	from := p.Event(at)
	for i := at + 1; i < p.Len(); i++ {
		if e := p.Event(i); e.Layer == referral.LayerPatient && e.Hospital == from.ToHospital && e.Hospital != "" {
			if e.Date.IsZero() {
				return 0, undated
			}
			n, _ := e.Date.Sub(from.Date)
			return n, known
		}
	}
	return 0, never
}

// quantile is Hyndman and Fan's type 7 of a sorted list.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	h := q * float64(len(sorted)-1)
	low := int(h)
	if low == len(sorted)-1 {
		return sorted[low]
	}
	return sorted[low] + (h-float64(low))*(sorted[low+1]-sorted[low])
}
