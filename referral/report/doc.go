// SPDX-License-Identifier: Apache-2.0

// Package report writes all that is known about the flows of an extract or a
// flow table as one HTML file: a summary in words, the quality of the data, the
// rules, a flow map and other figures, tables that can be sorted and filtered,
// a part for each network or hospital, what is not known, the methods, and
// where it all comes from. The file needs nothing else: no network, no server,
// and for reading and printing no script. On paper long tables are given in
// part, and what stands on a screen only is named.
//
//	r, err := report.Build(ctx, report.Input{Log: log, Rule: rule, Snapshot: landscape.On(date)}, report.Config{})
//	...
//	err = r.WriteHTML(f)
//
// It computes no measure of its own. Each package of measures is asked once, and
// for routes once for each flow that is shown, so that each is protected by
// itself.
//
// The trap: a report is a publication. Unless Config.AllowSmall is set, flows of
// 1 to 4 patients are shown as such, and everything beside the flow table is
// about the patients whose flows are shown. What is counted along their routes
// overlaps with the flow table, and stands in ranges of five. So nothing in the file, totals
// included, depends on how many the others are. The report says so, and how
// many flows that concerns. Two reports about parts of the same patients can
// still be subtracted from each other.
package report

//go:generate go run gen.go
