// SPDX-License-Identifier: Apache-2.0

package simulate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Names of the presets.
const (
	PresetPenileCancer = "penile-cancer"
	PresetEyeMelanoma  = "eye-melanoma"
)

// Presets returns the names that [Preset] knows, sorted.
func Presets() []string { return []string{PresetEyeMelanoma, PresetPenileCancer} }

// Preset returns a configuration that reproduces what is published on one
// tumor in the Netherlands: the number of patients of a period, the share of
// the center in a year where that is known, and which networks refer to which.
// Its Label says what is published, with the source, and what is assumed.
//
// The table shown holds the flows between networks of the snapshot's regional
// partition that are known to occur; no other flow is made. Hospitals of
// several networks have no first visits, because a flow from there is not one
// of the table's.
//
// Period, Patients, Seed and everything else may be changed afterwards. A
// number of patients or a period of one's own keeps the shares and gives up
// the published totals.
//
// It returns a *ConfigError if there is no preset of that name, if a network
// of the table is not in the landscape, or if the table lacks a flow to the
// network of the center.
func Preset(name string, s *network.Snapshot, shown *referral.Table) (Config, error) {
	i := slices.IndexFunc(presets, func(p preset) bool { return p.name == name })
	if i < 0 {
		return Config{}, &ConfigError{"Preset", fmt.Sprintf("%q", name), "one of " + strings.Join(Presets(), ", ")}
	}
	return presets[i].config(s, shown)
}

// Plain returns a configuration for any tumor about which nothing is
// published: first visits by population, treatment by gravity with the
// hospitals designated for the tumor as experts.
func Plain(tumor string, s *network.Snapshot) Config {
	t := Tumor{
		Name: tumor, Untreated: 0.1, Dead: 0.4, Consults: 0.2, MDT: 0.3, Pathology: 0.4, Undated: 0.01, FollowUp: 0.6,
		Treatments: []Treatment{{"surgery", 0.65, 0.15, inpatient}, {"radiotherapy", 0.3, 0.35, Delay{}}, {"systemic", 0.3, 0.4, Delay{}}},
	}
	for _, d := range s.Designations(network.DesignationQuery{Disease: tumor}) {
		if !slices.Contains(t.Gravity.Experts, d.Hospital) {
			t.Gravity.Experts = append(t.Gravity.Experts, d.Hospital)
		}
	}
	return Config{
		Landscape: s, Tumors: []Tumor{t}, Patients: 1000,
		Period: network.Period{From: network.NewDate(2016, time.January, 1), To: network.NewDate(2021, time.December, 31)},
		Label: Label{
			Title: tumor + ", a made-up registry",
			Assumed: []string{
				"All numbers: patients a year, where they come first, where they are treated, with what and when.",
				"First visits by population of the province, divided equally over its hospitals.",
				"Treatment by a gravity model: attraction falls with distance, designated hospitals attract more.",
			},
		},
	}
}

// inpatient is an assumed stay for surgery.
var inpatient = Delay{1, 4}

// preset is the published and assumed numbers of one tumor.
type preset struct {
	name, tumor string
	period      network.Period
	incidence   []Rate
	center      Center
	retained    float64 // of those not treated in the center: share treated in the own network
	treatments  []Treatment
	untreated   float64
	label       Label
}

func years(from, to int) network.Period {
	return network.Period{From: network.NewDate(from, time.January, 1), To: network.NewDate(to, time.December, 31)}
}

// sameHospital is the share of the patients treated in their own network who
// are treated where they came first.
const sameHospital = 0.6

var commonAssumptions = []string{
	"No other flow between networks occurs than the figure shows; it may leave small ones out.",
	"First visits by population of the province (CBS, 2021-01-01), divided equally over its hospitals that are in one network only; the center and hospitals of two networks have none.",
	"The flows that the figure shows for 2016-2021 hold for all years, and the networks and hospitals are those of the landscape's date in all years.",
	"How many go each way, where the figure shows only that they do: equally many to each network shown besides the center's, to its academic hospitals or, without one, to all its hospitals.",
	"Of patients treated in their own network 60% stay in the hospital of the first visit; the others go to its academic hospitals, or any other of its hospitals.",
	"Treatments, their shares and all waiting times; the share of patients without treatment.",
}

var presets = []preset{
	{
		name: PresetPenileCancer, tumor: "penile_cancer", period: years(1990, 2020),
		// 1883 patients in the 18 years 1989-2006, and with 17 of those years
		// 3160 in 1990-2020.
		incidence:  []Rate{{1989, 1883.0 / 18}, {2007, (3160 - 17*1883.0/18) / 14}},
		center:     Center{"AVL", []Share{{1990, 0.01}, {2020, 0.65}}},
		retained:   0.8,
		treatments: []Treatment{{"surgery", 0.92, 0.15, inpatient}, {"radiotherapy", 0.15, 0.4, Delay{}}, {"systemic", 0.1, 0.3, Delay{}}},
		untreated:  0.06,
		label: Label{
			Title: "Penile cancer in the Netherlands, a made-up registry with published totals",
			Published: []string{
				"3160 patients with squamous cell carcinoma in 1990-2020 (Vreeburg et al., BJU Int, 2024-02-25).",
				"1883 patients with squamous cell carcinoma in 1989-2006 (Graafland et al., Int J Cancer 2011;128:426-432).",
				"The center, the Antoni van Leeuwenhoek, has 1% of a year's patients in 1990 and 65% in 2020 (Vreeburg et al.).",
				"Which networks refer to which (IKNL, Zeldzame kanker: organisatie van expertise, 2023-03-06, figure 5.2).",
			},
			Assumed: append([]string{
				"Equally many patients in each year of 1989-2006 and of 2007-2020. About 150 a year in 2017 and 150 to 200 in 2023, which others publish, do not fit the total and are not reproduced.",
				"Between 1990 and 2020 the center's share rises in a straight line, and it is the same for all hospitals.",
			}, commonAssumptions...),
		},
	},
	{
		name: PresetEyeMelanoma, tumor: "eye_melanoma", period: years(1989, 2019),
		incidence:  []Rate{{1989, 5036.0 / 31}},
		center:     Center{"LUMC", []Share{{1989, 0.6}}},
		retained:   0.5,
		treatments: []Treatment{{"radiotherapy", 0.75, 0.02, Delay{}}, {"surgery", 0.3, 0.05, inpatient}, {"systemic", 0.08, 0.5, Delay{}}},
		untreated:  0.04,
		label: Label{
			Title: "Eye melanoma in the Netherlands, a made-up registry with published totals",
			Published: []string{
				"5036 patients with uveal melanoma in 1989-2019 (Tong et al., Cancers 2023;15(22):5419).",
				"Which networks refer to which (IKNL, Zeldzame kanker: organisatie van expertise, 2023-03-06, figure 5.3).",
			},
			Assumed: append([]string{
				"Equally many patients in each year; about 150 a year, which is published too, is near that.",
				"The Leiden University Medical Center treats 60% of the patients of all other hospitals, in all years: no share is published.",
				"Proton therapy, in Delft since 2020, is not in the registry.",
			}, commonAssumptions...),
		},
	},
}

func (p *preset) config(s *network.Snapshot, shown *referral.Table) (Config, error) {
	switch {
	case s == nil:
		return Config{}, &ConfigError{"Landscape", "", "a landscape with hospitals"}
	case shown == nil:
		return Config{}, &ConfigError{"Preset", "", "a table of the flows that are known to occur"}
	}
	w := &web{ground: newGround(s), center: p.center.Hospital, members: map[string][]string{}}
	if _, ok := s.Hospital(w.center); !ok {
		return Config{}, &ConfigError{"Preset", fmt.Sprintf("%q", w.center), "the center as a hospital of the landscape"}
	}
	t := Tumor{
		Name: p.tumor, Incidence: slices.Clone(p.incidence), Treatments: slices.Clone(p.treatments),
		Centers:   []Center{{p.center.Hospital, slices.Clone(p.center.Shares)}},
		Untreated: p.untreated, Dead: 0.5, Consults: 0.2, MDT: 0.3, Pathology: 0.5, Undated: 0.01, FollowUp: 0.6,
	}
	var err error
	if t.Routes, err = w.routes(shown, p.retained); err != nil {
		return Config{}, err
	}
	if t.Origins, err = w.origins(shown); err != nil {
		return Config{}, err
	}
	label := p.label
	label.Published, label.Assumed = slices.Clone(label.Published), slices.Clone(label.Assumed)
	return Config{Landscape: s, Tumors: []Tumor{t}, Period: p.period, Quota: true, Label: label}, nil
}

// web turns flows between networks into routes between hospitals.
type web struct {
	*ground
	center  string
	members map[string][]string // hospitals in this network only, by label
}

// of returns the hospitals that are in one network of the default partition
// only, and in the one with this label. Institutes and the center are not
// among them.
func (w *web) of(label string) ([]string, error) {
	if m, ok := w.members[label]; ok {
		return m, nil
	}
	n, ok := w.snapshot.Network("", label)
	if !ok {
		return nil, &ConfigError{"Preset", fmt.Sprintf("%q", label), "a network of the landscape"}
	}
	for _, h := range w.snapshot.Members(n.ID) {
		if !institute(h) && h.ID != w.center && len(w.snapshot.NetworksOf(h.ID, "")) == 1 {
			w.members[label] = append(w.members[label], h.ID)
		}
	}
	if w.members[label] == nil {
		return nil, &ConfigError{"Preset", fmt.Sprintf("%q", label), "a network with a hospital that is in no other"}
	}
	return w.members[label], nil
}

// receiving returns the hospitals that a network's patients from elsewhere go
// to. Those of a set-valued destination go to the hospitals that its networks
// share.
func (w *web) receiving(labels []string) ([]string, error) {
	if len(labels) > 1 {
		return w.shared(labels)
	}
	all, err := w.of(labels[0])
	if err != nil {
		return nil, err
	}
	if academic := w.academic(all); academic != nil {
		return academic, nil
	}
	return all, nil
}

func (w *web) academic(hospitals []string) []string {
	var out []string
	for _, id := range hospitals {
		if h, _ := w.snapshot.Hospital(id); h.Type == network.TypeAcademic {
			out = append(out, id)
		}
	}
	return out
}

func (w *web) shared(labels []string) ([]string, error) {
	var out, networks []string
	for _, label := range labels {
		n, ok := w.snapshot.Network("", label)
		if !ok {
			return nil, &ConfigError{"Preset", fmt.Sprintf("%q", label), "a network of the landscape"}
		}
		networks = append(networks, n.ID)
	}
	slices.Sort(networks)
	for _, h := range w.hospitals {
		if slices.Equal(w.snapshot.NetworksOf(h.ID, ""), networks) {
			out = append(out, h.ID)
		}
	}
	if out == nil {
		return nil, &ConfigError{"Preset", strings.Join(labels, ", "), "networks that share a hospital"}
	}
	return out, nil
}

func (w *web) routes(shown *referral.Table, retained float64) ([]Route, error) {
	var routes []Route
	home := w.snapshot.NetworksOf(w.center, "")
	for _, origin := range shown.Origins() {
		from, err := w.of(origin)
		if err != nil {
			return nil, err
		}
		var elsewhere [][]string
		stays, reachesCenter := false, false
		for f := range shown.Flows() {
			if f.Origin != origin || f.Cell.Lo < 1 {
				continue
			}
			n, _ := w.snapshot.Network("", f.Members[0])
			central := len(f.Members) == 1 && len(home) == 1 && n.ID == home[0]
			reachesCenter = reachesCenter || central
			if f.Retained() {
				stays = true
				continue
			}
			if central {
				continue
			}
			to, err := w.receiving(f.Members)
			if err != nil {
				return nil, err
			}
			elsewhere = append(elsewhere, to)
		}
		if !stays && elsewhere == nil {
			return nil, &ConfigError{"Preset", fmt.Sprintf("%q", origin), "a network with a flow besides that to the center"}
		}
		if !reachesCenter {
			return nil, &ConfigError{"Preset", fmt.Sprintf("%q", origin), "a network that refers to the network of the center"}
		}
		for _, h := range from {
			routes = append(routes, w.fan(h, origin, stays, retained, elsewhere)...)
		}
	}
	return routes, nil
}

// fan returns the routes of one hospital.
func (w *web) fan(h, origin string, stays bool, retained float64, elsewhere [][]string) []Route {
	var routes []Route
	spread := func(to []string, weight float64) {
		for _, d := range to {
			routes = append(routes, Route{h, d, weight / float64(len(to))})
		}
	}
	switch {
	case !stays:
		retained = 0
	case elsewhere == nil:
		retained = 1
	}
	if retained > 0 {
		own := slices.DeleteFunc(slices.Clone(w.members[origin]), func(id string) bool { return id == h })
		if academic := w.academic(own); academic != nil {
			own = academic
		}
		if len(own) == 0 {
			own = []string{h}
		}
		spread([]string{h}, retained*sameHospital)
		spread(own, retained*(1-sameHospital))
	}
	for _, to := range elsewhere {
		spread(to, (1-retained)/float64(len(elsewhere)))
	}
	return routes
}

// origins divides the population over the hospitals that have first visits.
func (w *web) origins(shown *referral.Table) ([]Weight, error) {
	origin := map[string]bool{}
	for _, label := range shown.Origins() {
		for _, id := range w.members[label] {
			origin[id] = true
		}
	}
	sums := make([]float64, len(w.hospitals))
	if err := w.populate("Preset", sums, func(i int) bool { return origin[w.hospitals[i].ID] }); err != nil {
		return nil, err
	}
	var out []Weight
	for i, v := range sums {
		if v > 0 {
			out = append(out, Weight{w.hospitals[i].ID, v})
		}
	}
	slices.SortFunc(out, func(a, b Weight) int { return cmp.Compare(a.Hospital, b.Hospital) })
	return out, nil
}
