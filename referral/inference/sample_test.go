// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/stat/distuv"
)

// fits tests draws of 0..k against a law by χ², putting cells of fewer than
// five expected draws together, at a level of 1e-4.
func fits(t *testing.T, what string, draws []float64, law func(k float64) float64) {
	t.Helper()
	const samples = 40_000
	seen := map[float64]float64{}
	for _, k := range draws {
		seen[k]++
	}
	x2, degrees := 0.0, -1.0
	var restSeen, restExpected float64
	covered := 0.0
	for k := range seen {
		assert.Greater(t, law(k), 0.0, "%s drew %v", what, k)
	}
	for k := 0.0; covered < 1-1e-9 && k < 1e7; k++ {
		e := law(k) * samples
		covered += law(k)
		restSeen += seen[k]
		restExpected += e
		if restExpected >= 5 {
			x2 += (restSeen - restExpected) * (restSeen - restExpected) / restExpected
			degrees++
			restSeen, restExpected = 0, 0
		}
	}
	if degrees > 0 {
		assert.Greater(t, chiSquareTail(x2, degrees), 1e-4, what)
	}
}

func TestBinomialDraws(t *testing.T) {
	for _, c := range []struct{ n, p float64 }{{1, 0.3}, {12, 0.1}, {30, 0.5}, {100, 0.97}, {1000, 0.2}, {50_000, 0.001}, {100_000, 0.4}} {
		rng := stream(3, int(c.n))
		draws := make([]float64, 40_000)
		for i := range draws {
			draws[i] = binomial(rng, c.n, c.p)
		}
		fits(t, "binomial", draws, distuv.Binomial{N: c.n, P: c.p}.Prob)
	}
	assert.Zero(t, binomial(stream(1, 1), 10, 0))
	assert.Equal(t, 10.0, binomial(stream(1, 1), 10, 1))
}

func TestHypergeometricDraws(t *testing.T) {
	for _, c := range []struct{ all, marked, n float64 }{{10, 3, 4}, {50, 20, 25}, {60, 55, 30}, {1000, 100, 400}, {100_000, 500, 50_000}, {20, 20, 7}} {
		rng := stream(5, int(c.all+c.n))
		draws := make([]float64, 40_000)
		for i := range draws {
			draws[i] = hypergeometric(rng, c.all, c.marked, c.n)
		}
		choose := func(n, k float64) float64 { return logFactorial(n) - logFactorial(k) - logFactorial(n-k) }
		fits(t, "hypergeometric", draws, func(k float64) float64 {
			if k > c.marked || k > c.n || c.n-k > c.all-c.marked {
				return 0
			}
			return math.Exp(choose(c.marked, k) + choose(c.all-c.marked, c.n-k) - choose(c.all, c.n))
		})
	}
}

func TestMultinomialDraws(t *testing.T) {
	weights := []float64{0, 3, 0, 1.5, 0.5, 0}
	out := make([]float64, len(weights))
	draws := make([]float64, 40_000)
	for i := range draws {
		multinomial(stream(9, i), 20, 5, weights, out)
		assert.Equal(t, 20.0, total(out))
		assert.Zero(t, out[0]+out[2]+out[5])
		draws[i] = out[3]
	}
	fits(t, "multinomial", draws, distuv.Binomial{N: 20, P: 0.3}.Prob)
}

// The law of X2 against one that visits every way to label the patients.
func TestHomogeneityAgainstLabelings(t *testing.T) {
	a := gridOf(3, exactly(3, 1, 0, 1, 2, 1, 0, 0, 0))
	b := gridOf(3, exactly(1, 2, 1, 0, 2, 2, 0, 0, 4))
	h, err := homogeneity(t.Context(), a, b, PermutationConfig{})
	assert.NoError(t, err)
	assert.True(t, h.Exact)
	assert.Equal(t, 2, h.Rows)
	assert.Equal(t, 4, h.Degrees)

	pearson := func(first, both []float64, n1 float64) float64 {
		n, sum := total(both), 0.0
		for j, c := range both {
			if c > 0 {
				e1, e2 := c*n1/n, c*(n-n1)/n
				sum += (first[j]-e1)*(first[j]-e1)/e1 + (c-first[j]-e2)*(c-first[j]-e2)/e2
			}
		}
		return sum
	}
	first := func(i int) []float64 {
		return []float64{a.cells[3*i].Lo, a.cells[3*i+1].Lo, a.cells[3*i+2].Lo}
	}
	var laws [][]float64 // of each row, the statistic for every labeling
	observed := 0.0
	for i := range 2 {
		var patients []int
		both := make([]float64, 3)
		for j := range 3 {
			both[j] = first(i)[j] + b.cells[3*i+j].Lo
			for range int(both[j]) {
				patients = append(patients, j)
			}
		}
		n1 := total(first(i))
		observed += pearson(first(i), both, n1)
		var law []float64
		for set := range 1 << len(patients) {
			first, size := make([]float64, 3), 0.0
			for k, j := range patients {
				if set>>k&1 == 1 {
					first[j]++
					size++
				}
			}
			if size == n1 {
				law = append(law, pearson(first, both, n1))
			}
		}
		laws = append(laws, law)
	}
	hits := 0.0
	for _, x := range laws[0] {
		for _, y := range laws[1] {
			if x+y >= observed-1e-9 {
				hits++
			}
		}
	}
	assert.InDelta(t, observed, h.X2.Value, 1e-12)
	assert.InDelta(t, hits/float64(len(laws[0])*len(laws[1])), h.P.Value, 1e-12)

	for _, workers := range []int{1, 3} {
		drawn, err := homogeneity(t.Context(), a, b, PermutationConfig{DrawAlways: true, Seed: 4, Workers: workers})
		assert.NoError(t, err)
		assert.Equal(t, 100_000, drawn.Draws)
		assert.InDelta(t, h.P.Value, drawn.P.Value, 0.005)
	}
}
