// SPDX-License-Identifier: Apache-2.0

package centrality

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// SampledBetweennessConfig are the choices of [SampledBetweenness].
type SampledBetweennessConfig struct {
	Length     Length  // rule for the lengths of edges; the zero value is Inverse, Hops ignores the weights
	Pivots     int     // nodes drawn at random at which paths begin; 0 means 256, and all nodes if there are fewer
	Seed       uint64  // of the draw
	Confidence float64 // probability with which all bounds hold at once; 0 means 0.95
	Normalized bool    // divide estimates and bounds by (n-1)(n-2)
	Workers    int     // goroutines; 0 means all cores. The result does not depend on it
}

// BetweennessEstimate is the result of [SampledBetweenness].
type BetweennessEstimate struct {
	Values graph.Values[float64] // estimates without bias
	Bound  graph.Values[float64] // the true values differ by at most so much
	Pivots []int                 // nodes drawn, ascending
}

// SampledBetweenness estimates [Betweenness] from the paths that begin at some
// nodes drawn at random, each at most once:
//
//	C(v) ≈ n/k Σ_{pivots s} δ_s(v),  δ_s(v) = Σ_t σ_st(v) / σ_st
//
// for k pivots out of n nodes.
//
// The true value of every node lies within its bound of the estimate, for all
// nodes at once with the probability Confidence. The bound is the smaller of
// two: one from the range of δ, which is [0, n-2], and one that also uses how
// much δ varies among the pivots. Both take into account that no node is
// drawn twice, and are 0 if all are drawn. A bound is wide for nodes that
// little passes: what is rare needs many pivots.
//
// Loops, ties, errors and the rest are as for [Betweenness]; [ErrConfig] says
// that Pivots is below 0 or Confidence is not between 0 and 1.
//
// Time and memory are those of [Betweenness] with k in place of n searches.
//
// Reference: Brandes et al. 2007, doi:10.1142/S0218127407018403, for the
// estimate; Bardenet and Maillard 2015, doi:10.3150/14-BEJ605, corollary 2.5
// and theorem 4.3, for the bounds.
func SampledBetweenness(ctx context.Context, g *graph.Digraph, c SampledBetweennessConfig) (BetweennessEstimate, error) {
	const measure = "sampled betweenness"
	if c.Confidence == 0 {
		c.Confidence = 0.95
	}
	if !(c.Confidence > 0 && c.Confidence < 1) {
		return BetweennessEstimate{}, badSetting(measure, "Confidence", c.Confidence, "a number above 0 and below 1")
	}
	if c.Pivots < 0 {
		return BetweennessEstimate{}, badSetting(measure, "Pivots", c.Pivots, "at least 0")
	}
	if c.Pivots == 0 {
		c.Pivots = 256
	}
	n := g.Len()
	k := min(c.Pivots, n)
	pivots := draw(n, k, c.Seed)
	t, err := newTraffic(ctx, measure, g, c.Length, pivots)
	if err != nil {
		return BetweennessEstimate{}, err
	}
	t.squares = make([]sum.Compensated, n)
	if err := t.run(ctx, c.Workers); err != nil {
		return BetweennessEstimate{}, err
	}
	estimate, bound := make([]float64, n), make([]float64, n)
	b := newMeanBound(k, n, c.Confidence)
	unit := float64(n)
	if most := float64(n-1) * float64(n-2); c.Normalized && most > 0 {
		unit /= most
	}
	for i := range estimate {
		s := t.nodes[i].Value()
		mean := s / float64(k)
		variance := max(0, (t.squares[i].Value()-s*mean)/float64(k))
		estimate[i] = unit * mean
		bound[i] = unit * b.of(math.Sqrt(variance), max(0, float64(n-2)))
	}
	return BetweennessEstimate{graph.NewValues(g, estimate), graph.NewValues(g, bound), pivots}, nil
}

// draw returns k of n numbers, ascending, every choice being equally likely.
func draw(n, k int, seed uint64) []int {
	r := rand.New(rand.NewPCG(seed, 0))
	drawn := make([]int, 0, k)
	for i := 0; len(drawn) < k; i++ {
		if r.IntN(n-i) < k-len(drawn) {
			drawn = append(drawn, i)
		}
	}
	return drawn
}

// meanBound bounds how far the mean of k of n numbers, drawn without
// replacement, is from the mean of all, for n means at once.
type meanBound struct {
	k       float64
	rho     float64 // what is left to chance after k draws
	ranges  float64 // ln(1/δ) for the bound by the range
	spread  float64 // ln(1/δ) for the bound by the variance
	nothing bool    // all are drawn
}

func newMeanBound(k, n int, confidence float64) meanBound {
	kf, nf := float64(k), float64(n)
	rho := 1 - (kf-1)/nf
	if 2*k > n {
		rho = (1 - kf/nf) * (1 + 1/kf)
	}
	// Each bound gets half of what may fail; each side of a mean fails with
	// δ for the range and with 5δ for the variance.
	fail := (1 - confidence) / 2 / max(nf, 1)
	return meanBound{kf, rho, math.Log(2 / fail), math.Log(10 / fail), k == n}
}

// of returns the bound for numbers from 0 to width whose standard deviation
// among those drawn is deviation.
func (b meanBound) of(deviation, width float64) float64 {
	if b.nothing {
		return 0
	}
	byRange := width * math.Sqrt(b.rho*b.ranges/(2*b.k))
	kappa := 7.0/3 + 3/math.Sqrt2
	byVariance := deviation*math.Sqrt(2*b.rho*b.spread/b.k) + kappa*width*b.spread/b.k
	return min(byRange, byVariance, width)
}
