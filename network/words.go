// SPDX-License-Identifier: Apache-2.0

package network

import "strings"

// unknownWord is the text of the zero value of every list of words.
const unknownWord = "unknown"

var sameLetter = strings.NewReplacer("_", " ", "-", " ")

// fold makes spellings equal that differ in case, hyphen, underscore and space
// only.
func fold(s string) string { return strings.ToLower(sameLetter.Replace(s)) }

// parseWord finds a word in names, whose first entry is the unknown word, or
// among the other spellings. The empty text is the unknown word.
func parseWord[T ~uint8](s string, names []string, other map[string]T) (T, bool) {
	if s == "" {
		return 0, true
	}
	f := fold(s)
	for i, name := range names {
		if f == fold(name) {
			return T(i), true
		}
	}
	t, ok := other[f]
	return t, ok
}

func wordText[T ~uint8](t T, names []string) string {
	if int(t) < len(names) {
		return names[t]
	}
	return unknownWord
}

// wantWord says which words may stand in a field.
func wantWord(names []string) string {
	return "one of " + strings.Join(names[1:], ", ") + ", or nothing if not known"
}
