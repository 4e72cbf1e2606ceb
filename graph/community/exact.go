// SPDX-License-Identifier: Apache-2.0

package community

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

const (
	// MaxExact is the largest number of nodes with edges for which [Exact]
	// looks at all partitions. There are 4,213,597 of 12 nodes.
	MaxExact = 12
	// alwaysExact is the largest number of nodes of a graph for which a
	// search is not worth while.
	alwaysExact = 10
	// sameOptimum is the difference in modularity up to which two partitions
	// count as equally good.
	sameOptimum = 1e-9
)

// ErrTooLarge says that a graph has more than [MaxExact] nodes with edges.
var ErrTooLarge = errors.New("too many nodes to look at all partitions")

// Optimum is a partition of the largest modularity.
type Optimum struct {
	Partition  Partition
	Modularity float64
	RunnerUp   float64 // largest modularity of any other partition, equal to Modularity if there are several best; NaN if there is no other
	Optima     int     // number of partitions with a modularity within 1e-9 of the largest
	Partitions int     // number of partitions of the nodes with edges
}

// Exact returns a partition with the largest [Modularity] of all, found by
// looking at every partition that can have it. Of several that are equal
// within 1e-12 it is the one whose labels, in the order of the nodes, come
// first. Nodes without any edge change nothing, and are communities of their
// own.
//
// For a graph without edges modularity is NaN, and every node is a community.
//
// The error wraps [ErrNull], [ErrResolution], [ErrTooLarge] if more than
// [MaxExact] nodes have edges, or is that of ctx.
//
// Time O(n² B(n)) in the worst case, much less usually, memory O(n²), where
// B(n) is the number of partitions of n nodes.
//
// Reference: Brandes et al. 2008, doi:10.1109/TKDE.2007.190689, for the problem,
// which is NP-hard.
func Exact(ctx context.Context, g *graph.Digraph, c ModularityConfig) (Optimum, error) {
	c, err := c.resolved()
	if err != nil {
		return Optimum{}, err
	}
	return exact(ctx, g, c)
}

func exact(ctx context.Context, g *graph.Digraph, c ModularityConfig) (Optimum, error) {
	var nodes []int
	csr := g.CSR()
	for i := range g.Len() {
		if csr.OutStart[i] < csr.OutStart[i+1] || csr.InStart[i] < csr.InStart[i+1] {
			nodes = append(nodes, i)
		}
	}
	n := len(nodes)
	if n > MaxExact {
		return Optimum{}, fmt.Errorf("community: %d nodes with edges, at most %d: %w", n, MaxExact, ErrTooLarge)
	}
	if n == 0 {
		nan := math.NaN()
		return Optimum{Partition: Singletons(g), Modularity: nan, RunnerUp: nan, Optima: 1, Partitions: 1}, ctx.Err()
	}
	e := enumeration{ctx: ctx, n: n, best: math.Inf(-1), second: math.Inf(-1)}
	e.fill(g, nodes, c)
	err := e.place(0, 0, e.alone)
	if err != nil {
		return Optimum{}, err
	}
	label := make([]int32, g.Len())
	for i := range label {
		label[i] = int32(i)
	}
	for k, i := range nodes {
		label[i] = int32(nodes[slices.Index(e.labels[:n], e.labels[k])])
	}
	o := Optimum{Partition: renumbered(g, label), RunnerUp: e.second, Optima: len(e.near), Partitions: bell(n)}
	if n == 1 {
		o.RunnerUp = math.NaN()
	}
	w := newCrew(ctx, 1, 0)
	defer w.close()
	o.Modularity, err = modularity(w, g, o.Partition, c)
	return o, err
}

// enumeration visits partitions as labels in which each is at most one more
// than the largest before it, in order of the labels.
type enumeration struct {
	ctx    context.Context
	n      int
	alone  float64                     // modularity of every node for itself
	pair   [MaxExact][MaxExact]float64 // gain of having two nodes together
	rest   [MaxExact + 1]float64       // at most so much more from placing this node and those after it
	label  [MaxExact]int8
	labels [MaxExact]int8 // of the best
	best   float64
	second float64
	near   []float64 // modularity of partitions about as good as the best
	count  int
}

func (e *enumeration) fill(g *graph.Digraph, nodes []int, c ModularityConfig) {
	total := g.Total()
	var f [MaxExact]flow
	var alone sum.Compensated
	for k, i := range nodes {
		for _, w := range g.Out(i) {
			f[k].out += w / total
		}
		for _, w := range g.In(i) {
			f[k].in += w / total
		}
		if c.Null == Undirected {
			f[k].out = (f[k].out + f[k].in) / 2
			f[k].in = f[k].out
		}
		alone.Add(g.Loop(i) / total)
		alone.Add(-c.Resolution * f[k].out * f[k].in)
	}
	e.alone = alone.Value()
	for k := e.n - 1; k >= 0; k-- {
		e.rest[k] = e.rest[k+1]
		for j := range k {
			w := g.EdgeWeight(nodes[k], nodes[j])/total + g.EdgeWeight(nodes[j], nodes[k])/total
			e.pair[k][j] = w - c.Resolution*f[k].expects(f[j])
			e.rest[k] += max(0, e.pair[k][j])
		}
	}
}

// place tries all communities for node k, of which count exist, when the nodes
// before it give modularity q.
func (e *enumeration) place(k, count int, q float64) error {
	if e.count++; e.count%4096 == 0 {
		if err := e.ctx.Err(); err != nil {
			return err
		}
	}
	if k == e.n {
		e.take(q)
		return nil
	}
	if q+e.rest[k] < min(e.second, e.best-sameOptimum)-tolerance {
		return nil
	}
	var gain [MaxExact]float64
	for j := range k {
		gain[e.label[j]] += e.pair[k][j]
	}
	for c := range count + 1 {
		e.label[k] = int8(c)
		if err := e.place(k+1, max(count, c+1), q+gain[c]); err != nil {
			return err
		}
	}
	return nil
}

// take compares a whole partition with the best so far.
func (e *enumeration) take(q float64) {
	if q <= e.best+tolerance*max(1, math.Abs(e.best)) {
		e.second = max(e.second, q)
	} else {
		e.best, e.second = q, e.best
		e.labels = e.label
		e.near = slices.DeleteFunc(e.near, func(x float64) bool { return x < q-sameOptimum })
	}
	if q >= e.best-sameOptimum {
		e.near = append(e.near, q)
	}
}

// bell returns the number of partitions of n things.
func bell(n int) int {
	row := []int{1}
	for range n {
		next := make([]int, 1, len(row)+1)
		next[0] = row[len(row)-1]
		for _, x := range row {
			next = append(next, next[len(next)-1]+x)
		}
		row = next
	}
	return row[0]
}
