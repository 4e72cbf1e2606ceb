// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// networks is a table of three networks: N keeps 60 of its 100 patients.
func networks() *referral.Table {
	return fromRows("N,N,60,,\nN,S,40,,\nS,S,30,,\nS,N,10,,\nE,E,20,,\nE,N,20,,\n")
}

// hidden is a table with published totals and two suppressed counts.
func hidden() *referral.Table {
	return fromRows("N,N,60,,\nN,S,,1,4\nN,E,,1,4\nN,total,66,,\nS,S,30,,\nS,N,10,,\nS,total,40,,\n")
}

func fromRows(rows string) *referral.Table {
	text := "origin,destination,count,lower,upper\n" + rows
	t, err := referral.ReadTable(context.Background(), strings.NewReader(text), referral.TableConfig{Meta: referral.Meta{Unit: referral.Patients}})
	if err != nil {
		panic(err)
	}
	return t
}

// 60 of the 100 patients of N were treated there, 30 of the 40 of S, 20 of the
// 40 of E.
func ExampleRetention() {
	for _, s := range flow.Retention(networks()) {
		fmt.Println(s.Origin, s.Part, "of", s.Whole, "=", s.Result)
	}
	// Output:
	// E 20 of 40 = 0.5
	// N 60 of 100 = 0.6
	// S 30 of 40 = 0.75
}

// The means count N as one origin of three, the pooled share as 100 patients of
// 180.
func ExampleMeanRetention() {
	fmt.Printf("%.4f\n", flow.MeanRetention(networks()).Value) // (0.5 + 0.6 + 0.75) / 3
	fmt.Printf("%.4f\n", flow.PooledRetention(networks()).Value)
	// Output:
	// 0.6167
	// 0.6111
}

// 90 patients are treated in N, and 100 come from it.
func ExampleAttractionRatio() {
	for _, r := range flow.AttractionRatio(networks()) {
		fmt.Println(r.Scope, r.Result)
	}
	// Output:
	// E 0.5
	// N 0.9
	// S 1.75
}

// N sends to S and S to N; E sends to N, which sends nothing back: two of three
// flows are returned. Of the 70 patients who leave, 10 each way are matched.
func ExampleWeightedReciprocity() {
	fmt.Printf("%.4f\n", flow.BinaryReciprocity(networks()).Value)
	fmt.Printf("%.4f\n", flow.WeightedReciprocity(networks()).Value)
	// Output:
	// 0.6667
	// 0.2857
}

// The flow from E lies on no cycle: 20 of the 70 patients who leave.
func ExampleFlowHierarchy() {
	s := flow.FlowHierarchy(networks())
	fmt.Println(s.Part, "of", s.Whole)
	// Output:
	// 20 of 70
}

// N and S exchange 50 patients and E sends 20: N gains 30 and loses 40. The
// sum of all gains and losses, 10 + 30 + 20, over twice the 70 patients who move
// is 3/7.
func ExampleMigrationEffectiveness() {
	for _, r := range flow.NetFlow(networks()) {
		fmt.Println(r.Scope, r.Result)
	}
	fmt.Printf("%.2f %%\n", flow.MigrationEffectiveness(networks()).Value)
	// Output:
	// E -20
	// N -10
	// S 30
	// 42.86 %
}

// ln((30 + 0.5) / (40 + 0.5)) for N, which receives 30 and sends 40.
func ExampleLogImportExportRatio() {
	for _, r := range flow.LogImportExportRatio(networks()) {
		fmt.Printf("%s %.4f\n", r.Scope, r.Value)
	}
	// Output:
	// E -3.7136
	// N -0.2836
	// S 1.3499
}

// If S has the expert center, 40 of the 70 patients who leave their network go
// there, and 80 of 180 are treated at home outside it.
func ExampleExpertDirected() {
	list, err := flow.ExpertDirected(networks(), []string{"S"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range list {
		fmt.Println(s.Origin, s.Part, "of", s.Whole)
	}
	all, err := flow.PooledExpertDirected(networks(), []string{"S"})
	fmt.Println(all.Part, "of", all.Whole, err)
	home, err := flow.RetainedByOthers(networks(), []string{"S"})
	fmt.Println(home.Part, "of", home.Whole, err)
	// Output:
	// E 0 of 20
	// N 40 of 40
	// S 0 of 10
	// 40 of 70 <nil>
	// 80 of 180 <nil>
}

// N treats 90 of 180, S 70 and E 20.
func ExampleConcentrationRatio() {
	fmt.Println(flow.ConcentrationRatio(networks(), 1, flow.VolumeConfig{}))
	for _, p := range flow.Lorenz(networks(), flow.VolumeConfig{}) {
		fmt.Printf("%.2f %.4f\n", p.Classes, p.Patients.Value)
	}
	// Output:
	// 0.5
	// 0.00 0.0000
	// 0.33 0.1111
	// 0.67 0.5000
	// 1.00 1.0000
}

// The row of N adds up to 66, so that its two hidden counts are 6 together, and
// neither is below 2.
func ExampleCells() {
	for _, p := range flow.Cells(hidden()) {
		fmt.Println(p.Origin, p.Destination, p.Result)
	}
	// Output:
	// N E [2, 4]
	// N N 60
	// N S [2, 4]
	// S N 10
	// S S 30
}

// From the totals of rows and columns alone: N has 66 patients and S 40, and 70
// of these 106 were treated in N. So at least 66 + 70 - 106 = 30 stayed in N.
func ExampleFrechetBounds() {
	for _, p := range flow.FrechetBounds(hidden()) {
		fmt.Println(p.Origin, p.Destination, p.Result)
	}
	// Output:
	// N E [0, 4]
	// N N [30, 66]
	// N S [0, 34]
	// S E [0, 4]
	// S N [4, 40]
	// S S [0, 34]
}

// S has 30 patients of its own and 40 of N: two origins, with the shares 3/7 and
// 4/7.
func ExampleDestinationEntropy() {
	for _, r := range flow.DestinationEntropy(networks(), flow.EntropyConfig{}) {
		fmt.Printf("%s %.4f\n", r.Scope, r.Value)
	}
	// Output:
	// E 0.0000
	// N 0.8487
	// S 0.6829
}

// N sends and receives 70 patients and keeps 60: (70 - 60) / (70 + 60).
func ExampleEITotal() {
	for _, r := range flow.EITotal(networks()) {
		fmt.Printf("%s %.4f\n", r.Scope, r.Value)
	}
	// Output:
	// E 0.0000
	// N 0.0769
	// S 0.2500
}

// How many patients S treats in any table that agrees with what is known: 30 of
// its own and 2 to 4 of N.
func ExampleTableBounds() {
	list, err := flow.TableBounds(context.Background(), hidden(), func(t *referral.Table) ([]float64, error) {
		return []float64{t.DestinationTotal("S").Value}, nil
	}, flow.CompletionConfig{})
	fmt.Println(list, err)
	// Output:
	// [[32, 34]] <nil>
}

// N and E are one group and S is another.
func groups() *network.Partition {
	p, err := network.NewPartition("coast", map[string]string{"N": "west", "E": "west", "S": "south"})
	if err != nil {
		panic(err)
	}
	return p
}

// 110 of 180 stay in their class, the 20 from E to N in their group, 50 leave it.
func ExampleDecompose() {
	d, err := flow.Decompose(networks(), groups())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.SameClass.Part, d.SameGroup.Part, d.OtherGroup.Part)
	// Output:
	// 110 20 50
}

// Of the six ordered pairs of classes four join the groups and two do not:
// (4 - 2) / 6. Of the patients 50 leave the group and 20 do not: 30 of 70.
func ExampleEIExpected() {
	expected, err := flow.EIExpected(networks(), groups())
	if err != nil {
		fmt.Println(err)
		return
	}
	observed, err := flow.EIBetween(networks(), groups())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.4f %.4f\n", expected.Value, observed.Value)
	// Output:
	// 0.3333 0.4286
}

// Every origin has one destination, which stands out from nothing among what it
// sends. N receives 20 from E and 10 from S: (1 - 20/30) to the power of 1.
func ExampleBackbone() {
	for _, p := range flow.Backbone(networks(), 0) {
		fmt.Printf("%s %s %.4f %.4f %v\n", p.Origin, p.Destination, p.Out.Value, p.In.Value, p.Decision)
	}
	// Output:
	// E N 1.0000 0.3333 dropped
	// N S 1.0000 1.0000 dropped
	// S N 1.0000 0.6667 dropped
}

// The two hidden counts of N are 6 together: with the 10 of S exactly 16 of 106
// leave their class. How many of them go to S is known between bounds only.
func ExampleMarginShare() {
	leaves := func(f referral.Flow) bool { return !f.Retained() }
	all := func(referral.Flow) bool { return true }
	s, err := flow.MarginShare(context.Background(), hidden(), leaves, all)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Part, "of", s.Whole)
	sum, err := flow.MarginSum(context.Background(), hidden(), func(f referral.Flow) float64 {
		if f.Destination == "S" && !f.Retained() {
			return 1
		}
		return 0
	})
	fmt.Println(sum, err)
	// Output:
	// 16 of 106
	// [2, 4] <nil>
}

// 70 patients travel: 50 between N and S, 30 km, and 20 from E to N, 60 km.
func ExampleTravel() {
	km := map[string]float64{"N-S": 30, "S-N": 30, "E-N": 60}
	b, err := flow.Travel(networks(), func(o, d string) float64 {
		if o == d {
			return 0
		}
		return km[o+"-"+d]
	}, flow.TravelConfig{DropRetained: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v patients, %v km, %.2f each, half within %v\n", b.Patients, b.Total, b.Mean.Value, b.Median)
	// Output:
	// 70 patients, 2700 km, 38.57 each, half within 30
}
