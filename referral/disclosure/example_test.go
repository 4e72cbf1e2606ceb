// SPDX-License-Identifier: Apache-2.0

package disclosure_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/disclosure"
)

const flows = `origin\destination,A,B,C
A,40,12,3
B,8,55,6
C,2,10,18
`

func load() *referral.Table {
	t, err := referral.ReadTable(context.Background(), strings.NewReader(flows), referral.TableConfig{})
	if err != nil {
		panic(err)
	}
	return t
}

func ExampleGate() {
	t, err := disclosure.Gate(load(), disclosure.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(t.Cell("A", "C"), t.Cell("A", "B"), t.OriginTotal("A"))
	// Output: [1, 4] 12 [53, 56]
}

func ExampleSuppress() {
	s, err := disclosure.Suppress(context.Background(), load(), disclosure.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Status, "hides", s.Value, "patients more, best:", s.Best)
	for _, h := range s.Hidden {
		fmt.Printf("%v: %v, between %v and %v\n", h.Entry, h.Reason, h.Lo, h.Hi)
	}
	// Output:
	// protected hides 36 patients more, best: true
	// A, B: complementary, between 10 and 15
	// A, C: small, between 0 and 5
	// B, A: complementary, between 5 and 10
	// B, C: complementary, between 4 and 9
	// C, A: small, between 0 and 5
	// C, B: complementary, between 7 and 12
}

func ExampleRelease_Audit() {
	t := load()
	s, err := disclosure.Suppress(context.Background(), t, disclosure.Config{Drop: disclosure.AllMargins})
	if err != nil {
		fmt.Println(err)
		return
	}
	published, err := s.Table(false)
	if err != nil {
		fmt.Println(err)
		return
	}
	var r disclosure.Release
	if err := r.Publish("flows", published, t); err != nil {
		fmt.Println(err)
		return
	}
	// The text beside the table says that 55 patients came from A.
	if err := r.State(disclosure.Statement{
		Name: "patients of A in the text", Lo: 55, Hi: 55,
		Terms: []disclosure.Term{{Ref: disclosure.Ref{Table: "flows", Origin: "A"}, Coef: 1}},
	}); err != nil {
		fmt.Println(err)
		return
	}
	a, err := r.Audit(context.Background(), disclosure.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range a.Findings {
		fmt.Println(f.Ref, f.Verdict, f.Lo, f.Hi, f.Reveals)
	}
	// Output:
	// flows: A, C revealed 3 3 [flows: A, A flows: A, B patients of A in the text]
	// flows: C, A safe 0 +Inf []
}

func ExampleRound() {
	r, err := disclosure.Round(context.Background(), load(), disclosure.RoundConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, row := range r.Counts {
		fmt.Println(r.Rows[i], row, r.RowTotals[i])
	}
	fmt.Println("total", r.ColumnTotals, r.Total)
	// Output:
	// A [40 10 5] 55
	// B [10 55 5] 70
	// C [0 10 20] 30
	// total [50 75 30] 155
}

func ExampleCompare() {
	losses, err := disclosure.Compare(context.Background(), load(), disclosure.Config{}, disclosure.RoundConfig{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, l := range losses {
		fmt.Printf("%-18s cells %d, patients %d, totals %d, classes %d, width %.1f\n", l.Method, l.Cells, l.Patients, l.Totals, l.Classes, l.Width)
	}
	// Output:
	// gate               cells 2, patients 5, totals 7, classes 0, width 0.7
	// suppress           cells 6, patients 41, totals 0, classes 0, width 3.3
	// merge              cells 6, patients 77, totals 2, classes 2, width 17.1
	// round controlled   cells 9, patients 154, totals 7, classes 0, width 7.6
	// round random       cells 9, patients 154, totals 7, classes 0, width 7.1
	// round conventional cells 9, patients 154, totals 7, classes 0, width 3.4
}
