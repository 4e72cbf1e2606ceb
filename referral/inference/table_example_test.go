// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
)

func tableOf(rows string) *referral.Table {
	t, err := referral.ReadTable(context.Background(), strings.NewReader("origin,destination,count,lower,upper\n"+rows), referral.TableConfig{})
	if err != nil {
		panic(err)
	}
	return t
}

// 30 of 40 stayed. Alone the share has a narrower interval than with all
// destinations together.
func ExampleOfShare() {
	for _, s := range flow.Retention(tableOf("A,A,30,,\nA,B,10,,\n")) {
		e, err := inference.OfShare(s, inference.Config{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%.3f, %.3f to %.3f\n", e.Value, e.Interval.Lo, e.Interval.Hi)
	}
	row, err := inference.OfRow(tableOf("A,A,30,,\nA,B,10,,\n"), "A", inference.Config{Method: inference.Goodman})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range row {
		fmt.Printf("%s %.3f, %.3f to %.3f\n", e.Destination, e.Value, e.Interval.Lo, e.Interval.Hi)
	}
	// Output:
	// 0.750, 0.598 to 0.858
	// A 0.750, 0.575 to 0.869
	// B 0.250, 0.131 to 0.425
}

// From 30 of 40 to 20 of 40.
func ExampleDifference() {
	first := flow.Retention(tableOf("A,A,30,,\nA,B,10,,\n"))[0]
	second := flow.Retention(tableOf("A,A,20,,\nA,B,20,,\n"))[0]
	d, err := inference.Difference(first, second, inference.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.2f, %.3f to %.3f\n", d.Difference.Value, d.Interval.Lo, d.Interval.Hi)
	fmt.Printf("Fisher p %.3f, z %.3f, p %.3f\n", d.Fisher.Value, d.Z.Value, inference.TwoSided(d.Z.Value))
	// Output:
	// -0.25, -0.433 to -0.038
	// Fisher p 0.037, z -2.309, p 0.021
}

// Of three p-values the smallest is multiplied by 3, the next by 3/2,
// and none gets more than a larger one.
func ExampleFalseDiscovery() {
	p, err := inference.FalseDiscovery([]float64{0.01, 0.04, 0.03})
	fmt.Printf("%.3f %v\n", p, err)
	fmt.Printf("%.3f\n", inference.TwoSided(1.96))
	// Output:
	// [0.030 0.040 0.040] <nil>
	// 0.050
}

// (x + 1/2) / (10 + 3/2) for 7, 3 and 0 of 10 patients.
func ExamplePosteriorMeans() {
	fmt.Printf("%.3f\n", inference.PosteriorMeans([]float64{7, 3, 0}))
	// Output:
	// [0.652 0.304 0.043]
}

// The first is above the second for sure, the third can be anywhere.
func ExampleRankIntervals() {
	for _, r := range inference.RankIntervals([]inference.Interval{{Lo: 0.8, Hi: 0.9}, {Lo: 0.5, Hi: 0.7}, {Lo: 0.4, Hi: 0.95}}) {
		fmt.Println(r.Best, "to", r.Worst)
	}
	// Output:
	// 1 to 2
	// 2 to 3
	// 1 to 3
}

// A hospital with 4 patients in a year may well have 5 a year in truth.
func ExampleBelowNorm() {
	r, err := inference.BelowNorm(referral.Count(4), 5, inference.RateConfig{})
	fmt.Printf("%.3f %v\n", r.Value, err)
	// Output:
	// 0.650 <nil>
}

// The standard errors of what describes a table as a whole and its classes.
func ExampleJackknife() {
	stats := []inference.Statistic{
		inference.SupraShare(), inference.Retention(), inference.HHIOrigin(), inference.HHIDestination(), inference.HHIMarket(),
		inference.EntropyOrigin(), inference.EntropyMarket(), inference.GiniDestination(), inference.PageRank(),
		inference.Centrality("in_degree", func(g *graph.Digraph) (graph.Values[int], error) { return centrality.InDegree(g), nil }),
	}
	list, err := inference.Jackknife(context.Background(), tableOf("A,A,30,,\nA,B,10,,\nB,B,20,,\nB,A,5,,\n"), stats)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, j := range list {
		if j.Scope == "" || j.Scope == "A" {
			fmt.Printf("%s %s %.4f (standard error %.4f)\n", j.Statistic, j.Scope, j.Observed.Value, j.SE)
		}
	}
	// Output:
	// supra_share  0.2308 (standard error 0.0527)
	// retention A 0.7500 (standard error 0.0697)
	// hhi_origin A 0.6250 (standard error 0.0715)
	// hhi_destination A 0.7551 (standard error 0.0889)
	// hhi_market  0.5030 (standard error 0.0097)
	// entropy_origin A 0.5623 (standard error 0.0790)
	// entropy_market  0.6902 (standard error 0.0098)
	// gini_destination  0.0385 (standard error 0.0623)
	// pagerank A 0.5000 (standard error 0.0000)
	// in_degree A 1.0000 (standard error 0.0000)
}

// Patients are drawn with all that they add: here one step each, from one
// treatment to the next.
func ExampleBootstrapPatients() {
	visit := func(patient string, seq int32, hospital string) referral.Event {
		return referral.Event{Patient: patient, Seq: seq, Date: network.NewDate(2021, 3, int(seq)), Kind: "surgery", Hospital: hospital}
	}
	events := []referral.Event{visit("1", 1, "A"), visit("1", 2, "B"), visit("2", 1, "A"), visit("2", 2, "A")}
	l, _, err := referral.ReadLog(context.Background(), func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}, referral.LogConfig{Synthetic: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	steps := func(p referral.Pathway, add func(origin, destination string, weight float64)) {
		for i := 1; i < p.Len(); i++ {
			add(p.Event(i-1).Hospital, p.Event(i).Hospital, 1)
		}
	}
	r, err := inference.BootstrapPatients(context.Background(), l, steps, []inference.Statistic{inference.SupraShare()}, inference.BootstrapConfig{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	s, _ := r.Find("supra_share", "")
	fmt.Println("observed", s.Observed)
	// Output: observed 0.5
}
