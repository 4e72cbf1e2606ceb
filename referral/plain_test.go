// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
)

// treatments draws rows of treatments. Most patients agree with themselves.
func treatments(r *rand.Rand, rows int, seq, long bool) []Event {
	patients := []int{2, 2 + rows/20, 1 + rows/2, 4 * rows}[r.IntN(4)]
	gap := []int{1, 40, 1 << 20}[r.IntN(3)]
	line := int64(1 + r.IntN(50))
	var out []Event
	for range rows {
		n := r.IntN(patients)
		e := Event{
			Patient: fmt.Sprintf("P%09d", n), Kind: []string{"surgery", "radio", "chemo"}[r.IntN(3)],
			Hospital: fmt.Sprintf("H%02d", r.IntN(60)), FirstVisit: fmt.Sprintf("H%02d", n%60), Tumor: fmt.Sprint("C", n%90), Year: 2015 + n%9,
			Date: network.NewDate(2015, 1, 1).AddDays(r.IntN(3000)), Line: line,
		}
		if long && n%20 == 0 {
			e.Patient = fmt.Sprint("a longer identifier ", n)
		}
		switch r.IntN(60) {
		case 0:
			e.Tumor = []string{"", "C1"}[r.IntN(2)]
		case 1:
			e.FirstVisit = []string{"", "H01"}[r.IntN(2)]
		case 2:
			e.Year = []int{0, 1990, 2100}[r.IntN(3)]
		case 3:
			e.Kind, e.Hospital = []string{"", "surgery"}[r.IntN(2)], ""
		case 4:
			e.Date = []network.Date{0, network.NewDate(1920, 1, 1)}[r.IntN(2)]
		case 5:
			if len(out) > 0 { // a copy
				e = out[r.IntN(len(out))]
				e.Line = line
			}
		}
		if seq {
			e.Seq = int32(r.IntN(3))
		}
		line += int64(1 + r.IntN(gap))
		out = append(out, e)
	}
	return out
}

// built makes a log of events, in batches of at most some rows that several
// goroutines add.
func built(t *testing.T, events []Event, c LogConfig, general bool, batch int) (*Log, Quality, *LogBuilder) {
	t.Helper()
	b := NewLogBuilder(c)
	b.general = general
	var wg sync.WaitGroup
	for g := range 3 {
		wg.Go(func() {
			w := newEventWriter(c)
			for i := g * batch; i < len(events); i += 3 * batch {
				w.reset()
				for _, e := range events[i:min(i+batch, len(events))] {
					w.add(e)
				}
				if err := b.Add(&w.batch); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	packers := b.packers
	l, q, err := b.Build(t.Context())
	require.NoError(t, err)
	b.packers = packers
	return l, q, b
}

func requireSameLog(t *testing.T, a, b *Log) {
	t.Helper()
	require.Equal(t, a.schema, b.schema)
	require.Equal(t, a.quality, b.quality)
	for k := range a.shards {
		x, y := &a.shards[k], &b.shards[k]
		require.True(t, slices.Equal(x.events, y.events) && slices.Equal(x.start, y.start) && slices.Equal(x.names, y.names), "shard %d", k)
	}
}

// The log does not depend on the way that a patient takes through the checks, on
// the batches in which the rows come, or on their order.
func TestPlainPatientsAreCheckedLikeAllOthers(t *testing.T) {
	found := map[Fault]bool{}
	plain := 0
	for seed := range uint64(80) {
		r := rand.New(rand.NewPCG(seed, 4))
		c := LogConfig{
			Layout: LayoutTreatments, Workers: 1 + r.IntN(3), Duplicates: DuplicatePolicy(r.IntN(3)), KeepPatients: seed%10 == 9,
		}
		if seed%8 == 7 {
			c.Attributes = []string{"sex"}
		}
		events := treatments(r, 1+r.IntN(1<<r.IntN(14)), seed%9 == 8, seed%5 == 4)
		want, q, _ := built(t, events, c, true, len(events))
		r.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		got, gotQ, _ := built(t, events, c, false, 1+r.IntN(len(events)))
		requireSameLog(t, want, got)
		require.Equal(t, q, gotQ)
		for _, f := range q.Findings {
			found[f.Fault] = true
		}
		if rules, ok := got.newPlainRules(); ok && !c.KeepPatients && bits.Len(uint(len(events))) <= rules.free {
			plain++
		}
	}
	require.Greater(t, plain, 20)
	for _, f := range []Fault{FaultCopy, FaultNoTumor, FaultFirstVisit, FaultNoFirst, FaultYears, FaultNoDate, FaultNoHospital} {
		require.True(t, found[f], f)
	}
}

// A few rows sort as they do without the network of comparisons, whatever stands
// behind them.
func TestFewPlainRowsAreSorted(t *testing.T) {
	k := &checker{schema: &schema{}, placeBits: 4}
	k.plainRules = plainRules{cases: 0xf << 60, some: ^uint64(0), tumor: ^uint64(0), origin: bitfield{shift: 60, mask: 0xf}}
	r := rand.New(rand.NewPCG(1, 2))
	taken := 0
	for range 20000 {
		n := 1 + r.IntN(fewRows)
		rows := make([]plainRow, fewRows)
		for i := range rows {
			rows[i] = plainRow{hash: uint64(7 + r.IntN(8)/7), word: uint64(2+r.IntN(8)/7)<<60 | uint64(r.IntN(40))<<4 | uint64(i)}
		}
		k.out = shard{events: make([]uint64, 0, 2*fewRows), start: []uint32{0}}
		own := slices.Clone(rows[:n])
		slices.SortFunc(own, comparePlain)
		plain := true
		var want []uint64
		for i, row := range own {
			want = append(want, row.word&^15)
			plain = plain && row.hash == own[0].hash && row.word>>60 == own[0].word>>60 && (i == 0 || row.word>>4 != own[i-1].word>>4)
		}
		require.Equal(t, plain, k.fewPlain(rows, n))
		if plain {
			require.Equal(t, want, k.out.events)
			taken++
		}
	}
	require.Greater(t, taken, 5000)
}

// Rows keep what they hold when later ones need more room, and lines far apart do
// not make a packing for each batch.
func TestPackingsHaveRoomForAllRows(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var events []Event
	for i := range 600 {
		events = append(events, Event{
			Patient: fmt.Sprint("p", i), Seq: int32(1 + i*i), Date: network.NewDate(2020, 1, 1).AddDays(r.IntN(20*i + 1)), Kind: fmt.Sprint("k", r.IntN(i+1)),
			Hospital: fmt.Sprint("h", i), Year: 1900 + r.IntN(1+i/5), Tumor: fmt.Sprint("t", i/50), Line: int64(r.Uint32() | 1),
			Attributes: []string{fmt.Sprint("a", i%(1+i/10)), fmt.Sprint("b", r.IntN(1+i))},
		})
		if i%3 == 0 {
			events[i].Until = events[i].Date.AddDays(r.IntN(i + 1))
		}
	}
	c := LogConfig{Attributes: []string{"one", "other"}, Workers: 2}
	want, _, _ := built(t, events, c, true, len(events))
	got, _, b := built(t, events, c, false, 1)
	requireSameLog(t, want, got)
	for _, p := range b.packers {
		require.LessOrEqual(t, p.store.windows, maxWindows+80)
	}
	i := 0
	for p := range got.Pathways() {
		require.Equal(t, 1, p.Len())
		i++
	}
	require.Equal(t, len(events), i)
}

func TestRowsWithoutAnything(t *testing.T) {
	b := NewLogBuilder(LogConfig{Layout: LayoutTreatments})
	require.NoError(t, b.Add(&Batch{Patient: []Identity{Identify([]byte("1")), Identify([]byte("2")), {}}, Line: []uint32{0, 0, 0}}))
	l, q, err := b.Build(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, l.Patients())
	require.Equal(t, int64(1), q.Refused)
	require.ErrorContains(t, b.Add(&Batch{}), "has been built")
	_, _, err = b.Build(t.Context())
	require.ErrorContains(t, err, "built twice")
}
