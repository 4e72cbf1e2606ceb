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

// climbs solves, in place, the equations
//
//	Σ_j w_ij (x_i - x_j) = Σ_j f_ij
//
// with x_0 = 0, for weights w_ij = w_ji that are not negative and hang together,
// and flows f_ij = -f_ji no larger than them; both are given for j < i. Taking
// off node k joins its neighbors i and j by
//
//	w_ik w_kj / d    with the flow (f_ik w_kj - f_jk w_ik) / d,    d = Σ_j w_kj
//
// so that a flow stays a mean climb along its edge times the weight. The sums
// Σ_j f_ij, in which a heavy edge would hide what a light one says, are never
// taken. Time O(n³).
func climbs(ctx context.Context, w, f [][]float64) ([]float64, error) {
	const tiny = 0x1p-1000 // shares below this lose digits
	x := make([]float64, len(w))
	for k := len(w) - 1; k > 0; k-- {
		if k%16 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		weight, flow := w[k], f[k]
		d := 0.0
		for _, v := range weight {
			d += v
		}
		for i, v := range weight {
			if v == 0 {
				continue
			}
			toW, toF := w[i], f[i]
			share, climb := v/d, flow[i]/d
			if share > tiny {
				for j := range toW {
					toW[j] += share * weight[j]
					toF[j] += share*flow[j] - climb*weight[j]
				}
				continue
			}
			for j := range toW {
				back := weight[j] / d
				toW[j] += v * back
				toF[j] += v*(flow[j]/d) - flow[i]*back
			}
		}
		for j := range weight {
			weight[j] /= d
			flow[j] /= d
		}
	}
	for k := range x {
		for j, share := range w[k] {
			x[k] += share*x[j] + f[k][j]
		}
	}
	return x, nil
}
