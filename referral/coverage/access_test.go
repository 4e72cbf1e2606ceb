// SPDX-License-Identifier: Apache-2.0

package coverage_test

import (
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
)

// world makes a landscape of regions and hospitals with a matrix of kilometers;
// NaN leaves a pair out.
func world(t require.TestingT, people, cases []float64, km [][]float64) *network.Landscape {
	hospitals, regions, travel := "hospital,name\n", "region,population,cases\n", "from,to,km\n"
	for j := range km[0] {
		hospitals += fmt.Sprintf("H%d,H%d\n", j, j)
	}
	for i, row := range km {
		regions += fmt.Sprintf("R%d,%v,%v\n", i, people[i], cases[i])
		for j, d := range row {
			if !math.IsNaN(d) {
				travel += fmt.Sprintf("R%d,H%d,%v\n", i, j, d)
			}
		}
	}
	l, err := network.ReadLandscape(fstest.MapFS{
		"hospitals.csv": {Data: []byte(hospitals)}, "regions.csv": {Data: []byte(regions)}, "distances.csv": {Data: []byte(travel)},
		"networks.csv": {Data: []byte("network,name,kind,partition,aliases\n")}, "membership.csv": {Data: []byte("hospital,network,from,to\n")},
	})
	require.NoError(t, err)
	return l
}

func TestAccessAgainstNaive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, m := rapid.IntRange(1, 5).Draw(t, "regions"), rapid.IntRange(1, 4).Draw(t, "centers")
		people, cases, km := make([]float64, n), make([]float64, n), make([][]float64, n)
		for i := range n {
			people[i], cases[i] = float64(rapid.IntRange(0, 4).Draw(t, "people")), float64(rapid.IntRange(0, 4).Draw(t, "cases"))
			km[i] = make([]float64, m)
			for j := range m {
				if km[i][j] = float64(rapid.IntRange(0, 6).Draw(t, "km")); rapid.IntRange(0, 9).Draw(t, "hole") == 0 {
					km[i][j] = math.NaN()
				}
			}
		}
		var centers []string
		for j := range m {
			centers = append(centers, fmt.Sprint("H", j))
		}
		a, err := coverage.NewAccess(world(t, people, cases, km), coverage.NewList("centers", centers...), coverage.AccessConfig{})
		require.NoError(t, err)
		limit := float64(rapid.IntRange(0, 6).Draw(t, "limit"))
		// nearest is the distance to the nearest center, one left out.
		nearest := func(i, without int) float64 {
			d := math.Inf(1)
			for j := range m {
				if j != without && km[i][j] < d {
					d = km[i][j]
				}
			}
			return d
		}
		for name, w := range map[string][]float64{"population": people, "cases": cases} {
			weight := map[string]coverage.Weight{"population": coverage.Population, "cases": coverage.Cases}[name]
			assert.Equal(t, name, weight.String())
			var within, twice, beyond, mean, gini bounds
			var all, in, two, sum, spread float64
			holes := false
			for i := range n {
				reached := 0
				for j := range m {
					if km[i][j] <= limit {
						reached++
					}
				}
				all += w[i]
				in += w[i] * number(reached > 0)
				two += w[i] * number(reached > 1)
				if w[i] > 0 {
					holes = holes || math.IsInf(nearest(i, -1), 1)
					sum += w[i] * nearest(i, -1)
				}
				for k := range n {
					if w[i] > 0 && w[k] > 0 {
						spread += w[i] * w[k] * math.Abs(nearest(i, -1)-nearest(k, -1))
					}
				}
			}
			within.see(in, all)
			twice.see(two, all)
			beyond.see(all-in, all)
			if !holes {
				mean.see(sum, all)
				gini.see(spread, 2*all*sum)
			}
			within.check(t, a.Within(limit, weight, 1).Result, "within")
			twice.check(t, a.Within(limit, weight, 2).Result, "twice")
			beyond.check(t, a.Beyond(limit, weight).Result, "beyond")
			near(t, mean, a.Mean(weight), "mean")
			near(t, gini, a.Gini(weight), "gini")
		}
		for j, l := range a.WithoutEach(limit, nil) {
			var lost, gone, after, all, extra float64
			for i := range n {
				all += cases[i]
				after += cases[i] * number(nearest(i, j) <= limit)
				if nearest(i, -1) <= limit && nearest(i, j) > limit {
					lost += cases[i]
					gone += people[i]
				}
				if cases[i] > 0 {
					extra += cases[i] * (nearest(i, j) - nearest(i, -1)) // Inf-Inf is NaN: not known
				}
			}
			var covered, further bounds
			covered.see(after, all)
			if !math.IsInf(extra, 0) && !math.IsNaN(extra) {
				further.see(extra, all)
			}
			covered.check(t, l.Covered.Result, "covered")
			near(t, further, l.ExtraPerCase, "extra")
			assert.InDelta(t, lost, l.CasesLost, 1e-9)
			assert.InDelta(t, gone, l.PopulationLost, 1e-9)
			assert.Equal(t, referral.Undefined, l.Displaced.Status)
		}
		text, err := json.Marshal(a)
		require.NoError(t, err)
		assert.True(t, json.Valid(text))
	})
}

// near compares a result that is a number or undefined.
func near(t require.TestingT, want bounds, have referral.Result, what string) {
	if !want.seen || math.IsNaN(want.lo) {
		assert.Equal(t, referral.Undefined, have.Status, what)
		return
	}
	assert.InDelta(t, want.lo, have.Value, 1e-9, what)
}

func TestAccessErrors(t *testing.T) {
	nan := math.NaN()
	l := world(t, []float64{10}, []float64{1}, [][]float64{{5, nan}})
	centers := coverage.NewList("centers", "H0")
	for _, tt := range []struct {
		list coverage.List
		c    coverage.AccessConfig
		want string
	}{
		{coverage.NewList("nobody"), coverage.AccessConfig{}, `list "nobody" is empty`},
		{coverage.NewList("centers", "H9"), coverage.AccessConfig{}, "H9"},
		{centers, coverage.AccessConfig{Detour: 0.5}, "want at least 1"},
		{centers, coverage.AccessConfig{Detour: nan}, "want at least 1"},
		{centers, coverage.AccessConfig{Detour: math.Inf(1)}, "want at least 1"},
		{centers, coverage.AccessConfig{Minutes: true, KmPerHour: -1}, "a speed of at least 0"},
	} {
		_, err := coverage.NewAccess(l, tt.list, tt.c)
		require.ErrorContains(t, err, tt.want)
	}
	// A hole in the matrix is no distance, and is told.
	a, err := coverage.NewAccess(l, coverage.NewList("all", "H0", "H1"), coverage.AccessConfig{})
	require.NoError(t, err)
	assert.Equal(t, 1, a.Unknown)
	assert.True(t, math.IsNaN(a.Regions[0].Distances[1]))
	// Minutes that are neither in the matrix nor made of kilometers are unknown.
	a, err = coverage.NewAccess(l, centers, coverage.AccessConfig{Minutes: true})
	require.NoError(t, err)
	assert.Equal(t, referral.ReasonUnknownCells, a.Mean(coverage.Cases).Reason)
	largest, who := a.Largest()
	assert.Equal(t, referral.Undefined, largest.Status)
	assert.Equal(t, []string{"R0"}, who)
	assert.InDelta(t, 1, a.Beyond(100, coverage.Cases).Value, 0, "a place that cannot be reached is beyond any limit")
}

// Volumes within bounds leave the part that is displaced within bounds, and a
// loss that is not known leaves open which center is critical.
func TestLossesOfUnknownSize(t *testing.T) {
	l := world(t, []float64{10, 20}, []float64{1, 2}, [][]float64{{5, 50}, {50, 5}})
	a, err := coverage.NewAccess(l, coverage.NewList("centers", "H0", "H1"), coverage.AccessConfig{})
	require.NoError(t, err)
	a.Regions[1].Cases = math.NaN() // as a file without the number gives
	losses := a.WithoutEach(10, []coverage.Volume{
		{Hospital: "H0", Patients: referral.Between(1, 4)}, {Hospital: "H1", Patients: referral.Count(6)}, {Hospital: "H2", Patients: referral.Between(0, 2)},
	})
	assert.InDelta(t, 1./9, losses[0].Displaced.Lo, 1e-12)
	assert.InDelta(t, 4./10, losses[0].Displaced.Hi, 1e-12)
	assert.InDelta(t, 6./12, losses[1].Displaced.Lo, 1e-12)
	assert.InDelta(t, 6./7, losses[1].Displaced.Hi, 1e-12)
	assert.True(t, math.IsNaN(losses[1].CasesLost))
	assert.Equal(t, []string{"R1"}, a.Unweighed(coverage.Cases))
	assert.Empty(t, a.Unweighed(coverage.Population))
	assert.InDelta(t, 20, losses[1].PopulationLost, 0)
	assert.Empty(t, coverage.Critical(losses))
	assert.Equal(t, "H0", coverage.Critical(losses[:1]))
}

func TestJSON(t *testing.T) {
	none := coverage.CountUnder(nil, math.NaN())
	list := coverage.NewList("centers", "H1")
	list.On, list.Query = network.NewDate(2021, 12, 31), network.DesignationQuery{Body: "ECZA", Level: network.LevelDisorder}
	agreement := coverage.Agree(list, coverage.NewList("others"), nil)
	loss := coverage.Loss{Center: "H1", CasesLost: math.NaN(), ExtraPerCase: referral.UndefinedResult("unknown_cells")}
	for _, x := range []any{
		none, agreement, loss, coverage.Classes{Experts: list}, coverage.GroupInvolvement{Group: "A"},
		coverage.Volume{Hospital: "H1", Patients: referral.PresentCell()}, coverage.Discussed, coverage.Cases,
	} {
		text, err := json.Marshal(x)
		require.NoError(t, err, "%T", x)
		assert.True(t, json.Valid(text))
	}
	text, err := json.Marshal(agreement)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"a":{"name":"centers","on":"2021-12-31",`+
		`"query":{"hospital":"","body":"ECZA","disease":"","level":"disorder","role":"unknown"},"hospitals":["H1"],"sources":[],"undated":[],"rolled":[]}`)
	assert.Contains(t, string(text), `"recall":{"value":null,"lo":null,"hi":null,"status":"undefined","reason":"zero_denominator","n":0}`)
	text, err = json.Marshal(coverage.Volume{Hospital: "H1", Patients: referral.PresentCell()})
	require.NoError(t, err)
	assert.JSONEq(t, `{"hospital":"H1","year":0,"kind":"","patients":{"state":"present","lo":1,"hi":null},"treatments":0,"years":0}`, string(text))
}
