// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

func Benchmark(b *testing.B) {
	ctx := context.Background()
	for _, c := range []struct {
		name string
		most int // largest graph
		run  func(g *graph.Digraph) error
	}{
		{"StronglyConnected", 10000, func(g *graph.Digraph) error { structure.StronglyConnected(g); return nil }},
		{"WeaklyConnected", 10000, func(g *graph.Digraph) error { structure.WeaklyConnected(g); return nil }},
		{"WeightedReciprocity", 10000, func(g *graph.Digraph) error { structure.WeightedReciprocity(g); return nil }},
		{"ReciprocityNull", 10000, func(g *graph.Digraph) error { _, err := structure.ReciprocityNull(ctx, g); return err }},
		{"TrophicLevels", 10000, func(g *graph.Digraph) error { _, err := structure.TrophicLevels(ctx, g); return err }},
		{"TriadCensus", 10000, func(g *graph.Digraph) error { _, err := structure.TriadCensus(ctx, g); return err }},
		{"Constraint", 10000, func(g *graph.Digraph) error {
			_, err := structure.Constraint(ctx, g, structure.HolesConfig{})
			return err
		}},
		{"Backbone", 10000, func(g *graph.Digraph) error {
			_, err := structure.Backbone(ctx, g, structure.BackboneConfig{})
			return err
		}},
		{"DominantFlows", 10000, func(g *graph.Digraph) error { structure.DominantFlows(g, nil); return nil }},
		{"ExpectQuasiIndependence", 10000, func(g *graph.Digraph) error {
			_, err := structure.ExpectQuasiIndependence(ctx, g)
			return err
		}},
		{"CommonPart", 10000, func(g *graph.Digraph) error { structure.CommonPart(g, g); return nil }},
		{"Randomize", 10000, func(g *graph.Digraph) error {
			_, err := structure.Randomize(ctx, g, structure.RandomizeConfig{})
			return err
		}},
	} {
		for _, n := range []int{100, 1000, 10000} {
			if n > c.most {
				continue
			}
			g := graphtest.Random(1, n, 10)
			b.Run(fmt.Sprintf("%s/n=%d", c.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					require.NoError(b, c.run(g))
				}
			})
		}
	}
}
