// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"math/bits"

	"github.com/oncoref/oncoref/graph/internal/sum"
)

// lanes is the number of searches that run at the same time, one bit each.
const lanes = 256

type lane [lanes / 64]uint64

func (a *lane) zero() bool { return a[0]|a[1]|a[2]|a[3] == 0 }

func (a *lane) count() int {
	return bits.OnesCount64(a[0]) + bits.OnesCount64(a[1]) + bits.OnesCount64(a[2]) + bits.OnesCount64(a[3])
}

// hopReach counts, for every node, the nodes it reaches in one step, in two,
// and so on. It searches against the edges from many targets at a time, so
// that the bits at a node are the targets that the node has reached, and one
// step over an edge serves all of them.
//
// Reference: Then et al. 2014, doi:10.14778/2735496.2735507.
type hopReach struct {
	along   *paths // edges in the direction of the paths that are measured
	against *paths // the same edges reversed
	reached []int64
	far     []int64 // sum of the distances
	inverse []sum.Compensated
}

// hopReachKernel handles one batch of targets at a time.
type hopReachKernel struct {
	*hopReach
	seen, front, next []lane
	touched           []bool
	active, spare     []int32
	reachedNow        []int32
	farNow            []int64
	inverseNow        []float64
}

func newHopReachKernel(h *hopReach) *hopReachKernel {
	n := h.along.len()
	return &hopReachKernel{
		hopReach: h,
		seen:     make([]lane, n), front: make([]lane, n), next: make([]lane, n),
		touched: make([]bool, n), reachedNow: make([]int32, n), farNow: make([]int64, n), inverseNow: make([]float64, n),
	}
}

func (k *hopReachKernel) run(job int, stop *stopper) {
	clear(k.seen)
	clear(k.front)
	clear(k.next)
	clear(k.touched)
	clear(k.reachedNow)
	clear(k.farNow)
	clear(k.inverseNow)
	k.active = k.active[:0]
	first := job * lanes
	for t := first; t < min(first+lanes, k.along.len()); t++ {
		b := t - first
		k.seen[t][b/64] |= 1 << (b % 64)
		k.front[t] = k.seen[t]
		k.active = append(k.active, int32(t))
	}
	for level := 1; len(k.active) > 0; level++ {
		var alive lane
		for _, u := range k.active {
			f := &k.front[u]
			for i := range alive {
				alive[i] |= f[i]
			}
		}
		if degreeSum(k.against.start, k.active) > int64(len(k.against.to))/8 {
			k.pull(alive, stop)
		} else {
			k.push(stop)
		}
		if stop.done.Load() {
			return
		}
		for _, u := range k.active {
			k.front[u] = lane{}
		}
		k.advance(level)
	}
}

// push carries the bits of the active nodes over the edges that lead to them.
func (k *hopReachKernel) push(stop *stopper) {
	k.spare = k.spare[:0]
	for i, u := range k.active {
		if i%patience == 0 && stop.done.Load() {
			return
		}
		f := k.front[u]
		for _, v := range k.against.to[k.against.start[u]:k.against.start[u+1]] {
			x := &k.next[v]
			x[0] |= f[0]
			x[1] |= f[1]
			x[2] |= f[2]
			x[3] |= f[3]
			if !k.touched[v] {
				k.touched[v] = true
				k.spare = append(k.spare, v)
			}
		}
	}
}

// pull lets every node that can still get some of the bits alive look for them
// at the nodes it leads to.
func (k *hopReachKernel) pull(alive lane, stop *stopper) {
	k.spare = k.spare[:0]
	start, to, front := k.along.start, k.along.to, k.front
	for v := range k.seen {
		if v%patience == 0 && stop.done.Load() {
			return
		}
		s := &k.seen[v]
		want := lane{alive[0] &^ s[0], alive[1] &^ s[1], alive[2] &^ s[2], alive[3] &^ s[3]}
		if want.zero() {
			continue
		}
		var x lane
		for _, u := range to[start[v]:start[v+1]] {
			f := &front[u]
			x[0] |= f[0]
			x[1] |= f[1]
			x[2] |= f[2]
			x[3] |= f[3]
			if want[0]&^x[0]|want[1]&^x[1]|want[2]&^x[2]|want[3]&^x[3] == 0 {
				break
			}
		}
		if !x.zero() {
			k.next[v] = x
			k.touched[v] = true
			k.spare = append(k.spare, int32(v))
		}
	}
}

// advance turns the bits that are new into the next front.
func (k *hopReachKernel) advance(level int) {
	share := 1 / float64(level)
	active := k.active[:0]
	for _, v := range k.spare {
		k.touched[v] = false
		x, s := &k.next[v], &k.seen[v]
		f := lane{x[0] &^ s[0], x[1] &^ s[1], x[2] &^ s[2], x[3] &^ s[3]}
		*x = lane{}
		c := f.count()
		if c == 0 {
			continue
		}
		s[0] |= f[0]
		s[1] |= f[1]
		s[2] |= f[2]
		s[3] |= f[3]
		k.front[v] = f
		active = append(active, v)
		k.reachedNow[v] += int32(c)
		k.farNow[v] += int64(c) * int64(level)
		k.inverseNow[v] += float64(c) * share
	}
	k.active = active
}

func (k *hopReachKernel) add(int, *stopper) {
	for v := range k.reached {
		k.reached[v] += int64(k.reachedNow[v])
		k.far[v] += k.farNow[v]
		k.inverse[v].Add(k.inverseNow[v])
	}
}
