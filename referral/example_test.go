// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"context"
	"fmt"
	"os"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// A table with a suppressed cell: the totals are bounds.
func ExampleReadTable() {
	file := `origin,destination,count,lower,upper
North,geen,40,,
North,South,12,,
North,West,,1,4
South,geen,55,,
South,North / West,8,,
`
	t, err := referral.ReadTable(context.Background(), strings.NewReader(file), referral.TableConfig{
		File: "flows.csv",
		Meta: referral.Meta{Unit: referral.Patients, Level: referral.LevelNetwork},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for f := range t.Flows() {
		fmt.Println(f.Origin, "to", f.Destination, f.Cell, f.Retained(), f.Members)
	}
	fmt.Println("patients of North:", t.OriginTotal("North"))
	fmt.Println("treated in West:", t.DestinationTotal("West"))
	// Output:
	// North to North 40 true [North]
	// North to South 12 false [South]
	// North to West [1, 4] false [West]
	// South to North / West 8 false [North West]
	// South to South 55 true [South]
	// patients of North: [53, 56]
	// treated in West: [1, 12]
}

// Bad input is told with its place.
func ExampleReadTable_badInput() {
	_, err := referral.ReadTable(context.Background(), strings.NewReader("origin,destination,count\nNorth,South,<5\n"),
		referral.TableConfig{File: "flows.csv"})
	fmt.Println(err)
	// Output:
	// flows.csv:2:13: count "<5": expected a count such as 12, an empty field if it is unknown, or a mark that is declared as suppressed
}

// Two hospitals become one network, and the flow between them is retained.
func ExampleTable_Aggregate() {
	t, _ := referral.ReadTable(context.Background(), strings.NewReader(`origin\destination,H1,H2,H3
H1,24,1,9
H2,8,8,3
H3,2,0,25
`), referral.TableConfig{})
	p, _ := network.NewPartition("regional", map[string]string{"H1": "North", "H2": "North", "H3": "South"})
	networks, err := t.Aggregate(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = networks.WriteCSV(os.Stdout, referral.WriteConfig{Layout: referral.Matrix})
	// Output:
	// origin\destination,North,South
	// North,41,12
	// South,2,25
}

func ExampleTable_Merge() {
	read := func(year, count string) *referral.Table {
		period, _ := network.ParsePeriod(year)
		t, _ := referral.ReadTable(context.Background(), strings.NewReader("origin,destination,count\nNorth,South,"+count+"\n"),
			referral.TableConfig{Meta: referral.Meta{Unit: referral.Patients, Period: period}})
		return t
	}
	both, err := read("2016", "4").Merge(read("2017", "8"))
	fmt.Println(both.Cell("North", "South"), both.Meta().Period, err)
	_, err = read("2016", "4").Merge(read("2016", "8"))
	fmt.Println(err)
	// Output:
	// 12 2016-2017 <nil>
	// referral: merging would count the same patients twice: origin "North", period "2016", and origin "North", period "2016"
}

// A graph of a table that shows presence only has weight 1 for every flow.
func ExampleTable_Graph() {
	t, _ := referral.ReadTable(context.Background(), strings.NewReader("origin,destination\nNorth,South\nNorth,geen\n"), referral.TableConfig{})
	_, err := t.Graph(referral.Counts)
	fmt.Println(err)
	g, _ := t.Graph(referral.Presence)
	for e := range g.Edges() {
		fmt.Println(g.Key(e.From), g.Key(e.To), e.Weight)
	}
	// Output:
	// referral: flow "North" to "North" is present: expected an exact count; the policies lower, upper and presence work with less
	// North North 1
	// North South 1
}

func ExampleTable_Filter() {
	t, _ := referral.ReadTable(context.Background(), strings.NewReader("origin,destination,count,tumor\nNorth,South,4,penile\nNorth,South,7,eye\n"), referral.TableConfig{})
	eye, err := t.Filter(referral.Selection{Tumor: "eye"})
	fmt.Println(t.Cell("North", "South"), eye.Cell("North", "South"), eye.Meta().Tumor, err)
	// Output:
	// 11 7 eye <nil>
}
