// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph/viz"
)

// picture is what a reader of the produced SVG sees, measured from the file
// and from nothing else, in points with y downward.
type picture struct {
	page  box
	texts []svgText
	discs []svgDisc
	lines []svgLine // arrow shafts with their heads
}

type svgText struct {
	text string
	size float64
	box  box
	name bool // the name of a place, not legend, title or a number in a disc
	tag  bool // on an arrow
}

type svgDisc struct {
	center viz.Point
	radius float64
	filled bool
	legend bool
	tag    bool // on an arrow
	tip    string
}

type svgLine struct {
	title  string
	points []viz.Point // shaft and head, sampled
	width  float64
	dashed bool
	head   bool
	legend bool
	tip    string
}

// readPicture renders a drawing and measures the result.
func readPicture(t *testing.T, d *viz.Drawing) picture {
	t.Helper()
	text, err := d.DOT()
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, viz.RenderSVG(context.Background(), &b, text, viz.Options{}))
	p := picture{page: box{0, 0, d.Width, d.Height}}
	dec := xml.NewDecoder(&b)
	var shift viz.Point
	class, title, tip := "", "", ""
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return p
		}
		require.NoError(t, err)
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		a := map[string]string{}
		for _, x := range e.Attr {
			a[x.Name.Local] = x.Value
		}
		switch e.Name.Local {
		case "g":
			if a["class"] != "" {
				class, tip = a["class"], ""
			}
			if class == "graph" && a["transform"] != "" {
				_, rest, _ := strings.Cut(a["transform"], "translate(")
				shift = pointsOf(t, strings.TrimSuffix(rest, ")"))[0]
			}
		case "title":
			var name string
			require.NoError(t, dec.DecodeElement(&name, &e))
			if tip == "" { // the name of an element, not what it says when pointed at
				title = name
			}
		case "a":
			tip = a["title"]
		case "text":
			var s string
			require.NoError(t, dec.DecodeElement(&s, &e))
			x := textOf(t, s, a, shift, class == "node" && strings.Contains(title, "name "))
			x.tag = strings.Contains(title, "tag ")
			p.texts = append(p.texts, x)
		case "ellipse":
			r := num(t, a["rx"])
			if r > 0.5 {
				p.discs = append(p.discs, svgDisc{
					center: add(viz.Point{X: num(t, a["cx"]), Y: num(t, a["cy"])}, shift), radius: r, filled: a["fill"] != "none",
					legend: strings.HasPrefix(title, "legend"), tag: strings.Contains(title, "tag "), tip: tip})
			}
		case "path", "polygon":
			if class == "edge" {
				p.addLine(t, e.Name.Local, title, tip, a, shift)
			}
		}
	}
}

func (p *picture) addLine(t *testing.T, kind, title, tip string, a map[string]string, shift viz.Point) {
	if kind == "polygon" { // the head of the arrow with this title
		for i := range p.lines {
			l := &p.lines[i]
			if l.title != title || l.tip != tip {
				continue
			}
			l.head = true
			corners := pointsOf(t, a["points"])
			for i := 1; i < len(corners); i++ {
				for k := range 6 {
					f := float64(k) / 5
					l.points = append(l.points, add(add(scale(corners[i-1], 1-f), scale(corners[i], f)), shift))
				}
			}
		}
		return
	}
	l := svgLine{title: title, tip: tip, width: 1, dashed: a["stroke-dasharray"] != "", legend: strings.Contains(title, "legend")}
	if a["stroke-width"] != "" {
		l.width = num(t, a["stroke-width"])
	}
	if a["d"] == "" {
		return
	}
	pts := pointsOf(t, strings.NewReplacer("M", "", "C", " ").Replace(a["d"]))
	for i := 0; i+3 < len(pts); i += 3 {
		b := bezier{pts[i], pts[i+1], pts[i+2], pts[i+3]}
		for k := range 101 {
			l.points = append(l.points, add(b.at(float64(k)/100), shift))
		}
	}
	for _, o := range p.lines {
		if o.title == title && o.tip == tip && l.width < 1 {
			return // the stub that carries the head of a thick arrow
		}
	}
	p.lines = append(p.lines, l)
}

func textOf(t *testing.T, s string, a map[string]string, shift viz.Point, name bool) svgText {
	size := num(t, a["font-size"])
	w := viz.TextWidth(s, size, a["font-weight"] == "bold")
	at := add(viz.Point{X: num(t, a["x"]), Y: num(t, a["y"])}, shift)
	x0 := at.X
	switch a["text-anchor"] {
	case "middle":
		x0 -= w / 2
	case "end":
		x0 -= w
	}
	// Letters reach from the descenders below the baseline to the capitals.
	return svgText{text: s, size: size, box: box{x0, at.Y - 0.74*size, x0 + w, at.Y + 0.21*size}, name: name}
}

func pointsOf(t *testing.T, s string) []viz.Point {
	t.Helper()
	f := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' })
	require.Zero(t, len(f)%2, s)
	var out []viz.Point
	for i := 0; i < len(f); i += 2 {
		out = append(out, viz.Point{X: num(t, f[i]), Y: num(t, f[i+1])})
	}
	return out
}

func num(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err)
	return v
}

// textFaults lists the texts that cannot be read: too small, not all on the
// page, or over another.
func (p picture) textFaults() []string {
	var out []string
	bad := func(what ...string) { out = append(out, strings.Join(what, " ")) }
	for i, a := range p.texts {
		if strings.TrimSpace(a.text) == "" {
			continue
		}
		if !a.box.inside(p.page) {
			bad("text", a.text, "leaves the page")
		}
		if a.size < leastSize {
			bad("text", a.text, "is smaller than 7 pt")
		}
		if strings.Contains(a.text, "%!") {
			bad("text", a.text, "is not complete")
		}
		for _, b := range p.texts[:i] {
			if strings.TrimSpace(b.text) != "" && a.box.meets(b.box) {
				bad("text", a.text, "meets text", b.text)
			}
		}
	}
	return out
}

// overlaps lists everything in a picture that hides something else.
func (p picture) overlaps() []string {
	out := p.textFaults()
	bad := func(what ...string) { out = append(out, strings.Join(what, " ")) }
	for _, a := range p.texts {
		if strings.TrimSpace(a.text) == "" {
			continue
		}
		for _, d := range p.discs {
			if inside := distance(a.box.center(), d.center) < 3; !inside && a.box.meetsDisc(d.center, d.radius) {
				bad("text", a.text, "meets a disc")
			}
		}
		for _, l := range p.lines {
			for _, q := range l.points {
				if a.tag { // stands on its arrow
					break
				}
				if a.box.grow(l.width / 2).contains(q) {
					bad("text", a.text, "meets arrow", l.title)
					break
				}
			}
		}
	}
	for i, a := range p.discs {
		for _, b := range p.discs[:i] {
			if d := distance(a.center, b.center); d > 1 && d < a.radius+b.radius && a.legend == b.legend {
				bad("discs meet at", fmtPoint(a.center))
			}
		}
		if a.legend || a.tag {
			continue
		}
		for _, l := range p.lines {
			near := math.Inf(1)
			for _, q := range l.points {
				near = math.Min(near, distance(q, a.center))
			}
			if near < a.radius-0.5 {
				bad("arrow", l.title, "crosses a disc at", fmtPoint(a.center))
			}
		}
	}
	return out
}

func fmtPoint(p viz.Point) string {
	return strconv.Itoa(int(p.X)) + "," + strconv.Itoa(int(p.Y))
}
