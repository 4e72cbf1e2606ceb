// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// need is a change that must be possible for a sensitive number.
type need struct {
	arc    int
	up     bool
	amount int64
}

// search looks for the pattern of hidden numbers that costs least.
type search struct {
	*walker
	needs  []need
	weight []int64 // what it costs to hide a candidate
	extra  []int32 // arcs hidden beside the sensitive ones
	bounds *transfer
}

func newSearch(n *circuit, sensitive []Sensitive, c Config) *search {
	s := &search{walker: newWalker(n), weight: make([]int64, len(n.value))}
	for _, x := range sensitive {
		n.kind[x.arc] = hidden
		if x.Hi > x.Value {
			s.needs = append(s.needs, need{x.arc, true, x.Hi - x.Value})
		}
		if x.Lo < x.Value {
			s.needs = append(s.needs, need{x.arc, false, x.Value - x.Lo})
		}
	}
	for a, k := range n.kind {
		if k == candidate && n.margin(a) != 0 && !c.HideMargins {
			n.kind[a] = published
		}
		s.weight[a] = n.value[a]*s.unit() + 1
	}
	return s
}

// unit is the weight of one patient: less value always comes before fewer
// cells.
func (s *search) unit() int64 { return int64(1) << 20 }

// candidates gives the arcs that may be hidden.
func (s *search) candidates() []int32 {
	var out []int32
	for a, k := range s.kind {
		if k == candidate {
			out = append(out, int32(a))
		}
	}
	return out
}

func (s *search) hide(a int32) {
	s.kind[a] = hidden
	s.extra = append(s.extra, a)
}

// show makes all numbers candidates again that were hidden beside the sensitive
// ones.
func (s *search) show() {
	for _, a := range s.extra {
		s.kind[a] = candidate
	}
	s.extra = s.extra[:0]
}

func (s *search) isHidden(a int32) bool { return s.kind[a] >= dropped }

func (s *search) mayHide(a int32) bool { return s.kind[a] >= candidate }

// met reports whether a need is met by the numbers that free says may move.
func (s *search) met(n need, free func(a int32) bool) bool {
	ok := s.reach(n.arc, n.up, n.amount, free) == n.amount
	s.reset()
	return ok
}

// unmet gives the needs that are not met.
func (s *search) unmet(free func(a int32) bool) []need {
	var out []need
	for _, n := range s.needs {
		if !s.met(n, free) {
			out = append(out, n)
		}
	}
	return out
}

// meet hides numbers until a need is met, by the paths that add least weight.
// It reports whether there is a way.
func (s *search) meet(n need) bool {
	defer s.reset()
	left := n.amount - s.reach(n.arc, n.up, n.amount, s.isHidden)
	source, target := s.ends(n.arc, n.up)
	for want := left; left > 0; {
		if !s.shortest(source, target, int32(n.arc), func(step int32, room int64) float64 {
			switch a := step >> 1; {
			case room < want || s.kind[a] == published:
				return math.Inf(1)
			case s.isHidden(a):
				return 0
			default:
				return float64(s.weight[a])
			}
		}) || math.IsInf(s.dist[target], 1) {
			if want == 1 {
				return false
			}
			want = (want + 1) / 2
			continue
		}
		for v := target; v != source; {
			step := s.from[v]
			if s.kind[step>>1] == candidate {
				s.hide(step >> 1)
			}
			v = s.behind(step)
		}
		left -= s.augment(source, target, left)
		want = min(want, left)
	}
	return true
}

// prune shows hidden numbers again that are not needed, the heaviest first.
func (s *search) prune() {
	uses := make([][]int32, len(s.needs)) // hidden numbers that each need rests on
	users := map[int32][]int{}
	witness := func(i int) bool {
		n := s.needs[i]
		ok := s.reach(n.arc, n.up, n.amount, s.isHidden) == n.amount
		if ok {
			uses[i] = uses[i][:0]
			for _, a := range s.dirty {
				if s.delta[a] != 0 {
					uses[i] = append(uses[i], a)
					users[a] = append(users[a], i)
				}
			}
		}
		s.reset()
		return ok
	}
	for i := range s.needs {
		witness(i)
	}
	order := slices.Clone(s.extra)
	slices.SortFunc(order, func(a, b int32) int {
		if s.weight[a] != s.weight[b] {
			if s.weight[a] > s.weight[b] {
				return -1
			}
			return 1
		}
		return int(b - a)
	})
	for _, a := range order {
		s.kind[a] = candidate
		for _, i := range slices.Clone(users[a]) {
			if slices.Contains(uses[i], a) && !witness(i) {
				s.kind[a] = hidden
				break
			}
		}
	}
	s.extra = slices.DeleteFunc(s.extra, func(a int32) bool { return s.kind[a] == candidate })
}

// pattern is a set of numbers to hide beside the sensitive ones.
type pattern struct {
	weight int64
	arcs   []int32 // sorted
}

func (s *search) pattern() pattern {
	p := pattern{arcs: slices.Clone(s.extra)}
	slices.Sort(p.arcs)
	for _, a := range p.arcs {
		p.weight += s.weight[a]
	}
	return p
}

// before reports whether a pattern is better than another: less value, then
// fewer numbers, then the first in order of the table.
func (p pattern) before(q pattern) bool {
	if p.weight != q.weight {
		return p.weight < q.weight
	}
	return slices.Compare(p.arcs, q.arcs) < 0
}

// construct meets the needs in several orders, and then takes the best pattern
// apart and mends it a number of times. It reports whether the sensitive
// numbers can be protected at all.
func (s *search) construct(ctx context.Context, rounds int) (pattern, bool, error) {
	order := slices.Clone(s.needs)
	random := rand.New(rand.NewPCG(1, uint64(len(order))))
	var best pattern
	for start := range 3 {
		if err := ctx.Err(); err != nil {
			return best, false, err
		}
		slices.SortStableFunc(order, func(a, b need) int {
			switch start {
			case 0:
				return int(b.amount - a.amount)
			case 1:
				return int(a.amount - b.amount)
			}
			return b.arc - a.arc
		})
		s.show()
		if !s.mend(order) {
			return best, false, nil
		}
		if p := s.pattern(); start == 0 || p.before(best) {
			best = p
		}
	}
	for range rounds {
		if err := ctx.Err(); err != nil {
			return best, false, err
		}
		s.restore(best)
		part := 1 + random.IntN(4)
		for _, a := range slices.Clone(s.extra) {
			if random.IntN(8) < part {
				s.kind[a] = candidate
			}
		}
		s.extra = slices.DeleteFunc(s.extra, func(a int32) bool { return s.kind[a] == candidate })
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		if !s.mend(order) {
			break
		}
		if p := s.pattern(); p.before(best) {
			best = p
		}
	}
	s.restore(best)
	return best, true, nil
}

func (s *search) mend(order []need) bool {
	for _, n := range order {
		if !s.meet(n) {
			return false
		}
	}
	s.prune()
	return true
}

// restore hides the numbers of a pattern and no others.
func (s *search) restore(p pattern) {
	s.show()
	for _, a := range p.arcs {
		s.hide(a)
	}
}
