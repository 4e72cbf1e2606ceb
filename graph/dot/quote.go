// SPDX-License-Identifier: Apache-2.0

package dot

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Quote returns s as a quoted DOT string, which Graphviz reads back as s. The
// quotes make any text a plain string: a keyword, a number, text in angle
// brackets, text over several lines.
//
// Three things have no form in DOT and change: a zero byte and a byte that is
// not UTF-8 become U+FFFD, and an odd number of backslashes before a quote, a
// line break or the end gets one more.
//
// Quote leaves the sequences alone that Graphviz interprets in labels; see
// [Label].
func Quote(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte('"')
	slashes := 0
	even := func() {
		if slashes%2 == 1 {
			b.WriteByte('\\')
		}
	}
	for _, r := range s {
		if r == '\\' {
			slashes++
			b.WriteByte('\\')
			continue
		}
		switch r {
		case '"':
			even()
			b.WriteString(`\"`)
		case '\n', '\r':
			even()
			b.WriteRune(r)
		case 0:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
		slashes = 0
	}
	even()
	b.WriteByte('"')
	return b.String()
}

// Label returns text in the form in which Graphviz shows it literally, as the
// value of an attribute that is drawn: label, xlabel, tooltip and the like.
// Backslashes are doubled, a line break becomes \n and an ampersand &amp;.
// Control characters, which have no place in a drawing, become their visible
// pictures (␀ for a zero byte). Bytes that are not UTF-8 and the code points
// U+FFFE and U+FFFF, which are no characters, are shown as U+FFFD.
//
// Different UTF-8 texts give different labels. As the value of an [Attr] or
// the ID of a [Node] a label is still to be quoted, which the [Document] does.
func Label(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i, r := range text {
		switch {
		case r == '\\':
			b.WriteString(`\\`)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '&':
			b.WriteString("&amp;")
		case r < ' ' && r != '\t':
			b.WriteString("&#" + strconv.Itoa(int(0x2400+r)) + ";")
		case r == 0x7f:
			b.WriteString("&#9249;")
		// Four spellings of U+FFFD, so that the labels stay different.
		case r == 0xfffe:
			b.WriteString("&#xFFFD;")
		case r == 0xffff:
			b.WriteString("&#xfffd;")
		case r == utf8.RuneError && strings.HasPrefix(text[i:], "\uFFFD"):
			b.WriteString("&#65533;")
		case r == utf8.RuneError:
			b.WriteString("&#XFFFD;")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// name returns s as a DOT ID, without quotes where it may do without.
func name(s string) string {
	if s == "" || keyword(s) {
		return Quote(s)
	}
	for i, c := range []byte(s) {
		letter := c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return Quote(s)
		}
	}
	return s
}

// keyword says whether s is a keyword of DOT, in any case of letters.
func keyword(s string) bool {
	switch strings.ToLower(s) {
	case "node", "edge", "graph", "digraph", "subgraph", "strict":
		return true
	}
	return false
}
