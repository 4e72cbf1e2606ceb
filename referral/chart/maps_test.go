// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// discs are the discs of a drawing by ID.
func discs(d *viz.Drawing) map[string]viz.Disc {
	out := map[string]viz.Disc{}
	for _, x := range d.Discs {
		out[x.ID] = x
	}
	return out
}

// shafts are the arrows of a drawing without heads, by what they say.
func shafts(d *viz.Drawing) map[string][]viz.Arrow {
	out := map[string][]viz.Arrow{}
	for _, a := range d.Arrows {
		if a.Head == 0 && a.From != a.To && !strings.HasPrefix(a.From, "legend") {
			out[a.Tooltip] = append(out[a.Tooltip], a)
		}
	}
	return out
}

// The same class stands at the same place of every panel, and a number has the
// same size in all of them.
func TestPanelsArePlacedAndScaledAlike(t *testing.T) {
	meta := referral.Meta{Unit: referral.Patients, Level: referral.LevelNetwork}
	a := readTable(t, "origin,destination,count\nA,A,50\nA,B,40\nB,B,60\nC,B,10\n", meta)
	b := readTable(t, "origin,destination,count\nA,A,50\nA,B,80\nB,B,5\nD,A,10\n", meta)
	d, err := FlowMaps([]Panel{{"before", a}, {"after", b}}, nil, FlowMapsConfig{Columns: 2})
	require.NoError(t, err)
	all := discs(d)
	shift := sub(all["panel 2 place 0"].Center, all["panel 1 place 0"].Center)
	assert.InDelta(t, 0, shift.Y, 1e-9)
	assert.Greater(t, shift.X, 100.0)
	for i := range 4 { // A, B, C and D, also where a table lacks them
		p, q := all[fmt.Sprintf("panel 1 place %d", i)], all[fmt.Sprintf("panel 2 place %d", i)]
		require.NotZero(t, p.Radius)
		require.NotZero(t, q.Radius)
		assert.InDelta(t, 0, distance(sub(q.Center, p.Center), shift), 1e-9, i)
	}
	// Treated: A 50 and 60, B 110 and 85; areas are in proportion.
	assert.InDelta(t, math.Sqrt(85.0/110), all["panel 2 place 1"].Radius/all["panel 1 place 1"].Radius, 1e-9)
	assert.InDelta(t, math.Sqrt(50.0/110), all["panel 1 place 0"].Radius/all["panel 1 place 1"].Radius, 1e-9)
	lines := shafts(d)
	require.Len(t, lines["A to B: 40 patients"], 1)
	require.Len(t, lines["A to B: 80 patients"], 1)
	assert.InDelta(t, 0.5, lines["A to B: 40 patients"][0].Stroke.Width/lines["A to B: 80 patients"][0].Stroke.Width, 1e-9)
}

// What is left out is left out by one threshold in all panels.
func TestPanelsHaveOneThreshold(t *testing.T) {
	meta := referral.Meta{Unit: referral.Patients, Level: referral.LevelNetwork}
	a := readTable(t, "origin,destination,count\nA,B,50\nB,C,40\nC,A,30\n", meta)
	b := readTable(t, "origin,destination,count\nA,B,45\nB,C,35\n", meta)
	d, err := FlowMaps([]Panel{{"", a}, {"", b}}, nil, FlowMapsConfig{MaxFlows: 2})
	require.NoError(t, err)
	lines := shafts(d) // the first panel keeps 50 and 40, and so 40 is the threshold
	assert.Contains(t, lines, "B to C: 40 patients")
	assert.Contains(t, lines, "A to B: 45 patients")
	assert.NotContains(t, lines, "B to C: 35 patients")
	assert.Contains(t, dotText(t, d), "Not drawn: 2 flows smaller than 40, together 65.")
}

func TestManyPanelsStayOnThePage(t *testing.T) {
	var panels []Panel
	for i := range 9 {
		panels = append(panels, Panel{fmt.Sprint(2013 + i), tenNetworks(t, uint64(i))})
	}
	d, err := FlowMaps(panels, dutchLandscape(t), FlowMapsConfig{})
	require.NoError(t, err)
	assert.InDelta(t, pageHeight, d.Height, 150)
	for _, x := range d.Discs {
		assert.True(t, x.Center.X > 0 && x.Center.X < d.Width && x.Center.Y > 0 && x.Center.Y < d.Height, x.ID)
	}
}

func TestDifferenceByHand(t *testing.T) {
	meta := func(year string) referral.Meta {
		p, err := network.ParsePeriod(year)
		require.NoError(t, err)
		return referral.Meta{Unit: referral.Patients, Level: referral.LevelNetwork, Period: p}
	}
	before := readTable(t, "origin,destination,count\nA,B,10\nA,C,50\nB,C,3\nC,A,2\nC,B,30\nA,A,9\n", meta("2019"))
	after := readTable(t, "origin,destination,count\nA,B,30\nA,C,20\nB,C,10\nC,A,1\nC,B,30\nB,A,7\nA,A,9\n", meta("2020"))
	d, err := Difference(before, after, nil, DifferenceConfig{})
	require.NoError(t, err)
	lines := shafts(d)
	// 30 - 10; 20 - 50; 10 - [1, 4]; 7 - 0. C to B is 0, and C to A is [1, 4] - [1, 4].
	require.Len(t, lines, 4)
	assert.Equal(t, growth, lines["A to B: +20"][0].Stroke.Color)
	assert.Equal(t, viz.Solid, lines["A to B: +20"][0].Stroke.Dash)
	hollowed := lines["A to C: −30"]
	require.Len(t, hollowed, 2, "a hollow arrow is a line in a line")
	assert.Equal(t, decline, hollowed[0].Stroke.Color)
	assert.Equal(t, paper, hollowed[1].Stroke.Color)
	assert.InDelta(t, maxWidth, hollowed[0].Stroke.Width, 1e-9, "the largest change is widest")
	assert.InDelta(t, maxWidth*20/30, lines["A to B: +20"][0].Stroke.Width, 1e-9)
	between := lines["B to C: +6 to +9"]
	require.Len(t, between, 2, "a dotted line in a band")
	assert.Equal(t, viz.Dotted, between[1].Stroke.Dash)
	assert.Contains(t, lines, "B to A: +7")
	text := dotText(t, d)
	assert.Contains(t, text, "Not drawn: 1 flows of which it is not known whether and how they changed.")
	assert.Contains(t, text, "Change: 2020 minus 2019")
	// Treated at B: 10 + 30 before and 30 + 30 after; at A: 9 + [1, 4] and 9 + 7 + [1, 4].
	assert.Contains(t, text, "B; treated: +20")
	assert.Contains(t, text, "A; treated: +4 to +10")
}

// Where both sides may count the same patients a small change is a small count.
func TestDifferenceHidesSmallChangesOfTheSamePatients(t *testing.T) {
	p, err := network.ParsePeriod("2016-2021")
	require.NoError(t, err)
	meta := referral.Meta{Unit: referral.Patients, Level: referral.LevelNetwork, Period: p, Tumor: "x"}
	before := readTable(t, "origin,destination,count\nA,B,10\nB,A,20\n", meta)
	after := readTable(t, "origin,destination,count\nA,B,13\nB,A,40\n", meta)
	d, err := Difference(before, after, nil, DifferenceConfig{})
	require.NoError(t, err)
	text := dotText(t, d)
	assert.NotContains(t, text, "+3")
	assert.Contains(t, text, "B to A: +20")
	assert.Contains(t, text, "changes by 1 to 4 are not shown either")
	d, err = Difference(before, after, nil, DifferenceConfig{Page: Page{AllowSmall: true}})
	require.NoError(t, err)
	assert.Contains(t, dotText(t, d), "A to B: +3")
	meta.Tumor = "y" // other patients
	d, err = Difference(before, readTable(t, "origin,destination,count\nA,B,13\nB,A,40\n", meta), nil, DifferenceConfig{})
	require.NoError(t, err)
	assert.Contains(t, dotText(t, d), "A to B: +3")
}

// A change of unknown size is dashed; one of unknown direction is not drawn.
func TestDifferenceOfUnknowns(t *testing.T) {
	meta := referral.Meta{Level: referral.LevelNetwork}
	flows := func(cells ...referral.Cell) *referral.Table {
		list := []referral.Flow{{Origin: "A", Destination: "B", Cell: cells[0]}, {Origin: "B", Destination: "A", Cell: cells[1]}}
		out, err := referral.FromFlows(meta, referral.AbsentByKind, slices.Values(list))
		require.NoError(t, err)
		return out
	}
	d, err := Difference(flows(referral.Count(0), referral.Count(30)), flows(referral.PresentCell(), referral.MissingCell()), nil,
		DifferenceConfig{Page: Page{AllowSmall: true}})
	require.NoError(t, err)
	lines := shafts(d)
	require.Len(t, lines, 1)
	for tip, a := range lines {
		assert.Equal(t, "A to B: at least +1", tip)
		assert.Equal(t, viz.Dashed, a[0].Stroke.Dash)
	}
}

// Every arrow of a map with more origins than colors has its letter, unless it
// has no room, and the names say which class a letter is.
func TestArrowsCarryLetters(t *testing.T) {
	d, err := FlowMap(reportTable(t, 0), dutchLandscape(t), FlowMapConfig{})
	require.NoError(t, err)
	tags, arrows := 0, 0
	for _, x := range d.Discs {
		if strings.HasPrefix(x.ID, "tag ") {
			tags++
		}
	}
	for _, a := range d.Arrows {
		if a.Head > 0 && !strings.HasPrefix(a.From, "legend") {
			arrows++
		}
	}
	assert.Equal(t, 22, arrows)
	assert.GreaterOrEqual(t, tags, 20)
	named := ""
	for _, x := range d.Texts {
		named += x.Text + " "
	}
	for i := range 10 {
		assert.Contains(t, named, "("+letterOf(i)+")")
	}
}

// Heads are drawn after all shafts, so that none lies under an arrow.
func TestHeadsAreAboveShafts(t *testing.T) {
	d, err := FlowMap(tenNetworks(t, 1), dutchLandscape(t), FlowMapConfig{})
	require.NoError(t, err)
	lastShaft, firstHead := 0, len(d.Arrows)
	for i, a := range d.Arrows {
		switch {
		case strings.HasPrefix(a.From, "legend") || a.From == a.To:
		case a.Head > 0:
			firstHead = min(firstHead, i)
		default:
			lastShaft = i
		}
	}
	assert.Greater(t, firstHead, lastShaft)
}

// Hospitals beyond the number of colors have the color of their network.
func TestManyHospitalsAreColoredByNetwork(t *testing.T) {
	s := dutchLandscape(t)
	d, err := FlowMap(manyHospitals(t), s, FlowMapConfig{})
	require.NoError(t, err)
	text := dotText(t, d)
	assert.Contains(t, text, "Color: network of the hospital")
	colors := map[string]bool{}
	for _, x := range d.Discs {
		if strings.HasPrefix(x.ID, "place ") && strings.Contains(x.Tooltip, "(Twente-Salland)") {
			colors[x.Fill] = true
		}
	}
	assert.Len(t, colors, 1)
	d, err = FlowMap(manyHospitals(t), s, FlowMapConfig{MaxFlows: 600})
	require.NoError(t, err)
	heads := 0
	for _, a := range d.Arrows {
		if a.Head > 0 && !strings.HasPrefix(a.From, "legend") {
			heads++
		}
	}
	assert.Greater(t, heads, 350)
}

func TestLandscapeByHand(t *testing.T) {
	s := dutchLandscape(t)
	d, err := Landscape(s, LandscapeConfig{Designations: network.DesignationQuery{Body: "NWHHT"}})
	require.NoError(t, err)
	all := discs(d)
	hubs, partners := 0, 0
	for _, x := range all {
		switch {
		case strings.HasSuffix(x.ID, " outer") && !strings.HasPrefix(x.ID, "legend"):
			hubs++
		case strings.HasPrefix(x.ID, "rim ") && x.Stroke.Width == 2:
			partners++
		}
	}
	assert.Equal(t, 8, hubs, "head and neck centers")
	assert.Equal(t, 6, partners, "preferred partners")
	ties, lines := 0, map[string]int{}
	for _, a := range d.Arrows {
		switch {
		case strings.HasPrefix(a.From, "legend") || a.From == a.To:
		case strings.Contains(a.Tooltip, "preferred partner of"):
			ties++
		default:
			lines[a.Tooltip]++
		}
	}
	assert.Equal(t, 6, ties)
	for _, n := range s.Networks("") { // a tree has one line less than hospitals
		placed := 0
		for _, h := range s.Members(n.ID) {
			if h.Point.Known() {
				placed++
			}
		}
		name := n.Name
		if n.Kind == network.KindRegion {
			name += " (region)"
		}
		assert.Equal(t, placed-1, lines[name], name)
	}
	text := dotText(t, d)
	assert.Contains(t, text, "As of 2021-12-31")
	assert.Contains(t, text, "Erasmus MC: CONCORD, EMBRAZE; expert center")
	assert.Contains(t, text, "memberships and 14 designations")
}

// A landscape is drawn as it was on its date.
func TestLandscapeOfAnEarlierDate(t *testing.T) {
	s := dutchLandscape(t)
	date, err := network.ParseDate("2017-01-01")
	require.NoError(t, err)
	d, err := Landscape(s.Landscape().On(date), LandscapeConfig{NoHubs: true})
	require.NoError(t, err)
	assert.Contains(t, dotText(t, d), "VUmc", "two hospitals before the merger")
	assert.NotContains(t, dotText(t, d), "Amsterdam UMC:")
	d, err = Landscape(s, LandscapeConfig{NoHubs: true, OnlyMembers: true})
	require.NoError(t, err)
	assert.NotContains(t, dotText(t, d), "no network")
}
