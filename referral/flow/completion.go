// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/internal/transport"
	"github.com/oncoref/oncoref/referral"
)

// CompletionConfig are the choices of [GraphBounds] and [TableBounds].
type CompletionConfig struct {
	Limit   int    // completions that are all tried; 0 means 1,000,000
	Samples int    // completions that are drawn when there are more; 0 means 1000
	Seed    uint64 // of the draws
	Workers int    // goroutines; 0 means all cores. The result does not depend on it
}

const (
	defaultLimit   = 1_000_000
	defaultSamples = 1000
)

// ReasonSomeUndefined is the reason of bounds over the completions in which a
// measure has a value, when it has none in others.
const ReasonSomeUndefined = "undefined_in_some"

// GraphBounds returns the bounds of any measure of a graph over the completions
// of a table: the tables of whole counts that agree with all its cells and
// published totals.
//
//	min and max measure(graph of F) over F
//
// The graph of a completion is that of [referral.Table.Graph] under Counts; all
// have the members of t.Graph(referral.Lower), in that order. A set-valued class
// is a member of its own: to which of its classes its patients went is not
// tried. The measure returns as many numbers for each graph, for instance one
// for each member; NaN stands for no value. It is called from several
// goroutines at once.
//
//	b, err := flow.GraphBounds(ctx, t, func(g *graph.Digraph) ([]float64, error) {
//		c, err := centrality.Betweenness(ctx, g, centrality.BetweennessConfig{})
//		return c.Slice(), err
//	}, flow.CompletionConfig{})
//
// If there are at most Limit completions all are tried and the bounds are exact
// and attained (bounded). Else Samples of them are drawn, half of them vertices
// of the polytope, which minimize a random linear function, and half of them
// uniform, and the bounds are an inner envelope of what is possible: nothing is
// guaranteed (envelope). The first two draws have all cells low and all high. A
// measure that is monotone in each cell has its extremes there.
//
// The results stand in the order of the numbers. Numbers that are NaN in all
// completions are undefined (zero_denominator), in some of them bounded over
// the others (undefined_in_some). If a cell has no upper bound all are
// undefined (unknown_cells or unlisted_cells); if no table agrees infeasible
// (contradicting_totals); if the totals give a suppressed cell away disclosed; if patients
// are divided undefined (divided_patients). There are then as many results as
// the measure has numbers for the graph under the policy Lower.
//
// The error is the first of the measure, in the order of the completions, or
// that of ctx. Time that of the measure for each completion, divided among the
// workers.
func GraphBounds(ctx context.Context, t *referral.Table, measure func(*graph.Digraph) ([]float64, error), c CompletionConfig) ([]referral.Result, error) {
	base, err := t.Graph(referral.Lower)
	if err != nil {
		return nil, err
	}
	m := newModel(t)
	return bounds(ctx, m, c, func() ([]float64, error) { return measure(base) }, func(counts []int64) ([]float64, error) {
		g, err := m.graph(base, counts)
		if err != nil {
			return nil, err
		}
		return measure(g)
	})
}

// TableBounds returns the bounds of any measure of an exact table over the
// completions of a table, as [GraphBounds] does for measures of a graph. The
// completed tables have the metadata and classes of t, one slice, and no
// published totals.
func TableBounds(ctx context.Context, t *referral.Table, measure func(*referral.Table) ([]float64, error), c CompletionConfig) ([]referral.Result, error) {
	m := newModel(t)
	complete := func(counts []int64) ([]float64, error) {
		u, err := m.table(t, counts)
		if err != nil {
			return nil, err
		}
		return measure(u)
	}
	return bounds(ctx, m, c, func() ([]float64, error) {
		least := make([]int64, len(m.cell))
		for k, c := range m.cell {
			least[k] = int64(c.lo)
		}
		return complete(least)
	}, complete)
}

// graph makes the graph of counts of the cells.
func (m *model) graph(base *graph.Digraph, counts []int64) (*graph.Digraph, error) {
	var b graph.Builder
	for _, key := range base.Keys() {
		if err := b.AddNode(key); err != nil {
			return nil, err
		}
	}
	for k, c := range m.cell {
		if counts[k] == 0 {
			continue
		}
		from, to := m.rows[m.at[k]].name, m.cols[c.col].name
		if c.retained {
			to = from
		}
		if err := b.AddEdge(from, to, float64(counts[k])); err != nil {
			return nil, err
		}
	}
	return b.Build(), nil
}

// table makes the table of counts of the cells.
func (m *model) table(t *referral.Table, counts []int64) (*referral.Table, error) {
	return referral.FromFlows(t.Meta(), referral.AbsentZero, func(yield func(referral.Flow) bool) {
		for k, n := range counts {
			f := m.flowAt(t, k)
			if f.Cell = referral.Count(float64(n)); !yield(f) {
				return
			}
		}
	})
}

// bounds gives the bounds of a measure of counts of the cells. The measure of
// the least counts says how many numbers there are when there is no completion.
func bounds(ctx context.Context, m *model, c CompletionConfig, least func() ([]float64, error), measure func(counts []int64) ([]float64, error)) ([]referral.Result, error) {
	if c.Limit < 0 || c.Samples < 0 {
		return nil, fmt.Errorf("flow: limit %d and samples %d of completions: want at least 0", c.Limit, c.Samples)
	}
	if c.Limit == 0 {
		c.Limit = defaultLimit
	}
	if c.Samples == 0 {
		c.Samples = defaultSamples
	}
	s, refused, err := newSpace(ctx, m, c)
	if err != nil {
		return nil, err
	}
	if refused != nil {
		x, err := least()
		if err != nil {
			return nil, err
		}
		return slices.Repeat([]referral.Result{*refused}, len(x)), nil
	}
	e, all, err := s.measure(ctx, measure)
	if err != nil {
		return nil, err
	}
	out := make([]referral.Result, len(e.lo))
	for i := range out {
		out[i] = m.extreme(e, i, all)
	}
	return out, nil
}

// extreme makes the result of a number.
func (m *model) extreme(e extremes, i int, all bool) referral.Result {
	if e.defined[i] == 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	lo, hi := e.lo[i], e.hi[i]
	r := m.bounded(lo, hi, false)
	switch {
	case !all:
		r = referral.Result{Value: math.NaN(), Lo: lo, Hi: hi, Status: referral.Envelope, Reason: m.reason()}
	case e.defined[i] < e.tried:
		r = referral.Result{Value: math.NaN(), Lo: lo, Hi: hi, Status: referral.Bounded}
	}
	if e.defined[i] < e.tried {
		r.Reason = ReasonSomeUndefined
	}
	return r
}

// extremes are the smallest and the largest numbers seen.
type extremes struct {
	lo, hi  []float64
	defined []int
	tried   int
}

// see adds numbers. It reports whether there are as many as before.
func (e *extremes) see(x []float64) bool {
	if e.tried == 0 && e.lo == nil {
		e.lo, e.hi, e.defined = make([]float64, len(x)), make([]float64, len(x)), make([]int, len(x))
		for i := range x {
			e.lo[i], e.hi[i] = math.Inf(1), math.Inf(-1)
		}
	}
	if len(x) != len(e.lo) {
		return false
	}
	e.tried++
	for i, v := range x {
		if !math.IsNaN(v) {
			e.lo[i], e.hi[i] = min(e.lo[i], v), max(e.hi[i], v)
			e.defined[i]++
		}
	}
	return true
}

// merge adds what another saw.
func (e *extremes) merge(o extremes) bool {
	if o.tried == 0 {
		return true
	}
	if e.tried == 0 {
		*e = o
		return true
	}
	if len(o.lo) != len(e.lo) {
		return false
	}
	for i := range o.lo {
		e.lo[i], e.hi[i] = min(e.lo[i], o.lo[i]), max(e.hi[i], o.hi[i])
		e.defined[i] += o.defined[i]
	}
	e.tried += o.tried
	return true
}

// space is the completions of a table.
type space struct {
	config   CompletionConfig
	polytope *transport.Polytope
	bounds   []transport.Range
	open     []int // cells that are not fixed
	all      bool  // few enough to try all
}

// newSpace finds the completions; a result says why there are none to try.
func newSpace(ctx context.Context, m *model, c CompletionConfig) (*space, *referral.Result, error) {
	if m.err != nil {
		return nil, m.err, nil
	}
	p, err := m.polytopeOf()
	if err != nil {
		r, err := refusal(err)
		return nil, &r, err
	}
	s := &space{config: c, polytope: p}
	if s.bounds, err = p.Bounds(ctx, c.Workers); err != nil {
		return nil, nil, err
	}
	boxes := 1.0
	for k, b := range s.bounds {
		switch {
		case b.Hi == transport.Open:
			r := referral.UndefinedResult(m.reason())
			return nil, &r, nil
		case !b.Fixed():
			s.open = append(s.open, k)
			boxes *= float64(b.Hi-b.Lo) + 1
		}
	}
	if s.all = boxes <= float64(c.Limit); !s.all && m.sums {
		s.all, err = p.Enumerate(ctx, c.Limit, func([]int64) bool { return true })
	}
	return s, nil, err
}
