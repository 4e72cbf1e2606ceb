// SPDX-License-Identifier: Apache-2.0

package structure

import "math"

// gridStep is the distance of grid points, on a scale of logarithms. Second
// derivatives between them are right to about a hundredth.
const gridStep = 0.1

// grid places the values of one side of a [countModel] on points of equal
// distance on a scale of logarithms: value i is at + share of the way from point
// at to the next.
type grid struct {
	point []float64 // values at the points
	at    []int32
	share []float64
}

func newGrid(value []float64) grid {
	low, high := math.Inf(1), math.Inf(-1)
	for _, v := range value {
		low, high = min(low, v), max(high, v)
	}
	low, high = math.Log(low), math.Log(high)
	g := grid{at: make([]int32, len(value)), share: make([]float64, len(value))}
	for i := range int((high-low)/gridStep) + 2 {
		g.point = append(g.point, math.Exp(low+float64(i)*gridStep))
	}
	for i, v := range value {
		x := max(0, (math.Log(v)-low)/gridStep)
		at := min(int(x), len(g.point)-2)
		g.at[i], g.share[i] = int32(at), min(1, x-float64(at))
	}
	return g
}

// spread divides x_i, for each value i, between the points beside it.
func (g grid) spread(x func(i int) float64) []float64 {
	y := make([]float64, len(g.point))
	for i, at := range g.at {
		v := x(i)
		y[at] += (1 - g.share[i]) * v
		y[at+1] += g.share[i] * v
	}
	return y
}

// between returns y at value i.
func (g grid) between(y []float64, i int) float64 {
	at := g.at[i]
	return (1-g.share[i])*y[at] + g.share[i]*y[at+1]
}

// interpolated is like [countModel.second] with the second derivatives of two
// classes interpolated between those at the points of a grid, which makes the
// product with a vector as quick as there are few points.
func (m *countModel) interpolated() ([]float64, func([]float64) []float64) {
	n := len(m.size)
	from, to := newGrid(m.from.value), newGrid(m.to.value)
	table := make([][]float64, len(from.point))
	for i, a := range from.point {
		table[i] = make([]float64, len(to.point))
		for j, b := range to.point {
			table[i][j] = curvature(1 / (a + (1+a)*b))
		}
	}
	// apply returns what the table makes of a value for each receiver, and of
	// one for each sender.
	apply := func(x, y func(at int) float64) (sent, received []float64) {
		tx, ty := to.spread(x), from.spread(y)
		sent, received = make([]float64, len(from.point)), make([]float64, len(to.point))
		for i, row := range table {
			var s float64
			v := ty[i]
			for j, h := range row {
				s += h * tx[j]
				received[j] += h * v
			}
			sent[i] = s
		}
		return sent, received
	}
	own := make([]float64, len(m.from.class)) // that of a class with itself
	for i := range own {
		if j := m.from.own[i]; j >= 0 {
			at := from.at[i]
			own[i] = (1-from.share[i])*to.between(table[at], int(j)) + from.share[i]*to.between(table[at+1], int(j))
		}
	}
	diag := make([]float64, len(m.param))
	sent, received := apply(func(at int) float64 { return m.to.size[at] }, func(at int) float64 { return m.from.size[at] })
	for i, k := range m.from.class {
		diag[k] = m.from.size[i] * max(0, from.between(sent, i)-own[i])
	}
	for j, l := range m.to.class {
		h := to.between(received, j)
		if i := m.to.own[j]; i >= 0 {
			h = max(0, h-own[i])
		}
		diag[n+int(l)] = m.to.size[j] * h
	}
	var hub []float64 // in the order of withHub
	m.withHub(func(k, l int, p float64) {
		h := p * curvature(1/math.Expm1(m.param[k]+m.param[l]))
		hub = append(hub, h)
		diag[k] += h
		diag[l] += h
	})
	return diag, func(x []float64) []float64 {
		y := make([]float64, len(x))
		sent, received := apply(
			func(at int) float64 { return m.to.size[at] * x[n+int(m.to.class[at])] },
			func(at int) float64 { return m.from.size[at] * x[m.from.class[at]] })
		for i, k := range m.from.class {
			y[k] = m.from.size[i] * from.between(sent, i)
		}
		for j, l := range m.to.class {
			y[n+int(l)] = m.to.size[j] * to.between(received, j)
		}
		for i, k := range m.from.class {
			if m.from.own[i] >= 0 {
				h := m.from.size[i] * own[i]
				y[k] -= h * x[n+int(k)]
				y[n+int(k)] -= h * x[k]
			}
		}
		at := 0
		m.withHub(func(k, l int, _ float64) {
			y[k] += hub[at] * x[l]
			y[l] += hub[at] * x[k]
			at++
		})
		for i, d := range diag {
			y[i] += d * x[i]
		}
		return y
	}
}
