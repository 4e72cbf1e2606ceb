// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"slices"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/disclosure"
)

// F11 to F13: what must be hidden, what else has to be, and what a reader
// then knows.
func suppression(ctx context.Context, x example, v values) error {
	g, err := disclosure.FromTable(x.table, nil)
	if err != nil {
		return err
	}
	sensitive, err := disclosure.Primary(g, disclosure.Config{})
	if err != nil {
		return err
	}
	primary := []any{}
	for _, s := range sensitive {
		if s.Row != "" && s.Column != "" {
			primary = append(primary, s.Row+s.Column)
		}
	}
	v["F11.primary_cells"] = primary

	gated, err := disclosure.Gate(x.table, disclosure.Config{})
	if err != nil {
		return err
	}
	only, err := gated.WithTotals(x.totals())
	if err != nil {
		return err
	}
	if v["F12.audit_primary_only"], err = audit(ctx, only, x.table); err != nil {
		return err
	}

	s, err := disclosure.Suppress(ctx, x.table, disclosure.Config{})
	if err != nil {
		return err
	}
	secondary := []string{}
	for _, h := range s.Hidden {
		if h.Reason == disclosure.Complementary {
			secondary = append(secondary, h.Row+h.Column)
		}
	}
	slices.Sort(secondary)
	v["F12.secondary_cells"] = map[string]any{"cells": secondary, "sum": s.Value, "count": s.Cells}
	published, err := s.Table(false)
	if err != nil {
		return err
	}
	v["F13.audit_intervals"], err = audit(ctx, published, x.table)
	return err
}

// audit lists what a reader can work out of the hidden cells of a table.
func audit(ctx context.Context, published, truth *referral.Table) (map[string]any, error) {
	var r disclosure.Release
	if err := r.Publish("flows", published, truth); err != nil {
		return nil, err
	}
	a, err := r.Audit(ctx, disclosure.Config{})
	if err != nil {
		return nil, err
	}
	m := map[string]any{}
	for _, f := range a.Findings {
		m[f.Origin+f.Destination] = pair(f.Lo, f.Hi)
	}
	return m, nil
}

// F14 and F15: rounding to multiples of 5.
func rounding(ctx context.Context, x example, v values) error {
	r, err := disclosure.Round(ctx, x.halves[1], disclosure.RoundConfig{Count: true})
	if err != nil {
		return err
	}
	rounded := table{}
	for i, row := range r.Counts {
		for j, n := range row {
			rounded.set(r.Rows[i], r.Columns[j], n)
		}
	}
	v["F14.controlled_rounding_p2"] = map[string]any{
		"feasible": r.Feasible, "min_l1": r.L1, "optima": r.Optima, "table": rounded,
	}

	g, err := disclosure.FromTable(x.halves[1], nil)
	if err != nil {
		return err
	}
	up := map[string]any{}
	for i, row := range g.Counts {
		for j, n := range row {
			if p := disclosure.ProbabilityUp(n, disclosure.DefaultBase); p > 0 {
				up[g.Rows[i]+g.Columns[j]] = p
			}
		}
	}
	v["F15.random_rounding_prob_up_p2"] = up
	if r, err = disclosure.Round(ctx, x.halves[1], disclosure.RoundConfig{Method: disclosure.Conventional}); err != nil {
		return err
	}
	sums := map[string]any{}
	for i, n := range r.RowSums() {
		sums[r.Rows[i]] = n
	}
	v["F15.conventional_rounding_row_sums_p2"] = sums
	return nil
}
