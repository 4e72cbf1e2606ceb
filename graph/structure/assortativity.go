// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// MixingConfig are the choices of [Mixing]. The zero value counts weights and
// leaves self loops out.
type MixingConfig struct {
	Loops  bool // count self loops, which join a type to itself and can change the sign
	Binary bool // count every edge as 1
}

// MixingTable says how much of a graph's weight runs between which types.
type MixingTable[T cmp.Ordered] struct {
	Types []T         // the types that occur, sorted
	Share [][]float64 // Share[a][b] is the share from type a to type b; all add up to 1, or are NaN
}

// Mixing returns which share of the weight runs from nodes of each type to
// nodes of each other type:
//
//	e_ab = Σ_{i of a, j of b} w_ij / Σ_ij w_ij
//
// Self loops count only if asked for. Types without edges, such as that of an
// isolated node, have a row and a column of zeros. All shares are NaN if no edge
// counts.
//
// It panics if types belongs to other nodes than those of g.
//
// Time O(n log n + m), memory O(n + k²), for k types.
//
// Reference: Newman 2003, doi:10.1103/PhysRevE.67.026126.
func Mixing[T cmp.Ordered](g *graph.Digraph, types graph.Values[T], c MixingConfig) MixingTable[T] {
	t := types.For(g)
	names := slices.Compact(slices.Sorted(slices.Values(t)))
	index := make([]int, len(t))
	for i, name := range t {
		index[i], _ = slices.BinarySearch(names, name)
	}
	k := len(names)
	cells := make([]sum.Compensated, k*k)
	var total sum.Compensated
	csr := g.CSR()
	for i := range t {
		for e := csr.OutStart[i]; e < csr.OutStart[i+1]; e++ {
			j := int(csr.OutTo[e])
			if i == j && !c.Loops {
				continue
			}
			w := csr.OutWeight[e]
			if c.Binary {
				w = 1
			}
			cells[index[i]*k+index[j]].Add(w)
			total.Add(w)
		}
	}
	share := make([][]float64, k)
	for a := range share {
		share[a] = make([]float64, k)
		for b := range share[a] {
			share[a][b] = cells[a*k+b].Value() / total.Value()
		}
	}
	return MixingTable[T]{names, share}
}

// Assortativity returns how far edges join nodes of the same type beyond what
// the margins of the table make expected:
//
//	r = (Σ_a e_aa - Σ_a a_a b_a) / (1 - Σ_a a_a b_a)
//
// where a and b are the sums of rows and columns. It is 1 if all weight stays
// within types, 0 if it is as expected, and at least -1, a value that is not
// always in reach. It is NaN if no edge counts or all weight is of one type.
//
// Time O(k²), for k types.
//
// Reference: Newman 2003, equation 2.
func (m MixingTable[T]) Assortativity() float64 {
	// With x_a and y_a for the sums of row and column a without e_aa, and z_a for
	// all cells in neither, the numerator is Σ_a (e_aa z_a - x_a y_a), and the
	// denominator Σ_{a≠b} a_a b_b: nothing is lost where nearly all weight is one
	// cell.
	k := len(m.Types)
	var cross sum.Compensated // all cells but the diagonal
	diagonal, apart := make([]float64, k), make([]float64, k)
	x, y := make([]float64, k), make([]float64, k)
	for a, row := range m.Share {
		var out, in sum.Compensated
		for b, e := range row {
			if a == b {
				diagonal[a] = e
				continue
			}
			cross.Add(e)
			out.Add(e)
			in.Add(m.Share[b][a])
		}
		x[a], y[a] = out.Value(), in.Value()
	}
	withoutEach(apart, diagonal)
	var beyond, other sum.Compensated
	for a, row := range m.Share {
		z := cross
		for b, e := range row {
			if a != b {
				z.Add(-e)
				z.Add(-m.Share[b][a])
				other.Add((diagonal[a] + x[a]) * (diagonal[b] + y[b]))
			}
		}
		z.Add(apart[a])
		beyond.Add(diagonal[a] * max(0, z.Value()))
		beyond.Add(-x[a] * y[a])
	}
	return beyond.Value() / other.Value()
}

// DegreePair says which degrees at the two ends of an edge are compared.
type DegreePair uint8

// The pairs: the degree of the node that the edge leaves, and that of the node
// it enters.
const (
	OutIn DegreePair = iota
	OutOut
	InIn
	InOut
)

// String returns "out-in", "out-out", "in-in" or "in-out".
func (p DegreePair) String() string {
	names := [...]string{"out-in", "out-out", "in-in", "in-out"}
	if int(p) < len(names) {
		return names[p]
	}
	return fmt.Sprintf("DegreePair(%d)", uint8(p))
}

// ErrDegreePair says that a config has a [DegreePair] that does not exist.
var ErrDegreePair = errors.New("unknown pair of degrees")

// DegreeAssortativityConfig are the choices of [DegreeAssortativity]. The zero
// value compares the out-degree of the sender with the in-degree of the
// receiver.
type DegreeAssortativityConfig struct {
	Pair     DegreePair // degrees to compare; the zero value is OutIn
	Strength bool       // compare strengths in place of degrees
}

// DegreeAssortativity returns whether edges join nodes of like degree: the
// Pearson correlation, over all edges, of the degrees at their two ends.
//
// Self loops count neither as edges nor in degrees. Every edge counts once,
// whatever its weight, also when strengths are compared. The value lies in
// [-1, 1] and does not change when weights are scaled; it is NaN if the degrees
// at one end are all equal, and for a graph without edges other than loops.
//
// The error wraps [ErrDegreePair].
//
// Time O(n + m), memory O(n), for n nodes and m edges.
//
// Reference: Newman 2002, doi:10.1103/PhysRevLett.89.208701; for directed
// graphs Foster, Foster, Grassberger and Paczuski 2010,
// doi:10.1073/pnas.0912671107, without their excess degrees, which give the
// same correlation.
func DegreeAssortativity(g *graph.Digraph, c DegreeAssortativityConfig) (float64, error) {
	if c.Pair > InOut {
		return math.NaN(), fmt.Errorf("structure: assortativity with %v: %w", c.Pair, ErrDegreePair)
	}
	csr := g.CSR()
	out := endValues(context.Background(), csr.OutStart, csr.OutTo, csr.OutWeight, c.Strength)
	in := endValues(context.Background(), csr.InStart, csr.InFrom, csr.InWeight, c.Strength)
	from, to := out, in
	if c.Pair == InIn || c.Pair == InOut {
		from = in
	}
	if c.Pair == OutOut || c.Pair == InOut {
		to = out
	}
	cross := func(visit func(i, j int)) {
		for i := range from {
			for k := csr.OutStart[i]; k < csr.OutStart[i+1]; k++ {
				if j := int(csr.OutTo[k]); i != j {
					visit(i, j)
				}
			}
		}
	}
	var m int
	var sx, sy sum.Compensated
	cross(func(i, j int) {
		m++
		sx.Add(from[i])
		sy.Add(to[j])
	})
	mx, my := sx.Value()/float64(m), sy.Value()/float64(m)
	var xx, yy, xy sum.Compensated
	flat := [2]bool{true, true} // all equal: the variance must not be a rounding error
	first := [2]float64{math.NaN(), math.NaN()}
	cross(func(i, j int) {
		if math.IsNaN(first[0]) {
			first = [2]float64{from[i], to[j]}
		}
		flat[0] = flat[0] && from[i] == first[0]
		flat[1] = flat[1] && to[j] == first[1]
		dx, dy := from[i]/mx-1, to[j]/my-1
		xx.Add(dx * dx)
		yy.Add(dy * dy)
		xy.Add(dx * dy)
	})
	if m == 0 || flat[0] || flat[1] {
		return math.NaN(), nil
	}
	r := xy.Value() / math.Sqrt(xx.Value()) / math.Sqrt(yy.Value())
	return max(-1, min(1, r)), nil
}

// endValues returns the number or the weight of the edges of each row but for
// loops. It stops when ctx is done; look at ctx afterwards.
func endValues(ctx context.Context, start []int64, node []int32, weight []float64, strength bool) []float64 {
	v := make([]float64, max(len(start)-1, 0))
	for i := range v {
		if stopped(ctx, i) {
			break
		}
		row := node[start[i]:start[i+1]]
		if !strength {
			_, loop := slices.BinarySearch(row, int32(i))
			v[i] = float64(len(row) - indicator(loop))
			continue
		}
		var s sum.Compensated
		for k, j := range row {
			if int(j) != i {
				s.Add(weight[start[i]+int64(k)])
			}
		}
		v[i] = s.Value()
	}
	return v
}
