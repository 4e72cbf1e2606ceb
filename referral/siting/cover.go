// SPDX-License-Identifier: Apache-2.0

package siting

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
)

// CoverConfig is a Config for Cover and Center.
type CoverConfig struct {
	Config
	Times int // how many centers must be within the radius of each demand; 0 means 1
}

func (c CoverConfig) times() int { return max(1, c.Times) }

// Cover chooses the fewest centers so that each demand, of weight 0 too, has
// one within a radius (exactly at the radius is within), the location set
// covering problem:
//
//	min |J|  such that  min_{j ∈ J} d_rj ≤ radius  for every demand r
//
// With Times k each demand needs k centers, so that it stays covered if k-1 of
// them stop. [Problem.WithWeight] drops demands of weight 0. The answer is
// exact, by branch and bound.
//
// It returns a *ProblemError for a wrong problem or radius, an *InfeasibleError
// that names the demands that no allowed candidates can cover, and the error of
// ctx.
//
// C. Toregas, R. Swain, C. ReVelle and L. Bergman, The location of emergency
// service facilities, Operations Research 19:1363-1373, 1971.
func Cover(ctx context.Context, p Problem, radius float64, c CoverConfig) (Plan, error) {
	in, err := p.compile()
	if err != nil {
		return Plan{}, err
	}
	if err := checkRadius(radius); err != nil {
		return Plan{}, err
	}
	if lost := in.unreachable(radius, c.times()); len(lost) > 0 {
		return Plan{}, &InfeasibleError{CoverModel, fmt.Sprintf("fewer than %d candidates within %v %s", c.times(), radius, in.unit), lost}
	}
	s := newCovering(ctx, in, radius, c)
	size := max(s.least(), s.in.fixed)
	for ; s.set == nil; size++ {
		if err := s.reach(size); err != nil {
			return Plan{}, err
		}
		if s.exhausted {
			break
		}
	}
	plan := Plan{Model: CoverModel, Times: c.times(), Bound: float64(size - 1)}
	if s.set == nil {
		s.set, plan.Bound = s.greedy(len(s.cover)), float64(size)
	}
	plan.Objective = float64(len(s.set))
	plan.Proved = plan.Bound == plan.Objective
	if plan.Proved {
		err = s.finish(&plan, len(s.set))
	}
	in.describe(&plan, s.set, radius)
	return plan, err
}

// Center chooses count centers so that the largest distance of a demand, of
// weight 0 too, to the nearest center is least, the p-center problem:
//
//	min max_r min_{j ∈ J} d_rj,  |J| = count
//
// Optima counts the sets of exactly count centers that reach the least radius.
// With Times k it is the distance to the k-th nearest center. The answer is
// exact: a binary search over the distances, each step a covering problem.
//
// It returns a *ProblemError for a wrong problem or count, an *InfeasibleError
// if some demand cannot be reached at all, and the error of ctx.
//
// O. Kariv and S. L. Hakimi, An algorithmic approach to network location
// problems, SIAM Journal on Applied Mathematics 37:513-538, 1979.
func Center(ctx context.Context, p Problem, count int, c CoverConfig) (Plan, error) {
	in, err := p.compile()
	if err != nil {
		return Plan{}, err
	}
	if err := in.checkCount(count); err != nil {
		return Plan{}, err
	}
	if c.times() > count {
		return Plan{}, &ProblemError{Field: "Times", Value: fmt.Sprint(c.times()), Want: "at most the number of centers"}
	}
	if lost := in.unreachable(math.Inf(1), c.times()); len(lost) > 0 {
		return Plan{}, &InfeasibleError{CenterModel, "too few candidates reach", lost}
	}
	radii := slices.Clone(in.dist)
	slices.Sort(radii)
	radii = slices.Compact(radii)
	if math.IsInf(radii[len(radii)-1], 1) {
		radii = radii[:len(radii)-1]
	}
	lo, hi := 0, len(radii) // radii[hi] can be reached, radii[lo-1] cannot
	var found *covering
	proved := true
	for lo < hi {
		mid := (lo + hi) / 2
		s := newCovering(ctx, in, radii[mid], c)
		if len(in.unreachable(radii[mid], c.times())) == 0 {
			if set := s.greedy(len(s.cover)); len(set) <= count {
				s.set = set
			} else if err := s.reach(count); err != nil {
				return Plan{}, err
			}
		}
		if s.set != nil {
			found, hi = s, mid
		} else {
			proved = proved && !s.exhausted
			lo = mid + 1
		}
	}
	if found == nil {
		why := fmt.Sprintf("no %d centers reach every demand; a good choice leaves out", count)
		if !proved {
			why = unproved + "; a good choice leaves out"
		}
		best := newCovering(ctx, in, radii[len(radii)-1], c).greedy(count)
		return Plan{}, &InfeasibleError{CenterModel, why, in.short(best, c.times())}
	}
	plan := Plan{Model: CenterModel, Times: c.times(), Objective: radii[hi], Bound: radii[hi], Proved: proved}
	if !proved {
		plan.Bound = 0
	} else if err := found.finish(&plan, count); err != nil {
		return Plan{}, err
	}
	in.describe(&plan, found.fillUp(count), math.NaN())
	return plan, nil
}

// covering is the search for sets that cover every demand a number of times.
type covering struct {
	ctx   context.Context
	in    *instance
	rows  [][]int32 // candidates that cover a demand; dominated demands are left out
	cover [][]int32 // rows that a candidate covers
	times int

	set         []int // a set that was found
	steps, most int
	optima      int
	maxOptima   int
	exhausted   bool
	err         error
}

func newCovering(ctx context.Context, in *instance, radius float64, c CoverConfig) *covering {
	s := &covering{ctx: ctx, in: in, times: c.times(), most: c.effort(), maxOptima: c.optima()}
	var rows [][]int32
	for r := range in.demands {
		var row []int32
		for j, x := range in.candidates {
			if x.Choice != Forbidden && reaches(in.at(r, j), radius) {
				row = append(row, int32(j))
			}
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b []int32) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), slices.Compare(a, b))
	})
	for _, row := range rows {
		if !slices.ContainsFunc(s.rows, func(small []int32) bool { return within(small, row) }) {
			s.rows = append(s.rows, row)
		}
	}
	s.cover = make([][]int32, len(in.candidates))
	for r, row := range s.rows {
		for _, j := range row {
			s.cover[j] = append(s.cover[j], int32(r))
		}
	}
	return s
}

// within tells whether every element of a is in b; both are sorted.
func within(a, b []int32) bool {
	at := 0
	for _, x := range a {
		for at < len(b) && b[at] < x {
			at++
		}
		if at == len(b) || b[at] != x {
			return false
		}
	}
	return true
}

// part is a partial choice.
type part struct {
	state  decisions
	need   []int32 // how often a row must still be covered
	chosen int
}

func (s *covering) begin() *part {
	p := &part{state: s.in.given(), need: make([]int32, len(s.rows))}
	for r := range p.need {
		p.need[r] = int32(s.times)
	}
	for j, x := range p.state {
		if x == taken {
			s.take(p, j)
		}
	}
	return p
}

// gain counts the rows that a candidate would help to cover.
func (s *covering) gain(p *part, j int) int {
	n := 0
	for _, r := range s.cover[j] {
		if p.need[r] > 0 {
			n++
		}
	}
	return n
}

func (s *covering) take(p *part, j int) {
	p.state[j] = taken
	p.chosen++
	for _, r := range s.cover[j] {
		p.need[r]--
	}
}

func (s *covering) undo(p *part, j int) {
	p.state[j] = undecided
	p.chosen--
	for _, r := range s.cover[j] {
		p.need[r]++
	}
}

// least is a lower bound on the size of a cover.
func (s *covering) least() int {
	p := s.begin()
	return p.chosen + s.lower(p, len(s.cover))
}

// lower bounds how many more candidates a partial choice needs; it may stop
// counting beyond a limit.
func (s *covering) lower(p *part, limit int) int {
	used := make([]bool, len(s.cover))
	packed, open, most := 0, 0, 1
	for j := range s.cover {
		if p.state[j] == undecided {
			most = max(most, s.gain(p, j))
		}
	}
	for r, row := range s.rows { // the shortest rows come first
		need := int(p.need[r])
		if need <= 0 {
			continue
		}
		open += need
		disjoint := true
		for _, j := range row {
			disjoint = disjoint && (p.state[j] != undecided || !used[j])
		}
		if disjoint {
			packed += need
			if packed > limit {
				return packed
			}
			for _, j := range row {
				used[j] = true
			}
		}
	}
	return max(packed, (open+most-1)/most)
}

// tightest finds the row with the fewest ways left; ok is false when every row
// is covered. Without enough ways the list is shorter than the need.
func (s *covering) tightest(p *part) (row int, ways []int32, ok bool) {
	row, least := -1, math.MaxInt
	for r, list := range s.rows {
		if p.need[r] <= 0 {
			continue
		}
		free := 0
		for _, j := range list {
			if p.state[j] == undecided {
				free++
			}
		}
		if slackWays := free - int(p.need[r]); slackWays < least {
			row, least = r, slackWays
		}
	}
	if row < 0 {
		return 0, nil, false
	}
	for _, j := range s.rows[row] {
		if p.state[j] == undecided {
			ways = append(ways, j)
		}
	}
	return row, ways, true
}

func (s *covering) tick() bool {
	s.steps++
	if s.steps > s.most {
		s.exhausted = true
	} else if s.steps&255 == 0 {
		s.err = s.ctx.Err()
	}
	return s.exhausted || s.err != nil
}

// reach looks for a cover of at most size candidates and keeps it in set.
func (s *covering) reach(size int) error {
	s.extend(s.begin(), size)
	return s.err
}

func (s *covering) extend(p *part, size int) bool {
	if s.tick() {
		return false
	}
	row, ways, open := s.tightest(p)
	if !open {
		s.set = p.members()
		return true
	}
	room := size - p.chosen
	if len(ways) < int(p.need[row]) || s.lower(p, room) > room {
		return false
	}
	gain := make([]int, len(s.cover))
	for _, j := range ways {
		gain[j] = s.gain(p, int(j))
	}
	slices.SortStableFunc(ways, func(a, b int32) int { return gain[b] - gain[a] })
	found := false
	tried := 0
	for _, j := range ways {
		s.take(p, int(j))
		found = s.extend(p, size)
		s.undo(p, int(j))
		p.state[j] = dropped // sets with j have been looked at
		tried++
		if found || s.exhausted || s.err != nil {
			break
		}
	}
	for _, j := range ways[:tried] {
		p.state[j] = undecided
	}
	return found
}

func (p *part) members() []int {
	set := []int{}
	for j, x := range p.state {
		if x == taken {
			set = append(set, j)
		}
	}
	return set
}

// greedy finds a cover without proof, or what as many candidates cover.
func (s *covering) greedy(limit int) []int {
	p := s.begin()
	for {
		if p.chosen == limit {
			return p.members()
		}
		best, most := -1, 0
		for j := range s.cover {
			if p.state[j] != undecided {
				continue
			}
			if n := s.gain(p, j); n > most {
				best, most = j, n
			}
		}
		if best < 0 {
			return p.members()
		}
		s.take(p, best)
	}
}

// finish finds the first optimal set of a size by ID and counts the others.
func (s *covering) finish(plan *Plan, size int) error {
	s.steps = 0
	found := s.set
	if s.set = s.firstOf(size); s.set != nil {
		plan.FirstProved = true
	} else {
		s.set = found
	}
	if s.err != nil {
		return s.err
	}
	s.exhausted = false
	s.steps = 0
	s.count(s.begin(), size)
	plan.Optima = max(1, min(s.optima, s.maxOptima))
	plan.AllOptima = !s.exhausted && s.optima <= s.maxOptima
	return s.err
}

// firstOf decides the candidates in the order of their IDs: one is in the first
// set if a set with it still covers everything.
func (s *covering) firstOf(size int) []int {
	p := s.begin()
	for j := range s.cover {
		if p.state[j] != undecided || p.chosen == size {
			continue
		}
		s.take(p, j)
		s.set = nil
		ok := s.extend(p, size)
		if s.exhausted || s.err != nil {
			return nil
		}
		if !ok {
			s.undo(p, j)
			p.state[j] = dropped
		}
	}
	return p.members()
}

// count counts the covers of exactly a size, each once: a set belongs to the
// branch of its first member in each tightest row.
func (s *covering) count(p *part, size int) {
	if s.optima > s.maxOptima || s.tick() {
		return
	}
	row, ways, open := s.tightest(p)
	room := size - p.chosen
	if !open {
		free := 0
		for _, x := range p.state {
			if x == undecided {
				free++
			}
		}
		s.optima = min(s.optima+choose(free, room, s.maxOptima+1), s.maxOptima+1)
		return
	}
	if len(ways) < int(p.need[row]) || s.lower(p, room) > room {
		return
	}
	for _, j := range ways {
		s.take(p, int(j))
		s.count(p, size)
		s.undo(p, int(j))
		p.state[j] = dropped
	}
	for _, j := range ways {
		p.state[j] = undecided
	}
}

// choose is the number of ways to pick k of n, at most a limit.
func choose(n, k, limit int) int {
	if k < 0 || k > n {
		return 0
	}
	ways := 1
	for i := 1; i <= min(k, n-k); i++ {
		ways = ways * (n - i + 1) / i
		if ways >= limit {
			return limit
		}
	}
	return ways
}

// fillUp adds the first candidates by ID to a set until it has a size.
func (s *covering) fillUp(size int) []int {
	set := slices.Clone(s.set)
	for j, c := range s.in.candidates {
		if len(set) < size && c.Choice != Forbidden && !slices.Contains(set, j) {
			set = append(set, j)
		}
	}
	return set
}
