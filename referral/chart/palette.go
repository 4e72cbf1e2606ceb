// SPDX-License-Identifier: Apache-2.0

package chart

import "fmt"

// originColors tell origins apart. They are dark enough to be seen as thin
// lines on the land color, and come from the color-blind safe sets of Okabe
// and Ito (2008) and Tol (2021). Color is never the only sign of an origin:
// every arrow starts at it.
var originColors = [...]string{
	"#0072b2", "#d55e00", "#117733", "#aa4499", "#332288",
	"#7a7a1f", "#882255", "#2a8c7d", "#555555", "#b5485b",
}

// The colors of everything else on the page.
const (
	ink      = "#1a1a1a"
	softInk  = "#4a4a4a"
	paper    = "#ffffff"
	land     = "#f0efe9"
	coast    = "#b9b6aa"
	hairline = "#8a8a8a"
)

// pale is a color mixed with white, for what may be but need not.
func pale(color string) string {
	var r, g, b int
	if _, err := fmt.Sscanf(color, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return color
	}
	mix := func(x int) int { return x + (255-x)*6/10 }
	return fmt.Sprintf("#%02x%02x%02x", mix(r), mix(g), mix(b))
}

func originColor(i int) string { return originColors[i%len(originColors)] }
