// SPDX-License-Identifier: Apache-2.0

package community

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/oncoref/oncoref/graph"
)

// LeidenConfig are the choices of [Leiden]. The zero value looks for the
// largest directed modularity at resolution 1.
type LeidenConfig struct {
	Null       Null      // what to compare with; the zero value is Directed
	Resolution float64   // γ, above 0 and at most 1e12: more of it gives smaller communities; 0 means 1
	Seed       uint64    // of the order in which nodes are visited; every seed, 0 too, gives a result of its own
	Iterations int       // at most so many runs through all nodes, each beginning with the result of the last; 0 means 2
	Start      Partition // where to begin; the zero value is every node for itself
}

// defaultIterations is the number of iterations if the config says 0.
const defaultIterations = 2

// ErrCount says that a number of iterations, runs or workers is below 0.
var ErrCount = errors.New("negative number of iterations, runs or workers")

// Result is a partition that a search found.
type Result struct {
	Partition  Partition
	Modularity float64 // of Partition, at the null model and the resolution of the search
	Iterations int     // iterations made, the one that found nothing better included; 0 for an exact result
	Stable     bool    // whether the last iteration found nothing better
	Exact      bool    // whether no partition has a larger modularity
}

// Leiden returns a partition of the nodes into communities with a modularity
// near the largest possible; [Modularity] says what loops and directions
// count. It moves nodes between communities as long as modularity grows,
// splits each community into well connected parts, contracts the parts to
// nodes, and does the same with these, until nothing changes; this is one
// iteration.
//
// Every community is connected, if edges are followed in either direction, and
// a node without edges to others is a community of its own. The modularity is
// never less than that of Start or that of the partition after fewer
// iterations. Graphs of at most 10 nodes are solved exactly, see [Exact]. The
// result depends on the graph, the null model, the resolution, the seed, the
// number of iterations and Start, and on nothing else: a large graph is
// searched by all cores, but their number changes nothing. In a graph without
// edges between different nodes every node is a community; without any edge
// the modularity is NaN.
//
// The error wraps [ErrNull], [ErrResolution] or [ErrCount], or is that of
// ctx. It panics if Start is a partition of other nodes than those of g.
//
// Time about O(m log n) an iteration, memory O(n + m) and O(n) for each core,
// for n nodes and m edges.
//
// Reference: Traag, Waltman and van Eck 2019, doi:10.1038/s41598-019-41695-z,
// with the best instead of a random part in the refinement; for directed
// graphs with the gain of Dugué and Perez 2015, hal-01231784.
func Leiden(ctx context.Context, g *graph.Digraph, c LeidenConfig) (Result, error) {
	p, err := newProblem(ctx, g, c)
	if err != nil {
		return Result{}, err
	}
	return p.solve(ctx, 0)
}

// problem is a graph made ready for searches, which may share it.
type problem struct {
	g       *graph.Digraph
	c       LeidenConfig
	m       ModularityConfig
	base    *level
	workers int             // for one search; 0 means one for each core
	prepare func(s *search) // for tests: changes the search before it begins, and makes sure that there is one
}

func newProblem(ctx context.Context, g *graph.Digraph, c LeidenConfig) (*problem, error) {
	m, err := ModularityConfig{c.Null, c.Resolution}.resolved()
	if err != nil {
		return nil, err
	}
	if c.Iterations < 0 {
		return nil, fmt.Errorf("community: %d iterations: %w", c.Iterations, ErrCount)
	}
	if c.Iterations == 0 {
		c.Iterations = defaultIterations
	}
	if c.Start.labels.Len() > 0 {
		c.Start.For(g)
	}
	p := &problem{g: g, c: c, m: m}
	w := newCrew(ctx, 0, g.Size())
	defer w.close()
	p.base, err = newLevel(w, g, m.Null)
	return p, err
}

// solve runs the search with random numbers of its own.
func (p *problem) solve(ctx context.Context, stream uint64) (Result, error) {
	if p.prepare == nil && p.g.Len() <= alwaysExact {
		o, err := exact(ctx, p.g, p.m)
		if err != nil {
			return Result{}, err
		}
		label := o.Partition.labels.Slice()
		own := make([]int32, len(label))
		for i, l := range label {
			own[i] = int32(l)
		}
		t := ticker{ctx: ctx}
		if err := p.base.connect(&t, own); err != nil {
			return Result{}, err
		}
		r := Result{Partition: renumbered(p.g, own), Exact: true, Stable: true}
		w := newCrew(ctx, 1, 0)
		defer w.close()
		r.Modularity, err = modularity(w, p.g, r.Partition, p.m)
		return r, err
	}
	return p.leiden(ctx, stream)
}

func (p *problem) leiden(ctx context.Context, stream uint64) (Result, error) {
	n := p.g.Len()
	w := newCrew(ctx, p.workers, len(p.base.node))
	defer w.close()
	s := newSearch(w, n, p.m.Resolution, p.g.Total(), rand.New(rand.NewPCG(p.c.Seed, stream)))
	if p.prepare != nil {
		p.prepare(s)
	}
	label := p.begin()
	best := Result{Modularity: math.Inf(-1)}
	if p.c.Start.labels.Len() > 0 || p.g.Total() == 0 {
		err := p.base.connect(&w.workers[0].ticker, label)
		if err != nil {
			return Result{}, err
		}
		best.Partition = renumbered(p.g, label)
		if best.Modularity, err = modularity(w, p.g, best.Partition, p.m); err != nil {
			return Result{}, err
		}
		best.Stable = p.g.Total() == 0
	}
	for best.Iterations < p.c.Iterations && !best.Stable {
		if err := s.iterate(p.base, label); err != nil {
			return Result{}, err
		}
		if err := w.done(); err != nil {
			return Result{}, err
		}
		found := renumbered(p.g, label)
		q, err := modularity(w, p.g, found, p.m)
		if err != nil {
			return Result{}, err
		}
		best.Iterations++
		best.Stable = !(q > best.Modularity+tolerance)
		if q > best.Modularity {
			best.Partition, best.Modularity = found, q
		}
	}
	return best, nil
}

// begin returns the labels of the start, with nodes of no community for
// themselves.
func (p *problem) begin() []int32 {
	label := make([]int32, p.g.Len())
	start := p.c.Start.labels.Slice()
	free := int32(p.c.Start.Count())
	for i := range label {
		switch {
		case start == nil:
			label[i] = int32(i)
		case start[i] == None:
			label[i] = free
			free++
		default:
			label[i] = int32(start[i])
		}
	}
	return label
}

func newSearch(c *crew, n int, resolution, weight float64, rng *rand.Rand) *search {
	for k := range c.workers {
		c.workers[k].acc = make([]float64, n)
	}
	return &search{
		crew: c, resolution: resolution, weight: weight, touched: touched, rng: rng,
		total: make([]flow, n), size: make([]int32, n), empty: make([]int32, 0, n),
		queue: make([]int32, n), state: make([]state, n), blocks: make([]int32, n/block+1),
		batch: make([]int32, min(n, maxAhead)), offers: make([]offer, min(n, maxAhead)),
		border: make([]float64, n), own: make([]flow, n),
		of: make([]int32, n), part: make([]int32, n),
	}
}

// iterate changes label to a partition of at least the same modularity, with
// connected communities.
func (s *search) iterate(base *level, label []int32) error {
	l, of := base, s.of
	now := label // community of each node of l
	for i := range of {
		of[i] = int32(i)
	}
	loose := false
	for depth := 0; ; depth++ {
		if err := s.move(l, now); err != nil {
			return err
		}
		size := l.len()
		part, spare := s.part[:size], s.queue[:size]
		copy(part, now)
		communities := compact(part, nil, spare)
		if communities == size {
			break
		}
		if err := s.crew.done(); err != nil {
			return err
		}
		s.shuffle(s.queue[:size])
		s.members.fill(part, s.queue[:size], communities)
		if err := s.refine(l, now, part); err != nil {
			return err
		}
		count := compact(part, s.members.node, spare)
		if count == size {
			// No part can grow: go on with whole communities.
			loose = true
			copy(part, now)
			count = compact(part, s.members.node, spare)
		}
		if err := s.crew.done(); err != nil {
			return err
		}
		up := &s.pool[depth%2]
		if err := s.contract(l, part, count, up); err != nil {
			return err
		}
		above := make([]int32, count)
		for u, c := range part {
			above[c] = now[u]
		}
		compact(above, nil, spare)
		for i, u := range of {
			of[i] = part[u]
		}
		l, now = up, above
	}
	if l != base {
		for i, u := range of {
			label[i] = now[u]
		}
	}
	if loose {
		return base.connect(&s.crew.workers[0].ticker, label)
	}
	return nil
}

// connect splits communities that are not connected, which cannot lower
// modularity, because chance expects no less of the whole than of its parts.
func (l *level) connect(t *ticker, label []int32) error {
	n := l.len()
	seen := make([]bool, n)
	out := make([]int32, n)
	var stack []int32
	next := int32(0)
	for s := range n {
		if seen[s] {
			continue
		}
		seen[s] = true
		stack = append(stack[:0], int32(s))
		for len(stack) > 0 {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			out[u] = next
			for _, v := range l.node[l.start[u]:l.start[u+1]] {
				if !seen[v] && label[v] == label[u] {
					seen[v] = true
					stack = append(stack, v)
				}
			}
			if err := t.spend(l.degree(u)); err != nil {
				return err
			}
		}
		next++
	}
	copy(label, out)
	return nil
}
