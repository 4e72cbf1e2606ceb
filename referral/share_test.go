// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral"
)

func TestShareOf(t *testing.T) {
	open := math.Inf(1)
	for _, c := range []struct {
		name       string
		part, rest referral.Cell
		lo, hi     float64
		n          int
	}{
		{"known", referral.Count(3), referral.Count(9), 0.25, 0.25, 12},
		{"fractions", referral.Count(0.5), referral.Count(1), 1. / 3, 1. / 3, 0},
		{"corners", referral.Between(1, 4), referral.Between(4, 12), 1. / 13, 0.5, 0},
		{"a whole that is known", referral.Count(0), referral.Count(7), 0, 0, 7},
		{"all in the part", referral.Between(0, 4), referral.Count(0), 1, 1, 0},
		{"none in the part", referral.Count(0), referral.Between(0, 4), 0, 0, 0},
		{"perhaps nobody", referral.Between(0, 4), referral.Between(0, 4), 0, 1, 0},
		{"open part", referral.Between(2, open), referral.Count(2), 0.5, 1, 0},
		{"open rest", referral.Count(2), referral.Between(2, open), 0, 0.5, 0},
	} {
		s := referral.ShareOf(c.part, c.rest, referral.ReasonZeroRow)
		assert.Equal(t, [2]float64{c.lo, c.hi}, [2]float64{s.Lo, s.Hi}, c.name)
		assert.Equal(t, c.n, s.N, c.name)
		assert.Equal(t, c.lo == c.hi && c.part.Lo+c.rest.Lo > 0, s.Status == referral.OK, c.name)
		assert.Equal(t, c.part.Lo+c.rest.Lo == 0, s.Reason == referral.ReasonZeroPossible, c.name)
		assert.Equal(t, c.part, s.Part)
	}
	s := referral.ShareOf(referral.Count(0), referral.Count(0), referral.ReasonZeroRow)
	assert.Equal(t, "undefined: zero_row", s.String())
	assert.Equal(t, "undefined: zero_denominator", referral.ShareIn(0, 0).String())
	assert.Equal(t, 0.25, referral.ShareIn(3, 12).Value)
	assert.Equal(t, 12, referral.ShareIn(3, 12).N)
}

// The bounds are those of all whole counts, and of known counts the share.
func TestShareOfAllCounts(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		draw := func(name string) referral.Cell {
			lo := rapid.IntRange(0, 6).Draw(rt, name)
			return referral.Between(float64(lo), float64(lo+rapid.IntRange(0, 5).Draw(rt, "width")))
		}
		part, rest := draw("part"), draw("rest")
		lo, hi := math.Inf(1), math.Inf(-1)
		for x := part.Lo; x <= part.Hi; x++ {
			for y := rest.Lo; y <= rest.Hi; y++ {
				if x+y > 0 {
					lo, hi = min(lo, referral.ShareIn(x, x+y).Value), max(hi, referral.ShareIn(x, x+y).Value)
				}
			}
		}
		s := referral.ShareOf(part, rest, referral.ReasonZeroRow)
		if lo > hi {
			assert.Equal(t, referral.Undefined, s.Status)
			return
		}
		assert.Equal(t, [2]float64{lo, hi}, [2]float64{s.Lo, s.Hi})
	})
}
