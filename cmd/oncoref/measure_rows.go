// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/inference"
)

// Reasons beside those of package referral.
const (
	reasonPresence  = "presence_only" // the measure needs weights, which are not known
	reasonConverged = "not_converged"
	reasonCounts    = "not_counts"   // the measure is one of whole numbers
	reasonTiny      = "tiny_weights" // weights too small to divide by
	reasonHere      = "not_defined"  // the measure has no value for this graph or node
	// Values that are known, of weights that are not.
	reasonUnit  = "unit_weights" // every flow there is counts as 1
	reasonLower = "lower_bounds" // what is not known is as small as it can be
	reasonUpper = "upper_bounds" // or as large
)

// assumedBy says what a policy takes weights for that are not known.
var assumedBy = map[referral.Policy]string{referral.Lower: reasonLower, referral.Upper: reasonUpper}

// row is one line of the result.
type row struct {
	measure string
	referral.Scoped
	unit     string
	interval *inference.Interval // nil if none is asked for, or possible
}

func (s subject) unitOf(m measure) string {
	if m.unit == unitWeight {
		return s.unit
	}
	return m.unit
}

// measureAll computes measures of the subject, in their order.
func (s subject) measureAll(ctx context.Context, list []measure, c choices, step func()) ([]row, error) {
	known := make([][]row, len(list))
	var open []measure
	for i, m := range list {
		r, ok, err := s.measure(ctx, m, c)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		if known[i] = r; !ok {
			open = append(open, m)
		}
	}
	rest, err := s.bounds(ctx, open, c, step)
	if err != nil {
		return nil, err
	}
	var rows []row
	for i, m := range list {
		if more, ok := rest[m.name]; ok {
			known[i] = more
		}
		rows = append(rows, known[i]...)
	}
	return rows, nil
}

// measure computes one measure; it is not ok if that takes the completions of
// the table.
func (s subject) measure(ctx context.Context, m measure, c choices) ([]row, bool, error) {
	unit := s.unitOf(m)
	done := func(list []entry, err error) ([]row, bool, error) { return s.rows(m, unit, list), true, err }
	switch {
	case m.ofTable != nil && s.table != nil && (m.compute == nil || !s.fixed):
		return done(m.ofTable(ctx, s.flows))
	case s.binary && m.weights:
		return done(s.undefined(m, reasonPresence), nil)
	case s.sets:
		return done(s.undefined(m, referral.ReasonSetValued), nil)
	case s.exact || m.topology && s.sameEdges:
		low, reason, err := attempt(ctx, m, s.low, c)
		if err != nil || reason != "" {
			return done(s.undefined(m, reason), err)
		}
		return done(s.known(m, low), nil)
	case m.unit == unitLabel:
		return done(s.undefined(m, referral.ReasonUnknownCells), nil)
	case m.ofUnknown != nil:
		return done(m.ofUnknown(ctx, s.flows))
	case m.monotone && s.high != nil:
		low, reason, err := attempt(ctx, m, s.low, c)
		if err != nil || reason != "" {
			return done(s.undefined(m, reason), err)
		}
		high, reason, err := attempt(ctx, m, s.high, c)
		if err != nil || reason != "" {
			return done(s.undefined(m, reason), err)
		}
		return done(combine(low, high), nil)
	}
	return nil, false, nil
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
	case errors.Is(err, centrality.ErrLength), errors.Is(err, graph.ErrWeight):
		return nil, reasonTiny, nil
	}
	return scores, "", err
}

// known makes results of values that are known, and says what weights were taken
// for that are not.
func (s subject) known(m measure, scores []score) []entry {
	list := exact(scores)
	for i, r := range list {
		if sure := m.topology && (s.binary || s.sameEdges); r.Status == referral.OK && !sure {
			list[i].Reason = s.assumed
		}
	}
	return list
}

// exact makes results of values that are known.
func exact(scores []score) []entry {
	results := make([]entry, len(scores))
	for i, s := range scores {
		results[i].Scoped = referral.Scoped{Scope: s.scope, Result: referral.ExactResult(s.value)}
		if finite(s.value) == nil {
			results[i].Result = referral.UndefinedResult(reasonHere)
		}
	}
	return results
}

// combine makes results of the values at both ends of what is known, for a
// measure that is monotone in between.
func combine(low, high []score) []entry {
	ends := map[string]float64{}
	for _, s := range low {
		ends[s.scope] = s.value
	}
	results := make([]entry, 0, len(high))
	for _, s := range high { // every edge of the lower graph is one of the upper
		x, ok := ends[s.scope]
		r := referral.Scoped{Scope: s.scope}
		switch {
		case !ok:
			r.Result = referral.UndefinedResult(referral.ReasonUnknownCells)
		case finite(s.value) == nil || finite(x) == nil:
			r.Result = referral.UndefinedResult(reasonHere)
		default:
			r.Result = referral.BoundedResult(min(x, s.value), max(x, s.value), referral.ReasonUnknownCells)
		}
		results = append(results, entry{Scoped: r})
	}
	return results
}

// undefined gives one entry for each thing that the measure would be about.
func (s subject) undefined(m measure, reason string) []entry {
	result := referral.UndefinedResult(reason)
	var list []entry
	put := func(scope string) { list = append(list, entry{Scoped: referral.Scoped{Scope: scope, Result: result}}) }
	switch m.level {
	case ofNode:
		for _, key := range s.low.Keys() {
			put(key)
		}
	case ofEdge:
		for e := range s.low.Edges() {
			if e.From != e.To {
				put(edgeScope(s.low, e))
			}
		}
	default:
		put("")
	}
	return list
}

// rows adds the measure, its unit, the count behind each value and the
// interval around it.
func (s subject) rows(m measure, unit string, list []entry) []row {
	out := make([]row, len(list))
	known := m.compute != nil && s.table != nil && s.exact && s.assumed == ""
	for i, r := range list {
		if known && r.N == 0 {
			r.N = s.behind(m.level, r.Scope)
		}
		out[i] = row{measure: m.name, Scoped: r.Scoped, unit: unit, interval: s.around.interval(m, r)}
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

// intervalColumns follow where intervals are asked for: lower and upper are
// what is known of the value itself.
var intervalColumns = []string{"interval_lower", "interval_upper", "interval"}

// syntheticColumn follows where values are of made-up data.
const syntheticColumn = "synthetic"

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

	IntervalLower *float64 `json:"interval_lower,omitempty"`
	IntervalUpper *float64 `json:"interval_upper,omitempty"`
	Interval      string   `json:"interval,omitempty"`
	Synthetic     bool     `json:"synthetic,omitempty"`
}

func (r row) record() jsonRow {
	x := jsonRow{
		Measure: r.measure, Scope: r.Scope, Value: finite(r.Value), Lower: finite(r.Lo), Upper: finite(r.Hi), Status: r.Status.String(),
		Reason: r.Reason, Unit: r.unit,
	}
	if r.N > 0 {
		x.N = &r.N
	}
	if r.interval != nil {
		x.IntervalLower, x.IntervalUpper, x.Interval = finite(r.interval.Lo), finite(r.interval.Hi), r.interval.Label()
	}
	return x
}

func jsonRows(rows []row, synthetic bool) []jsonRow {
	list := make([]jsonRow, len(rows))
	for i, r := range rows {
		list[i] = r.record()
		list[i].Synthetic = synthetic
	}
	return list
}

// rowStyle says how rows are written.
type rowStyle struct {
	format    string
	intervals bool // with columns for intervals
	synthetic bool // the data are made up, and the rows say so
	lang      chart.Language
}

// writeRows writes rows.
func writeRows(w io.Writer, rows []row, style rowStyle) error {
	columns := rowColumns
	if style.intervals {
		columns = slices.Concat(rowColumns, intervalColumns)
	}
	switch style.format {
	case "json":
		return writeJSON(w, jsonRows(rows, style.synthetic))
	case "csv":
		c := csv.NewWriter(w)
		header := slices.Clone(columns)
		if style.synthetic {
			header = append(header, syntheticColumn)
		}
		if err := c.Write(header); err != nil {
			return err
		}
		for _, r := range rows {
			line := r.texts(-1)[:len(columns)]
			if style.synthetic {
				line = append(line, "yes")
			}
			if err := c.Write(line); err != nil {
				return err
			}
		}
		c.Flush()
		return c.Error()
	}
	if style.synthetic {
		text := "SYNTHETIC DATA: made up, not about patients"
		if style.lang == chart.Dutch {
			text = "SYNTHETISCHE GEGEVENS: verzonnen, niet over patiënten"
		}
		if _, err := fmt.Fprintln(w, text); err != nil {
			return err
		}
	}
	if style.intervals {
		columns = columns[:len(columns)-1] // what they are stands below
	}
	label := ""
	lines := make([][]string, len(rows))
	for i, r := range rows {
		lines[i] = r.texts(6)[:len(columns)]
		if r.interval != nil {
			label = r.interval.Label()
			if style.lang == chart.Dutch {
				label = r.interval.LabelNL()
			}
		}
	}
	right := inWords(style.lang, []string{"value", "lower", "upper", "n", "interval_lower", "interval_upper"}, nil)
	columns = inWords(style.lang, columns, lines)
	if err := printRows(w, columns, lines, right...); err != nil || label == "" {
		return err
	}
	text := "\ninterval_lower, interval_upper: %s; lower, upper: what the table tells of the value itself\n"
	if style.lang == chart.Dutch {
		text = "\ninterval_van, interval_tot: %s; ondergrens, bovengrens: wat de tabel over de waarde zelf zegt\n"
	}
	_, err := fmt.Fprintf(w, text, label)
	return err
}

// printRows prints lines for reading; the columns named right are aligned so.
func printRows(w io.Writer, columns []string, lines [][]string, right ...string) error {
	_, err := fmt.Fprintln(w, tableText(columns, lines, right, colored(w)))
	return err
}

func tableText(columns []string, lines [][]string, right []string, colors bool) string {
	t := table.NewWriter()
	t.SetStyle(plainStyle())
	header := make(table.Row, len(columns))
	for i, name := range columns {
		if header[i] = name; colors {
			header[i] = paint(bold, name)
		}
	}
	t.AppendHeader(header)
	configs := make([]table.ColumnConfig, len(right))
	for i, name := range right {
		configs[i] = table.ColumnConfig{Number: slices.Index(columns, name) + 1, Align: text.AlignRight}
	}
	t.SetColumnConfigs(configs)
	for _, line := range lines {
		cells := make(table.Row, len(line))
		for i, cell := range line {
			cell = visible(cell)
			if cells[i] = cell; colors {
				cells[i] = paint(colorOf(cell), cell)
			}
		}
		t.AppendRow(cells)
	}
	return t.Render()
}

// visible is s with what a terminal would take for a command, and what would
// break a row, replaced.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// decimal writes a number with so many digits, or as many as there are for -1.
func decimal(x float64, digits int) string {
	if finite(x) == nil {
		return ""
	}
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', digits, 64)
}

// texts returns the fields of a row, those of the interval last.
func (r row) texts(digits int) []string {
	n, lo, hi, label := "", "", "", ""
	if r.N > 0 {
		n = strconv.Itoa(r.N)
	}
	if r.interval != nil {
		lo, hi, label = decimal(r.interval.Lo, digits), decimal(r.interval.Hi, digits), r.interval.Label()
	}
	return []string{
		r.measure, guarded(r.Scope), decimal(r.Value, digits), decimal(r.Lo, digits), decimal(r.Hi, digits), r.Status.String(), r.Reason, n, r.unit,
		lo, hi, label,
	}
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
	lines := make([][]string, len(list))
	for i, m := range list {
		lines[i] = []string{m.name, m.group, levelNames[m.level], m.unit}
	}
	return printRows(w, columns, lines)
}
