// SPDX-License-Identifier: Apache-2.0

package pathway_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

// made gives about n events of patients who go through up to six of 80
// hospitals.
func made(n int) iter.Seq2[referral.Event, error] {
	return func(yield func(referral.Event, error) bool) {
		r := rand.New(rand.NewPCG(1, 2))
		kinds := []string{"consult", "surgery", "radiotherapy", "systemic", "followup"}
		for i := 0; i < n; {
			patient := fmt.Sprint("P", i)
			day := network.NewDate(2016, time.January, 1).AddDays(r.IntN(2000))
			at := r.IntN(80)
			for k := range 2 + r.IntN(5) {
				e := referral.Event{Patient: patient, Seq: int32(k + 1), Date: day, Kind: referral.KindFirstVisit, Hospital: fmt.Sprint("H", at)}
				switch {
				case k > 0 && r.IntN(8) == 0:
					e.Layer, e.Kind, e.ToHospital = referral.LayerReferral, "referral", fmt.Sprint("H", r.IntN(8))
					if r.IntN(2) == 0 {
						e.Layer, e.Kind = referral.LayerPathology, "shipment"
					}
				case k > 0:
					e.Kind = kinds[r.IntN(len(kinds))]
				}
				if !yield(e, nil) {
					return
				}
				if i++; r.IntN(3) == 0 {
					at = r.IntN(8)
				}
				day = day.AddDays(r.IntN(40))
			}
		}
	}
}

func madeLog(tb testing.TB, n, workers int) *referral.Log {
	tb.Helper()
	l, _, err := referral.ReadLog(context.Background(), made(n), referral.LogConfig{Workers: workers, Synthetic: true})
	require.NoError(tb, err)
	return l
}

// measures are those that look at every patient.
var measures = []struct {
	name string
	do   func(l *referral.Log) any
}{
	{"visits", func(l *referral.Log) any { return pathway.CountVisits(l) }},
	{"days", func(l *referral.Log) any { return pathway.CountDays(l, pathway.ToTreatment) }},
	{"waits", func(l *referral.Log) any { return pathway.CountWaits(l) }},
	{"returns", func(l *referral.Log) any { return pathway.CountReturns(l) }},
	{"sharing", func(l *referral.Log) any { return pathway.CountSharing(l) }},
	{"transit", func(l *referral.Log) any { return pathway.CountTransit(l) }},
	{"continuity", func(l *referral.Log) any { return pathway.CountContinuity(l) }},
	{"shipments", func(l *referral.Log) any { return pathway.CountShipments(l) }},
	{"tissue in time", func(l *referral.Log) any { return pathway.TissueInTime(l) }},
	{"variants", func(l *referral.Log) any { return pathway.Variants(l, pathway.ByRoute, nil) }},
}

func BenchmarkMeasures(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		l := madeLog(b, n, 0)
		for _, m := range measures {
			b.Run(fmt.Sprintf("%s/%d", m.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					m.do(l)
				}
			})
		}
	}
}

func TestWorkersDoNotMatter(t *testing.T) {
	// More than one shard of the log has patients.
	one := madeLog(t, 50_000, 1)
	for _, workers := range []int{2, 8} {
		many := madeLog(t, 50_000, workers)
		for _, m := range measures {
			require.Equal(t, m.do(one), m.do(many), m.name)
		}
	}
}
