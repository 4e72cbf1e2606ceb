// SPDX-License-Identifier: Apache-2.0

package exchange

import (
	"bufio"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/oncoref/oncoref/graph"
)

// Format is a form of text for graphs.
type Format uint8

// The formats.
const (
	GraphML  Format = iota // XML of igraph, NetworkX, Gephi and yEd
	GEXF                   // XML of Gephi, version 1.3
	Pajek                  // the .net files of Pajek
	NodeLink               // JSON of NetworkX (node_link_graph with edges="edges") and D3
	EdgeList               // CSV with a row for each edge
)

var formats = [...]struct {
	name, extension string
	encode          func(*bufio.Writer, *written) error
}{
	GraphML:  {"graphml", ".graphml", encodeGraphML},
	GEXF:     {"gexf", ".gexf", encodeGEXF},
	Pajek:    {"pajek", ".net", encodePajek},
	NodeLink: {"nodelink", ".json", encodeNodeLink},
	EdgeList: {"csv", ".csv", encodeEdgeList},
}

// String returns the name of the format: graphml, gexf, pajek, nodelink or csv.
func (f Format) String() string {
	if int(f) >= len(formats) {
		return "Format(" + strconv.Itoa(int(f)) + ")"
	}
	return formats[f].name
}

// ParseFormat returns the format of a name, as [Format.String] gives it, or of
// the name of a file: .graphml, .gexf, .net, .json or .csv, in any case of
// letters.
func ParseFormat(s string) (Format, error) {
	s = strings.ToLower(s)
	for i, f := range formats {
		if s == f.name || filepath.Ext(s) == f.extension {
			return Format(i), nil
		}
	}
	return 0, fmt.Errorf("exchange: format %q: expected graphml, gexf, pajek, nodelink or csv", s)
}

// Encode writes g in a format. Nodes and edges come in index order and numbers
// in the shortest form that reads back exactly, so that the same graph and
// style give the same bytes. Self loops are edges like any other; isolated
// nodes are written, except in an edge list, which has no place for them.
//
// The key of a node is its name in the file: the attribute name in GraphML, the
// ID in GEXF and node-link JSON, the label in Pajek. Text is escaped as the
// format asks. XML has no form for most control characters, and Pajek none for
// quotes, backslashes and line breaks: in names Pajek gets ” and ⧵ and spaces for
// them, and in labels and other texts U+FFFD stands for what XML cannot hold.
// In an edge list a key that a spreadsheet would take for a formula (it starts
// with = + - or @, or a tab, possibly after apostrophes) gets an apostrophe in
// front. GEXF counts y upward like [Place]; Pajek, which counts it downward, gets
// places scaled to the unit square, and places on a single spot in its middle.
//
// The error wraps [ErrStyle]; [ErrWeight] if the format is GEXF or Pajek and the
// style leaves the weight of an edge unknown; [ErrKey] for a key with a control
// character that XML does not have, and for keys that Pajek cannot tell apart;
// or comes from w.
//
// Time O((n + m) k) and memory O(n + m), for n nodes and m edges with k values.
func Encode(w io.Writer, g *graph.Digraph, f Format, s Style) error {
	if int(f) >= len(formats) {
		return fmt.Errorf("exchange: unknown format %v", f)
	}
	x, err := prepare(g, s)
	if err != nil {
		return fmt.Errorf("exchange: %w", err)
	}
	b := bufio.NewWriter(w)
	if err := formats[f].encode(b, x); err != nil {
		return fmt.Errorf("exchange: %w", err)
	}
	return b.Flush()
}

// number writes x in the shortest form that reads back as x.
func number(x float64) string {
	if x == 0 || x >= 1e-6 && x < 1e15 || x <= -1e-6 && x > -1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
