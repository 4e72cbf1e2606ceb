// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/referral"
)

// grid makes a grid with labels r0, r1, ... and c0, c1, ...
func grid(counts ...[]int64) Grid {
	g := Grid{Counts: counts}
	for i := range counts {
		g.Rows = append(g.Rows, fmt.Sprintf("r%02d", i))
	}
	if len(counts) > 0 {
		for j := range counts[0] {
			g.Columns = append(g.Columns, fmt.Sprintf("c%02d", j))
		}
	}
	return g
}

// into reads a value of the catalogue; it skips the test of a key that is not
// published.
func into[T any](t *testing.T, key string) T {
	t.Helper()
	v, _ := catalogue.Into[T](t, key)
	return v
}

// table makes a flow table of a grid.
func table(t testing.TB, g Grid) *referral.Table {
	t.Helper()
	out, err := referral.FromFlows(referral.Meta{Unit: referral.Patients}, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for i, row := range g.Counts {
			for j, x := range row {
				c := referral.Count(float64(max(x, 0)))
				if x == Structural {
					c = referral.StructuralCell()
				}
				if !yield(referral.Flow{Origin: g.Rows[i], Destination: g.Columns[j], Cell: c}) {
					return
				}
			}
		}
	})
	require.NoError(t, err)
	return out
}

// flows draws a table like those of referral between networks: a heavy
// diagonal, many small and empty cells.
func flows(r *rand.Rand, n int, scale float64) Grid {
	g := Grid{Counts: zeros(n, n)}
	size := make([]float64, n)
	for i := range n {
		g.Rows = append(g.Rows, fmt.Sprintf("N%02d", i))
		size[i] = scale * math.Exp(r.NormFloat64()*0.7)
	}
	g.Columns = g.Rows
	for i := range n {
		for j := range n {
			mean := size[i] * size[j] / (scale * float64(n)) * 0.6
			if i == j {
				mean = size[i] * 3
			}
			g.Counts[i][j] = poisson(r, mean*math.Exp(r.NormFloat64()*1.2))
		}
	}
	return g
}

func poisson(r *rand.Rand, mean float64) int64 {
	if mean > 50 {
		return max(0, int64(math.Round(mean+math.Sqrt(mean)*r.NormFloat64())))
	}
	limit, p, k := math.Exp(-mean), 1.0, int64(-1)
	for p > limit {
		p *= r.Float64()
		k++
	}
	return k
}
