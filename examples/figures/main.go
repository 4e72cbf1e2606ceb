// SPDX-License-Identifier: Apache-2.0

// Command figures draws every figure that the library has: from published tables
// where there are any, else from a made-up registry, and all of them small on one
// sheet. All are drawn for A4 and again for a phone, in the folder phone.
//
//	go run ./examples/figures -o out -lang nl
package main

import (
	"context"
	"flag"
	"fmt"
	"image"
	"io"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
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
	m, err := gather(ctx, landscape.On(network.NewDate(2021, time.December, 31)), language)
	if err != nil {
		return err
	}
	figures := append(m.published(), m.madeUp(ctx)...)
	for _, s := range []struct {
		folder, sheet string
		width         float64 // points; 0 means A4
		places        func([]*viz.Drawing) []image.Rectangle
	}{{"", "figures.png", 0, grid}, {"phone", "phone.png", 360, columns}} {
		var drawings []*viz.Drawing
		for _, f := range figures {
			d, err := f.draw(chart.Page{Lang: language, Width: s.width})
			if err != nil {
				return fmt.Errorf("%s: %w", f.name, err)
			}
			drawings = append(drawings, d)
			path := filepath.Join(out, s.folder, f.name+"."+format)
			if err := output.DrawingFile(ctx, path, d, viz.Options{Title: d.Name, Lang: lang, EmbedFont: true}); err != nil {
				return err
			}
			if s.width == 0 {
				fmt.Fprintf(w, "%-24s %s\n", f.name, d.Name)
			}
		}
		if err := sheet(ctx, filepath.Join(out, s.sheet), drawings, s.places(drawings)); err != nil {
			return err
		}
	}
	return nil
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
				name, _, _ := strings.Cut(t.Meta().TitleIn(m.lang.String()), ":")
				panels = append(panels, chart.Panel{Title: name, Table: t})
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
	titled := func(p chart.Page, english, dutch string) chart.Page {
		p.Title = m.title + ": " + m.say(english, dutch)
		return p
	}
	page := func(p chart.Page) chart.Page {
		p = m.sourced(p)
		p.Synthetic, p.Period = true, m.period
		return p
	}
	return []figure{
		{"destinations", func(p chart.Page) (*viz.Drawing, error) {
			return chart.DestinationShares(m.networks, chart.DestinationSharesConfig{Page: page(titled(p, "where the patients of each network are treated", "waar de patiënten van elk netwerk worden behandeld"))})
		}},
		{"destinations-hospitals", func(p chart.Page) (*viz.Drawing, error) {
			return chart.DestinationShares(m.byHospital, chart.DestinationSharesConfig{Page: page(titled(p, "where the patients of each hospital are treated", "waar de patiënten van elk ziekenhuis worden behandeld"))})
		}},
		{"heat-map", func(p chart.Page) (*viz.Drawing, error) {
			return chart.HeatMap(m.byHospital, chart.HeatMapConfig{Page: page(titled(p, "first visit and treatment", "eerste bezoek en behandeling"))})
		}},
		{"difference", func(p chart.Page) (*viz.Drawing, error) {
			return chart.Difference(m.halves[0], m.halves[1], m.hospitals, chart.DifferenceConfig{Page: m.sourced(titled(p, "change in referral", "verandering in verwijzing"))})
		}},
		{"hospital-map", func(p chart.Page) (*viz.Drawing, error) {
			return chart.FlowMap(m.byHospital, m.hospitals, chart.FlowMapConfig{Page: page(titled(p, "referral between hospitals", "verwijzing tussen ziekenhuizen"))})
		}},
		{"referral-classes-made-up", func(p chart.Page) (*viz.Drawing, error) {
			c, err := coverage.CountClasses(m.events, "surgery", m.centers)
			if err != nil {
				return nil, err
			}
			return chart.ReferralClasses([]chart.ClassesOf{{Group: m.title, Classes: c}}, chart.ReferralClassesConfig{Page: page(p)})
		}},
		{"volumes", func(p chart.Page) (*viz.Drawing, error) {
			volumes := slices.DeleteFunc(coverage.CountVolumes(m.events, coverage.VolumeRule{}), func(v coverage.Volume) bool {
				return v.Year > m.period.To.Year() // of those who came late in the period
			})
			return chart.Volumes(volumes, chart.VolumesConfig{Page: page(p), Norm: 20, Experts: m.centers})
		}},
		{"involvement", func(p chart.Page) (*viz.Drawing, error) {
			groups := coverage.InvolveBy(m.events, m.centers, m.networkOf)
			return chart.Involvement(groups, chart.InvolvementConfig{Page: page(p)})
		}},
		{"lorenz", func(p chart.Page) (*viz.Drawing, error) {
			return chart.Lorenz(m.byHospital, chart.LorenzConfig{Page: page(titled(p, "concentration of treatment", "concentratie van behandeling"))})
		}},
		{"funnel", func(p chart.Page) (*viz.Drawing, error) {
			return chart.Funnel(flow.Retention(m.networks), chart.FunnelConfig{Page: page(titled(p, "share treated in the own network", "aandeel behandeld in het eigen netwerk"))})
		}},
		{"trend", func(p chart.Page) (*viz.Drawing, error) {
			return chart.Trend(m.retention(), chart.TrendConfig{Page: page(titled(p, "share treated in the own network, by year", "aandeel behandeld in het eigen netwerk, per jaar"))})
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
			p.Notes = []string{m.say("Without the patients of hospitals whose coordinates are not known.", "Zonder de patiënten van ziekenhuizen waarvan de coördinaten niet bekend zijn.")}
			return chart.Frontier(points, chart.FrontierConfig{Page: page(p)})
		}},
	}
}

// sourced says where the made-up data are from.
func (m *material) sourced(p chart.Page) chart.Page {
	p.Source = m.say("a registry that was made up", "een verzonnen registratie")
	return p
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
