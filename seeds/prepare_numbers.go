// SPDX-License-Identifier: Apache-2.0

//go:build ignore

package main

import (
	"fmt"
	"regexp"
	"strings"
)

func numbersJob() job {
	return job{"nl-published-numbers", func(r *raw) (map[string]table, error) {
		t, err := numbers(r)
		return map[string]table{"numbers.csv": t}, err
	}}
}

var (
	number   = regexp.MustCompile(`^[0-9]+(\.[0-9]+)?$`)
	between  = regexp.MustCompile(`^([0-9]+)-([0-9]+)$`)
	interval = regexp.MustCompile(`^(.*) \(95% CI ([0-9]+)-([0-9]+)\)$`)
	remark   = regexp.MustCompile(`^(.*?) (?:\((.*)\)|(of ~.*))$`)
)

// inReport says where the report has a number, and in which words.
var inReport = map[string]struct{ place, words, note string }{
	"39":    {"figure 3.3 and paragraph 3.1.1", "39% van patiënten", ""},
	"14":    {"paragraph 3.1.1", "14% van de diagnoses", ""},
	"20000": {"paragraph 1.2", "zeker 20.000 mensen", "the report says at least"},
}

// smallRegions are places so small that their count of a rare tumor is below
// five; those numbers are left out.
var smallRegions = map[string]bool{"Achterhoek": true}

// numbers makes the table of published numbers. A number that is printed as a
// range or with an interval fills lower and upper; words stay as printed.
func numbers(r *raw) (table, error) {
	t := table{header: []string{"tumor", "measure", "value", "lower", "upper", "unit", "period", "scope", "as_printed",
		"source", "published", "place", "confidence", "note"}}
	rows, err := r.csv("numbers.csv")
	if err != nil {
		return t, err
	}
	text, err := r.bytes("report.txt")
	if err != nil {
		return t, err
	}
	for _, row := range rows {
		if smallRegions[row["place_or_hospital"]] {
			continue
		}
		printed, unit, note := row["value"], row["unit"], spelling.Replace(strings.TrimPrefix(row["note"], "figure 3.3"))
		value, lower, upper := "", "", ""
		if number.MatchString(printed) {
			value = printed
		} else if m := between.FindStringSubmatch(printed); m != nil {
			lower, upper = m[1], m[2]
		}
		if m := interval.FindStringSubmatch(unit); m != nil {
			printed, unit, lower, upper = printed+" (95% CI "+m[2]+"-"+m[3]+")", m[1], m[2], m[3]
			note = join("lower and upper: 95% confidence interval", note)
		} else if m := remark.FindStringSubmatch(unit); m != nil {
			unit = m[1]
			note = join(strings.NewReplacer("approx.", "approximate", "HHOC", "centers", "of ~", "of about ").Replace(m[2]+m[3]), note)
		}
		place := row["page_or_figure"]
		if strings.HasPrefix(row["source"], "IKNL 2023 (") {
			in, ok := inReport[row["value"]]
			if !ok || !strings.Contains(unbroken(string(text)), in.words) {
				return t, fmt.Errorf("%s %s is not in the report's text", row["tumour"], row["value"])
			}
			place, note = in.place, join(in.note, note)
		}
		t.rows = append(t.rows, []string{row["tumour"], spelling.Replace(row["measure"]), value, lower, upper, unit, row["period"],
			row["place_or_hospital"], printed, cite(row["source"]), row["date"], place, row["confidence"], note})
	}
	return t, nil
}

// unbroken joins the lines of a text, and words broken at the end of a line.
func unbroken(s string) string { return strings.ReplaceAll(plain(s), "- ", "") }
