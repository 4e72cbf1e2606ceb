// SPDX-License-Identifier: Apache-2.0

package centrality

import "math"

// item is a node that waits for its turn, with the distance it was found at.
type item struct {
	d float64
	v int32
}

func (a item) before(b item) bool { return a.d < b.d || a.d == b.d && a.v < b.v }

// A pile is a binary heap of items, the first by distance and then by node on
// top.
type pile []item

func (p *pile) push(x item) {
	h := append(*p, x)
	*p = h
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !x.before(h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = x
}

func (p *pile) pop() item {
	h := *p
	top := h[0]
	last := len(h) - 1
	x := h[last]
	h = h[:last]
	*p = h
	if last == 0 {
		return top
	}
	i := 0
	for {
		down := 2*i + 1
		if down >= last {
			break
		}
		if right := down + 1; right < last && h[right].before(h[down]) {
			down = right
		}
		if !h[down].before(x) {
			break
		}
		h[i] = h[down]
		i = down
	}
	h[i] = x
	return top
}

// waiting is an item in a bucket; next is the one under it.
type waiting struct {
	d    float64
	v    int32
	next int32
}

// A queue gives items in order of distance and then of node, if none is put
// in before the last one taken out. Distances up to some way ahead are sorted
// into buckets of equal width, and only the bucket that is being emptied is
// kept in order; what is farther waits in a heap. The width of the buckets
// matters for speed alone.
type queue struct {
	base, end float64 // distances that the buckets cover
	width     float64
	head      []int32 // top item of each bucket, -1 for none
	store     []waiting
	near      int // items in buckets after the current one
	at        int // current bucket
	now       pile
	far       pile
	stop      *stopper
}

// newQueue returns a queue for n nodes with distances of about the given size.
func newQueue(n int, size float64) *queue {
	buckets := 64
	for buckets < n && buckets < 1<<17 {
		buckets *= 2
	}
	q := &queue{ // with room that is not touched unless used, where growing would leave garbage
		head: make([]int32, buckets), store: make([]waiting, 0, n), far: make(pile, 0, n),
	}
	for i := range q.head {
		q.head[i] = -1
	}
	q.tune(size, n)
	return q
}

// tune sets the width of the buckets for n nodes within this distance.
func (q *queue) tune(distance float64, n int) {
	w := distance / float64(max(n, 1))
	if w > 0 && !math.IsInf(w, 1) {
		q.width = w
	} else if !(q.width > 0) {
		q.width = 1
	}
}

// clear empties the queue and lets it start at distance 0. Once stop is done the
// queue may seem empty.
func (q *queue) clear(stop *stopper) {
	q.stop = stop
	if q.near > 0 {
		for i := range q.head {
			q.head[i] = -1
		}
		q.near = 0
	}
	q.now, q.far, q.store = q.now[:0], q.far[:0], q.store[:0]
	q.startAt(0)
}

func (q *queue) startAt(d float64) {
	q.base, q.at = d, 0
	q.end = max(d+q.width*float64(len(q.head)), math.Nextafter(d, math.Inf(1)))
}

func (q *queue) push(d float64, v int32) {
	if d >= q.end {
		q.far.push(item{d, v})
		return
	}
	b := min(int((d-q.base)/q.width), len(q.head)-1)
	if b <= q.at {
		q.now.push(item{d, v})
		return
	}
	q.store = append(q.store, waiting{d, v, q.head[b]})
	q.head[b] = int32(len(q.store) - 1)
	q.near++
}

// pop returns the first item; false if there is none.
func (q *queue) pop() (item, bool) {
	for len(q.now) == 0 {
		if q.near == 0 {
			if len(q.far) == 0 {
				return item{}, false
			}
			q.store = q.store[:0]
			q.startAt(q.far[0].d)
			for len(q.far) > 0 && q.far[0].d < q.end {
				if len(q.far)%patience == 0 && q.stop.done.Load() {
					return item{}, false
				}
				x := q.far.pop()
				q.push(x.d, x.v)
			}
			continue
		}
		q.at++
		i := q.head[q.at]
		if i < 0 {
			continue
		}
		q.head[q.at] = -1
		for i >= 0 {
			w := &q.store[i]
			q.now.push(item{w.d, w.v})
			if q.near%patience == 0 && q.stop.done.Load() {
				return item{}, false
			}
			q.near--
			i = w.next
		}
	}
	return q.now.pop(), true
}
