// SPDX-License-Identifier: Apache-2.0

package network

import (
	"slices"
	"strings"
)

// CodeSet is a selection of codes of ICD-10, ICD-O-3 topography or ICD-O-3
// morphology. The zero value is empty: it selects nothing, and says nothing.
type CodeSet struct {
	text       string
	ranges     []codeRange
	morphology bool
}

// codeRange is a range of topography places or of histologies, both ends
// included.
type codeRange struct {
	lo, hi   int
	behavior int // of a histology; anyBehavior for topography
}

const (
	wantTopography = "codes like C60, C69.3 or C00-C14, separated by comma or semicolon"
	wantMorphology = "codes like 8720, 8720-8790, 8500/3 or /3, separated by comma or semicolon"
)

// categorySpan is the number of places a three-character category takes: one
// for the category itself, ten for its subcategories.
const categorySpan = 11

// anyBehavior stands for a morphology without its fifth digit.
const anyBehavior = -1

// ParseTopography reads a selection of ICD-O-3 topography or ICD-10 codes: "C60"
// (the category with all below it), "C69.3" or "C693", ranges "C00-C14" and
// "C69.1-C69.4", separated by comma, semicolon, bar or space. The empty text
// gives the empty set. Anything else is an *InputError without a file.
func ParseTopography(s string) (CodeSet, error) {
	c := CodeSet{text: s}
	for _, item := range codeItems(s) {
		from, to, isRange := strings.Cut(item, "-")
		if !isRange {
			to = from
		}
		lo, ok1 := topographyPlace(from)
		hi, ok2 := topographyPlace(to)
		if hi%categorySpan == 0 {
			hi += categorySpan - 1
		}
		if !ok1 || !ok2 || lo > hi || len(c.ranges) == maxList {
			return CodeSet{}, badText(s, wantTopography)
		}
		c.ranges = append(c.ranges, codeRange{lo: lo, hi: hi, behavior: anyBehavior})
	}
	return c, nil
}

// ParseMorphology reads a selection of ICD-O-3 morphology codes: "8720" (any
// behavior), "8720/3", ranges "8720-8790" and "8720-8790/3", and "/3" (any
// histology with that behavior), separated by comma, semicolon, bar or space.
// The empty text gives the empty set. Anything else is an *InputError without a
// file.
func ParseMorphology(s string) (CodeSet, error) {
	c := CodeSet{text: s, morphology: true}
	for _, item := range codeItems(s) {
		span, end, found := strings.Cut(item, "/")
		behavior, ok := anyBehavior, true
		if found {
			behavior, ok = digits(end)
			ok = ok && len(end) == 1
		}
		lo, hi := 0, 9999
		if span != "" {
			from, to, isRange := strings.Cut(span, "-")
			if !isRange {
				to = from
			}
			var ok1, ok2 bool
			lo, ok1 = digits(from)
			hi, ok2 = digits(to)
			ok = ok && ok1 && ok2 && len(from) == 4 && len(to) == 4
		}
		if !ok || lo > hi || len(c.ranges) == maxList {
			return CodeSet{}, badText(s, wantMorphology)
		}
		c.ranges = append(c.ranges, codeRange{lo: lo, hi: hi, behavior: behavior})
	}
	return c, nil
}

func codeItems(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(",;| \t", r) })
}

// topographyPlace numbers a code so that subcategories follow their category.
func topographyPlace(s string) (int, bool) {
	if len(s) > 3 && s[3] == '.' {
		s = s[:3] + s[4:]
		if len(s) != 4 {
			return 0, false
		}
	}
	if len(s) != 3 && len(s) != 4 {
		return 0, false
	}
	letter := s[0] &^ 0x20
	n, ok := digits(s[1:3])
	if letter < 'A' || letter > 'Z' || !ok {
		return 0, false
	}
	n = (int(letter-'A')*100 + n) * categorySpan
	if len(s) == 4 {
		sub, ok := digits(s[3:])
		return n + 1 + sub, ok
	}
	return n, true
}

// histology splits a morphology code into its four digits and behavior.
func histology(s string) (int, int, bool) {
	if len(s) == 6 && s[4] == '/' {
		s = s[:4] + s[5:]
	}
	n, ok := digits(s)
	switch {
	case ok && len(s) == 4:
		return n, anyBehavior, true
	case ok && len(s) == 5:
		return n / 10, n % 10, true
	}
	return 0, 0, false
}

// Contains reports whether the code is selected. The point of "C69.3" and the
// slash of "8720/3" may be missing. A code that cannot be read is not selected;
// nor is one that says less than the selection asks: "C69" is not in "C69.3",
// and "8720" is not in "8720/3".
func (c CodeSet) Contains(code string) bool {
	code = strings.TrimSpace(code)
	n, ok := topographyPlace(code)
	behavior := anyBehavior
	if c.morphology {
		n, behavior, ok = histology(code)
	}
	return ok && slices.ContainsFunc(c.ranges, func(r codeRange) bool {
		return r.lo <= n && n <= r.hi && (r.behavior == anyBehavior || r.behavior == behavior)
	})
}

// String returns the selection as it was written.
func (c CodeSet) String() string { return c.text }

// Empty reports whether the set has no codes.
func (c CodeSet) Empty() bool { return len(c.ranges) == 0 }
