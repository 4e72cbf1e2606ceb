// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"cmp"
	"math"
	"slices"
)

// big is a number above 0 as fraction · 2^exponent, for counts of paths that
// no float64 can hold. The zero value is 0.
type big struct {
	fraction float64
	exponent int
}

func (a big) plus(b big) big {
	if a.fraction == 0 || b.fraction != 0 && a.exponent < b.exponent {
		a, b = b, a
	}
	f, e := math.Frexp(a.fraction + math.Ldexp(b.fraction, max(b.exponent-a.exponent, -2000)))
	return big{f, e + a.exponent}
}

// over returns a / b for a no larger than b.
func (a big) over(b big) float64 {
	return math.Ldexp(a.fraction/b.fraction, max(a.exponent-b.exponent, -2000))
}

// carefulBrandes finds the dependencies of one source where the fast kernels
// do not dare: path counts beyond any float64, and edges of length 0 or so
// short that the sum does not change. Where such edges form a cycle, a path
// takes as few of them as it can.
type carefulBrandes struct {
	p      *paths
	dist   []float64
	order  []int32
	before [][]int32
	count  []big
	gain   []float64
	level  []int32 // steps of length 0 needed to reach the node; -1 while unknown
}

func newCarefulBrandes(p *paths) *carefulBrandes {
	n := p.len()
	return &carefulBrandes{p: p, before: make([][]int32, n), count: make([]big, n), gain: make([]float64, n), level: make([]int32, n)}
}

func (b *carefulBrandes) step(k int64) float64 {
	if b.p.length == nil {
		return 1
	}
	return b.p.length[k]
}

// dependencies calls see for every node reached but the source. It returns
// early if stopped.
func (b *carefulBrandes) dependencies(from int, stop *stopper, see func(v int32, dependency float64)) {
	s := newSearch(b.p)
	s.distances(from, stop)
	if stop.done.Load() {
		return
	}
	b.dist, b.order = s.dist, s.order
	b.list(from)
	b.flatten(from)
	clear(b.count)
	clear(b.gain)
	b.count[from] = big{0.5, 1}
	for _, v := range b.order[1:] {
		for _, u := range b.before[v] {
			b.count[v] = b.count[v].plus(b.count[u])
		}
	}
	for i := len(b.order) - 1; i > 0; i-- {
		v := b.order[i]
		see(v, b.gain[v])
		for _, u := range b.before[v] {
			b.gain[u] += b.count[u].over(b.count[v]) * (1 + b.gain[v])
		}
	}
}

// list fills the lists of the nodes before each node on shortest paths, steps
// between nodes at the same distance among them.
func (b *carefulBrandes) list(from int) {
	for v := range b.before {
		b.before[v] = b.before[v][:0]
	}
	for _, u := range b.order {
		for k := b.p.start[u]; k < b.p.start[u+1]; k++ {
			v := b.p.to[k]
			d := b.dist[u] + b.step(k)
			if int(v) != from && b.dist[u] <= b.dist[v] && d <= b.dist[v]*(1+tie) {
				b.before[v] = append(b.before[v], u)
			}
		}
	}
}

// flatten sorts nodes at the same distance so that steps between them go
// forward, and drops the steps that cannot.
func (b *carefulBrandes) flatten(from int) {
	slices.SortFunc(b.order, func(u, v int32) int {
		return cmp.Or(cmp.Compare(b.dist[u], b.dist[v]), boolFirst(int(u) == from, int(v) == from), cmp.Compare(u, v))
	})
	for lo := 0; lo < len(b.order); {
		hi := lo + 1
		for hi < len(b.order) && b.dist[b.order[hi]] == b.dist[b.order[lo]] {
			hi++
		}
		if hi-lo > 1 {
			b.flattenGroup(b.order[lo:hi], from)
		}
		lo = hi
	}
}

func boolFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

func (b *carefulBrandes) flattenGroup(group []int32, from int) {
	if b.sortGroup(group) {
		return
	}
	// A cycle: number the nodes by the flat steps they need, and keep the
	// steps that go from one number to the next.
	var wave []int32
	for _, v := range group {
		b.level[v] = -1
		if int(v) == from || slices.ContainsFunc(b.before[v], func(u int32) bool { return b.dist[u] < b.dist[v] }) {
			b.level[v] = 0
			wave = append(wave, v)
		}
	}
	for len(wave) > 0 {
		var next []int32
		for _, v := range group {
			if b.level[v] < 0 && slices.ContainsFunc(b.before[v], func(u int32) bool { return slices.Contains(wave, u) }) {
				next = append(next, v)
			}
		}
		for _, v := range next {
			b.level[v] = b.level[wave[0]] + 1
		}
		wave = next
	}
	for _, v := range group {
		b.before[v] = slices.DeleteFunc(b.before[v], func(u int32) bool {
			return b.dist[u] == b.dist[v] && b.level[u]+1 != b.level[v]
		})
	}
	b.sortGroup(group)
}

// sortGroup puts nodes at the same distance in an order in which steps between
// them go forward; false if there is none.
func (b *carefulBrandes) sortGroup(group []int32) bool {
	in := make(map[int32]int, len(group))
	after := make(map[int32][]int32)
	for _, v := range group {
		for _, u := range b.before[v] {
			if b.dist[u] == b.dist[v] {
				in[v]++
				after[u] = append(after[u], v)
			}
		}
	}
	sorted := make([]int32, 0, len(group))
	for _, v := range group {
		if in[v] == 0 {
			sorted = append(sorted, v)
		}
	}
	for i := 0; i < len(sorted); i++ {
		for _, v := range after[sorted[i]] {
			if in[v]--; in[v] == 0 {
				sorted = append(sorted, v)
			}
		}
	}
	if len(sorted) < len(group) {
		return false
	}
	copy(group, sorted)
	return true
}
