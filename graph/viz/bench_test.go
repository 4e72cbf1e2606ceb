// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"strconv"
	"testing"
)

func BenchmarkRender(b *testing.B) {
	pinned := func(nodes, edges int) string {
		var d bytes.Buffer
		d.WriteString("digraph { outputorder=edgesfirst\n")
		for i := range nodes {
			d.WriteString(`n` + strconv.Itoa(i) + ` [pos="` + strconv.Itoa(37*i%1000) + `,` + strconv.Itoa(61*i%800) + `", width=0.2, fixedsize=true]` + "\n")
		}
		for i := range edges {
			x, y := strconv.Itoa(37*i%1000), strconv.Itoa(61*i%800)
			d.WriteString(`n` + strconv.Itoa(i%nodes) + ` -> n` + strconv.Itoa(7*i%nodes) + ` [pos="e,500,400 ` + x + `,` + y + ` 10,10 900,20 490,390", penwidth=2]` + "\n")
		}
		d.WriteString("}\n")
		return d.String()
	}
	for _, size := range []struct {
		name         string
		nodes, edges int
	}{{"10x22", 10, 22}, {"100x600", 100, 600}} {
		dot := pinned(size.nodes, size.edges)
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
		dot := pinned(10, 22)
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
