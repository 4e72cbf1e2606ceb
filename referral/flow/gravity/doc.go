// SPDX-License-Identifier: Apache-2.0

// Package gravity fits models of spatial interaction to flow tables: how many
// patients would go where if only the sizes of the classes and the cost of the
// way counted.
//
//	costs, err := gravity.GreatCircle(points, 10) // 10 km within a network
//	m, err := gravity.Fit(ctx, t, costs, gravity.Config{})
//	for _, c := range m.Cells {
//		fmt.Println(c.Origin, c.Destination, c.Observed, c.Expected, c.Residual)
//	}
//
// A residual far above 0 is an agreement, a tradition or expertise that the
// way does not explain. Where only the margins of a table are known there is
// nothing to fit: use structure.FitMargins.
//
// The trap for a newcomer: the cost of staying in the own class is an
// assumption, and it drives the result. State it with every number.
package gravity
