// SPDX-License-Identifier: Apache-2.0

package coverage

import (
	"slices"

	"github.com/oncoref/oncoref/network"
)

// List is a named set of hospitals, such as the centers that somebody
// recognizes for a disease.
type List struct {
	Name      string
	On        network.Date             // the date it holds on; zero if it does not say
	Query     network.DesignationQuery // what was asked of the designations; zero for a list made by hand
	Hospitals []string                 // sorted
	Sources   []string                 // sorted
	// Undated are the hospitals whose designation does not say since when it
	// holds: whether they were centers on the date is not known.
	Undated []string
	// Rolled are the hospitals that are designated at another level, such as a
	// subtype where a disorder was asked for. They are not in Hospitals.
	Rolled []string
}

// NewList makes a list of hospitals.
func NewList(name string, hospitals ...string) List {
	return List{Name: name, Hospitals: tidy(hospitals)}
}

// Designated makes the list of the hospitals that a snapshot designates in
// answer to a query. Those that match in everything but the level are in Rolled.
func Designated(s *network.Snapshot, name string, q network.DesignationQuery) List {
	l := List{Name: name, On: s.Date(), Query: q}
	for _, d := range s.Designations(q) {
		l.Hospitals = append(l.Hospitals, d.Hospital)
		if d.Source != "" {
			l.Sources = append(l.Sources, d.Source)
		}
		if d.Undated() {
			l.Undated = append(l.Undated, d.Hospital)
		}
	}
	l.Hospitals, l.Sources, l.Undated = tidy(l.Hospitals), tidy(l.Sources), tidy(l.Undated)
	q.Level = network.LevelUnknown
	for _, d := range s.Designations(q) {
		if !l.Has(d.Hospital) {
			l.Rolled = append(l.Rolled, d.Hospital)
		}
	}
	l.Rolled = tidy(l.Rolled)
	return l
}

func tidy(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}

// hasAll tells whether all of some hospitals are on the list; it is not ok if
// some are and others are not.
func (l List) hasAll(hospitals []string) (all, ok bool) {
	n := 0
	for _, h := range hospitals {
		if l.Has(h) {
			n++
		}
	}
	return n > 0 && n == len(hospitals), n == 0 || n == len(hospitals)
}

// Has tells whether a hospital is on the list.
func (l List) Has(hospital string) bool {
	_, ok := slices.BinarySearch(l.Hospitals, hospital)
	return ok
}
