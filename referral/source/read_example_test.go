// SPDX-License-Identifier: Apache-2.0

package source_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/source"
)

// One row has a day that does not exist. It is refused, and the others are read.
func ExampleReadLog() {
	extract := strings.NewReader(`patient,seq,date,event,hospital
a,1,2020-01-06,first_visit,North
a,2,2020-02-03,surgery,Center
b,1,2020-03-02,first_visit,North
b,2,2020-02-30,surgery,Center
`)
	l, q, err := source.ReadLog(context.Background(), extract, source.Config{Log: referral.LogConfig{File: "extract.csv"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(q)
	t, err := l.Table(referral.Rule{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for f := range t.Flows() {
		fmt.Println(f.Origin, "to", f.Destination, f.Cell)
	}
	// Output:
	// extract.csv: layout events
	// rows read 4, in the log 3, left out as copies 0, refused 1
	// patients 2, cases 2, treated 1, untreated 1 (died 0), without first visit 0
	// refused bad_date: 1 (line 5)
	// North to Center 1
	// North to untreated 1
}

// An extract with names and codes of its own, one row for each treatment.
func ExampleReadLog_mapping() {
	extract := strings.NewReader(`pseudoniem;eerste ziekenhuis;behandeling;behandelziekenhuis;datum
a;North;OK;Center;03-02-2020
b;North;;;
`)
	m, err := source.ReadMapping(strings.NewReader(`
columns:
  pseudoniem: patient
  eerste ziekenhuis: first_visit_hospital
  behandelziekenhuis: hospital
events:
  OK: surgery
`), "mapping.yaml")
	if err != nil {
		fmt.Println(err)
		return
	}
	l, q, err := source.ReadLog(context.Background(), extract, source.Config{Mapping: m})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(q.Layout, l.Kinds(), "untreated:", q.Untreated)
	// Output: treatments [surgery] untreated: 1
}
