// SPDX-License-Identifier: Apache-2.0

package disclosure

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// bound returns a weight that no pattern can be below, given the numbers that
// are hidden now and those that may be: the dual of the linear relaxation with
// a flow for each need, raised need by need (dual ascent). For each need the
// cost of a candidate is what earlier needs left of its weight, divided by the
// part of the need that it can carry; the cheapest flow is added to the bound,
// and the differences of potentials are taken off the weights.
func (s *search) bound(order []need) float64 { return s.raise(order, nil) }

// raise is bound; it takes down what each need adds.
func (s *search) raise(order []need, adds []float64) float64 {
	if s.bounds == nil {
		s.bounds = newTransfer(s.nodes, s.tailOf(), s.headOf())
	}
	m := s.bounds
	left := make([]float64, len(s.weight))
	for a, w := range s.weight {
		if s.kind[a] == candidate {
			left[a] = float64(w)
		}
	}
	total := 0.0
	for k, n := range order {
		part := func(way int32) float64 {
			a := way >> 1
			if way&1 == 0 {
				return 1
			}
			return float64(min(s.value[a]-s.floor[a], n.amount)) / float64(n.amount)
		}
		for way := range m.room {
			a := int32(way >> 1)
			room := int64(0)
			cost := 0.0
			switch {
			case int(a) == n.arc || s.kind[a] == published:
			case way&1 == 0:
				room, cost = endless, left[a]/float64(n.amount)
			case s.value[a] > s.floor[a]:
				room = s.value[a] - s.floor[a]
				if s.kind[a] == candidate {
					cost, room = left[a]/(part(int32(way))*float64(n.amount)), endless
				}
			}
			m.room[way], m.cost[way] = room, cost
		}
		m.clear()
		source, target := s.ends(n.arc, n.up)
		if m.send(source, target, n.amount) < n.amount {
			return math.Inf(1)
		}
		gain := 0.0
		for way, f := range m.flow {
			gain += float64(f) * m.cost[way]
		}
		total += gain
		if adds != nil {
			adds[k] = gain
		}
		for way := range m.room {
			a := way >> 1
			if s.kind[a] != candidate || m.room[way] == 0 {
				continue
			}
			if rise := m.potential[m.head[way]] - m.potential[m.tail[way]]; rise > 0 {
				left[a] = max(0, left[a]-rise*part(int32(way))*float64(n.amount))
			}
		}
	}
	return total
}

// bestBound tries orders of the needs and gives the largest bound.
func (s *search) bestBound(rounds int) float64 {
	random := rand.New(rand.NewPCG(2, uint64(len(s.needs))))
	order := slices.Clone(s.needs)
	adds := make([]float64, len(order))
	best := 0.0
	for k := range max(rounds, 2) {
		switch {
		case k == 0:
			slices.SortStableFunc(order, func(a, b need) int { return int(b.amount - a.amount) })
		case k%4 == 1: // those that added least go first
			place := make([]int, len(order))
			for i := range place {
				place[i] = i
			}
			slices.SortStableFunc(place, func(a, b int) int { return cmp.Compare(adds[a], adds[b]) })
			next := make([]need, len(order))
			for i, p := range place {
				next[i] = order[p]
			}
			order = next
		default:
			random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		}
		best = max(best, s.raise(order, adds))
	}
	return best
}

// tailOf and headOf give the ways of the numbers as arcs: 2a up, 2a+1 down.
func (s *search) tailOf() []int32 {
	out := make([]int32, 0, 2*len(s.tail))
	for a := range s.tail {
		out = append(out, s.tail[a], s.head[a])
	}
	return out
}

func (s *search) headOf() []int32 {
	out := make([]int32, 0, 2*len(s.tail))
	for a := range s.tail {
		out = append(out, s.head[a], s.tail[a])
	}
	return out
}

// floorWeight rounds a bound up to a whole weight.
func floorWeight(b float64) int64 {
	if math.IsInf(b, 1) {
		return math.MaxInt64
	}
	return int64(math.Ceil(b*(1-1e-9) - 1e-3))
}

// optimum is a branch and bound for the best pattern.
type optimum struct {
	*search
	best  pattern
	left  int // patterns that may still be looked at
	ctx   context.Context
	err   error
	spent bool
}

// improve looks for a better pattern than the one given among all of them,
// until it has seen limit of them. It reports whether the result is the best.
func (s *search) improve(ctx context.Context, start pattern, limit int) (pattern, bool, error) {
	o := &optimum{search: s, best: start, left: limit, ctx: ctx}
	s.show()
	o.branch(0)
	s.show()
	return o.best, !o.spent && o.err == nil, o.err
}

func (o *optimum) branch(weight int64) {
	if o.left--; o.left < 0 {
		o.spent = true
		return
	}
	if o.err = o.ctx.Err(); o.err != nil {
		return
	}
	unmet := o.unmet(o.isHidden)
	if len(unmet) == 0 {
		if p := o.pattern(); p.before(o.best) {
			o.best = p
		}
		return
	}
	if b := o.bound(unmet); b > float64(math.MaxInt64/2) || weight+floorWeight(b) > o.best.weight {
		return
	}
	for _, n := range o.needs {
		if !o.met(n, o.mayHide) {
			return
		}
	}
	a := o.pick(unmet[0])
	if a < 0 {
		return
	}
	depth := len(o.extra)
	o.hide(a)
	o.branch(weight + o.weight[a])
	o.extra = o.extra[:depth]
	o.kind[a] = published
	if !o.spent && o.err == nil {
		o.branch(weight)
	}
	o.kind[a] = candidate
}

// pick gives a candidate on the cheapest path that would help a need.
func (o *optimum) pick(n need) int32 {
	defer o.reset()
	got := o.reach(n.arc, n.up, n.amount, o.isHidden)
	source, target := o.ends(n.arc, n.up)
	want := n.amount - got
	cost := func(step int32, room int64) float64 {
		switch a := step >> 1; {
		case o.kind[a] == published || room < want:
			return math.Inf(1)
		case o.isHidden(a):
			return 0
		default:
			return float64(o.weight[a])
		}
	}
	for !o.shortest(source, target, int32(n.arc), cost) || math.IsInf(o.dist[target], 1) {
		if want == 1 {
			return -1
		}
		want = (want + 1) / 2
	}
	var path []int32
	for v := target; v != source; {
		step := o.from[v]
		if o.kind[step>>1] == candidate {
			path = append(path, step>>1)
		}
		v = o.behind(step)
	}
	if len(path) == 0 {
		return -1
	}
	return slices.MinFunc(path, func(a, b int32) int {
		if o.weight[a] != o.weight[b] {
			if o.weight[a] > o.weight[b] { // the heaviest decides most
				return -1
			}
			return 1
		}
		return int(a - b)
	})
}
