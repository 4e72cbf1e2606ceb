// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

// made returns a table of n networks and about the given number of patients,
// half of them retained.
func made(t testing.TB, n, patients int) *referral.Table {
	t.Helper()
	var s strings.Builder
	s.WriteString("origin,destination,count\n")
	for i := range n {
		for j := range n {
			count := patients / n / n * ((i*7+j*5)%9 + 1) / 10
			if i == j {
				count = patients / n / 2
			}
			fmt.Fprintf(&s, "N%03d,N%03d,%d\n", i, j, count)
		}
	}
	return long(t, s.String())
}

func long(t testing.TB, text string) *referral.Table {
	t.Helper()
	table, err := referral.ReadTable(t.Context(), strings.NewReader(text), referral.TableConfig{})
	require.NoError(t, err)
	return table
}

func flowStatistics() []inference.Statistic {
	return []inference.Statistic{inference.Retention(), inference.SupraShare(), inference.HHIOrigin(), inference.HHIMarket(),
		inference.GiniDestination(), inference.PageRank()}
}

func BenchmarkBootstrap(b *testing.B) {
	for _, n := range []int{10, 30, 80} {
		b.Run(fmt.Sprintf("classes=%d", n), func(b *testing.B) {
			table := made(b, n, 100_000)
			b.ReportAllocs()
			for b.Loop() {
				_, err := inference.Bootstrap(b.Context(), table, flowStatistics(), inference.BootstrapConfig{Replicates: 1000})
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkCompare(b *testing.B) {
	for _, patients := range []int{200, 10_000, 100_000} {
		b.Run(fmt.Sprintf("patients=%d", patients), func(b *testing.B) {
			first, second := made(b, 10, patients), made(b, 10, patients*6/5)
			b.ReportAllocs()
			for b.Loop() {
				_, err := inference.Compare(b.Context(), first, second, inference.CompareConfig{Permutation: inference.PermutationConfig{Draws: 100_000}})
				require.NoError(b, err)
			}
		})
	}
}

func BenchmarkProportion(b *testing.B) {
	for _, m := range []inference.Method{inference.Wilson, inference.Jeffreys, inference.ClopperPearson} {
		for _, n := range []float64{100, 10_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/n=%.0f", m, n), func(b *testing.B) {
				for b.Loop() {
					_, err := inference.Proportion(n/3, n, inference.Config{Method: m})
					require.NoError(b, err)
				}
			})
		}
	}
}
