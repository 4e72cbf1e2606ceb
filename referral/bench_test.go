// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// longText makes a long table of n flows between 4√n classes, in random order.
func longText(n int) string {
	r := rand.New(rand.NewPCG(7, 7))
	side := 1
	for side*side < 16*n {
		side *= 2
	}
	var b strings.Builder
	b.WriteString(long)
	for i := range n {
		cell := i * 7919 % (side * side) // an odd step visits every cell of a square with even side once
		fmt.Fprintf(&b, "hospital-%06d,hospital-%06d,%d\n", cell/side, cell%side, 1+r.IntN(500))
	}
	return b.String()
}

func BenchmarkReadTable(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		text := longText(n)
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				t, err := ReadTable(b.Context(), strings.NewReader(text), TableConfig{})
				if err != nil || t.Len() != n {
					b.Fatal(t, err)
				}
			}
		})
	}
}

func BenchmarkGraph(b *testing.B) {
	for _, n := range []int{100, 10_000, 1_000_000} {
		t, err := ReadTable(b.Context(), strings.NewReader(longText(n)), TableConfig{})
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := t.Graph(Counts); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
