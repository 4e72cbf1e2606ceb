// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"slices"
	"strings"

	"github.com/oncoref/oncoref/network"
)

// Usual values of [Meta.Level].
const (
	LevelHospital = "hospital"
	LevelNetwork  = "network"
)

const (
	defaultRetained  = "geen"
	defaultSeparator = "/"
)

// splitSet cuts a label at the separator and gives the trimmed members in
// order; nil for a label without separator. For a label that is no set either
// it says what was expected, otherwise "". The words for retained and totals are
// no members.
func splitSet(label, separator string, words ...string) ([]string, string) {
	if !strings.Contains(label, separator) {
		return nil, ""
	}
	var members []string
	for m := range strings.SplitSeq(label, separator) {
		members = append(members, strings.TrimSpace(m))
	}
	slices.Sort(members)
	switch {
	case members[0] == "":
		return nil, "a label between every two separators, as in X " + separator + " Y"
	case len(slices.Compact(slices.Clone(members))) < len(members):
		return nil, "each member of a set-valued destination once"
	case slices.ContainsFunc(members, func(m string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(m, w) })
	}):
		return nil, "a set of classes; the words for retained and totals stand alone"
	}
	return members, ""
}

// resolver finds labels in a landscape.
type resolver struct {
	in        *network.Snapshot
	level     string
	partition string
	beyond    []string          // labels that need not be known
	hospitals map[string]string // names of hospitals -> identifier, "" for a name that several have
}

func newResolver(in *network.Snapshot, level, partition string, beyond ...string) resolver {
	r := resolver{in: in, level: level, partition: partition, beyond: beyond, hospitals: map[string]string{}}
	if in == nil || level == LevelNetwork {
		return r
	}
	for _, h := range in.Hospitals() {
		for _, name := range [...]string{h.Name, h.ShortName} {
			if id, ok := r.hospitals[name]; ok && id != h.ID {
				r.hospitals[name] = ""
			} else {
				r.hospitals[name] = h.ID
			}
		}
	}
	return r
}

// Beside reports whether a label is a class that stands beside hospitals and
// networks: [Untreated], [OriginUnknown] or [DestinationUnknown]. Such a class
// is no place: nobody is referred to it.
func Beside(label string) bool {
	return label == Untreated || label == OriginUnknown || label == DestinationUnknown
}

// find gives the identifier that a label stands for, and whether the landscape
// knows it.
func (r resolver) find(label string) (string, bool) {
	if r.in == nil || Beside(label) || slices.Contains(r.beyond, label) {
		return label, true
	}
	if r.level != LevelHospital {
		if n, ok := r.in.Network(r.partition, label); ok {
			return n.ID, true
		}
	}
	if r.level != LevelNetwork {
		if h, ok := r.in.Hospital(label); ok {
			return h.ID, true
		}
		if now := r.in.Resolve(label); len(now) > 0 {
			return label, true
		}
		if id := r.hospitals[label]; id != "" {
			return id, true
		}
	}
	return "", false
}

// successor gives the hospital that has taken the place of id, or id itself; it
// is not ok if there are several and the patients cannot be told apart.
func (r resolver) successor(id string) (string, bool) {
	if r.in == nil || r.level == LevelNetwork || Beside(id) {
		return id, true
	}
	if _, ok := r.in.Hospital(id); ok {
		return id, true
	}
	switch current := r.in.Resolve(id); len(current) {
	case 0:
		return id, true
	case 1:
		return current[0], true
	}
	return "", false
}

// want says what labels are expected.
func (r resolver) want() string {
	what := "hospital or network"
	if r.level == LevelHospital || r.level == LevelNetwork {
		what = r.level
	}
	return "the name of a " + what + " in the landscape of " + r.in.Date().String()
}
