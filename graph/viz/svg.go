// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// svgFamily is what an SVG asks for: the embedded font and those with the same
// widths.
const svgFamily = FontFamily + ",Arial,Helvetica,sans-serif"

// svgElements are the elements that Graphviz draws with. Everything else, such
// as a script, a style sheet or an image, is dropped with its content.
var svgElements = map[string]bool{
	"svg": true, "g": true, "a": true, "title": true, "desc": true, "defs": true,
	"text": true, "tspan": true, "polygon": true, "polyline": true, "path": true, "ellipse": true,
	"circle": true, "rect": true, "line": true, "linearGradient": true, "radialGradient": true,
	"stop": true, "clipPath": true,
}

// cleanSVG rewrites Graphviz's SVG as a standalone document: no document type,
// no comments with a version, no scripts, no references that a viewer would
// fetch, no characters that XML forbids; one font family; a title and a
// description from o.
func cleanSVG(raw []byte, o Options) ([]byte, error) {
	c := svgCleaner{options: o}
	c.out.Grow(len(raw))
	c.out.WriteString(`<?xml version="1.0" encoding="UTF-8" standalone="no"?>` + "\n")
	d := xml.NewDecoder(bytes.NewReader(legalXML(raw)))
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%w: SVG of Graphviz is not well-formed: %w", ErrRender, err)
		}
		if !c.token(t) {
			return nil, fmt.Errorf("%w: SVG of Graphviz has tags that do not match", ErrRender)
		}
	}
	if !c.rooted || len(c.path) != 0 {
		return nil, fmt.Errorf("%w: SVG of Graphviz is incomplete", ErrRender)
	}
	if err := c.insertHead(); err != nil {
		return nil, err
	}
	c.out.WriteByte('\n')
	return c.out.Bytes(), nil
}

type svgCleaner struct {
	options Options
	out     bytes.Buffer
	path    []xml.Name // of open elements, dropped ones included
	dropped int        // depth at which the dropped element began; 0: none
	open    bool       // the last start tag still lacks its '>'
	// tagStart is the length of the output before the last start tag.
	tagStart int
	trim     bool // a comment was dropped: drop the line break behind it
	rooted   bool
	rootEnd  int // length of the output when the root's start tag ended
	titled   bool
	inTitle  bool // of the root group, which becomes that of the document
	title    strings.Builder
	// Of the text element that is open.
	fontSize     float64
	bold, italic bool
	used         fontUse
}

// token takes the next piece and reports whether it fits: RawToken does not
// compare tags.
func (c *svgCleaner) token(t xml.Token) bool {
	switch t := t.(type) {
	case xml.StartElement:
		c.start(t)
	case xml.EndElement:
		if n := len(c.path); n == 0 || c.path[n-1] != t.Name {
			return false
		}
		c.end(t)
	case xml.CharData:
		c.text(t)
	case xml.Comment:
		c.trim = true
	}
	return true
}

func (c *svgCleaner) start(t xml.StartElement) {
	c.path = append(c.path, t.Name)
	c.trim = false
	if c.dropped > 0 {
		return
	}
	root := len(c.path) == 1
	switch {
	case !svgElements[t.Name.Local] || t.Name.Space != "" || root && (c.rooted || t.Name.Local != "svg"):
		c.dropped = len(c.path)
		return
	case t.Name.Local == "title" && len(c.path) == 3 && !c.titled:
		c.titled, c.inTitle, c.dropped = true, true, len(c.path)
		return
	}
	c.closeTag()
	c.tagStart = c.out.Len()
	c.out.WriteByte('<')
	c.out.WriteString(t.Name.Local)
	var hollow, bare bool
	for _, a := range t.Attr {
		c.attr(t.Name.Local, a)
		hollow = hollow || a.Name.Local == "fill" && a.Value == "none"
		bare = bare || a.Name.Local == "stroke" && a.Value == "none"
	}
	if hollow && bare { // nothing is seen of it: it is there to be pointed at
		c.out.WriteString(` pointer-events="all"`)
	}
	c.fontStyle(t.Attr)
	c.open = true
	c.hoverTitle(t)
	if !c.rooted {
		c.rooted = true
		c.rootAttrs()
		c.closeTag()
		c.rootEnd = c.out.Len()
	}
}

// hoverTitle repeats the title of a link as an element, which every viewer
// shows when the link is pointed at; the attribute only some do.
func (c *svgCleaner) hoverTitle(t xml.StartElement) {
	if t.Name.Local != "a" {
		return
	}
	for _, a := range t.Attr {
		if a.Name.Space == "xlink" && a.Name.Local == "title" && a.Value != "" {
			c.closeTag()
			c.out.WriteString("<title>")
			escapeXML(&c.out, a.Value, false)
			c.out.WriteString("</title>")
		}
	}
}

func (c *svgCleaner) rootAttrs() {
	if c.options.Title != "" || c.options.Description != "" {
		c.out.WriteString(` role="img"`)
	}
	if c.options.Lang != "" {
		fmt.Fprintf(&c.out, ` lang="%[1]s" xml:lang="%[1]s"`, c.options.Lang)
	}
}

func (c *svgCleaner) attr(element string, a xml.Attr) {
	name, value := a.Name.Local, a.Value
	if a.Name.Space != "" {
		name = a.Name.Space + ":" + name
	}
	switch lower := strings.ToLower(name); {
	case strings.HasPrefix(lower, "on"):
		return
	case strings.HasSuffix(lower, "href"):
		if (element != "a" || !safeLink(value)) && !strings.HasPrefix(value, "#") {
			return
		}
	case lower == "font-family":
		value = svgFamily
	case strings.Contains(strings.ToLower(value), "url(") && !strings.HasPrefix(value, "url(#"):
		if lower != "xlink:title" {
			return
		}
	}
	c.out.WriteByte(' ')
	c.out.WriteString(name)
	c.out.WriteString(`="`)
	escapeXML(&c.out, value, true)
	c.out.WriteByte('"')
}

// fontStyle keeps weight and slant that only the replaced family named, and
// notes what textLength needs.
func (c *svgCleaner) fontStyle(attrs []xml.Attr) {
	var bold, italic, weight, style bool
	c.fontSize, c.bold, c.italic = 0, false, false
	for _, a := range attrs {
		switch a.Name.Local {
		case "font-family":
			bold, italic = faceStyle(a.Value)
		case "font-weight":
			weight, c.bold = true, a.Value == "bold"
		case "font-style":
			style, c.italic = true, a.Value == "italic"
		case "font-size":
			c.fontSize, _ = strconv.ParseFloat(a.Value, 64)
		}
	}
	if bold && !weight {
		c.out.WriteString(` font-weight="bold"`)
		c.bold = true
	}
	if italic && !style {
		c.out.WriteString(` font-style="italic"`)
		c.italic = true
	}
}

// safeLink reports whether following a link can only lead to a page: a scheme
// that runs code, such as javascript, is not allowed.
func safeLink(s string) bool {
	s = strings.TrimSpace(strings.ToLower(s))
	i := strings.IndexAny(s, ":/?#")
	if i < 0 || s[i] != ':' {
		return !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '\\' })
	}
	switch s[:i] {
	case "http", "https", "mailto":
		return true
	}
	return false
}

func (c *svgCleaner) end(t xml.EndElement) {
	c.path = c.path[:len(c.path)-1]
	c.trim = false
	if c.dropped > 0 {
		if len(c.path) < c.dropped {
			c.dropped, c.trim, c.inTitle = 0, true, false
		}
		return
	}
	if c.open {
		if t.Name.Local == "text" { // nothing is written in it
			c.out.Truncate(c.tagStart)
		} else {
			c.out.WriteString("/>")
		}
		c.open = false
		return
	}
	c.out.WriteString("</" + t.Name.Local + ">")
}

func (c *svgCleaner) text(t xml.CharData) {
	if c.inTitle {
		c.title.Write(t)
	}
	if c.dropped > 0 || len(c.path) == 0 {
		return
	}
	if c.trim {
		t = bytes.TrimPrefix(t, []byte("\n"))
		c.trim = false
	}
	if len(t) == 0 {
		return
	}
	if c.open && c.path[len(c.path)-1].Local == "text" {
		if len(bytes.TrimSpace(t)) == 0 {
			return
		}
		c.textLength(string(t))
		c.used.add(string(t), c.bold, c.italic)
	}
	c.closeTag()
	escapeXML(&c.out, string(t), false)
}

// textLength fixes the width of a text at what it is in the embedded font, so
// that a label still fits its place where a viewer has to use another font.
func (c *svgCleaner) textLength(s string) {
	if strings.TrimSpace(s) != "" && c.fontSize > 0 {
		fmt.Fprintf(&c.out, ` textLength="%.2f" lengthAdjust="spacingAndGlyphs"`, TextWidth(s, c.fontSize, c.bold))
	}
}

// closeTag ends a start tag that was kept open in case it has no content.
func (c *svgCleaner) closeTag() {
	if c.open {
		c.out.WriteByte('>')
		c.open = false
	}
}

// insertHead puts the names of the picture first in the document, where
// assistive technology looks for them, and the font behind them. A graph without a name is called %1 or
// so by Graphviz; that is no title.
func (c *svgCleaner) insertHead() error {
	title := c.options.Title
	if title == "" && !strings.HasPrefix(c.title.String(), "%") {
		title = c.title.String()
	}
	var b bytes.Buffer
	for _, e := range [...]struct{ name, text string }{{"title", title}, {"desc", c.options.Description}} {
		if e.text != "" {
			b.WriteString("\n<" + e.name + ">")
			escapeXML(&b, e.text, false)
			b.WriteString("</" + e.name + ">")
		}
	}
	if c.options.EmbedFont {
		rules, err := c.used.rules()
		if err != nil {
			return err
		}
		b.WriteString("\n<style>\n" + rules + "</style>")
	}
	rest := bytes.Clone(c.out.Bytes()[c.rootEnd:])
	c.out.Truncate(c.rootEnd)
	c.out.Write(b.Bytes())
	c.out.Write(rest)
	return nil
}

func escapeXML(b *bytes.Buffer, s string, attribute bool) {
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case attribute && r == '"':
			b.WriteString("&quot;")
		case attribute && (r == '\n' || r == '\t') || r == '\r':
			b.WriteString("&#" + strconv.Itoa(int(r)) + ";")
		case illegalXML(r):
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
}

// illegalXML reports that XML 1.0 has no way to write r.
func illegalXML(r rune) bool {
	switch {
	case r == '\t', r == '\n', r == '\r':
		return false
	case r < 0x20, r >= 0xd800 && r <= 0xdfff, r == 0xfffe, r == 0xffff, r > utf8.MaxRune:
		return true
	}
	return false
}

// legalXML replaces characters and character references that XML forbids,
// which Graphviz copies from labels, by U+FFFD, and puts backslashes back.
func legalXML(raw []byte) []byte {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); {
		if raw[i] == '&' {
			if n, r, ok := charRef(raw[i:]); ok && illegalXML(r) {
				out = utf8.AppendRune(out, utf8.RuneError)
				i += n
				continue
			}
		}
		if raw[i] == backslash {
			out = append(out, '\\')
			i++
			continue
		}
		if c := raw[i]; c < utf8.RuneSelf && !illegalXML(rune(c)) {
			out = append(out, c)
			i++
			continue
		}
		r, n := utf8.DecodeRune(raw[i:])
		if illegalXML(r) {
			r = utf8.RuneError
		}
		out = utf8.AppendRune(out, r)
		i += n
	}
	return out
}

// charRef reads a numeric character reference at the start of b and returns
// its length and its character.
func charRef(b []byte) (n int, r rune, ok bool) {
	if !bytes.HasPrefix(b, []byte("&#")) {
		return 0, 0, false
	}
	end := bytes.IndexByte(b[:min(len(b), 40)], ';')
	if end < 0 {
		return 0, 0, false
	}
	digits, base := string(b[2:end]), 10
	if strings.HasPrefix(digits, "x") || strings.HasPrefix(digits, "X") {
		digits, base = digits[1:], 16
	}
	v, err := strconv.ParseUint(digits, base, 32)
	if err != nil {
		return end + 1, utf8.MaxRune + 1, strings.Trim(digits, "0123456789abcdefABCDEF") == ""
	}
	if v > utf8.MaxRune {
		return end + 1, utf8.MaxRune + 1, true
	}
	return end + 1, rune(v), true
}
