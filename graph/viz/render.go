// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"context"
	"fmt"
	"io"
)

// RenderSVG is [Render] with the format SVG.
func RenderSVG(ctx context.Context, w io.Writer, dot []byte, o Options) error {
	return Render(ctx, w, dot, SVG, o)
}

// RenderPNG is [Render] with the format PNG.
func RenderPNG(ctx context.Context, w io.Writer, dot []byte, o Options) error {
	return Render(ctx, w, dot, PNG, o)
}

// RenderPDF is [Render] with the format PDF.
func RenderPDF(ctx context.Context, w io.Writer, dot []byte, o Options) error {
	return Render(ctx, w, dot, PDF, o)
}

// Render draws the graph in the DOT language that dot holds and writes it to w
// once it is complete: on an error nothing has been written, unless w itself
// failed. The same input and options give the same bytes, except with SFDP,
// whose first drawing in a process differs from later ones.
//
// A ctx that is done stops a worker process ([Options.Command]) at once. A
// drawing in this process cannot be stopped; ctx then only ends the wait for
// other drawings, of which there is one at a time.
//
// Errors match ErrName (format or layout), ErrOption, ErrSyntax, ErrTooLarge,
// ErrRender, ErrWorker, the cause of ctx, or are those of w.
func Render(ctx context.Context, w io.Writer, dot []byte, f Format, o Options) error {
	if err := o.check(f); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("viz: %w", err)
	}
	render := renderHere
	if len(o.Command) > 0 {
		render = renderThere
	}
	out, err := render(ctx, dot, f, o)
	if err != nil {
		return err
	}
	_, err = w.Write(out)
	return err
}

// renderHere draws in this process.
func renderHere(ctx context.Context, dot []byte, f Format, o Options) ([]byte, error) {
	src, err := scan(dot)
	if err != nil {
		return nil, err
	}
	raw, err := run(ctx, src, f, o)
	if err != nil {
		return nil, err
	}
	if f == SVG {
		return cleanSVG(raw, o)
	}
	if f == JSON || f == DOT {
		return raw, nil
	}
	scene, err := readScene(raw)
	if err != nil {
		return nil, err
	}
	if f == PNG {
		return paintPNG(scene, o)
	}
	return paintPDF(scene, o)
}
