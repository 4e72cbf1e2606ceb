// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/pathway"
	"github.com/oncoref/oncoref/referral/siting"
)

// sample is data for all figures: n origins that are called so.
type sample struct {
	table    *referral.Table
	volumes  []coverage.Volume
	experts  coverage.List
	classes  []ClassesOf
	involved []coverage.GroupInvolvement
	series   []TrendSeries
	waits    []WaitsOf
	points   []siting.FrontierPoint
	marks    []FrontierMark
}

// makeSample draws counts of 0 to 200, the smaller the rarer; change replaces
// each of them.
func makeSample(t testing.TB, n int, name func(i int) string, seed uint64, change func(x int) int) sample {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 7))
	count := func(most int) float64 { return float64(change(int(float64(most) * math.Pow(r.Float64(), 2)))) }
	var s sample
	var flows []referral.Flow
	var experts []string
	for i := range n {
		flows = append(flows, referral.Flow{Origin: name(i), Destination: name(i), Cell: referral.Count(count(200))})
		for _, j := range []int{(i * 7) % n, (i + 3) % n, 0} {
			if j != i && !hasFlow(flows, name(i), name(j)) {
				flows = append(flows, referral.Flow{Origin: name(i), Destination: name(j), Cell: referral.Count(count(40))})
			}
		}
		if i < 4 {
			experts = append(experts, name(i))
		}
		for y := 2016; y <= 2021; y++ {
			s.volumes = append(s.volumes, coverage.Volume{Hospital: name(i), Year: y, Kind: "surgery", Patients: referral.Count(count(60) + 1)})
		}
	}
	var err error
	meta := referral.Meta{Unit: referral.Patients, Level: "hospital", Source: "made up", Synthetic: true, Period: years(t, "2016-2021")}
	s.table, err = referral.FromFlows(meta, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for _, f := range flows {
			if !yield(f) {
				return
			}
		}
	})
	require.NoError(t, err)
	s.experts = coverage.NewList("centers", experts...)
	for i := range min(n, 30) {
		s.classes = append(s.classes, ClassesOf{name(i), coverage.Classes{Kind: "surgery", Throughout: count(90), AfterDiagnosis: count(60), AfterTreatment: count(9), Elsewhere: count(30), Experts: s.experts}})
		s.involved = append(s.involved, coverage.GroupInvolvement{Group: name(i), Involvement: coverage.Involvement{
			Treated: int(count(90)), Seen: int(count(40)), Discussed: int(count(20)), None: int(count(50)), Registered: true, Experts: s.experts}})
		x := TrendSeries{Name: name(i)}
		for y := range 6 {
			x.Points = append(x.Points, TrendPoint{years(t, fmt.Sprint(2016+y)), shareOf(count(40), 45)})
		}
		s.series = append(s.series, x)
	}
	for i := range min(n, 5) {
		w := WaitsOf{Group: name(i)}
		for range 10 + 300/(i+1) {
			x := pathway.Wait{Days: int(20 * r.ExpFloat64()), Outcome: pathway.Treated}
			if k := r.IntN(10); k < 2 {
				x.Outcome = pathway.Outcome(2 * k)
			}
			w.Waits = append(w.Waits, x)
		}
		s.waits = append(s.waits, w)
	}
	for k := 1; k <= min(n, 12); k++ {
		mean := 60 / math.Sqrt(float64(k))
		s.points = append(s.points, siting.FrontierPoint{Count: k,
			Median: siting.Plan{Unit: "km", Mean: mean, Objective: 100 * mean, Bound: 95 * mean, Centers: experts},
			Center: siting.Plan{Unit: "km", Largest: 2.5 * mean, Objective: 2.5 * mean, Bound: 2.5 * mean, Proved: true, Centers: experts}})
	}
	s.marks = []FrontierMark{{name(0), min(n, 4), 41, 99}}
	return s
}

func hasFlow(flows []referral.Flow, from, to string) bool {
	for _, f := range flows {
		if f.Origin == from && f.Destination == to {
			return true
		}
	}
	return false
}

func years(t testing.TB, text string) network.Period {
	t.Helper()
	p, err := network.ParsePeriod(text)
	require.NoError(t, err)
	return p
}

func shareOf(part, whole float64) referral.Share {
	return referral.Share{Part: referral.Count(part), Whole: referral.Count(whole), Result: referral.ExactResult(part / whole)}
}

// figures draws everything of a sample.
func (x sample) figures() map[string]func(p Page) (*viz.Drawing, error) {
	presence := func() *referral.Table {
		var flows []referral.Flow
		for f := range x.table.Flows() {
			if f.Cell.Lo > 0 {
				flows = append(flows, referral.Flow{Origin: f.Origin, Destination: f.Destination, Cell: referral.PresentCell()})
			}
		}
		return tableOf(x.table.Meta(), flows)
	}
	return map[string]func(p Page) (*viz.Drawing, error){
		"shares": func(p Page) (*viz.Drawing, error) {
			return DestinationShares(x.table, DestinationSharesConfig{Page: p})
		},
		"dots": func(p Page) (*viz.Drawing, error) {
			return DestinationShares(presence(), DestinationSharesConfig{Page: p})
		},
		"volumes": func(p Page) (*viz.Drawing, error) {
			return Volumes(x.volumes, VolumesConfig{Page: p, Norm: 20, Experts: x.experts})
		},
		"classes": func(p Page) (*viz.Drawing, error) {
			return ReferralClasses(x.classes, ReferralClassesConfig{Page: p})
		},
		"involvement": func(p Page) (*viz.Drawing, error) {
			return Involvement(x.involved, InvolvementConfig{Page: p})
		},
		"lorenz": func(p Page) (*viz.Drawing, error) { return Lorenz(x.table, LorenzConfig{Page: p}) },
		"funnel": func(p Page) (*viz.Drawing, error) {
			c := FunnelConfig{Page: p}
			c.Limits.Target = 0.6
			t, err := gated(x.table, p.AllowSmall)
			if err != nil {
				return nil, err
			}
			return Funnel(flow.Retention(t), c)
		},
		"trend": func(p Page) (*viz.Drawing, error) { return Trend(x.series, TrendConfig{Page: p}) },
		"waits": func(p Page) (*viz.Drawing, error) {
			return TimeToTreatment(x.waits, TimeToTreatmentConfig{Page: p})
		},
		"kaplan-meier": func(p Page) (*viz.Drawing, error) {
			return TimeToTreatment(x.waits, TimeToTreatmentConfig{Page: p, KaplanMeier: true})
		},
		"frontier": func(p Page) (*viz.Drawing, error) {
			return Frontier(x.points, FrontierConfig{Page: p, Marks: x.marks})
		},
	}
}

func same(x int) int { return x }

func hospitalName(i int) string {
	if i%9 == 2 {
		return fmt.Sprintf("Regionaal streekziekenhuis met een lange naam %02d", i)
	}
	return fmt.Sprintf("Hospital %02d", i)
}

// faults lists what a reader of a figure would stumble over.
func faults(t *testing.T, d *viz.Drawing) []string {
	t.Helper()
	p := readPicture(t, d)
	out := p.textFaults()
	for _, a := range p.texts {
		if strings.TrimSpace(a.text) == "" {
			continue
		}
		for _, c := range p.discs {
			if a.box.meetsDisc(c.center, c.radius) {
				out = append(out, fmt.Sprintf("%q meets a disc", a.text))
			}
		}
	}
	for _, s := range d.Shapes {
		for _, q := range s.Points {
			if !p.page.grow(0.01).contains(q) {
				out = append(out, fmt.Sprintf("shape %q leaves the page at %v", s.ID, q))
				break
			}
		}
	}
	for _, c := range d.Discs {
		if !boxAround(c.Center, 2*c.Radius, 2*c.Radius).inside(p.page) {
			out = append(out, fmt.Sprintf("disc %q leaves the page", c.ID))
		}
	}
	return out
}

func TestFiguresAreReadable(t *testing.T) {
	pages := []Page{{}, {Lang: Dutch, AllowSmall: true}, {Width: 360}, {Width: 360, Lang: Dutch}, {Width: 300, AllowSmall: true}, {Width: 900, Notes: []string{"A note."}}}
	for _, n := range []int{1, 11, 80} {
		x := makeSample(t, n, hospitalName, uint64(n), same)
		for name, draw := range x.figures() {
			if name == "dots" && n == 80 {
				_, err := draw(Page{})
				require.ErrorIs(t, err, ErrCrowded)
				continue
			}
			for _, p := range pages {
				d, err := draw(p)
				require.NoError(t, err, "%s of %d", name, n)
				assert.Empty(t, faults(t, d), "%s of %d on %+v", name, n, p)
			}
		}
	}
}

// A page of a given height is filled, or refused if the content needs more.
func TestHeightOfThePage(t *testing.T) {
	x := makeSample(t, 11, hospitalName, 3, same)
	for name, draw := range x.figures() {
		d, err := draw(Page{Height: 842})
		require.NoError(t, err, name)
		assert.InDelta(t, 842, d.Height, 0, name)
		assert.Empty(t, faults(t, d), name)
		_, err = draw(Page{Height: 90})
		require.ErrorIs(t, err, ErrConfig, name)
	}
}

func TestPageIsChecked(t *testing.T) {
	for name, draw := range makeSample(t, 3, hospitalName, 3, same).figures() {
		for _, p := range []Page{{Width: 10}, {Width: math.NaN()}, {Height: -1}, {Height: math.Inf(1)}, {Lang: 9}} {
			_, err := draw(p)
			require.ErrorIs(t, err, ErrConfig, "%s %+v", name, p)
		}
	}
}

func TestNothingToDraw(t *testing.T) {
	empty := tableOf(referral.Meta{}, []referral.Flow{{Origin: "A", Destination: "B", Cell: referral.Count(0)}})
	_, err := DestinationShares(empty, DestinationSharesConfig{})
	require.ErrorIs(t, err, ErrNoFlows)
	_, err = Lorenz(empty, LorenzConfig{})
	require.ErrorIs(t, err, ErrEmpty)
	for name, draw := range (sample{table: empty}).figures() {
		if name != "shares" && name != "dots" && name != "lorenz" {
			_, err := draw(Page{})
			require.ErrorIs(t, err, ErrEmpty, name)
		}
	}
}

// What the page says replaces what the data say, and all of it is there.
func TestPageTextsAreWritten(t *testing.T) {
	p := Page{Title: "A title", Subtitle: "A subtitle", Source: "a source", Period: years(t, "1999"), Notes: []string{"A note\nin two lines."}, Synthetic: true}
	for name, draw := range makeSample(t, 5, hospitalName, 3, same).figures() {
		d, err := draw(p)
		require.NoError(t, err, name)
		text := allText(d)
		for _, want := range []string{"A title", "A subtitle", "Source: a source.", "Period 1999", "A note in two lines.", "SYNTHETIC DATA"} {
			assert.Contains(t, text, want, name)
		}
		d, err = draw(Page{})
		require.NoError(t, err, name)
		assert.Contains(t, allText(d), "Source: ", name)
	}
}

func allText(d *viz.Drawing) string {
	var b strings.Builder
	for _, x := range d.Texts {
		b.WriteString(x.Text + "\n")
	}
	return b.String()
}

func tableOf(m referral.Meta, flows []referral.Flow) *referral.Table {
	t, err := referral.FromFlows(m, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for _, f := range flows {
			if !yield(f) {
				return
			}
		}
	})
	if err != nil {
		panic(err)
	}
	return t
}

func figureText(t *testing.T, d *viz.Drawing) string {
	t.Helper()
	text, err := d.DOT()
	require.NoError(t, err)
	return string(text)
}

// Every count of 1 to 4 may be any other of them: the figures are the same to
// the last byte. Waits are about days and tested below.
func TestStatisticsDoNotDependOnSmallCounts(t *testing.T) {
	for seed := range uint64(8) {
		n := 3 + int(seed)*2
		a := makeSample(t, n, hospitalName, seed, same)
		r := rand.New(rand.NewPCG(seed, 99))
		b := makeSample(t, n, hospitalName, seed, func(x int) int {
			if x >= 1 && x < smallCount {
				return 1 + r.IntN(smallCount-1)
			}
			return x
		})
		hideVolumes(a.volumes, b.volumes)
		bs := b.figures()
		for name, draw := range a.figures() {
			one, err := draw(Page{})
			require.NoError(t, err, name)
			other, err := bs[name](Page{})
			require.NoError(t, err, name)
			assert.True(t, figureText(t, one) == figureText(t, other), "%s, seed %d", name, seed)
		}
	}
}

// hideVolumes leaves in both lists only years whose sum over the hospital is
// the same or small: the sum is what is published.
func hideVolumes(a, b []coverage.Volume) {
	for i := 0; i < len(a); i += 6 {
		var sums [2]float64
		for k := i; k < i+6; k++ {
			sums[0] += a[k].Patients.Lo
			sums[1] += b[k].Patients.Lo
		}
		if sums[0] != sums[1] && (sums[0] >= smallCount || sums[1] >= smallCount) {
			for k := i; k < i+6; k++ {
				a[k].Patients, b[k].Patients = referral.Count(9), referral.Count(9)
			}
		}
		if i%12 == 0 { // the same number of years, so that the mean is of all
			for k := i; k < i+6; k++ {
				a[k].Patients, b[k].Patients = referral.Count(0), referral.Count(0)
			}
			a[i].Patients, b[i].Patients = referral.Count(1), referral.Count(4)
		}
	}
}

// Between two days on which a curve is shown are at least 5 events, and after
// the last nobody or at least 5.
func TestWaitCurvesHideSmallSteps(t *testing.T) {
	for seed := range uint64(30) {
		x := makeSample(t, 5, hospitalName, seed, same)
		w := waitPlot{}
		for i, g := range x.waits {
			require.NoError(t, w.add(i, g))
		}
		for _, c := range w.curves {
			event := pathway.Treated
			if c.died {
				event = pathway.Died
			}
			for i, p := range c.points[1:] {
				events, waiting := 0, 0
				for _, one := range x.waits[c.group].Waits {
					day := float64(one.Days)
					if one.Outcome == event && day <= p.day && (day > c.points[i].day || i == 0) {
						events++
					}
					if day > p.day {
						waiting++
					}
				}
				assert.GreaterOrEqual(t, events, smallCount)
				assert.True(t, waiting == 0 || waiting >= smallCount, waiting)
			}
		}
		d, err := TimeToTreatment(x.waits, TimeToTreatmentConfig{})
		require.NoError(t, err)
		for _, text := range d.Texts {
			var n int
			if _, err := fmt.Sscan(text.Text, &n); err == nil && text.Size == smallSize && text.Color != softInk {
				assert.Zero(t, n%smallCount, text.Text)
			}
		}
	}
}

// Names of any kind are text and nothing else.
func FuzzFigureNames(f *testing.F) {
	for _, s := range []string{`"><script>alert(1)</script>`, `=cmd()`, strings.Repeat("long ", 60), strings.Repeat("M", 500), "בית חולים", "a\nb\r\tc", "\u202eabc", `back\slash\N`, "%s%d", "&amp;", "\xff\xfe", "e\u0301", "😀", " "} {
		for which := range uint8(9) {
			f.Add(s, which)
		}
	}
	f.Fuzz(func(t *testing.T, s string, which uint8) {
		if len(s) > 600 {
			return
		}
		name := func(i int) string { return fmt.Sprintf("%d%s", i, s) }
		x := sample{series: []TrendSeries{{s, []TrendPoint{{years(t, "2016"), shareOf(7, 20)}}}}}
		for i := range 3 {
			x.volumes = append(x.volumes, coverage.Volume{Hospital: name(i), Patients: referral.Count(9 + float64(i)), Kind: s})
			x.classes = append(x.classes, ClassesOf{name(i), coverage.Classes{Throughout: 9, Elsewhere: 7, Kind: s}})
			x.waits = append(x.waits, WaitsOf{name(i), []pathway.Wait{{Days: 3, Outcome: pathway.Treated}, {Days: 3, Outcome: pathway.Treated}, {Days: 3, Outcome: pathway.Treated}, {Days: 3, Outcome: pathway.Treated}, {Days: 3, Outcome: pathway.Treated}}})
			x.points = append(x.points, siting.FrontierPoint{Count: i + 1, Median: siting.Plan{Mean: 9, Unit: s, Centers: []string{s}}, Center: siting.Plan{Largest: 30}})
		}
		x.marks = []FrontierMark{{s, 2, 10, 20}}
		shares := []referral.Share{shareOf(9, 40), shareOf(30, 31)}
		for i := range shares {
			shares[i].Origin = name(i)
		}
		p := Page{Title: s, Notes: []string{s}, Source: s, Width: 360}
		all := x.figures()
		all["funnel"] = func(p Page) (*viz.Drawing, error) { return Funnel(shares, FunnelConfig{Page: p}) }
		kinds := []string{"volumes", "classes", "trend", "waits", "kaplan-meier", "frontier", "funnel"}
		kind := kinds[int(which)%len(kinds)]
		d, err := all[kind](p)
		require.NoError(t, err, kind)
		for _, x := range d.Texts {
			w := viz.TextWidth(x.Text, x.Size, x.Bold)
			from := x.At.X - w*float64(x.Align+1)/2
			require.True(t, from >= 0 && from+w <= d.Width, "%s: %q leaves the page", kind, x.Text)
		}
		text, err := d.DOT()
		require.NoError(t, err)
		if which >= 200 { // the slow part
			return
		}
		var b bytes.Buffer
		require.NoError(t, viz.RenderSVG(context.Background(), &b, text, viz.Options{}))
		assert.NotContains(t, b.String(), "<script", kind)
		assert.NoError(t, xml.Unmarshal(b.Bytes(), new(struct{})))
	})
}
