// SPDX-License-Identifier: Apache-2.0

// Package viz renders graphs in the DOT language as SVG, PNG and PDF with
// Graphviz, which is compiled into the program: nothing has to be installed.
// It is for pictures that people look at, of up to some thousand edges; it is
// not for layouts of large graphs, and it measures nothing.
//
//	text := []byte(`digraph { a -> b [label="12"]; b -> b }`)
//	f, err := os.Create("flow.svg")
//	if err != nil {
//		return err
//	}
//	defer f.Close()
//	err = viz.RenderSVG(ctx, f, text, viz.Options{Layout: viz.Neato})
//
// A [Drawing] describes a picture in which every element has its place and
// gives the DOT text for it; [Render] with the layout Pinned, the default, then
// draws it in milliseconds whatever its size.
//
// All text is set in one family in every format, [FontFamily] and in an SVG
// also the fonts with the same widths: of a fontname only bold and italic
// count. PNG and PDF hold the font, an SVG does with Options.EmbedFont. Graphviz
// draws SVG; PNG and PDF are painted from its own list of drawing operations. A
// gradient is painted in its first color there, and images are left out in
// every format.
//
// The trap: Graphviz runs as one WebAssembly instance per process. Renderings
// take turns, cannot be stopped, hold up garbage collection and with it the
// whole program while they compute. Its memory is put back after each of them,
// so that hundreds take no more than a few. That is fine for pinned drawings.
// For other layouts in a server, or for graphs of others, set Options.Command,
// which renders in a process that a deadline ends; see [IsWorker] for the two
// lines that this takes.
//
// Importing the package compiles that instance when the program starts, in
// half a second, or in 30 milliseconds once the result lies in the folder
// go-graphviz below the folder for temporary files (TMPDIR), from which it is
// taken without further checks. Where others can write there, give the program
// a TMPDIR of its own. DOT text from others cannot read files or run scripts:
// Graphviz sees no file system, and SVG is stripped of everything that a
// viewer would load or execute.
package viz
