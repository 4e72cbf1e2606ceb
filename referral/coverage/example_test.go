// SPDX-License-Identifier: Apache-2.0

package coverage_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/coverage"
)

func ExampleClasses() {
	// Figure 3.3 of the report: percentages of patients operated on.
	c := coverage.Classes{Throughout: 39, AfterDiagnosis: 53, AfterTreatment: 2, Elsewhere: 6}
	fmt.Printf("operated on in a center: %.2f\n", c.InCenter().Value)
	fmt.Printf("referred, of those seen elsewhere first: %.3f\n", c.Referred().Value)
	// Output:
	// operated on in a center: 0.94
	// referred, of those seen elsewhere first: 0.902
}

func ExampleCountUnder() {
	volumes := []coverage.Volume{
		{Hospital: "Noord", Patients: referral.Count(12)},
		{Hospital: "Oost", Patients: referral.Between(1, 4)}, // suppressed
		{Hospital: "West", Patients: referral.Between(3, 8)},
		{Hospital: "Zuid", Patients: referral.Count(0)}, // offers it, had nobody
	}
	u := coverage.CountUnder(volumes, 5)
	fmt.Println("active:", u.Active)
	fmt.Println("below the norm:", u.Hospitals, u.Certain, u.Possible)
	fmt.Println("share:", u.Share)
	// Output:
	// active: 3
	// below the norm: [1, 2] [Oost] [West]
	// share: [0.3333333333333333, 0.6666666666666666]
}

func ExampleAgree() {
	a := coverage.Agree(coverage.NewList("recognized", "H3", "H6", "H7"), coverage.NewList("field", "H1", "H3", "H7"), []string{"H1", "H2", "H3", "H4", "H5", "H6", "H7"})
	fmt.Println("on both:", a.Both, "on one only:", a.OnlyA, a.OnlyB)
	fmt.Printf("Jaccard %.2f, kappa %.2f\n", a.Jaccard.Value, a.Kappa.Value)
	// Output:
	// on both: [H3 H7] on one only: [H6] [H1]
	// Jaccard 0.50, kappa 0.42
}

func ExampleInvolve() {
	events := []referral.Event{
		{Patient: "1", Seq: 1, Kind: referral.KindFirstVisit, Hospital: "General"},
		{Patient: "1", Seq: 2, Layer: referral.LayerMDT, Kind: "mdt", Hospital: "General", ToHospital: "Center"},
		{Patient: "1", Seq: 3, Kind: "surgery", Hospital: "General"}, // near home, after advice
		{Patient: "2", Seq: 1, Kind: referral.KindFirstVisit, Hospital: "General"},
		{Patient: "2", Seq: 2, Kind: "surgery", Hospital: "Center"},
		{Patient: "3", Seq: 1, Kind: referral.KindFirstVisit, Hospital: "General"},
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
	v := coverage.Involve(l, coverage.NewList("centers", "Center"))
	fmt.Println("treated", v.Treated, "seen", v.Seen, "discussed", v.Discussed, "none", v.None)
	fmt.Printf("involved: %.2f\n", v.Any.Value)
	// Output:
	// treated 1 seen 0 discussed 1 none 1
	// involved: 0.67
}

// madeLog is a log of patients with five events each.
func madeLog(b *testing.B, patients int) *referral.Log {
	b.Helper()
	l, _, err := referral.ReadLog(context.Background(), func(yield func(referral.Event, error) bool) {
		for i := range patients {
			for k, kind := range []string{referral.KindFirstVisit, "consult", "surgery", "systemic", "followup"} {
				e := referral.Event{Patient: fmt.Sprint(i), Seq: int32(k + 1), Kind: kind, Hospital: fmt.Sprint("H", (i*7+k*k*(i%3))%80)}
				if !yield(e, nil) {
					return
				}
			}
		}
	}, referral.LogConfig{Synthetic: true})
	require.NoError(b, err)
	return l
}

func BenchmarkLog(b *testing.B) {
	experts := coverage.NewList("centers", "H1", "H2", "H3", "H4", "H5")
	for _, n := range []int{1_000, 10_000, 100_000} {
		l := madeLog(b, n)
		b.Run(fmt.Sprintf("classes/%d", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := coverage.CountClasses(l, "surgery", experts); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprintf("involve/%d", n), func(b *testing.B) {
			for b.Loop() {
				coverage.Involve(l, experts)
			}
		})
		b.Run(fmt.Sprintf("volumes/%d", n), func(b *testing.B) {
			for b.Loop() {
				coverage.CountVolumes(l, coverage.VolumeRule{ByKind: true})
			}
		})
	}
}

func BenchmarkCountUnder(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		var volumes []coverage.Volume
		for i := range n {
			volumes = append(volumes, coverage.Volume{Hospital: fmt.Sprint("H", i), Patients: referral.Between(float64(i%9), float64(i%9+i%3))})
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				coverage.CountUnder(volumes, 5)
			}
		})
	}
}

// Half of the patients are treated in the largest of three hospitals.
func ExampleTopShare() {
	volumes := []coverage.Volume{
		{Hospital: "A", Patients: referral.Count(50)}, {Hospital: "B", Patients: referral.Count(30)}, {Hospital: "C", Patients: referral.Between(18, 20)},
	}
	for k := 1; k <= 2; k++ {
		share, err := coverage.TopShare(volumes, k)
		if err != nil {
			panic(err)
		}
		fmt.Printf("%d: %.3f to %.3f\n", k, share.Lo, share.Hi)
	}
	// Output:
	// 1: 0.500 to 0.510
	// 2: 0.800 to 0.816
}

func ExampleCentralization() {
	volumes := []coverage.Volume{
		{Hospital: "A", Patients: referral.Count(50)}, {Hospital: "B", Patients: referral.Count(30)}, {Hospital: "C", Patients: referral.Count(20)},
	}
	c, err := coverage.Centralization(volumes) // (0 + 20 + 30) / (2 · 100)
	if err != nil {
		panic(err)
	}
	fmt.Println(c.Value)
	// Output: 0.25
}
