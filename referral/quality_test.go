// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

func TestFaults(t *testing.T) {
	day := network.NewDate(2020, 5, 1)
	visit := referral.Event{Line: 10, Patient: "ID7", Date: day, Kind: "first_visit", Hospital: "A"}
	with := func(change func(e *referral.Event)) referral.Event {
		e := visit
		e.Line = 20
		change(&e)
		return e
	}
	surgery := with(func(e *referral.Event) { e.Kind, e.Date = "surgery", day+1 })
	treatments := referral.LogConfig{Layout: referral.LayoutTreatments}
	row := referral.Event{Line: 10, Patient: "ID7", Date: day, Kind: "surgery", Hospital: "A", FirstVisit: "A", Tumor: "T", Year: 2020}
	rowWith := func(change func(e *referral.Event)) referral.Event {
		e := row
		e.Line, e.Date = 20, day+5
		change(&e)
		return e
	}
	tests := []struct {
		fault    referral.Fault
		decision referral.Decision
		config   referral.LogConfig
		events   []referral.Event
	}{
		{referral.FaultPatient, referral.Refused, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Patient = "" })}},
		{referral.FaultDate, referral.Refused, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Date = -5 })}},
		{referral.FaultUntil, referral.Refused, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Until = day - 1 })}},
		{referral.FaultSeq, referral.Refused, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Seq = -1 })}},
		{referral.FaultYear, referral.Refused, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Year = 3000 })}},
		{referral.FaultYear, referral.Refused, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Year = 1 << 17 })}},
		{referral.FaultLayer, referral.Refused, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Layer = 9 })}},
		{referral.FaultKind, referral.Refused, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Kind = "" })}},
		{referral.FaultText, referral.Refused, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Hospital = "a\x00b" })}},
		{referral.FaultCopy, referral.Noted, referral.LogConfig{}, []referral.Event{visit, with(func(*referral.Event) {})}},
		{referral.FaultCopy, referral.LeftOut, referral.LogConfig{Duplicates: referral.DuplicatesLeaveOut}, []referral.Event{visit, with(func(*referral.Event) {})}},
		{referral.FaultNoHospital, referral.Repaired, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Kind, e.Hospital = "surgery", "" })}},
		{referral.FaultOtherKind, referral.Noted, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Kind = "yoga" })}},
		{referral.FaultKind, referral.Refused, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Layer, e.Kind = referral.LayerStatus, "" })}},
		{referral.FaultOtherKind, referral.Noted, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Layer, e.Kind, e.Hospital = referral.LayerStatus, "overleden", "" })}},
		{referral.FaultNoDate, referral.Noted, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Kind, e.Date = "surgery", 0 })}},
		{referral.FaultNoFirst, referral.Noted, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Patient, e.Kind = "ID8", "surgery" })}},
		{referral.FaultBeforeFirst, referral.Noted, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Kind, e.Date = "surgery", day-1 })}},
		{referral.FaultFirstVisit, referral.Repaired, referral.LogConfig{}, []referral.Event{visit, with(func(e *referral.Event) { e.Hospital, e.Date = "B", day+9 })}},
		{referral.FaultAfterDeath, referral.Noted, referral.LogConfig{}, []referral.Event{
			visit, with(func(e *referral.Event) { e.Line, e.Kind, e.Hospital, e.Date = 15, "death", "", day+2 }),
			with(func(e *referral.Event) { e.Kind, e.Date = "surgery", day+3 }),
		}},
		{referral.FaultSeqTwice, referral.Noted, referral.LogConfig{}, []referral.Event{
			with(func(e *referral.Event) { e.Line, e.Seq = 10, 1 }), with(func(e *referral.Event) { e.Kind, e.Seq, e.Date = "surgery", 1, day+1 }),
		}},
		{referral.FaultOrder, referral.Noted, referral.LogConfig{}, []referral.Event{
			with(func(e *referral.Event) { e.Line, e.Seq, e.Kind = 10, 1, "consult" }),
			with(func(e *referral.Event) { e.Kind, e.Seq, e.Date = "first_visit", 2, day-3 }),
		}},
		{referral.FaultNoTumor, referral.Repaired, referral.LogConfig{}, []referral.Event{
			with(func(e *referral.Event) { e.Line, e.Tumor = 10, "T" }), surgery,
		}},
		{referral.FaultFirstVisit, referral.Repaired, treatments, []referral.Event{
			with(func(e *referral.Event) { *e = row; e.Line = 20 }), rowWith(func(e *referral.Event) { e.Line, e.FirstVisit = 21, "B" }),
		}},
		{referral.FaultNoFirst, referral.Repaired, treatments, []referral.Event{row, rowWith(func(e *referral.Event) { e.FirstVisit = "" })}},
		{referral.FaultYears, referral.Noted, treatments, []referral.Event{row, rowWith(func(e *referral.Event) { e.Year = 2021 })}},
		{referral.FaultNoKind, referral.Noted, treatments, []referral.Event{row, rowWith(func(e *referral.Event) { e.Kind = "" })}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.fault, " ", tt.decision), func(t *testing.T) {
			_, q := readLog(t, tt.events, tt.config)
			var found []referral.Finding
			for _, f := range q.Findings {
				if f.Fault == tt.fault {
					found = append(found, f)
				}
			}
			require.Len(t, found, 1, "%v", q)
			assert.Equal(t, tt.decision, found[0].Decision)
			assert.Contains(t, found[0].Lines, int64(20), "the line of the fault")
			assert.Equal(t, tt.decision == referral.Refused, q.Refused == 1)
			assert.Equal(t, tt.decision == referral.LeftOut, q.LeftOut == 1)
			assert.NotContains(t, q.String(), "ID7", "no patient in the report")

			strict := tt.config
			strict.Strict = true
			l, _, err := referral.ReadLog(t.Context(), sequence(tt.events), strict)
			if tt.decision == referral.Refused {
				require.ErrorIs(t, err, referral.ErrQuality)
				assert.Nil(t, l)
				assert.NotContains(t, err.Error(), "ID7")
			} else {
				require.NoError(t, err)
			}
		})
	}
}

func TestSeqCopyIsLeftOut(t *testing.T) {
	events := parseEvents(t, `
		p,1,2020-01-01,first_visit,A
		p,2,2020-01-02,surgery,B
		p,2,2020-01-02,surgery,B`)
	l, q := readLog(t, events, referral.LogConfig{})
	assert.Equal(t, 2, l.Len())
	assert.Equal(t, []referral.Finding{{Fault: referral.FaultCopy, Decision: referral.LeftOut, Count: 1, Lines: []int64{3}}}, q.Findings)
	l, _ = readLog(t, events, referral.LogConfig{Duplicates: referral.DuplicatesKeep})
	assert.Equal(t, 3, l.Len())
}

// A first visit of which it is not known which of two came first is no origin.
func TestFirstVisitsOfOneDay(t *testing.T) {
	tests := []struct{ name, events, want string }{
		{"dates tell", "p,,2020-01-02,first_visit,B\np,,2020-01-01,first_visit,A\np,,2020-02-01,surgery,C", "A>C"},
		{"seq tells", "p,2,2020-01-01,first_visit,A\np,1,2020-01-01,first_visit,B\np,3,2020-02-01,surgery,C", "B>C"},
		{"nothing tells", "p,,2020-01-01,first_visit,A\np,,2020-01-01,first_visit,B\np,,2020-02-01,surgery,C", "origin_unknown>C"},
		{"no date", "p,,2020-01-01,first_visit,A\np,,,first_visit,B\np,,2020-02-01,surgery,C", "origin_unknown>C"},
		{"the same hospital", "p,,2020-01-01,first_visit,A\np,,,first_visit,A\np,,2020-02-01,surgery,C", "A>C"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, _ := readLog(t, parseEvents(t, tt.events), referral.LogConfig{})
			table, err := l.Table(referral.Rule{})
			require.NoError(t, err)
			assert.Equal(t, map[string]float64{tt.want: 1}, flowsOf(table))
		})
	}
}

func TestReadLogErrors(t *testing.T) {
	_, _, err := referral.ReadLog(t.Context(), sequence(nil), referral.LogConfig{})
	require.ErrorIs(t, err, referral.ErrEmpty)
	broken := errors.New("broken")
	_, _, err = referral.ReadLog(t.Context(), func(yield func(referral.Event, error) bool) { yield(referral.Event{}, broken) }, referral.LogConfig{})
	require.ErrorIs(t, err, broken)
	_, q, err := referral.ReadLog(t.Context(), sequence([]referral.Event{{Patient: "secret", Kind: ""}}), referral.LogConfig{File: "x.csv"})
	require.EqualError(t, err, "x.csv: 1 of 1 rows refused, the first as no_event_kind: 1 (line 1)")
	assert.EqualValues(t, 1, q.Refused)

	b := referral.NewLogBuilder(referral.LogConfig{})
	require.Error(t, b.Add(&referral.Batch{Patient: make([]referral.Identity, 2), Line: make([]uint32, 1)}))
	require.NoError(t, b.Add(&referral.Batch{}))
	_, _, err = b.Build(t.Context())
	require.ErrorIs(t, err, referral.ErrEmpty)
	require.Error(t, b.Add(&referral.Batch{}), "after Build")
	_, _, err = b.Build(t.Context())
	require.Error(t, err)
}

func TestIdentityHidesThePatient(t *testing.T) {
	id := referral.Identify([]byte("P000000321"))
	for _, f := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x"} {
		assert.NotContains(t, fmt.Sprintf(f, id), "321", f)
	}
	assert.True(t, referral.Identify(nil).IsZero())
	seen := map[referral.Identity]string{}
	for _, s := range []string{"1", "01", "001", "P1", "P01", "1P", "PP1", "PPP1", "0", "00", "a", "aa", "b", "P\x001", "\x001", "\x00\x001", "99999999999999", "999999999999999", "x99999999999999", strings.Repeat("9", 40), "é1"} {
		other, ok := seen[referral.Identify([]byte(s))]
		require.False(t, ok, "%q and %q", s, other)
		seen[referral.Identify([]byte(s))] = s
	}
}

// randomEvents makes events with many ties and faults.
func randomEvents(r *rand.Rand, n int, treatments bool) []referral.Event {
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	out := make([]referral.Event, n)
	for i := range out {
		e := referral.Event{
			Line: int64(i + 2), Patient: pick("P", "", "x-", "é") + fmt.Sprint(r.IntN(1+n/4)), Hospital: pick("A", "B", "C", "D", "D2", "X", ""),
			Tumor: pick("T1", "T1", "T1", "T2", ""), Attributes: []string{pick("", "F", "M")},
		}
		if r.IntN(10) > 0 {
			e.Date = network.NewDate(2020, 1, 1+r.IntN(60))
		}
		if r.IntN(20) == 0 {
			e.Until = e.Date.AddDays(r.IntN(5) - 1)
		}
		if r.IntN(3) == 0 {
			e.Year = 2019 + r.IntN(3)
		}
		if treatments {
			e.Kind, e.FirstVisit = pick("surgery", "radio", ""), pick("A", "A", "B", "")
		} else {
			e.Kind, e.Seq = pick("first_visit", "surgery", "radiotherapy", "consult", "death", "referral", "yoga", "diagnosis"), int32(r.IntN(6))
			e.ToHospital = pick("", "", "B")
		}
		out[i] = e
		if r.IntN(10) == 0 && i > 0 {
			out[i] = out[i-1]
			out[i].Line = int64(i + 2)
		}
	}
	return out
}

// The log does not depend on the order of the rows or the number of workers.
func TestLogDoesNotDependOnOrder(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		config := referral.LogConfig{Attributes: []string{"sex"}, KeepPatients: true, Workers: 1}
		if seed%2 == 1 {
			config.Layout = referral.LayoutTreatments
		}
		events := randomEvents(r, 40+int(seed)*2000, seed%2 == 1)
		l, q := readLog(t, events, config)
		want, flows, counts, steps := pathwaysOf(l), tableOf(t, l), tallyOf(t, l), stepsOf(t, l)
		for _, workers := range []int{2, 8} {
			r.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
			config.Workers = workers
			l2, q2 := readLog(t, events, config)
			require.Equal(t, q, q2)
			require.Equal(t, want, pathwaysOf(l2))
			require.True(t, flows.Equal(tableOf(t, l2)))
			require.Equal(t, counts, tallyOf(t, l2))
			require.True(t, steps.Equal(stepsOf(t, l2)))
		}
	}
}

func tableOf(t *testing.T, l *referral.Log) *referral.Table {
	t.Helper()
	table, err := l.Table(referral.Rule{Destination: referral.Fractional, ByTumor: true, ByModality: true})
	require.NoError(t, err)
	return table
}

func stepsOf(t *testing.T, l *referral.Log) *referral.Table {
	t.Helper()
	table, err := l.Transitions(t.Context(), referral.LinkRule{Window: referral.Within(20), AllPairs: true})
	require.NoError(t, err)
	return table
}

func tallyOf(t *testing.T, l *referral.Log) []string {
	t.Helper()
	tally, err := l.Count(t.Context(), referral.CountRule{By: []referral.Dimension{referral.ByOrigin, referral.ByTumor, "sex", referral.ByTreatmentYear}, Patients: true})
	require.NoError(t, err)
	var out []string
	for v, n := range tally.All() {
		out = append(out, fmt.Sprint(v, n))
	}
	return out
}
