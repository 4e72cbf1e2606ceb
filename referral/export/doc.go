// SPDX-License-Identifier: Apache-2.0

// Package export lays flow tables out for other tools: as a graph with what
// package exchange writes beside it, and as the two sheets of flowmap.gl.
//
//	g, style, err := export.Graph(t, export.Config{Within: snapshot})
//	...
//	err = exchange.Encode(w, g, exchange.GraphML, style)
//
// What the counts are (unit, period, rules, source, synthetic or not) and what
// is known about each of them goes along. Tables as files are written by
// Table.WriteCSV and source.WriteParquet.
//
// The trap for a newcomer: other tools take a weight for a number. A count that
// is not known is therefore left out, and where a format cannot leave it out
// the caller has to name a rule ([Config.Weights]), which is written down too.
// The package hides nothing: a table that holds small counts goes through package
// disclosure first.
package export
