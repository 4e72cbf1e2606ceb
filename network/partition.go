// SPDX-License-Identifier: Apache-2.0

package network

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ProvincePartition is the name of the partition that Snapshot.Provinces makes.
const ProvincePartition = "province"

// Rule says what becomes of a hospital that belongs to several groups of a
// partition.
type Rule uint8

// The rules for double membership.
const (
	SetValued Rule = iota // it stays in all of them, as a set
	Primary               // it goes to the one declared primary
	Split                 // it is divided, an equal share to each
)

var rules = []string{"set-valued", "primary", "split"}

// String returns "set-valued", "primary" or "split".
func (r Rule) String() string { return wordText(r, rules) }

// ParseRule reads what String writes. Anything else is an *InputError without a
// file.
func ParseRule(s string) (Rule, error) {
	if i := slices.Index(rules, s); i >= 0 {
		return Rule(i), nil
	}
	return 0, badText(s, "one of "+strings.Join(rules, ", "))
}

// PartitionConfig chooses a partition. The zero value is the regional one, with
// double membership kept as a set.
type PartitionConfig struct {
	Name string // partition of the networks; "" is DefaultPartition
	Rule Rule   // what to do with double membership; zero is SetValued
}

// Share is a part of a hospital or other class in a group.
type Share struct {
	Group  string
	Weight float64 // the shares of one class sum to 1
}

// Partition labels hospitals, or other classes, by group. It is immutable and
// safe for concurrent use.
type Partition struct {
	name       string
	rule       Rule
	shares     map[string][]Share
	groups     []string
	unassigned []string
}

// ErrPartition is matched by every error about a partition that cannot be made.
var ErrPartition = errors.New("no such partition")

// PartitionError says why a partition cannot be made.
type PartitionError struct {
	Partition string
	Hospitals []string // those that are in the way, by key; may be empty
	Reason    string
}

// maxNamed is the number of hospitals that an error message lists.
const maxNamed = 10

// Error names the partition, the reason and the first hospitals.
func (e *PartitionError) Error() string {
	s := fmt.Sprintf("partition %q: %s", e.Partition, e.Reason)
	if n := len(e.Hospitals); n > maxNamed {
		return fmt.Sprintf("%s: %s and %d more", s, strings.Join(e.Hospitals[:maxNamed], ", "), n-maxNamed)
	} else if n > 0 {
		return s + ": " + strings.Join(e.Hospitals, ", ")
	}
	return s
}

// Is reports whether target is ErrPartition.
func (e *PartitionError) Is(target error) bool { return target == ErrPartition }

// Partition labels the hospitals of the snapshot by the keys of the networks of
// one partition. Every network of the partition is a group, members or not.
// Hospitals in none of them are listed by Unassigned.
//
// It returns a *PartitionError, which matches ErrPartition, if no network
// belongs to the partition, and under the rule Primary if a hospital belongs to
// several networks and not exactly one of these memberships is declared primary;
// the error names all such hospitals.
func (s *Snapshot) Partition(c PartitionConfig) (*Partition, error) {
	name := partitionName(c.Name)
	if int(c.Rule) >= len(rules) {
		return nil, &PartitionError{Partition: name, Reason: fmt.Sprintf("unknown rule %d", c.Rule)}
	}
	if s.l.labels[name] == nil {
		have := "the landscape has no networks"
		if all := s.l.Partitions(); len(all) > 0 {
			have = "the landscape has " + strings.Join(all, ", ")
		}
		return nil, &PartitionError{Partition: name, Reason: "no network belongs to it; " + have}
	}
	p := &Partition{name: name, rule: c.Rule, shares: map[string][]Share{}}
	for _, n := range s.Networks(name) {
		p.groups = append(p.groups, n.ID)
	}
	var undecided []string
	for i, h := range s.l.hospitals {
		if !s.exists[i] {
			continue
		}
		ms := s.MembershipsOf(h.ID, name)
		if c.Rule == Primary && len(ms) > 1 {
			ms = slices.DeleteFunc(ms, func(m Membership) bool { return !m.Primary })
			if len(ms) != 1 {
				undecided = append(undecided, h.ID)
				continue
			}
		}
		if len(ms) == 0 {
			p.unassigned = append(p.unassigned, h.ID)
			continue
		}
		shares := make([]Share, len(ms))
		for j, m := range ms {
			shares[j] = Share{Group: m.Network, Weight: 1 / float64(len(ms))}
		}
		p.shares[h.ID] = shares
	}
	if undecided != nil {
		return nil, &PartitionError{
			Partition: name, Hospitals: undecided,
			Reason: "rule primary needs exactly one membership declared primary for a hospital in several networks",
		}
	}
	return p, nil
}

// WithRest returns the partition in which the hospitals of Unassigned are a
// group of their own. It returns a *PartitionError for an empty name and for
// that of a group that exists.
func (p *Partition) WithRest(group string) (*Partition, error) {
	at, exists := slices.BinarySearch(p.groups, group)
	if group == "" || exists {
		return nil, &PartitionError{Partition: p.name, Reason: fmt.Sprintf("the rest needs a name of its own, not %q", group)}
	}
	q := &Partition{name: p.name, rule: p.rule, shares: maps.Clone(p.shares), groups: slices.Insert(slices.Clone(p.groups), at, group)}
	for _, h := range p.unassigned {
		q.shares[h] = []Share{{Group: group, Weight: 1}}
	}
	return q, nil
}

// Provinces labels the hospitals of the snapshot by province. Hospitals without
// one are listed by Unassigned.
func (s *Snapshot) Provinces() *Partition {
	p := &Partition{name: ProvincePartition, shares: map[string][]Share{}}
	groups := map[string]bool{}
	for _, h := range s.Hospitals() {
		if h.Province == "" {
			p.unassigned = append(p.unassigned, h.ID)
			continue
		}
		groups[h.Province] = true
		p.shares[h.ID] = []Share{{Group: h.Province, Weight: 1}}
	}
	p.groups = sortedKeys(groups)
	return p
}

// NewPartition makes a partition from explicit labels: class to group, where a
// class is a hospital, a network or whatever else a table has. It returns a
// *PartitionError if the name, a class or a group is empty.
func NewPartition(name string, labels map[string]string) (*Partition, error) {
	if name == "" {
		return nil, &PartitionError{Reason: "it needs a name"}
	}
	p := &Partition{name: name, shares: make(map[string][]Share, len(labels))}
	groups := map[string]bool{}
	for _, id := range sortedKeys(labels) {
		group := labels[id]
		if id == "" || group == "" {
			return nil, &PartitionError{Partition: name, Reason: fmt.Sprintf("empty class or group in %q: %q", id, group)}
		}
		groups[group] = true
		p.shares[id] = []Share{{Group: group, Weight: 1}}
	}
	p.groups = sortedKeys(groups)
	return p, nil
}

// Name returns the name of the partition.
func (p *Partition) Name() string { return p.name }

// Rule returns the rule for double membership. It says how to use several
// shares: under Split they divide a count; under SetValued the class belongs to
// the set of groups, of which it is not known which, and the equal weights are
// no division of anything.
func (p *Partition) Rule() Rule { return p.rule }

// Of returns the groups of a class, by group. It is not ok if the class is in no
// group.
func (p *Partition) Of(id string) ([]Share, bool) {
	s, ok := p.shares[id]
	return slices.Clone(s), ok
}

// Groups returns all groups, sorted.
func (p *Partition) Groups() []string { return slices.Clone(p.groups) }

// Members returns the classes that have a share in a group, sorted.
func (p *Partition) Members(group string) []string {
	var out []string
	for _, id := range sortedKeys(p.shares) {
		if slices.ContainsFunc(p.shares[id], func(s Share) bool { return s.Group == group }) {
			out = append(out, id)
		}
	}
	return out
}

// Unassigned returns the hospitals that exist on the date and are in no group,
// sorted. It is empty for a partition made by NewPartition.
func (p *Partition) Unassigned() []string { return slices.Clone(p.unassigned) }
