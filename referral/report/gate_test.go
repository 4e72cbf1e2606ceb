// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/report"
)

// hiddenCounts are choices for three flows of 1 to 4 patients.
var hiddenCounts = [][]int{{1, 2, 3}, {4, 3, 1}, {2, 2, 2}, {3, 4, 4}}

// Whatever the hidden counts are, the report is the same to the last byte.
func TestReportDoesNotDependOnSmallCounts(t *testing.T) {
	for _, lang := range []chart.Language{chart.English, chart.Dutch} {
		want := map[string]string{}
		for _, n := range hiddenCounts {
			in := map[string]report.Input{
				"table": {Table: flows(t, fmt.Sprintf("origin,destination,count\nA,A,120\nA,B,35\nA,C,%d\nB,B,90\nB,A,%d\nB,C,14\nC,C,48\nC,A,%d\n", n[0], n[1], n[2]))},
				"totals": {Table: flows(t, fmt.Sprintf("origin,destination,count\nA,A,120\nA,B,35\nA,C,%d\nB,B,90\nB,A,%d\nC,C,48\nC,A,%d\nA,total,%d\n",
					n[0], n[1], n[2], 155+n[0]))},
				"events": {
					Log: care(t, []string{"A", "A", "B", "B", "C", "C"}, []string{"A", "B", "B", "C", "C", "A"},
						[]int{40, 12, 30, n[0], 25, n[1]}),
					Centers: coverage.NewList("centers", "B"), Norm: 10,
				},
			}
			for name, x := range in {
				x.SHA256 = fmt.Sprint(n)
				got := build(t, x, report.Config{Lang: lang})
				if want[name] == "" {
					want[name] = got
					continue
				}
				require.True(t, want[name] == got, "%s differs for %v: %s", name, n, difference(want[name], got))
			}
		}
	}
}

// difference gives what is around the first byte that differs.
func difference(a, b string) string {
	i := 0
	for i < min(len(a), len(b)) && a[i] == b[i] {
		i++
	}
	return a[max(0, i-200):min(len(a), i+60)] + " ||| " + b[max(0, i-20):min(len(b), i+60)]
}

func TestSmallCountsAreSaidToBeHiddenOrShown(t *testing.T) {
	in := report.Input{Table: flows(t, plainFlows), SHA256: "feed"}
	hidden := build(t, in, report.Config{})
	assert.Contains(t, hidden, "2 flows, each from one place to another, are of 1 to 4 patients")
	assert.NotContains(t, hidden, "feed")
	assert.NotContains(t, hidden, "without disclosure control")
	shown := build(t, in, report.Config{AllowSmall: true})
	assert.Contains(t, shown, "Do not publish this report without disclosure control")
	assert.Contains(t, shown, "feed")
	page := parse(t, shown)
	_, raws := rows(t, page, "t-flows")
	var counts []string
	for _, r := range raws {
		counts = append(counts, r[3])
	}
	assert.Contains(t, counts, "3")
	assert.Contains(t, counts, "2")
}
