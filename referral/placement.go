// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"slices"

	"github.com/oncoref/oncoref/network"
)

// placement gives hospitals their classes: themselves, or the groups of a
// partition.
type placement struct {
	shares [][]network.Share // by code; a hospital without any is not assigned
	set    bool              // a hospital of several groups stays in all of them
	groups []string          // all groups of the partition
}

func (l *Log) placement(p *network.Partition) *placement {
	values := l.values[familyHospital]
	out := &placement{shares: make([][]network.Share, len(values))}
	for i := codesReserved; i < len(values); i++ {
		if p == nil {
			out.shares[i] = []network.Share{{Group: values[i], Weight: 1}}
		} else {
			out.shares[i], _ = p.Of(values[i])
		}
	}
	if p != nil {
		out.set, out.groups = p.Rule() != network.Split, p.Groups()
	}
	return out
}

// inside reports whether a hospital belongs to a group.
func (p *placement) inside(hospital uint64, group string) bool {
	return slices.ContainsFunc(p.shares[hospital], func(s network.Share) bool { return s.Group == group })
}

// overlap reports whether two hospitals have a group in common. Care in a
// hospital that two networks share is care in the own network for both.
func (p *placement) overlap(a, b uint64) bool {
	return a == b || slices.ContainsFunc(p.shares[a], func(s network.Share) bool { return p.inside(b, s.Group) })
}

// divided reports whether a hospital is divided over several groups.
func (p *placement) divided(hospital uint64) bool { return !p.set && len(p.shares[hospital]) > 1 }

// members gives the groups of a hospital that is not divided.
func (p *placement) members(hospital uint64) []string {
	out := make([]string, len(p.shares[hospital]))
	for i, s := range p.shares[hospital] {
		out[i] = s.Group
	}
	return out
}
