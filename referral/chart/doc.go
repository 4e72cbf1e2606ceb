// SPDX-License-Identifier: Apache-2.0

// Package chart draws what tables, landscapes and logs say. A [FlowMap] puts
// every network or hospital of a flow table at its place in the landscape and
// draws who refers to whom; [FlowMaps] sets several beside each other and
// [Difference] draws what changed. [Landscape] shows who belongs to which
// network, [HeatMap] a table as a matrix with its communities, and [Stages] the
// ways of patients through the stages of care. The package decides what stands
// where; package graph/viz paints.
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
// Color is never the only sign: beyond six origins arrows carry letters, growth
// is solid and decline hollow, shades differ in lightness. What is drawn says
// what it is when pointed at in an SVG.
//
// The trap: counts of 1 to 4 are drawn as unknown sizes unless Page.AllowSmall
// is set, because a picture is a publication. And who draws hundreds of pictures
// in one program asks a worker to render them, see viz.Options.Command: Graphviz
// keeps some memory for each.
package chart
