// SPDX-License-Identifier: Apache-2.0

package siting_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/internal/catalogue"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/siting"
)

func line() siting.Problem {
	return siting.Problem{
		Demands:    []siting.Demand{{ID: "north", Weight: 2}, {ID: "south", Weight: 1}},
		Candidates: []siting.Candidate{{ID: "A"}, {ID: "B"}, {ID: "C"}},
		Distances:  [][]float64{{0, 5, 9}, {9, 5, 0}},
		Unit:       "km",
	}
}

func TestProblemErrors(t *testing.T) {
	for want, change := range map[string]func(p *siting.Problem){
		`siting: Demands: want at least one demand`:                            func(p *siting.Problem) { p.Demands = nil },
		`siting: Candidates: want at least one candidate`:                      func(p *siting.Problem) { p.Candidates = nil },
		`siting: Demands is "north": want each ID once`:                        func(p *siting.Problem) { p.Demands[1].ID = "north" },
		`siting: Candidates: want an ID`:                                       func(p *siting.Problem) { p.Candidates[0].ID = "" },
		`siting: Weight of "south" is "-1": want a finite number, at least 0`:  func(p *siting.Problem) { p.Demands[1].Weight = -1 },
		`siting: Weight of "south" is "NaN": want a finite number, at least 0`: func(p *siting.Problem) { p.Demands[1].Weight = math.NaN() },
		`siting: Distances of "north to B" is "-3": want at least 0`:           func(p *siting.Problem) { p.Distances[0][1] = -3 },
		`siting: Distances is "1 rows": want a row for each of the 2 demands`:  func(p *siting.Problem) { p.Distances = p.Distances[:1] },
		`siting: Distances of "north" is "1 columns": want a column for each of the 3 candidates`: func(p *siting.Problem) {
			p.Distances[0] = p.Distances[0][:1]
		},
		`siting: Least of "A" is "5": want from 0 to the capacity`: func(p *siting.Problem) {
			p.Candidates[0].Least, p.Candidates[0].Capacity = 5, 2
		},
		`siting: count is "2": want from 3 to 3: 3 candidates are not forbidden, 3 are fixed`: func(p *siting.Problem) {
			for j := range p.Candidates {
				p.Candidates[j].Choice = siting.Fixed
			}
		},
	} {
		p := line()
		change(&p)
		_, err := siting.Median(t.Context(), p, 2, siting.Config{})
		assert.EqualError(t, err, want)
		var wrong *siting.ProblemError
		assert.True(t, errors.As(err, &wrong))
	}
	_, err := siting.Cover(t.Context(), line(), math.Inf(1), siting.CoverConfig{})
	assert.EqualError(t, err, `siting: radius is "+Inf": want a finite number, at least 0`)
}

func TestInfeasible(t *testing.T) {
	lost := line()
	lost.Distances[1] = []float64{math.NaN(), math.NaN(), math.Inf(1)}
	for want, ask := range map[string]func() (siting.Plan, error){
		`siting: p-median is infeasible: no candidate serves: south`: func() (siting.Plan, error) {
			return siting.Median(t.Context(), lost, 1, siting.Config{})
		},
		`siting: lscp is infeasible: fewer than 2 candidates within 4 km: north, south`: func() (siting.Plan, error) {
			return siting.Cover(t.Context(), line(), 4, siting.CoverConfig{Times: 2})
		},
		`siting: capacitated-p-median is infeasible: the 1 largest capacities together are 2, less than the demand of 3`: func() (siting.Plan, error) {
			p := line()
			for j := range p.Candidates {
				p.Candidates[j].Capacity = 2
			}
			return siting.CapacitatedMedian(t.Context(), p, 1, siting.CapacitatedConfig{})
		},
		`siting: capacitated-p-median is infeasible: the 2 smallest least volumes together are 4, more than the demand of 3`: func() (siting.Plan, error) {
			p := line()
			for j := range p.Candidates {
				p.Candidates[j].Least = 2
			}
			return siting.CapacitatedMedian(t.Context(), p, 2, siting.CapacitatedConfig{})
		},
	} {
		_, err := ask()
		assert.EqualError(t, err, want)
	}
	// A reaches north only, C south only: each is served, not by one of them.
	apart := line()
	apart.Candidates[1].Choice = siting.Forbidden
	apart.Distances = [][]float64{{0, 5, math.NaN()}, {math.NaN(), 5, 0}}
	_, err := siting.Center(t.Context(), apart, 1, siting.CoverConfig{})
	require.EqualError(t, err, "siting: p-center is infeasible: no 1 centers reach every demand; a good choice leaves out: south")
	_, err = siting.Median(t.Context(), apart, 1, siting.Config{})
	require.EqualError(t, err, "siting: p-median is infeasible: no 1 centers serve every demand; the best ones leave out: south")
	_, err = siting.Frontier(t.Context(), lost, 1, 3, siting.Config{})
	var none *siting.InfeasibleError
	assert.True(t, errors.As(err, &none))
}

// A plan says what was asked for.
func TestPlanSaysWhatWasAsked(t *testing.T) {
	p := national(5, 20, 8)
	p.Candidates[2].Choice, p.Candidates[5].Choice = siting.Fixed, siting.Forbidden
	cover, err := siting.Cover(t.Context(), p, 400, siting.CoverConfig{Times: 2})
	require.NoError(t, err)
	center, err := siting.Center(t.Context(), p, 3, siting.CoverConfig{})
	require.NoError(t, err)
	median, err := siting.Median(t.Context(), p, 3, siting.Config{})
	require.NoError(t, err)
	most, err := siting.MaxCover(t.Context(), p, 3, 50, siting.Config{})
	require.NoError(t, err)
	limited, err := siting.CapacitatedMedian(t.Context(), p, 3, siting.CapacitatedConfig{})
	require.NoError(t, err)
	for i, plan := range []siting.Plan{cover, center, median, most, limited} {
		assert.Equal(t, []string{"H02"}, plan.Fixed)
		assert.Equal(t, []string{"H05"}, plan.Forbidden)
		assert.Contains(t, plan.Centers, "H02")
		assert.NotContains(t, plan.Centers, "H05")
		assert.Equal(t, []int{2, 1, 0, 0, 0}[i], plan.Times)
		assert.Equal(t, i == 0 || i == 3, !math.IsNaN(plan.Radius))
		text, err := json.Marshal(plan)
		require.NoError(t, err)
		assert.Contains(t, string(text), `"radius":`+[]string{"400", "null", "null", "50", "null"}[i])
	}
}

// A search that is cut short still gives a plan and a bound that holds.
func TestEffort(t *testing.T) {
	p := limit(national(1, 60, 20), 5, 0.8, 1.15)
	full, err := siting.CapacitatedMedian(t.Context(), p, 5, siting.CapacitatedConfig{})
	require.NoError(t, err)
	require.True(t, full.Proved)
	for _, effort := range []int{500, 2000, 8000} {
		short, err := siting.CapacitatedMedian(t.Context(), p, 5, siting.CapacitatedConfig{Config: siting.Config{Effort: effort}})
		if err != nil {
			assert.ErrorContains(t, err, "not proved")
			continue
		}
		assert.LessOrEqual(t, short.Bound, full.Objective+1e-6)
		assert.GreaterOrEqual(t, short.Objective, full.Objective-1e-6)
		assert.InDelta(t, (short.Objective-short.Bound)/short.Objective, short.Gap(), 1e-9)
	}
	// Cut short, a search may still find a plan; it never says that there is none.
	for _, effort := range []int{1, 10, 100} {
		plan, err := siting.Center(t.Context(), national(3, 200, 40), 4, siting.CoverConfig{Config: siting.Config{Effort: effort}})
		require.NoError(t, err)
		assert.Len(t, plan.Centers, 4)
		assert.Len(t, plan.Served, 200)
	}
	// Two centers of 3 for demands of 2, 2 and 2: divided they fit, whole they do
	// not, and a search that is cut short does not know.
	whole := siting.Problem{
		Demands:    []siting.Demand{{ID: "a", Weight: 2}, {ID: "b", Weight: 2}, {ID: "c", Weight: 2}},
		Candidates: []siting.Candidate{{ID: "A", Capacity: 3}, {ID: "B", Capacity: 3}},
		Distances:  [][]float64{{1, 2}, {2, 1}, {1, 1}},
	}
	single := siting.CapacitatedConfig{SingleSource: true}
	_, err = siting.CapacitatedMedian(t.Context(), whole, 2, single)
	require.EqualError(t, err, "siting: capacitated-p-median is infeasible: no 2 centers can serve all demands within their least and most volumes")
	single.Effort = 1
	_, err = siting.CapacitatedMedian(t.Context(), whole, 2, single)
	require.ErrorContains(t, err, "it is not proved that there is none")
	short, err := siting.MaxCover(t.Context(), national(3, 400, 80), 12, 40, siting.Config{Effort: 3})
	require.NoError(t, err)
	long, err := siting.MaxCover(t.Context(), national(3, 400, 80), 12, 40, siting.Config{})
	require.NoError(t, err)
	assert.False(t, short.Proved)
	assert.True(t, long.Proved)
	assert.GreaterOrEqual(t, short.Bound, long.Objective)
	assert.LessOrEqual(t, short.Objective, long.Objective)
}

func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := limit(national(1, 400, 80), 12, 0.9, 1.1)
	_, err := siting.CapacitatedMedian(ctx, p, 12, siting.CapacitatedConfig{SingleSource: true})
	assert.ErrorIs(t, err, context.Canceled)
	_, err = siting.Frontier(ctx, p, 30, 40, siting.Config{})
	assert.ErrorIs(t, err, context.Canceled)
}

// The order in which demands and candidates are given does not matter.
func TestOrder(t *testing.T) {
	p := national(5, 80, 20)
	want, err := siting.Median(t.Context(), p, 4, siting.Config{})
	require.NoError(t, err)
	q := siting.Problem{Unit: p.Unit, Demands: slices.Clone(p.Demands), Candidates: slices.Clone(p.Candidates)}
	slices.Reverse(q.Demands)
	slices.Reverse(q.Candidates)
	for i := range p.Distances {
		row := slices.Clone(p.Distances[len(p.Distances)-1-i])
		slices.Reverse(row)
		q.Distances = append(q.Distances, row)
	}
	got, err := siting.Median(t.Context(), q, 4, siting.Config{})
	require.NoError(t, err)
	got.Share, want.Share, got.Covered, want.Covered, got.Radius, want.Radius = 0, 0, 0, 0, 0, 0 // NaN
	assert.Equal(t, want, got)
}

func TestLandscapeErrors(t *testing.T) {
	s := catalogue.Landscape(t).On(0)
	for want, c := range map[string]siting.Setting{
		`siting: Candidates is "H9": want a hospital of the landscape on `:                                        {Candidates: []string{"H9"}},
		`siting: fixed is "H9": want a candidate, either fixed or forbidden`:                                      {Fixed: []string{"H9"}},
		`siting: detour 0.5: want at least 1`:                                                                     {Detour: 0.5},
		`siting: -1 km/h: want a speed of at least 0`:                                                             {KmPerHour: -1},
		`siting: Distances: want a landscape with coordinates or distances.csv (minutes only from distances.csv)`: {Minutes: true},
	} {
		_, _, err := siting.FromLandscape(s, c)
		require.Error(t, err)
		assert.True(t, strings.HasPrefix(err.Error(), want), err.Error())
	}
}

// A region without coordinates and distances is named, first in a note and then
// by the model that must serve it. A region without people is refused when people
// are the weight.
func TestRegionsWithHoles(t *testing.T) {
	folder := fstest.MapFS{
		"hospitals.csv": {Data: []byte("hospital,lat,lon\nA,52,5\nB,52,6\n")},
		"regions.csv":   {Data: []byte("region,population,lat,lon\nR1,10,52,5.5\nR2,20,,\nR3,,52,5.2\n")},
	}
	l, err := network.ReadLandscape(folder)
	require.NoError(t, err)
	_, _, err = siting.FromLandscape(l.On(0), siting.Setting{Weight: siting.Population})
	require.EqualError(t, err, `siting: population of "R3" is "not known": want a number in regions.csv`)
	p, notes, err := siting.FromLandscape(l.On(0), siting.Setting{Weight: siting.EachRegion, Detour: 1.3})
	require.NoError(t, err)
	assert.Equal(t, []string{
		"4 distances are great circles between points, times 1.3",
		"2 distances are not known: these hospitals do not serve these regions",
		"no hospital serves R2: regions need coordinates or rows in distances.csv",
	}, notes)
	_, err = siting.Median(t.Context(), p, 1, siting.Config{})
	require.EqualError(t, err, "siting: p-median is infeasible: no candidate serves: R2")
	_, err = siting.CapacitatedMedian(t.Context(), p, 1, siting.CapacitatedConfig{})
	require.EqualError(t, err, "siting: capacitated-p-median is infeasible: no candidate serves: R2")

	// At 60 km/h, a kilometer of road is a minute.
	folder["distances.csv"] = &fstest.MapFile{Data: []byte("from,to,km,minutes\nR2,A,30,\nR2,B,40,7\n")}
	l, err = network.ReadLandscape(folder)
	require.NoError(t, err)
	timed, notes, err := siting.FromLandscape(l.On(0), siting.Setting{Weight: siting.EachRegion, Detour: 1.3, Minutes: true, KmPerHour: 60})
	require.NoError(t, err)
	assert.Equal(t, "min", timed.Unit)
	assert.InDelta(t, p.Distances[0][0], timed.Distances[0][0], 1e-9)
	assert.Equal(t, []float64{30, 7}, timed.Distances[1])
	assert.Contains(t, notes, "travel times of great circles are at 60 km/h")
}

func TestWhatIfErrors(t *testing.T) {
	table, km := hospitalFlows(t), kilometers(catalogue.Landscape(t))
	for want, c := range map[string]siting.Change{
		`siting: Close: want a hospital that stops`:                  {Distance: km},
		`siting: Close is "H9": want a hospital of the table`:        {Close: []string{"H9"}, Distance: km},
		`siting: Targets is "H1": want hospitals that do not stop`:   {Close: []string{"H1"}, Targets: []string{"H1"}, Distance: km},
		`siting: Close is "untreated": want a hospital of the table`: {Close: []string{"untreated"}, Distance: km},
		`siting: Targets is "untreated": want hospitals that do not stop`: {
			Close: []string{"H1"}, Targets: []string{"untreated"}, Distance: km,
		},
		`siting: Norm is "-1 over 0 years": want numbers of at least 0`: {Close: []string{"H1"}, Norm: -1, Distance: km},
		`siting: Distance: want a function`:                             {Close: []string{"H1"}},
		`siting: Beta is "-1": want at least 0`:                         {Close: []string{"H1"}, Beta: -1, Distance: km},
		`siting: Shares of "H1" is "0": want parts that add up to 1`:    {Close: []string{"H1"}, Rule: siting.Shares, Distance: km},
		`siting: distance of "H1 to H3": want a known distance: no map`: {Close: []string{"H1"}, Targets: []string{"H3"}, Distance: func(string, string) (float64, error) {
			return 0, errors.New("no map")
		}},
	} {
		_, err := siting.WhatIf(table, c)
		assert.EqualError(t, err, want)
	}
}

// Patients of one origin are redirected, and a hospital that treats nobody yet
// becomes a center.
func TestRedirectAndDesignate(t *testing.T) {
	table := hospitalFlows(t)
	km := func(from, to string) (float64, error) { return 10, nil }
	before := table.Cell("H1", "H3").Lo
	require.Positive(t, before)
	e, err := siting.WhatIf(table, siting.Change{Close: []string{"H3"}, Origins: []string{"H1"}, Targets: []string{"H7"}, Distance: km})
	require.NoError(t, err)
	assert.InDelta(t, before, e.Moved.Value, 1e-12)
	assert.InDelta(t, table.Cell("H1", "H7").Lo+before, e.After.Cell("H1", "H7").Lo, 1e-12)
	assert.Zero(t, e.After.Cell("H1", "H3").Hi)
	assert.InDelta(t, table.Cell("H3", "H3").Lo, e.After.Cell("H3", "H3").Lo, 0)
	assert.Equal(t, []string{"H1"}, e.Origins)
	assert.Contains(t, e.After.Meta().Notes, "what if: [H3] stopped for patients of [H1], patients moved by rule nearest")

	e, err = siting.WhatIf(table, siting.Change{Close: table.Destinations(), Targets: []string{"New"}, Distance: km})
	require.NoError(t, err)
	assert.InDelta(t, 200, e.After.DestinationTotal("New").Value, 1e-12)
	assert.InDelta(t, 1, e.HerfindahlAfter.Value, 1e-12)

	_, err = siting.WhatIf(table, siting.Change{Close: []string{"H3"}, Origins: []string{"H9"}, Distance: km})
	require.EqualError(t, err, `siting: Origins is "H9": want an origin of the table`)
}

func wholes(e siting.Effect) [4]referral.Result {
	return [4]referral.Result{e.SupraBefore, e.SupraAfter, e.HerfindahlBefore, e.HerfindahlAfter}
}

// A flow without upper bound can outgrow all others: then the mean is its own
// distance, and no other bound is left on that side.
func TestWhatIfWithoutUpperBound(t *testing.T) {
	flows := []referral.Flow{
		{Origin: "A", Destination: "A", Cell: referral.Count(10)},
		{Origin: "A", Destination: "C", Cell: referral.PresentCell()},
		{Origin: "B", Destination: "C", Cell: referral.Count(2)},
	}
	table, err := referral.FromFlows(referral.Meta{Unit: referral.Patients, Level: referral.LevelHospital}, referral.AbsentZero, slices.Values(flows))
	require.NoError(t, err)
	km := func(from, to string) (float64, error) {
		return map[string]float64{"AB": 10, "AC": 25, "BC": 12, "BA": 10, "CA": 25, "CB": 12}[from+to], nil
	}
	got, err := siting.WhatIf(table, siting.Change{Close: []string{"C"}, Distance: km})
	require.NoError(t, err)
	// Before: ten at 0, at least one at 25 and two at 12.
	assert.InDelta(t, (25.+24)/13, got.MeanBefore.Lo, 1e-12)
	assert.InDelta(t, 25, got.MeanBefore.Hi, 0)
	// Moved: those of A come home, 25 less; those of B go to A, as B treats
	// nobody now and is a target all the same: 0 and 12 less.
	assert.InDelta(t, -25, got.PerMoved.Lo, 0)
	assert.InDelta(t, (-25.-24)/3, got.PerMoved.Hi, 1e-12)

	// Where all may be nobody, the mean may have no value.
	flows = []referral.Flow{{Origin: "A", Destination: "C", Cell: referral.Between(0, 4)}, {Origin: "B", Destination: "B", Cell: referral.Count(0)}}
	table, err = referral.FromFlows(referral.Meta{Unit: referral.Patients, Level: referral.LevelHospital}, referral.AbsentZero, slices.Values(flows))
	require.NoError(t, err)
	got, err = siting.WhatIf(table, siting.Change{Close: []string{"C"}, Targets: []string{"B"}, Distance: km})
	require.NoError(t, err)
	assert.InDelta(t, 25, got.MeanBefore.Lo, 0)
	assert.Equal(t, referral.ReasonZeroPossible, got.MeanBefore.Reason)
	assert.InDelta(t, -15, got.PerMoved.Hi, 0)
}

// Intervals give bounds that every completion respects.
func TestWhatIfIntervals(t *testing.T) {
	read := func(text string) *referral.Table {
		table, err := referral.ReadTable(t.Context(), strings.NewReader(text), referral.TableConfig{})
		require.NoError(t, err)
		return table
	}
	km := func(from, to string) (float64, error) {
		return map[string]float64{"AB": 10, "AC": 25, "BC": 12, "BA": 10, "CA": 25, "CB": 12}[from+to], nil
	}
	table := read("origin,destination,count,lower,upper\nA,A,10,,\nA,C,,1,4\nB,B,6,,\nB,C,,1,4\nC,C,,1,4\n")
	groups, err := network.NewPartition("two", map[string]string{"A": "N", "B": "M", "C": "M"})
	require.NoError(t, err)
	c := siting.Change{Close: []string{"C"}, Distance: km, Groups: groups, Norm: 12}
	got, err := siting.WhatIf(table, c)
	require.NoError(t, err)
	low, high := math.Inf(1), math.Inf(-1)
	least, most := [4]float64{1, 1, 1, 1}, [4]float64{}
	for _, x := range []string{"1", "2", "3", "4"} {
		for _, y := range []string{"1", "2", "3", "4"} {
			for _, z := range []string{"1", "2", "3", "4"} {
				e, err := siting.WhatIf(read("origin,destination,count\nA,A,10\nA,C,"+x+"\nB,B,6\nB,C,"+y+"\nC,C,"+z+"\n"), c)
				require.NoError(t, err)
				low, high = min(low, e.MeanAfter.Value), max(high, e.MeanAfter.Value)
				assert.LessOrEqual(t, got.Extra.Lo, e.Extra.Value)
				assert.GreaterOrEqual(t, got.Extra.Hi, e.Extra.Value)
				for i, r := range wholes(e) {
					least[i], most[i] = min(least[i], r.Value), max(most[i], r.Value)
				}
				assert.GreaterOrEqual(t, got.UnderAfter.Hospitals.Hi, e.UnderAfter.Hospitals.Value)
				assert.LessOrEqual(t, got.UnderAfter.Hospitals.Lo, e.UnderAfter.Hospitals.Value)
			}
		}
	}
	for i, r := range wholes(got) {
		assert.InDelta(t, least[i], r.Lo, 1e-12)
		assert.InDelta(t, most[i], r.Hi, 1e-12)
	}
	assert.InDelta(t, low, got.MeanAfter.Lo, 1e-12)
	assert.InDelta(t, high, got.MeanAfter.Hi, 1e-12)
	assert.InDelta(t, 12, got.WorstTenth.Value, 1e-12) // at most nine move with one of C, whose tenth is not more than that one
	c.Rule = siting.Proportional
	got, err = siting.WhatIf(table, c)
	require.NoError(t, err)
	assert.Nil(t, got.After)
	assert.Equal(t, siting.ReasonOneByOne, got.Moved.Reason)
	assert.Equal(t, siting.ReasonOneByOne, got.SupraAfter.Reason)
	assert.Equal(t, siting.ReasonOneByOne, got.UnderAfter.Share.Reason)
	assert.Equal(t, referral.Bounded, got.HerfindahlBefore.Status)
	assert.Empty(t, got.Moves)

	// Without groups and norm there is nothing to compare with.
	got, err = siting.WhatIf(table, siting.Change{Close: []string{"C"}, Distance: km})
	require.NoError(t, err)
	assert.Equal(t, siting.ReasonNoGroups, got.SupraAfter.Reason)
	assert.Equal(t, coverage.ReasonUnknownNorm, got.UnderAfter.Share.Reason)
	text, err := json.Marshal(got)
	require.NoError(t, err)
	assert.Contains(t, string(text), `"supra_after":{"value":null`)
}

// The bounds of the worst-off tenth are those of trying all counts.
func TestWorstTenthEnumerates(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		const origins = "ABC"
		flows, ranges, distance := "origin,destination,count,lower,upper\n", [][2]int{}, map[string]float64{}
		for _, o := range origins {
			lo := rapid.IntRange(1, 12).Draw(rt, "lo")
			hi := lo + rapid.IntRange(0, 5).Draw(rt, "more")
			ranges = append(ranges, [2]int{lo, hi})
			flows += fmt.Sprintf("%c,X,,%d,%d\n%c,Y,1,,\n", o, lo, hi, o)
			distance[string(o)+"X"], distance[string(o)+"Y"] = float64(rapid.IntRange(0, 9).Draw(rt, "x")), float64(rapid.IntRange(0, 9).Draw(rt, "y"))
		}
		c := siting.Change{Close: []string{"X"}, Targets: []string{"Y"}, Distance: func(from, to string) (float64, error) { return distance[from+to], nil }}
		at := func(text string) siting.Effect {
			table, err := referral.ReadTable(t.Context(), strings.NewReader(text), referral.TableConfig{})
			require.NoError(rt, err)
			e, err := siting.WhatIf(table, c)
			require.NoError(rt, err)
			return e
		}
		least, most := math.Inf(1), math.Inf(-1)
		for a := ranges[0][0]; a <= ranges[0][1]; a++ {
			for b := ranges[1][0]; b <= ranges[1][1]; b++ {
				for d := ranges[2][0]; d <= ranges[2][1]; d++ {
					v := at(fmt.Sprintf("origin,destination,count\nA,X,%d\nB,X,%d\nC,X,%d\nA,Y,1\nB,Y,1\nC,Y,1\n", a, b, d)).WorstTenth.Value
					least, most = min(least, v), max(most, v)
				}
			}
		}
		got := at(flows).WorstTenth
		require.InDelta(rt, least, got.Lo, 1e-9)
		require.InDelta(rt, most, got.Hi, 1e-9)
	})
}
