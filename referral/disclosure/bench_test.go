// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"math/rand/v2"
	"strconv"
	"testing"
)

func BenchmarkSuppress(b *testing.B) {
	for _, n := range []int{5, 10, 20, 40, 80} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			g := flows(rand.New(rand.NewPCG(1, 1)), n, 20)
			for b.Loop() {
				s, err := SuppressGrid(b.Context(), g, Config{HideMargins: true})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(100*s.Gap(), "%gap")
				b.ReportMetric(float64(len(s.Hidden)), "hidden")
				b.ReportMetric(float64(s.Value), "value")
			}
		})
	}
}

func BenchmarkRound(b *testing.B) {
	for _, n := range []int{5, 20, 80} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			g := flows(rand.New(rand.NewPCG(1, 1)), n, 20)
			for b.Loop() {
				if _, err := RoundGrid(b.Context(), g, RoundConfig{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
