// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/pathway"
)

// extractFigures are the figures of one extract.
func extractFigures() []chartKind {
	one := [2]int{1, 1}
	return []chartKind{
		{"volumes", ofEither, "patients of hospitals, and a norm", one, (*figure).volumes},
		{"referral-classes", ofExtract, "how patients come to a center", one, (*figure).referralClasses},
		{"involvement", ofExtract, "whether a center is involved", one, (*figure).involvement},
		{"time-to-treatment", ofExtract, "waiting times", one, (*figure).timeToTreatment},
		{"stages", ofExtract, "where each stage of care was", one, (*figure).stages},
	}
}

func (g *figure) volumes() (*viz.Drawing, error) {
	in := g.stdin()
	table, err := g.isTable(in)
	if err != nil {
		return nil, err
	}
	config := chart.VolumesConfig{Norm: g.norm, Level: g.interval.confidence}
	if table {
		if !g.c.Flags().Changed("level") {
			g.mapFlags.level = referral.LevelHospital
		}
		g.c.SetIn(in)
		t, s, err := g.flows(0)
		if err != nil {
			return nil, err
		}
		if config.Experts, err = g.experts(s); err != nil {
			return nil, err
		}
		if config.Page = g.page; config.Period.From.IsZero() {
			config.Period = t.Meta().Period
		}
		return chart.Volumes(coverage.PeriodVolumes(t), config)
	}
	l, s, err := g.log(in)
	if err != nil {
		return nil, err
	}
	config.Page = g.page
	if config.Experts, err = g.experts(s); err != nil {
		return nil, err
	}
	volumes := coverage.CountVolumes(l, coverage.VolumeRule{ByKind: g.modality != ""})
	volumes = slices.DeleteFunc(volumes, func(v coverage.Volume) bool { return v.Kind != g.modality })
	return chart.Volumes(volumes, config)
}

// experts are the centers, if any are asked for.
func (g *figure) experts(s *network.Snapshot) (coverage.List, error) {
	if g.disease == "" && len(g.centers) == 0 {
		return coverage.List{}, nil
	}
	return g.list(s, &reasons{})
}

// byTumor gives the log of each tumor, or of the only one.
func byTumor(l *referral.Log) (names []string, logs []*referral.Log, err error) {
	tumors := l.Tumors()
	if len(tumors) < 2 {
		return append(tumors, "")[:1], []*referral.Log{l}, nil
	}
	for _, tumor := range tumors {
		part, err := l.OfTumor(tumor)
		if err != nil {
			return nil, nil, err
		}
		logs = append(logs, part)
	}
	return tumors, logs, nil
}

func (g *figure) referralClasses() (*viz.Drawing, error) {
	if g.modality == "" {
		return nil, usagef("referral classes are those of a treatment: --modality names it, such as surgery")
	}
	config, err := g.intervals()
	if err != nil {
		return nil, err
	}
	l, s, err := g.log(g.stdin())
	if err != nil {
		return nil, err
	}
	centers, err := g.list(s, &reasons{})
	if err != nil {
		return nil, err
	}
	names, logs, err := byTumor(l)
	if err != nil {
		return nil, err
	}
	var groups []chart.ClassesOf
	for i, part := range logs {
		x, err := coverage.CountClasses(part, g.modality, centers)
		if err != nil {
			return nil, err
		}
		groups = append(groups, chart.ClassesOf{Group: names[i], Classes: x})
	}
	return chart.ReferralClasses(groups, chart.ReferralClassesConfig{Page: g.page, Intervals: config})
}

func (g *figure) involvement() (*viz.Drawing, error) {
	config, err := g.intervals()
	if err != nil {
		return nil, err
	}
	l, s, err := g.log(g.stdin())
	if err != nil {
		return nil, err
	}
	centers, err := g.list(s, &reasons{})
	if err != nil {
		return nil, err
	}
	groups := []coverage.GroupInvolvement{{Involvement: coverage.Involve(l, centers)}}
	if g.by != "" {
		p, err := g.disjoint(s)
		if err != nil {
			return nil, err
		}
		a := coverageAnswer{groups: p}
		groups = coverage.InvolveBy(l, centers, a.groupOf)
		for i := range groups {
			if groups[i].Group == "" {
				groups[i].Group = referral.OriginUnknown
			}
		}
	}
	return chart.Involvement(groups, chart.InvolvementConfig{Page: g.page, Intervals: config})
}

func (g *figure) timeToTreatment() (*viz.Drawing, error) {
	l, _, err := g.log(g.stdin())
	if err != nil {
		return nil, err
	}
	names, logs, err := byTumor(l)
	if err != nil {
		return nil, err
	}
	var groups []chart.WaitsOf
	for i, part := range logs {
		groups = append(groups, chart.WaitsOf{Group: names[i], Waits: pathway.CountWaits(part).Waits})
	}
	return chart.TimeToTreatment(groups, chart.TimeToTreatmentConfig{
		Page: g.page, Level: g.interval.confidence, Days: g.days, KaplanMeier: g.survival,
	})
}

func (g *figure) stages() (*viz.Drawing, error) {
	l, s, err := g.log(g.stdin())
	if err != nil {
		return nil, err
	}
	var config pathway.StageConfig
	if g.by != "" {
		if config.Groups, err = g.disjoint(s); err != nil {
			return nil, err
		}
	}
	ways := pathway.CountStages(l, config)
	ways.Source = g.page.Source
	return chart.Stages(ways, chart.StagesConfig{Page: g.page})
}
