// SPDX-License-Identifier: Apache-2.0

package inference

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/oncoref/oncoref/internal/quantile"
	"github.com/oncoref/oncoref/referral"
)

// FunnelConfig says against what shares are compared. The zero value asks for
// the pooled share and the limits of 95 and 99.8 %.
type FunnelConfig struct {
	Target float64   // share to compare with, above 0 and below 1; 0 means that of all patients together
	Levels []float64 // probabilities between the limits; nil means 0.95 and 0.998
}

// Limit is a pair of control limits: a share of the target's process falls
// between them with probability Level.
type Limit struct{ Level, Lo, Hi float64 }

// FunnelPoint is one share in a funnel plot.
type FunnelPoint struct {
	Origin, Destination string
	referral.Result                     // the share
	Patients            float64         // number it is of; NaN if that is not known, and there are no limits then
	Limits              []Limit         // in the order of the levels; none without patients
	Adjusted            []Limit         // the same, widened for overdispersion
	Z                   referral.Result // (p - target) / √(target(1-target)/n)
}

// Funnel is a funnel plot in numbers.
type Funnel struct {
	Target float64
	Phi    referral.Result // mean of z²; about 1 if only chance is at work
	// P is the probability of a Phi as large or larger by chance alone, and
	// Overdispersed says that it is below 0.05 and Phi above 1, so that
	// Adjusted is wider than Limits by the factor √Phi.
	P             referral.Result
	Overdispersed bool
	Winsorized    bool // Phi was calculated with extreme z cut off
	Points        []FunnelPoint
}

// NewFunnel compares shares with a target, given how many patients each is of:
//
//	limit at n = (r - a) / n,  r = min{k: F(k) >= q},  a = (F(r)-q) / (F(r)-F(r-1))
//
// with F the binomial distribution function of n and the target, and q =
// (1-level)/2 and (1+level)/2, within [0, 1]. Phi is the mean of z² over the shares of at least
// one patient; with 10 or more of them, z below the 10th and above the 90th
// percentile (type 7) are set to these first. It is tested by k Phi ~ χ² of k
// degrees, k-1 for a pooled target; cut-off z make that test careful. With few
// networks a large Phi means that their differences are structural, not that
// some are outliers.
//
// Shares known in part have bounds of z, and then Phi is undefined
// (unknown_cells); with them the target must be given, else it returns
// an [*UnknownError]. It returns an [*InputError] for a target or level outside
// (0, 1), for counts that are not whole, for invalid cells and where the pooled
// share is 0 or 1 or of nobody. Time O(k log n) for k shares.
//
// Reference: Spiegelhalter 2005, doi:10.1002/sim.1970, appendices A.1.1 and
// A.3; Verburg et al. 2018, doi:10.1177/0962280217700169.
func NewFunnel(shares []referral.Share, c FunnelConfig) (Funnel, error) {
	levels := c.Levels
	if levels == nil {
		levels = []float64{0.95, 0.998}
	}
	for _, l := range levels {
		if !(l > 0 && l < 1) {
			return Funnel{}, badNumber("level", l, "a probability between 0 and 1")
		}
	}
	f := Funnel{Target: c.Target}
	exact, err := f.aim(shares)
	if err != nil {
		return Funnel{}, err
	}
	var z []float64
	for _, s := range shares {
		p := f.point(s, levels)
		if p.Z.Status == referral.OK {
			z = append(z, p.Z.Value)
		}
		f.Points = append(f.Points, p)
	}
	f.disperse(z, exact, c.Target == 0)
	return f, nil
}

// aim checks the shares and sets the target; it reports whether all shares are
// exact.
func (f *Funnel) aim(shares []referral.Share) (exact bool, err error) {
	exact = true
	var x, n float64
	for _, s := range shares {
		if err := checkShare(s); err != nil {
			return false, err
		}
		if !s.Part.Known() || !s.Whole.Known() {
			exact = false
			if f.Target == 0 {
				return false, &UnknownError{Origin: s.Origin, Destination: s.Destination, Cell: s.Part, Want: "known counts, or a target"}
			}
		}
		if s.Whole.Known() && s.Whole.Lo != math.Trunc(s.Whole.Lo) {
			return false, badNumber("Whole", s.Whole.Lo, "a whole number")
		}
		x += s.Part.Lo
		n += s.Whole.Lo
	}
	want := "a share above 0 and below 1"
	if f.Target == 0 {
		f.Target = x / n
		want = "patients in the parts and outside them"
	}
	if !(f.Target > 0 && f.Target < 1) {
		return false, badNumber("target", f.Target, want)
	}
	return exact, nil
}

func (f *Funnel) point(s referral.Share, levels []float64) FunnelPoint {
	p := FunnelPoint{Origin: s.Origin, Destination: s.Destination, Result: s.Result, Patients: math.NaN()}
	switch {
	case !s.Whole.Known():
		p.Z = referral.UndefinedResult(referral.ReasonUnknownCells)
		return p
	case s.Whole.Lo == 0:
		p.Patients = 0
		p.Z = referral.UndefinedResult(referral.ReasonZeroRow)
		return p
	}
	n := s.Whole.Lo
	p.Patients = n
	se := math.Sqrt(f.Target * (1 - f.Target) / n)
	low, high, _ := corners(s) // checked by aim
	p.Z = referral.BoundedResult((low.x/n-f.Target)/se, (high.x/n-f.Target)/se, referral.ReasonUnknownCells)
	for _, l := range levels {
		p.Limits = append(p.Limits, Limit{l, controlLimit(n, f.Target, (1-l)/2), controlLimit(n, f.Target, (1+l)/2)})
	}
	return p
}

// controlLimit interpolates between the counts around a binomial quantile.
func controlLimit(n, target, q float64) float64 {
	b := distuv.Binomial{N: n, P: target}
	lo, hi := -1.0, n // F(lo) < q <= F(hi)
	for hi-lo > 1 {
		if mid := math.Floor((lo + hi) / 2); b.CDF(mid) >= q {
			hi = mid
		} else {
			lo = mid
		}
	}
	at, before := b.CDF(hi), 0.0
	if hi > 0 {
		before = b.CDF(hi - 1)
	}
	return min(1, max(0, (hi-(at-q)/(at-before))/n))
}

// disperse measures overdispersion and adjusts the limits.
func (f *Funnel) disperse(z []float64, exact, pooled bool) {
	switch {
	case !exact:
		f.Phi = referral.UndefinedResult(referral.ReasonUnknownCells)
	case len(z) == 0:
		f.Phi = referral.UndefinedResult(referral.ReasonZeroDenominator)
	default:
		if len(z) >= 10 {
			z, f.Winsorized = winsorized(z), true
		}
		sum := 0.0
		for _, v := range z {
			sum += v * v
		}
		f.Phi = referral.ExactResult(sum / float64(len(z)))
		f.Phi.N = len(z)
	}
	f.P = f.Phi
	if f.Phi.Status == referral.OK {
		degrees := float64(len(z))
		if pooled {
			degrees--
		}
		if f.P = referral.UndefinedResult(referral.ReasonZeroDenominator); degrees > 0 {
			f.P = referral.ExactResult(chiSquareTail(f.Phi.Value*float64(len(z)), degrees))
			f.Overdispersed = f.Phi.Value > 1 && f.P.Value < 0.05
		}
	}
	for i := range f.Points {
		p := &f.Points[i]
		p.Adjusted = slices.Clone(p.Limits)
		if !f.Overdispersed {
			continue
		}
		wider := math.Sqrt(f.Phi.Value)
		for j, l := range p.Limits {
			p.Adjusted[j].Lo = max(0, f.Target+(l.Lo-f.Target)*wider)
			p.Adjusted[j].Hi = min(1, f.Target+(l.Hi-f.Target)*wider)
		}
	}
}

// winsorized sets the values outside the 10th and 90th percentiles to these.
func winsorized(x []float64) []float64 {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	at := func(i int) float64 { return sorted[i] }
	lo, hi := quantile.Type7(len(sorted), at, 0.1), quantile.Type7(len(sorted), at, 0.9)
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = min(max(v, lo), hi)
	}
	return out
}
