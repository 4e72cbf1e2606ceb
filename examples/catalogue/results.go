// SPDX-License-Identifier: Apache-2.0

package main

import (
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

// scoped lists the values by class.
func scoped(list []referral.Scoped) map[string]any {
	m := map[string]any{}
	for _, s := range list {
		m[s.Scope] = number(s.Value)
	}
	return m
}

// bounds lists the bounds by class.
func bounds(list []referral.Scoped) map[string]any {
	m := map[string]any{}
	for _, s := range list {
		m[s.Scope] = pair(s.Lo, s.Hi)
	}
	return m
}

// pair is [lo, hi], or nothing where there are no such bounds.
func pair(lo, hi float64) any {
	if number(lo) == nil {
		return nil
	}
	return []any{number(lo), number(hi)}
}

// byOrigin lists the values of shares that origins have.
func byOrigin(list []referral.Share) map[string]any {
	m := map[string]any{}
	for _, s := range list {
		m[s.Origin] = number(s.Value)
	}
	return m
}

// byDestination lists the values of shares that destinations have.
func byDestination(list []referral.Share) map[string]any {
	m := map[string]any{}
	for _, s := range list {
		m[s.Destination] = number(s.Value)
	}
	return m
}

// byBoth lists the values of shares of pairs by origin, then destination.
func byBoth(list []referral.Share) map[string]any {
	m := table{}
	for _, s := range list {
		m.set(s.Origin, s.Destination, number(s.Value))
	}
	return m
}

// table is a table of values by row and column.
type table map[string]any

func (t table) set(row, column string, x any) {
	if t[row] == nil {
		t[row] = map[string]any{}
	}
	t[row].(map[string]any)[column] = x
}

// ends are the ends of an interval.
func ends(i inference.Interval) any { return pair(i.Lo, i.Hi) }

// estimates lists the intervals, named by a field of each.
func estimates(list []inference.Estimate, name func(inference.Estimate) string) map[string]any {
	m := map[string]any{}
	for _, e := range list {
		m[name(e)] = ends(e.Interval)
	}
	return m
}
