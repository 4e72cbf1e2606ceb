// SPDX-License-Identifier: Apache-2.0

//go:build ignore

package main

import (
	"fmt"
	"slices"
	"strings"
)

// flowFigures are the figures whose destination lists stand in the report's
// text, in the order in which the lists occur there.
var flowFigures = []struct{ figure, dataset string }{
	{"5.2", "iknl-2023-fig-5.2-penile-cancer"},
	{"5.3", "iknl-2023-fig-5.3-eye-melanoma"},
	{"5.4", "iknl-2023-fig-5.4-mesothelioma"},
	{"5.6", "iknl-2023-fig-5.6-head-and-neck"},
}

func reportJobs() []job {
	var jobs []job
	for i, f := range flowFigures {
		jobs = append(jobs, job{f.dataset, func(r *raw) (map[string]table, error) { return flows(r, f.figure, i) }})
	}
	return append(jobs,
		job{"iknl-2023-fig-2.1-head-and-neck-centers", centers},
		job{"iknl-2023-fig-3.3-referral-classes", classes})
}

// flows makes the presence table of one figure and checks it against the
// list in the report's text, label by label.
func flows(r *raw, figure string, block int) (map[string]table, error) {
	rows, err := r.csv("referrals_report.csv")
	if err != nil {
		return nil, err
	}
	text, err := r.bytes("report.txt")
	if err != nil {
		return nil, err
	}
	t := table{header: []string{"origin", "destination", "origin_as_printed", "destination_as_printed", "note"}}
	var printed []string
	origin := ""
	for _, row := range rows {
		if row["figure"] != figure {
			continue
		}
		if row["origin_raw"] != origin {
			origin = row["origin_raw"]
			printed = append(printed, origin)
		}
		printed = append(printed, row["destination_raw"])
		from, to := label(row["origin_raw"]), label(row["destination_raw"])
		t.rows = append(t.rows, []string{from, to, row["origin_raw"], row["destination_raw"], flowNote(figure, row["destination_raw"])})
	}
	if got, want := strings.Join(printed, " "), list(string(text), block); got != want {
		return nil, fmt.Errorf("figure %s differs from the report's list:\n got %s\nwant %s", figure, got, want)
	}
	return map[string]table{"flows.csv": t}, nil
}

// list returns the labels of the n-th destination list of the report, in
// order, with single spaces.
func list(text string, n int) string {
	_, rest, _ := strings.Cut(text, "Verwezen naar:")
	for ; n > 0; n-- {
		_, rest, _ = strings.Cut(rest, "Verwezen naar:")
	}
	end := len(rest)
	for _, stop := range []string{"Figuur 5.", "0% 20%"} {
		if i := strings.Index(rest, stop); i >= 0 {
			end = min(end, i)
		}
	}
	return plain(rest[:end])
}

// plain joins the lines of a text with single spaces.
func plain(s string) string { return strings.Join(strings.Fields(s), " ") }

// label gives the name that a printed label stands for, where that is certain.
func label(printed string) string {
	if printed == "OnzoZON" {
		return "OncoZON"
	}
	return printed
}

// flowNote says what is odd about a printed pair beside its spelling.
func flowNote(figure, to string) string {
	switch {
	case to == "NW NL", to == "Oost NL":
		return "label of this figure, not defined; kept as a class of its own"
	case to == "EMBRAZE" && figure == "5.4":
		return "EMBRAZE alone, while every other list merges it with CONCORD as a destination"
	}
	return ""
}

// centers makes figure 2.1: the centers and their preferred partners.
func centers(r *raw) (map[string]table, error) {
	rows, err := r.csv("designations.csv")
	if err != nil {
		return nil, err
	}
	text, err := r.bytes("report.txt")
	if err != nil {
		return nil, err
	}
	names, partners := map[string]string{}, map[string]string{}
	var order []string
	for _, row := range rows {
		if row["topic"] != "head_and_neck" {
			continue
		}
		names[row["hospital_id"]] = row["name_in_source"]
		if row["role"] == "preferred partner" {
			partners[row["preferred_partner_of"]] = row["hospital_id"]
		} else {
			order = append(order, row["hospital_id"])
		}
	}
	t := table{header: []string{"center", "preferred_partner", "center_as_printed", "preferred_partner_as_printed", "source", "confidence", "note"}}
	printed := []string{"oncologisch centrum (OC) preferred partner (pp)"}
	for _, c := range order {
		p := partners[c]
		asPrinted, note := names[p], ""
		if p == "" {
			asPrinted, note = "-", "no preferred partner printed"
		}
		printed = append(printed, names[c]+" "+asPrinted)
		t.rows = append(t.rows, []string{c, p, names[c], asPrinted, citeReport + ", figure 2.1", "high", note})
	}
	if want := strings.Join(printed, " "); !strings.Contains(plain(string(text)), want) {
		return nil, fmt.Errorf("figure 2.1 is not in the report's text as %q", want)
	}
	return map[string]table{"centers.csv": t}, nil
}

// classes makes figure 3.3 and checks the shares and legend labels.
func classes(r *raw) (map[string]table, error) {
	rows, err := r.csv("pathways.csv")
	if err != nil {
		return nil, err
	}
	text, err := r.bytes("report.txt")
	if err != nil {
		return nil, err
	}
	names := map[string]struct{ class, name, legend, sentence string }{
		"diagnosis_and_surgery_specialised": {"expert_throughout", "diagnosis and surgery in a specialized hospital",
			"diagnose/behandeling in gespecialiseerd ziekenhuis", "39% van patiënten"},
		"referred_after_diagnosis_elsewhere": {"referred_after_diagnosis_elsewhere", "referred for surgery after diagnosis elsewhere",
			"verwijzing voor chirurgie na diagnose elders", "53% van de patiënten"},
		"referred_after_surgery_elsewhere": {"referred_after_prior_surgery_elsewhere", "referred after earlier surgery elsewhere",
			"verwijzing na eerdere chirurgie elders", "Slechts 2% wordt"},
		"definitive_surgery_elsewhere": {"definitive_surgery_elsewhere", "definitive surgery elsewhere",
			"definitieve chirurgie elders", "bij 6% van de patiënten"},
	}
	body := plain(string(text))
	t := table{header: []string{"class", "name", "as_printed", "percent", "source", "confidence", "note"}, keep: true}
	for _, row := range rows {
		n, ok := names[row["category_id"]]
		if !ok {
			return nil, fmt.Errorf("unknown class %q", row["category_id"])
		}
		for _, s := range []string{n.legend, n.sentence} {
			if !strings.Contains(body, s) {
				return nil, fmt.Errorf("figure 3.3: %q is not in the report's text", s)
			}
		}
		if !strings.Contains(n.sentence, row["percent"]+"%") {
			return nil, fmt.Errorf("figure 3.3: %s is %s%%, the report says %q", n.class, row["percent"], n.sentence)
		}
		t.rows = append(t.rows, []string{n.class, n.name, n.legend, row["percent"], citeReport + ", figure 3.3 and paragraph 3.1.1", "high", "share of new patients with head and neck cancer who had surgery, 2016-2021"})
	}
	slices.SortFunc(t.rows, slices.Compare)
	return map[string]table{"classes.csv": t}, nil
}
