// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
)

func BenchmarkInDegree(b *testing.B) {
	for _, n := range []int{10, 100, 1000} {
		b.Run(fmt.Sprint("n=", n), func(b *testing.B) {
			var s strings.Builder
			s.WriteString("origin,destination,count\n")
			for i := range n {
				for j := range 10 {
					fmt.Fprintf(&s, "N%d,N%d,%d\n", i, (i*7+j*j+1)%n, j+1)
				}
			}
			t, err := referral.ReadTable(context.Background(), strings.NewReader(dedupe(s.String())), referral.TableConfig{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				flow.InDegree(t)
			}
		})
	}
}

// dedupe keeps the first row of each pair.
func dedupe(text string) string {
	seen := map[string]bool{}
	var out []string
	for line := range strings.Lines(text) {
		pair := line[:strings.LastIndexByte(line, ',')]
		if !seen[pair] {
			seen[pair] = true
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}
