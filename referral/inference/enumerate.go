// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"cmp"
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// The largest sample that is gone through.
const (
	maxEnumeratedCells    = 4
	maxEnumeratedPatients = 60
)

// enumerable reports whether a matrix has few enough samples to go through.
func enumerable(m *Matrix) bool {
	seen := 0
	for _, x := range m.cells {
		if x > 0 {
			seen++
		}
	}
	return seen <= maxEnumeratedCells && m.Total() <= maxEnumeratedPatients
}

// weighted is a value with its probability.
type weighted struct{ value, probability float64 }

// enumerate goes through all samples of the base, of which few enough exist.
func (b *bootstrap) enumerate(ctx context.Context) (*Resampling, error) {
	c := b.config
	level, err := levelOf(c.Level)
	if err != nil {
		return nil, err
	}
	width := b.width()
	observed := make([]float64, width)
	m := b.base.fork().with(b.base.cells)
	if err := evaluate(ctx, m, b.stats, observed); err != nil {
		return nil, err
	}
	var at []int
	for i, x := range m.cells {
		if x > 0 {
			at = append(at, i)
		}
	}
	values := make([][]weighted, width)
	var placings []*placing
	for _, s := range b.stats {
		placings = append(placings, newPlacing(s.width(b.base)))
	}
	out := make([]float64, width)
	samples := 0
	n := b.base.Total()
	err = compositions(int(n), len(at), func(x []int) error {
		logP := logFactorial(n)
		for i, k := range x {
			m.cells[at[i]] = float64(k)
			logP += float64(k)*math.Log(b.base.cells[at[i]]/n) - logFactorial(float64(k))
		}
		if err := evaluate(ctx, m, b.stats, out); err != nil {
			return err
		}
		p := math.Exp(logP)
		for k, v := range out {
			values[k] = append(values[k], weighted{v, p})
		}
		from := 0
		for i, s := range b.stats {
			w := s.width(b.base)
			placings[i].add(out[from:from+w], p)
			from += w
		}
		samples++
		return nil
	})
	if err != nil {
		return nil, err
	}
	res := &Resampling{Replicates: samples, Seed: c.Seed, Exact: true}
	interval := Interval{Level: level, Method: Percentile, Meaning: c.Meaning}
	k := 0
	for i, s := range b.stats {
		w := s.width(b.base)
		for j := range w {
			r := b.number(s, j, observed[k], interval)
			r.weigh(values[k], observed[k])
			res.Numbers = append(res.Numbers, r)
			k++
		}
		if s.PerClass {
			placings[i].set(level, res.Numbers[k-w:k])
		}
	}
	return res, nil
}

// compositions calls visit with every way to divide n over k classes.
func compositions(n, k int, visit func([]int) error) error {
	x := make([]int, k)
	var fill func(i, left int) error
	fill = func(i, left int) error {
		if i == k-1 {
			x[i] = left
			return visit(x)
		}
		for x[i] = 0; x[i] <= left; x[i]++ {
			if err := fill(i+1, left-x[i]); err != nil {
				return err
			}
		}
		return nil
	}
	return fill(0, n)
}

// weigh sets the figures of a number from the law of its values.
func (r *Resampled) weigh(values []weighted, observed float64) {
	values = slices.DeleteFunc(values, func(w weighted) bool { return math.IsNaN(w.value) })
	r.Defined = sumOf(values, func(float64) float64 { return 1 })
	if len(values) == 0 {
		nan := math.NaN()
		r.Mean, r.Bias, r.SE, r.Interval.Lo, r.Interval.Hi = nan, nan, nan, nan, nan
		return
	}
	r.Mean = sumOf(values, func(v float64) float64 { return v }) / r.Defined
	r.Bias = r.Mean - observed
	r.SE = math.Sqrt(sumOf(values, func(v float64) float64 { return (v - r.Mean) * (v - r.Mean) }) / r.Defined)
	tail := (1 - r.Interval.Level) / 2
	slices.SortFunc(values, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
	r.Interval.Lo, r.Interval.Hi = quantileOf(values, tail*r.Defined), quantileOf(values, (1-tail)*r.Defined)
	r.Defined = min(1, r.Defined)
}

func sumOf(values []weighted, f func(float64) float64) float64 {
	terms := make([]float64, len(values))
	for i, w := range values {
		terms[i] = w.probability * f(w.value)
	}
	return floats.SumCompensated(terms)
}

// quantileOf returns the smallest value whose cumulative probability reaches
// q. Values that differ by rounding only count as one.
func quantileOf(sorted []weighted, q float64) float64 {
	const rounding = 1e-12
	sum := 0.0
	for _, w := range sorted {
		if sum += w.probability; sum >= q-rounding {
			return w.value
		}
	}
	return sorted[len(sorted)-1].value
}
