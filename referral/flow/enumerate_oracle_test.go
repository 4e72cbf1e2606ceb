// SPDX-License-Identifier: Apache-2.0

package flow_test

import (
	"math"
	"slices"
)

// The oracle takes a complete square table as a matrix and computes each measure
// by its formula; NaN is undefined. It shares no code with the package.
type matrix [][]float64

func (f matrix) row(i int) float64 {
	s := 0.0
	for _, v := range f[i] {
		s += v
	}
	return s
}

func (f matrix) col(j int) float64 {
	s := 0.0
	for i := range f {
		s += f[i][j]
	}
	return s
}

func (f matrix) total() float64 {
	s := 0.0
	for i := range f {
		s += f.row(i)
	}
	return s
}

func (f matrix) kept() float64 {
	s := 0.0
	for i := range f {
		s += f[i][i]
	}
	return s
}

func over(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}

func each(n int, f func(i int) float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = f(i)
	}
	return out
}

func (f matrix) cols() []float64 { return each(len(f), f.col) }

func (f matrix) inflows() []float64 {
	return each(len(f), func(j int) float64 { return f.col(j) - f[j][j] })
}

func (f matrix) column(j int) []float64 {
	return each(len(f), func(i int) float64 { return f[i][j] })
}

func without(x []float64, i int) []float64 { return slices.Delete(slices.Clone(x), i, i+1) }

func sumOf(x []float64) float64 {
	s := 0.0
	for _, v := range x {
		s += v
	}
	return s
}

func hhi(x []float64) float64 {
	q, s := 0.0, sumOf(x)
	for _, v := range x {
		q += v * v
	}
	return over(q, s*s)
}

func unbiased(x []float64) float64 {
	q, s := 0.0, sumOf(x)
	for _, v := range x {
		q += v * (v - 1)
	}
	return over(q, s*(s-1))
}

func entropy(x []float64) float64 {
	h, s := 0.0, sumOf(x)
	if s == 0 {
		return math.NaN()
	}
	for _, v := range x {
		if v > 0 {
			h -= v / s * math.Log(v/s)
		}
	}
	return h
}

func topShare(x []float64, k int) float64 {
	x = slices.Sorted(slices.Values(x))
	return over(sumOf(x[len(x)-k:]), sumOf(x))
}

// giniOf is the mean difference over twice the mean.
func giniOf(x []float64) float64 {
	d := 0.0
	for _, a := range x {
		for _, b := range x {
			d += math.Abs(a - b)
		}
	}
	return over(d, 2*float64(len(x))*sumOf(x))
}

func hooverOf(x []float64) float64 {
	d, s := 0.0, sumOf(x)
	if s == 0 {
		return math.NaN()
	}
	for _, v := range x {
		d += math.Abs(v/s - 1/float64(len(x)))
	}
	return d / 2
}

func (f matrix) reciprocity() float64 {
	a, w := 0.0, f.total()-f.kept()
	for i := range f {
		for j := range f {
			if i != j {
				a += min(f[i][j], f[j][i])
			}
		}
	}
	return over(a, w)
}

func (f matrix) arcs() float64 {
	a, m := 0.0, 0.0
	for i := range f {
		for j := range f {
			if i != j && f[i][j] > 0 {
				m++
				if f[j][i] > 0 {
					a++
				}
			}
		}
	}
	return over(a, m)
}

func (f matrix) effectiveness() float64 {
	a := 0.0
	for i := range f {
		a += math.Abs(f.col(i) - f.row(i))
	}
	return 50 * over(a, f.total()-f.kept())
}

// far is a made-up distance.
func far(i, j int) float64 {
	if i == j {
		return 0
	}
	return float64(1 + (3*i+5*j+i*j)%7)
}

func (f matrix) km() float64 {
	a := 0.0
	for i := range f {
		for j, v := range f[i] {
			a += v * far(i, j)
		}
	}
	return a
}

func (f matrix) quantile(q float64) float64 {
	type at struct{ d, w float64 }
	var all []at
	for i := range f {
		for j, v := range f[i] {
			all = append(all, at{far(i, j), v})
		}
	}
	slices.SortFunc(all, func(a, b at) int { return int(a.d - b.d) })
	s, t := 0.0, f.total()
	for i, a := range all {
		s += a.w
		if t > 0 && s >= q*t && (i+1 == len(all) || all[i+1].d > a.d) {
			return a.d
		}
	}
	return math.NaN()
}
