// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image/color"
	"image/png"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// maxPixels bounds a raster image, 4 bytes each in memory.
const maxPixels = 100_000_000

// rasterCanvas paints on a vgimg canvas at 72 dots per inch, on which a point
// is a pixel, and scales to the wanted resolution itself; vgimg knows only
// whole resolutions.
type rasterCanvas struct {
	img    *vgimg.Canvas
	scale  float64 // pixels per point
	height float64 // pixels; vgimg's y grows upward
}

func paintPNG(s *scene, o Options) ([]byte, error) {
	p, err := s.page()
	if err != nil {
		return nil, err
	}
	scale := o.dpi() / 72
	w, h := math.Max(1, math.Ceil(p.width*scale-1e-6)), math.Max(1, math.Ceil(p.height*scale-1e-6))
	if w*h > maxPixels {
		return nil, fmt.Errorf("%w: PNG of %.0f by %.0f pixels, at most %d in all; lower the DPI or use SVG or PDF",
			ErrTooLarge, w, h, maxPixels)
	}
	img := vgimg.NewWith(vgimg.UseDPI(72), vgimg.UseWH(vg.Length(w), vg.Length(h)), vgimg.UseBackgroundColor(p.background))
	s.paint(&rasterCanvas{img: img, scale: scale, height: h}, p)
	var b bytes.Buffer
	if err := png.Encode(&b, img.Image()); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRender, err)
	}
	return withChunks(b.Bytes(), o), nil
}

func (c *rasterCanvas) outline(p path) vg.Path {
	out := make(vg.Path, 0, len(p))
	for i := range p {
		switch q := &p[i].p; p[i].verb {
		case moveTo:
			out.Move(c.at(q[0]))
		case lineTo:
			out.Line(c.at(q[0]))
		case curveTo:
			out.CubeTo(c.at(q[0]), c.at(q[1]), c.at(q[2]))
		case closing:
			out.Close()
		}
	}
	return out
}

func (c *rasterCanvas) at(p point) vg.Point {
	return vg.Point{X: vg.Length(p.x * c.scale), Y: vg.Length(c.height - p.y*c.scale)}
}

func (c *rasterCanvas) fill(p path, col color.NRGBA) {
	c.img.SetColor(col)
	c.img.Fill(c.outline(p))
}

func (c *rasterCanvas) stroke(p path, s pen) {
	if s.dash == nil {
		if area, ok := mitered(p, s.width); ok {
			c.fill(area, s.color)
			return
		}
	}
	dash := make([]vg.Length, len(s.dash))
	for i, d := range s.dash {
		dash[i] = vg.Length(d * c.scale)
	}
	c.img.SetColor(s.color)
	c.img.SetLineWidth(vg.Length(s.width * c.scale))
	c.img.SetLineDash(dash, 0)
	c.img.Stroke(c.outline(p))
}

// text fills the outlines of the glyphs: unlike the canvas's own text this
// keeps fractions of a pixel, so that a label stays as wide as it was measured.
func (c *rasterCanvas) text(x, y float64, s string, f font, col color.NRGBA) {
	face, em := f.face(), f.size/unitsPerEm
	c.img.SetColor(col)
	for _, r := range s {
		g := face.glyph(r)
		if len(g.outline) > 0 {
			p := make(path, len(g.outline))
			for i, v := range g.outline {
				for j, q := range v.p {
					v.p[j] = point{x + q.x*em, y + q.y*em}
				}
				p[i] = v
			}
			c.img.Fill(c.outline(p))
		}
		x += float64(g.advance) * em
	}
}

// withChunks adds, behind the header of a PNG file, its resolution and the
// names of the picture.
func withChunks(file []byte, o Options) []byte {
	const headerEnd = 8 + 12 + 13
	var b bytes.Buffer
	b.Write(file[:headerEnd])
	perMeter := uint32(math.Round(o.dpi() / 0.0254))
	writeChunk(&b, "pHYs", append(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, perMeter), perMeter), 1))
	for _, t := range [...]struct{ keyword, text string }{{"Title", o.Title}, {"Description", o.Description}} {
		if t.text != "" {
			writeChunk(&b, "iTXt", []byte(t.keyword+"\x00\x00\x00"+o.Lang+"\x00\x00"+t.text))
		}
	}
	b.Write(file[headerEnd:])
	return b.Bytes()
}

func writeChunk(b *bytes.Buffer, kind string, data []byte) {
	b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(data))))
	body := append([]byte(kind), data...)
	b.Write(body)
	b.Write(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)))
}
