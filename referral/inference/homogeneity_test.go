// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral"
)

func exactly(counts ...float64) []referral.Cell {
	out := make([]referral.Cell, len(counts))
	for i, x := range counts {
		out[i] = referral.Count(x)
	}
	return out
}

func gridOf(n int, cells []referral.Cell) grid {
	g := grid{rows: slices.Repeat([]bool{true}, n), cells: cells}
	for i := range n {
		g.classes = append(g.classes, string(rune('A'+i)))
	}
	return g
}

// drawGrids gives two tables of n classes with cells that are open by chance.
func drawGrids(rt *rapid.T, n, most, widest, open int) (a, b grid) {
	var grids [2]grid
	for k := range grids {
		cells := make([]referral.Cell, n*n)
		for i := range cells {
			lo := float64(rapid.IntRange(0, most).Draw(rt, "lo"))
			cells[i] = referral.Count(lo)
			if rapid.IntRange(1, 10).Draw(rt, "open") <= open {
				cells[i] = referral.Between(lo, lo+float64(rapid.IntRange(1, widest).Draw(rt, "width")))
			}
		}
		grids[k] = gridOf(n, cells)
	}
	return grids[0], grids[1]
}

// everyCompletion tests all completions of two grids, each as exact tables.
func everyCompletion(t testing.TB, a, b grid) (x2, p span, ways int) {
	k := len(a.cells)
	n := len(a.classes)
	require.NoError(t, completions(slices.Concat(a.cells, b.cells), 1e6, func(x []float64) error {
		h, err := homogeneity(t.Context(), gridOf(n, exactly(x[:k]...)), gridOf(n, exactly(x[k:]...)), PermutationConfig{})
		require.NoError(t, err)
		require.True(t, h.Exact || h.X2.Status == referral.Undefined)
		x2.add(h.X2.Value)
		p.add(h.P.Value)
		ways++
		return nil
	}))
	return x2, p, ways
}

// The ranges of the statistic and of the p-value against every completion.
func TestRangesOfHomogeneity(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a, b := drawGrids(rt, 2, 4, 2, 4)
		got, err := homogeneity(t.Context(), a, b, PermutationConfig{})
		require.NoError(t, err)
		x2, p, ways := everyCompletion(t, a, b)
		what := fmt.Sprint(a.cells, b.cells)
		if !x2.any {
			assert.Equal(t, referral.Undefined, got.X2.Status, what)
			assert.Equal(t, referral.Undefined, got.P.Status, what)
			return
		}
		assert.True(t, got.Exact, what)
		assert.Equal(t, ways > 1 && x2.hi-x2.lo > 1e-10, got.X2.Status == referral.Bounded, what)
		assert.InDelta(t, x2.lo, got.X2.Lo, 1e-11, what)
		assert.InDelta(t, x2.hi, got.X2.Hi, 1e-11, what)
		assert.InDelta(t, p.lo, got.P.Lo, 1e-11, what)
		assert.InDelta(t, p.hi, got.P.Hi, 1e-11, what)
		assert.Equal(t, fmt.Sprint(got.P), fmt.Sprint(got.Seen), what)

		// The envelopes for larger tables hold for small ones too.
		rows, reason := openRows(a, b)
		require.Empty(t, reason)
		groups, ok, err := groupRows(t.Context(), rows)
		require.NoError(t, err)
		require.True(t, ok)
		lo, hi := orderedRange(groups)
		assert.LessOrEqual(t, lo, p.lo+1e-12, what)
		assert.GreaterOrEqual(t, hi, p.hi-1e-12, what)
		if ways == 1 {
			assert.InDelta(t, p.lo, lo, 0.05, what) // only the grid is left
		}
		var bounds []rowBounds
		for _, r := range rows {
			bounds = append(bounds, r.bounds())
		}
		lo, hi = momentRange(bounds)
		assert.LessOrEqual(t, lo, p.lo+1e-12, what)
		assert.GreaterOrEqual(t, hi, p.hi-1e-12, what)
		h := Homogeneity{}
		require.NoError(t, h.see(t.Context(), bounds, PermutationConfig{}))
		if h.Seen.Status == referral.Envelope {
			assert.GreaterOrEqual(t, h.Seen.Lo, p.lo-1e-11, what)
			assert.LessOrEqual(t, h.Seen.Hi, p.hi+1e-11, what)
		}
	})
}

// Laws: the two tables change places, classes change names, and cells that are
// less known give ranges that hold the narrower ones.
func TestHomogeneityLaws(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		const n = 3
		a, b := drawGrids(rt, n, 4, 2, 2)
		test := func(a, b grid) Homogeneity {
			h, err := homogeneity(t.Context(), a, b, PermutationConfig{Draws: 200})
			require.NoError(t, err)
			return h
		}
		h := test(a, b)
		if h.X2.Status == referral.Undefined {
			return
		}
		same := func(name string, o Homogeneity) {
			assert.InDelta(t, h.X2.Lo, o.X2.Lo, 1e-9, name)
			assert.InDelta(t, h.X2.Hi, o.X2.Hi, 1e-9, name)
			if h.Exact && o.Exact {
				assert.InDelta(t, h.P.Lo, o.P.Lo, 1e-9, name)
				assert.InDelta(t, h.P.Hi, o.P.Hi, 1e-9, name)
			}
		}
		same("tables", test(b, a))
		turned := func(g grid) grid { // A B C become B C A
			cells := make([]referral.Cell, n*n)
			for i := range n {
				for j := range n {
					cells[(i+1)%n*n+(j+1)%n] = g.cells[i*n+j]
				}
			}
			return gridOf(n, cells)
		}
		same("classes", test(turned(a), turned(b)))
		wider := gridOf(n, slices.Clone(a.cells))
		at := rapid.IntRange(0, n*n-1).Draw(rt, "wider")
		wider.cells[at] = referral.Between(max(0, a.cells[at].Lo-1), a.cells[at].Hi+1)
		if w := test(wider, b); h.Exact {
			const near = 1e-9
			assert.LessOrEqual(t, w.X2.Lo, h.X2.Lo+near)
			assert.GreaterOrEqual(t, w.X2.Hi, h.X2.Hi-near)
			assert.LessOrEqual(t, w.P.Lo, h.P.Lo+near)
			assert.GreaterOrEqual(t, w.P.Hi, h.P.Hi-near)
		}
	})
}

// The bounds of one origin against its completions: X² by its sums and by the
// quotient of the totals, mean and variance of its law.
func TestBoundsOfRow(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 3).Draw(rt, "destinations")
		a, b := drawGrids(rt, n, 5, 3, 5)
		r := openRow{a.cells[:n], b.cells[:n]}
		var x2, off span
		widest := 0.0
		require.NoError(t, completions(slices.Concat(r.first, r.second), 1e6, func(x []float64) error {
			p, ok := pairOf(x[:n], x[n:])
			if !ok {
				return nil
			}
			v := p.x2(p.first)
			var mean, square float64
			for _, w := range p.law() {
				mean += w.probability * w.value
				square += w.probability * w.value * w.value
			}
			x2.add(v)
			off.add(v - mean)
			widest = max(widest, square-mean*mean)
			return nil
		}))
		if !x2.any {
			return
		}
		what := fmt.Sprint(r)
		got := r.bounds()
		require.True(t, got.attained)
		assert.InDelta(t, x2.lo, got.lo, 1e-10, what)
		assert.InDelta(t, x2.hi, got.hi, 1e-10, what)
		for k, want := range []float64{x2.lo, x2.hi} {
			assert.InDelta(t, want, got.ends[k].x2(got.ends[k].first), 1e-10, what)
		}
		assert.LessOrEqual(t, got.below, off.lo+1e-10, what)
		assert.GreaterOrEqual(t, got.above, off.hi-1e-10, what)
		assert.GreaterOrEqual(t, got.variance, widest-1e-10, what)
		if r.known() {
			assert.InDelta(t, widest, got.variance, 1e-9, what)
			assert.InDelta(t, off.lo, got.below, 1e-9, what)
		}
		lo, hi := r.outer(max(1, leastOf(r.first))/mostOf(r.second), mostOf(r.first)/max(1, leastOf(r.second)))
		assert.LessOrEqual(t, lo, x2.lo+1e-12, what)
		assert.GreaterOrEqual(t, hi, x2.hi-1e-12, what)
	})
}

// Tables of ten networks with small counts hidden: too many completions, and
// permutations, to go through. The exact tables lie in the ranges.
func TestRangesOfLargerTables(t *testing.T) {
	const n = 10
	rng := stream(7, 0)
	hide := func(cells []referral.Cell) []referral.Cell {
		out := slices.Clone(cells)
		for i, c := range out {
			if c.Lo > 0 && c.Lo < 5 {
				out[i] = referral.Between(1, 4)
			}
		}
		return out
	}
	for _, shift := range []float64{0, 30} {
		var tables [2][]referral.Cell
		for k := range tables {
			for i := range n * n {
				x := math.Floor(rng.Float64() * 9)
				if i/n == i%n {
					x += 40 + shift*float64(k)
				}
				tables[k] = append(tables[k], referral.Count(x))
			}
		}
		config := PermutationConfig{Draws: 5000, Seed: 1}
		exact, err := homogeneity(t.Context(), gridOf(n, tables[0]), gridOf(n, tables[1]), config)
		require.NoError(t, err)
		got, err := homogeneity(t.Context(), gridOf(n, hide(tables[0])), gridOf(n, hide(tables[1])), config)
		require.NoError(t, err)
		t.Logf("shift %v: exact %v %v, ranges %v %v seen %v", shift, exact.X2, exact.P, got.X2, got.P, got.Seen)
		assert.False(t, got.Exact)
		assert.Equal(t, referral.Bounded, got.X2.Status)
		assert.LessOrEqual(t, got.X2.Lo, exact.X2.Value)
		assert.GreaterOrEqual(t, got.X2.Hi, exact.X2.Value)
		assert.Equal(t, referral.Bounded, got.P.Status)
		assert.LessOrEqual(t, got.P.Lo, exact.P.Value)
		assert.GreaterOrEqual(t, got.P.Hi, exact.P.Value)
		assert.Equal(t, referral.Envelope, got.Seen.Status)
		assert.Equal(t, 5000, got.Draws)
		again, err := homogeneity(t.Context(), gridOf(n, hide(tables[0])), gridOf(n, hide(tables[1])), PermutationConfig{Draws: 5000, Seed: 1, Workers: 3})
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprint(got), fmt.Sprint(again))
	}
}

// Shares of two lists by the sums of their cells against every completion.
func TestSumsOfOpenRow(t *testing.T) {
	measures := map[string]shareTerm{"common": commonShare, "divergence": jensenShannon, "variation": variation}
	rapid.Check(t, func(rt *rapid.T) {
		const n = 3
		a, b := drawGrids(rt, n, 4, 3, 5)
		r := openRow{a.cells[:n], b.cells[:n]}
		for name, of := range measures {
			var all, sums span
			require.NoError(t, completions(slices.Concat(r.first, r.second), 1e6, func(x []float64) error {
				if n1, n2 := total(x[:n]), total(x[n:]); n1 > 0 && n2 > 0 {
					v := 0.0
					for i := range n {
						v += of(x[i], n1, x[n+i], n2)
					}
					all.add(v)
				}
				return nil
			}))
			r.pairsOfSums(func(n1, n2 float64) {
				at := func(x, y float64) float64 { return of(x, n1, y, n2) }
				sums.add(r.extreme(n1, n2, 1, at, nil))
				sums.add(-r.extreme(n1, n2, -1, at, nil))
			})
			assert.Equal(t, all.any, sums.any)
			assert.InDelta(t, all.lo, sums.lo, 1e-12, "%s %v", name, r)
			assert.InDelta(t, all.hi, sums.hi, 1e-12, "%s %v", name, r)
		}
	})
}

// Cells without an upper bound, and counts that are not whole.
func TestHomogeneityUndefined(t *testing.T) {
	plain := gridOf(1, exactly(3))
	for reason, other := range map[string]grid{
		referral.ReasonUnknownCells: gridOf(1, []referral.Cell{referral.MissingCell()}),
		ReasonFractions:             gridOf(1, exactly(2.5)),
		referral.ReasonZeroRow:      gridOf(1, exactly(0)),
	} {
		h, err := homogeneity(t.Context(), plain, other, PermutationConfig{})
		require.NoError(t, err)
		for _, r := range []referral.Result{h.X2, h.P, h.Seen} {
			assert.Equal(t, referral.Undefined, r.Status)
			assert.Equal(t, reason, r.Reason)
			assert.True(t, math.IsNaN(r.Value))
		}
	}
	// Wide cells: the quotient of the totals is all that bounds X².
	wide := gridOf(2, []referral.Cell{referral.Between(0, 1e7), referral.Between(0, 1e7), referral.Count(3), referral.Count(3)})
	h, err := homogeneity(t.Context(), wide, wide, PermutationConfig{})
	require.NoError(t, err)
	assert.Equal(t, 0.0, h.X2.Lo)
	assert.Equal(t, referral.Undefined, h.Seen.Status)
	assert.Equal(t, [2]float64{0, 1}, [2]float64{h.P.Lo, h.P.Hi})
}
