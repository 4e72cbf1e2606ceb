// SPDX-License-Identifier: Apache-2.0

package referral

import "math/bits"

// column is a property of an event as a log stores it. The order is the order of
// events: a later column decides only between events that agree in all before.
type column uint8

const (
	evCheck    column = iota // second part of the identity
	evSeq                    // number; not given is last
	evDay                    // number; not known is last
	evLayer                  // the layer itself
	evKind                   // code
	evHospital               // code of a hospital
	evOther                  // code of a hospital: of the first visit, or the receiving one
	evTumor                  // code
	evYear                   // number
	evUntil                  // number
	evLine                   // number; only while a log is built
	evAttr                   // code; one column for each attribute
)

// coded reports whether a column has codes of texts.
func (c column) coded() bool {
	return c == evKind || c == evHospital || c == evOther || c == evTumor || c >= evAttr
}

// bitfield is the place of a column in the words of an event.
type bitfield struct {
	word, shift uint8
	mask        uint64 // zero for a column that is not stored
}

func (f bitfield) get(words []uint64) uint64 { return words[f.word] >> f.shift & f.mask }

func (f bitfield) set(words []uint64, v uint64) {
	w := &words[f.word]
	*w = *w&^(f.mask<<f.shift) | v<<f.shift
}

// place gives columns of some widths in bits their places. The first column
// takes the highest bits, so that comparing words compares columns in order. It
// also gives the number of words.
func place(widths []int) ([]bitfield, int) {
	fields := make([]bitfield, len(widths))
	words, free := 0, 0
	for i, n := range widths {
		if n == 0 {
			continue
		}
		if n > free {
			words++
			free = 64
		}
		free -= n
		fields[i] = bitfield{word: uint8(words - 1), shift: uint8(free), mask: 1<<n - 1}
		if n == 64 {
			fields[i].mask = ^uint64(0)
		}
	}
	return fields, words
}

// width is the number of bits of numbers up to a limit.
func width(limit uint64) int { return bits.Len64(limit) }
