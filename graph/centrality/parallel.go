// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"iter"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// A stopper tells kernels that the context is done, at the price of one
// atomic load.
type stopper struct {
	done atomic.Bool
	off  func() bool
}

func newStopper(ctx context.Context) *stopper {
	s := &stopper{}
	s.done.Store(ctx.Err() != nil)
	s.off = context.AfterFunc(ctx, func() { s.done.Store(true) })
	return s
}

// patience is the number of nodes a kernel handles between two looks at its
// stopper.
const patience = 1024

// parts yields the nodes, some at a time, until s is done.
func (s *stopper) parts(nodes []int32) iter.Seq[[]int32] {
	return func(yield func([]int32) bool) {
		for part := range slices.Chunk(nodes, patience) {
			if s.done.Load() || !yield(part) {
				return
			}
		}
	}
}

// rowsPerLook is the number of rows that are prepared between two looks at the
// context.
const rowsPerLook = 1 << 15

// workersFor returns the number of workers for jobs of equal size; asked is
// the wish of the caller, 0 for all cores.
func workersFor(asked, jobs int) int {
	if asked <= 0 {
		asked = runtime.GOMAXPROCS(0)
	}
	return max(1, min(asked, jobs))
}

// A kernel works through jobs one at a time and keeps what it needs for them.
// One kernel serves one worker.
type kernel interface {
	// run does the job and holds its result.
	run(job int, s *stopper)
	// add adds the result of the last job to what is shared. The calls come
	// in the order of the jobs, one at a time.
	add(job int, s *stopper)
}

// inOrder has jobs 0 to n-1 run by several workers, each with a kernel of its
// own, and adds the results in the order of the jobs, so that sums do not
// depend on the number of workers. It stops early with the error of ctx; a kernel
// may be unfit for use if the stopper was done when it was made.
func inOrder(ctx context.Context, workers, n int, newKernel func(s *stopper) kernel) error {
	s := newStopper(ctx)
	defer s.off()
	var (
		next atomic.Int64
		mu   sync.Mutex
		turn int
		wg   sync.WaitGroup
	)
	moved := sync.NewCond(&mu)
	work := func() {
		k := newKernel(s)
		for {
			job := int(next.Add(1) - 1)
			if job >= n || s.done.Load() {
				break
			}
			k.run(job, s)
			mu.Lock()
			for turn != job && !s.done.Load() {
				moved.Wait()
			}
			if turn == job && !s.done.Load() {
				k.add(job, s)
				turn++
			}
			mu.Unlock()
			moved.Broadcast()
		}
		// Whoever waits for a job that was given up must wake up.
		mu.Lock()
		moved.Broadcast()
		mu.Unlock()
	}
	workers = workersFor(workers, n)
	if workers == 1 {
		work()
	} else {
		for range workers {
			wg.Go(work)
		}
		wg.Wait()
	}
	return ctx.Err()
}
