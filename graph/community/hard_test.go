// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"context"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// hardRun computes values and says which are NaN by the documents.
type hardRun func(ctx context.Context, g *graph.Digraph) (v []float64, nan func(i int) bool, err error)

func edgeless(g *graph.Digraph) func(int) bool { return func(int) bool { return g.Size() == 0 } }

// halves puts the nodes into two communities by turns.
func halves(g *graph.Digraph) community.Partition {
	labels := make([]int, g.Len())
	for i := range labels {
		labels[i] = i % 2
	}
	return community.NewPartition(g, graph.NewValues(g, labels))
}

// sides returns what each half sends and receives, loops included.
func sides(g *graph.Digraph) (out, in [2]float64) {
	for e := range g.Edges() {
		out[e.From%2] += e.Weight
		in[e.To%2] += e.Weight
	}
	return out, in
}

var hardRuns = map[string]hardRun{
	"NewPartition": func(_ context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		return []float64{float64(halves(g).Count() - min(g.Len(), 2))}, nil, nil
	},
	"Singletons": func(_ context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		return []float64{float64(community.Singletons(g).Count() - g.Len())}, nil, nil
	},
	"Whole": func(_ context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		return []float64{float64(community.Whole(g).Count() - min(g.Len(), 1))}, nil, nil
	},
	"Modularity": func(_ context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		a, err := community.Modularity(g, halves(g), community.ModularityConfig{})
		if err != nil {
			return nil, nil, err
		}
		b, err := community.Modularity(g, halves(g), community.ModularityConfig{Null: community.Undirected})
		return []float64{a, b}, edgeless(g), err
	},
	"Conductance": func(_ context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		out, in := sides(g)
		return community.Conductance(g, halves(g)), func(int) bool { return min(out[0]+in[0], out[1]+in[1]) == 0 }, nil
	},
	"OutConductance": func(_ context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		out, _ := sides(g)
		return community.OutConductance(g, halves(g)), func(int) bool { return min(out[0], out[1]) == 0 }, nil
	},
	"Coverage": func(_ context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		return []float64{community.Coverage(g, halves(g))}, edgeless(g), nil
	},
	"Performance": func(_ context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		return []float64{community.Performance(g, halves(g))}, func(int) bool { return g.Len() < 2 }, nil
	},
	"Compare": func(_ context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		a, err := community.Compare(halves(g), community.Singletons(g), community.CompareConfig{})
		n := g.Len()
		return []float64{a.EntropyA, a.EntropyB, a.MI, a.VI, a.EMI, a.Rand, a.ARI}, func(k int) bool {
			return n == 0 || k >= 5 && n < 2 || k == 6 && n == 2 // both have all nodes apart
		}, err
	},
	"Match": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		m, err := community.Match(ctx, halves(g), community.Singletons(g), community.CompareConfig{})
		return []float64{m.Share}, func(int) bool { return g.Len() == 0 }, err
	},
	"Exact": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		x, err := community.Exact(ctx, g, community.ModularityConfig{})
		return []float64{x.Modularity, x.RunnerUp}, func(k int) bool { return g.Size() == 0 || k == 1 && x.Partitions == 1 }, err
	},
	"Leiden": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		x, err := community.Leiden(ctx, g, community.LeidenConfig{})
		return []float64{x.Modularity}, edgeless(g), err
	},
	"Repeat": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		x, err := community.Repeat(ctx, g, community.RepeatConfig{Runs: 4})
		return []float64{x.Best.Modularity}, edgeless(g), err
	},
	"Sweep": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		x, err := community.Sweep(ctx, g, community.SweepConfig{Resolutions: []float64{0.5, 1, 2}})
		var v []float64
		for _, l := range x {
			v = append(v, l.Best.Modularity)
		}
		return v, edgeless(g), err
	},
}

// TestHardGraphs runs every exported function on every hard graph: no panic, no
// loop without end, no infinity, and NaN where it is documented and nowhere
// else.
func TestHardGraphs(t *testing.T) {
	assert.ElementsMatch(t, graphtest.Functions("."), slices.Collect(maps.Keys(hardRuns)), "every exported function has a row")
	for name, run := range hardRuns {
		t.Run(name, func(t *testing.T) {
			for _, c := range graphtest.Hard() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				v, nan, err := run(ctx, c.Graph)
				cancel()
				require.NoError(t, err, c.Name)
				for i, x := range v {
					assert.Equal(t, nan != nil && nan(i), math.IsNaN(x), "%s: value %d is %v", c.Name, i, x)
					assert.False(t, math.IsInf(x, 0), "%s: value %d is %v", c.Name, i, x)
				}
			}
		})
	}
}
