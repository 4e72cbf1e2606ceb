// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph"
)

// checkInOut returns an error unless d is In or Out.
func checkInOut(measure string, d Direction) error {
	if d != In && d != Out {
		return fmt.Errorf("centrality: %s with %v: %w", measure, d, ErrDirection)
	}
	return nil
}

// DistanceConfig are the choices of [Distance].
type DistanceConfig struct {
	Length    Length    // rule for the lengths of edges; the zero value is Inverse
	Direction Direction // Out: paths that begin at the node; In, the zero value: paths that end there
}

// Distance returns for each node the length of the shortest path between it
// and one node, which is given by its index: to that node or from it, as the
// direction says.
//
// Self loops make no path. The node itself has 0, and a node that no path
// joins has +Inf; the unit is that of the lengths.
//
// The error wraps [ErrLength], [ErrDirection], or [ErrConfig] if there is no
// such node; or it is that of ctx.
//
// Time O(m + n log n), memory O(n + m), for n nodes and m edges.
//
// Reference: Dijkstra 1959, doi:10.1007/BF01386390.
func Distance(ctx context.Context, g *graph.Digraph, node int, c DistanceConfig) (graph.Values[float64], error) {
	none := graph.Values[float64]{}
	if err := checkInOut("distance", c.Direction); err != nil {
		return none, err
	}
	if err := checkNodes("distance", "node", g, []int{node}); err != nil {
		return none, err
	}
	p, err := newPaths(ctx, g, c.Length, c.Direction)
	if err != nil {
		return none, err
	}
	stop := newStopper(ctx)
	defer stop.off()
	s := newSearch(p)
	s.distances(node, stop)
	if err := ctx.Err(); err != nil {
		return none, err
	}
	return graph.NewValues(g, s.dist), nil
}

// Scope says how closeness treats nodes that no path joins.
type Scope uint8

// The scopes.
const (
	WassermanFaust Scope = iota // weigh by the share of the other nodes that a path joins
	ReachableOnly               // leave the other nodes out
)

// String returns "Wasserman-Faust" or "reachable only".
func (s Scope) String() string {
	switch s {
	case WassermanFaust:
		return "Wasserman-Faust"
	case ReachableOnly:
		return "reachable only"
	}
	return fmt.Sprintf("Scope(%d)", uint8(s))
}

// ClosenessConfig are the choices of [Closeness]. The zero value asks for
// weighted closeness of the paths that come in.
type ClosenessConfig struct {
	Length    Length    // rule for the lengths of edges; the zero value is Inverse, Hops ignores the weights
	Direction Direction // In, the zero value: paths that end at the node; Out: paths that begin there
	Scope     Scope     // the zero value is WassermanFaust
	Workers   int       // goroutines; 0 means all cores. The result does not depend on it
}

// Closeness returns for each node one over its mean distance to the nodes that
// a path joins with it, by default times their share among all other nodes:
//
//	C(v) = r/(n-1) · r/Σd    WassermanFaust
//	C(v) = r/Σd              ReachableOnly
//
// where r is the number of other nodes that reach v (In) or that v reaches
// (Out), and Σd the sum of their distances.
//
// Self loops make no path. Where r is 0, WassermanFaust has 0 and
// ReachableOnly, where the mean is undefined, has NaN. With NegLogProbability
// all distances can be 0; then the value is NaN too. With Hops the values lie
// in [0, 1]; else the unit is 1 / length, so that with Inverse scaling all
// weights scales the values, and with MeanOverWeight it changes nothing.
// Transposing swaps In and Out, except that NegLogProbability knows the
// direction. An isolated node more changes WassermanFaust by the n-1.
//
// The error wraps [ErrLength], [ErrDirection], or [ErrConfig] for an unknown
// Scope; or it is that of ctx.
//
// Time O(nm) for Hops, divided by up to 256 as so many searches run at once,
// else O(nm + n² log n), divided among the workers; memory O(n + m) for each
// worker, for n nodes and m edges.
//
// Reference: Freeman 1979, doi:10.1016/0378-8733(78)90021-7; Wasserman and
// Faust 1994, Social Network Analysis, p. 201.
func Closeness(ctx context.Context, g *graph.Digraph, c ClosenessConfig) (graph.Values[float64], error) {
	none := graph.Values[float64]{}
	if err := checkInOut("closeness", c.Direction); err != nil {
		return none, err
	}
	if c.Scope > ReachableOnly {
		return none, badSetting("closeness", "Scope", c.Scope, "WassermanFaust or ReachableOnly")
	}
	r, err := newReach(ctx, g, c.Length, c.Direction, c.Workers)
	if err != nil {
		return none, err
	}
	x := make([]float64, g.Len())
	for i := range x {
		k := float64(r.reached[i])
		switch {
		case k > 0 && r.far[i] == 0:
			x[i] = math.NaN()
		case c.Scope == ReachableOnly:
			x[i] = k / r.far[i]
		case k > 0:
			x[i] = k / float64(len(x)-1) * (k / r.far[i])
		}
	}
	return graph.NewValues(g, x), nil
}

// HarmonicConfig are the choices of [Harmonic]. The zero value asks for the
// weighted sum over the paths that come in.
type HarmonicConfig struct {
	Length     Length    // rule for the lengths of edges; the zero value is Inverse, Hops ignores the weights
	Direction  Direction // In, the zero value: paths that end at the node; Out: paths that begin there
	Normalized bool      // divide by n-1
	Workers    int       // goroutines; 0 means all cores. The result does not depend on it
}

// Harmonic returns for each node the sum of one over the distances of all
// other nodes:
//
//	H(v) = Σ_{u≠v} 1 / d(u,v)
//
// for In, with d(v,u) for Out; a node that no path joins adds 0, so that
// disconnected graphs need no convention. Normalized divides by n-1.
//
// Self loops make no path. An isolated node has 0, also if it is alone. With
// Hops the values lie in [0, n-1]; else the unit is 1 / length, so that with
// Inverse scaling all weights scales the values. With NegLogProbability a
// distance can be 0; then the value is NaN. Transposing swaps In and Out,
// except that NegLogProbability knows the direction. An isolated node more
// changes nothing but the normalization.
//
// The error wraps [ErrLength] or [ErrDirection], or is that of ctx. Complexity
// is as for [Closeness].
//
// Reference: Marchiori and Latora 2000, doi:10.1016/S0378-4371(00)00311-3;
// Boldi and Vigna 2014, doi:10.1080/15427951.2013.865686.
func Harmonic(ctx context.Context, g *graph.Digraph, c HarmonicConfig) (graph.Values[float64], error) {
	none := graph.Values[float64]{}
	if err := checkInOut("harmonic centrality", c.Direction); err != nil {
		return none, err
	}
	r, err := newReach(ctx, g, c.Length, c.Direction, c.Workers)
	if err != nil {
		return none, err
	}
	for i, x := range r.inverse {
		if math.IsInf(x, 1) {
			r.inverse[i] = math.NaN()
		} else if c.Normalized && g.Len() > 1 {
			r.inverse[i] = x / float64(g.Len()-1)
		}
	}
	return graph.NewValues(g, r.inverse), nil
}
