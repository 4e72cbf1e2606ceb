// SPDX-License-Identifier: Apache-2.0

package community_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/oncoref/oncoref/graph"
	"github.com/oncoref/oncoref/graph/community"
	"github.com/oncoref/oncoref/graph/graphtest"
)

// nodes returns a graph of n nodes without edges.
func nodes(n int) *graph.Digraph { return graphtest.FromEdges(n, nil) }

func compare(t require.TestingT, a, b community.Partition, c community.CompareConfig) community.Agreement {
	r, err := community.Compare(a, b, c)
	require.NoError(t, err)
	return r
}

// TestComparePublished has the case of the tests of igraph.
func TestComparePublished(t *testing.T) {
	g := nodes(10)
	a := of(g, 2, 0, 2, 1, 1, 0, 2, 2, 1, 2)
	b := of(g, 1, 1, 2, 1, 1, 0, 2, 2, 0, 2)
	r := compare(t, a, b, community.CompareConfig{})
	assert.InDelta(t, 1.1343, r.VI, 5e-5)
	assert.InDelta(t, .455859, r.NMI(community.Arithmetic), 5e-7)
	assert.InDelta(t, .711111, r.Rand, 5e-7)
	assert.InDelta(t, .312573, r.ARI, 5e-7)
}

// TestCompareByHand has four nodes in two halves that cross.
//
// All n_kl are 1, so MI = 0, H = ln 2, VI = 2 ln 2. Of the 6 pairs of nodes, 2
// are apart in both. S = 0, A = B = 2, N = 6: ARI = (0 - 4/6) / (2 - 4/6).
// The overlap of two pairs of 4 nodes is 0, 1 or 2 with chances 1/6, 4/6, 1/6,
// so each of the 4 overlaps gives 2/4 ln(4·2/4)/6 + 1/4 ln(4/4)·4/6, and EMI =
// ln 2 / 3.
func TestCompareByHand(t *testing.T) {
	g := nodes(4)
	r := compare(t, of(g, 0, 0, 1, 1), of(g, 0, 1, 0, 1), community.CompareConfig{})
	ln2 := math.Ln2
	assert.Equal(t, community.Agreement{
		Nodes: 4, Weight: 4, EntropyA: r.EntropyA, EntropyB: r.EntropyB, VI: r.VI,
		MI: r.MI, Rand: 2.0 / 6, ARI: r.ARI, EMI: r.EMI,
	}, r)
	assert.InDelta(t, -0.5, r.ARI, rounding)
	assert.InDelta(t, ln2, r.EntropyA, rounding)
	assert.InDelta(t, ln2, r.EntropyB, rounding)
	assert.InDelta(t, 2*ln2, r.VI, rounding)
	assert.InDelta(t, 0, r.MI, rounding)
	assert.InDelta(t, ln2/3, r.EMI, rounding)
	assert.InDelta(t, -0.5, r.AMI(community.Arithmetic), rounding) // (0 - ln2/3) / (ln2 - ln2/3)
	assert.InDelta(t, 1, r.NVI(), rounding)                        // 2 ln 2 / ln 4

	// Weights 1, 1, 2, 0: the cells are 1, 1, 2 of 4. H_a = ln 2, H_b = H(3/4, 1/4).
	w := graph.NewValues(g, []float64{1, 1, 2, 0})
	r = compare(t, of(g, 0, 0, 1, 1), of(g, 0, 1, 0, 1), community.CompareConfig{Weights: w})
	hb := -.75*math.Log(.75) - .25*math.Log(.25)
	joint := 1.5 * ln2 // H(1/4, 1/4, 1/2)
	assert.InDelta(t, ln2, r.EntropyA, rounding)
	assert.InDelta(t, hb, r.EntropyB, rounding)
	assert.InDelta(t, ln2+hb-joint, r.MI, rounding)
	assert.InDelta(t, 2*joint-ln2-hb, r.VI, rounding)
	assert.InDelta(t, (ln2+hb-joint)/joint, r.NMI(community.Joint), rounding)
	assert.InDelta(t, (ln2+hb-joint)/math.Sqrt(ln2*hb), r.NMI(community.Geometric), rounding)
	assert.InDelta(t, (ln2+hb-joint)/ln2, r.NMI(community.Max), rounding)
	assert.InDelta(t, (ln2+hb-joint)/hb, r.NMI(community.Min), rounding)
	assert.Equal(t, 4.0, r.Weight)
	for _, x := range []float64{r.Rand, r.ARI, r.EMI, r.AMI(community.Max), r.NMI(community.Norm(9))} {
		assert.True(t, math.IsNaN(x))
	}
}

// drawnPair returns two partitions of up to 12 nodes.
func drawnPair(t *rapid.T) (g *graph.Digraph, a, b community.Partition) {
	n := rapid.IntRange(1, 12).Draw(t, "n")
	g = nodes(n)
	x, y := make([]int, n), make([]int, n)
	for i := range n {
		x[i], y[i] = rapid.IntRange(0, 4).Draw(t, "a"), rapid.IntRange(0, 4).Draw(t, "b")
	}
	return g, of(g, x...), of(g, y...)
}

// naiveAgreement counts pairs and cells one by one.
func naiveAgreement(a, b community.Partition) (mi, vi, plain, adjusted float64) {
	x, y := a.Labels().Slice(), b.Labels().Slice()
	n := float64(len(x))
	var both, onlyA, onlyB, neither float64
	for i := range x {
		var shared, inA, inB float64
		for j := range x {
			if x[i] == x[j] {
				inA++
			}
			if y[i] == y[j] {
				inB++
			}
			if x[i] == x[j] && y[i] == y[j] {
				shared++
			}
			if j < i {
				switch {
				case x[i] == x[j] && y[i] == y[j]:
					both++
				case x[i] == x[j]:
					onlyA++
				case y[i] == y[j]:
					onlyB++
				default:
					neither++
				}
			}
		}
		mi += math.Log(n*shared/(inA*inB)) / n
		vi += (math.Log(inA/shared) + math.Log(inB/shared)) / n
	}
	all := both + onlyA + onlyB + neither
	plain = (both + neither) / all
	// Hubert and Arabie in the form of a 2x2 table of pairs.
	adjusted = 2 * (both*neither - onlyA*onlyB) /
		((both+onlyA)*(onlyA+neither) + (both+onlyB)*(onlyB+neither))
	return mi, vi, plain, adjusted
}

func TestCompareLaws(t *testing.T) {
	norms := []community.Norm{community.Arithmetic, community.Geometric, community.Max, community.Min, community.Joint}
	rapid.Check(t, func(t *rapid.T) {
		g, a, b := drawnPair(t)
		n := g.Len()
		r, s := compare(t, a, b, community.CompareConfig{}), compare(t, b, a, community.CompareConfig{})
		mi, vi, plain, adjusted := naiveAgreement(a, b)
		near := func(want, got float64) {
			if math.IsNaN(want) {
				require.True(t, math.IsNaN(got))
				return
			}
			require.InDelta(t, want, got, rounding)
		}
		near(mi, r.MI)
		near(vi, r.VI)
		near(plain, r.Rand)
		near(adjusted, r.ARI)
		// Symmetry and bounds.
		near(r.MI, s.MI)
		near(r.VI, s.VI)
		near(r.ARI, s.ARI)
		near(r.EMI, s.EMI)
		require.GreaterOrEqual(t, r.VI, 0.0)
		require.LessOrEqual(t, r.VI, math.Log(float64(n))+rounding)
		for _, norm := range norms {
			near(r.NMI(norm), s.NMI(norm))
			near(r.AMI(norm), s.AMI(norm))
			if x := r.NMI(norm); !math.IsNaN(x) {
				require.GreaterOrEqual(t, x, 0.0)
				require.LessOrEqual(t, x, 1+rounding)
			}
			if x := r.AMI(community.Max); !math.IsNaN(x) {
				require.LessOrEqual(t, x, 1+rounding)
			}
		}
		// Equal weights give what no weights give.
		w := make([]float64, n)
		for i := range w {
			w[i] = 2
		}
		v := compare(t, a, b, community.CompareConfig{Weights: graph.NewValues(g, w)})
		near(r.MI, v.MI)
		near(r.VI, v.VI)
		// A partition agrees with itself.
		e := compare(t, a, a, community.CompareConfig{})
		require.Zero(t, e.VI)
		if a.Count() > 1 {
			for _, norm := range norms {
				require.Equal(t, 1.0, e.NMI(norm))
			}
		}
		if a.Count() > 1 && a.Count() < n {
			require.Equal(t, 1.0, e.ARI)
			for _, norm := range norms {
				require.InDelta(t, 1, e.AMI(norm), rounding)
			}
		}
	})
}

// TestExpectedMI compares with the mean over all orders of the labels.
func TestExpectedMI(t *testing.T) {
	g := nodes(6)
	for seed := range uint64(10) {
		r := rand.New(rand.NewPCG(seed, 0))
		x, y := make([]int, 6), make([]int, 6)
		for i := range x {
			x[i], y[i] = r.IntN(3), r.IntN(4)
		}
		var total float64
		count := 0
		permute(y, 0, func() {
			total += compare(t, of(g, x...), of(g, y...), community.CompareConfig{}).MI
			count++
		})
		got := compare(t, of(g, x...), of(g, y...), community.CompareConfig{}).EMI
		assert.InDelta(t, total/float64(count), got, rounding)
	}
}

func permute(x []int, k int, f func()) {
	if k == len(x) {
		f()
		return
	}
	for i := k; i < len(x); i++ {
		x[k], x[i] = x[i], x[k]
		permute(x, k+1, f)
		x[k], x[i] = x[i], x[k]
	}
}

// TestExpectedMILarge compares with the sum of all terms, by logarithms of
// factorials, whose rounding the tolerance allows.
func TestExpectedMILarge(t *testing.T) {
	const n = 5000
	g := nodes(n)
	r := rand.New(rand.NewPCG(1, 0))
	x, y := make([]int, n), make([]int, n)
	for i := range x {
		x[i], y[i] = int(30*math.Pow(r.Float64(), 2)), r.IntN(12)
	}
	a, b := of(g, x...), of(g, y...)
	lf := func(k int) float64 {
		v, _ := math.Lgamma(float64(k + 1))
		return v
	}
	var want float64
	for _, p := range a.Sizes() {
		for _, q := range b.Sizes() {
			for k := max(1, p+q-n); k <= min(p, q); k++ {
				chance := math.Exp(lf(p) + lf(q) + lf(n-p) + lf(n-q) - lf(n) - lf(k) - lf(p-k) - lf(q-k) - lf(n-p-q+k))
				want += float64(k) / n * math.Log(n*float64(k)/(float64(p)*float64(q))) * chance
			}
		}
	}
	got := compare(t, a, b, community.CompareConfig{})
	assert.InEpsilon(t, want, got.EMI, 1e-8)
	assert.InDelta(t, 0, got.AMI(community.Arithmetic), 0.01, "labels at random")
	assert.InDelta(t, 0, got.ARI, 0.01)
}

func TestCompareDegenerate(t *testing.T) {
	isNaN := func(x ...float64) {
		t.Helper()
		for _, v := range x {
			assert.True(t, math.IsNaN(v), v)
		}
	}
	g := nodes(5)
	whole, apart := community.Whole(g), community.Singletons(g)
	r := compare(t, whole, whole, community.CompareConfig{})
	assert.Equal(t, []float64{0, 0, 0, 1}, []float64{r.MI, r.VI, r.EntropyA, r.Rand})
	isNaN(r.ARI, r.NMI(community.Arithmetic), r.NMI(community.Joint), r.AMI(community.Max))
	r = compare(t, apart, apart, community.CompareConfig{})
	assert.Equal(t, 1.0, r.NMI(community.Arithmetic))
	isNaN(r.ARI, r.AMI(community.Arithmetic))
	r = compare(t, whole, apart, community.CompareConfig{})
	assert.Zero(t, r.MI)
	assert.Zero(t, r.Rand)
	assert.Zero(t, r.ARI)
	assert.Zero(t, r.NMI(community.Arithmetic))
	assert.Zero(t, r.AMI(community.Arithmetic))
	assert.InDelta(t, 1, r.NVI(), rounding)
	isNaN(r.NMI(community.Min))
	one := community.Whole(nodes(1))
	r = compare(t, one, one, community.CompareConfig{})
	isNaN(r.Rand, r.ARI, r.NVI())
	r = compare(t, community.Partition{}, community.Partition{}, community.CompareConfig{})
	isNaN(r.MI, r.VI, r.Rand, r.ARI, r.EMI, r.EntropyA, r.NVI())
	r = compare(t, whole, apart, community.CompareConfig{Weights: graph.NewValues(g, make([]float64, 5))})
	isNaN(r.MI, r.VI)

	// Nodes without community are left out, and counted.
	r = compare(t, of(g, 0, 0, 1, 1, -1), of(g, 7, 7, 3, -1, 3), community.CompareConfig{})
	assert.Equal(t, 3, r.Nodes)
	assert.Equal(t, 2, r.LeftOut)
	assert.Equal(t, 1.0, r.ARI)

	for _, w := range []float64{-1, math.NaN(), math.Inf(1)} {
		c := community.CompareConfig{Weights: graph.NewValues(g, []float64{1, 1, w, 1, 1})}
		_, err := community.Compare(whole, apart, c)
		require.ErrorIs(t, err, community.ErrNodeWeight)
		var key *graph.KeyError
		require.ErrorAs(t, err, &key)
		assert.Equal(t, graphtest.Key(2), key.Key)
		_, err = community.Match(t.Context(), whole, apart, c)
		require.ErrorIs(t, err, community.ErrNodeWeight)
	}
	assert.Panics(t, func() { _, _ = community.Compare(whole, community.Whole(nodes(4)), community.CompareConfig{}) })
}
