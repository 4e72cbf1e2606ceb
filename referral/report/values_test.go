// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/disclosure"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/report"
)

func rawOf(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// Every number in the tables is that of the measure, computed on what the gate
// lets through.
func TestTablesHoldTheMeasures(t *testing.T) {
	full := flows(t, plainFlows)
	gated, err := disclosure.Gate(full, disclosure.Config{})
	require.NoError(t, err)
	for _, allow := range []bool{false, true} {
		tab := gated
		if allow {
			tab = full
		}
		page := sound(t, build(t, report.Input{Table: full}, report.Config{AllowSmall: allow}))
		want := map[[2]string]referral.Result{}
		put := func(name string, list []referral.Scoped) {
			for _, s := range list {
				want[[2]string{name, s.Scope}] = s.Result
			}
		}
		put("from here", flow.OriginTotals(tab))
		put("of them treated here", flow.Retained(tab))
		put("treated elsewhere", flow.Outflow(tab))
		put("treated here from elsewhere", flow.Inflow(tab))
		put("all treated here", flow.DestinationTotals(tab))
		put("net gain", flow.NetFlow(tab))
		put("number that refer here", flow.InDegree(tab))
		put("number referred to", flow.OutDegree(tab))
		put("concentration of destinations (Herfindahl)", flow.OriginHerfindahl(tab, flow.HerfindahlConfig{}))
		for name, list := range map[string][]referral.Share{
			"share treated here": flow.Retention(tab), "share of all treatment": flow.MarketShares(tab),
			"of those treated here, share from here": flow.SelfContainment(tab), "share of all who left elsewhere": flow.ExternalAttraction(tab),
		} {
			for _, s := range list {
				want[[2]string{name, s.Origin + s.Destination}] = s.Result
			}
		}
		texts, raws := rows(t, page, "t-measures")
		assert.Len(t, texts, len(want))
		for i, row := range texts {
			r, ok := want[[2]string{row[0], row[1]}]
			require.True(t, ok, row)
			assert.Equal(t, []string{rawOf(r.Value), rawOf(r.Lo), rawOf(r.Hi)}, raws[i][2:5], row)
			assert.Equal(t, r.Status == referral.OK, row[5] == "exact", row)
			assert.Equal(t, r.Reason == "", row[6] == "", row)
		}
		texts, raws = rows(t, page, "t-flows")
		i := 0
		for f := range tab.Flows() {
			value := ""
			if f.Cell.Known() {
				value = rawOf(f.Cell.Lo)
			}
			assert.Equal(t, []string{f.Origin, f.Destination}, texts[i][:2])
			assert.Equal(t, []string{value, rawOf(f.Cell.Lo), rawOf(f.Cell.Hi)}, raws[i][3:6], texts[i])
			i++
		}
		assert.Len(t, texts, i)
		_, raws = rows(t, page, "t-whole")
		for k, r := range []referral.Result{
			tab.Total(), flow.CrossTotal(tab), flow.SupraRegional(tab).Result, flow.PooledRetention(tab).Result, flow.MigrationEffectiveness(tab),
			flow.ConcentrationRatio(tab, 3, flow.VolumeConfig{}), flow.MarketHerfindahl(tab, flow.HerfindahlConfig{}), flow.Gini(tab, flow.VolumeConfig{}),
			flow.Hoover(tab, flow.VolumeConfig{}), flow.EISystem(tab), flow.BinaryReciprocity(tab), flow.WeightedReciprocity(tab), flow.FlowHierarchy(tab).Result,
		} {
			assert.Equal(t, []string{rawOf(r.Value), rawOf(r.Lo), rawOf(r.Hi)}, raws[k][1:4], raws[k])
		}
	}
}

// Hand values: of 52 patients from A 40 stay, of 30 from B all; A has no center,
// B is one. 12 + 30 = 42 of 82 are treated in a center.
func TestCareOfEvents(t *testing.T) {
	log := care(t, []string{"A", "A", "B"}, []string{"A", "B", "B"}, []int{40, 12, 30})
	page := sound(t, build(t, report.Input{Log: log, Centers: coverage.NewList("c", "B"), Rule: referral.Rule{Modality: "surgery"}}, report.Config{}))
	texts, raws := rows(t, page, "t-care")
	got := map[string]string{}
	for i, row := range texts {
		got[row[0]+" "+row[1]] = raws[i][2]
	}
	for name, want := range map[string]string{
		"treated in a center ": "42", "no contact with a center ": "40", "in a center throughout surgery": "30",
		"referred to a center after diagnosis surgery": "12", "treated elsewhere surgery": "40",
		"patients by number of hospitals 1": "70", "patients by number of hospitals 2": "12",
	} {
		assert.Equal(t, want, got[name], name)
	}
	share, err := strconv.ParseFloat(got["share definitively treated in a center surgery"], 64)
	require.NoError(t, err)
	assert.InDelta(t, 42.0/82, share, 1e-12)
}

// Patients of a set-valued destination are not given to either of its members.
func TestSetsAreNamed(t *testing.T) {
	page := sound(t, build(t, report.Input{Table: flows(t, "origin,destination,count\nA,B / C,10\nB,B,7\nC,C,8\nA,A,9\n")}, report.Config{}))
	for _, id := range []string{"c-2", "c-3"} {
		assert.Contains(t, textOf(byID(t, page, id)), "A (to one of B / C): 10")
	}
}

// The least and the largest retained share are those of all classes, also where
// counts are hidden, and a class is named only if it is certain to have it.
func TestSummaryNamesTheExtremes(t *testing.T) {
	for text, want := range map[string]string{
		// B keeps 2 of 42 to 45: less than A in any case; A has its 50 of 100.
		"origin,destination,count\nA,A,50\nA,B,50\nB,B,2\nB,A,41\n":  "least in B, 2.4% to 8.9%",
		"origin,destination,count\nA,A,50\nA,B,50\nB,B,7\nB,A,3\n":   "most in B, 63.6% to 87.5%",
		"origin,destination,count\nA,A,2\nA,B,20\nB,B,3\nB,A,20\n":   "least 4.8% to 16.7% (in several, or not certain where)",
		"origin,destination,count\nA,A,10\nA,B,10\nB,B,10\nB,A,10\n": "most 50.0% (in several, or not certain where)",
	} {
		page := textOf(sound(t, build(t, report.Input{Table: flows(t, text)}, report.Config{})))
		assert.Contains(t, page, want, text)
	}
}
