// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// RichClubConfig are the choices of [RichClub].
type RichClubConfig struct {
	Richness graph.Values[float64] // how rich each node is; none means InStrength
	Samples  int                   // random graphs for Normalized; 0 means none
	Seed     uint64                // of the random graphs
}

// RichClubPoint is the club of the nodes richer than a threshold.
type RichClubPoint struct {
	Threshold   float64
	Members     int     // nodes richer than Threshold
	Edges       int     // edges among them
	Weight      float64 // weight of these edges
	Topological float64 // share of the possible edges among them that exist
	Weighted    float64 // share of the weight that as many edges can have at most
	Normalized  float64 // Weighted over its mean in the random graphs; NaN without them
}

// RichClub returns for each threshold how much the nodes richer than it are
// joined among themselves:
//
//	φ(r) = E / (N (N-1))
//	φ_w(r) = W / Σ of the E largest weights of the whole graph
//
// where N is the number of nodes with a richness above r, E the number of
// edges among them and W their weight.
//
// Self loops do not count. The thresholds are the different richnesses,
// ascending, that leave at least two nodes. φ and φ_w lie in [0, 1]; φ_w is
// NaN without an edge. φ rises with the threshold by itself in most graphs:
// compare with Normalized, which is φ_w over its mean in random graphs that
// have the same edges and the same in-strengths, made by shuffling the weights
// of the edges that enter each node. It is above 0, about 1 if the rich avoid
// and seek each other no more than by chance, and NaN if the mean is. Scaling
// all weights changes neither.
//
// The error wraps [ErrConfig] for Samples below 0 or a richness that is not a
// number, or is that of ctx. It panics if Richness belongs to other nodes
// than those of g.
//
// Time O(m log m), and O(m) more for each sample; memory O(n + m), for n nodes
// and m edges.
//
// Reference: Colizza, Flammini, Serrano and Vespignani 2006,
// doi:10.1038/nphys209; weighted: Opsahl, Colizza, Panzarasa and Ramasco 2008,
// doi:10.1103/PhysRevLett.101.168702.
func RichClub(ctx context.Context, g *graph.Digraph, c RichClubConfig) ([]RichClubPoint, error) {
	if c.Samples < 0 {
		return nil, badSetting("rich club", "Samples", c.Samples, "at least 0")
	}
	if c.Richness.Len() == 0 {
		c.Richness = InStrength(g)
	}
	rich := c.Richness.For(g)
	for i, r := range rich {
		if math.IsNaN(r) {
			return nil, badSetting("rich club", "Richness of "+clip(g.Key(i)), r, "a number")
		}
	}
	k := newClubs(ctx, g, rich)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	points := k.points()
	mean := make([]sum.Compensated, len(points))
	r := rand.New(rand.NewPCG(c.Seed, 0))
	for range c.Samples {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		k.shuffle(r)
		for i, w := range k.shares() {
			mean[i].Add(w / float64(c.Samples))
		}
	}
	for i := range points {
		points[i].Normalized = math.NaN()
		if c.Samples > 0 && mean[i].Value() > 0 {
			points[i].Normalized = points[i].Weighted / mean[i].Value()
		}
	}
	return points, ctx.Err()
}

// clubs is a graph with its edges by the richness of their poorer end.
type clubs struct {
	n          int
	start      []int64   // edges that enter each node, without loops
	weight     []float64 // of these edges
	poorer     []int32   // place of the poorer end's richness among the thresholds
	thresholds []float64 // different richnesses, ascending
	richer     []int     // nodes with this richness or more
	largest    []float64 // sum of the k largest weights
}

// newClubs returns the clubs of g; they are of no use if ctx is done.
func newClubs(ctx context.Context, g *graph.Digraph, rich []float64) *clubs {
	c := g.CSR()
	k := &clubs{n: g.Len(), start: make([]int64, 1, g.Len()+1)}
	k.thresholds = sortDown(ctx, slices.Clone(rich))
	if ctx.Err() != nil {
		return k
	}
	slices.Reverse(k.thresholds)
	k.thresholds = slices.Compact(k.thresholds)
	class := make([]int32, len(rich))
	k.richer = make([]int, len(k.thresholds)+1)
	for i, r := range rich {
		if i%rowsPerLook == 0 && ctx.Err() != nil {
			return k
		}
		at, _ := slices.BinarySearch(k.thresholds, r)
		class[i] = int32(at)
		k.richer[at]++
	}
	for at := len(k.thresholds) - 1; at >= 0; at-- {
		k.richer[at] += k.richer[at+1]
	}
	for i := range g.Len() {
		if i%rowsPerLook == 0 && ctx.Err() != nil {
			return k
		}
		for e := c.InStart[i]; e < c.InStart[i+1]; e++ {
			if j := c.InFrom[e]; int(j) != i {
				k.weight = append(k.weight, c.InWeight[e])
				k.poorer = append(k.poorer, min(class[i], class[j]))
			}
		}
		k.start = append(k.start, int64(len(k.weight)))
	}
	sorted := sortDown(ctx, slices.Clone(k.weight))
	k.largest = make([]float64, 1, len(sorted)+1)
	var s sum.Compensated
	for _, w := range sorted {
		s.Add(w)
		k.largest = append(k.largest, s.Value())
	}
	return k
}

// sortDown sorts x, the largest first, and stops early if ctx is done. It
// sorts pieces and merges them, so that it can look at ctx in between.
func sortDown(ctx context.Context, x []float64) []float64 {
	const piece = 1 << 16
	for lo := 0; lo < len(x) && ctx.Err() == nil; lo += piece {
		part := x[lo:min(lo+piece, len(x))]
		slices.Sort(part)
		slices.Reverse(part)
	}
	y := make([]float64, len(x))
	for size := piece; size < len(x); size *= 2 {
		for lo := 0; lo < len(x) && ctx.Err() == nil; lo += 2 * size {
			mid, hi := min(lo+size, len(x)), min(lo+2*size, len(x))
			a, b := x[lo:mid], x[mid:hi]
			for at := lo; at < hi; at++ {
				if len(b) == 0 || len(a) > 0 && a[0] >= b[0] {
					y[at], a = a[0], a[1:]
				} else {
					y[at], b = b[0], b[1:]
				}
			}
		}
		x, y = y, x
	}
	return x
}

// totals returns for each threshold the number and the weight of the edges
// among the richer nodes.
func (k *clubs) totals() ([]int, []float64) {
	edges := make([]int, len(k.thresholds)+1)
	weight := make([]sum.Compensated, len(k.thresholds)+1)
	for e, at := range k.poorer {
		edges[at]++
		weight[at].Add(k.weight[e])
	}
	w := make([]float64, len(k.thresholds))
	var s sum.Compensated
	for at := len(k.thresholds) - 1; at >= 0; at-- {
		w[at] = s.Value() // what is above the threshold, without it
		s.Add(weight[at].Value())
		edges[at] += edges[at+1]
	}
	if len(edges) > 0 {
		edges = edges[1:]
	}
	return edges, w
}

// shares returns the weighted coefficient for each threshold that has a point.
func (k *clubs) shares() []float64 {
	edges, weight := k.totals()
	var x []float64
	for at := range k.thresholds {
		if k.richer[at+1] >= 2 {
			x = append(x, share(weight[at], k.largest[edges[at]]))
		}
	}
	return x
}

func (k *clubs) points() []RichClubPoint {
	edges, weight := k.totals()
	var points []RichClubPoint
	for at, r := range k.thresholds {
		n := k.richer[at+1]
		if n < 2 {
			break
		}
		points = append(points, RichClubPoint{
			Threshold: r, Members: n, Edges: edges[at], Weight: weight[at],
			Topological: float64(edges[at]) / (float64(n) * float64(n-1)),
			Weighted:    min(1, share(weight[at], k.largest[edges[at]])),
		})
	}
	return points
}

// shuffle gives the edges that enter a node each other's weights.
func (k *clubs) shuffle(r *rand.Rand) {
	for i := range k.n {
		row := k.weight[k.start[i]:k.start[i+1]]
		r.Shuffle(len(row), func(a, b int) { row[a], row[b] = row[b], row[a] })
	}
}
