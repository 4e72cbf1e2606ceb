// SPDX-License-Identifier: Apache-2.0

package centrality_test

import (
	"context"
	"errors"
	"maps"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/centrality"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// hardRun computes values; may says which of them are NaN or infinite by the
// documents, nil for none.
type hardRun func(ctx context.Context, g *graph.Digraph) (v []float64, may func(i int) bool, err error)

func perNodeRun[T int | float64](of func(ctx context.Context, g *graph.Digraph) (graph.Values[T], error)) hardRun {
	return func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		x, err := of(ctx, g)
		var v []float64
		if err == nil {
			for _, k := range x.Slice() {
				v = append(v, float64(k))
			}
		}
		return v, nil, err
	}
}

func simpleRun[T int | float64](of func(g *graph.Digraph) graph.Values[T]) hardRun {
	return perNodeRun(func(_ context.Context, g *graph.Digraph) (graph.Values[T], error) { return of(g), nil })
}

var hardRuns = map[string]hardRun{
	"InDegree":            simpleRun(centrality.InDegree),
	"OutDegree":           simpleRun(centrality.OutDegree),
	"Degree":              simpleRun(centrality.Degree),
	"InStrength":          simpleRun(centrality.InStrength),
	"OutStrength":         simpleRun(centrality.OutStrength),
	"Strength":            simpleRun(centrality.Strength),
	"InStrengthWithSelf":  simpleRun(centrality.InStrengthWithSelf),
	"OutStrengthWithSelf": simpleRun(centrality.OutStrengthWithSelf),
	"SCore":               simpleRun(centrality.SCore),
	"KCore": perNodeRun(func(_ context.Context, g *graph.Digraph) (graph.Values[int], error) {
		return centrality.KCore(g, centrality.CoreNeighbors)
	}),
	"DCore": simpleRun(func(g *graph.Digraph) graph.Values[int] {
		n := make([]int, g.Len())
		for i, in := range centrality.DCore(g, 1, 1).Slice() {
			if in {
				n[i] = 1
			}
		}
		return graph.NewValues(g, n)
	}),
	"MixedDegree": perNodeRun(func(_ context.Context, g *graph.Digraph) (graph.Values[float64], error) {
		return centrality.MixedDegree(g, centrality.MixedDegreeConfig{Alpha: 0.5})
	}),
	"Betweenness": perNodeRun(func(ctx context.Context, g *graph.Digraph) (graph.Values[float64], error) {
		return centrality.Betweenness(ctx, g, centrality.BetweennessConfig{Normalized: true})
	}),
	"EdgeBetweenness": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		x, err := centrality.EdgeBetweenness(ctx, g, centrality.BetweennessConfig{Normalized: true})
		var v []float64
		if err == nil {
			for _, s := range x.All() {
				v = append(v, s)
			}
		}
		return v, nil, err
	},
	"SampledBetweenness": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		x, err := centrality.SampledBetweenness(ctx, g, centrality.SampledBetweennessConfig{Pivots: 2})
		if err != nil {
			return nil, nil, err
		}
		return append(slices.Clone(x.Values.Slice()), x.Bound.Slice()...), nil, nil
	},
	"Closeness": perNodeRun(func(ctx context.Context, g *graph.Digraph) (graph.Values[float64], error) {
		return centrality.Closeness(ctx, g, centrality.ClosenessConfig{})
	}),
	"Harmonic": perNodeRun(func(ctx context.Context, g *graph.Digraph) (graph.Values[float64], error) {
		return centrality.Harmonic(ctx, g, centrality.HarmonicConfig{Normalized: true})
	}),
	"Distance": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		if g.Len() == 0 {
			_, err := centrality.Distance(ctx, g, 0, centrality.DistanceConfig{})
			return nil, nil, nilIf(err, centrality.ErrConfig)
		}
		x, err := centrality.Distance(ctx, g, 0, centrality.DistanceConfig{Direction: centrality.Out})
		reached := make([]bool, g.Len())
		for list := []int{0}; len(list) > 0; list = list[1:] {
			reached[list[0]] = true
			for j := range g.Out(list[0]) {
				if !reached[j] {
					list = append(list, j)
				}
			}
		}
		return x.Slice(), func(i int) bool { return !reached[i] }, err
	},
	"PageRank": perNodeRun(func(ctx context.Context, g *graph.Digraph) (graph.Values[float64], error) {
		return centrality.PageRank(ctx, g, centrality.PageRankConfig{})
	}),
	"HITS": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		x, err := centrality.HITS(ctx, g, centrality.HITSConfig{})
		if err != nil {
			return nil, nil, err
		}
		return append(slices.Concat(x.Hub.Slice(), x.Authority.Slice()), x.Singular), nil, nil
	},
	"Eigenvector": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		x, err := centrality.Eigenvector(ctx, g, centrality.EigenvectorConfig{})
		if err != nil {
			return nil, nil, err
		}
		return x.Slice(), nil, nil
	},
	"SpectralRadius": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		x, err := centrality.SpectralRadius(ctx, g, centrality.EigenvectorConfig{})
		return []float64{x}, nil, err
	},
	"Katz": perNodeRun(func(ctx context.Context, g *graph.Digraph) (graph.Values[float64], error) {
		return centrality.Katz(ctx, g, centrality.KatzConfig{})
	}),
	"Clustering": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		x, err := centrality.Clustering(ctx, g, centrality.ClusteringConfig{})
		if err != nil {
			return nil, nil, err
		}
		n := g.Len()
		v := slices.Concat(x.Total.Slice(), x.Cycle.Slice(), x.Middleman.Slice(), x.In.Slice(), x.Out.Slice())
		f := graphtest.Matrix(g)
		return v, func(k int) bool {
			i := k % n
			var in, out, both float64
			for j := range n {
				if j != i {
					a, b := sign(f[j][i]), sign(f[i][j])
					in, out, both = in+a, out+b, both+a*b
				}
			}
			d := in + out
			return [5]float64{d*(d-1) - 2*both, in*out - both, in*out - both, in * (in - 1), out * (out - 1)}[k/n] == 0
		}, nil
	},
	"RichClub": func(ctx context.Context, g *graph.Digraph) ([]float64, func(int) bool, error) {
		club, err := centrality.RichClub(ctx, g, centrality.RichClubConfig{})
		var v []float64
		var edges []int
		for _, p := range club {
			v = append(v, p.Threshold, p.Weight, p.Topological, p.Weighted)
			edges = append(edges, p.Edges)
		}
		return v, func(k int) bool { return k%4 == 3 && edges[k/4] == 0 }, err
	},
}

func sign(x float64) float64 {
	if x > 0 {
		return 1
	}
	return 0
}

func nilIf(err, is error) error {
	if errors.Is(err, is) {
		return nil
	}
	return err
}

// noValue are the graphs on which a measure has no value, and why.
var noValue = map[string]map[string]centrality.Reason{
	"HITS": {
		"singleton": centrality.NoEdges, "singleton with loop": centrality.NoEdges, "two isolated": centrality.NoEdges, "loops only": centrality.NoEdges,
		"two equal blocks": centrality.Degenerate, "two equal full blocks and a lone node": centrality.Degenerate, "mutual pair and loops": centrality.Degenerate,
	},
	"Eigenvector": {
		"singleton": centrality.Acyclic, "singleton with loop": centrality.Acyclic, "two isolated": centrality.Acyclic, "loops only": centrality.Acyclic,
		"one edge": centrality.Acyclic, "star in": centrality.Acyclic, "star out with a sink": centrality.Acyclic,
		"two equal blocks": centrality.Degenerate, "two equal full blocks and a lone node": centrality.Degenerate,
	},
}

// TestHardGraphs runs every exported function on every hard graph: no panic, no
// loop without end, and NaN or infinity where it is documented and nowhere else.
func TestHardGraphs(t *testing.T) {
	assert.ElementsMatch(t, graphtest.Functions("."), slices.Collect(maps.Keys(hardRuns)), "every exported function has a row")
	for name, run := range hardRuns {
		t.Run(name, func(t *testing.T) {
			for _, c := range graphtest.Hard() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				v, may, err := run(ctx, c.Graph)
				cancel()
				if reason := undefined(err); reason != "" || noValue[name][c.Name] != "" {
					assert.Equal(t, noValue[name][c.Name], reason, c.Name)
					continue
				}
				require.NoError(t, err, c.Name)
				for i, x := range v {
					want := may != nil && may(i)
					assert.Equal(t, want, math.IsNaN(x) || math.IsInf(x, 0), "%s: value %d is %v", c.Name, i, x)
				}
			}
		})
	}
}
