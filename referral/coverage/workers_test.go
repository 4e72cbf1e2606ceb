// SPDX-License-Identifier: Apache-2.0

package coverage_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
)

// TestWorkersDoNotMatter counts a log of 3,000 patients with several numbers of
// workers.
func TestWorkersDoNotMatter(t *testing.T) {
	events := func(yield func(referral.Event, error) bool) {
		for i := range 3000 {
			for k, kind := range []string{referral.KindFirstVisit, "surgery", "systemic", "surgery"} {
				e := referral.Event{
					Patient: fmt.Sprint(i), Seq: int32(k + 1), Kind: kind, Tumor: []string{"lung", "skin"}[i%2],
					Hospital: fmt.Sprint("H", (i*7+k*k*(i%3))%11), Date: network.NewDate(2018+i%3, 1, 1+40*k),
				}
				if i%5 == 0 && k == 2 {
					e.Layer, e.Kind, e.ToHospital = referral.LayerMDT, "mdt", "H3"
				}
				if !yield(e, nil) {
					return
				}
			}
		}
	}
	experts := coverage.NewList("centers", "H1", "H3")
	var want string
	for _, workers := range []int{1, 2, 8} {
		l, _, err := referral.ReadLog(t.Context(), events, referral.LogConfig{Workers: workers})
		require.NoError(t, err)
		all, patients := []any{}, 0
		for _, tumor := range []string{"", "lung", "skin"} {
			part, err := l.OfTumor(tumor)
			require.NoError(t, err)
			classes, err := coverage.CountClasses(part, "surgery", experts)
			require.NoError(t, err)
			first := func(p referral.Pathway) string { h, _, _ := p.FirstVisit(); return h }
			v := coverage.Involve(part, experts)
			all = append(all, classes, v, coverage.InvolveBy(part, experts, first), coverage.CountVolumes(part, coverage.VolumeRule{ByKind: true}))
			patients += v.Patients()
			assert.Equal(t, part.Patients(), v.Patients())
		}
		assert.Equal(t, 6000, patients, "each patient in the whole and in one tumor")
		b, err := json.Marshal(all)
		require.NoError(t, err)
		if want == "" {
			want = string(b)
		}
		assert.Equal(t, want, string(b))
	}
}
