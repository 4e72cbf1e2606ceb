// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"strings"
	"sync"
	"unicode/utf8"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansbolditalic"
	"codeberg.org/go-fonts/liberation/liberationsansitalic"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	imagefont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Vertical measures of the embedded font in units of the font size: multiply
// by the size in points. Descent is the depth below the baseline, as a
// positive number.
const (
	TextAscent    = 1854.0 / unitsPerEm
	TextDescent   = 434.0 / unitsPerEm
	TextHeight    = TextAscent + TextDescent
	TextCapHeight = 1409.0 / unitsPerEm // height of a flat capital such as H
	TextXHeight   = 1082.0 / unitsPerEm // height of a flat small letter such as x
)

const unitsPerEm = 2048

// FontFamily is the family of the embedded font, whose widths the fonts Arial
// and Helvetica share. Text with another fontname is painted with it as well.
const FontFamily = "Liberation Sans"

// TextWidth returns the width of one line of text in points, set in the
// embedded font at the given size in points. PNG and PDF are painted with the
// same widths. Pairs of letters are not
// kerned. A character that the font does not have counts as the box that is
// drawn in its place. It is safe for concurrent use.
func TextWidth(s string, size float64, bold bool) float64 {
	return faceOf(bold, false).width(s) * size
}

// faceStyle reads weight and slant off the name of a font, as in
// "Helvetica-Bold" or "Arial Italic".
func faceStyle(name string) (bold, italic bool) {
	name = strings.ToLower(name)
	bold = strings.Contains(name, "bold") || strings.Contains(name, "black") || strings.Contains(name, "heavy")
	italic = strings.Contains(name, "italic") || strings.Contains(name, "oblique")
	return bold, italic
}

// A face is one style of the embedded font, read once, with the glyphs that
// were asked for. Safe for concurrent use.
type face struct {
	ttf  []byte
	once sync.Once
	font *sfnt.Font

	mu     sync.RWMutex
	glyphs map[rune]*glyph
}

// A glyph is the shape of a character in font units, y growing downward, and
// how far the next one is.
type glyph struct {
	outline path
	advance int
}

// faces are ordered by weight, then slant.
var faces = [4]*face{
	{ttf: liberationsansregular.TTF},
	{ttf: liberationsansbold.TTF},
	{ttf: liberationsansitalic.TTF},
	{ttf: liberationsansbolditalic.TTF},
}

func faceIndex(bold, italic bool) int {
	i := 0
	if bold {
		i++
	}
	if italic {
		i += 2
	}
	return i
}

func faceOf(bold, italic bool) *face {
	f := faces[faceIndex(bold, italic)]
	f.once.Do(func() {
		var err error
		if f.font, err = sfnt.Parse(f.ttf); err != nil {
			panic("viz: embedded font: " + err.Error())
		}
		f.glyphs = make(map[rune]*glyph)
	})
	return f
}

// width returns the width of s in ems.
func (f *face) width(s string) float64 {
	sum := 0
	for _, r := range s {
		sum += f.glyph(r).advance
	}
	return float64(sum) / unitsPerEm
}

func (f *face) glyph(r rune) *glyph {
	if r > 0xffff {
		r = utf8.RuneError // nothing beyond 16 bits is in the font
	}
	f.mu.RLock()
	g := f.glyphs[r]
	f.mu.RUnlock()
	if g == nil {
		g = f.load(r)
		f.mu.Lock()
		f.glyphs[r] = g
		f.mu.Unlock()
	}
	return g
}

// load reads a glyph from the font; index 0 is the box for what it lacks.
func (f *face) load(r rune) *glyph {
	var buf sfnt.Buffer
	const size = fixed.Int26_6(unitsPerEm) // makes a unit of the font 1/64 pixel
	i, err := f.font.GlyphIndex(&buf, r)
	if err != nil {
		i = 0
	}
	g := new(glyph)
	if a, err := f.font.GlyphAdvance(&buf, i, size, imagefont.HintingNone); err == nil {
		g.advance = int(a)
	}
	segments, err := f.font.LoadGlyph(&buf, i, size, nil)
	if err != nil {
		return g
	}
	at := func(p fixed.Point26_6) point { return point{float64(p.X), float64(p.Y)} }
	var last point
	for k, s := range segments {
		a, b, c := at(s.Args[0]), at(s.Args[1]), at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if k > 0 {
				g.outline.close()
			}
			g.outline.move(a)
			last = a
		case sfnt.SegmentOpLineTo:
			g.outline.line(a)
			last = a
		case sfnt.SegmentOpQuadTo:
			g.outline.curve(between(last, a), between(b, a), b)
			last = b
		case sfnt.SegmentOpCubeTo:
			g.outline.curve(a, b, c)
			last = c
		}
	}
	if len(g.outline) > 0 {
		g.outline.close()
	}
	return g
}

// between is two thirds of the way from p to q, which turns the control point q
// of a quadratic curve into one of the same curve written as a cubic.
func between(p, q point) point { return point{p.x + (q.x-p.x)*2/3, p.y + (q.y-p.y)*2/3} }
