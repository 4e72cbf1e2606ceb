// SPDX-License-Identifier: Apache-2.0

package quantile_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/oncoref/oncoref/internal/quantile"
)

func TestType7(t *testing.T) {
	of := func(q float64, x ...float64) float64 {
		return quantile.Type7(len(x), func(i int) float64 { return x[i] }, q)
	}
	for _, c := range []struct{ q, want float64 }{
		{0, 1},
		{0.25, 1.75}, // h = 0.25 · 3 = 0.75: 1 + 0.75 · (2 - 1)
		{0.5, 3},     // h = 1.5: 2 + 0.5 · (4 - 2)
		{0.9, 8.2},   // h = 2.7: 4 + 0.7 · (10 - 4)
		{1, 10},
	} {
		assert.InDelta(t, c.want, of(c.q, 1, 2, 4, 10), 1e-12, "%v", c.q)
	}
	assert.Equal(t, 7.0, of(0.3, 7))
	assert.True(t, math.IsNaN(of(0.5)))
}
