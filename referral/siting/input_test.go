// SPDX-License-Identifier: Apache-2.0

package siting_test

import (
	"encoding/json"
	"math"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/siting"
)

// TestHolesAndUnknownWeights has a region without a population and a hole in
// the matrix: the model says which region it cannot serve, and the weight that
// is not known is asked for by name.
func TestHolesAndUnknownWeights(t *testing.T) {
	l, err := network.ReadLandscape(fstest.MapFS{
		"hospitals.csv": {Data: []byte("hospital,name\nH0,H0\nH1,H1\n")}, "networks.csv": {Data: []byte("network,name,kind,partition,aliases\n")},
		"membership.csv": {Data: []byte("hospital,network,from,to\n")},
		"regions.csv":    {Data: []byte("region,population,cases\nR0,,1\nR1,5,2\n")},
		"distances.csv":  {Data: []byte("from,to,km\nR0,H0,5\nR1,H1,50\n")},
	})
	require.NoError(t, err)
	_, _, err = siting.FromLandscape(l.On(0), siting.Setting{Weight: siting.Population})
	require.EqualError(t, err, `siting: population of "R0" is "not known": want a number in regions.csv`)
	p, notes, err := siting.FromLandscape(l.On(0), siting.Setting{})
	require.NoError(t, err)
	assert.Equal(t, []string{"2 distances are supplied with the landscape", "2 distances are not known: these hospitals do not serve these regions"}, notes)
	var none *siting.InfeasibleError
	_, err = siting.Cover(t.Context(), p, 10, siting.CoverConfig{})
	require.ErrorAs(t, err, &none)
	assert.Equal(t, []string{"R1"}, none.Demands)
	_, err = siting.Median(t.Context(), p, 1, siting.Config{})
	require.ErrorAs(t, err, &none, "no single center serves both")
	assert.NotEmpty(t, none.Constraint)
	_, _, err = siting.FromLandscape(l.On(0), siting.Setting{Fixed: []string{"H9"}, Forbidden: []string{"H8"}})
	require.ErrorContains(t, err, `fixed is "H9"`)
}

func TestJSON(t *testing.T) {
	p := siting.Problem{
		Unit: "km", Demands: []siting.Demand{{ID: "R0", Weight: 2}, {ID: "R1"}}, Candidates: []siting.Candidate{{ID: "H0"}},
		Distances: [][]float64{{3}, {math.NaN()}},
	}
	plan, err := siting.MaxCover(t.Context(), p, 1, 5, siting.Config{})
	require.NoError(t, err)
	text, err := json.Marshal(plan)
	require.NoError(t, err)
	var back map[string]any
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, "mclp", back["model"])
	assert.Nil(t, back["largest"], "there is no way from R1")
	assert.Equal(t, []any{map[string]any{"demand": "R0", "center": "H0", "weight": 2.0, "distance": 3.0}}, back["served"])

	table, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		_ = yield(referral.Flow{Origin: "H0", Destination: "H1", Cell: referral.Count(4)}) &&
			yield(referral.Flow{Origin: "H0", Destination: "H2", Cell: referral.Count(1)})
	})
	require.NoError(t, err)
	e, err := siting.WhatIf(table, siting.Change{Close: []string{"H1"}, Targets: []string{"H2"}, Distance: func(string, string) (float64, error) { return 7, nil }})
	require.NoError(t, err)
	text, err = json.Marshal(e)
	require.NoError(t, err)
	back = nil
	require.NoError(t, json.Unmarshal(text, &back))
	assert.Equal(t, []any{"H1"}, back["closed"])
	assert.Equal(t, []any{"H2"}, back["targets"])
	assert.Equal(t, "nearest", back["rule"])
	assert.NotContains(t, back, "before")
	assert.Len(t, back["moves"], 1)
}
