// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/oncoref/oncoref/referral"
)

// Row returns intervals for the probabilities of the k possible classes of one
// multinomial row, from the counts x of n = Σ x patients. Classes with no
// patient are possible ones and belong to the row: they count in k.
//
//	Goodman    (A + 2x ± √(A(A + 4x(n-x)/n))) / (2(n+A)), A = χ²(1; 1-α/k)
//	SisonGlaz  [p - c/n, p + (c+2δ)/n], c the largest half width with coverage
//	           ν(c) <= 1-α, δ = (1-α-ν(c)) / (ν(c+1)-ν(c))
//	Dirichlet  quantiles of Beta(x+1/2, n-x+(k-1)/2)
//
// Goodman and Sison-Glaz hold for all classes of the row together, the others,
// and the methods of [Proportion], for each class by itself. Sison and Glaz
// approximate ν by an Edgeworth expansion; classes without patients have no
// part in it and get [0, (c+2δ)/n]. Use them for 7 or more classes and counts that
// are not too small, Goodman otherwise. A class without patients keeps a positive lower end
// under Dirichlet, and a row without patients gives the prior, which says
// nothing; the others are NaN in such a row, but for those of Proportion, [0, 1].
//
// The ends are in [0, 1] and in the order of the counts. It returns an
// [*InputError] for a count that is negative or not finite, for SisonGlaz a
// count that is not whole, for a level outside (0, 1) and for a method of
// another function. Time O(k), for SisonGlaz O(k c (n/k)).
//
// Reference: Goodman 1965, doi:10.1080/00401706.1965.10490252; Sison and Glaz
// 1995, doi:10.1080/01621459.1995.10476521, with the interval of their section
// 2.3; May and Johnson 2000, doi:10.18637/jss.v005.i06; Gelman et al. 2013,
// Bayesian Data Analysis, section 3.4.
func Row(counts []float64, c Config) ([]Interval, error) {
	n := 0.0
	for _, x := range counts {
		if !(x >= 0) || math.IsInf(x, 1) {
			return nil, badNumber("count", x, "a finite count of at least 0")
		}
		n += x
	}
	out := make([]Interval, len(counts))
	if c.Method == SisonGlaz {
		i, width, err := c.sisonGlaz(counts, n)
		if err != nil {
			return nil, err
		}
		for k, x := range counts {
			out[k] = i
			out[k].Lo, out[k].Hi = width.around(x, n)
		}
		return out, nil
	}
	ends, i, err := c.rowEnds(len(counts))
	if err != nil {
		return nil, err
	}
	for k, x := range counts {
		out[k] = i
		out[k].Lo, out[k].Hi = ends(x, n)
	}
	return out, nil
}

// rowEnds returns the limits of one of k classes, for methods in which those
// depend on x, n and k alone.
func (c Config) rowEnds(k int) (limits, Interval, error) {
	level, err := c.level()
	if err != nil {
		return nil, Interval{}, err
	}
	i := Interval{Level: level, Method: c.Method, Meaning: c.Meaning}
	switch c.Method {
	case Goodman:
		a := distuv.ChiSquared{K: 1}.Quantile(1 - (1-level)/float64(max(k, 1)))
		return func(x, n float64) (float64, float64) { return goodman(x, n, a) }, i, nil
	case Dirichlet:
		tail := (1 - level) / 2
		others := float64(k-1) / 2
		return func(x, n float64) (float64, float64) {
			if k == 1 {
				return 1, 1
			}
			return betaQuantile(x+0.5, n-x+others, tail), 1 - betaQuantile(n-x+others, x+0.5, tail)
		}, i, nil
	case Wilson, Jeffreys, ClopperPearson:
		return c.ends()
	default:
		return nil, i, &InputError{Field: "method", Value: c.Method.String(), Want: "goodman, sison-glaz, dirichlet or a method of one proportion"}
	}
}

func goodman(x, n, a float64) (lo, hi float64) {
	if n == 0 {
		return math.NaN(), math.NaN()
	}
	root := math.Sqrt(a * (a + 4*x*(n-x)/n))
	lo, hi = max(0, (a+2*x-root)/(2*(n+a))), min(1, (a+2*x+root)/(2*(n+a)))
	if x == 0 {
		lo = 0 // exactly, whatever the rounding
	}
	if x == n {
		hi = 1
	}
	return lo, hi
}

// halfWidth is the common half width of Sison-Glaz intervals, in patients.
type halfWidth struct{ below, above float64 }

func (w halfWidth) around(x, n float64) (lo, hi float64) {
	if n == 0 {
		return math.NaN(), math.NaN()
	}
	return max(0, (x-w.below)/n), min(1, (x+w.above)/n)
}

func (c Config) sisonGlaz(counts []float64, n float64) (Interval, halfWidth, error) {
	level, err := c.level()
	i := Interval{Level: level, Method: SisonGlaz, Meaning: c.Meaning}
	if err != nil {
		return i, halfWidth{}, err
	}
	var seen []float64
	for _, x := range counts {
		if x != math.Trunc(x) || x > maxSisonGlaz {
			return i, halfWidth{}, badNumber("count", x, "a whole number of at most "+strconv.Itoa(maxSisonGlaz)+" for sison-glaz")
		}
		if x > 0 {
			seen = append(seen, x)
		}
	}
	if n == 0 {
		return i, halfWidth{}, nil
	}
	below := coverage(seen, n, 0)
	for c := 0; ; c++ {
		above := coverage(seen, n, c+1)
		if float64(c) >= n { // nothing is outside
			return i, halfWidth{n, n}, nil
		}
		if below <= level && level < above {
			delta := (level - below) / (above - below)
			return i, halfWidth{float64(c), float64(c) + 2*delta}, nil
		}
		below = above
	}
}

// maxSisonGlaz keeps the sums over a truncated Poisson law short.
const maxSisonGlaz = 10_000_000

// coverage approximates the probability that a multinomial vector of n patients with
// the observed counts as means stays within c of each of them:
//
//	ν(c) = n! / (nⁿ e⁻ⁿ) · Π_i P(x_i-c <= V_i <= x_i+c) · f(Σ Y_i = n) / √(Σ σ²_i)
//
// with V_i Poisson of mean x_i, Y_i the same truncated to the range, and f the
// Edgeworth expansion of the density of their sum to the fourth moment.
func coverage(counts []float64, n float64, c int) float64 {
	var logProb, mean, variance, third, fourth float64
	for _, x := range counts {
		m := truncated(x, c)
		logProb += math.Log(m.prob)
		mean += m.mean
		variance += m.variance
		third += m.third
		fourth += m.fourth - 3*m.variance*m.variance
	}
	if variance <= 0 {
		return 0
	}
	sd := math.Sqrt(variance)
	z := (n - mean) / sd
	skew, excess := third/(variance*sd), fourth/(variance*variance)
	z2 := z * z
	density := (1 + skew*(z*z2-3*z)/6 + excess*(z2*z2-6*z2+3)/24 +
		skew*skew*(z2*z2*z2-15*z2*z2+45*z2-15)/72) * math.Exp(-z2/2) / math.Sqrt(2*math.Pi)
	factorial, _ := math.Lgamma(n + 1)
	return math.Exp(factorial-n*math.Log(n)+n+logProb) * density / sd
}

// moments of a Poisson variable that is truncated to a range.
type moments struct{ prob, mean, variance, third, fourth float64 }

// truncated sums a Poisson law of mean x from x-c to x+c.
func truncated(x float64, c int) moments {
	var m moments
	from, to := max(0, x-float64(c)), x+float64(c)
	logFactorial, _ := math.Lgamma(from + 1)
	p := math.Exp(from*math.Log(x) - x - logFactorial)
	var sums [5]float64
	for k := from; k <= to; k++ {
		d := k - x
		sums[0] += p
		sums[1] += p * d
		sums[2] += p * d * d
		sums[3] += p * d * d * d
		sums[4] += p * d * d * d * d
		p *= x / (k + 1)
	}
	m.prob = sums[0]
	a := sums[1] / m.prob // mean less x
	b, c3, d4 := sums[2]/m.prob, sums[3]/m.prob, sums[4]/m.prob
	m.mean = x + a
	m.variance = b - a*a
	m.third = c3 - 3*a*b + 2*a*a*a
	m.fourth = d4 - 4*a*c3 + 6*a*a*b - 3*a*a*a*a
	return m
}

// OfRow returns the intervals of the shares of one origin's patients by
// destination, with a method of [Row]. The possible destinations are all
// classes of the table except those to which a structural zero leads;
// set-valued destinations are classes of their own.
//
// Cells that are not exact give the outermost ends of all completions: as in
// [OfShare], and for SisonGlaz, whose width depends on the whole row, by going
// through at most 10,000 of them. The result is in the order of the labels. In
// a row without patients the shares are undefined and the ends those of Row.
//
// Published totals narrow the cells, each on its own.
//
// It returns an [*UnknownError] if the pairs that the table does not list may have
// patients or SisonGlaz has more completions, a [*referral.ClassError] for
// an origin without a row, an [*InputError] for published totals that contradict
// the cells or give one away, and the errors of Row.
func OfRow(t *referral.Table, origin string, c Config) ([]Estimate, error) {
	row, err := readRow(t, origin)
	if err != nil {
		return nil, err
	}
	if c.Method == SisonGlaz {
		return row.sisonGlaz(c)
	}
	ends, i, err := c.rowEnds(len(row.cells))
	if err != nil {
		return nil, err
	}
	out := make([]Estimate, len(row.cells))
	for k := range row.cells {
		s := row.share(k)
		out[k] = Estimate{Origin: s.Origin, Destination: s.Destination, Result: s.Result, Interval: i}
		low, high, err := corners(s)
		if err != nil {
			return nil, err
		}
		out[k].Interval.Lo, _ = ends(low.x, low.n)
		_, out[k].Interval.Hi = ends(high.x, high.n)
	}
	return out, nil
}

func (r row) sisonGlaz(c Config) ([]Estimate, error) {
	const budget = 10_000
	out := make([]Estimate, len(r.cells))
	for k := range r.cells {
		s := r.share(k)
		out[k] = Estimate{Origin: r.origin, Destination: r.labels[k], Result: s.Result}
		out[k].Interval.Lo, out[k].Interval.Hi = math.Inf(1), math.Inf(-1)
	}
	err := completions(r.cells, budget, func(x []float64) error {
		is, err := Row(x, c)
		if err != nil {
			return err
		}
		for k, i := range is {
			at := &out[k].Interval
			i.Lo, i.Hi = min(i.Lo, at.Lo), max(i.Hi, at.Hi) // NaN stays NaN
			*at = i
		}
		return nil
	})
	return out, err
}

// PosteriorMeans returns the means of the probabilities of a row under the
// prior of [Dirichlet]:
//
//	(x + 1/2) / (n + k/2)
//
// in the order of the counts, of which classes without patients are some. In a row
// without patients they are 1/k each.
func PosteriorMeans(counts []float64) []float64 {
	n := total(counts)
	out := make([]float64, len(counts))
	for i, x := range counts {
		out[i] = (x + 0.5) / (n + float64(len(counts))/2)
	}
	return out
}
