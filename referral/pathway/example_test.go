// SPDX-License-Identifier: Apache-2.0

package pathway_test

import (
	"context"
	"fmt"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/pathway"
)

// exampleEvents is a patient who is referred from Alkmaar to Utrecht while the
// tissue goes by Amsterdam, and one who stays.
func exampleEvents() *referral.Log {
	day := func(n int) network.Date { return network.NewDate(2021, 3, 1).AddDays(n) }
	events := []referral.Event{
		{Patient: "1", Seq: 1, Date: day(0), Kind: referral.KindFirstVisit, Hospital: "Alkmaar"},
		{Patient: "1", Seq: 2, Date: day(2), Layer: referral.LayerPathology, Kind: "pathology", Hospital: "Alkmaar", ToHospital: "Amsterdam"},
		{Patient: "1", Seq: 3, Date: day(8), Layer: referral.LayerPathology, Kind: "pathology", Hospital: "Amsterdam", ToHospital: "Alkmaar"},
		{Patient: "1", Seq: 4, Date: day(9), Layer: referral.LayerReferral, Kind: "referral", Hospital: "Alkmaar", ToHospital: "Utrecht"},
		{Patient: "1", Seq: 5, Date: day(14), Layer: referral.LayerPathology, Kind: "pathology", Hospital: "Alkmaar", ToHospital: "Utrecht"},
		{Patient: "1", Seq: 6, Date: day(21), Kind: "surgery", Hospital: "Utrecht"},
		{Patient: "1", Seq: 7, Date: day(60), Kind: referral.KindFollowup, Hospital: "Alkmaar"},
		{Patient: "2", Seq: 1, Date: day(5), Kind: referral.KindFirstVisit, Hospital: "Utrecht"},
		{Patient: "2", Seq: 2, Date: day(19), Kind: "surgery", Hospital: "Utrecht"},
	}
	l, _, err := referral.ReadLog(context.Background(), func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}, referral.LogConfig{KeepPatients: true, Synthetic: true})
	if err != nil {
		panic(err)
	}
	return l
}

func ExampleCountVisits() {
	v := pathway.CountVisits(exampleEvents())
	fmt.Println("hospitals per patient:", v.Mean)
	fmt.Println("in more than one:", v.Several)
	// Output:
	// hospitals per patient: 1.5
	// in more than one: 0.5
}

func ExampleCountDays() {
	d := pathway.CountDays(exampleEvents(), pathway.ToTreatment)
	fmt.Printf("%d patients, median %v days, from %v to %v\n", d.N, d.Median, d.Min, d.Max)
	// Output:
	// 2 patients, median 17.5 days, from 14 to 21
}

func ExampleTissueOf() {
	for p := range exampleEvents().Pathways() {
		if t, ok := pathway.TissueOf(p, nil); ok {
			fmt.Println(t, "came", t.Lag, "days after the referral to", t.Treating)
		}
	}
	// Output:
	// Alkmaar>Amsterdam>Alkmaar>Utrecht (3 legs) came 5 days after the referral to Utrecht
}

func ExampleCountReturns() {
	r := pathway.CountReturns(exampleEvents())
	fmt.Println("moved:", r.Movers, "came back:", r.Back, "treated there again:", r.Shared)
	// Output:
	// moved: 1 came back: 1 treated there again: 0
}

func ExampleKaplanMeier() {
	waits := []pathway.Wait{
		{Days: 10, Outcome: pathway.Treated}, {Days: 14, Outcome: pathway.Treated}, {Days: 20, Outcome: pathway.Censored},
		{Days: 21, Outcome: pathway.Treated}, {Days: 30, Outcome: pathway.Died}, {Days: 35, Outcome: pathway.Treated},
	}
	c, err := pathway.KaplanMeier(waits, 0.95)
	if err != nil {
		fmt.Println(err)
		return
	}
	median, _ := c.Quantile(0.5)
	mean, _ := c.RestrictedMean(28)
	fmt.Printf("median %d days, %.2f not treated after 28 days, mean up to then %.1f days\n", median, c.At(28).Survival, mean)
	x, err := pathway.AalenJohansen(waits)
	if err != nil {
		fmt.Println(err)
		return
	}
	end := x.At(35)
	fmt.Printf("treated %.2f, died before it %.2f\n", end.Treated, end.Died)
	// Output:
	// median 21 days, 0.44 not treated after 28 days, mean up to then 21.1 days
	// treated 0.78, died before it 0.22
}

func ExampleVariants() {
	for _, v := range pathway.Variants(exampleEvents(), pathway.ByRoute, nil) {
		fmt.Println(v.Steps, v.Patients, v.Cumulative)
	}
	// Output:
	// [Alkmaar Utrecht Alkmaar] 1 0.5
	// [Utrecht] 1 1
}

func ExampleOrderTest() {
	// Patients of A and of B both go through the hub, and then home.
	var events []referral.Event
	for i := range 20 {
		home := []string{"A", "B"}[i%2]
		for k, h := range []string{home, "Hub", home} {
			e := referral.Event{Patient: fmt.Sprint(i), Seq: int32(k + 1), Kind: "consult", Hospital: h}
			if k == 0 {
				e.Kind = referral.KindFirstVisit
			}
			events = append(events, e)
		}
	}
	l, _, err := referral.ReadLog(context.Background(), func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}, referral.LogConfig{Synthetic: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	o, err := pathway.OrderTest(context.Background(), l, pathway.OrderConfig{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d steps, %.0f bit each, p < 0.01: %v\n", o.Steps, o.Bits, o.P < 0.01)
	// Output:
	// 20 steps, 1 bit each, p < 0.01: true
}

// Where patients were in each stage, whatever came first.
func ExampleCountStages() {
	events := []referral.Event{
		{Patient: "1", Seq: 1, Kind: referral.KindFirstVisit, Hospital: "small"},
		{Patient: "1", Seq: 2, Kind: "surgery", Hospital: "center"},
		{Patient: "2", Seq: 1, Kind: referral.KindFirstVisit, Hospital: "small"},
		{Patient: "2", Seq: 2, Kind: "radiotherapy", Hospital: "center"},
		{Patient: "2", Seq: 3, Kind: "surgery", Hospital: "small"},
	}
	l, _, err := referral.ReadLog(context.Background(), func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}, referral.LogConfig{})
	if err != nil {
		panic(err)
	}
	s := pathway.CountStages(l, pathway.StageConfig{})
	fmt.Println(s.Stages)
	for _, w := range s.Ways {
		fmt.Println(w.Steps, w.Patients)
	}
	// Output:
	// [first visit surgery radiotherapy followup]
	// [small center none none] 1
	// [small small center none] 1
}

func ExampleDefaultStages() {
	for _, s := range pathway.DefaultStages() {
		fmt.Println(s.Name, s.Kinds)
	}
	// Output:
	// first visit []
	// surgery [surgery]
	// radiotherapy [radiotherapy]
	// followup [followup]
}
