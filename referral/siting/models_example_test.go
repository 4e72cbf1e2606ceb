// SPDX-License-Identifier: Apache-2.0

package siting_test

import (
	"context"
	"fmt"

	"github.com/oncoref/oncoref/referral/siting"
)

// threeRegions is a problem with three regions and three hospitals.
func threeRegions() siting.Problem {
	return siting.Problem{
		Demands:    []siting.Demand{{ID: "north", Weight: 30}, {ID: "middle", Weight: 20}, {ID: "south", Weight: 25}},
		Candidates: []siting.Candidate{{ID: "H1", Capacity: 60}, {ID: "H2", Capacity: 60}, {ID: "H3", Capacity: 40}},
		Distances:  [][]float64{{5, 60, 110}, {55, 10, 60}, {120, 70, 5}},
		Unit:       "km",
	}
}

// With two centers nobody need be farther than 55 km: H1 and H3.
func ExampleCenter() {
	plan, err := siting.Center(context.Background(), threeRegions(), 2, siting.CoverConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.Centers, plan.Objective, plan.Unit, plan.Proved)
	// Output: [H1 H3] 55 km true
}

// Within 60 km of everybody takes two centers; one alone reaches 50 of the 75
// within 60 km.
func ExampleCover() {
	plan, err := siting.Cover(context.Background(), threeRegions(), 60, siting.CoverConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(plan.Centers), "centers")
	one, err := siting.MaxCover(context.Background(), threeRegions(), 1, 60, siting.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(one.Centers, "covers", one.Objective)
	// Output:
	// 2 centers
	// [H1] covers 50
}

// What the mean and the largest distance could be at best, for one to three
// centers.
func ExampleFrontier() {
	list, err := siting.Frontier(context.Background(), threeRegions(), 1, 3, siting.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range list {
		fmt.Printf("%d: mean %.1f km, largest %.0f km\n", p.Count, p.Median.Mean, p.Center.Largest)
	}
	// Output:
	// 1: mean 50.0 km, largest 70 km
	// 2: mean 18.3 km, largest 55 km
	// 3: mean 6.3 km, largest 10 km
}

// H3 can serve 40: with H1 and H3 all 75 have a place, and south needs 25 of H3.
func ExampleCapacitatedMedian() {
	plan, err := siting.CapacitatedMedian(context.Background(), threeRegions(), 2, siting.CapacitatedConfig{SingleSource: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.Centers)
	for _, s := range plan.Served {
		fmt.Println(s.Demand, "to", s.Center, s.Weight)
	}
	// Output:
	// [H1 H3]
	// middle to H1 20
	// north to H1 30
	// south to H3 25
}
