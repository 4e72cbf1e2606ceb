// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// BenchmarkMeasures has the measures that take long, at three sizes.
func BenchmarkMeasures(b *testing.B) {
	hops := centrality.Hops
	for _, m := range []struct {
		name string
		most int // nodes
		run  func(ctx context.Context, g *graph.Digraph) error
	}{
		{"Betweenness/hops", 1000, func(ctx context.Context, g *graph.Digraph) error {
			_, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Length: hops})
			return err
		}},
		{"Betweenness/inverse", 1000, func(ctx context.Context, g *graph.Digraph) error {
			_, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{})
			return err
		}},
		{"SampledBetweenness/hops", 10000, func(ctx context.Context, g *graph.Digraph) error {
			_, err := centrality.SampledBetweenness(ctx, g, centrality.SampledBetweennessConfig{Length: hops, Pivots: 64})
			return err
		}},
		{"SampledBetweenness/inverse", 10000, func(ctx context.Context, g *graph.Digraph) error {
			_, err := centrality.SampledBetweenness(ctx, g, centrality.SampledBetweennessConfig{Pivots: 64})
			return err
		}},
		{"Harmonic/hops", 10000, func(ctx context.Context, g *graph.Digraph) error {
			_, err := centrality.Harmonic(ctx, g, centrality.HarmonicConfig{Length: hops})
			return err
		}},
		{"Harmonic/inverse", 1000, func(ctx context.Context, g *graph.Digraph) error {
			_, err := centrality.Harmonic(ctx, g, centrality.HarmonicConfig{})
			return err
		}},
		{"PageRank", 10000, func(ctx context.Context, g *graph.Digraph) error {
			_, err := centrality.PageRank(ctx, g, centrality.PageRankConfig{})
			return err
		}},
		{"HITS", 10000, func(ctx context.Context, g *graph.Digraph) error {
			_, err := centrality.HITS(ctx, g, centrality.HITSConfig{})
			return err
		}},
		{"Eigenvector", 10000, func(ctx context.Context, g *graph.Digraph) error {
			_, err := centrality.Eigenvector(ctx, g, centrality.EigenvectorConfig{})
			return err
		}},
		{"Katz", 10000, func(ctx context.Context, g *graph.Digraph) error {
			_, err := centrality.Katz(ctx, g, centrality.KatzConfig{})
			return err
		}},
		{"KCore", 10000, func(_ context.Context, g *graph.Digraph) error {
			_, err := centrality.KCore(g, centrality.CoreNeighbors)
			return err
		}},
		{"SCore", 10000, func(_ context.Context, g *graph.Digraph) error {
			centrality.SCore(g)
			return nil
		}},
		{"Clustering", 10000, func(ctx context.Context, g *graph.Digraph) error {
			_, err := centrality.Clustering(ctx, g, centrality.ClusteringConfig{})
			return err
		}},
		{"RichClub", 10000, func(ctx context.Context, g *graph.Digraph) error {
			_, err := centrality.RichClub(ctx, g, centrality.RichClubConfig{Samples: 5})
			return err
		}},
	} {
		for _, n := range []int{100, 1000, 10000} {
			if n > m.most {
				continue
			}
			g := graphtest.Random(1, n, 10)
			b.Run(fmt.Sprintf("%s/n=%d", m.name, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := m.run(b.Context(), g); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
