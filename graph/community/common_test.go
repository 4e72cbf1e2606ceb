// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// rounding is how much sums of a few hundred terms in another order may
// differ.
const rounding = 1e-12

// of returns the partition with these labels.
func of(g *graph.Digraph, labels ...int) community.Partition {
	return community.NewPartition(g, graph.NewValues(g, labels))
}

// edges builds a graph from lines such as "0-2 0-3", all of weight 1.
func edges(t testing.TB, pairs ...string) *graph.Digraph {
	t.Helper()
	var b graph.Builder
	for _, p := range pairs {
		var u, v string
		_, err := fmt.Sscanf(p, "%1s-%1s", &u, &v)
		require.NoError(t, err)
		require.NoError(t, b.AddEdge(u, v, 1))
	}
	return b.Build()
}

// cliques returns groups of size nodes with edges both ways among all, and one
// edge both ways between the last node of a group and the first of the next.
func cliques(groups, size int) *graph.Digraph {
	var list []graphtest.Edge
	add := func(u, v int) {
		list = append(list, graphtest.Edge{From: graphtest.Key(u), To: graphtest.Key(v), Weight: 1},
			graphtest.Edge{From: graphtest.Key(v), To: graphtest.Key(u), Weight: 1})
	}
	for k := range groups {
		for u := range size {
			for v := range u {
				add(k*size+u, k*size+v)
			}
		}
		if k > 0 {
			add(k*size-1, k*size)
		}
	}
	return graphtest.Build(list)
}

// planted returns a graph with groups of size nodes, degree edges a node, of
// which the share inside stays in the group, and the partition. Loops are
// among them.
func planted(seed uint64, groups, size int, degree, inside float64) (*graph.Digraph, community.Partition) {
	r := rand.New(rand.NewPCG(seed, 7))
	n := groups * size
	var list []graphtest.Edge
	nodes := make([]string, n)
	// Groups are spread over the order of the nodes.
	group := r.Perm(n)
	members := make([][]int, groups)
	for i := range nodes {
		nodes[i] = graphtest.Key(i)
		group[i] %= groups
		members[group[i]] = append(members[group[i]], i)
	}
	for u := range n {
		for range int(degree) {
			v := r.IntN(n)
			if r.Float64() < inside {
				v = members[group[u]][r.IntN(size)]
			}
			list = append(list, graphtest.Edge{From: nodes[u], To: nodes[v], Weight: float64(1 + r.IntN(9))})
		}
	}
	g := graphtest.Build(list, nodes...)
	return g, of(g, group...)
}

// naive is modularity from a dense matrix, term by term.
func naive(g *graph.Digraph, p community.Partition, c community.ModularityConfig) float64 {
	f := graphtest.Matrix(g)
	gamma := c.Resolution
	if gamma == 0 {
		gamma = 1
	}
	if c.Null == community.Undirected {
		// The projection as a symmetric matrix, in which a loop stands twice.
		s := make([][]float64, len(f))
		for i := range f {
			s[i] = make([]float64, len(f))
			for j := range f {
				s[i][j] = f[i][j] + f[j][i]
			}
		}
		f = s
	}
	out, in := make([]float64, len(f)), make([]float64, len(f))
	var total float64
	for i := range f {
		for j, w := range f[i] {
			out[i] += w
			in[j] += w
			total += w
		}
	}
	label := p.Labels().Slice()
	var q float64
	for i := range f {
		for j, w := range f[i] {
			if label[i] == label[j] && label[i] != community.None {
				q += w/total - gamma*(out[i]/total)*(in[j]/total)
			}
		}
	}
	if total == 0 {
		return math.NaN()
	}
	return q
}

func modularity(t require.TestingT, g *graph.Digraph, p community.Partition, c community.ModularityConfig) float64 {
	q, err := community.Modularity(g, p, c)
	require.NoError(t, err)
	return q
}

// connected fails unless every community hangs together by edges in either
// direction.
func connected(t require.TestingT, g *graph.Digraph, p community.Partition) {
	label := p.Labels().Slice()
	seen := make([]bool, g.Len())
	for c, nodes := range p.Members() {
		stack := []int{nodes[0]}
		seen[nodes[0]] = true
		count := 0
		for len(stack) > 0 {
			u := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			count++
			visit := func(v int, _ float64) bool {
				if label[v] == c && !seen[v] {
					seen[v] = true
					stack = append(stack, v)
				}
				return true
			}
			g.Out(u)(visit)
			g.In(u)(visit)
		}
		require.Equal(t, len(nodes), count, "community %d", c)
	}
}

// configs are null models and resolutions.
func configs() []community.ModularityConfig {
	var list []community.ModularityConfig
	for _, null := range []community.Null{community.Directed, community.Undirected} {
		for _, gamma := range []float64{0, 0.5, 1.5, 4} {
			list = append(list, community.ModularityConfig{Null: null, Resolution: gamma})
		}
	}
	return list
}

func atoi(t testing.TB, s string) int {
	n, err := strconv.Atoi(s)
	require.NoError(t, err)
	return n
}
