// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// landscapeOf reads a landscape from its files.
func landscapeOf(t *testing.T, files map[string]string) *network.Landscape {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name+".csv"] = &fstest.MapFile{Data: []byte(text)}
	}
	l, err := network.ReadLandscape(fsys)
	require.NoError(t, err)
	return l
}

// partitionOf makes a partition of "A=N;B=N+M": hospital A in N, B in N and M.
func partitionOf(t *testing.T, rule network.Rule, text string) *network.Partition {
	t.Helper()
	hospitals, networks, membership := "hospital\n", "network,partition\n", "hospital,network\n"
	seen := map[string]bool{}
	for part := range strings.SplitSeq(text, ";") {
		h, groups, _ := strings.Cut(part, "=")
		hospitals += h + "\n"
		for g := range strings.SplitSeq(groups, "+") {
			if !seen[g] {
				networks += g + ",regional\n"
			}
			seen[g] = true
			membership += h + "," + g + "\n"
		}
	}
	l := landscapeOf(t, map[string]string{"hospitals": hospitals, "networks": networks, "membership": membership})
	p, err := l.On(0).Partition(network.PartitionConfig{Rule: rule})
	require.NoError(t, err)
	return p
}

// six patients: at home; out; out and back; home and out twice; untreated; no
// origin.
const sixPatients = `
	p1,1,2019-01-01,first_visit,A,lung
	p1,2,2019-01-05,surgery,A,lung
	p2,1,2019-06-01,first_visit,A,lung
	p2,2,2019-07-01,radiotherapy,B,lung
	p3,1,2020-01-01,first_visit,A,skin
	p3,2,2020-02-01,surgery,C,skin
	p3,3,2020-03-01,systemic,A,skin
	p4,1,2020-01-01,first_visit,B,skin
	p4,2,2020-02-01,surgery,B,skin
	p4,3,2020-03-01,systemic,A,skin
	p4,4,2020-04-01,radiotherapy,C,skin
	p5,1,2021-01-01,first_visit,C,skin
	p6,1,2021-02-01,surgery,C,skin`

func TestTableRules(t *testing.T) {
	type flows = map[string]float64
	tests := []struct {
		name string
		rule referral.Rule
		want flows
	}{
		{"any outside", referral.Rule{}, flows{"A>A": 1, "A>B": 1, "A>C": 1, "B>A": 1, "C>untreated": 1, "origin_unknown>C": 1}},
		{"first", referral.Rule{Destination: referral.FirstTreatment}, flows{"A>A": 1, "A>B": 1, "A>C": 1, "B>B": 1, "C>untreated": 1, "origin_unknown>C": 1}},
		{"last", referral.Rule{Destination: referral.LastTreatment}, flows{"A>A": 2, "A>B": 1, "B>C": 1, "C>untreated": 1, "origin_unknown>C": 1}},
		{"fractional", referral.Rule{Destination: referral.Fractional}, flows{"A>A": 1.5, "A>B": 1, "A>C": .5, "B>A": 1. / 3, "B>B": 1. / 3, "B>C": 1. / 3, "C>untreated": 1, "origin_unknown>C": 1}},
		{"tumor", referral.Rule{Tumor: "lung"}, flows{"A>A": 1, "A>B": 1}},
		{"modality", referral.Rule{Modality: "radiotherapy"}, flows{"A>B": 1, "B>C": 1}},
		{"period", referral.Rule{Period: period(t, "2020")}, flows{"A>C": 1, "B>A": 1}},
		{"groups", referral.Rule{Partition: partitionOf(t, network.SetValued, "A=N;B=N;C=M")}, flows{"N>N": 2, "N>M": 2, "M>untreated": 1, "origin_unknown>M": 1}},
		{"set-valued groups", referral.Rule{Partition: partitionOf(t, network.SetValued, "A=N;B=N+M;C=M")},
			flows{"N>N": 2, "N>M": 1, "M / N>M / N": 1, "M>untreated": 1, "origin_unknown>M": 1}},
		{"divided groups", referral.Rule{Destination: referral.FirstTreatment, Partition: partitionOf(t, network.Split, "A=N;B=N+M;C=M")},
			flows{"N>N": 1 + .5 + .5, "N>M": 1 + .5, "M>M": .5, "M>untreated": 1, "origin_unknown>M": 1}},
	}
	l, _ := readLog(t, parseEvents(t, sixPatients), referral.LogConfig{Source: "six", Synthetic: true})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, err := l.Table(tt.rule)
			require.NoError(t, err)
			got := flowsOf(table)
			require.Len(t, got, len(tt.want), "%v", got)
			for key, n := range tt.want {
				assert.InDelta(t, n, got[key], 1e-15, key)
			}
			assert.True(t, table.Meta().Synthetic)
			assert.Equal(t, "six", table.Meta().Source)
		})
	}
}

func period(t *testing.T, text string) network.Period {
	t.Helper()
	p, err := network.ParsePeriod(text)
	require.NoError(t, err)
	return p
}

// Rules that see one treatment only commute with aggregation.
func TestTableAggregates(t *testing.T) {
	l, _ := readLog(t, parseEvents(t, sixPatients), referral.LogConfig{})
	for _, d := range []referral.DestinationRule{referral.FirstTreatment, referral.LastTreatment, referral.Fractional} {
		for _, rule := range []network.Rule{network.SetValued, network.Split} {
			p := partitionOf(t, rule, "A=N;B=N+M;C=M")
			hospitals, err := l.Table(referral.Rule{Destination: d})
			require.NoError(t, err)
			want, err := hospitals.Aggregate(p)
			require.NoError(t, err)
			got, err := l.Table(referral.Rule{Destination: d, Partition: p})
			require.NoError(t, err)
			for key, n := range flowsOf(want) {
				assert.InDelta(t, n, flowsOf(got)[key], 1e-12, "%v %v %s", d, rule, key)
			}
			assert.Len(t, flowsOf(got), len(flowsOf(want)))
		}
	}
}

// The slices of a table add up to the table, and to the tables of each slice.
func TestTableSlices(t *testing.T) {
	l, _ := readLog(t, parseEvents(t, sixPatients), referral.LogConfig{})
	whole, err := l.Table(referral.Rule{})
	require.NoError(t, err)
	for name, r := range map[string]referral.Rule{
		"years": {ByYear: true}, "tumors": {ByTumor: true}, "both": {ByYear: true, ByTumor: true},
		"periods": {Slices: []network.Period{period(t, "2019-2020"), period(t, "2021")}},
	} {
		sliced, err := l.Table(r)
		require.NoError(t, err, name)
		assert.Equal(t, flowsOf(whole), flowsOf(sliced), name)
	}
	byYear, err := l.Table(referral.Rule{ByYear: true})
	require.NoError(t, err)
	part, err := byYear.Filter(referral.Selection{Period: period(t, "2020")})
	require.NoError(t, err)
	only, err := l.Table(referral.Rule{Period: period(t, "2020")})
	require.NoError(t, err)
	assert.Equal(t, flowsOf(only), flowsOf(part))
	first, err := l.Table(referral.Rule{Period: period(t, "2019")})
	require.NoError(t, err)
	second, err := l.Table(referral.Rule{Period: period(t, "2020-2021")})
	require.NoError(t, err)
	merged, err := first.Merge(second)
	require.NoError(t, err)
	assert.Equal(t, flowsOf(whole), flowsOf(merged))

	byKind, err := l.Table(referral.Rule{ByModality: true})
	require.NoError(t, err)
	surgery, err := byKind.Filter(referral.Selection{Modality: "surgery"})
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"A>A": 1, "A>C": 1, "B>B": 1, "origin_unknown>C": 1}, flowsOf(surgery))
	conditional, err := l.Table(referral.Rule{Modality: "surgery"})
	require.NoError(t, err)
	assert.Equal(t, flowsOf(surgery), flowsOf(conditional))
	assert.Equal(t, []string{"2 cases were left out because they had no treatment by surgery."}, conditional.Meta().Notes)
	_, err = conditional.Merge(second)
	require.ErrorIs(t, err, referral.ErrClash, "another condition is another table")
}

func TestTableWithinLandscape(t *testing.T) {
	s := landscapeOf(t, map[string]string{
		"hospitals":   "hospital,name,type\nA,Alfa,general\nB,Beta,general\nAB,Alfabeta,general\nR,Rad,radiotherapy\nS,Sigma,general\nS1,S1,general\nS2,S2,general\n",
		"successions": "predecessor,successor,date,kind\nA,AB,2018-01-01,merger\nB,AB,2018-01-01,merger\nS,S1,2018-01-01,split\nS,S2,2018-01-01,split\n",
	}).On(network.NewDate(2021, 12, 31))
	l, q := readLog(t, parseEvents(t, `
		p1,1,2017-01-01,first_visit,A
		p1,2,2017-02-01,surgery,B
		p2,1,2017-01-01,first_visit,AB
		p2,2,2017-02-01,surgery,Nowhere
		p3,1,2017-01-01,first_visit,AB
		p3,2,2017-02-01,radiotherapy,R
		p4,1,2017-01-01,first_visit,S
		p4,2,2017-02-01,surgery,AB`), referral.LogConfig{Within: s})
	assert.EqualValues(t, 2, q.Count(referral.FaultMerged))
	assert.EqualValues(t, 1, q.Count(referral.FaultHospital))
	assert.EqualValues(t, 1, q.Count(referral.FaultSplit))
	table, err := l.Table(referral.Rule{})
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"AB>AB": 1, "AB>destination_unknown": 1, "AB>R": 1, "origin_unknown>AB": 1}, flowsOf(table))
	assert.Equal(t, "2021-12-31", table.Meta().Landscape)
	table, err = l.Table(referral.Rule{WithoutTypes: []network.HospitalType{network.TypeRadiotherapy}})
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"AB>AB": 1, "AB>destination_unknown": 1, "origin_unknown>AB": 1}, flowsOf(table))
	assert.Equal(t, "without=radiotherapy", table.Meta().Conditions)
	assert.Equal(t, []string{"1 cases were left out because they were treated only in hospitals that do not count."}, table.Meta().Notes)
}

func TestRuleErrors(t *testing.T) {
	l, _ := readLog(t, parseEvents(t, sixPatients), referral.LogConfig{})
	for name, r := range map[string]referral.Rule{
		"origin":      {Origin: referral.Residence},
		"tumor":       {Tumor: "none"},
		"modality":    {Modality: "none"},
		"attribute":   {Where: []referral.Condition{{Attribute: "sex", Value: "F"}}},
		"types":       {WithoutTypes: []network.HospitalType{network.TypeRadiotherapy}},
		"two slices":  {ByYear: true, Slices: []network.Period{period(t, "2019")}},
		"overlapping": {Slices: []network.Period{period(t, "2019"), period(t, "2019-2020")}},
	} {
		_, err := l.Table(r)
		require.ErrorIs(t, err, referral.ErrRule, name)
	}
	_, err := l.Table(referral.Rule{Partition: partitionOf(t, network.SetValued, "A=N;B=N")})
	require.ErrorIs(t, err, referral.ErrNoClass)
	assert.EqualError(t, err, `referral: not assigned to a group of the partition: "C"`)
}

func TestSeveralTumors(t *testing.T) {
	l, q := readLog(t, parseEvents(t, `
		p,1,2019-01-01,first_visit,A,lung
		p,2,2019-02-01,surgery,B,lung
		p,3,2020-01-01,first_visit,C,skin
		p,4,2020-02-01,surgery,C,skin
		p,5,2021-01-01,death,,`), referral.LogConfig{})
	assert.EqualValues(t, 1, q.Patients)
	assert.EqualValues(t, 2, q.Cases)
	assert.Empty(t, q.Findings)
	table, err := l.Table(referral.Rule{})
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"A>B": 1, "C>C": 1}, flowsOf(table))
	assert.Equal(t, []string{"Patients with several tumors count once for each of them."}, table.Meta().Notes)
}
