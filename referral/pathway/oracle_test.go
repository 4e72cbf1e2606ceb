// SPDX-License-Identifier: Apache-2.0

package pathway_test

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

// readLog makes a log of events in any order.
func readLog(t require.TestingT, layout referral.LogLayout, events []referral.Event) *referral.Log {
	l, _, err := referral.ReadLog(bg(), func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}, referral.LogConfig{Layout: layout, KeepPatients: true})
	require.NoError(t, err)
	return l
}

// draw makes the events of a few patients: hospitals and dates that are not
// known, dates against the order, death, tissue and case discussions.
func draw(t *rapid.T) map[string][]referral.Event {
	hospital := rapid.SampledFrom([]string{"H1", "H2", "H3", "H4", ""})
	day := func() network.Date {
		if n := rapid.IntRange(-1, 60).Draw(t, "day"); n >= 0 {
			return network.NewDate(2020, 1, 1).AddDays(n)
		}
		return 0
	}
	out := map[string][]referral.Event{}
	for i := range rapid.IntRange(1, 6).Draw(t, "patients") {
		id := fmt.Sprint("P", i)
		first := rapid.IntRange(0, 2).Draw(t, "place of the first visit")
		for s := range rapid.IntRange(1, 8).Draw(t, "events") {
			e := referral.Event{Patient: id, Seq: int32(s + 1), Date: day(), Hospital: hospital.Draw(t, "hospital")}
			switch rapid.IntRange(0, 9).Draw(t, "layer") {
			case 0:
				e.Layer, e.Kind, e.ToHospital = referral.LayerReferral, "referral", hospital.Draw(t, "to")
			case 1:
				e.Layer, e.Kind, e.ToHospital = referral.LayerPathology, "pathology", hospital.Draw(t, "to")
			case 2:
				e.Layer, e.Kind, e.ToHospital = referral.LayerMDT, "mdt", hospital.Draw(t, "to")
			case 3:
				e.Layer, e.Hospital = referral.LayerStatus, ""
				e.Kind = rapid.SampledFrom([]string{"death", "end"}).Draw(t, "status")
			case 4, 5, 6:
				e.Kind = rapid.SampledFrom([]string{"surgery", "systemic"}).Draw(t, "treatment")
			default:
				e.Kind = "consult"
			}
			if s == first {
				e.Layer, e.Kind, e.ToHospital = referral.LayerPatient, "first_visit", ""
			}
			out[id] = append(out[id], e)
		}
	}
	return out
}

// shuffled gives all events in a random order.
func shuffled(t *rapid.T, patients map[string][]referral.Event) []referral.Event {
	var all []referral.Event
	for _, id := range rapid.Permutation(keys(patients)).Draw(t, "order of patients") {
		all = append(all, patients[id]...)
	}
	return rapid.Permutation(all).Draw(t, "order")
}

func keys[T any](m map[string]T) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// naive is one patient, measured by looking at every pair of events.
type naive []referral.Event

const unknown = referral.DestinationUnknown

func care(e referral.Event) bool { return e.Layer == referral.LayerPatient }

func treats(e referral.Event) bool { return care(e) && (e.Kind == "surgery" || e.Kind == "systemic") }

func place(e referral.Event) string {
	if e.Hospital == "" {
		return unknown
	}
	return e.Hospital
}

func (n naive) route() []string {
	var out []string
	last := ""
	for _, e := range n {
		if care(e) && place(e) != last {
			last = place(e)
			out = append(out, last)
		}
	}
	return out
}

// firm is the route without unknown hospitals.
func (n naive) firm() []string {
	var out []string
	for _, h := range n.route() {
		if h != unknown && (len(out) == 0 || out[len(out)-1] != h) {
			out = append(out, h)
		}
	}
	return out
}

func (n naive) first() (referral.Event, bool) {
	for _, e := range n {
		if e.Kind == "first_visit" {
			return e, e.Hospital != ""
		}
	}
	return referral.Event{}, false
}

func (n naive) shared() bool {
	for k, e := range n {
		if !treats(e) || e.Hospital == "" {
			continue
		}
		for i := range k {
			for j := i + 1; j < k; j++ {
				if care(n[i]) && care(n[j]) && n[i].Hospital == e.Hospital && n[j].Hospital != e.Hospital && n[j].Hospital != "" {
					return true
				}
			}
		}
	}
	return false
}

func set(list []string) map[string]bool {
	m := map[string]bool{}
	for _, s := range list {
		m[s] = true
	}
	return m
}

func TestPathwaysAgainstNaive(t *testing.T) {
	groups, err := network.NewPartition("groups", map[string]string{"H1": "A", "H2": "A", "H3": "B", "H4": "C"})
	require.NoError(t, err)
	groupOf := map[string]string{"H1": "A", "H2": "A", "H3": "B", "H4": "C"}
	rapid.Check(t, func(t *rapid.T) {
		patients := draw(t)
		l := readLog(t, referral.LayoutEvents, shuffled(t, patients))
		var visits pathway.Visits
		var several, movers, back, shared, places, n, tooFew int
		var coc, usual float64
		transit, sharing, roles, variants := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}
		routes := map[string][]string{}
		for _, id := range keys(patients) {
			p := naive(patients[id])
			route, known := p.route(), set(p.firm())
			routes[id] = route
			if len(route) == 0 {
				visits.Without++
				continue
			}
			variants[strings.Join(route, ">")]++
			n++
			for h := range set(route) {
				for i := 1; i+1 < len(route); i++ {
					if route[i] == h {
						transit[h]++
						break
					}
				}
			}
			for a := range known {
				for b := range known {
					if a < b {
						sharing[a+b]++
					}
				}
			}
			for i := 1; i+1 < len(route); i++ {
				a, b, c := route[i-1], route[i], route[i+1]
				if a == unknown || b == unknown || c == unknown {
					continue
				}
				same := [3]bool{groupOf[a] == groupOf[b], groupOf[b] == groupOf[c], groupOf[a] == groupOf[c]}
				role := map[[3]bool]string{
					{true, true, true}: "coordinator", {false, false, true}: "itinerant", {false, true, false}: "gatekeeper",
					{true, false, false}: "representative", {}: "liaison",
				}[same]
				if a == c {
					role = "return"
				}
				roles[b+":"+role]++
			}
			if len(known) > 1 {
				movers++
				if len(p.firm()) > len(known) {
					back++
				}
				if p.shared() {
					shared++
				}
			}
			if slices.Contains(route, unknown) {
				visits.Unknown++
			} else {
				visits.Patients++
				visits.Transitions += len(route) - 1
				places += len(known)
				if len(known) > 1 {
					several++
				}
			}
			count, total, most := map[string]int{}, 0, 0
			for _, e := range p {
				if care(e) && e.Hospital != "" {
					count[e.Hospital]++
					total++
					most = max(most, count[e.Hospital])
				}
			}
			if total < 2 {
				tooFew++
				continue
			}
			pairs := 0
			for _, k := range count {
				pairs += k * (k - 1)
			}
			coc += float64(pairs) / float64(total*(total-1))
			usual += float64(most) / float64(total)
		}
		for p := range l.Pathways() {
			assert.Equal(t, routes[p.Patient()], p.Route())
		}
		v := pathway.CountVisits(l)
		assert.Equal(t, []int{visits.Patients, visits.Without, visits.Unknown, visits.Transitions}, []int{v.Patients, v.Without, v.Unknown, v.Transitions})
		near(t, float64(places)/float64(visits.Patients), v.Mean.Value)
		near(t, float64(several)/float64(visits.Patients), v.Several.Value)
		near(t, float64(visits.Transitions)/float64(visits.Patients), v.MeanTransitions.Value)
		r := pathway.CountReturns(l)
		assert.Equal(t, movers, r.Movers)
		near(t, float64(back)/float64(movers), r.Back.Value)
		near(t, float64(shared)/float64(movers), r.Shared.Value)
		for _, s := range pathway.CountTransit(l) {
			near(t, float64(transit[s.Origin])/float64(n), s.Value)
		}
		have := map[string]int{}
		for _, s := range pathway.CountSharing(l) {
			have[s.A+s.B] = s.Patients
		}
		assert.Equal(t, sharing, have)
		list, err := pathway.CountBrokerage(l, groups)
		require.NoError(t, err)
		have = map[string]int{}
		for _, b := range list {
			have[b.Hospital+":"+b.Role.String()] = b.Count
		}
		assert.Equal(t, roles, have)
		have = map[string]int{}
		sum := 0.0
		for _, x := range pathway.Variants(l, pathway.ByRoute, nil) {
			have[strings.Join(x.Steps, ">")] = x.Patients
			sum += x.Share
			near(t, sum, x.Cumulative)
		}
		assert.Equal(t, variants, have)
		c := pathway.CountContinuity(l)
		assert.Equal(t, tooFew+visits.Without, c.TooFew)
		near(t, coc/float64(n-tooFew), c.BiceBoxerman.Value)
		near(t, usual/float64(n-tooFew), c.UsualProvider.Value)
		steps(t, routes, l)
	})
}

// near compares numbers, of which 0/0 is NaN.
func near(t require.TestingT, want, have float64) {
	if math.IsNaN(want) || math.IsNaN(have) {
		assert.True(t, math.IsNaN(want) && math.IsNaN(have), "want %v, have %v", want, have)
		return
	}
	assert.InDelta(t, want, have, 1e-9*max(1, math.Abs(want)))
}

// steps compares what OrderTest says of all steps with the sums of its formula.
func steps(t *rapid.T, routes map[string][]string, l *referral.Log) {
	abc, ab, bc, b := map[string]float64{}, map[string]float64{}, map[string]float64{}, map[string]float64{}
	n := 0
	for _, r := range routes {
		for i := 2; i < len(r); i++ {
			if slices.Contains(r[i-2:i+1], unknown) {
				continue
			}
			n++
			abc[r[i-2]+" "+r[i-1]+" "+r[i]]++
			ab[r[i-2]+" "+r[i-1]]++
			bc[r[i-1]+" "+r[i]]++
			b[r[i-1]]++
		}
	}
	g2, df := 0.0, 0
	for k, x := range abc {
		s := strings.Fields(k)
		g2 += 2 * x * math.Log(x*b[s[1]]/(ab[s[0]+" "+s[1]]*bc[s[1]+" "+s[2]]))
	}
	for h := range b {
		before, after := 0, 0
		for k := range ab {
			if strings.HasSuffix(k, " "+h) {
				before++
			}
		}
		for k := range bc {
			if strings.HasPrefix(k, h+" ") {
				after++
			}
		}
		df += (before - 1) * (after - 1)
	}
	o, err := pathway.OrderTest(bg(), l, pathway.OrderConfig{Replicates: 20, Seed: 1})
	require.NoError(t, err)
	assert.Equal(t, n, o.Steps)
	assert.Equal(t, df, o.DF)
	if n > 0 {
		assert.InDelta(t, g2, o.G2, 1e-9)
		assert.InDelta(t, g2/2/math.Ln2/float64(n), o.Bits, 1e-9)
	}
	assert.Equal(t, df == 0, math.IsNaN(o.P))
}
