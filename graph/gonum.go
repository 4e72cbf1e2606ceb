// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"strconv"

	ggraph "gonum.org/v1/gonum/graph"
)

var (
	_ ggraph.WeightedDirected = (*Digraph)(nil)
	_ ggraph.WeightedDirected = SelfWeighted{}
	_ ggraph.Node             = gonumNode{}
	_ ggraph.WeightedEdge     = gonumEdge{}
	_ ggraph.NodeSlicer       = (*gonumNodes)(nil)
)

// Node implements gonum graph.Graph. The ID of a node is its index; the node
// is nil if there is none with this ID.
func (g *Digraph) Node(id int64) ggraph.Node {
	if !g.has(id) {
		return nil
	}
	return gonumNode{g, int32(id)}
}

// Nodes implements gonum graph.Graph. It returns all nodes, by ID.
func (g *Digraph) Nodes() ggraph.Nodes {
	if g.Len() == 0 {
		return ggraph.Empty
	}
	return &gonumNodes{g: g, n: g.Len(), at: -1, skip: -1}
}

// From implements gonum graph.Graph. It returns the nodes reached by an edge
// from the node with this ID, by ID, and the node itself if it has a self
// loop.
func (g *Digraph) From(id int64) ggraph.Nodes { return g.neighbors(g.out, id, false) }

// To implements gonum graph.Directed. It returns the nodes with an edge to the
// node with this ID, by ID, and the node itself if it has a self loop.
func (g *Digraph) To(id int64) ggraph.Nodes { return g.neighbors(g.in, id, false) }

// HasEdgeBetween implements gonum graph.Graph. It is true if there is an edge
// in either direction.
func (g *Digraph) HasEdgeBetween(xid, yid int64) bool {
	return g.HasEdgeFromTo(xid, yid) || g.HasEdgeFromTo(yid, xid)
}

// HasEdgeFromTo implements gonum graph.Directed. With uid == vid it is true if
// the node has a self loop.
func (g *Digraph) HasEdgeFromTo(uid, vid int64) bool {
	_, ok := g.edge(uid, vid)
	return ok
}

// Edge implements gonum graph.Graph. With uid == vid it is the self loop; nil
// if there is no such edge.
func (g *Digraph) Edge(uid, vid int64) ggraph.Edge {
	if e := g.WeightedEdge(uid, vid); e != nil {
		return e
	}
	return nil
}

// WeightedEdge implements gonum graph.Weighted. With uid == vid it is the self
// loop; nil if there is no such edge.
func (g *Digraph) WeightedEdge(uid, vid int64) ggraph.WeightedEdge {
	w, ok := g.edge(uid, vid)
	if !ok {
		return nil
	}
	return gonumEdge{gonumNode{g, int32(uid)}, gonumNode{g, int32(vid)}, w}
}

// Weight implements gonum graph.Weighted. It is the weight of the edge and
// true; (0, true) for a node without a self loop and itself, as gonum asks for
// equal IDs; (0, false) if there is no edge.
func (g *Digraph) Weight(xid, yid int64) (float64, bool) {
	w, ok := g.edge(xid, yid)
	return w, ok || xid == yid && g.has(xid)
}

func (g *Digraph) has(id int64) bool { return 0 <= id && id < int64(g.Len()) }

func (g *Digraph) edge(uid, vid int64) (float64, bool) {
	if !g.has(uid) || !g.has(vid) {
		return 0, false
	}
	return g.out.at(int(uid), int32(vid))
}

// neighbors returns the row of a node; loopless leaves out the node itself.
func (g *Digraph) neighbors(a adjacency, id int64, loopless bool) ggraph.Nodes {
	if !g.has(id) {
		return ggraph.Empty
	}
	row, _ := a.row(int(id))
	it := &gonumNodes{g: g, row: row, n: len(row), at: -1, skip: -1}
	if _, loop := g.edge(id, id); loopless && loop {
		it.skip = int32(id)
		it.n--
	}
	if it.n == 0 {
		return ggraph.Empty
	}
	it.Reset()
	return it
}

// SelfWeighted is the view of a [Digraph] in which self loops are not edges:
// no node is its own neighbor, and a loop shows only as the weight of the node
// with itself. Some gonum functions need this view to count loops once; the
// package documentation says which.
type SelfWeighted struct {
	g *Digraph
}

// SelfWeighted returns the view of g in which loops show only through
// Weight(u, u).
func (g *Digraph) SelfWeighted() SelfWeighted { return SelfWeighted{g} }

// Node implements gonum graph.Graph, as [Digraph.Node] does.
func (s SelfWeighted) Node(id int64) ggraph.Node { return s.g.Node(id) }

// Nodes implements gonum graph.Graph, as [Digraph.Nodes] does.
func (s SelfWeighted) Nodes() ggraph.Nodes { return s.g.Nodes() }

// From implements gonum graph.Graph. It leaves out the node itself.
func (s SelfWeighted) From(id int64) ggraph.Nodes { return s.g.neighbors(s.g.out, id, true) }

// To implements gonum graph.Directed. It leaves out the node itself.
func (s SelfWeighted) To(id int64) ggraph.Nodes { return s.g.neighbors(s.g.in, id, true) }

// HasEdgeBetween implements gonum graph.Graph. It is false for equal IDs.
func (s SelfWeighted) HasEdgeBetween(xid, yid int64) bool {
	return xid != yid && s.g.HasEdgeBetween(xid, yid)
}

// HasEdgeFromTo implements gonum graph.Directed. It is false for equal IDs.
func (s SelfWeighted) HasEdgeFromTo(uid, vid int64) bool {
	return uid != vid && s.g.HasEdgeFromTo(uid, vid)
}

// Edge implements gonum graph.Graph. It is nil for equal IDs.
func (s SelfWeighted) Edge(uid, vid int64) ggraph.Edge {
	if uid == vid {
		return nil
	}
	return s.g.Edge(uid, vid)
}

// WeightedEdge implements gonum graph.Weighted. It is nil for equal IDs.
func (s SelfWeighted) WeightedEdge(uid, vid int64) ggraph.WeightedEdge {
	if uid == vid {
		return nil
	}
	return s.g.WeightedEdge(uid, vid)
}

// Weight implements gonum graph.Weighted. For equal IDs it is the weight of
// the self loop, 0 without one, and true.
func (s SelfWeighted) Weight(xid, yid int64) (float64, bool) { return s.g.Weight(xid, yid) }

// gonumNode is a node as gonum sees it.
type gonumNode struct {
	g *Digraph
	i int32
}

// ID implements gonum graph.Node.
func (n gonumNode) ID() int64 { return int64(n.i) }

// DOTID implements gonum encoding/dot.Node. The key is quoted here, so that
// gonum does not take a key in angle brackets for markup.
func (n gonumNode) DOTID() string { return strconv.Quote(n.g.keys[n.i]) }

// gonumEdge is an edge as gonum sees it.
type gonumEdge struct {
	f, t gonumNode
	w    float64
}

// From implements gonum graph.Edge.
func (e gonumEdge) From() ggraph.Node { return e.f }

// To implements gonum graph.Edge.
func (e gonumEdge) To() ggraph.Node { return e.t }

// ReversedEdge implements gonum graph.Edge.
func (e gonumEdge) ReversedEdge() ggraph.Edge { return gonumEdge{e.t, e.f, e.w} }

// Weight implements gonum graph.WeightedEdge.
func (e gonumEdge) Weight() float64 { return e.w }

// gonumNodes iterates over the nodes of a row, or over all nodes if row is
// nil.
type gonumNodes struct {
	g    *Digraph
	row  []int32
	n    int   // nodes in all, without the one to skip
	at   int   // position in row of the current node
	seen int   // nodes passed, the current one included
	skip int32 // node to leave out, -1 for none
}

func (it *gonumNodes) current() int32 {
	if it.row == nil {
		return int32(it.at)
	}
	return it.row[it.at]
}

// Next implements gonum graph.Iterator.
func (it *gonumNodes) Next() bool {
	if it.seen == it.n {
		it.at = -1
		return false
	}
	it.at++
	if it.current() == it.skip {
		it.at++
	}
	it.seen++
	return true
}

// Len implements gonum graph.Iterator.
func (it *gonumNodes) Len() int { return it.n - it.seen }

// Reset implements gonum graph.Iterator.
func (it *gonumNodes) Reset() { it.at, it.seen = -1, 0 }

// Node implements gonum graph.Nodes.
func (it *gonumNodes) Node() ggraph.Node {
	if it.at < 0 {
		return nil
	}
	return gonumNode{it.g, it.current()}
}

// NodeSlice implements gonum graph.NodeSlicer. It returns the nodes not yet
// passed.
func (it *gonumNodes) NodeSlice() []ggraph.Node {
	s := make([]ggraph.Node, 0, it.Len())
	for it.Next() {
		s = append(s, it.Node())
	}
	return s
}
