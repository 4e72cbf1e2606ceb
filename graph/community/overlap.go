// SPDX-License-Identifier: Apache-2.0

package community

import (
	"errors"
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// ErrNodeWeight says that the weight of a node is not a finite number of at
// least 0.
var ErrNodeWeight = errors.New("node weight is not a finite number of at least 0")

// cell is what community a of one partition and community b of another have
// in common.
type cell struct {
	a, b  int
	nodes int
	w     float64
}

// overlap compares two partitions, without the nodes that one of them leaves
// out.
type overlap struct {
	cells          []cell // by a, then by b; only those with nodes
	sizeA, sizeB   []int
	massA, massB   []float64
	nodes, leftOut int
	mass           float64
}

// newOverlap compares a and b. Without weights the mass is the number of
// nodes.
func newOverlap(a, b Partition, weights graph.Values[float64]) (overlap, error) {
	labelA, labelB := a.labels.Slice(), b.For(a.g)
	mass := func(int) float64 { return 1 }
	if weights.Len() > 0 {
		w := weights.For(a.g)
		for i, x := range w {
			if !(x >= 0 && x <= math.MaxFloat64) {
				return overlap{}, &graph.KeyError{Key: a.g.Key(i), Err: ErrNodeWeight}
			}
		}
		mass = func(i int) float64 { return w[i] }
	}
	o := overlap{
		sizeA: make([]int, a.Count()), sizeB: make([]int, b.Count()),
		massA: make([]float64, a.Count()), massB: make([]float64, b.Count()),
	}
	count, weight := make([]int, b.Count()), make([]sum.Compensated, b.Count())
	totalB := make([]sum.Compensated, b.Count())
	var total sum.Compensated
	// Members by label of b, then by label of a with the order of b kept.
	byB := make([]int32, 0, len(labelA))
	for _, nodes := range b.Members() {
		for _, i := range nodes {
			if labelA[i] != None {
				byB = append(byB, int32(i))
			}
		}
	}
	o.nodes, o.leftOut = len(byB), len(labelA)-len(byB)
	for k, nodes := range sortBy(byB, labelA, a.Count()) {
		var totalA sum.Compensated
		for at, i := range nodes {
			l := labelB[i]
			count[l]++
			weight[l].Add(mass(int(i)))
			if at+1 < len(nodes) && labelB[nodes[at+1]] == l {
				continue
			}
			w := weight[l].Value()
			o.cells = append(o.cells, cell{k, l, count[l], w})
			o.sizeA[k] += count[l]
			o.sizeB[l] += count[l]
			totalA.Add(w)
			totalB[l].Add(w)
			count[l], weight[l] = 0, sum.Compensated{}
		}
		o.massA[k] = totalA.Value()
		total.Add(o.massA[k])
	}
	for l := range totalB {
		o.massB[l] = totalB[l].Value()
	}
	o.mass = total.Value()
	return o, nil
}

// sortBy deals nodes out by label, which lies in [0, count), and keeps their
// order.
func sortBy(nodes []int32, label []int, count int) [][]int32 {
	size := make([]int, count)
	for _, i := range nodes {
		size[label[i]]++
	}
	hands := make([][]int32, count)
	for k, s := range size {
		hands[k] = make([]int32, 0, s)
	}
	for _, i := range nodes {
		hands[label[i]] = append(hands[label[i]], i)
	}
	return hands
}
