// SPDX-License-Identifier: Apache-2.0

// Package flow measures flow tables: who sends, who receives, how much stays.
//
//	for _, d := range flow.InDegree(t) {
//		fmt.Println(d.Scope, d.Result)
//	}
//
// Each function takes a [referral.Table] as it is, with suppressed and
// unpublished cells, set-valued destinations and published totals, and returns
// one result for a class or for the table. Where the table does not determine a
// value the result has bounds that hold for all tables of counts that agree with
// it, and unless the doc comment says otherwise are attained by some; where there
// is none, as in 0/0, it is undefined. Totals that no counts agree with make every
// result infeasible, and totals that give a suppressed cell away withhold every
// result ([Cells] says which). Origins and destinations that are no place, such as
// untreated patients, do not count.
//
// Totals of origins, of destinations and of the table at once tie all cells
// together. Every cell and every sum of a row, a column or the table is then
// narrowed to what is possible, but beyond one cell over a known total the bounds
// of the measures below need not be attained: they hold, and may be wider than
// the totals allow. The tightest bounds are those of [SupraRegionalBounds],
// [MarginShare], [MarginSum] and [MarginBounds] for sums and shares, and of
// [TableBounds] for any measure as long as the completions are few enough to try.
//
// The measures:
//
//	Cells                                  the flows as far as they are known
//	OriginTotals, DestinationTotals, Retained, Outflow, Inflow, CrossTotal
//	OriginShares, ReferredShares           where the patients of an origin go
//	DestinationShares                      where the patients of a destination come from
//	Retention, PooledRetention, MeanRetention, SelfContainment, ImportDependency
//	SupraRegional, Decompose               how much leaves its class
//	MarketShares, ExternalAttraction, AttractionRatio
//	NetFlow, NetFlowRatio, MigrationEffectiveness
//	ImportExportRatio, LogImportExportRatio
//	EIOut, EITotal, EISystem, EIBetween, EIBetweenOut, EIExpected
//	OriginHerfindahl, DestinationHerfindahl, MarketHerfindahl, ConcentrationRatio
//	OriginEntropy, DestinationEntropy, MarketEntropy
//	Gini, Hoover, Lorenz                   how unequal destinations are
//	Partners                               the largest destination of an origin
//	ExpertDirected, PooledExpertDirected, RetainedByOthers
//	Travel, TravelByOrigin, NearestOf, Bypass
//	OutDegree, InDegree                    number of partner classes
//	BinaryReciprocity, WeightedReciprocity, FlowHierarchy, Backbone
//
// The trap for a newcomer: what is not known is not zero. Print results, not
// their Value, which is NaN for a result with bounds. What depends on the arcs
// of a graph alone is in the graph packages instead.
package flow
