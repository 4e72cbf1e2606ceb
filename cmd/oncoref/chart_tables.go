// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
)

// tableFigures are the figures of one flow table.
func tableFigures() []chartKind {
	one := [2]int{1, 1}
	return []chartKind{
		{"destination-shares", ofTables, "where each origin's patients go", one, (*figure).destinationShares},
		{"heat-map", ofTables, "all flows, with groups", one, (*figure).heatMap},
		{"lorenz", ofTables, "how unequal destinations are", one, (*figure).lorenz},
		{"funnel", ofTables, "retained shares against chance", one, (*figure).funnel},
		{"trend", ofTables, "supra-regional share by period", one, (*figure).trend},
	}
}

func (g *figure) intervals() (inference.Config, error) {
	return g.interval.config(shareMethods)
}

func (g *figure) destinationShares() (*viz.Drawing, error) {
	config, err := g.intervals()
	if err != nil {
		return nil, err
	}
	t, _, err := g.flows(0)
	if err != nil {
		return nil, err
	}
	return chart.DestinationShares(t, chart.DestinationSharesConfig{Page: g.page, Intervals: config})
}

func (g *figure) heatMap() (*viz.Drawing, error) {
	t, s, err := g.flows(0)
	if err != nil {
		return nil, err
	}
	config := chart.HeatMapConfig{Page: g.page, Seed: g.seed}
	if g.by != "" {
		if config.Groups, err = g.disjoint(s); err != nil {
			return nil, err
		}
	}
	return chart.HeatMap(t, config)
}

func (g *figure) lorenz() (*viz.Drawing, error) {
	t, _, err := g.flows(0)
	if err != nil {
		return nil, err
	}
	return chart.Lorenz(t, chart.LorenzConfig{Page: g.page})
}

func (g *figure) funnel() (*viz.Drawing, error) {
	t, _, err := g.flows(0)
	if err != nil {
		return nil, err
	}
	return chart.Funnel(flow.Retention(t), chart.FunnelConfig{Page: g.page})
}

// trend has a line for each tumor of a table, and a point for each of its
// periods.
func (g *figure) trend() (*viz.Drawing, error) {
	config, err := g.intervals()
	if err != nil {
		return nil, err
	}
	t, _, err := g.flows(0)
	if err != nil {
		return nil, err
	}
	parts, err := slicesOf(t)
	if err != nil {
		return nil, err
	}
	var series []chart.TrendSeries
	for _, x := range parts {
		m := x.Meta()
		if n := len(series); n == 0 || series[n-1].Name != m.Tumor {
			series = append(series, chart.TrendSeries{Name: m.Tumor})
		}
		last := &series[len(series)-1]
		last.Points = append(last.Points, chart.TrendPoint{Period: m.Period, Share: flow.SupraRegional(x)})
	}
	return chart.Trend(series, chart.TrendConfig{Page: g.page, Intervals: config})
}
