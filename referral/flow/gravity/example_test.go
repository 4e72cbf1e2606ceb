// SPDX-License-Identifier: Apache-2.0

package gravity_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow/gravity"
)

func ExampleFit() {
	t, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for _, f := range []struct {
			from, to string
			n        float64
		}{{"A", "A", 40}, {"A", "B", 12}, {"A", "C", 8}, {"B", "A", 8}, {"B", "B", 55}, {"C", "B", 10}, {"C", "C", 20}} {
			if !yield(referral.Flow{Origin: f.from, Destination: f.to, Cell: referral.Count(f.n)}) {
				return
			}
		}
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	costs, err := gravity.GreatCircle(map[string]network.Point{
		"A": {Lat: 52.35, Lon: 4.90}, "B": {Lat: 52.09, Lon: 5.12}, "C": {Lat: 51.60, Lon: 4.78},
	}, 10)
	if err != nil {
		fmt.Println(err)
		return
	}
	m, err := gravity.Fit(context.Background(), t, costs, gravity.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("decay %.4f per km, mean cost %.1f km, CPC %.2f\n", m.Beta.Value, m.MeanCost.Value, m.CPC.Value)
	for _, c := range m.Cells[:3] {
		fmt.Printf("%s > %s: %.0f, expected %.1f, residual %.1f\n", c.Origin, c.Destination, c.Observed, c.Expected, c.Residual)
	}
	// Output:
	// decay 0.0396 per km, mean cost 20.0 km, CPC 0.87
	// A > A: 40, expected 35.6, residual 0.7
	// A > B: 12, expected 23.3, residual -2.3
	// A > C: 8, expected 1.1, residual 6.5
}

func BenchmarkFit(b *testing.B) {
	for _, n := range []int{10, 40, 80} {
		r := rand.New(rand.NewPCG(uint64(n), 1))
		labels := make([]string, n)
		points := map[string]network.Point{}
		for i := range labels {
			labels[i] = fmt.Sprintf("%02d", i)
			points[labels[i]] = network.Point{Lat: 51 + 2*r.Float64(), Lon: 4 + 3*r.Float64()}
		}
		costs, err := gravity.GreatCircle(points, 10)
		require.NoError(b, err)
		table, err := referral.FromFlows(referral.Meta{}, referral.AbsentZero, func(yield func(referral.Flow) bool) {
			for _, o := range labels {
				for _, d := range labels {
					c, _ := costs.At(o, d)
					if !yield(referral.Flow{Origin: o, Destination: d, Cell: referral.Count(float64(int(2000 / (c + 5) * r.Float64())))}) {
						return
					}
				}
			}
		})
		require.NoError(b, err)
		for _, constraint := range []gravity.Constraint{gravity.Production, gravity.Doubly} {
			b.Run(fmt.Sprintf("%v/n=%d", constraint, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := gravity.Fit(b.Context(), table, costs, gravity.Config{Constraint: constraint}); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
