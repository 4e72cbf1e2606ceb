// SPDX-License-Identifier: Apache-2.0

package community

import (
	"context"
	"runtime"
	"sync/atomic"

	"github.com/oncoref/oncoref/graph/internal/team"
)

// atOnce is the number of edges to handle between two looks at the context.
const atOnce = 1 << 16

// ticker looks at a context now and then.
type ticker struct {
	ctx  context.Context
	left int
}

// spend counts n edges as handled, and returns the context's error when it is
// time to look.
func (t *ticker) spend(n int) error {
	t.left -= n + 8
	if t.left > 0 {
		return nil
	}
	t.left = atOnce
	return t.ctx.Err()
}

const (
	minShare   = 1 << 15 // edges that make a second worker worth while
	maxWorkers = 16      // more would not pay: the work is bound by memory
)

// crew does the parts of a job at the same time. What a part computes must not
// depend on which worker does it, or when.
type crew struct {
	team    *team.Team
	workers []worker
}

// worker has what one of a crew keeps for itself.
type worker struct {
	ticker
	err error
	acc []float64 // weight between the node at hand and each community; 0 between nodes
	met []int32   // communities for which acc is not 0
	_   [40]byte  // keeps workers out of each other's cache lines
}

// newCrew returns a crew for a graph of m edges with as many workers as asked
// for, 0 for one for each core, or fewer. close ends it.
func newCrew(ctx context.Context, asked, m int) *crew {
	if asked == 0 {
		asked = min(runtime.GOMAXPROCS(0), maxWorkers, m/minShare)
	}
	c := &crew{workers: make([]worker, max(1, asked))}
	for k := range c.workers {
		c.workers[k].ticker = ticker{ctx: ctx}
	}
	c.team = team.New(len(c.workers))
	return c
}

func (c *crew) close() { c.team.Close() }

// done returns the error of the context.
func (c *crew) done() error { return c.workers[0].ctx.Err() }

// each calls f with parts 0 to n-1, several at a time, until all are done or
// one returns an error.
func (c *crew) each(n int, f func(w *worker, part int) error) error {
	var next atomic.Int64
	c.team.Do(func(k int) {
		w := &c.workers[k]
		for w.err == nil {
			part := int(next.Add(1) - 1)
			if part >= n {
				return
			}
			w.err = f(w, part)
		}
	})
	for k := range c.workers {
		if err := c.workers[k].err; err != nil {
			return err
		}
	}
	return nil
}

// rowsAtOnce is the number of rows that make one part of a job.
const rowsAtOnce = 1 << 10

// rows calls f with each of n rows, several at a time.
func (c *crew) rows(n int, f func(w *worker, u int) error) error {
	return c.each((n+rowsAtOnce-1)/rowsAtOnce, func(w *worker, part int) error {
		for u := part * rowsAtOnce; u < min(n, (part+1)*rowsAtOnce); u++ {
			if err := f(w, u); err != nil {
				return err
			}
		}
		return nil
	})
}

// groups lists the members of each group.
type groups struct {
	start []int32
	node  []int32
}

func (g groups) len() int         { return len(g.start) - 1 }
func (g groups) of(c int) []int32 { return g.node[g.start[c]:g.start[c+1]] }

// fill sorts nodes, taken in this order or in their own if it is nil, by
// label, which lies in [0, count).
func (g *groups) fill(label, order []int32, count int) {
	start := resize(g.start, count+2)
	clear(start)
	g.node = resize(g.node, len(label))
	for _, c := range label {
		start[c+2]++
	}
	for c := range count {
		start[c+2] += start[c+1]
	}
	put := func(u int32) {
		c := label[u]
		g.node[start[c+1]] = u
		start[c+1]++
	}
	if order == nil {
		for u := range label {
			put(int32(u))
		}
	}
	for _, u := range order {
		put(u)
	}
	g.start = start[:count+1]
}

// jobs cuts the groups into parts of consecutive groups with at least
// rowsAtOnce/4 members, or many fewer parts than there are members, and
// returns where each begins and, last, the number of groups.
func (g groups) jobs(cuts []int32) []int32 {
	least := int32(max(rowsAtOnce/4, len(g.node)/512))
	cuts = append(cuts[:0], 0)
	from := int32(0)
	for c := range g.len() {
		if g.start[c+1]-from >= least {
			cuts = append(cuts, int32(c+1))
			from = g.start[c+1]
		}
	}
	if n := int32(g.len()); cuts[len(cuts)-1] != n {
		cuts = append(cuts, n)
	}
	return cuts
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
