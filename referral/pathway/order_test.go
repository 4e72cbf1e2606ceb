// SPDX-License-Identifier: Apache-2.0

package pathway_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

// walks makes routes of patients whose next hospital is what next says of the
// one before and the present one; every stay ends the route with probability
// 0.3.
func walks(t require.TestingT, seed uint64, patients int, next func(r *rand.Rand, before, now int) int) *referral.Log {
	r := rand.New(rand.NewPCG(seed, 7))
	var events []referral.Event
	for i := range patients {
		before, now := -1, r.IntN(5)
		for seq := int32(1); seq == 1 || r.Float64() > 0.3; seq++ {
			kind := "consult"
			if seq == 1 {
				kind = "first_visit"
			}
			events = append(events, referral.Event{Patient: fmt.Sprint(i), Seq: seq, Kind: kind, Hospital: fmt.Sprint("H", now)})
			before, now = now, next(r, before, now)
		}
	}
	return readLog(t, referral.LayoutEvents, events)
}

// pairwise forgets where the patient came from; hospitals differ in how much
// they attract.
func pairwise(r *rand.Rand, _, now int) int {
	weights := []int{1, 2, 3, 5, 8}
	for {
		x := r.IntN(19)
		for h, w := range weights {
			if x -= w; x < 0 {
				if h != now {
					return h
				}
				break
			}
		}
	}
}

// home goes back to where the patient came from in two of three steps.
func home(r *rand.Rand, before, now int) int {
	if before >= 0 && r.IntN(3) > 0 {
		return before
	}
	return pairwise(r, before, now)
}

// TestOrderLevel checks that routes without memory are called significant about
// as often as the level says. With 400 logs the count of rejections at 5% has
// mean 20 and standard deviation 4.4.
func TestOrderLevel(t *testing.T) {
	at := map[float64]int{0.05: 0, 0.2: 0}
	for seed := range uint64(400) {
		o, err := pathway.OrderTest(bg(), walks(t, seed, 150, pairwise), pathway.OrderConfig{Seed: seed, Replicates: 99})
		require.NoError(t, err)
		for level := range at {
			if o.P <= level {
				at[level]++
			}
		}
	}
	assert.InDelta(t, 20, at[0.05], 14, "rejections at 5%%")
	assert.InDelta(t, 80, at[0.2], 25, "rejections at 20%%")
}

func TestOrderPower(t *testing.T) {
	found := 0
	for seed := range uint64(50) {
		o, err := pathway.OrderTest(bg(), walks(t, seed, 150, home), pathway.OrderConfig{Seed: seed, Replicates: 99})
		require.NoError(t, err)
		if o.P <= 0.05 {
			found++
		}
	}
	assert.GreaterOrEqual(t, found, 48)
}

func TestOrderEdges(t *testing.T) {
	l := walks(t, 1, 50, home)
	_, err := pathway.OrderTest(bg(), l, pathway.OrderConfig{Replicates: -1})
	require.ErrorContains(t, err, "-1 replicates: want at least 0")
	ctx, cancel := context.WithCancel(bg())
	cancel()
	_, err = pathway.OrderTest(ctx, l, pathway.OrderConfig{})
	require.ErrorIs(t, err, context.Canceled)
	a, err := pathway.OrderTest(bg(), l, pathway.OrderConfig{Seed: 3})
	require.NoError(t, err)
	assert.Equal(t, 2000, a.Replicates)
	b, err := pathway.OrderTest(bg(), l, pathway.OrderConfig{Seed: 3, Replicates: 2000})
	require.NoError(t, err)
	assert.Equal(t, a, b)
}

// TestAnyNumberOfWorkers checks that neither the number of workers of a log nor
// the order of its events matters.
func TestAnyNumberOfWorkers(t *testing.T) {
	var events []referral.Event
	for p := range walks(t, 5, 3000, home).Pathways() {
		for e := range p.Events() {
			e.Patient, e.Date = p.Patient(), network.NewDate(2020, 1, 1).AddDays(int(e.Seq)*7+len(e.Patient))
			if e.Seq == 3 {
				e.Kind = "surgery"
			}
			events = append(events, e)
		}
	}
	measure := func(workers int, events []referral.Event) string {
		l, _, err := referral.ReadLog(bg(), func(yield func(referral.Event, error) bool) {
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
			}
		}, referral.LogConfig{Workers: workers})
		require.NoError(t, err)
		w := pathway.CountWaits(l)
		c, err := pathway.KaplanMeier(w.Waits, 0.95)
		require.NoError(t, err)
		x, err := pathway.AalenJohansen(w.Waits)
		require.NoError(t, err)
		o, err := pathway.OrderTest(bg(), l, pathway.OrderConfig{Replicates: 9})
		require.NoError(t, err)
		text, err := json.Marshal([]any{ // NaN is not equal to itself
			pathway.CountVisits(l), pathway.CountDays(l, pathway.ToTreatment), c, x, o, pathway.CountReturns(l), pathway.CountSharing(l),
			pathway.CountTransit(l), pathway.CountContinuity(l), pathway.Variants(l, pathway.ByRoute, nil), len(w.Waits),
		})
		require.NoError(t, err)
		return string(text)
	}
	want := measure(1, events)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	for _, workers := range []int{1, 2, 8} {
		assert.True(t, want == measure(workers, events), "%d workers", workers)
	}
	slices.Reverse(events)
	assert.True(t, want == measure(3, events))
}
