// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"cmp"
	"math"
	"slices"
)

// class is a set of numbers that shares to full precision tie to each other:
// each is a known multiple of one variable.
type class struct {
	numbers []int
	totals  int  // how many of them are totals that shares were taken of
	whole   bool // the variable is a whole number
}

// tied makes classes of the numbers that exact shares tie: a number that is a
// share p of a total is p times it. It returns what contradicts itself.
func (s *system) tied() *InfeasibleError {
	r := s.r
	k := len(r.refs)
	s.classOf, s.step = slices.Repeat([]int{-1}, k), slices.Repeat([]float64{1}, k)
	s.parent, s.tie = slices.Repeat([]int{-1}, k), slices.Repeat([]int{-1}, k)
	ties := map[int][]int{} // lines by number
	var order []int
	for i, l := range r.rows {
		if !l.exact || len(l.terms) < 2 || l.terms[0].coef == 0 {
			continue
		}
		for _, t := range l.terms {
			if ties[t.number] == nil {
				order = append(order, t.number)
			}
			ties[t.number] = append(ties[t.number], i)
		}
	}
	slices.Sort(order)
	for _, root := range order {
		if s.classOf[root] >= 0 {
			continue
		}
		id := len(s.classes)
		c := class{numbers: []int{root}}
		s.classOf[root], s.step[root] = id, 1
		for at := 0; at < len(c.numbers); at++ {
			i := c.numbers[at]
			for _, line := range ties[i] {
				n, p := r.rows[line].terms[0].number, -r.rows[line].terms[0].coef
				x := r.rows[line].terms[1].number
				to, ratio := x, s.step[i]*p
				if i == x {
					to, ratio = n, s.step[i]/p
				}
				if s.classOf[to] < 0 {
					s.classOf[to], s.step[to] = id, ratio
					s.parent[to], s.tie[to] = i, line
					c.numbers = append(c.numbers, to)
				} else if math.Abs(s.step[to]-ratio) > 1e-9*ratio {
					return &InfeasibleError{Items: s.names(s.circle(i, to, line))}
				}
			}
		}
		s.finish(&c, ties)
		s.classes = append(s.classes, c)
	}
	for _, c := range s.classes {
		if err := s.bind(c); err != nil {
			return err
		}
	}
	return nil
}

// finish counts the totals of a class and makes its variable whole if it can.
func (s *system) finish(c *class, ties map[int][]int) {
	slices.Sort(c.numbers)
	ratio := make([]float64, len(c.numbers))
	for k, i := range c.numbers {
		ratio[k] = s.step[i]
		if slices.ContainsFunc(ties[i], func(line int) bool { return s.r.rows[line].terms[0].number == i }) {
			c.totals++
		}
	}
	if f := commonFactor(ratio); f > 0 && !s.divided {
		c.whole = true
		for _, i := range c.numbers {
			s.step[i] = math.Round(f * s.step[i])
		}
	}
}

// bind gives the variable of a class the bounds of all its numbers.
func (s *system) bind(c class) *InfeasibleError {
	low, high := 0.0, math.Inf(1)
	lowest, highest := -1, -1
	for _, i := range c.numbers {
		lo, hi := s.lo[i]/s.step[i], s.hi[i]/s.step[i]
		if c.whole {
			lo, hi = math.Ceil(lo-1e-9), math.Floor(hi+1e-9)
		}
		if lo > low {
			low, lowest = lo, i
		}
		if hi < high {
			high, highest = hi, i
		}
	}
	if low > high+1e-9*high {
		return &InfeasibleError{Items: s.names(append(s.circle(lowest, highest, -1), s.claims(nil, []int{lowest, highest})...))}
	}
	s.lo, s.hi = append(s.lo, low), append(s.hi, max(low, high))
	s.edges = append(s.edges, [2]int{lowest, highest})
	return nil
}

// known gives what makes the variable of a class known, seen from a number.
func (s *system) known(i int) []claim {
	e := s.edges[s.classOf[i]]
	out := append(s.circle(i, e[0], -1), s.circle(i, e[1], -1)...)
	slices.SortFunc(out, func(a, b claim) int { return cmp.Compare(a.line, b.line) })
	return append(slices.Compact(out), s.claims(nil, e[:])...)
}

// circle gives the ties between two numbers of a class, and one more.
func (s *system) circle(i, j, line int) []claim {
	up := func(i int) []int {
		var out []int
		for ; i >= 0 && s.parent[i] >= 0; i = s.parent[i] {
			out = append(out, s.tie[i])
		}
		return out
	}
	a, b := up(i), up(j)
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	lines := append(a, b...)
	if line >= 0 {
		lines = append(lines, line)
	}
	slices.Sort(lines)
	var out []claim
	for _, k := range slices.Compact(lines) {
		out = append(out, claim{-1, k})
	}
	return out
}

// base gives the variable that a number is a multiple of, and the multiple.
func (s *system) base(i int) (int, float64) {
	if s.classOf == nil || s.classOf[i] < 0 {
		return i, 1
	}
	return len(s.r.refs) + s.classOf[i], s.step[i]
}

// commonFactor gives the smallest number that makes all ratios whole; 0 if none
// up to 10^5 does.
func commonFactor(ratio []float64) float64 {
	for k := 1.0; k <= 1e5; k++ {
		if !slices.ContainsFunc(ratio, func(v float64) bool {
			x := k * v
			return math.Abs(x-math.Round(x)) > 1e-7*(1+x) || math.Round(x) == 0
		}) {
			return k
		}
	}
	return 0
}

// proportional says of the numbers of a class what the class says: multiples of
// a step and, where shares of several totals are tied, all but the common
// factor.
func (s *system) proportional(i int, f *Finding) {
	if s.classOf == nil || s.classOf[i] < 0 || s.fixed(i) {
		return
	}
	c := s.classes[s.classOf[i]]
	if c.whole {
		f.Step = s.step[i]
	}
	if c.totals > 1 && f.Lo != f.Hi {
		f.Verdict = Proportional
	}
}

// tiedBy gives the shares that tie a number to a total of a row and one of a
// column, or to the rest of its class.
func (s *system) tiedBy(i int) []claim {
	var out []claim
	of := map[int]bool{}
	for k, l := range s.r.rows {
		if l.exact && len(l.terms) > 1 && l.terms[1].number == i && !of[l.terms[0].number] {
			of[l.terms[0].number] = true
			out = append(out, claim{-1, k})
		}
	}
	if len(out) < 2 {
		root := slices.MinFunc(s.classes[s.classOf[i]].numbers, func(a, b int) int { return cmp.Compare(s.parent[a], s.parent[b]) })
		out = s.circle(i, root, -1)
	}
	return out
}
