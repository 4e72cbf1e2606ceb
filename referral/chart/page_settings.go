// SPDX-License-Identifier: Apache-2.0

package chart

import "github.com/oncoref/oncoref/network"

// Page is what all figures of the package have in common: what stands around
// the data. The zero value is an English figure on a page as wide as A4 and as
// high as its content needs.
type Page struct {
	Title    string         // empty: from the data, or what the figure is
	Subtitle string         // empty: what the figure shows
	Source   string         // empty: from the data
	Period   network.Period // zero: from the data
	Lang     Language
	Width    float64 // points; 0 means 595 (A4)
	Height   float64 // points; 0 means as high as the content needs
	// Synthetic marks the figure as made of made-up data; data that say so of
	// themselves are marked without it.
	Synthetic bool
	Notes     []string // printed at the foot
	// AllowSmall lets counts of 1 to 4 be drawn and named; the figure then says
	// so. Without it they are drawn as anything from 1 to 4.
	AllowSmall bool
}
