// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/oncoref/oncoref/internal/linear"
)

// claim is a published thing: the bounds of a number, or a relation.
type claim struct{ number, line int } // one of them is -1

// claims lists what was published among relations and bounds: the relations
// that were stated, the fixed numbers in them, and the bounds given.
func (s *system) claims(lines, numbers []int) []claim {
	var out []claim
	seen := map[int]bool{}
	number := func(i int) {
		if i >= 0 && !seen[i] && (s.r.lo[i] > 0 || !math.IsInf(s.r.hi[i], 1)) {
			out = append(out, claim{i, -1})
		}
		seen[i] = true
	}
	item := map[string]bool{}
	for _, k := range lines {
		l := s.r.rows[k]
		for _, t := range l.terms {
			if s.r.lo[t.number] == s.r.hi[t.number] {
				number(t.number)
			}
		}
		if l.item != "" && !item[l.item] {
			item[l.item] = true
			out = append(out, claim{-1, k})
		}
	}
	for _, i := range numbers {
		number(i)
	}
	return out
}

// names gives the claims in words.
func (s *system) names(claims []claim) []string {
	var out []string
	for _, c := range claims {
		if c.line >= 0 {
			out = append(out, s.r.rows[c.line].item)
		} else {
			out = append(out, s.r.refs[c.number].String())
		}
	}
	return out
}

// only makes the problem of some relations in which only some claims hold. All
// relations of a claim stand or fall together.
func (s *system) only(lines []int, claims []claim, extra int) (linear.Problem, map[int]int) {
	held, items := map[int]bool{}, map[string]bool{}
	for _, c := range claims {
		if c.line >= 0 {
			items[s.r.rows[c.line].item] = true
		} else {
			held[c.number] = true
		}
	}
	var p linear.Problem
	local := map[int]int{}
	place := func(i int) int {
		j, ok := local[i]
		if !ok {
			j = len(p.Lo)
			local[i] = j
			lo, hi := 0.0, math.Inf(1)
			if i < len(s.r.refs) && s.lo[i] > s.r.lo[i] { // what a reader knows anyway
				lo = s.lo[i]
			}
			if held[i] {
				lo, hi = s.lo[i], s.hi[i]
			}
			p.Lo, p.Hi = append(p.Lo, lo), append(p.Hi, hi)
		}
		return j
	}
	if extra >= 0 {
		place(extra)
	}
	for _, k := range lines {
		l := s.r.rows[k]
		if l.item != "" && !items[l.item] {
			continue
		}
		row := linear.Row{Lo: l.lo, Hi: l.hi}
		for _, t := range l.terms {
			row.Terms = append(row.Terms, linear.Term{Var: place(t.number), Coef: t.coef})
		}
		p.Rows = append(p.Rows, row)
	}
	return p, local
}

// smallest leaves out claims, one after the other, as long as the rest will do.
func smallest(claims []claim, enough func([]claim) (bool, error)) ([]claim, error) {
	for i := 0; i < len(claims); {
		rest := slices.Delete(slices.Clone(claims), i, i+1)
		ok, err := enough(rest)
		if err != nil {
			return nil, err
		}
		if ok {
			claims = rest
		} else {
			i++
		}
	}
	return claims, nil
}

// sameItem adds to relations those that were stated with them.
func (s *system) sameItem(lines []int) []int {
	items := map[string]bool{}
	for _, k := range lines {
		if item := s.r.rows[k].item; item != "" {
			items[item] = true
		}
	}
	out := slices.Clone(lines)
	for k, l := range s.r.rows {
		if l.item != "" && items[l.item] && !slices.Contains(lines, k) {
			out = append(out, k)
		}
	}
	slices.Sort(out)
	return out
}

// conflict names the smallest part of a contradiction.
func (s *system) conflict(ctx context.Context, lines, numbers []int) error {
	lines, numbers = s.untied(s.sameItem(lines), numbers, -1)
	all := s.claims(lines, numbers)
	var none *linear.InfeasibleError
	claims, err := smallest(all, func(rest []claim) (bool, error) {
		p, _ := s.only(lines, rest, -1)
		_, err := linear.New(ctx, p)
		if errors.As(err, &none) {
			return true, nil
		}
		return false, err
	})
	if err != nil {
		return err
	}
	return &InfeasibleError{Items: s.names(claims)}
}

// reveals names the smallest set of published things from which follows what a
// finding says.
func (s *system) reveals(ctx context.Context, i int, f Finding) ([]string, error) {
	v, _ := s.base(i)
	switch {
	case s.fixed(i) && (s.classOf == nil || s.classOf[i] < 0):
		return s.names(s.claims(nil, []int{i})), nil
	case s.fixed(i): // a tied number is known
		return s.names(s.known(i)), nil
	case f.Verdict == Proportional:
		return s.names(s.tiedBy(i)), nil
	}
	if s.partOf == nil {
		s.split()
	}
	p := &s.parts[s.partOf[v]]
	lo, hi, sensitive := s.demand(i, f)
	var signs []float64
	if !sensitive || f.Lo > lo {
		signs = append(signs, 1)
	}
	if !sensitive || f.Hi < hi {
		signs = append(signs, -1)
	}
	lines, numbers, err := p.support(ctx, p.problem, p.local[v], signs)
	if err != nil {
		return nil, err
	}
	lines, numbers = s.untied(s.sameItem(lines), append(numbers, v), i)
	claims, err := smallest(s.claims(lines, numbers), func(rest []claim) (bool, error) {
		q, local := s.only(lines, rest, i)
		low, high, err := extremes(ctx, q, local[i], signs)
		return math.Ceil(low-1e-6) >= f.Lo && math.Floor(high+1e-6) <= f.Hi, err
	})
	if err != nil {
		return nil, err
	}
	return s.names(claims), nil
}

// untied gives for variables of classes the numbers that bound them, and adds
// the ties of all numbers of classes that take part.
func (s *system) untied(lines, variables []int, extra int) (all, numbers []int) {
	var part []int
	if extra >= 0 {
		part = append(part, extra)
	}
	for _, v := range variables {
		if k := v - len(s.r.refs); k >= 0 {
			part = append(part, s.edges[k][:]...)
		} else {
			part = append(part, v)
		}
	}
	part = slices.DeleteFunc(part, func(i int) bool { return i < 0 })
	numbers = slices.Clone(part)
	for _, k := range lines {
		for _, t := range s.r.rows[k].terms {
			part = append(part, t.number)
		}
	}
	for _, i := range part {
		for ; s.classOf != nil && s.classOf[i] >= 0 && s.parent[i] >= 0; i = s.parent[i] {
			lines = append(lines, s.tie[i])
		}
	}
	slices.Sort(lines)
	slices.Sort(numbers)
	return slices.Compact(lines), slices.Compact(numbers)
}

// support gives the relations and numbers that the extremes of a number rest
// on.
func (p *component) support(ctx context.Context, q linear.Problem, j int, signs []float64) (lines, numbers []int, err error) {
	solver, err := linear.New(ctx, q)
	if err != nil {
		return nil, nil, err
	}
	for _, sign := range signs {
		o, err := solver.Minimize(ctx, []linear.Term{{Var: j, Coef: sign}})
		if err != nil {
			return nil, nil, err
		}
		for _, r := range o.Rows {
			lines = append(lines, p.lines[r])
		}
		for _, v := range o.Vars {
			numbers = append(numbers, p.numbers[v])
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines), numbers, nil
}

// extremes gives the smallest value of a variable if the signs have 1, and the
// largest if they have -1; the others are such that they pass any test.
func extremes(ctx context.Context, q linear.Problem, j int, signs []float64) (lo, hi float64, err error) {
	lo, hi = math.Inf(1), math.Inf(-1)
	s, err := linear.New(ctx, q)
	if err != nil {
		return lo, hi, err
	}
	for _, sign := range signs {
		o, err := s.Minimize(ctx, []linear.Term{{Var: j, Coef: sign}})
		if err != nil {
			return lo, hi, err
		}
		if sign > 0 {
			lo = o.Value
		} else {
			hi = -o.Value
		}
	}
	return lo, hi, nil
}
