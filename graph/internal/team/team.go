// SPDX-License-Identifier: Apache-2.0

// Package team keeps workers for jobs that are done in many short steps.
package team

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// A Team runs the same function on many parts of a job at a time, over and over,
// with the goroutines kept between two calls. A call may take only some
// microseconds, less than it takes to put a goroutine to sleep and to wake it:
// who has to wait looks on for a while before it sleeps.
type Team struct {
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

// New returns a team of workers; Close ends them.
func New(size int) *Team {
	t := &Team{size: size}
	t.start.L, t.done.L = &t.mu, &t.mu
	if size <= runtime.GOMAXPROCS(0) {
		t.looks = looksBeforeSleep
	}
	for w := 1; w < size; w++ {
		go t.help(w)
	}
	return t
}

func (t *Team) help(worker int) {
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

func (t *Team) wait(c *sync.Cond, over func() bool) {
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

// Do calls f for each worker at the same time and returns when all are done.
func (t *Team) Do(f func(worker int)) {
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

func (t *Team) begin() {
	t.mu.Lock()
	t.round.Add(1)
	t.mu.Unlock()
	t.start.Broadcast()
}

// Each calls f for parts 0 to n-1, several at a time, and returns when all are
// done.
func (t *Team) Each(n int, f func(part int)) {
	var next atomic.Int64
	t.Do(func(int) {
		for {
			part := int(next.Add(1) - 1)
			if part >= n {
				return
			}
			f(part)
		}
	})
}

// Close ends the workers. The team is of no use after it.
func (t *Team) Close() {
	t.ended = true
	t.begin()
}
