// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
	"github.com/oncoref/oncoref/referral/pathway"
	"github.com/oncoref/oncoref/referral/siting"
)

// tenth of a point is how exactly lengths must be those of the values: the
// picture is written in hundredths.
const tenth = 0.1

// boxesOf gives the boxes of the shapes whose ID begins with a word, in the
// order of drawing.
func boxesOf(d *viz.Drawing, kind string) (boxes []box, tips []string) {
	for _, s := range d.Shapes {
		if k, _, _ := strings.Cut(s.ID, " "); s.ID != "" && k == kind {
			boxes = append(boxes, around(s.Points))
			tips = append(tips, s.Tooltip)
		}
	}
	return boxes, tips
}

func around(points []viz.Point) box {
	b := box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		b = box{min(b.x0, p.X), min(b.y0, p.Y), max(b.x1, p.X), max(b.y1, p.Y)}
	}
	return b
}

// whiskers gives the horizontal intervals of a drawing.
func whiskers(d *viz.Drawing) []box {
	var out []box
	for _, s := range d.Shapes {
		if len(s.Points) == 2 && s.Stroke.Color == ink && s.Stroke.Width == 0.9 && s.Points[0].Y == s.Points[1].Y {
			out = append(out, around(s.Points))
		}
	}
	return out
}

func tooltips(d *viz.Drawing) string {
	var b strings.Builder
	for _, s := range d.Shapes {
		b.WriteString(s.Tooltip + "\n")
	}
	for _, c := range d.Discs {
		b.WriteString(c.Tooltip + "\n")
	}
	return b.String()
}

func TestPiecesHaveTheLengthOfTheirShares(t *testing.T) {
	// A: 60 stay, 30 to B, 10 to C. B: 7 stay, 1 to 4 to A, 12 to the set B / C.
	table := readTable(t, "origin,destination,count\nA,A,60\nA,B,30\nA,C,10\nB,B,7\nB,A,3\nB,B / C,12\nC,C,50\n", referral.Meta{Title: "T", Unit: referral.Patients})
	d, err := DestinationShares(table, DestinationSharesConfig{})
	require.NoError(t, err)
	parts, tips := boxesOf(d, "part")
	unknown, rest := boxesOf(d, "unknown")
	full := parts[2].x1 - parts[0].x0 // A is known in full
	left := parts[0].x0
	// Of B, n is 20 to 23: certain are 7/23, 1/20 and 12/23; the rest is hatched.
	// The pieces of a share that is known in part: 7 of 7+12+4, 1 of 1+19, 12 of 12+7+4.
	want := []float64{0.6, 0.3, 0.1, 7.0 / 23, 1.0 / 20, 12.0 / 23, 1}
	require.Len(t, parts, len(want))
	for i, b := range parts {
		assert.InDelta(t, want[i]*full, b.width(), tenth, tips[i])
	}
	require.Len(t, unknown, 1)
	assert.InDelta(t, (1-7.0/23-1.0/20-12.0/23)*full, unknown[0].width(), tenth)
	assert.InDelta(t, left+full, unknown[0].x1, tenth)
	assert.Contains(t, rest[0], "destination is not known")
	assert.Contains(t, tips[0], "A, stayed: 60%")
	assert.Contains(t, tips[5], "some of these may have stayed")
	assert.NotContains(t, tooltips(d), "; 3 patients")

	w := whiskers(d)
	estimates, err := inference.OfShares(flow.Retention(table), inference.Config{})
	require.NoError(t, err)
	require.Len(t, w, 1+3) // one in the legend
	for i, k := range []int{0, 2} {
		got := w[1+2*i]
		assert.InDelta(t, left+estimates[k].Interval.Lo*full, got.x0, tenth)
		assert.InDelta(t, left+estimates[k].Interval.Hi*full, got.x1, tenth)
	}
}

func TestDestinationSharesKeepUnknownApart(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want, not  []string
	}{
		{"missing", "origin,destination,count\nA,A,40\nA,B,\nB,B,100\n", []string{"n = at least 40", "own share not known", "not known where 100%"}, []string{"B 0%", "n = 40"}},
		{"nobody", "origin,destination,count\nA,A,0\nA,B,0\nB,B,9\n", []string{"no patients"}, nil},
		{"untreated", "origin,destination,count\nA,A,9\nA,untreated,9\n", []string{"own 100%", "Not in the bars"}, []string{"own 50%", "untreated 50"}},
		{"small", "origin,destination,count\nA,A,16\nA,B,4\n", []string{"n = 17–20", "B 6–20%"}, []string{"n = 20\n", "B 20%"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := DestinationShares(readTable(t, c.text, referral.Meta{Unit: referral.Patients}), DestinationSharesConfig{})
			require.NoError(t, err)
			for _, want := range c.want {
				assert.Contains(t, allText(d), want)
			}
			for _, not := range c.not {
				assert.NotContains(t, allText(d), not)
			}
		})
	}
	d, err := DestinationShares(readTable(t, "origin,destination,count\nA,A,16\nA,B,4\n", referral.Meta{Unit: referral.Patients}), DestinationSharesConfig{Page: Page{AllowSmall: true}})
	require.NoError(t, err)
	assert.Contains(t, allText(d), "B 20%")
	assert.Contains(t, allText(d), "Do not publish it")
}

// Where there are many bars each has its own largest destinations in the order
// of their size, and the words name them in that order.
func TestManyBarsNameTheirLargestDestinations(t *testing.T) {
	text := "origin,destination,count\n"
	for i := range manyRows + 1 {
		text += fmt.Sprintf("h%02d,h%02d,38\n", i, i)
	}
	text += "h00,h05,2\nh00,h03,6\nh00,h01,20\nh00,h04,4\nh00,h02,30\n"
	d, err := DestinationShares(readTable(t, text, referral.Meta{Unit: referral.Patients}), DestinationSharesConfig{Page: Page{AllowSmall: true}})
	require.NoError(t, err)
	parts, tips := boxesOf(d, "part")
	full := parts[5].width() // the next origin keeps all its patients
	for i, want := range []float64{0.38, 0.3, 0.2, 0.06, 0.06} {
		assert.InDelta(t, want, parts[i].width()/full, 0.001, i)
	}
	assert.Equal(t, "h00: h04 4%, h05 2%", tips[4])
	words := strings.ReplaceAll(allText(d), "\n", "  ·  ")
	assert.Contains(t, words, "own 38%  ·  h02 30%  ·  h01 20%  ·  h03 6%  ·  2 others 6%")
}

// Dots have one size, whatever else is known.
func TestDotsHaveNoLength(t *testing.T) {
	d, err := DestinationShares(reportTable(t, 0), DestinationSharesConfig{})
	require.NoError(t, err)
	var radius float64
	n := 0
	for _, c := range d.Discs {
		if c.Tooltip == "" {
			continue // legend
		}
		n++
		if radius == 0 {
			radius = c.Radius
		}
		assert.InDelta(t, radius, c.Radius, 0)
	}
	flows := 0
	for range reportTable(t, 0).Flows() {
		flows++
	}
	assert.Equal(t, flows, n)
	assert.Contains(t, allText(d), "The source gives destinations, not sizes")
	assert.NotContains(t, allText(d), "%")
}

func TestBarsHaveTheLengthOfTheirVolumes(t *testing.T) {
	volumes := []coverage.Volume{
		{Hospital: "B", Year: 2020, Patients: referral.Count(10)}, {Hospital: "B", Year: 2021, Patients: referral.Count(20)},
		{Hospital: "A", Year: 2020, Patients: referral.Count(50)}, {Hospital: "A", Year: 2021, Patients: referral.Count(60)},
		{Hospital: "C", Year: 2021, Patients: referral.Count(3)}, {Hospital: "", Year: 0, Patients: referral.Count(30)},
	}
	d, err := Volumes(volumes, VolumesConfig{Norm: 20})
	require.NoError(t, err)
	bars, tips := boxesOf(d, "bar")
	unknown, _ := boxesOf(d, "unknown")
	require.Len(t, bars, 3) // means of 55, 15 and 0.5 to 2
	one := bars[0].width() / 55
	assert.InDelta(t, 15*one, bars[1].width(), tenth)
	assert.InDelta(t, 0.5*one, bars[2].width(), tenth)
	require.Len(t, unknown, 1)
	assert.InDelta(t, 1.5*one, unknown[0].width(), tenth)
	assert.Contains(t, tips[2], "0.5–2.0")
	text := allText(d)
	assert.Contains(t, text, "Below the norm of 20: 2 of 3 hospitals")
	assert.Contains(t, text, "treatments without a year, in 1 hospitals")
	for i, n := range []float64{110, 30} {
		want, err := inference.Rate(referral.Count(n), inference.RateConfig{Years: 2})
		require.NoError(t, err)
		got := whiskers(d)[1+i]
		assert.InDelta(t, bars[0].x0+want.Lo*one, got.x0, tenth)
		assert.InDelta(t, bars[0].x0+want.Hi*one, got.x1, tenth)
	}
	norm := math.NaN()
	for _, s := range d.Shapes {
		if s.Stroke.Color == warning && s.Points[0].X == s.Points[1].X {
			norm = s.Points[0].X
		}
	}
	assert.InDelta(t, bars[0].x0+20*one, norm, tenth)

	for _, c := range []VolumesConfig{{Norm: -1}, {Norm: math.NaN()}, {From: 2022, To: 2020}} {
		_, err := Volumes(volumes, c)
		require.ErrorIs(t, err, ErrConfig, "%+v", c)
	}
	_, err = Volumes(volumes, VolumesConfig{From: 1990, To: 1991})
	require.ErrorIs(t, err, ErrEmpty)
	missing := []coverage.Volume{{Hospital: "A", Patients: referral.MissingCell()}, {Hospital: "B", Patients: referral.Count(12)}}
	d, err = Volumes(missing, VolumesConfig{})
	require.NoError(t, err)
	assert.Contains(t, allText(d), "at least 0")
}

func TestClassesAddUp(t *testing.T) {
	groups := []ClassesOf{{"", coverage.Classes{Kind: "surgery", Throughout: 39, AfterDiagnosis: 53, AfterTreatment: 2, Elsewhere: 6}}}
	d, err := ReferralClasses(groups, ReferralClassesConfig{Percent: true})
	require.NoError(t, err)
	parts, _ := boxesOf(d, "part")
	full := parts[3].x1 - parts[0].x0
	for i, want := range []float64{0.39, 0.53, 0.02, 0.06} { // IKNL 2023, figure 3.3
		assert.InDelta(t, want*full, parts[i].width(), tenth)
	}
	assert.Empty(t, whiskers(d), "no interval without patients")

	d, err = ReferralClasses(groups, ReferralClassesConfig{})
	require.NoError(t, err)
	assert.Contains(t, allText(d), "n = 99–102")
	assert.Contains(t, allText(d), "1–4%")

	_, err = ReferralClasses([]ClassesOf{{"", coverage.Classes{Elsewhere: math.NaN()}}}, ReferralClassesConfig{})
	require.Error(t, err)

	none := coverage.GroupInvolvement{Involvement: coverage.Involvement{Treated: 30, Seen: 20, None: 50}}
	d, err = Involvement([]coverage.GroupInvolvement{none}, InvolvementConfig{})
	require.NoError(t, err)
	assert.Contains(t, allText(d), "The data have no case discussions")
	assert.NotContains(t, allText(d), "no center involved")
}

// The curve begins and ends in the corners, and the coefficient is that of the
// measure.
func TestLorenzCurve(t *testing.T) {
	// Volumes 10 and 30: the smaller half treats a quarter. G = 2(1·10+2·30)/(2·40) - 3/2 = 1/4.
	d, err := Lorenz(readTable(t, "origin,destination,count\nA,A,10\nB,B,30\n", referral.Meta{Unit: referral.Patients}), LorenzConfig{})
	require.NoError(t, err)
	assert.Contains(t, allText(d), "Gini coefficient 0.25")
	for _, s := range d.Shapes {
		if s.Stroke.Width == 2 && len(s.Points) == 3 {
			b := around(s.Points)
			assert.InDelta(t, 0.5, (s.Points[1].X-b.x0)/b.width(), 1e-9)
			assert.InDelta(t, 0.25, (s.Points[1].Y-b.y0)/b.height(), 1e-9)
			return
		}
	}
	t.Fatal("no curve")
}

func TestFunnelNamesWhatIsOutside(t *testing.T) {
	at := func(name string, part, whole float64) referral.Share {
		x := shareOf(part, whole)
		x.Origin = name
		return x
	}
	shares := []referral.Share{at("low", 20, 100), at("a", 52, 100), at("b", 48, 100), at("high", 80, 100), at("hidden", 3, 40), at("few", 2, 3), at("nobody", 0, 0)}
	shares[6].Result = referral.UndefinedResult(referral.ReasonZeroRow)
	d, err := Funnel(shares, FunnelConfig{})
	require.NoError(t, err)
	text := allText(d)
	assert.Contains(t, text, "target 50.0%") // 200 of 400: hidden and few are not in it
	assert.Contains(t, text, "\nlow\n")
	assert.Contains(t, text, "\nhigh\n")
	assert.NotContains(t, text, "\na\n")
	assert.Contains(t, text, "not known or 0: few, nobody.")
	assert.Contains(t, tooltips(d), "hidden: 3–10% of 40 patients")
	_, err = Funnel(shares[4:5], FunnelConfig{})
	require.ErrorIs(t, err, ErrConfig)
}

func TestTrendIsChecked(t *testing.T) {
	p := TrendPoint{years(t, "2016"), shareOf(7, 20)}
	_, err := Trend([]TrendSeries{{"A", []TrendPoint{p, p}}}, TrendConfig{})
	require.ErrorIs(t, err, ErrConfig)
	_, err = Trend([]TrendSeries{{"A", nil}}, TrendConfig{})
	require.ErrorIs(t, err, ErrEmpty)
	late := TrendPoint{years(t, "2019"), referral.Share{Part: referral.MissingCell(), Whole: referral.MissingCell(), Result: referral.UndefinedResult(referral.ReasonZeroRow)}}
	d, err := Trend([]TrendSeries{{"A", []TrendPoint{late, p}}, {"B", []TrendPoint{{network.Period{}, shareOf(9, 20)}}}}, TrendConfig{})
	require.NoError(t, err)
	assert.Contains(t, tooltips(d), "A, 2016: 35% (18–57) of 20")
}

func TestWaitsAreChecked(t *testing.T) {
	g := WaitsOf{"A", []pathway.Wait{{Days: 3, Outcome: pathway.Treated}}}
	_, err := TimeToTreatment([]WaitsOf{g}, TimeToTreatmentConfig{})
	require.ErrorIs(t, err, ErrEmpty, "one patient is no curve")
	for _, c := range []TimeToTreatmentConfig{{Level: 1}, {Level: math.NaN()}, {Days: -1}} {
		_, err = TimeToTreatment([]WaitsOf{g}, c)
		require.ErrorIs(t, err, ErrConfig, "%+v", c)
	}
	_, err = TimeToTreatment([]WaitsOf{{"A", []pathway.Wait{{Days: -3}}}}, TimeToTreatmentConfig{})
	require.Error(t, err)
	_, err = TimeToTreatment(make([]WaitsOf, 7), TimeToTreatmentConfig{})
	require.ErrorIs(t, err, ErrConfig)
	d, err := TimeToTreatment([]WaitsOf{g}, TimeToTreatmentConfig{Page: Page{AllowSmall: true}})
	require.NoError(t, err)
	assert.Contains(t, tooltips(d), "A, day 3: 100% treated")
}

func TestFrontierIsChecked(t *testing.T) {
	nan := math.NaN()
	p := siting.FrontierPoint{Count: 1, Median: siting.Plan{Mean: nan}, Center: siting.Plan{Largest: math.Inf(1)}}
	_, err := Frontier([]siting.FrontierPoint{p}, FrontierConfig{})
	require.ErrorIs(t, err, ErrEmpty)
	q := siting.FrontierPoint{Count: 2, Median: siting.Plan{Mean: 10, Objective: 100, Bound: 80, Unit: "km", Centers: []string{"B", "A"}}, Center: siting.Plan{Largest: 40, Proved: true}}
	d, err := Frontier([]siting.FrontierPoint{p, q}, FrontierConfig{Marks: []FrontierMark{{"now", 2, 12, nan}}})
	require.NoError(t, err)
	assert.Empty(t, faults(t, d))
	assert.Contains(t, tooltips(d), "2 centers: 10.0 km (B, A)")
	assert.Contains(t, tooltips(d), "2 centers: 12.0 km (now)")
	assert.Contains(t, allText(d), "the optimum lies on the line")
}

// What may be shown of a share never says more than that a small count is small.
func TestGatedShare(t *testing.T) {
	for _, c := range []struct {
		part, whole   float64
		wantPart      referral.Cell
		wantWhole     referral.Cell
		wantLo, wantH float64
	}{
		{3, 20, referral.Between(1, 4), referral.Count(20), 1.0 / 20, 4.0 / 20},
		{17, 20, referral.Between(16, 19), referral.Count(20), 16.0 / 20, 19.0 / 20},
		{3, 7, referral.Between(1, 4), referral.Between(2, 8), 1.0 / 5, 4.0 / 5},
		{3, 3, referral.Between(1, 4), referral.Between(1, 4), 1, 1},
		{0, 3, referral.Count(0), referral.Between(1, 4), 0, 0},
		{8, 20, referral.Count(8), referral.Count(20), 0.4, 0.4},
		{0, 20, referral.Count(0), referral.Count(20), 0, 0},
	} {
		got := Page{}.gatedShare(shareOf(c.part, c.whole))
		assert.Equal(t, c.wantPart, got.Part, "%v", c)
		assert.Equal(t, c.wantWhole, got.Whole, "%v", c)
		assert.InDelta(t, c.wantLo, got.Lo, 1e-12, "%v", c)
		assert.InDelta(t, c.wantH, got.Hi, 1e-12, "%v", c)
		assert.Equal(t, shareOf(c.part, c.whole), Page{AllowSmall: true}.gatedShare(shareOf(c.part, c.whole)))
	}
	for part := 0.0; part <= 12; part++ { // every small count has the picture of every other
		for whole := part; whole <= 12; whole++ {
			got := Page{}.gatedShare(shareOf(part, whole))
			for other := 0.0; other <= 12; other++ {
				if small(part) && small(other) && whole-part >= smallCount && whole-other >= smallCount {
					assert.Equal(t, got.Part, Page{}.gatedShare(shareOf(other, whole)).Part)
				}
			}
		}
	}
}

func small(n float64) bool { return n >= 1 && n < smallCount }
