// SPDX-License-Identifier: Apache-2.0

package export_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/oncoref/oncoref/graph/exchange"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/export"
)

// The flow from B is known to lie between 1 and 4. Pajek needs a number: here it
// is the lower bound, and the file says so.
func ExampleGraph() {
	const flows = "origin,destination,count,lower,upper\nA,A,40,,\nB,A,,1,4\n"
	t, err := referral.ReadTable(context.Background(), strings.NewReader(flows), referral.TableConfig{
		Meta: referral.Meta{Unit: referral.Patients},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	g, style, err := export.Graph(t, export.Config{Weights: export.Lower})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := exchange.Encode(os.Stdout, g, exchange.Pajek, style); err != nil {
		fmt.Println(err)
	}
	// Output:
	// % unit: patients
	// % unlisted_pairs: zero
	// % origin_rule: unknown
	// % destination_rule: unknown
	// % weight_rule: lower bound
	// *Vertices 2
	// 1 "A"
	// 2 "B"
	// *Arcs
	// 1 1 40
	// 2 1 1
}
