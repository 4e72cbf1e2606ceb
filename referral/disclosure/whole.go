// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/oncoref/oncoref/internal/linear"
)

type answer uint8

const (
	no answer = iota
	yes
	unknown
)

// branches is the number of linear programs spent on one whole table.
const branches = 60

// whole says whether there is a whole table in which a number lies between two
// bounds, by branching on fractions, and takes note of one that it finds.
func (p *component) whole(ctx context.Context, j int, lo, hi float64) (answer, error) {
	q := p.problem
	q.Lo, q.Hi = slices.Clone(q.Lo), slices.Clone(q.Hi)
	q.Lo[j], q.Hi[j] = max(q.Lo[j], lo), min(q.Hi[j], hi)
	if q.Lo[j] > q.Hi[j] {
		return no, nil
	}
	left := branches
	return p.branch(ctx, q, &left)
}

func (p *component) branch(ctx context.Context, q linear.Problem, left *int) (answer, error) {
	if *left--; *left < 0 {
		return unknown, nil
	}
	s, err := linear.New(ctx, q)
	var none *linear.InfeasibleError
	switch {
	case errors.As(err, &none):
		return no, nil
	case errors.Is(err, linear.ErrNumeric):
		return unknown, nil
	case err != nil:
		return no, err
	}
	// Small sums keep what is open from running away.
	sum := make([]linear.Term, len(q.Lo))
	for j := range sum {
		sum[j] = linear.Term{Var: j, Coef: 1}
	}
	o, err := s.Minimize(ctx, sum)
	switch {
	case errors.Is(err, linear.ErrNumeric):
		return unknown, nil
	case err != nil:
		return no, err
	case p.see(o.X):
		return yes, nil
	}
	worst, far := -1, 1e-6
	for j, v := range o.X {
		if !p.integer[j] {
			continue
		}
		if d := math.Abs(v - math.Round(v)); d > far*(1+math.Abs(v)) && d > far {
			worst, far = j, d
		}
	}
	if worst < 0 {
		return unknown, nil
	}
	up, down := q, q
	up.Lo, down.Hi = slices.Clone(q.Lo), slices.Clone(q.Hi)
	up.Lo[worst], down.Hi[worst] = math.Ceil(o.X[worst]), math.Floor(o.X[worst])
	first, second := up, down
	if o.X[worst]-math.Floor(o.X[worst]) < 0.5 {
		first, second = down, up
	}
	result := no
	for _, side := range [...]linear.Problem{first, second} {
		a, err := p.branch(ctx, side, left)
		if err != nil || a == yes {
			return a, err
		}
		result = max(result, a)
	}
	return result, nil
}
