// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/oncoref/oncoref/referral"
)

// RateConfig says over which time patients were counted, and which interval is
// wanted. The zero value asks for a 95 % interval of the number per period.
type RateConfig struct {
	Years   float64 // length of the period in years; 0 means 1
	Level   float64 // probability to be covered, between 0 and 1; 0 means 0.95
	Meaning Meaning // changes the label only
}

func (c RateConfig) years() (float64, error) {
	if c.Years == 0 {
		return 1, nil
	}
	if !(c.Years > 0) || math.IsInf(c.Years, 1) {
		return 0, badNumber("Years", c.Years, "a length above 0")
	}
	return c.Years, nil
}

// Rate returns Garwood's interval of the expected number of patients per year,
// from a volume of x patients in a number of years:
//
//	[χ²(2x; α/2) / 2, χ²(2x+2; 1-α/2) / 2] / years
//
// The lower end is 0 for x = 0. A volume known in part gives the lower end of
// its smallest and the upper end of its largest value, +Inf if there is none.
// It covers at least as much as it says.
//
// It returns an [*InputError] for an invalid cell, a length of 0 or less, or a
// level outside (0, 1). Time O(1).
//
// Reference: Garwood 1936, doi:10.1093/biomet/28.3-4.437.
func Rate(volume referral.Cell, c RateConfig) (Interval, error) {
	level, err := levelOf(c.Level)
	if err != nil {
		return Interval{}, err
	}
	years, err := c.years()
	if err != nil {
		return Interval{}, err
	}
	if err := checkVolume(volume); err != nil {
		return Interval{}, err
	}
	i := Interval{Level: level, Method: Garwood, Meaning: c.Meaning, Hi: math.Inf(1)}
	tail := (1 - level) / 2
	if volume.Lo > 0 {
		i.Lo = gammaQuantile(volume.Lo, tail) / years
	}
	if !math.IsInf(volume.Hi, 1) {
		i.Hi = gammaQuantile(volume.Hi+1, 1-tail) / years
	}
	return i, nil
}

func checkVolume(c referral.Cell) error {
	if !c.Valid() {
		return &InputError{Field: "volume", Value: c.String(), Want: "bounds 0 <= Lo <= Hi"}
	}
	return nil
}

// gammaQuantile inverts the distribution function of Gamma(a, 1) at p.
func gammaQuantile(a, p float64) float64 {
	x := distuv.Gamma{Alpha: a, Beta: 1}.Quantile(p)
	lo, hi := 0.0, math.Inf(1)
	for range 200 {
		f := mathext.GammaIncReg(a, x)
		if math.Abs(f-p) <= 1e-13 {
			break
		}
		if f < p {
			lo = x
		} else {
			hi = x
		}
		next := 2 * max(x, 1)
		if !math.IsInf(hi, 1) {
			next = (lo + hi) / 2
		}
		if next == x {
			break
		}
		x = next
	}
	return x
}

// BelowNorm returns the probability that the true number of patients per year
// is below a norm, given a volume of x patients in a number of years:
//
//	P(λ < norm), λ ~ Gamma(x + 1/2, years)
//
// which is the posterior under Jeffreys' prior. A volume of 4 against a norm
// of 5 is well within chance; this says how well. The result is in [0, 1] and
// falls in x: a volume known in part gives bounds (reason unknown_cells).
//
// Level and Meaning have no part in it. It returns an [*InputError] for an invalid cell, a norm
// that is negative or not finite, or a length of 0 or less. Time O(1).
//
// Reference: Box and Tiao 1973, doi:10.1002/9781118033197, section 1.3.4, for
// the prior.
func BelowNorm(volume referral.Cell, norm float64, c RateConfig) (referral.Result, error) {
	years, err := c.years()
	if err != nil {
		return referral.Result{}, err
	}
	if err := checkVolume(volume); err != nil {
		return referral.Result{}, err
	}
	if !(norm >= 0) || math.IsInf(norm, 1) {
		return referral.Result{}, badNumber("norm", norm, "a finite number of patients per year, at least 0")
	}
	below := func(x float64) float64 {
		if math.IsInf(x, 1) {
			return 0
		}
		return mathext.GammaIncReg(x+0.5, norm*years)
	}
	r := referral.BoundedResult(below(volume.Hi), below(volume.Lo), referral.ReasonUnknownCells)
	if volume.Known() && volume.Lo <= math.MaxInt32 {
		r.N = int(volume.Lo)
	}
	return r, nil
}
