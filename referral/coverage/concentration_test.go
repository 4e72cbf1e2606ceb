// SPDX-License-Identifier: Apache-2.0

package coverage_test

import (
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
)

func volumesOf(cells ...referral.Cell) []coverage.Volume {
	var out []coverage.Volume
	for i, c := range cells {
		out = append(out, coverage.Volume{Hospital: "H" + strconv.Itoa(i), Patients: c})
	}
	return out
}

func TestConcentrationByHand(t *testing.T) {
	v := volumesOf(referral.Count(50), referral.Count(30), referral.Count(20), referral.Count(0))
	for k, want := range []float64{0, 0.5, 0.8, 1, 1} {
		r, err := coverage.TopShare(v, k)
		require.NoError(t, err)
		assert.InDelta(t, want, r.Value, 1e-12, k)
	}
	// (0 + 20 + 30) / (2 · 100)
	r, err := coverage.Centralization(v)
	require.NoError(t, err)
	assert.InDelta(t, 0.25, r.Value, 1e-12)
	// Half of each: (50 - 30 + 50 - 20) of two years is the same hospital twice.
	twice := slices.Concat(v, v)
	r, err = coverage.Centralization(twice)
	require.NoError(t, err)
	assert.InDelta(t, 0.25, r.Value, 1e-12)

	for _, none := range [][]coverage.Volume{nil, volumesOf(referral.Count(0))} {
		r, err = coverage.TopShare(none, 1)
		require.NoError(t, err)
		assert.Equal(t, referral.Undefined, r.Status)
		r, err = coverage.Centralization(none)
		require.NoError(t, err)
		assert.Equal(t, referral.ReasonZeroDenominator, r.Reason)
	}
	r, err = coverage.Centralization(volumesOf(referral.Count(7)))
	require.NoError(t, err)
	assert.Equal(t, referral.ReasonOneClass, r.Reason)
	r, err = coverage.TopShare(volumesOf(referral.Count(2.5), referral.Count(7.5)), 1)
	require.NoError(t, err)
	assert.InDelta(t, 0.75, r.Value, 1e-12, "annual means")
	_, err = coverage.TopShare(volumesOf(referral.Count(-2)), 1)
	require.ErrorIs(t, err, referral.ErrCell)
}

// Bounds are those of trying all volumes.
func TestConcentrationBoundsEnumerate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "hospitals")
		cells := make([]referral.Cell, n)
		for i := range cells {
			lo := rapid.IntRange(1, 9).Draw(t, "lo")
			cells[i] = referral.Between(float64(lo), float64(lo+rapid.IntRange(0, 4).Draw(t, "width")))
		}
		k := rapid.IntRange(1, n).Draw(t, "k")
		lo, hi, low, high := math.Inf(1), 0.0, math.Inf(1), 0.0
		counts := make([]float64, n)
		var try func(i int)
		try = func(i int) {
			if i < n {
				for x := cells[i].Lo; x <= cells[i].Hi; x++ {
					counts[i] = x
					try(i + 1)
				}
				return
			}
			sorted := slices.Sorted(slices.Values(counts))
			sum, top, far := 0.0, 0.0, 0.0
			for i, x := range sorted {
				sum += x
				far += sorted[n-1] - x
				if i >= n-k {
					top += x
				}
			}
			lo, hi = min(lo, top/sum), max(hi, top/sum)
			low, high = min(low, far/float64(n-1)/sum), max(high, far/float64(n-1)/sum)
		}
		try(0)
		r, err := coverage.TopShare(volumesOf(cells...), k)
		require.NoError(t, err)
		require.InDelta(t, lo, r.Lo, 1e-9)
		require.InDelta(t, hi, r.Hi, 1e-9)
		if n > 1 {
			r, err = coverage.Centralization(volumesOf(cells...))
			require.NoError(t, err)
			require.InDelta(t, low, r.Lo, 1e-9)
			require.InDelta(t, high, r.Hi, 1e-9)
		}
	})
}
