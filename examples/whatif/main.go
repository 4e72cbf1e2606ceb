// SPDX-License-Identifier: Apache-2.0

// Command whatif works out what one to six centers would mean: how far patients
// would travel at best, and what changes if care is concentrated there. The
// registry is made up; read your own table with referral.ReadTable. It is meant
// to be copied.
//
//	go run ./examples/whatif
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/simulate"
	"github.com/oncoref/oncoref/referral/siting"
	"github.com/oncoref/oncoref/seeds"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

const most = 6

func run(ctx context.Context, w io.Writer) error {
	landscape, err := seeds.Landscape()
	if err != nil {
		return err
	}
	hospitals := landscape.On(network.NewDate(2021, time.December, 31))
	table, err := makeUp(ctx, hospitals)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "SYNTHETIC DATA: %s patients who do not exist\n", table.Total())

	problem := question(table, hospitals)
	points, err := siting.Frontier(ctx, problem, 1, most, siting.Config{})
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "\nThe best places, km along a great circle from the hospital of the first visit")
	fmt.Fprintf(w, "%7s %9s %9s %7s  %s\n", "centers", "mean", "largest", "proved", "places for the least mean distance")
	for _, p := range points {
		fmt.Fprintf(w, "%7d %9.1f %9.1f %7t  %s\n", p.Count, p.Median.Mean, p.Median.Largest, p.Median.Proved, strings.Join(p.Median.Centers, " "))
	}

	fmt.Fprintln(w, "\nIf all care is concentrated there, to the nearest center")
	fmt.Fprintf(w, "%7s %9s %12s %12s %12s\n", "centers", "moved", "km a patient", "extra, moved", "worst tenth")
	for i, p := range points {
		effect, err := siting.WhatIf(table, siting.Change{
			Close: treating(table, p.Median.Centers), Targets: p.Median.Centers, Rule: siting.Nearest, Distance: km(landscape),
		})
		if err != nil {
			return err
		}
		if i == 0 {
			fmt.Fprintf(w, "%7s %9d %12.1f\n", "as now", 0, effect.MeanBefore.Value)
		}
		fmt.Fprintf(w, "%7d %9s %12.1f %12.1f %12.1f\n", p.Count, effect.Moved, effect.MeanAfter.Value, effect.PerMoved.Value, effect.WorstTenth.Value)
	}
	return nil
}

// question makes a problem of the patients of a table: they live, as far as the
// table tells, where they came first. Centers are academic hospitals or the
// cancer institute.
func question(t *referral.Table, hospitals *network.Snapshot) siting.Problem {
	p := siting.Problem{Unit: "km"}
	for _, h := range hospitals.Hospitals() {
		if h.Type == network.TypeAcademic || h.ID == "AVL" {
			p.Candidates = append(p.Candidates, siting.Candidate{ID: h.ID})
		}
	}
	for _, o := range t.Origins() {
		n := t.OriginTotal(o)
		if referral.Beside(o) || n.Value == 0 {
			continue
		}
		var row []float64
		for _, c := range p.Candidates {
			d, err := km(hospitals.Landscape())(o, c.ID)
			if err != nil {
				d = math.NaN() // not known: does not serve
			}
			row = append(row, d)
		}
		p.Demands = append(p.Demands, siting.Demand{ID: o, Weight: n.Value})
		p.Distances = append(p.Distances, row)
	}
	return p
}

// treating gives the hospitals that treat patients and are no center.
func treating(t *referral.Table, centers []string) []string {
	var out []string
	for f := range t.Flows() {
		h := f.Destination
		if f.Cell.Hi > 0 && !referral.Beside(h) && !slices.Contains(centers, h) && !slices.Contains(out, h) {
			out = append(out, h)
		}
	}
	return out
}

func km(l *network.Landscape) func(from, to string) (float64, error) {
	return func(from, to string) (float64, error) {
		d, err := l.Distance(from, to)
		return d.Km, err
	}
}

func makeUp(ctx context.Context, hospitals *network.Snapshot) (*referral.Table, error) {
	c := simulate.Plain("sarcoma", hospitals)
	c.Patients, c.Seed = 6_000, 1
	for _, h := range hospitals.Hospitals() { // patients come first where the map has a place
		if h.Point.Known() {
			c.Tumors[0].Origins = append(c.Tumors[0].Origins, simulate.Weight{Hospital: h.ID, Weight: 1})
		}
	}
	registry, err := simulate.New(c)
	if err != nil {
		return nil, err
	}
	events, _, err := referral.ReadLog(ctx, registry.Rows(referral.LayoutEvents), referral.LogConfig{Within: hospitals, Synthetic: true})
	if err != nil {
		return nil, err
	}
	return events.Table(referral.Rule{})
}
