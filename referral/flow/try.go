// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"github.com/oncoref/oncoref/internal/transport"
)

// batch is how many completions a worker tries at a time. The draws of a batch
// have a random stream of their own, so that it does not matter who makes them.
const batch = 32

// work is a batch of completions: the counts of the open cells one after the
// other, or draws to make.
type work struct {
	at     int
	counts []int64
	draws  int
}

// measure tries all completions, or a sample, and reports which.
func (s *space) measure(ctx context.Context, measure func(counts []int64) ([]float64, error)) (extremes, bool, error) {
	workers := s.config.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	inner, stop := context.WithCancel(ctx)
	defer stop()
	todo := make(chan work, workers)
	var group sync.WaitGroup
	var mu sync.Mutex
	var total extremes
	var failed error
	failedAt := math.MaxInt
	fail := func(at int, err error) {
		if at < failedAt {
			failed, failedAt = err, at
		}
		stop()
	}
	for range workers {
		group.Go(func() {
			w := &trial{space: s, counts: make([]int64, len(s.bounds)), measure: measure}
			for k, b := range s.bounds {
				w.counts[k] = b.Lo
			}
			for x := range todo {
				seen, err := w.try(ctx, x)
				mu.Lock()
				if err == nil && !total.merge(seen) {
					err = errNumbers
				}
				if err != nil {
					fail(x.at, err)
				}
				mu.Unlock()
			}
		})
	}
	err := s.deal(inner, todo)
	close(todo)
	group.Wait()
	switch {
	case failed != nil:
		return total, s.all, failed
	case ctx.Err() != nil:
		return total, s.all, ctx.Err()
	}
	return total, s.all, err
}

// errNumbers says that a measure changes its mind about what it measures.
var errNumbers = fmt.Errorf("flow: a measure must return as many numbers for each completion")

// deal hands out the work.
func (s *space) deal(ctx context.Context, todo chan<- work) error {
	next := work{}
	give := func() bool {
		select {
		case todo <- next:
			next = work{at: next.at + 1}
			return true
		case <-ctx.Done():
			return false
		}
	}
	if !s.all {
		for left := s.config.Samples; left > 0; left -= batch {
			next.draws = min(left, batch)
			if !give() {
				return ctx.Err()
			}
		}
		return nil
	}
	going, n := true, 0
	_, err := s.polytope.Enumerate(ctx, s.config.Limit, func(cells []int64) bool {
		for _, k := range s.open {
			next.counts = append(next.counts, cells[k])
		}
		next.draws++
		if n++; n%batch == 0 {
			going = give()
		}
		return going
	})
	if err == nil && next.draws > 0 && going {
		give()
	}
	return err
}

// trial is one worker's.
type trial struct {
	*space
	counts  []int64
	measure func([]int64) ([]float64, error)
}

func (w *trial) try(ctx context.Context, x work) (extremes, error) {
	var seen extremes
	see := func() error {
		numbers, err := w.measure(w.counts)
		if err == nil && !seen.see(numbers) {
			err = errNumbers
		}
		return err
	}
	if w.all {
		for i := range x.draws {
			for j, k := range w.open {
				w.counts[k] = x.counts[i*len(w.open)+j]
			}
			if err := see(); err != nil {
				return seen, err
			}
		}
		return seen, nil
	}
	s := w.polytope.Sampler(w.bounds, w.config.Seed, uint64(x.at))
	for i := range x.draws {
		if err := w.draw(ctx, s, x.at*batch+i); err != nil {
			return seen, err
		}
		if err := see(); err != nil {
			return seen, err
		}
	}
	return seen, nil
}

// draw draws completion number i.
func (w *trial) draw(ctx context.Context, s *transport.Sampler, i int) error {
	var cells []int64
	var err error
	switch {
	case i < 2:
		_, cells, err = w.polytope.Minimize(ctx, slices.Repeat([]float64{float64(1 - 2*i)}, len(w.counts)))
	case i%2 == 0:
		cells, err = s.Vertex(ctx)
	default:
		cells, err = s.Uniform(), ctx.Err()
	}
	copy(w.counts, cells)
	return err
}
