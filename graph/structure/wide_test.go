// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

// drawWide is a graph of at most six nodes with weights from about 1e-12 to
// 1e12, loops among them.
func drawWide(t *rapid.T) *graph.Digraph {
	n := rapid.IntRange(2, 6).Draw(t, "nodes")
	f := make([][]float64, n)
	for i := range f {
		f[i] = make([]float64, n)
		for j := range f[i] {
			if rapid.Bool().Draw(t, "edge") {
				f[i][j] = math.Ldexp(1+float64(rapid.IntRange(0, 7).Draw(t, "digits"))/8, rapid.IntRange(-40, 40).Draw(t, "size"))
			}
		}
	}
	return graphtest.FromMatrix(f)
}

func rational(f [][]float64) [][]*big.Rat {
	r := make([][]*big.Rat, len(f))
	for i := range f {
		r[i] = make([]*big.Rat, len(f))
		for j, w := range f[i] {
			r[i][j] = new(big.Rat).SetFloat64(w)
		}
	}
	return r
}

// exactTrophic solves the equations of a graph that hangs together, with its
// first node at 0, in rational arithmetic. It returns nil if the graph does not
// hang together.
func exactTrophic(f [][]*big.Rat) []float64 {
	n := len(f) - 1
	m := make([][]*big.Rat, n) // row i-1: the equation of node i, the right side last
	for i := range m {
		m[i] = make([]*big.Rat, n+1)
		for j := range m[i] {
			m[i][j] = new(big.Rat)
		}
		for j := range f {
			tie := new(big.Rat).Add(f[i+1][j], f[j][i+1])
			m[i][i].Add(m[i][i], tie)
			m[i][n].Add(m[i][n], new(big.Rat).Sub(f[j][i+1], f[i+1][j]))
			if j > 0 {
				m[i][j-1].Sub(m[i][j-1], tie)
			}
		}
	}
	for c := range n {
		pivot := c
		for pivot < n && m[pivot][c].Sign() == 0 {
			pivot++
		}
		if pivot == n {
			return nil
		}
		m[c], m[pivot] = m[pivot], m[c]
		for r := range n {
			if r == c || m[r][c].Sign() == 0 {
				continue
			}
			by := new(big.Rat).Quo(m[r][c], m[c][c])
			for k := c; k <= n; k++ {
				m[r][k].Sub(m[r][k], new(big.Rat).Mul(by, m[c][k]))
			}
		}
	}
	x := make([]*big.Rat, n+1)
	x[0] = new(big.Rat)
	low := x[0]
	for i := range n {
		x[i+1] = new(big.Rat).Quo(m[i][n], m[i][i])
		if x[i+1].Cmp(low) < 0 {
			low = x[i+1]
		}
	}
	level := make([]float64, n+1)
	for i := range x {
		level[i], _ = new(big.Rat).Sub(x[i], low).Float64()
	}
	return level
}

// A light edge decides how high a group of nodes is that heavy edges hold
// together, and is not lost beside them.
func TestTrophicOfWideWeights(t *testing.T) {
	g := graphtest.FromMatrix([][]float64{{0, 1e-12, 0}, {6e-4, 0, 1e12}, {5e-10, 1.6e-3, 0}})
	got, err := structure.TrophicLevels(t.Context(), g)
	require.NoError(t, err)
	assert.InDeltaSlice(t, exactTrophic(rational(cross(g))), got.Level.Slice(), rounding)
	assert.InDelta(t, 1, got.Level.Slice()[0], 1e-5, "nearly all that node A has comes from B, at level 0")

	rapid.Check(t, func(t *rapid.T) {
		g := drawWide(t)
		want := exactTrophic(rational(cross(g)))
		if want == nil {
			return
		}
		got, err := structure.TrophicLevels(canceledNever, g)
		require.NoError(t, err)
		nearAll(t, want, got.Level.Slice(), rounding)
	})

	// The smallest and the largest weights there are.
	const least = math.SmallestNonzeroFloat64
	g = graphtest.FromMatrix([][]float64{{0, least, 0}, {0, 0, graph.MaxWeight}, {least, graph.MaxWeight, 0}})
	got, err = structure.TrophicLevels(t.Context(), g)
	require.NoError(t, err)
	assert.InDeltaSlice(t, []float64{0, 0, 0}, got.Level.Slice(), rounding)
}

// exactAssortativity is Newman's coefficient in rational arithmetic, NaN if all
// weight is of one type.
func exactAssortativity(f [][]*big.Rat, types []int, k int) float64 {
	total := new(big.Rat)
	e := make([][]*big.Rat, k)
	out, in := make([]*big.Rat, k), make([]*big.Rat, k)
	for a := range e {
		out[a], in[a] = new(big.Rat), new(big.Rat)
		for range k {
			e[a] = append(e[a], new(big.Rat))
		}
	}
	for i, row := range f {
		for j, w := range row {
			total.Add(total, w)
			e[types[i]][types[j]].Add(e[types[i]][types[j]], w)
			out[types[i]].Add(out[types[i]], w)
			in[types[j]].Add(in[types[j]], w)
		}
	}
	if total.Sign() == 0 {
		return math.NaN()
	}
	same, chance := new(big.Rat), new(big.Rat)
	for a := range e {
		same.Add(same, new(big.Rat).Quo(e[a][a], total))
		chance.Add(chance, new(big.Rat).Quo(new(big.Rat).Mul(out[a], in[a]), new(big.Rat).Mul(total, total)))
	}
	rest := new(big.Rat).Sub(big.NewRat(1, 1), chance)
	if rest.Sign() == 0 {
		return math.NaN()
	}
	r, _ := new(big.Rat).Quo(same.Sub(same, chance), rest).Float64()
	return r
}

// What one heavy loop leaves to others still has its sign and its digits.
func TestAssortativityOfWideWeights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawWide(t)
		types := rapid.SliceOfN(rapid.IntRange(0, 2), g.Len(), g.Len()).Draw(t, "types")
		got := structure.Mixing(g, graph.NewValues(g, types), structure.MixingConfig{Loops: true}).Assortativity()
		want := exactAssortativity(rational(graphtest.Matrix(g)), types, 3)
		near(t, want, got, rounding)
		require.False(t, math.Abs(got) > 1, got)
	})
}

// Loops beside which all else is nothing are not seen by what leaves loops out.
func TestHugeLoops(t *testing.T) {
	edges := []graphtest.Edge{
		{From: "a", To: "b", Weight: 3}, {From: "b", To: "c", Weight: 1}, {From: "c", To: "a", Weight: 2}, {From: "b", To: "a", Weight: 5}, {From: "c", To: "d", Weight: 4},
	}
	plain := graphtest.Build(edges)
	looped := graphtest.Build(append(edges, graphtest.Edge{From: "a", To: "a", Weight: 1e280}, graphtest.Edge{From: "c", To: "c", Weight: 1e280}))
	for name, l := range laws {
		if l.loops {
			continue
		}
		want, err := l.of(canceledNever, plain)
		require.NoError(t, err, name)
		got, err := l.of(canceledNever, looped)
		require.NoError(t, err, name)
		for key, x := range want {
			near(t, x, got[key], rounding, name, key)
		}
	}
}

// The unit of the weights does not matter, however small or large it makes them.
func TestExtremeUnits(t *testing.T) {
	g := graphtest.Example()
	for name, l := range laws {
		if math.IsNaN(l.scale) {
			continue
		}
		want, err := l.of(canceledNever, g)
		require.NoError(t, err, name)
		for _, e := range []int{-900, 900} {
			got, err := l.of(canceledNever, scale(t, g, math.Ldexp(1, e)))
			require.NoError(t, err, name)
			back := math.Exp2(-float64(e) * l.scale)
			for key, x := range want {
				near(t, x, got[key]*back, rounding, name, key)
			}
		}
	}
}
