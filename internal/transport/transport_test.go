// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/transport"
)

func Example() {
	cell := func(row, col int, r transport.Range) transport.Cell {
		return transport.Cell{Row: row, Col: col, Range: r}
	}
	p, err := transport.New(transport.Problem{
		Rows:  []transport.Range{transport.At(10), transport.At(7)},
		Cols:  []transport.Range{transport.At(8), transport.Any},
		Total: transport.Any,
		Cells: []transport.Cell{
			cell(0, 0, transport.Any), cell(0, 1, transport.Range{Lo: 1, Hi: 4}),
			cell(1, 0, transport.Any), cell(1, 1, transport.Any),
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	bounds, err := p.Bounds(context.Background(), 0)
	fmt.Println(bounds, err)
	lo, hi, err := p.Linear(context.Background(), []float64{0, 1, 1, 0}) // off the diagonal
	fmt.Println(lo, hi, err)
	// Output:
	// [{6 8} {2 4} {0 2} {5 7}] <nil>
	// 2 6 <nil>
}

func boxes(r ...transport.Range) []transport.Cell {
	out := make([]transport.Cell, len(r))
	for i := range r {
		out[i] = transport.Cell{Row: i / 2, Col: i % 2, Range: r[i]}
	}
	return out
}

func TestWithoutBounds(t *testing.T) {
	ctx := t.Context()
	unknown, present := transport.Any, transport.Range{Lo: 1, Hi: transport.Open}
	p, err := transport.New(transport.Problem{
		Rows: []transport.Range{transport.At(5), unknown}, Cols: []transport.Range{unknown, unknown}, Total: unknown,
		Cells: boxes(present, present, present, transport.At(3)),
	})
	require.NoError(t, err)
	b, err := p.Bounds(ctx, 1)
	require.NoError(t, err)
	assert.Equal(t, []transport.Range{{Lo: 1, Hi: 4}, {Lo: 1, Hi: 4}, present, transport.At(3)}, b)
	m, err := p.Margins(ctx, 1)
	require.NoError(t, err)
	assert.Equal(t, []transport.Range{transport.At(5), {Lo: 4, Hi: transport.Open}}, m.Rows)
	assert.Equal(t, []transport.Range{{Lo: 2, Hi: transport.Open}, {Lo: 4, Hi: 7}}, m.Cols)
	assert.Equal(t, transport.Range{Lo: 9, Hi: transport.Open}, m.Total)

	lo, hi, err := p.Linear(ctx, []float64{1, 2, 0.5, 0})
	require.NoError(t, err)
	assert.Equal(t, []float64{4 + 2 + 0.5, math.Inf(1)}, []float64{lo, hi})
	lo, hi, err = p.Linear(ctx, []float64{1, 2, 0, 10})
	require.NoError(t, err)
	assert.Equal(t, []float64{36, 39}, []float64{lo, hi})
	lo, hi, err = p.Linear(ctx, []float64{0, 0, -1, 0})
	require.NoError(t, err)
	assert.Equal(t, []float64{math.Inf(-1), -1}, []float64{lo, hi})

	assert.Nil(t, p.Sampler(b, 1, 1))
	all, err := p.Enumerate(ctx, 100, func([]int64) bool { t.Error("a table"); return true })
	require.NoError(t, err)
	assert.False(t, all)
	for _, cost := range [][]float64{{1}, {1, 2, math.NaN(), 3}, {1, 2, 3, math.Inf(1)}} {
		_, _, err = p.Linear(ctx, cost)
		require.ErrorIs(t, err, transport.ErrProblem)
	}
}

// Two columns whose totals leave one degree of freedom: what one row loses in a
// column it gains in the other, without limit if all cells are open.
func TestOpenCycle(t *testing.T) {
	p, err := transport.New(transport.Problem{
		Rows: []transport.Range{transport.Any, transport.At(4)}, Cols: []transport.Range{transport.Any, transport.Any}, Total: transport.Any,
		Cells: boxes(transport.Any, transport.Any, transport.Any, transport.Any),
	})
	require.NoError(t, err)
	b, err := p.Bounds(t.Context(), 0)
	require.NoError(t, err)
	assert.Equal(t, []transport.Range{transport.Any, transport.Any, {Lo: 0, Hi: 4}, {Lo: 0, Hi: 4}}, b)
	// The more in row 0 the less it costs, if column 0 is cheaper by any means.
	lo, hi, err := p.Linear(t.Context(), []float64{-1e-3, 1, 5, 5})
	require.NoError(t, err)
	assert.Equal(t, []float64{math.Inf(-1), math.Inf(1)}, []float64{lo, hi})
}

func TestEmpty(t *testing.T) {
	p, err := transport.New(transport.Problem{Total: transport.Any})
	require.NoError(t, err)
	assert.Zero(t, p.Len())
	b, err := p.Bounds(t.Context(), 0)
	require.NoError(t, err)
	assert.Empty(t, b)
	lo, hi, err := p.Linear(t.Context(), nil)
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 0}, []float64{lo, hi})
	n := 0
	all, err := p.Enumerate(t.Context(), 1, func([]int64) bool { n++; return true })
	require.NoError(t, err)
	assert.True(t, all)
	assert.Equal(t, 1, n)
	assert.Empty(t, p.Sampler(b, 0, 0).Uniform())
	_, err = transport.New(transport.Problem{Total: transport.At(1)})
	require.EqualError(t, err, "transport: no table agrees with the total")
}

// Hospitals 0 and 1 are in network 0, whose flow to each column is known from a
// table of networks: the two tables together give the cells away.
func TestTwoLevels(t *testing.T) {
	p := transport.Problem{
		Rows: []transport.Range{transport.At(6), transport.At(5), transport.At(4)}, Cols: []transport.Range{transport.Any, transport.Any}, Total: transport.Any,
		Cells:   boxes(transport.Any, transport.Any, transport.Any, transport.At(5), transport.Any, transport.Any),
		Groups:  []transport.Group{{Parent: -1, Range: transport.Any, Cols: []transport.Range{transport.At(2), transport.Any}}},
		GroupOf: []int{0, 0, -1},
	}
	q, err := transport.New(p)
	require.NoError(t, err)
	b, err := q.Bounds(t.Context(), 0)
	require.NoError(t, err)
	assert.Equal(t, []transport.Range{transport.At(2), transport.At(4), transport.At(0), transport.At(5), {Lo: 0, Hi: 4}, {Lo: 0, Hi: 4}}, b)
	m, err := q.Margins(t.Context(), 0)
	require.NoError(t, err)
	assert.Equal(t, [][]transport.Range{{transport.At(2), transport.At(9)}}, m.Blocks)
	assert.Equal(t, []transport.Range{transport.At(11)}, m.Groups)

	p.Groups[0].Cols[1] = transport.At(8)
	_, err = transport.New(p)
	require.EqualError(t, err, "transport: no table agrees with cells [3] rows [0] blocks [[0 0] [0 1]]")
}

// Chains that respect totals reach all tables, each about as often. With 9
// tables and 9000 draws a count has a standard deviation of about 30.
func TestUniform(t *testing.T) {
	p, err := transport.New(transport.Problem{
		Rows: []transport.Range{transport.At(4), transport.At(4), transport.At(2)}, Cols: []transport.Range{transport.At(5), transport.At(5)}, Total: transport.Any,
		Cells: boxes(transport.Any, transport.Any, transport.Any, transport.Any, transport.Range{Lo: 0, Hi: 1}, transport.Any),
	})
	require.NoError(t, err)
	var all []string
	complete, err := p.Enumerate(t.Context(), 100, func(x []int64) bool {
		all = append(all, fmt.Sprint(x))
		return true
	})
	require.NoError(t, err)
	require.True(t, complete)
	require.Len(t, all, 9)
	b, err := p.Bounds(t.Context(), 0)
	require.NoError(t, err)
	s := p.Sampler(b, 5, 6)
	count := make([]int, len(all))
	for range 1000 * len(all) {
		count[slices.Index(all, fmt.Sprint(s.Uniform()))]++
	}
	for i, n := range count {
		assert.InDelta(t, 1000, n, 150, all[i])
	}
}

// Enumeration stops at its limit, and when the visitor has enough.
func TestEnumerateLimit(t *testing.T) {
	p, err := transport.New(transport.Problem{
		Rows: []transport.Range{transport.Any}, Cols: []transport.Range{transport.Any, transport.Any}, Total: transport.Any,
		Cells: boxes(transport.Range{Lo: 0, Hi: 9}, transport.Range{Lo: 1, Hi: 10}),
	})
	require.NoError(t, err)
	for limit, want := range map[int]bool{99: false, 100: true} {
		n := 0
		all, err := p.Enumerate(t.Context(), limit, func([]int64) bool { n++; return true })
		require.NoError(t, err)
		assert.Equal(t, want, all)
		assert.Equal(t, limit, n)
	}
	n := 0
	all, err := p.Enumerate(t.Context(), 1000, func([]int64) bool { n++; return n < 5 })
	require.NoError(t, err)
	assert.False(t, all)
	assert.Equal(t, 5, n)
}
