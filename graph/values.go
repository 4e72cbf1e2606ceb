// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"fmt"
	"iter"
	"slices"
)

// Values holds one T for each node of a graph: scores, labels, names, sizes.
// The zero value belongs to a graph without nodes.
type Values[T any] struct {
	g *Digraph
	s []T
}

// NewValues returns the values s, one for each node in index order. It keeps
// s: do not change it afterwards. It panics if len(s) is not g.Len().
func NewValues[T any](g *Digraph, s []T) Values[T] {
	if len(s) != g.Len() {
		panic(fmt.Sprintf("graph: %d values for %d nodes", len(s), g.Len()))
	}
	return Values[T]{g, s}
}

// CollectValues returns the values that seq gives by key. A node whose key
// does not come up gets the value absent.
//
// The error is a [*KeyError] that wraps [ErrUnknownNode] if a key names no
// node of g, and [ErrKey] if a key comes up twice.
func CollectValues[T any](g *Digraph, seq iter.Seq2[string, T], absent T) (Values[T], error) {
	s := slices.Repeat([]T{absent}, g.Len())
	seen := make([]bool, g.Len())
	for key, v := range seq {
		i, ok := g.Index(key)
		if !ok {
			return Values[T]{}, &KeyError{Key: key, Err: ErrUnknownNode}
		}
		if seen[i] {
			return Values[T]{}, &KeyError{Key: key, Want: "each node once", Err: ErrKey}
		}
		seen[i], s[i] = true, v
	}
	return Values[T]{g, s}, nil
}

// Len returns the number of values, which is the number of nodes.
func (v Values[T]) Len() int { return len(v.s) }

// At returns the value of the node with this key; false if there is no such
// node.
//
// Time O(log n).
func (v Values[T]) At(key string) (T, bool) {
	if v.g != nil {
		if i, ok := v.g.Index(key); ok {
			return v.s[i], true
		}
	}
	var none T
	return none, false
}

// All yields every node's key and value, in index order.
func (v Values[T]) All() iter.Seq2[string, T] {
	return func(yield func(string, T) bool) {
		for i, x := range v.s {
			if !yield(v.g.keys[i], x) {
				return
			}
		}
	}
}

// Slice returns the values in index order. The slice is shared with v: read it
// only.
func (v Values[T]) Slice() []T { return v.s }

// For returns the values in index order, as [Values.Slice] does, if they
// [Values.Belongs] to the nodes of g, and panics if not: values of one graph
// must not be read with the indices of another.
func (v Values[T]) For(g *Digraph) []T {
	if !v.Belongs(g) {
		panic(fmt.Sprintf("graph: values of a graph with %d nodes used with another, of %d nodes", len(v.s), g.Len()))
	}
	return v.s
}

// Belongs reports whether the values belong to the nodes of g, which is so if
// they were made for g or for a graph with the same keys. Graphs made by
// Transpose, Loopless and Map have the nodes of the graph they came from.
func (v Values[T]) Belongs(g *Digraph) bool { return v.g.sameNodes(g) }

func (g *Digraph) sameNodes(h *Digraph) bool {
	if g == h {
		return true
	}
	if g == nil || h == nil {
		return g.count() == 0 && h.count() == 0
	}
	if len(g.keys) != len(h.keys) {
		return false
	}
	return len(g.keys) == 0 || &g.keys[0] == &h.keys[0] || slices.Equal(g.keys, h.keys)
}

func (g *Digraph) count() int {
	if g == nil {
		return 0
	}
	return len(g.keys)
}
