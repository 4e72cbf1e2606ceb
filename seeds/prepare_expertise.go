// SPDX-License-Identifier: Apache-2.0

//go:build ignore

package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// mergers are the rows of the raw file that say how hospitals ended, by the
// text of the entity, as rows of predecessor, successor, date, kind and note.
// A date of which only the year or month is published stands for its first
// day, and the note says so.
var mergers = map[string][][]string{
	"AMC + VUmc": {
		{"AMC", "AUMC", "2018-06-07", "merger", "administrative merger; legal merger 2024-01-01"},
		{"VUMC", "AUMC", "2018-06-07", "merger", "administrative merger; legal merger 2024-01-01"},
	},
	"Westfriesgasthuis + Waterlandziekenhuis": {
		{"WATERLAND", "DIJKLANDER", "2017-04-01", "merger", "name Dijklander from January 2019; another source has the approval in September 2018"},
		{"WESTFRIES", "DIJKLANDER", "2017-04-01", "merger", "name Dijklander from January 2019; another source has the approval in September 2018"},
	},
	"MC Slotervaart": {
		{"SLOTERVAART", "", "2018-10-25", "closure", "bankrupt; patients to other hospitals"},
	},
	"MC IJsselmeerziekenhuizen (Lelystad, Dronten)": {
		{"MCIJ", "STJANSDAL", "2018-10-25", "closure", "date of the bankruptcy; St Jansdal took over Lelystad"},
	},
	"Santiz (Slingeland + SKB)": {
		{"SANTIZ", "SKB", "2021-01-01", "split", "separate again in the situation of 2021"},
		{"SANTIZ", "SLINGELAND", "2021-01-01", "split", "separate again in the situation of 2021"},
		{"SKB", "SANTIZ", "2017-01-01", "merger", "administrative merger"},
		{"SLINGELAND", "SANTIZ", "2017-01-01", "merger", "administrative merger"},
	},
	"Reinier Haga Groep": {
		{"LANGELAND", "HAGA", "2023-03-01", "merger", "legal merger, under the name HagaZiekenhuis from 2023-01-01; in 2021 separate hospitals of the Reinier Haga Groep, which Reinier de Graaf left in November 2022"},
	},
	"Zorgpartners Friesland": {
		{"MCL", "FRISIUS", "2025-01-01", "merger", "legal merger; one concern before, two hospitals"},
		{"TJONGERSCHANS", "FRISIUS", "2025-01-01", "merger", "legal merger; one concern before, two hospitals"},
	},
	"Havenziekenhuis": {
		{"HAVEN", "ERASMUSMC", "2017-09-01", "closure", "became a polyclinic; September 2017, no day published"},
	},
	// Not a succession of hospitals, or without a date:
	"Ommelander Ziekenhuis":                     nil, // moved between two lists of 2016 and 2019
	"St. Antonius + Zuwe Hofpoort":              nil, // merged before December 2016
	"MC Groep hospitals (Zuiderzee, Emmeloord)": nil, // the same as MC IJsselmeerziekenhuizen
}

func successions(r *raw) (table, error) {
	t := table{header: slices.Concat([]string{"predecessor", "successor", "date", "kind"}, origin)}
	rows, err := r.csv("mergers.csv")
	if err != nil {
		return t, err
	}
	for _, row := range rows {
		events, ok := mergers[row["event_entity"]]
		if !ok {
			return t, fmt.Errorf("unknown entity %q", row["event_entity"])
		}
		for _, e := range events {
			t.rows = append(t.rows, []string{e[0], e[1], e[2], e[3], cite(row["source"]), row["confidence"], e[4]})
		}
	}
	return t, nil
}

// successionSources returns source and confidence by hospital that occurs in
// a succession.
func successionSources(r *raw) (map[string][]string, error) {
	t, err := successions(r)
	by := map[string][]string{}
	for _, row := range t.rows {
		for _, id := range row[:2] {
			by[id] = row[4:6]
		}
	}
	return by, err
}

// statement is what a raw designation says in the words of the landscape.
type statement struct{ body, role, of, from, note string }

// designation gives the statement of a raw row; false leaves it out.
func designation(row map[string]string) (statement, bool, error) {
	id, role := row["hospital_id"], row["role"]
	switch {
	case id == "", recollected(row["source"]), recollected(row["note"]) && row["note"] != "":
		return statement{}, false, nil // no hospital named, or only recollected
	case strings.Contains(row["source"], "not confirmed"), strings.HasPrefix(row["source"], "bone cent"):
		return statement{}, false, nil
	}
	switch row["topic"] {
	case "head_and_neck":
		s := statement{body: "NWHHT", role: "center", note: "as printed in 2023"}
		if role == "preferred partner" {
			s.role, s.of = "preferred partner", row["preferred_partner_of"]
		}
		return s, true, nil
	case "bone_sarcoma":
		return statement{body: "field", role: "center", note: "the report counts four and names none; recognition by the ministry agrees with the field (paragraph 2.4)"}, true, nil
	case "soft_tissue_sarcoma":
		return statement{body: "field", role: "center", note: "all sarcomas except bone"}, true, nil
	case "gynaecological_oncology":
		s := statement{body: "ECZA", role: "center"}
		switch id {
		case "AUMC":
			s.note = "with AVL as Centrum voor Gynaecologische Oncologie Amsterdam"
		case "AVL":
			s.note = "with Amsterdam UMC as Centrum voor Gynaecologische Oncologie Amsterdam"
		case "CATHARINA":
			s.note = "rare gynecological cancer; recognized at the end of a December, the year is not shown"
		case "ERASMUSMC":
			s.body, s.note = "field", "academic center for the south-west"
		}
		return s, true, nil
	case "penile_cancer":
		if role == "ERN eUROGEN sub-area" {
			return statement{body: "ERN", role: "center", note: "sub-area penile carcinoma; the page read does not name the network"}, true, nil
		}
		s := statement{body: "Nederlands peniskankernetwerk", role: "center", note: "national referral center"}
		if id == "RIJNSTATE" {
			s.role, s.note = "", "takes part in the network with a penile cancer team; recognition by the ministry not confirmed"
		}
		return s, true, nil
	case "testicular_cancer":
		return statement{body: "ERN", role: "center", note: "sub-area testicular carcinoma; the page read does not name the network"}, true, nil
	case "uveal_melanoma":
		switch id {
		case "LUMC":
			return statement{body: "ECZA", role: "center"}, true, nil
		case "ERASMUSMC":
			return statement{body: "ECZA", role: "center", note: "since 2016, no day published; Rotterdam Ocular Melanoma Center with Het Oogziekenhuis"}, true, nil
		case "OOGZH":
			return statement{body: "field", role: "center", note: "Rotterdam Ocular Melanoma Center with Erasmus MC"}, true, nil
		case "HPTC":
			return statement{}, false, nil // offers a treatment; nobody designates it
		}
	case "thymus_tumour":
		return statement{body: "Landelijk mdo Thymustumoren", role: "panel", note: "pilot from early 2022, no day published"}, true, nil
	case "neuroendocrine":
		switch id {
		case "UMCU", "AVL":
			return statement{body: "ECZA", role: "center", note: "recognized with the other of UMCU and AVL, page of 2015-11-18; ENETS status not confirmed"}, true, nil
		case "MMC", "MUMC":
			return statement{body: "ENETS", role: "center", note: "since March 2023, no day published; NET-centrum Zuid (MMC with MUMC)"}, true, nil
		case "ERASMUSMC", "AUMC":
			return statement{body: "ENETS", role: "center"}, true, nil
		}
	}
	return statement{}, false, errors.New("no rule for designation " + row["topic"] + " of " + id)
}

// diseases maps raw topics to the keys of tumors.csv where one exists.
var diseases = map[string]string{
	"gynaecological_oncology": "gynecological_cancer",
	"thymus_tumour":           "thymus",
	"uveal_melanoma":          "eye_melanoma",
}

func designations(r *raw) (table, error) {
	t := table{header: slices.Concat([]string{"hospital", "body", "disease", "level", "role", "of", "from", "to"}, origin)}
	rows, err := r.csv("designations.csv")
	if err != nil {
		return t, err
	}
	for _, row := range rows {
		s, ok, err := designation(row)
		if err != nil {
			return t, err
		}
		if !ok {
			continue
		}
		disease := row["topic"]
		if d, ok := diseases[disease]; ok {
			disease = d
		}
		source := cite(row["source"])
		switch row["topic"] {
		case "head_and_neck":
			source += ", figure 2.1"
		case "thymus_tumour":
			source += ", paragraph 4.2.2"
		}
		t.rows = append(t.rows, []string{row["hospital_id"], s.body, disease, "", s.role, s.of, s.from, "", source, row["confidence"], s.note})
		if row["topic"] == "head_and_neck" && s.of == "" {
			t.rows = append(t.rows, []string{row["hospital_id"], "ECZA", disease, "", "center", "", "", "",
				citeReport + ", paragraph 2.4.1 and figure 2.2", "high", "in force in November 2022; recognized at some level, which differs by center and is not in the text"})
		}
	}
	return t, nil
}

// norms of the raw file by source and topic, in the words of the landscape: body,
// disease, modality, from, note. Rows that are no volume norm of one treatment
// are nil and stay out.
var normRules = map[[2]string][]string{
	{"IZA", "generic"}:                                 {"IZA", "any", "", "", "target for complex treatments, per location"},
	{"SONCOS", "penile_cancer"}:                        {"SONCOS", "penile_cancer", "", "", ""},
	{"field (NL)", "penile_cancer"}:                    {"field", "penile_cancer", "", "", "for a regional center, counted in patients with stage T1a grade 1; proposed in April 2023"},
	{"SONCOS", "eye_tumour"}:                           {"SONCOS", "eye_tumor", "", "", "treatment must be in a reference center; edition of 2022"},
	{"SONCOS", "bone_tumour"}:                          {"SONCOS", "bone_tumor", "", "", "treatment must be in a reference center; edition of 2022"},
	{"SONCOS", "head_and_neck"}:                        {"SONCOS", "head_and_neck", "", "", "requirements for reference centers; edition of 2022"},
	{"SONCOS", "neuroendocrine"}:                       {"SONCOS", "neuroendocrine", "", "", "requirements for reference centers; edition of 2022"},
	{"SONCOS", "sarcoma"}:                              {"SONCOS", "sarcoma", "", "", "requirements for reference centers; every patient is discussed in one, version 8 (2020)"},
	{"SONCOS", "bile_duct"}:                            {"SONCOS", "bile_duct", "", "", "requirements for reference centers; edition of 2022"},
	{"ZN/SONCOS", "soft_tissue_surgery"}:               {"ZN/SONCOS", "soft_tissue_sarcoma", "surgery", "", "as reported 2026-02-13"},
	{"ZN/SONCOS", "vulva_surgery"}:                     {"ZN/SONCOS", "vulvar_cancer", "surgery", "", "as reported 2026-02-13; 16 hospitals did it in 2024"},
	{"ZN/SONCOS", "rectum_resection"}:                  {"ZN/SONCOS", "rectal_cancer", "surgery", "", "as reported 2026-02-13"},
	{"SONCOS", "immunotherapy"}:                        {"SONCOS", "any", "immunotherapy", "", "as reported 2017"},
	{"SONCOS", "lung_cancer"}:                          {"SONCOS", "lung_cancer", "", "", "as reported 2017; 25 before"},
	{"SONCOS", "cystectomy"}:                           {"SONCOS", "bladder_cancer", "surgery", "2015-01-01", "cystectomy; from 2015"},
	{"SONCOS 2024", "any (20 treatments)"}:             nil,
	{"IZA", "lung_resection"}:                          {"IZA", "lung_cancer", "surgery", "2026-01-01", "planned in January 2025"},
	{"IZA", "lung_systemic"}:                           {"IZA", "lung_cancer", "systemic", "2026-01-01", "planned in January 2025"},
	{"IZA", "18 treatments, tranche 1 (March 2025)"}:   nil,
	{"SONCOS 2022", "networks"}:                        nil,
	{"SONCOS 2023 (norm year)", "partial nephrectomy"}: {"SONCOS 2023", "kidney_cancer", "surgery", "", "partial nephrectomy; 13 of 38 hospitals below in 2023"},
	{"SONCOS 2023 (norm year)", "rectum_resection"}:    {"SONCOS 2023", "rectal_cancer", "surgery", "", "10 of 61 hospitals below in 2023"},
	{"ZN 2020", "cystectomy (bladder)"}:                {"ZN 2020", "bladder_cancer", "surgery", "", "cystectomy; as applied in 2020"},
	{"ZN 2020", "prostatectomy"}:                       {"ZN 2020", "prostate_cancer", "surgery", "", "prostatectomy; as applied in 2020"},
	{"ENETS", "neuroendocrine"}:                        {"ENETS", "neuroendocrine", "", "", "for a Center of Excellence"},
	{"rare cancer definition", "any"}:                  nil,
}

func norms(r *raw) (table, error) {
	t := table{header: slices.Concat([]string{"body", "disease", "modality", "lower", "upper", "unit", "from", "to"}, origin)}
	rows, err := r.csv("norms.csv")
	if err != nil {
		return t, err
	}
	for _, row := range rows {
		n, ok := normRules[[2]string{row["norm_source"], row["topic"]}]
		if !ok {
			return t, fmt.Errorf("no rule for norm %s, %s", row["norm_source"], row["topic"])
		}
		if n == nil {
			continue
		}
		note, confidence, unit := n[4], row["confidence"], row["unit"]
		if row["lower"] == "" {
			note, confidence = join(note, "number not published in what was read"), "high"
		}
		if n[0] == "IZA" && unit == "per location per year" {
			unit = "treatments/year/location"
		}
		source := cite(row["source"])
		if strings.HasPrefix(row["page_or_figure"], "par.") {
			source += strings.Replace(row["page_or_figure"], "par.", ", paragraph", 1)
		}
		t.rows = append(t.rows, []string{n[0], n[1], n[2], row["lower"], row["upper"], unit, n[3], "", source, confidence, note})
	}
	return t, nil
}

// domainNames gives the key of a domain by its name in the report.
var domainNames = map[string]string{
	"Bot- en wekedelenkanker":                             "bone-and-soft-tissue",
	"Zeldzame kanker van de vrouwelijke geslachtsorganen": "female-genital",
	"Zeldzame kanker van de mannelijke geslachtsorganen":  "male-genital",
	"Neuro-endocriene tumoren":                            "neuroendocrine",
	"Zeldzame kanker van het spijsverteringskanaal":       "digestive",
	"Kanker van de endocriene klieren":                    "endocrine",
	"Hoofd-halskanker":                                    "head-and-neck",
	"Zeldzame kanker van de thorax":                       "thoracic",
	"Zeldzame huidkanker":                                 "skin",
	"Kanker van het centraal zenuwstelsel":                "central-nervous-system",
	"Zeldzame kanker van de borst":                        "breast",
}

func domains(r *raw) (table, error) {
	t := table{header: slices.Concat([]string{"domain", "name", "euracan", "working_groups"}, origin)}
	rows, err := r.csv("domains.csv")
	if err != nil {
		return t, err
	}
	text, err := r.bytes("report.txt")
	if err != nil {
		return t, err
	}
	for _, row := range rows {
		name := row["seed_domain_nl"]
		id, ok := domainNames[name]
		if !ok || !strings.Contains(plain(string(text)), name+" - ") {
			return t, fmt.Errorf("domain %q is not in the report's table", name)
		}
		groups := strings.Split(row["seed_working_groups"], "; ")
		euracan, note := row["euracan_domain"], "the report prints full names with most abbreviations; its columns for national groups and for initiatives on single forms cannot be told apart in the text"
		if row["euracan_group"] == "-" {
			euracan, note = "", join(note, "a domain of the report only")
		}
		if id == "male-genital" {
			euracan = "Rare genito-urinary cancer"
		}
		t.rows = append(t.rows, []string{id, name, euracan, strings.Join(groups, "|"),
			join(citeReport+", table after paragraph 2.2.2", euracanSource(euracan)), "high", note})
	}
	return t, nil
}

func euracanSource(name string) string {
	if name == "" {
		return ""
	}
	return "name of the EURACAN domain: group list of the European Commission (chafea 811490)"
}

// Sources of the tumor codes.
const (
	citeDictionary = "ICD-10: cancer site dictionary of AIRTUM, ITACAN (itacan.ispo.toscana.it)"
	citeMelanoma   = "ICD-O-3: SEER schema and AJCC chapter 67"
	citeTraining   = "ICD-O-3: SEER training module, table of ICD-10 categories left out of ICD-O (training.seer.cancer.gov)"
	ownSelection   = "the report's own selection is in its appendix B1, which was not available"
)

// tumors are the tumors of the shipped tables with the codes that a
// publication states; the raw file's recollected codes stay out.
func tumors(r *raw) (table, error) {
	t := table{header: slices.Concat([]string{"tumor", "name", "domain", "icd10", "topography", "morphology"}, origin), rows: [][]string{
		{"bone_sarcoma", "Bone sarcoma", "bone-and-soft-tissue", "C40-C41", "", "", citeDictionary, "medium", "C40-C41 is bone; " + ownSelection},
		{"eye_melanoma", "Eye melanoma", "skin", "C69", "C69.3 C69.4", "8720-8790", join(citeMelanoma, citeDictionary), "high", "uveal melanoma: choroid C69.3, ciliary body and iris C69.4; " + ownSelection},
		{"head_and_neck", "Head and neck cancer", "head-and-neck", "C00-C14 C30-C32", "", "", citeDictionary, "medium", "one dictionary's selection; " + ownSelection},
		{"mesothelioma", "Mesothelioma", "thoracic", "C45", "", "9050-9059/3", citeTraining, "high", "ICD-O places it by site, with M-905; " + ownSelection},
		{"penile_cancer", "Penile cancer", "male-genital", "C60", "", "", citeDictionary, "high", ownSelection},
		{"thymus", "Thymus tumor", "thoracic", "", "", "", citeReport + ", paragraph 4.2.2", "high", "codes left empty: only recollected; " + ownSelection},
	}}
	rows, err := r.csv("tumour_codes.csv")
	if err != nil {
		return t, err
	}
	for _, row := range rows {
		if !slices.ContainsFunc(t.rows, func(own []string) bool { return own[0] == row["tumour"] }) {
			return t, fmt.Errorf("tumor %q of the raw file has no row", row["tumour"])
		}
	}
	return t, nil
}
