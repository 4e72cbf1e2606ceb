// SPDX-License-Identifier: Apache-2.0

package pathway

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Outcome says how a wait ended.
type Outcome uint8

// The outcomes.
const (
	Censored Outcome = iota // still waiting when observation ended
	Treated                 // the event waited for
	Died                    // died waiting: the event can no longer occur
)

var outcomeNames = [...]string{"censored", "treated", "died"}

// String returns "censored", "treated" or "died".
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}

// Wait is how long somebody waited, and how it ended.
type Wait struct {
	Days    int // at least 0
	Outcome Outcome
}

// Curve is the Kaplan-Meier estimate of not yet being treated,
//
//	S(t) = Π_{day_k ≤ t} (1 - d_k / n_k)
//
// with the dead censored: it describes a world in which nobody dies waiting.
// 1 - S(t) overstates how many are treated; [Incidence] does not.
//
// E. L. Kaplan and P. Meier, Journal of the American Statistical Association
// 53:457-481, 1958. Standard error: Greenwood 1926.
type Curve struct {
	N     int // waits
	Level float64
	Steps []Step // days with somebody treated, in order
}

// Step is a day of a curve.
type Step struct {
	Day     int
	AtRisk  int // waiting at the start of the day
	Treated int // on that day
	// Survival is S after the day, SE Greenwood's standard error of it, and
	// Lower and Upper the interval on the scale of log(-log S). Where everybody
	// left is treated, S is 0, SE is NaN and the interval is [0, 0].
	Survival, SE, Lower, Upper float64

	hazard float64 // Σ d/(n(n-d)), +Inf at the end
}

// KaplanMeier estimates the curve of waits with pointwise intervals of a level,
// such as 0.95. Somebody censored on a day is at risk on that day: treatment
// comes before censoring. The curve of no waits has no steps.
//
// It returns an error for a level outside (0, 1), negative days or an unknown
// outcome. Time O(n log n).
func KaplanMeier(waits []Wait, level float64) (Curve, error) {
	days, err := tally(waits)
	if err != nil {
		return Curve{}, err
	}
	if !(level > 0 && level < 1) {
		return Curve{}, fmt.Errorf("pathway: level %v: want a number between 0 and 1", level)
	}
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	c := Curve{N: len(waits), Level: level}
	s, hazard := 1.0, 0.0
	for _, d := range days {
		if d.treated == 0 {
			continue
		}
		n, k := float64(d.atRisk), float64(d.treated)
		s *= 1 - k/n
		hazard += k / (n * (n - k))
		step := Step{Day: d.day, AtRisk: d.atRisk, Treated: d.treated, Survival: s, hazard: hazard}
		if s > 0 {
			step.SE = s * math.Sqrt(hazard)
			width := z * math.Sqrt(hazard) / -math.Log(s)
			step.Lower, step.Upper = math.Pow(s, math.Exp(width)), math.Pow(s, math.Exp(-width))
		} else {
			step.SE = math.NaN()
		}
		c.Steps = append(c.Steps, step)
	}
	return c, nil
}

// At returns the curve on a day: the last step up to it. Before the first step
// S is 1 with standard error 0.
func (c Curve) At(day int) Step {
	out := Step{Day: day, AtRisk: c.N, Survival: 1, Lower: 1, Upper: 1}
	for _, s := range c.Steps {
		if s.Day > day {
			break
		}
		out = s
	}
	return out
}

// Quantile returns the first day by which the curve is at or below 1-q: the
// median for q = 0.5. It is false if the curve does not come that low.
func (c Curve) Quantile(q float64) (int, bool) {
	for _, s := range c.Steps {
		if s.Survival <= 1-q+1e-12 {
			return s.Day, true
		}
	}
	return 0, false
}

// RestrictedMean returns the mean wait up to tau days, the area under the curve
// from 0 to tau, and its standard error. Behind the last wait the curve is taken
// to stay where it is. Both are NaN without waits and for a tau below 0.
func (c Curve) RestrictedMean(tau int) (mean, se float64) {
	if c.N == 0 || tau < 0 {
		return math.NaN(), math.NaN()
	}
	rest := make([]float64, len(c.Steps)) // area from a step to tau
	end, area := float64(tau), 0.0
	for i, s := range slices.Backward(c.Steps) {
		if s.Day < tau {
			area += s.Survival * (end - float64(s.Day))
			end = float64(s.Day)
			rest[i] = area
		}
	}
	mean = area + end
	variance := 0.0
	for i, s := range c.Steps {
		n, k := float64(s.AtRisk), float64(s.Treated)
		if s.Day < tau && n > k {
			variance += rest[i] * rest[i] * k / (n * (n - k))
		}
	}
	return mean, math.Sqrt(variance)
}

// Incidence is the Aalen-Johansen estimate of being treated and of dying
// untreated,
//
//	F_k(t) = Σ_{day ≤ t} S(day-) d_k / n
//
// where S is not yet having had either. F_treated + F_died + S = 1.
//
// O. O. Aalen and S. Johansen, Scandinavian Journal of Statistics 5:141-150,
// 1978.
type Incidence struct {
	N     int
	Steps []IncidenceStep // days with somebody treated or dead, in order
}

// IncidenceStep is a day of an incidence; the standard errors are by the delta
// method.
type IncidenceStep struct {
	Day                int
	AtRisk             int
	Treated, TreatedSE float64
	Died, DiedSE       float64
	Waiting            float64 // neither treated nor dead
}

// AalenJohansen estimates the incidence of waits. Treatment and death come
// before censoring on the same day. It returns an error for negative days or an
// unknown outcome. Time O(n log n).
func AalenJohansen(waits []Wait) (Incidence, error) {
	days, err := tally(waits)
	if err != nil {
		return Incidence{}, err
	}
	out := Incidence{N: len(waits)}
	waiting := 1.0
	var treated, died incidenceSums
	for _, d := range days {
		if d.treated+d.died == 0 {
			continue
		}
		n := float64(d.atRisk)
		treated.add(waiting, n, float64(d.treated), float64(d.treated+d.died))
		died.add(waiting, n, float64(d.died), float64(d.treated+d.died))
		waiting *= 1 - float64(d.treated+d.died)/n
		out.Steps = append(out.Steps, IncidenceStep{
			Day: d.day, AtRisk: d.atRisk, Treated: treated.f, TreatedSE: treated.se(), Died: died.f, DiedSE: died.se(), Waiting: waiting,
		})
	}
	return out, nil
}

// At returns the incidence on a day: the last step up to it.
func (x Incidence) At(day int) IncidenceStep {
	out := IncidenceStep{Day: day, AtRisk: x.N, Waiting: 1}
	for _, s := range x.Steps {
		if s.Day > day {
			break
		}
		out = s
	}
	return out
}

// incidenceSums holds the sums over the days so far that make an incidence and
// its variance,
//
//	Σ (F(t) - F_i)² a_i + Σ b_i - 2 Σ (F(t) - F_i) c_i
//
// with a = d/(n(n-d)), b = S² (n-d_k) d_k / n³ and c = S d_k / n².
type incidenceSums struct {
	f                    float64
	a, af, aff, b, c, cf float64
}

func (x *incidenceSums) add(waiting, n, k, all float64) {
	x.f += waiting * k / n
	if n > all {
		a := all / (n * (n - all))
		x.a += a
		x.af += a * x.f
		x.aff += a * x.f * x.f
	}
	x.b += waiting * waiting * (n - k) * k / (n * n * n)
	c := waiting * k / (n * n)
	x.c += c
	x.cf += c * x.f
}

func (x *incidenceSums) se() float64 {
	v := x.f*x.f*x.a - 2*x.f*x.af + x.aff + x.b - 2*(x.f*x.c-x.cf)
	return math.Sqrt(max(0, v))
}

// dayCount is what happens on a day.
type dayCount struct {
	day, atRisk, treated, died int
}

// tally counts the waits by day.
func tally(waits []Wait) ([]dayCount, error) {
	sorted := slices.Clone(waits)
	slices.SortFunc(sorted, func(a, b Wait) int { return a.Days - b.Days })
	var out []dayCount
	for i, w := range sorted {
		if w.Days < 0 || w.Outcome > Died {
			return nil, fmt.Errorf("pathway: wait of %d days, %v: want at least 0 days and a known outcome", w.Days, w.Outcome)
		}
		if len(out) == 0 || out[len(out)-1].day != w.Days {
			out = append(out, dayCount{day: w.Days, atRisk: len(sorted) - i})
		}
		switch d := &out[len(out)-1]; w.Outcome {
		case Treated:
			d.treated++
		case Died:
			d.died++
		case Censored:
		}
	}
	return out, nil
}
