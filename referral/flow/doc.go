// SPDX-License-Identifier: Apache-2.0

// Package flow measures flow tables: who sends, who receives, how much stays.
//
//	for _, d := range flow.InDegree(t) {
//		fmt.Println(d.Scope, d.Result)
//	}
//
// Each function takes a [referral.Table] as it is, with suppressed and
// unpublished cells and set-valued destinations, and returns one result for a
// class or for the table. Where the table does not determine a value the
// result has bounds; where there is none, as in 0/0, it is undefined.
//
// The measures:
//
//	OutDegree, InDegree   number of partner classes
//
// The trap for a newcomer: what is not known is not zero. Print results, not
// their Value, which is NaN for a result with bounds. What depends on the arcs
// of a graph alone is in the graph packages instead.
package flow
