// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// ReciprocityTest compares the weighted reciprocity of a graph with what its
// strengths alone make expected.
type ReciprocityTest struct {
	Observed   float64 // r, as WeightedReciprocity gives it
	Expected   float64 // <r>, under the null model
	Rho        float64 // (r - <r>) / (1 - <r>): 0 as expected, 1 if every edge is matched, below 0 for avoidance
	Iterations int     // steps that the fit of the model took
	Residual   float64 // largest error of an expected strength, as a share of it
}

// ReciprocityNull compares the weighted reciprocity with that of the directed
// weighted configuration model, the random graph of largest entropy in which
// every node has in expectation the strengths it has:
//
//	z_ij = x_i y_j,  <w_ij> = z_ij / (1 - z_ij)
//	<r> = Σ_{i≠j} z_ij z_ji / (1 - z_ij z_ji) / Σ_{i≠j} w_ij
//
// with x and y such that the expected strengths are those of g to about 1e-11
// of each. Weights are counts in this model: scaled weights give another
// answer.
//
// Self loops do not count. A node that sends nothing has x = 0, one that
// receives nothing y = 0. If all edges share one node the strengths fix all
// expected weights, and these are taken. All values are NaN for a graph without
// edges other than loops; Rho is NaN if <r> is 1.
//
// The error wraps [ErrCounts] if a weight is not whole, is a
// [*ConvergenceError] if the fit fails, or that of ctx.
//
// Time O(k²) for each of some ten to a hundred steps of each of some ten
// iterations, memory O(n + k²), for k different pairs of in- and out-strength.
//
// Reference: Squartini, Picciolo, Ruzzenenti and Garlaschelli 2013,
// doi:10.1038/srep02729, equations 8 to 12.
func ReciprocityNull(ctx context.Context, g *graph.Digraph) (ReciprocityTest, error) {
	for e := range g.Edges() {
		if e.From != e.To && e.Weight != math.Trunc(e.Weight) {
			return ReciprocityTest{}, &graph.EdgeError{From: g.Key(e.From), To: g.Key(e.To), Weight: e.Weight,
				Err: fmt.Errorf("%w, which the null model needs", ErrCounts)}
		}
	}
	csr := g.CSR()
	if err := ctx.Err(); err != nil {
		return ReciprocityTest{}, err
	}
	out := endValues(ctx, csr.OutStart, csr.OutTo, csr.OutWeight, true)
	in := endValues(ctx, csr.InStart, csr.InFrom, csr.InWeight, true)
	if err := ctx.Err(); err != nil {
		return ReciprocityTest{}, err
	}
	total := sum.Of(out)
	t := ReciprocityTest{Observed: WeightedReciprocity(g)}
	var matched float64
	if hub := hubOf(g); hub >= 0 {
		matched = starReciprocity(out, in, hub)
	} else if total > 0 {
		m, err := newCountModel(ctx, out, in)
		if err == nil {
			err = m.fit(ctx)
		}
		if err != nil {
			return ReciprocityTest{}, err
		}
		matched, t.Iterations, t.Residual = m.matched(ctx), m.iterations, m.residual
	}
	if err := ctx.Err(); err != nil {
		return ReciprocityTest{}, err
	}
	t.Expected = matched / total
	t.Rho = (t.Observed - t.Expected) / (1 - t.Expected)
	if math.IsInf(t.Rho, 0) {
		t.Rho = math.NaN()
	}
	return t, nil
}

// hubOf returns the node that is an end of every edge between different nodes,
// the first of two; -1 if there is none. Then the strengths leave no freedom,
// and models whose weights are all above 0 have no solution.
func hubOf(g *graph.Digraph) int {
	ends := [2]int{-1, -1} // those of the first edge that are ends of all so far
	first := true
	for e := range g.Edges() {
		switch {
		case e.From == e.To:
		case first:
			first = false
			ends = [2]int{min(e.From, e.To), max(e.From, e.To)}
		default:
			for k, i := range ends {
				if i != e.From && i != e.To {
					ends[k] = -1
				}
			}
			if ends[0] < 0 && ends[1] < 0 {
				return -1
			}
		}
	}
	if ends[0] >= 0 {
		return ends[0]
	}
	return ends[1]
}

func starReciprocity(out, in []float64, hub int) float64 {
	var s sum.Compensated
	for j := range out {
		if j != hub {
			s.Add(expectedMin(math.Log1p(1/out[j]) + math.Log1p(1/in[j])))
		}
	}
	return 2 * s.Value()
}

// expectedMin is the expected smaller of two independent geometric counts whose
// parameters multiply to exp(-t).
func expectedMin(t float64) float64 { return 1 / math.Expm1(t) }

// countModel is the directed weighted configuration model with x = exp(-θ) and
// y = exp(-φ). Nodes with the same strengths have the same parameters and are
// one class.
type countModel struct {
	size       []float64 // nodes in each class
	want       []float64 // out-strengths, then in-strengths, of one node of each class
	param      []float64 // θ, then φ; +Inf for strength 0
	iterations int
	residual   float64
}

func newCountModel(ctx context.Context, out, in []float64) (*countModel, error) {
	var m countModel
	var wantIn []float64
	class := map[[2]float64]int{}
	for i := range out {
		if stopped(ctx, i) {
			return nil, ctx.Err()
		}
		key := [2]float64{out[i], in[i]}
		k, ok := class[key]
		if !ok {
			k = len(m.size)
			class[key] = k
			m.size = append(m.size, 0)
			m.want = append(m.want, out[i])
			wantIn = append(wantIn, in[i])
		}
		m.size[k]++
	}
	m.want = append(m.want, wantIn...)
	// Small enough that the strengths are of the right order.
	for _, s := range m.want {
		m.param = append(m.param, math.Log1p(float64(len(out))/s))
	}
	return &m, nil
}

// pairs returns the number of ordered pairs of different nodes of two classes.
func (m *countModel) pairs(k, l int) float64 {
	if k == l {
		return m.size[k] * (m.size[k] - 1)
	}
	return m.size[k] * m.size[l]
}

// each calls visit for every pair of classes whose nodes may have weight
// between them: sender, position of the receiver in param, number of pairs. It
// stops when ctx is done; look at ctx afterwards.
func (m *countModel) each(ctx context.Context, visit func(k, l int, pairs float64)) {
	n := len(m.size)
	for k := range n {
		if m.want[k] == 0 {
			continue
		}
		if ctx.Err() != nil {
			return
		}
		for l := range n {
			if p := m.pairs(k, l); p > 0 && m.want[n+l] > 0 {
				visit(k, n+l, p)
			}
		}
	}
}

// gradient returns the derivative of [countModel.potential], which is the
// strengths wanted less those expected, and the largest of these errors as a
// share.
func (m *countModel) gradient(ctx context.Context, param []float64) ([]float64, float64) {
	acc := make([]sum.Compensated, len(param))
	m.each(ctx, func(k, l int, p float64) {
		w := p / math.Expm1(param[k]+param[l])
		acc[k].Add(-w)
		acc[l].Add(-w)
	})
	var worst float64
	grad := make([]float64, len(param))
	for i := range grad {
		size := m.size[i%len(m.size)]
		acc[i].Add(size * m.want[i])
		if grad[i] = acc[i].Value(); m.want[i] > 0 {
			worst = max(worst, math.Abs(grad[i])/(size*m.want[i]))
		}
	}
	return grad, worst
}

// potential is the convex function that the parameters minimize.
func (m *countModel) potential(ctx context.Context, param []float64) float64 {
	var s sum.Compensated
	for i, want := range m.want {
		if want > 0 {
			s.Add(m.size[i%len(m.size)] * want * param[i])
		}
	}
	m.each(ctx, func(k, l int, p float64) {
		s.Add(-p * math.Log(-math.Expm1(-param[k]-param[l])))
	})
	return s.Value()
}

const (
	modelExact      = 1e-11 // error of a strength, as a share, at which the fit is done
	modelGood       = 1e-9  // and with which it is content when rounding stops it
	modelIterations = 300
	keptClasses     = 4096 // up to this many classes the second derivatives are kept: 128 MB
)

// fit finds the parameters by Newton's method with steps that conjugate
// gradients find, damped so that every expected weight stays positive.
func (m *countModel) fit(ctx context.Context) error {
	grad, worst := m.gradient(ctx, m.param)
	value := m.potential(ctx, m.param)
	for ; worst > modelExact && m.iterations < modelIterations; m.iterations++ {
		step, err := m.newton(ctx, grad, min(1e-2, worst))
		if err != nil {
			return err
		}
		limit := 1.0
		m.each(ctx, func(k, l int, _ float64) {
			if d := step[k] + step[l]; d < 0 {
				limit = min(limit, -0.95*(m.param[k]+m.param[l])/d)
			}
		})
		next := make([]float64, len(m.param))
		improved := false
		for ; limit > 1e-12 && !improved; limit /= 2 {
			for i, p := range m.param {
				next[i] = p
				if m.want[i] > 0 {
					next[i] += limit * step[i]
				}
			}
			g, w := m.gradient(ctx, next)
			v := m.potential(ctx, next)
			if err := ctx.Err(); err != nil {
				return err
			}
			// Near the end the potential no longer shows the difference.
			if improved = v < value && !(w > 2*worst && worst < 1e-3) || w < worst; improved {
				m.param, grad, worst, value = next, g, w, v
			}
		}
		if !improved {
			break
		}
	}
	m.residual = worst
	if err := ctx.Err(); err != nil {
		return err
	}
	if !(worst <= modelGood) {
		return &ConvergenceError{What: "reciprocity null model", Iterations: m.iterations, Residual: worst}
	}
	return nil
}

// newton returns the step d with H d = -grad, for the second derivative H.
func (m *countModel) newton(ctx context.Context, grad []float64, exact float64) ([]float64, error) {
	diag := make([]float64, len(grad))
	second := func(k, l int, p float64) float64 {
		w := 1 / math.Expm1(m.param[k]+m.param[l])
		return p * w * (1 + w)
	}
	var kept []float64 // second derivatives in the order of each, if they fit
	fits := len(m.size) <= keptClasses
	m.each(ctx, func(k, l int, p float64) {
		h := second(k, l, p)
		diag[k] += h
		diag[l] += h
		if fits {
			kept = append(kept, h)
		}
	})
	product := func(x []float64) []float64 {
		y := make([]float64, len(x))
		at := 0
		m.each(ctx, func(k, l int, p float64) {
			var h float64
			if fits {
				h = kept[at]
				at++
			} else {
				h = second(k, l, p)
			}
			h *= x[k] + x[l]
			y[k] += h
			y[l] += h
		})
		return y
	}
	minus := make([]float64, len(grad))
	for i, x := range grad {
		minus[i] = -x
	}
	d, _, err := conjugateGradients(ctx, product, diag, minus, exact, 2*len(grad)+50)
	return d, err
}

// matched returns the expected sum of min(w_ij, w_ji) over ordered pairs.
func (m *countModel) matched(ctx context.Context) float64 {
	n := len(m.size)
	var s sum.Compensated
	for k := range n {
		if ctx.Err() != nil {
			break // the caller looks too
		}
		for l := range n {
			if p := m.pairs(k, l); p > 0 {
				s.Add(p * expectedMin(m.param[k]+m.param[n+l]+m.param[l]+m.param[n+k]))
			}
		}
	}
	return s.Value()
}
