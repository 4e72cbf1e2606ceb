// SPDX-License-Identifier: Apache-2.0

//go:build ignore

package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// origin ends every row of the landscape: where it is from and how sure it is.
var origin = []string{"source", "confidence", "note"}

// citeList is how a row names the list of hospital sites.
const citeList = "Eurostat/GISCO healthcare services, Netherlands (github.com/eurostat/healthcare-services 8dd93206; list of RIVM of 2019-01-01, published 2020-04-16)"

func landscapeJob() job {
	return job{"nl-oncology-landscape-2023", func(r *raw) (map[string]table, error) {
		files := map[string]table{}
		for name, f := range map[string]func(*raw) (table, error){
			"hospitals.csv":    hospitals,
			"networks.csv":     networks,
			"membership.csv":   membership,
			"successions.csv":  successions,
			"designations.csv": designations,
			"norms.csv":        norms,
			"regions.csv":      regions,
			"domains.csv":      domains,
			"tumors.csv":       tumors,
			"outline.csv":      outline,
		} {
			t, err := f(r)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			files[name] = t
		}
		return files, nil
	}}
}

// types maps the raw types of hospitals. The type of a hospital whose type is
// only a recollection stays empty.
var types = map[string]string{
	"academic":                 "academic",
	"categorical":              "categorical",
	"general":                  "general",
	"top_clinical_STZ":         "top-clinical",
	"radiotherapy_independent": "radiotherapy",
	"proton_centre":            "proton",
}

// predecessors are hospitals that ended before the reference date of the
// landscape or began after it, with what the sources of the successions say.
var predecessors = [][]string{
	// hospital, name, short name, city, province, lat, lon, note
	{"AMC", "AMC", "AMC", "Amsterdam", "Noord-Holland", "52.29413", "4.95808", "site of Amsterdam UMC since the merger"},
	{"FRISIUS", "Frisius MC", "Frisius MC", "", "Fryslân", "", "", "legal merger of MCL and Tjongerschans; city and coordinates of the new organization not looked up"},
	{"HAVEN", "Havenziekenhuis", "Havenziekenhuis", "", "", "", "", "a polyclinic of Erasmus MC afterwards"},
	{"MCIJ", "MC IJsselmeerziekenhuizen", "MC IJsselmeer", "Lelystad", "Flevoland", "", "", "sites Lelystad and Dronten; part of the MC Groep"},
	{"SANTIZ", "Santiz", "Santiz", "", "Gelderland", "", "", "administrative merger of Slingeland and SKB, 2017 to 2020"},
	{"SLOTERVAART", "MC Slotervaart", "Slotervaart", "Amsterdam", "Noord-Holland", "", "", "bankrupt"},
	{"VUMC", "VUmc", "VUmc", "Amsterdam", "Noord-Holland", "52.33352", "4.86536", "site of Amsterdam UMC since the merger"},
	{"WATERLAND", "Waterlandziekenhuis", "Waterland", "Purmerend", "Noord-Holland", "", "", ""},
	{"WESTFRIES", "Westfries Gasthuis", "Westfries", "Hoorn", "Noord-Holland", "52.64805", "5.05318", ""},
}

// cities are the places that publications state for hospitals outside the
// list of sites: in their name, or on the page of the institution.
var cities = map[string][2]string{
	"OOGZH": {"Rotterdam", "Zuid-Holland"},
	"HPTC":  {"Delft", "Zuid-Holland"},
}

// named says where the name of a hospital outside the list of sites is from.
var named = map[string]string{
	"OOGZH": "https://www.kanker.nl/kankersoorten/oogkanker/diagnose/ziekenhuizen-voor-oogkanker (undated)",
}

func hospitals(r *raw) (table, error) {
	t := table{header: slices.Concat([]string{"hospital", "name", "short_name", "city", "province", "type", "lat", "lon"}, origin)}
	rows, err := r.csv("hospitals.csv")
	if err != nil {
		return t, err
	}
	for _, row := range rows {
		id, typ := row["hospital_id"], types[row["type"]]
		if typ == "" {
			return t, fmt.Errorf("%s: unknown type %q", id, row["type"])
		}
		source, notes := citeList, []string{hospitalNote(row)}
		if recollected(row["type_source"]) {
			typ = ""
			if id != "AVL" { // its note says why
				notes = append(notes, "type left empty: no publication found that states it")
			}
		} else if !strings.HasPrefix(row["type_source"], "facility_type") {
			source = join(source, "type: "+row["type_source"])
		}
		city, province := row["city"], row["province"]
		lat, lon := row["lat"], row["lon"]
		confidence := "high"
		if recollected(row["coord_source"]) {
			source, confidence = row["type_source"], "medium"
			if s, ok := named[id]; ok {
				source = s
			}
			city, province = cities[id][0], cities[id][1]
			lat, lon = "", ""
			notes = append(notes, "coordinates left empty: not in the list of sites")
			if city == "" {
				notes = append(notes, "city left empty for the same reason")
			}
		} else if s := row["main_site_in_source"]; s != "" && s != row["official_name"] {
			notes = append(notes, "coordinates of the site listed as "+s)
		}
		t.rows = append(t.rows, []string{id, row["official_name"], row["short_name"], city, province, typ, lat, lon, source, confidence, join(notes...)})
	}
	ended, err := successionSources(r)
	if err != nil {
		return t, err
	}
	for _, p := range predecessors {
		o := ended[p[0]]
		if o == nil {
			return t, fmt.Errorf("%s has no succession", p[0])
		}
		source := o[0]
		if p[5] != "" {
			source = join(source, "coordinates: "+citeList)
		}
		t.rows = append(t.rows, []string{p[0], p[1], p[2], p[3], p[4], "", p[5], p[6], source, o[1], p[7]})
	}
	return t, nil
}

// hospitalNote keeps of a raw note what concerns the hospital itself and not
// its membership or a succession, which have rows of their own.
func hospitalNote(row map[string]string) string {
	switch row["hospital_id"] {
	case "AVL":
		return "type left empty: the report counts it with the academic hospitals, the list of sites with the general ones"
	case "OOGZH":
		return "eye hospital; in no network list found"
	}
	var keep []string
	for s := range strings.SplitSeq(strings.TrimSuffix(row["notes_mergers"], "."), ". ") {
		if elsewhere := strings.HasPrefix(s, "See ") || strings.Contains(s, "embership") || strings.Contains(s, "IKNL"); !elsewhere {
			keep = append(keep, strings.TrimSuffix(s, "."))
		}
	}
	return spelling.Replace(strings.Join(keep, ". "))
}

func regions(r *raw) (table, error) {
	t := table{header: slices.Concat([]string{"region", "name", "network", "lat", "lon", "population", "cases"}, origin)}
	rows, err := r.csv("provinces.csv")
	if err != nil {
		return t, err
	}
	for _, row := range rows {
		name, note := row["province"], "population on 2021-01-01"
		if name == "Friesland" {
			name, note = "Fryslân", join(note, "also called Friesland")
		}
		t.rows = append(t.rows, []string{name, name, "", "", "", row["population_2021_01_01"], "",
			"CBS, Regionale kerncijfers Nederland (70072ned)", "high", note})
	}
	return t, nil
}

// agreements are the dates of the networks' agreements as far as they are
// published; a membership row has no dates of its own (see the README).
var agreements = map[string]string{
	"Onconovo+":                     "agreement signed 2023-11-07, after the report",
	"RO West":                       "start 2017-12-12",
	"EMBRAZE":                       "start 2016-06-13",
	"CONCORD":                       "agreement signed 2018-11-29",
	"OncoZON":                       "start second half of 2016",
	"Oncomid":                       "start 2019 according to a page of 2025; six hospitals in 2020",
	"Onco-Oost":                     "agreement signed 2022-11-24",
	"Oncologisch netwerk Friesland": "founded 2018",
	"Groningen-Drenthe":             "start April 2021",
	"Twente-Salland":                "the report's own name for the remaining region; the ONZ network that covers part of it was founded 2023-03-30",
}

// centersOf are the head and neck centers from which the drawing position of
// a head and neck network is taken. All but NO-NL follow from the center's
// regional network of the same name.
var centersOf = map[string][]string{
	"HN:NO-NL":           {"UMCG"},
	"HN:Onconovo+":       {"AUMC", "AVL"},
	"HN:EMBRAZE+CONCORD": {"ERASMUSMC"},
	"HN:Oncomid":         {"UMCU"},
	"HN:RO West":         {"LUMC"},
	"HN:Onco-Oost":       {"RADBOUDUMC"},
	"HN:OncoZON":         {"MUMC"},
}

// aliases are other spellings of a network's name that a publication uses.
var aliases = map[string][]string{
	"Onconovo+":                     {"OncoNoVo+"},
	"RO West":                       {"Regionaal Oncologienetwerk West", "OncoWest"},
	"OncoZON":                       {"OncoZon", "Oncologisch Netwerk Zuidoost-Nederland", "OnzoZON"},
	"Oncologisch netwerk Friesland": {"ONF", "Oncologisch Netwerk Friesland"},
	"Groningen-Drenthe":             {"Oncologienetwerk Groningen-Drenthe"},
	"Twente-Salland":                {"Twente Salland", "Twente-Salland**"},
	"HN:NO-NL":                      {"NO-NL"},
	"HN:Onconovo+":                  {"NW-NL"},
	"HN:OncoZON":                    {"OncoZon", "OnzoZON"},
}

func networks(r *raw) (table, error) {
	t := table{header: slices.Concat([]string{"network", "name", "kind", "partition", "aliases", "lat", "lon"}, origin)}
	rows, err := r.csv("networks.csv")
	if err != nil {
		return t, err
	}
	sites, err := r.csv("hospitals.csv")
	if err != nil {
		return t, err
	}
	for _, row := range rows {
		id := row["network_id"]
		partition, kind, note, source := "regional", "network", agreements[id], cite(row["source"])+", figure 5.1"
		name, lat, lon, confidence := row["name_in_seed"], "", "", "high"
		if id == "Twente-Salland" {
			name, kind = id, "region"
			note = join(note, "composition unknown, so every member is inferred")
			confidence = "low"
		}
		if id == "Oncomid" {
			confidence = "medium"
		}
		if centers := centersOf[id]; centers != nil {
			partition = "head-neck"
			source = citeReport + ", figures 5.5 and 5.6"
			confidence = "medium"
			if lat, lon, err = mean(sites, centers); err != nil {
				return t, err
			}
			note = "members are not in the text; lat and lon are for drawing only: " + position(id, centers)
		}
		t.rows = append(t.rows, []string{id, name, kind, partition, strings.Join(aliases[id], "|"), lat, lon, source, confidence, note})
	}
	return t, nil
}

// position says how the drawing position of a head and neck network was found.
func position(id string, centers []string) string {
	s := "site of the head and neck center " + strings.Join(centers, " and ") + " (figure 2.1)"
	if len(centers) > 1 {
		s = "middle of the head and neck centers " + strings.Join(centers, " and ") + " (figure 2.1)"
	}
	if id == "HN:NO-NL" {
		return s + ", the only one in the north-east"
	}
	return s
}

// mean returns the middle of the named hospitals' sites.
func mean(sites []map[string]string, ids []string) (lat, lon string, err error) {
	var sum [2]float64
	n := 0
	for _, s := range sites {
		if !slices.Contains(ids, s["hospital_id"]) {
			continue
		}
		n++
		for k, col := range []string{"lat", "lon"} {
			v, err := strconv.ParseFloat(s[col], 64)
			if err != nil {
				return "", "", err
			}
			sum[k] += v
		}
	}
	if n != len(ids) {
		return "", "", fmt.Errorf("hospitals %v: %d found", ids, n)
	}
	f := func(x float64) string { return strconv.FormatFloat(x/float64(n), 'f', 5, 64) }
	return f(sum[0]), f(sum[1]), nil
}

func membership(r *raw) (table, error) {
	t := table{header: slices.Concat([]string{"hospital", "network", "from", "to"}, origin)}
	rows, err := r.csv("membership.csv")
	if err != nil {
		return t, err
	}
	for _, row := range rows {
		id := row["network_id"]
		note := spelling.Replace(strings.ReplaceAll(row["note"], "source: all", "the source says all"))
		date := agreements[id]
		switch {
		case id == "Twente-Salland" && row["valid_from"] == "":
			date = ""
		case id == "Twente-Salland":
			date = "ONZ founded " + row["valid_from"]
		case id == "Oncomid":
			date = ""
		}
		t.rows = append(t.rows, []string{row["hospital_id"], id, "", "", cite(row["source"]), row["certainty"], join(note, date)})
	}
	return t, nil
}
