// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"context"
	"math"

	"gonum.org/v1/gonum/floats"

	"github.com/oncoref/oncoref/referral"
)

// Jackknifed is what the jackknife says about one number.
type Jackknifed struct {
	Statistic string
	Scope     string // label of the class; empty for the table as a whole
	Observed  referral.Result
	Mean      float64 // over the tables without one patient
	Bias      float64 // (N-1) (Mean - Observed)
	SE        float64
}

// Jackknife returns standard errors of statistics by leaving out one patient at a time:
//
//	SE = √((N-1)/N · Σ_c n_c (t₋c - t̄)²),  t̄ = Σ_c n_c t₋c / N
//
// with t₋c the number when a patient is missing from cell c, of the n_c of
// N patients. The result is by statistic in the order asked for, then by class. Figures are
// NaN if the statistic is undefined for the table or for one of those.
//
// It returns the errors of [NewMatrix], an [*InputError] for fractional counts and
// fewer than two patients, and those of the statistics and of ctx. Time O(C S) for C
// cells with patients and statistics that take S.
//
// Reference: Efron and Tibshirani 1993, doi:10.1201/9780429246593, chapter 11.
func Jackknife(ctx context.Context, t *referral.Table, stats []Statistic) ([]Jackknifed, error) {
	m, err := NewMatrix(t)
	if err != nil {
		return nil, err
	}
	n := m.Total()
	if !m.whole() || n < 2 {
		return nil, badNumber("patients", n, "whole counts of at least 2 patients")
	}
	width := 0
	for _, s := range stats {
		width += s.width(m)
	}
	observed := make([]float64, width)
	if err := evaluate(ctx, m, stats, observed); err != nil {
		return nil, err
	}
	var sizes []float64
	values := make([][]float64, width)
	out := make([]float64, width)
	for i, size := range m.cells {
		if size == 0 {
			continue
		}
		m.cells[i]--
		err := evaluate(ctx, m, stats, out)
		m.cells[i]++
		if err != nil {
			return nil, err
		}
		sizes = append(sizes, size)
		for k, v := range out {
			values[k] = append(values[k], v)
		}
	}
	var res []Jackknifed
	k := 0
	for _, s := range stats {
		for j := range s.width(m) {
			r := Jackknifed{Statistic: s.Name, Observed: resultOf(observed[k])}
			if s.PerClass {
				r.Scope = m.classes[j]
			}
			r.Mean = floats.SumCompensated(times(sizes, values[k])) / n
			deviation := make([]float64, len(sizes))
			for c, v := range values[k] {
				deviation[c] = (v - r.Mean) * (v - r.Mean)
			}
			r.Bias = (n - 1) * (r.Mean - observed[k])
			r.SE = math.Sqrt((n - 1) / n * floats.SumCompensated(times(sizes, deviation)))
			res = append(res, r)
			k++
		}
	}
	return res, nil
}

func times(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] * b[i]
	}
	return out
}
