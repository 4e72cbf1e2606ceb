// SPDX-License-Identifier: Apache-2.0

// Package inference says how sure a number of a flow table is: intervals
// around shares, rows and volumes, resampling for any other measure, shrinkage
// of small rows, tests of change, funnel limits and ranks.
//
//	retained := flow.Retention(t) // shares with their counts
//	e, err := inference.OfShares(retained, inference.Config{})
//	...
//	for _, x := range e {
//		fmt.Println(x.Origin, x.Result, x.Interval)
//	}
//	fmt.Println(e[0].Interval.Label())
//
// The trap for a newcomer: a registry counts every patient, so an interval is
// not about a sampling error. It says which values of the process that sent
// the patients agree with those counted, as if next year's went the same way;
// [Interval.Label] writes that out. And two kinds of not knowing stay apart:
// cells that are not exact give bounds of the number ([referral.Result]), chance
// gives the interval, and the interval of a number with bounds holds those of
// all its completions.
//
// It is not for what a table says about itself, which is in package flow, and
// it does not decide what may be published.
//
//	question                                 function
//	interval of a share                      Proportion, OfShare, OfShares
//	of all destinations of an origin         Row, OfRow
//	of a volume; is a norm met               Rate, BelowNorm
//	of any measure of a table                Bootstrap, BootstrapPatients, Jackknife
//	shares of small rows                     Shrink
//	change between two shares, two tables    Difference, Compare
//	shares against a target                  NewFunnel
//	places with ties, many tests at once     RankIntervals, FalseDiscovery
package inference
