// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/oncoref/oncoref/internal/linear"
)

// system is a release as bounds and relations, with what a reader knows beside
// what is published.
type system struct {
	r       *Release
	c       Config
	lo, hi  []float64
	divided bool // counts may be fractions
	parts   []component
	partOf  []int // component of each variable that is not fixed; -1

	// What exact shares tie together: variables of classes stand behind the
	// numbers in lo and hi.
	classes     []class
	classOf     []int // of each number; -1
	step        []float64
	parent, tie []int    // the number that one is tied to on the way to the root, and by which line
	edges       [][2]int // the numbers that give each class its bounds
}

// component is a set of variables that depend on each other.
type component struct {
	*system
	numbers []int // its variables
	local   map[int]int
	integer []bool
	asked   [][2]int // hidden numbers and their variables
	lines   []int    // relations, by row of the problem
	problem linear.Problem
	// seen is the range of each variable over the whole tables found.
	seenLo, seenHi []float64
}

func (r *Release) system(c Config) *system {
	s := &system{r: r, c: c, lo: slices.Clone(r.lo), hi: slices.Clone(r.hi)}
	for _, p := range r.tables {
		s.divided = s.divided || p.table != nil && divided(p.table.Meta())
	}
	for i, asked := range r.asked {
		if c.KnownPresent && asked && r.refs[i].Origin != "" && r.refs[i].Destination != "" && !(r.truth[i] == 0) {
			s.lo[i] = max(s.lo[i], 1)
		}
	}
	for _, l := range r.rows {
		if l.share && !s.divided { // a share of nothing has no value
			s.lo[l.terms[0].number] = max(s.lo[l.terms[0].number], 1)
		}
	}
	return s
}

// fixed reports whether a number is known.
func (s *system) fixed(i int) bool {
	i, _ = s.base(i)
	return s.lo[i] == s.hi[i]
}

// at gives the value of a number that is known.
func (s *system) at(i int) float64 {
	v, f := s.base(i)
	return s.lo[v] * f
}

// split finds the components.
func (s *system) split() {
	root := make([]int, len(s.lo))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	first := make([]int, len(s.r.rows))
	for k, l := range s.r.rows {
		first[k] = -1
		for _, t := range l.terms {
			if s.fixed(t.number) {
				continue
			}
			v, _ := s.base(t.number)
			if first[k] < 0 {
				first[k] = v
			}
			root[find(v)] = find(first[k])
		}
	}
	place := map[int]int{}
	s.partOf = make([]int, len(s.lo))
	for i := range s.lo {
		s.partOf[i] = -1
		if s.lo[i] == s.hi[i] || s.tiedNumber(i) {
			continue
		}
		k, ok := place[find(i)]
		if !ok {
			k = len(s.parts)
			place[find(i)] = k
			s.parts = append(s.parts, component{system: s, local: map[int]int{}})
		}
		p := &s.parts[k]
		s.partOf[i] = k
		p.local[i] = len(p.numbers)
		p.numbers = append(p.numbers, i)
		p.integer = append(p.integer, !s.divided && (i < len(s.r.refs) || s.classes[i-len(s.r.refs)].whole))
	}
	for k := range s.r.rows {
		if first[k] >= 0 {
			p := &s.parts[place[find(first[k])]]
			p.lines = append(p.lines, k)
		}
	}
	for i, asked := range s.r.asked {
		if v, _ := s.base(i); asked && s.partOf[v] >= 0 {
			p := &s.parts[s.partOf[v]]
			p.asked = append(p.asked, [2]int{i, p.local[v]})
		}
	}
	for k := range s.parts {
		s.parts[k].make()
	}
}

// tiedNumber reports whether the variable of a class stands for a number.
func (s *system) tiedNumber(i int) bool {
	return i < len(s.r.refs) && s.classOf != nil && s.classOf[i] >= 0
}

// make writes the component as a problem in which fixed numbers are constants.
func (p *component) make() {
	for _, i := range p.numbers {
		p.problem.Lo, p.problem.Hi = append(p.problem.Lo, p.lo[i]), append(p.problem.Hi, p.hi[i])
		p.seenLo, p.seenHi = append(p.seenLo, math.Inf(1)), append(p.seenHi, math.Inf(-1))
	}
	for _, k := range p.lines {
		l := p.r.rows[k]
		row := linear.Row{Lo: l.lo, Hi: l.hi}
		coef, size := map[int]float64{}, map[int]float64{}
		var order []int
		for _, t := range l.terms {
			if p.fixed(t.number) {
				row.Lo -= t.coef * p.at(t.number)
				row.Hi -= t.coef * p.at(t.number)
				continue
			}
			v, f := p.base(t.number)
			if _, ok := coef[v]; !ok {
				order = append(order, v)
			}
			coef[v] += t.coef * f
			size[v] += math.Abs(t.coef * f)
		}
		for _, v := range order {
			if math.Abs(coef[v]) > 1e-11*size[v] { // else it is rounding
				row.Terms = append(row.Terms, linear.Term{Var: p.local[v], Coef: coef[v]})
			}
		}
		p.problem.Rows = append(p.problem.Rows, row)
	}
}

// loose is the rounding error of a sum that is no contradiction.
const loose = 1e-7

// programs finds the bounds of all hidden numbers by linear programs.
func (s *system) programs(ctx context.Context, found []Finding) error {
	for i := range found {
		found[i].Lo, found[i].Hi, found[i].Tight = s.lo[i], s.hi[i], true
		if s.lo[i] > s.hi[i] {
			return &InfeasibleError{Items: []string{s.r.refs[i].String()}}
		}
	}
	if err := s.tied(); err != nil {
		return err
	}
	for i := range found {
		if s.fixed(i) {
			found[i].Lo, found[i].Hi = s.at(i), s.at(i)
		}
	}
	s.split()
	for k, l := range s.r.rows {
		sum, size, known := 0.0, 1.0, true
		for _, t := range l.terms {
			known = known && s.fixed(t.number)
			sum += t.coef * s.at(t.number)
			size += math.Abs(t.coef * s.at(t.number))
		}
		if known && (sum < l.lo-loose*size || sum > l.hi+loose*size) {
			return s.conflict(ctx, []int{k}, nil)
		}
	}
	for k := range s.parts {
		if err := s.parts[k].bounds(ctx, found); err != nil {
			return err
		}
	}
	return nil
}

// bounds finds those of the hidden numbers of a component.
func (p *component) bounds(ctx context.Context, found []Finding) error {
	if len(p.asked) == 0 && len(p.lines) == 0 {
		return nil
	}
	solver, err := linear.New(ctx, p.problem)
	var conflict *linear.InfeasibleError
	if errors.As(err, &conflict) {
		lines, numbers := make([]int, len(conflict.Rows)), make([]int, len(conflict.Vars))
		for i, row := range conflict.Rows {
			lines[i] = p.lines[row]
		}
		for i, v := range conflict.Vars {
			numbers[i] = p.numbers[v]
		}
		return p.conflict(ctx, lines, numbers)
	}
	if err != nil {
		return err
	}
	p.trueTable()
	known := map[int][2]float64{}
	for _, x := range p.asked {
		i, j := x[0], x[1]
		b, ok := known[j]
		if !ok {
			lo, err := solver.Minimize(ctx, []linear.Term{{Var: j, Coef: 1}})
			if err != nil {
				return err
			}
			p.see(lo.X)
			hi, err := solver.Minimize(ctx, []linear.Term{{Var: j, Coef: -1}})
			if err != nil {
				return err
			}
			p.see(hi.X)
			b[0], b[1] = p.outer(j, min(lo.Value, lo.Bound), -min(hi.Value, hi.Bound))
			known[j] = b
		}
		f := &found[i]
		_, factor := p.base(i)
		f.Lo, f.Hi = b[0]*factor, b[1]*factor
		p.proportional(i, f)
	}
	for _, x := range p.asked {
		if err := p.prove(ctx, x[0], x[1], &found[x[0]]); err != nil {
			return err
		}
	}
	return nil
}

// outer rounds bounds to whole numbers between them, never inwards past one.
func (p *component) outer(j int, lo, hi float64) (float64, float64) {
	if !p.integer[j] {
		return max(0, lo), hi
	}
	return max(0, math.Ceil(lo-1e-6*(1+math.Abs(lo)))), math.Floor(hi + 1e-6*(1+math.Abs(hi)))
}

// trueTable counts the true table among those that were found.
func (p *component) trueTable() {
	x := make([]float64, len(p.numbers))
	for j, i := range p.numbers {
		if i < len(p.r.refs) {
			x[j] = p.r.truth[i]
		} else {
			member := p.classes[i-len(p.r.refs)].numbers[0]
			x[j] = p.r.truth[member] / p.step[member]
		}
		if math.IsNaN(x[j]) {
			return
		}
	}
	p.see(x)
}

// see takes note of a solution if it is, rounded to whole numbers, a table that
// agrees with everything; it reports whether it is.
func (p *component) see(x []float64) bool {
	y := slices.Clone(x)
	for j, v := range x {
		if p.integer[j] {
			y[j] = math.Round(v)
		}
		if math.Abs(y[j]-v) > 1e-6*(1+math.Abs(v)) || y[j] < p.problem.Lo[j]-1e-9 || y[j] > p.problem.Hi[j]+1e-9 {
			return false
		}
	}
	for _, row := range p.problem.Rows {
		sum, size := 0.0, 1.0
		for _, t := range row.Terms {
			sum += t.Coef * y[t.Var]
			size += math.Abs(t.Coef * y[t.Var])
		}
		if sum < row.Lo-1e-10*size || sum > row.Hi+1e-10*size {
			return false
		}
	}
	for j, v := range y {
		p.seenLo[j], p.seenHi[j] = min(p.seenLo[j], v), max(p.seenHi[j], v)
	}
	return true
}

// prove looks for whole tables as far apart as a number must seem to be.
func (p *component) prove(ctx context.Context, i, j int, f *Finding) error {
	if p.judge(i, f); f.Verdict != Safe || f.Lo == f.Hi {
		return nil
	}
	_, factor := p.base(i)
	lo, hi, sensitive := p.demand(i, *f)
	lo, hi = math.Floor(lo/factor), math.Ceil(hi/factor)
	from, to := f.Lo/factor, f.Hi/factor
	seen := func() bool { return p.seenLo[j] <= from+1e-9 && p.seenHi[j] >= to-1e-9 }
	if !sensitive {
		return p.different(ctx, j, f, from, to, factor)
	}
	for k, side := range [...]struct {
		lo, hi float64
		done   bool
	}{{from, lo, p.seenLo[j] <= lo}, {hi, to, p.seenHi[j] >= hi}} {
		if side.done {
			continue
		}
		answer, err := p.whole(ctx, j, side.lo, side.hi)
		switch {
		case err != nil:
			return err
		case answer == unknown:
			f.Verdict = Unproven
		case answer == no && k == 0:
			f.Lo = (lo + 1) * factor
		case answer == no:
			f.Hi = (hi - 1) * factor
		}
	}
	f.Tight = seen()
	return nil
}

// different looks for two whole tables in which a number is not the same: one
// that is known, and one on either side of it.
func (p *component) different(ctx context.Context, j int, f *Finding, from, to, factor float64) error {
	if math.IsInf(p.seenLo[j], 1) {
		if answer, err := p.whole(ctx, j, from, to); answer != yes || err != nil {
			f.Verdict = Unproven
			return err
		}
	}
	for k := range 2 {
		if p.seenLo[j] < p.seenHi[j] {
			break
		}
		lo, hi := from, p.seenLo[j]-1
		if k == 1 {
			lo, hi = p.seenHi[j]+1, to
		}
		if !p.integer[j] { // anything between counts too, but is not looked at
			f.Verdict = Unproven
		}
		answer, err := p.whole(ctx, j, lo, hi)
		switch {
		case err != nil:
			return err
		case answer == unknown:
			f.Verdict = Unproven
		case answer == yes || !p.integer[j]:
		case k == 0:
			f.Lo = p.seenLo[j] * factor
		default:
			f.Hi = p.seenHi[j] * factor
		}
	}
	if p.seenLo[j] < p.seenHi[j] {
		f.Verdict = Safe
	}
	f.Tight = p.seenLo[j]*factor <= f.Lo+1e-9 && p.seenHi[j]*factor >= f.Hi-1e-9
	return nil
}
