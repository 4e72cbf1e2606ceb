// SPDX-License-Identifier: Apache-2.0

package chart

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/referral"
)

const (
	pageWidth  = 595.0 // A4
	pageHeight = 842.0
	pageMargin = 28.0
	titleSize  = 16.0
	headSize   = 10.5
	legendSize = 9.5
	noteSize   = 9.0
	columnGap  = 16.0
	lineStep   = 1.22 // of the lines of a legend
	noteStep   = 1.28 // of the notes
)

// sheet is a page in the making: title and what the figure is about on top,
// legend and notes at the bottom, and room for the figure between them.
type sheet struct {
	page   Page // as it was asked for, with defaults
	w      words
	title  string
	about  string // below the title
	legend []legendItem
	notes  []footerLine
	symbol float64 // room for the symbols of the legend
}

// legendItem is one entry of the legend. Its symbol is drawn around a center.
type legendItem struct {
	lines  []string
	height float64
	draw   func(p *pen, c viz.Point)
	listed bool // by list
}

// footerLine is a line of the notes below the legend.
type footerLine struct {
	text string
	bold bool
}

// newSheet begins a page; meta says what is not asked for.
func newSheet(p Page, meta referral.Meta) *sheet {
	if p.Width == 0 {
		p.Width = pageWidth
	}
	if p.Title == "" {
		p.Title = meta.TitleIn(p.Lang.String())
	}
	if p.Source == "" {
		p.Source = meta.Source
	}
	if p.Period.String() == "" {
		p.Period = meta.Period
	}
	p.Synthetic = p.Synthetic || meta.Synthetic
	return &sheet{page: p, w: wordsIn(p.Lang), title: strings.TrimSpace(p.Title), symbol: 46}
}

// checkPage refuses settings that make no page.
func checkPage(p Page) error {
	within := func(v, lo, hi float64) bool { return v >= lo && v <= hi } // false for NaN
	switch {
	case p.Width != 0 && !within(p.Width, 300, 14400) || p.Height != 0 && !within(p.Height, 400, 14400):
		return fmt.Errorf("%w: page of %g by %g points, want 300 by 400 to 14400 by 14400", ErrConfig, p.Width, p.Height)
	case int(p.Lang) >= len(languages):
		return fmt.Errorf("%w: unknown language %d", ErrConfig, p.Lang)
	}
	return nil
}

// width is the room for text between the margins.
func (s *sheet) width() float64 { return s.page.Width - 2*pageMargin }

// columns is the number of columns of the legend.
func (s *sheet) columns() int {
	if s.narrow() {
		return 1
	}
	return 2
}

// narrow tells a phone from a sheet of paper.
func (s *sheet) narrow() bool { return s.page.Width < phoneWidth }

// mapRoom is the height for a map on a page without one: what A4 leaves, or as
// high as the width asks for, since a phone scrolls.
func (s *sheet) mapRoom() float64 {
	if s.narrow() {
		return s.width() / panelAspect
	}
	return pageHeight - s.topHeight() - s.bottomHeight()
}

func (s *sheet) columnWidth() float64 {
	n := float64(s.columns())
	return (s.width() - columnGap*(n-1)) / n
}

// note adds a text to the notes.
func (s *sheet) note(bold bool, text string) {
	for _, line := range wrapText(text, s.width(), noteSize, bold) {
		s.notes = append(s.notes, footerLine{line, bold})
	}
}

// explain adds an entry to the legend.
func (s *sheet) explain(text string, height float64, draw func(p *pen, c viz.Point)) {
	lines := wrapText(text, s.columnWidth()-s.symbol, legendSize, false)
	height = math.Max(math.Max(24, height), float64(len(lines))*legendSize*lineStep+7)
	s.legend = append(s.legend, legendItem{lines: lines, height: height, draw: draw})
}

// list adds a short entry to the legend, closer to the others than explain.
func (s *sheet) list(text string, draw func(p *pen, c viz.Point)) {
	if n := len(s.legend); n > 0 && !s.legend[n-1].listed {
		s.even()
	}
	lines := wrapText(text, s.columnWidth()-s.symbol, legendSize, false)
	s.legend = append(s.legend, legendItem{lines, 5 + legendSize*lineStep*float64(len(lines)), func(p *pen, c viz.Point) {
		draw(p, viz.Point{X: c.X, Y: c.Y + 12 - legendSize*0.66})
	}, true})
}

// even fills the columns of the legend to one height, so that what follows is
// read row by row.
func (s *sheet) even() {
	var h [2]float64
	for k, item := range s.legend {
		h[k%s.columns()] += item.height
	}
	switch n := len(s.legend); {
	case s.columns() == 1:
	case n%2 == 1:
		s.legend[n-1].height += math.Max(0, h[1]-h[0])
		s.legend = append(s.legend, legendItem{height: math.Max(0, h[0]-h[1])})
	case h[0] > h[1]:
		s.legend[n-1].height += h[0] - h[1]
	default:
		s.legend[n-2].height += h[1] - h[0]
	}
}

// finish adds what the notes of every figure end with.
func (s *sheet) finish() {
	for _, text := range s.page.Notes {
		s.note(false, text)
	}
	source := figureWordsIn(s.page.Lang).noSource
	if s.page.Source != "" {
		source = fmt.Sprintf(s.w.source, strings.TrimSuffix(s.page.Source, "."))
	}
	s.note(false, source)
}

func (s *sheet) titleLines() []string { return wrapText(s.title, s.width(), titleSize, true) }

func (s *sheet) syntheticLines() []string { return wrapText(s.w.synthetic, s.width(), headSize, true) }

func (s *sheet) aboutLines() []string { return wrapText(s.about, s.width(), headSize, false) }

// topHeight is the room that the lines above the figure take.
func (s *sheet) topHeight() float64 {
	h := pageMargin + float64(len(s.titleLines()))*titleSize*1.2 + float64(len(s.aboutLines()))*headSize*1.25 + 8
	if s.page.Synthetic {
		h += headSize * (0.3 + 1.2*float64(len(s.syntheticLines())))
	}
	return h
}

// bottomHeight is the room that legend and notes take.
func (s *sheet) bottomHeight() float64 {
	return pageMargin + s.notesHeight() + 6 + s.legendHeight() + 14
}

func (s *sheet) notesHeight() float64 { return float64(len(s.notes)) * noteSize * noteStep }

// legendHeight is the height of the higher column.
func (s *sheet) legendHeight() float64 {
	var h [2]float64
	for k, item := range s.legend {
		h[k%s.columns()] += item.height
	}
	return math.Max(h[0], h[1])
}

// fix gives a page without a height one that holds a figure so high.
func (s *sheet) fix(figure float64) {
	if s.page.Height == 0 {
		s.page.Height = s.topHeight() + figure + s.bottomHeight()
	}
}

// frame is the room for the figure.
func (s *sheet) frame() box {
	return box{pageMargin, s.bottomHeight(), s.page.Width - pageMargin, s.page.Height - s.topHeight()}
}

// roomy refuses a page on which nothing but words would fit.
func (s *sheet) roomy() error {
	const least = 80
	if f := s.frame(); f.height() < least {
		return fmt.Errorf("%w: a page of %g by %g points leaves no room for the figure", ErrConfig, s.page.Width, s.page.Height)
	}
	return nil
}

// begin makes an empty drawing of the page.
func (s *sheet) begin() *viz.Drawing {
	return &viz.Drawing{Name: s.title, Width: s.page.Width, Height: s.page.Height}
}

// draw adds everything around the figure.
func (s *sheet) draw(d *viz.Drawing) {
	s.drawHead(d)
	y := pageMargin + s.notesHeight() + 6
	rule := []viz.Point{{X: pageMargin, Y: y}, {X: s.page.Width - pageMargin, Y: y}}
	d.Shapes = append(d.Shapes, viz.Shape{Points: rule, Stroke: viz.Stroke{Color: coast, Width: 0.6}})
	ly := y - noteSize - 4
	for _, line := range s.notes {
		d.Texts = append(d.Texts, viz.Text{At: viz.Point{X: pageMargin, Y: ly}, Align: viz.Left, Text: line.text, Size: noteSize, Bold: line.bold, Color: softInk})
		ly -= noteSize * noteStep
	}
	top := y + s.legendHeight() + 2
	next := [2]float64{top, top}
	for k, item := range s.legend {
		column := k % s.columns()
		x := pageMargin + float64(column)*(s.columnWidth()+columnGap)
		for i, line := range item.lines {
			d.Texts = append(d.Texts, viz.Text{At: viz.Point{X: x + s.symbol, Y: next[column] - legendSize - float64(i)*legendSize*lineStep},
				Align: viz.Left, Text: line, Size: legendSize, Color: ink})
		}
		if item.draw != nil {
			p := &pen{d: d, id: fmt.Sprintf("legend %d", k), tip: strings.Join(item.lines, " ")}
			item.draw(p, viz.Point{X: x + s.symbol - 28, Y: next[column] - 12})
		}
		next[column] -= item.height
	}
}

func (s *sheet) drawHead(d *viz.Drawing) {
	y := s.page.Height - pageMargin
	put := func(text string, size float64, bold bool, color string) {
		y -= size
		d.Texts = append(d.Texts, viz.Text{At: viz.Point{X: pageMargin, Y: y}, Align: viz.Left, Text: text, Size: size, Bold: bold, Color: color})
		y -= size * 0.2
	}
	if s.page.Synthetic {
		for _, line := range s.syntheticLines() {
			put(line, headSize, true, alarm)
		}
		y -= headSize * 0.3
	}
	for _, line := range s.titleLines() {
		put(line, titleSize, true, ink)
	}
	y -= 2
	for _, line := range s.aboutLines() {
		put(line, headSize, false, softInk)
	}
}

// pen draws the parts of one symbol, each with its own ID.
type pen struct {
	d   *viz.Drawing
	id  string
	n   int
	tip string
}

func (p *pen) next() string {
	p.n++
	return fmt.Sprintf("%s.%d", p.id, p.n)
}

// disc draws a disc and returns its ID.
func (p *pen) disc(at viz.Point, r float64, fill string, stroke viz.Stroke) string {
	return p.labeled(at, r, fill, "", paper, stroke)
}

// labeled draws a disc with a text in it.
func (p *pen) labeled(at viz.Point, r float64, fill, text, color string, stroke viz.Stroke) string {
	id := p.next()
	p.d.Discs = append(p.d.Discs, viz.Disc{ID: id, Center: at, Radius: r, Fill: fill, Stroke: stroke, Text: text, Size: 10, Color: color, Tooltip: p.tip})
	return id
}

// small draws a disc with a small text in it.
func (p *pen) small(at viz.Point, r float64, fill, text, color string, stroke viz.Stroke) {
	id := p.next()
	p.d.Discs = append(p.d.Discs, viz.Disc{ID: id, Center: at, Radius: r, Fill: fill, Stroke: stroke, Text: text, Size: 7, Color: color, Tooltip: p.tip})
}

// point is a disc that is not seen, for a line to begin or end at.
func (p *pen) point(at viz.Point) string {
	id := p.next()
	p.d.Discs = append(p.d.Discs, viz.Disc{ID: id, Center: at, Radius: 0.01, Tooltip: p.tip})
	return id
}

// line draws a straight line with an arrow head from a to b, or without one if
// head is 0.
func (p *pen) line(a, b viz.Point, head float64, stroke viz.Stroke) {
	from, to := p.point(a), p.point(b)
	neck := sub(b, scale(unit(sub(b, a)), head))
	p.d.Arrows = append(p.d.Arrows, viz.Arrow{From: from, To: to, Tip: b, Head: head,
		Points: []viz.Point{a, a, neck, neck}, Stroke: stroke, Tooltip: p.tip})
}

// text writes one line of the legend's small print.
func (p *pen) text(at viz.Point, align viz.Align, text string) {
	p.d.Texts = append(p.d.Texts, viz.Text{At: at, Align: align, Text: text, Size: 8, Color: ink})
}

// wrapText breaks a text into lines of at most the given width, between words
// where it can.
func wrapText(text string, width, size float64, bold bool) []string {
	var lines []string
	line := ""
	width = math.Max(width, 2*size)
	for w := range strings.FieldsSeq(text) {
		next := w
		if line != "" {
			next = line + " " + w
		}
		if line != "" && viz.TextWidth(next, size, bold) > width {
			lines = append(lines, line)
			next = w
		}
		for viz.TextWidth(next, size, bold) > width { // a word too long for a line
			n := fitting([]rune(next), width, size, bold)
			lines = append(lines, string([]rune(next)[:n]))
			next = string([]rune(next)[n:])
		}
		line = next
	}
	return append(lines, line)
}

// fitting is how many letters fit in a width, at least one.
func fitting(text []rune, width, size float64, bold bool) int {
	n := sort.Search(len(text), func(n int) bool { return viz.TextWidth(string(text[:n+1]), size, bold) > width })
	return max(1, n)
}
