// SPDX-License-Identifier: Apache-2.0

// Package referral holds what happened to patients: logs of dated facts of care,
// and flow tables that say how many of those with an origin had their treatment
// at a destination, as far as that is known.
//
// A [Log] is made of events by [ReadLog], or by package source from a file, and
// has always passed the checks: what was refused, repaired or noted stands in its
// [Quality]. It gives flows under a named [Rule] ([Log.Table]), steps from place to
// place under a [LinkRule] ([Log.Transitions]), volumes ([Log.Count]) and the
// [Pathway] of each patient. It does not say who the patients are.
//
// A [Table] comes from a log, a file ([ReadTable]) or flows ([FromFlows]), and
// carries with it what its counts are ([Meta]). It can be cut ([Table.Filter]),
// put together ([Table.Merge]), summed to larger classes ([Table.Aggregate])
// and turned into a graph ([Table.Graph]):
//
//	f, err := os.Open("flows.csv")
//	...
//	t, err := referral.ReadTable(ctx, f, referral.TableConfig{
//		File: "flows.csv",
//		Meta: referral.Meta{Unit: referral.Patients, Level: referral.LevelNetwork},
//	})
//	...
//	fmt.Println(t.OriginTotal("Oncomid"), t.Cell("Oncomid", "Onconovo+"))
//	g, err := t.Graph(referral.Counts)
//
// The trap for a newcomer: a cell is not a number. A suppressed, unpublished or
// unknown count is a [Cell] with bounds, never a zero, and what is computed
// from it is a [Result] with bounds. Destinations too may be known in part
// only: "EMBRAZE / CONCORD" is one of two networks, and [Flow.Members] names
// both. The patients of a table are those whose origin has a row; about other
// origins the table says nothing.
//
// The package is not for the measures of a table, which are in its
// subpackages, and it does not draw.
package referral
