// SPDX-License-Identifier: Apache-2.0

package chart_test

import (
	"context"
	"fmt"
	"strings"
	"testing/fstest"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
	"github.com/oncoref/oncoref/referral/pathway"
)

// Without a landscape the networks stand on a circle. Rendering the drawing is
// the work of package graph/viz.
func ExampleFlowMap() {
	t, err := referral.ReadTable(context.Background(), strings.NewReader("origin,destination,count\nnorth,center,12\nnorth,north,30\ncenter,center,50\n"),
		referral.TableConfig{File: "flows.csv", Meta: referral.Meta{Title: "Two networks", Unit: referral.Patients}})
	if err != nil {
		panic(err)
	}
	d, err := chart.FlowMap(t, nil, chart.FlowMapConfig{})
	if err != nil {
		panic(err)
	}
	fmt.Println(d.Name, d.Width, d.Height)
	for _, disc := range d.Discs[:2] {
		fmt.Println(disc.Tooltip)
	}
	// Output:
	// Two networks 595 842
	// center; 62 treated; 50 of its own are treated here
	// north; 30 treated; 30 of its own are treated here
}

func read(text string, m referral.Meta) *referral.Table {
	t, err := referral.ReadTable(context.Background(), strings.NewReader(text), referral.TableConfig{File: "flows.csv", Meta: m})
	if err != nil {
		panic(err)
	}
	return t
}

// Two years side by side: a flow has the same width in both panels.
func ExampleFlowMaps() {
	meta := referral.Meta{Unit: referral.Patients, Level: referral.LevelNetwork}
	before := read("origin,destination,count\nnorth,center,12\nnorth,north,30\n", meta)
	after := read("origin,destination,count\nnorth,center,24\nnorth,north,18\n", meta)
	d, err := chart.FlowMaps([]chart.Panel{{Title: "2019", Table: before}, {Title: "2020", Table: after}}, nil,
		chart.FlowMapsConfig{Page: chart.Page{Title: "Before and after"}})
	if err != nil {
		panic(err)
	}
	for _, a := range d.Arrows {
		if a.Head == 0 && strings.Contains(a.Tooltip, " to ") && a.From != a.To && strings.HasPrefix(a.From, "panel") {
			fmt.Printf("%s, %.1f points wide\n", a.Tooltip, a.Stroke.Width)
		}
	}
	// Output:
	// north to center: 12 patients, 2.6 points wide
	// north to center: 24 patients, 5.1 points wide
}

// A change is known as far as both counts are: 9 minus a count of 1 to 4 is
// between 5 and 8.
func ExampleDifference() {
	meta := referral.Meta{Unit: referral.Patients, Level: referral.LevelNetwork}
	year := func(s string) referral.Meta {
		m := meta
		m.Period, _ = network.ParsePeriod(s)
		return m
	}
	before := read("origin,destination,count\nnorth,center,12\nsouth,center,3\n", year("2019"))
	after := read("origin,destination,count\nnorth,center,30\nsouth,center,9\n", year("2020"))
	d, err := chart.Difference(before, after, nil, chart.DifferenceConfig{})
	if err != nil {
		panic(err)
	}
	for _, a := range d.Arrows {
		if a.Head > 0 && strings.HasPrefix(a.From, "place") {
			fmt.Println(a.Tooltip)
		}
	}
	// Output:
	// north to center: +18
	// south to center: +5 to +8
}

func ExampleLandscape() {
	landscape, err := network.ReadLandscape(fstest.MapFS{
		"hospitals.csv":    {Data: []byte("hospital,name,lat,lon\na,Center,52,5\nb,North,53,5\nc,South,51,5\n")},
		"networks.csv":     {Data: []byte("network,name\nw,West\n")},
		"membership.csv":   {Data: []byte("hospital,network\na,w\nb,w\n")},
		"designations.csv": {Data: []byte("hospital,body,disease,role,of\na,society,sarcoma,center,\nc,society,sarcoma,preferred partner,a\n")},
	})
	if err != nil {
		panic(err)
	}
	d, err := chart.Landscape(landscape.On(network.NewDate(2021, 12, 31)), chart.LandscapeConfig{})
	if err != nil {
		panic(err)
	}
	for _, disc := range d.Discs {
		if strings.HasPrefix(disc.ID, "place") {
			fmt.Println(disc.Tooltip)
		}
	}
	// Output:
	// Center: West; expert center
	// South: no network known; preferred partner, tied to its center
	// North: West
}

func ExampleHeatMap() {
	t := read("origin,destination,count\na,a,60\na,b,20\nb,b,3\nc,d,40\nd,d,12\n", referral.Meta{Title: "Four networks", Unit: referral.Patients})
	d, err := chart.HeatMap(t, chart.HeatMapConfig{})
	if err != nil {
		panic(err)
	}
	for _, text := range d.Texts {
		if strings.HasPrefix(text.ID, "row") {
			fmt.Println(text.Text)
		}
	}
	// Output:
	// a  1
	// b  2
	// d  3
	// c  4
}

// Three patients with ways of their own are no numbers in the picture.
func ExampleStages() {
	d, err := chart.Stages(pathway.Staged{
		Stages: []string{"first visit", "surgery"},
		Ways: []pathway.Variant{
			{Steps: []string{"north", "center"}, Patients: 14},
			{Steps: []string{"north", "north"}, Patients: 6},
			{Steps: []string{"south", "north"}, Patients: 2},
			{Steps: []string{"south", pathway.StageNone}, Patients: 1},
		},
	}, chart.StagesConfig{})
	if err != nil {
		panic(err)
	}
	for _, text := range d.Texts {
		if strings.HasPrefix(text.ID, "bar") {
			fmt.Println(text.Text)
		}
	}
	// Output:
	// north  20
	// rarer ways  1 to 4
	// north  6
	// center  14
	// rarer ways  1 to 4
}
