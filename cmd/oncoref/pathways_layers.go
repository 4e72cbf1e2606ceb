// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/internal/small"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/disclosure"
	"github.com/oncoref/oncoref/referral/pathway"
)

// brokerage counts the roles of hospitals between groups.
func (a *pathwayAnswer) brokerage(context.Context) error {
	if a.groups == nil {
		a.note("brokerage is about groups: --by network gives it")
		return nil
	}
	list, err := pathway.CountBrokerage(a.l, a.groups)
	if err != nil {
		return err
	}
	for _, b := range list {
		a.add("brokerage", b.Hospital+" "+b.Role.String(), a.g.cell(a.g.count(b.Count)), "steps")
	}
	return nil
}

// layer is the graph of the links of one kind.
type layer struct {
	name   string
	links  *graph.Digraph // 1 for each link that occurs
	counts *graph.Digraph // nil if they are not all shown
}

// layers sets the ways of patients beside those of referrals, tissue and case
// discussions, as far as the extract has them.
func (a *pathwayAnswer) layers(ctx context.Context) error {
	var list []layer
	for _, of := range []referral.Layer{referral.LayerPatient, referral.LayerReferral, referral.LayerPathology, referral.LayerMDT} {
		t, err := pathway.LayerTable(ctx, a.l, of)
		if err != nil {
			return err
		}
		if a.groups != nil {
			if t, err = t.Aggregate(a.groups); err != nil {
				return err
			}
		}
		if !a.g.allowSmall {
			if t, err = disclosure.Gate(t.WithoutTotals(), disclosure.Config{}); err != nil {
				return err
			}
		}
		x := layer{name: of.String()}
		if x.links, err = t.Graph(referral.Presence); err != nil {
			return err
		}
		if x.links.Size() == 0 {
			continue
		}
		known := true
		for f := range t.Flows() {
			known = known && f.Cell.Known()
		}
		if known {
			if x.counts, err = t.Graph(referral.Counts); err != nil {
				return err
			}
		}
		list = append(list, x)
		a.add("layer_links", x.name, referral.ExactResult(float64(x.links.Size())), "links")
	}
	a.overlap(list)
	return nil
}

func (a *pathwayAnswer) overlap(list []layer) {
	value := func(x float64) referral.Result {
		if math.IsNaN(x) {
			return referral.UndefinedResult(reasonHere)
		}
		return referral.ExactResult(x)
	}
	links, counts := make([]*graph.Digraph, len(list)), make([]*graph.Digraph, len(list))
	known := true
	for i, x := range list {
		links[i], counts[i] = x.links, x.counts
		known = known && x.counts != nil
		for j, y := range list {
			if i == j {
				continue
			}
			a.add("links_also_in", fmt.Sprintf("%s in %s", x.name, y.name), value(structure.CoveredEdges(x.links, y.links)), unitShare)
			if i > j {
				continue
			}
			r := small.Withheld(0, 1)
			if x.counts != nil && y.counts != nil {
				r = value(structure.WeightedJaccard(x.counts, y.counts))
			}
			a.add("common_weight", fmt.Sprintf("%s / %s", x.name, y.name), r, unitShare)
		}
	}
	if len(list) < 2 {
		a.note("the extract has links of %d layers: there is nothing to set beside each other", len(list))
		return
	}
	a.add("mean_overlap", "", value(structure.MeanOverlap(links)), unitShare)
	of := links
	if known {
		of = counts
	}
	for _, p := range structure.Participation(of) {
		r := value(p.Participation)
		if !known && r.Status == referral.OK {
			r = small.Withheld(0, 1)
		}
		a.add("participation", p.Key, r, unitIndex)
	}
}
