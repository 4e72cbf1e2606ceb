// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"iter"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

func stageLog(t *testing.T, events []referral.Event) *referral.Log {
	t.Helper()
	var seq iter.Seq2[referral.Event, error] = func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}
	l, _, err := referral.ReadLog(t.Context(), seq, referral.LogConfig{Synthetic: true})
	require.NoError(t, err)
	return l
}

var stageEvents = []referral.Event{
	{Patient: "1", Seq: 1, Kind: referral.KindFirstVisit, Hospital: "A", Tumor: "x"},
	{Patient: "1", Seq: 2, Kind: "radiotherapy", Hospital: "B", Tumor: "x"}, // before surgery: the columns do not say so
	{Patient: "1", Seq: 3, Kind: "surgery", Hospital: "A", Tumor: "x"},
	{Patient: "1", Seq: 4, Kind: "surgery", Hospital: "C", Tumor: "x"}, // a second one does not count
	{Patient: "2", Seq: 1, Kind: referral.KindFirstVisit, Hospital: "A", Tumor: "x"},
	{Patient: "2", Seq: 2, Kind: "surgery", Hospital: "A", Tumor: "x"},
	{Patient: "2", Seq: 3, Kind: "radiotherapy", Hospital: "B", Tumor: "x"},
	{Patient: "3", Seq: 1, Kind: "surgery", Hospital: "C", Tumor: "x"}, // no first visit
	{Patient: "3", Seq: 2, Kind: referral.KindFollowup, Hospital: "D", Tumor: "x"},
}

func TestCountStagesByHand(t *testing.T) {
	got := CountStages(stageLog(t, stageEvents), StageConfig{})
	assert.Equal(t, []string{"first visit", "surgery", "radiotherapy", "followup"}, got.Stages)
	assert.Equal(t, []Variant{
		{Steps: []string{"A", "A", "B", StageNone}, Patients: 2, Share: 2.0 / 3, Cumulative: 2.0 / 3},
		{Steps: []string{StageUnknown, "C", StageNone, "D"}, Patients: 1, Share: 1.0 / 3, Cumulative: 1},
	}, got.Ways)
	assert.Equal(t, 3, got.Patients)
	assert.True(t, got.Synthetic)
	assert.False(t, got.Grouped)
	assert.Equal(t, "x", got.Tumor)
}

func TestCountStagesOfGroups(t *testing.T) {
	groups, err := network.NewPartition("p", map[string]string{"A": "North", "B": "North", "C": "South"})
	require.NoError(t, err)
	got := CountStages(stageLog(t, stageEvents), StageConfig{Groups: groups, Stages: []Stage{
		{Name: "visit"}, {Name: "treatment", Kinds: []string{"surgery", "radiotherapy"}}, {Name: "after", Kinds: []string{referral.KindFollowup}},
	}})
	assert.True(t, got.Grouped)
	assert.Equal(t, []string{"North", "North", StageNone}, got.Ways[0].Steps, "the first of both kinds")
	assert.Equal(t, []string{StageUnknown, "South", "D"}, got.Ways[1].Steps, "a hospital in no group keeps its label")
}

// The order of the input and the number of workers make no difference, and
// every patient is in one way.
func TestCountStagesLaws(t *testing.T) {
	kinds := []string{referral.KindFirstVisit, "surgery", "radiotherapy", referral.KindFollowup}
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 2))
		var events []referral.Event
		for p := range 200 {
			for s := range 1 + r.IntN(5) {
				events = append(events, referral.Event{Patient: string(rune('A'+p/26)) + string(rune('a'+p%26)), Seq: int32(s + 1),
					Kind: kinds[r.IntN(4)], Hospital: string(rune('P' + r.IntN(4)))})
			}
		}
		want := CountStages(stageLog(t, events), StageConfig{})
		sum := 0
		for _, w := range want.Ways {
			sum += w.Patients
			assert.Len(t, w.Steps, 4)
		}
		assert.Equal(t, 200, sum)
		assert.Equal(t, 200, want.Patients)
		assert.InDelta(t, 1, want.Ways[len(want.Ways)-1].Cumulative, 1e-12)
		shuffled := slices.Clone(events)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		assert.Equal(t, want, CountStages(stageLog(t, shuffled), StageConfig{}))
	}
}
