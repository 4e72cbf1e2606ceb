// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"

	"github.com/oncoref/oncoref/graph"
)

// Disparities are the chances that an edge takes as large a share of the
// weight at its ends as it does, if that weight were divided at random.
type Disparities struct {
	Out float64 // among the edges that leave the sender
	In  float64 // among the edges that enter the receiver
}

// Disparity yields the disparities of every edge that is not a self loop, in
// the order of [graph.Digraph.Edges]:
//
//	α_out(i,j) = (1 - w_ij / s_out(i))^(k_out(i)-1)
//	α_in(i,j)  = (1 - w_ij / s_in(j))^(k_in(j)-1)
//
// with degrees and strengths that leave self loops out. The values lie in
// [0, 1], small for an edge that stands out, and do not change when all weights
// are scaled. The only edge of a node has 1 on that side: it stands out from
// nothing.
//
// Time O(m) for all edges, memory O(n), for n nodes and m edges.
//
// Reference: Serrano, Boguñá and Vespignani 2009, doi:10.1073/pnas.0808904106,
// for each direction apart.
func Disparity(g *graph.Digraph) iter.Seq2[graph.Edge, Disparities] {
	return disparities(context.Background(), g)
}

// disparities yields what Disparity does, until ctx is done.
func disparities(ctx context.Context, g *graph.Digraph) iter.Seq2[graph.Edge, Disparities] {
	return func(yield func(graph.Edge, Disparities) bool) {
		c := g.CSR()
		outK := endValues(ctx, c.OutStart, c.OutTo, c.OutWeight, false)
		outS := endValues(ctx, c.OutStart, c.OutTo, c.OutWeight, true)
		inK := endValues(ctx, c.InStart, c.InFrom, c.InWeight, false)
		inS := endValues(ctx, c.InStart, c.InFrom, c.InWeight, true)
		seen := 0
		for e := range g.Edges() {
			if seen%checkEvery == 0 && ctx.Err() != nil {
				return
			}
			seen++
			if e.From == e.To {
				continue
			}
			d := Disparities{disparity(e.Weight, outS[e.From], outK[e.From]), disparity(e.Weight, inS[e.To], inK[e.To])}
			if !yield(e, d) {
				return
			}
		}
	}
}

func disparity(w, strength, degree float64) float64 {
	if degree < 2 {
		return 1
	}
	// 1 - w/s by way of the logarithm keeps its digits when w is small.
	return math.Exp((degree - 1) * math.Log1p(-min(1, w/strength)))
}

// BackboneRule says on which side an edge must stand out to stay in the
// backbone.
type BackboneRule uint8

// The rules.
const (
	EitherEnd BackboneRule = iota // at the sender or at the receiver
	BothEnds                      // at the sender and at the receiver
	Sender                        // at the sender
	Receiver                      // at the receiver
)

// String returns "either end", "both ends", "sender" or "receiver".
func (r BackboneRule) String() string {
	names := [...]string{"either end", "both ends", "sender", "receiver"}
	if int(r) < len(names) {
		return names[r]
	}
	return fmt.Sprintf("BackboneRule(%d)", uint8(r))
}

// BackboneConfig are the choices of [Backbone]. The zero value keeps the edges
// that stand out at either end at the level 0.05.
type BackboneConfig struct {
	Level float64 // an edge stays if its chance is below this, in (0, 1]; 0 means 0.05
	Rule  BackboneRule
}

const defaultLevel = 0.05

// ErrBackbone says that a [BackboneConfig] has a level outside (0, 1] or a rule
// that does not exist.
var ErrBackbone = errors.New("unusable backbone config")

// Backbone returns the graph with only the edges that stand out from the
// weight at their ends, by the chances of [Disparity]: those below the level.
// All nodes and the weights of the edges stay; self loops go.
//
// With few edges at each node nothing stands out at 0.05: the filter is for
// graphs with dozens of edges a node.
//
// The error wraps [ErrBackbone] or is that of ctx.
//
// Time and memory O(n + m), for n nodes and m edges.
//
// Reference: as for Disparity; EitherEnd is their rule.
func Backbone(ctx context.Context, g *graph.Digraph, c BackboneConfig) (*graph.Digraph, error) {
	level := c.Level
	if level == 0 {
		level = defaultLevel
	}
	if !(level > 0 && level <= 1) || c.Rule > Receiver {
		return nil, fmt.Errorf("structure: backbone with level %v and rule %v: %w", c.Level, c.Rule, ErrBackbone)
	}
	return g.WithEdges(ctx, func(yield func(graph.Edge) bool) {
		for e, d := range disparities(ctx, g) {
			out, in := d.Out < level, d.In < level
			var keep bool
			switch c.Rule {
			case EitherEnd:
				keep = out || in
			case BothEnds:
				keep = out && in
			case Sender:
				keep = out
			case Receiver:
				keep = in
			}
			if keep && !yield(e) {
				return
			}
		}
	})
}
