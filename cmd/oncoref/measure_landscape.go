// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/flow/gravity"
)

// groundFlags say where classes are and which belong together.
type groundFlags struct {
	landscape, date, level, partition string
	experts                           []string
	within                            float64
}

func (f *groundFlags) add(c *cobra.Command) {
	p := c.Flags()
	p.StringVar(&f.landscape, "landscape", "", `folder with a landscape's CSV files, or "embedded": for travel, bypass, gravity and networks of hospitals`)
	p.StringVar(&f.date, "date", "", "day for which the landscape holds, such as 2021-12-31 "+dateUsage)
	p.StringVar(&f.level, "level", referral.LevelNetwork, "what the table's classes are in the landscape: network or hospital")
	p.StringVar(&f.partition, "partition", network.DefaultPartition, "partition of the landscape: that of the table's networks, or of its hospitals")
	p.StringSliceVar(&f.experts, "experts", nil, "classes with an expert center, for the measures about them")
	p.Float64Var(&f.within, "within", 10, "kilometers within a class, which the gravity model assumes")
}

// snapshot gives the landscape, nil if none is asked for.
func (f *groundFlags) snapshot() (*network.Snapshot, error) {
	if f.level != referral.LevelNetwork && f.level != referral.LevelHospital {
		return nil, usagef("level %q: expected network or hospital", f.level)
	}
	if math.IsNaN(f.within) || math.IsInf(f.within, 0) || f.within < 0 {
		return nil, usagef("within %v: expected kilometers, 0 or more", f.within)
	}
	dir := f.landscape
	switch dir {
	case "":
		return nil, nil
	case "embedded":
		dir = ""
	}
	s, err := landscapeOn(dir, f.date)
	if err != nil {
		return nil, err
	}
	if l := s.Landscape(); !slices.Contains(l.Partitions(), f.partition) {
		return nil, usagef("partition %q: the landscape has %s", f.partition, strings.Join(l.Partitions(), ", "))
	}
	return s, nil
}

// flows adds to a table what the landscape and the flags know.
func (f *groundFlags) flows(t *referral.Table, s *network.Snapshot, c choices) (flows, error) {
	x := flows{Table: t, experts: f.experts, within: f.within, choices: c}
	for _, e := range f.experts {
		if !slices.Contains(t.Classes(), e) {
			return x, usagef("experts: %q is no single class of the table", e)
		}
	}
	if s == nil {
		return x, nil
	}
	level := t.Meta().Level
	if level == "" {
		level = f.level
	}
	x.points = map[string]network.Point{}
	for _, label := range t.Classes() {
		if p, ok := pointOf(s, level, f.partition, label); ok {
			x.points[label] = p
		}
	}
	x.distances = flow.GreatCircles(x.points)
	if level != referral.LevelHospital {
		return x, nil
	}
	x.distances = flow.LandscapeKilometers(s.Landscape())
	p, err := s.Partition(network.PartitionConfig{Name: f.partition})
	if err != nil {
		return x, err
	}
	single := func(label string) bool {
		of, ok := p.Of(label)
		return referral.Beside(label) || ok && len(of) == 1
	}
	if !slices.ContainsFunc(t.Classes(), func(label string) bool { return !single(label) }) {
		x.groups = p
	}
	return x, nil
}

func pointOf(s *network.Snapshot, level, partition, label string) (network.Point, bool) {
	if level == referral.LevelHospital {
		h, ok := s.Hospital(label)
		return h.Point, ok && h.Point.Known()
	}
	n, ok := s.Network(partition, label)
	if !ok {
		return network.NoPoint(), false
	}
	return s.Middle(n.ID)
}

// gravityModel fits the production-constrained model, over the completions of
// the table if it is not exact.
func gravityModel(ctx context.Context, x flows) ([]entry, error) {
	names := []string{"beta per km", "mean km", "common part", "srmse"}
	costs, err := gravity.GreatCircle(x.points, x.within)
	if err != nil {
		return nil, err
	}
	reason := ""
	fit := func(t *referral.Table) ([]float64, error) {
		m, err := gravity.Fit(ctx, t, costs, gravity.Config{})
		if errors.Is(err, gravity.ErrCost) {
			reason = referral.ReasonNoDistance
			return slices.Repeat([]float64{math.NaN()}, len(names)), nil
		}
		return []float64{m.Beta.Value, m.MeanCost.Value, m.CPC.Value, m.SRMSE.Value}, err
	}
	c := x.choices.completions()
	c.Workers = 1
	list, err := flow.TableBounds(ctx, x.Table, fit, c)
	if err != nil {
		return nil, err
	}
	out := make([]entry, len(list))
	for i, r := range list {
		if reason != "" {
			r = referral.UndefinedResult(reason)
		}
		out[i].Scoped = referral.Scoped{Scope: names[i], Result: x.choices.drawn(r)}
	}
	return out, nil
}
