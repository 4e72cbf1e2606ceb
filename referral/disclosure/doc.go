// SPDX-License-Identifier: Apache-2.0

// Package disclosure decides what of a flow table may be published, so that
// nobody can work out how few patients went somewhere.
//
// [Gate] is the door that every output goes through: it replaces small counts
// by the range of small counts and keeps no total that narrows it. [Suppress]
// keeps the totals: it hides the small counts and as little else as will keep
// them hidden. [Round] publishes every cell, rounded. [Release] holds all that
// goes out together (cells, totals, shares, tables of several levels and
// periods, numbers in pictures), and [Release.Audit] finds what a reader can
// work out from it. [Compare] sets the methods side by side.
//
// # What a reader is taken to know
//
// Everything published, that counts are whole and at least zero, and how the
// tables belong together. Config.KnownPresent adds that hidden counts are not
// zero. Protection is a statement about what follows from the numbers; it says
// nothing about what a reader knows about patients from elsewhere.
//
// # Methods
//
// The method follows Hundepool et al. (2012), Statistical Disclosure Control,
// doi:10.1002/9781118348239. Complementary suppression is the optimization of
// Fischetti and Salazar-González (2001), doi:10.1287/mnsc.47.7.1008.9805: on
// two-way tables with totals, whose rows may be grouped, what a reader can
// work out is a flow in a network, so that a pattern is checked exactly.
package disclosure
