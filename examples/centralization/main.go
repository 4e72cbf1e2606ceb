// SPDX-License-Identifier: Apache-2.0

// Command centralization measures how far care is centralized: patients by
// hospital, year and kind of treatment, hospitals under a norm, and the way
// patients came to their surgery, beside what is published. The registry is made
// up; read your own with source.ReadFile. It is meant to be copied.
//
//	go run ./examples/centralization
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/oncoref/oncoref/examples/internal/study"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
	"github.com/oncoref/oncoref/seeds"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// The years of the figures.
const from, to = 2016, 2021

var period = network.Period{From: network.NewDate(from, time.January, 1), To: network.NewDate(to, time.December, 31)}

func run(ctx context.Context, w io.Writer) error {
	landscape, err := seeds.Landscape()
	if err != nil {
		return err
	}
	hospitals := landscape.On(network.NewDate(to, time.December, 31))
	// The specialized hospitals of the figures: eight centers and six partners.
	centers := coverage.Designated(hospitals, "NWHHT", network.DesignationQuery{Body: "NWHHT", Disease: "head_and_neck"})
	events, err := study.HeadAndNeck(ctx, hospitals, centers, period)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "SYNTHETIC DATA: %d patients who do not exist, %d-%d\n", events.Patients(), from, to)

	volumes := coverage.CountVolumes(events, coverage.VolumeRule{ByKind: true})
	for _, kind := range []string{"surgery", "radiotherapy"} {
		fmt.Fprintf(w, "\nPatients with %s by specialized hospital and year\n%-12s", kind, "")
		for year := from; year <= to; year++ {
			fmt.Fprintf(w, "%7d", year)
		}
		fmt.Fprintf(w, "%8s\n", "mean")
		annual := coverage.AnnualMean(volumes, kind, from, to)
		for _, h := range annual {
			if !centers.Has(h.Hospital) {
				continue // the others are summed up below
			}
			fmt.Fprintf(w, "%-12s", h.Hospital)
			for year := from; year <= to; year++ {
				fmt.Fprintf(w, "%7s", shown(volumes, h.Hospital, kind, year))
			}
			fmt.Fprintf(w, "%8.1f\n", h.Patients.Lo)
		}
		// No number for these operations is published, so this one is an example.
		const norm = 20
		under := coverage.CountUnder(annual, norm)
		fmt.Fprintf(w, "under %d a year: %s of %s hospitals, with a share of %s of the patients\n",
			norm, under.Hospitals, under.Active, percent(under.SharePatients))
	}
	return classes(w, events, centers)
}

// shown is a volume that may be printed: counts of 1 to 4 may not.
func shown(volumes []coverage.Volume, hospital, kind string, year int) string {
	for _, v := range volumes {
		if v.Hospital == hospital && v.Kind == kind && v.Year == year {
			if v.Patients.Lo < 5 {
				return "<5"
			}
			return v.Patients.String()
		}
	}
	return "0"
}

// classes divides the patients with surgery by how they came to it.
func classes(w io.Writer, events *referral.Log, centers coverage.List) error {
	made, err := coverage.CountClasses(events, "surgery", centers)
	if err != nil {
		return err
	}
	published, err := study.Figure33()
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nThe way to surgery, percent%28s%12s\n", "synthetic", "published")
	for _, x := range []struct {
		name         string
		n, published float64
	}{
		{"diagnosis and surgery in a center", made.Throughout, published.Throughout},
		{"referred after diagnosis elsewhere", made.AfterDiagnosis, published.AfterDiagnosis},
		{"referred after surgery elsewhere", made.AfterTreatment, published.AfterTreatment},
		{"definitive surgery elsewhere", made.Elsewhere, published.Elsewhere},
	} {
		fmt.Fprintf(w, "%-40s%14.0f%12.0f\n", x.name, 100*x.n/made.Total(), x.published)
	}
	fmt.Fprintf(w, "%-40s%14s%12s\n", "in a center, of all", percent(made.InCenter().Result), percent(published.InCenter().Result))
	fmt.Fprintf(w, "%-40s%14s%12s\n", "in a center, of those from elsewhere", percent(made.Referred().Result), percent(published.Referred().Result))
	fmt.Fprintf(w, "\nCenters on %s: %v\n", centers.On, centers.Hospitals)
	return nil
}

func percent(r referral.Result) string {
	if r.Status != referral.OK {
		return r.String()
	}
	return strconv.FormatFloat(100*r.Value, 'f', 1, 64) + "%"
}
