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

// team runs the same function on many parts of a job at a time, over and over,
// with the goroutines kept between two calls. A call may take only some
// microseconds, less than it takes to put a goroutine to sleep and to wake it:
// who has to wait looks on for a while before it sleeps.
type team struct {
	size  int
	looks int // before sleeping
	work  func(worker int)
	ended bool
	round atomic.Uint32 // of the work
	busy  atomic.Int32  // helpers at work
	mu    sync.Mutex
	start sync.Cond // a new round
	done  sync.Cond // no helper is busy
}

// looksBeforeSleep take some ten microseconds.
const looksBeforeSleep = 1 << 14

// newTeam returns a team of workers; close ends them.
func newTeam(size int) *team {
	t := &team{size: size}
	t.start.L, t.done.L = &t.mu, &t.mu
	if size <= runtime.GOMAXPROCS(0) {
		t.looks = looksBeforeSleep
	}
	for w := 1; w < size; w++ {
		go t.help(w)
	}
	return t
}

func (t *team) help(worker int) {
	for round := uint32(0); ; round++ {
		t.wait(&t.start, func() bool { return t.round.Load() != round })
		if t.ended {
			return
		}
		t.work(worker)
		if t.busy.Add(-1) == 0 {
			t.mu.Lock() // the first worker looks after this, or sleeps already
			t.done.Signal()
			t.mu.Unlock()
		}
	}
}

func (t *team) wait(c *sync.Cond, over func() bool) {
	for range t.looks {
		if over() {
			return
		}
	}
	t.mu.Lock()
	for !over() {
		c.Wait()
	}
	t.mu.Unlock()
}

// do calls f for each worker at the same time and returns when all are done.
func (t *team) do(f func(worker int)) {
	if t.size == 1 {
		f(0)
		return
	}
	t.work = f
	t.busy.Store(int32(t.size - 1))
	t.begin()
	f(0)
	t.wait(&t.done, func() bool { return t.busy.Load() == 0 })
}

func (t *team) begin() {
	t.mu.Lock()
	t.round.Add(1)
	t.mu.Unlock()
	t.start.Broadcast()
}

// each calls f for parts 0 to n-1, several at a time, and returns when all are
// done.
func (t *team) each(n int, f func(part int)) {
	var next atomic.Int64
	t.do(func(int) {
		for {
			part := int(next.Add(1) - 1)
			if part >= n {
				return
			}
			f(part)
		}
	})
}

func (t *team) close() {
	t.ended = true
	t.begin()
}
