// SPDX-License-Identifier: Apache-2.0

package referral

import (
	"slices"

	"github.com/oncoref/oncoref/network"
)

// schema says how the events of a log are stored: each in the same number of
// words, the columns at the same places. Words of two events of a patient
// compare as the events do in time.
type schema struct {
	layout    LogLayout
	fields    []bitfield // by column
	words     int
	numbers   [evLine]extent // of columns with numbers; a code at or above extent.codes is not given
	values    [][]string     // by family: the texts in the order of their codes
	treatment []bool         // by code of kind: is it a treatment
	first     uint64         // code of KindFirstVisit, 0 if there is none
	diagnosis uint64
	death     uint64
	cases     uint64 // bits of word 0 that are the same in all rows of a case, if only one word is used
}

// event is the words of one event.
type event = []uint64

func (s *schema) code(e event, c column) uint64 { return s.fields[c].get(e) }

// number gives the number in a column; 0 if it is not given.
func (s *schema) number(e event, c column) int64 {
	v := s.fields[c].get(e)
	n := s.numbers[c]
	if v >= n.codes() {
		return 0
	}
	return n.low + int64(v)
}

func (s *schema) day(e event) network.Date { return network.Date(s.number(e, evDay)) }

func (s *schema) layer(e event) Layer { return Layer(s.code(e, evLayer)) }

// text gives the text of a code.
func (s *schema) text(c column, code uint64) string { return s.values[familyOf(c)][code] }

// untreated reports whether the row only says that the patient was not treated.
func (s *schema) untreated(e event) bool {
	return s.layout == LayoutTreatments && s.code(e, evKind) == 0 && s.code(e, evHospital) == 0
}

// treated reports whether the event is a treatment.
func (s *schema) treated(e event) bool {
	if s.layout == LayoutTreatments {
		return !s.untreated(e)
	}
	return s.layer(e) == LayerPatient && s.treatment[s.code(e, evKind)]
}

// visit reports whether the event says that the patient was in a hospital.
func (s *schema) visit(e event) bool { return s.layer(e) == LayerPatient && !s.untreated(e) }

// is reports whether the event is of a kind that has a code of its own.
func (s *schema) is(e event, kind uint64) bool { return kind != 0 && s.code(e, evKind) == kind }

// newSchema gives the schema for all rows of a builder, and for each family the
// place of its codes in the order of the log.
func newSchema(b *LogBuilder) (*schema, [][]uint32) {
	s := &schema{layout: b.c.Layout, values: make([][]string, len(b.texts.families))}
	ranks := make([][]uint32, len(b.texts.families))
	for f := range s.values {
		s.values[f], ranks[f] = b.texts.ranks(family(f))
	}
	copy(s.numbers[:], b.contents.numbers[:])
	widths := make([]int, int(evAttr)+len(b.c.Attributes))
	for c := range widths {
		switch c := column(c); c {
		case evCheck:
			if b.contents.checked {
				widths[c] = 64
			}
		case evLayer:
			if b.contents.layered {
				widths[c] = width(uint64(len(layerNames) - 1))
			}
		case evSeq, evDay, evYear, evUntil:
			widths[c] = width(s.numbers[c].codes())
		case evLine:
		default:
			widths[c] = codeWidth(c, len(s.values[familyOf(c)]))
		}
	}
	s.fields, s.words = place(widths)
	if s.words == 0 {
		s.words = 1
	}
	for _, c := range [...]column{evTumor, evOther, evYear} {
		if s.words == 1 && !b.contents.checked {
			s.cases |= s.fields[c].mask << s.fields[c].shift
		}
	}
	kinds := s.values[familyKind]
	wanted := b.c.treatments()
	s.treatment = make([]bool, len(kinds))
	for i, k := range kinds {
		s.treatment[i] = slices.Contains(wanted, k)
	}
	s.first, s.diagnosis, s.death = codeOf(kinds, KindFirstVisit), codeOf(kinds, KindDiagnosis), codeOf(kinds, KindDeath)
	return s, ranks
}

// codeOf gives the code of a text, 0 if there is none.
func codeOf(values []string, text string) uint64 {
	if text == "" {
		return codeEmpty
	}
	return uint64(max(slices.Index(values, text), 0))
}

// codeWidth is the number of bits of a column of codes. A column of which no row
// has a text takes none, except hospitals: they can be unknown.
func codeWidth(c column, codes int) int {
	if codes == codesReserved && familyOf(c) != familyHospital {
		return 0
	}
	return width(uint64(codes - 1))
}
