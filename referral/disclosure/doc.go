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
// nothing about what a reader knows about patients from elsewhere, nor about
// what the choices of a method tell who knows it:
//
//   - suppression hides no zeros unless they are sensitive; set KnownPresent
//     where readers may know that;
//   - it hides the pattern of least value, and each hidden number is either
//     below the threshold or not. Which of them is (the reason in [Hidden]), and how
//     many patients are hidden in all, are not for publication: both narrow
//     the hidden counts, and no protection is claimed against a reader who has
//     them;
//   - random rounding is safe only as long as nobody knows or guesses the seed,
//     and only for one rounding of the same counts: several average out;
//   - controlled rounding changes as little as can be. A number on its own then
//     goes to the nearest multiple, and a reader who uses that may know it closer
//     than the ranges say.
//
// What is not put into a [Release] together is not audited together: tables of
// other years, levels or tumors of the same patients can be subtracted from
// each other, each of them safe on its own. So can one table that is protected
// in two ways: what one hides the other may show ([Release.Sum] of one part says
// that two tables are the same).
//
// # Methods
//
// The method follows Hundepool et al. (2012), Statistical Disclosure Control,
// doi:10.1002/9781118348239. Complementary suppression is the optimization of
// Fischetti and Salazar-González (2001), doi:10.1287/mnsc.47.7.1008.9805: on
// two-way tables with totals, whose rows may be grouped, what a reader can
// work out is a flow in a network, so that a pattern is checked exactly.
package disclosure
