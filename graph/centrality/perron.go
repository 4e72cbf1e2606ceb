// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/oncoref/oncoref/graph/internal/team"
)

// perronDense is the number of rows up to which a matrix is solved as a dense
// one.
const perronDense = 128

// krylovSize is the number of directions kept for one approximation.
const krylovSize = 32

var usualPerron = limits{tolerance: 1e-13, iterations: 10000}

// A perron finds the largest eigenvalue of an irreducible matrix without
// negative entries, which is simple, and its eigenvector, which has no entry
// that is 0. The matrix has a row for each node of a list.
type perron struct {
	measure string
	limit   limits
	// apply writes the matrix times x for the nodes listed. Only their
	// entries in y and x count.
	apply func(y, x []float64)
	// entries calls put for the entries of row i.
	entries   func(i int32, put func(j int32, w float64))
	symmetric bool
	team      *team.Team
	x, y      []float64 // space for apply
}

// solve returns the eigenvalue and the entries of the eigenvector at the nodes
// listed, which have sum 1.
func (p *perron) solve(ctx context.Context, list []int32) (float64, []float64, error) {
	if len(list) <= perronDense {
		return p.dense(ctx, list)
	}
	x := make([]float64, len(list))
	for i := range x {
		x[i] = 1 / float64(len(x))
	}
	k := newKrylov(p, list)
	residual := math.Inf(1)
	for done := 0; done < p.limit.iterations; done += krylovSize {
		var value float64
		var err error
		value, residual, err = k.improve(ctx, x)
		if err != nil {
			return 0, nil, err
		}
		if residual <= p.limit.tolerance {
			k.polish(x, value)
			return value, x, ctx.Err()
		}
	}
	return 0, nil, &ConvergenceError{p.measure, p.limit.iterations, residual, p.limit.tolerance}
}

// dense solves by Noda's iteration, in which the eigenvalue comes down from
// above, at first to about half with each step if weights are far apart, and then
// with twice as many right digits.
//
// Reference: Noda 1971, doi:10.1007/BF01436384.
func (p *perron) dense(ctx context.Context, list []int32) (float64, []float64, error) {
	n := len(list)
	place := make(map[int32]int, n)
	for a, i := range list {
		place[i] = a
	}
	m := make([][]float64, n)
	for a, i := range list {
		m[a] = make([]float64, n)
		p.entries(i, func(j int32, w float64) {
			if b, ok := place[j]; ok {
				m[a][b] += w
			}
		})
	}
	v := make([]float64, n)
	for a := range v {
		v[a] = 1 / float64(n)
	}
	const (
		most   = 2200  // steps; float64 has that many powers of two
		still  = 40    // steps after the last in which the bound from above fell, for small entries to settle
		margin = 1e-14 // by which the shift stays above the eigenvalue, for rounding
		enough = 1e-12 // residual, as a share of the eigenvalue
	)
	value, residual := 0.0, math.Inf(1)
	bound := math.Inf(1)
	image := make([]float64, n)
	steps, fell := 0, 0
	for ; steps < most && steps-fell <= still; steps++ {
		if err := ctx.Err(); err != nil {
			return 0, nil, err
		}
		lo, hi := math.Inf(1), 0.0
		value, residual = 0, 0
		for a := range m {
			s := 0.0
			for b, w := range m[a] {
				s += w * v[b]
			}
			lo, hi = min(lo, s/v[a]), max(hi, s/v[a])
			image[a] = s
			value += s // the entries of v add up to 1
		}
		for a, s := range image {
			residual += math.Abs(s - value*v[a])
		}
		residual /= value
		if hi-lo <= margin*hi {
			break
		}
		if hi < bound*(1-margin) {
			bound, fell = hi, steps
		}
		y, ok := solveShifted(m, hi*(1+margin), v)
		if !ok {
			break
		}
		v = y
	}
	if !(residual <= max(enough, p.limit.tolerance)) {
		return 0, nil, &ConvergenceError{p.measure, steps, residual, p.limit.tolerance}
	}
	return value, v, nil
}

// solveShifted returns the y with (shift I - m) y = x, scaled to sum 1. The
// matrix is an M-matrix, which needs no pivots. It returns false if rounding
// has made it singular.
func solveShifted(m [][]float64, shift float64, x []float64) ([]float64, bool) {
	n := len(m)
	a := make([][]float64, n)
	y := append([]float64(nil), x...)
	for i := range a {
		a[i] = make([]float64, n)
		for j, w := range m[i] {
			a[i][j] = -w
		}
		a[i][i] += shift
	}
	for k := range n {
		if !(a[k][k] > 0) {
			return nil, false
		}
		for i := k + 1; i < n; i++ {
			if f := a[i][k] / a[k][k]; f != 0 {
				for j := k; j < n; j++ {
					a[i][j] -= f * a[k][j]
				}
				y[i] -= f * y[k]
			}
		}
	}
	total := 0.0
	for i := n - 1; i >= 0; i-- {
		for j := i + 1; j < n; j++ {
			y[i] -= a[i][j] * y[j]
		}
		y[i] /= a[i][i]
		total += y[i]
	}
	if !(total > 0) || math.IsInf(total, 1) {
		return nil, false
	}
	for i := range y {
		y[i] /= total
		if !(y[i] > 0) {
			return nil, false
		}
	}
	return y, true
}

// krylov approximates the eigenvector in the space of x, Mx, M²x, ...: after
// Lanczos for a symmetric matrix, else after Arnoldi. Its vectors have an
// entry for each node of the list.
type krylov struct {
	*perron
	list  []int32
	basis [][]float64
	next  []float64
}

func newKrylov(p *perron, list []int32) *krylov {
	return &krylov{perron: p, list: list, next: make([]float64, len(list))}
}

// direction returns the space for direction j, which few matrices need to the
// last.
func (k *krylov) direction(j int) []float64 {
	if j == len(k.basis) {
		k.basis = append(k.basis, make([]float64, len(k.list)))
	}
	return k.basis[j]
}

// share divides the list into parts that do not depend on the team.
func (k *krylov) share(f func(part, lo, hi int)) {
	n := len(k.list)
	k.team.Each(phaseChunks, func(part int) { f(part, n*part/phaseChunks, n*(part+1)/phaseChunks) })
}

// times writes the matrix times x into next.
func (k *krylov) times(x []float64) {
	k.share(func(_, lo, hi int) {
		for a := lo; a < hi; a++ {
			k.x[k.list[a]] = x[a]
		}
	})
	k.apply(k.y, k.x)
	k.share(func(_, lo, hi int) {
		for a := lo; a < hi; a++ {
			k.next[a] = k.y[k.list[a]]
		}
	})
}

// inner returns the inner product, in a fixed order.
func (k *krylov) inner(a, b []float64) float64 {
	parts := make([]float64, phaseChunks)
	k.share(func(part, lo, hi int) {
		var s, t float64
		x, y := a[lo:hi], b[lo:hi]
		y = y[:len(x)]
		i := 0
		for ; i+1 < len(x); i += 2 {
			s += x[i] * y[i]
			t += x[i+1] * y[i+1]
		}
		if i < len(x) {
			s += x[i] * y[i]
		}
		parts[part] = s + t
	})
	s := 0.0
	for _, x := range parts {
		s += x
	}
	return s
}

// plus adds f times b to a.
func (k *krylov) plus(a []float64, f float64, b []float64) {
	k.share(func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			a[i] += f * b[i]
		}
	})
}

func (k *krylov) scaled(to []float64, f float64, x []float64) {
	k.share(func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			to[i] = f * x[i]
		}
	})
}

// improve makes x better. It returns the eigenvalue, and the norm of the
// residual as a share of it.
func (k *krylov) improve(ctx context.Context, x []float64) (float64, float64, error) {
	k.scaled(k.direction(0), 1/math.Sqrt(k.inner(x, x)), x)
	h := mat.NewDense(krylovSize, krylovSize, nil)
	size, rest := krylovSize, 0.0
	for j := range krylovSize {
		if err := ctx.Err(); err != nil {
			return 0, 0, err
		}
		k.times(k.basis[j])
		before := math.Sqrt(k.inner(k.next, k.next))
		lo := 0
		if k.symmetric {
			lo = max(0, j-1)
		}
		for i := lo; i <= j; i++ {
			c := k.inner(k.basis[i], k.next)
			h.Set(i, j, c)
			k.plus(k.next, -c, k.basis[i])
		}
		rest = math.Sqrt(k.inner(k.next, k.next))
		stop := rest <= 1e-15*before || j == krylovSize-1
		if !stop && j >= 7 && j%3 == 1 {
			value, small := largest(h.Slice(0, j+1, 0, j+1), k.symmetric)
			stop = rest*math.Abs(small[j]) <= k.limit.tolerance*value
		}
		if stop {
			size = j + 1
			break
		}
		h.Set(j+1, j, rest)
		k.scaled(k.direction(j+1), 1/rest, k.next)
	}
	value, small := largest(h.Slice(0, size, 0, size), k.symmetric)
	k.scaled(x, small[0], k.basis[0])
	for i := 1; i < size; i++ {
		k.plus(x, small[i], k.basis[i])
	}
	// The true vector has no negative entry.
	for i := range x {
		x[i] = math.Abs(x[i])
	}
	return value, rest * math.Abs(small[size-1]) / value, nil
}

// largest returns the eigenvalue with the largest real part, which is real, and
// its eigenvector.
func largest(h mat.Matrix, symmetric bool) (float64, []float64) {
	n, _ := h.Dims()
	v := make([]float64, n)
	if symmetric {
		s := mat.NewSymDense(n, nil)
		for i := range n {
			for j := i; j < min(n, i+2); j++ {
				s.SetSym(i, j, h.At(i, j))
			}
		}
		var e mat.EigenSym
		e.Factorize(s, true)
		var vectors mat.Dense
		e.VectorsTo(&vectors)
		mat.Col(v, n-1, &vectors)
		return e.Values(nil)[n-1], v
	}
	var e mat.Eigen
	e.Factorize(h, mat.EigenRight)
	best := 0
	values := e.Values(nil)
	for i, x := range values {
		if real(x) > real(values[best]) {
			best = i
		}
	}
	var vectors mat.CDense
	e.VectorsTo(&vectors)
	for i := range v {
		v[i] = real(vectors.At(i, best))
	}
	return real(values[best]), v
}

// polish does two steps of the power method, which has no cancellation and
// so gives small entries as many right digits as large ones. The matrix is
// shifted against cycles.
func (k *krylov) polish(x []float64, value float64) {
	shift := value
	if k.symmetric {
		shift = 0 // no eigenvalue is negative
	}
	for range 2 {
		k.times(x)
		var total float64
		for i := range x {
			k.next[i] += shift * x[i]
			total += k.next[i]
		}
		k.scaled(x, 1/total, k.next)
	}
}
