// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// F17: the tables of the report, which show presence only.
func figures(ctx context.Context, x example, v values) error {
	for name, t := range x.report {
		key := "F17." + name
		v[key+".out_degree"] = scoped(flow.OutDegree(t))
		v[key+".in_degree_bounds"] = bounds(flow.InDegree(t))
		if err := merged(ctx, t, key, v); err != nil {
			return err
		}
	}
	return nil
}

// merged measures the table with EMBRAZE and CONCORD as one class.
func merged(ctx context.Context, t *referral.Table, key string, v values) error {
	const both = "EMBRAZE / CONCORD"
	labels := map[string]string{"EMBRAZE": both, "CONCORD": both}
	for _, c := range t.Classes() {
		if labels[c] == "" {
			labels[c] = c
		}
	}
	p, err := network.NewPartition("merged", labels)
	if err != nil {
		return err
	}
	m, err := t.Aggregate(p)
	if err != nil {
		return err
	}
	g, err := m.Graph(referral.Presence)
	if err != nil {
		return err
	}
	g = g.Loopless()
	others := float64(g.Len() - 1)
	in := centrality.InDegree(g)
	_, largest := structure.StronglyConnected(g).Largest()
	v[key+".merged"] = map[string]any{
		"nodes":             g.Len(),
		"arcs":              g.Size(),
		"in_degree":         nodes(in),
		"reciprocity":       number(structure.Reciprocity(g)),
		"flow_hierarchy":    number(structure.BinaryFlowHierarchy(g)),
		"freeman_in_degree": number(structure.Centralization(in, others*others)),
		"largest_scc":       largest,
	}
	rank, err := centrality.PageRank(ctx, g, centrality.PageRankConfig{})
	if err != nil {
		return err
	}
	v[key+".pagerank_merged_binary"] = nodes(rank)
	return nil
}
