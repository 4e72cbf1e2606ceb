// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"io"
	"slices"

	"golang.org/x/image/draw"

	"github.com/oncoref/oncoref/graph/viz"
	"github.com/oncoref/oncoref/internal/output"
)

// Sizes of the contact sheets in pixels.
const (
	sheetColumns = 7
	cellWidth    = 260
	cellHeight   = 360
	cellGap      = 12
	phoneWidth   = 150
)

// grid gives each drawing a place in its cell, as large as fits.
func grid(drawings []*viz.Drawing) []image.Rectangle {
	var places []image.Rectangle
	for i, d := range drawings {
		at := image.Pt(cellGap+i%sheetColumns*(cellWidth+cellGap), cellGap+i/sheetColumns*(cellHeight+cellGap))
		scale := min(cellWidth/d.Width, cellHeight/d.Height)
		places = append(places, image.Rectangle{Min: at, Max: at.Add(image.Pt(int(scale*d.Width), int(scale*d.Height)))})
	}
	return places
}

// columns gives all drawings one width and puts each below the others of the
// column that is the shortest so far.
func columns(drawings []*viz.Drawing) []image.Rectangle {
	var ends [sheetColumns]int
	var places []image.Rectangle
	for _, d := range drawings {
		column := slices.Index(ends[:], slices.Min(ends[:]))
		at := image.Pt(cellGap+column*(phoneWidth+cellGap), cellGap+ends[column])
		height := int(phoneWidth * d.Height / d.Width)
		places = append(places, image.Rectangle{Min: at, Max: at.Add(image.Pt(phoneWidth, height))})
		ends[column] += height + cellGap
	}
	return places
}

// sheet writes all drawings, each in its place, as one PNG.
func sheet(ctx context.Context, path string, drawings []*viz.Drawing, places []image.Rectangle) error {
	var all image.Rectangle
	for _, p := range places {
		all = all.Union(p)
	}
	page := image.NewRGBA(image.Rect(0, 0, all.Max.X+cellGap, all.Max.Y+cellGap))
	draw.Draw(page, page.Bounds(), image.NewUniform(color.Gray{0xdd}), image.Point{}, draw.Src)
	for i, d := range drawings {
		large, err := picture(ctx, d, 2*places[i].Dx())
		if err != nil {
			return err
		}
		draw.CatmullRom.Scale(page, places[i], large, large.Bounds(), draw.Src, nil)
	}
	return output.WriteFile(path, func(w io.Writer) error {
		return (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(w, page)
	})
}

// picture paints a drawing so many pixels wide.
func picture(ctx context.Context, d *viz.Drawing, width int) (image.Image, error) {
	const pointsPerInch = 72
	text, err := d.DOT()
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := viz.RenderPNG(ctx, &b, text, viz.Options{DPI: pointsPerInch * float64(width) / d.Width}); err != nil {
		return nil, err
	}
	return png.Decode(&b)
}
