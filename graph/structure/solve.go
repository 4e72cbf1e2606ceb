// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"math"
)

// conjugateGradients solves A x = b for a symmetric matrix without negative
// eigenvalues, given as its product with a vector and its diagonal; entries with
// diagonal 0 are left out. It stops when the residual, scaled by the diagonal,
// is the share exact of that of b, or after some iterations, and returns the
// share reached.
func conjugateGradients(ctx context.Context, product func([]float64) []float64, diag, b []float64, exact float64, most int) ([]float64, float64, error) {
	n := len(b)
	x := make([]float64, n)
	r := make([]float64, n)
	p := make([]float64, n)
	scaled := func() float64 {
		var s float64
		for i, d := range diag {
			if d > 0 {
				s += r[i] * r[i] / d
			}
		}
		return s
	}
	for i, d := range diag {
		if d > 0 {
			r[i] = b[i]
			p[i] = b[i] / d
		}
	}
	rho := scaled()
	start := rho
	for range most {
		if !(rho > exact*exact*start) {
			break
		}
		q := product(p)
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		var curve float64
		for i := range q {
			curve += p[i] * q[i]
		}
		if !(curve > 0) {
			break
		}
		alpha := rho / curve
		for i := range x {
			x[i] += alpha * p[i]
			if diag[i] > 0 {
				r[i] -= alpha * q[i]
			}
		}
		before := rho
		rho = scaled()
		for i, d := range diag {
			if d > 0 {
				p[i] = r[i]/d + rho/before*p[i]
			}
		}
	}
	if start == 0 {
		return x, 0, nil
	}
	return x, math.Sqrt(rho / start), nil
}

// eliminate solves, in place, the equations
//
//	(leak_i + Σ_j c_ij) x_i - Σ_j c_ij x_j = b_i
//
// for c and leak that are not negative, such that from every i some leak can be
// reached. No step subtracts, so that the solution is as exact as the data for
// weights of any size (Grassmann, Taksar and Heyman 1985,
// doi:10.1287/opre.33.5.1107). Time O(n³).
func eliminate(ctx context.Context, c [][]float64, leak, b []float64) ([]float64, error) {
	n := len(b)
	diag := make([]float64, n)
	for k := n - 1; k >= 0; k-- {
		if k%16 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		row := c[k][:k]
		d := leak[k]
		for _, w := range row {
			d += w
		}
		diag[k] = d
		for i := range k {
			w := c[i][k]
			if w == 0 {
				continue
			}
			f := w / d
			b[i] += f * b[k]
			leak[i] += f * leak[k]
			to := c[i][:k]
			for j, v := range row {
				to[j] += f * v
			}
			to[i] = 0
		}
	}
	x := make([]float64, n)
	for k := range x {
		s := b[k]
		for j, w := range c[k][:k] {
			s += w * x[j]
		}
		x[k] = s / diag[k]
	}
	return x, nil
}
