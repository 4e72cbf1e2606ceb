// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"slices"

	"github.com/oncoref/oncoref/referral"
)

// Gini returns the Gini coefficient of the numbers of patients treated in the
// classes, sorted from small to large:
//
//	G = 2 Σ_k k x_(k) / (n Σ x) - (n+1)/n
//
// with x_j = D_j, or in_j without retained patients. It lies in [0, (n-1)/n],
// with SmallSample in [0, 1]. All n single classes of the table count, those
// without patients too; ActiveOnly leaves them out and changes the value. Report
// it with the number of classes that have patients.
//
// It is undefined if there are no patients (zero_denominator), with SmallSample
// for fewer than two classes (one_class).
//
// Bounds are exact without published totals for up to 200 classes, and with them
// for up to eleven unknown volumes; otherwise, and with ActiveOnly where a volume
// may be zero, they hold but can be wider than need be.
//
// Time O(n³) with unknown cells, else O(n log n).
//
// Reference: Gini 1912, Variabilità e mutabilità; Deltas 2003,
// doi:10.1162/rest.2003.85.1.226, for the small sample.
func Gini(t *referral.Table, c VolumeConfig) referral.Result {
	m := newModel(t)
	d := m.marketDivision(c.DropRetained)
	certain, possible := d.active(c)
	if c.SmallSample && possible < 2 && m.err == nil && d.total.hi > 0 {
		return referral.UndefinedResult(referral.ReasonOneClass)
	}
	return m.bounds(d, func(s *spread) (float64, float64) {
		lo := s.least(index{of: gini})
		hi := lo
		if !s.known() {
			hi = s.mostGini()
		}
		n := float64(len(s.x))
		a, b := float64(certain), float64(possible)
		lo, hi = max(0, 1-(1-lo)*n/a), max(0, 1-(1-hi)*n/b)
		if c.SmallSample {
			lo *= b / (b - 1)
			if hi *= a / (a - 1); a < 2 || hi > 1 {
				hi = 1
			}
		}
		return lo, hi
	})
}

// active gives how many classes count at least and at most.
func (d division) active(c VolumeConfig) (certain, possible int) {
	if !c.ActiveOnly {
		return len(d.x), len(d.x)
	}
	for _, b := range d.x {
		if b.lo > 0 {
			certain++
		}
		if b.hi > 0 {
			possible++
		}
	}
	return max(certain, min(1, possible)), possible
}

func gini(parts []float64) float64 {
	sorted := slices.Sorted(slices.Values(parts))
	n := float64(len(sorted))
	weighted, sum := 0.0, 0.0
	for k, x := range sorted {
		weighted += float64(k+1) * x
		sum += x
	}
	return 2*weighted/(n*sum) - (n+1)/n
}

// Hoover returns the share of patients who would have to be treated elsewhere
// for all classes to have as many (Robin Hood or Pietra index):
//
//	1/2 Σ_j |x_j / Σ x - 1/n|
//
// The config, degenerate cases and bounds are as in [Gini]; SmallSample has no
// meaning here.
//
// Time O(n² log n), memory O(n).
//
// Reference: Hoover 1936, doi:10.2307/1927875.
func Hoover(t *referral.Table, c VolumeConfig) referral.Result {
	m := newModel(t)
	d := m.marketDivision(c.DropRetained)
	certain, possible := d.active(c)
	return m.bounds(d, func(s *spread) (float64, float64) {
		lo := s.dense(index{of: func(parts []float64) float64 { return hoover(parts, certain) }})
		if s.known() {
			return lo, lo
		}
		// It is the largest distance of a point of the Lorenz curve.
		hi := 0.0
		for k, share := range s.topShares() {
			if k < possible {
				hi = max(hi, share-float64(k)/float64(possible))
			}
		}
		return lo, hi
	})
}

// hoover gives the index for n classes, of which those not among the parts have
// none.
func hoover(parts []float64, n int) float64 {
	sorted := slices.Sorted(slices.Values(parts))
	slices.Reverse(sorted)
	sum, top, best := 0.0, 0.0, 0.0
	for _, x := range sorted {
		sum += x
	}
	for k, x := range sorted[:min(n, len(sorted))] {
		top += x
		best = max(best, top/sum-float64(k+1)/float64(n))
	}
	return best
}

// LorenzPoint is a point of a Lorenz curve.
type LorenzPoint struct {
	Classes  float64         // share of the classes, the smallest first
	Patients referral.Result // share of the patients that they treat
}

// Lorenz returns the Lorenz curve of the numbers of patients treated in the
// classes: for k from 0 to n the share of the patients that the k smallest
// classes treat. The config is as in [Gini], of which twice the area between the
// curve and the diagonal is the value for n → ∞; with ActiveOnly classes that
// may have patients count, and SmallSample has no meaning.
//
// Bounds are of each point on its own. All points but the first are undefined if
// there are no patients (zero_denominator).
//
// Time O(n³ log n) with unknown cells, else O(n² log n).
//
// Reference: Lorenz 1905, doi:10.2307/2276207.
func Lorenz(t *referral.Table, c VolumeConfig) []LorenzPoint {
	m := newModel(t)
	d := m.marketDivision(c.DropRetained)
	if c.ActiveOnly {
		d.x = slices.DeleteFunc(d.x, func(b span) bool { return b.hi <= 0 })
	}
	n := len(d.x)
	out := make([]LorenzPoint, n+1)
	var tops []float64
	for k := range out {
		out[k].Classes = float64(k) / float64(max(n, 1))
		out[k].Patients = m.bounds(d, func(s *spread) (float64, float64) {
			hi := 1 - s.leastTop(n-k)
			if s.known() {
				return hi, hi
			}
			if tops == nil {
				tops = s.topShares()
			}
			return 1 - tops[n-k], hi
		})
	}
	return out
}
