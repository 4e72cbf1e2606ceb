// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// InStrength returns for each node the weight that comes in from other nodes:
//
//	s_in(i) = Σ_{j≠i} w_ji
//
// Self loops do not count, see [InStrengthWithSelf]; an isolated node has 0.
// The values have the unit of the weights, are at least 0 and add up to the
// weight of all edges that are not loops. Sums run in index order with
// compensation.
//
// Time O(m), memory O(n), for n nodes and m edges.
//
// Reference: Barrat, Barthélemy, Pastor-Satorras and Vespignani 2004,
// doi:10.1073/pnas.0400087101, for each direction apart.
func InStrength(g *graph.Digraph) graph.Values[float64] {
	c := g.CSR()
	return byRows(g, func(s []float64, lo, hi int) { strengths(s, lo, hi, c.InStart, c.InFrom, c.InWeight) })
}

// OutStrength returns for each node the weight that goes out to other nodes:
//
//	s_out(i) = Σ_{j≠i} w_ij
//
// Self loops, range, complexity and reference are as for [InStrength].
func OutStrength(g *graph.Digraph) graph.Values[float64] {
	c := g.CSR()
	return byRows(g, func(s []float64, lo, hi int) { strengths(s, lo, hi, c.OutStart, c.OutTo, c.OutWeight) })
}

// Strength returns for each node the sum of [InStrength] and [OutStrength].
// The rest is as for [InStrength].
func Strength(g *graph.Digraph) graph.Values[float64] {
	s := InStrength(g).Slice()
	for i, out := range OutStrength(g).Slice() {
		s[i] += out
	}
	return graph.NewValues(g, s)
}

// InStrengthWithSelf returns for each node the weight that comes in from all
// nodes, itself included:
//
//	s_in(i) = Σ_j w_ji
//
// The values add up to the weight of all edges. The rest is as for
// [InStrength].
func InStrengthWithSelf(g *graph.Digraph) graph.Values[float64] {
	c := g.CSR()
	return byRows(g, func(s []float64, lo, hi int) { rowSums(s, lo, hi, c.InStart, c.InWeight) })
}

// OutStrengthWithSelf returns for each node the weight that goes out to all
// nodes, itself included:
//
//	s_out(i) = Σ_j w_ij
//
// The values add up to the weight of all edges. The rest is as for
// [InStrength].
func OutStrengthWithSelf(g *graph.Digraph) graph.Values[float64] {
	c := g.CSR()
	return byRows(g, func(s []float64, lo, hi int) { rowSums(s, lo, hi, c.OutStart, c.OutWeight) })
}

// strengths writes to s the sums of the weights of rows lo to hi-1, for each
// row i without the entry i.
func strengths(s []float64, lo, hi int, start []int64, node []int32, weight []float64) {
	for i := lo; i < hi; i++ {
		var t sum.Compensated
		row := weight[start[i]:start[i+1]]
		for k, j := range node[start[i]:start[i+1]] {
			if j != int32(i) {
				t.Add(row[k])
			}
		}
		s[i] = t.Value()
	}
}

// rowSums writes to s the sums of the weights of rows lo to hi-1.
func rowSums(s []float64, lo, hi int, start []int64, weight []float64) {
	for i := lo; i < hi; i++ {
		var t sum.Compensated
		for _, w := range weight[start[i]:start[i+1]] {
			t.Add(w)
		}
		s[i] = t.Value()
	}
}

// byRows has f fill in the values for all nodes, several ranges at a time.
func byRows(g *graph.Digraph, f func(s []float64, lo, hi int)) graph.Values[float64] {
	s := make([]float64, g.Len())
	t := newSweepTeam(0, g.Size())
	defer t.Close()
	t.Each(phaseChunks, func(c int) { f(s, len(s)*c/phaseChunks, len(s)*(c+1)/phaseChunks) })
	return graph.NewValues(g, s)
}

// Direction says which edges of a node a measure looks at.
type Direction uint8

// The directions.
const (
	In   Direction = iota // edges that enter the node
	Out                   // edges that leave the node
	Both                  // all edges of the node
)

// String returns "in", "out" or "both".
func (d Direction) String() string {
	switch d {
	case In:
		return "in"
	case Out:
		return "out"
	case Both:
		return "both"
	}
	return fmt.Sprintf("Direction(%d)", uint8(d))
}

// MixedDegreeConfig are the choices of [MixedDegree]. The zero value asks for
// the in-degree.
type MixedDegreeConfig struct {
	Direction Direction // edges that count; the zero value is In
	Alpha     float64   // exponent of the strength, in [0, 1]: 0 gives the degree, 1 the strength
}

// MixedDegree returns for each node a value between its degree and its
// strength:
//
//	k(i)^(1-α) · s(i)^α
//
// where k and s are degree and strength in the direction asked for. Self loops
// do not count; an isolated node has 0 whatever α. The values are at least 0;
// their unit is that of the weights to the power α, so that values with
// different α do not compare.
//
// The error wraps [ErrAlpha] or [ErrDirection].
//
// Time O(m), memory O(n), for n nodes and m edges.
//
// Reference: Opsahl, Agneessens and Skvoretz 2010,
// doi:10.1016/j.socnet.2010.03.006, equation 3, for each direction apart.
func MixedDegree(g *graph.Digraph, c MixedDegreeConfig) (graph.Values[float64], error) {
	if !(c.Alpha >= 0 && c.Alpha <= 1) {
		return graph.Values[float64]{}, fmt.Errorf("centrality: mixed degree with alpha %v: %w", c.Alpha, ErrAlpha)
	}
	var k []int
	var s []float64
	switch c.Direction {
	case In:
		k, s = InDegree(g).Slice(), InStrength(g).Slice()
	case Out:
		k, s = OutDegree(g).Slice(), OutStrength(g).Slice()
	case Both:
		k, s = Degree(g).Slice(), Strength(g).Slice()
	default:
		return graph.Values[float64]{}, fmt.Errorf("centrality: mixed degree with %v: %w", c.Direction, ErrDirection)
	}
	for i := range s {
		s[i] = math.Pow(float64(k[i]), 1-c.Alpha) * math.Pow(s[i], c.Alpha)
	}
	return graph.NewValues(g, s), nil
}
