// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/internal/catalogue"
)

// roundings lists all controlled roundings of a grid with their L1 and L2.
func roundings(g Grid, base int64, use func(table [][]int64, l1, l2 int64)) {
	rows, cols := len(g.Rows), len(g.Columns)
	out := zeros(rows, cols)
	ok := func(sum, truth int64) bool {
		return sum == truth || truth%base != 0 && (sum == truth/base*base || sum == truth/base*base+base)
	}
	abs := func(x int64) int64 { return max(x, -x) }
	var fill func(k int)
	fill = func(k int) {
		if k == rows*cols {
			var l1, l2, all, total int64
			for i := range rows {
				var s, o int64
				for j := range cols {
					d := out[i][j] - g.Counts[i][j]
					l1 += abs(d)
					l2 += d * d
					s += out[i][j]
					o += g.Counts[i][j]
				}
				if !ok(s, o) {
					return
				}
				l1 += abs(s - o)
				all += s
				total += o
			}
			for j := range cols {
				var s, o int64
				for i := range rows {
					s += out[i][j]
					o += g.Counts[i][j]
				}
				if !ok(s, o) {
					return
				}
				l1 += abs(s - o)
			}
			if ok(all, total) {
				use(out, l1+abs(all-total), l2)
			}
			return
		}
		i, j := k/cols, k%cols
		x := g.Counts[i][j]
		out[i][j] = x / base * base
		fill(k + 1)
		if x%base != 0 {
			out[i][j] += base
			fill(k + 1)
		}
	}
	fill(0)
}

func TestControlledIsOptimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGrid(t, rapid.IntRange(1, 4).Draw(t, "rows"), rapid.IntRange(1, 3).Draw(t, "cols"), 23)
		base := rapid.SampledFrom([]int64{2, 3, 5, 10}).Draw(t, "base")
		var feasible, optima int64
		bestL1, bestL2 := int64(math.MaxInt64), int64(0)
		var best [][]int64
		roundings(g, base, func(table [][]int64, l1, l2 int64) {
			feasible++
			if l1 < bestL1 {
				bestL1, optima, best = l1, 0, nil
			}
			if l1 > bestL1 {
				return
			}
			optima++
			if best == nil || l2 < bestL2 || l2 == bestL2 && slices.CompareFunc(table, best, slices.Compare) < 0 {
				bestL2, best = l2, nil
				for _, row := range table {
					best = append(best, slices.Clone(row))
				}
			}
		})
		r, err := RoundGrid(context.Background(), g, RoundConfig{Base: int(base), Count: true})
		if err != nil {
			t.Fatal(err)
		}
		if r.L1 != bestL1 || r.L2 != bestL2 || r.Feasible != feasible || r.Optima != optima || !slices.EqualFunc(r.Counts, best, slices.Equal) {
			t.Fatalf("%v base %d: got %v L1 %d L2 %d of %d/%d, want %v %d %d of %d/%d", g.Counts, base, r.Counts, r.L1, r.L2, r.Optima, r.Feasible, best, bestL1, bestL2, optima, feasible)
		}
	})
}

func TestControlledAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGrid(t, 6, 5, 1000)
		g.Groups = []string{"x", "x", "", "y", "y", "y"}
		r, err := RoundGrid(context.Background(), g, RoundConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.RowSums(), r.RowTotals) {
			t.Fatalf("rows %v, totals %v", r.RowSums(), r.RowTotals)
		}
		var all, x int64
		for _, s := range r.RowTotals {
			all += s
		}
		for j := range g.Columns {
			var s int64
			for i := range g.Rows {
				s += r.Counts[i][j]
				if d := r.Counts[i][j] - g.Counts[i][j]; d <= -5 || d >= 5 || r.Counts[i][j]%5 != 0 {
					t.Fatalf("%d became %d", g.Counts[i][j], r.Counts[i][j])
				}
			}
			if s != r.ColumnTotals[j] || r.GroupCells[0][j] != r.Counts[0][j]+r.Counts[1][j] {
				t.Fatalf("column %d: %d, total %d", j, s, r.ColumnTotals[j])
			}
			x += r.GroupCells[0][j]
		}
		if all != r.Total || x != r.GroupTotals[0] {
			t.Fatalf("%d, total %d", all, r.Total)
		}
	})
}

func TestRandomRounding(t *testing.T) {
	g := grid([]int64{0, 1, 2, 3, 4, 5, 7})
	const draws = 4000
	sums := make([]float64, 7)
	for seed := range uint64(draws) {
		r, err := RoundGrid(t.Context(), g, RoundConfig{Method: Random, Seed: seed})
		require.NoError(t, err)
		for j, x := range r.Counts[0] {
			sums[j] += float64(x) / draws
		}
	}
	for j, n := range g.Counts[0] {
		assert.InDelta(t, float64(n), sums[j], 0.2, "unbiased")
	}
	a, err := RoundGrid(t.Context(), g, RoundConfig{Method: Random, Seed: 3})
	require.NoError(t, err)
	b, err := RoundGrid(t.Context(), g, RoundConfig{Method: Random, Seed: 3})
	require.NoError(t, err)
	assert.Equal(t, a, b)
}

func TestReaderRanges(t *testing.T) {
	for _, method := range []RoundMethod{Controlled, Random, Conventional} {
		for base := 1; base < 12; base++ {
			for n := range int64(40) {
				r, err := RoundGrid(t.Context(), grid([]int64{n, 3, 8}), RoundConfig{Base: base, Method: method, Seed: uint64(n)})
				require.NoError(t, err)
				c := r.Reader(r.Counts[0][0])
				assert.LessOrEqual(t, c.Lo, float64(n))
				assert.GreaterOrEqual(t, c.Hi, float64(n))
			}
		}
	}
	r := &Rounding{Base: 5, Method: Conventional}
	assert.Equal(t, "[8, 12]", r.Reader(10).String())
	r.Method = Random
	assert.Equal(t, "[6, 14]", r.Reader(10).String())
	assert.Equal(t, "[0, 4]", r.Reader(0).String())
}

func TestRoundTable(t *testing.T) {
	r, err := Round(t.Context(), catalogue.Table(t, "example_flows.csv"), RoundConfig{})
	require.NoError(t, err)
	p, err := r.Table()
	require.NoError(t, err)
	assert.Equal(t, "[11, 19]", p.Cell("D", "D").String())
	assert.Len(t, p.Totals().Origins, 5)
	_, err = RoundGrid(t.Context(), Grid{}, RoundConfig{Base: -1})
	require.ErrorIs(t, err, ErrConfig)
}
