// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"cmp"
	"slices"
)

// family is a set of texts that are numbered together.
type family int

const (
	familyHospital family = iota
	familyKind
	familyTumor
	familyAttr // one for each attribute
)

// familyOf gives the family of a column of codes.
func familyOf(c column) family {
	switch c {
	case evHospital, evOther:
		return familyHospital
	case evKind:
		return familyKind
	case evTumor:
		return familyTumor
	default:
		return familyAttr + family(c-evAttr)
	}
}

// codeUnknown is the code in a log of a hospital that is not known.
const codeUnknown = codeBad

// mark is set on a code of a link that says more than the text.
const (
	markBad     uint32 = 1 << 31 // the row is refused
	markUnknown uint32 = 1 << 30 // a hospital that the landscape does not have
	markSplit   uint32 = 1 << 29 // a hospital that became several
	markMerged  uint32 = 1 << 28 // a hospital that was replaced by its successor
	markOther   uint32 = 1 << 27 // a kind of care that is not known
	marks              = markBad | markUnknown | markSplit | markMerged | markOther
	lowestMark         = markOther
)

// interner numbers the texts of one family over all dictionaries, in the order
// in which they come.
type interner struct {
	values []string
	codes  map[string]uint32 // with marks
}

func newInterner() *interner {
	return &interner{values: make([]string, codesReserved), codes: map[string]uint32{}}
}

// link is what a builder knows about a dictionary of a reader: for each code its
// own, with marks, and for kinds the layer they belong to.
type link struct {
	codes  []uint32
	layers []Layer
}

type linkKey struct {
	d *Dictionary
	f family
}

// interners holds the texts of a builder.
type interners struct {
	families []*interner
	links    map[linkKey]*link
	layout   LogLayout
	resolver resolver
	known    map[string]bool // kinds that are known to the library or to the caller
}

func newInterners(c LogConfig) *interners {
	n := &interners{links: map[linkKey]*link{}, layout: c.Layout, resolver: newResolver(c.Within, LevelHospital, ""), known: map[string]bool{}}
	for range int(familyAttr) + len(c.Attributes) {
		n.families = append(n.families, newInterner())
	}
	for _, k := range slices.Concat(otherKinds, c.treatments()) {
		n.known[k] = true
	}
	return n
}

// link gives the link of a dictionary, up to date.
func (n *interners) link(d *Dictionary, f family) *link {
	key := linkKey{d, f}
	l := n.links[key]
	if l == nil {
		l = &link{codes: []uint32{codeEmpty, codeBad | markBad}, layers: make([]Layer, codesReserved)}
		n.links[key] = l
	}
	if len(l.codes) < len(d.values) {
		// A batch that is being packed goes on with the codes it has.
		l = &link{codes: slices.Clone(l.codes), layers: slices.Clone(l.layers)}
		n.links[key] = l
		for _, v := range d.values[len(l.codes):] {
			l.codes = append(l.codes, n.code(v, f))
			l.layers = append(l.layers, layerOf(v))
		}
	}
	return l
}

// code gives the code of a text, with its marks.
func (n *interners) code(text string, f family) uint32 {
	in := n.families[f]
	if c, ok := in.codes[text]; ok {
		return c
	}
	var c uint32
	switch f {
	case familyHospital:
		label, mark := n.hospital(text)
		switch {
		case mark == markUnknown || mark == markSplit:
			c = codeUnknown | mark
		case label != text:
			c = n.code(label, f)&^marks | mark
		default:
			c = in.add(text)
		}
	case familyKind:
		c = in.add(text)
		if n.layout == LayoutEvents && !n.known[text] {
			c |= markOther
		}
	default:
		c = in.add(text)
	}
	in.codes[text] = c
	return c
}

func (in *interner) add(text string) uint32 {
	in.values = append(in.values, text)
	return uint32(len(in.values) - 1)
}

// hospital gives the label under which a hospital is kept, and what is to be
// said about it.
func (n *interners) hospital(text string) (string, uint32) {
	if text == DestinationUnknown || text == OriginUnknown || text == Untreated {
		return "", markUnknown
	}
	id, ok := n.resolver.find(text)
	if !ok {
		return "", markUnknown
	}
	now, ok := n.resolver.successor(id)
	switch {
	case !ok:
		return "", markSplit
	case now != id:
		return now, markMerged
	}
	return id, 0
}

// ranks gives the texts of a family in the order of a log, and for each code its
// place in it. Empty and unknown stay in front.
func (n *interners) ranks(f family) ([]string, []uint32) {
	in := n.families[f]
	order := make([]uint32, len(in.values))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortFunc(order[codesReserved:], func(a, b uint32) int {
		if f == familyKind {
			if c := cmp.Compare(kindPlace(in.values[a]), kindPlace(in.values[b])); c != 0 {
				return c
			}
		}
		return cmp.Compare(in.values[a], in.values[b])
	})
	values, rank := make([]string, len(order)), make([]uint32, len(order))
	for i, c := range order {
		values[i], rank[c] = in.values[c], uint32(i)
	}
	return values, rank
}

// layerOf gives the layer that a kind belongs to when the row does not say.
func layerOf(kind string) Layer {
	switch kind {
	case "referral":
		return LayerReferral
	case "pathology":
		return LayerPathology
	case "mdt":
		return LayerMDT
	case KindDeath, KindEnd:
		return LayerStatus
	}
	return LayerPatient
}

// kindPlace puts kinds in the order that they have within a day when nothing
// else tells: diagnosis and first visit before all care.
func kindPlace(kind string) int {
	switch kind {
	case KindDiagnosis:
		return 0
	case KindFirstVisit:
		return 1
	}
	return 2
}
