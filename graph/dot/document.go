// SPDX-License-Identifier: Apache-2.0

package dot

import (
	"bytes"
	"io"
)

// Attr is an attribute, such as color or pos. Graphviz says what the names and
// values mean. The value is quoted when it is written, but the sequences that
// Graphviz interprets are not touched: text from data goes through [Label].
type Attr struct {
	Name, Value string
}

// Node is a node. Any text can be an ID.
type Node struct {
	ID    string
	Attrs []Attr
}

// Edge is an edge between two nodes, given by ID. A node that is only named
// here exists as well, without attributes.
type Edge struct {
	From, To string
	Attrs    []Attr
}

// Subgraph is a group of nodes and edges. Graphviz draws a box around it if its
// name begins with "cluster".
type Subgraph struct {
	Name      string // may be empty
	Attrs     []Attr // of the group
	NodeAttrs []Attr // defaults of the nodes that follow in the group
	EdgeAttrs []Attr // defaults of the edges that follow in the group
	Nodes     []Node
	Edges     []Edge
	Subgraphs []Subgraph
}

// Document is a graph as DOT writes it. The zero value is an empty directed
// graph. Everything is written in the order in which it stands: attributes,
// then defaults, subgraphs, nodes and edges.
type Document struct {
	Name       string // may be empty
	Undirected bool   // edges have no direction
	Strict     bool   // Graphviz merges edges between the same nodes
	Attrs      []Attr // of the graph
	NodeAttrs  []Attr // defaults of all nodes
	EdgeAttrs  []Attr // defaults of all edges
	Nodes      []Node
	Edges      []Edge
	Subgraphs  []Subgraph
}

// WriteTo writes the document to w and returns the number of bytes written.
// The error, if any, comes from w.
func (d *Document) WriteTo(w io.Writer) (int64, error) {
	n, err := w.Write(d.Bytes())
	return int64(n), err
}

// Bytes returns the document as DOT text, UTF-8 with LF. The same document
// gives the same bytes.
func (d *Document) Bytes() []byte {
	var b bytes.Buffer
	if d.Strict {
		b.WriteString("strict ")
	}
	p := printer{b: &b, arrow: " -> "}
	if d.Undirected {
		b.WriteString("graph ")
		p.arrow = " -- "
	} else {
		b.WriteString("digraph ")
	}
	if d.Name != "" {
		b.WriteString(name(d.Name) + " ")
	}
	p.body(Subgraph{
		Attrs: d.Attrs, NodeAttrs: d.NodeAttrs, EdgeAttrs: d.EdgeAttrs,
		Nodes: d.Nodes, Edges: d.Edges, Subgraphs: d.Subgraphs,
	})
	return b.Bytes()
}

// printer writes the body of a graph or subgraph.
type printer struct {
	b      *bytes.Buffer
	arrow  string
	indent string
}

func (p printer) body(s Subgraph) {
	p.b.WriteString("{\n")
	in := p
	in.indent += "  "
	for _, a := range s.Attrs {
		in.line(name(a.Name), "=", Quote(a.Value))
	}
	in.defaults("node", s.NodeAttrs)
	in.defaults("edge", s.EdgeAttrs)
	for _, sub := range s.Subgraphs {
		p.b.WriteString(in.indent + "subgraph ")
		if sub.Name != "" {
			p.b.WriteString(name(sub.Name) + " ")
		}
		in.body(sub)
	}
	for _, n := range s.Nodes {
		in.line(Quote(n.ID), list(n.Attrs))
	}
	for _, e := range s.Edges {
		in.line(Quote(e.From), p.arrow, Quote(e.To), list(e.Attrs))
	}
	p.b.WriteString(p.indent + "}\n")
}

func (p printer) defaults(of string, attrs []Attr) {
	if len(attrs) > 0 {
		p.line(of, list(attrs))
	}
}

func (p printer) line(parts ...string) {
	p.b.WriteString(p.indent)
	for _, s := range parts {
		p.b.WriteString(s)
	}
	p.b.WriteString(";\n")
}

// list returns the attributes in brackets, with a space before, or nothing.
func list(attrs []Attr) string {
	if len(attrs) == 0 {
		return ""
	}
	var b bytes.Buffer
	for i, a := range attrs {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(name(a.Name) + "=" + Quote(a.Value))
	}
	return " [" + b.String() + "]"
}
