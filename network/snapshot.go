// SPDX-License-Identifier: Apache-2.0

package network

import "slices"

// Snapshot is a landscape on one date: the hospitals that exist then, and the
// memberships, designations and norms in force. It is immutable and safe for
// concurrent use.
type Snapshot struct {
	l       *Landscape
	date    Date
	exists  []bool             // by hospital of the landscape
	joined  map[string][]int32 // memberships in force, by hospital
	members map[string][]int32 // the same, by network
}

// On returns the landscape on a date. A membership counts if it is in force on
// the date and its hospital exists then; it never passes to a successor by
// itself. The zero Date asks for the newest situation the landscape describes,
// that of Last. Time and memory O(hospitals + memberships).
func (l *Landscape) On(date Date) *Snapshot {
	if date.IsZero() {
		date = l.last
	}
	s := &Snapshot{
		l: l, date: date, exists: make([]bool, len(l.hospitals)),
		joined: map[string][]int32{}, members: map[string][]int32{},
	}
	for i, h := range l.hospitals {
		s.exists[i] = l.lineage.on(h.ID, date)
	}
	for i, m := range l.memberships {
		if m.Period().Contains(date) && s.exists[l.hospitalAt[m.Hospital]] {
			s.joined[m.Hospital] = append(s.joined[m.Hospital], int32(i))
			s.members[m.Network] = append(s.members[m.Network], int32(i))
		}
	}
	return s
}

// Date returns the date of the snapshot. It is zero only if the zero Date was
// asked for and the landscape names no date at all.
func (s *Snapshot) Date() Date { return s.date }

// Landscape returns the landscape of which this is a snapshot.
func (s *Snapshot) Landscape() *Landscape { return s.l }

// Hospitals returns the hospitals that exist on the date, by key.
func (s *Snapshot) Hospitals() []Hospital {
	out := make([]Hospital, 0, len(s.l.hospitals))
	for i, h := range s.l.hospitals {
		if s.exists[i] {
			out = append(out, h)
		}
	}
	return out
}

// Hospital returns the hospital with a key, if it exists on the date.
func (s *Snapshot) Hospital(id string) (Hospital, bool) {
	i, ok := s.l.hospitalAt[id]
	if !ok || !s.exists[i] {
		return Hospital{Point: NoPoint()}, false
	}
	return s.l.hospitals[i], true
}

// Resolve returns what the hospital with a key is on the date, as keys of
// existing hospitals, sorted. A hospital that exists is itself. One that ended
// before is what came of it, through all later successions: one after a merger,
// several after a split, none after a closure without successor. One that has
// not begun is what it came from. A key that the landscape does not have gives
// none; Landscape.Hospital tells it from a closure.
//
// "As of 2021" is On(NewDate(2021, 12, 31)): a hospital of 2017 resolves to its
// successor of 2021.
func (s *Snapshot) Resolve(id string) []string {
	if _, ok := s.l.hospitalAt[id]; !ok {
		return nil
	}
	found := map[string]bool{}
	s.l.lineage.resolve(id, s.date, map[string]bool{}, found)
	return sortedKeys(found)
}

// Networks returns the networks of a partition, by key; "" is DefaultPartition.
// Networks have no dates of their own: one without members on the date is still
// listed.
func (s *Snapshot) Networks(partition string) []Network {
	var out []Network
	for _, n := range s.l.networks {
		if n.Partition == partitionName(partition) {
			out = append(out, n.clone())
		}
	}
	return out
}

// Network returns the network of a partition that has the label as its key, its
// name or one of its aliases, letter for letter; "" is DefaultPartition.
func (s *Snapshot) Network(partition, label string) (Network, bool) {
	id, ok := s.l.labels[partitionName(partition)][label]
	if !ok {
		return Network{Point: NoPoint()}, false
	}
	return s.l.networks[s.l.networkAt[id]].clone(), true
}

// Members returns the hospitals that belong to a network, given by key, by key.
func (s *Snapshot) Members(network string) []Hospital {
	out := make([]Hospital, 0, len(s.members[network]))
	for _, i := range s.members[network] {
		out = append(out, s.l.hospitals[s.l.hospitalAt[s.l.memberships[i].Hospital]])
	}
	return out
}

// NetworksOf returns the keys of the networks of a partition to which a hospital
// belongs, sorted; "" is DefaultPartition. There are none if it belongs to none
// or does not exist on the date.
func (s *Snapshot) NetworksOf(hospital, partition string) []string {
	ms := s.MembershipsOf(hospital, partition)
	out := make([]string, len(ms))
	for i, m := range ms {
		out[i] = m.Network
	}
	return out
}

// MembershipsOf returns the memberships behind NetworksOf, by network, with
// their provenance: a conflict between sources shows here.
func (s *Snapshot) MembershipsOf(hospital, partition string) []Membership {
	var out []Membership
	for _, i := range s.joined[hospital] {
		m := s.l.memberships[i]
		if s.l.networks[s.l.networkAt[m.Network]].Partition == partitionName(partition) {
			out = append(out, m)
		}
	}
	return out
}

// Middle returns the place of a network, given by key: its explicit point if the
// landscape gives one, else the mean of its members with known coordinates, each
// taken as a direction from the center of the Earth. It is not ok if there is no
// such member, or if the directions cancel out.
func (s *Snapshot) Middle(network string) (Point, bool) {
	if i, ok := s.l.networkAt[network]; ok && s.l.networks[i].Point.Known() {
		return s.l.networks[i].Point, true
	}
	var points []Point
	for _, h := range s.Members(network) {
		points = append(points, h.Point)
	}
	return middle(points)
}

// Designations returns the designations in force that match, by body, disease,
// hospital and start. An open start or end is in force; Designation.Undated
// tells an open start. Those of a hospital that does not exist on the date are
// left out: they do not pass to a successor by themselves.
func (s *Snapshot) Designations(q DesignationQuery) []Designation {
	var out []Designation
	for _, d := range s.l.designations {
		if q.matches(d) && d.Period().Contains(s.date) && s.exists[s.l.hospitalAt[d.Hospital]] {
			out = append(out, d)
		}
	}
	return out
}

// Norms returns the norms in force that match, by body, disease, modality and
// start. An open start or end is in force; Norm.Published tells whether there is
// a number.
func (s *Snapshot) Norms(q NormQuery) []Norm {
	return slices.DeleteFunc(slices.Clone(s.l.norms), func(n Norm) bool {
		return !q.matches(n) || !n.Period().Contains(s.date)
	})
}
