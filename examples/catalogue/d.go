// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/structure"
)

// D07: Freeman centralization.
func freeman(ctx context.Context, x example, v values) error {
	g := x.flows
	others := float64(g.Len() - 1)
	_, received := totals(g)
	v["D07.freeman_in_degree"] = number(structure.Centralization(centrality.InDegree(g), others*others))
	v["D07.freeman_out_degree"] = number(structure.Centralization(centrality.OutDegree(g), others*others))
	v["D07.freeman_in_strength"] = number(structure.Centralization(centrality.InStrength(g), others*g.Loopless().Total()))
	v["D07.freeman_volume"] = number(structure.Centralization(graph.NewValues(g, received), others*g.Total()))
	between, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: centrality.Hops})
	if err != nil {
		return err
	}
	v["D07.freeman_betweenness_unweighted"] = number(structure.Centralization(between, others*others*(others-1)))
	return nil
}
