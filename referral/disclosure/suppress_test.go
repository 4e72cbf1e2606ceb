// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"math"
	"math/bits"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/referral"
)

func drawGrid(t *rapid.T, rows, cols int, most int64) Grid {
	counts := zeros(rows, cols)
	for i := range counts {
		for j := range counts[i] {
			counts[i][j] = rapid.SampledFrom([]int64{0, 0, 1, 2, 3, 4, 5, 6, 7, 9, most}).Draw(t, "n")
		}
	}
	return grid(counts...)
}

// every tries all sets of candidates with the attacker of the tests and gives
// the best one.
func every(g Grid) (found bool, value int64, cells []Entry) {
	var sensitive, candidates []Entry
	count := map[Entry]int64{}
	for i, r := range g.Rows {
		for j, c := range g.Columns {
			e := Entry{r, c}
			switch count[e] = g.Counts[i][j]; {
			case count[e] > 0 && count[e] < 5:
				sensitive = append(sensitive, e)
			case count[e] >= 5:
				candidates = append(candidates, e)
			}
		}
	}
	margins := map[Entry]int64{}
	for e, n := range count {
		margins[Entry{Row: e.Row}] += n
		margins[Entry{Column: e.Column}] += n
		margins[Entry{}] += n
	}
	for set := range 1 << len(candidates) {
		var v int64
		chosen := []Entry{}
		hidden := map[Entry]bool{}
		for _, e := range sensitive {
			hidden[e] = true
		}
		for k, e := range candidates {
			if set>>k&1 == 1 {
				v += count[e]
				hidden[e] = true
				chosen = append(chosen, e)
			}
		}
		if found && (v > value || v == value && (len(chosen) > len(cells) || len(chosen) == len(cells) && compareEntries(chosen, cells) >= 0)) {
			continue
		}
		k := newAttacker(g, func(e Entry) (float64, bool) {
			if n, ok := margins[e]; ok {
				return float64(n), true
			}
			return float64(count[e]), !hidden[e]
		})
		ok := true
		for i, e := range k.names {
			if slices.Contains(sensitive, e) {
				ok = ok && k.least(i, 1) <= 1 && -k.least(i, -1) >= 5
			}
		}
		if ok {
			found, value, cells = true, v, chosen
		}
	}
	return found, value, cells
}

func compareEntries(a, b []Entry) int {
	return slices.CompareFunc(a, b, func(x, y Entry) int {
		if x.Row != y.Row {
			if x.Row < y.Row {
				return -1
			}
			return 1
		}
		if x.Column < y.Column {
			return -1
		}
		if x.Column > y.Column {
			return 1
		}
		return 0
	})
}

func smallTotals(g Grid) bool {
	sums := append(make([]int64, 0, 8), 0)
	cols := make([]int64, len(g.Columns))
	for _, row := range g.Counts {
		s := int64(0)
		for j, x := range row {
			s += x
			cols[j] += x
		}
		sums = append(sums, s)
	}
	return slices.ContainsFunc(append(sums, cols...), func(x int64) bool { return x > 0 && x < 5 })
}

// TestOptimal compares with all subsets on tables small enough.
func TestOptimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGrid(t, rapid.IntRange(2, 4).Draw(t, "rows"), rapid.IntRange(2, 4).Draw(t, "cols"), 20)
		if smallTotals(g) {
			return // totals that are small are sensitive: not part of the oracle
		}
		n := 0
		for _, row := range g.Counts {
			for _, x := range row {
				if x >= 5 {
					n++
				}
			}
		}
		if n > 9 {
			return
		}
		found, value, cells := every(g)
		s, err := SuppressGrid(context.Background(), g, Config{})
		if err != nil {
			t.Fatal(err)
		}
		if found != (s.Status == Protected) {
			t.Fatalf("%v, found %v: %v", s.Status, found, g.Counts)
		}
		if !found {
			if len(s.Exposed) == 0 || len(s.Advice) == 0 {
				t.Fatalf("no advice for %v", g.Counts)
			}
			return
		}
		var got []Entry
		for _, h := range s.Hidden {
			if h.Reason == Complementary {
				got = append(got, h.Entry)
			}
		}
		if !s.Best || s.Value != value || compareEntries(got, cells) != 0 {
			t.Fatalf("%v: got %v (%d, best %v), want %v (%d)", g.Counts, got, s.Value, s.Best, cells, value)
		}
	})
}

// TestBoundHolds checks that the bound is never above the best value and the
// heuristic alone never below it.
func TestBoundHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawGrid(t, 5, 5, 30)
		best, err := SuppressGrid(context.Background(), g, Config{HideMargins: true})
		if err != nil {
			t.Fatal(err)
		}
		quick, err := SuppressGrid(context.Background(), g, Config{HideMargins: true, Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if best.Status != Protected || quick.Status != Protected {
			t.Fatalf("%v and %v", best.Status, quick.Status)
		}
		if best.Best && (quick.Value < best.Value || quick.Bound > best.Value) {
			t.Fatalf("quick %d (bound %d), best %d", quick.Value, quick.Bound, best.Value)
		}
	})
}

func TestNotProtectable(t *testing.T) {
	// The only small count stands alone among zeros.
	g := grid([]int64{3, 0, 0}, []int64{4, 20, 0}, []int64{0, 30, 40})
	s, err := SuppressGrid(t.Context(), g, Config{})
	require.NoError(t, err)
	assert.Equal(t, NotProtectable, s.Status)
	assert.Equal(t, "not_protectable", s.Status.String())
	assert.NotEmpty(t, s.Exposed)
	require.NotEmpty(t, s.Advice)
	for _, a := range s.Advice {
		assert.True(t, a.Drop != 0 || len(a.Rows) == 2 || len(a.Columns) == 2)
		if a.Drop != 0 {
			d, err := SuppressGrid(t.Context(), g, Config{Drop: a.Drop})
			require.NoError(t, err)
			assert.Equal(t, Protected, d.Status)
		}
	}
	h, err := SuppressGrid(t.Context(), g, Config{HideMargins: true})
	require.NoError(t, err)
	assert.Equal(t, Protected, h.Status)
	w, err := Suppress(t.Context(), table(t, g), Config{})
	require.NoError(t, err)
	_, err = w.Table(false)
	require.ErrorIs(t, err, ErrExposed)
}

func TestDropAndPresent(t *testing.T) {
	truth := catalogue.Table(t, "example_flows.csv")
	none, err := Suppress(t.Context(), truth, Config{Drop: AllMargins})
	require.NoError(t, err)
	assert.Zero(t, none.Cells, "without totals nothing else need be hidden")
	for _, h := range none.Hidden {
		assert.Zero(t, h.Lo)
		assert.True(t, math.IsInf(h.Hi, 1))
	}
	shown, err := none.Table(true)
	require.NoError(t, err)
	assert.Empty(t, shown.Totals().Origins)
	present, err := Suppress(t.Context(), truth, Config{KnownPresent: true})
	require.NoError(t, err)
	require.Equal(t, Protected, present.Status)
	all, err := Suppress(t.Context(), truth, Config{})
	require.NoError(t, err)
	assert.GreaterOrEqual(t, present.Value, all.Value)
	for _, h := range present.Hidden {
		assert.GreaterOrEqual(t, h.Lo, 1.0)
	}
}

func TestTableRoundTrip(t *testing.T) {
	truth := catalogue.Table(t, "example_flows.csv")
	s, err := Suppress(t.Context(), truth, Config{})
	require.NoError(t, err)
	for _, intervals := range []bool{false, true} {
		p, err := s.Table(intervals)
		require.NoError(t, err)
		assert.Len(t, p.Totals().Origins, 5)
		assert.Equal(t, referral.Count(200), p.Totals().All)
		var r Release
		require.NoError(t, r.Publish("flows", p, truth))
		a, err := r.Audit(t.Context(), Config{})
		require.NoError(t, err)
		assert.Equal(t, Safe, a.Verdict)
		require.Len(t, a.Findings, len(s.Hidden))
		for k, f := range a.Findings {
			assert.Equal(t, [2]float64{s.Hidden[k].Lo, s.Hidden[k].Hi}, [2]float64{f.Lo, f.Hi}, "%v", f.Ref)
			assert.True(t, f.Tight)
		}
		gated, err := Gate(p, Config{})
		require.NoError(t, err)
		assert.True(t, gated.Equal(p), "a suppressed table passes the gate")
	}
}

func TestPrimaryRules(t *testing.T) {
	g := grid([]int64{0, 30, 12}, []int64{40, 7, Structural}, []int64{2, 0, 60})
	find := func(c Config) map[Entry]Sensitive {
		s, err := Primary(g, c)
		require.NoError(t, err)
		out := map[Entry]Sensitive{}
		for _, x := range s {
			out[x.Entry] = x
		}
		return out
	}
	assert.Equal(t, []Entry{{"r02", "c00"}}, keysOf(find(Config{})))
	zero := find(Config{SuppressZero: true})
	assert.Len(t, zero, 3, "the structural zero is not sensitive")
	assert.Equal(t, ZeroCount, zero[Entry{"r00", "c00"}].Reason)
	rest := find(Config{Complements: true})
	assert.Equal(t, SmallComplement, rest[Entry{"r02", "c02"}].Reason, "62 - 60 = 2")
	assert.Equal(t, int64(57), rest[Entry{"r02", "c02"}].Lo)
	assert.Equal(t, int64(61), rest[Entry{"r02", "c02"}].Hi)
	parts := func(row, column string) []float64 {
		if row == "r00" && column == "c01" {
			return []float64{2, 25, 3}
		}
		return nil
	}
	nk := find(Config{Dominance: Dominance{Of: parts, N: 1, K: 80}})
	assert.Equal(t, Dominated, nk[Entry{"r00", "c01"}].Reason)
	assert.Equal(t, int64(32), nk[Entry{"r00", "c01"}].Hi, "25 of 31.25 would be 80 percent")
	p := find(Config{Dominance: Dominance{Of: parts, P: 10}})
	assert.Equal(t, int64(31), p[Entry{"r00", "c01"}].Hi, "10 percent of 25 is 2.5, the rest 2")
	assert.NotContains(t, find(Config{Dominance: Dominance{Of: parts, P: 5}}), Entry{"r00", "c01"})
}

func keysOf(m map[Entry]Sensitive) []Entry {
	var out []Entry
	for e := range m {
		out = append(out, e)
	}
	return out
}

func TestBadSettings(t *testing.T) {
	g := grid([]int64{1})
	for _, c := range []Config{
		{Threshold: -1}, {Lower: 6}, {Lower: -1}, {KnownPresent: true, SuppressZero: true}, {Limit: -1},
		{Dominance: Dominance{P: 10}}, {Dominance: Dominance{N: 1}}, {Dominance: Dominance{K: math.NaN()}},
	} {
		_, err := Primary(g, c)
		require.ErrorIs(t, err, ErrConfig, "%+v", c)
	}
	for _, bad := range []Grid{
		{Rows: []string{"a"}}, {Rows: []string{"a", "a"}, Counts: [][]int64{{}, {}}}, grid([]int64{-2}), grid([]int64{1 << 41}),
		{Rows: []string{"a"}, Columns: []string{"b"}, Counts: [][]int64{{1, 2}}},
		{Rows: []string{"a"}, Columns: []string{"b"}, Groups: []string{"a"}, Counts: [][]int64{{1}}},
	} {
		_, err := SuppressGrid(t.Context(), bad, Config{})
		require.ErrorIs(t, err, ErrGrid)
	}
	partial, err := Gate(catalogue.Table(t, "example_flows.csv"), Config{})
	require.NoError(t, err)
	_, err = Suppress(t.Context(), partial, Config{})
	require.ErrorIs(t, err, referral.ErrCell)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Suppress(ctx, catalogue.Table(t, "example_flows.csv"), Config{})
	require.ErrorIs(t, err, context.Canceled)
	empty, err := SuppressGrid(t.Context(), Grid{}, Config{})
	require.NoError(t, err)
	assert.Empty(t, empty.Hidden)
	assert.Equal(t, 0, bits.OnesCount(uint(empty.Cells)))
}
