// SPDX-License-Identifier: Apache-2.0

// Package chart draws what a flow table says. A [FlowMap] puts every network
// or hospital of the table at its place in the landscape and draws who refers
// to whom. The package decides what stands where; package graph/viz paints.
//
// It computes no measure of its own and never draws a size that the table
// does not know: a flow whose count is not published is a dashed line of one
// fixed width, and the picture says so.
//
//	drawing, err := chart.FlowMap(table, landscape.On(date), chart.FlowMapConfig{})
//	text, err := drawing.DOT()
//	err = viz.RenderSVG(ctx, w, text, viz.Options{})
//
// The figures of numbers take a table or the result of a measure and a config
// with a [Page]:
//
//	DestinationShares               where the patients of each origin are treated
//	Volumes, Lorenz                 how many hospitals treat, and how unequally
//	ReferralClasses, Involvement    how patients come to centers
//	Funnel, Trend                   shares against a target, and over the years
//	TimeToTreatment                 how long patients wait
//	Frontier                        travel against the number of centers
//
// The trap: counts of 1 to 4 are drawn as unknown sizes unless
// AllowSmall is set, because a picture is a publication.
package chart
