// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"cmp"
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// WeightedJaccard returns the sum of the smaller weights of two graphs over the
// sum of the larger ones, edge by edge with equal keys,
//
//	Σ_ij min(f_ij, g_ij) / Σ_ij max(f_ij, g_ij)
//
// Self loops count. The value lies in [0, 1]; it is NaN if both graphs have no
// edge. Time O(n + m).
func WeightedJaccard(f, g *graph.Digraph) float64 {
	var common, either sum.Compensated
	align(f, g).cells(func(_ int, x, y float64) {
		common.Add(min(x, y))
		either.Add(max(x, y))
	})
	return common.Value() / either.Value()
}

// CoveredEdges returns the share of the edges of f that g has too, by key and
// direction, weights not counting. It is NaN if f has no edge. Time O(n + m).
func CoveredEdges(f, g *graph.Digraph) float64 {
	var all, both int
	align(f, g).cells(func(_ int, x, y float64) {
		all += indicator(x > 0)
		both += indicator(x > 0 && y > 0)
	})
	return float64(both) / float64(all)
}

// LayeredEdge is an edge and in how many layers it occurs.
type LayeredEdge struct {
	From, To string
	Layers   int
}

// EdgeOverlap returns in how many of several graphs each edge occurs that
// occurs in any, by key, with their direction; self loops count. The result is
// sorted by From and To. Time O(m log m).
//
// Reference: Bianconi 2013, doi:10.1103/PhysRevE.87.062806.
func EdgeOverlap(layers []*graph.Digraph) []LayeredEdge {
	var all []LayeredEdge
	for _, g := range layers {
		for e := range g.Edges() {
			all = append(all, LayeredEdge{g.Key(e.From), g.Key(e.To), 1})
		}
	}
	slices.SortFunc(all, func(a, b LayeredEdge) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	var out []LayeredEdge
	for _, e := range all {
		if n := len(out); n > 0 && out[n-1].From == e.From && out[n-1].To == e.To {
			out[n-1].Layers++
		} else {
			out = append(out, e)
		}
	}
	return out
}

// MeanOverlap returns the mean over the edges of [EdgeOverlap] of the share of
// the layers in which an edge occurs, between 1/M and 1 for M layers; NaN
// without edges.
func MeanOverlap(layers []*graph.Digraph) float64 {
	edges := EdgeOverlap(layers)
	n := 0
	for _, e := range edges {
		n += e.Layers
	}
	return float64(n) / float64(len(edges)*len(layers))
}

// NodeParticipation is how evenly the edges of a node are spread over layers.
type NodeParticipation struct {
	Key           string
	Participation float64
}

// Participation returns for each key of any layer
//
//	P_i = M/(M-1) · (1 - Σ_a (s_i^a / s_i)²)
//
// where s_i^a is the strength of i in layer a, in and out together without self
// loops, and s_i their sum over the M layers: 1 if all layers have an equal
// share, 0 if one has everything. It is NaN for a node without such edges and
// for fewer than two layers. The result is sorted by key. A layer that was not
// observed must be left out, not given empty. Time O(m + n log n).
//
// Reference: Battiston, Nicosia and Latora 2014, doi:10.1103/PhysRevE.89.032804.
func Participation(layers []*graph.Digraph) []NodeParticipation {
	var keys []string
	for _, g := range layers {
		for _, k := range g.Keys() {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	keys = slices.Compact(keys)
	strength := make([][]float64, len(layers))
	for a, g := range layers {
		strength[a] = make([]float64, len(keys))
		for e := range g.Edges() {
			if e.From == e.To {
				continue
			}
			for _, end := range [...]int{e.From, e.To} {
				at, _ := slices.BinarySearch(keys, g.Key(end))
				strength[a][at] += e.Weight
			}
		}
	}
	m := float64(len(layers))
	out := make([]NodeParticipation, len(keys))
	for i, k := range keys {
		total, squares := 0.0, 0.0
		for a := range layers {
			total += strength[a][i]
		}
		for a := range layers {
			p := strength[a][i] / total
			squares += p * p
		}
		out[i] = NodeParticipation{k, m / (m - 1) * (1 - squares)}
		if len(layers) < 2 {
			out[i].Participation = math.NaN()
		}
	}
	return out
}
