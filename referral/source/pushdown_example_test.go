// SPDX-License-Identifier: Apache-2.0

package source_test

import (
	"fmt"
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/source"
)

func ExampleReadMapping() {
	m, err := source.ReadMapping(strings.NewReader(`
columns:
  pseudoniem: patient
  ok-datum: date
events:
  OK: surgery
separator: ";"
`), "mapping.yaml")
	fmt.Println(m.Columns["ok-datum"], m.Events["OK"], string(m.Comma), err)

	_, err = source.ReadMapping(strings.NewReader("colums:\n  pseudoniem: patient\n"), "mapping.yaml")
	fmt.Println(err)
	// Output:
	// date surgery ; <nil>
	// mapping.yaml:1:1: "colums": expected one of columns, events, sheet, encoding, separator
}

func ExamplePushdownQuery() {
	query, err := source.PushdownQuery(source.PushdownConfig{
		Dialect: source.Trino, Layout: referral.LayoutTreatments, Table: []string{"hive", "registry", "treatments"},
		Membership: []string{"hive", "registry", "membership"}, Rule: referral.Rule{Destination: referral.FirstTreatment},
	})
	for line := range strings.Lines(query) {
		if strings.Contains(line, "registry") {
			fmt.Print(line)
		}
	}
	fmt.Println(err)
	// Output:
	//   FROM "hive"."registry"."treatments"
	//   FROM "hive"."registry"."membership"
	// <nil>
}
