// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"math"
	"strings"
	"time"

	"github.com/oncoref/oncoref/examples/internal/study"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/referral/siting"
	"github.com/oncoref/oncoref/seeds"
)

// material is what the figures are drawn from.
type material struct {
	lang      chart.Language
	title     string
	hospitals *network.Snapshot
	period    network.Period

	tables  []*referral.Table // published: who refers to whom
	classes []chart.ClassesOf // published: how patients came to surgery

	events     *referral.Log // made up, as all that follows
	groups     *network.Partition
	networks   *referral.Table
	halves     [2]*referral.Table // of the period
	years      []*referral.Table
	byHospital *referral.Table
	centers    coverage.List
}

// say picks the words of the language.
func (m *material) say(english, dutch string) string {
	if m.lang == chart.Dutch {
		return dutch
	}
	return english
}

func gather(ctx context.Context, hospitals *network.Snapshot, lang chart.Language) (*material, error) {
	m := &material{lang: lang, hospitals: hospitals, period: network.Period{
		From: network.NewDate(2016, time.January, 1), To: network.NewDate(2021, time.December, 31)}}
	for _, name := range []string{"iknl-2023-fig-5.2-penile-cancer", "iknl-2023-fig-5.3-eye-melanoma", "iknl-2023-fig-5.4-mesothelioma"} {
		t, err := seeds.Table(name)
		if err != nil {
			return nil, err
		}
		m.tables = append(m.tables, t)
	}
	m.title = m.say("Head and neck cancer", "Hoofd-halskanker")
	var err error
	classes, err := study.Figure33()
	if err != nil {
		return nil, err
	}
	m.classes = []chart.ClassesOf{{Group: m.say("head and neck", "hoofd-hals"), Classes: classes}}
	members, err := hospitals.Partition(network.PartitionConfig{})
	if err != nil {
		return nil, err
	}
	if m.groups, err = members.WithRest(m.say("no network", "geen netwerk")); err != nil {
		return nil, err
	}
	return m, m.makeUp(ctx)
}

// makeUp makes a registry of head and neck cancer and its tables.
func (m *material) makeUp(ctx context.Context) error {
	var err error
	m.centers = coverage.Designated(m.hospitals, "NWHHT", network.DesignationQuery{Body: "NWHHT", Disease: "head_and_neck"})
	if m.events, err = study.HeadAndNeck(ctx, m.hospitals, m.centers, m.period); err != nil {
		return err
	}
	if m.byHospital, err = m.events.Table(referral.Rule{Title: m.title}); err != nil {
		return err
	}
	by := func(p network.Period) (*referral.Table, error) {
		return m.events.Table(referral.Rule{Partition: m.groups, Title: m.title, Period: p})
	}
	if m.networks, err = by(m.period); err != nil {
		return err
	}
	middle := network.NewDate(2018, time.December, 31)
	for i, p := range []network.Period{{From: m.period.From, To: middle}, {From: middle.AddDays(1), To: m.period.To}} {
		if m.halves[i], err = by(p); err != nil {
			return err
		}
	}
	for year := m.period.From.Year(); year <= m.period.To.Year(); year++ {
		t, err := by(network.Period{From: network.NewDate(year, time.January, 1), To: network.NewDate(year, time.December, 31)})
		if err != nil {
			return err
		}
		m.years = append(m.years, t)
	}
	return nil
}

// networkOf is the network of a patient's first visit.
func (m *material) networkOf(p referral.Pathway) string {
	h, _, _ := p.FirstVisit()
	shares, _ := m.groups.Of(h)
	var names []string
	for _, s := range shares {
		names = append(names, s.Group)
	}
	return strings.Join(names, " / ")
}

// places is the question which hospitals should be centers for the patients of
// the registry, if they live where they came first. Those who came first to a
// hospital without coordinates are left out.
func (m *material) places() siting.Problem {
	p := siting.Problem{Unit: "km"}
	for _, h := range m.hospitals.Hospitals() {
		if h.Type == network.TypeAcademic || h.ID == "AVL" {
			p.Candidates = append(p.Candidates, siting.Candidate{ID: h.ID})
		}
	}
	for _, o := range m.byHospital.Origins() {
		n := m.byHospital.OriginTotal(o)
		if h, _ := m.hospitals.Hospital(o); referral.Beside(o) || n.Value == 0 || !h.Point.Known() {
			continue
		}
		var row []float64
		for _, c := range p.Candidates {
			d, err := m.hospitals.Landscape().Distance(o, c.ID)
			if err != nil {
				d.Km = math.NaN() // not known: does not serve
			}
			row = append(row, d.Km)
		}
		p.Demands = append(p.Demands, siting.Demand{ID: o, Weight: n.Value})
		p.Distances = append(p.Distances, row)
	}
	return p
}
