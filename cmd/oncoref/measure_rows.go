// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"strconv"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// Reasons beside those of package referral.
const (
	reasonPresence  = "presence_only" // the measure needs weights, which are not known
	reasonConverged = "not_converged"
	reasonCounts    = "not_counts"  // the measure is one of whole numbers
	reasonHere      = "not_defined" // the measure has no value for this graph or node
)

// row is one line of the result.
type row struct {
	measure string
	referral.Scoped
	unit string
}

// measure computes one measure of the subject.
func (s subject) measure(ctx context.Context, m measure, c choices) ([]row, error) {
	unit := m.unit
	if unit == unitWeight {
		unit = s.unit
	}
	if s.table != nil && (m.name == "in_degree" || m.name == "out_degree") {
		degree := flow.InDegree
		if m.name == "out_degree" {
			degree = flow.OutDegree
		}
		return s.rows(m, unit, degree(s.table)), nil
	}
	switch {
	case s.binary && m.weights:
		return s.undefined(m, unit, reasonPresence), nil
	case s.sets:
		return s.undefined(m, unit, referral.ReasonSetValued), nil
	}
	low, reason, err := attempt(ctx, m, s.low, c)
	if err != nil {
		return nil, err
	}
	if reason != "" {
		return s.undefined(m, unit, reason), nil
	}
	if s.high == s.low {
		return s.rows(m, unit, exact(low)), nil
	}
	if m.topology && s.high.Size() == s.low.Size() {
		return s.rows(m, unit, exact(low)), nil // the same edges, whatever the weights
	}
	if m.unit == unitLabel {
		return s.undefined(m, unit, referral.ReasonUnknownCells), nil
	}
	high, reason, err := attempt(ctx, m, s.high, c)
	if err != nil {
		return nil, err
	}
	if reason != "" {
		return s.undefined(m, unit, reason), nil
	}
	return s.rows(m, unit, combine(low, high, m.monotone)), nil
}

// attempt computes a measure; a reason says why it has no value.
func attempt(ctx context.Context, m measure, g *graph.Digraph, c choices) ([]score, string, error) {
	scores, err := m.compute(ctx, g, c)
	var none *centrality.UndefinedError
	switch {
	case errors.As(err, &none):
		return nil, string(none.Reason), nil
	case errors.Is(err, structure.ErrNotConverged), errors.Is(err, centrality.ErrNotConverged):
		return nil, reasonConverged, nil
	case errors.Is(err, structure.ErrCounts):
		return nil, reasonCounts, nil
	}
	return scores, "", err
}

// exact makes results of values that are known.
func exact(scores []score) []referral.Scoped {
	results := make([]referral.Scoped, len(scores))
	for i, s := range scores {
		results[i] = referral.Scoped{Scope: s.scope, Result: referral.ExactResult(s.value)}
		if finite(s.value) == nil {
			results[i].Result = referral.UndefinedResult(reasonHere)
		}
	}
	return results
}

// combine makes results of the values at both ends of what is known. Between
// the ends a measure that is not monotone may take other values, also if it is
// the same at both.
func combine(low, high []score, monotone bool) []referral.Scoped {
	ends := map[string]float64{}
	for _, s := range low {
		ends[s.scope] = s.value
	}
	results := make([]referral.Scoped, 0, len(high))
	for _, s := range high { // every edge of the lower graph is one of the upper
		x, ok := ends[s.scope]
		r := referral.Scoped{Scope: s.scope}
		switch {
		case !ok:
			r.Result = referral.UndefinedResult(referral.ReasonUnknownCells)
		case finite(s.value) == nil || finite(x) == nil:
			r.Result = referral.UndefinedResult(reasonHere)
		case monotone:
			r.Result = referral.BoundedResult(min(x, s.value), max(x, s.value), referral.ReasonUnknownCells)
		default:
			r.Result = referral.Result{
				Value: math.NaN(), Lo: min(x, s.value), Hi: max(x, s.value), Status: referral.Envelope, Reason: referral.ReasonUnknownCells,
			}
		}
		results = append(results, r)
	}
	return results
}

// undefined gives one row for each thing that the measure would be about.
func (s subject) undefined(m measure, unit, reason string) []row {
	result := referral.UndefinedResult(reason)
	var list []referral.Scoped
	switch m.level {
	case ofNode:
		for _, key := range s.low.Keys() {
			list = append(list, referral.Scoped{Scope: key, Result: result})
		}
	case ofEdge:
		for e := range s.low.Edges() {
			if e.From != e.To {
				list = append(list, referral.Scoped{Scope: edgeScope(s.low, e), Result: result})
			}
		}
	default:
		list = []referral.Scoped{{Result: result}}
	}
	return s.rows(m, unit, list)
}

// rows adds the measure, its unit and the count behind each value.
func (s subject) rows(m measure, unit string, list []referral.Scoped) []row {
	out := make([]row, len(list))
	known := s.table != nil && s.low == s.high && !s.binary
	for i, r := range list {
		if known && r.N == 0 {
			r.N = s.behind(m.level, r.Scope)
		}
		out[i] = row{m.name, r, unit}
	}
	return out
}

// behind returns the count that a value rests on: all, or what the node sends
// and receives.
func (s subject) behind(l level, scope string) int {
	switch l {
	case ofGraph:
		return int(s.low.Total())
	case ofNode:
		i, ok := s.low.Index(scope)
		if !ok {
			return 0
		}
		n := -s.low.Loop(i)
		for _, w := range s.low.Out(i) {
			n += w
		}
		for _, w := range s.low.In(i) {
			n += w
		}
		return int(n)
	case ofEdge:
	}
	return 0
}

var rowColumns = []string{"measure", "scope", "value", "lower", "upper", "status", "reason", "n", "unit"}

// jsonRow is a row as JSON has it; what is not known is null.
type jsonRow struct {
	Measure string   `json:"measure"`
	Scope   string   `json:"scope"`
	Value   *float64 `json:"value"`
	Lower   *float64 `json:"lower"`
	Upper   *float64 `json:"upper"`
	Status  string   `json:"status"`
	Reason  string   `json:"reason"`
	N       *int     `json:"n"`
	Unit    string   `json:"unit"`
}

func jsonRows(rows []row) []jsonRow {
	list := make([]jsonRow, len(rows))
	for i, r := range rows {
		list[i] = jsonRow{r.measure, r.Scope, finite(r.Value), finite(r.Lo), finite(r.Hi), r.Status.String(), r.Reason, nil, r.unit}
		if r.N > 0 {
			list[i].N = &r.N
		}
	}
	return list
}

func writeRows(w io.Writer, rows []row, format string) error {
	switch format {
	case "json":
		return writeJSON(w, jsonRows(rows))
	case "csv":
		c := csv.NewWriter(w)
		if err := c.Write(rowColumns); err != nil {
			return err
		}
		for _, r := range rows {
			if err := c.Write(r.texts(-1)); err != nil {
				return err
			}
		}
		c.Flush()
		return c.Error()
	}
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(plainStyle())
	header := make(table.Row, len(rowColumns))
	for i, name := range rowColumns {
		header[i] = name
	}
	t.AppendHeader(header)
	var right []table.ColumnConfig
	for _, name := range []string{"value", "lower", "upper", "n"} {
		right = append(right, table.ColumnConfig{Name: name, Align: text.AlignRight})
	}
	t.SetColumnConfigs(right)
	for _, r := range rows {
		line := make(table.Row, len(rowColumns))
		for i, cell := range r.texts(6) {
			line[i] = cell
		}
		t.AppendRow(line)
	}
	t.Render()
	return nil
}

func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// texts returns the fields of a row, with so many digits or as many as there are.
func (r row) texts(digits int) []string {
	number := func(x float64) string {
		if finite(x) == nil {
			return ""
		}
		if x == math.Trunc(x) && math.Abs(x) < 1e15 {
			return strconv.FormatFloat(x, 'f', 0, 64)
		}
		return strconv.FormatFloat(x, 'g', digits, 64)
	}
	n := ""
	if r.N > 0 {
		n = strconv.Itoa(r.N)
	}
	return []string{r.measure, r.Scope, number(r.Value), number(r.Lo), number(r.Hi), r.Status.String(), r.Reason, n, r.unit}
}

// listMeasures prints the registry.
func listMeasures(w io.Writer, list []measure, format string) error {
	columns := []string{"measure", "group", "of", "unit"}
	switch format {
	case "json":
		type entry struct {
			Measure string `json:"measure"`
			Group   string `json:"group"`
			Of      string `json:"of"`
			Unit    string `json:"unit"`
		}
		entries := make([]entry, len(list))
		for i, m := range list {
			entries[i] = entry{m.name, m.group, levelNames[m.level], m.unit}
		}
		return writeJSON(w, entries)
	case "csv":
		rows := [][]string{columns}
		for _, m := range list {
			rows = append(rows, []string{m.name, m.group, levelNames[m.level], m.unit})
		}
		return csv.NewWriter(w).WriteAll(rows)
	}
	t := table.NewWriter()
	t.SetOutputMirror(w)
	t.SetStyle(plainStyle())
	t.AppendHeader(table.Row{"measure", "group", "of", "unit"})
	for _, m := range list {
		t.AppendRow(table.Row{m.name, m.group, levelNames[m.level], m.unit})
	}
	t.Render()
	return nil
}
