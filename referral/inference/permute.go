// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
)

// PermutationConfig says how a permutation test is done.
type PermutationConfig struct {
	Draws      int    // random permutations where not all can be gone through; 0 means 100,000
	Seed       uint64 // of the random permutations
	DrawAlways bool   // do not go through all permutations where they are few
	Workers    int    // goroutines; 0 means all cores. The result does not depend on it
}

// pairOfRows holds the patients of one origin by destination, in both tables.
type pairOfRows struct {
	first       []float64
	both        []float64 // first and second together; all above 0
	n1, n2      float64
	expectation float64 // share of the first table
}

// x2 gives Pearson's statistic when first are the patients of the first table.
func (p *pairOfRows) x2(first []float64) float64 {
	sum := 0.0
	for j, k := range first {
		d := k - p.both[j]*p.expectation
		sum += d * d / p.both[j]
	}
	return sum / (p.expectation * (1 - p.expectation))
}

// reached reports whether a statistic is as large as the observed one but for
// rounding.
func reached(x, observed float64) bool { return x >= observed-1e-9*max(1, observed) }

// permute counts the random permutations that reach the observed statistic. A
// block of 64 shares a stream of random numbers.
func permute(ctx context.Context, rows []pairOfRows, observed float64, draws int, c PermutationConfig) (int, error) {
	const block = 64
	larger := make([]int, (draws+block-1)/block)
	widest := 0
	for _, r := range rows {
		widest = max(widest, len(r.both))
	}
	err := parallel(ctx, c.Workers, len(larger), func() func(int) error {
		first := make([]float64, widest)
		return func(i int) error {
			rng := stream(c.Seed, i)
			for range min(block, draws-i*block) {
				x := 0.0
				for k := range rows {
					r := &rows[k]
					x += r.x2(r.permuted(rng, first[:len(r.both)]))
				}
				if reached(x, observed) {
					larger[i]++
				}
			}
			return nil
		}
	})
	sum := 0
	for _, n := range larger {
		sum += n
	}
	return sum, err
}

// permuted draws n1 of the patients of a row without replacement.
func (p *pairOfRows) permuted(r *rand.Rand, to []float64) []float64 {
	left, all := p.n1, p.n1+p.n2
	last := len(to) - 1
	for j, of := range p.both[:last] {
		to[j] = hypergeometric(r, all, of, left)
		left -= to[j]
		all -= of
	}
	to[last] = left
	return to
}

// maxLaw bounds the values that the law of a statistic may have.
const maxLaw = 1 << 20

// exactTail gives the probability that the sum over rows reaches the observed
// one, from the laws of the rows, put together in two halves; not ok if these
// are too large.
func exactTail(ctx context.Context, rows []pairOfRows, observed float64) (p float64, ok bool, err error) {
	laws := make([][]weighted, len(rows))
	for i := range rows {
		if err := ctx.Err(); err != nil {
			return 0, false, err
		}
		if rows[i].tables() > maxLaw {
			return 0, false, nil
		}
		laws[i] = rows[i].law()
	}
	for len(laws) > 2 {
		slices.SortStableFunc(laws, func(a, b []weighted) int { return cmp.Compare(len(a), len(b)) })
		if len(laws[0])*len(laws[1]) > maxLaw {
			return 0, false, nil
		}
		laws = append(laws[2:], convolve(laws[0], laws[1]))
		if err := ctx.Err(); err != nil {
			return 0, false, err
		}
	}
	if len(laws) == 1 {
		laws = append(laws, certain())
	}
	return tailOf(laws[0], laws[1], observed), true, nil
}

// tailOf gives the probability that the sum of two numbers reaches the observed
// one, from their laws, both rising.
func tailOf(a, b []weighted, observed float64) float64 {
	terms := make([]float64, len(a))
	j, tail := len(b), 0.0
	for i, w := range a {
		for j > 0 && reached(w.value+b[j-1].value, observed) {
			j--
			tail += b[j].probability
		}
		terms[i] = w.probability * tail
	}
	return min(1, floats.SumCompensated(terms))
}

// certain is the law of an origin that is left out: it adds nothing.
func certain() []weighted { return []weighted{{0, 1}} }

// tables counts the ways to divide a row over the two tables.
func (p *pairOfRows) tables() float64 {
	if p.n1 > maxLaw {
		return math.Inf(1)
	}
	n := int(min(p.n1, p.n2))
	ways := make([]float64, n+1)
	ways[0] = 1
	for _, of := range p.both {
		// ways[k] becomes the sum of ways[k-of..k].
		for k := 1; k <= n; k++ {
			ways[k] += ways[k-1]
		}
		for k := n; k > int(of); k-- {
			ways[k] -= ways[k-int(of)-1]
		}
		if ways[n] > 64*maxLaw {
			break
		}
	}
	return ways[n]
}

// law gives the values that x2 can have with their probabilities, rising.
func (p *pairOfRows) law() []weighted {
	var out []weighted
	logWays := func(n, k float64) float64 { return logFactorial(n) - logFactorial(k) - logFactorial(n-k) }
	all := logWays(p.n1+p.n2, p.n1)
	scale := p.expectation * (1 - p.expectation)
	rest := make([]float64, len(p.both)+1) // patients of destination j and later
	for j := len(p.both) - 1; j >= 0; j-- {
		rest[j] = rest[j+1] + p.both[j]
	}
	var divide func(j int, left, x2, logP float64)
	divide = func(j int, left, x2, logP float64) {
		if j == len(p.both) {
			out = append(out, weighted{x2 / scale, math.Exp(logP - all)})
			return
		}
		of := p.both[j]
		for k := max(0, left-rest[j+1]); k <= min(of, left); k++ {
			d := k - of*p.expectation
			divide(j+1, left-k, x2+d*d/of, logP+logWays(of, k))
		}
	}
	divide(0, p.n1, 0, 0)
	return merged(out)
}

// convolve gives the law of a sum.
func convolve(a, b []weighted) []weighted {
	out := make([]weighted, 0, len(a)*len(b))
	for _, v := range a {
		for _, w := range b {
			out = append(out, weighted{v.value + w.value, v.probability * w.probability})
		}
	}
	return merged(out)
}

// merged sorts a law and puts values together that differ by rounding only.
func merged(law []weighted) []weighted {
	slices.SortFunc(law, func(a, b weighted) int { return cmp.Compare(a.value, b.value) })
	out := law[:0]
	for _, w := range law {
		if n := len(out); n > 0 && w.value-out[n-1].value <= 1e-11*max(1, w.value) {
			out[n-1].probability += w.probability
			continue
		}
		out = append(out, w)
	}
	return out
}
