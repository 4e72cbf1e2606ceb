// SPDX-License-Identifier: Apache-2.0

package transport

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Polytope is the set of all tables of counts that agree with a problem. It
// has at least one and never changes; it is safe for concurrent use.
type Polytope struct {
	problem Problem
	network *network
	flow    []int64 // one table, as a flow
}

// New finds a table that agrees with the problem, which it copies.
//
// The error is an [*InfeasibleError] if there is none, among others when the
// lower bound of a range is above the upper, or wraps [ErrProblem]: an index
// out of range, a negative bound, or finite bounds that add up to more than
// 2^60 divided by their number.
//
// Time O(n² m) at worst, mostly O(m), for n rows and columns and m cells and
// totals; the conflict of an infeasible problem takes that for each of the
// bounds that cross one cut.
func New(p Problem) (*Polytope, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	n, err := newNetwork(p)
	if err != nil {
		return nil, err
	}
	for a := range n.lo {
		if n.lo[a] > n.hi[a] {
			return nil, n.conflict([]int{a})
		}
	}
	r := newResidual(n)
	if !r.feasible() {
		return nil, n.conflict(r.conflict())
	}
	p.Cells = slices.Clone(p.Cells)
	return &Polytope{p, n, r.flow}, nil
}

// Len returns the number of cells.
func (p *Polytope) Len() int { return len(p.problem.Cells) }

// Cell returns cell i as the problem describes it.
func (p *Polytope) Cell(i int) Cell { return p.problem.Cells[i] }

// Complete returns the cells of one table, always the same.
func (p *Polytope) Complete() []int64 { return slices.Clone(p.flow[:p.Len()]) }

// Bounds returns for each cell the smallest and the largest count that it has
// in any table, which are attained; Hi is [Open] if there is no largest. With
// 0 workers all cores work. The result does not depend on the number.
//
// The error is that of ctx. Time that of two maximum flows for each cell that
// is not fixed, memory O(m) for each worker, for m cells and totals.
func (p *Polytope) Bounds(ctx context.Context, workers int) ([]Range, error) {
	return p.bounds(ctx, workers, 0, p.network.cells)
}

// Margins are the tightest ranges of the totals of a problem.
type Margins struct {
	Rows, Cols []Range
	Total      Range
	Groups     []Range
	Blocks     [][]Range // by group and column; nil for a group of which no column total was given
}

// Margins returns for each total the smallest and the largest count that it
// has in any table, as [Polytope.Bounds] does for the cells.
func (p *Polytope) Margins(ctx context.Context, workers int) (Margins, error) {
	n := p.network
	first := n.firstRow()
	all, err := p.bounds(ctx, workers, first, len(n.lo))
	if err != nil {
		return Margins{}, err
	}
	m := Margins{
		Rows: all[:n.rows:n.rows], Cols: all[n.rows : n.rows+n.cols : n.rows+n.cols],
		Total:  all[n.total()-first],
		Groups: all[n.firstGroup()-first : n.firstBlock()-first : n.firstBlock()-first],
	}
	if n.groups > 0 {
		m.Blocks = make([][]Range, n.groups)
	}
	for i, b := range n.blocks {
		m.Blocks[b[0]] = append(m.Blocks[b[0]], all[n.firstBlock()-first+i])
	}
	return m, nil
}

// batch is how many arcs a worker takes at a time.
const batch = 8

// bounds gives the extremes of the arcs from first up to last.
func (p *Polytope) bounds(ctx context.Context, workers, first, last int) ([]Range, error) {
	out := make([]Range, last-first)
	var open []int
	for a := first; a < last; a++ {
		out[a-first] = At(p.flow[a])
		if p.network.lo[a] < p.network.hi[a] {
			open = append(open, a)
		}
	}
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, (len(open)+batch-1)/batch)
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			r := p.residual()
			r.watch()
			for ctx.Err() == nil {
				from := int(next.Add(batch)) - batch
				if from >= len(open) {
					return
				}
				for _, a := range open[from:min(from+batch, len(open))] {
					out[a-first] = r.extremes(a)
				}
			}
		})
	}
	group.Wait()
	return out, ctx.Err()
}

func (p *Polytope) residual() *residual {
	r := newResidual(p.network)
	copy(r.flow, p.flow)
	return r
}
