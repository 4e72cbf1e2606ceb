// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral"
)

func TestWeightedMean(t *testing.T) {
	one := referral.Count(1)
	assert.Equal(t, referral.ReasonZeroDenominator, referral.WeightedMean(nil, nil).Reason)
	assert.Equal(t, referral.ReasonZeroDenominator, referral.WeightedMean([]float64{3}, []referral.Cell{{}}).Reason)
	assert.InDelta(t, 2.5, referral.WeightedMean([]float64{1, 3}, []referral.Cell{one, referral.Count(3)}).Value, 1e-12) // (1 + 9) / 4
	// From (1 + 3) / 2 to (1 + 12) / 5.
	r := referral.WeightedMean([]float64{1, 3}, []referral.Cell{one, referral.Between(1, 4)})
	assert.Equal(t, [2]float64{2, 2.6}, [2]float64{r.Lo, r.Hi})
	r = referral.WeightedMean([]float64{1, 3}, []referral.Cell{one, referral.PresentCell()})
	assert.Equal(t, [2]float64{2, 3}, [2]float64{r.Lo, r.Hi}) // from one at 3 to ever more
	assert.Equal(t, referral.ReasonZeroPossible, referral.WeightedMean([]float64{1, 3}, []referral.Cell{referral.Between(0, 2), {}}).Reason)
}

// The bounds are those of trying all counts.
func TestWeightedMeanEnumerates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 4).Draw(t, "n")
		values, counts := make([]float64, n), make([]referral.Cell, n)
		for i := range n {
			values[i] = float64(rapid.IntRange(-3, 9).Draw(t, "value"))
			lo := rapid.IntRange(1, 4).Draw(t, "lo")
			counts[i] = referral.Between(float64(lo), float64(lo+rapid.IntRange(0, 3).Draw(t, "more")))
		}
		least, most := math.Inf(1), math.Inf(-1)
		var try func(i int, sum, all float64)
		try = func(i int, sum, all float64) {
			if i == n {
				least, most = min(least, sum/all), max(most, sum/all)
				return
			}
			for x := counts[i].Lo; x <= counts[i].Hi; x++ {
				try(i+1, sum+x*values[i], all+x)
			}
		}
		try(0, 0, 0)
		r := referral.WeightedMean(values, counts)
		require.InDelta(t, least, r.Lo, 1e-9)
		require.InDelta(t, most, r.Hi, 1e-9)
	})
}
