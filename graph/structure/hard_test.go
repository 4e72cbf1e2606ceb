// SPDX-License-Identifier: Apache-2.0

package structure_test

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
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

// hardGraph is a graph with what the documents of the measures speak of.
type hardGraph struct {
	g        *graph.Digraph
	out, in  []float64 // strengths without loops
	all      []float64 // what a node sends, loops included
	received []float64 // what it receives, loops included
	joined   []int     // number of neighbors
	whole    bool      // all weights are whole numbers
}

func newHard(g *graph.Digraph) hardGraph {
	n := g.Len()
	h := hardGraph{g: g, out: make([]float64, n), in: make([]float64, n), all: make([]float64, n), received: make([]float64, n), joined: make([]int, n), whole: true}
	for e := range g.Edges() {
		h.all[e.From] += e.Weight
		h.received[e.To] += e.Weight
		if e.From == e.To {
			continue
		}
		h.whole = h.whole && e.Weight == math.Trunc(e.Weight)
		h.out[e.From] += e.Weight
		h.in[e.To] += e.Weight
		if back := g.EdgeWeight(e.To, e.From); back == 0 || e.From < e.To {
			h.joined[e.From]++
			h.joined[e.To]++
		}
	}
	return h
}

func (h hardGraph) crossless() bool { return h.g.Loopless().Size() == 0 }

// one and each say where NaN is documented: at once, or node by node.
func one(nan bool) func(int) bool     { return func(int) bool { return nan } }
func zero(x []float64) func(int) bool { return func(i int) bool { return x[i] == 0 } }
func never(int) bool                  { return false }
func values(x ...float64) []float64   { return x }
func numbers[T int | int64](x []T) []float64 {
	v := make([]float64, len(x))
	for i, k := range x {
		v[i] = float64(k)
	}
	return v
}

// hardRun computes values and says which are NaN by the documents; nil where
// any may be.
type hardRun func(ctx context.Context, h hardGraph) ([]float64, func(i int) bool, error)

func plainRun(of func(g *graph.Digraph) float64, nan func(h hardGraph) bool) hardRun {
	return func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		return values(of(h.g)), one(nan(h)), nil
	}
}

func weightsOf(g *graph.Digraph) []float64 {
	var w []float64
	for e := range g.Edges() {
		w = append(w, e.Weight)
	}
	return w
}

var hardRuns = map[string]hardRun{
	"Reciprocity":         plainRun(structure.Reciprocity, hardGraph.crossless),
	"WeightedReciprocity": plainRun(structure.WeightedReciprocity, hardGraph.crossless),
	"FlowHierarchy":       plainRun(structure.FlowHierarchy, hardGraph.crossless),
	"BinaryFlowHierarchy": plainRun(structure.BinaryFlowHierarchy, hardGraph.crossless),
	"Density":             plainRun(structure.Density, func(h hardGraph) bool { return h.g.Len() < 2 }),
	"CommonPart":          plainRun(func(g *graph.Digraph) float64 { return structure.CommonPart(g, g) }, func(h hardGraph) bool { return h.g.Size() == 0 }),
	"CommonShare":         plainRun(func(g *graph.Digraph) float64 { return structure.CommonShare(g, g) }, func(h hardGraph) bool { return h.g.Size() == 0 }),
	"CommonEdges":         plainRun(func(g *graph.Digraph) float64 { return structure.CommonEdges(g, g) }, func(h hardGraph) bool { return h.g.Size() == 0 }),
	"JensenShannon":       plainRun(func(g *graph.Digraph) float64 { return structure.JensenShannon(g, g.Transpose()) }, func(h hardGraph) bool { return h.g.Size() == 0 }),
	"WeightedJaccard":     plainRun(func(g *graph.Digraph) float64 { return structure.WeightedJaccard(g, g) }, func(h hardGraph) bool { return h.g.Size() == 0 }),
	"CoveredEdges":        plainRun(func(g *graph.Digraph) float64 { return structure.CoveredEdges(g, g.Transpose()) }, func(h hardGraph) bool { return h.g.Size() == 0 }),
	"MeanOverlap":         plainRun(func(g *graph.Digraph) float64 { return structure.MeanOverlap([]*graph.Digraph{g, g}) }, func(h hardGraph) bool { return h.g.Size() == 0 }),
	"EdgeOverlap": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		var v []float64
		for _, e := range structure.EdgeOverlap([]*graph.Digraph{h.g, h.g.Transpose()}) {
			v = append(v, float64(e.Layers))
		}
		return v, func(int) bool { return false }, nil
	},
	"Participation": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		var v []float64
		for _, p := range structure.Participation([]*graph.Digraph{h.g, h.g}) {
			v = append(v, p.Participation)
		}
		loopless := h.g.Loopless()
		return v, func(i int) bool {
			for range loopless.Out(i) {
				return false
			}
			for range loopless.In(i) {
				return false
			}
			return true
		}, nil
	},
	"NodeReciprocity": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		return structure.NodeReciprocity(h.g).Slice(), zero(h.out), nil
	},
	"RowVariation": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		return structure.RowVariation(h.g, h.g).Slice(), zero(h.all), nil
	},
	"ReciprocityNull": func(ctx context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		x, err := structure.ReciprocityNull(ctx, h.g)
		if !h.whole {
			err = nilIf(err, structure.ErrCounts)
			return nil, never, err
		}
		return values(x.Observed, x.Expected, x.Rho), func(i int) bool { return h.crossless() || i == 2 && x.Expected == 1 }, err
	},
	"StronglyConnected": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		return numbers(structure.StronglyConnected(h.g).Label.Slice()), never, nil
	},
	"WeaklyConnected": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		return numbers(structure.WeaklyConnected(h.g).Label.Slice()), never, nil
	},
	"Condensation": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		g, _ := structure.Condensation(h.g)
		return weightsOf(g), never, nil
	},
	"TrophicLevels": func(ctx context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		x, err := structure.TrophicLevels(ctx, h.g)
		n := h.g.Len()
		return append(slices.Clone(x.Level.Slice()), x.Incoherence), func(i int) bool { return i == n && h.crossless() }, err
	},
	"LevineLevels": func(ctx context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		x, err := structure.LevineLevels(ctx, h.g)
		n := h.g.Len()
		fed := map[int]bool{} // in reach of a node that receives nothing, and of nothing else
		reach := reach(cross(h.g))
		for i := range n {
			fed[i] = true
			for j := range n {
				if !reach[j][i] {
					continue
				}
				from := false
				for k := range n {
					from = from || reach[k][j] && h.in[k] == 0
				}
				fed[i] = fed[i] && from
			}
		}
		unfed := func(i int) bool { return !fed[i] }
		return append(slices.Clone(x.Level.Slice()), x.Incoherence), func(i int) bool {
			if i < n {
				return unfed(i)
			}
			for e := range h.g.Edges() {
				if e.From != e.To && (unfed(e.From) || unfed(e.To)) {
					return true
				}
			}
			return h.crossless()
		}, err
	},
	"Mixing": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		m := structure.Mixing(h.g, graph.NewValues(h.g, oddOf(h.g.Len())), structure.MixingConfig{})
		var v []float64
		for _, row := range m.Share {
			v = append(v, row...)
		}
		k := len(v)
		sent, got := map[bool]bool{}, map[bool]bool{}
		for e := range h.g.Edges() {
			if e.From != e.To {
				sent[e.From%2 == 1], got[e.To%2 == 1] = true, true
			}
		}
		single := len(sent) == 1 && maps.Equal(sent, got)
		return append(v, m.Assortativity()), func(i int) bool { return h.crossless() || i == k && single }, nil
	},
	"DegreeAssortativity": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		x, err := structure.DegreeAssortativity(h.g, structure.DegreeAssortativityConfig{Pair: structure.OutOut})
		var from, to []int
		degree := func(i int) (k int) {
			for j := range h.g.Out(i) {
				k += 1 - equalInts(i, j)
			}
			return k
		}
		for e := range h.g.Edges() {
			if e.From != e.To {
				from, to = append(from, degree(e.From)), append(to, degree(e.To))
			}
		}
		same := func(x []int) bool { return len(slices.Compact(slices.Sorted(slices.Values(x)))) < 2 }
		return values(x), one(same(from) || same(to)), err
	},
	"ExpectIndependence": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		x := structure.ExpectIndependence(h.g)
		v := values(x.ChiSquared, x.G2, x.CramersV)
		n := h.g.Len()
		for i := range n {
			for j := range n {
				v = append(v, x.Expected(i, j), x.Pearson(i, j), x.Adjusted(i, j))
			}
		}
		senders, receivers := nonzero(h.all), nonzero(h.received)
		return v, func(k int) bool {
			switch {
			case k < 2:
				return h.g.Size() == 0
			case k == 2:
				return min(senders, receivers) < 2
			}
			k -= 3
			i, j := k/3/n, k/3%n
			empty := h.all[i] == 0 || h.received[j] == 0
			switch k % 3 {
			case 0:
				return false
			case 1:
				return empty
			}
			return empty || senders == 1 || receivers == 1
		}, nil
	},
	"ExpectQuasiIndependence": func(ctx context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		x, err := structure.ExpectQuasiIndependence(ctx, h.g)
		if errors.Is(err, structure.ErrNotConverged) {
			return nil, never, nil // documented: where one node has nearly all
		}
		v := values(x.ChiSquared, x.G2)
		n := h.g.Len()
		for i := range n {
			for j := range n {
				v = append(v, x.Expected(i, j))
			}
		}
		return v, func(k int) bool { return k < 2 && h.crossless() }, err
	},
	"FitMargins": func(ctx context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		seed, err := h.g.Map(func(graph.Edge) float64 { return 1 })
		if err != nil {
			return nil, nil, err
		}
		x, err := structure.FitMargins(ctx, seed, graph.NewValues(seed, h.all), graph.NewValues(seed, h.received), structure.FitConfig{Sweeps: 2000})
		if errors.Is(err, structure.ErrNotConverged) && !h.whole {
			return nil, never, nil
		}
		return weightsOf2(x.Graph, err), never, err
	},
	"Disparity": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		var v []float64
		for _, d := range structure.Disparity(h.g) {
			v = append(v, d.Out, d.In)
		}
		return v, never, nil
	},
	"Backbone": func(ctx context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		x, err := structure.Backbone(ctx, h.g, structure.BackboneConfig{Level: 0.5})
		return weightsOf2(x, err), never, err
	},
	"Centralization": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		return values(structure.Centralization(graph.NewValues(h.g, h.in), 1)), one(h.g.Len() == 0), nil
	},
	"Constraint": func(ctx context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		x, err := structure.Constraint(ctx, h.g, structure.HolesConfig{})
		return x.Slice(), func(i int) bool { return h.joined[i] == 0 }, err
	},
	"EffectiveSize": func(ctx context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		x, err := structure.EffectiveSize(ctx, h.g, structure.HolesConfig{})
		return x.Slice(), func(i int) bool { return h.joined[i] == 0 }, err
	},
	"DominantFlows": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		return numbers(structure.DominantFlows(h.g, nil).Region.Slice()), never, nil
	},
	"DyadCensus": func(_ context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		d := structure.DyadCensus(h.g)
		n := int64(h.g.Len())
		return numbers([]int64{d.Mutual, d.Asymmetric, d.Null, d.Mutual + d.Asymmetric + d.Null - n*(n-1)/2}), never, nil
	},
	"TriadCensus": func(ctx context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		x, err := structure.TriadCensus(ctx, h.g)
		return numbers(x[:]), never, err
	},
	"Randomize": func(ctx context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		x, err := structure.Randomize(ctx, h.g, structure.RandomizeConfig{})
		return weightsOf2(x, err), never, err
	},
	"NullTest": func(ctx context.Context, h hardGraph) ([]float64, func(int) bool, error) {
		x, err := structure.NullTest(ctx, h.g, structure.Reciprocity, structure.NullTestConfig{Samples: 20})
		return values(x.Observed, x.Mean, x.Above, x.Below), func(int) bool { return h.crossless() }, err
	},
}

func nilIf(err, is error) error {
	if errors.Is(err, is) {
		return nil
	}
	return err
}

func weightsOf2(g *graph.Digraph, err error) []float64 {
	if err != nil {
		return nil
	}
	return weightsOf(g)
}

func oddOf(n int) []int {
	x := make([]int, n)
	for i := range x {
		x[i] = i % 2
	}
	return x
}

func equalInts(a, b int) int {
	if a == b {
		return 1
	}
	return 0
}

func nonzero(x []float64) (k int) {
	for _, v := range x {
		if v > 0 {
			k++
		}
	}
	return k
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
				v, nan, err := run(ctx, newHard(c.Graph))
				cancel()
				require.NoError(t, err, c.Name)
				for i, x := range v {
					assert.Equal(t, nan(i), math.IsNaN(x), "%s: value %d is %v", c.Name, i, x)
					assert.False(t, math.IsInf(x, 0), "%s: value %d is %v", c.Name, i, x)
				}
			}
		})
	}
}
