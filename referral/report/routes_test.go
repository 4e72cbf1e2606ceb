// SPDX-License-Identifier: Apache-2.0

package report_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/report"
)

// trip is how many patients went which way: first visit, surgery, radiotherapy
// and follow-up, with an empty text for none.
type trip struct {
	stops [4]string
	n     int
}

// trips makes a log; every tenth patient has a second tumor if several is set.
func trips(t testing.TB, several bool, list ...trip) *referral.Log {
	t.Helper()
	kinds := [4]string{referral.KindFirstVisit, "surgery", "radiotherapy", referral.KindFollowup}
	p := 0
	var events []referral.Event
	for _, x := range list {
		for k := range x.n {
			p++
			for seq, h := range x.stops {
				if h == "" {
					continue
				}
				events = append(events, referral.Event{Patient: fmt.Sprint(p), Seq: int32(seq + 1), Kind: kinds[seq], Hospital: h, Tumor: "x", Year: 2019 + k%2})
				if several && p%10 == 0 {
					events = append(events, referral.Event{Patient: fmt.Sprint(p), Seq: int32(seq + 11), Kind: kinds[seq], Hospital: h, Tumor: "y", Year: 2019 + k%2})
				}
			}
		}
	}
	l, _, err := referral.ReadLog(t.Context(), all(events), referral.LogConfig{Synthetic: true})
	require.NoError(t, err)
	return l
}

// groups is a partition of hospitals A to D: C is in both networks.
func groups(t testing.TB) *network.Partition {
	t.Helper()
	p, err := network.NewPartition("regional", map[string]string{"A": "North", "B": "North", "C": "South", "D": "South"})
	require.NoError(t, err)
	return p
}

// Of the 33 patients of one flow, h took another way than the others: whatever h from 1 to 4 is, the report is the same.
func TestRoutesDoNotTellSmallCounts(t *testing.T) {
	for to, in := range map[string]report.Input{
		"B": {Centers: coverage.NewList("centers", "B"), Norm: 10},
		"C": {Rule: referral.Rule{Partition: groups(t)}}, // in another network than A
	} {
		want := ""
		for h := 1; h <= 4; h++ {
			in.Log = trips(t, false, trip{[4]string{"A", "A", "", "A"}, 60}, trip{[4]string{"A", to, "", "A"}, 33 - h}, trip{[4]string{"A", to, "", to}, h},
				trip{[4]string{"B", "B", "", "B"}, 40}, trip{[4]string{"C", "C", "C", "C"}, 25})
			got := build(t, in, report.Config{Lang: chart.Dutch})
			if want == "" {
				want = got
			}
			require.True(t, want == got, "%s, %d: %s", to, h, difference(want, got))
		}
	}
}

// Where flows are hidden, nothing tells how many patients the extract has, those
// with several tumors included.
func TestSeveralTumorsDoNotTellHiddenFlows(t *testing.T) {
	for _, lang := range []chart.Language{chart.English, chart.Dutch} {
		want := ""
		for n := 1; n <= 4; n++ {
			log := trips(t, true, trip{[4]string{"A", "A", "", ""}, 100}, trip{[4]string{"B", "B", "", ""}, 40}, trip{[4]string{"A", "B", "", ""}, n})
			got := build(t, report.Input{Log: log}, report.Config{Lang: lang})
			if want == "" {
				want = got
			}
			require.True(t, want == got, "%d: %s", n, difference(want, got))
		}
	}
}

// Hand values. Ways: 60 of A only; 30 from A to B and back, which B passes on; 20
// of B only; 2 from A by C to A, which are hidden. With 92 from A and 20 from B:
// 60 is in 60-64, 30 in 30-34, and 92 less both leaves 0 to 2: the 60 becomes
// 55-64, so that 1 to 4 are possible.
func TestRoutesAndPassages(t *testing.T) {
	log := trips(t, false, trip{[4]string{"A", "A", "", "A"}, 60}, trip{[4]string{"A", "B", "", "A"}, 30}, trip{[4]string{"B", "B", "", ""}, 20}, trip{[4]string{"A", "A", "C", "A"}, 2})
	page := sound(t, build(t, report.Input{Log: log}, report.Config{AllowSmall: true}))
	texts, _ := rows(t, page, "t-routes")
	assert.Equal(t, [][]string{
		{"A", "60", "60", "60", "53.6%"}, {"A › B › A", "30", "30", "30", "26.8%"}, {"B", "20", "20", "20", "17.9%"}, {"A › C › A", "2", "2", "2", "1.8%"},
	}, texts)
	texts, _ = rows(t, page, "t-passing")
	assert.Equal(t, [][]string{{"B", "30", "30", "30", "26.8%"}, {"C", "2", "2", "2", "1.8%"}}, texts)

	page = sound(t, build(t, report.Input{Log: log, Rule: referral.Rule{Partition: groups(t)}}, report.Config{AllowSmall: true}))
	texts, _ = rows(t, page, "t-passing")
	// A > B > A is a return in one network, A > C > A a return too.
	assert.Equal(t, "return", textOf(elements(elements(byID(t, page, "t-passing"), "thead")[0], "th")[10]))
	assert.Equal(t, "30", texts[0][10])
	assert.Equal(t, "2", texts[1][10])

	// Without small counts the two are of a flow that is hidden: 110 are left.
	page = sound(t, build(t, report.Input{Log: log}, report.Config{}))
	texts, _ = rows(t, page, "t-routes")
	assert.Equal(t, [][]string{
		{"A", "60 to 64", "60", "64", "54.5% to 58.2%"}, {"A › B › A", "30 to 34", "30", "34", "27.3% to 30.9%"}, {"B", "20 to 24", "20", "24", "18.2% to 21.8%"},
	}, texts)
	svg := elements(byID(t, page, "f-stages"), "svg")
	require.NotEmpty(t, svg)
	assert.Contains(t, textOf(svg[0]), "rounded down to a multiple of 5")
}

// landscape has three hospitals in a row, 0.1 degrees apart, two lists of
// centers, and two regions with inhabitants.
func landscape(t testing.TB) *network.Snapshot {
	t.Helper()
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"hospitals.csv":    "hospital,name,city,type,lat,lon,source,confidence\nA,Anna,Aa,general,52.0,5.0,s,high\nB,Bert,Bo,general,52.1,5.0,s,high\nC,Cees,Co,general,52.3,5.0,s,high\n",
		"networks.csv":     "network,name,partition,source,confidence\nNorth,North,regional,s,high\n",
		"membership.csv":   "hospital,network,from,to,source,confidence\nA,North,,,s,high\nB,North,,,s,high\nC,North,,,s,high\n",
		"designations.csv": "hospital,body,disease,level,role,of,from,to,source,confidence\nB,ERN,x,disorder,center,,,,s,high\nC,ERN,x,disorder,center,,,,s,high\nB,field,x,disorder,center,,,,s,high\n",
		"regions.csv":      "region,name,network,lat,lon,population,cases,source,confidence\nr1,One,North,52.0,5.0,3000,,s,high\nr2,Two,North,52.3,5.0,1000,,s,high\n",
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	l, err := network.ReadLandscape(files)
	require.NoError(t, err)
	return l.On(network.NewDate(2020, 1, 1))
}

// Hand values, with 11.12 km for 0.1 degrees of latitude. Of the patients in B or
// C with centers 30 + 12 + 20 = 62, the 12 from A went to C past B: 19.4%, and
// 22.2 km farther. Of 4000 people 3000 live 11.1 km from B, 1000 at C: 8.3 km on
// the average. Of the two on either list B is on both: Jaccard 1/2.
func TestReach(t *testing.T) {
	log := trips(t, false, trip{[4]string{"A", "A", "", ""}, 60}, trip{[4]string{"A", "B", "", ""}, 30}, trip{[4]string{"A", "C", "", ""}, 12}, trip{[4]string{"C", "C", "", ""}, 20})
	s := landscape(t)
	q := network.DesignationQuery{Disease: "x", Role: network.RoleCenter}
	page := sound(t, build(t, report.Input{Log: log, Snapshot: s, Centers: coverage.Designated(s, "any x", q), Designations: q}, report.Config{}))
	texts, raws := rows(t, page, "t-reach")
	got := map[string]string{}
	for i, r := range texts {
		got[r[0]] = r[2] + " " + raws[i][2]
	}
	assert.True(t, strings.HasPrefix(got["of those treated in a hospital with a center, share not treated in the nearest one"], "19.4% 0.1935483"), got)
	assert.True(t, strings.HasPrefix(got["how much farther they went, mean, km"], "22.2 22.2"), got)
	assert.True(t, strings.HasPrefix(got["mean distance to the nearest center, km"], "8.3 8.3"), got)
	assert.True(t, strings.HasPrefix(got["largest distance to the nearest center, km"], "11.1 11.1"), got)
	assert.Equal(t, "100.0% 1", got["share within 30 km of a center"])
	texts, _ = rows(t, page, "t-lists")
	require.Len(t, texts, 1)
	assert.Equal(t, []string{"ERN", "field", "B", "C", "none", "50.0%"}, texts[0][:6])
	assert.Contains(t, textOf(byID(t, page, "c-1")), "nearest hospital with a centerB (11.1 km in a straight line)")
}

// A long table is printed in part, and says so; which rows those are does not
// depend on what is hidden.
func TestPaper(t *testing.T) {
	var text strings.Builder
	text.WriteString("origin,destination,count\n")
	for i := range 20 {
		for k := range 20 {
			fmt.Fprintf(&text, "H%02d,H%02d,%d\n", i, k, 1+(i*20+k)%97)
		}
	}
	page := sound(t, build(t, report.Input{Table: flows(t, text.String())}, report.Config{Lang: chart.Dutch}))
	box := byID(t, page, "t-flows")
	assert.Equal(t, "table some", attr(box, "class"))
	printed := 0
	for _, tr := range elements(elements(box, "tbody")[0], "tr") {
		if attr(tr, "class") == "p" {
			printed++
		}
	}
	assert.Equal(t, 250, printed)
	assert.Contains(t, textOf(box), "Op papier: de 250 grootste van 400 stromen.")
	assert.Equal(t, "table screen", attr(byID(t, page, "t-measures"), "class"))
	assert.Contains(t, textOf(page), "De tabel “Alle maten van elk netwerk” staat niet op papier")
	assert.False(t, slices.ContainsFunc(elements(page, "td"), func(n *html.Node) bool { return attr(n, "class") != "" }))
}

// Of 90 patients 30 are divided over two cells, and so in none: a route may have
// more patients than the cells tell.
func TestDividedPatientsAreInNoCell(t *testing.T) {
	log := trips(t, false, trip{[4]string{"A", "A", "", ""}, 60}, trip{[4]string{"A", "A", "B", ""}, 30})
	page := sound(t, build(t, report.Input{Log: log, Rule: referral.Rule{Destination: referral.Fractional}}, report.Config{}))
	texts, _ := rows(t, page, "t-routes")
	require.NotEmpty(t, texts)
	assert.Equal(t, []string{"A", "at least 60", "60", "∞", "at least 66.7%"}, texts[0])
}
