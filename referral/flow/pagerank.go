// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/referral"
)

// PageRankBounds returns for each member of the table's graph the smallest and
// the largest PageRank that it has for any counts within the bounds of the
// cells:
//
//	min and max π_t, π = (1-d) v + d Pᵀ π, P_ij = F_ij / Σ_j F_ij
//
// The choices of c are those of [centrality.PageRank], with which it agrees if
// all cells are exact; its vectors belong to the graph of t.Graph under any
// policy. A row whose cells can all be zero may be a dangling one. A present
// cell outweighs in the limit all bounded ones of its row. A class without a
// row is the origin of nobody, and a set-valued class a member of its own.
//
// Each row chooses its counts for itself, so that the bounds of all members are
// found by policy iteration: in the best row all cells whose destination is
// worth more than the mean are high and all others low. A published total of a
// row limits the choice. A total of a column makes rows depend on each other:
// the cells are narrowed by it first, and the bounds are then guaranteed but
// may not be attained. The others are attained, by whole counts if the cells
// have whole bounds.
//
// The result has one entry for each member in the order of t.Graph, all of the
// status that [GraphBounds] gives when the table contradicts itself or gives a
// suppressed cell away. The bounds of different members are not attained
// together.
//
// The error is that of [centrality.PageRank], or of ctx. Time O(s m) for each
// member, divided among the workers, with m cells and s sweeps, about log(1e-14)
// / log(d) for the first policy and less for the few that follow.
//
// Reference: Fercoq, Akian, Bouhtou and Gaubert 2013,
// doi:10.1109/TAC.2012.2226103.
func PageRankBounds(ctx context.Context, t *referral.Table, c centrality.PageRankConfig) ([]referral.Scoped, error) {
	g, err := t.Graph(referral.Lower)
	if err != nil {
		return nil, err
	}
	least, err := centrality.PageRank(ctx, g, c)
	if err != nil {
		return nil, err
	}
	m := newModel(t)
	out := make([]referral.Scoped, g.Len())
	for i, key := range g.Keys() {
		out[i] = referral.Scoped{Scope: key}
		if m.err != nil {
			out[i].Result = *m.err
		}
	}
	if m.err != nil || len(out) == 0 {
		return out, nil
	}
	if _, err := t.Graph(referral.Counts); err == nil { // all is exact
		for i, x := range least.Slice() {
			out[i].Result = referral.ExactResult(x)
		}
		return out, nil
	}
	w := newWalker(m, g, c)
	workers := c.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var group sync.WaitGroup
	errs := make([]error, len(out))
	for range min(workers, len(out)) {
		group.Go(func() {
			p := newPolicy(w)
			for i := int(next.Add(1)) - 1; i < len(out); i = int(next.Add(1)) - 1 {
				lo, err := p.extreme(ctx, i, -1)
				hi := lo
				if err == nil {
					hi, err = p.extreme(ctx, i, 1)
				}
				errs[i] = err
				out[i].Result = m.bounded(lo, hi, false)
			}
		})
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, ctx.Err()
}

// walker is a random walk whose steps are known within bounds.
type walker struct {
	damping  float64
	teleport []float64
	dangling []float64
	start    []int // cells of each member, by destination
	to       []int
	weight   []span
	sum      []span // of each member
}

func newWalker(m *model, g *graph.Digraph, c centrality.PageRankConfig) *walker {
	w := &walker{damping: c.Damping, sum: make([]span, g.Len())}
	if w.damping == 0 {
		w.damping = 0.85
	}
	w.teleport = distribution(g.Len(), c.Teleport)
	switch c.Dangling {
	case centrality.DanglingTeleport:
		w.dangling = w.teleport
	case centrality.DanglingGiven:
		w.dangling = distribution(g.Len(), c.DanglingTo)
	default:
		w.dangling = distribution(g.Len(), graph.Values[float64]{})
	}
	row := make([]int, g.Len()) // of the model; -1 for none
	for i := range row {
		row[i] = -1
	}
	for r, l := range m.rows {
		i, _ := g.Index(l.name)
		row[i] = r
	}
	to := make([]int, len(m.cols))
	for j, l := range m.cols {
		if to[j], _ = g.Index(l.name); l.name != g.Key(to[j]) {
			to[j] = -1
		}
	}
	w.start = append(w.start, 0)
	for i, r := range row {
		if r >= 0 {
			w.leave(m, i, r, to, c.WithSelf)
		}
		w.start = append(w.start, len(w.to))
	}
	return w
}

// leave adds the cells of a row; what the total of the row leaves for them
// bounds their sum.
func (w *walker) leave(m *model, i, r int, to []int, withSelf bool) {
	var loop, sum span
	type arc struct {
		to int
		span
	}
	var arcs []arc
	for k := m.start[r]; k < m.start[r+1]; k++ {
		c := m.cell[k]
		if c.retained || to[c.col] == i {
			loop = loop.add(c.span)
			continue
		}
		arcs = append(arcs, arc{to[c.col], c.span})
		sum = sum.add(c.span)
	}
	total := m.row[r]
	if withSelf {
		arcs = append(arcs, arc{i, loop})
		sum = sum.add(loop)
	} else {
		total = total.less(loop)
	}
	w.sum[i] = sum.and(total)
	slices.SortFunc(arcs, func(a, b arc) int { return cmp.Compare(a.to, b.to) })
	for _, a := range arcs {
		if a.hi > 0 {
			w.to = append(w.to, a.to)
			w.weight = append(w.weight, a.span)
		}
	}
}

// distribution scales weights to sum 1; without any all are the same.
func distribution(n int, v graph.Values[float64]) []float64 {
	p := slices.Clone(v.Slice())
	if len(p) == 0 {
		p = slices.Repeat([]float64{1}, n)
	}
	most, sum := slices.Max(p), 0.0
	for i := range p {
		p[i] /= most
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// policy is a choice of counts for each row, and what a visit to each member is
// worth under it: the expected number of visits to the target that follow.
type policy struct {
	*walker
	step  []float64 // probability of each cell; all 0 in a dangling row
	jumps []bool    // rows that are dangling
	value []float64
	most  float64 // largest size of a value
	order []int   // cells of a row, the worthiest first
	trial []float64
}

func newPolicy(w *walker) *policy {
	n := len(w.teleport)
	return &policy{walker: w, step: make([]float64, len(w.to)), jumps: make([]bool, n), value: make([]float64, n)}
}

// precision is the change of a value, as a share of the largest, at which it is
// found.
const precision = 1e-14

// maxPolicies is never reached: each policy is better than those before.
const maxPolicies = 1000

// extreme gives the largest PageRank of a member for sign 1, and the smallest
// for -1.
func (p *policy) extreme(ctx context.Context, target int, sign float64) (float64, error) {
	for i := range p.value {
		p.value[i] = 0
	}
	p.value[target] = sign
	p.improve(true)
	for range maxPolicies {
		if err := p.evaluate(ctx, target, sign); err != nil {
			return math.NaN(), err
		}
		if !p.improve(false) {
			break
		}
	}
	sum := 0.0
	for i, v := range p.teleport {
		sum += v * p.value[i]
	}
	return sign * (1 - p.damping) * sum, nil
}

// evaluate solves value = sign·1[target] + d P value by the method of Gauss and
// Seidel, from the values of the policy before.
func (p *policy) evaluate(ctx context.Context, target int, sign float64) error {
	d := p.damping
	const sweeps = 1_000_000
	for range sweeps {
		if err := ctx.Err(); err != nil {
			return err
		}
		worst, most := 0.0, 0.0
		for i, old := range p.value {
			x, stay := 0.0, 1.0
			if i == target {
				x = sign
			}
			if p.jumps[i] {
				for j, v := range p.dangling {
					if j != i {
						x += d * v * p.value[j]
					}
				}
				stay -= d * p.dangling[i]
			} else {
				for k := p.start[i]; k < p.start[i+1]; k++ {
					if j := p.to[k]; j != i {
						x += d * p.step[k] * p.value[j]
					} else {
						stay -= d * p.step[k]
					}
				}
			}
			p.value[i] = x / stay
			worst = max(worst, math.Abs(p.value[i]-old))
			most = max(most, math.Abs(p.value[i]))
		}
		if worst <= precision*most {
			p.most = most
			return nil
		}
	}
	return fmt.Errorf("flow: PageRankBounds: %w", centrality.ErrNotConverged)
}

// improve lets each row choose the best counts for the values there are, and
// reports whether a row gains by it. The first time every row chooses.
func (p *policy) improve(first bool) bool {
	changed := false
	for i := range p.value {
		from, to := p.start[i], p.start[i+1]
		value, jump := p.best(i)
		if !first {
			now := 0.0
			if p.jumps[i] {
				now = p.jumpValue()
			} else {
				for k := from; k < to; k++ {
					now += p.step[k] * p.value[p.to[k]]
				}
			}
			if value <= now+10*precision/(1-p.damping)*p.most {
				continue
			}
		}
		changed = true
		p.jumps[i] = jump
		copy(p.step[from:to], p.trial)
	}
	return changed
}

func (p *policy) jumpValue() float64 {
	x := 0.0
	for j, v := range p.dangling {
		x += v * p.value[j]
	}
	return x
}

// best finds the largest mean value of where a row leads, into trial, and
// reports whether the row is better left dangling.
func (p *policy) best(i int) (float64, bool) {
	from := p.start[i]
	weight, to := p.weight[from:p.start[i+1]], p.to[from:p.start[i+1]]
	p.order, p.trial = p.order[:0], p.trial[:0]
	sum, worth := 0.0, 0.0
	for k, s := range weight {
		p.trial = append(p.trial, s.lo)
		sum += s.lo
		worth += s.lo * p.value[to[k]]
		if !s.known() {
			p.order = append(p.order, k)
		}
	}
	mayJump := sum == 0 && p.sum[i].lo <= 0
	slices.SortFunc(p.order, func(a, b int) int {
		return cmp.Or(-cmp.Compare(p.value[to[a]], p.value[to[b]]), cmp.Compare(a, b))
	})
	for _, k := range p.order {
		v := p.value[to[k]]
		more := min(weight[k].hi-weight[k].lo, p.sum[i].hi-sum)
		if sum > 0 && v <= worth/sum {
			more = min(more, p.sum[i].lo-sum)
		}
		if more <= 0 {
			break
		}
		if math.IsInf(more, 1) {
			clear(p.trial)
			p.trial[k], sum, worth = 1, 1, v
			break
		}
		p.trial[k] += more
		sum += more
		worth += more * v
	}
	if sum > 0 {
		for k := range p.trial {
			p.trial[k] /= sum
		}
		worth /= sum
	}
	if jump := p.jumpValue(); sum == 0 || mayJump && jump > worth {
		return jump, true
	}
	return worth, false
}
