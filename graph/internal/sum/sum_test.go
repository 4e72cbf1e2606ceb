// SPDX-License-Identifier: Apache-2.0

package sum_test

import (
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph/internal/sum"
)

func TestOf(t *testing.T) {
	assert.Zero(t, sum.Of(nil))
	assert.Equal(t, 2.0, sum.Of([]float64{1, 1e100, 1, -1e100}))
	assert.Equal(t, 5e-324, sum.Of([]float64{5e-324}))
}

// TestExact compares with exact arithmetic: positive terms add up to the
// nearest float64 or its neighbor.
func TestExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64Range(0, 1e20), 0, 200).Draw(t, "x")
		exact := new(big.Float).SetPrec(4000)
		for _, v := range x {
			exact.Add(exact, big.NewFloat(v))
		}
		want, _ := exact.Float64()
		assert.InEpsilon(t, 1+want, 1+sum.Of(x), 2.3e-16)
	})
}
