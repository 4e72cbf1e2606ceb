// SPDX-License-Identifier: Apache-2.0

package small_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/referral"
)

// Whatever is shown of a family holds the numbers, and every value of a hidden
// one leaves the others values that add up.
func TestFamilyHidesEveryNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 { return float64(rapid.IntRange(0, 12).Draw(t, "n")) }), 1, 5).Draw(t, "counts")
		total := 0.0
		for _, n := range counts {
			total += n
		}
		cells, whole := small.Gate{}.Family(counts...)
		require.True(t, whole.Lo <= total && total <= whole.Hi)
		lo, hi := 0.0, 0.0
		for i, c := range cells {
			require.True(t, c.Lo <= counts[i] && counts[i] <= c.Hi)
			lo, hi = lo+c.Lo, hi+c.Hi
		}
		for i, c := range cells {
			if counts[i] < small.Lo || counts[i] > small.Hi {
				continue
			}
			require.Equal(t, referral.Between(small.Lo, small.Hi), c)
			for v := c.Lo; v <= c.Hi; v++ {
				require.True(t, lo-c.Lo+v <= whole.Hi && hi-c.Hi+v >= whole.Lo, "%v of %v", v, counts)
			}
		}
		cells, whole = small.Gate{AllowSmall: true}.Family(counts...)
		for i, c := range cells {
			require.Equal(t, referral.Count(counts[i]), c)
		}
		require.Equal(t, referral.Count(total), whole)
	})
}

func TestShares(t *testing.T) {
	g := small.Gate{}
	exact := g.Proportion(referral.Share{Part: referral.Count(10), Whole: referral.Count(40), Result: referral.ExactResult(0.25)})
	assert.InDelta(t, 0.25, exact.Value, 1e-15)
	assert.Equal(t, 40, exact.N)
	// 2 of 40 is shown as 1 to 4 of 40.
	few := g.Proportion(referral.Share{Part: referral.Count(2), Whole: referral.Count(40), Result: referral.ExactResult(0.05)})
	assert.Equal(t, referral.Suppressed, few.Status)
	assert.InDelta(t, 1.0/40, few.Lo, 1e-15)
	assert.InDelta(t, 4.0/40, few.Hi, 1e-15)
	none := referral.UndefinedResult(referral.ReasonZeroDenominator)
	assert.Equal(t, referral.Undefined, g.Proportion(referral.Share{Result: none}).Status)
	assert.Equal(t, referral.Undefined, small.Among(nil, nil).Status)
	assert.Equal(t, referral.Suppressed, g.Of(referral.ExactResult(3), 4).Status)
	assert.InDelta(t, 3, g.Of(referral.ExactResult(3), 5).Value, 0)
}

func TestNumbers(t *testing.T) {
	q := referral.Quality{Patients: 44, Cases: 44, Treated: 43, Untreated: 1}
	for _, n := range (small.Gate{}).Numbers(q) {
		assert.Equal(t, map[string][2]int64{
			"patients": {40, 44}, "cases": {40, 44}, "treated": {40, 44}, "untreated": {1, 4}, "died_untreated": {0, 0}, "without_first_visit": {0, 0},
		}[n.Name], [2]int64{n.Lo, n.Hi}, n.Name)
	}
	for _, n := range (small.Gate{AllowSmall: true}).Numbers(q) {
		assert.Equal(t, n.Lo, n.Hi)
	}
	assert.True(t, small.In(referral.Count(0.5)))
	assert.False(t, small.In(referral.Count(0)))
	assert.False(t, small.In(referral.Between(1, 4)))
}

func TestNote(t *testing.T) {
	for _, c := range [][3]string{
		{"3 cases were left out.", "1 to 4 cases were left out.", "3 cases were left out."},
		{"5 cases were left out.", "5 cases were left out.", "5 cases were left out."},
		{"1 pairs of stays were not linked.", "1 to 4 pairs of stays were not linked.", "1 pairs of stays were not linked."},
		{"2 networks", "2 networks", "2 networks"},
	} {
		assert.Equal(t, c[1], small.Gate{}.Note(c[0]))
		assert.Equal(t, c[2], small.Gate{AllowSmall: true}.Note(c[0]))
	}
}

// Whatever is shown of numbers in ranges beside their sum holds the numbers, and
// leaves every value of a hidden one possible.
func TestRangesHideEveryNumber(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		counts := rapid.SliceOfN(rapid.IntRange(0, 40), 1, 6).Draw(t, "counts")
		total := 0
		for _, n := range counts {
			total += n
		}
		exact := referral.Count(float64(total))
		cells, whole := small.Ranges{}.Within(exact, counts...)
		lo, hi := 0.0, 0.0
		for i, c := range cells {
			require.True(t, c.Lo <= float64(counts[i]) && float64(counts[i]) <= c.Hi, "%v of %v", c, counts)
			lo, hi = lo+c.Lo, hi+c.Hi
		}
		require.True(t, whole.Lo <= float64(total) && float64(total) <= whole.Hi)
		for i, c := range cells {
			if counts[i] < small.Lo || counts[i] > small.Hi {
				continue
			}
			require.Equal(t, referral.Between(small.Lo, small.Hi), c)
			for v := c.Lo; v <= c.Hi; v++ {
				require.True(t, lo-c.Lo+v <= whole.Hi && hi-c.Hi+v >= whole.Lo, "%v of %v", v, counts)
			}
		}
	})
}

// 33 in all: whether the small one is 1 or 4 decides in which range of five the
// other is, so that both are taken together: 25 to 34.
func TestRangesBesideTheirSum(t *testing.T) {
	for n := 1; n <= 4; n++ {
		cells, whole := small.Ranges{}.Within(referral.Count(33), 33-n, n)
		assert.Equal(t, []referral.Cell{referral.Between(25, 34), referral.Between(1, 4)}, cells, n)
		assert.Equal(t, referral.Count(33), whole)
	}
	cells, _ := small.Ranges{AllowSmall: true}.Within(referral.Count(33), 30, 3)
	assert.Equal(t, []referral.Cell{referral.Count(30), referral.Count(3)}, cells)
	// 4 and 4 of 8: nothing else can be widened, and so the sum is.
	_, whole := small.Ranges{}.Within(referral.Count(8), 4, 4)
	assert.Equal(t, referral.Between(2, 8), whole)
}
