// SPDX-License-Identifier: Apache-2.0

// Package pathway measures what happened to patients one by one, in order:
// routes and transitions between hospitals, waiting times, return referral and
// shared care, the ways of tissue and of case discussions beside the ways of
// patients, and whether flows between pairs of hospitals say enough.
package pathway
