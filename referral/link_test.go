// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// stays are eight patients with transfers of every kind, written after the
// description of the scenario that the R package HospitalNetwork is tested on:
// patient, facility, admission, discharge, and what the facility says about the
// discharge and the admission.
const stays = `
s01 f1 2020-01-01 2020-01-02 transfer -
s01 f2 2020-01-02 2020-01-03 - transfer
s02 f1 2020-01-01 2020-01-02 - -
s02 f2 2020-01-02 2020-01-03 - -
s03 f1 2020-01-01 2020-01-02 mutation -
s03 f2 2020-01-03 2020-01-04 - mutation
s04 f1 2020-01-01 2020-01-02 transfer -
s04 f2 2020-02-02 2020-02-03 - transfer
s05 f1 2020-01-01 2020-01-02 - -
s05 f2 2020-02-02 2020-02-03 - -
s06 f1 2020-01-01 2020-01-02 transfer -
s06 f2 2020-03-02 2020-03-03 - transfer
s07 f1 2020-01-01 2020-01-02 - -
s07 f2 2020-03-02 2020-03-03 - -
s08 f1 2020-01-01 2020-01-05 - -
s08 f2 2020-01-06 2020-01-10 - -
s08 f3 2020-02-10 2020-02-11 - -
s08 f4 2020-02-20 2020-02-21 - -`

func stayLog(t *testing.T) *referral.Log {
	t.Helper()
	var events []referral.Event
	for line := range strings.Lines(strings.TrimSpace(stays)) {
		f := strings.Fields(line)
		from, err := network.ParseDate(f[2])
		require.NoError(t, err)
		to, err := network.ParseDate(f[3])
		require.NoError(t, err)
		events = append(events, referral.Event{
			Patient: f[0], Kind: "stay", Hospital: f[1], Date: from, Until: to,
			Attributes: []string{strings.Trim(f[4], "-"), strings.Trim(f[5], "-")},
		})
	}
	l, _ := readLog(t, events, referral.LogConfig{Attributes: []string{"mode_out", "mode_in"}})
	return l
}

func TestTransitionsOfStays(t *testing.T) {
	flags := referral.Flags{Out: "mode_out", In: "mode_in", Values: []string{"transfer", "mutation"}}
	tests := []struct {
		name string
		rule referral.LinkRule
		want map[string]float64
	}{
		{"A window 0", referral.LinkRule{Window: referral.Within(0)}, map[string]float64{"f1>f2": 2}},
		{"B window 0 and flags", referral.LinkRule{Window: referral.Within(0), Flags: flags}, map[string]float64{"f1>f2": 1}},
		{"C window 42", referral.LinkRule{Window: referral.Within(42)}, map[string]float64{"f1>f2": 6, "f2>f3": 1, "f3>f4": 1}},
		{"D window 42 and flags", referral.LinkRule{Window: referral.Within(42), Flags: flags}, map[string]float64{"f1>f2": 3}},
		{"E window 365", referral.LinkRule{Window: referral.Within(365)}, map[string]float64{"f1>f2": 8, "f2>f3": 1, "f3>f4": 1}},
		{"F window 365 and flags", referral.LinkRule{Window: referral.Within(365), Flags: flags}, map[string]float64{"f1>f2": 4}},
		{"G flags only", referral.LinkRule{Flags: flags}, map[string]float64{"f1>f2": 4}},
		{
			"H window 42, all pairs", referral.LinkRule{Window: referral.Within(42), AllPairs: true},
			map[string]float64{"f1>f2": 6, "f1>f3": 1, "f2>f3": 1, "f2>f4": 1, "f3>f4": 1},
		},
		{
			"I window 365, all pairs", referral.LinkRule{Window: referral.Within(365), AllPairs: true},
			map[string]float64{"f1>f2": 8, "f1>f3": 1, "f1>f4": 1, "f2>f3": 1, "f2>f4": 1, "f3>f4": 1},
		},
		// A window is a whole number of days, so that 1.5 cannot be asked for:
		// what lies within 1.5 days lies within 1.
		{"J window 1", referral.LinkRule{Window: referral.Within(1)}, map[string]float64{"f1>f2": 4}},
	}
	l := stayLog(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			table, err := l.Transitions(t.Context(), tt.rule)
			require.NoError(t, err)
			assert.Equal(t, tt.want, flowsOf(table))
			for _, f := range []string{"f1", "f2"} {
				assert.Contains(t, table.Origins(), f, "a hospital with flow one way only stays")
				assert.Contains(t, table.Destinations(), f)
			}
		})
	}
}

func TestTransitionsSelf(t *testing.T) {
	l, _ := readLog(t, parseEvents(t, `
		p1,,2020-01-01,first_visit,A
		p1,,2020-01-02,surgery,A
		p1,,2020-01-03,surgery,B
		p1,,2020-01-04,radiotherapy,B
		p2,,2020-01-04,radiotherapy,B`), referral.LogConfig{})
	with, err := l.Transitions(t.Context(), referral.LinkRule{})
	require.NoError(t, err)
	without, err := l.Transitions(t.Context(), referral.LinkRule{DropSelf: true})
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"A>A": 1, "A>B": 1, "B>B": 1}, flowsOf(with))
	assert.Equal(t, map[string]float64{"A>B": 1}, flowsOf(without))
	assert.InDelta(t, total(with), total(without)+with.Cell("A", "A").Lo+with.Cell("B", "B").Lo, 0, "loops and the rest")
	treated, err := l.Transitions(t.Context(), referral.LinkRule{Treatments: true})
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"A>B": 1, "B>B": 1}, flowsOf(treated))
	assert.Contains(t, treated.Meta().Conditions, "stays=treatments")

	split := partitionOf(t, network.Split, "A=N;B=N+M")
	groups, err := l.Transitions(t.Context(), referral.LinkRule{Partition: split})
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{"N>N": 1 + .5 + .5, "N>M": .5, "M>M": .5}, flowsOf(groups))
}

// A step between a hospital that is divided and a place that is not known, or a
// hospital without a group, is not lost.
func TestTransitionsOfDividedHospitals(t *testing.T) {
	l, _ := readLog(t, parseEvents(t, `
		p1,1,,surgery,B
		p1,2,,surgery,
		p1,3,,surgery,B
		p1,4,,surgery,C`), referral.LogConfig{})
	table, err := l.Transitions(t.Context(), referral.LinkRule{Partition: partitionOf(t, network.Split, "B=N+M;C=M")})
	require.NoError(t, err)
	assert.Equal(t, map[string]float64{
		"M>destination_unknown": .5, "N>destination_unknown": .5, "destination_unknown>M": .5, "destination_unknown>N": .5, "M>M": .5, "N>M": .5,
	}, flowsOf(table))
	_, err = l.Transitions(t.Context(), referral.LinkRule{Partition: partitionOf(t, network.Split, "B=N+M")})
	var class *referral.ClassError
	require.ErrorAs(t, err, &class)
	assert.Equal(t, []string{"C"}, class.Labels)
}

func TestTransitionsErrors(t *testing.T) {
	l := stayLog(t)
	for _, r := range []referral.LinkRule{{Tumor: "x"}, {Flags: referral.Flags{Out: "x"}}} {
		_, err := l.Transitions(t.Context(), r)
		require.ErrorIs(t, err, referral.ErrRule)
	}
}
