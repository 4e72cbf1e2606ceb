// SPDX-License-Identifier: Apache-2.0

package chart_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/pathway"
	"github.com/oncoref/oncoref/referral/siting"
)

// tooltips prints what a figure says where it is pointed at.
func tooltips(d *viz.Drawing) {
	for _, s := range d.Shapes {
		if s.Tooltip != "" {
			fmt.Println(s.Tooltip)
		}
	}
	for _, c := range d.Discs {
		if c.Tooltip != "" {
			fmt.Println(c.Tooltip)
		}
	}
}

func ExampleDestinationShares() {
	const flows = "origin,destination,count\nA,A,60\nA,B,38\nA,C,2\nB,B,70\nC,B,9\nC,C,21\n"
	table, err := referral.ReadTable(context.Background(), strings.NewReader(flows),
		referral.TableConfig{Meta: referral.Meta{Title: "Where patients go", Unit: referral.Patients, Source: "an example", Synthetic: true}})
	if err != nil {
		log.Fatal(err)
	}
	d, err := chart.DestinationShares(table, chart.DestinationSharesConfig{})
	if err != nil {
		log.Fatal(err)
	}
	tooltips(d)
	// Output:
	// A, stayed: 59–61% (49–70); 60 patients
	// A to B: 37–38% (28–48); 38 patients
	// A to C: 1–4% (<1–10); 1–4 patients
	// A: 3% of which the destination is not known
	// B, stayed: 100% (95–100); 70 patients
	// C, stayed: 70% (52–83); 21 patients
	// C to B: 30% (17–48); 9 patients
}

func ExampleVolumes() {
	var volumes []coverage.Volume
	for year, n := range map[int]float64{2019: 31, 2020: 25, 2021: 34} {
		volumes = append(volumes, coverage.Volume{Hospital: "East", Year: year, Patients: referral.Count(n)},
			coverage.Volume{Hospital: "West", Year: year, Patients: referral.Count(n - 15)})
	}
	volumes = append(volumes, coverage.Volume{Hospital: "North", Year: 2020, Patients: referral.Count(2)})
	d, err := chart.Volumes(volumes, chart.VolumesConfig{Norm: 20, Experts: coverage.NewList("centers of the example", "East")})
	if err != nil {
		log.Fatal(err)
	}
	tooltips(d)
	// Output:
	// East: 30.0 (24.1–36.9)
	// West: 15.0 (10.9–20.1)
	// North: 0.3–1.3 (0.0–3.4)
	// North: 0.3–1.3 (0.0–3.4)
}

func ExampleReferralClasses() {
	published := []chart.ClassesOf{{Group: "Head and neck", Classes: coverage.Classes{
		Kind: "surgery", Throughout: 39, AfterDiagnosis: 53, AfterTreatment: 2, Elsewhere: 6}}}
	d, err := chart.ReferralClasses(published, chart.ReferralClassesConfig{Percent: true, Page: chart.Page{Source: "IKNL 2023, figure 3.3"}})
	if err != nil {
		log.Fatal(err)
	}
	tooltips(d)
	// Output:
	// first visit and treatment in a center: 39%
	// referred after a first visit elsewhere: 53%
	// referred after treatment elsewhere: 2%
	// definitive treatment elsewhere: 6%
}

func ExampleInvolvement() {
	groups := []coverage.GroupInvolvement{{Group: "East", Involvement: coverage.Involvement{Treated: 60, Seen: 20, None: 40}}}
	d, err := chart.Involvement(groups, chart.InvolvementConfig{})
	if err != nil {
		log.Fatal(err)
	}
	tooltips(d)
	// Output:
	// treated in a center: 50% (41–59)
	// seen in a center: 17% (11–24)
	// discussed by a center, or not at all: not in the data: 33% (26–42)
}

func ExampleLorenz() {
	const flows = "origin,destination,count\nA,A,10\nB,B,30\n"
	table, err := referral.ReadTable(context.Background(), strings.NewReader(flows), referral.TableConfig{Meta: referral.Meta{Unit: referral.Patients}})
	if err != nil {
		log.Fatal(err)
	}
	d, err := chart.Lorenz(table, chart.LorenzConfig{})
	if err != nil {
		log.Fatal(err)
	}
	tooltips(d)
	// Output:
	// the 1 smallest of 2 networks treat 25% of the patients
	// the 2 smallest of 2 networks treat 100% of the patients
}

func ExampleFunnel() {
	const flows = "origin,destination,count\nA,A,80\nA,B,20\nB,B,30\nC,B,60\nC,C,40\n"
	table, err := referral.ReadTable(context.Background(), strings.NewReader(flows), referral.TableConfig{})
	if err != nil {
		log.Fatal(err)
	}
	d, err := chart.Funnel(flow.Retention(table), chart.FunnelConfig{Page: chart.Page{Title: "Treated in their own network"}})
	if err != nil {
		log.Fatal(err)
	}
	tooltips(d)
	// Output:
	// B: 100% of 30 patients
	// A: 80% of 100 patients
	// C: 40% of 100 patients
}

func ExampleTrend() {
	var points []chart.TrendPoint
	for year, part := range map[string]float64{"2020": 18, "2021": 26} {
		period, err := network.ParsePeriod(year)
		if err != nil {
			log.Fatal(err)
		}
		share := referral.Share{Part: referral.Count(part), Whole: referral.Count(40), Result: referral.ExactResult(part / 40)}
		points = append(points, chart.TrendPoint{Period: period, Share: share})
	}
	d, err := chart.Trend([]chart.TrendSeries{{Name: "East", Points: points}}, chart.TrendConfig{})
	if err != nil {
		log.Fatal(err)
	}
	tooltips(d)
	// Output:
	// East, 2020: 45% (31–60) of 40
	// East, 2021: 65% (50–78) of 40
}

func ExampleTimeToTreatment() {
	group := chart.WaitsOf{Group: "referred"}
	for day := 1; day <= 24; day++ {
		outcome := pathway.Treated
		if day > 20 {
			outcome = pathway.Censored
		}
		group.Waits = append(group.Waits, pathway.Wait{Days: day, Outcome: outcome})
	}
	// One patient a day: the curve is shown on each fifth day only, as long as
	// five are still waiting.
	d, err := chart.TimeToTreatment([]chart.WaitsOf{group}, chart.TimeToTreatmentConfig{})
	if err != nil {
		log.Fatal(err)
	}
	tooltips(d)
	// Output:
	// referred, day 5: 21% treated (5–37%)
	// referred, day 10: 42% treated (22–61%)
	// referred, day 15: 63% treated (43–82%)
}

func ExampleFrontier() {
	points := []siting.FrontierPoint{
		{Count: 1, Median: siting.Plan{Unit: "km", Mean: 50, Proved: true, Centers: []string{"A"}}, Center: siting.Plan{Largest: 90, Proved: true, Centers: []string{"B"}}},
		{Count: 2, Median: siting.Plan{Unit: "km", Mean: 30, Proved: true, Centers: []string{"A", "C"}}, Center: siting.Plan{Largest: 60, Proved: true, Centers: []string{"B", "C"}}},
	}
	d, err := chart.Frontier(points, chart.FrontierConfig{Marks: []chart.FrontierMark{{Name: "today", Count: 2, Mean: 34, Largest: 80}}})
	if err != nil {
		log.Fatal(err)
	}
	tooltips(d)
	// Output:
	// 2 centers: 34.0 km (today)
	// 2 centers: 80.0 km (today)
	// 1 centers: 50.0 km (A)
	// 2 centers: 30.0 km (A, C)
	// 1 centers: 90.0 km (B)
	// 2 centers: 60.0 km (B, C)
}

func ExamplePage() {
	const flows = "origin,destination,count\nA,A,60\nA,B,38\nB,B,70\n"
	table, err := referral.ReadTable(context.Background(), strings.NewReader(flows), referral.TableConfig{})
	if err != nil {
		log.Fatal(err)
	}
	page := chart.Page{Title: "Waar patiënten heen gaan", Source: "een voorbeeld", Lang: chart.Dutch, Width: 360} // for a phone
	d, err := chart.DestinationShares(table, chart.DestinationSharesConfig{Page: page})
	if err != nil {
		log.Fatal(err)
	}
	text, err := d.DOT()
	if err != nil {
		log.Fatal(err)
	}
	var svg bytes.Buffer
	if err := viz.RenderSVG(context.Background(), &svg, text, viz.Options{EmbedFont: true, Lang: "nl"}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.Width, strings.Count(svg.String(), "@font-face"), "styles of the font")
	// Output: 360 2 styles of the font
}
