// SPDX-License-Identifier: Apache-2.0

package viz

import "testing"

func BenchmarkRender(b *testing.B) {
	for _, size := range []struct {
		name         string
		nodes, edges int
	}{{"10x22", 10, 22}, {"100x600", 100, 600}} {
		dot := pinnedDOT(size.nodes, size.edges)
		for _, f := range allFormats {
			b.Run(size.name+"/"+f.String(), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					render(b, dot, f, Options{})
				}
			})
		}
	}
	b.Run("worker/10x22/svg", func(b *testing.B) {
		o := worker(b)
		o.Layout = Pinned
		dot := pinnedDOT(10, 22)
		render(b, dot, SVG, o) // fills the cache
		for b.Loop() {
			render(b, dot, SVG, o)
		}
	})
}

func BenchmarkTextWidth(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		TextWidth("Oncologisch netwerk Fryslân", 9, true)
	}
}
