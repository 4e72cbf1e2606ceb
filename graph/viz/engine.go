// SPDX-License-Identifier: Apache-2.0

package viz

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"strings"

	"github.com/goccy/go-graphviz"
)

// engine is the one lock of the package, a channel so that waiting for it can
// be given up. go-graphviz is a single WebAssembly instance per process, and
// two calls at once end the program or the instance
// (https://github.com/goccy/go-graphviz/issues/117). Whoever holds the token
// owns the instance and engineBroken.
var engine = make(chan struct{}, 1)

// engineBroken is set when the instance has closed itself, after which every
// call into it fails for the rest of the process.
var engineBroken bool

// noFiles hides the file system, which the instance can otherwise read: DOT
// text may name images and shape files.
type noFiles struct{}

// Open finds nothing.
func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// preamble gives text the widths of the embedded font unless the graph says
// otherwise; Graphviz knows them by the name Helvetica.
const preamble = `graph [fontname="Helvetica"] node [fontname="Helvetica"] edge [fontname="Helvetica"] `

// dotLimits bound the network simplex iterations of the layout dot.
const dotLimits = `graph [nslimit=2 nslimit1=2] `

// ignored are attributes of the graph that turn or cut the page, which would
// make the formats differ.
var ignored = [...]string{"rotate", "landscape", "orientation", "viewport", "page", "dpi", "resolution", "layers", "stylesheet"}

// run has Graphviz draw src. It gives up waiting for the engine when ctx is
// done, but does not stop a drawing once begun: the library ignores deadlines,
// and a canceled context destroys its instance.
func run(ctx context.Context, src source, format Format, o Options) (out []byte, err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("viz: %w", err)
	}
	select {
	case engine <- struct{}{}:
	case <-ctx.Done():
		return nil, fmt.Errorf("viz: waiting for another drawing: %w", ctx.Err())
	}
	defer func() { <-engine }()
	if engineBroken {
		return nil, fmt.Errorf("%w: Graphviz has stopped in this process after an earlier failure; use a worker process", ErrRender)
	}
	defer func() {
		if r := recover(); r != nil {
			out, err = nil, fmt.Errorf("%w: %v", ErrRender, r)
		}
		if err != nil && strings.Contains(err.Error(), "module closed") {
			engineBroken = true
		}
	}()
	return draw(src, format, o)
}

func draw(src source, format Format, o Options) ([]byte, error) {
	ctx := context.Background() // see run
	defer reclaim()()
	graphviz.SetFileSystem(noFiles{})
	g, err := graphviz.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRender, err)
	}
	defer func() { _ = g.Close() }()
	var text []byte
	text = append(text, src.text[:src.body]...)
	text = append(text, preamble...)
	if o.Layout == Dot {
		text = append(text, dotLimits...)
	}
	text = append(text, src.text[src.body:]...)
	if format != JSON && format != DOT {
		text = hideBackslashes(text)
	}
	graph, err := graphviz.ParseBytes(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrSyntax, oneLine(err.Error()))
	}
	if graph == nil {
		return nil, fmt.Errorf("%w: no graph in the text, want digraph { ... }", ErrSyntax)
	}
	defer func() { _ = graph.Close() }()
	if err := checkSize(graph, o); err != nil {
		return nil, err
	}
	if o.Layout == Pinned {
		if err := checkPinned(graph); err != nil {
			return nil, err
		}
	}
	for _, name := range ignored {
		if graph.GetStr(name) != "" {
			if err := graph.SafeSet(name, "", ""); err != nil {
				return nil, fmt.Errorf("%w: %w", ErrRender, err)
			}
		}
	}
	var b bytes.Buffer
	engineName, formatName := layouts[o.Layout].graphviz, formats[format].graphviz
	err = g.SetLayout(graphviz.Layout(engineName)).Render(ctx, graph, graphviz.Format(formatName), &b)
	if err != nil {
		return nil, fmt.Errorf("%w: layout %v: %s", ErrRender, o.Layout, oneLine(err.Error()))
	}
	if b.Len() == 0 {
		return nil, fmt.Errorf("%w: layout %v: Graphviz gave no output and no reason", ErrRender, o.Layout)
	}
	return b.Bytes(), nil
}

// checkSize uses Graphviz's own counts, which are exact where a count over the
// text is not: a node may be named many times, and "a -> {b c}" is two edges.
func checkSize(graph *graphviz.Graph, o Options) error {
	nodes, err := graph.NodeNum()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRender, err)
	}
	edges, err := graph.EdgeNum()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRender, err)
	}
	for _, labeled := range [...]bool{false, true} {
		if labeled && (o.Layout != SFDP || !anyLabel(graph)) {
			break
		}
		maxNodes, maxEdges := o.limits(labeled)
		if beyond(nodes, maxNodes) || beyond(edges, maxEdges) {
			return &TooLargeError{o.Layout, labeled, nodes, edges, maxNodes, maxEdges}
		}
	}
	return nil
}

// anyLabel reports that an edge has a label.
func anyLabel(graph *graphviz.Graph) bool {
	for n, err := graph.FirstNode(); n != nil && err == nil; n, err = graph.NextNode(n) {
		for e, err := graph.FirstOut(n); e != nil && err == nil; e, err = graph.NextOut(e) {
			if e.GetStr("label") != "" {
				return true
			}
		}
	}
	return false
}

func beyond(n, limit int) bool { return limit >= 0 && n > limit }

// checkPinned refuses nodes and edges without a place, which Graphviz puts in
// the corner or leaves out without a word.
func checkPinned(graph *graphviz.Graph) error {
	for n, err := graph.FirstNode(); n != nil || err != nil; n, err = graph.NextNode(n) {
		if err != nil {
			return fmt.Errorf("%w: %w", ErrRender, err)
		}
		if n.GetStr("pos") == "" {
			name, _ := n.Name()
			return fmt.Errorf("%w: layout pinned: node %q has no position (attribute pos)", ErrRender, name)
		}
		for e, err := graph.FirstOut(n); e != nil || err != nil; e, err = graph.NextOut(e) {
			if err != nil {
				return fmt.Errorf("%w: %w", ErrRender, err)
			}
			if e.GetStr("pos") == "" && !strings.Contains(e.GetStr("style"), "invis") {
				name, _ := n.Name()
				return fmt.Errorf("%w: layout pinned: an edge from node %q has no course (attribute pos)", ErrRender, name)
			}
		}
	}
	return nil
}

// oneLine makes a message of Graphviz fit into one line of bounded length.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " ")
	if r := []rune(s); len(r) > 300 {
		s = string(r[:300]) + "..."
	}
	return s
}
