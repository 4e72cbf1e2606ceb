// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/structure"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

// square returns a table of n classes with all its totals, in which a share of
// the cells is known as 0 to 9 or as at least 1.
func square(t testing.TB, n int, share float64) *referral.Table {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(n), 1))
	var exact, list []referral.Flow
	for i := range n {
		for j := range n {
			x := float64(int(r.ExpFloat64() * 6))
			if i == j {
				x *= 40
			}
			f := cell(fmt.Sprintf("%02d", i+1), fmt.Sprintf("%02d", j+1), referral.Count(x))
			exact = append(exact, f)
			if r.Float64() < share {
				if f.Cell = referral.Between(0, 9); x > 9 {
					f.Cell = referral.Between(1, 3*x)
				}
			}
			list = append(list, f)
		}
	}
	out, err := tableOf(t, list...).WithTotals(sumsOf(tableOf(t, exact...)))
	require.NoError(t, err)
	return out
}

func BenchmarkMargins(b *testing.B) {
	for _, n := range []int{10, 40, 80} {
		table := square(b, n, 0.3)
		for name, run := range map[string]func() error{
			"cells": func() error { _, err := flow.MarginBounds(b.Context(), table, 0); return err },
			"supra": func() error { _, err := flow.SupraRegionalBounds(b.Context(), table); return err },
			"pagerank": func() error {
				_, err := flow.PageRankBounds(b.Context(), table, centrality.PageRankConfig{})
				return err
			},
			"pagerank rows": func() error {
				_, err := flow.PageRankBounds(b.Context(), table.WithoutTotals(), centrality.PageRankConfig{})
				return err
			},
			"reciprocity of 100": func() error {
				_, err := flow.GraphBounds(b.Context(), table, func(g *graph.Digraph) ([]float64, error) {
					return []float64{structure.WeightedReciprocity(g)}, nil
				}, flow.CompletionConfig{Samples: 100})
				return err
			},
		} {
			b.Run(fmt.Sprintf("%s/n=%d", name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// All 1024 completions of the shared example, and a million of another.
func BenchmarkCompletions(b *testing.B) {
	for _, cells := range []int{5, 10} {
		var list []referral.Flow
		for k := range cells {
			list = append(list, cell(string(rune('A'+k%5)), string(rune('A'+(k+1+k/5)%5)), referral.Between(1, 4)))
		}
		table := tableOf(b, list...)
		b.Run(fmt.Sprintf("betweenness/cells=%d", cells), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := flow.GraphBounds(b.Context(), table, func(g *graph.Digraph) ([]float64, error) {
					c, err := centrality.Betweenness(b.Context(), g, centrality.BetweennessConfig{Workers: 1})
					return c.Slice(), err
				}, flow.CompletionConfig{Limit: 1 << 20})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
