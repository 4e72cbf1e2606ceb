// SPDX-License-Identifier: Apache-2.0

package flow

import (
	"cmp"
	"errors"
	"math"
	"slices"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
)

// Distances gives how far a destination is from an origin, one way, in
// kilometers or minutes; NaN if it is not known.
type Distances func(origin, destination string) float64

// GreatCircles returns the distances over the surface of the earth between
// points, in kilometers, by [network.GreatCircle]. Travel by road is longer.
func GreatCircles(points map[string]network.Point) Distances {
	return func(origin, destination string) float64 {
		p, ok := points[origin]
		q, found := points[destination]
		if !ok || !found {
			return math.NaN()
		}
		return network.GreatCircle(p, q)
	}
}

// LandscapeKilometers returns the distances of a landscape in kilometers:
// supplied ones where there are any, great circles elsewhere.
func LandscapeKilometers(l *network.Landscape) Distances {
	return func(origin, destination string) float64 {
		d, err := l.Distance(origin, destination)
		if err != nil {
			return math.NaN()
		}
		return d.Km
	}
}

// LandscapeMinutes returns the supplied travel times of a landscape.
func LandscapeMinutes(l *network.Landscape) Distances {
	return func(origin, destination string) float64 {
		d, err := l.Distance(origin, destination)
		if err != nil {
			return math.NaN()
		}
		return d.Minutes
	}
}

// TravelConfig are the choices of the travel measures. The zero value counts all
// patients, the retained ones at distance 0.
type TravelConfig struct {
	DropRetained bool    // count only patients treated outside their own class
	Detour       float64 // factor on every distance, at least 1; 0 means 1
}

// ErrTravel is matched by errors about an unusable config of the travel measures.
var ErrTravel = errors.New("unusable travel config")

func (c *TravelConfig) check() error {
	if c.Detour == 0 {
		c.Detour = 1
	}
	if !(c.Detour >= 1) || math.IsInf(c.Detour, 1) {
		return errors.Join(ErrTravel, errors.New("flow: a detour factor is at least 1"))
	}
	return nil
}

// Burden is how far patients travel, in the unit of the distances.
type Burden struct {
	Patients referral.Result
	Total    referral.Result // Σ w d, such as patient-kilometers
	Mean     referral.Result // per patient
	Median   referral.Result // smallest distance within which half of the patients are treated
	P90      referral.Result // the same for nine in ten
	Max      referral.Result // of the patients, not of the map
}

// journey is a cell with its distance: the nearest and the farthest of the
// members of a set.
type journey struct {
	span
	near, far float64
}

// trip is the journeys of one origin.
type trip struct {
	scope    string
	journeys []journey
	sum      span
	unknown  bool // a distance that counts is not known
}

// Travel returns how far patients travel from their origin to where they are
// treated, one way:
//
//	Σ_ij F_ij d_ij, over Σ_ij F_ij for the mean
//
// Retained patients are at distance 0, or do not count. The quantiles are
// inverses of the distribution (Hyndman and Fan's type 1); the median is 0 when most stay. A
// set-valued destination is somewhere between its nearest and its farthest
// member. Between the middles of networks travel is understated.
//
// Every result is undefined if a distance that counts is not known
// (no_distance), all but the first two if there are no patients
// (zero_denominator). Bounds are exact with and without published totals of
// rows.
//
// It returns an error matching [ErrTravel] for an unusable config.
//
// Time O(m log m) for m cells, memory O(m).
func Travel(t *referral.Table, d Distances, c TravelConfig) (Burden, error) {
	if err := c.check(); err != nil {
		return Burden{}, err
	}
	m := newModel(t)
	trips := m.trips(d, c)
	counts := m.care
	if c.DropRetained {
		counts = m.cross
	}
	return m.burden(trips, m.allOf(counts)), nil
}

// TravelByOrigin returns the mean distance of [Travel] for each origin, in the
// order of the table, undefined for one without patients (zero_row).
func TravelByOrigin(t *referral.Table, d Distances, c TravelConfig) ([]referral.Scoped, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	m := newModel(t)
	trips := m.trips(d, c)
	out := make([]referral.Scoped, len(trips))
	for i := range trips {
		out[i] = referral.Scoped{Scope: trips[i].scope, Result: m.meanOf(trips[i:i+1], trips[i].sum, referral.ReasonZeroRow)}
	}
	return out, nil
}

func (m *model) trips(d Distances, c TravelConfig) []trip {
	rows := m.careRows()
	counts := m.care
	if c.DropRetained {
		counts = m.cross
	}
	blocks := m.byRow(rows, counts, counts)
	out := make([]trip, len(rows))
	for i, r := range rows {
		out[i] = trip{scope: m.rows[r].name, sum: blocks[i].normal().sum}
		for k := m.start[r]; k < m.start[r+1]; k++ {
			if !counts(k) || m.cell[k].hi <= 0 {
				continue
			}
			j := journey{span: m.cell[k].span}
			if !m.cell[k].retained {
				j.near = math.Inf(1)
				for _, from := range m.rows[r].members {
					for _, to := range m.cols[m.cell[k].col].members {
						far := c.Detour * d(m.classes[from], m.classes[to])
						out[i].unknown = out[i].unknown || !(far >= 0)
						j.near, j.far = min(j.near, far), max(j.far, far)
					}
				}
			}
			out[i].journeys = append(out[i].journeys, j)
		}
	}
	return out
}

// best gives the patients of a trip at which Σ w·cost is the smallest.
func (t trip) best(cost func(j journey) float64) (weights []float64) {
	order := make([]int, len(t.journeys))
	weights = make([]float64, len(t.journeys))
	sum := 0.0
	for i, j := range t.journeys {
		order[i] = i
		weights[i] = j.lo
		if cost(j) < 0 {
			weights[i] = min(j.hi, maxPatients)
		}
		sum += weights[i]
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(cost(t.journeys[a]), cost(t.journeys[b])) })
	for _, i := range order { // the cheapest first
		if add := min(t.sum.lo-sum, min(t.journeys[i].hi, maxPatients)-weights[i]); add > 0 {
			weights[i] += add
			sum += add
		}
	}
	for n := range order { // the dearest first
		i := order[len(order)-1-n]
		if take := min(sum-t.sum.hi, weights[i]-t.journeys[i].lo); take > 0 {
			weights[i] -= take
			sum -= take
		}
	}
	return weights
}

// maxPatients stands for no limit.
const maxPatients = 1 << 50

// leastMean gives the smallest Σ w·value / Σ w, by Dinkelbach's method.
func leastMean(trips []trip, value func(j journey) float64) float64 {
	mean := math.Inf(1)
	for _, t := range trips {
		for _, j := range t.journeys {
			if math.IsInf(mean, 1) || value(j) > mean {
				mean = value(j)
			}
		}
	}
	for range 100 { // the mean falls from one vertex to another
		total, sum := 0.0, 0.0
		for _, t := range trips {
			for i, w := range t.best(func(j journey) float64 { return value(j) - mean }) {
				total += w * value(t.journeys[i])
				sum += w
			}
		}
		if sum == 0 || total/sum >= mean {
			break
		}
		mean = total / sum
	}
	return mean
}

// meanOf makes the result of the mean distance.
func (m *model) meanOf(trips []trip, all span, zero string) referral.Result {
	switch {
	case m.err != nil:
		return *m.err
	case all.hi <= 0:
		return referral.UndefinedResult(zero)
	case slices.ContainsFunc(trips, func(t trip) bool { return t.unknown }):
		return referral.UndefinedResult(referral.ReasonNoDistance)
	}
	lo := leastMean(trips, func(j journey) float64 { return j.near })
	hi := -leastMean(trips, func(j journey) float64 { return -j.far })
	for _, t := range trips {
		for _, j := range t.journeys {
			if math.IsInf(j.hi, 1) { // outgrows the others
				lo, hi = min(lo, j.near), max(hi, j.far)
			}
		}
	}
	r := m.bounded(lo, hi, all.lo <= 0)
	if r.Status == referral.Bounded && math.Abs(hi-lo) <= slack*math.Abs(hi) && m.certain(trips) {
		r = referral.ExactResult(lo)
	}
	if all.known() {
		r.N = count(all.lo)
	}
	return r
}

// certain reports whether all journeys are known.
func (m *model) certain(trips []trip) bool {
	for _, t := range trips {
		for _, j := range t.journeys {
			if !j.known() || j.near != j.far {
				return false
			}
		}
	}
	return true
}

func (m *model) burden(trips []trip, all span) Burden {
	if m.err != nil {
		return Burden{*m.err, *m.err, *m.err, *m.err, *m.err, *m.err}
	}
	var sum tally
	for _, t := range trips {
		sum.add(t.sum)
	}
	all = all.and(sum.span())
	b := Burden{Patients: m.amount("", all).Result, Mean: m.meanOf(trips, all, referral.ReasonZeroDenominator)}
	if b.Mean.Reason == referral.ReasonNoDistance {
		b.Total, b.Median, b.P90, b.Max = b.Mean, b.Mean, b.Mean, b.Mean
		return b
	}
	b.Total = m.totalOf(trips)
	quantile := func(q float64) referral.Result { return m.quantile(trips, all, q) }
	b.Median, b.P90, b.Max = quantile(0.5), quantile(0.9), quantile(1)
	return b
}

// totalOf gives the bounds of Σ w d.
func (m *model) totalOf(trips []trip) referral.Result {
	lo, hi := 0.0, 0.0
	for _, t := range trips {
		for i, w := range t.best(func(j journey) float64 { return j.near }) {
			lo += w * t.journeys[i].near
		}
		for i, w := range t.best(func(j journey) float64 { return -j.far }) {
			if w >= maxPatients/2 && t.journeys[i].far > 0 {
				w = math.Inf(1)
			}
			hi += w * t.journeys[i].far
		}
	}
	r := m.bounded(lo, hi, false)
	if m.certain(trips) {
		r = referral.ExactResult(lo)
	}
	return r
}

// quantile gives the bounds of the smallest distance within which a share of the
// patients is treated: that within which it can be, and that within which it must be.
func (m *model) quantile(trips []trip, all span, q float64) referral.Result {
	if all.hi <= 0 {
		return referral.UndefinedResult(referral.ReasonZeroDenominator)
	}
	var at []float64
	for _, t := range trips {
		for _, j := range t.journeys {
			at = append(at, j.near, j.far)
		}
	}
	slices.Sort(at)
	at = slices.Compact(at)
	first := func(of func(limit float64) float64) float64 {
		i, _ := slices.BinarySearchFunc(at, q*(1-slack), func(limit, q float64) int { return cmp.Compare(of(limit), q) })
		return at[min(i, len(at)-1)]
	}
	lo := first(func(limit float64) float64 {
		return m.within(trips, all, func(j journey) bool { return j.near <= limit }).Hi
	})
	hi := first(func(limit float64) float64 {
		return m.within(trips, all, func(j journey) bool { return j.far <= limit }).Lo
	})
	return m.bounded(lo, hi, all.lo <= 0)
}

// within gives the share of the patients on some of the journeys.
func (m *model) within(trips []trip, all span, in func(j journey) bool) referral.Share {
	blocks := make([]block, len(trips))
	for i, t := range trips {
		var part, rest tally
		for _, j := range t.journeys {
			if in(j) {
				part.add(j.span)
			} else {
				rest.add(j.span)
			}
		}
		blocks[i] = block{part.span(), rest.span(), t.sum}
	}
	return m.share("", "", blocks, all, referral.ReasonZeroDenominator)
}
