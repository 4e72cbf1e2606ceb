// SPDX-License-Identifier: Apache-2.0

package siting_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/siting"
)

func ExampleMedian() {
	p := siting.Problem{
		Demands:    []siting.Demand{{ID: "north", Weight: 30}, {ID: "middle", Weight: 20}, {ID: "south", Weight: 25}},
		Candidates: []siting.Candidate{{ID: "H1"}, {ID: "H2"}, {ID: "H3"}},
		Distances:  [][]float64{{5, 60, 110}, {55, 10, 60}, {120, 70, 5}},
		Unit:       "km",
	}
	plan, err := siting.Median(context.Background(), p, 2, siting.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v, %.1f km on average, at most %v km; proved: %v, equally good: %d\n",
		plan.Centers, plan.Mean, plan.Largest, plan.Proved, plan.Optima-1)
	// Output: [H1 H3], 18.3 km on average, at most 55 km; proved: true, equally good: 0
}

func ExampleWhatIf() {
	t, err := referral.ReadTable(context.Background(), strings.NewReader(
		"origin,destination,count\nNorth,North,40\nNorth,Middle,10\nMiddle,Middle,30\nSouth,South,6\nSouth,Middle,14\n"),
		referral.TableConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	km := map[string]float64{"North-Middle": 60, "North-South": 150, "Middle-North": 60, "Middle-South": 80, "South-North": 150, "South-Middle": 80}
	e, err := siting.WhatIf(t, siting.Change{
		Close:    []string{"South"},
		Distance: func(from, to string) (float64, error) { return km[from+"-"+to], nil },
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("patients who move:", e.Moved, "further km each:", e.PerMoved)
	fmt.Println("treated in Middle:", e.Before.DestinationTotal("Middle"), "->", e.After.DestinationTotal("Middle"))
	// Output:
	// patients who move: 6 further km each: 80
	// treated in Middle: 54 -> 60
}

func ExampleWriteLP() {
	p := siting.Problem{
		Demands:    []siting.Demand{{ID: "north", Weight: 3}},
		Candidates: []siting.Candidate{{ID: "H1"}, {ID: "H2"}},
		Distances:  [][]float64{{10, 30}},
	}
	_ = siting.WriteLP(os.Stdout, p, siting.Export{Model: siting.CoverModel, Radius: 20})
	// Output:
	// \ lscp
	// \ y0 = "H1"
	// \ y1 = "H2"
	// \ demand 0 = "north"
	// Minimize
	//  obj: + y0 + y1
	// Subject To
	//  cover0: + y0 >= 1
	// Binary
	//  y0
	//  y1
	// End
}
