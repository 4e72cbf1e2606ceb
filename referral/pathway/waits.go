// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"cmp"
	"maps"
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Waiting is how long patients waited from the first visit to the first
// treatment, for [KaplanMeier] and [AalenJohansen].
type Waiting struct {
	Waits   []Wait // by days, then outcome
	NoFirst int    // left out: the first visit is not known, or not dated
	Undated int    // left out: treated or dead without a date
	Earlier int    // left out: treated, dead or last seen before the first visit
}

// CountWaits measures the wait of each patient: until the first treatment, or
// death before it, or else until the end of observation, which is the dated
// "end" of the status layer or without one the last dated event. A log of
// treatments has no date of the first visit, and so no waits. Care for all tumors
// of a patient counts: read the events of one tumor for its wait.
//
// Time O(n) for n events.
func CountWaits(l *referral.Log) Waiting {
	type worker struct {
		Waiting
		count map[Wait]int
	}
	start := func() *worker { return &worker{count: map[Wait]int{}} }
	workers := referral.EachPathway(l, start, func(w *worker, p referral.Pathway) {
		wait, problem := WaitOf(p)
		switch problem {
		case "":
			w.count[wait]++
		case noFirst:
			w.NoFirst++
		case noDate:
			w.Undated++
		default:
			w.Earlier++
		}
	})
	var out Waiting
	count := map[Wait]int{}
	for _, w := range workers {
		out.NoFirst, out.Undated, out.Earlier = out.NoFirst+w.NoFirst, out.Undated+w.Undated, out.Earlier+w.Earlier
		sum(count, w.count)
	}
	waits := slices.SortedFunc(maps.Keys(count), func(a, b Wait) int {
		return cmp.Or(cmp.Compare(a.Days, b.Days), cmp.Compare(a.Outcome, b.Outcome))
	})
	for _, w := range waits {
		out.Waits = append(out.Waits, slices.Repeat([]Wait{w}, count[w])...)
	}
	return out
}

// Why a patient has no wait.
const (
	noFirst = "no dated first visit"
	noDate  = "undated"
	earlier = "before the first visit"
)

// WaitOf returns the wait of one patient, or why there is none: "no dated first
// visit", "undated" or "before the first visit".
func WaitOf(p referral.Pathway) (wait Wait, problem string) {
	_, first, ok := p.FirstVisit()
	if !ok || first.IsZero() {
		return Wait{}, noFirst
	}
	var last network.Date
	out := Wait{Outcome: Censored}
	end := false
loop:
	for i := range p.Len() {
		e := p.Event(i)
		switch {
		case p.IsTreatment(i):
			out.Outcome, last = Treated, e.Date
			break loop
		case e.Layer == referral.LayerStatus && e.Kind == referral.KindDeath:
			out.Outcome, last = Died, e.Date
			break loop
		case e.Layer == referral.LayerStatus && e.Kind == referral.KindEnd && !e.Date.IsZero():
			end, last = true, e.Date
		case !end && !e.Date.IsZero() && !e.Date.Before(last):
			last = e.Date
		}
	}
	switch {
	case last.IsZero():
		return Wait{}, noDate
	case last.Before(first):
		return Wait{}, earlier
	}
	out.Days, _ = last.Sub(first)
	return out, ""
}
