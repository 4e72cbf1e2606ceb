// SPDX-License-Identifier: Apache-2.0

package source

import (
	"bytes"
	"io"

	"github.com/oncoref/oncoref/internal/delimited"
)

// splitter cuts text into records as encoding/csv does, one at a time: fields
// may be quoted, a quote within quotes is doubled, blank lines are passed over.
type splitter struct {
	file   string
	comma  byte
	text   []byte
	at     int    // of the next record
	line   uint32 // of the next record
	start  uint32 // line of the record in fields
	fields [][]byte
	places []place
	plain  []byte // fields without their quotes
}

// place says where a field begins.
type place struct {
	line   uint32
	column int // byte, from 1
}

const wantQuotes = "well-formed quotes: a field with quotes is quoted whole, and a quote in it is doubled"

// next reads a record into fields, which are valid until the next call. It
// returns io.EOF at the end of the text, and an [*InputError] for a stray quote.
func (s *splitter) next() error {
	s.fields, s.places, s.plain = s.fields[:0], s.places[:0], s.plain[:0]
	for s.at < len(s.text) && (s.text[s.at] == '\n' || s.text[s.at] == '\r' && s.ends(s.at+1)) {
		if s.text[s.at] == '\n' {
			s.line++
		}
		s.at++
	}
	if s.at == len(s.text) {
		return io.EOF
	}
	s.start = s.line
	lineStart := s.at
	for {
		here := place{s.line, s.at - lineStart + 1}
		var field []byte
		var err error
		if s.at < len(s.text) && s.text[s.at] == '"' {
			field, lineStart, err = s.quoted(lineStart)
		} else {
			field, err = s.unquoted(lineStart)
		}
		if err != nil {
			return err
		}
		s.fields, s.places = append(s.fields, field), append(s.places, here)
		if s.at < len(s.text) && s.text[s.at] == s.comma {
			s.at++
			continue
		}
		if s.at < len(s.text) && s.text[s.at] == '\r' {
			s.at++
		}
		if s.at < len(s.text) {
			s.at++
			s.line++
		}
		return nil
	}
}

// ends reports whether the text or the line ends at i.
func (s *splitter) ends(i int) bool { return i == len(s.text) || s.text[i] == '\n' }

// unquoted reads a field up to the separator or the end of the line.
func (s *splitter) unquoted(lineStart int) ([]byte, error) {
	from := s.at
	for s.at < len(s.text) {
		switch c := s.text[s.at]; {
		case c == s.comma || c == '\n' || c == '\r' && s.ends(s.at+1):
			return s.text[from:s.at], nil
		case c == '"':
			return nil, s.error(s.at-lineStart+1, wantQuotes)
		}
		s.at++
	}
	return s.text[from:], nil
}

// quoted reads a field in quotes; the place after it is the separator or the end
// of the line.
func (s *splitter) quoted(lineStart int) ([]byte, int, error) {
	s.at++
	from := len(s.plain)
	for {
		i := bytes.IndexByte(s.text[s.at:], '"')
		if i < 0 {
			return nil, 0, s.error(0, wantQuotes)
		}
		part := s.text[s.at : s.at+i]
		for {
			n := bytes.IndexByte(part, '\n')
			if n < 0 {
				break
			}
			s.line++
			s.at += n + 1
			lineStart = s.at
			s.plain = append(append(s.plain, bytes.TrimSuffix(part[:n], []byte("\r"))...), '\n')
			part = part[n+1:]
		}
		s.plain = append(s.plain, part...)
		s.at += len(part) + 1
		switch {
		case s.at < len(s.text) && s.text[s.at] == '"':
			s.plain = append(s.plain, '"')
			s.at++
		case s.ends(s.at) || s.text[s.at] == s.comma || s.text[s.at] == '\r' && s.ends(s.at+1):
			return s.plain[from:], lineStart, nil
		default:
			return nil, 0, s.error(s.at-lineStart, wantQuotes)
		}
	}
}

func (s *splitter) error(column int, want string) error {
	return &delimited.Error{File: s.file, Line: int(s.line), Column: column, Want: want}
}
