// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral"
)

// What is said of shares with too many completions holds for those with few,
// where all are gone through.
func TestDifferenceOfTooMany(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		cell := func(name string) referral.Cell {
			lo := float64(rapid.IntRange(0, 12).Draw(rt, name))
			return referral.Between(lo, lo+float64(rapid.IntRange(0, 5).Draw(rt, "width")))
		}
		a, b := ratio("", "", cell("part"), cell("rest")), ratio("", "", cell("part"), cell("rest"))
		d, err := Difference(a, b, Config{})
		require.NoError(t, err)
		if d.Z.Status != referral.OK && d.Z.Status != referral.Bounded {
			return
		}
		got := d
		got.tooMany(a, b)
		const near = 1e-12
		assert.LessOrEqual(t, got.Z.Lo, d.Z.Lo+near)
		assert.GreaterOrEqual(t, got.Z.Hi, d.Z.Hi-near)
		assert.LessOrEqual(t, got.ZP.Lo, d.ZP.Lo+near)
		assert.GreaterOrEqual(t, got.ZP.Hi, d.ZP.Hi-near)
		assert.LessOrEqual(t, got.Interval.Lo, d.Interval.Lo+near)
		assert.GreaterOrEqual(t, got.Interval.Hi, d.Interval.Hi-near)
		assert.GreaterOrEqual(t, got.Fisher.Lo, d.Fisher.Lo-near, "%v %v", a, b)
		assert.LessOrEqual(t, got.Fisher.Hi, d.Fisher.Hi+near)
		if !math.IsNaN(d.Fisher.Lo) {
			assert.False(t, math.IsNaN(got.Fisher.Lo))
		}
		if a.Part.Lo > 0 && b.Part.Lo > 0 && restOf(a).Lo > 0 && restOf(b).Lo > 0 { // a value at the extremes: attained
			assert.InDelta(t, d.Z.Lo, got.Z.Lo, near)
			assert.InDelta(t, d.Z.Hi, got.Z.Hi, near)
		}
	})
}
