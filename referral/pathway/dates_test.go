// SPDX-License-Identifier: Apache-2.0

package pathway_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"sort"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

func bg() context.Context { return context.Background() }

// between counts days by walking the calendar.
func between(from, to network.Date) int {
	n := 0
	for ; from < to; from = from.AddDays(1) {
		n++
	}
	for ; from > to; from = from.AddDays(-1) {
		n--
	}
	return n
}

// found is a span of a patient: its days, or one of the words of Days.
type found struct {
	days int
	word string
}

func (n naive) span(s pathway.Span) found {
	from, at := referral.Event{}, -1
	if s == pathway.ToArrival {
		for i, e := range n {
			if e.Layer == referral.LayerReferral && e.Date != 0 {
				from, at = e, i
				break
			}
		}
	} else if e, ok := n.first(); ok {
		from, at = e, 0
	}
	if at < 0 {
		return found{word: "none"}
	}
	for i, e := range n {
		hit := s == pathway.ToReferral && e.Layer == referral.LayerReferral || s == pathway.ToTreatment && treats(e) ||
			s == pathway.ToArrival && i > at && care(e) && e.Hospital != "" && e.Hospital == from.ToHospital
		switch {
		case !hit:
		case e.Date == 0 || from.Date == 0:
			return found{word: "undated"}
		case e.Date < from.Date:
			return found{word: "negative"}
		default:
			return found{days: between(from.Date, e.Date)}
		}
	}
	return found{word: "never"}
}

// wait is the wait of a patient, or a word for why there is none.
func (n naive) wait() (pathway.Wait, string) {
	first, ok := n.first()
	if !ok || first.Date == 0 {
		return pathway.Wait{}, "first"
	}
	stop := len(n)
	for i, e := range n {
		if treats(e) || e.Kind == "death" {
			stop = i
			break
		}
	}
	out := pathway.Wait{Outcome: pathway.Censored}
	var until network.Date
	if stop < len(n) {
		until, out.Outcome = n[stop].Date, pathway.Died
		if treats(n[stop]) {
			out.Outcome = pathway.Treated
		}
	} else {
		for _, e := range n { // the last dated end, or else the latest date
			if e.Kind == "end" && e.Date != 0 {
				until = e.Date
			}
		}
		for _, e := range n {
			if !slices.ContainsFunc(n, func(e referral.Event) bool { return e.Kind == "end" && e.Date != 0 }) {
				until = max(until, e.Date)
			}
		}
	}
	switch {
	case until == 0:
		return pathway.Wait{}, "undated"
	case until < first.Date:
		return pathway.Wait{}, "earlier"
	}
	out.Days = between(first.Date, until)
	return out, ""
}

// weighted is type 7 as the point where a share q of the way from the first to
// the last value is gone.
func weighted(x []float64, q float64) float64 {
	if len(x) == 0 {
		return math.NaN()
	}
	h := q * float64(len(x)-1)
	lo, hi := int(math.Floor(h)), int(math.Ceil(h))
	return x[lo]*(1-(h-float64(lo))) + x[hi]*(h-float64(lo))
}

func TestDaysAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		patients := draw(t)
		l := readLog(t, referral.LayoutEvents, shuffled(t, patients))
		for _, s := range []pathway.Span{pathway.ToReferral, pathway.ToTreatment, pathway.ToArrival} {
			count := map[string]int{}
			var days []float64
			sum := 0.0
			for _, p := range patients {
				f := naive(p).span(s)
				count[f.word]++
				if f.word == "" {
					days = append(days, float64(f.days))
					sum += float64(f.days)
				}
			}
			sort.Float64s(days)
			d := pathway.CountDays(l, s)
			assert.Equal(t, []int{count[""], count["undated"], count["never"], count["negative"]}, []int{d.N, d.Undated, d.Never, d.Negative}, s.String())
			for q, have := range map[float64]float64{0: d.Min, 0.25: d.Q1, 0.5: d.Median, 0.75: d.Q3, 0.9: d.P90, 1: d.Max} {
				near(t, weighted(days, q), have)
			}
			near(t, sum/float64(len(days)), d.Mean)
			near(t, weighted(days, 0.75)-weighted(days, 0.25), d.IQR)
		}
		w := pathway.CountWaits(l)
		count := map[string]int{}
		for p := range l.Pathways() {
			want, word := naive(patients[p.Patient()]).wait()
			count[word]++
			have, problem := pathway.WaitOf(p)
			assert.Equal(t, word == "", problem == "", problem)
			assert.Equal(t, want, have)
		}
		assert.Equal(t, []int{count["first"], count["undated"], count["earlier"], count[""]}, []int{w.NoFirst, w.Undated, w.Earlier, len(w.Waits)})
	})
}

func TestTissueAgainstNaive(t *testing.T) {
	km := func(a, b string) (float64, error) {
		if a == "H4" || b == "H4" || a == unknown {
			return 0, errors.New("not known")
		}
		return math.Abs(float64(a[1])-float64(b[1])) * 10, nil
	}
	rapid.Check(t, func(t *rapid.T) {
		patients := draw(t)
		l := readLog(t, referral.LayoutEvents, shuffled(t, patients))
		sent, in, late, detours := 0, 0, 0, 0
		for p := range l.Pathways() {
			n := naive(patients[p.Patient()])
			treating, day, at := "", network.Date(0), -1
			for i, e := range n {
				if at < 0 && treats(e) {
					treating, day, at = e.Hospital, e.Date, i
				}
			}
			legs, total, reached, direct := 0, 0.0, false, math.NaN()
			var last, asked *referral.Event
			timely := false
			for i, e := range n {
				if e.Layer == referral.LayerReferral && e.ToHospital == treating && treating != "" && asked == nil {
					asked = &n[i]
				}
				if e.Layer == referral.LayerPathology && e.ToHospital == treating && treating != "" && e.Hospital != treating {
					if dated := e.Date != 0 && day != 0; dated && e.Date <= day || !dated && i < at {
						timely = true
					}
				}
				if e.Layer != referral.LayerPathology || e.Hospital == e.ToHospital {
					continue
				}
				a, b := place(e), e.ToHospital
				if b == "" {
					continue
				}
				d, err := km(a, b)
				if err != nil {
					d = math.NaN()
				}
				if legs == 0 && treating != "" {
					if direct, err = km(a, treating); err != nil {
						direct = math.NaN()
					}
					if a == treating {
						direct = 0
					}
				}
				legs++
				total += d
				if b == treating {
					reached, last = true, &n[i]
				}
			}
			if first, ok := n.first(); ok && treating != "" && treating != first.Hospital {
				late++
				if timely {
					in++
				}
			}
			w, ok := pathway.TissueOf(p, km)
			assert.Equal(t, legs > 0, ok)
			if !ok {
				continue
			}
			sent++
			if legs > 1 {
				detours++
			}
			assert.Equal(t, legs, w.Legs)
			assert.Equal(t, reached, w.Reached)
			near(t, total, w.Km)
			near(t, direct, w.Direct)
			dated := last != nil && asked != nil && last.Date != 0 && asked.Date != 0
			assert.Equal(t, dated, w.HasLag)
			if dated {
				assert.Equal(t, between(asked.Date, last.Date), w.Lag)
			}
		}
		s := pathway.CountShipments(l)
		assert.Equal(t, sent, s.Patients)
		near(t, float64(detours)/float64(sent), s.Detours.Value)
		near(t, float64(in)/float64(late), pathway.TissueInTime(l).Value)
	})
}

func TestLayersAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		patients := draw(t)
		l := readLog(t, referral.LayoutEvents, shuffled(t, patients))
		for _, layer := range []referral.Layer{referral.LayerReferral, referral.LayerPathology, referral.LayerMDT} {
			want := map[string]float64{}
			for _, p := range patients {
				for _, e := range p {
					if e.Layer == layer && e.ToHospital != "" && e.Hospital != e.ToHospital {
						want[place(e)+">"+e.ToHospital]++
					}
				}
			}
			table, err := pathway.LayerTable(bg(), l, layer)
			require.NoError(t, err)
			have := map[string]float64{}
			for f := range table.Flows() {
				have[f.Origin+">"+f.Destination] = f.Cell.Lo
			}
			assert.Equal(t, want, have)
		}
	})
}
