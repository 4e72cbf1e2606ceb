// SPDX-License-Identifier: Apache-2.0

package coverage_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
)

// operations is a log of three patients: one who came first to Noord and was
// operated on in the center, one who was operated on in Noord, and one who was
// in the center throughout.
func operations() *referral.Log {
	day := network.NewDate(2021, 3, 1)
	visit := func(patient, hospital string) referral.Event {
		return referral.Event{Patient: patient, Seq: 1, Date: day, Kind: referral.KindFirstVisit, Hospital: hospital}
	}
	surgery := func(patient, hospital string) referral.Event {
		return referral.Event{Patient: patient, Seq: 2, Date: day.AddDays(20), Kind: "surgery", Hospital: hospital}
	}
	events := []referral.Event{
		visit("1", "Noord"), surgery("1", "Center"), visit("2", "Noord"), surgery("2", "Noord"), visit("3", "Center"), surgery("3", "Center"),
	}
	l, _, err := referral.ReadLog(context.Background(), func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}, referral.LogConfig{Synthetic: true})
	if err != nil {
		panic(err)
	}
	return l
}

func ExampleCountClasses() {
	c, err := coverage.CountClasses(operations(), "surgery", coverage.NewList("centers", "Center"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("throughout", c.Throughout, "after diagnosis", c.AfterDiagnosis, "elsewhere", c.Elsewhere)
	// Output:
	// throughout 1 after diagnosis 1 elsewhere 1
}

// By the hospital of the first visit.
func ExampleInvolveBy() {
	centers := coverage.NewList("centers", "Center")
	first := func(p referral.Pathway) string {
		h, _, _ := p.FirstVisit()
		return h
	}
	for _, v := range coverage.InvolveBy(operations(), centers, first) {
		fmt.Println(v.Group, "treated in a center:", v.Treated, "of", v.Patients())
	}
	for p := range operations().Pathways() {
		h, _, _ := p.FirstVisit()
		c, referred := coverage.ContactOf(p, centers)
		fmt.Println(h, c, referred)
	}
	// Output:
	// Center treated in a center: 1 of 1
	// Noord treated in a center: 1 of 2
	// Noord none false
	// Center treated false
	// Noord treated false
}

// Over two years of which one had operations: half as many a year.
func ExampleCountVolumes() {
	volumes := coverage.CountVolumes(operations(), coverage.VolumeRule{})
	for _, v := range volumes {
		fmt.Println(v.Hospital, v.Year, v.Patients)
	}
	for _, v := range coverage.AnnualMean(volumes, "", 2020, 2021) {
		fmt.Println(v.Hospital, v.Patients, "a year")
	}
	// Output:
	// Center 2021 2
	// Noord 2021 1
	// Center 1 a year
	// Noord 0.5 a year
}

// A suppressed count gives bounds: 6 to 9 of 16 to 19.
func ExampleTreatedInCenters() {
	const flows = "origin,destination,count,lower,upper\nNoord,Noord,10,,\nNoord,Center,5,,\nNoord,Other center,,1,4\n"
	t, err := referral.ReadTable(context.Background(), strings.NewReader(flows), referral.TableConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	shares, err := coverage.TreatedInCenters(t, coverage.NewList("centers", "Center", "Other center"), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range shares {
		if s.Origin == "" {
			fmt.Printf("%.3f to %.3f\n", s.Lo, s.Hi)
		}
	}
	// Output:
	// 0.375 to 0.474
}
