// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"math"
	"slices"
)

const (
	modelExact      = 1e-11 // error of a strength, as a share, at which the fit is done
	modelGood       = 1e-9  // and with which it is content when rounding stops it
	modelIterations = 300
	stepExact       = 1e-3 // of what a step should do
	exactClasses    = 64   // up to this many classes the second derivatives are exact
)

// fit finds the parameters by Newton's method with steps that conjugate
// gradients find, damped so that every expected weight stays positive. The first
// derivatives are exact; the second are interpolated, which changes the way to
// the solution but not the solution, until a step fails.
func (m *countModel) fit(ctx context.Context) error {
	grad, worst := m.gradient(ctx)
	exact := len(m.size) <= exactClasses
	for ; worst > modelExact && m.iterations < modelIterations; m.iterations++ {
		diag, product := m.interpolated()
		if exact {
			diag, product = m.second(ctx)
		}
		minus := make([]float64, len(grad))
		for i, x := range grad {
			minus[i] = -x
		}
		step, _, err := conjugateGradients(ctx, product, diag, minus, min(stepExact, worst), 2*len(grad)+50)
		if err != nil {
			return err
		}
		next, nextWorst, err := m.search(ctx, step, grad, worst)
		if err != nil {
			return err
		}
		switch {
		case next != nil:
			grad, worst = next, nextWorst
		case exact:
			m.iterations++
			return m.judge(worst)
		default:
			exact = true
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return m.judge(worst)
}

func (m *countModel) judge(worst float64) error {
	m.residual = worst
	if !(worst <= modelGood) {
		return &ConvergenceError{What: "reciprocity null model", Iterations: m.iterations, Residual: worst}
	}
	return nil
}

// search goes along the step until that no longer leads down and takes over the
// parameters there. It returns their gradient; nil if no part of the step is of
// use, with the parameters as they were.
func (m *countModel) search(ctx context.Context, step, grad []float64, worst float64) ([]float64, float64, error) {
	before := slices.Clone(m.param)
	fall := slope(step, grad)
	for part := m.longest(ctx, step); part > 1e-12; part /= 2 {
		next := slices.Clone(before)
		for i := range next {
			if m.want[i] > 0 {
				next[i] += part * step[i]
			}
		}
		m.set(next)
		g, w := m.gradient(ctx)
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		// Beyond the lowest point the slope is up; twice as far it is as steep
		// as at the begin, in a parabola.
		if w < worst || slope(step, g) < -0.9*fall && !(w > 2*worst && worst < 1e-3) {
			return g, w, nil
		}
	}
	m.set(before)
	return nil, 0, ctx.Err()
}

func slope(step, grad []float64) float64 {
	var s float64
	for i, x := range step {
		s += x * grad[i]
	}
	return s
}

// longest returns the part of the step, at most 1, after which every sum of two
// parameters is still a twentieth of what it was.
func (m *countModel) longest(ctx context.Context, step []float64) float64 {
	const leave = 0.95
	n := len(m.size)
	parts := make([]float64, strips)
	eachStrip(ctx, len(m.from.class), func(strip, lo, hi int) {
		part := 1.0
		for at := lo; at < hi && ctx.Err() == nil; at++ {
			k := int(m.from.class[at])
			p, d := leave*m.param[k], step[k]
			for other, l := range m.to.class {
				if part*(d+step[n+int(l)]) < -p-leave*m.param[n+int(l)] && (int(m.from.own[at]) != other || m.size[k] > 1) {
					part = -(p + leave*m.param[n+int(l)]) / (d + step[n+int(l)])
				}
			}
		}
		parts[strip] = part
	})
	part := 1.0
	for _, p := range parts {
		if p > 0 {
			part = min(part, p)
		}
	}
	m.withHub(func(k, l int, _ float64) {
		if d := step[k] + step[l]; d < 0 {
			part = min(part, -leave*(m.param[k]+m.param[l])/d)
		}
	})
	return part
}

// curvature is the second derivative that goes with an expected weight.
func curvature(w float64) float64 { return w * (1 + w) }

// each calls visit for every pair of classes whose nodes may have weight
// between them: sender, place of the receiver in param, number of pairs.
func (m *countModel) each(ctx context.Context, visit func(k, l int, pairs float64)) {
	n := len(m.size)
	for at, k := range m.from.class {
		if ctx.Err() != nil {
			return
		}
		for other, l := range m.to.class {
			p := m.from.size[at] * m.to.size[other]
			if k == l {
				p -= m.from.size[at]
			}
			if p > 0 {
				visit(int(k), n+int(l), p)
			}
		}
	}
	m.withHub(visit)
}

// second returns the diagonal of the second derivatives, and a function for
// their product with a vector.
func (m *countModel) second(ctx context.Context) ([]float64, func([]float64) []float64) {
	diag := make([]float64, len(m.param))
	weigh := func(k, l int, p float64) float64 {
		return p * curvature(1/math.Expm1(m.param[k]+m.param[l]))
	}
	m.each(ctx, func(k, l int, p float64) {
		h := weigh(k, l, p)
		diag[k] += h
		diag[l] += h
	})
	return diag, func(x []float64) []float64 {
		y := make([]float64, len(x))
		m.each(ctx, func(k, l int, p float64) {
			h := weigh(k, l, p) * (x[k] + x[l])
			y[k] += h
			y[l] += h
		})
		return y
	}
}
