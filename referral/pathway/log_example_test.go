// SPDX-License-Identifier: Apache-2.0

package pathway_test

import (
	"context"
	"fmt"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

// The first patient was in Alkmaar, in Utrecht and again in Alkmaar, the second
// in Utrecht only: one of two patients passed through Utrecht.
func ExampleCountTransit() {
	for _, s := range pathway.CountTransit(exampleEvents()) {
		fmt.Println(s.Origin, s.Part, "of", s.Whole)
	}
	for _, s := range pathway.CountSharing(exampleEvents()) {
		fmt.Println(s.A, s.B, s.Patients)
	}
	// Output:
	// Alkmaar 0 of 2
	// Amsterdam 0 of 2
	// Utrecht 1 of 2
	// Alkmaar Utrecht 1
}

// The first patient has three events, two of them in Alkmaar: (2² + 1² - 3) / (3·2).
// The second has both in Utrecht.
func ExampleContinuityOf() {
	for p := range exampleEvents().Pathways() {
		c, ok := pathway.ContinuityOf(p)
		fmt.Printf("%d events, %.2f, %.2f, %v; back: %v, shared: %v\n",
			c.Events, c.BiceBoxerman, c.UsualProvider, ok, pathway.CameBack(p), pathway.SharedTreatment(p))
	}
	// Output:
	// 2 events, 1.00, 1.00, true; back: false, shared: false
	// 3 events, 0.33, 0.67, true; back: true, shared: false
}

// From the first visit to the surgery it took 21 and 14 days.
func ExampleCountWaits() {
	w := pathway.CountWaits(exampleEvents())
	for _, x := range w.Waits {
		fmt.Println(x.Days, x.Outcome)
	}
	for p := range exampleEvents().Pathways() {
		x, problem := pathway.WaitOf(p)
		fmt.Println(x.Days, problem == "")
	}
	// Output:
	// 14 treated
	// 21 treated
	// 14 true
	// 21 true
}

// The tissue of the first patient went to Amsterdam and back, and then to
// Utrecht.
func ExampleLayerTable() {
	t, err := pathway.LayerTable(context.Background(), exampleEvents(), referral.LayerPathology)
	if err != nil {
		fmt.Println(err)
		return
	}
	for f := range t.Flows() {
		fmt.Println(f.Origin, f.Destination, f.Cell)
	}
	s := pathway.CountShipments(exampleEvents())
	fmt.Println(s.Patients, "patient, arrived:", s.Reached.Part, "by detours:", s.Detours.Part)
	// Output:
	// Alkmaar Amsterdam 1
	// Alkmaar Utrecht 1
	// Amsterdam Alkmaar 1
	// 1 patient, arrived: 1 by detours: 1
}

// The first patient went from Alkmaar to Utrecht and back: Utrecht stood between
// a hospital of another group and itself.
func ExampleCountBrokerage() {
	groups, err := network.NewPartition("networks", map[string]string{"Alkmaar": "North", "Amsterdam": "North", "Utrecht": "Middle"})
	if err != nil {
		fmt.Println(err)
		return
	}
	list, err := pathway.CountBrokerage(exampleEvents(), groups)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, b := range list {
		fmt.Println(b.Hospital, b.Role, b.Count)
	}
	// Output:
	// Utrecht return 1
}
