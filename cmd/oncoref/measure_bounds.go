// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// completions says which tables of counts are tried for measures of the graph
// that have no bounds of their own.
func (c choices) completions() flow.CompletionConfig {
	return flow.CompletionConfig{Limit: c.limit, Samples: c.samples, Seed: c.seed, Workers: c.workers}
}

// drawn adds to a result that rests on drawn completions how they were drawn.
func (c choices) drawn(r referral.Result) referral.Result {
	if r.Status == referral.Envelope {
		r.Reason += fmt.Sprintf(" samples=%d seed=%d", c.samples, c.seed)
	}
	return r
}

// pageRank has bounds by policy iteration, without completions.
func pageRank(ctx context.Context, x flows) ([]entry, error) {
	list, err := flow.PageRankBounds(ctx, x.Table, centrality.PageRankConfig{})
	return scopes(list), err
}

// part is where the values of a measure stand among those of all measures.
type part struct {
	m     measure
	first int
	index map[string]int
	names []string
}

// bounds measures all completions of the table with all the measures at once,
// since making a completion costs as much as measuring it. The rows stand by
// the name of the measure.
func (s subject) bounds(ctx context.Context, list []measure, c choices, step func()) (map[string][]row, error) {
	var parts []part
	n := 0
	for _, m := range list {
		p := part{m: m, first: n, index: map[string]int{}}
		for _, name := range s.scopes(ctx, m, c) {
			p.index[name] = len(p.names)
			p.names = append(p.names, name)
		}
		n += len(p.names)
		parts = append(parts, p)
	}
	if n == 0 {
		return nil, nil
	}
	one := c
	one.workers = 1 // the completions are what is divided
	results, err := flow.GraphBounds(ctx, s.table, func(g *graph.Digraph) ([]float64, error) {
		out := slices.Repeat([]float64{math.NaN()}, n)
		for _, p := range parts {
			scores, reason, err := attempt(ctx, p.m, g, one)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.m.name, err)
			}
			if reason != "" {
				continue
			}
			for _, x := range scores {
				if i, ok := p.index[x.scope]; ok && finite(x.value) != nil {
					out[p.first+i] = x.value
				}
			}
		}
		step()
		return out, nil
	}, c.completions())
	if err != nil {
		return nil, err
	}
	rows := map[string][]row{}
	for _, p := range parts {
		of := make([]entry, len(p.names))
		for i, name := range p.names {
			of[i].Scoped = referral.Scoped{Scope: name, Result: c.drawn(results[p.first+i])}
		}
		rows[p.m.name] = s.rows(p.m, s.unitOf(p.m), of)
	}
	return rows, nil
}

// scopes are what the values of a measure can be about in some completion.
func (s subject) scopes(ctx context.Context, m measure, c choices) []string {
	var names []string
	switch m.level {
	case ofNode:
		for _, key := range s.low.Keys() {
			names = append(names, key)
		}
	case ofEdge:
		for f := range s.table.Flows() {
			if f.Cell.Hi > 0 && !f.Retained() {
				names = append(names, pairScope(f.Origin, f.Destination))
			}
		}
	default:
		scores, reason, err := attempt(ctx, m, s.low, c)
		if err != nil || reason != "" || len(scores) == 0 {
			return []string{""}
		}
		for _, x := range scores {
			names = append(names, x.scope)
		}
	}
	return names
}
