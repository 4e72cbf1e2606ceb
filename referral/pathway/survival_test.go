// SPDX-License-Identifier: Apache-2.0

package pathway_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral/pathway"
)

// TestSurvivalAgainstR compares with the survival package of R on its example
// datasets; testdata/values.R made the values.
func TestSurvivalAgainstR(t *testing.T) {
	b, err := os.ReadFile("testdata/survival.json")
	require.NoError(t, err)
	var sets []struct {
		Name                       string
		Time, Status, At           []int
		Tau                        int
		Survival, SE, Lower, Upper []float64
		Median                     int
		RMean                      float64
		RMeanSE                    float64 `json:"rmean_se"`
		Treated, Died              []float64
		TreatedSE                  []float64 `json:"treated_se"`
	}
	require.NoError(t, json.Unmarshal(b, &sets))
	require.Len(t, sets, 4)
	for _, s := range sets {
		t.Run(s.Name, func(t *testing.T) {
			var waits []pathway.Wait
			for i, day := range s.Time {
				waits = append(waits, pathway.Wait{Days: day, Outcome: pathway.Outcome(s.Status[i])})
			}
			c, err := pathway.KaplanMeier(waits, 0.95)
			require.NoError(t, err)
			for i, day := range s.At {
				at := c.At(day)
				assert.InDelta(t, s.Survival[i], at.Survival, 1e-12)
				assert.InDelta(t, s.SE[i], at.SE, 1e-12)
				assert.InDelta(t, s.Lower[i], at.Lower, 1e-12)
				assert.InDelta(t, s.Upper[i], at.Upper, 1e-12)
			}
			median, ok := c.Quantile(0.5)
			assert.True(t, ok)
			assert.Equal(t, s.Median, median)
			mean, se := c.RestrictedMean(s.Tau)
			assert.InDelta(t, s.RMean, mean, 1e-9)
			assert.InDelta(t, s.RMeanSE, se, 1e-9)
			x, err := pathway.AalenJohansen(waits)
			require.NoError(t, err)
			for i := range s.Treated {
				at := x.At(s.At[i])
				assert.InDelta(t, s.Treated[i], at.Treated, 1e-12)
				assert.InDelta(t, s.Died[i], at.Died, 1e-12)
				// R takes the infinitesimal jackknife, which is not the same.
				assert.InEpsilon(t, s.TreatedSE[i], at.TreatedSE, 0.01)
			}
		})
	}
}

func anyWaits(t *rapid.T) []pathway.Wait {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) pathway.Wait {
		return pathway.Wait{Days: rapid.IntRange(0, 12).Draw(t, "days"), Outcome: pathway.Outcome(rapid.IntRange(0, 2).Draw(t, "outcome"))}
	}), 0, 25).Draw(t, "waits")
}

// Without censoring the estimates are plain proportions; with it, the parts add
// up to 1 and the curve goes down only.
func TestSurvivalLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		waits := anyWaits(t)
		x, err := pathway.AalenJohansen(waits)
		require.NoError(t, err)
		for _, s := range x.Steps {
			if math.Abs(s.Treated+s.Died+s.Waiting-1) > 1e-12 {
				t.Fatalf("parts of %+v do not add up", s)
			}
		}
		c, err := pathway.KaplanMeier(waits, 0.9)
		require.NoError(t, err)
		last := 1.0
		for _, s := range c.Steps {
			if s.Survival > last || s.Lower > s.Survival || s.Upper < s.Survival {
				t.Fatalf("step %+v", s)
			}
			if 1-s.Survival < x.At(s.Day).Treated-1e-12 {
				t.Fatal("the incidence is above 1-S")
			}
			last = s.Survival
		}
		for i := range waits {
			waits[i].Outcome = pathway.Treated
		}
		c, err = pathway.KaplanMeier(waits, 0.9)
		require.NoError(t, err)
		for day := range 13 {
			left := 0
			for _, w := range waits {
				if w.Days > day {
					left++
				}
			}
			if len(waits) > 0 && math.Abs(c.At(day).Survival-float64(left)/float64(len(waits))) > 1e-12 {
				t.Fatalf("day %d", day)
			}
		}
	})
}

func TestSurvivalEdges(t *testing.T) {
	c, err := pathway.KaplanMeier(nil, 0.95)
	require.NoError(t, err)
	assert.Empty(t, c.Steps)
	assert.Equal(t, 1.0, c.At(5).Survival)
	_, ok := c.Quantile(0.5)
	assert.False(t, ok)
	mean, se := c.RestrictedMean(10)
	assert.True(t, math.IsNaN(mean) && math.IsNaN(se), "nobody waited")
	c, err = pathway.KaplanMeier([]pathway.Wait{{Days: 3, Outcome: pathway.Treated}}, 0.95)
	require.NoError(t, err)
	assert.Zero(t, c.At(3).Survival)
	assert.True(t, math.IsNaN(c.At(3).SE))
	assert.Zero(t, c.At(3).Upper)
	mean, se = c.RestrictedMean(10)
	assert.Equal(t, 3.0, mean)
	assert.Zero(t, se)
	mean, _ = c.RestrictedMean(-1)
	assert.True(t, math.IsNaN(mean))
	_, err = pathway.KaplanMeier([]pathway.Wait{{Days: -1}}, 0.95)
	assert.ErrorContains(t, err, "wait of -1 days")
	_, err = pathway.KaplanMeier(nil, 1)
	assert.ErrorContains(t, err, "level 1")
	_, err = pathway.AalenJohansen([]pathway.Wait{{Days: 1, Outcome: 7}})
	assert.ErrorContains(t, err, "Outcome(7)")
}
