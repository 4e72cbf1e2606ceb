// SPDX-License-Identifier: Apache-2.0

package structure

import (
	"math"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// Centralization returns how far a centrality is concentrated in one node:
//
//	C = Σ_i (max_j c_j - c_i) / maximum
//
// where maximum is the largest value that the sum can take. That depends on
// the centrality; for n nodes and directed graphs without self loops it is
//
//	in- or out-degree                (n-1)²
//	in- or out-strength              (n-1) times the sum of all weights
//	betweenness, not normalized      (n-1)² (n-2)
//
// The value is 0 if all nodes are equal and 1 for a star; it is NaN if maximum
// is not above 0, as for a single node, and for a graph without nodes. Isolated
// nodes count.
//
// Time O(n), memory O(1).
//
// Reference: Freeman 1979, doi:10.1016/0378-8733(78)90021-7.
func Centralization[T int | float64](centrality graph.Values[T], maximum float64) float64 {
	c := centrality.Slice()
	if len(c) == 0 || !(maximum > 0) {
		return math.NaN()
	}
	top := c[0]
	for _, x := range c {
		top = max(top, x)
	}
	var s sum.Compensated
	for _, x := range c {
		s.Add(float64(top - x))
	}
	return s.Value() / maximum
}
