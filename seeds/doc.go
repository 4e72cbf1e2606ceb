// SPDX-License-Identifier: Apache-2.0

// Package seeds holds the datasets that come with oncoref, embedded with
// their provenance: tables and figures that a report of IKNL (the Netherlands
// comprehensive cancer organization) published in 2023 on the organization of
// care for rare cancer, the landscape of oncology networks and hospitals, and
// single published numbers.
//
// Each dataset is a folder with a [Manifest] that says where the data are
// from, how they were transcribed and what they are not fit for. Nothing in
// it is made up, and nothing is shipped whose only source is somebody's
// memory; the manifest counts what was left out for that reason.
//
//	t, err := seeds.Table("iknl-2023-fig-5.2-penile-cancer")
//	if err != nil {
//		return err
//	}
//	g, err := t.Graph(referral.Presence)
//	if err != nil {
//		return err
//	}
//	in := centrality.InDegree(g)
//
// The trap: the flow tables say which destinations occur and not how many
// patients went there. Counts, shares and totals cannot be had from them, and
// a pair that is not listed is not known to be zero.
//
// It is no archive of Dutch cancer care: the landscape describes the networks of
// early 2023, for the figures of that report.
package seeds

//go:generate go test -run TestReadme -update .
