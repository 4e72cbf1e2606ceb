// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/graphtest"
)

func Benchmark(b *testing.B) {
	for _, n := range []int{100, 1000, 10000} {
		g := graphtest.Random(1, n, 10)
		for _, null := range []community.Null{community.Directed, community.Undirected} {
			b.Run(fmt.Sprintf("Leiden/%v/n=%d", null, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_, err := community.Leiden(b.Context(), g, community.LeidenConfig{Null: null})
					require.NoError(b, err)
				}
			})
		}
		p, err := community.Leiden(b.Context(), g, community.LeidenConfig{})
		require.NoError(b, err)
		q, err := community.Leiden(b.Context(), g, community.LeidenConfig{Seed: 1})
		require.NoError(b, err)
		b.Run(fmt.Sprintf("Modularity/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := community.Modularity(g, p.Partition, community.ModularityConfig{})
				require.NoError(b, err)
			}
		})
		b.Run(fmt.Sprintf("Compare/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := community.Compare(p.Partition, q.Partition, community.CompareConfig{})
				require.NoError(b, err)
			}
		})
	}
	for _, n := range []int{8, 10, 12} {
		g := graphtest.Random(1, n, 6)
		b.Run(fmt.Sprintf("Exact/n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, err := community.Exact(b.Context(), g, community.ModularityConfig{})
				require.NoError(b, err)
			}
		})
	}
}
