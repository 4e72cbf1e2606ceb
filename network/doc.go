// SPDX-License-Identifier: Apache-2.0

// Package network holds the care landscape: hospitals, oncology networks, who
// belongs to which and when, what became of hospitals that merged or closed, who
// is designated expert for what, volume norms, regions, and the domains and
// types of rare tumors. It says nothing about patients; that is package
// referral.
//
// A landscape is read from a folder and asked about one day at a time:
//
//	l, err := network.ReadLandscape(os.DirFS("landscape"))
//	if err != nil {
//		return err // names file, line, column, value and what was expected
//	}
//	s := l.On(network.NewDate(2021, time.December, 31))
//	p, err := s.Partition(network.PartitionConfig{Rule: network.SetValued})
//	if err != nil {
//		return err
//	}
//	shares, ok := p.Of("ERASMUSMC") // CONCORD and EMBRAZE
//
// The trap: membership is no partition. A hospital may belong to several
// networks of one partition, and to none; a Rule says what becomes of the first,
// Unassigned lists the second. And membership does not pass on: a hospital that
// came out of a merger belongs to what the file says of itself.
//
// # Files
//
// All files are delimited text in UTF-8 with a header (comma, semicolon or tab).
// Columns may stand in any order; those marked * must be there. Each file may
// also have source, confidence and note. Only hospitals.csv must be there.
//
//	hospitals.csv     hospital* name short_name city province type lat lon
//	networks.csv      network* name kind partition aliases lat lon
//	membership.csv    hospital* network* from to primary
//	successions.csv   predecessor* successor* date* kind*
//	designations.csv  hospital* body* disease* level role of from to
//	norms.csv         body* disease* modality lower upper unit from to
//	regions.csv       region* name network lat lon population cases
//	domains.csv       domain* name euracan working_groups
//	tumors.csv        tumor* name domain icd10 topography morphology
//	distances.csv     from* to* km minutes
//	outline.csv       part* lat* lon*
//
// Keys and labels are compared letter for letter. Words (types, kinds, levels,
// roles) may differ in case, hyphen and underscore. Lists (aliases,
// working_groups) are separated by a bar or a semicolon; primary is yes, no or
// empty. Coordinates are degrees, WGS84, both or neither. An empty number is not
// known and becomes NaN, never 0.
//
// # Dates
//
// Dates are ISO 8601 days, 2021-12-31. From and To belong to the period; an
// empty one is open. A source that gives only a year gives no day: leave the
// date empty and say so in the note. The record then counts as in force on
// earlier dates too, and Undated says that this is for want of a date.
//
// A succession takes effect on its date: the predecessor existed until the day
// before. See Succession for the kinds, and Snapshot.Resolve for "as of 2021".
package network
