// SPDX-License-Identifier: Apache-2.0

package siting_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
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
	_, err := siting.Frontier(t.Context(), lost, 1, 3, siting.Config{})
	var none *siting.InfeasibleError
	assert.True(t, errors.As(err, &none))
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
	got.Share, want.Share, got.Covered, want.Covered = 0, 0, 0, 0 // NaN
	assert.Equal(t, want, got)
}

func TestLandscapeErrors(t *testing.T) {
	s := landscape(t).On(0)
	for want, c := range map[string]siting.Setting{
		`siting: Candidates is "H9": want a hospital of the landscape on `:                                        {Candidates: []string{"H9"}},
		`siting: fixed is "H9": want a candidate, either fixed or forbidden`:                                      {Fixed: []string{"H9"}},
		`siting: Detour is "0.5": want at least 1`:                                                                {Detour: 0.5},
		`siting: Distances: want a landscape with coordinates or distances.csv (minutes only from distances.csv)`: {Minutes: true},
	} {
		_, _, err := siting.FromLandscape(s, c)
		require.Error(t, err)
		assert.True(t, strings.HasPrefix(err.Error(), want), err.Error())
	}
}

func TestWhatIfErrors(t *testing.T) {
	table, km := hospitalFlows(t), kilometers(landscape(t))
	for want, c := range map[string]siting.Change{
		`siting: Close: want a hospital that stops`:                  {Distance: km},
		`siting: Close is "H9": want a hospital of the table`:        {Close: []string{"H9"}, Distance: km},
		`siting: Targets is "H1": want hospitals that do not stop`:   {Close: []string{"H1"}, Targets: []string{"H1"}, Distance: km},
		`siting: Distance: want a function`:                          {Close: []string{"H1"}},
		`siting: Beta is "-1": want at least 0`:                      {Close: []string{"H1"}, Beta: -1, Distance: km},
		`siting: Shares of "H1" is "0": want parts that add up to 1`: {Close: []string{"H1"}, Rule: siting.Shares, Distance: km},
		`siting: distance of "H1 to H3": want a known distance: no map`: {Close: []string{"H1"}, Targets: []string{"H3"}, Distance: func(string, string) (float64, error) {
			return 0, errors.New("no map")
		}},
	} {
		_, err := siting.WhatIf(table, c)
		assert.EqualError(t, err, want)
	}
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
	c := siting.Change{Close: []string{"C"}, Distance: km}
	got, err := siting.WhatIf(table, c)
	require.NoError(t, err)
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range []string{"1", "2", "3", "4"} {
		for _, y := range []string{"1", "2", "3", "4"} {
			for _, z := range []string{"1", "2", "3", "4"} {
				e, err := siting.WhatIf(read("origin,destination,count\nA,A,10\nA,C,"+x+"\nB,B,6\nB,C,"+y+"\nC,C,"+z+"\n"), c)
				require.NoError(t, err)
				low, high = min(low, e.MeanAfter.Value), max(high, e.MeanAfter.Value)
				assert.LessOrEqual(t, got.Extra.Lo, e.Extra.Value)
				assert.GreaterOrEqual(t, got.Extra.Hi, e.Extra.Value)
			}
		}
	}
	assert.InDelta(t, low, got.MeanAfter.Lo, 1e-12)
	assert.InDelta(t, high, got.MeanAfter.Hi, 1e-12)
	assert.Equal(t, referral.Undefined, got.WorstTenth.Status)
	c.Rule = siting.Proportional
	got, err = siting.WhatIf(table, c)
	require.NoError(t, err)
	assert.Nil(t, got.After)
	assert.Equal(t, siting.ReasonOneByOne, got.Moved.Reason)
}
