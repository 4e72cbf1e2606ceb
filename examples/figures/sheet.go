// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"

	"golang.org/x/image/draw"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/internal/output"
)

// Sizes of the contact sheet in pixels.
const (
	sheetColumns = 6
	cellWidth    = 260
	cellHeight   = 360
	cellGap      = 12
)

// sheet writes all drawings, each made small enough for its cell, as one PNG.
func sheet(ctx context.Context, path string, drawings []*viz.Drawing) error {
	rows := (len(drawings) + sheetColumns - 1) / sheetColumns
	page := image.NewRGBA(image.Rect(0, 0, sheetColumns*(cellWidth+cellGap)+cellGap, rows*(cellHeight+cellGap)+cellGap))
	draw.Draw(page, page.Bounds(), image.NewUniform(color.Gray{0xdd}), image.Point{}, draw.Src)
	for i, d := range drawings {
		small, err := picture(ctx, d)
		if err != nil {
			return err
		}
		size := small.Bounds().Size()
		scale := min(float64(cellWidth)/float64(size.X), float64(cellHeight)/float64(size.Y))
		at := image.Pt(cellGap+i%sheetColumns*(cellWidth+cellGap), cellGap+i/sheetColumns*(cellHeight+cellGap))
		cell := image.Rectangle{Min: at, Max: at.Add(image.Pt(int(scale*float64(size.X)), int(scale*float64(size.Y))))}
		draw.CatmullRom.Scale(page, cell, small, small.Bounds(), draw.Src, nil)
	}
	return output.WriteFile(path, func(w io.Writer) error {
		return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(w, page)
	})
}

// picture paints a drawing at twice the size of a cell.
func picture(ctx context.Context, d *viz.Drawing) (image.Image, error) {
	const pointsPerInch = 72
	dpi := pointsPerInch * 2 * min(cellWidth/d.Width, cellHeight/d.Height)
	text, err := d.DOT()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := viz.RenderPNG(ctx, &b, text, viz.Options{DPI: dpi}); err != nil {
		return nil, err
	}
	return png.Decode(&b)
}
