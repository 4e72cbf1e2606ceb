// SPDX-License-Identifier: Apache-2.0

package structure_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/graphtest"
	"github.com/oncoref/oncoref/graph/structure"
)

// facts are what a measure says: by the key of a node, by two keys as "A>B", or
// by a word for the whole.
type facts map[string]float64

type factsOf func(ctx context.Context, g *graph.Digraph) (facts, error)

// law says how a measure changes with the graph.
type law struct {
	of       factsOf
	scale    float64                                // weights times c make values times c to this power; NaN if they follow no rule
	reverse  string                                 // what gives the same values on the reversed graph; "" is itself, "-" nothing
	isolated func(key string, x, n float64) float64 // the value when the n nodes become n + 1 by an isolated one; nil leaves it
	loops    bool                                   // self loops count
	long     bool                                   // takes a context
}

func number(of func(g *graph.Digraph) float64) factsOf {
	return func(_ context.Context, g *graph.Digraph) (facts, error) { return facts{"whole": of(g)}, nil }
}

func nodes(v graph.Values[float64]) facts {
	f := facts{}
	for key, x := range v.All() {
		f[key] = x
	}
	return f
}

// groups says which nodes have the same label.
func groups(v graph.Values[int]) facts {
	f := facts{}
	for a, x := range v.All() {
		for b, y := range v.All() {
			f[a+">"+b] = float64(equalInts(x, y))
		}
	}
	return f
}

// edges holds the weights, or something else, of edges other than loops.
func edges(g *graph.Digraph, of func(e graph.Edge) float64) facts {
	f := facts{}
	for e := range g.Edges() {
		if e.From != e.To {
			f[g.Key(e.From)+">"+g.Key(e.To)] = of(e)
		}
	}
	return f
}

func weight(e graph.Edge) float64 { return e.Weight }

// oddity is a type of nodes that no other name changes.
func oddity(g *graph.Digraph) graph.Values[int] {
	t := make([]int, g.Len())
	for e := range g.Loopless().Edges() {
		t[e.From] = 1 - t[e.From]
		t[e.To] = 1 - t[e.To]
	}
	return graph.NewValues(g, t)
}

// mutual is g with only the edges that have an edge back.
func mutual(g *graph.Digraph) *graph.Digraph {
	h, _ := g.WithEdges(canceledNever, func(yield func(graph.Edge) bool) {
		for e := range g.Edges() {
			if g.EdgeWeight(e.To, e.From) > 0 && !yield(e) {
				return
			}
		}
	})
	return h
}

// turned gives the facts of every pair of nodes for the pair the other way.
func (f facts) turned() facts {
	h := facts{}
	for key, x := range f {
		if a, b, ok := strings.Cut(key, ">"); ok {
			key = b + ">" + a
		}
		h[key] = x
	}
	return h
}

func turned(of factsOf) factsOf {
	return func(ctx context.Context, g *graph.Digraph) (facts, error) {
		f, err := of(ctx, g)
		return f.turned(), err
	}
}

// perPair is the law of a share of the n (n-1) pairs.
func perPair(_ string, x, n float64) float64 { return x * (n - 1) / (n + 1) }
func unknown(string, float64, float64) float64 {
	return math.NaN()
}

func climbs(ctx context.Context, g *graph.Digraph) (facts, error) {
	t, err := structure.TrophicLevels(ctx, g)
	if err != nil {
		return nil, err
	}
	f := facts{"incoherence": t.Incoherence}
	part := structure.WeaklyConnected(g).Label.Slice()
	for a, key := range g.Keys() {
		for b, other := range g.Keys() {
			if part[a] == part[b] {
				f[key+">"+other] = t.Level.Slice()[b] - t.Level.Slice()[a]
			}
		}
	}
	return f, nil
}

func disparity(of func(d structure.Disparities) float64) factsOf {
	return func(_ context.Context, g *graph.Digraph) (facts, error) {
		f := facts{}
		for e, d := range structure.Disparity(g) {
			f[g.Key(e.From)+">"+g.Key(e.To)] = of(d)
		}
		return f, nil
	}
}

func backbone(ctx context.Context, g *graph.Digraph) (facts, error) {
	h, err := structure.Backbone(ctx, g, structure.BackboneConfig{Level: 0.3})
	if err != nil {
		return nil, err
	}
	return edges(h, weight), nil
}

// triads are the triads of three nodes that hang together, by the letter U in
// place of D and the other way around if all edges are to be reversed.
func triads(reversed bool) factsOf {
	return func(ctx context.Context, g *graph.Digraph) (facts, error) {
		t, err := structure.TriadCensus(ctx, g)
		f := facts{}
		for k := structure.Triad021D; k <= structure.Triad300; k++ {
			name := k.String()
			if reversed {
				name = strings.NewReplacer("D", "U", "U", "D").Replace(name)
			}
			f[name] = float64(t[k])
		}
		return f, err
	}
}

func assortativity(pair structure.DegreePair, strength bool) factsOf {
	return func(_ context.Context, g *graph.Digraph) (facts, error) {
		r, err := structure.DegreeAssortativity(g, structure.DegreeAssortativityConfig{Pair: pair, Strength: strength})
		return facts{"r": r}, err
	}
}

func perCell(of func(t structure.Independence, i, j int) float64) factsOf {
	return func(_ context.Context, g *graph.Digraph) (facts, error) {
		t := structure.ExpectIndependence(g)
		f := facts{}
		for i, a := range g.Keys() {
			for j, b := range g.Keys() {
				f[a+">"+b] = of(t, i, j)
			}
		}
		return f, nil
	}
}

func quasi(of func(q structure.QuasiIndependence) float64) factsOf {
	return func(ctx context.Context, g *graph.Digraph) (facts, error) {
		q, err := structure.ExpectQuasiIndependence(ctx, g)
		return facts{"quasi": of(q)}, err
	}
}

func fitted(ctx context.Context, g *graph.Digraph) (facts, error) {
	seed, err := g.Map(func(graph.Edge) float64 { return 1 })
	if err != nil {
		return nil, err
	}
	h := newHard(g)
	fit, err := structure.FitMargins(ctx, seed, graph.NewValues(seed, h.all), graph.NewValues(seed, h.received), structure.FitConfig{Sweeps: 5000})
	if err != nil {
		return nil, err
	}
	return edges(fit.Graph, weight), nil
}

func holes(of func(context.Context, *graph.Digraph, structure.HolesConfig) (graph.Values[float64], error)) factsOf {
	return func(ctx context.Context, g *graph.Digraph) (facts, error) {
		v, err := of(ctx, g, structure.HolesConfig{})
		return nodes(v), err
	}
}

func counts(g *graph.Digraph) (*graph.Digraph, error) {
	return g.Map(func(e graph.Edge) float64 { return math.Ceil(e.Weight) })
}

// laws has a row, by its first word, for every exported function.
var laws = map[string]law{
	"Density":             {of: number(structure.Density), isolated: perPair},
	"Reciprocity":         {of: number(structure.Reciprocity)},
	"WeightedReciprocity": {of: number(structure.WeightedReciprocity)},
	"NodeReciprocity": {of: func(_ context.Context, g *graph.Digraph) (facts, error) {
		return nodes(structure.NodeReciprocity(g)), nil
	}, reverse: "-"},
	"FlowHierarchy":                   {of: number(structure.FlowHierarchy)},
	"BinaryFlowHierarchy":             {of: number(structure.BinaryFlowHierarchy)},
	"CommonPart":                      {of: number(func(g *graph.Digraph) float64 { return structure.CommonPart(g, g.Transpose()) }), loops: true},
	"CommonShare":                     {of: number(func(g *graph.Digraph) float64 { return structure.CommonShare(g, mutual(g)) }), loops: true},
	"CommonEdges":                     {of: number(func(g *graph.Digraph) float64 { return structure.CommonEdges(g, g.Transpose()) }), loops: true},
	"JensenShannon":                   {of: number(func(g *graph.Digraph) float64 { return structure.JensenShannon(g, g.Transpose()) }), loops: true},
	"WeightedJaccard":                 {of: number(func(g *graph.Digraph) float64 { return structure.WeightedJaccard(g, g.Transpose()) }), loops: true},
	"CoveredEdges":                    {of: number(func(g *graph.Digraph) float64 { return structure.CoveredEdges(g, mutual(g)) }), loops: true},
	"MeanOverlap":                     {of: number(func(g *graph.Digraph) float64 { return structure.MeanOverlap([]*graph.Digraph{g, g.Transpose()}) }), loops: true},
	"Centralization in":               {of: centralization(false), reverse: "Centralization out", isolated: unknown},
	"Centralization out":              {of: centralization(true), reverse: "Centralization in", isolated: unknown},
	"Condensation":                    {of: number(func(g *graph.Digraph) float64 { h, _ := structure.Condensation(g); return h.Total() }), scale: 1},
	"DegreeAssortativity":             {of: assortativity(structure.OutIn, false)},
	"DegreeAssortativity by strength": {of: assortativity(structure.OutIn, true)},
	"DegreeAssortativity out-out":     {of: assortativity(structure.OutOut, false), reverse: "DegreeAssortativity in-in"},
	"DegreeAssortativity in-in":       {of: assortativity(structure.InIn, false), reverse: "DegreeAssortativity out-out"},
	"DegreeAssortativity in-out":      {of: assortativity(structure.InOut, true)},
	"Mixing": {of: number(func(g *graph.Digraph) float64 {
		return structure.Mixing(g, oddity(g), structure.MixingConfig{}).Assortativity()
	})},
	"Mixing with loops": {of: number(func(g *graph.Digraph) float64 {
		return structure.Mixing(g, oddity(g), structure.MixingConfig{Loops: true, Binary: true}).Assortativity()
	}), loops: true},
	"StronglyConnected": {of: func(_ context.Context, g *graph.Digraph) (facts, error) {
		return groups(structure.StronglyConnected(g).Label), nil
	}},
	"WeaklyConnected": {of: func(_ context.Context, g *graph.Digraph) (facts, error) {
		return groups(structure.WeaklyConnected(g).Label), nil
	}},
	"RowVariation": {loops: true, of: func(_ context.Context, g *graph.Digraph) (facts, error) {
		return nodes(structure.RowVariation(g, g.Transpose())), nil
	}},
	"EdgeOverlap":        {loops: true, reverse: "EdgeOverlap turned", of: overlap},
	"EdgeOverlap turned": {loops: true, reverse: "EdgeOverlap", of: turned(overlap)},
	"Participation": {of: func(_ context.Context, g *graph.Digraph) (facts, error) {
		f := facts{}
		for _, p := range structure.Participation([]*graph.Digraph{g, mutual(g)}) {
			f[p.Key] = p.Participation
		}
		return f, nil
	}},
	"DominantFlows": {loops: true, reverse: "-", of: func(_ context.Context, g *graph.Digraph) (facts, error) {
		f := facts{}
		for from, list := range structure.DominantFlows(g, nil).Partners.All() {
			for _, j := range list {
				f[from+">"+g.Key(j)] = 1
			}
		}
		return f, nil
	}},
	"DyadCensus": {of: func(_ context.Context, g *graph.Digraph) (facts, error) {
		d := structure.DyadCensus(g)
		return facts{"mutual": float64(d.Mutual), "asymmetric": float64(d.Asymmetric)}, nil
	}},
	"TriadCensus":          {of: triads(false), reverse: "TriadCensus reversed", long: true},
	"TriadCensus reversed": {of: triads(true), reverse: "TriadCensus", long: true},
	"Disparity out":        {of: disparity(func(d structure.Disparities) float64 { return d.Out }), reverse: "Disparity in, turned"},
	"Disparity in, turned": {of: turned(disparity(func(d structure.Disparities) float64 { return d.In })), reverse: "Disparity out"},
	"Backbone":             {of: backbone, scale: 1, reverse: "Backbone turned", long: true},
	"Backbone turned":      {of: turned(backbone), scale: 1, reverse: "Backbone", long: true},
	"Constraint":           {of: holes(structure.Constraint), long: true},
	"EffectiveSize":        {of: holes(structure.EffectiveSize), long: true},
	"TrophicLevels":        {of: climbs, reverse: "TrophicLevels turned", long: true},
	"TrophicLevels turned": {of: turned(climbs), reverse: "TrophicLevels", long: true},
	"LevineLevels": {reverse: "-", long: true, of: func(ctx context.Context, g *graph.Digraph) (facts, error) {
		l, err := structure.LevineLevels(ctx, g)
		f := nodes(l.Level)
		f["incoherence"] = l.Incoherence
		return f, err
	}},
	"ReciprocityNull": {scale: math.NaN(), long: true, of: func(ctx context.Context, g *graph.Digraph) (facts, error) {
		whole, err := counts(g)
		if err != nil {
			return nil, err
		}
		r, err := structure.ReciprocityNull(ctx, whole)
		return facts{"observed": r.Observed, "expected": r.Expected, "rho": r.Rho}, err
	}},
	"ExpectIndependence X²":                        {scale: 1, loops: true, of: number(func(g *graph.Digraph) float64 { return structure.ExpectIndependence(g).ChiSquared })},
	"ExpectIndependence G²":                        {scale: 1, loops: true, of: number(func(g *graph.Digraph) float64 { return structure.ExpectIndependence(g).G2 })},
	"ExpectIndependence V":                         {loops: true, of: number(func(g *graph.Digraph) float64 { return structure.ExpectIndependence(g).CramersV })},
	"ExpectIndependence weights":                   {scale: 1, loops: true, reverse: "ExpectIndependence weights turned", of: perCell(structure.Independence.Expected)},
	"ExpectIndependence weights turned":            {scale: 1, loops: true, reverse: "ExpectIndependence weights", of: turned(perCell(structure.Independence.Expected))},
	"ExpectIndependence Pearson residuals":         {scale: 0.5, loops: true, reverse: "ExpectIndependence Pearson residuals turned", of: perCell(structure.Independence.Pearson)},
	"ExpectIndependence Pearson residuals turned":  {scale: 0.5, loops: true, reverse: "ExpectIndependence Pearson residuals", of: turned(perCell(structure.Independence.Pearson))},
	"ExpectIndependence adjusted residuals":        {scale: 0.5, loops: true, reverse: "ExpectIndependence adjusted residuals turned", of: perCell(structure.Independence.Adjusted)},
	"ExpectIndependence adjusted residuals turned": {scale: 0.5, loops: true, reverse: "ExpectIndependence adjusted residuals", of: turned(perCell(structure.Independence.Adjusted))},
	"ExpectQuasiIndependence X²":                   {scale: 1, long: true, of: quasi(func(q structure.QuasiIndependence) float64 { return q.ChiSquared })},
	"ExpectQuasiIndependence G²":                   {scale: 1, long: true, of: quasi(func(q structure.QuasiIndependence) float64 { return q.G2 })},
	"FitMargins":                                   {of: fitted, scale: 1, reverse: "FitMargins turned", loops: true, long: true},
	"FitMargins turned":                            {of: turned(fitted), scale: 1, reverse: "FitMargins", loops: true, long: true},
	"Randomize in-degrees":                         {of: randomized(func(e graph.Edge) int { return e.To }), loops: true, long: true, reverse: "Randomize out-degrees"},
	"Randomize out-degrees":                        {of: randomized(func(e graph.Edge) int { return e.From }), loops: true, long: true, reverse: "Randomize in-degrees"},
	"NullTest": {loops: true, long: true, of: func(ctx context.Context, g *graph.Digraph) (facts, error) {
		r, err := structure.NullTest(ctx, g, func(g *graph.Digraph) float64 { return float64(g.Size()) }, structure.NullTestConfig{Samples: 5})
		return facts{"observed": r.Observed, "mean": r.Mean}, err
	}},
}

// randomized counts the edges at the nodes of a random graph, at one of their
// ends.
func randomized(end func(graph.Edge) int) factsOf {
	return func(ctx context.Context, g *graph.Digraph) (facts, error) {
		h, err := structure.Randomize(ctx, g, structure.RandomizeConfig{Seed: 3})
		if err != nil {
			return nil, err
		}
		f := facts{}
		for _, key := range g.Keys() {
			f[key] = 0
		}
		for e := range h.Edges() {
			f[g.Key(end(e))]++
		}
		return f, nil
	}
}

func centralization(out bool) factsOf {
	return number(func(g *graph.Digraph) float64 {
		h := newHard(g)
		strength := h.in
		if out {
			strength = h.out
		}
		return structure.Centralization(graph.NewValues(g, strength), add(strength))
	})
}

func overlap(_ context.Context, g *graph.Digraph) (facts, error) {
	f := facts{}
	for _, e := range structure.EdgeOverlap([]*graph.Digraph{g, mutual(g)}) {
		f[e.From+">"+e.To] = float64(e.Layers)
	}
	return f, nil
}

// lawful requires that two measures say the same of two graphs but for a factor.
func lawful(t require.TestingT, l, other law, g, h *graph.Digraph, name func(string) string, value func(key string, x float64) float64, text string) {
	want, err := l.of(canceledNever, g)
	got, err2 := other.of(canceledNever, h)
	if errors.Is(err, structure.ErrNotConverged) || errors.Is(err2, structure.ErrNotConverged) {
		return
	}
	require.NoError(t, errors.Join(err, err2), text)
	got = graphtest.Rename(got, name)
	for key, x := range want {
		y, ok := got[key]
		require.True(t, ok, "%s: %s", text, key)
		near(t, value(key, x), y, 1e-7, text, key)
	}
}

// TestEveryLaw holds every measure against the laws it must obey: nodes by
// other names, all weights scaled, all edges reversed, an isolated node added,
// self loops taken away.
func TestEveryLaw(t *testing.T) {
	var named []string
	for name := range laws {
		named = append(named, strings.Fields(name)[0])
	}
	assert.ElementsMatch(t, graphtest.Functions("."), slices.Compact(slices.Sorted(slices.Values(named))), "every exported function has a row")
	same := func(key string) string { return key }
	stay := func(_ string, x float64) float64 { return x }
	for name, l := range laws {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				g := draw(t)
				n := g.Len()
				back := func(key string) string {
					for i := range n {
						if key == graphtest.Key(i) {
							return graphtest.Key(n - 1 - i)
						}
					}
					return key
				}
				lawful(t, l, l, g, relabeled(g), back, stay, "other names")

				const factor = 1024
				if !math.IsNaN(l.scale) {
					times := math.Pow(factor, l.scale)
					lawful(t, l, l, g, scale(t, g, factor), same, func(_ string, x float64) float64 { return x * times }, "scaled")
				}
				switch l.reverse {
				case "":
					lawful(t, l, l, g, g.Transpose(), same, stay, "reversed")
				case "-":
				default:
					lawful(t, l, laws[l.reverse], g, g.Transpose(), same, stay, "reversed")
				}
				if grow := l.isolated; n > 1 && (grow == nil || !math.IsNaN(grow("", 1, 2))) {
					change := stay
					if grow != nil {
						change = func(key string, x float64) float64 { return grow(key, x, float64(n)) }
					}
					lawful(t, l, l, g, withIsolated(g), same, change, "isolated node")
				}
				if !l.loops {
					lawful(t, l, l, g, g.Loopless(), same, stay, "without loops")
				}
			})
		})
	}
}

// TestEveryCancellation ends every measure that takes a context at once.
func TestEveryCancellation(t *testing.T) {
	g := graphtest.Random(21, 300, 6)
	for name, l := range laws {
		if l.long {
			_, err := l.of(canceled(), g)
			require.ErrorIs(t, err, errCanceled, name)
		}
	}
}

// TestEveryProcessor has every measure that may use several done on one, two
// and eight processors.
func TestEveryProcessor(t *testing.T) {
	g := graphtest.Random(22, 150, 5)
	bits := func(l law) string {
		f, err := l.of(t.Context(), g)
		require.NoError(t, err)
		return fmt.Sprint(f) // maps are printed in the order of their keys, numbers with all digits
	}
	before := runtime.GOMAXPROCS(0)
	defer runtime.GOMAXPROCS(before)
	for name, l := range laws {
		if !l.long {
			continue
		}
		runtime.GOMAXPROCS(1)
		want := bits(l)
		for _, processors := range []int{2, 8} {
			runtime.GOMAXPROCS(processors)
			require.Equal(t, want, bits(l), "%s on %d processors", name, processors)
		}
	}
}
