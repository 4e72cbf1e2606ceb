// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

func TestVolumesKnownInPart(t *testing.T) {
	i, err := inference.Rate(referral.Between(1, 4), inference.RateConfig{})
	require.NoError(t, err)
	within(t, [2]float64{0.0253178079842899, 10.2415886754037}, i, golden, "R: poisson.test(1), poisson.test(4)")
	i, err = inference.Rate(referral.PresentCell(), inference.RateConfig{Years: 2})
	require.NoError(t, err)
	assert.True(t, math.IsInf(i.Hi, 1))
	assert.InDelta(t, 0.0253178079842899/2, i.Lo, golden)

	p, err := inference.BelowNorm(referral.Between(1, 4), 5, inference.RateConfig{})
	require.NoError(t, err)
	low, err := inference.BelowNorm(referral.Count(4), 5, inference.RateConfig{})
	require.NoError(t, err)
	high, err := inference.BelowNorm(referral.Count(1), 5, inference.RateConfig{})
	require.NoError(t, err)
	assert.Equal(t, referral.Bounded, p.Status)
	assert.Equal(t, [2]float64{low.Value, high.Value}, [2]float64{p.Lo, p.Hi})
	p, err = inference.BelowNorm(referral.MissingCell(), 5, inference.RateConfig{})
	require.NoError(t, err)
	assert.Equal(t, 0.0, p.Lo)
	p, err = inference.BelowNorm(referral.Count(0), 0, inference.RateConfig{})
	require.NoError(t, err)
	assert.Equal(t, 0.0, p.Value)

	for _, c := range []inference.RateConfig{{Years: -1}, {Years: math.NaN()}, {Years: math.Inf(1)}, {Level: 1.5}} {
		_, err := inference.Rate(referral.Count(3), c)
		assert.ErrorIs(t, err, inference.ErrInput)
	}
	_, err = inference.Rate(referral.Cell{Lo: -1}, inference.RateConfig{})
	assert.ErrorIs(t, err, inference.ErrInput)
	for _, norm := range []float64{-1, math.NaN(), math.Inf(1)} {
		_, err := inference.BelowNorm(referral.Count(3), norm, inference.RateConfig{})
		assert.ErrorIs(t, err, inference.ErrInput)
	}
	_, err = inference.BelowNorm(referral.Cell{Lo: 2}, 5, inference.RateConfig{})
	assert.ErrorIs(t, err, inference.ErrInput)
	_, err = inference.BelowNorm(referral.Count(3), 5, inference.RateConfig{Years: -2})
	assert.ErrorIs(t, err, inference.ErrInput)
}

func TestShrinkKnownInPart(t *testing.T) {
	shares := []referral.Share{bounded(referral.Between(1, 3), referral.Count(5)), exact(9, 12), exact(2, 20)}
	got, err := inference.Shrink(shares)
	require.NoError(t, err)
	lo, hi := math.Inf(1), math.Inf(-1)
	for x := 1.0; x <= 3; x++ {
		s, err := inference.Shrink([]referral.Share{exact(x, x+5), shares[1], shares[2]})
		require.NoError(t, err)
		lo, hi = min(lo, s.Shares[0].Estimate.Value), max(hi, s.Shares[0].Estimate.Value)
	}
	assert.Equal(t, referral.Bounded, got.Shares[0].Estimate.Status)
	assert.InDelta(t, lo, got.Shares[0].Estimate.Lo, 1e-15)
	assert.InDelta(t, hi, got.Shares[0].Estimate.Hi, 1e-15)

	_, err = inference.Shrink([]referral.Share{{Part: referral.PresentCell(), Whole: referral.PresentCell(), Result: referral.BoundedResult(0, 1, "")}})
	assert.ErrorIs(t, err, inference.ErrUnknown)
	_, err = inference.Shrink([]referral.Share{{Part: referral.Count(3), Whole: referral.Count(2)}})
	assert.ErrorIs(t, err, inference.ErrInput)
	none, err := inference.Shrink([]referral.Share{exact(0, 0)})
	require.NoError(t, err)
	assert.Equal(t, referral.Undefined, none.Pooled.Status)
	none, err = inference.Shrink(nil)
	require.NoError(t, err)
	assert.Equal(t, referral.Undefined, none.Pooled.Status)
}

// A share shrunk lies between itself and the pooled one; equal shares are all
// pooled.
func TestShrinkLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var shares []referral.Share
		for range rapid.IntRange(1, 8).Draw(t, "rows") {
			n := rapid.IntRange(0, 40).Draw(t, "n")
			shares = append(shares, exact(float64(rapid.IntRange(0, n).Draw(t, "x")), float64(n)))
		}
		got, err := inference.Shrink(shares)
		require.NoError(t, err)
		for i, s := range got.Shares {
			if s.Estimate.Status == referral.Undefined {
				continue
			}
			m, p := got.Pooled.Value, shares[i].Value
			if s.Borrowed {
				assert.Equal(t, m, s.Estimate.Value)
				continue
			}
			assert.True(t, min(m, p)-1e-12 <= s.Estimate.Value && s.Estimate.Value <= max(m, p)+1e-12)
			assert.True(t, 0 <= s.Weight.Value && s.Weight.Value <= 1)
		}
	})
}

func TestFunnelEdges(t *testing.T) {
	got, err := inference.NewFunnel([]referral.Share{bounded(referral.Between(1, 4), referral.Count(6)),
		{Part: referral.Between(1, 4), Whole: referral.Count(10), Result: referral.BoundedResult(0.1, 0.4, "")}, exact(3, 12)},
		inference.FunnelConfig{Target: 0.5, Levels: []float64{0.9}})
	require.NoError(t, err)
	assert.True(t, math.IsNaN(got.Points[0].Patients))
	assert.Empty(t, got.Points[0].Limits)
	assert.InDelta(t, -0.4/math.Sqrt(0.25/10), got.Points[1].Z.Lo, 1e-12)
	assert.Len(t, got.Points[1].Limits, 1)
	assert.Equal(t, referral.ReasonUnknownCells, got.Phi.Reason)
	assert.Equal(t, got.Points[2].Limits, got.Points[2].Adjusted)

	// Winsorized: z of -5 and 5 among ten of 0 become the 10th and 90th percentile.
	var shares []referral.Share
	for range 10 {
		shares = append(shares, exact(50, 100))
	}
	shares = append(shares, exact(25, 100), exact(75, 100))
	f, err := inference.NewFunnel(shares, inference.FunnelConfig{})
	require.NoError(t, err)
	assert.True(t, f.Winsorized)
	assert.InDelta(t, 0, f.Phi.Value, 1e-12) // positions 1.1 and 9.9 of 0..11 lie among the zeros
	assert.False(t, f.Overdispersed)

	for _, c := range []inference.FunnelConfig{{Target: 1}, {Target: -0.2}, {Target: math.NaN()}, {Levels: []float64{0}}, {Levels: []float64{0.95, 1}}} {
		_, err := inference.NewFunnel([]referral.Share{exact(1, 4)}, c)
		assert.ErrorIs(t, err, inference.ErrInput, "%+v", c)
	}
	for _, s := range [][]referral.Share{nil, {exact(0, 0)}, {exact(4, 4)}, {exact(1.5, 2.5)}} {
		_, err := inference.NewFunnel(s, inference.FunnelConfig{})
		assert.ErrorIs(t, err, inference.ErrInput)
	}
	_, err = inference.NewFunnel([]referral.Share{bounded(referral.Between(1, 4), referral.Count(6))}, inference.FunnelConfig{})
	assert.ErrorIs(t, err, inference.ErrUnknown)
	one, err := inference.NewFunnel([]referral.Share{exact(1, 4)}, inference.FunnelConfig{})
	require.NoError(t, err)
	assert.Equal(t, referral.Undefined, one.P.Status, "no degree of freedom left")
}

func TestRankIntervals(t *testing.T) {
	nan := math.NaN()
	got := inference.RankIntervals([]inference.Interval{{Lo: 0.1, Hi: 0.2}, {Lo: 0.2, Hi: 0.4}, {Lo: 0.5, Hi: 0.6}, {Lo: 0.3, Hi: 0.55}, {Lo: nan, Hi: nan}})
	assert.Equal(t, []inference.RankInterval{{3, 5}, {2, 5}, {1, 3}, {1, 4}, {1, 5}}, got)
	assert.Empty(t, inference.RankIntervals(nil))
	rapid.Check(t, func(t *rapid.T) {
		var is []inference.Interval
		for range rapid.IntRange(1, 7).Draw(t, "k") {
			lo := float64(rapid.IntRange(0, 9).Draw(t, "lo"))
			is = append(is, inference.Interval{Lo: lo, Hi: lo + float64(rapid.IntRange(0, 4).Draw(t, "width"))})
		}
		for i, r := range inference.RankIntervals(is) {
			best, worst := 1, len(is)
			for _, j := range is {
				if j.Lo > is[i].Hi {
					best++
				}
				if j.Hi < is[i].Lo {
					worst--
				}
			}
			assert.Equal(t, inference.RankInterval{Best: best, Worst: worst}, r)
		}
	})
}

func TestFalseDiscoveryEdges(t *testing.T) {
	for _, bad := range []float64{-0.1, 1.1, math.Inf(1)} {
		_, err := inference.FalseDiscovery([]float64{0.5, bad})
		assert.ErrorIs(t, err, inference.ErrInput)
	}
	none, err := inference.FalseDiscovery(nil)
	require.NoError(t, err)
	assert.Empty(t, none)
	assert.InDelta(t, 0.0499957902964409, inference.TwoSided(1.96), 1e-15) // R: 2 * pnorm(-1.96)
	assert.True(t, math.IsNaN(inference.TwoSided(math.NaN())))
}
