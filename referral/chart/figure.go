// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// ErrEmpty is matched by the error for data without anything to draw.
var ErrEmpty = errors.New("nothing to draw")

const (
	leastWidth, mostPoints = 300.0, 14400.0
	textSize               = 9.0 // of names and numbers in a figure
	smallSize              = 7.5 // of numbers where there are many
	leastSize              = 7.0 // no text is smaller
	noteLead               = 1.28
	maxTitleLines          = 4
)

func (p Page) check() error {
	within := func(v, lo, hi float64) bool { return v >= lo && v <= hi } // false for NaN
	switch {
	case !within(p.Width, leastWidth, mostPoints):
		return fmt.Errorf("%w: page of %g points wide, want %g to %g", ErrConfig, p.Width, leastWidth, mostPoints)
	case p.Height != 0 && !within(p.Height, 1, mostPoints):
		return fmt.Errorf("%w: page of %g points high, want 0 or up to %g", ErrConfig, p.Height, mostPoints)
	case int(p.Lang) >= len(languages):
		return fmt.Errorf("%w: unknown language %d", ErrConfig, p.Lang)
	}
	return nil
}

// about is what data say of themselves.
type about struct {
	title, what string // what the data are called; what the figure shows of them
	source      string
	period      network.Period
	tumor, n    string // n is how many the figure is about, in words
	synthetic   bool
}

func aboutTable(t *referral.Table, l Language) about {
	m := t.Meta()
	return about{title: m.TitleIn(l.String()), source: m.Source, period: m.Period, tumor: m.Tumor, synthetic: m.Synthetic}
}

// figure is a figure in the making: its parts are put below each other. All its
// points have y growing downward until finish.
type figure struct {
	page  Page
	w     words
	f     figureWords
	about about
	d     viz.Drawing
	y     float64 // where the next part begins
	notes []footerLine
	ids   int
}

// newFigure begins a figure and writes its head.
func newFigure(p Page, a about) (*figure, error) {
	if p.Width == 0 {
		p.Width = 595
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	a.title = cmpText(p.Title, a.title)
	a.what = cmpText(p.Subtitle, a.what)
	a.source = cmpText(p.Source, a.source)
	if p.Period != (network.Period{}) {
		a.period = p.Period
	}
	a.synthetic = a.synthetic || p.Synthetic
	s := &figure{page: p, w: wordsIn(p.Lang), f: figureWordsIn(p.Lang), about: a, y: pageMargin}
	if a.title == "" {
		a.title, a.what = a.what, ""
	}
	s.d.Name, s.d.Width = plain(a.title), p.Width
	s.head(a)
	return s, nil
}

// cmpText is the first text that is not empty, made fit for one line.
func cmpText(texts ...string) string {
	for _, t := range texts {
		if t = plain(t); t != "" {
			return t
		}
	}
	return ""
}

func (s *figure) left() float64  { return pageMargin }
func (s *figure) right() float64 { return s.page.Width - pageMargin }
func (s *figure) width() float64 { return s.right() - s.left() }

// phoneWidth in points tells a phone from a sheet of paper.
const phoneWidth = 430

func (s *figure) narrow() bool { return s.page.Width < phoneWidth }

func (s *figure) head(a about) {
	put := func(text string, size float64, bold bool, color string, most int) {
		for _, line := range wrapClipped(text, s.width(), size, bold, most) {
			s.text(viz.Point{X: s.left(), Y: s.y + size}, viz.Left, line, size, bold, color)
			s.y += size * 1.22
		}
	}
	if a.synthetic {
		put(s.w.synthetic, headSize, true, warning, 3)
		s.y += headSize * 0.3
	}
	size := titleSize
	if s.narrow() {
		size = 13
	}
	put(a.title, size, true, ink, maxTitleLines)
	s.y += 2
	var parts []string
	if a.what != "" {
		parts = append(parts, strings.TrimSuffix(a.what, "."))
	}
	if period := a.period.String(); period != "" && !strings.Contains(a.title, period) {
		parts = append(parts, fmt.Sprintf(s.w.period, period))
	}
	if a.tumor != "" && !strings.Contains(strings.ToLower(a.title), strings.ToLower(strings.ReplaceAll(a.tumor, "_", " "))) {
		parts = append(parts, fmt.Sprintf(s.w.tumor, phrase(a.tumor)))
	}
	if a.n != "" {
		parts = append(parts, a.n)
	}
	put(strings.Join(parts, ". "), headSize, false, softInk, 6)
	s.y += 8
}

// warning is the color of the mark of synthetic data.
const warning = "#b00020"

// note adds a line to the foot, once.
func (s *figure) note(bold bool, format string, a ...any) {
	for i, line := range wrapClipped(fmt.Sprintf(format, a...), s.width(), noteSize, bold, 12) {
		n := footerLine{line, bold}
		if i == 0 && slices.Contains(s.notes, n) {
			return
		}
		s.notes = append(s.notes, n)
	}
}

// smallNote says how counts of 1 to 4 are treated.
func (s *figure) smallNote() {
	if s.page.AllowSmall {
		s.note(true, "%s", s.f.smallShown)
	} else {
		s.note(false, "%s", s.f.small)
	}
}

// endNotes adds the notes of the page and the source.
func (s *figure) endNotes() {
	for _, n := range s.page.Notes {
		if n = plain(n); n != "" {
			s.note(false, "%s", n)
		}
	}
	source := s.f.noSource
	if s.about.source != "" {
		source = fmt.Sprintf(s.w.source, strings.TrimSuffix(s.about.source, "."))
	}
	s.note(false, "%s", source)
}

func (s *figure) footHeight() float64 { return 10 + float64(len(s.notes))*noteSize*noteLead }

// room is the height for a body that has no height of its own: what the page
// leaves, or natural if the page is as high as needed. Notes come first.
func (s *figure) room(natural float64) float64 {
	if s.page.Height == 0 {
		return natural
	}
	return s.page.Height - s.y - s.footHeight() - pageMargin - 8
}

// finish writes the foot and turns the page the right way up. All notes must
// be there.
func (s *figure) finish() (*viz.Drawing, error) {
	height := s.y + 8 + s.footHeight() + pageMargin
	switch {
	case s.page.Height == 0 && height > mostPoints:
		return nil, fmt.Errorf("%w: %.0f points high, at most %g", ErrCrowded, height, mostPoints)
	case s.page.Height != 0 && height > s.page.Height+0.01:
		return nil, fmt.Errorf("%w: page of %g points high, the figure needs %.0f", ErrConfig, s.page.Height, math.Ceil(height))
	case s.page.Height != 0:
		height = s.page.Height
	}
	y := height - pageMargin - s.footHeight()
	s.line(coast, 0.6, viz.Solid, viz.Point{X: s.left(), Y: y}, viz.Point{X: s.right(), Y: y})
	y += noteSize + 4
	for _, n := range s.notes {
		s.text(viz.Point{X: s.left(), Y: y}, viz.Left, n.text, noteSize, n.bold, softInk)
		y += noteSize * noteLead
	}
	d := &s.d
	d.Height = height
	flip := func(p *viz.Point) { p.Y = height - p.Y }
	for i := range d.Shapes {
		for k := range d.Shapes[i].Points {
			flip(&d.Shapes[i].Points[k])
		}
	}
	for i := range d.Texts {
		flip(&d.Texts[i].At)
	}
	for i := range d.Discs {
		flip(&d.Discs[i].Center)
	}
	return d, nil
}

// text writes one line with its baseline at p.
func (s *figure) text(p viz.Point, align viz.Align, text string, size float64, bold bool, color string) {
	if text == "" {
		return
	}
	s.d.Texts = append(s.d.Texts, viz.Text{At: p, Align: align, Text: text, Size: size, Bold: bold, Color: color})
}

// line draws an open line.
func (s *figure) line(color string, width float64, dash viz.Dash, points ...viz.Point) {
	s.d.Shapes = append(s.d.Shapes, viz.Shape{Points: points, Stroke: viz.Stroke{Color: color, Width: width, Dash: dash}})
}

// rule draws a straight line between two corners of a box.
func (s *figure) rule(color string, width float64, x0, y0, x1, y1 float64) {
	s.line(color, width, viz.Solid, viz.Point{X: x0, Y: y0}, viz.Point{X: x1, Y: y1})
}

// pointAt gives a part of the figure a tooltip. The kind is the first word of
// the ID.
func (s *figure) pointAt(kind string, b box, tip string) {
	s.d.Shapes = append(s.d.Shapes, viz.Shape{ID: s.id(kind), Points: corners(b), Stroke: viz.Stroke{}, Tooltip: tip})
}

func (s *figure) id(kind string) string {
	s.ids++
	return fmt.Sprintf("%s %d", kind, s.ids)
}

func corners(b box) []viz.Point {
	return []viz.Point{{X: b.x0, Y: b.y0}, {X: b.x1, Y: b.y0}, {X: b.x1, Y: b.y1}, {X: b.x0, Y: b.y1}}
}

// plain makes one line of a text from the data: no line breaks, no control
// characters, nothing that turns the direction of what follows.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
	return strings.Join(strings.Fields(text), " ")
}

// clip shortens a line to a width.
func clip(text string, width, size float64, bold bool) string {
	if viz.TextWidth(text, size, bold) <= width {
		return text
	}
	const dots = "…"
	if width -= viz.TextWidth(dots, size, bold); width < 0 {
		return ""
	}
	runes := []rune(text)
	n, used := 0, 0.0
	for ; n < len(runes); n++ {
		if used += viz.TextWidth(string(runes[n]), size, bold); used > width {
			break
		}
	}
	return strings.TrimRight(string(runes[:n]), " ") + dots
}

// wrapClipped breaks a text into at most so many lines, none wider than the
// width.
func wrapClipped(text string, width, size float64, bold bool, most int) []string {
	if text == "" {
		return nil
	}
	lines := wrapText(text, width, size, bold)
	if len(lines) > most {
		lines[most-1] += " …"
		lines = lines[:most]
	}
	for i := range lines {
		lines[i] = clip(lines[i], width, size, bold)
	}
	return lines
}
