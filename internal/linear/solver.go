// SPDX-License-Identifier: Apache-2.0

package linear

import (
	"context"
	"math"
	"slices"
)

// Solver is a feasible point of a problem from which sums are minimized. It is
// not safe for concurrent use.
type Solver struct {
	p      Problem
	n, m   int         // variables, rows
	column [][]entry   // of each variable
	lo, hi []float64   // of variables, then of the sums of the rows
	x      []float64   // likewise
	basis  []int       // which of them belongs to each row
	place  []int       // row of each that is in the basis, -1 for the others
	inv    [][]float64 // inverse of the basis
	since  int         // pivots since it was made afresh

	cost, y, d, w []float64
	stalled       int // steps in a row without progress
}

type entry struct {
	row  int
	coef float64
}

// New looks for a feasible point of the problem.
//
// It returns an [*InfeasibleError] if there is none, an error matching
// [ErrProblem] for a problem that makes no sense, [ErrNumeric], or the error of
// ctx.
//
// The method is the primal simplex with bounded variables and an explicit
// inverse; ties are broken by the largest pivot (Harris 1973,
// doi:10.1007/BF01580108), and by the smallest index (Bland 1977,
// doi:10.1287/moor.2.2.103) when there is no progress.
func New(ctx context.Context, p Problem) (*Solver, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	s := &Solver{p: p, n: len(p.Lo), m: len(p.Rows)}
	s.column = make([][]entry, s.n)
	for i, r := range p.Rows {
		for _, t := range r.Terms {
			c := s.column[t.Var]
			if k := len(c); k > 0 && c[k-1].row == i {
				c[k-1].coef += t.Coef
				continue
			}
			s.column[t.Var] = append(c, entry{i, t.Coef})
		}
	}
	s.lo, s.hi = slices.Clone(p.Lo), slices.Clone(p.Hi)
	for _, r := range p.Rows {
		s.lo, s.hi = append(s.lo, r.Lo), append(s.hi, r.Hi)
	}
	for j := range s.lo {
		if s.lo[j] > s.hi[j]+feasible*(1+math.Abs(s.lo[j])) {
			if j < s.n {
				return nil, &InfeasibleError{Vars: []int{j}}
			}
			return nil, &InfeasibleError{Rows: []int{j - s.n}}
		}
		s.hi[j] = max(s.lo[j], s.hi[j])
	}
	s.start()
	return s, s.phase1(ctx)
}

// start puts the sums in the basis and every variable at a bound.
func (s *Solver) start() {
	k := s.n + s.m
	s.x, s.cost, s.d = make([]float64, k), make([]float64, k), make([]float64, k)
	s.place = make([]int, k)
	s.y, s.w = make([]float64, s.m), make([]float64, s.m)
	s.basis = make([]int, s.m)
	s.inv = make([][]float64, s.m)
	flat := make([]float64, s.m*s.m)
	for j := range s.n {
		s.place[j] = -1
		switch {
		case !math.IsInf(s.lo[j], -1):
			s.x[j] = s.lo[j]
		case !math.IsInf(s.hi[j], 1):
			s.x[j] = s.hi[j]
		}
	}
	for i := range s.m {
		s.basis[i], s.place[s.n+i] = s.n+i, i
		s.inv[i] = flat[i*s.m : (i+1)*s.m]
		s.inv[i][i] = -1
	}
	s.values()
}

// each calls f with the entries of the column of a variable or sum.
func (s *Solver) each(j int, f func(row int, coef float64)) {
	if j >= s.n {
		f(j-s.n, -1)
		return
	}
	for _, e := range s.column[j] {
		f(e.row, e.coef)
	}
}

// values computes the basic variables from the others.
func (s *Solver) values() {
	rest := make([]float64, s.m)
	for j, v := range s.x {
		if s.place[j] < 0 && v != 0 {
			s.each(j, func(i int, a float64) { rest[i] -= a * v })
		}
	}
	for i, j := range s.basis {
		v := 0.0
		for k, a := range s.inv[i] {
			v += a * rest[k]
		}
		s.x[j] = v
	}
}

// invert makes the inverse of the basis afresh, by Gauss-Jordan elimination
// with row pivoting.
func (s *Solver) invert() error {
	a := make([][]float64, s.m)
	for i := range a {
		a[i] = make([]float64, s.m)
	}
	for k, j := range s.basis {
		s.each(j, func(i int, c float64) { a[i][k] = c })
	}
	b := make([][]float64, s.m)
	for i := range b {
		b[i] = make([]float64, s.m)
		b[i][i] = 1
	}
	for k := range s.m {
		best := k
		for i := k; i < s.m; i++ {
			if math.Abs(a[i][k]) > math.Abs(a[best][k]) {
				best = i
			}
		}
		if math.Abs(a[best][k]) < 1e-11 {
			return ErrNumeric
		}
		a[k], a[best] = a[best], a[k]
		b[k], b[best] = b[best], b[k]
		scale(a[k], b[k], 1/a[k][k])
		for i := range s.m {
			if f := a[i][k]; i != k && f != 0 {
				addTo(a[i][k:], a[k][k:], -f)
				addTo(b[i], b[k], -f)
			}
		}
	}
	s.inv = b
	s.since = 0
	return nil
}

func scale(a, b []float64, f float64) {
	for i := range a {
		a[i] *= f
		b[i] *= f
	}
}

func addTo(a, b []float64, f float64) {
	for i, v := range b {
		if v != 0 {
			a[i] += f * v
		}
	}
}

func (s *Solver) slack(j int) float64 { return feasible * (1 + math.Abs(s.x[j])) }

// outside says on which side of its bounds a variable is.
func (s *Solver) outside(j int) int {
	switch {
	case s.x[j] < s.lo[j]-s.slack(j):
		return -1
	case s.x[j] > s.hi[j]+s.slack(j):
		return 1
	}
	return 0
}

// phase1 makes the sum of what is outside its bounds as small as can be.
func (s *Solver) phase1(ctx context.Context) error {
	for range s.most() {
		if err := ctx.Err(); err != nil {
			return err
		}
		clear(s.cost)
		open := false
		for _, j := range s.basis {
			if side := s.outside(j); side != 0 {
				s.cost[j], open = float64(side), true
			}
		}
		if !open {
			s.stalled = 0
			return nil
		}
		s.price()
		j := s.entering()
		if j < 0 {
			if s.since > 0 { // make sure that it is not rounding
				if err := s.fresh(); err != nil {
					return err
				}
				continue
			}
			return s.farkas()
		}
		if _, err := s.step(j, true); err != nil {
			return err
		}
	}
	return ErrNumeric
}

func (s *Solver) most() int { return 5000 + 200*(s.n+s.m) }

func (s *Solver) fresh() error {
	if err := s.invert(); err != nil {
		return err
	}
	s.values()
	return nil
}

// farkas lists what the multipliers of an infeasible problem rest on.
func (s *Solver) farkas() error {
	e := &InfeasibleError{}
	for j := range s.x {
		if s.place[j] >= 0 && s.outside(j) == 0 || s.place[j] < 0 && math.Abs(s.d[j]) <= 1e-7 {
			continue
		}
		if j < s.n {
			e.Vars = append(e.Vars, j)
		} else {
			e.Rows = append(e.Rows, j-s.n)
		}
	}
	return e
}

// price computes the multipliers y of the rows and the reduced costs d.
func (s *Solver) price() {
	clear(s.y)
	for i, j := range s.basis {
		if c := s.cost[j]; c != 0 {
			addTo(s.y, s.inv[i], c)
		}
	}
	for j := range s.n {
		if s.place[j] >= 0 {
			s.d[j] = 0
			continue
		}
		d := s.cost[j]
		for _, e := range s.column[j] {
			d -= s.y[e.row] * e.coef
		}
		s.d[j] = d
	}
	for i := range s.m {
		if j := s.n + i; s.place[j] >= 0 {
			s.d[j] = 0
		} else {
			s.d[j] = s.cost[j] + s.y[i]
		}
	}
}

// entering gives the variable with the largest gain, the first one when there
// has been no progress for long, -1 if there is none.
func (s *Solver) entering() int {
	best, gain := -1, optimal
	for j, d := range s.d {
		if s.place[j] >= 0 || s.lo[j] == s.hi[j] {
			continue
		}
		g := 0.0
		if d < 0 && s.x[j] < s.hi[j] {
			g = -d
		} else if d > 0 && s.x[j] > s.lo[j] {
			g = d
		}
		if g > gain {
			best, gain = j, g
			if s.stalled > s.m+50 {
				return j
			}
		}
	}
	return best
}

// step moves a variable as far as it gains; it reports whether without end.
// While some are outside their bounds, they stop at the bound they come to.
func (s *Solver) step(j int, outside bool) (bool, error) {
	direction := 1.0
	if s.d[j] > 0 {
		direction = -1
	}
	clear(s.w)
	s.each(j, func(r int, a float64) {
		for i := range s.inv {
			s.w[i] += s.inv[i][r] * a
		}
	})
	// Basic variable i changes by -direction·w[i] for each unit of j.
	limit := func(i int, slack float64) float64 {
		b := s.basis[i]
		rate := -direction * s.w[i]
		side := 0
		if outside {
			side = s.outside(b)
		}
		bound := s.hi[b]
		if rate < 0 {
			bound = s.lo[b]
		}
		switch {
		case math.Abs(rate) < tiny:
			return math.Inf(1)
		case side < 0 && rate > 0:
			bound = s.lo[b]
		case side > 0 && rate < 0:
			bound = s.hi[b]
		case side != 0 || math.IsInf(bound, 0):
			return math.Inf(1)
		}
		if rate < 0 {
			slack = -slack
		}
		return max(0, (bound+slack*(1+math.Abs(bound))-s.x[b])/rate)
	}
	far := s.hi[j] - s.lo[j]
	relaxed := far
	for i := range s.w {
		relaxed = min(relaxed, limit(i, feasible))
	}
	leave, length := -1, far
	if s.stalled > s.m+50 { // Bland: the first of those that stop it first
		for i := range s.w {
			if l := limit(i, 0); l < length || l == length && leave >= 0 && s.basis[i] < s.basis[leave] {
				leave, length = i, l
			}
		}
	} else {
		pivot := 0.0
		for i := range s.w {
			if l := limit(i, 0); l <= relaxed && l < math.Inf(1) && math.Abs(s.w[i]) > pivot {
				leave, length, pivot = i, l, math.Abs(s.w[i])
			}
		}
		if leave < 0 || far <= length {
			leave, length = -1, far
		}
	}
	if math.IsInf(length, 1) {
		return true, nil
	}
	s.stalled++
	if length > 1e-12 {
		s.stalled = 0
	}
	for i, b := range s.basis {
		s.x[b] -= direction * length * s.w[i]
	}
	s.x[j] += direction * length
	if leave < 0 {
		if direction > 0 {
			s.x[j] = s.hi[j]
		} else {
			s.x[j] = s.lo[j]
		}
		return false, nil
	}
	return false, s.pivot(leave, j)
}

// pivot puts a variable into the basis in place of that of a row.
func (s *Solver) pivot(r, j int) error {
	out := s.basis[r]
	if math.Abs(s.x[out]-s.lo[out]) <= math.Abs(s.x[out]-s.hi[out]) {
		s.x[out] = s.lo[out]
	} else {
		s.x[out] = s.hi[out]
	}
	s.basis[r], s.place[j], s.place[out] = j, r, -1
	f := 1 / s.w[r]
	for k := range s.inv[r] {
		s.inv[r][k] *= f
	}
	for i, w := range s.w {
		if i != r && w != 0 {
			addTo(s.inv[i], s.inv[r], -w)
		}
	}
	if s.since++; s.since >= max(refactor, s.m/2) {
		return s.fresh()
	}
	return nil
}

// Minimize returns the smallest value of a sum of variables. The next call
// starts from the point where this one ended.
//
// It returns an error matching [ErrProblem] for a sum that makes no sense,
// [ErrNumeric], or the error of ctx.
func (s *Solver) Minimize(ctx context.Context, sum []Term) (Optimum, error) {
	if err := s.p.checkTerms(sum); err != nil {
		return Optimum{}, err
	}
	s.stalled = 0
	for range s.most() {
		if err := ctx.Err(); err != nil {
			return Optimum{}, err
		}
		clear(s.cost)
		for _, t := range sum {
			s.cost[t.Var] += t.Coef
		}
		s.price()
		j := s.entering()
		if j < 0 {
			ok, err := s.settle(ctx)
			switch {
			case err != nil:
				return Optimum{}, err
			case ok:
				return s.optimum(sum), nil
			}
			continue
		}
		endless, err := s.step(j, false)
		if err != nil {
			return Optimum{}, err
		}
		if endless {
			return Optimum{Value: math.Inf(-1), Bound: math.Inf(-1), X: slices.Clone(s.x[:s.n])}, nil
		}
	}
	return Optimum{}, ErrNumeric
}

// settle checks the solution, and mends it if rounding has spoiled it; then it
// reports false.
func (s *Solver) settle(ctx context.Context) (bool, error) {
	worst := 0.0
	sum := make([]float64, s.m)
	size := make([]float64, s.m)
	for j, v := range s.x {
		worst = max(worst, (max(s.lo[j]-v, v-s.hi[j]))/(1+math.Abs(v)))
		if v != 0 {
			s.each(j, func(i int, a float64) { sum[i] += a * v; size[i] += math.Abs(a * v) })
		}
	}
	for i := range sum {
		worst = max(worst, math.Abs(sum[i])/(1+size[i]))
	}
	if worst <= tolerance {
		return true, nil
	}
	if s.since == 0 {
		return false, ErrNumeric
	}
	if err := s.fresh(); err != nil {
		return false, err
	}
	return false, s.phase1(ctx)
}

// optimum reads off the solution, and the bound that the multipliers prove:
// for any y, c·x = (c - yA)·x + y·(Ax), term by term at its smallest.
func (s *Solver) optimum(sum []Term) Optimum {
	o := Optimum{X: slices.Clone(s.x[:s.n])}
	for _, t := range sum {
		o.Value += t.Coef * s.x[t.Var]
	}
	for j := range s.x {
		if s.place[j] >= 0 {
			continue
		}
		d := s.d[j]
		if math.Abs(d) <= optimal {
			d = 0
		}
		switch {
		case d > 0:
			o.Bound += d * s.lo[j]
		case d < 0:
			o.Bound += d * s.hi[j]
		default:
			continue
		}
		if j < s.n {
			o.Vars = append(o.Vars, j)
		} else {
			o.Rows = append(o.Rows, j-s.n)
		}
	}
	o.Bound = min(o.Bound, o.Value)
	return o
}
