// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"fmt"
	"unicode/utf8"
)

const (
	// maxInput bounds the DOT text: beyond it Graphviz's 32-bit memory would
	// run out before the graph is drawn.
	maxInput = 64 << 20
	// maxDepth bounds the nesting of subgraphs, which Graphviz walks
	// recursively on a small stack.
	maxDepth = 100
)

// A source is DOT text that holds exactly one graph, so far as brackets and
// quotes tell.
type source struct {
	text []byte
	body int // offset just after the graph's opening brace
}

// scan checks what Graphviz accepts silently or reports without a place: a
// NUL byte, bytes that are not UTF-8 (taken as Latin-1), an empty input, text
// after the graph, brackets that do not match, absurd nesting. The grammar
// itself is left to Graphviz.
func scan(text []byte) (source, error) {
	if len(text) > maxInput {
		return source{}, fmt.Errorf("%w: %d bytes of DOT, at most %d are read", ErrTooLarge, len(text), maxInput)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	s := scanner{text: text}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return source{}, s.fail(i, "NUL byte")
	}
	if !utf8.Valid(text) {
		return source{}, s.fail(invalidUTF8(text), "bytes that are not UTF-8; convert the text first")
	}
	return s.graph()
}

func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return len(b)
}

type scanner struct{ text []byte }

func (s scanner) fail(at int, what string) error {
	before := s.text[:min(at, len(s.text))]
	line := 1 + bytes.Count(before, []byte("\n"))
	column := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return fmt.Errorf("%w: line %d, column %d: %s", ErrSyntax, line, column, what)
}

func (s scanner) graph() (source, error) {
	depth, body, closed := 0, -1, false
	for i := 0; i < len(s.text); {
		end, err := s.skip(i)
		if err != nil {
			return source{}, err
		}
		if end > i && (!closed || s.blank(i)) {
			i = end
			continue
		}
		switch c := s.text[i]; {
		case closed:
			return source{}, s.fail(i, "text after the end of the graph")
		case c == '{':
			if depth++; depth > maxDepth {
				return source{}, s.fail(i, fmt.Sprintf("subgraphs nested more than %d deep", maxDepth))
			}
			if body < 0 {
				body = i + 1
			}
		case c == '}':
			depth--
			if depth < 0 {
				return source{}, s.fail(i, "'}' without '{'")
			}
			closed = depth == 0
		}
		i++
	}
	switch {
	case body < 0:
		return source{}, fmt.Errorf("%w: no graph in the text, want digraph { ... }", ErrSyntax)
	case !closed:
		return source{}, s.fail(body-1, "'{' is not closed")
	}
	return source{text: s.text, body: body}, nil
}

// blank reports that the text at i is white space or a comment.
func (s scanner) blank(i int) bool {
	switch s.text[i] {
	case '"', '<':
		return false
	}
	return true
}

// skip returns the end of the white space, comment, quoted string or
// HTML-like string that begins at i, or i if none does.
func (s scanner) skip(i int) (int, error) {
	rest := s.text[i:]
	switch c := rest[0]; {
	case c == ' ' || c == '\t' || c == '\r' || c == '\n':
		return i + 1, nil
	case c == '#' && (i == 0 || s.text[i-1] == '\n'), bytes.HasPrefix(rest, []byte("//")):
		if n := bytes.IndexByte(rest, '\n'); n >= 0 {
			return i + n, nil
		}
		return len(s.text), nil
	case bytes.HasPrefix(rest, []byte("/*")):
		n := bytes.Index(rest[2:], []byte("*/"))
		if n < 0 {
			return 0, s.fail(i, "comment is not closed")
		}
		return i + n + 4, nil
	case c == '"':
		for j := i + 1; j < len(s.text); j++ {
			switch s.text[j] {
			case '\\':
				j++
			case '"':
				return j + 1, nil
			}
		}
		return 0, s.fail(i, "string is not closed")
	case c == '<':
		return s.html(i)
	}
	return i, nil
}

func (s scanner) html(i int) (int, error) {
	depth := 0
	for j := i; j < len(s.text); j++ {
		switch s.text[j] {
		case '<':
			depth++
		case '>':
			if depth--; depth == 0 {
				return j + 1, nil
			}
		}
	}
	return 0, s.fail(i, "HTML-like string is not closed")
}

// backslash stands for an escaped backslash while Graphviz works: on the way
// to its json output it doubles a backslash in drawn text, and then cuts the
// text short when there are several. The byte has no meaning of its own in
// text; painter and cleanSVG turn it back.
const backslash = '\x1a'

// hideBackslashes replaces escaped backslashes in quoted strings by their
// stand-in. What follows them, as the N of "\\N", loses no meaning by it.
func hideBackslashes(text []byte) []byte {
	s := scanner{text: text}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); {
		end, err := s.skip(i)
		if err != nil || end == i {
			out = append(out, text[i])
			i++
			continue
		}
		if text[i] != '"' {
			out = append(out, text[i:end]...)
			i = end
			continue
		}
		for ; i < end; i++ {
			c := text[i]
			if c == backslash {
				c = ' '
			}
			if c == '\\' && i+1 < end {
				i++
				if text[i] == '\\' {
					c = backslash
				} else {
					out = append(out, c)
					c = text[i]
				}
			}
			out = append(out, c)
		}
	}
	return out
}
