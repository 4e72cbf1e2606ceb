// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"context"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Builder collects nodes and edges and makes a [Digraph] of them. The zero
// value is ready for use. It is not safe for concurrent use.
//
// The graph that comes out does not depend on the order in which nodes and
// edges were added, down to the last bit: nodes are sorted by key, and the
// weights of a repeated edge are sorted before they are added up.
type Builder struct {
	index map[string]int32
	keys  []string
	edges []triple
}

const (
	maxNodes = math.MaxInt32
	maxEdges = math.MaxUint32
)

// AddNode adds a node without edges. Adding a node that exists changes
// nothing.
//
// The error is a [*KeyError] that wraps [ErrKey] if the key is empty or not
// UTF-8, and [ErrTooLarge] if there are 2^31-1 nodes already.
func (b *Builder) AddNode(key string) error {
	if err := checkKey(key); err != nil {
		return &KeyError{Key: key, Want: "non-empty UTF-8 text", Err: err}
	}
	if _, ok := b.node(key); !ok {
		return &KeyError{Key: key, Err: ErrTooLarge}
	}
	return nil
}

// AddEdge adds weight w to the edge between two nodes, and the nodes if they
// are new. Repeats add up; from == to is a self loop. After an error the
// builder is as it was before the call.
//
// The error is an [*EdgeError] that wraps [ErrWeight] unless 0 < w <=
// [MaxWeight], [ErrKey] if a key is empty or not UTF-8, and [ErrTooLarge] if
// nodes or edges can no longer be numbered.
func (b *Builder) AddEdge(from, to string, w float64) error {
	err := checkKey(from)
	if err == nil {
		err = checkKey(to)
	}
	if err == nil {
		err = checkWeight(w)
	}
	if err == nil && (len(b.edges) == maxEdges || len(b.keys) > maxNodes-2) {
		err = ErrTooLarge
	}
	if err != nil {
		return &EdgeError{From: from, To: to, Weight: w, Err: err}
	}
	u, _ := b.node(from)
	v, _ := b.node(to)
	b.edges = append(b.edges, triple{u, v, w})
	return nil
}

// Build returns the graph of everything added so far. The builder stays
// usable; what is added later does not change the graph.
//
// Time O(n log n + m), memory O(n + m), for n nodes and m edges added.
func (b *Builder) Build() *Digraph {
	n := len(b.keys)
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(x, y int32) int { return strings.Compare(b.keys[x], b.keys[y]) })
	keys := make([]string, n)
	rank := make([]int32, n)
	for i, o := range order {
		keys[i] = b.keys[o]
		rank[o] = int32(i)
	}
	g, _ := assemble(context.Background(), keys, split(b.edges, rank, workersFor(len(b.edges)))) // never canceled
	return g
}

// node returns the number of the node with this key, which it adds if need
// be; false if there is no number left.
func (b *Builder) node(key string) (int32, bool) {
	if i, ok := b.index[key]; ok {
		return i, true
	}
	if len(b.keys) == maxNodes {
		return 0, false
	}
	if b.index == nil {
		b.index = make(map[string]int32)
	}
	i := int32(len(b.keys))
	key = strings.Clone(key)
	b.index[key] = i
	b.keys = append(b.keys, key)
	return i, true
}

func checkKey(key string) error {
	if key == "" || !utf8.ValidString(key) {
		return ErrKey
	}
	return nil
}

func checkWeight(w float64) error {
	if w > 0 && w <= MaxWeight {
		return nil
	}
	return ErrWeight
}
