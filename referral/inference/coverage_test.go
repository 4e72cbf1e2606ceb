// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"bytes"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

var update = flag.Bool("update", false, "write testdata/coverage.txt")

// binomialCoverage gives the exact probability that the interval of a share of
// n holds p.
func binomialCoverage(t *testing.T, n, p float64, c inference.Config) float64 {
	t.Helper()
	sum := 0.0
	law := distuv.Binomial{N: n, P: p}
	for x := 0.0; x <= n; x++ {
		i, err := inference.Proportion(x, n, c)
		require.NoError(t, err)
		if i.Lo <= p && p <= i.Hi {
			sum += law.Prob(x)
		}
	}
	return sum
}

// The mean and the least coverage over p, exactly and not by simulation. Wilson
// and Jeffreys promise the nominal level on average, Clopper-Pearson everywhere
// at least. testdata/coverage.txt holds the figures.
func TestCoverageOfProportions(t *testing.T) {
	var report bytes.Buffer
	fmt.Fprintln(&report, "Coverage of 95 % intervals of a share of n, over p = 0.05, 0.06, ..., 0.95")
	fmt.Fprintf(&report, "%-18s%6s%8s%8s%8s\n", "method", "n", "mean", "least", "most")
	for _, m := range []inference.Method{inference.Wilson, inference.Jeffreys, inference.ClopperPearson} {
		for _, n := range []float64{10, 30, 60, 200} {
			c := inference.Config{Method: m}
			least, most, sum, count := 1.0, 0.0, 0.0, 0.0
			for k := 5; k <= 95; k++ {
				v := binomialCoverage(t, n, float64(k)/100, c)
				least, most = min(least, v), max(most, v)
				sum += v
				count++
			}
			fmt.Fprintf(&report, "%-18s%6.0f%8.4f%8.4f%8.4f\n", m, n, sum/count, least, most)
			if m == inference.ClopperPearson {
				assert.GreaterOrEqual(t, least, 0.95)
			} else {
				assert.InDelta(t, 0.95, sum/count, 0.01, "%s n=%v", m, n)
				assert.Greater(t, least, 0.86, "the shortfall near the ends is known")
			}
		}
	}
	const file = "testdata/coverage.txt"
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, report.Bytes(), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, string(want), report.String())
}

func TestCoverageOfRates(t *testing.T) {
	for _, lambda := range []float64{0.5, 2, 5, 20, 100} {
		law := distuv.Poisson{Lambda: lambda}
		sum := 0.0
		for x := 0.0; x < lambda+20*math.Sqrt(lambda)+20; x++ {
			i, err := inference.Rate(referral.Count(x), inference.RateConfig{})
			require.NoError(t, err)
			if i.Lo <= lambda && lambda <= i.Hi {
				sum += law.Prob(x)
			}
		}
		assert.GreaterOrEqual(t, sum, 0.95, "lambda %v", lambda)
		assert.Less(t, sum, 0.995, "lambda %v", lambda)
	}
}

func TestCoverageOfDifferences(t *testing.T) {
	mean, count := 0.0, 0.0
	for _, n := range [][2]float64{{20, 30}, {40, 40}} {
		for _, p := range [][2]float64{{0.2, 0.3}, {0.5, 0.5}, {0.6, 0.9}, {0.3, 0.4}, {0.35, 0.65}} {
			a, b := distuv.Binomial{N: n[0], P: p[0]}, distuv.Binomial{N: n[1], P: p[1]}
			sum := 0.0
			for x := 0.0; x <= n[0]; x++ {
				for y := 0.0; y <= n[1]; y++ {
					d, err := inference.Difference(exact(x, n[0]), exact(y, n[1]), inference.Config{})
					require.NoError(t, err)
					if d.Interval.Lo <= p[1]-p[0] && p[1]-p[0] <= d.Interval.Hi {
						sum += a.Prob(x) * b.Prob(y)
					}
				}
			}
			assert.InDelta(t, 0.95, sum, 0.02)
			mean += sum
			count++
		}
	}
	assert.InDelta(t, 0.95, mean/count, 0.01)
}

// draw gives a multinomial vector by going through the patients one by one.
func draw(r *rand.Rand, n int, p []float64) []float64 {
	x := make([]float64, len(p))
	for range n {
		u := r.Float64()
		k := 0
		for k < len(p)-1 && u >= p[k] {
			u -= p[k]
			k++
		}
		x[k]++
	}
	return x
}

// Simulated coverage of all classes together. Goodman covers at least as much as it
// says but for small counts, Sison-Glaz about as much.
func TestCoverageOfRows(t *testing.T) {
	const samples = 4000 // standard error 0.0034 at 0.95
	p := []float64{0.3, 0.2, 0.15, 0.1, 0.1, 0.08, 0.07}
	for _, c := range []struct {
		m           inference.Method
		n           int
		least, most float64
	}{
		{inference.Goodman, 200, 0.95, 0.975},
		{inference.SisonGlaz, 200, 0.94, 0.96},
		{inference.SisonGlaz, 500, 0.94, 0.96},
		{inference.Dirichlet, 200, 0.6, 0.85}, // each class by itself: together far less
	} {
		rng := rand.New(rand.NewPCG(7, uint64(c.m)))
		held := 0.0
		for range samples {
			is, err := inference.Row(draw(rng, c.n, p), inference.Config{Method: c.m})
			require.NoError(t, err)
			all := true
			for k, i := range is {
				all = all && i.Lo <= p[k] && p[k] <= i.Hi
			}
			if all {
				held++
			}
		}
		assert.GreaterOrEqual(t, held/samples, c.least, "%s n=%d", c.m, c.n)
		assert.LessOrEqual(t, held/samples, c.most, "%s n=%d", c.m, c.n)
	}
}

// The percentile interval of a rare flow has its known shortfall for few
// patients, as nobody went that way in 0.95^30 = 21 % of the samples, and
// reaches the level for many.
func TestCoverageOfBootstrap(t *testing.T) {
	p := []float64{0.55, 0.03, 0.02, 0.4}
	d := []float64{p[0] + p[2], p[1] + p[3]}
	hhi := d[0]*d[0] + d[1]*d[1]
	for _, c := range []struct {
		n           int
		least, most float64 // of the supra-regional share
	}{{30, 0.74, 0.82}, {2000, 0.94, 0.965}} {
		rng := rand.New(rand.NewPCG(11, uint64(c.n)))
		const samples = 1000 // standard error 0.007 at 0.95
		share, market := 0.0, 0.0
		for s := range samples {
			x := draw(rng, c.n, p)
			table := long(t, fmt.Sprintf("origin,destination,count\nA,A,%v\nA,B,%v\nB,A,%v\nB,B,%v\n", x[0], x[1], x[2], x[3]))
			r, err := inference.Bootstrap(t.Context(), table, []inference.Statistic{inference.SupraShare(), inference.HHIMarket()},
				inference.BootstrapConfig{Replicates: 400, Seed: uint64(s), DrawAlways: true, Workers: 1})
			require.NoError(t, err)
			if i := r.Numbers[0].Interval; i.Lo <= 0.05 && 0.05 <= i.Hi {
				share++
			}
			if i := r.Numbers[1].Interval; i.Lo <= hhi && hhi <= i.Hi {
				market++
			}
			assert.Greater(t, r.Numbers[1].Bias, -0.02)
		}
		assert.GreaterOrEqual(t, share/samples, c.least, "n=%d", c.n)
		assert.LessOrEqual(t, share/samples, c.most, "n=%d", c.n)
		t.Logf("n=%d share %.3f hhi %.3f", c.n, share/samples, market/samples)
	}
}
