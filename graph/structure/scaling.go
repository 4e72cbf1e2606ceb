// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// scaling finds the factors a and b for which the weights a_i w_ij b_j have the
// sums row and col.
type scaling struct {
	csr      graph.CSR
	row, col []float64
	a, b     []float64
}

const (
	plainSweeps  = 50   // before the first jump
	roundSweeps  = 3    // from one jump to the next
	farthestJump = 4    // of the logarithm of a factor
	surelyBetter = 1e-3 // a shorter jump needs no proof: there the distance is a parabola, and rounding hides it
	jumpExact    = 1e-6 // share of the error that the linear equations of a jump leave
	jumpMost     = 500  // iterations for these equations
)

func newScaling(g *graph.Digraph, row, col []float64) *scaling {
	k := &scaling{csr: g.CSR(), row: row, col: col, a: make([]float64, len(row)), b: make([]float64, len(col))}
	for j, s := range col {
		if s > 0 {
			k.b[j] = 1
		}
	}
	return k
}

// sumOver is the sum of what is on the edges of one node on one side, without
// the factor of the node itself.
func sumOver(start []int64, node []int32, weight, factor []float64, i int) float64 {
	var s sum.Compensated
	for k := start[i]; k < start[i+1]; k++ {
		if f := factor[node[k]]; f > 0 {
			s.Add(weight[k] * f)
		}
	}
	return s.Value()
}

// scaleRows makes all rows right and returns the largest error that they had, as
// a share of them.
func (k *scaling) scaleRows(ctx context.Context) (float64, error) {
	var worst float64
	for i, s := range k.row {
		if stopped(ctx, i) {
			return 0, ctx.Err()
		}
		if s > 0 {
			got := sumOver(k.csr.OutStart, k.csr.OutTo, k.csr.OutWeight, k.b, i)
			worst = max(worst, math.Abs(k.a[i]*got-s)/s)
			k.a[i] = s / got
		}
	}
	return worst, nil
}

func (k *scaling) scaleColumns(ctx context.Context) error {
	for j, s := range k.col {
		if stopped(ctx, j) {
			return ctx.Err()
		}
		if s > 0 {
			k.b[j] = s / sumOver(k.csr.InStart, k.csr.InFrom, k.csr.InWeight, k.a, j)
		}
	}
	return nil
}

// jump takes a step of Newton's method for the logarithms of all factors of
// columns at once, while rows stay right: it solves
//
//	t_j x_j - Σ_i w_ij Σ_l w_il x_l / row_i = col_j - t_j    with t_j = Σ_i w_ij
//
// and multiplies b_j by exp(t x_j), with t so small that the distance falls.
func (k *scaling) jump(ctx context.Context) error {
	have, lack := make([]float64, len(k.b)), make([]float64, len(k.b))
	for j, s := range k.col {
		if s > 0 {
			have[j] = k.b[j] * sumOver(k.csr.InStart, k.csr.InFrom, k.csr.InWeight, k.a, j)
			lack[j] = s - have[j]
		}
	}
	mean, out := make([]float64, len(k.a)), make([]float64, len(k.b))
	product := func(x []float64) []float64 {
		for i, s := range k.row {
			mean[i] = 0
			if s > 0 {
				for e := k.csr.OutStart[i]; e < k.csr.OutStart[i+1]; e++ {
					j := k.csr.OutTo[e]
					mean[i] += k.csr.OutWeight[e] * k.b[j] * x[j]
				}
				mean[i] *= k.a[i] / s
			}
		}
		for j := range k.b {
			out[j] = 0
			if k.b[j] > 0 {
				for e := k.csr.InStart[j]; e < k.csr.InStart[j+1]; e++ {
					i := k.csr.InFrom[e]
					out[j] += k.csr.InWeight[e] * k.a[i] * mean[i]
				}
				out[j] = have[j]*x[j] - k.b[j]*out[j]
			}
		}
		return out
	}
	x, _, err := conjugateGradients(ctx, product, have, lack, jumpExact, jumpMost)
	if err != nil {
		return err
	}
	var far float64
	for _, v := range x {
		far = max(far, math.Abs(v))
	}
	if !(far > 0) || math.IsInf(far, 0) {
		return nil
	}
	before, distance := slices.Clone(k.b), k.distance()
	for t := min(1, farthestJump/far); ; t /= 2 {
		for j := range k.b {
			k.b[j] = before[j] * math.Exp(t*x[j])
		}
		if t*far < surelyBetter || k.distance() < distance {
			return ctx.Err()
		}
	}
}

// distance is what is smallest where the factors of the columns are right and
// those of the rows follow them:
//
//	Σ_i row_i log(Σ_j w_ij b_j) - Σ_j col_j log(b_j)
func (k *scaling) distance() float64 {
	var d sum.Compensated
	for i, s := range k.row {
		if s > 0 {
			d.Add(s * math.Log(sumOver(k.csr.OutStart, k.csr.OutTo, k.csr.OutWeight, k.b, i)))
		}
	}
	for j, s := range k.col {
		if s > 0 {
			d.Add(-s * math.Log(k.b[j]))
		}
	}
	return d.Value()
}
