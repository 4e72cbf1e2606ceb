// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"fmt"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// CoreDegree says which degree [KCore] counts.
type CoreDegree uint8

// The degrees.
const (
	CoreNeighbors CoreDegree = iota // nodes joined by an edge one way or both: the simple undirected graph
	CoreInPlusOut                   // edges: a node joined both ways counts twice
	CoreIn                          // edges that enter
	CoreOut                         // edges that leave
)

// String returns "neighbors", "in plus out", "in" or "out".
func (d CoreDegree) String() string {
	names := [...]string{"neighbors", "in plus out", "in", "out"}
	if int(d) < len(names) {
		return names[d]
	}
	return fmt.Sprintf("CoreDegree(%d)", uint8(d))
}

// KCore returns for each node the largest k for which it belongs to the
// k-core, the largest subgraph in which every node has at least the degree k.
//
// Self loops and weights do not matter. An isolated node has 0. The values are
// at least 0 and no larger than the degree. Transposing swaps CoreIn and
// CoreOut and leaves the other two; adding an isolated node adds a 0.
//
// The error wraps [ErrConfig] if there is no such degree.
//
// Time and memory O(n + m), for n nodes and m edges.
//
// Reference: Seidman 1983, doi:10.1016/0378-8733(83)90028-X; computed as in
// Batagelj and Zaversnik 2003, arXiv:cs/0310049.
func KCore(g *graph.Digraph, d CoreDegree) (graph.Values[int], error) {
	if d > CoreOut {
		return graph.Values[int]{}, badSetting("k-core", "degree", d, "one that exists")
	}
	c := g.CSR()
	n := g.Len()
	// Node v counts for those at from[v]: to[start[v]:start[v+1]].
	start := make([]int64, n+1)
	var to []int32
	degree := make([]int32, n)
	for v := range n {
		at := len(to)
		if d != CoreIn {
			to = append(to, c.InFrom[c.InStart[v]:c.InStart[v+1]]...)
		}
		if d != CoreOut {
			to = append(to, c.OutTo[c.OutStart[v]:c.OutStart[v+1]]...)
		}
		row := to[at:]
		if d == CoreNeighbors {
			slices.Sort(row)
			row = slices.Compact(row)
		}
		row = slices.DeleteFunc(row, func(u int32) bool { return int(u) == v })
		to = to[:at+len(row)]
		start[v+1] = int64(len(to))
	}
	for _, u := range to {
		degree[u]++
	}
	return graph.NewValues(g, peel(start, to, degree)), nil
}

// peel takes away the node with the lowest degree again and again and returns
// for each the highest degree seen until it went.
func peel(start []int64, to []int32, degree []int32) []int {
	n := len(degree)
	core := make([]int, n)
	if n == 0 {
		return core
	}
	// Nodes sorted by degree; first[k] is where those with degree k begin.
	first := make([]int32, int(slices.Max(degree))+2)
	for _, k := range degree {
		first[k+1]++
	}
	for k := 1; k < len(first); k++ {
		first[k] += first[k-1]
	}
	order, place := make([]int32, n), make([]int32, n)
	next := slices.Clone(first)
	for v, k := range degree {
		order[next[k]], place[v] = int32(v), next[k]
		next[k]++
	}
	for i := range n {
		v := order[i]
		core[v] = int(degree[v])
		for _, u := range to[start[v]:start[v+1]] {
			k := degree[u]
			if k <= degree[v] {
				continue
			}
			// Swap u with the first node of its degree, and let it be the
			// last of the degree below.
			at := first[k]
			if at <= int32(i) {
				at = int32(i) + 1
			}
			w := order[at]
			order[place[u]], order[at] = w, u
			place[w], place[u] = place[u], at
			first[k] = at + 1
			degree[u]--
		}
	}
	return core
}

// DCore returns for each node whether it belongs to the (k,l)-core, the
// largest subgraph in which at least k edges enter every node and at least l
// leave it.
//
// Self loops and weights do not matter. The (0,0)-core is the whole graph;
// every core lies within those with smaller k or l. Transposing swaps k and l.
// k and l below 0 are as 0.
//
// Time O(n + m), memory O(n), for n nodes and m edges.
//
// Reference: Giatsidis, Thilikos and Vazirgiannis 2013,
// doi:10.1007/s10115-012-0539-0.
func DCore(g *graph.Digraph, k, l int) graph.Values[bool] {
	c := g.CSR()
	in, out := InDegree(g).Slice(), OutDegree(g).Slice()
	core := make([]bool, g.Len())
	var leaving []int32
	check := func(v int32) {
		if core[v] && (in[v] < k || out[v] < l) {
			core[v] = false
			leaving = append(leaving, v)
		}
	}
	for v := range core {
		core[v] = true
		check(int32(v))
	}
	for len(leaving) > 0 {
		v := leaving[len(leaving)-1]
		leaving = leaving[:len(leaving)-1]
		for _, u := range c.OutTo[c.OutStart[v]:c.OutStart[v+1]] {
			in[u]--
			check(u)
		}
		for _, u := range c.InFrom[c.InStart[v]:c.InStart[v+1]] {
			out[u]--
			check(u)
		}
	}
	return graph.NewValues(g, core)
}

// SCore returns for each node the largest s for which it belongs to a subgraph
// in which every node has at least the strength s, in both directions
// together.
//
// Self loops do not count. An isolated node has 0. The values are at least 0,
// no larger than [Strength], and have the unit of the weights; scaling all
// weights scales them, transposing changes nothing, and adding an isolated
// node adds a 0. Strengths that become smaller are kept with compensation, so
// that small weights beside large ones are not lost.
//
// Time O(m log m), memory O(n + m), for n nodes and m edges.
//
// Reference: Eidsaa and Almaas 2013, doi:10.1103/PhysRevE.88.062819; Batagelj
// and Zaversnik 2002, arXiv:cs/0202039, for cores in general.
func SCore(g *graph.Digraph) graph.Values[float64] {
	c := g.CSR()
	n := g.Len()
	strength := make([]sum.Compensated, n)
	core := make([]float64, n)
	gone := make([]bool, n)
	var q pile
	each := func(v int, f func(u int32, w float64)) {
		for k := c.InStart[v]; k < c.InStart[v+1]; k++ {
			f(c.InFrom[k], c.InWeight[k])
		}
		for k := c.OutStart[v]; k < c.OutStart[v+1]; k++ {
			f(c.OutTo[k], c.OutWeight[k])
		}
	}
	for v := range n {
		each(v, func(u int32, w float64) {
			if int(u) != v {
				strength[v].Add(w)
			}
		})
		q.push(item{strength[v].Value(), int32(v)})
	}
	s := 0.0
	for len(q) > 0 {
		x := q.pop()
		if gone[x.v] {
			continue
		}
		gone[x.v] = true
		s = max(s, x.d)
		core[x.v] = s
		each(int(x.v), func(u int32, w float64) {
			if !gone[u] {
				strength[u].Add(-w)
				q.push(item{max(0, strength[u].Value()), u})
			}
		})
	}
	return graph.NewValues(g, core)
}
