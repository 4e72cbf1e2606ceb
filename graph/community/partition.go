// SPDX-License-Identifier: Apache-2.0

package community

import (
	"slices"

	"github.com/oncoref/oncoref/graph"
)

// None is the label of a node that belongs to no community.
const None = -1

// A Partition divides the nodes of a graph into communities, numbered from 0
// in the order of their first members, so that equal divisions have equal
// labels. It never changes. The zero value belongs to a graph without nodes.
//
// A node may have no community, with the label [None], for data in which its
// place is not known: it then counts in every total and inside no community,
// and [Compare] leaves it out. The functions of this package that look for
// communities give every node one.
type Partition struct {
	g      *graph.Digraph
	labels graph.Values[int]
	sizes  []int
}

// NewPartition returns the partition in which nodes with the same label are
// one community. Labels may be any numbers; those below 0 mean [None].
//
// It panics if labels belongs to other nodes than those of g.
//
// Time and memory O(n) for n nodes.
func NewPartition(g *graph.Digraph, labels graph.Values[int]) Partition {
	label := labels.For(g)
	number := make(map[int]int)
	own := make([]int, len(label))
	var sizes []int
	for i, l := range label {
		if l < 0 {
			own[i] = None
			continue
		}
		c, ok := number[l]
		if !ok {
			c = len(sizes)
			number[l] = c
			sizes = append(sizes, 0)
		}
		own[i] = c
		sizes[c]++
	}
	return Partition{g, graph.NewValues(g, own), sizes}
}

// Singletons returns the partition in which every node is a community of its
// own.
func Singletons(g *graph.Digraph) Partition {
	label := make([]int32, g.Len())
	for i := range label {
		label[i] = int32(i)
	}
	return renumbered(g, label)
}

// Whole returns the partition in which all nodes are one community; without
// communities for a graph without nodes.
func Whole(g *graph.Digraph) Partition { return renumbered(g, make([]int32, g.Len())) }

// renumbered returns the partition with the given labels, which must lie in
// [0, n).
func renumbered(g *graph.Digraph, label []int32) Partition {
	number := slices.Repeat([]int32{None}, len(label))
	own := make([]int, len(label))
	var sizes []int
	for i, l := range label {
		if number[l] == None {
			number[l] = int32(len(sizes))
			sizes = append(sizes, 0)
		}
		own[i] = int(number[l])
		sizes[own[i]]++
	}
	return Partition{g, graph.NewValues(g, own), sizes}
}

// Count returns the number of communities.
func (p Partition) Count() int { return len(p.sizes) }

// Labels returns the community of each node, [None] for a node without one.
// The values are shared with p: read them only.
func (p Partition) Labels() graph.Values[int] { return p.labels }

// Of returns the community of the node with this key; false if there is no
// such node or if it belongs to no community.
//
// Time O(log n).
func (p Partition) Of(key string) (int, bool) {
	c, ok := p.labels.At(key)
	return c, ok && c != None
}

// Sizes returns the number of nodes in each community. The slice is the
// caller's own.
func (p Partition) Sizes() []int { return slices.Clone(p.sizes) }

// Members returns the nodes of each community by index, in order.
//
// Time and memory O(n) for n nodes.
func (p Partition) Members() [][]int {
	members := make([][]int, len(p.sizes))
	for c, size := range p.sizes {
		members[c] = make([]int, 0, size)
	}
	for i, c := range p.labels.Slice() {
		if c != None {
			members[c] = append(members[c], i)
		}
	}
	return members
}

// Keys returns the keys of the nodes of each community, in the order of the
// nodes.
func (p Partition) Keys() [][]string {
	keys := make([][]string, len(p.sizes))
	for c, nodes := range p.Members() {
		for _, i := range nodes {
			keys[c] = append(keys[c], p.g.Key(i))
		}
	}
	return keys
}

// Equal reports whether p and q divide the same nodes in the same way.
func (p Partition) Equal(q Partition) bool {
	if p.labels.Len() == 0 || q.labels.Len() == 0 {
		return p.labels.Len() == q.labels.Len()
	}
	return q.labels.Belongs(p.g) && slices.Equal(p.labels.Slice(), q.labels.Slice())
}

// For returns the labels in index order if p is a partition of the nodes of g,
// and panics if not, as [graph.Values.For] does.
func (p Partition) For(g *graph.Digraph) []int { return p.labels.For(g) }
