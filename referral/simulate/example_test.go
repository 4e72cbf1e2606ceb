// SPDX-License-Identifier: Apache-2.0

package simulate_test

import (
	"context"
	"fmt"
	"os"
	"testing/fstest"
	"time"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/simulate"
)

// Half of the patients of a small hospital go to a center 40 km away.
func ExampleRegistry_Write() {
	landscape, err := network.ReadLandscape(fstest.MapFS{
		"hospitals.csv": {Data: []byte("hospital,lat,lon\nCenter,52,5\nSmall,52,5.58\n")},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := simulate.New(simulate.Config{
		Landscape: landscape.On(network.NewDate(2021, time.December, 31)),
		Tumors: []simulate.Tumor{{
			Name:    "sarcoma",
			Origins: []simulate.Weight{{Hospital: "Small", Weight: 1}},
			Centers: []simulate.Center{{Hospital: "Center", Shares: []simulate.Share{{Year: 2021, Share: 0.5}}}},
		}},
		Period:   network.Period{From: network.NewDate(2021, time.January, 1), To: network.NewDate(2021, time.December, 31)},
		Patients: 4,
		Quota:    true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	sum, err := r.Write(context.Background(), os.Stdout, simulate.WriteConfig{Layout: referral.LayoutTreatments})
	fmt.Println(sum.Patients, "patients", err)
	// Output:
	// patient_id,tumor,year,first_visit_hospital,treatment,treatment_hospital,date,synthetic
	// SYN000000001,sarcoma,2021,Small,surgery,Small,2021-11-28,yes
	// SYN000000002,sarcoma,2021,Small,surgery,Center,2021-10-19,yes
	// SYN000000003,sarcoma,2021,Small,surgery,Center,2021-05-13,yes
	// SYN000000004,sarcoma,2021,Small,surgery,Small,2021-05-20,yes
	// 4 patients <nil>
}
