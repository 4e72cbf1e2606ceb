// SPDX-License-Identifier: Apache-2.0

package referral_test

import (
	"context"
	"fmt"
	"iter"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// three patients: treated at home, referred, and referred without a date.
func threePatients() iter.Seq2[referral.Event, error] {
	day := network.NewDate(2021, 3, 1)
	events := []referral.Event{
		{Patient: "1", Date: day, Kind: referral.KindFirstVisit, Hospital: "Dorp"},
		{Patient: "1", Date: day + 20, Kind: "surgery", Hospital: "Dorp"},
		{Patient: "2", Date: day, Kind: referral.KindFirstVisit, Hospital: "Dorp"},
		{Patient: "2", Date: day + 30, Kind: "radiotherapy", Hospital: "Stad"},
		{Patient: "2", Date: day + 60, Kind: referral.KindFollowup, Hospital: "Dorp"},
		{Patient: "3", Date: day, Kind: referral.KindFirstVisit, Hospital: "Dorp"},
		{Patient: "3", Kind: "surgery", Hospital: "Stad"},
		{Patient: "3", Kind: "surgery", Hospital: "Stad", Year: 9999},
	}
	return func(yield func(referral.Event, error) bool) {
		for _, e := range events {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func ExampleReadLog() {
	_, q, err := referral.ReadLog(context.Background(), threePatients(), referral.LogConfig{File: "extract"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(q)
	// Output:
	// extract: layout events
	// rows read 8, in the log 7, left out as copies 0, refused 1
	// patients 3, cases 3, treated 3, untreated 0 (died 0), without first visit 0
	// refused bad_year: 1 (line 8)
	// noted no_date: 1 (line 7)
}

func ExampleLog_Table() {
	l, _, err := referral.ReadLog(context.Background(), threePatients(), referral.LogConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	t, err := l.Table(referral.Rule{Destination: referral.AnyOutside})
	if err != nil {
		fmt.Println(err)
		return
	}
	for f := range t.Flows() {
		fmt.Println(f.Origin, f.Destination, f.Cell)
	}
	fmt.Println(t.Meta().OriginRule, t.Meta().DestinationRule, t.Meta().Notes)
	// Output:
	// Dorp Dorp 1
	// Dorp Stad 2
	// first_visit any_outside [1 of 8 rows were refused.]
}

func ExampleLog_Transitions() {
	l, _, err := referral.ReadLog(context.Background(), threePatients(), referral.LogConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	t, err := l.Transitions(context.Background(), referral.LinkRule{DropSelf: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for f := range t.Flows() {
		fmt.Println(f.Origin, f.Destination, f.Cell)
	}
	// Output:
	// Dorp Stad 2
	// Stad Dorp 1
}

func ExampleLog_Count() {
	l, _, err := referral.ReadLog(context.Background(), threePatients(), referral.LogConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	t, err := l.Count(context.Background(), referral.CountRule{By: []referral.Dimension{referral.ByHospital, referral.ByKind}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for values, n := range t.All() {
		fmt.Println(values, n)
	}
	// Output:
	// [Dorp surgery] 1
	// [Stad radiotherapy] 1
	// [Stad surgery] 1
}

func ExampleLog_OfTumor() {
	events := func(yield func(referral.Event, error) bool) {
		_ = yield(referral.Event{Patient: "1", Seq: 1, Kind: referral.KindFirstVisit, Hospital: "Dorp"}, nil) && // for both tumors
			yield(referral.Event{Patient: "1", Seq: 2, Kind: "surgery", Hospital: "Dorp", Tumor: "skin"}, nil) &&
			yield(referral.Event{Patient: "1", Seq: 3, Kind: "radiotherapy", Hospital: "Stad", Tumor: "lung"}, nil)
	}
	all, _, err := referral.ReadLog(context.Background(), events, referral.LogConfig{Synthetic: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, tumor := range all.Tumors() {
		l, err := all.OfTumor(tumor)
		if err != nil {
			fmt.Println(err)
			return
		}
		for p := range l.Pathways() {
			fmt.Println(tumor, p.Route())
		}
	}
	// Output:
	// lung [Dorp Stad]
	// skin [Dorp]
}
