// SPDX-License-Identifier: Apache-2.0

// Command pathology follows tissue beside patients: a patient goes from A to C,
// the tissue from A to B for review, back to A, and only then to C. It counts how
// often that is, and what it costs in days and kilometers. The registry is made
// up; read your own with source.ReadFile. It is meant to be copied.
//
//	go run ./examples/pathology
package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"log"
	"os"
	"slices"
	"time"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
	"github.com/oncoref/oncoref/referral/simulate"
	"github.com/oncoref/oncoref/seeds"
)

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, w io.Writer) error {
	landscape, err := seeds.Landscape()
	if err != nil {
		return err
	}
	hospitals := landscape.On(network.NewDate(2021, time.December, 31))
	c := simulate.Plain("sarcoma", hospitals)
	c.Patients, c.Seed = 6_000, 1
	registry, err := simulate.New(c)
	if err != nil {
		return err
	}
	rows := detour(registry.Rows(referral.LayoutEvents))
	events, _, err := referral.ReadLog(ctx, rows, referral.LogConfig{Within: hospitals, Synthetic: true})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "SYNTHETIC DATA: %d patients who do not exist\n\n", events.Patients())

	km := func(from, to string) (float64, error) {
		d, err := landscape.Distance(from, to)
		return d.Km, err
	}
	groups := map[string]*way{"at once": {}, "by a third hospital": {}}
	for p := range events.Pathways() {
		tissue, ok := pathway.TissueOf(p, km)
		if !ok || !tissue.Reached || !tissue.HasLag {
			continue
		}
		name := "at once"
		if tissue.Legs > 1 {
			name = "by a third hospital"
		}
		g := groups[name]
		g.days = append(g.days, tissue.Lag)
		g.km += tissue.Km
		g.extra += tissue.Km - tissue.Direct
	}
	fmt.Fprintf(w, "%-20s %9s %12s %10s %12s\n", "tissue went", "patients", "median days", "km each", "extra km")
	for _, name := range []string{"at once", "by a third hospital"} {
		g := groups[name]
		n := float64(len(g.days))
		slices.Sort(g.days)
		fmt.Fprintf(w, "%-20s %9d %12d %10.1f %12.1f\n", name, len(g.days), g.days[len(g.days)/2], g.km/n, g.extra/n)
	}
	sum := pathway.CountShipments(events)
	inTime := pathway.TissueInTime(events)
	fmt.Fprintf(w, "\nOf %d patients whose tissue was sent, %.1f%% had a detour; it reached the treating hospital for %.1f%%.\n",
		sum.Patients, 100*sum.Detours.Value, 100*sum.Reached.Value)
	fmt.Fprintf(w, "Of %d patients treated elsewhere, tissue is known to have been there in time for %.1f%%: a lower bound.\n", inTime.N, 100*inTime.Value)
	return nil
}

// way is the ways of the tissue of some patients. Days are from the referral of
// the patient to the arrival of the tissue.
type way struct {
	days      []int
	km, extra float64
}

// review is the hospital that reviews, and the days that each leg takes.
const review, legDays = "UMCU", 7

// detour sends the tissue of every fourth patient to a review first: A to B,
// back to A, and only then to C. The registry sends all of it to C at once.
func detour(rows iter.Seq2[referral.Event, error]) iter.Seq2[referral.Event, error] {
	return func(yield func(referral.Event, error) bool) {
		shipments := 0
		for e, err := range rows {
			if err != nil || e.Layer != referral.LayerPathology || e.Hospital == review || e.ToHospital == review {
				if !yield(e, err) {
					return
				}
				continue
			}
			if shipments++; shipments%4 != 0 || e.Date.IsZero() {
				if !yield(e, err) {
					return
				}
				continue
			}
			e.Seq = 0
			from, to, sent := e.Hospital, e.ToHospital, e.Date
			for i, leg := range [][2]string{{from, review}, {review, from}, {from, to}} {
				e.Hospital, e.ToHospital, e.Date, e.Line = leg[0], leg[1], sent.AddDays(i*legDays), 0
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}
