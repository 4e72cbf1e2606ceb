// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"testing"

	"github.com/oncoref/oncoref/referral"
	"github.com/stretchr/testify/require"
)

// In the layout of treatments first_visit is a kind of treatment like any other:
// without a tumor it is a case of its own, and not a part of each of the others.
func TestTreatmentNamedFirstVisitIsNotShared(t *testing.T) {
	for _, kind := range [...]string{"surgery", referral.KindFirstVisit} {
		l, q := readLog(t, []referral.Event{
			{Patient: "1", FirstVisit: "A", Kind: "surgery", Hospital: "A", Tumor: "x", Year: 2020},
			{Patient: "1", FirstVisit: "B", Kind: "surgery", Hospital: "B", Tumor: "y", Year: 2020},
			{Patient: "1", FirstVisit: "C", Kind: kind, Hospital: "D", Year: 2020},
		}, referral.LogConfig{Layout: referral.LayoutTreatments})
		require.EqualValues(t, 3, q.Cases)
		require.EqualValues(t, 3, q.Treated)
		require.EqualValues(t, 1, q.Count(referral.FaultNoTumor))
		table, err := l.Table(referral.Rule{})
		require.NoError(t, err)
		for _, f := range [...][2]string{{"A", "A"}, {"B", "B"}, {"C", "D"}} {
			require.Equal(t, referral.Count(1), table.Cell(f[0], f[1]), "%s %v", kind, f)
		}
		require.Equal(t, 3, table.Len())
	}
}

func TestTreatmentsAreCare(t *testing.T) {
	for _, kind := range [...]string{referral.KindFirstVisit, referral.KindDiagnosis, referral.KindDeath, referral.KindEnd} {
		c := referral.LogConfig{Treatments: []string{"surgery", kind}}
		_, _, err := referral.ReadLog(t.Context(), func(yield func(referral.Event, error) bool) {
			yield(referral.Event{Patient: "1", Kind: "surgery", Hospital: "A"}, nil)
		}, c)
		require.ErrorIs(t, err, referral.ErrRule, kind)
		require.ErrorIs(t, c.Validate(), referral.ErrRule, kind)
	}
	require.NoError(t, referral.LogConfig{Treatments: []string{}}.Validate())
}
