// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/scc"
	"github.com/oncoref/oncoref/graph/internal/team"
)

// spectrum is the search for the strongly connected component with the
// largest spectral radius.
type spectrum struct {
	measure   string
	limit     limits
	self      bool
	unit      float64 // factor that makes the largest weight 1
	rows      *rows   // what a node gets: the edges that enter it for In
	component []int32 // numbered so that what a node gets comes from a higher number or the same
	team      *team.Team

	radius float64
	tied   bool
	best   int32 // component
	vector []float64
	x, y   []float64 // space for products
}

func newSpectrum(ctx context.Context, measure string, g *graph.Digraph, c EigenvectorConfig) (*spectrum, error) {
	if err := checkInOut(measure, c.Direction); err != nil {
		return nil, err
	}
	if err := checkNorm(measure, c.Norm); err != nil {
		return nil, err
	}
	limit, err := limitsOf(measure, c.Tolerance, c.MaxIterations, usualPerron)
	if err != nil {
		return nil, err
	}
	if c.Direction == Out {
		g = g.Transpose()
	}
	csr := g.CSR()
	t := newSweepTeam(c.Workers, g.Size())
	s := &spectrum{
		measure: measure, limit: limit, self: c.WithSelf, unit: unitOf(csr, c.WithSelf), best: -1,
		rows: newRows(ctx, t, csr.InStart, csr.InFrom, csr.InWeight), team: t,
	}
	s.x, s.y, s.vector = make([]float64, g.Len()), make([]float64, g.Len()), make([]float64, g.Len())
	s.component, _ = scc.Of(scc.Rows{Start: csr.OutStart, Node: csr.OutTo}, scc.Rows{Start: csr.InStart, Node: csr.InFrom}, func() bool { return ctx.Err() != nil })
	if err := ctx.Err(); err != nil {
		s.team.Close()
		return nil, err
	}
	return s, nil
}

// each calls f for the entries of row i within its component.
func (s *spectrum) each(i int32, f func(j int32, w float64)) {
	r := s.rows
	for k := r.start[i]; k < r.start[i+1]; k++ {
		if j := r.node[k]; s.component[j] == s.component[i] && (j != i || s.self) {
			f(j, r.value[k]*s.unit)
		}
	}
}

// block is a component with an upper bound on its spectral radius.
type block struct {
	number int32
	nodes  []int32
	upper  float64
}

// blocks returns the components that have a cycle, those with the largest
// upper bound first; none if ctx is done.
func (s *spectrum) blocks(ctx context.Context) []block {
	n := s.rows.len()
	count := int32(0)
	for _, c := range s.component {
		count = max(count, c+1)
	}
	all := make([]block, count)
	column := make([]float64, n)
	for i := range int32(n) {
		if i%rowsPerLook == 0 && ctx.Err() != nil {
			return nil
		}
		b := &all[s.component[i]]
		b.number = s.component[i]
		b.nodes = append(b.nodes, i)
		total := 0.0
		s.each(i, func(j int32, w float64) {
			total += w
			column[j] += w
		})
		b.upper = max(b.upper, total)
	}
	widest := make([]float64, count)
	for i, x := range column {
		widest[s.component[i]] = max(widest[s.component[i]], x)
	}
	cyclic := all[:0]
	for c, b := range all {
		if b.upper > 0 {
			b.upper = min(b.upper, widest[c]) * (1 + tie)
			cyclic = append(cyclic, b)
		}
	}
	slices.SortStableFunc(cyclic, func(a, b block) int { return cmp.Compare(b.upper, a.upper) })
	return cyclic
}

// solve finds the component, its spectral radius and its eigenvector, and
// whether another component has the same radius.
func (s *spectrum) solve(ctx context.Context) error {
	best := -1.0
	var top block
	var vector []float64
	for _, b := range s.blocks(ctx) {
		if b.upper < best*(1-tie) {
			break
		}
		value, x, err := s.solveBlock(ctx, b)
		if err != nil {
			return err
		}
		s.tied = s.tied && value <= best*(1+tie) || math.Abs(value-best) <= tie*best
		if value > best {
			best, s.best, top, vector = value, b.number, b, x
		}
	}
	for a, i := range top.nodes {
		s.vector[i] = vector[a]
	}
	s.radius = max(best, 0) / s.unit
	return ctx.Err()
}

func (s *spectrum) solveBlock(ctx context.Context, b block) (float64, []float64, error) {
	defer func() {
		for _, i := range b.nodes {
			s.x[i] = 0
		}
	}()
	// Entries of x outside the component are 0.
	within := func(i int32, x []float64) float64 {
		t := s.rows.dot(int(i), x)
		if s.self {
			t += s.rows.diagonal(int(i)) * x[i]
		}
		return t * s.unit
	}
	p := perron{
		measure: s.measure, limit: s.limit, team: s.team, entries: s.each, x: s.x, y: s.y,
		apply: func(y, x []float64) {
			s.team.Each(phaseChunks, func(c int) {
				for _, i := range b.nodes[len(b.nodes)*c/phaseChunks : len(b.nodes)*(c+1)/phaseChunks] {
					y[i] = within(i, x)
				}
			})
		},
	}
	return p.solve(ctx, b.nodes)
}

// downstream returns the nodes outside the best component that get something
// from it, in an order in which all but cycles point forward.
func (s *spectrum) downstream() []int32 {
	n := s.rows.len()
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(s.component[b], s.component[a]) })
	fed := make([]bool, n)
	var list []int32
	for lo := 0; lo < n; {
		hi := lo
		given := false
		for ; hi < n && s.component[order[hi]] == s.component[order[lo]]; hi++ {
			i := order[hi]
			for _, j := range s.rows.node[s.rows.start[i]:s.rows.start[i+1]] {
				given = given || fed[j] || s.component[j] == s.best
			}
		}
		if given && s.component[order[lo]] != s.best {
			for _, i := range order[lo:hi] {
				fed[i] = true
			}
			list = append(list, order[lo:hi]...)
		}
		lo = hi
	}
	return list
}
