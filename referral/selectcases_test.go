// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral"
)

// The table of the selected cases is the table of all, without the other cells.
func TestSelectKeepsTheCasesOfTheCells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hospital := rapid.SampledFrom([]string{"A", "B", "C", ""})
		tumor := rapid.SampledFrom([]string{"x", "y", ""})
		var events []referral.Event
		for p := range rapid.IntRange(1, 30).Draw(t, "patients") {
			for seq := range int32(rapid.IntRange(1, 5).Draw(t, "events")) {
				kind := rapid.SampledFrom([]string{referral.KindFirstVisit, "surgery", "radiotherapy", "consult"}).Draw(t, "kind")
				events = append(events, referral.Event{
					Patient: fmt.Sprint(p), Seq: seq + 1, Kind: kind, Hospital: hospital.Draw(t, "hospital"), Tumor: tumor.Draw(t, "tumor"),
				})
			}
		}
		l, _, err := referral.ReadLog(t.Context(), func(yield func(referral.Event, error) bool) {
			for _, e := range events {
				if !yield(e, nil) {
					return
				}
			}
		}, referral.LogConfig{Workers: 2})
		require.NoError(t, err)
		rule := referral.Rule{Destination: rapid.SampledFrom([]referral.DestinationRule{
			referral.AnyOutside, referral.FirstTreatment, referral.LastTreatment,
		}).Draw(t, "rule")}
		least := float64(rapid.IntRange(1, 4).Draw(t, "least"))
		all, err := l.Table(rule)
		require.NoError(t, err)
		keep := func(f referral.Flow) bool { return all.Cell(f.Origin, f.Destination).Lo >= least }
		some, err := l.Select(rule, keep)
		require.NoError(t, err)
		got, err := some.Table(rule)
		require.NoError(t, err)
		cases := 0.0
		for f := range all.Flows() {
			want := referral.Count(0)
			if keep(f) {
				want = f.Cell
			}
			cases += want.Lo
			have := got.Cell(f.Origin, f.Destination)
			if !slices.Contains(got.Origins(), f.Origin) || !slices.Contains(got.Destinations(), f.Destination) {
				have = referral.Count(0) // nobody of the class is left
			}
			assert.Equal(t, want, have, "%s to %s", f.Origin, f.Destination)
		}
		q := some.Quality()
		assert.InDelta(t, cases, float64(q.Cases), 0)
		assert.Equal(t, q.Cases, q.Treated+q.Untreated)
		n := 0
		for p := range some.Pathways() {
			n++
			assert.NotZero(t, p.Len())
		}
		assert.Equal(t, n, some.Patients())
	})
}

func TestSelectAllIsTheSameLog(t *testing.T) {
	var events []referral.Event
	for p := range 50 {
		events = append(events, referral.Event{Patient: fmt.Sprint(p), Seq: 1, Kind: referral.KindFirstVisit, Hospital: "A"},
			referral.Event{Patient: fmt.Sprint(p), Seq: 2, Kind: "surgery", Hospital: fmt.Sprint("H", p%3)})
	}
	l, q, err := referral.ReadLog(t.Context(), func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}, referral.LogConfig{})
	require.NoError(t, err)
	all, err := l.Select(referral.Rule{}, func(referral.Flow) bool { return true })
	require.NoError(t, err)
	q.Findings = nil
	assert.Equal(t, q, all.Quality())
	none, err := l.Select(referral.Rule{}, func(referral.Flow) bool { return false })
	require.NoError(t, err)
	assert.Zero(t, none.Patients())
	_, err = l.Select(referral.Rule{Tumor: "no such"}, func(referral.Flow) bool { return true })
	require.ErrorIs(t, err, referral.ErrRule)
}
