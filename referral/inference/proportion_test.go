// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

var proportionMethods = []inference.Method{inference.Wilson, inference.Jeffreys, inference.ClopperPearson}

func TestProportionLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := float64(rapid.IntRange(1, 400).Draw(t, "n"))
		x := float64(rapid.IntRange(0, int(n)).Draw(t, "x"))
		c := inference.Config{Method: rapid.SampledFrom(proportionMethods).Draw(t, "method")}
		at := func(x, n float64) inference.Interval {
			i, err := inference.Proportion(x, n, c)
			require.NoError(t, err)
			return i
		}
		i := at(x, n)
		assert.True(t, 0 <= i.Lo && i.Lo <= x/n && x/n <= i.Hi && i.Hi <= 1, "%v of %v: %v", x, n, i)
		mirror := at(n-x, n)
		assert.InDelta(t, 1-i.Hi, mirror.Lo, 1e-12)
		if x < n {
			assert.Less(t, i.Lo, at(x+1, n).Lo+1e-15)
		}
		assert.GreaterOrEqual(t, i.Lo+1e-15, at(x, n+1).Lo, "falls in the rest")
		c.Level = 0.99
		wide := at(x, n)
		assert.True(t, wide.Lo <= i.Lo && i.Hi <= wide.Hi)
	})
}

func TestProportionErrors(t *testing.T) {
	for _, c := range []struct {
		x, n   float64
		config inference.Config
	}{
		{-1, 5, inference.Config{}}, {6, 5, inference.Config{}}, {math.NaN(), 5, inference.Config{}}, {1, math.Inf(1), inference.Config{}},
		{1, math.NaN(), inference.Config{}}, {1, 5, inference.Config{Level: 1}}, {1, 5, inference.Config{Level: -0.5}},
		{1, 5, inference.Config{Level: math.NaN()}}, {1, 5, inference.Config{Method: inference.Goodman}}, {1, 5, inference.Config{Method: 99}},
	} {
		_, err := inference.Proportion(c.x, c.n, c.config)
		var input *inference.InputError
		require.ErrorAs(t, err, &input, "%+v", c)
		assert.ErrorIs(t, err, inference.ErrInput)
	}
	_, err := inference.Proportion(6, 5, inference.Config{})
	assert.EqualError(t, err, "inference: x 6: expected a count from 0 to n = 5")
}

// bounded makes the share of a part and a rest that vary freely, as measures
// of flow do.
func bounded(part, rest referral.Cell) referral.Share {
	s := referral.Share{Part: part, Whole: part.Add(rest)}
	s.Result = referral.BoundedResult(part.Lo/(part.Lo+rest.Hi), part.Hi/(part.Hi+rest.Lo), referral.ReasonUnknownCells)
	return s
}

// The interval of a share known in part against all its completions.
func TestOfShareAgainstCompletions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := func(name string, least int) referral.Cell {
			lo := rapid.IntRange(least, 12).Draw(t, name)
			return referral.Between(float64(lo), float64(lo+rapid.IntRange(0, 6).Draw(t, name+" width")))
		}
		part, rest := cell("part", 0), cell("rest", 1)
		c := inference.Config{Method: rapid.SampledFrom(proportionMethods).Draw(t, "method")}
		s := bounded(part, rest)
		fixed := rapid.Bool().Draw(t, "whole known")
		if fixed {
			n := rest.Lo + part.Hi
			s.Whole = referral.Count(n)
			s.Result = referral.BoundedResult(part.Lo/n, part.Hi/n, referral.ReasonUnknownCells)
		}
		got, err := inference.OfShare(s, c)
		require.NoError(t, err)
		lo, hi := 1.0, 0.0
		for x := part.Lo; x <= part.Hi; x++ {
			for y := rest.Lo; y <= rest.Hi; y++ {
				n := x + y
				if fixed {
					n = s.Whole.Lo
				}
				i, err := inference.Proportion(x, n, c)
				require.NoError(t, err)
				lo, hi = min(lo, i.Lo), max(hi, i.Hi)
			}
		}
		assert.InDelta(t, lo, got.Interval.Lo, 1e-12)
		assert.InDelta(t, hi, got.Interval.Hi, 1e-12)
	})
}

func TestOfShareEdges(t *testing.T) {
	missing := referral.MissingCell()
	for _, c := range []struct {
		name  string
		share referral.Share
		want  [2]float64
	}{
		{"nobody", exact(0, 0), [2]float64{0, 1}},
		{"unknown", referral.Share{Part: missing, Whole: missing, Result: referral.BoundedResult(0, 1, referral.ReasonUnknownCells)}, [2]float64{0, 1}},
		{"present of 30", referral.Share{Part: referral.PresentCell(), Whole: referral.Count(30),
			Result: referral.BoundedResult(1.0/30, 1, referral.ReasonUnknownCells)}, [2]float64{0.00590859038161246, 1}},
		// R: prop.test(1, 30, correct = FALSE), prop.test(5, 10, correct = FALSE).
		{"tight joint bounds", referral.Share{Part: referral.Between(0, 30), Whole: referral.Count(30),
			Result: referral.BoundedResult(0, 1.0/30, referral.ReasonUnknownCells)}, [2]float64{0, 0.1667039099140917}},
		{"open rest", referral.Share{Part: referral.Count(5), Whole: referral.Between(10, math.Inf(1)),
			Result: referral.BoundedResult(0, 0.5, referral.ReasonUnlisted)}, [2]float64{0, 0.763406909487436}},
	} {
		got, err := inference.OfShare(c.share, inference.Config{})
		require.NoError(t, err, c.name)
		within(t, c.want, got.Interval, golden, c.name)
	}
	hidden := exact(3, 10)
	hidden.Status = referral.Suppressed
	got, err := inference.OfShare(hidden, inference.Config{})
	require.NoError(t, err)
	assert.True(t, math.IsNaN(got.Interval.Lo) && math.IsNaN(got.Interval.Hi))

	for _, s := range []referral.Share{
		{Part: referral.Cell{State: referral.Exact, Lo: 3, Hi: 1}, Whole: referral.Count(5)},
		{Part: referral.Count(3), Whole: referral.Cell{Lo: -1}},
		{Part: referral.Count(3), Whole: referral.Count(2)},
		{Part: referral.Count(3), Whole: referral.Count(5), Result: referral.Result{Lo: 0.7, Hi: 0.2}},
	} {
		_, err := inference.OfShare(s, inference.Config{})
		assert.ErrorIs(t, err, inference.ErrInput)
		_, err = inference.OfShares([]referral.Share{s}, inference.Config{})
		assert.ErrorIs(t, err, inference.ErrInput)
	}
}

func TestLabels(t *testing.T) {
	i, err := inference.Proportion(3, 10, inference.Config{})
	require.NoError(t, err)
	assert.Equal(t, "95% interval of the process, not sampling error (Wilson)", i.Label())
	assert.Equal(t, "95%-interval voor het proces, geen steekproeffout (Wilson)", i.LabelNL())
	i, err = inference.Proportion(3, 10, inference.Config{Level: 0.998, Meaning: inference.OfSample, Method: inference.Jeffreys})
	require.NoError(t, err)
	assert.Equal(t, "99.8% interval of the sampling error (Jeffreys)", i.Label())
	var m inference.Method
	for k := inference.Wilson; k <= inference.Percentile; k++ {
		text, err := k.MarshalText()
		require.NoError(t, err)
		require.NoError(t, m.UnmarshalText(text))
		assert.Equal(t, k, m)
	}
	assert.ErrorIs(t, m.UnmarshalText([]byte("wald")), inference.ErrInput)
	assert.Equal(t, "invalid(77)", inference.Method(77).String())
}

func TestRowEdges(t *testing.T) {
	for _, m := range []inference.Method{inference.Goodman, inference.SisonGlaz} {
		got, err := inference.Row([]float64{0, 0, 0}, inference.Config{Method: m})
		require.NoError(t, err)
		for _, i := range got {
			assert.True(t, math.IsNaN(i.Lo) && math.IsNaN(i.Hi), m)
		}
		got, err = inference.Row([]float64{0, 7, 0}, inference.Config{Method: m})
		require.NoError(t, err)
		assert.Equal(t, 1.0, got[1].Hi)
		assert.Equal(t, 0.0, got[0].Lo)
		got, err = inference.Row(nil, inference.Config{Method: m})
		require.NoError(t, err)
		assert.Empty(t, got)
	}
	prior, err := inference.Row([]float64{0, 0}, inference.Config{Method: inference.Dirichlet})
	require.NoError(t, err)
	within(t, [2]float64{0.00154133, 0.99845867}, prior[0], 1e-7, "R: qbeta(c(.025, .975), .5, .5)")
	for _, bad := range [][]float64{{-1, 2}, {math.NaN()}, {math.Inf(1)}} {
		_, err := inference.Row(bad, inference.Config{Method: inference.Goodman})
		assert.ErrorIs(t, err, inference.ErrInput)
	}
	_, err = inference.Row([]float64{1.5, 2}, inference.Config{Method: inference.SisonGlaz})
	assert.ErrorIs(t, err, inference.ErrInput)
	_, err = inference.Row([]float64{1, 2}, inference.Config{Method: inference.Garwood})
	assert.ErrorIs(t, err, inference.ErrInput)
}

// The intervals of a row with unknown cells against all its completions.
func TestOfRowAgainstCompletions(t *testing.T) {
	table := long(t, "origin,destination,count,lower,upper\nA,A,12,,\nA,B,,1,4\nA,C,,2,5\nA,D,0,,\nB,A,structural,,\nB,B,3,,\n")
	for _, m := range []inference.Method{inference.Wilson, inference.Goodman, inference.SisonGlaz, inference.Dirichlet} {
		got, err := inference.OfRow(table, "A", inference.Config{Method: m})
		require.NoError(t, err)
		require.Len(t, got, 4)
		want := make([][2]float64, 4)
		for k := range want {
			want[k] = [2]float64{math.Inf(1), math.Inf(-1)}
		}
		for b := 1.0; b <= 4; b++ {
			for c := 2.0; c <= 5; c++ {
				is, err := inference.Row([]float64{12, b, c, 0}, inference.Config{Method: m})
				require.NoError(t, err)
				for k, i := range is {
					want[k] = [2]float64{min(want[k][0], i.Lo), max(want[k][1], i.Hi)}
				}
			}
		}
		for k, e := range got {
			assert.Equal(t, "A", e.Origin)
			within(t, want[k], e.Interval, 1e-12, m.String()+" "+e.Destination)
		}
	}
	b, err := inference.OfRow(table, "B", inference.Config{Method: inference.Goodman})
	require.NoError(t, err)
	assert.Len(t, b, 3, "the structural zero is no possible destination")
	_, err = inference.OfRow(table, "C", inference.Config{})
	assert.ErrorIs(t, err, referral.ErrNoClass)
	_, err = inference.OfRow(long(t, "origin,destination\nA,B\n"), "A", inference.Config{})
	assert.ErrorIs(t, err, inference.ErrUnknown)
	wide := long(t, "origin,destination,count,lower,upper\nA,A,,0,999\nA,B,,0,999\n")
	_, err = inference.OfRow(wide, "A", inference.Config{Method: inference.SisonGlaz})
	assert.ErrorIs(t, err, inference.ErrUnknown)
}
