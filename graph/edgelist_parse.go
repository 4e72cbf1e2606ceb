// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"
)

// parser turns blocks into triples whose nodes are numbered by its own
// dictionary.
type parser struct {
	c      EdgeListConfig
	lay    layout
	quick  bool      // lines may be read by quickLine
	plain  [256]bool // bytes that need no care in a key
	dict   *dictionary
	chunks [][]triple
	fields []fieldAt

	err    error // the first found
	errSeq int   // the block it was found in
}

func newParser(c EdgeListConfig, lay layout) *parser {
	p := &parser{c: c, lay: lay, dict: newDictionary()}
	p.quick = lay.from == 0 && lay.to == 1 && (lay.weight == 2 && lay.fields == 3 || lay.weight < 0 && lay.fields == 2)
	for b := '!'; b <= '~'; b++ {
		p.plain[b] = b != '"' && byte(b) != lay.sep
	}
	return p
}

// block parses a block and keeps what it finds; false after an error.
func (p *parser) block(b block) bool {
	if p.err != nil {
		return false
	}
	edges := make([]triple, 0, min(b.lines, len(b.text)/4+1))
	text := b.text[:len(b.text)+slack-1]
	for pos, line := 0, b.line; pos < len(b.text); line++ {
		if p.quick {
			if e, next := p.quickLine(text, pos); next > 0 {
				edges = append(edges, e)
				pos = next
				continue
			}
		}
		end := pos + bytes.IndexByte(b.text[pos:], '\n')
		e, ok, bad := p.line(trimCR(b.text[pos:end]))
		if bad != nil {
			p.err, p.errSeq = bad.at(p.c.File, line), b.seq
			return false
		}
		if ok {
			edges = append(edges, e)
		}
		pos = end + 1
	}
	if len(edges) < cap(edges)/2 {
		edges = slices.Clone(edges)
	}
	p.chunks = append(p.chunks, edges)
	return true
}

// quickLine reads the line at b[i:] if it is made of plain keys and a plain
// number, as nearly all lines are, and returns where the next line begins. It
// returns 0 for a line that it leaves to line.
func (p *parser) quickLine(b []byte, i int) (triple, int) {
	var e triple
	begin := i
	if b[i] == '#' {
		return e, 0
	}
	if e.from, i = p.quickKey(b, i, p.lay.sep); i == 0 {
		return e, 0
	}
	if p.lay.weight < 0 {
		e.weight = 1
		if e.to, i = p.quickKey(b, i, '\n'); i-begin > maxLine {
			return e, 0
		}
		return e, i
	}
	if e.to, i = p.quickKey(b, i, p.lay.sep); i == 0 {
		return e, 0
	}
	if e.weight, i = quickWeight(b, i); i-begin > maxLine {
		return e, 0
	}
	return e, i
}

// quickWeight reads the number that ends a line and returns where the next
// line begins; 0 if it is not a plain number above 0.
func quickWeight(b []byte, i int) (float64, int) {
	if i+8 < len(b) {
		if word, n := upTo(b[i:], '\n'); n > 0 && !endsInZero(word, n) {
			if v := decimal(word); v-1 < maxDecimal8 {
				return float64(v), i + n + 1
			}
		}
	}
	w, i := quickNumber(b, i)
	if i == 0 || w == 0 {
		return 0, 0
	}
	if b[i] == '\r' {
		i++
	}
	if b[i] != '\n' {
		return 0, 0
	}
	return w, i + 1
}

const (
	maxDecimal8 = 99999999 // the largest number of eight digits
	lowBits     = 0x0101010101010101
	highBits    = 0x8080808080808080
)

// quickKey reads the key at b[i:] up to the byte end and returns its node and
// the position after end; 0 if the key is not plain. Digits are.
func (p *parser) quickKey(b []byte, i int, end byte) (int32, int) {
	if i+8 >= len(b) {
		return 0, 0
	}
	word, n := upTo(b[i:], end)
	switch {
	case n < 0:
		return p.quickLong(b, i, end)
	case n == 0 || endsInZero(word, n):
		return 0, 0
	}
	if v := decimal(word); p.dict.seen.has(v) {
		return int32(v), i + n + 1
	}
	if !p.allPlain(word) {
		return 0, 0
	}
	id, ok := p.dict.addShort(word)
	if !ok {
		return 0, 0
	}
	return id, i + n + 1
}

// endsInZero reports whether the last of the n > 0 bytes of a word is a zero
// byte, which packing does not keep.
func endsInZero(word uint64, n int) bool { return word>>uint(8*n-8) == 0 }

// upTo returns the bytes of b before the first byte end, packed, and their
// number; -1 if there are more than eight. b must have nine bytes.
func upTo(b []byte, end byte) (uint64, int) {
	word := binary.LittleEndian.Uint64(b)
	x := word ^ uint64(end)*lowBits
	if zero := (x - lowBits) & ^x & highBits; zero != 0 {
		n := bits.TrailingZeros64(zero) / 8
		return word & (1<<(8*n) - 1), n
	}
	if b[8] == end {
		return word, 8
	}
	return 0, -1
}

// quickLong is quickKey for keys of more than eight bytes.
func (p *parser) quickLong(b []byte, i int, end byte) (int32, int) {
	begin := i
	for i < len(b) && p.plain[b[i]] {
		i++
	}
	if i-begin <= 8 || i == len(b) || b[i] != end {
		return 0, 0
	}
	id, ok := p.dict.addLong(b[begin:i])
	if !ok {
		return 0, 0
	}
	return id, i + 1
}

// allPlain reports whether all bytes of a packed key are plain.
func (p *parser) allPlain(word uint64) bool {
	for ; word != 0; word >>= 8 {
		if !p.plain[byte(word)] {
			return false
		}
	}
	return true
}

// pow10 are the powers of ten that float64 holds exactly.
var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// quickNumber reads a number of at most 15 digits, with or without a point,
// and returns the position after it; 0 if there is none. Both the digits and
// the power of ten are exact as float64, so their quotient is the number
// nearest to the text, as strconv.ParseFloat would give it.
func quickNumber(b []byte, i int) (float64, int) {
	begin := i
	var mantissa uint64
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		mantissa = mantissa*10 + uint64(b[i]-'0')
	}
	digits, fraction := i-begin, 0
	if i < len(b) && b[i] == '.' {
		i++
		point := i
		for ; i < len(b) && b[i]-'0' <= 9; i++ {
			mantissa = mantissa*10 + uint64(b[i]-'0')
		}
		fraction = i - point
		digits += fraction
	}
	if digits == 0 || digits > 15 || i == len(b) {
		return 0, 0
	}
	if fraction == 0 {
		return float64(mantissa), i
	}
	return float64(mantissa) / pow10[fraction], i
}

// line reads any line; it returns false if there is no edge in it.
func (p *parser) line(line []byte) (triple, bool, *badField) {
	var e triple
	var bad *badField
	if len(line) > maxLine {
		return e, false, &badField{want: fmt.Sprintf("lines of at most %d bytes", maxLine)}
	}
	if skipped(line) {
		return e, false, nil
	}
	if p.fields, bad = splitLine(p.fields[:0], line, p.lay.sep); bad != nil {
		return e, false, bad
	}
	f := p.fields
	if p.c.Isolated && p.isolated(f) {
		_, bad = p.node(f[min(p.lay.from, len(f)-1)], p.lay.names[0])
		return e, false, bad
	}
	if len(f) != p.lay.fields {
		return e, false, &badField{want: fmt.Sprintf("%d fields, found %d", p.lay.fields, len(f))}
	}
	if e.from, bad = p.node(f[p.lay.from], p.lay.names[0]); bad != nil {
		return e, false, bad
	}
	if e.to, bad = p.node(f[p.lay.to], p.lay.names[1]); bad != nil {
		return e, false, bad
	}
	e.weight = 1
	if p.lay.weight >= 0 {
		x := f[p.lay.weight]
		w, want := parseWeight(x.text)
		if want != "" {
			return e, false, x.bad(p.lay.names[2], want)
		}
		e.weight = w
	}
	return e, true, nil
}

// isolated reports whether only the field of the source is filled.
func (p *parser) isolated(f []fieldAt) bool {
	if len(f) == 1 {
		return true
	}
	if len(f) != p.lay.fields {
		return false
	}
	return len(f[p.lay.to].text) == 0 && (p.lay.weight < 0 || len(f[p.lay.weight].text) == 0)
}

// node returns the number of the node named by a field.
func (p *parser) node(f fieldAt, name string) (int32, *badField) {
	if want := checkField(f.text); want != "" {
		return 0, f.bad(name, want)
	}
	var id int32
	var ok bool
	if word := pack(f.text); word != 0 && p.allPlain(word) {
		id, ok = p.dict.addShort(word)
	} else {
		id, ok = p.dict.addLong(f.text)
	}
	if !ok {
		return 0, f.bad(name, fmt.Sprintf("at most %d nodes", maxNodes))
	}
	return id, nil
}

// parseWeight returns the weight written in text, or what was expected instead.
func parseWeight(text []byte) (float64, string) {
	for _, b := range text {
		if (b < '0' || b > '9') && bytes.IndexByte([]byte("+-.eE"), b) < 0 {
			return 0, "a number above 0, written like 12 or 0.5"
		}
	}
	w, err := strconv.ParseFloat(string(text), 64)
	switch {
	case math.IsInf(w, 0) || w > MaxWeight:
		return 0, "a weight of at most 2^960"
	case err != nil:
		return 0, "a number above 0, written like 12 or 0.5"
	case checkWeight(w) != nil:
		return 0, "a number above 0; leave out what does not flow"
	}
	return w, ""
}
