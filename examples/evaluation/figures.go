// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/oncoref/oncoref/examples/internal/study"
	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/internal/output"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/report"
)

// file is something to write.
type file struct {
	name  string
	write func(io.Writer) error
}

func (f file) save(dir string) error { return output.WriteFile(filepath.Join(dir, f.name), f.write) }

// name makes a name of a file of the key of a group.
func (s *subject) name(before, after string) string {
	key := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, s.key)
	return before + key[:min(len(key), 60)] + after
}

// flowFiles are the tables that the numbers come from.
func (e *evaluation) flowFiles() []file {
	var out []file
	for _, s := range e.subjects {
		if s.flows != nil {
			out = append(out, file{s.name("flows-", ".csv"), func(w io.Writer) error { return s.flows.WriteCSV(w, referral.WriteConfig{}) }})
		}
	}
	return out
}

// picture is a figure of a group.
type picture struct {
	kind, text string
	draw       func() (*viz.Drawing, error)
}

// pictures are the figures of a group: the published map and, where there are
// patients, those of the report of 2023.
func (e *evaluation) pictures(s *subject) []picture {
	published := chart.Page{Lang: e.language} // and no mark of made-up patients
	var out []picture
	add := func(kind, en, nl string, draw func() (*viz.Drawing, error)) {
		out = append(out, picture{kind, e.body.pick(en, nl), draw})
	}
	if s.shows != nil {
		add("map-published", "Published: who refers to whom, without sizes", "Gepubliceerd: wie naar wie verwijst, zonder omvang", func() (*viz.Drawing, error) {
			return chart.FlowMap(s.shows, e.land.Snapshot, chart.FlowMapConfig{Page: published})
		})
	}
	if s.key == "head_and_neck" {
		add("classes-published", "Published: how patients came to surgery", "Gepubliceerd: hoe patiënten tot hun operatie kwamen", func() (*viz.Drawing, error) {
			x, err := study.Figure33()
			if err != nil {
				return nil, err
			}
			p := published
			p.Title, p.Source, p.Period = s.title(e.body), "IKNL, Zeldzame kanker: organisatie van expertise, 2023-03-06, figure 3.3", period
			return chart.ReferralClasses([]chart.ClassesOf{{Group: s.title(e.body), Classes: x}}, chart.ReferralClassesConfig{Page: p, Percent: true})
		})
	}
	if s.log == nil {
		return out
	}
	page := chart.Page{
		Lang: e.language, AllowSmall: s.gate.AllowSmall, Synthetic: s.basis == madeUp, Source: s.flows.Meta().Source,
		Period: network.Period{From: network.NewDate(s.first, 1, 1), To: network.NewDate(s.last, 12, 31)},
	}
	titled := func(en, nl string) chart.Page {
		p := page
		p.Title = s.title(e.body) + e.body.pick(": "+en, ": "+nl)
		return p
	}
	add("map", "Flows between networks", "Stromen tussen netwerken", func() (*viz.Drawing, error) {
		return chart.FlowMap(s.flows, e.land.Snapshot, chart.FlowMapConfig{Page: page})
	})
	if len(s.parts) > 1 {
		add("change", "The same in both halves of the period", "Hetzelfde in beide helften van de periode", func() (*viz.Drawing, error) {
			var panels []chart.Panel
			for i, t := range s.parts {
				panels = append(panels, chart.Panel{Title: s.halves[i].String(), Table: t})
			}
			return chart.FlowMaps(panels, e.land.Snapshot, chart.FlowMapsConfig{Page: page})
		})
	}
	add("destinations", "Where the patients of each network are treated", "Waar de patiënten van elk netwerk behandeld worden", func() (*viz.Drawing, error) {
		return chart.DestinationShares(s.flows, chart.DestinationSharesConfig{Page: page})
	})
	add("volumes", "Patients by hospital", "Patiënten per ziekenhuis", func() (*viz.Drawing, error) {
		norm, _ := e.land.hospitalNorm(s.group)
		return chart.Volumes(coverage.CountVolumes(s.log, coverage.VolumeRule{}), chart.VolumesConfig{
			Page: titled("patients a year by hospital", "patiënten per jaar en ziekenhuis"), Norm: norm.Lower, From: s.first, To: s.last, Experts: s.experts,
		})
	})
	if s.ways != nil {
		add("classes", "How patients came to their treatment", "Hoe patiënten tot hun behandeling kwamen", func() (*viz.Drawing, error) {
			return chart.ReferralClasses([]chart.ClassesOf{{Group: s.title(e.body), Classes: *s.ways}},
				chart.ReferralClassesConfig{Page: titled("the way to treatment", "de weg naar behandeling")})
		})
	}
	if s.waited != nil {
		add("waits", "Days to treatment", "Dagen tot behandeling", func() (*viz.Drawing, error) {
			return chart.TimeToTreatment(s.waited, chart.TimeToTreatmentConfig{Page: titled("days to treatment", "dagen tot behandeling"), Days: until})
		})
	}
	if s.points != nil {
		add("frontier", "Travel against the number of centers", "Reizen tegen het aantal centra", func() (*viz.Drawing, error) {
			return chart.Frontier(s.points, chart.FrontierConfig{
				Page: titled("travel against the number of centers", "reizen tegen het aantal centra"), Marks: s.marks,
			})
		})
	}
	return out
}

// figures draws the figures of a group, keeps their files and names them in the
// text; one that has nothing to show is named with the reason.
func (e *evaluation) figures(ctx context.Context, s *subject) error {
	for _, p := range e.pictures(s) {
		name := s.name(p.kind+"-", ".svg")
		drawing, err := p.draw()
		if errors.Is(err, chart.ErrNoFlows) || errors.Is(err, chart.ErrEmpty) || errors.Is(err, chart.ErrCrowded) {
			e.body.say("No figure \"%s\": %s.", "Geen figuur \"%s\": %s.", p.text, plain(err.Error()))
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		text := p.text
		if s.basis == madeUp && s.log != nil && !strings.HasSuffix(p.kind, "-published") {
			text = e.body.pick("SYNTHETIC: ", "SYNTHETISCH: ") + text
		}
		var b bytes.Buffer
		if err := output.Drawing(ctx, &b, drawing, viz.SVG, viz.Options{Title: text, Lang: e.language.String()}); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		e.drawn = append(e.drawn, file{name, func(w io.Writer) error { _, err := w.Write(b.Bytes()); return err }})
		e.body.say("![%s](%s)", "![%s](%s)", text, name)
	}
	return e.report(ctx, s)
}

// report writes what the library's report says about the patients of a group.
func (e *evaluation) report(ctx context.Context, s *subject) error {
	if s.log == nil {
		return nil
	}
	norm, _ := e.land.hospitalNorm(s.group)
	in := report.Input{Log: s.log, Rule: s.rule, Snapshot: e.land.Snapshot, Centers: s.experts, Norm: norm.Lower, NormSource: norm.Body, Name: filepath.Base(e.in), SHA256: e.digest}
	if e.in == "" {
		in.Name = s.label.Title
	}
	r, err := report.Build(ctx, in, report.Config{Lang: e.language, AllowSmall: s.gate.AllowSmall})
	if err != nil {
		return fmt.Errorf("%s: %w", s.en, err)
	}
	name := s.name("report-", ".html")
	e.drawn = append(e.drawn, file{name, r.WriteHTML})
	e.body.say("All measures of these patients, with tables to sort and filter: [%s](%s).", "Alle maten van deze patiënten, met tabellen om te sorteren en te filteren: [%s](%s).", name, name)
	return nil
}
