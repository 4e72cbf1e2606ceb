// SPDX-License-Identifier: Apache-2.0

package chart_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/chart"
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
