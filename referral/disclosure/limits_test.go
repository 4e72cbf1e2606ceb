// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/internal/catalogue"
)

// What the package comment says a reader must not be given, and what it would
// give away.

// A suppression that is safe on its own is not if a reader has the reasons.
func TestReasonsNarrow(t *testing.T) {
	flows := catalogue.Table(t, "example_flows.csv")
	s, err := Suppress(t.Context(), flows, Config{})
	require.NoError(t, err)
	published, err := s.Table(false)
	require.NoError(t, err)
	audit := func(reasons bool) *Audit {
		var r Release
		require.NoError(t, r.Publish("flows", published, flows))
		for _, h := range s.Hidden {
			lo, hi := 5.0, math.Inf(1)
			if h.Reason == SmallCount {
				lo, hi = 1, 4
			}
			if reasons {
				require.NoError(t, r.State(Statement{Terms: []Term{{Ref{Table: "flows", Origin: h.Row, Destination: h.Column}, 1}}, Lo: lo, Hi: hi}))
			}
		}
		a, err := r.Audit(t.Context(), Config{})
		require.NoError(t, err)
		return a
	}
	assert.Equal(t, Safe, audit(false).Verdict)
	a := audit(true)
	assert.Equal(t, Narrow, a.Verdict)
	for _, f := range a.Findings {
		if f.Origin == "D" && f.Destination == "C" {
			assert.Equal(t, [2]float64{1, 2}, [2]float64{f.Lo, f.Hi}, "published as possibly 0 to 7")
		}
	}
}

// Two ways to protect one table, each safe, give it away together; the audit of
// both finds it.
func TestProtectedTwice(t *testing.T) {
	flows := catalogue.Table(t, "example_flows.csv")
	var r Release
	for name, c := range map[string]Config{"a": {}, "b": {Drop: ColumnTotals | GrandTotal}} {
		s, err := Suppress(t.Context(), flows, c)
		require.NoError(t, err)
		published, err := s.Table(false)
		require.NoError(t, err)
		var alone Release
		require.NoError(t, alone.Publish(name, published, flows))
		assert.Equal(t, Safe, audit(t, &alone).Verdict)
		require.NoError(t, r.Publish(name, published, flows))
	}
	assert.Equal(t, Safe, audit(t, &r).Verdict, "nothing says that they are the same patients")
	require.NoError(t, r.Sum("a", "b"))
	assert.Greater(t, audit(t, &r).Verdict, Unproven)
}

// Counts that random rounding takes to what is published, for a reader who
// rounds every count with the seed.
func TestSeedNarrows(t *testing.T) {
	const seed = 12
	from := map[int64][]int64{}
	for n := range int64(10) {
		r, err := RoundGrid(t.Context(), grid([]int64{n}), RoundConfig{Method: Random, Seed: seed})
		require.NoError(t, err)
		from[r.Counts[0][0]] = append(from[r.Counts[0][0]], n)
		have := (&Rounding{Method: Random, Base: DefaultBase}).Reader(r.Counts[0][0])
		assert.True(t, have.Lo <= float64(n) && float64(n) <= have.Hi)
	}
	for x, counts := range from {
		have := (&Rounding{Method: Random, Base: DefaultBase}).Reader(x)
		assert.Less(t, float64(counts[len(counts)-1]-counts[0]), have.Hi-have.Lo, "fewer counts than the range says: %d from %v", x, counts)
	}
}

// A number on its own goes to the nearest multiple, also by controlled
// rounding; its range is that of any controlled rounding.
func TestControlledAlone(t *testing.T) {
	for n, want := range []int64{0, 0, 0, 5, 5, 5, 5, 5, 10} {
		r, err := RoundGrid(t.Context(), grid([]int64{int64(n)}), RoundConfig{})
		require.NoError(t, err)
		assert.Equal(t, want, r.Counts[0][0], n)
	}
	r := Rounding{Base: DefaultBase}
	assert.Equal(t, [2]float64{1, 9}, [2]float64{r.Reader(5).Lo, r.Reader(5).Hi})
}

func TestMarginsString(t *testing.T) {
	for want, m := range map[string]Margins{"none": 0, "rows+grand": RowTotals | GrandTotal, "rows+columns+grand+groups+group cells": AllMargins, "invalid(32)": 32} {
		assert.Equal(t, want, m.String())
	}
}
