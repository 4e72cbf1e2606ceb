// SPDX-License-Identifier: Apache-2.0

package transport_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/internal/transport"
)

// cap of the cells of random problems, so that all tables can be listed.
const most = 3

// problems draws small problems: most of them agree with a hidden table.
func problems(t *rapid.T) transport.Problem {
	rows, cols := rapid.IntRange(1, 3).Draw(t, "rows"), rapid.IntRange(1, 3).Draw(t, "cols")
	var p transport.Problem
	groups := rapid.IntRange(0, 3).Draw(t, "groups")
	for g := range groups {
		p.Groups = append(p.Groups, transport.Group{Parent: rapid.IntRange(-1, g-1).Draw(t, "parent"), Range: transport.Any})
		if rapid.Bool().Draw(t, "blocks") {
			p.Groups[g].Cols = make([]transport.Range, cols)
		}
	}
	for range rows {
		if groups > 0 {
			p.GroupOf = append(p.GroupOf, rapid.IntRange(-1, groups-1).Draw(t, "group"))
		}
	}
	p.Rows, p.Cols = make([]transport.Range, rows), make([]transport.Range, cols)
	var hidden []int64
	for i := range rows {
		for j := range cols {
			if rapid.IntRange(0, 4).Draw(t, "listed") == 0 {
				continue
			}
			x := rapid.Int64Range(0, most).Draw(t, "count")
			r := transport.Range{Lo: rapid.Int64Range(0, x).Draw(t, "lo"), Hi: rapid.Int64Range(x, most).Draw(t, "hi")}
			hidden = append(hidden, x)
			p.Cells = append(p.Cells, transport.Cell{Row: i, Col: j, Range: r})
		}
	}
	about := func(x int64) transport.Range {
		switch rapid.IntRange(0, 3).Draw(t, "known") {
		case 0:
			return transport.Any
		case 1:
			return transport.Range{Lo: max(0, x-1), Hi: x + 1}
		case 2:
			return transport.Range{Lo: max(0, x-1), Hi: transport.Open}
		}
		return transport.At(x + rapid.SampledFrom([]int64{0, 0, 0, 0, 0, 0, 1}).Draw(t, "wrong"))
	}
	s := sums(p, hidden)
	for i := range p.Rows {
		p.Rows[i] = about(s.rows[i])
	}
	for j := range p.Cols {
		p.Cols[j] = about(s.cols[j])
	}
	p.Total = about(s.total)
	for g := range p.Groups {
		p.Groups[g].Range = about(s.groups[g])
		for j := range p.Groups[g].Cols {
			p.Groups[g].Cols[j] = about(s.blocks[g][j])
		}
	}
	return p
}

type totals struct {
	rows, cols, groups []int64
	blocks             [][]int64
	total              int64
}

func sums(p transport.Problem, x []int64) totals {
	s := totals{rows: make([]int64, len(p.Rows)), cols: make([]int64, len(p.Cols)), groups: make([]int64, len(p.Groups))}
	for range p.Groups {
		s.blocks = append(s.blocks, make([]int64, len(p.Cols)))
	}
	for i, c := range p.Cells {
		s.rows[c.Row] += x[i]
		s.cols[c.Col] += x[i]
		s.total += x[i]
		if p.GroupOf == nil {
			continue
		}
		for g := p.GroupOf[c.Row]; g >= 0; g = p.Groups[g].Parent {
			s.groups[g] += x[i]
			s.blocks[g][c.Col] += x[i]
		}
	}
	return s
}

func within(x int64, r transport.Range) bool { return r.Lo <= x && x <= r.Hi }

func agrees(p transport.Problem, x []int64) bool {
	s := sums(p, x)
	ok := within(s.total, p.Total)
	for i, r := range p.Rows {
		ok = ok && within(s.rows[i], r)
	}
	for j, r := range p.Cols {
		ok = ok && within(s.cols[j], r)
	}
	for g, r := range p.Groups {
		ok = ok && within(s.groups[g], r.Range)
		for j, r := range r.Cols {
			ok = ok && within(s.blocks[g][j], r)
		}
	}
	return ok
}

// tables lists all tables that agree, trying everything; cells up to limit.
func tables(p transport.Problem, limit int64) [][]int64 {
	var out [][]int64
	x := make([]int64, len(p.Cells))
	var fill func(i int)
	fill = func(i int) {
		if i == len(x) {
			if agrees(p, x) {
				out = append(out, slices.Clone(x))
			}
			return
		}
		for x[i] = p.Cells[i].Lo; x[i] <= min(limit, p.Cells[i].Hi); x[i]++ {
			fill(i + 1)
		}
	}
	fill(0)
	return out
}

// extremes gives the range of a number over tables.
func extremes(all [][]int64, f func(x []int64) int64) transport.Range {
	r := transport.Range{Lo: math.MaxInt64, Hi: math.MinInt64}
	for _, x := range all {
		r.Lo, r.Hi = min(r.Lo, f(x)), max(r.Hi, f(x))
	}
	return r
}

func TestEqualsEnumeration(t *testing.T) {
	feasible := 0
	rapid.Check(t, func(t *rapid.T) {
		problem := problems(t)
		all := tables(problem, most)
		p, err := transport.New(problem)
		if len(all) == 0 {
			var conflict *transport.InfeasibleError
			require.ErrorAs(t, err, &conflict)
			irreducible(t, problem, conflict)
			return
		}
		require.NoError(t, err)
		feasible++
		ctx := t.Context()
		assert.Contains(t, all, p.Complete())

		bounds, err := p.Bounds(ctx, rapid.IntRange(0, 3).Draw(t, "workers"))
		require.NoError(t, err)
		for i := range problem.Cells {
			assert.Equal(t, extremes(all, func(x []int64) int64 { return x[i] }), bounds[i])
		}

		m, err := p.Margins(ctx, 2)
		require.NoError(t, err)
		for i := range problem.Rows {
			assert.Equal(t, extremes(all, func(x []int64) int64 { return sums(problem, x).rows[i] }), m.Rows[i])
		}
		for j := range problem.Cols {
			assert.Equal(t, extremes(all, func(x []int64) int64 { return sums(problem, x).cols[j] }), m.Cols[j])
		}
		assert.Equal(t, extremes(all, func(x []int64) int64 { return sums(problem, x).total }), m.Total)
		for g := range problem.Groups {
			assert.Equal(t, extremes(all, func(x []int64) int64 { return sums(problem, x).groups[g] }), m.Groups[g])
			for j := range problem.Groups[g].Cols {
				assert.Equal(t, extremes(all, func(x []int64) int64 { return sums(problem, x).blocks[g][j] }), m.Blocks[g][j])
			}
		}

		cost := make([]float64, len(problem.Cells))
		for i := range cost {
			cost[i] = rapid.SampledFrom([]float64{-1, 0, 1, 0.3, -2.7, 1e-3}).Draw(t, "cost")
		}
		wantLo, wantHi := math.Inf(1), math.Inf(-1)
		for _, x := range all {
			v := 0.0
			for i, c := range cost {
				v += c * float64(x[i])
			}
			wantLo, wantHi = min(wantLo, v), max(wantHi, v)
		}
		lo, hi, err := p.Linear(ctx, cost)
		require.NoError(t, err)
		assert.InDelta(t, wantLo, lo, 1e-9)
		assert.InDelta(t, wantHi, hi, 1e-9)

		var listed [][]int64
		complete, err := p.Enumerate(ctx, 1<<20, func(x []int64) bool {
			listed = append(listed, slices.Clone(x))
			return true
		})
		require.NoError(t, err)
		assert.True(t, complete)
		assert.Equal(t, all, listed)

		s := p.Sampler(bounds, 1, 2)
		for range 5 {
			assert.True(t, agrees(problem, s.Uniform()))
			v, err := s.Vertex(ctx)
			require.NoError(t, err)
			assert.Contains(t, all, v)
		}
	})
	assert.Positive(t, feasible)
}

// irreducible checks that the conflict alone has no table, and that it has one
// without any of its parts.
func irreducible(t *rapid.T, p transport.Problem, e *transport.InfeasibleError) {
	small := len(p.Cells) <= 4
	if small {
		assert.Empty(t, tables(only(p, e, -1), 8), e)
	}
	for left := range e.Len() {
		_, err := transport.New(only(p, e, left))
		assert.NoError(t, err, "%v is not needed in %v", left, e)
		if small {
			assert.NotEmpty(t, tables(only(p, e, left), 12), e)
		}
	}
}

// only frees everything but the conflict, of which one part is left out.
func only(p transport.Problem, e *transport.InfeasibleError, left int) transport.Problem {
	q := transport.Problem{Total: transport.Any, GroupOf: p.GroupOf}
	q.Rows, q.Cols = slices.Clone(p.Rows), slices.Clone(p.Cols)
	for i := range q.Rows {
		q.Rows[i] = transport.Any
	}
	for i := range q.Cols {
		q.Cols[i] = transport.Any
	}
	for _, c := range p.Cells {
		c.Range = transport.Any
		q.Cells = append(q.Cells, c)
	}
	for _, g := range p.Groups {
		g.Range, g.Cols = transport.Any, slices.Clone(g.Cols)
		for j := range g.Cols {
			g.Cols[j] = transport.Any
		}
		q.Groups = append(q.Groups, g)
	}
	n := 0
	keep := func(set func()) {
		if n != left {
			set()
		}
		n++
	}
	for _, i := range e.Cells {
		keep(func() { q.Cells[i] = p.Cells[i] })
	}
	for _, i := range e.Rows {
		keep(func() { q.Rows[i] = p.Rows[i] })
	}
	for _, i := range e.Cols {
		keep(func() { q.Cols[i] = p.Cols[i] })
	}
	for _, i := range e.Groups {
		keep(func() { q.Groups[i].Range = p.Groups[i].Range })
	}
	for _, b := range e.Blocks {
		keep(func() { q.Groups[b[0]].Cols[b[1]] = p.Groups[b[0]].Cols[b[1]] })
	}
	if e.Total {
		keep(func() { q.Total = p.Total })
	}
	return q
}

func TestErrors(t *testing.T) {
	unknown := transport.Any
	two := []transport.Range{unknown, unknown}
	cell := func(r, c int) []transport.Cell { return []transport.Cell{{Row: r, Col: c, Range: unknown}} }
	for name, p := range map[string]transport.Problem{
		"row":        {Rows: two, Cols: two, Total: unknown, Cells: cell(2, 0)},
		"column":     {Rows: two, Cols: two, Total: unknown, Cells: cell(0, -1)},
		"negative":   {Rows: []transport.Range{{Lo: -1, Hi: 3}}, Total: unknown},
		"large":      {Rows: []transport.Range{{Lo: 0, Hi: 1 << 60}}, Total: unknown},
		"overflow":   {Rows: []transport.Range{{Lo: 0, Hi: math.MaxInt64 - 1}, {Lo: 0, Hi: math.MaxInt64 - 1}, {Lo: 0, Hi: math.MaxInt64 - 1}}, Total: unknown},
		"groupOf":    {Rows: two, Cols: two, Total: unknown, GroupOf: []int{0}},
		"no group":   {Rows: two, Cols: two, Total: unknown, GroupOf: []int{0, 0}},
		"parent":     {Rows: two, Cols: two, Total: unknown, Groups: []transport.Group{{Parent: 0}}},
		"group cols": {Rows: two, Cols: two, Total: unknown, Groups: []transport.Group{{Parent: -1, Cols: two[:1]}}},
	} {
		_, err := transport.New(p)
		require.ErrorIs(t, err, transport.ErrProblem, name)
	}
	_, err := transport.New(transport.Problem{Rows: []transport.Range{{Lo: 3, Hi: 2}}, Total: unknown})
	var conflict *transport.InfeasibleError
	require.True(t, errors.As(err, &conflict))
	assert.Equal(t, &transport.InfeasibleError{Rows: []int{0}}, conflict)
	assert.EqualError(t, err, "transport: no table agrees with rows [0]")
}
