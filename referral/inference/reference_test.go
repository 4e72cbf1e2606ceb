// SPDX-License-Identifier: Apache-2.0

package inference_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
)

// Values of R 4.2.2, printed with sprintf("%.15g"); the command stands with
// each test. R's own quantiles are good to about 1e-13 relative.
const golden = 1e-10

func exact(part, whole float64) referral.Share {
	s := referral.Share{Part: referral.Count(part), Whole: referral.Count(whole), Result: referral.UndefinedResult(referral.ReasonZeroRow)}
	if whole > 0 {
		s.Result = referral.ExactResult(part / whole)
	}
	return s
}

// R: prop.test(x, n, correct = FALSE)$conf.int; binom.test(x, n)$conf.int;
// qbeta(c(.025, .975), x + .5, n - x + .5); binom.test(x, n, conf.level = .99).
// The first four are the cases of Newcombe 1998,
// doi:10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E, table I, which
// prints (0.2553, 0.3662) and (0.2527, 0.3676) for 81 of 263, (0.0624, 0.1605)
// and (0.0578, 0.1617) for 15 of 148, (0, 0.1611) and (0, 0.1684) for 0 of 20,
// (0.0061, 0.1718) and (0.0009, 0.1776) for 1 of 29.
func TestProportionAgainstR(t *testing.T) {
	for _, c := range []struct {
		x, n                         float64
		wilson, cp, jeffreys, wide99 [2]float64
	}{
		{81, 263, [2]float64{0.255288519878274, 0.3662095769828}, [2]float64{0.252736745585271, 0.367621922601351},
			[2]float64{0.254521934991023, 0.365647499174082}, [2]float64{0.236837358165539, 0.386258325669745}},
		{15, 148, [2]float64{0.0623863995307363, 0.160487241723308}, [2]float64{0.0578440100834486, 0.161650490349479},
			[2]float64{0.0604485170092964, 0.157643143478741}, [2]float64{0.0477445597288368, 0.181877531538276}},
		{0, 20, [2]float64{0, 0.161125158052819}, [2]float64{0, 0.168433470983085},
			[2]float64{0, 0.116638982904875}, [2]float64{0, 0.232729500989075}},
		{1, 29, [2]float64{0.00611321429276266, 0.171755218793203}, [2]float64{0.000872646883579923, 0.177644295488723},
			[2]float64{0.00374617364905708, 0.150077686002232}, [2]float64{0.000172831332721518, 0.229600306575039}},
		{29, 29, [2]float64{0.883030201500259, 1}, [2]float64{0.880555130930497, 1},
			[2]float64{0.917713517076176, 1}, [2]float64{0.833017524812362, 1}},
		{3, 200_000, [2]float64{5.10136645697154e-06, 4.41049825256824e-05}, [2]float64{3.09337129690532e-06, 4.38357333119673e-05},
			[2]float64{4.22469043209341e-06, 4.00313596126223e-05}, [2]float64{1.68932396337155e-06, 5.48862928301952e-05}},
		{999_999, 1_000_000, [2]float64{0.999994335088196, 0.999999823475423}, [2]float64{0.999994428369345, 0.999999974682192},
			[2]float64{0.999995325807953, 0.999999892102338}, [2]float64{0.999992569894388, 0.999999994987458}},
	} {
		for _, m := range []struct {
			config inference.Config
			want   [2]float64
		}{
			{inference.Config{}, c.wilson},
			{inference.Config{Method: inference.ClopperPearson}, c.cp},
			{inference.Config{Method: inference.Jeffreys}, c.jeffreys},
			{inference.Config{Method: inference.ClopperPearson, Level: 0.99}, c.wide99},
		} {
			got, err := inference.Proportion(c.x, c.n, m.config)
			require.NoError(t, err)
			within(t, m.want, got, golden, got.Label())
		}
	}
}

// Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I,
// table II, method 10, printed to four places: p1 - p2.
func TestDifferenceAgainstNewcombe(t *testing.T) {
	for _, c := range []struct {
		x1, n1, x2, n2 float64
		want           [2]float64
	}{
		{56, 70, 48, 80, [2]float64{0.0524, 0.3339}},
		{9, 10, 3, 10, [2]float64{0.1705, 0.8090}},
		{6, 7, 2, 7, [2]float64{0.0582, 0.8062}},
		{5, 56, 0, 29, [2]float64{-0.0381, 0.1926}},
		{0, 10, 0, 20, [2]float64{-0.1611, 0.2775}},
		{0, 10, 0, 10, [2]float64{-0.2775, 0.2775}},
		{10, 10, 0, 20, [2]float64{0.6791, 1}},
		{10, 10, 0, 10, [2]float64{0.6075, 1}},
	} {
		got, err := inference.Difference(exact(c.x2, c.n2), exact(c.x1, c.n1), inference.Config{})
		require.NoError(t, err)
		within(t, c.want, got.Interval, 5.1e-5, "newcombe")
	}
}

// R: fisher.test(matrix(c(x1, n1 - x1, x2, n2 - x2), 2))$p.value. The first is
// Fisher's tea tasting.
func TestFisherAgainstR(t *testing.T) {
	for _, c := range []struct{ x1, n1, x2, n2, want float64 }{
		{3, 4, 1, 4, 0.485714285714286},
		{10, 15, 1, 13, 0.00208492245105518},
		{2, 23, 18, 40, 0.0042002074512151},
		{12, 2000, 40, 2500, 0.001787525703512},
		{0, 5, 5, 5, 0.00793650793650794},
		{7, 7, 0, 9, 8.74125874125873e-05},
	} {
		got, err := inference.Difference(exact(c.x1, c.n1), exact(c.x2, c.n2), inference.Config{})
		require.NoError(t, err)
		assert.InDelta(t, c.want, got.Fisher.Value, golden)
	}
}

// R: poisson.test(x)$conf.int and poisson.test(x, T = 3, conf.level = .9)$conf.int.
func TestRateAgainstR(t *testing.T) {
	for _, c := range []struct {
		x            float64
		one, perYear [2]float64
	}{
		{2, [2]float64{0.242209278543965, 7.22468766772396}, [2]float64{0.118453836899554, 2.09859787395733}},
		{17, [2]float64{9.90312646960729, 27.2186468159066}, [2]float64{3.610713452092, 8.49974336095177}},
		{1000, [2]float64{938.973018407695, 1063.9521360163}, [2]float64{316.186616461217, 351.2010407111}},
		{123456, [2]float64{122768.288698516, 124146.608395345}, [2]float64{40959.5427563001, 41345.170366748}},
	} {
		got, err := inference.Rate(referral.Count(c.x), inference.RateConfig{})
		require.NoError(t, err)
		within(t, c.one, got, golden*c.one[1], "one year")
		got, err = inference.Rate(referral.Count(c.x), inference.RateConfig{Years: 3, Level: 0.9})
		require.NoError(t, err)
		within(t, c.perYear, got, golden*c.perYear[1], "three years")
	}
}

// R: pgamma(20, 17.5, 3).
func TestBelowNormAgainstR(t *testing.T) {
	got, err := inference.BelowNorm(referral.Count(17), 20, inference.RateConfig{Years: 3})
	require.NoError(t, err)
	assert.InDelta(t, 0.999999999969431, got.Value, golden)
}

// R, with n = sum(x) and l the level:
//
//	mom <- function(c, l) { k <- max(0, l-c):(l+c); p <- dpois(k, l); d <- sum(p); p <- p/d; m <- sum(k*p)
//	  c(m, sum((k-m)^2*p), sum((k-m)^3*p), sum((k-m)^4*p), d) }
//	nu <- function(c, x) { n <- sum(x); m <- sapply(x, function(l) mom(c, l)); m[4,] <- m[4,] - 3*m[2,]^2
//	  s <- rowSums(m[1:4,]); z <- (n-s[1])/sqrt(s[2]); g <- s[3]/s[2]^1.5; h <- s[4]/s[2]^2
//	  f <- 1 + g*(z^3-3*z)/6 + h*(z^4-6*z^2+3)/24 + g^2*(z^6-15*z^4+45*z^2-15)/72
//	  prod(m[5,])/dpois(n, n)*f*dnorm(z)/sqrt(s[2]) }
//
// and the width searched from c = 1. The second row is the example that the
// implementations share, for which MultinomCI of the R package DescTools prints
// (0.079, 0.164), ..., (0.084, 0.169).
func TestSisonGlazAgainstR(t *testing.T) {
	for _, c := range []struct {
		counts []float64
		level  float64
		want   [][2]float64
	}{
		{[]float64{23, 12, 44}, 0, [][2]float64{{0.1898734177215190, 0.410670296139639},
			{0.0506329113924051, 0.271429789810525}, {0.4556962025316456, 0.676493080949766}}},
		{[]float64{56, 72, 73, 59, 62, 87, 58}, 0, [][2]float64{{0.07922912206, 0.1643557340}, {0.11349036403, 0.1986169760},
			{0.11563169165, 0.2007583036}, {0.08565310493, 0.1707797169}, {0.09207708779, 0.1772036998},
			{0.14561027837, 0.2307368904}, {0.08351177730, 0.1686383893}}},
		{[]float64{12, 3, 0, 7, 25, 1, 2}, 0.9, [][2]float64{{0.14, 0.375158898577856}, {0, 0.195158898577856}, {0, 0.135158898577856},
			{0.04, 0.275158898577856}, {0.4, 0.635158898577856}, {0, 0.155158898577856}, {0, 0.175158898577856}}},
		{[]float64{300, 120, 80, 45, 30, 22, 10}, 0.99, [][2]float64{{0.4448105436573311, 0.5452949596239641},
			{0.1482701812191104, 0.2487545971857433}, {0.0823723228995058, 0.1828567388661387}, {0.0247116968698517, 0.1251961128364847},
			{0, 0.1004844159666330}, {0, 0.0873048443027121}, {0, 0.0675354868068307}}},
	} {
		got, err := inference.Row(c.counts, inference.Config{Method: inference.SisonGlaz, Level: c.level})
		require.NoError(t, err)
		for i, w := range c.want {
			within(t, w, got[i], 1e-9, "class")
		}
	}
}

// R: A <- qchisq(1-(1-l)/k, 1), the formula of the doc comment, and
// qbeta(c(.05, .95), x+.5, n-x+3).
func TestRowAgainstR(t *testing.T) {
	got, err := inference.Row([]float64{91, 49, 37, 43}, inference.Config{Method: inference.Goodman})
	require.NoError(t, err)
	for i, w := range [][2]float64{{0.334202478326843, 0.497833207384634}, {0.160858747649295, 0.299887401213870},
		{0.114551340461580, 0.240112083587782}, {0.137469013419241, 0.270235773037022}} {
		within(t, w, got[i], golden, "goodman")
	}
	got, err = inference.Row([]float64{12, 3, 0, 7, 25, 1, 2}, inference.Config{Method: inference.Dirichlet, Level: 0.9})
	require.NoError(t, err)
	for i, w := range [][2]float64{{1.45288112371596e-01, 0.3334157344858992}, {2.09274779378754e-02, 0.1282941235868847},
		{3.72703555317687e-05, 0.0357560917186920}, {7.11567398427718e-02, 0.2245886348946807}, {3.65723087794977e-01, 0.5885509162376282},
		{3.36135711094735e-03, 0.0720577155925375}, {1.10074252902585e-02, 0.1014598516247214}} {
		within(t, w, got[i], golden, "dirichlet")
	}
}

// R: r <- qbinom(q, n, p); (r - (pbinom(r, n, p) - q) / dbinom(r, n, p)) / n
// for q of .025, .975, .001 and .999.
func TestFunnelLimitsAgainstR(t *testing.T) {
	for _, c := range []struct {
		n, target float64
		want      [4]float64
	}{
		{25, 0.3, [4]float64{0.106424183818715, 0.46875105075369, 0.0241051626137928, 0.583500834286613}},
		{400, 0.05, [4]float64{0.0284043157748721, 0.0712220005546951, 0.0183660554745364, 0.0854853297109484}},
		{13, 0.9, [4]float64{0.666868830639734, 0.992434388543863, 0.539571721777924, 0.999697375541755}},
	} {
		got, err := inference.NewFunnel([]referral.Share{exact(1, c.n)}, inference.FunnelConfig{Target: c.target})
		require.NoError(t, err)
		limits := got.Points[0].Limits
		require.Len(t, limits, 2)
		for i, v := range []float64{limits[0].Lo, limits[0].Hi, limits[1].Lo, limits[1].Hi} {
			assert.InDelta(t, c.want[i], v, golden)
		}
	}
}

// R: p.adjust(p, "BH").
func TestFalseDiscoveryAgainstR(t *testing.T) {
	nan := math.NaN()
	got, err := inference.FalseDiscovery([]float64{.01, nan, .02, .03, .04, .05, .5, .9, .001, .03})
	require.NoError(t, err)
	assert.True(t, math.IsNaN(got[1]))
	assert.InDeltaSlice(t, []float64{0.045, 0.054, 0.054, 0.06, 0.0642857142857143, 0.5625, 0.9, 0.009, 0.054},
		append(got[:1:1], got[2:]...), 1e-12)
}

// R, the formula of the doc comment (that of EBest(family = "binomial") in
// spdep, in Martuzzi and Elliott's form):
//
//	x <- c(2,30,7,0,15); n <- c(3,45,20,4,80); m <- sum(x)/sum(n); b <- mean(n)
//	s <- sum(n*(x/n-m)^2)/sum(n); r <- (n*s-n/b*m*(1-m)) / ((n-1)*s+(b-n)/b*m*(1-m))
func TestShrinkAgainstR(t *testing.T) {
	got, err := inference.Shrink([]referral.Share{exact(2, 3), exact(30, 45), exact(7, 20), exact(0, 4), exact(15, 80)})
	require.NoError(t, err)
	assert.InDelta(t, 0.0412260958837537, got.Between.Value, golden)
	estimate := []float64{0.48196644259591, 0.63908421286636, 0.350944353050185, 0.185549054558005, 0.196195464753039}
	weight := []float64{0.406878153688274, 0.911425359627185, 0.820572920464877, 0.477713772355245, 0.94816821009953}
	for i, s := range got.Shares {
		assert.InDelta(t, estimate[i], s.Estimate.Value, golden)
		assert.InDelta(t, weight[i], s.Weight.Value, golden)
	}
}
