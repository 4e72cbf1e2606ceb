// SPDX-License-Identifier: Apache-2.0

package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"html"
	"html/template"
	"io"
	"regexp"
	"strings"
)

// inline makes an SVG document part of an HTML page, and short: IDs that nothing
// in it refers to go, others begin with one that is unique in the page; links
// become groups with a title, groups that say nothing go; and of the rest it
// keeps drawing elements and attributes only, because the page forbids the
// others anyway.
func inline(svg []byte, id, title string) (template.HTML, error) {
	d := xml.NewDecoder(bytes.NewReader(svg))
	w := inliner{id: id, title: title, refers: map[string]bool{}}
	for _, m := range reference.FindAllSubmatch(svg, -1) {
		w.refers[string(m[1])] = true
	}
	for {
		t, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("picture is not well-formed: %w", err)
		}
		w.token(t)
	}
	if len(w.path) != 0 || w.wrong {
		return "", errors.New("picture is not complete")
	}
	return template.HTML(w.out.String()), nil //nolint:gosec // rewritten here: every text and attribute is escaped
}

// reference is what makes an ID needed.
var reference = regexp.MustCompile(`[("]#([^")]+)`)

// drawn are the elements that a picture may have.
var drawn = map[string]bool{
	"svg": true, "g": true, "defs": true, "text": true, "tspan": true, "polygon": true, "polyline": true, "path": true, "ellipse": true,
	"circle": true, "rect": true, "line": true, "linearGradient": true, "radialGradient": true, "stop": true, "clipPath": true,
}

type inliner struct {
	id, title string
	refers    map[string]bool // IDs that something refers to
	out       strings.Builder
	path      []opened
	skip      int  // depth at which an element that is left out began
	open      bool // the last start tag lacks its end
	wrong     bool // tags do not match
}

// opened is an element of the input and the name it has in the output, which is
// empty if it is not there.
type opened struct{ in, out string }

func (w *inliner) token(t xml.Token) {
	switch t := t.(type) {
	case xml.StartElement:
		w.path = append(w.path, opened{in: t.Name.Local})
		if w.skip == 0 {
			w.path[len(w.path)-1].out = w.start(t)
		}
	case xml.EndElement:
		if len(w.path) == 0 || w.path[len(w.path)-1].in != t.Name.Local {
			w.wrong = true
			return
		}
		w.end(w.path[len(w.path)-1].out)
		if w.skip == len(w.path) {
			w.skip = 0
		}
		w.path = w.path[:len(w.path)-1]
	case xml.CharData:
		if text := string(t); w.skip == 0 && strings.TrimSpace(text) != "" {
			w.finish()
			w.out.WriteString(html.EscapeString(text))
		}
	}
}

// finish ends a start tag that is still open.
func (w *inliner) finish() {
	if w.open {
		w.out.WriteByte('>')
		w.open = false
	}
}

func (w *inliner) end(name string) {
	switch {
	case name == "":
	case w.open:
		w.out.WriteString("/>")
		w.open = false
	default:
		w.out.WriteString("</" + name + ">")
	}
}

// start writes a start tag and gives the name that it has, empty for none.
func (w *inliner) start(t xml.StartElement) string {
	name, root := t.Name.Local, len(w.path) == 1
	var tag strings.Builder
	title := ""
	switch {
	case name == "a": // a tooltip
		name = "g"
		for _, a := range t.Attr {
			if a.Name.Local == "title" {
				title = a.Value
			}
		}
		t.Attr = nil
	case !drawn[name]:
		w.skip = len(w.path)
		return ""
	case root:
		title = w.title
		fmt.Fprintf(&tag, ` role="img" aria-labelledby="%s-t" aria-describedby="%s-d"`, w.id, w.id)
	}
	for _, a := range t.Attr {
		w.attribute(&tag, a, root)
	}
	if name == "g" && tag.Len() == 0 && title == "" {
		return ""
	}
	w.finish()
	w.out.WriteString("<" + name + tag.String())
	w.open = true
	if title != "" {
		w.finish()
		id := ""
		if root {
			id = fmt.Sprintf(` id="%s-t"`, w.id)
		}
		w.out.WriteString("<title" + id + ">" + html.EscapeString(title) + "</title>")
	}
	return name
}

func (w *inliner) attribute(to *strings.Builder, a xml.Attr, root bool) {
	name, value := a.Name.Local, a.Value
	switch {
	case a.Name.Space != "" || name == "xmlns" || name == "style" || name == "class" || strings.HasPrefix(name, "on") || strings.HasPrefix(name, "aria-"):
		return
	case root && (name == "width" || name == "height" || name == "role" || name == "lang"):
		return // the page decides
	case name == "id":
		if !w.refers[value] {
			return
		}
		value = w.id + "-" + value
	case name == "href" && strings.HasPrefix(value, "#"):
		value = "#" + w.id + "-" + value[1:]
	case name == "href" || name == "src":
		return
	case name == "font-family" || name == "textLength" || name == "lengthAdjust":
		return // of the page, which brings the font
	case name == "stroke" && value == "none":
		return // as without it; no group sets a stroke
	case strings.Contains(value, "url("):
		if !strings.HasPrefix(value, "url(#") {
			return
		}
		value = "url(#" + w.id + "-" + strings.TrimPrefix(value, "url(#")
	}
	fmt.Fprintf(to, ` %s="%s"`, name, html.EscapeString(value))
}
