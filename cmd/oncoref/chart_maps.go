// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/siting"
)

// mapFigures are the figures of several tables, and of a landscape.
func mapFigures() []chartKind {
	return []chartKind{
		{"flow-maps", ofTables, "several tables, or parts of one", [2]int{1, -1}, (*figure).flowMaps},
		{"difference", ofTables, "what changed between two tables", [2]int{2, 2}, (*figure).difference},
		{"landscape", ofNothing, "hospitals, networks and hubs", [2]int{0, 0}, (*figure).drawLandscape},
		{"frontier", ofNothing, "travel against number of centers", [2]int{0, 0}, (*figure).frontier},
	}
}

// flowMaps has a panel for each table, or for each tumor and period of a single
// one.
func (g *figure) flowMaps() (*viz.Drawing, error) {
	var panels []chart.Panel
	var place *network.Snapshot
	for i := range g.inputs {
		t, s, err := g.flows(i)
		if err != nil {
			return nil, err
		}
		place = s
		panels = append(panels, chart.Panel{Table: t})
	}
	if len(panels) == 1 {
		parts, err := slicesOf(panels[0].Table)
		if err != nil {
			return nil, err
		}
		panels = nil
		for _, x := range parts {
			panels = append(panels, chart.Panel{Table: x})
		}
	}
	return chart.FlowMaps(panels, place, chart.FlowMapsConfig{Page: g.page, Columns: g.columnsOfPage, MaxFlows: g.maxFlows})
}

// slicesOf gives the parts of a table by tumor and period, in order.
func slicesOf(t *referral.Table) ([]*referral.Table, error) {
	var seen []referral.Selection
	var out []*referral.Table
	for f := range t.Slices() {
		x := referral.Selection{Tumor: f.Tumor, Period: f.Period}
		if slices.ContainsFunc(seen, func(y referral.Selection) bool { return y.Tumor == x.Tumor && y.Period == x.Period }) {
			continue
		}
		seen = append(seen, x)
	}
	slices.SortStableFunc(seen, func(a, b referral.Selection) int {
		return cmp.Or(cmp.Compare(a.Tumor, b.Tumor), cmp.Compare(a.Period.From, b.Period.From), cmp.Compare(a.Period.To, b.Period.To))
	})
	for _, x := range seen {
		part, err := t.Filter(x)
		if err != nil {
			return nil, err
		}
		out = append(out, part)
	}
	return out, nil
}

func (g *figure) difference() (*viz.Drawing, error) {
	before, s, err := g.flows(0)
	if err != nil {
		return nil, err
	}
	after, _, err := g.flows(1)
	if err != nil {
		return nil, err
	}
	config := chart.DifferenceConfig{Page: g.page, MaxFlows: g.maxFlows}
	if a, b := before.Meta(), after.Meta(); a.Period == b.Period && a.Tumor == b.Tumor {
		config.Before, config.After = sourceName(g.inputs[0]), sourceName(g.inputs[1])
	}
	return chart.Difference(before, after, s, config)
}

func (g *figure) drawLandscape() (*viz.Drawing, error) {
	s, err := landscapeOn(g.mapFlags.landscape, g.date)
	if err != nil {
		return nil, err
	}
	if known := s.Landscape().Partitions(); !slices.Contains(known, g.mapFlags.partition) {
		return nil, usagef("partition %q: the landscape has %s", g.mapFlags.partition, strings.Join(known, ", "))
	}
	config := chart.LandscapeConfig{Page: g.page, Partition: g.mapFlags.partition}
	if g.disease != "" || g.body != "" {
		config.Designations = network.DesignationQuery{Disease: g.disease, Body: g.body}
	}
	return chart.Landscape(s, config)
}

func (g *figure) frontier() (*viz.Drawing, error) {
	f := locateFlags{landscape: g.mapFlags.landscape, date: g.date, regions: g.regions, weight: g.weight, detour: 1, count: g.count}
	f.gate = g.gate
	s, err := landscapeWith(f.landscape, f.date, f.regions)
	if err != nil {
		return nil, err
	}
	p, err := f.problem(g.c, s, &reasons{Rules: map[string]string{}})
	if err != nil {
		return nil, err
	}
	small, err := f.passWeights(g.c, &p)
	if err != nil {
		return nil, err
	}
	if n := len(small); n > 0 {
		g.page.Notes = append(g.page.Notes, fmt.Sprintf("%d regions have from 1 to 4 cases, taken as %v", n, middle))
	}
	points, err := siting.Frontier(g.c.Context(), p, 1, min(g.count, len(p.Candidates)), siting.Config{})
	if err != nil {
		return nil, err
	}
	return chart.Frontier(points, chart.FrontierConfig{Page: g.page})
}
