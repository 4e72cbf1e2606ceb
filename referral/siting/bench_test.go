// SPDX-License-Identifier: Apache-2.0

package siting_test

import (
	"fmt"
	"testing"

	"github.com/oncoref/oncoref/referral/siting"
)

// The national size: 80 hospitals and 400 regions.

func BenchmarkMedian(b *testing.B) {
	for _, count := range []int{3, 6, 12} {
		b.Run(fmt.Sprint("p=", count), func(b *testing.B) {
			p := national(1, 400, 80)
			for b.Loop() {
				if plan, err := siting.Median(b.Context(), p, count, siting.Config{}); err != nil || !plan.Proved {
					b.Fatal(plan.Gap(), err)
				}
			}
		})
	}
}

func BenchmarkCenter(b *testing.B) {
	p := national(1, 400, 80)
	for b.Loop() {
		if plan, err := siting.Center(b.Context(), p, 12, siting.CoverConfig{}); err != nil || !plan.Proved {
			b.Fatal(err)
		}
	}
}

func BenchmarkMaxCover(b *testing.B) {
	p := national(1, 400, 80)
	for b.Loop() {
		if plan, err := siting.MaxCover(b.Context(), p, 12, 50, siting.Config{}); err != nil || !plan.Proved {
			b.Fatal(err)
		}
	}
}

func BenchmarkCover(b *testing.B) {
	p := national(1, 400, 80)
	for b.Loop() {
		if plan, err := siting.Cover(b.Context(), p, 60, siting.CoverConfig{}); err != nil || !plan.Proved {
			b.Fatal(err)
		}
	}
}

func BenchmarkCapacitatedMedian(b *testing.B) {
	for _, single := range []bool{false, true} {
		b.Run(fmt.Sprint("single=", single), func(b *testing.B) {
			p := limit(national(1, 400, 80), 6, 0.75, 1.2)
			gap := 0.0
			for b.Loop() {
				plan, err := siting.CapacitatedMedian(b.Context(), p, 6, siting.CapacitatedConfig{SingleSource: single})
				if err != nil {
					b.Fatal(err)
				}
				gap = plan.Gap()
			}
			b.ReportMetric(100*gap, "%gap")
		})
	}
}
