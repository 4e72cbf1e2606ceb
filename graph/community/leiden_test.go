// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// TestSearchSteps checks every step of a search: the gain that it counted is
// the change of modularity, and above 0. So it is for nodes that choose a few
// at a time, and for many.
func TestSearchSteps(t *testing.T) {
	steps := 0
	for seed := range uint64(50) {
		g := graphtest.Small(seed)
		if seed < 4 {
			g = graphtest.Random(seed, 50, 4)
		}
		for _, c := range configs() {
			watch := func(m community.Move) {
				steps++
				change := naive(g, m.After, c) - naive(g, m.Before, c)
				require.InDelta(t, change, m.Gain, rounding)
				require.Greater(t, m.Gain, 0.0)
			}
			for _, ahead := range []float64{0.001, 0.1, 10} {
				r, err := community.SearchAhead(t.Context(), g, community.LeidenConfig{Null: c.Null, Resolution: c.Resolution, Iterations: 4}, ahead, watch)
				require.NoError(t, err)
				checkResult(t, g, c, r)
			}
		}
	}
	assert.Greater(t, steps, 1000)
}

// checkResult checks what holds for every result.
func checkResult(t require.TestingT, g *graph.Digraph, c community.ModularityConfig, r community.Result) {
	connected(t, g, r.Partition)
	if g.Size() == 0 {
		require.True(t, math.IsNaN(r.Modularity))
		require.Equal(t, g.Len(), r.Partition.Count())
		return
	}
	require.Equal(t, modularity(t, g, r.Partition, c), r.Modularity)
	require.GreaterOrEqual(t, r.Modularity, modularity(t, g, community.Singletons(g), c))
	for i := range g.Len() {
		alone := true
		for v := range g.Out(i) {
			alone = alone && v == i
		}
		for v := range g.In(i) {
			alone = alone && v == i
		}
		if label := r.Partition.Labels().Slice()[i]; alone {
			require.Equal(t, 1, r.Partition.Sizes()[label], "node %d has no edge to others", i)
		}
	}
}

// TestSearchAgainstExact compares the search with the optimum. The search may
// miss it on a few graphs, but not by much, and not with a dozen attempts.
func TestSearchAgainstExact(t *testing.T) {
	for _, c := range configs() {
		missed := 0
		for seed := range uint64(150) {
			g := graphtest.Small(seed)
			o, err := community.Exact(t.Context(), g, c)
			require.NoError(t, err)
			if g.Size() == 0 {
				continue
			}
			best := math.Inf(-1)
			for k := range uint64(12) {
				r, err := community.Search(t.Context(), g, community.LeidenConfig{Null: c.Null, Resolution: c.Resolution, Seed: k, Iterations: 5}, nil)
				require.NoError(t, err)
				require.LessOrEqual(t, r.Modularity, o.Modularity+rounding)
				best = max(best, r.Modularity)
			}
			if best < o.Modularity-1e-9 {
				missed++
				assert.Greater(t, best, o.Modularity-0.02, "seed %d", seed)
			}
		}
		assert.LessOrEqual(t, missed, 1, "%+v", c)
	}
}

// TestLeidenPublished has results from the tests of igraph.
func TestLeidenPublished(t *testing.T) {
	tests := []struct {
		name   string
		g      *graph.Digraph
		null   community.Null
		labels []int
		q      float64
	}{
		{"four nodes", edges(t, "0-2", "0-3", "1-2", "3-1", "3-2"), community.Directed, []int{0, 1, 1, 0}, .08},
		{"four nodes undirected", edges(t, "0-2", "0-3", "1-2", "3-1", "3-2"), community.Undirected, []int{0, 0, 0, 0}, 0},
		{
			"six nodes", edges(t, "0-1", "0-3", "0-5", "1-3", "1-4", "2-3", "4-1", "5-2", "5-4"), community.Directed,
			[]int{0, 1, 2, 2, 1, 0}, .1852,
		},
		{"two cliques", cliques(2, 5), community.Directed, []int{0, 0, 0, 0, 0, 1, 1, 1, 1, 1}, .45238},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := community.LeidenConfig{Null: tt.null}
			r, err := community.Leiden(t.Context(), tt.g, c)
			require.NoError(t, err)
			assert.True(t, r.Exact)
			s, err := community.Search(t.Context(), tt.g, c, nil)
			require.NoError(t, err)
			for _, r := range []community.Result{r, s} {
				assert.Equal(t, tt.labels, r.Partition.Labels().Slice())
				assert.InDelta(t, tt.q, r.Modularity, 5e-5)
			}
		})
	}
}

// karate has the edges of Zachary's karate club (1977), 78 friendships among 34
// people from 0: line k lists friends of k, each pair once, but 5 and 6 twice.
const karate = `
1 0 2
2 0 32
3 0 1 2
4 0 6 10
5 0 6
6 0 5
7 0 1 2 3
8 0 2 32 33
9 2 33
10 0 5
11 0
12 0 3
13 0 1 2 3 33
14 32 33
15 32 33
16 5 6
17 0 1
18 32 33
19 0 1 33
20 32 33
21 0 1
22 32 33
23 32 33
24 27 31
25 23 24 31
26 29 33
27 2 23 33
28 2 31 33
29 23 32 33
30 1 8 32 33
31 0 32 33
32 33`

// TestLeidenKarate has the largest modularity of the karate club, 0.4198
// (Brandes et al. 2008), and the value that the tests of gonum take from a
// C++ program for the same edges with a direction.
func TestLeidenKarate(t *testing.T) {
	var directed, plain graph.Builder
	for line := range strings.Lines(strings.TrimSpace(karate)) {
		list := strings.Fields(line)
		for _, friend := range list[1:] {
			require.NoError(t, directed.AddEdge(list[0], friend, 1))
			if list[0] != "6" || friend != "5" {
				require.NoError(t, plain.AddEdge(list[0], friend, 1))
			}
		}
	}
	require.Equal(t, 78, plain.Build().Size())
	e, err := community.Repeat(t.Context(), plain.Build(), community.RepeatConfig{Leiden: community.LeidenConfig{Null: community.Undirected}})
	require.NoError(t, err)
	assert.InDelta(t, .4198, e.Best.Modularity, 5e-5)
	assert.Equal(t, 4, e.Best.Partition.Count())

	e, err = community.Repeat(t.Context(), directed.Build(), community.RepeatConfig{})
	require.NoError(t, err)
	assert.InDelta(t, 34.3417721519/79, e.Best.Modularity, 1e-10)
	sizes := e.Best.Partition.Sizes()
	slices.Sort(sizes)
	assert.Equal(t, []int{5, 6, 11, 12}, sizes)
}

// TestLeidenDefaults asserts the defaults that the config promises.
func TestLeidenDefaults(t *testing.T) {
	g := graphtest.Random(7, 1000, 6)
	zero, err := community.Leiden(t.Context(), g, community.LeidenConfig{})
	require.NoError(t, err)
	full, err := community.Leiden(t.Context(), g, community.LeidenConfig{Null: community.Directed, Resolution: 1, Iterations: 2})
	require.NoError(t, err)
	assert.Equal(t, full, zero)
	assert.Equal(t, 2, zero.Iterations)
}

func TestLeidenStandardGraphs(t *testing.T) {
	want := map[string][]int{
		"empty":               {},
		"singleton":           {0},
		"singleton with loop": {0},
		"two isolated":        {0, 1},
		"one edge":            {0, 0},
		"loops only":          {0, 1, 2},
		// All that z takes in is what chance gives it: any partition has 0.
		"star in": {0, 0, 0, 0},
		// d takes most from b, and what a sends is spread by chance.
		"star out with a sink": {0, 1, 0, 1},
		"two blocks":           {0, 0, 0, 1, 1, 1},
	}
	for _, c := range graphtest.Standard() {
		t.Run(c.Name, func(t *testing.T) {
			r, err := community.Leiden(t.Context(), c.Graph, community.LeidenConfig{})
			require.NoError(t, err)
			checkResult(t, c.Graph, community.ModularityConfig{}, r)
			assert.Equal(t, want[c.Name], r.Partition.Labels().Slice())
			assert.True(t, r.Stable)
			s, err := community.Search(t.Context(), c.Graph, community.LeidenConfig{}, nil)
			require.NoError(t, err)
			checkResult(t, c.Graph, community.ModularityConfig{}, s)
		})
	}
}

// TestLeidenPlanted finds groups that are there.
func TestLeidenPlanted(t *testing.T) {
	for _, null := range []community.Null{community.Directed, community.Undirected} {
		g, p := planted(1, 20, 50, 12, 0.85)
		r, err := community.Leiden(t.Context(), g, community.LeidenConfig{Null: null})
		require.NoError(t, err)
		assert.True(t, p.Equal(r.Partition))
		checkResult(t, g, community.ModularityConfig{Null: null}, r)
	}
	ring := cliques(30, 5)
	r, err := community.Leiden(t.Context(), ring, community.LeidenConfig{Resolution: 2})
	require.NoError(t, err)
	assert.Equal(t, 30, r.Partition.Count(), "at a resolution that sees them, all cliques")
	r, err = community.Leiden(t.Context(), ring, community.LeidenConfig{Resolution: 1e6})
	require.NoError(t, err)
	assert.Equal(t, ring.Len(), r.Partition.Count(), "all nodes apart")
	r, err = community.Leiden(t.Context(), ring, community.LeidenConfig{Resolution: 1e-9})
	require.NoError(t, err)
	assert.Equal(t, 1, r.Partition.Count(), "all nodes together")
}

// TestLeidenMonotone has more iterations give more, and never less than the
// start.
func TestLeidenMonotone(t *testing.T) {
	for seed := range uint64(3) {
		g := graphtest.Random(seed, 600, 6)
		for _, c := range configs() {
			start := community.Singletons(g)
			before := math.Inf(-1)
			for i := range 4 {
				r, err := community.Leiden(t.Context(), g, community.LeidenConfig{
					Null: c.Null, Resolution: c.Resolution, Seed: seed, Iterations: i + 1, Start: start,
				})
				require.NoError(t, err)
				checkResult(t, g, c, r)
				assert.GreaterOrEqual(t, r.Modularity, before)
				before = r.Modularity
			}
			// From any start, and with nodes that belong nowhere.
			r := rand.New(rand.NewPCG(seed, 5))
			labels := make([]int, g.Len())
			for i := range labels {
				labels[i] = r.IntN(30) - 1
			}
			begin := of(g, labels...)
			found, err := community.Leiden(t.Context(), g, community.LeidenConfig{Null: c.Null, Resolution: c.Resolution, Start: begin, Iterations: 1})
			require.NoError(t, err)
			checkResult(t, g, c, found)
			assert.GreaterOrEqual(t, found.Modularity, modularity(t, g, begin, c))
		}
	}
}

// TestLeidenNodeOptimal checks that no single node of a stable result can gain
// by moving.
func TestLeidenNodeOptimal(t *testing.T) {
	for seed := range uint64(4) {
		g := graphtest.Random(seed, 60, 4)
		r, err := community.Leiden(t.Context(), g, community.LeidenConfig{Seed: seed, Iterations: 50})
		require.NoError(t, err)
		require.True(t, r.Stable)
		labels := make([]int, g.Len())
		for i := range labels {
			for c := range r.Partition.Count() + 1 {
				copy(labels, r.Partition.Labels().Slice())
				labels[i] = c
				assert.LessOrEqual(t, naive(g, of(g, labels...), community.ModularityConfig{}), r.Modularity+rounding)
			}
		}
	}
}

// TestLeidenDeterministic has equal results for edges in another order, for
// equal seeds, and for any number of workers.
func TestLeidenDeterministic(t *testing.T) {
	list := graphtest.RandomEdges(3, 3000, 8)
	g := graphtest.FromEdges(3000, list)
	want, err := community.Leiden(t.Context(), g, community.LeidenConfig{Seed: 5})
	require.NoError(t, err)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	h := graphtest.FromEdges(3000, list)
	got, err := community.Leiden(t.Context(), h, community.LeidenConfig{Seed: 5})
	require.NoError(t, err)
	assert.Equal(t, want.Partition.Labels().Slice(), got.Partition.Labels().Slice())
	assert.Equal(t, want.Modularity, got.Modularity)
	other, err := community.Leiden(t.Context(), g, community.LeidenConfig{Seed: 6})
	require.NoError(t, err)
	assert.NotEqual(t, want.Partition.Labels().Slice(), other.Partition.Labels().Slice(), "another seed")

	// Scaling by a power of 2 changes nothing.
	scaled, err := g.Map(func(e graph.Edge) float64 { return e.Weight * 64 })
	require.NoError(t, err)
	got, err = community.Leiden(t.Context(), scaled, community.LeidenConfig{Seed: 5})
	require.NoError(t, err)
	assert.Equal(t, want.Partition.Labels().Slice(), got.Partition.Labels().Slice())
	assert.Equal(t, want.Modularity, got.Modularity)
}

// TestLeidenWorkers has equal results, to the last bit, for any number of
// workers and edges in any order, on graphs that keep all of them busy.
func TestLeidenWorkers(t *testing.T) {
	sparse := graphtest.RandomEdges(4, 20000, 6)
	shuffled := slices.Clone(sparse)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	g, h := graphtest.FromEdges(20000, sparse), graphtest.FromEdges(20000, shuffled)
	groups, _ := planted(2, 40, 50, 40, 0.7)
	for _, c := range []community.LeidenConfig{{}, {Null: community.Undirected, Seed: 3}, {Null: community.Undirected, Resolution: 20, Start: halves(g)}} {
		want, err := community.SearchWith(t.Context(), g, c, 1)
		require.NoError(t, err)
		for _, workers := range []int{2, 8} {
			for _, x := range []*graph.Digraph{g, h} {
				if c.Start.Count() > 0 {
					c.Start = halves(x)
				}
				got, err := community.SearchWith(t.Context(), x, c, workers)
				require.NoError(t, err)
				assert.Equal(t, want.Partition.Labels().Slice(), got.Partition.Labels().Slice())
				assert.Equal(t, want.Modularity, got.Modularity)
			}
		}
		c.Start = community.Partition{}
		want, err = community.SearchWith(t.Context(), groups, c, 1)
		require.NoError(t, err)
		got, err := community.SearchWith(t.Context(), groups, c, 8)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

// TestLeidenAhead has nodes choose in large groups: what comes out is no worse,
// to about a hundredth.
func TestLeidenAhead(t *testing.T) {
	for seed := range uint64(4) {
		g, p := planted(seed, 20, 50, 12, 0.6)
		for _, null := range []community.Null{community.Directed, community.Undirected} {
			c := community.LeidenConfig{Null: null, Seed: seed}
			one, err := community.SearchAhead(t.Context(), g, c, 0.001, nil)
			require.NoError(t, err)
			many, err := community.SearchAhead(t.Context(), g, c, 10, nil)
			require.NoError(t, err)
			checkResult(t, g, community.ModularityConfig{Null: null}, many)
			assert.InDelta(t, one.Modularity, many.Modularity, 0.01)
			assert.Greater(t, many.Modularity, modularity(t, g, p, community.ModularityConfig{Null: null})-0.01)
		}
	}
}

// TestLeidenWideWeights has tiny and huge weights side by side: loops that
// drown the rest, and groups at every scale.
func TestLeidenWideWeights(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 9))
		var list []graphtest.Edge
		for range 2000 {
			u, v := r.IntN(200), r.IntN(200)
			list = append(list, graphtest.Edge{From: graphtest.Key(u), To: graphtest.Key(v), Weight: math.Pow(10, 24*r.Float64()-12)})
		}
		g := graphtest.FromEdges(200, list)
		for _, c := range configs() {
			found, err := community.Leiden(t.Context(), g, community.LeidenConfig{Null: c.Null, Resolution: c.Resolution, Seed: seed})
			require.NoError(t, err)
			checkResult(t, g, c, found)
		}
	}
	// Two groups whose edges are nothing beside a loop.
	list := []graphtest.Edge{{From: graphtest.Key(0), To: graphtest.Key(0), Weight: 1e12}}
	for u := range 20 {
		for v := range 20 {
			if u != v && u/10 == v/10 {
				list = append(list, graphtest.Edge{From: graphtest.Key(u), To: graphtest.Key(v), Weight: 1e-3})
			}
		}
	}
	found, err := community.Leiden(t.Context(), graphtest.Build(list), community.LeidenConfig{})
	require.NoError(t, err)
	label := found.Partition.Labels().Slice()
	for i, l := range label {
		if i >= 10 {
			assert.Equal(t, label[10], l)
		}
	}
}

// TestLeidenStartConnected begins with two sinks together that share no edge,
// which costs nothing: they come apart all the same.
func TestLeidenStartConnected(t *testing.T) {
	g := edges(t, "0-1", "1-2", "2-0", "3-4", "4-5", "5-3", "0-6", "3-7", "1-8", "4-8", "1-9", "4-9", "2-a", "5-a")
	for gamma := range 4 {
		c := community.LeidenConfig{Resolution: 10 * float64(gamma+1), Start: of(g, 0, 1, 2, 3, 4, 5, 6, 6, 7, 7, 7)}
		r, err := community.Leiden(t.Context(), g, c)
		require.NoError(t, err)
		checkResult(t, g, community.ModularityConfig{Resolution: c.Resolution}, r)
		assert.GreaterOrEqual(t, r.Modularity, modularity(t, g, c.Start, community.ModularityConfig{Resolution: c.Resolution}))
	}
}

func TestLeidenRefuses(t *testing.T) {
	g := graphtest.Example()
	for _, c := range []community.LeidenConfig{{Resolution: -1}, {Resolution: math.NaN()}} {
		_, err := community.Leiden(t.Context(), g, c)
		require.ErrorIs(t, err, community.ErrResolution)
	}
	_, err := community.Leiden(t.Context(), g, community.LeidenConfig{Null: 3})
	require.ErrorIs(t, err, community.ErrNull)
	_, err = community.Leiden(t.Context(), g, community.LeidenConfig{Iterations: -1})
	require.ErrorIs(t, err, community.ErrCount)
	assert.Panics(t, func() {
		_, _ = community.Leiden(t.Context(), g, community.LeidenConfig{Start: community.Whole(cliques(2, 3))})
	})
}

func TestLeidenCanceled(t *testing.T) {
	done, cancel := context.WithCancel(t.Context())
	cancel()
	for _, g := range []*graph.Digraph{graphtest.Example(), graphtest.Random(1, 3000, 10)} {
		_, err := community.Leiden(done, g, community.LeidenConfig{})
		require.ErrorIs(t, err, context.Canceled)
	}
	g := graphtest.Random(1, 20000, 10)
	for _, after := range []time.Duration{time.Millisecond, 5 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		_, err := community.Leiden(ctx, g, community.LeidenConfig{Iterations: 1000})
		cancel()
		require.ErrorIs(t, err, context.DeadlineExceeded)
	}
}

// countdown is a context that is canceled after it has been looked at some
// times.
type countdown struct {
	context.Context
	left atomic.Int64
}

func (c *countdown) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestLeidenCanceledAtEveryLook cancels at the first look at the context, at
// the second and so on, until the search is finished.
func TestLeidenCanceledAtEveryLook(t *testing.T) {
	g := graphtest.Random(1, 3000, 10)
	for _, workers := range []int{1, 2} {
		for looks := int64(0); ; looks++ {
			ctx := &countdown{Context: t.Context()}
			ctx.left.Store(looks)
			r, err := community.SearchWith(ctx, g, community.LeidenConfig{Iterations: 1}, workers)
			if err == nil {
				assert.Greater(t, looks, int64(10), "looks at the context")
				assert.Greater(t, r.Modularity, 0.0)
				break
			}
			require.ErrorIs(t, err, context.Canceled, looks)
			require.Zero(t, r)
		}
	}
}
