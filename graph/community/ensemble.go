// SPDX-License-Identifier: Apache-2.0

package community

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/oncoref/oncoref/graph"
)

// RepeatConfig are the choices of [Repeat].
type RepeatConfig struct {
	Leiden  LeidenConfig // of each run; run k draws its random numbers from stream k of the seed, run 0 is that of Leiden
	Runs    int          // 0 means 50
	Workers int          // runs at the same time; 0 means one for each core. The result is the same
}

// defaultRuns is the number of runs if the config says 0.
const defaultRuns = 50

// Ensemble are the results of several runs of [Leiden] on one graph. It never
// changes.
type Ensemble struct {
	Best     Result // result of the largest modularity; of those equal within 1e-12 the one whose labels come first
	Distinct int    // number of different partitions found
	Optima   int    // of these, number with a modularity within 1e-9 of the largest

	g     *graph.Digraph
	runs  []Result // one for each different partition, by labels
	times []int    // how often each was found
	of    []int    // index in runs of the result of each run
}

// Repeat runs [Leiden] several times with different random numbers, to find a
// better partition and to show how far it can be trusted. Each run uses one
// core.
//
// The errors are those of [Leiden], and [ErrCount] for a negative number
// of runs or workers. It panics as Leiden does.
//
// Time as for Leiden, times the number of runs; memory O(n + m) for each
// worker and O(n) for each different partition.
func Repeat(ctx context.Context, g *graph.Digraph, c RepeatConfig) (Ensemble, error) {
	runs, err := positive(c.Runs, defaultRuns)
	if err != nil {
		return Ensemble{}, err
	}
	p, err := newProblem(ctx, g, c.Leiden)
	if err != nil {
		return Ensemble{}, err
	}
	p.workers = 1
	found := make([]Result, runs)
	err = inParallel(ctx, runs, c.Workers, func(ctx context.Context, k int) error {
		r, err := p.solve(ctx, uint64(k))
		found[k] = r
		return err
	})
	if err != nil {
		return Ensemble{}, err
	}
	return newEnsemble(g, found), nil
}

// positive returns n, or the default for 0.
func positive(n, or int) (int, error) {
	if n < 0 {
		return 0, fmt.Errorf("community: %d runs: %w", n, ErrCount)
	}
	return cmp.Or(n, or), nil
}

// inParallel calls f(0) to f(n-1), some of them at the same time, and returns
// an error of one of them.
func inParallel(ctx context.Context, n, workers int, f func(ctx context.Context, k int) error) error {
	if workers < 0 {
		return fmt.Errorf("community: %d workers: %w", workers, ErrCount)
	}
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(workers, n) {
		wg.Go(func() {
			for k := int(next.Add(1)) - 1; k < n && ctx.Err() == nil; k = int(next.Add(1)) - 1 {
				if err := f(ctx, k); err != nil {
					cancel(err)
				}
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

func newEnsemble(g *graph.Digraph, found []Result) Ensemble {
	e := Ensemble{g: g, of: make([]int, len(found))}
	order := make([]int, len(found))
	for k := range order {
		order[k] = k
	}
	byLabels := func(x, y int) int {
		return slices.Compare(found[x].Partition.labels.Slice(), found[y].Partition.labels.Slice())
	}
	slices.SortStableFunc(order, byLabels)
	for at, k := range order {
		if at == 0 || byLabels(order[at-1], k) != 0 {
			e.runs = append(e.runs, found[k])
			e.times = append(e.times, 0)
		}
		e.of[k] = len(e.runs) - 1
		e.times[e.of[k]]++
	}
	e.Distinct = len(e.runs)
	e.Best = e.runs[0]
	for _, r := range e.runs[1:] {
		if r.Modularity > e.Best.Modularity+tolerance {
			e.Best = r
		}
	}
	for _, r := range e.runs {
		if !(r.Modularity < e.Best.Modularity-sameOptimum) {
			e.Optima++
		}
	}
	return e
}

// Runs returns the number of runs.
func (e Ensemble) Runs() int { return len(e.of) }

// Run returns the result of run k.
func (e Ensemble) Run(k int) Result { return e.runs[e.of[k]] }

// Together returns the share of the runs in which nodes i and j are in the
// same community.
//
// Time O(different partitions).
func (e Ensemble) Together(i, j int) float64 {
	n := 0
	for k, r := range e.runs {
		if label := r.Partition.labels.Slice(); label[i] == label[j] {
			n += e.times[k]
		}
	}
	return float64(n) / float64(len(e.of))
}

// Stability returns how alike the runs are: the mean adjusted Rand index of
// all pairs of them, see [Compare]. It is 1 if all found the same, and 1 for a
// single run.
//
// The error is that of ctx.
//
// Time O(d² n) for d different partitions of n nodes.
func (e Ensemble) Stability(ctx context.Context) (float64, error) {
	var s, pairs float64
	for k, r := range e.runs {
		for l, q := range e.runs[:k] {
			if err := ctx.Err(); err != nil {
				return 0, err
			}
			a, err := likeness(r.Partition, q.Partition)
			if err != nil {
				return 0, err
			}
			times := float64(e.times[k]) * float64(e.times[l])
			s += a * times
			pairs += times
		}
		same := float64(e.times[k]) * float64(e.times[k]-1) / 2
		s += same
		pairs += same
	}
	if pairs == 0 {
		return 1, nil
	}
	return s / pairs, nil
}

// likeness returns the adjusted Rand index, 1 for equal partitions.
func likeness(p, q Partition) (float64, error) {
	if p.Equal(q) {
		return 1, nil
	}
	o, err := newOverlap(p, q, graph.Values[float64]{})
	if err != nil {
		return 0, err
	}
	return o.pairs().adjustedRand(), nil
}
