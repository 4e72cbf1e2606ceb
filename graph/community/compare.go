// SPDX-License-Identifier: Apache-2.0

package community

import (
	"math"
	"slices"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/internal/sum"
)

// CompareConfig are the choices of [Compare] and [Match].
type CompareConfig struct {
	// Weights says how much each node counts, at least 0, such as what it
	// sends. The zero value counts every node once.
	Weights graph.Values[float64]
}

// Agreement says how alike two partitions of the same nodes are. Logarithms
// are natural: information is in nats.
type Agreement struct {
	Nodes   int     // nodes compared
	LeftOut int     // nodes that have no community in one of the partitions
	Weight  float64 // of the nodes compared; their number if they are not weighted

	EntropyA float64 // H_a = -Σ_k a_k/n ln(a_k/n)
	EntropyB float64 // H_b
	MI       float64 // mutual information, Σ_kl n_kl/n ln(n n_kl / (a_k b_l))
	VI       float64 // variation of information, H_a + H_b - 2 MI, a distance: 0 for equal partitions, at most ln n

	// Pair counts and expectations, which count nodes; NaN if they are weighted.

	Rand float64 // share of the pairs of nodes on which the partitions agree
	ARI  float64 // adjusted Rand index: 1 for equal partitions, 0 for what chance gives, may be negative
	EMI  float64 // what MI is on average over partitions with the same sizes
}

// Compare returns how alike two partitions of the same nodes are. With n_kl
// for the number (or the weight) of nodes in community k of a and in community
// l of b, a_k and b_l for the numbers in each, and n for all, the entropies,
// MI and VI are as in [Agreement], and
//
//	ARI = (S - AB/N) / ((A+B)/2 - AB/N)
//
// where S, A and B are the sums of n_kl (n_kl-1)/2, a_k (a_k-1)/2 and
// b_l (b_l-1)/2, and N = n (n-1)/2. NMI and AMI are methods of the result,
// because they come in several forms. EMI is exact, under the hypergeometric
// model.
//
// Nodes without community in one of the partitions are left out and counted.
// Nodes of weight 0 change nothing but the number of nodes. Of two partitions
// that have all nodes together, or of two that have all nodes apart, ARI is
// 0/0 and NaN; so is Rand for fewer than two nodes. Without nodes or weight all is
// NaN.
//
// The error is a [*graph.KeyError] that wraps [ErrNodeWeight] if a weight is
// not finite or below 0. It panics if b or the weights belong to other nodes
// than a does.
//
// Time O(n + K + L + d), memory O(n + K + L), for n nodes, K and L
// communities, and d pairs of different sizes.
//
// Reference: Meilă 2007, doi:10.1016/j.jmva.2006.11.013, for VI; Hubert and
// Arabie 1985, doi:10.1007/BF01908075, for ARI; Vinh, Epps and Bailey 2010,
// jmlr.org/papers/v11/vinh10a.html, for EMI.
func Compare(a, b Partition, c CompareConfig) (Agreement, error) {
	o, err := newOverlap(a, b, c.Weights)
	if err != nil {
		return Agreement{}, err
	}
	nan := math.NaN()
	r := Agreement{
		Nodes: o.nodes, LeftOut: o.leftOut, Weight: o.mass,
		EntropyA: nan, EntropyB: nan, MI: nan, VI: nan, Rand: nan, ARI: nan, EMI: nan,
	}
	if !(o.mass > 0) {
		return r, nil
	}
	r.EntropyA, r.EntropyB = entropy(o.massA, o.mass), entropy(o.massB, o.mass)
	var vi sum.Compensated
	for _, x := range o.cells {
		if x.w > 0 {
			vi.Add(-x.w / o.mass * math.Log(x.w/o.massA[x.a]))
			vi.Add(-x.w / o.mass * math.Log(x.w/o.massB[x.b]))
		}
	}
	r.VI = max(vi.Value(), 0)
	r.MI = max((r.EntropyA+r.EntropyB-r.VI)/2, 0)
	if c.Weights.Len() == 0 {
		pairs := o.pairs()
		r.Rand, r.ARI = pairs.rand(), pairs.adjustedRand()
		r.EMI = expectedMI(o.sizeA, o.sizeB, o.nodes)
	}
	return r, nil
}

// pairCounts are the numbers of pairs of nodes that are together in both
// partitions, in the first, and in the second, and of all pairs.
type pairCounts struct {
	both, a, b, all float64
}

func (o overlap) pairs() pairCounts {
	pairs := func(n int) float64 { return float64(n) * float64(n-1) / 2 }
	c := pairCounts{all: pairs(o.nodes)}
	for _, x := range o.cells {
		c.both += pairs(x.nodes)
	}
	for _, n := range o.sizeA {
		c.a += pairs(n)
	}
	for _, n := range o.sizeB {
		c.b += pairs(n)
	}
	return c
}

func (c pairCounts) rand() float64 { return (c.all + 2*c.both - c.a - c.b) / c.all }

func (c pairCounts) adjustedRand() float64 {
	chance := c.a * (c.b / c.all)
	return (c.both - chance) / ((c.a+c.b)/2 - chance)
}

func entropy(mass []float64, total float64) float64 {
	var h sum.Compensated
	for _, m := range mass {
		if m > 0 {
			h.Add(-m / total * math.Log(m/total))
		}
	}
	return max(h.Value(), 0)
}

// A Norm is what mutual information is divided by to lie in [0, 1].
type Norm uint8

// The norms of two entropies.
const (
	Arithmetic Norm = iota // their mean
	Geometric              // the root of their product
	Max                    // the larger
	Min                    // the smaller
	Joint                  // the entropy of both together, H_a + H_b - MI
)

// NMI returns the normalized mutual information, MI / norm. It lies in [0, 1],
// 1 for equal partitions, and is high for many small communities whatever they
// are: look at [Agreement.AMI] too. It is NaN where the norm is 0, as for two
// partitions with one community each, which other programs call 1, and for a
// norm that does not exist.
//
// Reference: Strehl and Ghosh 2002, jmlr.org/papers/v3/strehl02a.html, for the
// geometric norm; Danon et al. 2005, doi:10.1088/1742-5468/2005/09/P09008, for the
// arithmetic one.
func (a Agreement) NMI(n Norm) float64 { return divide(a.MI, a.norm(n), 0) }

// AMI returns the adjusted mutual information, (MI - EMI) / (norm - EMI): 1
// for equal partitions, 0 for what chance gives, and it may be negative. It is
// NaN for weighted nodes, for a norm that does not exist, and where nothing
// but chance is possible, as for two partitions with one community each or two
// with every node apart, which other programs call 1.
//
// Reference: Vinh, Epps and Bailey 2010, jmlr.org/papers/v11/vinh10a.html.
func (a Agreement) AMI(n Norm) float64 {
	return divide(a.MI-a.EMI, a.norm(n)-a.EMI, tolerance*max(1, a.EMI))
}

// NVI returns the variation of information divided by the largest it can be
// for so many nodes, VI / ln(Weight): 0 for equal partitions, 1 for one
// community against all nodes apart. It is NaN for a weight of 1 or less.
//
// Reference: Meilă 2007, doi:10.1016/j.jmva.2006.11.013.
func (a Agreement) NVI() float64 { return divide(a.VI, math.Log(a.Weight), 0) }

func (a Agreement) norm(n Norm) float64 {
	h, k := a.EntropyA, a.EntropyB
	switch n {
	case Arithmetic:
		return (h + k) / 2
	case Geometric:
		return math.Sqrt(h * k)
	case Max:
		return max(h, k)
	case Min:
		return min(h, k)
	case Joint:
		return h + k - a.MI
	}
	return math.NaN()
}

// divide returns x/y, NaN unless y is more than least.
func divide(x, y, least float64) float64 {
	if !(y > least) {
		return math.NaN()
	}
	return x / y
}

// expectedMI returns the mean of the mutual information over all pairs of
// partitions of n nodes with these sizes. The number of nodes that two
// communities of sizes a and b share is hypergeometric.
func expectedMI(sizeA, sizeB []int, n int) float64 {
	var e sum.Compensated
	others := tally(sizeB)
	for _, a := range tally(sizeA) {
		for _, b := range others {
			e.Add(float64(a.times) * float64(b.times) * sharedMI(float64(a.size), float64(b.size), float64(n)))
		}
	}
	return max(e.Value(), 0)
}

type sizes struct{ size, times int }

// tally counts equal sizes; 0 is left out.
func tally(x []int) []sizes {
	x = slices.Sorted(slices.Values(x))
	var t []sizes
	for _, s := range x {
		switch {
		case s == 0:
		case len(t) > 0 && t[len(t)-1].size == s:
			t[len(t)-1].times++
		default:
			t = append(t, sizes{s, 1})
		}
	}
	return t
}

// sharedMI returns the mean of x/n ln(n x / (a b)) for hypergeometric x. It
// walks from the most likely x to both sides with the ratio of neighboring
// chances, until they are too small to change the sum.
func sharedMI(a, b, n float64) float64 {
	const negligible = 1e-22
	least, most := max(0, a+b-n), min(a, b)
	mode := min(max(math.Floor((a+1)*(b+1)/(n+2)), least), most)
	var mean, all sum.Compensated
	add := func(x, chance float64) {
		all.Add(chance)
		if x > 0 {
			mean.Add(chance * x / n * math.Log(n/a*(x/b)))
		}
	}
	add(mode, 1)
	chance := 1.0
	for x := mode; x < most && chance > negligible; x++ {
		chance *= (a - x) / (x + 1) * ((b - x) / (n - a - b + x + 1))
		add(x+1, chance)
	}
	chance = 1
	for x := mode; x > least && chance > negligible; x-- {
		chance *= x / (a - x + 1) * ((n - a - b + x) / (b - x + 1))
		add(x-1, chance)
	}
	return mean.Value() / all.Value()
}
