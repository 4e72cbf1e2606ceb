// SPDX-License-Identifier: Apache-2.0

// Package siting chooses hospitals that should be centers, exactly, and works
// out what a given choice would change.
//
// [Median], [Center], [Cover], [MaxCover] and [CapacitatedMedian] answer the
// classic questions of location science for a [Problem]: who lives where, which
// hospitals are candidates, how far it is. Each proves that its answer is the
// best one, or says how far the best one can be, and counts the equally good
// ones. [Frontier] sets travel against the number of centers. [WriteLP] writes a
// model for other solvers. [WhatIf] moves the patients of a flow table when
// hospitals stop or concentrate care.
package siting
