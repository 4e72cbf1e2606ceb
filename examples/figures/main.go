// SPDX-License-Identifier: Apache-2.0

// Command figures draws every figure that the library has: from published tables
// where there are any, else from a made-up registry, and all of them small on one
// sheet.
//
//	go run ./examples/figures -o out -lang nl
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/internal/output"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/pathway"
	"github.com/oncoref/oncoref/referral/siting"
	"github.com/oncoref/oncoref/seeds"
)

func main() {
	out := flag.String("o", "out", "folder for the figures")
	lang := flag.String("lang", "en", "language of the figures: en or nl")
	format := flag.String("format", "svg", "svg, png or pdf")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *out, *lang, *format); err != nil {
		log.Fatal(err)
	}
}

// A figure has a name for its file and is drawn with the settings that all share.
type figure struct {
	name string
	draw func(p chart.Page) (*viz.Drawing, error)
}

func run(ctx context.Context, w io.Writer, out, lang, format string) error {
	language, err := chart.ParseLanguage(lang)
	if err != nil {
		return err
	}
	landscape, err := seeds.Landscape()
	if err != nil {
		return err
	}
	m, err := gather(ctx, landscape.On(network.NewDate(2021, time.December, 31)))
	if err != nil {
		return err
	}
	var drawings []*viz.Drawing
	for _, f := range append(m.published(), m.madeUp(ctx)...) {
		d, err := f.draw(chart.Page{Lang: language})
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		drawings = append(drawings, d)
		path := filepath.Join(out, f.name+"."+format)
		if err := output.DrawingFile(ctx, path, d, viz.Options{Title: d.Name, Lang: lang, EmbedFont: true}); err != nil {
			return err
		}
		fmt.Fprintf(w, "%-22s %s\n", f.name, d.Name)
	}
	return sheet(ctx, filepath.Join(out, "figures.png"), drawings)
}

// published are the figures of what the report says.
func (m *material) published() []figure {
	const report = "IKNL, Zeldzame kanker: organisatie van expertise, 2023"
	return []figure{
		{"flow-map", func(p chart.Page) (*viz.Drawing, error) {
			return chart.FlowMap(m.tables[0], m.hospitals, chart.FlowMapConfig{Page: p})
		}},
		{"flow-maps", func(p chart.Page) (*viz.Drawing, error) {
			var panels []chart.Panel
			for _, t := range m.tables {
				panels = append(panels, chart.Panel{Table: t, Title: t.Meta().Tumor})
			}
			return chart.FlowMaps(panels, m.hospitals, chart.FlowMapsConfig{Page: p})
		}},
		{"destinations-shown", func(p chart.Page) (*viz.Drawing, error) {
			return chart.DestinationShares(m.tables[0], chart.DestinationSharesConfig{Page: p})
		}},
		{"referral-classes", func(p chart.Page) (*viz.Drawing, error) {
			p.Source = report + ", figure 3.3"
			return chart.ReferralClasses(m.classes, chart.ReferralClassesConfig{Page: p, Percent: true})
		}},
		{"landscape", func(p chart.Page) (*viz.Drawing, error) {
			return chart.Landscape(m.hospitals, chart.LandscapeConfig{Page: p, OnlyMembers: true})
		}},
	}
}

// madeUp are the figures of the registry.
func (m *material) madeUp(ctx context.Context) []figure {
	page := func(p chart.Page) chart.Page {
		p.Synthetic, p.Source, p.Period = true, "a registry that was made up", m.period
		return p
	}
	return []figure{
		{"destinations", func(p chart.Page) (*viz.Drawing, error) {
			return chart.DestinationShares(m.networks, chart.DestinationSharesConfig{Page: page(p)})
		}},
		{"heat-map", func(p chart.Page) (*viz.Drawing, error) {
			return chart.HeatMap(m.byHospital, chart.HeatMapConfig{Page: page(p)})
		}},
		{"difference", func(p chart.Page) (*viz.Drawing, error) {
			return chart.Difference(m.halves[0], m.halves[1], m.hospitals, chart.DifferenceConfig{Page: chart.Page{Lang: p.Lang}})
		}},
		{"hospital-map", func(p chart.Page) (*viz.Drawing, error) {
			return chart.FlowMap(m.byHospital, m.hospitals, chart.FlowMapConfig{Page: page(p)})
		}},
		{"referral-classes-made-up", func(p chart.Page) (*viz.Drawing, error) {
			c, err := coverage.CountClasses(m.events, "surgery", m.centers)
			if err != nil {
				return nil, err
			}
			return chart.ReferralClasses([]chart.ClassesOf{{Group: title, Classes: c}}, chart.ReferralClassesConfig{Page: page(p)})
		}},
		{"volumes", func(p chart.Page) (*viz.Drawing, error) {
			return chart.Volumes(coverage.CountVolumes(m.events, coverage.VolumeRule{}), chart.VolumesConfig{Page: page(p), Norm: 20, Experts: m.centers})
		}},
		{"involvement", func(p chart.Page) (*viz.Drawing, error) {
			groups := coverage.InvolveBy(m.events, m.centers, m.networkOf)
			return chart.Involvement(groups, chart.InvolvementConfig{Page: page(p)})
		}},
		{"lorenz", func(p chart.Page) (*viz.Drawing, error) {
			return chart.Lorenz(m.byHospital, chart.LorenzConfig{Page: page(p)})
		}},
		{"funnel", func(p chart.Page) (*viz.Drawing, error) {
			return chart.Funnel(flow.Retention(m.networks), chart.FunnelConfig{Page: page(p)})
		}},
		{"trend", func(p chart.Page) (*viz.Drawing, error) {
			return chart.Trend(m.retention(), chart.TrendConfig{Page: page(p)})
		}},
		{"time-to-treatment", func(p chart.Page) (*viz.Drawing, error) {
			return chart.TimeToTreatment([]chart.WaitsOf{{Waits: pathway.CountWaits(m.events).Waits}}, chart.TimeToTreatmentConfig{Page: page(p)})
		}},
		{"stages", func(p chart.Page) (*viz.Drawing, error) {
			return chart.Stages(pathway.CountStages(m.events, pathway.StageConfig{Groups: m.groups}), chart.StagesConfig{Page: page(p)})
		}},
		{"frontier", func(p chart.Page) (*viz.Drawing, error) {
			points, err := siting.Frontier(ctx, m.places(), 1, 6, siting.Config{})
			if err != nil {
				return nil, err
			}
			p.Notes = []string{"Without the patients of hospitals whose coordinates are not known."}
			return chart.Frontier(points, chart.FrontierConfig{Page: page(p)})
		}},
	}
}

// retention is the share of patients who stay in their network, year by year.
func (m *material) retention() []chart.TrendSeries {
	series := map[string]*chart.TrendSeries{}
	var order []string
	for _, t := range m.years {
		for _, s := range flow.Retention(t) {
			if referral.Beside(s.Origin) {
				continue
			}
			x := series[s.Origin]
			if x == nil {
				x = &chart.TrendSeries{Name: s.Origin}
				series[s.Origin] = x
				order = append(order, s.Origin)
			}
			x.Points = append(x.Points, chart.TrendPoint{Period: t.Meta().Period, Share: s})
		}
	}
	var out []chart.TrendSeries
	for _, name := range order {
		out = append(out, *series[name])
	}
	return out
}
