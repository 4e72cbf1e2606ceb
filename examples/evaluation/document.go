// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/csv"
	"fmt"
	"html"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/inference"
)

// document is a text in Markdown and the numbers that stand in it.
type document struct {
	lang    chart.Language
	text    strings.Builder
	numbers []number
}

// number is one line of numbers.csv.
type number struct {
	tumor, activity, measure, scope, unit string
	basis                                 basis
	referral.Result
	inference.Interval
}

// basis says what a number is made of.
type basis string

const (
	madeUp    basis = "synthetic" // patients who do not exist
	counted   basis = "extract"   // the extract that was read
	published basis = "published" // what somebody published
)

// pick returns the text of the language.
func (d *document) pick(en, nl string) string {
	if d.lang == chart.Dutch {
		return nl
	}
	return en
}

// unit writes what a norm counts, such as "patients / year / hospital".
func (d *document) unit(unit string) string {
	parts := strings.Split(unit, "/")
	if d.lang == chart.Dutch {
		for i, part := range parts {
			parts[i] = strings.NewReplacer(" patients", "-patiënten", "patients", "patiënten", "operations", "operaties", "treatments", "behandelingen",
				"year", "jaar", "hospital", "ziekenhuis", "location", "locatie").Replace(part)
		}
	}
	return strings.Join(parts, " / ")
}

// quote marks a text that is in English in the sources.
func (d *document) quote(s string) string { return d.pick(s, "“"+s+"”") }

func (d *document) line(s string) { d.text.WriteString(s + "\n") }

func (d *document) heading(level int, en, nl string, a ...any) {
	d.line("\n" + strings.Repeat("#", level) + " " + fmt.Sprintf(d.pick(en, nl), a...) + "\n")
}

// say writes a paragraph.
func (d *document) say(en, nl string, a ...any) {
	d.line(fmt.Sprintf(d.pick(en, nl), a...) + "\n")
}

// item writes a line of a list; gap ends the list.
func (d *document) item(en, nl string, a ...any) {
	d.line("- " + fmt.Sprintf(d.pick(en, nl), a...))
}

func (d *document) gap() { d.line("") }

// table writes rows under a head.
func (d *document) table(head []string, rows [][]string) {
	rule := make([]string, len(head))
	for i := range rule {
		rule[i] = "---"
	}
	for _, row := range append([][]string{head, rule}, rows...) {
		d.line("| " + strings.Join(row, " | ") + " |")
	}
	d.gap()
}

// plain makes a text from the data harmless in Markdown.
func plain(s string) string {
	return strings.NewReplacer("|", "/", "\n", " ", "`", "'", "*", "\\*", "_", "\\_", "[", "\\[").Replace(html.EscapeString(s))
}

// figure writes a number with some decimals.
func (d *document) figure(v float64, decimals int) string {
	if math.IsInf(v, 0) {
		return d.pick("any number", "elk aantal")
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	if d.lang == chart.Dutch {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// span writes two ends, or one number if they look alike.
func (d *document) span(lo, hi float64, decimals int, unit string) string {
	a, b := d.figure(lo, decimals), d.figure(hi, decimals)
	if a == b {
		return a + unit
	}
	return a + d.pick(" to ", " tot ") + b + unit
}

// result writes a result, scaled, with the interval if there is one.
func (d *document) result(r referral.Result, i inference.Interval, scale float64, decimals int, unit string) string {
	switch r.Status {
	case referral.OK, referral.Bounded, referral.Envelope, referral.Suppressed:
		if math.IsNaN(r.Lo) {
			return d.pick("hidden", "verborgen")
		}
	default:
		return d.pick("not known", "niet bekend") + " (" + d.why(r.Reason) + ")"
	}
	s := d.span(scale*r.Lo, scale*r.Hi, decimals, unit)
	if unit == "%" && (r.Hi > 0 && s == "0%" || r.Lo < 1 && s == "100%") {
		s = map[bool]string{true: "<1%", false: ">99%"}[s == "0%"]
	}
	if i.Level == 0 || math.IsNaN(i.Lo) {
		return s
	}
	ends := d.span(scale*i.Lo, scale*i.Hi, decimals, "")
	if !strings.Contains(ends, " ") {
		ends = d.span(scale*i.Lo, scale*i.Hi, decimals+1, "")
	}
	return s + " (" + ends + ")"
}

// chance writes a p-value.
func (d *document) chance(r referral.Result) string {
	switch {
	case r.Status == referral.OK && r.Value < 0.001:
		return "p < " + d.figure(0.001, 3)
	case r.Status == referral.OK, r.Status == referral.Bounded, r.Status == referral.Envelope:
		return "p = " + d.span(r.Lo, r.Hi, 3, "")
	}
	return d.result(r, noInterval, 1, 3, "")
}

// why puts the reason of a result in words.
func (d *document) why(reason string) string {
	switch reason {
	case referral.ReasonZeroRow:
		return d.pick("no patients", "geen patiënten")
	case referral.ReasonZeroColumn:
		return d.pick("nobody was treated there", "niemand werd daar behandeld")
	case referral.ReasonZeroDenominator:
		return d.pick("nobody to divide by", "niemand om door te delen")
	case referral.ReasonUnknownCells:
		return d.pick("the sizes of the flows are not known", "de omvang van de stromen is niet bekend")
	case referral.ReasonUnlisted:
		return d.pick("flows that are not listed may exist", "stromen die niet genoemd zijn kunnen bestaan")
	case referral.ReasonNoRow:
		return d.pick("no row in the source", "geen rij in de bron")
	case referral.ReasonNoDistance:
		return d.pick("a distance is not known", "een afstand is niet bekend")
	}
	return strings.ReplaceAll(reason, "_", " ")
}

// chapter is a part of the document about one tumor and one activity.
type chapter struct {
	*document
	*subject
	activity string
}

func (c chapter) record(measure, scope, unit string, r referral.Result, i inference.Interval) {
	c.numbers = append(c.numbers, number{c.key, c.activity, measure, scope, unit, c.basis, r, i})
}

// table is that of the document, with a mark on numbers of patients who do not
// exist.
func (c chapter) table(head []string, rows [][]string) {
	if c.basis == madeUp {
		head = append([]string{c.pick("made up: ", "verzonnen: ") + head[0]}, head[1:]...)
	}
	c.document.table(head, rows)
}

// percent records a share and writes it in percent.
func (c chapter) percent(measure, scope string, e inference.Estimate) string {
	c.record(measure, scope, "share", e.Result, e.Interval)
	return c.result(e.Result, e.Interval, 100, 0, "%")
}

// share records a share of which only a result is known and writes it.
func (c chapter) share(measure, scope string, r referral.Result) string {
	return c.percent(measure, scope, inference.Estimate{Result: r})
}

// amount records a number and writes it.
func (c chapter) amount(measure, scope, unit string, r referral.Result, decimals int) string {
	return c.ranged(measure, scope, unit, r, inference.Interval{}, decimals)
}

// ranged is amount with an interval.
func (c chapter) ranged(measure, scope, unit string, r referral.Result, i inference.Interval, decimals int) string {
	c.record(measure, scope, unit, r, i)
	return c.result(r, i, 1, decimals, "")
}

// writeNumbers writes all numbers, one a line.
func (d *document) writeNumbers(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{{
		"tumor", "activity", "measure", "scope", "value", "lower", "upper", "interval_lower", "interval_upper",
		"status", "reason", "n", "unit", "basis", "synthetic",
	}}
	for _, x := range d.numbers {
		synthetic := "no"
		if x.basis == madeUp {
			synthetic = "yes"
		}
		interval := [2]string{}
		if x.Level > 0 {
			interval = [2]string{field(x.Interval.Lo), field(x.Interval.Hi)}
		}
		n := ""
		if x.N > 0 {
			n = strconv.Itoa(x.N)
		}
		rows = append(rows, []string{
			guard(x.tumor), x.activity, x.measure, guard(x.scope), field(x.Value), field(x.Result.Lo), field(x.Result.Hi), interval[0], interval[1],
			x.Status.String(), x.Reason, n, x.unit, string(x.basis), synthetic,
		})
	}
	return out.WriteAll(rows)
}

func field(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', 10, 64)
}

// guard keeps a spreadsheet from taking a text for a formula.
func guard(s string) string {
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

var noInterval inference.Interval
