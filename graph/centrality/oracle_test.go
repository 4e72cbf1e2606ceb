// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"math"
	"math/big"

	"github.com/oncoref/oncoref/graph/centrality"
)

// The naive versions work on dense matrices and share no code with the
// measures.

// matrix returns f without its diagonal.
func offDiagonal(f [][]float64) [][]float64 {
	x := make([][]float64, len(f))
	for i := range f {
		x[i] = append([]float64(nil), f[i]...)
		x[i][i] = 0
	}
	return x
}

// exactLengths returns the lengths as fractions, nil for no edge.
func exactLengths(f [][]float64, l centrality.Length) [][]*big.Rat {
	n := len(f)
	total, m := new(big.Rat), int64(0)
	for i := range f {
		for j, w := range f[i] {
			if i != j && w > 0 {
				total.Add(total, new(big.Rat).SetFloat64(w))
				m++
			}
		}
	}
	length := make([][]*big.Rat, n)
	for i := range f {
		length[i] = make([]*big.Rat, n)
		for j, w := range f[i] {
			if i == j || w == 0 {
				continue
			}
			x := new(big.Rat).SetFloat64(w)
			switch l {
			case centrality.Hops:
				x.SetInt64(1)
			case centrality.Inverse:
				x.Inv(x)
			case centrality.MeanOverWeight:
				x.Quo(new(big.Rat).Quo(total, big.NewRat(m, 1)), x)
			default: // Given
			}
			length[i][j] = x
		}
	}
	return length
}

// exactPaths returns distances (nil if there is no path) and numbers of
// shortest paths between all nodes, in exact arithmetic.
func exactPaths(length [][]*big.Rat) ([][]*big.Rat, [][]*big.Int) {
	n := len(length)
	d := make([][]*big.Rat, n)
	for i := range d {
		d[i] = append([]*big.Rat(nil), length[i]...)
		d[i][i] = new(big.Rat)
	}
	for k := range n {
		for i := range n {
			for j := range n {
				if d[i][k] == nil || d[k][j] == nil {
					continue
				}
				if x := new(big.Rat).Add(d[i][k], d[k][j]); d[i][j] == nil || x.Cmp(d[i][j]) < 0 {
					d[i][j] = x
				}
			}
		}
	}
	count := make([][]*big.Int, n)
	for s := range n {
		count[s] = make([]*big.Int, n)
		var paths func(t int) *big.Int
		paths = func(t int) *big.Int {
			if count[s][t] != nil {
				return count[s][t]
			}
			c := new(big.Int)
			if s == t {
				c.SetInt64(1)
			} else if d[s][t] != nil {
				for u := range n {
					if length[u][t] != nil && d[s][u] != nil && new(big.Rat).Add(d[s][u], length[u][t]).Cmp(d[s][t]) == 0 {
						c.Add(c, paths(u))
					}
				}
			}
			count[s][t] = c
			return c
		}
		for t := range n {
			paths(t)
		}
	}
	return d, count
}

// exactBetweenness returns the betweenness of nodes and of edges.
func exactBetweenness(f [][]float64, l centrality.Length) ([]float64, [][]float64) {
	n := len(f)
	length := exactLengths(f, l)
	d, count := exactPaths(length)
	nodes := make([]*big.Rat, n)
	for v := range nodes {
		nodes[v] = new(big.Rat)
	}
	edges := make([][]float64, n)
	for u := range edges {
		edges[u] = make([]float64, n)
	}
	// through adds the share of the paths from s to t that go by u and v.
	through := func(s, t, u, v int, step *big.Rat) *big.Rat {
		if d[s][t] == nil || d[s][u] == nil || d[v][t] == nil || s == t {
			return nil
		}
		x := new(big.Rat).Add(d[s][u], d[v][t])
		if x.Add(x, step); x.Cmp(d[s][t]) != 0 {
			return nil
		}
		return new(big.Rat).SetFrac(new(big.Int).Mul(count[s][u], count[v][t]), count[s][t])
	}
	for v := range n {
		for s := range n {
			for t := range n {
				if s != v && t != v {
					if x := through(s, t, v, v, new(big.Rat)); x != nil {
						nodes[v].Add(nodes[v], x)
					}
				}
			}
		}
		for u := range n {
			if length[u][v] == nil {
				continue
			}
			total := new(big.Rat)
			for s := range n {
				for t := range n {
					if x := through(s, t, u, v, length[u][v]); x != nil {
						total.Add(total, x)
					}
				}
			}
			edges[u][v], _ = total.Float64()
		}
	}
	x := make([]float64, n)
	for v := range x {
		x[v], _ = nodes[v].Float64()
	}
	return x, edges
}

// exactReach returns for each node the number of nodes that reach it (or that
// it reaches), the sum of their distances and of one over them.
func exactReach(f [][]float64, l centrality.Length, out bool) (reached, far, inverse []float64) {
	n := len(f)
	d, _ := exactPaths(exactLengths(f, l))
	reached, far, inverse = make([]float64, n), make([]float64, n), make([]float64, n)
	for v := range n {
		for u := range n {
			x := d[u][v]
			if out {
				x = d[v][u]
			}
			if u != v && x != nil {
				y, _ := x.Float64()
				reached[v]++
				far[v] += y
				inverse[v] += 1 / y
			}
		}
	}
	return reached, far, inverse
}

// solveDense returns the x with a x = b, by elimination with pivots.
func solveDense(a [][]float64, b []float64) []float64 {
	n := len(a)
	m := make([][]float64, n)
	for i := range m {
		m[i] = append(append([]float64(nil), a[i]...), b[i])
	}
	for k := range n {
		p := k
		for i := k; i < n; i++ {
			if math.Abs(m[i][k]) > math.Abs(m[p][k]) {
				p = i
			}
		}
		m[k], m[p] = m[p], m[k]
		for i := range n {
			if i != k {
				r := m[i][k] / m[k][k]
				for j := k; j <= n; j++ {
					m[i][j] -= r * m[k][j]
				}
			}
		}
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = m[i][n] / m[i][i]
	}
	return x
}

// densePageRank solves for the PageRank of the matrix f, loops included.
// Rows without weight go to the vector dangling.
func densePageRank(f [][]float64, damping float64, teleport, dangling []float64) []float64 {
	n := len(f)
	a, b := make([][]float64, n), make([]float64, n)
	for i := range a {
		a[i] = make([]float64, n)
		a[i][i] = 1
		b[i] = (1 - damping) * teleport[i]
	}
	for i := range f {
		total := 0.0
		for _, w := range f[i] {
			total += w
		}
		for j, w := range f[i] {
			if total > 0 {
				a[j][i] -= damping * w / total
			} else {
				a[j][i] -= damping * dangling[j]
			}
		}
	}
	return solveDense(a, b)
}

// powerDense returns the largest eigenvalue of a symmetric or shifted matrix
// without negative entries, and its vector with sum 1, by many squarings.
func powerDense(m [][]float64) (float64, []float64) {
	n := len(m)
	a := m
	const squarings = 60
	for range squarings {
		b := make([][]float64, n)
		top := 0.0
		for i := range b {
			b[i] = make([]float64, n)
			for j := range n {
				for k := range n {
					b[i][j] += a[i][k] * a[k][j]
				}
				top = math.Max(top, b[i][j])
			}
		}
		if top == 0 {
			return 0, make([]float64, n)
		}
		for i := range b {
			for j := range b[i] {
				b[i][j] /= top
			}
		}
		a = b
	}
	v, total := make([]float64, n), 0.0
	for i := range a {
		for j := range a[i] {
			v[i] += a[i][j]
		}
		total += v[i]
	}
	var value float64
	for i := range v {
		v[i] /= total
	}
	for i := range m {
		for j := range m {
			value += m[i][j] * v[j]
		}
	}
	return value, v
}

// naiveCore returns for each node the largest k for which it survives when
// nodes with less than k are taken away, measure giving the degree of a node
// among those alive. The candidates are the values worth trying.
func naiveCore(n int, candidates []float64, measure func(v int, alive []bool) float64) []float64 {
	core := make([]float64, n)
	for _, k := range candidates {
		alive := make([]bool, n)
		for v := range alive {
			alive[v] = true
		}
		for again := true; again; {
			again = false
			for v := range alive {
				if alive[v] && measure(v, alive) < k {
					alive[v] = false
					again = true
				}
			}
		}
		for v := range alive {
			if alive[v] {
				core[v] = math.Max(core[v], k)
			}
		}
	}
	return core
}

// product returns a times b.
func product(a, b [][]float64) [][]float64 {
	c := make([][]float64, len(a))
	for i := range a {
		c[i] = make([]float64, len(a))
		for j := range a {
			for k := range a {
				c[i][j] += a[i][k] * b[k][j]
			}
		}
	}
	return c
}

func transposed(a [][]float64) [][]float64 {
	b := make([][]float64, len(a))
	for i := range a {
		b[i] = make([]float64, len(a))
		for j := range a {
			b[i][j] = a[j][i]
		}
	}
	return b
}
