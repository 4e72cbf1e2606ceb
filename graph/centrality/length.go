// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"fmt"
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// Length is a rule that makes the length of an edge from its weight. A weight
// is a flow, and more of it means closer, so that no measure of paths takes
// the weight itself unless told so with Given.
//
// Two paths are equally long if their lengths a and b differ by at most 1e-12
// of the shorter one, so that 1/10 + 1/10 ties with 1/5. Scaling all lengths
// changes no tie.
type Length uint8

// The rules, for an edge with weight w from node i.
const (
	Inverse           Length = iota // 1 / w
	MeanOverWeight                  // mean weight of all edges that are not loops / w: no unit
	NegLogProbability               // -ln(w / weight of all edges that leave i, its loop included): the shortest path is the most probable one
	Hops                            // 1: the weight does not matter
	Given                           // w: the weights are lengths already
)

// String returns the name of the rule, such as "inverse".
func (l Length) String() string {
	names := [...]string{"inverse", "mean over weight", "negative log probability", "hops", "given"}
	if int(l) < len(names) {
		return names[l]
	}
	return fmt.Sprintf("Length(%d)", uint8(l))
}

// tie is the share of a path's length that counts as no difference.
const tie = 1e-12

// paths is a graph in one direction with the length of every edge: what is
// needed to look for shortest paths. Loops are left out where edges have
// lengths; where each is a step, they are never part of a shortest path.
type paths struct {
	start  []int64
	to     []int32
	length []float64 // nil if every length is 1
}

func (p *paths) len() int { return len(p.start) - 1 }

// newPaths returns the edges of g that leave the nodes (d is Out) or those
// that enter them, followed backwards (d is In).
func newPaths(ctx context.Context, g *graph.Digraph, l Length, d Direction) (*paths, error) {
	c := g.CSR()
	start, node, weight := c.OutStart, c.OutTo, c.OutWeight
	if d == In {
		start, node, weight = c.InStart, c.InFrom, c.InWeight
	}
	n := g.Len()
	if n == 0 {
		return &paths{start: []int64{0}}, nil
	}
	of, err := lengthRule(c, n, l)
	if err != nil {
		return nil, err
	}
	if of == nil {
		return &paths{start: start, to: node}, nil
	}
	p := &paths{start: make([]int64, n+1), to: make([]int32, 0, len(node)), length: make([]float64, 0, len(node))}
	for i := range n {
		if i%rowsPerLook == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		for k := start[i]; k < start[i+1]; k++ {
			j := node[k]
			if int(j) == i {
				continue
			}
			p.to = append(p.to, j)
			from, to := i, int(j)
			if d == In {
				from, to = to, from
			}
			x := of(weight[k], from)
			if !(x <= graph.MaxWeight) {
				return nil, fmt.Errorf("centrality: edge %s -> %s with weight %v has length %v by the rule %v, expected at most 2^960: %w",
					clip(g.Key(from)), clip(g.Key(to)), weight[k], x, l, ErrLength)
			}
			p.length = append(p.length, x)
		}
		p.start[i+1] = int64(len(p.to))
	}
	return p, nil
}

// clip returns a key as an error repeats it.
func clip(key string) string {
	const most = 60
	if len(key) > most {
		return fmt.Sprintf("%q...", key[:most])
	}
	return fmt.Sprintf("%q", key)
}

// lengthRule returns the rule as a function of an edge's weight and origin;
// nil if every length is 1.
func lengthRule(c graph.CSR, n int, l Length) (func(w float64, from int) float64, error) {
	switch l {
	case Hops:
		return nil, nil
	case Given:
		return func(w float64, _ int) float64 { return w }, nil
	case Inverse:
		return func(w float64, _ int) float64 { return 1 / w }, nil
	case MeanOverWeight:
		var total sum.Compensated
		m := 0
		out := make([]float64, n)
		strengths(out, 0, n, c.OutStart, c.OutTo, c.OutWeight)
		for i, s := range out {
			total.Add(s)
			m += neighbors(c.OutStart, c.OutTo, i)
		}
		mean := total.Value() / float64(m)
		return func(w float64, _ int) float64 { return mean / w }, nil
	case NegLogProbability:
		out := make([]sum.Compensated, n)
		for i := range n {
			for _, w := range c.OutWeight[c.OutStart[i]:c.OutStart[i+1]] {
				out[i].Add(w)
			}
		}
		// -ln(w/out) = ln(1 + rest/w), which loses nothing where the
		// probability is near 1.
		return func(w float64, from int) float64 {
			rest := out[from]
			rest.Add(-w)
			r := max(0, rest.Value())
			if q := r / w; q <= math.MaxFloat64 {
				return math.Log1p(q)
			}
			return math.Log(r) - math.Log(w)
		}, nil
	}
	return nil, fmt.Errorf("centrality: %v: %w", l, ErrLength)
}
