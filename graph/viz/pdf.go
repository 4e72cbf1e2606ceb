// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"fmt"
	"image/color"
	"slices"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// pdfCanvas paints on the one page of a PDF document.
type pdfCanvas struct {
	doc   *fpdf.Fpdf
	fonts [4]bool // styles that the document has
}

func paintPDF(s *scene, o Options) ([]byte, error) {
	p, err := s.page()
	if err != nil {
		return nil, err
	}
	doc := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: p.width, Ht: p.height}})
	doc.SetCreationDate(time.Unix(0, 0).UTC())
	doc.SetModificationDate(time.Unix(0, 0).UTC())
	doc.SetCatalogSort(true)
	doc.SetMargins(0, 0, 0)
	doc.SetAutoPageBreak(false, 0)
	if o.Title != "" {
		doc.SetTitle(o.Title, true)
	}
	if o.Description != "" {
		doc.SetSubject(o.Description, true)
	}
	if o.Lang != "" {
		doc.SetLang(o.Lang)
	}
	doc.AddPage()
	c := &pdfCanvas{doc: doc}
	if p.background.A > 0 {
		c.fill(polyline([]point{{0, 0}, {p.width, 0}, {p.width, p.height}, {0, p.height}}, true), p.background)
	}
	s.paint(c, p)
	var b bytes.Buffer
	if err := doc.Output(&b); err != nil {
		return nil, fmt.Errorf("%w: PDF: %w", ErrRender, err)
	}
	return b.Bytes(), nil
}

func (c *pdfCanvas) outline(p path) {
	for i := range p {
		switch q := &p[i].p; p[i].verb {
		case moveTo:
			c.doc.MoveTo(q[0].x, q[0].y)
		case lineTo:
			c.doc.LineTo(q[0].x, q[0].y)
		case curveTo:
			c.doc.CurveBezierCubicTo(q[0].x, q[0].y, q[1].x, q[1].y, q[2].x, q[2].y)
		case closing:
			c.doc.ClosePath()
		}
	}
}

func (c *pdfCanvas) alpha(col color.NRGBA) { c.doc.SetAlpha(float64(col.A)/255, "Normal") }

func (c *pdfCanvas) fill(p path, col color.NRGBA) {
	c.alpha(col)
	c.doc.SetFillColor(int(col.R), int(col.G), int(col.B))
	c.outline(p)
	c.doc.DrawPath("F")
}

func (c *pdfCanvas) stroke(p path, s pen) {
	c.alpha(s.color)
	c.doc.SetDrawColor(int(s.color.R), int(s.color.G), int(s.color.B))
	c.doc.SetLineWidth(s.width)
	c.doc.SetDashPattern(s.dash, 0)
	c.outline(p)
	c.doc.DrawPath("D")
}

func (c *pdfCanvas) text(x, y float64, s string, f font, col color.NRGBA) {
	style, i := "", 0
	if f.bold {
		style, i = "B", 1
	}
	if f.italic {
		style, i = style+"I", i+2
	}
	if !c.fonts[i] {
		c.fonts[i] = true
		c.doc.AddUTF8FontFromBytes(pdfFamily, style, slices.Clone(f.face().ttf))
	}
	c.alpha(col)
	c.doc.SetFont(pdfFamily, style, f.size)
	c.doc.SetTextColor(int(col.R), int(col.G), int(col.B))
	c.doc.Text(x, y, basicPlane(s))
}

// pdfFamily is the name of the font inside the document.
const pdfFamily = "liberation"

// basicPlane replaces characters beyond 16 bits, which fpdf cannot write and
// the embedded font does not have.
func basicPlane(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xffff {
			return '\ufffd'
		}
		return r
	}, s)
}
