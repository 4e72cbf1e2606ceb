// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"
	"math/rand/v2"
)

// stream returns the random numbers of one replicate. They depend on the seed
// and the number of the replicate alone, so that it does not matter who draws
// which.
func stream(seed uint64, replicate int) *rand.Rand {
	a := mix(seed)
	b := mix(a ^ uint64(replicate))
	return rand.New(rand.NewPCG(b, mix(b)))
}

// mix spreads the bits of x (the finalizer of SplitMix64).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// multinomial draws n cases over weights, one after the other class by
// binomials, into out. The weights are at least 0 and add up to sum > 0.
func multinomial(r *rand.Rand, n, sum float64, weights, out []float64) {
	clear(out)
	last := len(weights) - 1
	for last > 0 && weights[last] == 0 {
		last--
	}
	for i, w := range weights[:last] {
		if n == 0 {
			return
		}
		if w == 0 {
			continue
		}
		k := binomial(r, n, min(1, w/sum))
		out[i] = k
		n -= k
		if sum -= w; sum <= 0 {
			sum = math.SmallestNonzeroFloat64
		}
	}
	out[last] = n
}

// binomial draws the number of successes of n trials.
//
// Reference: Hörmann 1993, doi:10.1080/00949659308811496, algorithm BTRS, for
// means of at least 10; inversion below.
func binomial(r *rand.Rand, n, p float64) float64 {
	if p > 0.5 {
		return n - binomial(r, n, 1-p)
	}
	if p == 0 || n == 0 {
		return 0
	}
	if n*p < 10 {
		return inverted(r, n, p)
	}
	spq := math.Sqrt(n * p * (1 - p))
	b := 1.15 + 2.53*spq
	a := -0.0873 + 0.0248*b + 0.01*p
	c := n*p + 0.5
	sure := 0.92 - 4.2/b
	alpha := (2.83 + 5.1/b) * spq
	odds := math.Log(p / (1 - p))
	mode := math.Floor((n + 1) * p)
	h := logFactorial(mode) + logFactorial(n-mode)
	for {
		u, v := r.Float64()-0.5, r.Float64()
		us := 0.5 - math.Abs(u)
		k := math.Floor((2*a/us+b)*u + c)
		if us >= 0.07 && v <= sure {
			return k
		}
		if k < 0 || k > n {
			continue
		}
		if math.Log(v*alpha/(a/(us*us)+b)) <= h-logFactorial(k)-logFactorial(n-k)+(k-mode)*odds {
			return k
		}
	}
}

// inverted draws a binomial number by going up its distribution function.
func inverted(r *rand.Rand, n, p float64) float64 {
	odds := p / (1 - p)
	start := math.Exp(n * math.Log1p(-p))
	for {
		u, f := r.Float64(), start
		for k := 0.0; k <= n; k++ {
			if u < f {
				return k
			}
			u -= f
			f *= odds * (n - k) / (k + 1)
			if f == 0 {
				break // rounding left a rest of 1e-16: draw again
			}
		}
	}
}

func logFactorial(x float64) float64 {
	v, _ := math.Lgamma(x + 1)
	return v
}

// hypergeometric draws how many of n cases, taken from all without
// replacement, are among the marked ones.
//
// Reference: Stadlober 1990, doi:10.1016/0377-0427(90)90349-5, algorithm HRUA,
// for more than 10 cases; one by one below.
func hypergeometric(r *rand.Rand, all, marked, n float64) float64 {
	switch {
	case n > all-n:
		return marked - hypergeometric(r, all, marked, all-n)
	case marked > all-marked:
		return n - hypergeometric(r, all, all-marked, n)
	case n <= 10:
		return oneByOne(r, all, marked, n)
	}
	p := marked / all
	center := n*p + 0.5
	sd := math.Sqrt(n*p*(1-p)*(all-n)/(all-1) + 0.5)
	const d1, d2 = 1.7155277699214135, 0.8989161620588988 // 2√(2/e), 3 - 2√(3/e)
	width := d1*sd + d2
	logP := func(k float64) float64 {
		return -logFactorial(k) - logFactorial(marked-k) - logFactorial(n-k) - logFactorial(all-marked-n+k)
	}
	top := logP(math.Floor((n + 1) * (marked + 1) / (all + 2)))
	limit := min(min(n, marked)+1, math.Floor(center+16*sd))
	for {
		u, v := r.Float64(), r.Float64()
		if u == 0 {
			continue
		}
		w := center + width*(v-0.5)/u
		if w < 0 || w >= limit {
			continue
		}
		k := math.Floor(w)
		if 2*math.Log(u) <= logP(k)-top {
			return k
		}
	}
}

func oneByOne(r *rand.Rand, all, marked, n float64) float64 {
	k := 0.0
	for ; n > 0 && marked > 0; n-- {
		if r.Float64()*all < marked {
			k++
			marked--
		}
		all--
	}
	return k
}
