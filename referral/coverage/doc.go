// SPDX-License-Identifier: Apache-2.0

// Package coverage measures whether patients reach the hospitals that know
// their disease: who is treated, seen or discussed in a center of a [List], how
// far people live from one, how many patients hospitals treat and which stay
// under a norm, whether lists of centers agree, and what depends on a single
// center.
//
// Lists, norms and memberships hold on a date. Each result carries the lists it
// was made with, so that "which centers, according to whom, when" is answered by
// the result itself.
package coverage
