// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// layout is what the first line tells about all lines.
type layout struct {
	sep      byte // ' ' for runs of spaces and tabs
	fields   int  // number of fields in a line
	from, to int  // positions of the keys
	weight   int  // position of the weight, -1 if there is none
	names    [3]string
}

// newLayout finds the layout from the first line that is neither blank nor a
// comment, and says whether that line is a header.
func newLayout(line []byte, number int, c EdgeListConfig) (layout, bool, error) {
	lay := layout{sep: byte(c.Comma), from: 0, to: 1, weight: 2, names: [3]string{fromNames[0], toNames[0], weightNames[0]}}
	if lay.sep == 0 {
		lay.sep = separator(line)
	}
	fields, bad := splitLine(nil, line, lay.sep)
	if bad != nil {
		return lay, false, bad.at(c.File, number)
	}
	lay.fields = len(fields)
	if c.Header == HeaderAbsent {
		return lay, false, lay.positional(c, number)
	}
	wanted := c.Header == HeaderRequired || c.From+c.Weight != ""
	if bad := lay.named(fields, c); bad != nil {
		if wanted {
			return lay, false, bad.at(c.File, number)
		}
		lay.from, lay.to, lay.weight = 0, 1, 2
		return lay, false, lay.positional(c, number)
	}
	return lay, true, nil
}

// separator returns the separator of a line: the first of tab, semicolon and
// comma that occurs outside quotes, else space.
func separator(line []byte) byte {
	var seen [3]bool
	const order = "\t;,"
	quoted := false
	for _, b := range line {
		if b == '"' {
			quoted = !quoted
		} else if i := strings.IndexByte(order, b); i >= 0 && !quoted {
			seen[i] = true
		}
	}
	if i := slices.Index(seen[:], true); i >= 0 {
		return order[i]
	}
	return ' '
}

// positional checks the number of fields of a list without a header.
func (l *layout) positional(c EdgeListConfig, number int) error {
	switch l.fields {
	case 3:
	case 2:
		l.weight = -1
	case 1:
		if c.Isolated {
			l.fields = 3
			return nil
		}
		fallthrough
	default:
		return &InputError{File: c.File, Line: number,
			Want: fmt.Sprintf("2 or 3 fields (source, target and weight), found %d", l.fields)}
	}
	return nil
}

// named finds the columns by the names in the header.
func (l *layout) named(fields []fieldAt, c EdgeListConfig) *badField {
	at := [3]int{-1, -1, -1}
	roles := [3][]string{fromNames, toNames, weightNames}
	own := [3]string{c.From, c.To, c.Weight}
	for i, f := range fields {
		name := string(f.text)
		role := slices.IndexFunc(roles[:], func(usual []string) bool {
			return slices.Contains(usual, strings.ToLower(name))
		})
		if role >= 0 && own[role] != "" {
			role = -1
		}
		if k := slices.Index(own[:], name); k >= 0 && name != "" {
			role = k
		}
		switch {
		case role < 0 && c.From != "":
			continue
		case role < 0:
			return f.bad("", fmt.Sprintf("the name of a column: one of %s, one of %s, and perhaps one of %s",
				strings.Join(fromNames, ", "), strings.Join(toNames, ", "), strings.Join(weightNames, ", ")))
		case at[role] >= 0:
			return f.bad("", fmt.Sprintf("one column for the %s", [...]string{"source", "target", "weight"}[role]))
		}
		at[role] = i
		l.names[role] = name
	}
	for role, i := range at {
		if i < 0 && (role < 2 || own[role] != "") {
			want := own[role]
			if want == "" {
				want = strings.Join(roles[role], " or ")
			}
			return &badField{want: fmt.Sprintf("a header with the column %s", want)}
		}
	}
	l.from, l.to, l.weight = at[0], at[1], at[2]
	return nil
}

// fieldAt is a field of a line.
type fieldAt struct {
	text []byte
	pos  int // position of its first byte, from 0
}

// badField is a fault in a line.
type badField struct {
	pos         int // position from 1, 0 for the whole line
	field, want string
	value       []byte
}

func (f fieldAt) bad(name, want string) *badField {
	return &badField{f.pos + 1, name, want, f.text}
}

func (b *badField) at(file string, line int) *InputError {
	value := b.value
	shown := string(value)
	if len(value) > maxShown {
		shown = string(value[:maxShown]) + "..."
	}
	return &InputError{File: file, Line: line, Column: b.pos, Field: b.field, Value: strings.ToValidUTF8(shown, "\uFFFD"), Want: b.want}
}

// splitLine appends the fields of line to f. The texts share the memory of
// line, except those of quoted fields with quotes in them.
func splitLine(f []fieldAt, line []byte, sep byte) ([]fieldAt, *badField) {
	for i := 0; ; {
		for i < len(line) && (line[i] == ' ' || line[i] == '\t' && sep != '\t') {
			i++
		}
		if sep == ' ' && i == len(line) && len(f) > 0 {
			return f, nil
		}
		x := fieldAt{pos: i}
		if i < len(line) && line[i] == '"' {
			var bad *badField
			if x.text, i, bad = quoted(line, i); bad != nil {
				return f, bad
			}
			if i < len(line) && !ends(line[i], sep) {
				return f, x.bad("", "the end of the field after its closing quote")
			}
		} else {
			for i < len(line) && !ends(line[i], sep) {
				i++
			}
			x.text = bytes.TrimSpace(line[x.pos:i])
			if bytes.IndexByte(x.text, '"') >= 0 {
				return f, x.bad("", "a field with quotes to be quoted whole, and each quote in it doubled")
			}
		}
		f = append(f, x)
		if i == len(line) {
			return f, nil
		}
		i++
	}
}

func ends(b, sep byte) bool { return b == sep || sep == ' ' && b == '\t' }

// quoted returns the text of the quoted field that begins at line[i], and the
// position after its closing quote.
func quoted(line []byte, i int) ([]byte, int, *badField) {
	begin := i
	i++
	text := line[i:i]
	shared := true
	for {
		n := bytes.IndexByte(line[i:], '"')
		if n < 0 {
			return nil, 0, &badField{begin + 1, "", "a closing quote on the same line", line[begin:]}
		}
		if shared {
			text = line[begin+1 : i+n]
		} else {
			text = append(text, line[i:i+n]...)
		}
		i += n + 1
		if i == len(line) || line[i] != '"' {
			return text, i, nil
		}
		if shared {
			text = slices.Clone(text)
			shared = false
		}
		text = append(text, '"')
		i++
	}
}

// skipped reports whether a line is blank or a comment.
func skipped(line []byte) bool {
	line = bytes.TrimLeft(line, " \t")
	return len(line) == 0 || line[0] == '#'
}

func trimCR(line []byte) []byte { return bytes.TrimSuffix(line, []byte{'\r'}) }

// checkField returns what is wrong with the text of a key, "" if nothing is.
func checkField(key []byte) string {
	switch {
	case len(key) == 0:
		return "a key that is not empty"
	case !utf8.Valid(key):
		return "UTF-8 text; if the file is in another encoding, convert it"
	case bytes.IndexByte(key, 0) >= 0:
		return "text, but there is a zero byte"
	case bytes.IndexByte(key, '\r') >= 0:
		return "lines that end in LF or CRLF"
	}
	return ""
}
